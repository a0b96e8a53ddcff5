"""Digits taken out of a port's sound: `detect(dtmf="mute")`."""

from __future__ import annotations

import pytest

from voxrt.errors import MediaError
from voxrt.media.codecs import dtmf, level_dbfs, tone
from voxrt.media.graph import Graph, MarkKind, Side
from voxrt.media.speech import Speaker

FRAME_MS = 20


@pytest.fixture
def graph():
    graph = Graph()
    yield graph
    graph.close()


def played(graph, pcm, *, rate_hz=8_000, tag=0, **settings):
    """(what another port hears, the marks, the ledger's tags) of a sound."""
    port, other = graph.port("phone", rate_hz), graph.port("other", 16_000)
    port.send_to(other)
    port.detect(Side.SOURCE, **settings)
    ledger = other.ledger(Side.SINK)
    tap = graph.tap((other, Side.SINK))
    port.push(pcm, tag=tag)
    marks = []
    left = len(pcm) // (2 * rate_hz // 1000) // FRAME_MS + 10
    while left > 0:
        left -= graph.advance(left)
        marks += graph.take_marks()
    return tap.read(), marks, ledger.read()


def digits(marks):
    return "".join(chr(mark.value) for mark in marks if mark.kind is MarkKind.DIGIT)


def loud_frames(pcm, rate_hz=16_000):
    size = 2 * rate_hz * FRAME_MS // 1000
    return [level_dbfs(pcm[i : i + size]) > -45 for i in range(0, len(pcm), size)]


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 24_000, 48_000])
@pytest.mark.parametrize("lead_ms", [0, 3, 7, 11, 15, 19])
def test_only_a_click_of_each_digit_stays(graph, rate_hz, lead_ms):
    """Wherever in a frame it begins, at most 26 ms are heard, and every digit is told once."""
    pcm = bytes(2 * lead_ms * rate_hz // 1000)
    pcm += b"".join(dtmf(digit, rate_hz, 100, 100) for digit in "159#")
    heard, marks, _ = played(graph, pcm, rate_hz=rate_hz, dtmf="mute")
    assert digits(marks) == "159#"
    assert sum(loud_frames(heard)) <= 2 * len("159#")
    whole = played(graph, pcm, rate_hz=rate_hz, dtmf=True)
    assert digits(whole[1]) == "159#"
    assert sum(loud_frames(whole[0])) >= 5 * len("159#")


def test_the_same_digits_are_told_at_the_same_time(graph):
    pcm = b"".join(dtmf(digit, 8_000, 80, 60) for digit in "0123456789*#")
    with_sound = played(graph, pcm, dtmf=True)[1]
    before = graph.tick
    muted = played(graph, pcm, dtmf="mute")[1]
    times = [m.tick for m in with_sound if m.kind is MarkKind.DIGIT]
    assert [m.tick - before for m in muted if m.kind is MarkKind.DIGIT] == times


def test_speech_is_left_as_it_is(graph):
    speech = Speaker("synthetic").say("Please put me through to somebody else.", rate_hz=8_000)
    heard, marks, ledger = played(graph, speech.pcm, tag=7, dtmf="mute")
    plain, _, same = played(graph, speech.pcm, tag=7)
    assert digits(marks) == ""
    assert heard == plain
    assert [(h.tag, h.offset, h.samples) for h in ledger] == [
        (h.tag, h.offset, h.samples) for h in same
    ]


def test_a_tone_beside_is_left_as_it_is(graph):
    pcm = tone([440, 480], 8_000, 500)
    heard, marks, _ = played(graph, pcm, dtmf="mute")
    assert (digits(marks), heard) == ("", played(graph, pcm)[0])


def test_what_is_muted_is_not_in_the_ledger(graph):
    """A word that a digit covers was not audible."""
    pcm = tone([440], 8_000, 200) + dtmf("5", 8_000, 200, 0) + tone([440], 8_000, 200)
    _, _, ledger = played(graph, pcm, tag=9, dtmf="mute")
    offsets = [heard.offset for heard in ledger]
    covered = [o for o in offsets if 1_600 + 26 * 8 <= o < 3_200]
    assert covered == []
    assert offsets[0] == 0
    assert offsets[-1] > 4_000


def test_it_ends(graph):
    """Another setting brings the sound back."""
    pcm = dtmf("5", 8_000, 400, 0)
    port, other = graph.port("phone", 8_000), graph.port("other", 8_000)
    port.send_to(other)
    port.detect(Side.SOURCE, dtmf="mute")
    tap = graph.tap((other, Side.SINK))
    port.push(pcm)
    while graph.tick < 10:
        graph.advance(10 - graph.tick)
    port.detect(Side.SOURCE, dtmf=False)
    while graph.tick < 20:
        graph.advance(20 - graph.tick)
    loud = loud_frames(tap.read(), 8_000)
    assert not any(loud[2:10])
    assert all(loud[10:20])


def test_only_the_source_of_a_port_can_be_muted(graph):
    port, room = graph.port("phone", 8_000), graph.conference("room")
    for unit, side in ((port, Side.SINK), (room, Side.SOURCE)):
        with pytest.raises(MediaError):
            unit.detect(side, dtmf="mute")
