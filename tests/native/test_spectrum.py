"""The share of a sine in a sound, against a discrete Fourier transform in floating point."""

from __future__ import annotations

import cmath
import math
import random

import pytest

from voxrt.errors import MediaError
from voxrt.media.codecs import tone
from voxrt.media.spectrum import LONGEST_MS, sine_share, strongest_sine

RATES = (8_000, 16_000, 24_000, 48_000)


def pcm_of(samples):
    return b"".join(max(-32768, min(32767, x)).to_bytes(2, "little", signed=True) for x in samples)


def exact_share(samples, rate_hz, hz):
    energy = sum(x * x for x in samples)
    turn = 2 * math.pi * hz / rate_hz
    bin_ = sum(x * cmath.exp(-1j * turn * i) for i, x in enumerate(samples))
    return min(1000, 2000 * abs(bin_) ** 2 / (len(samples) * energy)) if energy else 0


@pytest.mark.parametrize("seed", range(100))
def test_share_is_that_of_the_transform(seed):
    """Noise and sines of any strength, within half a percent."""
    rng = random.Random(seed)
    rate_hz, count = rng.choice(RATES), rng.randint(80, 800)
    loudness, hz = int(2 ** rng.uniform(6, 14)), rng.randint(50, 3_900)
    near = hz + rng.randint(-15, 15)
    samples = [
        round(loudness * math.sin(2 * math.pi * near * i / rate_hz)) + rng.randint(-50, 50)
        for i in range(count)
    ]
    assert abs(sine_share(pcm_of(samples), rate_hz, hz) - exact_share(samples, rate_hz, hz)) <= 5


@pytest.mark.parametrize("rate_hz", RATES)
@pytest.mark.parametrize("hz", [100, 425, 1_000, 2_040, 3_400])
def test_a_pure_tone_is_found(rate_hz, hz):
    pcm = tone([hz], rate_hz, 60)
    found, share = strongest_sine(pcm, rate_hz, 52, 3_900, 4)
    assert abs(found - hz) <= 4
    assert share > 950


def test_two_tones_share():
    pcm = tone([440, 480], 8_000, 100)
    assert all(400 < sine_share(pcm, 8_000, hz) < 600 for hz in (440, 480))
    assert sine_share(pcm, 8_000, 1_000) < 5


def test_ends_of_the_scale():
    assert sine_share(b"", 8_000, 1_000) == sine_share(bytes(960), 8_000, 1_000) == 0
    assert strongest_sine(bytes(960), 8_000, 100, 3_000, 10) == (0, 0)
    square = [32767 if i % 8 < 4 else -32768 for i in range(4_800)]
    assert 850 < sine_share(pcm_of(square), 48_000, 6_000) < 856  # 1 / (8 sin(pi / 8)^2)
    assert sine_share(pcm_of([900]), 8_000, 1_000) == 1000


def test_lowest_of_equals():
    assert strongest_sine(pcm_of([900, 0, 0, 0]), 8_000, 500, 900, 100)[0] == 500


@pytest.mark.parametrize(
    ("ms", "rate_hz", "hz"),
    [(LONGEST_MS + 1, 8_000, 100), (20, 11_025, 100), (20, 8_000, 0), (20, 8_000, 4_000)],
)
def test_what_is_refused(ms, rate_hz, hz):
    with pytest.raises(MediaError):
        sine_share(bytes(ms * rate_hz // 1000 * 2), rate_hz, hz)


@pytest.mark.parametrize(("low", "high", "step"), [(0, 9, 1), (9, 8, 1), (9, 4_000, 1), (9, 10, 0)])
def test_ranges_that_are_refused(low, high, step):
    with pytest.raises(MediaError):
        strongest_sine(bytes(320), 8_000, low, high, step)
