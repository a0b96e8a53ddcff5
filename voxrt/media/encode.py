"""Recordings as mp3 or flac, when something on this machine can make them.

The platform gives recordings as mp3, or as flac for lossless ones. voxrt writes WAV while a call
goes on and converts the closed file. mp3 is made by the optional package `lameenc` (extra `mp3`),
flac by the `flac` program; `ffmpeg` makes both. When none of them is there, the recording stays
the WAV file that it is.
"""

from __future__ import annotations

import shutil
import subprocess
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from voxrt.errors import AudioFileError
from voxrt.media.wav import read_wav

Kind = Literal["mp3", "flac"]
#: Of the platform's recordings: those of telephone calls, and those at more than 8 kHz.
_MP3_KBPS, _MP3_HD_KBPS = 32, 192
_TELEPHONE_HZ = 8_000
_LONGEST_S = 300


def encoders() -> set[str]:
    """The kinds of file that can be made here: some of `mp3` and `flac`."""
    kinds: set[str] = set()
    if has_lame():
        kinds.add("mp3")
    if shutil.which("flac"):
        kinds.add("flac")
    if shutil.which("ffmpeg"):
        kinds |= {"mp3", "flac"}
    return kinds


def encode(wav_path: str | Path, kind: Kind) -> Path:
    """Makes an mp3 or flac file beside a closed WAV file.

    Args:
        wav_path: The recording, which is left as it is.
        kind: `mp3` (32 kbit/s at 8 kHz, 192 kbit/s above) or `flac`.

    Returns:
        The new file, or `wav_path` itself when nothing here can make that kind.

    Raises:
        AudioFileError: The recording cannot be read, or the encoder failed; says what it said.
    """
    source = Path(wav_path)
    target = source.with_suffix(f".{kind}")
    if kind == "mp3" and has_lame():
        _lame(source, target)
    elif kind == "flac" and shutil.which("flac"):
        _run(["flac", "--silent", "--force", "--best", "-o", str(target), str(source)], source)
    elif shutil.which("ffmpeg"):
        bits = [] if kind == "flac" else ["-b:a", f"{_kbps(read_wav(source).rate_hz)}k"]
        command = ["ffmpeg", "-v", "error", "-nostdin", "-y", "-i", str(source)]
        _run([*command, "-bitexact", *bits, str(target)], source)
    else:
        return source
    return target


def has_lame() -> bool:
    """Whether `encode_mp3` can be called: the extra `mp3` is installed."""
    return find_spec("lameenc") is not None


def encode_mp3(pcm: bytes, rate_hz: int, channels: int, kbps: int) -> bytes:
    """PCM16 samples, for stereo interleaved, as an mp3 of a constant bit rate.

    Raises:
        ValueError, RuntimeError: The encoder cannot make it of this rate.
    """
    encoder = import_module("lameenc").Encoder()
    encoder.silence()
    encoder.set_channels(channels)
    encoder.set_in_sample_rate(rate_hz)
    encoder.set_bit_rate(kbps)
    encoder.set_quality(5)
    return bytes(encoder.encode(pcm)) + bytes(encoder.flush())


def _lame(source: Path, target: Path) -> None:
    wav = read_wav(source)
    try:
        mp3 = encode_mp3(wav.pcm, wav.rate_hz, wav.channels, _kbps(wav.rate_hz))
        target.write_bytes(mp3)
    except (OSError, RuntimeError, ValueError) as error:
        raise AudioFileError(f"no mp3 could be made of it: {error}", file=str(source)) from None


def _kbps(rate_hz: int) -> int:
    return _MP3_KBPS if rate_hz <= _TELEPHONE_HZ else _MP3_HD_KBPS


def _run(command: list[str], source: Path) -> None:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_LONGEST_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise AudioFileError(f"{command[0]} did not run: {error}", file=str(source)) from None
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise AudioFileError(
            f"{command[0]} failed: {said[-1] if said else f'exit code {done.returncode}'}",
            file=str(source),
        )
