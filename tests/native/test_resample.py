"""The resampler: exactness of its paths and cuts, and its quality in decibels."""

from __future__ import annotations

import itertools
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxrt._native import ffi, lib

RATES = [8000, 16000, 24000, 48000]
PAIRS = list(itertools.permutations(RATES, 2))
IDS = [f"{a // 1000}-{b // 1000}" for a, b in PAIRS]


portable = partial(lib.vx_resampler_run_on, lib.VX_CPU_PORTABLE)


def new(in_hz: int, out_hz: int):
    state = ffi.new("vx_resampler *")
    assert lib.vx_resampler_init(state, in_hz, out_hz) == lib.VX_OK
    return state


def run(state, samples: np.ndarray, function=lib.vx_resampler_run) -> np.ndarray:
    room = (len(samples) + 6) * 6
    out = np.zeros(room, "<i2")
    data = ffi.from_buffer("int16_t[]", np.ascontiguousarray(samples, "<i2"))
    count = function(state, data, len(samples), ffi.from_buffer("int16_t[]", out), room)
    assert count >= 0
    return out[:count]


def sine(rate: int, hz: float, peak: float, seconds: float = 1.0) -> np.ndarray:
    t = np.arange(round(rate * seconds)) / rate
    return np.round(32767 * peak * np.sin(2 * np.pi * hz * t)).astype("<i2")


def noise(seed: int, count: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(-32768, 32768, count).astype("<i2")


def tone_and_rest(samples: np.ndarray, rate: int, hz: float) -> tuple[complex, float]:
    """The sine at hz as a phasor (relative to sin), and the power of all else."""
    t = np.arange(len(samples)) / rate
    base = np.stack([np.sin(2 * np.pi * hz * t), np.cos(2 * np.pi * hz * t), np.ones_like(t)], 1)
    fit, *_ = np.linalg.lstsq(base, samples.astype(float), rcond=None)
    return complex(fit[0], fit[1]), float(np.mean((samples - base @ fit) ** 2))


@pytest.mark.parametrize(("in_hz", "out_hz"), PAIRS, ids=IDS)
def test_snr_of_a_1_khz_tone_is_at_least_85_db(in_hz, out_hz):
    """Near full scale and at -20 dBFS less what rounding takes there."""
    for peak, least in ((0.9, 85.0), (0.1, 70.0)):
        out = run(new(in_hz, out_hz), sine(in_hz, 1000, peak))[out_hz // 10 :]
        tone, rest = tone_and_rest(out, out_hz, 1000)
        snr = 10 * np.log10(abs(tone) ** 2 / 2 / rest)
        assert snr >= least
        assert abs(tone) == pytest.approx(32767 * peak, rel=5e-4)


@pytest.mark.parametrize(("in_hz", "out_hz"), [p for p in PAIRS if p[0] > p[1]])
def test_tones_above_the_new_nyquist_frequency_are_gone(in_hz, out_hz):
    """Aliases are at most -75 dB, from the Nyquist frequency itself on."""
    low, high = out_hz / 2, in_hz / 2
    for hz in np.linspace(low * 1.001, high * 0.99, 40):
        loud = sine(in_hz, hz, 0.99, 0.25)
        out = run(new(in_hz, out_hz), loud)[out_hz // 50 :].astype(float)
        alias = 10 * np.log10((np.mean(out**2) + 1e-9) / np.mean(loud.astype(float) ** 2))
        assert alias <= -75


@pytest.mark.parametrize(("in_hz", "out_hz"), [p for p in PAIRS if p[0] < p[1]])
def test_images_are_gone(in_hz, out_hz):
    """What lies above the old Nyquist frequency is at most -75 dB, wherever the tone is."""
    for hz in np.linspace(200, in_hz / 2 * 0.97, 25):
        hz = round(hz / 40) * 40  # whole periods in the analysed stretch
        out = run(new(in_hz, out_hz), sine(in_hz, hz, 0.99, 0.35))[out_hz // 10 :][: out_hz // 4]
        spectrum = np.abs(np.fft.rfft(out.astype(float))) ** 2
        frequency = np.fft.rfftfreq(len(out), 1 / out_hz)
        image = np.sqrt(spectrum[frequency > in_hz / 2].sum()) / (len(out) / 2)
        assert 20 * np.log10(image / (0.99 * 32767)) <= -75


@pytest.mark.parametrize(("in_hz", "out_hz"), PAIRS, ids=IDS)
def test_group_delay_is_what_it_says_and_at_most_5_ms(in_hz, out_hz):
    """By the phase of tones: linear phase, so one delay for all of them."""
    delay = lib.vx_resampler_delay(new(in_hz, out_hz))
    assert delay / out_hz <= 0.005
    for hz in (300, 1000, 3000):
        out = run(new(in_hz, out_hz), sine(in_hz, hz, 0.5))
        skip = out_hz // 10 // delay * delay or delay
        tone, _ = tone_and_rest(out[skip + delay :][: out_hz // 2], out_hz, hz)
        started = skip / out_hz * hz  # periods, without the delay
        error = np.angle(tone * np.exp(-2j * np.pi * started)) / (2 * np.pi * hz)
        assert abs(error) < 1e-6


@pytest.mark.parametrize(("in_hz", "out_hz"), PAIRS, ids=IDS)
def test_pass_band_is_flat_up_to_0_85_of_the_lower_nyquist_frequency(in_hz, out_hz):
    """-0.1 dB at 3.4 kHz of 4 kHz, and as much elsewhere."""
    for part in (0.1, 0.5, 0.7, 0.84):
        hz = part * min(in_hz, out_hz) / 2
        out = run(new(in_hz, out_hz), sine(in_hz, hz, 0.5))[out_hz // 10 :]
        tone, _ = tone_and_rest(out, out_hz, hz)
        assert abs(20 * np.log10(abs(tone) / (0.5 * 32767))) < 0.1


@pytest.mark.parametrize(("in_hz", "out_hz"), PAIRS, ids=IDS)
def test_portable_and_dispatched_give_the_same_bytes(in_hz, out_hz):
    """Over noise of full scale, square waves and silence, in pieces of all sizes."""
    rng = np.random.default_rng(5)
    square = np.tile(np.repeat(np.array([32767, -32768], "<i2"), 5), 400)
    samples = np.concatenate([noise(1, 9000), square, np.zeros(500, "<i2"), noise(2, 4000)])
    one, two = new(in_hz, out_hz), new(in_hz, out_hz)
    while len(samples):
        piece, samples = np.split(samples, [int(rng.integers(1, 2500))])
        first = run(one, piece)
        assert np.array_equal(first, run(two, piece, portable))


@pytest.mark.parametrize(("in_hz", "out_hz"), PAIRS, ids=IDS)
def test_equals_the_filter_it_stands_for(in_hz, out_hz):
    """The polyphase result is the plain convolution with the whole prototype, within rounding."""
    samples = noise(3, 1200) // 4
    up = out_hz // np.gcd(in_hz, out_hz)
    down = in_hz // np.gcd(in_hz, out_hz)
    # The prototype, from the impulse responses at every offset within a step.
    taps = np.zeros((64 + 2) * max(up, down) + down * up)
    for offset in range(down):
        impulse = np.zeros(70 * down * max(1, max(up, down) // down), "<i2")
        impulse[offset] = 32767
        for n, value in enumerate(run(new(in_hz, out_hz), impulse)):
            at = n * down - offset * up
            if 0 <= at < len(taps):
                taps[at] = value / 32767
    stuffed = np.zeros(len(samples) * up)
    stuffed[::up] = samples
    wanted = np.convolve(stuffed, taps)[: len(stuffed) : down]
    got = run(new(in_hz, out_hz), samples)
    assert np.max(np.abs(got - wanted[: len(got)])) < 8


@pytest.mark.parametrize(("in_hz", "out_hz"), PAIRS, ids=IDS)
@given(cuts=st.lists(st.integers(0, 700), max_size=12))
@settings(max_examples=25)
def test_any_cutting_gives_the_same_samples(in_hz, out_hz, cuts):
    """Pieces of any size, also empty ones and those that are no whole step."""
    samples = noise(4, 2400)
    whole = run(new(in_hz, out_hz), samples)
    state = new(in_hz, out_hz)
    edges = sorted({min(c, 2400) for c in np.cumsum([0, *cuts])} | {2400})
    pieces = [run(state, samples[a:b]) for a, b in itertools.pairwise([0, *edges])]
    assert np.array_equal(np.concatenate(pieces), whole)
    assert len(whole) == 2400 * out_hz // in_hz


def test_frames_of_20_ms_give_frames_of_20_ms():
    """For every pair, from the first frame on."""
    for in_hz, out_hz in itertools.product(RATES, RATES):
        state = new(in_hz, out_hz)
        for _ in range(3):
            assert len(run(state, noise(6, in_hz // 50))) == out_hz // 50


@pytest.mark.parametrize(("in_hz", "out_hz"), [p for p in PAIRS if p[1] % p[0] == 0])
@pytest.mark.parametrize("function", [lib.vx_resampler_run, portable], ids=["run", "portable"])
def test_worst_case_input_saturates_and_does_not_wrap(in_hz, out_hz, function):
    """Signs chosen against the taps drive the sum to more than twice full scale."""
    up = out_hz // in_hz
    impulse = np.zeros(200, "<i2")
    impulse[0] = 16384
    response = run(new(in_hz, out_hz), impulse)
    for phase in range(up):
        taps = response[phase::up]
        loudest = np.where(taps[::-1] >= 0, 32767, -32768).astype("<i2")
        at = 199 * up + phase
        assert run(new(in_hz, out_hz), loudest, function)[at] == 32767
        assert run(new(in_hz, out_hz), -1 - loudest, function)[at] == -32768


def test_reset_forgets_the_past():
    """After reset the samples are those of a new resampler."""
    state = new(48000, 8000)
    first = run(state, noise(7, 1001))
    lib.vx_resampler_reset(state)
    assert np.array_equal(run(state, noise(7, 1001)), first)


def test_equal_rates_pass_through():
    """No filter and no delay."""
    state = new(16000, 16000)
    assert lib.vx_resampler_delay(state) == 0
    assert np.array_equal(run(state, noise(8, 333)), noise(8, 333))


def test_wrong_arguments_are_a_status():
    """Rates, null pointers, too little room, a state that was never made ready."""
    state, x, out = ffi.new("vx_resampler *"), ffi.new("int16_t[160]"), ffi.new("int16_t[480]")
    assert lib.vx_resampler_run(state, x, 160, out, 480) == lib.VX_E_ARGUMENT
    assert lib.vx_resampler_init(ffi.NULL, 8000, 8000) == lib.VX_E_ARGUMENT
    for pair in ((8000, 44100), (0, 8000), (-8000, 8000), (11025, 11025)):
        assert lib.vx_resampler_init(state, *pair) == lib.VX_E_RATE
        assert lib.vx_resampler_run(state, x, 160, out, 480) == lib.VX_E_ARGUMENT
    assert lib.vx_resampler_init(state, 8000, 24000) == lib.VX_OK
    assert lib.vx_resampler_run(state, ffi.NULL, 160, out, 480) == lib.VX_E_ARGUMENT
    assert lib.vx_resampler_run(state, x, 160, ffi.NULL, 480) == lib.VX_E_ARGUMENT
    assert lib.vx_resampler_run(state, x, 160, out, 479) == lib.VX_E_LENGTH
    assert lib.vx_resampler_run(state, x, 2**29, out, 480) == lib.VX_E_LENGTH
    assert lib.vx_resampler_run(state, x, 160, out, 480) == 480
    assert lib.vx_resampler_run(ffi.NULL, x, 160, out, 480) == lib.VX_E_ARGUMENT
