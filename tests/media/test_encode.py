"""mp3 and flac by whatever the machine has."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec

import pytest

from voxrt.errors import AudioFileError
from voxrt.media import encode as module
from voxrt.media.encode import encode, encoders
from voxrt.media.speech import Speaker
from voxrt.media.wav import WavWriter


@pytest.fixture
def recording(tmp_path):
    with WavWriter(tmp_path / "call.wav", 8_000) as writer:
        writer.append(Speaker("synthetic").say("Good evening", rate_hz=8_000).pcm)
    return writer.path


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """A machine without any encoder; returns the folder of its programs."""
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    return programs


def install(programs, name, script):
    path = programs / name
    path.write_text(f"#!{sys.executable}\n{script}")
    path.chmod(0o755)
    return path


def test_without_an_encoder_the_recording_stays_as_it_is(bare, recording):
    assert encoders() == set()
    assert encode(recording, "mp3") == recording
    assert encode(recording, "flac") == recording


@pytest.mark.skipif(find_spec("lameenc") is None, reason="the extra `mp3` is not installed")
def test_lame_makes_the_same_mp3_every_time(recording, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", os.devnull)
    assert encoders() == {"mp3"}
    target = encode(recording, "mp3")
    assert target == recording.with_suffix(".mp3")
    first = target.read_bytes()
    assert first[0] == 0xFF
    assert 1_000 < len(first) < recording.stat().st_size
    assert encode(recording, "mp3").read_bytes() == first


@pytest.mark.skipif(find_spec("lameenc") is None, reason="the extra `mp3` is not installed")
@pytest.mark.parametrize(("rate_hz", "kbps"), [(8_000, 32), (48_000, 192)])
def test_the_bit_rates_of_the_platform(tmp_path, rate_hz, kbps):
    """Stereo, as all recordings are."""
    seconds = 4
    with WavWriter(tmp_path / "call.wav", rate_hz, 2) as writer:
        writer.append(bytes(4 * rate_hz * seconds))
    size = encode(writer.path, "mp3").stat().st_size
    assert size == pytest.approx(kbps * 1000 / 8 * seconds, rel=0.06)


def test_the_flac_program_is_called(bare, recording):
    install(bare, "flac", "import sys; open(sys.argv[-2], 'wb').write(b'fLaC')")
    assert encoders() == {"flac"}
    assert encode(recording, "flac").read_bytes() == b"fLaC"
    assert encode(recording, "mp3") == recording


@pytest.mark.parametrize("kind", ["mp3", "flac"])
def test_ffmpeg_makes_both(bare, recording, kind):
    install(bare, "ffmpeg", "import sys; open(sys.argv[-1], 'w').write(' '.join(sys.argv[1:-1]))")
    assert encoders() == {"mp3", "flac"}
    said = encode(recording, kind).read_text()
    assert "-bitexact" in said
    assert ("-b:a 32k" in said) == (kind == "mp3")


def test_what_the_encoder_says_is_told(bare, recording):
    install(bare, "flac", "import sys; sys.exit('first line\\nno space left')")
    with pytest.raises(AudioFileError, match=r"call\.wav: flac failed: no space left"):
        encode(recording, "flac")
    install(bare, "flac", "raise SystemExit(3)")
    with pytest.raises(AudioFileError, match="flac failed: exit code 3"):
        encode(recording, "flac")


@pytest.mark.skipif(find_spec("lameenc") is None, reason="the extra `mp3` is not installed")
def test_a_missing_recording_is_named(tmp_path):
    with pytest.raises(AudioFileError, match=r"no\.wav: there is no such file"):
        encode(tmp_path / "no.wav", "mp3")
