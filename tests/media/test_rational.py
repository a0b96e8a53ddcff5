"""The resampler for rates that the audio core does not know."""

from __future__ import annotations

import math
from array import array

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxrt._native import ffi, lib
from voxrt.errors import MediaError
from voxrt.media.rational import ONE, _phases, length_at, mean_of_channels, resample_any, samples_of


def sine(hz: float, rate_hz: int, samples: int, peak: int = 20_000) -> bytes:
    return array(
        "h", [round(peak * math.sin(2 * math.pi * hz * i / rate_hz)) for i in range(samples)]
    ).tobytes()


@pytest.mark.parametrize("out_hz", [8_000, 16_000, 24_000, 48_000])
@pytest.mark.parametrize("in_hz", [11_025, 22_050, 32_000, 44_100])
def test_a_tone_keeps_its_place_and_level(in_hz, out_hz):
    out = samples_of(resample_any(sine(1_000, in_hz, in_hz // 2), in_hz, out_hz))
    expected = samples_of(sine(1_000, out_hz, len(out)))
    margin = out_hz // 100
    assert abs(len(out) - out_hz // 2) <= 2
    assert all(
        abs(a - b) <= 60 for a, b in zip(out[margin:-margin], expected[margin:-margin], strict=True)
    )


@pytest.mark.parametrize(("hz", "out_hz"), [(5_200, 8_000), (9_800, 16_000)])
def test_a_tone_above_the_new_band_is_gone(hz, out_hz):
    out = samples_of(resample_any(sine(hz, 22_050, 11_025), 22_050, out_hz))
    assert max(map(abs, out[200:-200])) < 40


def test_a_constant_is_kept_exactly():
    out = samples_of(resample_any(array("h", [12_345] * 2_000).tobytes(), 22_050, 16_000))
    assert set(out[100:-100]) == {12_345}


def test_full_scale_saturates():
    square = array("h", ([32_767] * 50 + [-32_768] * 50) * 20).tobytes()
    out = samples_of(resample_any(square, 22_050, 48_000))
    assert max(out) == 32_767
    assert min(out) == -32_768


@settings(max_examples=30)
@given(st.binary(max_size=400), st.sampled_from([8_000, 22_050, 44_100, 48_000]))
def test_the_length_is_the_nearest_one(data, in_hz):
    pcm = data[: len(data) // 2 * 2]
    out = resample_any(pcm, in_hz, 16_000)
    assert len(out) // 2 == length_at(len(pcm) // 2, in_hz, 16_000)


def test_the_same_rate_is_handed_through():
    assert resample_any(b"\1\2\3\4", 16_000, 16_000) == b"\1\2\3\4"


def test_wrong_arguments_are_named():
    with pytest.raises(MediaError, match="3 bytes are not a whole number"):
        resample_any(b"abc", 22_050, 16_000)
    with pytest.raises(MediaError, match="100 Hz is not between"):
        resample_any(b"ab", 100, 16_000)


def reference(pcm: bytes, in_hz: int, out_hz: int) -> list[int]:
    """The same filter, one output after another."""
    rows, samples = _phases(in_hz, out_hz), samples_of(pcm)
    up, taps = len(rows), len(rows[0])
    padded = [0] * (taps // 2 - 1) + [*samples] + [0] * 2 * taps
    out = []
    for index in range(length_at(len(samples), in_hz, out_hz)):
        start, phase = divmod(index * (in_hz * up // out_hz), up)
        total = sum(map(int.__mul__, rows[phase], padded[start : start + taps]))
        out.append(min(32_767, max(-32_768, (total + ONE // 2) >> 15)))
    return out


@settings(max_examples=60)
@given(
    st.binary(max_size=900),
    st.sampled_from([(44_100, 16_000), (11_025, 8_000), (22_050, 48_000), (32_000, 16_000)]),
)
def test_the_core_is_exact(data, rates):
    pcm = data[: len(data) // 2 * 2]
    assert list(samples_of(resample_any(pcm, *rates))) == reference(pcm, *rates)


def test_the_core_refuses_a_filter_that_is_none():
    out, rows = ffi.new("int16_t[]", 4), ffi.new("int32_t[]", 4)
    for up, down, taps in ((0, 1, 2), (1, 0, 2), (1, 1, 0), (1, 1, 3), (1, 1, 1 << 17)):
        assert lib.vx_polyphase(out, 4, rows, up, down, taps, out, 4) == lib.VX_E_ARGUMENT
    assert lib.vx_polyphase(ffi.NULL, 0, rows, 1, 1, 2, ffi.NULL, 0) == lib.VX_OK
    assert lib.vx_polyphase(ffi.NULL, 1, rows, 1, 1, 2, out, 4) == lib.VX_E_ARGUMENT


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(-32_768, 32_767), st.integers(-32_768, 32_767))))
def test_two_channels_as_one(pairs):
    pcm = array("h", [sample for pair in pairs for sample in pair]).tobytes()
    wanted = [(left + right + 1) >> 1 for left, right in pairs]
    assert list(samples_of(mean_of_channels(pcm))) == wanted
