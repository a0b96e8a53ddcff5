"""Sample rates that the audio core does not know, brought to one that it does.

The core resamples between 8, 16, 24 and 48 kHz. Audio that enters from outside has other rates
too: espeak-ng speaks at 22,050 Hz, music files are at 44,100 Hz. Those are converted here, a whole
recording at a time, by a windowed-sinc polyphase filter that is designed here and run in C.

The filter for `out/in = L/M` is designed in 1/32768 steps and every phase is made to add up to
exactly 32768, so that a constant signal keeps its value. Twelve zero crossings on either side and
a Hann window put the stop band near -60 dB from 1.15 times the lower Nyquist rate.
"""

from __future__ import annotations

import math
import sys
from array import array
from functools import lru_cache
from typing import Any

from voxrt._native import ffi, lib
from voxrt.errors import MediaError
from voxrt.media.codecs import checked, resample

ONE = 1 << 15
_CROSSINGS = 12
_CUT_PER_MILLE = 920  # of the lower Nyquist rate
CORE_RATES_HZ = (8_000, 16_000, 24_000, 48_000)
LOWEST_HZ, HIGHEST_HZ = 4_000, 192_000


def samples_of(pcm: bytes) -> array[int]:
    """PCM16 little endian as an array of integers.

    Raises:
        MediaError: The bytes are not a whole number of samples.
    """
    if len(pcm) % 2:
        raise MediaError(f"{len(pcm)} bytes are not a whole number of 16-bit samples")
    samples = array("h")
    samples.frombytes(pcm)
    if sys.byteorder == "big":
        samples.byteswap()
    return samples


def pcm_of(samples: array[int]) -> bytes:
    """An array of integers as PCM16 little endian."""
    if sys.byteorder == "big":
        samples = samples[:]
        samples.byteswap()
    return samples.tobytes()


def length_at(samples: int, in_hz: int, out_hz: int) -> int:
    """How many samples `samples` at `in_hz` become at `out_hz`, rounded to nearest."""
    return (2 * samples * out_hz + in_hz) // (2 * in_hz)


@lru_cache(maxsize=16)
def _phases(in_hz: int, out_hz: int) -> tuple[tuple[int, ...], ...]:
    """The filter, one row of taps per output phase; the middle tap lies at `len // 2 - 1`."""
    divisor = math.gcd(in_hz, out_hz)
    up, down = out_hz // divisor, in_hz // divisor
    cut = min(1.0, up / down) * _CUT_PER_MILLE / 1000
    half = math.ceil(_CROSSINGS / cut)
    rows = []
    for phase in range(up):
        row = []
        for tap in range(2 * half):
            x = (tap - half + 1) - phase / up
            if abs(x) >= half:
                row.append(0)
                continue
            window = 0.5 + 0.5 * math.cos(math.pi * x / half)
            sinc = 1.0 if x == 0 else math.sin(math.pi * cut * x) / (math.pi * cut * x)
            row.append(round(ONE * cut * sinc * window))
        row[half - 1 if 2 * phase < up else half] += ONE - sum(row)
        rows.append(tuple(row))
    return tuple(rows)


@lru_cache(maxsize=16)
def _filter(in_hz: int, out_hz: int) -> Any:
    """The rows one after another, as C takes them."""
    return ffi.new("int32_t[]", [tap for row in _phases(in_hz, out_hz) for tap in row])


def resample_any(pcm: bytes, in_hz: int, out_hz: int) -> bytes:
    """Mono PCM16 at any rate, at another rate, delay compensated.

    Args:
        pcm: Mono samples, 16-bit little endian.
        in_hz: Their rate, 4,000 to 192,000 Hz.
        out_hz: The rate wanted, 4,000 to 192,000 Hz.

    Returns:
        `length_at(len(pcm) // 2, in_hz, out_hz)` samples; sample 0 lies at the same instant.

    Raises:
        MediaError: A rate is out of range, or the bytes are not whole samples.
    """
    for rate in (in_hz, out_hz):
        if not LOWEST_HZ <= rate <= HIGHEST_HZ:
            raise MediaError(f"{rate} Hz is not between {LOWEST_HZ} and {HIGHEST_HZ} Hz")
    samples = samples_of(pcm)
    if in_hz == out_hz:
        return pcm
    if in_hz in CORE_RATES_HZ and out_hz in CORE_RATES_HZ:
        return resample(pcm, in_hz, out_hz)
    up, taps = len(_phases(in_hz, out_hz)), len(_phases(in_hz, out_hz)[0])
    count = length_at(len(samples), in_hz, out_hz)
    return _run(samples, _filter(in_hz, out_hz), up, in_hz * up // out_hz, taps, count)


def mean_of_channels(pcm: bytes) -> bytes:
    """Interleaved stereo as mono, each channel at half level, rounded to nearest."""
    samples = samples_of(pcm)
    half = ffi.new("int32_t[]", [ONE // 2, ONE // 2])
    return _run(samples, half, 1, 2, 2, len(samples) // 2)


def _run(samples: array[int], rows: Any, up: int, down: int, taps: int, count: int) -> bytes:
    out = ffi.new("int16_t[]", max(count, 1))
    source = ffi.from_buffer("int16_t[]", samples)
    checked(lib.vx_polyphase(source, len(samples), rows, up, down, taps, out, count))
    made = array("h")
    made.frombytes(ffi.buffer(out, 2 * count))
    return pcm_of(made)
