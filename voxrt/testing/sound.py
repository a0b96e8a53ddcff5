"""What the recording of a call says about its sound: levels, clipping, dead air."""

from __future__ import annotations

from array import array
from itertools import groupby
from pathlib import Path
from typing import Final

from attrs import frozen

from voxrt.media.codecs import level_dbfs, levels_dbfs, peak
from voxrt.media.wav import read_wav

FRAME_MS: Final = 20
#: What is quieter is silence: a line with nothing but comfort noise.
SILENT_DBFS: Final = -50.0
#: So many samples in a row at full scale are heard as clipping; a single peak is not.
CLIPPED_RUN: Final = 3
_FULL_SCALE: Final = 32_767


@frozen(kw_only=True)
class Sound:
    """The figures of one recording.

    Attributes:
        samples: How many the phone heard.
        level_dbfs: Their RMS level, silent frames left out; -100 for nothing but silence.
        clipped_samples: Those in runs of at least three at full scale.
        dead_air_ms: The longest time in which neither side was louder than -50 dBFS.
        dead_air_at_ms: Where it begins, counted from the begin of the recording.
    """

    samples: int
    level_dbfs: float
    clipped_samples: int
    dead_air_ms: float
    dead_air_at_ms: float


def measure(path: Path) -> Sound:
    """Measures the recording of a call: left what its phone said, right what it heard.

    Raises:
        AudioFileError: The file is missing or damaged.
    """
    wav = read_wav(path)
    said, heard = wav.channel(0), wav.channel(1)
    step = wav.rate_hz * FRAME_MS // 1000
    levels = levels_dbfs(heard, step)
    others = levels_dbfs(said, step)
    silent = [max(pair) < SILENT_DBFS for pair in zip(levels, others, strict=True)]
    loud = [
        heard[2 * step * frame : 2 * step * (frame + 1)]
        for frame, level in enumerate(levels)
        if level >= SILENT_DBFS
    ]
    begin, length = _longest(silent)
    return Sound(
        samples=len(heard) // 2,
        level_dbfs=level_dbfs(b"".join(loud)),
        clipped_samples=_clipped(heard),
        dead_air_ms=length * FRAME_MS,
        dead_air_at_ms=begin * FRAME_MS,
    )


def _longest(flags: list[bool]) -> tuple[int, int]:
    """Begin and length of the longest run of true ones."""
    best, at = (0, 0), 0
    for flag, run in groupby(flags):
        length = sum(1 for _ in run)
        if flag and length > best[1]:
            best = (at, length)
        at += length
    return best


def _clipped(pcm: bytes) -> int:
    if peak(pcm) < _FULL_SCALE:
        return 0
    samples = array("h", pcm)
    runs = (
        (full, sum(1 for _ in run))
        for full, run in groupby(samples, lambda s: (s >= _FULL_SCALE) - (s <= -_FULL_SCALE))
    )
    return sum(length for full, length in runs if full and length >= CLIPPED_RUN)
