"""WebSockets on the real network: carrying their messages, and connecting to a server.

Messages that wait to be sent are kept in order. Control messages are never dropped; sound is, with
`send` answering False, once more than `MOST_WAITING_BYTES` wait: a far end that takes nothing for
so long will not hear the old sound in time anyway.

A connection's task ends in every case, and soon: connecting and closing have time limits, one that
is closed while it connects gives up at once, and one that is cancelled says goodbye first.
"""

from __future__ import annotations

import os
import ssl
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import trio
from attrs import define, field

from voxrt.clock import Clock
from voxrt.outside.far_end import ABNORMAL, GOING_AWAY, NORMAL, FarEnd, SocketUser
from voxrt.outside.websocket import NOT_OPENED, ClientSocket, SocketEnd

CONNECT_TIMEOUT_S = 10.0
CLOSE_TIMEOUT_S = 2.0
MOST_WAITING_BYTES = 2_000_000

Stream: TypeAlias = "trio.SocketStream | trio.SSLStream[trio.SocketStream]"
Spawn: TypeAlias = Callable[[Callable[[], Coroutine[Any, Any, None]]], None]


@define(eq=False)
class CarriedSocket(FarEnd):
    """One connection that some task carries.

    Args:
        clock: The run's clock; the user is told everything on it.
        is_sound: Whether a message is sound, which may be dropped.
    """

    clock: Clock
    is_sound: Callable[[str | bytes], bool]
    _user: SocketUser | None = field(default=None, init=False)
    _waiting: deque[str | bytes] = field(factory=deque, init=False)
    _waiting_bytes: int = field(default=0, init=False)
    _news: trio.Event = field(factory=trio.Event, init=False)
    _close_asked: trio.Event = field(factory=trio.Event, init=False)
    _farewell: tuple[int, str] = field(default=(NORMAL, ""), init=False)
    _ended: bool = field(default=False, init=False)

    def send(self, message: str | bytes, heard: Sequence[Any] = ()) -> bool:
        if self._ended or self._close_asked.is_set():
            return False
        if self._waiting_bytes > MOST_WAITING_BYTES and self.is_sound(message):
            return False
        self._waiting.append(message)
        self._waiting_bytes += len(message)
        self._news.set()
        return True

    def close(self, code: int = NORMAL, reason: str = "") -> None:
        if not self._close_asked.is_set():
            self._farewell = (code, reason)
            self._close_asked.set()
            self._news.set()

    def forget(self) -> None:
        self._user = None

    # --- the connection's task --------------------------------------------------------------------

    async def _closing_when_cancelled(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Does the work to its end; when the task is cancelled, the connection is closed first."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._close_when_cancelled)
            # Closing takes a moment, which a cancelled run grants: CLOSE_TIMEOUT_S at most.
            with trio.CancelScope(shield=True):
                await work()
            nursery.cancel_scope.cancel()

    async def _close_when_cancelled(self) -> None:
        try:
            await trio.sleep_forever()
        finally:
            self.close(GOING_AWAY)

    async def _carry_open(self, socket: SocketEnd) -> None:
        """Tells the user of an open connection, and carries it to its end."""
        self._tell(lambda to: to.socket_opened(socket.protocol))
        code, reason = await self._carry(socket)
        self._ended = True  # whoever is told of the end can send nothing more
        self._tell(lambda to: to.socket_closed(code, reason, code != ABNORMAL))

    async def _carry(self, socket: SocketEnd) -> tuple[int, str]:
        """Moves frames both ways until the connection ends; the code and reason of its end."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._give_up_in_time, nursery.cancel_scope)
            async with trio.open_nursery() as sending:
                sending.start_soon(self._send_all, socket)
                while socket.end is None:
                    for message in await socket.receive():
                        self._pass_on(message)
                # The answer to a close may be under way, which nothing may cut off.
                self._news.set()
                sending.cancel_scope.deadline = trio.current_time() + CLOSE_TIMEOUT_S
            nursery.cancel_scope.cancel()
        return socket.end or (ABNORMAL, "")

    async def _send_all(self, socket: SocketEnd) -> None:
        """Sends what waits; closes the connection after that when it is asked to."""
        # Whoever receives learns of a broken stream too, and ends the link.
        with suppress(trio.BrokenResourceError):
            while True:
                self._news = trio.Event()
                await socket.send_answers()
                if socket.end is not None:
                    return
                while self._waiting:
                    frame = self._waiting.popleft()
                    self._waiting_bytes -= len(frame)
                    await socket.send(frame)
                if self._close_asked.is_set():
                    await socket.send_close(*self._farewell)
                    return
                await self._news.wait()

    async def _give_up_in_time(self, link: trio.CancelScope) -> None:
        await self._close_asked.wait()
        await trio.sleep(CLOSE_TIMEOUT_S)
        link.cancel()

    # --- to the user ------------------------------------------------------------------------------

    def _pass_on(self, message: str | bytes) -> None:
        if isinstance(message, str):
            self._tell(lambda to: to.socket_text(message, None))
        else:
            self._tell(lambda to: to.socket_bytes(message, None))

    def _tell(self, tell: Callable[[SocketUser], object]) -> None:
        user = self._user
        if user is not None:
            # One that is forgotten before this is due has no user any more.
            self.clock.call_soon(lambda: tell(user) if self._user is user else None)


@define(eq=False)
class DialledSocket(CarriedSocket):
    """A connection to a server.

    Args:
        spawn: Starts a task that lives as long as the run.
        hold: What the clock's hold is called while it connects.
    """

    spawn: Spawn = field(kw_only=True)
    hold: str = field(default="WebSocket", kw_only=True)
    _attempt: trio.CancelScope = field(factory=trio.CancelScope, init=False)
    _stream: Stream | None = field(default=None, init=False)

    def dial(
        self,
        user: SocketUser,
        url: str,
        headers: Sequence[tuple[str, str]],
        protocols: Sequence[str] = (),
    ) -> None:
        """Begins to connect; the user is told how it went."""
        self._user = user
        wire_headers = [(name.encode(), value.encode()) for name, value in headers]
        work = partial(self._connect_and_carry, url, wire_headers, protocols)
        self.spawn(partial(self._closing_when_cancelled, work))

    def close(self, code: int = NORMAL, reason: str = "") -> None:
        super().close(code, reason)
        self._attempt.cancel()

    async def _connect_and_carry(
        self, url: str, headers: list[tuple[bytes, bytes]], protocols: Sequence[str]
    ) -> None:
        try:
            connected = await self._connect(url, headers, protocols)
            if isinstance(connected, str):
                self._ended = True
                self._tell(lambda to: to.socket_refused(connected))
            else:
                await self._carry_open(connected)
        finally:
            if self._stream is not None:
                await trio.aclose_forcefully(self._stream)

    async def _connect(
        self, url: str, headers: list[tuple[bytes, bytes]], protocols: Sequence[str]
    ) -> ClientSocket | str:
        """Opens the connection, or says why there is none."""
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        target = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
        with self._attempt:
            try:
                with self.clock.hold(self.hold), trio.fail_after(CONNECT_TIMEOUT_S):
                    self._stream = await _dial(url)
                    socket = ClientSocket(self._stream, lambda: self._news.set())
                    return await socket.upgrade(host, target, headers, protocols) or socket
            except trio.TooSlowError:
                return f"no answer within {CONNECT_TIMEOUT_S:g} s"
            except (trio.BrokenResourceError, OSError) as error:
                return f"{host}: {_cause(error)}"
        return NOT_OPENED


async def _dial(url: str) -> Stream:
    """A stream to the server of an address, with TLS for `wss`.

    Raises:
        OSError: There is no such host, or nobody listens.
        trio.BrokenResourceError: TLS could not be agreed on, or the certificate is wrong.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "ws":
        return await trio.open_tcp_stream(host, parts.port or 80)
    stream = await trio.open_ssl_over_tcp_stream(host, parts.port or 443, https_compatible=True)
    try:
        await stream.do_handshake()
    except BaseException:
        await trio.aclose_forcefully(stream)
        raise
    return stream


def _cause(error: BaseException) -> str:
    """What the network said, without the layers around it."""
    leaf = error.__cause__ or error
    while isinstance(leaf, BaseExceptionGroup):
        leaf = leaf.exceptions[0]
    if not isinstance(leaf, OSError) or isinstance(leaf, ssl.SSLError):
        return str(leaf)
    # A name that cannot be resolved has a number below 0, which is not the system's.
    return os.strerror(leaf.errno) if leaf.errno and leaf.errno > 0 else str(leaf.strerror or leaf)
