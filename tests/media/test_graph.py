"""The Python face of the audio graph, by example."""

from __future__ import annotations

import array
import gc
import math

import pytest

from voxrt.media.codecs import level_dbfs, tone
from voxrt.media.graph import Graph, Heard, MarkKind, Side

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


# Sound


def test_what_is_pushed_comes_out_of_the_tap(graph):
    """In frames of 20 ms, the last one padded with silence."""
    port = graph.port("caller", 8000)
    tap = graph.tap((port, Side.SOURCE))
    assert port.push(pcm(5, 200)) == 200
    assert port.queued_samples == 200
    run(graph, 2)
    assert values(tap.read()) == [5] * 200 + [0] * 120
    assert port.queued_samples == 0


def test_a_link_carries_sound_one_way(graph):
    """And the other way by another link; a tap shows both sides."""
    one, other = graph.port("one", 8000), graph.port("other", 8000)
    one.send_to(other)
    tap = graph.tap((one, Side.SINK), (other, Side.SINK))
    one.push(pcm(7, FRAME))
    other.push(pcm(9, FRAME))
    run(graph, 1)
    assert values(tap.read()) == [0, 7] * FRAME


def test_sources_are_mixed_with_saturation(graph):
    """The sum is limited once, at the end."""
    sources = [graph.port(f"source {i}", 8000) for i in range(3)]
    sink = graph.port("sink", 8000)
    for source, value in zip(sources, (30_000, 30_000, -20_000), strict=True):
        source.send_to(sink)
        source.push(pcm(value, FRAME))
    sources[0].push(pcm(30_000, FRAME))
    sources[1].push(pcm(30_000, FRAME))
    tap = graph.tap((sink, Side.SINK))
    run(graph, 2)
    assert values(tap.read()) == [32767] * (2 * FRAME)


def test_a_port_that_sends_to_itself_hears_an_echo(graph):
    """In the same frame."""
    port = graph.port("caller", 8000)
    port.send_to(port)
    tap = graph.tap((port, Side.SINK))
    port.push(pcm(3, FRAME))
    run(graph, 1)
    assert values(tap.read()) == [3] * FRAME


def test_every_member_of_a_conference_hears_the_others(graph):
    """N-1, exact also where the whole sum would be limited."""
    hub = graph.conference("hub", 8000)
    members = [graph.port(f"member {i}", 8000) for i in range(3)]
    taps = []
    for member, value in zip(members, (20_000, 15_000, -1_000), strict=True):
        member.send_to(hub)
        hub.send_to(member)
        member.push(pcm(value, FRAME))
        taps.append(graph.tap((member, Side.SINK)))
    whole = graph.tap((hub, Side.SOURCE))
    assert hub.members == tuple(members)
    run(graph, 1)
    assert [values(tap.read())[0] for tap in taps] == [14_000, 19_000, 32767]
    assert values(whole.read())[0] == 32767


def test_what_a_conference_plays_is_heard_by_all(graph):
    """An announcement: pushed into the conference itself."""
    hub, member = graph.conference("hub"), graph.port("member", 16_000)
    member.send_to(hub)
    hub.send_to(member)
    hub.push(pcm(5, 320), tag=3)
    tap, ledger = graph.tap((member, Side.SINK)), member.ledger()
    run(graph, 1)
    assert values(tap.read()) == [5] * 320
    assert ledger.read() == [Heard(0, hub, 3, 0, 320)]


def test_conferences_are_joined_with_one_tick_of_delay(graph):
    """In both directions at once, without hearing oneself."""
    left, right = graph.conference("left", 8000), graph.conference("right", 8000)
    left.send_to(right)
    right.send_to(left)
    one, other = graph.port("one", 8000), graph.port("other", 8000)
    for member, hub in ((one, left), (other, right)):
        member.send_to(hub)
        hub.send_to(member)
    one.push(pcm(100, FRAME))
    taps = [graph.tap((port, Side.SINK)) for port in (one, other)]
    run(graph, 3)
    assert values(taps[0].read()) == [0] * (3 * FRAME)
    assert values(taps[1].read()) == [0] * FRAME + [100] * FRAME + [0] * FRAME


def test_rates_meet_in_the_middle(graph):
    """A tone keeps its level from 8 to 48 kHz and from 48 to 8 kHz."""
    low, high = graph.port("low", 8000), graph.port("high", 48_000)
    low.send_to(high)
    high.send_to(low)
    low.push(tone([1000], 8000, 400, level_dbfs=-20))
    high.push(tone([1000], 48_000, 400, level_dbfs=-20))
    at_high, at_low = graph.tap((high, Side.SINK)), graph.tap((low, Side.SINK))
    run(graph, 20)
    for tap in (at_high, at_low):
        steady = tap.read()[len(tap.read()) // 4 * 2 :]
        assert math.isclose(level_dbfs(steady[steady.__len__() // 4 * 2 :]), -20, abs_tol=0.2)


def test_a_tap_mixes_and_resamples(graph):
    """Mono is the mix of its points; the rate is the tap's own."""
    one, other = graph.port("one", 8000), graph.port("other", 16_000)
    one.push(pcm(1000, 8000))
    other.push(pcm(500, 16_000))
    tap = graph.tap((one, Side.SOURCE), mix=[(other, Side.SOURCE)], rate_hz=24_000)
    run(graph, 50)
    data = values(tap.read())
    assert len(data) == 24_000
    assert all(abs(value - 1500) <= 3 for value in data[1000:])


# The queue


def test_what_does_not_fit_is_dropped_and_told(graph):
    """The surplus is refused by push and marked in the next tick."""
    port = graph.port("agent", 8000, queue_ms=100)
    assert port.push(pcm(1, 1000)) == 800
    assert port.push(pcm(1, 10)) == 0
    assert told(run(graph, 3)) == [(0, "agent", MarkKind.OVERFLOW, 210)]


def test_clear_returns_what_was_not_played(graph):
    """All of it, or what has a tag; the rest stays in order."""
    port = graph.port("agent", 8000)
    tap = graph.tap((port, Side.SOURCE))
    port.push(pcm(1, 200), tag=1)
    port.push(pcm(2, 200), tag=2)
    port.push(pcm(3, 100), tag=1)
    run(graph, 1)
    assert port.clear(1) == 140
    assert port.queued_samples == 200
    assert port.clear(7) == 0
    run(graph, 1)
    assert port.clear() == 40
    assert port.clear() == 0
    run(graph, 1)
    assert values(tap.read()) == [1] * FRAME + [2] * FRAME + [0] * FRAME


def test_playback_marks_tell_the_frame_and_the_tag(graph):
    """Started with the first sample; ended with the first silence where it would have gone on."""
    port = graph.port("agent", 8000)
    port.detect(Side.SOURCE, playback=True)
    run(graph, 3)
    port.push(pcm(1, 2 * FRAME), tag=4)
    port.push(pcm(1, 50), tag=5)
    assert told(run(graph, 9)) == [
        (3, "agent", MarkKind.PLAYBACK_STARTED, 4),
        (5, "agent", MarkKind.PLAYBACK_ENDED, 5),
    ]
    port.push(pcm(1, FRAME), tag=6)
    assert told(run(graph, 9)) == [
        (12, "agent", MarkKind.PLAYBACK_STARTED, 6),
        (13, "agent", MarkKind.PLAYBACK_ENDED, 6),
    ]


def test_clearing_ends_the_playback(graph):
    """In the next tick."""
    port = graph.port("agent", 8000)
    port.detect(Side.SOURCE, playback=True)
    port.push(pcm(1, 9000), tag=4)
    run(graph, 5)
    port.clear()
    assert told(run(graph, 5)) == [(5, "agent", MarkKind.PLAYBACK_ENDED, 4)]


def test_sound_pushed_frame_by_frame_is_one_playback(graph):
    """Its end is not told between two frames that follow each other."""
    port = graph.port("agent", 8000)
    port.detect(Side.SOURCE, playback=True)
    marks = []
    for _ in range(5):
        port.push(pcm(1, FRAME), tag=1)
        marks += run(graph, 1)
    marks += run(graph, 5)
    assert [mark.kind for mark in marks] == [MarkKind.PLAYBACK_STARTED, MarkKind.PLAYBACK_ENDED]


# Clips and tones


def test_a_clip_plays_beside_the_queue(graph):
    """Mixed with it, and with its own marks."""
    port = graph.port("player", 8000)
    port.detect(Side.SOURCE, playback=True)
    tap = graph.tap((port, Side.SOURCE))
    port.push(pcm(1, 2 * FRAME), tag=1)
    port.play(pcm(10, FRAME + 10), tag=2)
    assert told(run(graph, 4)) == [
        (0, "player", MarkKind.PLAYBACK_STARTED, 1),
        (0, "player", MarkKind.PLAYBACK_STARTED, 2),
        (1, "player", MarkKind.PLAYBACK_ENDED, 2),
        (2, "player", MarkKind.PLAYBACK_ENDED, 1),
    ]
    assert values(tap.read()) == [11] * (FRAME + 10) + [1] * (FRAME - 10) + [0] * (2 * FRAME)


def test_a_clip_loops_until_it_is_stopped(graph):
    """stop() tells where it was, and a later clip resumes there."""
    port = graph.port("player", 8000)
    tap = graph.tap((port, Side.SOURCE))
    port.play(array.array("h", [1, 2, 3]).tobytes(), loop=True)
    run(graph, 1)
    assert values(tap.read())[:7] == [1, 2, 3, 1, 2, 3, 1]
    assert port.stop() == FRAME % 3
    run(graph, 1)
    assert values(tap.read()) == [0] * FRAME
    port.play(array.array("h", [1, 2, 3]).tobytes(), loop=True, start=1)
    run(graph, 1)
    assert values(tap.read())[:3] == [2, 3, 1]
    port.stop()
    assert port.stop() == 0


def test_a_clip_takes_the_place_of_the_one_before(graph):
    """Which ends in the tick in which the new one starts."""
    port = graph.port("player", 8000)
    port.detect(Side.SOURCE, playback=True)
    port.play(pcm(1, 8000), tag=1)
    run(graph, 2)
    port.play(pcm(1, FRAME), tag=2)
    assert told(run(graph, 3)) == [
        (2, "player", MarkKind.PLAYBACK_STARTED, 2),
        (2, "player", MarkKind.PLAYBACK_ENDED, 1),
        (3, "player", MarkKind.PLAYBACK_ENDED, 2),
    ]


def test_a_tone_has_a_cadence(graph):
    """Ringback: on, off, and again; it ends after its rounds."""
    port = graph.port("player", 8000)
    port.detect(Side.SOURCE, playback=True)
    tap = graph.tap((port, Side.SOURCE))
    port.play_tone([440, 480], level_dbfs=-19, cadence_ms=[40, 20], repeats=2, tag=1)
    marks = run(graph, 7)
    data = tap.read()
    levels = [level_dbfs(data[at : at + 2 * FRAME]) for at in range(0, len(data), 2 * FRAME)]
    assert [level > -30 for level in levels] == [True, True, False, True, True, False, False]
    assert told(marks)[-1] == (6, "player", MarkKind.PLAYBACK_ENDED, 1)


# Life


def test_closing_a_port_ends_its_links(graph):
    """Taps on it go on with silence, marks taken later still name it."""
    one, other = graph.port("one", 8000), graph.port("other", 8000)
    one.send_to(other)
    other.send_to(one)
    one.detect(Side.SOURCE, playback=True)
    tap, ledger = graph.tap((one, Side.SOURCE)), other.ledger()
    one.push(pcm(1, 8000), tag=1)
    graph.advance(1)
    one.close()
    one.close()
    assert one.closed
    assert not other.closed
    assert (other.sources, other.targets) == ((), ())
    assert [mark.port for mark in run(graph, 2)] == [one]
    assert [heard.source for heard in ledger.read()] == [one]
    assert values(tap.read()) == [1] * FRAME + [0] * (2 * FRAME)
    statistics = graph.statistics()
    assert (statistics.ports, statistics.links, statistics.ticks) == (1, 0, 3)


def test_links_are_made_once_and_removed_once(graph):
    """Doing either twice is harmless."""
    one, other = graph.port("one", 8000), graph.port("other", 8000)
    one.send_to(other)
    one.send_to(other)
    assert one.targets == (other,)
    assert other.sources == (one,)
    assert graph.statistics().links == 1
    one.stop_sending_to(other)
    one.stop_sending_to(other)
    assert graph.statistics().links == 0


def test_a_forgotten_graph_is_freed():
    """Without being closed, and with its pacer running."""
    for _ in range(3):
        graph = Graph()
        graph.port("x", 8000).push(bytes(1000))
        graph.start_pacer(100)
        del graph
        gc.collect()
