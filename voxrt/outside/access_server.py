"""Serves the access URLs of sessions on a loopback port.

This is h11 on trio, and not an ASGI server: there are a few addresses and no application, answers
come from the run's clock, and an incoming WebSocket is an upgrade of the same connection. h11 is
there anyway, as what both httpx2 and wsproto stand on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Protocol

import h11
import trio
from attrs import define

from voxrt.clock import Clock
from voxrt.errors import UsageError
from voxrt.outside.exchange import MOST_BODY_BYTES, Response
from voxrt.outside.far_end import SocketAccess
from voxrt.outside.served_socket import served_socket

HOST = "127.0.0.1"
READ_BYTES = 65_536
#: A connection on which nothing is asked for so long is closed.
IDLE_S = 60
#: An answer is sent even when the run is over by then, but for no longer than this.
LAST_WORD_S = 2


class Access(SocketAccess, Protocol):
    """The session's side."""

    @property
    def path(self) -> str:
        """The path of the access URL."""

    def request(
        self,
        method: str,
        path: str,
        content: str,
        headers: Sequence[tuple[str, str]],
        answered: Callable[[Response], object],
    ) -> None:
        """Posts a request; `path` is what follows the access URL's own."""


@define(eq=False)
class AccessServer:
    """Answers HTTP on a port of the loopback interface.

    Args:
        clock: The run's clock.
        port: The port; 0 for any free one.
        is_sound: Whether a message to a WebSocket is sound, which may be dropped.
    """

    clock: Clock
    port: int
    is_sound: Callable[[str | bytes], bool] = lambda message: False

    async def serve(
        self,
        accesses: Callable[[], Iterable[Access]],
        *,
        task_status: trio.TaskStatus[int] = trio.TASK_STATUS_IGNORED,
    ) -> None:
        """Serves until it is cancelled; tells the port once it listens.

        Args:
            accesses: The access URLs that there are at the time of a request.
            task_status: Told the port.

        Raises:
            UsageError: The port is taken.
        """
        try:
            (listener,) = await trio.open_tcp_listeners(self.port, host=HOST)
        except OSError as error:
            raise UsageError(
                f"the port {self.port} cannot be served: {error.strerror or error}",
                hint="Name another one with --serve=PORT, or 0 for a free one.",
            ) from None
        task_status.started(listener.socket.getsockname()[1])
        await trio.serve_listeners(partial(self._connection, accesses), [listener])

    async def _connection(
        self, accesses: Callable[[], Iterable[Access]], stream: trio.SocketStream
    ) -> None:
        connection = h11.Connection(h11.SERVER)
        try:
            while True:
                asked = None
                with trio.move_on_after(IDLE_S):
                    asked = await _receive(connection, stream)
                if asked is None:
                    return
                request, body = asked
                found = _find(accesses(), request)
                if _wants_websocket(request):
                    await self._websocket(found, connection, stream, request)
                    return
                response = await self._answer(found, request, body)
                # The request may have ended the session, and with it the run.
                with trio.move_on_after(LAST_WORD_S, shield=True):
                    await _send(connection, stream, response, bare=request.method == b"HEAD")
                if connection.our_state is not h11.DONE:
                    return
                connection.start_next_cycle()
        except h11.RemoteProtocolError as error:
            if connection.our_state in (h11.IDLE, h11.SEND_RESPONSE):
                await _send(connection, stream, Response(code=error.error_status_hint))
        except trio.BrokenResourceError:
            return  # whoever asked has gone
        finally:
            await trio.aclose_forcefully(stream)

    async def _websocket(
        self,
        found: tuple[Access, str] | None,
        connection: h11.Connection,
        stream: trio.SocketStream,
        request: h11.Request,
    ) -> None:
        if found is None:
            await _send(connection, stream, Response(code=404))
            return
        access, rest = found
        target, headers = request.target.decode("ascii", "replace"), list(request.headers)
        early = connection.trailing_data[0]
        served = served_socket(self.clock, stream, target, headers, early, self.is_sound)
        refusal = Response(code=400) if served is None else await served.serve(access, rest)
        if refusal is not None:
            with trio.move_on_after(LAST_WORD_S, shield=True):
                await _send(connection, stream, refusal)

    async def _answer(
        self, found: tuple[Access, str] | None, request: h11.Request, body: bytes
    ) -> Response:
        if len(body) > MOST_BODY_BYTES:
            return Response(code=413)
        if found is None:
            return Response(code=404)
        access, rest = found
        headers = [
            (key.decode("ascii"), value.decode("latin-1"))
            for key, value in request.headers.raw_items()
        ]
        answers: list[Response] = []
        answered = trio.Event()

        def take(response: Response) -> None:
            answers.append(response)
            answered.set()

        # Everything that happens to a session is an entry of its clock's agenda.
        self.clock.call_soon(
            access.request,
            request.method.decode("ascii"),
            rest,
            body.decode("utf-8", "replace"),
            headers,
            take,
        )
        await answered.wait()
        return answers[0]


def _find(accesses: Iterable[Access], request: h11.Request) -> tuple[Access, str] | None:
    """Whose access URL is asked, and what follows its path; `None` when it is nobody's."""
    target = request.target.decode("ascii", "replace")
    for access in accesses:
        rest = target.removeprefix(access.path)
        if target.startswith(access.path) and rest[:1] in ("", "/", "?"):
            return access, rest
    return None


def _wants_websocket(request: h11.Request) -> bool:
    asked = [value.lower() for key, value in request.headers if key == b"upgrade"]
    return request.method == b"GET" and b"websocket" in asked


async def _receive(
    connection: h11.Connection, stream: trio.SocketStream
) -> tuple[h11.Request, bytes] | None:
    """The next request and its body; `None` when the other side has closed."""
    request: h11.Request | None = None
    body = bytearray()
    while True:
        event: Any = connection.next_event()
        if event is h11.NEED_DATA:
            if connection.they_are_waiting_for_100_continue:
                go_on = h11.InformationalResponse(status_code=100, headers=[])
                await stream.send_all(connection.send(go_on) or b"")
            connection.receive_data(await stream.receive_some(READ_BYTES))
        elif isinstance(event, h11.Request):
            request = event
        elif isinstance(event, h11.Data):
            if len(body) <= MOST_BODY_BYTES:  # the rest is read, and answered with 413
                body += event.data
        elif isinstance(event, h11.EndOfMessage) and request is not None:
            return request, bytes(body)
        else:
            return None


async def _send(
    connection: h11.Connection, stream: trio.SocketStream, response: Response, bare: bool = False
) -> None:
    """Sends an answer; a bare one, which answers a HEAD, without its body."""
    headers = [*response.headers, ("Content-Length", str(len(response.body)))]
    events: list[Any] = [h11.Response(status_code=response.code, headers=headers)]
    events += [h11.EndOfMessage()] if bare else [h11.Data(data=response.body), h11.EndOfMessage()]
    await stream.send_all(b"".join(connection.send(event) or b"" for event in events))
