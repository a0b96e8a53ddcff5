"""DTMF: digits that must be heard, and sounds that are none."""

from __future__ import annotations

import numpy as np
import pytest

from voxrt._native import ffi, lib

RATES = [8000, 16000, 24000, 48000]
KEYS = "123A456B789C*0#D"
LOW, HIGH = [697, 770, 852, 941], [1209, 1336, 1477, 1633]


def detect(rate: int, sound: np.ndarray, chunk: int | None = None) -> str:
    state = ffi.new("vx_dtmf_detector *")
    assert lib.vx_dtmf_detector_init(state, rate) == lib.VX_OK
    data = np.round(sound).clip(-32768, 32767).astype("<i2").tobytes()
    samples, chunk = ffi.from_buffer("int16_t[]", data), chunk or rate // 50
    found = ""
    for at in range(0, len(samples), chunk):
        digit = lib.vx_dtmf_detector_run(state, samples + at, min(chunk, len(samples) - at))
        assert digit >= 0
        found += chr(digit) if digit else ""
    return found


def press(rate, key, on_ms=40, off_ms=40, level=-13.0, offset=0.0, twist_db=0.0) -> np.ndarray:
    at, t = KEYS.index(key), np.arange(rate * on_ms // 1000) / rate
    peak = 32768 * 10 ** (level / 20) * 2**0.5
    low = np.sin(2 * np.pi * LOW[at // 4] * (1 + offset) * t)
    high = np.sin(2 * np.pi * HIGH[at % 4] * (1 + offset) * t) * 10 ** (twist_db / 20)
    return np.concatenate([peak * (low + high), np.zeros(rate * off_ms // 1000)])


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize(
    "how",
    [
        {},
        {"on_ms": 500, "off_ms": 200},
        {"level": -36.0},
        {"level": -6.5},
        {"on_ms": 50, "offset": 0.015},
        {"on_ms": 50, "offset": -0.015},
        {"on_ms": 50, "twist_db": 3.0},
        {"on_ms": 50, "twist_db": -6.0},
    ],
    ids=str,
)
def test_every_digit_is_reported_once(rate, how):
    """Whatever its length from 40 ms, level, deviation and twist, at any position."""
    for lead in (0, 13, 57, 91):
        sound = np.concatenate(
            [np.zeros(lead * rate // 8000), *(press(rate, k, **how) for k in KEYS)]
        )
        assert detect(rate, sound) == KEYS


@pytest.mark.parametrize("rate", RATES)
def test_the_same_digit_twice_is_two_digits(rate):
    """40 ms of silence part them."""
    assert detect(rate, np.concatenate([press(rate, "5")] * 4)) == "5555"


@pytest.mark.parametrize("rate", RATES)
def test_digits_in_noise_are_heard(rate):
    """At a signal-to-noise ratio of 15 dB."""
    rng = np.random.default_rng(9)
    sound = np.concatenate([press(rate, k, on_ms=60, off_ms=60) for k in KEYS])
    sound += rng.normal(0, 32768 * 10 ** ((-10 - 15) / 20), len(sound))
    assert detect(rate, sound) == KEYS


@pytest.mark.parametrize("rate", RATES)
def test_generated_digits_are_detected(rate):
    """What vx_dtmf_init makes."""
    state, sound = ffi.new("vx_tone *"), []
    for key in KEYS:
        assert lib.vx_dtmf_init(state, ord(key), rate, 40, 40) == lib.VX_OK
        out = ffi.new("int16_t[]", rate)
        count = lib.vx_tone_run(state, out, rate)
        assert count == rate * 80 // 1000
        sound.append(np.array(list(out[0:count]), float))
    assert detect(rate, np.concatenate(sound)) == KEYS


def test_cutting_does_not_matter():
    """Calls of one sample find the same as calls of 20 ms."""
    sound = np.concatenate([press(8000, k) for k in "159D"])
    assert detect(8000, sound, 1) == detect(8000, sound, 37) == "159D"


def speech_like(rate: int, seed: int, seconds: int = 20) -> np.ndarray:
    """Harmonics of a gliding pitch through three gliding formants, in syllables."""
    rng, n = np.random.default_rng(seed), rate * seconds
    t = np.arange(n) / rate

    def glide(low: float, high: float, every: float) -> np.ndarray:
        knots = np.arange(0, seconds + 1, every)
        return np.interp(t, knots, rng.uniform(low, high, len(knots)))

    pitch = glide(90, 250, 0.15)
    formants = [
        (1.0, 100, glide(300, 900, 0.1)),
        (0.6, 150, glide(900, 2300, 0.1)),
        (0.3, 250, glide(2300, 3200, 0.1)),
    ]
    phase, sound = 2 * np.pi * np.cumsum(pitch) / rate, np.zeros(n)
    for k in range(1, 36):
        gain = sum(a / (1 + ((k * pitch - hz) / width) ** 2) for a, width, hz in formants)
        sound += gain * np.sin(k * phase + k * k) * (k * pitch < rate / 2)
    sound *= np.clip(glide(-0.5, 1.0, 0.12), 0, 1)
    return sound / np.max(np.abs(sound)) * 20000 + rng.normal(0, 30, n)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("seed", range(3))
def test_speech_noise_and_single_tones_are_no_digits(rate, seed):
    """Two groups in balance with most of the energy are what makes a digit."""
    rng, n = np.random.default_rng(seed), 10 * rate
    t = np.arange(n) / rate
    assert detect(rate, speech_like(rate, seed)) == ""
    assert detect(rate, rng.normal(0, 6000, n)) == ""
    assert detect(rate, rng.normal(0, 6000, n) * (1 + np.sin(2 * np.pi * 4 * t))) == ""
    for hz in (*LOW, *HIGH, 425, 1000):
        assert detect(rate, 15000 * np.sin(2 * np.pi * hz * t[:rate])) == ""
    dial = 8000 * (np.sin(2 * np.pi * 350 * t[:rate]) + np.sin(2 * np.pi * 440 * t[:rate]))
    assert detect(rate, dial) == ""
    assert detect(rate, np.zeros(rate)) == ""


@pytest.mark.parametrize("rate", RATES)
def test_what_the_limits_exclude(rate):
    """Too short, too far off, too weak, too much twist, or drowned."""
    rng = np.random.default_rng(3)
    assert detect(rate, np.concatenate([press(rate, "5", on_ms=12)] * 5)) == ""
    assert detect(rate, press(rate, "5", on_ms=200, offset=0.04)) == ""
    assert detect(rate, press(rate, "5", on_ms=200, level=-50)) == ""
    assert detect(rate, press(rate, "5", on_ms=200, twist_db=10)) == ""
    assert detect(rate, press(rate, "5", on_ms=200, twist_db=-14)) == ""
    assert (
        detect(rate, press(rate, "5", on_ms=200) + rng.normal(0, 12000, rate * 240 // 1000)) == ""
    )


def test_loudest_sound_at_the_highest_rate_does_not_overflow():
    """Full-scale square waves at the resonance that grows most."""
    t = np.arange(48000)
    for hz in (697, 770, 1633):
        detect(48000, np.where(np.sin(2 * np.pi * hz * t / 48000) >= 0, 32767, -32768))


def test_wrong_arguments_are_a_status():
    """Rates, null pointers, more than 20 ms, a state that was never made ready."""
    state, x = ffi.new("vx_dtmf_detector *"), ffi.new("int16_t[200]")
    assert lib.vx_dtmf_detector_run(state, x, 160) == lib.VX_E_ARGUMENT
    assert lib.vx_dtmf_detector_init(ffi.NULL, 8000) == lib.VX_E_ARGUMENT
    assert lib.vx_dtmf_detector_init(state, 22050) == lib.VX_E_RATE
    assert lib.vx_dtmf_detector_init(state, 8000) == lib.VX_OK
    assert lib.vx_dtmf_detector_run(state, ffi.NULL, 1) == lib.VX_E_ARGUMENT
    assert lib.vx_dtmf_detector_run(state, x, 161) == lib.VX_E_LENGTH
    assert lib.vx_dtmf_detector_run(ffi.NULL, x, 1) == lib.VX_E_ARGUMENT
