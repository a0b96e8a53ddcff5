"""The stand-in behind a real port: upgrades, refusals, secrets, rude clients."""

from __future__ import annotations

import json
import random

import pytest
import trio
import trio.testing
from trio_websocket import ConnectionClosed, connect_websocket_url, wrap_client_stream

from voxrt.errors import LinkError
from voxrt.media.speech import Speaker
from voxrt.media.utterances import Utterances
from voxrt.xai.http_head import PrefixedStream
from voxrt.xai.server_socket import serve
from voxrt.xai.standin import AgentScript, StandIn, StandInSettings, parse_agent_script

KEY = [(b"Authorization", b"Bearer k")]
CLOSING = "faults: [{fault: close, at: session.updated, code: 1013, reason: busy}]"


def standin(clock, script=None):
    return StandIn(
        script or AgentScript(),
        clock=clock,
        speaker=Speaker("synthetic"),
        utterances=Utterances(),
        rng=random.Random(1),
        settings=StandInSettings(update_ms=(1, 2), answer_ms=(1, 2)),
    )


@pytest.fixture
async def port():
    """A server with a script that closes after the first update."""
    ports = []
    listening = trio.Event()

    def ready(host, port):
        assert host == "127.0.0.1"
        ports.append(port)
        listening.set()

    async with trio.open_nursery() as nursery:
        make = lambda clock: standin(clock, parse_agent_script(CLOSING))  # noqa: E731
        nursery.start_soon(lambda: serve(make, "127.0.0.1", 0, ready=ready))
        await listening.wait()
        yield ports[0]
        nursery.cancel_scope.cancel()


async def exchange(port, data):
    """Sends bytes, reads all that comes: status and JSON body."""
    with trio.fail_after(10):
        async with await trio.open_tcp_stream("127.0.0.1", port) as stream:
            for start in range(0, len(data), 50):  # in pieces, as a slow network brings them
                await stream.send_all(data[start : start + 50])
            answer = b""
            async for chunk in stream:
                answer += chunk
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)


def post(body, *headers):
    lines = ["POST /v1/realtime/client_secrets HTTP/1.1", "Host: x", *headers]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", body]).encode()


async def test_a_client_secret_by_post_opens_a_connection_as_subprotocol(port):
    body = '{"expires_after": {"seconds": 300}, "session": null}'
    status, answer = await exchange(port, post(body, "Authorization: Bearer k"))
    assert status == 200
    assert set(answer) == {"value", "expires_at"}
    async with trio.open_nursery() as nursery:
        name = f"xai-client-secret.{answer['value']}"
        url = f"ws://127.0.0.1:{port}/v1/realtime?model=grok-voice-latest"
        socket = await connect_websocket_url(nursery, url, subprotocols=[name])
        assert socket.subprotocol == name
        assert json.loads(await socket.get_message())["type"] == "session.created"
        await socket.aclose()


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (post("{}"), 401),
        (post("{", "Authorization: Bearer k"), 400),
        (b"GET /v1/realtime/client_secrets HTTP/1.1\r\nHost: x\r\n\r\n", 405),
        (b"GET /v1/realtime HTTP/1.1\r\nHost: x\r\n\r\n", 426),
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", 404),
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nbad header\r\n\r\n", 400),
        (b"POST /v1/realtime/client_secrets HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", 400),
        (b"GET /v1/realtime HTTP/1.1\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n", 401),
    ],
)
async def test_plain_requests_are_answered_with_json(port, request_, status):
    found, body = await exchange(port, request_)
    assert found == status
    assert set(body) == {"code", "error"}


async def test_a_close_by_rule_reaches_the_client_with_code_and_reason(port):
    seen = []

    async def read_all(socket):
        while True:
            seen.append(json.loads(await socket.get_message())["type"])

    # The stream is opened here, because trio-websocket leaves it open when the server closes.
    stream = await trio.open_tcp_stream("127.0.0.1", port)
    async with stream, trio.open_nursery() as nursery:
        socket = await wrap_client_stream(
            nursery, stream, "127.0.0.1", "/v1/realtime", extra_headers=KEY
        )
        await socket.send_message('{"type": "session.update", "session": {}}')
        with trio.fail_after(10), pytest.raises(ConnectionClosed) as caught:
            await read_all(socket)
    assert seen == ["session.created", "conversation.created", "ping", "session.updated"]
    assert (caught.value.reason.code, caught.value.reason.reason) == (1013, "busy")


async def test_clients_that_vanish_leave_the_server_alive(port):
    for rude in (
        b"",
        b"GET",
        b"POST /v1/realtime/client_secrets HTTP/1.1\r\nContent-Length: 5\r\n\r\n",
    ):
        stream = await trio.open_tcp_stream("127.0.0.1", port)
        await stream.send_all(rude)
        await stream.aclose()
    upgrade = (
        "GET /v1/realtime HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
        "Authorization: Bearer k\r\n\r\n"
    )
    async with await trio.open_tcp_stream("127.0.0.1", port) as stream:
        await stream.send_all(upgrade.encode())
        assert (await stream.receive_some()).startswith(b"HTTP/1.1 101")
    assert (await exchange(port, post("", "Authorization: Bearer k")))[0] == 200


async def test_a_port_that_is_taken_is_one_clear_message(port):
    with pytest.raises(LinkError, match=f"cannot listen at 127.0.0.1:{port}"):
        await serve(standin, "127.0.0.1", port)


async def test_bytes_that_were_read_come_first_again():
    one, other = trio.testing.memory_stream_pair()
    stream = PrefixedStream(b"abcdef", one)
    await other.send_all(b"ghi")
    assert [await stream.receive_some(4) for _ in range(3)] == [b"abcd", b"ef", b"ghi"]
    await stream.send_all(b"x")
    assert await other.receive_some(1) == b"x"
    await stream.aclose()
