"""Links: the same contract for the one within the process and the one over a real socket."""

from __future__ import annotations

import json
import socket
from contextlib import asynccontextmanager
from functools import partial
from random import Random

import pytest
import trio
import trio.testing
from trio_websocket import serve_websocket

from voxrt.clocks import RealClock, VirtualClock
from voxrt.connectors.memory_link import MemoryLink
from voxrt.connectors.socket_link import SocketLink
from voxrt.media.speech import Speaker
from voxrt.media.utterances import Utterances
from voxrt.outside.live_socket import MOST_WAITING_BYTES
from voxrt.outside.websocket import refusal
from voxrt.xai.server_socket import serve
from voxrt.xai.standin import StandIn, StandInSettings
from voxrt.xai.standin.script_file import parse_agent_script
from voxrt.xai.url import realtime_url

HEADERS = {"Authorization": "Bearer key"}
QUERY = {"model": "grok-voice-latest"}
QUICK = StandInSettings(
    update_ms=(0, 0), answer_ms=(0, 0), created_ms=(0, 0), first_audio_ms=(0, 0), burst_factor=100
)
#: A test that hangs fails after this; nothing here takes so long.
LONGEST_S = 20


class User:
    """A `LinkUser` that notes what it is told."""

    def __init__(self):
        self.told = []
        self._news = trio.Event()

    def _note(self, *what):
        self.told.append(what)
        self._news.set()

    def link_opened(self):
        self._note("opened")

    def link_refused(self, why):
        self._note("refused", why)

    def link_text(self, text, speech):
        self._note("text", json.loads(text))

    def link_bytes(self, data, speech):
        self._note("bytes", len(data))

    def link_closed(self, code, reason, was_clean):
        self._note("closed", code, reason, was_clean)

    @property
    def types(self):
        """The types of the messages that came."""
        return [what[1]["type"] for what in self.told if what[0] == "text"]

    async def wait_until(self, condition):
        """Waits until something it was told makes the condition true."""
        with trio.fail_after(LONGEST_S):
            while not condition(self):
                self._news = trio.Event()
                await self._news.wait()

    async def wait_for(self, what):
        """Waits for the first note, or message type, of a name."""
        await self.wait_until(lambda u: what in u.types or what in [t[0] for t in u.told])


class Host:
    """A clock that runs, links on it, and where they can connect to."""

    def __init__(self, nursery, clock, make_link):
        self.spawn, self.clock, self._make_link = nursery.start_soon, clock, make_link

    def open(self, headers=HEADERS, user=None):
        """A link that is being opened, and its user."""
        user = user or User()
        link = self._make_link(self.spawn)
        link.open(user, headers=headers, query=QUERY)
        return link, user

    async def settle(self):
        """Lets everything that is due be done."""
        done = trio.Event()
        self.clock.call_later(1_000, done.set)
        await done.wait()


@asynccontextmanager
async def memory(script):
    """Links within the process, in virtual time."""
    clock = VirtualClock()
    standin = make_standin(script, clock)
    async with running(clock) as nursery:
        yield Host(nursery, clock, lambda spawn: MemoryLink(standin, clock))


@asynccontextmanager
async def sockets(script):
    """Links over the loopback to a stand-in that serves on a port."""
    clock = RealClock()
    ready, bound = trio.Event(), []

    def on_ready(host, port):
        bound.append(port)
        ready.set()

    async with running(clock) as nursery:
        nursery.start_soon(
            partial(serve, partial(make_standin, script), "127.0.0.1", 0, ready=on_ready)
        )
        with trio.fail_after(LONGEST_S):
            await ready.wait()
        url = f"ws://127.0.0.1:{bound[0]}"
        make_url = partial(realtime_url, url)
        yield Host(
            nursery,
            clock,
            lambda spawn: SocketLink(lambda query: make_url(query["model"]), clock, spawn),
        )


@asynccontextmanager
async def running(clock):
    """A nursery in which the clock is driven; everything in it ends with the block."""
    over = []
    async with trio.open_nursery() as nursery:
        nursery.start_soon(clock.drive, None, lambda: bool(over))
        keep_alive(clock)
        yield nursery
        nursery.cancel_scope.cancel()


def keep_alive(clock):
    """A virtual clock needs something to look forward to."""
    if clock.is_virtual:
        clock.call_later(1_000_000, keep_alive, clock)


def make_standin(script, clock):
    """A quick stand-in with a script."""
    return StandIn(
        parse_agent_script(script),
        clock=clock,
        speaker=Speaker("synthetic"),
        utterances=Utterances(),
        rng=Random(1),
        settings=QUICK,
    )


@pytest.fixture(params=[memory, sockets], ids=["memory", "socket"])
def hosted(request):
    """`async with hosted(script) as host`: a stand-in, and links to it of either kind."""
    return request.param


FIRST = ["session.created", "conversation.created", "ping"]


async def test_it_opens_and_passes_frames_on_in_order(hosted):
    """First `link_opened`, then everything that the server said."""
    async with hosted("") as host:
        _, user = host.open()
        await user.wait_for("ping")
        assert user.told[0] == ("opened",)
        assert user.types[:3] == FIRST


async def test_messages_go_both_ways_in_order(hosted):
    """What is sent arrives in order, and so do the answers."""
    async with hosted("") as host:
        link, user = host.open()
        await user.wait_for("ping")
        for number in range(30):
            item = {"id": f"i{number}", "type": "message", "role": "user",
                    "content": [{"type": "input_text", "text": "x"}]}  # fmt: skip
            assert link.send(json.dumps({"type": "conversation.item.create", "item": item}))
        await user.wait_until(lambda u: u.types.count("conversation.item.added") == 30)
        added = [what[1]["item"]["id"] for what in user.told
                 if what[0] == "text" and "item" in what[1]]  # fmt: skip
        assert added == [f"i{number}" for number in range(30)]


async def test_what_is_sent_before_it_is_open_waits(hosted):
    """It goes out once the connection is there."""
    async with hosted("") as host:
        link, user = host.open()
        assert link.send('{"type":"session.update","session":{"voice":"rex"}}')
        await user.wait_for("session.updated")
        assert user.told[0] == ("opened",)


async def test_a_large_message(hosted):
    """A megabyte is no matter."""
    async with hosted("") as host:
        link, user = host.open()
        session = {"instructions": "x" * 1_000_000}
        assert link.send(json.dumps({"type": "session.update", "session": session}))
        await user.wait_for("session.updated")
        echo = next(w[1] for w in user.told if w[0] == "text" and w[1]["type"] == "session.updated")
        assert echo["session"]["instructions"] == session["instructions"]


async def test_binary_frames(hosted):
    """Both ways: an error for what the server did not expect, sound when it was asked for."""
    async with hosted("greeting: Hello.") as host:
        link, user = host.open()
        assert link.send(b"\0" * 640)
        await user.wait_for("error")
        audio = {"output": {"transport": "binary"}, "input": {"transport": "binary"}}
        link.send(json.dumps({"type": "session.update", "session": {"audio": audio}}))
        link.send('{"type":"response.create"}')
        await user.wait_for("response.done")
        assert sum(what[1] for what in user.told if what[0] == "bytes") > 10_000


@pytest.mark.parametrize("status", [401, 403, 429, 503])
async def test_a_refusal_is_told_once_with_status_and_error(hosted, status):
    """No opening, no close; the link is dead and harmless."""
    script = f"faults: [{{fault: refuse, status: {status}, message: not you}}]"
    async with hosted(script) as host:
        link, user = host.open()
        await user.wait_for("refused")
        await host.settle()
        assert user.told == [("refused", f"HTTP {status}: not you")]
        assert link.send("{}") is False
        link.close()


async def test_a_missing_key_is_refused(hosted):
    """The server's own words."""
    async with hosted("") as host:
        _, user = host.open(headers={})
        await user.wait_for("refused")
        assert user.told == [("refused", "HTTP 401: The API key is missing or invalid.")]


@pytest.mark.parametrize(("code", "reason"), [(1000, ""), (1001, "going"), (1011, "boom"),
                                              (4003, "quota")])  # fmt: skip
async def test_the_servers_close_is_told_once(hosted, code, reason):
    """Code and reason are the server's, after all it sent before."""
    script = f"faults: [{{fault: close, at: ping, code: {code}, reason: '{reason}'}}]"
    async with hosted(script) as host:
        link, user = host.open()
        await user.wait_for("closed")
        await host.settle()
        assert user.types == FIRST
        assert user.told[-1] == ("closed", code, reason, True)
        assert link.send("{}") is False
        link.close()
        await host.settle()
        assert [what[0] for what in user.told].count("closed") == 1


async def test_after_its_user_closed_it_nothing_is_told(hosted):
    """Not even what was due already."""
    async with hosted("") as host:
        link, user = host.open()
        await user.wait_for("ping")
        link.send('{"type":"session.update","session":{}}')
        link.close(1000, "bye")
        count = len(user.told)
        assert link.send("{}") is False
        link.close()
        await host.settle()
        assert len(user.told) == count


async def test_closed_while_it_connects(hosted):
    """The attempt ends, and nobody is told anything."""
    async with hosted("") as host:
        link, user = host.open()
        link.close()
        await host.settle()
        assert user.told == []
        assert link.send("{}") is False


async def test_several_links_at_once(hosted):
    """Each has its own conversation."""
    async with hosted("") as host:
        opened = [host.open() for _ in range(4)]
        for _, user in opened:
            await user.wait_for("ping")
        ids = {user.told[1][1]["session"]["id"] for _, user in opened}
        assert len(ids) == 4


# Over a socket only -----------------------------------------------------------------------------


@asynccontextmanager
async def socket_to(handle, *, raw=False):
    """A host whose server is a function of the test: of a request, or of a raw stream."""
    clock = RealClock()
    async with running(clock) as nursery:
        if raw:
            listeners = await nursery.start(trio.serve_tcp, handle, 0)
            port = listeners[0].socket.getsockname()[1]
        else:
            server = await nursery.start(serve_websocket, handle, "127.0.0.1", 0, None)
            port = server.port
        yield Host(nursery, clock, lambda spawn: link_to(f"ws://127.0.0.1:{port}/", clock, spawn))


def link_to(url, clock, spawn):
    """A link to an address of the test."""
    return SocketLink(lambda query: url, clock, spawn)


async def test_nothing_listens():
    """The network's own words, at once."""
    clock = RealClock()
    listener = (await trio.open_tcp_listeners(0, host="127.0.0.1"))[0]
    port = listener.socket.getsockname()[1]
    await listener.aclose()
    async with running(clock) as nursery:
        user = User()
        link_to(f"ws://127.0.0.1:{port}/", clock, nursery.start_soon).open(
            user, headers={}, query={}
        )
        await user.wait_for("refused")
        ((_, why),) = user.told
        assert "Connection refused" in why


class NoNames(trio.abc.HostnameResolver):
    """A network without a name server."""

    async def getaddrinfo(self, host, port, family=0, type=0, proto=0, flags=0):  # noqa: A002
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    async def getnameinfo(self, sockaddr, flags):
        raise AssertionError("nobody asks")


async def test_a_host_that_does_not_exist():
    """A name that cannot be resolved."""
    trio.socket.set_custom_hostname_resolver(NoNames())
    clock = RealClock()
    async with running(clock) as nursery:
        user = User()
        url = "ws://no-such-host.example:8080/v1/realtime"
        link_to(url, clock, nursery.start_soon).open(user, headers={}, query={})
        await user.wait_for("refused")
        assert user.told == [("refused", "no-such-host.example:8080: Name or service not known")]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b"", "the connection was closed before it was open"),
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnope", "HTTP 404: nope"),
        (b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n", "HTTP 302"),
        (b"SSH-2.0-OpenSSH\r\n", "the connection was closed before it was open"),
    ],
    ids=["closed", "not found", "moved", "another protocol"],
)
async def test_servers_that_are_no_realtime_servers(answer, told):
    """Whatever they say, there is one refusal, and soon."""

    async def handle(stream):
        await stream.receive_some(4096)
        await stream.send_all(answer)

    async with socket_to(handle, raw=True) as host:
        _, user = host.open()
        await user.wait_for("refused")
        assert user.told == [("refused", told)]


async def test_tls_to_a_server_without_it():
    """A failed handshake of TLS is a refusal too."""

    async def handle(stream):
        await stream.receive_some(4096)
        await stream.send_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    clock = RealClock()
    async with running(clock) as nursery:
        listeners = await nursery.start(trio.serve_tcp, handle, 0)
        port = listeners[0].socket.getsockname()[1]
        user = User()
        link_to(f"wss://127.0.0.1:{port}/", clock, nursery.start_soon).open(
            user, headers={}, query={}
        )
        await user.wait_for("refused")
        assert "SSL" in user.told[0][1]


async def test_nobody_answers_in_time(mock_clock):
    """A server that takes the connection and says nothing is given up after ten seconds."""

    async def handle(stream):
        await trio.sleep_forever()

    async with socket_to(handle, raw=True) as host:
        _, user = host.open()
        mock_clock.autojump_threshold = 0.05
        await user.wait_for("refused")
        assert user.told == [("refused", "no answer within 10 s")]


async def test_a_connection_that_breaks():
    """Without a closing frame it is 1006, and not clean."""

    async def handle(request):
        socket = await request.accept()
        await socket.send_message('{"type":"ping"}')
        await socket.get_message()
        await socket._stream.aclose()

    async with socket_to(handle) as host:
        link, user = host.open()
        await user.wait_for("ping")
        link.send("{}")
        await user.wait_for("closed")
        assert user.told[-1] == ("closed", 1006, "", False)


async def test_the_server_sees_code_and_reason():
    """A close of ours says goodbye after all that was sent."""
    seen = []

    async def handle(request):
        socket = await request.accept()
        try:
            while True:
                seen.append(await socket.get_message())
        except Exception:
            seen.append((socket.closed.code, socket.closed.reason))
            over.set()

    over = trio.Event()
    async with socket_to(handle) as host:
        link, user = host.open()
        await user.wait_for("opened")
        link.send("one")
        link.send("two")
        link.close(1000, "bye")
        with trio.fail_after(LONGEST_S):
            await over.wait()
        assert seen == ["one", "two", (1000, "bye")]


class Deaf:
    """A server that accepts and does not read before it is told to."""

    def __init__(self):
        self.read_now = trio.Event()
        self.read = []
        self.all_read = trio.Event()

    async def handle(self, request):
        socket = await request.accept()
        await self.read_now.wait()
        while True:
            message = await socket.get_message()
            self.read.append(message[:40])
            if message == "last":
                self.all_read.set()


AUDIO = '{"type":"input_audio_buffer.append","audio":"' + "A" * 100_000 + '"}'


async def fill(link):
    """Sends audio until no more is taken; how many frames were."""
    for taken in range(1000):
        if not link.send(AUDIO):
            return taken
        await trio.testing.wait_all_tasks_blocked()
    raise AssertionError("a link takes any amount of audio")


async def test_back_pressure():
    """Audio is dropped once too much waits; control messages never are, and order is kept."""
    server = Deaf()
    async with socket_to(server.handle) as host:
        link, user = host.open()
        await user.wait_for("opened")
        taken = await fill(link)
        assert taken > MOST_WAITING_BYTES // len(AUDIO)
        assert link.send(AUDIO) is False
        assert link.send(b"\0" * 100) is False
        for number in range(5):
            assert link.send(json.dumps({"type": "response.create", "n": number}))
        assert link.send("last")
        server.read_now.set()
        with trio.fail_after(LONGEST_S):
            await server.all_read.wait()
        assert len(server.read) == taken + 6
        assert [m for m in server.read if "append" not in m][:-1] == [
            json.dumps({"type": "response.create", "n": number}) for number in range(5)
        ]
        assert link.send(AUDIO) is True


async def test_closing_a_link_whose_server_never_reads(mock_clock):
    """It is given up after two seconds: the task ends."""
    server = Deaf()
    async with socket_to(server.handle) as host, trio.open_nursery() as nursery:
        host.spawn = nursery.start_soon  # ends when the link's task does
        link, user = host.open()
        await user.wait_for("opened")
        await fill(link)
        before = trio.current_time()
        mock_clock.autojump_threshold = 0.05
        link.close()
    assert 0 < trio.current_time() - before < 3


@pytest.mark.parametrize("state", ["connecting", "open"])
async def test_cancellation_leaves_nothing(state):
    """The nursery in which the link lives ends; an open connection is closed with 1001."""
    ends = []

    async def handle(request):
        if state == "connecting":
            await trio.sleep_forever()
        socket = await request.accept()
        try:
            await socket.get_message()
        except Exception:
            ends.append(socket.closed.code)
            over.set()

    over = trio.Event()
    async with socket_to(handle) as host:
        with trio.fail_after(LONGEST_S):
            async with trio.open_nursery() as nursery:
                host.spawn = nursery.start_soon
                _, user = host.open()
                if state == "open":
                    await user.wait_for("opened")
                else:
                    await trio.testing.wait_all_tasks_blocked(0.01)
                nursery.cancel_scope.cancel()
            if state == "open":
                await over.wait()
                assert ends == [1001]


def test_what_a_refusal_says():
    """The JSON error, a plain body cut short, or the status alone."""
    assert refusal(401, b'{"code": "x", "error": "no key"}') == "HTTP 401: no key"
    assert refusal(502, b"<html>\n") == "HTTP 502: <html>"
    assert refusal(500, b"") == "HTTP 500"
    assert refusal(400, b'{"error": {"message": "m"}}') == 'HTTP 400: {"error": {"message": "m"}}'
    assert refusal(500, b"\xff" * 400) == "HTTP 500: " + "\ufffd" * 300
