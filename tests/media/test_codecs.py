"""The Python face of the DSP primitives."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from voxrt.errors import MediaError
from voxrt.media import codecs
from voxrt.media.codecs import DtmfDetector, Resampler, Vad, VadKind, VadMark

RATES = [8000, 16000, 24000, 48000]


def test_g711_takes_any_bytes_like():
    """bytes, bytearray and memoryview; octets out, samples back."""
    pcm = np.array([0, 1000, -1000, 32767, -32768], "<i2").tobytes()
    for encode, decode in (
        (codecs.ulaw_encode, codecs.ulaw_decode),
        (codecs.alaw_encode, codecs.alaw_decode),
    ):
        code = encode(pcm)
        assert len(code) == 5
        assert encode(bytearray(pcm)) == encode(memoryview(pcm)) == code
        back = np.frombuffer(decode(memoryview(code)), "<i2")
        assert np.allclose(back, np.frombuffer(pcm, "<i2"), rtol=0.04, atol=10)
        assert encode(b"") == decode(b"") == b""


@pytest.mark.parametrize(
    "call",
    [
        codecs.ulaw_encode,
        codecs.alaw_encode,
        codecs.level_dbfs,
        codecs.is_silent,
        Resampler(8000, 16000).run,
        Vad(8000).run,
        DtmfDetector(8000).run,
        lambda pcm: codecs.resample(pcm, 8000, 16000),
        lambda pcm: codecs.mix_minus_one([pcm, pcm]),
    ],
)
def test_half_a_sample_is_a_value_error(call):
    """An odd number of bytes is always the caller's mistake."""
    with pytest.raises(ValueError, match="odd number"):
        call(b"\0\0\0")


@pytest.mark.parametrize(
    "call",
    [
        lambda: Resampler(8000, 44100),
        lambda: Vad(44100),
        lambda: Vad(8000, 0.05),
        lambda: Vad(8000, 0.5, -1),
        lambda: Vad(8000, 0.5, 300, 5),
        lambda: DtmfDetector(0),
        lambda: codecs.dtmf("E", 8000),
        lambda: codecs.dtmf("1", 8000, 0),
        lambda: codecs.tone([5000], 8000, 100),
        lambda: codecs.tone([1000], 8000, 100, level_dbfs=0),
        lambda: codecs.tone([1, 2, 3, 4, 5], 8000, 100),
        lambda: codecs.tone([1000], 8000, 100, cadence_ms=[0]),
    ],
)
def test_what_the_core_refuses_is_a_media_error(call):
    """With the core's own words."""
    with pytest.raises(MediaError, match="The audio core refused: "):
        call()


def test_resampler_keeps_its_state():
    """Frames make the same as the whole."""
    pcm = np.random.default_rng(1).integers(-9999, 9999, 4800).astype("<i2").tobytes()
    for in_hz, out_hz in itertools.product(RATES, RATES):
        one, two = Resampler(in_hz, out_hz), Resampler(in_hz, out_hz)
        whole = one.run(pcm)
        size = in_hz // 50 * 2
        assert b"".join(two.run(pcm[at : at + size]) for at in range(0, len(pcm), size)) == whole
        one.reset()
        assert one.run(pcm) == whole
        assert one.delay_samples <= out_hz // 200


@pytest.mark.parametrize(("in_hz", "out_hz"), list(itertools.product(RATES, RATES)))
def test_resample_keeps_length_and_place(in_hz, out_hz):
    """A pulse stays where it was, and the length is exact, for any number of samples."""
    for count in (0, 1, 2, 159, 160, 1003):
        out = codecs.resample(bytes(2 * count), in_hz, out_hz)
        assert abs(len(out) // 2 - count * out_hz / in_hz) <= 0.5
    t = np.arange(in_hz) / in_hz
    bump = (20000 * np.exp(-(((t - 0.5) / 0.002) ** 2))).astype("<i2")
    out = np.frombuffer(codecs.resample(bump.tobytes(), in_hz, out_hz), "<i2").astype(float)
    u = np.arange(out_hz) / out_hz
    assert np.max(np.abs(out - 20000 * np.exp(-(((u - 0.5) / 0.002) ** 2)))) < 20
    last = np.zeros(480, "<i2")
    last[-50:] = 10_000  # what is at the very end is not lost
    assert np.frombuffer(codecs.resample(last.tobytes(), in_hz, out_hz), "<i2")[-1] > 1000


def test_mix_minus_one():
    """Everyone hears the others."""
    rows = [np.array(r, "<i2").tobytes() for r in ([1, 30000], [2, 30000], [3, -5])]
    mixed = [np.frombuffer(m, "<i2").tolist() for m in codecs.mix_minus_one(rows)]
    assert mixed == [[5, 29995], [4, 29995], [3, 32767]]
    assert codecs.mix_minus_one([]) == []
    assert codecs.mix_minus_one([b"\1\0"]) == [b"\0\0"]
    with pytest.raises(ValueError, match="differ in length"):
        codecs.mix_minus_one([b"\0\0", b"\0\0\0\0"])


@pytest.mark.parametrize("rate", RATES)
def test_digits_made_are_digits_heard(rate):
    """All sixteen, by the default lengths and the shortest."""
    digits = "0123456789*#ABCD"
    assert DtmfDetector(rate).run(codecs.dtmf(digits, rate)) == digits
    assert DtmfDetector(rate).run(codecs.dtmf(digits, rate, 40, 40)) == digits
    assert len(codecs.dtmf("12", rate, 70, 30)) == 2 * 2 * rate // 10


def test_digits_survive_g711_and_resampling():
    """The way they take over a telephone line."""
    digits = "159D*0#"
    line = codecs.ulaw_decode(codecs.ulaw_encode(codecs.dtmf(digits, 8000, 50, 50)))
    for rate in RATES:
        assert DtmfDetector(rate).run(codecs.resample(line, 8000, rate)) == digits


def test_levels():
    """In dBFS, with 0 for a full-scale square wave."""
    assert codecs.level_dbfs(b"") == codecs.level_dbfs(bytes(320)) == -100.0
    assert codecs.level_dbfs(np.full(160, -32768, "<i2").tobytes()) == 0.0
    for level in (-3.0, -20.0, -47.3):
        assert codecs.level_dbfs(codecs.tone([1000], 8000, 1000, level_dbfs=level)) == level
    assert codecs.is_silent(bytes(320))
    assert not codecs.is_silent(bytes(318) + b"\1\0")


def test_tone_with_cadence():
    """Busy: 425 Hz, half a second on and off."""
    busy = codecs.tone([425], 8000, 2000, cadence_ms=[500, 500])
    halves = [busy[at : at + 8000] for at in range(0, len(busy), 8000)]
    assert [codecs.is_silent(half) for half in halves] == [False, True, False, True]
    with pytest.raises(ValueError, match="negative"):
        codecs.tone([425], 8000, -1)


def test_vad_reports_marks_in_order():
    """Start minus padding, and the end of speech; `speaking` between them."""
    vad = Vad(16000, prefix_padding_ms=100, silence_ms=300)
    speech = codecs.tone([200, 700], 16000, 1000)
    assert vad.run(bytes(32000) + speech) == [VadMark(VadKind.STARTED, 16000 - 1600)]
    assert vad.speaking
    assert vad.run(bytes(16000) + speech) == [
        VadMark(VadKind.STOPPED, 32000),
        VadMark(VadKind.STARTED, 40000 - 1600),
    ]
    assert Vad(8000).run(b"") == []
