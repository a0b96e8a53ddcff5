"""Tones: frequency, level, purity, cadence."""

from __future__ import annotations

import numpy as np
import pytest

from voxrt._native import ffi, lib

RATES = [8000, 16000, 24000, 48000]


def new(rate: int, *sines: tuple[int, int]):
    state = ffi.new("vx_tone *")
    assert lib.vx_tone_init(state, rate) == lib.VX_OK
    for frequency_mhz, level_db10 in sines:
        assert lib.vx_tone_add(state, frequency_mhz, level_db10) == lib.VX_OK
    return state


def run(state, n: int) -> np.ndarray:
    out = ffi.new("int16_t[]", max(1, n))
    count = lib.vx_tone_run(state, out, n)
    assert count >= 0
    return np.frombuffer(ffi.buffer(out), "<i2")[:count].astype(float)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("level", [-30, -60, -123, -200, -455])
def test_level_is_rms_and_exact_to_0_01_db(rate, level):
    """On the scale that vx_level_db10 has."""
    tone = run(new(rate, (1_000_000, level)), rate)
    assert abs(100 * np.log10(np.mean(tone**2) / 2**30) - level) < 0.15
    assert np.max(np.abs(tone)) <= 32767


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("hz", [50, 425.125, 697, 1633, 3999])
def test_a_sine_is_where_it_should_be_and_pure(rate, hz):
    """The best-fitting sine of that very frequency leaves only rounding to 16 bits."""
    tone = run(new(rate, (round(hz * 1000), -40)), rate)
    t = np.arange(len(tone)) / rate
    base = np.stack([np.sin(2 * np.pi * hz * t), np.cos(2 * np.pi * hz * t)], 1)
    fit, *_ = np.linalg.lstsq(base, tone, rcond=None)
    rest = np.mean((tone - base @ fit) ** 2)
    assert 10 * np.log10(rest / 2**30) < -95
    assert fit[0] > 0
    assert abs(fit[1]) < 2


def test_sines_add_up_and_saturate():
    """Four at full scale are limited, never wrapped."""
    four = run(new(8000, *[(500_000, -30)] * 4), 800)
    one = run(new(8000, (500_000, -30)), 800)
    assert np.max(np.abs(four - np.clip(4 * one, -32768, 32767))) <= 4


@pytest.mark.parametrize("chunk", [1, 7, 160, 4000])
def test_cadence_counts_samples_and_ends(chunk):
    """On and off lengths are exact, zero lengths are skipped, however it is cut."""
    state = new(8000, (1_234_000, -100))
    assert lib.vx_tone_cadence(state, [10, 20, 0, 5, 30], 5, 2) == lib.VX_OK
    pieces = []
    while len(piece := run(state, chunk)):
        pieces.append(piece)
    tone = np.concatenate(pieces)
    steps = [(80, True), (160, False), (40, False), (240, True)] * 2
    assert len(tone) == sum(n for n, _ in steps)
    at = 0
    for n, on in steps:
        assert np.any(tone[at : at + n]) == on
        at += n
    assert len(run(state, 10)) == 0


def test_cadence_without_end():
    """Zero repeats go on for ever; zero steps mean always on."""
    state = new(8000, (1_000_000, -100))
    assert lib.vx_tone_cadence(state, [10, 10], 2, 0) == lib.VX_OK
    assert len(run(state, 100_000)) == 100_000
    assert lib.vx_tone_cadence(state, ffi.NULL, 0, 3) == lib.VX_OK
    assert np.all(np.abs(run(state, 80)).reshape(10, 8).max(axis=1) > 0)


def test_a_tone_without_sines_is_silence():
    """With its cadence all the same."""
    assert not np.any(run(new(8000), 100))


def test_wrong_arguments_are_a_status():
    """Every range is checked."""
    state, out = ffi.new("vx_tone *"), ffi.new("int16_t[8]")
    assert lib.vx_tone_run(state, out, 8) == lib.VX_E_ARGUMENT  # never made ready
    assert lib.vx_tone_add(state, 1000, -100) == lib.VX_E_ARGUMENT
    assert lib.vx_tone_cadence(state, [1], 1, 0) == lib.VX_E_ARGUMENT
    assert lib.vx_tone_init(ffi.NULL, 8000) == lib.VX_E_ARGUMENT
    assert lib.vx_tone_init(state, 44100) == lib.VX_E_RATE
    state = new(8000)
    for frequency, level in ((0, -100), (-1, -100), (4_000_000, -100), (1000, -29), (1000, -901)):
        assert lib.vx_tone_add(state, frequency, level) == lib.VX_E_ARGUMENT
    for ms, steps, repeats in (([0, 0], 2, 1), ([-1], 1, 1), ([3_600_001], 1, 1), ([1], 1, -1)):
        assert lib.vx_tone_cadence(state, ms, steps, repeats) == lib.VX_E_ARGUMENT
    assert lib.vx_tone_cadence(state, [1] * 9, 9, 0) == lib.VX_E_ARGUMENT
    assert lib.vx_tone_cadence(state, ffi.NULL, 2, 0) == lib.VX_E_ARGUMENT
    assert lib.vx_tone_run(state, ffi.NULL, 8) == lib.VX_E_ARGUMENT
    assert lib.vx_tone_run(state, out, 2**31) == lib.VX_E_LENGTH
    for _ in range(4):
        assert lib.vx_tone_add(state, 1000, -100) == lib.VX_OK
    assert lib.vx_tone_add(state, 1000, -100) == lib.VX_E_FULL
    for digit, rate, on, off, status in (
        (ord("E"), 8000, 40, 40, lib.VX_E_ARGUMENT),
        (0, 8000, 40, 40, lib.VX_E_ARGUMENT),
        (1000, 8000, 40, 40, lib.VX_E_ARGUMENT),
        (ord("1"), 8000, 0, 40, lib.VX_E_ARGUMENT),
        (ord("1"), 8000, 40, -1, lib.VX_E_ARGUMENT),
        (ord("1"), 11025, 40, 40, lib.VX_E_RATE),
    ):
        assert lib.vx_dtmf_init(state, digit, rate, on, off) == status
