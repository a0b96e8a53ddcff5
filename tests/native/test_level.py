"""Energy, level and silence against numpy."""

from __future__ import annotations

import math
import random

import pytest

from voxrt._native import ffi, lib


def exact_db10(samples: list[int]) -> float:
    mean = sum(x * x for x in samples) / len(samples)
    return 100 * math.log10(mean / 2**30) if mean else -1000.0


def level(samples: list[int]) -> int:
    return lib.vx_level_db10(ffi.new("int16_t[]", samples), len(samples))


@pytest.mark.parametrize("seed", range(300))
def test_level_is_within_0_06_db(seed):
    """Random stretches of 1 to 2000 samples, from single steps to full scale."""
    rng = random.Random(seed)
    loudness = int(2 ** rng.uniform(0, 15))
    samples = [
        max(-32768, min(32767, rng.randint(-loudness, loudness)))
        for _ in range(rng.randint(1, 2000))
    ]
    assert abs(level(samples) - max(-1000.0, exact_db10(samples))) <= 0.6


def test_ends_of_the_scale():
    """0 for a full-scale square wave, -30 for a full-scale sine, -1000 for nothing."""
    assert level([-32768] * 160) == 0
    assert level([round(32767 * math.sin(i * math.pi / 80)) for i in range(160)]) == -30
    assert level([0] * 160) == lib.VX_LEVEL_SILENCE == -1000
    assert lib.vx_level_db10(ffi.NULL, 0) == -1000
    assert level([1] + [0] * 999_999) == -1000


@pytest.mark.parametrize("n", [0, 1, 7, 8, 15, 16, 17, 31, 33, 160, 960])
def test_energy_and_sum_are_exact(n):
    """On both paths and at any length, with the largest squares there are."""
    for samples in ([-32768] * n, [random.Random(n + i).randint(-32768, 32767) for i in range(n)]):
        x = ffi.new("int16_t[]", [*samples, 1])
        assert lib.vx_energy(x, n) == sum(v * v for v in samples)
        assert lib.vx_energy_on(lib.VX_CPU_PORTABLE, x, n) == sum(v * v for v in samples)
        assert lib.vx_sum(x, n) == sum(samples)


@pytest.mark.parametrize("n", [1, 159, 160, 161, 1000])
def test_levels_of_stretches_are_those_of_each(n):
    """Only whole ones count."""
    samples = [random.Random(n).randint(-300 - i, 300 + i) for i in range(n)]
    out = ffi.new("int16_t[]", [7] * (n // 160 + 1))
    lib.vx_levels_db10(ffi.new("int16_t[]", samples), n, 160, out)
    wanted = [level(samples[at : at + 160]) for at in range(0, n - 159, 160)]
    assert list(out) == [*wanted, 7]


@pytest.mark.parametrize("n", [0, 1, 15, 16, 17, 160])
def test_peak_is_the_largest_magnitude(n):
    samples = [random.Random(n + i).randint(-32768, 32767) for i in range(n)]
    for row in (samples, [0] * n, [-32768, *samples], [*samples, 32767]):
        wanted = max((abs(value) for value in row), default=0)
        assert lib.vx_peak(ffi.new("int16_t[]", [*row, 0]), len(row)) == wanted


@pytest.mark.parametrize("n", [0, 1, 15, 16, 17, 160])
def test_one_sample_breaks_silence(n):
    """Wherever it is."""
    assert lib.vx_is_silent(ffi.new("int16_t[]", n + 1), n) == 1
    for at in range(n):
        x = ffi.new("int16_t[]", n + 1)
        x[at] = -1
        assert lib.vx_is_silent(x, n) == 0
    x = ffi.new("int16_t[]", n + 1)
    x[n] = 5
    assert lib.vx_is_silent(x, n) == 1
