"""Detectors, ledgers and taps of the audio graph, by example."""

from __future__ import annotations

import array

import pytest

from voxrt.errors import MediaError
from voxrt.media.codecs import dtmf, tone
from voxrt.media.graph import Graph, Heard, Mark, MarkKind, Side, VadSettings

FRAME = 160  # samples at 8 kHz


@pytest.fixture
def graph():
    graph = Graph()
    yield graph
    graph.close()


def pcm(value, samples):
    return array.array("h", [value] * samples).tobytes()


def values(data):
    return array.array("h", data).tolist()


def run(graph, ticks):
    """Exactly so many ticks; all marks on the way."""
    marks = graph.take_marks()
    while ticks:
        ran = graph.advance(ticks)
        ticks -= ran
        marks += graph.take_marks()
        assert ran or not ticks
    return marks


def told(marks):
    return [(mark.tick, mark.port.name, mark.kind, mark.value) for mark in marks]


# Detectors


def test_one_second_of_silence_after_sound_is_told_once(graph):
    """A thousand ms after the last audible frame; never before anything was audible."""
    port = graph.port("agent", 8000)
    port.detect(Side.SOURCE, silence_ms=1000)
    assert run(graph, 100) == []
    port.push(pcm(1000, 2 * FRAME))
    assert told(run(graph, 200)) == [(151, "agent", MarkKind.SILENCE, 1000)]


def test_noise_below_minus_60_dbfs_counts_as_silence(graph):
    """-60 dBFS is an RMS of 32.8."""
    port = graph.port("agent", 8000)
    port.detect(Side.SOURCE, silence_ms=100)
    port.push(pcm(33, FRAME))
    port.push(pcm(32, 20 * FRAME))
    assert told(run(graph, 20)) == [(5, "agent", MarkKind.SILENCE, 100)]


def test_speech_is_told_with_its_offsets(graph):
    """In samples since the detector was set, also when silent frames were skipped."""
    port, far = graph.port("caller", 8000), graph.port("far", 16_000)
    port.send_to(far)
    run(graph, 7)
    far.detect(Side.SINK, vad=VadSettings(prefix_padding_ms=0, silence_ms=200))
    run(graph, 500)
    port.push(tone([300, 500], 8000, 600, level_dbfs=-20))
    started, stopped = run(graph, 100)
    assert (started.kind, started.side) == (MarkKind.SPEECH_STARTED, Side.SINK)
    assert stopped.kind is MarkKind.SPEECH_STOPPED
    assert started.value == pytest.approx(500 * 320, abs=320)
    assert stopped.value == pytest.approx(500 * 320 + 600 * 16, abs=640)


def test_digits_are_heard_in_the_sound(graph):
    """Also after a pause in which nothing was computed."""
    port = graph.port("caller", 8000)
    port.detect(Side.SOURCE, dtmf=True)
    port.push(dtmf("12", 8000))
    marks = run(graph, 200)
    port.push(dtmf("#", 8000))
    marks += run(graph, 200)
    assert [chr(mark.value) for mark in marks] == ["1", "2", "#"]


def test_the_level_is_told_by_period(graph):
    """The loudest frame of it, in tenths of dBFS."""
    port = graph.port("caller", 8000)
    port.detect(Side.SOURCE, level_ms=100)
    port.push(tone([1000], 8000, 40, level_dbfs=-20))
    assert told(run(graph, 10)) == [
        (4, "caller", MarkKind.LEVEL, -200),
        (9, "caller", MarkKind.LEVEL, -1000),
    ]


def test_setting_one_detector_leaves_the_others_alone(graph):
    """The silence that has begun goes on being counted."""
    port = graph.port("agent", 8000)
    port.detect(Side.SOURCE, silence_ms=200, playback=True)
    port.push(pcm(1000, FRAME))
    run(graph, 5)
    port.detect(Side.SOURCE, dtmf=True, playback=False)
    assert told(run(graph, 20)) == [(10, "agent", MarkKind.SILENCE, 200)]
    port.detect(Side.SOURCE, silence_ms=0)
    port.push(pcm(1000, FRAME))
    assert run(graph, 50) == []


def test_marks_of_a_tick_come_by_port_and_kind(graph):
    """Whatever the order they were asked for in."""
    two = [graph.port(name, 8000, queue_ms=20) for name in ("first", "second")]
    for port in reversed(two):
        port.detect(Side.SOURCE, level_ms=20, playback=True)
        port.push(pcm(1, 200))
    assert graph.advance(10) == 1
    kinds = [MarkKind.PLAYBACK_STARTED, MarkKind.LEVEL, MarkKind.OVERFLOW]
    marks = graph.take_marks()
    assert [(m.port, m.kind) for m in marks] == [(port, kind) for port in two for kind in kinds]
    assert marks[0] == Mark(0, two[0], Side.SOURCE, MarkKind.PLAYBACK_STARTED, 0)


# Ledgers


def test_the_ledger_tells_what_was_audible(graph):
    """Which part of which utterance, through a conference too, but never oneself."""
    hub = graph.conference("hub")
    caller, agent = graph.port("caller", 8000), graph.port("agent", 24_000)
    for member in (caller, agent):
        member.send_to(hub)
        hub.send_to(member)
    caller.push(pcm(1, FRAME + 40), tag=5)
    agent.push(pcm(1, 600), tag=6, offset=4800)
    ledger = caller.ledger()
    assert caller.ledger(Side.SINK) is ledger
    heard = agent.ledger()
    run(graph, 3)
    assert ledger.read() == [Heard(0, agent, 6, 4800, 480), Heard(1, agent, 6, 5280, 120)]
    assert heard.read() == [Heard(0, caller, 5, 0, FRAME), Heard(1, caller, 5, FRAME, 40)]
    assert ledger.read() == []


def test_the_graph_names_the_ledgers_that_have_changed(graph):
    """By port and side, however many there are; a ledger that nobody reads stays among them."""
    ports = [graph.port(f"port {number}", 8000) for number in range(100)]
    for port in ports:
        port.ledger(Side.SOURCE), port.ledger(Side.SINK)
    assert graph.changed_ledgers() == frozenset()
    for port in ports[::2]:
        port.push(pcm(1000, FRAME), tag=5)
    ports[2].send_to(ports[1])
    run(graph, 1)
    spoke = {(port.id, Side.SOURCE.value) for port in ports[::2]}
    assert graph.changed_ledgers() == spoke | {(ports[1].id, Side.SINK.value)}
    ports[1].ledger(Side.SINK).read()
    ports[4].close()
    assert graph.changed_ledgers() == spoke - {(ports[4].id, Side.SOURCE.value)}
    graph.close()
    with pytest.raises(MediaError, match="closed"):
        graph.changed_ledgers()


def changes(graph, ledger, ticks):
    """The ticks after which the ledger had changed; it is read each time."""
    found = []
    for tick in range(ticks):
        run(graph, 1)
        if graph.changed_ledgers():
            found.append(tick)
            ledger.read()
    return found


def test_sound_that_goes_on_does_not_change_a_ledger(graph):
    """It changes when sound begins, when its last frame is shorter, and when it is over."""
    agent = graph.port("agent", 8000)
    agent.push(pcm(1000, 4 * FRAME + 40), tag=5)
    assert changes(graph, agent.ledger(Side.SOURCE), 8) == [0, 4, 5]


def test_sound_from_elsewhere_changes_a_ledger(graph):
    """Another utterance does, another place in the same one, and another speaker."""
    agent = graph.port("agent", 8000)
    for tag, offset in ((5, 0), (5, FRAME), (6, 2 * FRAME), (6, 9 * FRAME), (6, 10 * FRAME)):
        agent.push(pcm(1000, FRAME), tag=tag, offset=offset)
    assert changes(graph, agent.ledger(Side.SOURCE), 7) == [0, 2, 3, 5]

    one, other, guest = (graph.port(name, 8000) for name in ("one", "other", "guest"))
    ledger = guest.ledger()
    one.send_to(guest)
    one.push(pcm(1000, 2 * FRAME), tag=7)
    assert changes(graph, ledger, 2) == [0]
    one.stop_sending_to(guest)
    other.send_to(guest)
    other.push(pcm(1000, 2 * FRAME), tag=7, offset=2 * FRAME)
    assert changes(graph, ledger, 4) == [0, 2]


def test_several_speakers_change_a_ledger_in_each_frame(graph):
    """Which of them went on is not looked at."""
    one, other, guest = (graph.port(name, 8000) for name in ("one", "other", "guest"))
    one.send_to(guest), other.send_to(guest)
    one.push(pcm(1000, 3 * FRAME), tag=5), other.push(pcm(1000, 3 * FRAME), tag=6)
    assert changes(graph, guest.ledger(), 5) == [0, 1, 2, 3]


def test_sound_without_a_tag_goes_on_whatever_its_frames_are(graph):
    """It has no words."""
    agent = graph.port("agent", 8000)
    agent.push(pcm(1000, 2 * FRAME + 40))
    assert changes(graph, agent.ledger(Side.SOURCE), 6) == [0, 3]


@pytest.mark.parametrize("channels", [1, 2])
def test_a_tap_hands_out_more_than_is_read_in_one_go(graph, channels):
    """Seconds of sound, whole or in parts of any length, in their order."""
    port = graph.port("agent", 48_000, queue_ms=60_000)
    sides = [(port, Side.SOURCE), (port, Side.SOURCE)][:channels]
    whole, parts = graph.tap(*sides), graph.tap(*sides)
    sound = array.array("h", [number % 30_000 for number in range(48_000 * 2)])
    port.push(sound.tobytes())
    run(graph, 100)
    expected = [value for value in sound for _ in range(channels)]
    assert values(whole.read()) == expected
    assert whole.read() == b""
    read = b"".join(parts.read(samples) for samples in (0, 1, 40_000, 10, 100_000, 5))
    assert values(read) == expected


def test_a_cleared_utterance_ends_in_the_ledger(graph):
    """What was dropped was never heard: the offsets tell how far it came."""
    agent, caller = graph.port("agent", 8000), graph.port("caller", 8000)
    agent.send_to(caller)
    ledger = caller.ledger()
    agent.push(pcm(1, 8000), tag=1)
    run(graph, 10)
    dropped = agent.clear()
    agent.push(pcm(1, FRAME), tag=2)
    run(graph, 1)
    last = ledger.read()[-2:]
    assert [(h.tick, h.tag, h.offset) for h in last] == [(9, 1, 9 * FRAME), (10, 2, 0)]
    assert last[0].offset + last[0].samples + dropped == 8000


def test_a_frame_of_too_many_origins_says_so(graph):
    """Sixteen are told; the last entry says that there were more."""
    port = graph.port("agent", 8000)
    ledger = port.ledger(Side.SOURCE)
    for tag in range(1, 21):
        port.push(pcm(1, 8), tag=tag)
    run(graph, 1)
    heard = ledger.read()
    assert [entry.tag for entry in heard] == list(range(1, 17))
    assert [entry.truncated for entry in heard] == [False] * 15 + [True]


def test_a_ledger_that_nobody_reads_grows(graph):
    """Nothing is lost in virtual time."""
    port = graph.port("agent", 8000, queue_ms=200_000)
    ledger = port.ledger(Side.SOURCE)
    port.push(pcm(1, 5000 * FRAME), tag=1)
    run(graph, 6000)
    assert len(ledger.read()) == 5000
    assert ledger.lost == 0


# Taps and time


def test_time_stops_while_a_tap_is_full(graph):
    """Nothing is lost: advance() runs nothing until it is read."""
    port = graph.port("caller", 8000)
    tap = graph.tap((port, Side.SOURCE), buffer_ms=100)
    assert graph.advance(100) == 5
    assert told(graph.take_marks()) == [(4, "caller", MarkKind.TAP_FULL, tap.id)]
    assert graph.advance(100) == 0
    assert told(graph.take_marks()) == [(5, "caller", MarkKind.TAP_FULL, tap.id)]
    assert len(tap.read(FRAME)) == 2 * FRAME
    assert graph.advance(100) == 1
    assert tap.available_samples == 5 * FRAME
    assert len(tap.read()) == 10 * FRAME
    assert graph.tick == 6


def test_chunks_are_told_as_they_fill(graph):
    """Also when a chunk is not a whole number of frames."""
    port = graph.port("caller", 8000)
    tap = graph.tap((port, Side.SINK), chunk_ms=50)
    marks = run(graph, 10)
    assert told(marks) == [(tick, "caller", MarkKind.CHUNK, tap.id) for tick in (2, 4, 7, 9)]
    assert all(mark.side is Side.SINK for mark in marks)


def test_silent_chunks_are_told_together(graph):
    """When so many have passed, or with the next one that has sound in it; none is lost."""
    port = graph.port("caller", 8000)
    tap = graph.tap((port, Side.SOURCE), chunk_ms=100)
    tap.hold_silence(10)
    assert [mark.tick for mark in run(graph, 110)] == [49, 99]
    assert tap.available_samples == 110 * FRAME
    port.push(pcm(1000, 3 * FRAME))
    assert [mark.tick for mark in run(graph, 40)] == [114]
    port.push(pcm(1000, FRAME))
    assert [mark.tick for mark in run(graph, 60)] == [154, 204]
    assert sum(map(bool, values(tap.read()))) == 4 * FRAME


def test_what_was_held_is_told_when_nothing_is_to_be_held_any_more(graph):
    """At the end of the chunk that has begun, and from then on each time."""
    port = graph.port("caller", 8000)
    tap = graph.tap((port, Side.SOURCE), chunk_ms=100)
    tap.hold_silence(10)
    run(graph, 17)
    tap.hold_silence(0)
    assert [mark.tick for mark in run(graph, 13)] == [19, 24, 29]


@pytest.mark.parametrize("chunks", [-1, 1001, 1 << 40])
def test_how_much_a_tap_holds_has_limits(graph, chunks):
    tap = graph.tap((graph.port("caller", 8000), Side.SINK), chunk_ms=100)
    with pytest.raises(MediaError):
        tap.hold_silence(chunks)


def test_advance_can_stop_at_news_of_a_ledger(graph):
    """At a change of one that had not changed since it was read; and only when it is asked to."""
    agent, guest = graph.port("agent", 8000), graph.port("guest", 8000)
    one, other = agent.ledger(Side.SOURCE), guest.ledger(Side.SOURCE)
    agent.push(pcm(1000, 2 * FRAME), tag=5)
    assert not graph.take_news()
    assert graph.advance(10, to_news=True) == 1
    assert (graph.take_news(), graph.take_news()) == (True, False)
    guest.push(pcm(1000, FRAME), tag=6)
    assert graph.advance(10, to_news=True) == 1
    assert graph.advance(10, to_news=True) == 10  # both have changed, and were not read
    one.read(), other.read()
    agent.push(pcm(1000, FRAME), tag=7)
    assert graph.advance(10) == 10
    assert graph.take_news()


def test_advance_stops_at_the_first_mark(graph):
    """So that what happened is known at its frame."""
    port = graph.port("agent", 8000)
    port.detect(Side.SOURCE, silence_ms=100)
    port.push(pcm(1000, FRAME))
    assert graph.advance(1000) == 6
    assert graph.tick == 6
    assert graph.advance(0) == 0
    assert graph.advance(10) == 10
    assert len(graph.take_marks()) == 1


def test_many_marks_are_taken_at_once(graph):
    """More than one batch."""
    for i in range(700):
        graph.port(f"port {i}", 8000).detect(Side.SOURCE, level_ms=20)
    assert graph.advance(1) == 1
    marks = graph.take_marks()
    assert [mark.port.id for mark in marks] == list(range(1, 701))
