"""The access URL as a server on the loopback interface."""

from __future__ import annotations

import socket
import threading
import urllib.request
from functools import partial

import h11
import pytest
import trio
from attrs import define, field

from voxrt.clocks import RealClock
from voxrt.errors import UsageError
from voxrt.outside.access_server import AccessServer
from voxrt.outside.exchange import MOST_BODY_BYTES, Response
from voxrt.run import RunConfig, run

PATH = "/request/A.1_127.0.0.1/B"


@define
class Session:
    """Stands for the session: answers at once, and keeps what it was asked."""

    answer: Response = field(factory=lambda: Response(code=200, body=b"held"))
    asked: list = field(factory=list)
    path = PATH

    def request(self, method, path, content, headers, answered):
        self.asked.append((method, path, content, headers))
        answered(self.answer)


class Client:
    """A connection to the server."""

    def __init__(self, stream):
        self.stream = stream
        self.connection = h11.Connection(h11.CLIENT)

    async def ask(self, method, target, body=b"", headers=()):
        head = h11.Request(
            method=method,
            target=target,
            headers=[("Host", "x"), ("Content-Length", str(len(body))), *headers],
        )
        events = [head, h11.Data(data=body), h11.EndOfMessage()]
        await self.stream.send_all(b"".join(self.connection.send(e) or b"" for e in events))
        status, answer = None, b""
        while True:
            event = self.connection.next_event()
            if event is h11.NEED_DATA:
                self.connection.receive_data(await self.stream.receive_some())
            elif isinstance(event, h11.Response):
                status = event.status_code
            elif isinstance(event, h11.Data):
                answer += event.data
            elif isinstance(event, h11.EndOfMessage):
                if self.connection.our_state is h11.DONE:
                    self.connection.start_next_cycle()
                return status, answer


@pytest.fixture
async def serve(nursery):
    """Starts a server for a session; gives what connects to it."""
    clock = RealClock()

    async def start(session):
        server = AccessServer(clock, 0)
        port = await nursery.start(partial(server.serve, lambda: [session]))
        nursery.start_soon(clock.drive, None, lambda: False)

        async def connect():
            stream = await trio.open_tcp_stream("127.0.0.1", port)
            nursery.start_soon(_close_at_end, stream)
            return Client(stream)

        return connect

    yield start
    nursery.cancel_scope.cancel()


async def _close_at_end(stream):
    async with stream:
        await trio.sleep_forever()


async def test_requests_of_one_connection(serve):
    session = Session()
    client = await (await serve(session))()
    assert await client.ask("POST", f"{PATH}/hold?x=1", "é".encode(), [("X-A", "1")]) == (
        200,
        b"held",
    )
    assert await client.ask("GET", PATH) == (200, b"held")
    (first, second) = session.asked
    assert first[:3] == ("POST", "/hold?x=1", "é")
    assert ("X-A", "1") in first[3]
    assert second[:3] == ("GET", "", "")


async def test_another_address_is_not_there(serve):
    session = Session()
    client = await (await serve(session))()
    for target in ("/request/other", f"{PATH}x", "/", PATH[:-1]):
        assert await client.ask("GET", target) == (404, b"")
    assert session.asked == []


async def test_head_has_no_body(serve):
    client = await (await serve(Session()))()
    assert await client.ask("HEAD", PATH) == (200, b"")
    assert await client.ask("GET", PATH) == (200, b"held")


async def test_too_large_a_body(serve):
    session = Session()
    client = await (await serve(session))()
    assert await client.ask("POST", PATH, b"x" * (MOST_BODY_BYTES + 1)) == (413, b"")
    assert session.asked == []


async def test_what_is_no_http(serve):
    client = await (await serve(Session()))()
    await client.stream.send_all(b"hello?\r\n\r\n")
    assert (await client.stream.receive_some()).startswith(b"HTTP/1.1 400 ")
    assert await client.stream.receive_some() == b""


async def test_who_asks_may_go(serve):
    session = Session()
    connect = await serve(session)
    for data in (b"", b"GET", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx"):
        client = await connect()
        await client.stream.send_all(data)
        await client.stream.aclose()
    assert await (await connect()).ask("GET", PATH) == (200, b"held")


async def test_a_port_that_is_taken(nursery):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        server = AccessServer(RealClock(), taken.getsockname()[1])
        with pytest.raises(UsageError, match="cannot be served"):
            await server.serve(lambda: [Session()])


def test_a_run_serves_its_access_url(play):
    """The scenario itself asks for its own address, which is really served."""
    played = play(
        """
        def on_request(e):
            Logger.write(f"{e.method} {e.content} {e.headers['X-A']}")
            return {"ok": True}
        async def on_start(e):
            Logger.write(str(e.accessURL == e.accessSecureURL))
            result = await Net.httpRequestAsync(
                e.accessURL + "/hold", method="POST", postData="now", headers={"X-A": "1"})
            Logger.write(f"{result.code} {result.text}")
            VoxEngine.terminate()
        VoxEngine.addEventListener(AppEvents.HttpRequest, on_request)
        VoxEngine.addEventListener(AppEvents.Started, on_start)
        """,
        start=True,
        time="50",
        serve=0,
        allow_net=("127.0.0.1",),
    )
    assert played.errors == []
    assert played.logs == ["True", "POST now 1", '200 {"ok":true}']
    assert [record["code"] for record in played.of("access")] == [200]


def test_a_request_that_ends_the_session_is_answered(tmp_path):
    """As the platform's guide has it; whoever asks is outside of the run."""
    answers = []

    def ask(url):
        with urllib.request.urlopen(url) as answer:
            answers.append((answer.status, answer.read()))

    def watch(record):
        if record["kind"] == "note" and record["who"] == "access URL":
            url = record["text"].removeprefix("is served at ")
            threads.append(threading.Thread(target=ask, args=(url,)))
            threads[0].start()

    threads = []
    path = tmp_path / "scenario.py"
    path.write_text(
        "def stop(e):\n    VoxEngine.terminate()\n    return 'bye'\n"
        "VoxEngine.addEventListener(AppEvents.HttpRequest, stop)\n"
    )
    config = RunConfig(
        scenarios=(path,), start=True, time="real", serve=0, out=tmp_path / "out",
        speech="synthetic", longest_s=20,
    )  # fmt: skip
    assert run(config, watch).outcome == "normal"
    threads[0].join()
    assert answers == [(200, b"bye")]


def test_every_session_of_a_run_is_served(tmp_path):
    """Each has an access URL of its own, which is served from its beginning."""
    answers, threads = [], []

    def ask(url):
        with urllib.request.urlopen(url) as answer:
            answers.append(answer.read())

    def watch(record):
        if record["kind"] == "note" and record["who"] == "access URL":
            url = record["text"].removeprefix("is served at ")
            thread = threading.Thread(target=ask, args=(url,))
            threads.append(thread)
            thread.start()

    path, people = tmp_path / "scenario.py", tmp_path / "people.yaml"
    path.write_text(
        "numbers = []\n"
        "VoxEngine.addEventListener(AppEvents.CallAlerting, lambda e: numbers.append(e.callerid))\n"
        "def stop(e):\n    VoxEngine.terminate()\n    return numbers[0]\n"
        "VoxEngine.addEventListener(AppEvents.HttpRequest, stop)\n"
    )
    people.write_text("caller: {number: '1'}\ncallers: [{number: '2', after_ms: 200}]\n")
    config = RunConfig(
        scenarios=(path,), caller=people, time="real", serve=0, out=tmp_path / "out",
        speech="synthetic", longest_s=20,
    )  # fmt: skip
    assert run(config, watch).outcome == "normal"
    for thread in threads:
        thread.join()
    assert sorted(answers) == [b"1", b"2"]


def test_a_virtual_run_cannot_serve(play):
    with pytest.raises(UsageError, match="--serve needs time that passes"):
        play("pass", start=True, serve=0)


def test_a_port_that_does_not_exist(play):
    with pytest.raises(UsageError, match="a port from 0 to 65535, not 70000"):
        play("pass", start=True, time="real", serve=70_000)
