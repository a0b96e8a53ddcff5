"""Audio files of every format that is played, whole, damaged and strange."""

from __future__ import annotations

import itertools
import re
import struct
import sys
from array import array
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxrt.errors import AudioFileError
from voxrt.media.codecs import level_dbfs
from voxrt.media.ogg import sound_pages
from voxrt.media.sound_data import decode_sound, format_of
from voxrt.media.wav import WavWriter

SOUNDS = Path(__file__).parent / "sounds"
"""600 ms at 22,050 Hz: 440 Hz at -13.5 dBFS; the FLAC is stereo, with 880 Hz on the right."""
MS_600 = 16_000 * 6 // 10
FORMATS = ("mp3", "ogg", "flac")


def read(kind):
    return (SOUNDS / f"tone.{kind}").read_bytes()


def decode(data):
    return decode_sound(data, name="a file")


@pytest.mark.parametrize("kind", FORMATS)
def test_each_format(kind):
    pytest.importorskip("miniaudio")
    sound = decode(read(kind))
    assert format_of(read(kind)) == kind
    assert (sound.rate_hz, sound.channels) == (22_050, 2 if kind == "flac" else 1)
    assert sound.duration_us == 600_000
    pcm = sound.mono(16_000)
    assert len(pcm) // 2 == MS_600
    # Two sines at half level each are 3 dB below one.
    wanted = -16.5 if kind == "flac" else -13.5
    assert level_dbfs(pcm[2_000:-2_000]) == pytest.approx(wanted, abs=0.3)
    assert decode(read(kind)).pcm == sound.pcm


def test_wav_needs_no_other_package(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "miniaudio", None)
    with WavWriter(tmp_path / "a.wav", 8_000) as file:
        file.append(bytes(1_600))
    assert decode((tmp_path / "a.wav").read_bytes()).samples == 800


def wav_of(code, bits, body, channels=1):
    size = channels * bits // 8
    head = struct.pack("<HHIIHH", code, channels, 8_000, 8_000 * size, size, bits)
    chunks = b"WAVEfmt " + struct.pack("<I", 16) + head
    chunks += b"data" + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", len(chunks)) + chunks


@pytest.mark.parametrize(
    ("code", "bits", "body"),
    [
        (1, 24, b"".join((v << 8).to_bytes(3, "little", signed=True) for v in (0, 1000, -1000))),
        (3, 32, struct.pack("<3f", 0.0, 1000 / 32768, -1000 / 32768)),
    ],
)
def test_wav_of_other_codecs(monkeypatch, code, bits, body):
    """24-bit and floating-point samples need the package; without it the reader says why."""
    pytest.importorskip("miniaudio")
    data = wav_of(code, bits, body)
    sound = decode(data)
    pairs = zip(array("h", sound.pcm), (0, 1000, -1000), strict=True)
    assert all(abs(made - wanted) <= 1 for made, wanted in pairs)
    assert sound.rate_hz == 8_000
    monkeypatch.setattr("voxrt.media.sound_data.find_spec", lambda name: None)
    with pytest.raises(AudioFileError, match=r"24-bit|floating point"):
        decode(data)


def test_wav_of_six_channels_is_refused():
    with pytest.raises(AudioFileError, match="6 channels"):
        decode(wav_of(1, 16, bytes(120), channels=6))


def test_without_the_package_the_message_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr("voxrt.media.sound_data.find_spec", lambda name: None)
    for kind in FORMATS:
        with pytest.raises(AudioFileError, match=f"it is {kind}, and the decoder") as caught:
            decode(read(kind))
        assert "voxrt[audio]" in caught.value.hint


@pytest.mark.parametrize("kind", ["mp3", "flac"])
def test_a_file_that_is_cut_off_gives_what_is_there(kind):
    pytest.importorskip("miniaudio")
    data = read(kind)
    assert 0 < decode(data[: len(data) // 2]).samples < 13_230


def test_an_ogg_file_is_given_to_its_decoder_as_far_as_it_is_whole():
    """The decoder crashes on some damaged data, so pages with a wrong checksum are left out."""
    data = read("ogg")
    starts = [match.start() for match in re.finditer(b"OggS", data)]
    assert len(starts) >= 3
    assert sound_pages(data) == data
    assert sound_pages(data + b"more") == data
    for start, end in itertools.pairwise([*starts, len(data)]):
        for at in (start, start + 4, start + 22, start + 26, start + 30, end - 1):
            damaged = bytearray(data)
            damaged[at] ^= 1
            assert sound_pages(bytes(damaged)) == data[:start]
        assert sound_pages(data[: end - 1]) == data[:start]


def test_the_file_that_crashed_the_decoder():
    """Given as it is, it ends the process with `double free or corruption`."""
    pytest.importorskip("miniaudio")
    with pytest.raises(AudioFileError, match="ogg data cannot be decoded"):
        decode((SOUNDS / "damaged.ogg").read_bytes())


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (b"<html>404</html>", "it is not an audio file"),
        (b"\0" * 100, "it is not an audio file"),
        (b"\xff\xf1\x50\x80" + bytes(60), "it is not an audio file"),  # AAC
        (b"OggS" + bytes(24) + b"Speex   1.2", "it is Ogg Speex"),
        (b"OggS" + bytes(24) + b"OpusHead", "it is Ogg without Vorbis"),
        (b"RIFF\0\0\0\0AVI LIST", "not a WAV file"),
    ],
)
def test_what_is_no_sound(data, message):
    with pytest.raises(AudioFileError, match=message) as caught:
        decode(data)
    assert caught.value.file == "a file"


@pytest.mark.parametrize(
    "data",
    [
        b"ID3" + bytes(100),
        b"\xff\xfb\x90\x00" + bytes(500),
        b"fLaC" + bytes(100),
        b"OggS" + bytes(24) + b"\x01vorbis" + bytes(200),
    ],
)
def test_damaged_data(data):
    pytest.importorskip("miniaudio")
    with pytest.raises(AudioFileError, match="data cannot be decoded"):
        decode(data)


@given(st.sampled_from(FORMATS), st.data())
@settings(max_examples=60)
def test_any_damage_is_sound_or_a_message(kind, data):
    pytest.importorskip("miniaudio")
    damaged = bytearray(read(kind))
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(4, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    damaged = damaged[: data.draw(st.integers(4, len(damaged)))]
    try:
        sound = decode(bytes(damaged))
    except AudioFileError:
        return
    assert len(sound.pcm) == 2 * sound.channels * sound.samples
