"""WAV files: what is read, what is refused and with which words, what is written."""

from __future__ import annotations

import contextlib
import struct
import wave
from array import array

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxrt.errors import AudioFileError
from voxrt.media.rational import samples_of
from voxrt.media.wav import WavWriter, parse_wav, read_wav

PCM = array("h", [0, 1, -1, 32_767, -32_768, 1_000]).tobytes()


def chunk(name: bytes, body: bytes, length: int | None = None) -> bytes:
    pad = b"\0" * (len(body) % 2)
    return name + struct.pack("<I", len(body) if length is None else length) + body + pad


def fmt(codec=1, channels=1, rate_hz=16_000, bits=16, extra=b"") -> bytes:
    block = channels * bits // 8
    fields = struct.pack("<HHIIHH", codec, channels, rate_hz, rate_hz * block, block, bits)
    return chunk(b"fmt ", fields + extra)


def riff(*chunks: bytes) -> bytes:
    body = b"WAVE" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def test_it_reads_what_it_wrote(tmp_path):
    with WavWriter(tmp_path / "a.wav", 8_000, 2) as writer:
        writer.append(PCM[:8])
        writer.append(b"")
        writer.append(PCM[8:])
        assert writer.samples == 3
        assert writer.duration_us == 375
    wav = read_wav(tmp_path / "a.wav")
    assert (wav.pcm, wav.rate_hz, wav.channels, wav.samples) == (PCM, 8_000, 2, 3)
    assert wav.duration_us == 375


def test_the_written_bytes_are_these(tmp_path):
    with WavWriter(tmp_path / "a.wav", 16_000) as writer:
        writer.append(PCM)
    assert (tmp_path / "a.wav").read_bytes() == riff(fmt(), chunk(b"data", PCM))


def test_other_programs_read_it(tmp_path):
    with WavWriter(tmp_path / "a.wav", 24_000, 2) as writer:
        writer.append(PCM * 2)
    with wave.open(str(tmp_path / "a.wav")) as other:
        assert other.getparams()[:4] == (2, 2, 24_000, 6)
        assert other.readframes(9) == PCM * 2


def test_the_file_is_whole_after_every_append(tmp_path):
    path = tmp_path / "a.wav"
    writer = WavWriter(path, 8_000)
    assert read_wav(path).samples == 0
    for count in range(1, 4):
        writer.append(PCM)
        with wave.open(str(path)) as other:
            assert other.getnframes() == 6 * count
    writer.close()
    writer.close()
    with pytest.raises(AudioFileError, match=r"a\.wav: the recording is already closed"):
        writer.append(PCM)


def test_writing_says_what_is_wrong(tmp_path):
    with pytest.raises(AudioFileError, match=r"x/a\.wav: the recording cannot be written: No such"):
        WavWriter(tmp_path / "x" / "a.wav", 8_000)
    with (
        WavWriter(tmp_path / "a.wav", 8_000, 2) as writer,
        pytest.raises(ValueError, match="6 bytes are not whole samples of 2 channels"),
    ):
        writer.append(b"123456")


@pytest.mark.parametrize("length", [0, 0xFFFFFFFF, 1 << 20])
def test_the_sound_of_a_killed_program_is_read(length):
    data = riff(fmt(), chunk(b"data", PCM, length))
    assert parse_wav(data).pcm == PCM


def test_half_a_sample_at_the_end_is_dropped():
    assert parse_wav(riff(fmt(channels=2), chunk(b"data", PCM + b"\1\2\3"))).pcm == PCM
    assert parse_wav(riff(fmt(), chunk(b"data", PCM[:-1], len(PCM)))[:-1]).pcm == PCM[:-2]


def test_chunks_that_are_not_needed_are_skipped():
    data = riff(chunk(b"LIST", b"abc"), fmt(), chunk(b"fact", b"1234"), chunk(b"data", PCM))
    assert parse_wav(data + b"trailing").pcm == PCM


def test_extensible_pcm_is_read():
    extra = struct.pack("<HHIH", 22, 16, 4, 1) + bytes(14)
    assert parse_wav(riff(fmt(codec=0xFFFE, extra=extra), chunk(b"data", PCM))).pcm == PCM


def test_eight_bits_are_unsigned():
    wav = parse_wav(riff(fmt(bits=8), chunk(b"data", bytes([0, 128, 255]))))
    assert list(samples_of(wav.pcm)) == [-32_768, 0, 32_512]


@pytest.mark.parametrize(
    ("codec", "expected"),
    [(7, [-32_124, -8, 0, 32_124, 8, 0]), (6, [-5_504, -880, -848, 5_504, 880, 848])],
)
def test_g711_is_read(codec, expected):
    data = bytes([0x00, 0x7E, 0x7F, 0x80, 0xFE, 0xFF])
    wav = parse_wav(riff(fmt(codec=codec, bits=8, rate_hz=8_000), chunk(b"data", data)))
    assert list(samples_of(wav.pcm)) == expected


def test_channels_and_rates_on_request():
    pcm = array("h", [100, -100] * 441).tobytes()
    wav = parse_wav(riff(fmt(channels=2, rate_hz=44_100), chunk(b"data", pcm)))
    left, right = (samples_of(wav.channel(index, 16_000)) for index in (0, 1))
    assert len(left) == 160
    assert left[80] == 100
    assert right[80] == -100
    assert set(samples_of(wav.mono())) == {0}
    assert len(wav.mono(8_000)) == 160
    with pytest.raises(IndexError, match="channel 2 of a file with 2"):
        wav.channel(2)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (b"hello world, this is text", "not a WAV file Convert it: ffmpeg -i FILE"),
        (b"ID3\4" + bytes(40), "not a WAV file, but an MP3 file Convert it"),
        (b"fLaC" + bytes(40), "not a WAV file, but a FLAC file"),
        (b"RIFF\0\0\0\0AVI " + bytes(40), "not a WAV file"),
        (b"RIFF", "the file is cut off within its header"),
        (riff(fmt())[:30], "the file is cut off within its header"),
        (riff(fmt()), "it has no sound: there is no `data` chunk"),
        (riff(chunk(b"data", PCM), fmt()), "its sound comes before the description"),
        (riff(fmt(codec=3, bits=32), chunk(b"data", PCM)), r"its codec is 3 \(floating point\)"),
        (riff(fmt(codec=0x11), chunk(b"data", PCM)), r"its codec is 17 \(IMA ADPCM\)"),
        (riff(fmt(codec=999), chunk(b"data", PCM)), r"its codec is 999 \(unknown\)"),
        (riff(fmt(bits=24), chunk(b"data", PCM)), "it has 24-bit samples; voxrt reads 16-bit"),
        (riff(fmt(channels=6), chunk(b"data", PCM)), "it has 6 channels"),
        (riff(fmt(channels=0), chunk(b"data", PCM)), "it has 0 channels"),
        (riff(fmt(rate_hz=1), chunk(b"data", PCM)), "its rate is 1 Hz"),
    ],
)
def test_what_cannot_be_read_is_named(data, message, tmp_path):
    (tmp_path / "call.wav").write_bytes(data)
    with pytest.raises(AudioFileError, match=f"call.wav: {message}"):
        read_wav(tmp_path / "call.wav")


def test_a_missing_file_and_a_folder_are_named(tmp_path):
    with pytest.raises(AudioFileError, match=r"no\.wav: there is no such file"):
        read_wav(tmp_path / "no.wav")
    with pytest.raises(AudioFileError, match="the file cannot be read: Is a directory"):
        read_wav(tmp_path)


@settings(max_examples=200)
@given(st.data())
def test_damaged_files_give_one_error_or_sound(data):
    whole = bytearray(riff(fmt(channels=2), chunk(b"data", PCM)))
    for _ in range(data.draw(st.integers(0, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(whole[: data.draw(st.integers(0, len(whole)))])
    with contextlib.suppress(AudioFileError):
        wav = parse_wav(cut)
        assert len(wav.pcm) == 2 * wav.channels * wav.samples
