"""A cassette as a server: clients of xAI are played a recorded provider."""

from __future__ import annotations

import json

import pytest
import trio
from cassettes import received, sent, write
from trio_websocket import ConnectionClosed, wrap_client_stream

from voxrt.clocks import VirtualClock
from voxrt.xai.cassette import read_cassettes
from voxrt.xai.cassette.served import CassetteServer
from voxrt.xai.server_socket import serve

UPDATE = {"type": "session.update", "session": {"voice": "ara"}}
DELTA = {"type": "response.output_audio.delta", "delta": "AAEC"}


class Tape:
    """A `ServerTransport` that keeps what passes."""

    def __init__(self):
        self.passed = []

    def send(self, text, speech):
        self.passed.append(json.loads(text)["type"])

    def send_bytes(self, data, speech):
        self.passed.append(data)

    def close(self, code, reason):
        self.passed.append((code, reason))


@pytest.fixture
def cassettes(tmp_path):
    """Two connections: a short talk, and a refusal."""
    write(
        tmp_path / "1.jsonl",
        received(100, {"type": "session.created"}),
        sent(110, UPDATE),
        received(112, {"type": "session.updated", "session": {}}),
        received(113, DELTA, binary=True),
        {"t": 114, "direction": "closed", "code": 1000, "reason": "bye", "by": "provider"},
    )
    refused = {"t": 5, "direction": "refused", "reason": 'HTTP 429: {"code": "busy", "error": "x"}'}
    write(tmp_path / "2.jsonl", refused, opened_ms=None)
    return read_cassettes(tmp_path)


def virtual(cassettes, notes):
    clock = VirtualClock()
    return clock, CassetteServer(cassettes, clock, notes.append)


def run(clock, *acts):
    """Does things one after the other, each when nothing else is due any more."""

    async def main():
        for act in acts:
            act()
            over = []
            clock.call_later(1_000_000, over.append, True)
            await clock.drive(None, lambda over=over: bool(over))

    trio.run(main, clock=clock.trio_clock)


def test_a_client_that_does_the_same_is_told_the_same(cassettes):
    notes, tape = [], Tape()
    clock, server = virtual(cassettes, notes)
    peer = server.accept({}, {}, tape)
    run(clock, peer.open, lambda: peer.receive(json.dumps(UPDATE)))
    assert tape.passed == ["session.created", "session.updated", b"\0\1\2", (1000, "bye")]
    peer.peer_closed(1000, "")
    assert notes == []


def test_what_was_not_recorded_closes_the_connection_and_is_told_once(cassettes):
    notes, tape = [], Tape()
    clock, server = virtual(cassettes, notes)
    peer = server.accept({}, {}, tape)
    other = json.dumps({**UPDATE, "session": {"voice": "eve"}})
    run(clock, peer.open, lambda: peer.receive(other), lambda: peer.receive(other))
    peer.peer_closed(1011, "")
    assert tape.passed == ["session.created", (1011, "not in the cassette")]
    (note,) = notes
    assert 'session.voice: recorded "ara", sent "eve"' in note


@pytest.mark.parametrize("text", ["not json", "[]", '"x"'])
def test_what_is_no_message_was_not_recorded_either(cassettes, text):
    notes, tape = [], Tape()
    clock, server = virtual(cassettes, notes)
    peer = server.accept({}, {}, tape)
    run(clock, peer.open, lambda: peer.receive(text))
    assert tape.passed[-1] == (1011, "not in the cassette")


def test_a_client_that_leaves_early_is_told_of(cassettes):
    notes = []
    clock, server = virtual(cassettes, notes)
    peer = server.accept({}, {}, Tape())
    run(clock, peer.open)
    peer.peer_closed(1000, "")
    told = "1.jsonl: 1 recorded messages were not sent, the first is `session.update` of line 3"
    assert notes == [told]


def test_each_connection_gets_the_next_cassette_and_the_first_again(cassettes):
    _, server = virtual(cassettes, [])
    assert server.accept({}, {}, Tape()).cassette is cassettes[0]
    refusal = server.accept({}, {}, Tape())
    assert (refusal.status, refusal.body) == (429, {"code": "busy", "error": "x"})
    assert server.accept({}, {}, Tape()).cassette is cassettes[0]
    assert server.client_secret({}, {})[0] == 404


async def test_over_a_socket(cassettes):
    """A client of the real service needs to know nothing of it."""
    ports = []
    async with trio.open_nursery() as nursery:
        with trio.fail_after(10):
            listening = trio.Event()

            def ready(host, port):
                ports.append(port)
                listening.set()

            make = lambda clock: CassetteServer(cassettes, clock, print)  # noqa: E731
            nursery.start_soon(lambda: serve(make, "127.0.0.1", 0, ready=ready))
            await listening.wait()
            # The stream is opened here: trio-websocket leaves it open when the server closes.
            async with await trio.open_tcp_stream("127.0.0.1", ports[0]) as stream:
                link = await wrap_client_stream(nursery, stream, "127.0.0.1", "/v1/realtime")
                got = [json.loads(await link.get_message())["type"]]
                await link.send_message(json.dumps(UPDATE))
                got.append(json.loads(await link.get_message())["type"])
                got.append(await link.get_message())
                with pytest.raises(ConnectionClosed) as closed:
                    await link.get_message()
        nursery.cancel_scope.cancel()
    assert got == ["session.created", "session.updated", b"\0\1\2"]
    assert (closed.value.reason.code, closed.value.reason.reason) == (1000, "bye")
