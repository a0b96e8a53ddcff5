"""Detectors in the graph against the same detectors run over every sample."""

from __future__ import annotations

import array

from hypothesis import given, settings
from hypothesis import strategies as st

from voxrt.media.codecs import DtmfDetector, Vad, dtmf, tone
from voxrt.media.graph import Graph, MarkKind, Side, VadSettings

RATES = (8000, 16000, 24000, 48000)

pieces = st.lists(
    st.one_of(
        st.tuples(st.just("pause"), st.integers(1, 900)),
        st.tuples(st.just("tone"), st.integers(1, 400)),
        st.tuples(st.just("digit"), st.sampled_from("0123456789*#ABCD")),
        st.tuples(st.just("quiet"), st.integers(1, 30)),
    ),
    max_size=8,
)


def render(piece, rate_hz):
    kind, value = piece
    if kind == "pause":
        return bytes(2 * (rate_hz // 1000 * value))
    if kind == "tone":
        return tone([330, 700], rate_hz, value, level_dbfs=-18)
    if kind == "digit":
        return dtmf(value, rate_hz, 70, 50)
    return array.array("h", [value, -value] * (rate_hz // 100)).tobytes()


@settings(max_examples=60)
@given(pieces=pieces, rate_hz=st.sampled_from(RATES), silence_ms=st.sampled_from((100, 500)))
def test_skipping_silence_changes_no_mark(pieces, rate_hz, silence_ms):
    """Speech and digits are told in the same places as without any short cut."""
    sound = b"".join(render(piece, rate_hz) for piece in pieces)
    frame = rate_hz // 50 * 2
    ticks = len(sound) // frame + 100
    graph = Graph()
    port = graph.port("caller", rate_hz, queue_ms=20_000)
    port.detect(Side.SOURCE, vad=VadSettings(silence_ms=silence_ms), dtmf=True)
    port.push(sound)
    marks = []
    while graph.tick < ticks:
        graph.advance(ticks - graph.tick)
        marks += graph.take_marks()
    graph.close()

    vad, digits = Vad(rate_hz, silence_ms=silence_ms), DtmfDetector(rate_hz)
    expected = []
    for tick in range(ticks):
        heard = sound[tick * frame : (tick + 1) * frame].ljust(frame, b"\0")
        for mark in vad.run(heard):
            kind = MarkKind[f"SPEECH_{mark.kind.name}"]
            expected.append((tick, kind, mark.offset_samples))
        expected += [(tick, MarkKind.DIGIT, ord(digit)) for digit in digits.run(heard)]
    assert [(mark.tick, mark.kind, mark.value) for mark in marks] == expected
