"""How much of a sound is one steady sine: for beeps and progress tones.

A thin face of `native/vx_spectrum.h`, which tells the algorithm.
"""

from __future__ import annotations

from voxrt._native import ffi, lib
from voxrt.media.codecs import checked
from voxrt.media.core import Pcm, samples_of

LONGEST_MS: int = lib.VX_SINE_MAX_MS


def sine_share(pcm: Pcm, rate_hz: int, frequency_hz: int) -> int:
    """The share of a sound's energy that a sine of this frequency has.

    Args:
        pcm: At most 100 ms of mono PCM16.
        rate_hz: 8000, 16000, 24000 or 48000.
        frequency_hz: Above 0, below half of the rate.

    Returns:
        0 to 1000; 0 for silence.

    Raises:
        MediaError: A value out of its range, or a longer sound.
    """
    samples, count = samples_of(pcm)
    return checked(lib.vx_sine_share(samples, count, rate_hz, frequency_hz))


def strongest_sine(
    pcm: Pcm, rate_hz: int, low_hz: int, high_hz: int, step_hz: int
) -> tuple[int, int]:
    """The frequency, of `low_hz` to `high_hz` in steps, that has the largest share.

    Returns:
        The frequency in Hz and its share, 0 to 1000; zeros for silence.

    Raises:
        MediaError: As for `sine_share`.
    """
    samples, count = samples_of(pcm)
    share = ffi.new("int *")
    hz = checked(lib.vx_strongest_sine(samples, count, rate_hz, low_hz, high_hz, step_hz, share))
    return hz, share[0]
