"""The pacer: what holds however busy the machine is."""

from __future__ import annotations

import array
import select

import pytest
import trio

from voxrt.errors import MediaError
from voxrt.media.graph import Graph, MarkKind, Side

SECOND = 16_000


@pytest.fixture
def graph():
    graph = Graph()
    yield graph
    graph.close()


def wait_for(fd):
    assert select.select([fd], [], [], 30)[0] == [fd]


def run_until(graph, fd, kind):
    """Takes marks as they come, until there is one of that kind."""
    marks = []
    while not any(mark.kind is kind for mark in marks):
        wait_for(fd)
        marks += graph.take_marks()
    return marks


def test_marks_make_the_descriptor_readable_until_they_are_taken(graph):
    """It stays quiet while nothing happens, and is readable once something did."""
    port = graph.port("caller", 16_000)
    port.detect(Side.SOURCE, playback=True)
    fd = graph.start_pacer(100)
    assert select.select([fd], [], [], 0)[0] == []
    port.push(bytes(2 * 320), tag=5)
    marks = run_until(graph, fd, MarkKind.PLAYBACK_ENDED)
    assert [(mark.kind, mark.value) for mark in marks] == [
        (MarkKind.PLAYBACK_STARTED, 5),
        (MarkKind.PLAYBACK_ENDED, 5),
    ]
    assert select.select([fd], [], [], 0)[0] == []


def test_trio_waits_for_marks(graph):
    """The descriptor works with `trio.lowlevel.wait_readable`."""
    port = graph.port("caller", 16_000)
    port.detect(Side.SOURCE, playback=True, silence_ms=100)
    port.push(array.array("h", [9000] * SECOND).tobytes(), tag=1)
    kinds = []

    async def main():
        fd = graph.start_pacer(50)
        with trio.fail_after(30):
            while MarkKind.SILENCE not in kinds:
                await trio.lowlevel.wait_readable(fd)
                kinds.extend(mark.kind for mark in graph.take_marks())

    trio.run(main)
    assert kinds == [MarkKind.PLAYBACK_STARTED, MarkKind.PLAYBACK_ENDED, MarkKind.SILENCE]


def test_paced_sound_is_the_same_as_in_virtual_time(graph):
    """The pacer only decides when a tick runs, never what it makes."""
    sound = array.array("h", [(i * 37) % 20_001 - 10_000 for i in range(SECOND)]).tobytes()

    def prepare(graph):
        one, other = graph.port("one", 16_000), graph.port("other", 8_000)
        one.send_to(other)
        one.detect(Side.SOURCE, silence_ms=200)
        one.push(sound, tag=1)
        return graph.tap((one, Side.SOURCE), (other, Side.SINK), rate_hz=24_000)

    tap = prepare(graph)
    fd = graph.start_pacer(100)
    run_until(graph, fd, MarkKind.SILENCE)
    graph.stop_pacer()
    paced = tap.read(24_000)

    reference = Graph()
    tap = prepare(reference)
    reference.advance(100)
    assert tap.read(24_000) == paced
    assert tap.lost_samples == 0
    reference.close()


def test_a_clear_beside_the_pacer_counts_every_sample_once(graph):
    """What was pushed is what was heard plus what was dropped plus what waits."""
    port = graph.port("agent", 16_000, queue_ms=60_000)
    ledger = port.ledger(Side.SOURCE)
    fd = graph.start_pacer(100)
    pushed = dropped = heard = 0
    port.detect(Side.SOURCE, level_ms=20)
    for round_ in range(200):
        pushed += port.push(bytes(2 * (100 + 7 * round_)), tag=round_ % 3 + 1)
        if round_ % 4 == 3:
            dropped += port.clear(round_ % 3 + 1 if round_ % 8 == 3 else None)
        if round_ % 50 == 49:
            wait_for(fd)
            graph.take_marks()
        heard += sum(entry.samples for entry in ledger.read())
    graph.stop_pacer()
    heard += sum(entry.samples for entry in ledger.read())
    assert pushed == heard + dropped + port.queued_samples
    assert ledger.lost == 0


def test_a_tap_that_nobody_reads_drops_what_comes_and_counts_it(graph):
    """Beside the pacer nothing waits: the tap tells once that it is full, and counts."""
    port = graph.port("caller", 8_000)
    tap = graph.tap((port, Side.SOURCE), buffer_ms=40)
    fd = graph.start_pacer(100)
    marks = run_until(graph, fd, MarkKind.TAP_FULL)
    assert [mark.value for mark in marks] == [tap.id]
    full = graph.tick
    while graph.tick < full + 10:
        pass
    graph.stop_pacer()
    assert graph.take_marks() == []
    assert tap.available_samples == 320
    assert tap.lost_samples == 160 * (graph.tick - 2)


def test_chunks_arrive_as_marks(graph):
    """A tap with chunk_ms wakes its reader each time so much is there."""
    port = graph.port("caller", 8_000)
    tap = graph.tap((port, Side.SINK), chunk_ms=100)
    fd = graph.start_pacer(20)
    marks = run_until(graph, fd, MarkKind.CHUNK)
    assert (marks[0].kind, marks[0].tick, marks[0].value) == (MarkKind.CHUNK, 4, tap.id)
    assert len(tap.read(800)) == 1600


def test_advance_is_refused_beside_the_pacer(graph):
    """Only one of the two runs the ticks."""
    graph.start_pacer()
    assert graph.statistics().pacing
    with pytest.raises(MediaError, match="cannot be done in the present state"):
        graph.advance(1)
    with pytest.raises(MediaError, match="cannot be done in the present state"):
        graph.start_pacer()
    graph.stop_pacer()
    assert not graph.statistics().pacing
    assert graph.advance(1) == 1


def test_it_starts_and_stops_in_any_order(graph):
    """Also twice, without a tick in between, and after the graph was closed."""
    graph.stop_pacer()
    for _ in range(5):
        first = graph.start_pacer(100)
        graph.stop_pacer()
        graph.stop_pacer()
    assert graph.start_pacer(100) == first
    graph.close()
    graph.stop_pacer()
    graph.close()
    assert graph.closed


@pytest.mark.parametrize("speed", [0, -1, 0.001, 101, 1e9])
def test_a_speed_out_of_range_is_refused(graph, speed):
    """A hundredth to a hundred times real time."""
    with pytest.raises(MediaError):
        graph.start_pacer(speed)


def test_units_come_and_go_while_it_runs(graph):
    """Ports, links, detectors, ledgers and taps are made and closed beside running ticks."""
    hub = graph.conference("hub")
    graph.start_pacer(100)
    for round_ in range(60):
        port = graph.port(f"leg {round_}", (8_000, 16_000, 24_000, 48_000)[round_ % 4])
        port.send_to(hub)
        hub.send_to(port)
        port.detect(Side.SINK, vad=True, silence_ms=100, dtmf=True)
        ledger, tap = port.ledger(), graph.tap((port, Side.SINK), (hub, Side.SOURCE))
        port.push(bytes(3000), tag=1)
        ledger.read()
        tap.close()
        port.close()
    graph.stop_pacer()
    statistics = graph.statistics()
    assert (statistics.ports, statistics.links, statistics.taps) == (1, 0, 0)
    assert statistics.marks_lost == 0


def test_ticks_follow_the_clock(graph):
    """The tick that runs is never ahead of the clock, and its lateness is known."""
    port = graph.port("caller", 8_000)
    port.detect(Side.SOURCE, level_ms=400)
    fd = graph.start_pacer(10)
    run_until(graph, fd, MarkKind.LEVEL)
    lateness = graph.pacer_lateness_ns()
    assert len(lateness) >= 19
    assert all(late >= 0 for late in lateness)
    graph.stop_pacer()
    with pytest.raises(MediaError):
        graph.pacer_lateness_ns()
    assert graph.statistics().worst_late_ns >= max(lateness[:-1])
