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


def test_only_a_source_can_be_muted(graph):
    for unit in (graph.port("phone", 8_000), graph.conference("room")):
        with pytest.raises(MediaError):
            unit.detect(Side.SINK, dtmf="mute")


def mixed(graph, dtmf):
    """A room at 16 kHz with somebody who presses keys and two who listen, one of whom speaks.

    Returns what the two and a second room hear, what a tap of the room has, the marks, and how
    many ledger entries of the listener have the tag of the keys.
    """
    room, other_room = graph.conference("room", 16_000), graph.conference("other", 16_000)
    keys, speaker, listener = (graph.port(name, 8_000) for name in ("keys", "speaker", "listener"))
    for member in (keys, speaker, listener):
        member.send_to(room)
        room.send_to(member)
    room.send_to(other_room)
    far = graph.port("far", 16_000)
    other_room.send_to(far)
    room.detect(Side.SOURCE, dtmf=dtmf)
    ledger = listener.ledger(Side.SINK)
    ends = [(speaker, Side.SINK), (listener, Side.SINK), (far, Side.SINK), (room, Side.SOURCE)]
    taps = [graph.tap(end, rate_hz=16_000) for end in ends]
    keys.push(b"".join(dtmf_sound(digit) for digit in "42"), tag=7)
    speaker.push(bytes(2 * 8 * 700) + tone([300], 8_000, 300, level_dbfs=-20.0), tag=8)
    marks, left = [], 60
    while left > 0:
        left -= graph.advance(left)
        marks += graph.take_marks()
    tagged = sum(heard.samples for heard in ledger.read() if heard.tag == 7)
    return [tap.read() for tap in taps], marks, tagged


def dtmf_sound(digit):
    return dtmf(digit, 8_000, 100, 150)


def test_digits_are_taken_out_of_a_mix(graph):
    """Of what everybody in it hears, also those in a room behind it; speech is as it was."""
    before = graph.tick
    heard, marks, tagged = mixed(graph, "mute")
    plain, plain_marks, all_tagged = mixed(graph, True)
    assert digits(marks) == digits(plain_marks) == "42"
    told = [mark.tick - before for mark in marks if mark.kind is MarkKind.DIGIT]
    assert told == [mark.tick - before - 60 for mark in plain_marks if mark.kind is MarkKind.DIGIT]
    assert all_tagged - tagged >= 2 * (100 - 26) * 8
    speech_from = 2 * 16 * 600
    for muted, whole in zip(heard, plain, strict=True):
        keys = slice(0, speech_from)
        assert sum(loud_frames(muted[keys])) <= 2 * 2
        assert sum(loud_frames(whole[keys])) >= 2 * 5
        assert muted[speech_from:] == whole[speech_from:]
    speaker, listener = heard[:2]
    assert not any(loud_frames(speaker[speech_from:]))
    assert any(loud_frames(listener[speech_from:]))


def test_a_mix_is_heard_again_when_muting_ends(graph):
    room, phone, other = graph.conference("room"), graph.port("a", 8_000), graph.port("b", 8_000)
    phone.send_to(room)
    room.send_to(other)
    room.detect(Side.SOURCE, dtmf="mute")
    tap = graph.tap((other, Side.SINK))
    phone.push(dtmf("5", 8_000, 400, 0))
    while graph.tick < 10:
        graph.advance(10 - graph.tick)
    room.detect(Side.SOURCE, dtmf=False)
    while graph.tick < 20:
        graph.advance(20 - graph.tick)
    loud = loud_frames(tap.read(), 8_000)
    assert not any(loud[2:10])
    assert all(loud[11:20])
