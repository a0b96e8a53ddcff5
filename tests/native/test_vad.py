"""Voice activity: where speech starts and stops, and what is not speech."""

from __future__ import annotations

import numpy as np
import pytest

from voxrt._native import ffi, lib

RATES = [8000, 16000, 24000, 48000]
NONE, STARTED, STOPPED = lib.VX_VAD_NONE, lib.VX_VAD_STARTED, lib.VX_VAD_STOPPED


def marks(rate, sound, threshold=500, padding_ms=0, silence_ms=500, chunk=None):
    """(kind, milliseconds) of everything found."""
    state = ffi.new("vx_vad *")
    assert lib.vx_vad_init(state, rate, threshold, padding_ms, silence_ms) == lib.VX_OK
    data = np.round(sound).clip(-32768, 32767).astype("<i2").tobytes()
    samples, chunk = ffi.from_buffer("int16_t[]", data), chunk or rate // 50
    found = []
    for at in range(0, len(samples), chunk):
        kind = lib.vx_vad_run(state, samples + at, min(chunk, len(samples) - at))
        assert kind in (NONE, STARTED, STOPPED)
        if kind == STARTED:
            found.append((STARTED, state.start_offset * 1000 // rate))
        elif kind == STOPPED:
            found.append((STOPPED, state.stop_offset * 1000 // rate))
        assert state.speaking == (bool(found) and found[-1][0] == STARTED)
    return found


def silence(rate: int, ms: int) -> np.ndarray:
    return np.zeros(rate * ms // 1000)


def noise(rate: int, ms: int, dbfs: float, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.normal(0, 32768 * 10 ** (dbfs / 20), rate * ms // 1000)


def voice(rate: int, ms: int, dbfs: float) -> np.ndarray:
    """Syllables: a buzz of 130 Hz, four times a second down to nothing; RMS as given."""
    t = np.arange(rate * ms // 1000) / rate
    buzz = sum(np.sin(2 * np.pi * 130 * k * t) / k for k in range(1, 20))
    buzz = buzz * np.abs(np.sin(2 * np.pi * 2 * t))
    return buzz / np.sqrt(np.mean(buzz**2)) * 32768 * 10 ** (dbfs / 20)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("dbfs", [-40, -30, -20, -12, -6])
@pytest.mark.parametrize("background", [None, -60])
def test_speech_of_telephone_levels_is_found_where_it_is(rate, dbfs, background):
    """One start and one stop, within 60 ms of the truth, with and without noise behind it."""
    sound = np.concatenate([silence(rate, 1000), voice(rate, 2000, dbfs), silence(rate, 1500)])
    if background is not None:
        sound = sound + noise(rate, 4500, background)
    (first, start), (second, stop) = marks(rate, sound)
    assert (first, second) == (STARTED, STOPPED)
    assert 1000 <= start <= 1060
    assert 2940 <= stop <= 3000


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("threshold", [100, 500, 900])
def test_noise_of_60_dbfs_and_digital_silence_are_not_speech(rate, threshold):
    """At any threshold; a constant offset is silence too."""
    assert marks(rate, noise(rate, 20_000, -60), threshold) == []
    assert marks(rate, silence(rate, 5000), threshold) == []
    assert marks(rate, silence(rate, 5000) + 20_000, threshold) == []


def test_threshold_moves_the_floor():
    """0.1 takes what is above -56 dBFS, 0.5 above -48, 0.9 above -40."""
    for dbfs, found in ((-58, (0, 0, 0)), (-52, (1, 0, 0)), (-44, (1, 1, 0)), (-36, (1, 1, 1))):
        tone = 32768 * 10 ** (dbfs / 20) * 2**0.5 * np.sin(np.arange(8000) * 0.7)
        sound = np.concatenate([silence(8000, 500), tone])
        assert tuple(len(marks(8000, sound, t)) for t in (100, 500, 900)) == found


def test_steady_noise_stops_being_speech_and_speech_over_it_still_is():
    """The background follows at 3.4 dB a second."""
    sound = noise(8000, 24_000, -44)
    sound[8000 * 15 : 8000 * 17] += voice(8000, 2000, -20)
    found = marks(8000, sound)
    assert [kind for kind, _ in found] == [STARTED, STOPPED, STARTED, STOPPED]
    assert found[1][1] < 6000
    assert 15_000 <= found[2][1] <= 15_100
    assert 16_800 <= found[3][1] <= 17_000


def test_a_long_loud_tone_stays_speech():
    """The background is never held above -40 dBFS, so nothing loud is taken for it."""
    sound = 5000 * np.sin(np.arange(8000 * 60) * 0.7)
    assert marks(8000, sound) == [(STARTED, 0)]


@pytest.mark.parametrize("silence_ms", [20, 200, 500, 1000])
def test_pauses_shorter_than_the_silence_time_do_not_stop_speech(silence_ms):
    """And longer ones do."""
    buzz = 5000 * np.sin(np.arange(8000) * 0.7)
    for pause, count in ((silence_ms - 10, 2), (silence_ms + 10, 4)):
        sound = np.concatenate([buzz, silence(8000, pause), buzz, silence(8000, 1500)])
        assert len(marks(8000, sound, silence_ms=silence_ms)) == count


def test_padding_is_subtracted_but_not_beyond_the_speech_before():
    """Nor before the first sample."""
    buzz = 5000 * np.sin(np.arange(8000) * 0.7)
    sound = np.concatenate(
        [silence(8000, 100), buzz, silence(8000, 250), buzz, silence(8000, 900), buzz]
    )
    found = marks(8000, sound, padding_ms=300, silence_ms=200)
    assert found == [
        (STARTED, 0),
        (STOPPED, 1100),
        (STARTED, 1100),
        (STOPPED, 2350),
        (STARTED, 2950),
    ]


def test_clicks_are_not_speech():
    """30 ms of anything are too short, and a click does not keep speech alive."""
    click = 20_000 * np.sin(np.arange(240) * 0.7)
    sound = np.concatenate([np.concatenate([click, silence(8000, 200)])] * 10)
    assert marks(8000, sound) == []
    buzz = 5000 * np.sin(np.arange(8000) * 0.7)
    tail = np.concatenate([np.concatenate([silence(8000, 200), click[:80]])] * 5)
    assert marks(8000, np.concatenate([buzz, tail])) == [(STARTED, 0), (STOPPED, 1000)]


@pytest.mark.parametrize("rate", RATES)
def test_cutting_does_not_matter(rate):
    """The same marks for calls of 1 sample, of odd sizes and of 20 ms."""
    sound = np.concatenate([noise(rate, 300, -60), voice(rate, 600, -25), silence(rate, 600)])
    whole = marks(rate, sound)
    assert len(whole) == 2
    for chunk in (1 if rate == 8000 else 11, 37, rate // 100, rate // 50):
        assert marks(rate, sound, chunk=chunk) == whole


@pytest.mark.parametrize("rate", RATES)
def test_a_scan_stops_at_each_mark_and_takes_the_rest_later(rate):
    """The same marks as by calls of 20 ms."""
    sound = np.concatenate([voice(rate, 400, -25), silence(rate, 900)] * 3).astype(np.int16)
    state, taken = ffi.new("vx_vad *"), ffi.new("size_t *")
    assert lib.vx_vad_init(state, rate, 500, 0, 500) == lib.VX_OK
    samples = ffi.from_buffer("int16_t[]", sound)
    at, found = 0, []
    while at < len(sound):
        mark = lib.vx_vad_scan(state, samples + at, len(sound) - at, taken)
        at += taken[0]
        found.append((mark, at))
    assert [mark for mark, _ in found] == [STARTED, STOPPED] * 3 + [NONE]
    assert all(at % (rate // 50) == 0 for _, at in found)


def test_wrong_arguments_are_a_status():
    """Every range is checked, and a state that was never made ready is refused."""
    state, x = ffi.new("vx_vad *"), ffi.new("int16_t[200]")
    assert lib.vx_vad_run(state, x, 160) == lib.VX_E_ARGUMENT
    assert lib.vx_vad_init(ffi.NULL, 8000, 500, 0, 500) == lib.VX_E_ARGUMENT
    assert lib.vx_vad_init(state, 12000, 500, 0, 500) == lib.VX_E_RATE
    for wrong in ((99, 0, 500), (901, 0, 500), (500, -1, 500), (500, 10_001, 500),
                  (500, 0, 19), (500, 0, 10_001)):  # fmt: skip
        assert lib.vx_vad_init(state, 8000, *wrong) == lib.VX_E_ARGUMENT
    assert lib.vx_vad_init(state, 8000, 500, 0, 500) == lib.VX_OK
    assert lib.vx_vad_run(state, ffi.NULL, 1) == lib.VX_E_ARGUMENT
    assert lib.vx_vad_run(state, x, 161) == lib.VX_E_LENGTH
    assert lib.vx_vad_run(ffi.NULL, x, 1) == lib.VX_E_ARGUMENT
    assert lib.vx_vad_run(state, x, 160) == NONE
    taken = ffi.new("size_t *")
    for wrong in ((ffi.NULL, x, 1, taken), (state, ffi.NULL, 1, taken), (state, x, 1, ffi.NULL)):
        assert lib.vx_vad_scan(*wrong) == lib.VX_E_ARGUMENT
    assert lib.vx_vad_scan(ffi.new("vx_vad *"), x, 1, taken) == lib.VX_E_ARGUMENT
    assert lib.vx_vad_scan(state, x, 200, taken) == NONE
    assert taken[0] == 200
