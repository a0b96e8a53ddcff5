"""What the audio graph refuses, and how it says so."""

from __future__ import annotations

import pytest

from voxrt.errors import MediaError
from voxrt.media.graph import Graph, Side, VadSettings


@pytest.fixture
def graph():
    graph = Graph()
    yield graph
    graph.close()


@pytest.mark.parametrize(
    "call",
    [
        lambda port: port.push(b"12"),
        lambda port: port.clear(),
        lambda port: port.queued_samples,
        lambda port: port.play(b"12"),
        lambda port: port.play_tone([440]),
        lambda port: port.stop(),
        lambda port: port.send_to(port),
        lambda port: port.speaks_by(port),
        lambda port: port.detect(Side.SINK, dtmf=True),
        lambda port: port.ledger(),
    ],
)
def test_a_closed_port_refuses(graph, call):
    """With its name in the message; so it is when its graph was closed."""
    port, kept = graph.port("caller", 8000), graph.port("agent", 8000)
    port.close()
    with pytest.raises(MediaError, match=r"Port 'caller': it has been closed\."):
        call(port)
    graph.close()
    with pytest.raises(MediaError, match=r"Port 'agent': the graph has been closed\."):
        call(kept)


@pytest.mark.parametrize(
    "call",
    [
        lambda graph: graph.port("x", 8000),
        lambda graph: graph.advance(1),
        lambda graph: graph.tick,
        lambda graph: graph.take_marks(),
        lambda graph: graph.start_pacer(),
        lambda graph: graph.statistics(),
    ],
)
def test_a_closed_graph_refuses(graph, call):
    """Closing it twice is harmless."""
    graph.close()
    graph.close()
    with pytest.raises(MediaError, match="the graph has been closed"):
        call(graph)


@pytest.mark.parametrize("rate_hz", [0, -8000, 8001, 11_025, 44_100, 96_000, 10**12])
def test_other_rates_are_refused(graph, rate_hz):
    """For ports, conferences and taps."""
    port = graph.port("x", 8000)
    for make in (graph.port, graph.conference):
        with pytest.raises(MediaError, match="sample rate"):
            make("y", rate_hz)
    with pytest.raises(MediaError, match="sample rate"):
        graph.tap((port, Side.SINK), rate_hz=rate_hz)


def test_half_a_sample_is_refused(graph):
    """An odd number of bytes is never PCM."""
    port = graph.port("x", 8000)
    for call in (port.push, port.play):
        with pytest.raises(ValueError, match="3 bytes"):
            call(b"123")
    assert port.push(b"") == 0
    assert port.push(bytearray(4)) == 2
    assert port.push(memoryview(bytes(6))) == 3


@pytest.mark.parametrize(
    "call",
    [
        lambda port: port.play(b""),
        lambda port: port.play(b"12", start=1),
        lambda port: port.play_tone([5000]),
        lambda port: port.play_tone([440], level_dbfs=0),
        lambda port: port.play_tone([440], cadence_ms=[0, 0]),
        lambda port: port.play_tone([1] * 5),
        lambda port: port.detect(Side.SINK, playback=True),
        lambda port: port.detect(Side.SINK, silence_ms=-1),
        lambda port: port.detect(Side.SINK, level_ms=10**12),
        lambda port: port.detect(Side.SINK, vad=VadSettings(threshold=0)),
        lambda port: port.detect(Side.SINK, vad=VadSettings(threshold=1.5)),
        lambda port: port.detect(Side.SINK, vad=VadSettings(silence_ms=0)),
    ],
)
def test_values_out_of_range_are_refused(graph, call):
    """And nothing has changed."""
    port = graph.port("x", 8000)
    with pytest.raises(MediaError):
        call(port)
    assert graph.advance(5) == 5
    assert graph.take_marks() == []


@pytest.mark.parametrize(
    "options",
    [
        {"chunk_ms": -1},
        {"buffer_ms": 20},
        {"buffer_ms": 10**12},
        {"chunk_ms": 100, "buffer_ms": 100},
    ],
)
def test_taps_out_of_range_are_refused(graph, options):
    """A tap must hold a chunk and a frame."""
    with pytest.raises(MediaError):
        graph.tap((graph.port("x", 8000), Side.SINK), **options)


def test_ports_of_another_graph_are_refused(graph):
    """For links and taps."""
    other = Graph()
    here, there = graph.port("here", 8000), other.port("there", 8000)
    with pytest.raises(MediaError, match="different graphs"):
        here.send_to(there)
    with pytest.raises(MediaError, match="another graph"):
        graph.tap((here, Side.SINK), (there, Side.SINK))
    other.close()


def test_a_closed_tap_refuses(graph):
    """Closing it twice is harmless."""
    tap = graph.tap((graph.port("x", 8000), Side.SINK))
    tap.close()
    tap.close()
    assert tap.closed
    with pytest.raises(MediaError, match="Tap 1: it has been closed"):
        tap.read()


def test_time_does_not_run_backwards(graph):
    """A negative number of ticks is refused."""
    with pytest.raises(MediaError):
        graph.advance(-1)


def test_an_ear_and_its_mouth_are_in_one_graph(graph):
    other = Graph()
    with pytest.raises(MediaError, match="different graphs"):
        graph.port("ear", 8000).speaks_by(other.port("mouth", 8000))
    other.close()


def test_what_is_left_out_for_an_ear_is_its_mouth(graph):
    """And no longer its own voice; a mouth that is closed leaves nothing out."""
    conference = graph.conference("room", 8000)
    ear, mouth = graph.port("ear", 8000), graph.port("mouth", 8000)
    ear.speaks_by(mouth)
    for port in (ear, mouth):
        port.send_to(conference)
    conference.send_to(ear)
    tap = graph.tap((ear, Side.SINK))
    ear.push(b"\x01\x00" * 320)
    mouth.push(b"\x02\x00" * 320)
    graph.advance(1)
    assert set(tap.read()[::2]) == {1}
    mouth.close()
    graph.advance(1)
    assert set(tap.read()[::2]) == {1}
