"""The stand-in as a real server: WebSocket and the one HTTP request, on one port.

`ws://HOST:PORT/v1/realtime` speaks the realtime protocol; `POST /v1/realtime/client_secrets` hands
out ephemeral secrets. Any client of the real service can be pointed at it.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NoReturn, Protocol
from urllib.parse import parse_qsl, urlsplit

import msgspec
import trio
from attrs import define
from trio_websocket import ConnectionClosed, WebSocketConnection, wrap_server_stream

from voxrt.clocks import RealClock
from voxrt.errors import LinkError, RemoteProtocolError
from voxrt.xai.http_head import PrefixedStream, RequestHead, json_response, read_body, read_head
from voxrt.xai.standin.settings import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from voxrt.clock import Clock
    from voxrt.xai.standin.settings import ServerTransport, SpokenSpan

REALTIME_PATH: Final = "/v1/realtime"
SECRETS_PATH: Final = "/v1/realtime/client_secrets"

#: Frames that may wait for a client that does not read; then the connection is given up.
_BACKLOG: Final = 4096
_HEAD_TIMEOUT_S: Final = 10
_CLOSE_TIMEOUT_S: Final = 5
_MAX_MESSAGE_BYTES: Final = 24 * 1024 * 1024
_ABNORMAL: Final = 1006


class Peer(Protocol):
    """The server's side of one conversation."""

    @property
    def subprotocol(self) -> str | None:
        """The WebSocket subprotocol to answer with."""

    def open(self) -> None:
        """The upgrade was answered."""

    def receive(self, text: str) -> None:
        """A text frame came."""

    def receive_bytes(self, data: bytes) -> None:
        """A binary frame came."""

    def peer_closed(self, code: int, reason: str) -> None:
        """The client is gone."""


class Server(Protocol):
    """Who is asked about every connection; the stand-in is one."""

    def accept(
        self, headers: Mapping[str, str], query: Mapping[str, str], transport: ServerTransport
    ) -> Peer | Refusal:
        """Decides about an upgrade."""

    def client_secret(self, headers: Mapping[str, str], body: Any) -> tuple[int, dict[str, Any]]:
        """Answers the request for an ephemeral secret."""


async def serve(
    make_server: Callable[[Clock], Server],
    host: str,
    port: int,
    *,
    ready: Callable[[str, int], object] | None = None,
) -> NoReturn:
    """Serves until it is cancelled.

    Args:
        make_server: Makes what all connections share, the stand-in or another, on the server's
            clock.
        host: The address to listen at, such as `127.0.0.1`.
        port: The port; 0 for any free one.
        ready: Called with the address and port once connections are accepted.

    Raises:
        LinkError: The address cannot be listened at.
    """
    clock = RealClock()
    server = make_server(clock)
    try:
        listeners = await trio.open_tcp_listeners(port, host=host)
    except OSError as error:
        raise LinkError(
            f"cannot listen at {host}:{port}: {error.strerror or error}",
            hint="Choose another port, or 0 for any free one.",
        ) from None
    async with trio.open_nursery() as nursery:
        nursery.start_soon(clock.drive, None, lambda: False)
        if ready is not None:
            bound = listeners[0].socket.getsockname()
            ready(str(bound[0]), int(bound[1]))
        await trio.serve_listeners(
            partial(_serve_connection, server), listeners, handler_nursery=nursery
        )
    raise AssertionError("serve_listeners never returns")


async def _serve_connection(server: Server, stream: trio.SocketStream) -> None:
    """One TCP connection; whatever the client does wrong ends this connection only."""
    async with stream:
        with suppress(trio.BrokenResourceError, trio.ClosedResourceError):
            try:
                with trio.fail_after(_HEAD_TIMEOUT_S):
                    head = await read_head(stream)
                if head is None:
                    return
                await _answer(server, stream, head)
            except RemoteProtocolError as error:
                await stream.send_all(
                    json_response(400, {"code": "invalid-request", "error": error.message})
                )
            except trio.TooSlowError:
                return


async def _answer(server: Server, stream: trio.SocketStream, head: RequestHead) -> None:
    target = urlsplit(head.target)
    path = target.path.rstrip("/") or "/"
    if path == REALTIME_PATH and head.is_upgrade and head.method == "GET":
        await _converse(server, stream, head, dict(parse_qsl(target.query)))
        return
    status: int
    body: dict[str, Any]
    if path == SECRETS_PATH and head.method == "POST":
        status, body = server.client_secret(head.headers, _json(await read_body(stream, head)))
    elif path == SECRETS_PATH:
        status, body = 405, {"code": "method-not-allowed", "error": "Use POST."}
    elif path == REALTIME_PATH:
        status, body = 426, {"code": "upgrade-required", "error": "This is a WebSocket address."}
    else:
        status, body = 404, {"code": "not-found", "error": f"There is nothing at {path}."}
    await stream.send_all(json_response(status, body))


def _json(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body) if body.strip() else {}
    except msgspec.DecodeError:
        raise RemoteProtocolError("the body is not JSON") from None


@define(eq=False)
class _Outbox:
    """A `ServerTransport` that leaves the sending to a task."""

    _queue: trio.MemorySendChannel[str | bytes | tuple[int, str]]
    _give_up: Callable[[], object]

    def send(self, text: str, speech: SpokenSpan | None) -> None:
        self._put(text)

    def send_bytes(self, data: bytes, speech: SpokenSpan | None) -> None:
        self._put(data)

    def close(self, code: int, reason: str) -> None:
        self._put((code, reason))

    def _put(self, entry: str | bytes | tuple[int, str]) -> None:
        try:
            self._queue.send_nowait(entry)
        except trio.WouldBlock:
            self._give_up()
        except (trio.BrokenResourceError, trio.ClosedResourceError):
            pass  # the connection is gone, and the conversation is about to learn it


async def _converse(
    server: Server, stream: trio.SocketStream, head: RequestHead, query: dict[str, str]
) -> None:
    send, receive = trio.open_memory_channel[str | bytes | tuple[int, str]](_BACKLOG)
    scope = trio.CancelScope()
    admitted = server.accept(head.headers, query, _Outbox(send, scope.cancel))
    if isinstance(admitted, Refusal):
        await stream.send_all(json_response(admitted.status, admitted.body))
        return
    code, reason = _ABNORMAL, ""
    try:
        with scope:
            async with trio.open_nursery() as nursery:
                try:
                    request = await wrap_server_stream(
                        nursery,
                        PrefixedStream(head.raw, stream),
                        message_queue_size=64,
                        max_message_size=_MAX_MESSAGE_BYTES,
                        receive_buffer_size=65_536,
                    )
                    link = await request.accept(subprotocol=admitted.subprotocol)
                    nursery.start_soon(_send_all, link, receive)
                    admitted.open()
                    await _receive_all(link, admitted)
                except ConnectionClosed as closed:
                    if closed.reason is not None:
                        code, reason = closed.reason.code, closed.reason.reason or ""
                nursery.cancel_scope.cancel()
    finally:
        admitted.peer_closed(code, reason)
        send.close()


async def _receive_all(link: WebSocketConnection, conversation: Peer) -> NoReturn:
    while True:
        message = await link.get_message()
        if isinstance(message, str):
            conversation.receive(message)
        else:
            conversation.receive_bytes(message)


async def _send_all(
    link: WebSocketConnection,
    entries: trio.MemoryReceiveChannel[str | bytes | tuple[int, str]],
) -> None:
    with suppress(ConnectionClosed):
        async for entry in entries:
            if isinstance(entry, tuple):
                with trio.move_on_after(_CLOSE_TIMEOUT_S):
                    await link.aclose(*entry)
                return
            await link.send_message(entry)
