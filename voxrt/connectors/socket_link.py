"""A link over a real WebSocket: to the provider, or to a stand-in on some port.

Frames that wait to be sent are kept in order. Control messages are never dropped; audio is, with
`send` answering False, once more than `MOST_WAITING_BYTES` wait: a provider that takes nothing
for so long will not hear the old audio in time anyway.

The link's task ends in every case, and soon: connecting and closing have time limits, a link that
is closed while it connects gives up at once, and one that is cancelled says goodbye first.
"""

from __future__ import annotations

import os
import ssl
from collections import deque
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import trio
from attrs import define, field

from voxrt.clock import Clock
from voxrt.connectors.link import Link, LinkUser
from voxrt.connectors.websocket import ABNORMAL, NOT_OPENED, ClientSocket
from voxrt.media.hearing import HeardWord

CONNECT_TIMEOUT_S = 10.0
CLOSE_TIMEOUT_S = 2.0
MOST_WAITING_BYTES = 2_000_000
#: Where audio begins in a frame of its own; nothing else may be dropped.
AUDIO_FRAME = '{"type":"input_audio_buffer.append"'

Stream: TypeAlias = "trio.SocketStream | trio.SSLStream[trio.SocketStream]"


@define(eq=False)
class SocketLink(Link):
    """One WebSocket connection.

    Args:
        make_url: Makes the address from the query parameters.
        clock: The run's clock; the user is told everything on it.
        spawn: Starts a task that lives as long as the run.
    """

    make_url: Callable[[Mapping[str, str]], str]
    clock: Clock
    spawn: Callable[[Callable[[], Coroutine[Any, Any, None]]], None]
    _user: LinkUser | None = field(default=None, init=False)
    _waiting: deque[str | bytes] = field(factory=deque, init=False)
    _waiting_bytes: int = field(default=0, init=False)
    _news: trio.Event = field(factory=trio.Event, init=False)
    _attempt: trio.CancelScope = field(factory=trio.CancelScope, init=False)
    _close_asked: trio.Event = field(factory=trio.Event, init=False)
    _farewell: tuple[int, str] = field(default=(1000, ""), init=False)
    _stream: Stream | None = field(default=None, init=False)
    _ended: bool = field(default=False, init=False)

    def open(self, user: LinkUser, *, headers: Mapping[str, str], query: Mapping[str, str]) -> None:
        self._user = user
        wire_headers = [(name.encode(), value.encode()) for name, value in headers.items()]
        self.spawn(partial(self._run, self.make_url(query), wire_headers))

    def send(self, text: str | bytes, heard: Sequence[HeardWord] = ()) -> bool:
        if self._ended or self._close_asked.is_set():
            return False
        is_audio = isinstance(text, bytes) or text.startswith(AUDIO_FRAME)
        if is_audio and self._waiting_bytes > MOST_WAITING_BYTES:
            return False
        self._waiting.append(text)
        self._waiting_bytes += len(text)
        self._news.set()
        return True

    def close(self, code: int = 1000, reason: str = "") -> None:
        self._user = None
        self._ask_to_close(code, reason)

    def _ask_to_close(self, code: int, reason: str) -> None:
        if not self._close_asked.is_set():
            self._farewell = (code, reason)
            self._close_asked.set()
            self._attempt.cancel()
            self._news.set()

    # --- the link's task ------------------------------------------------------------------------

    async def _run(self, url: str, headers: list[tuple[bytes, bytes]]) -> None:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._close_when_cancelled)
            # Closing takes a moment, which a cancelled run grants: CLOSE_TIMEOUT_S at most.
            with trio.CancelScope(shield=True):
                await self._connect_and_carry(url, headers)
            nursery.cancel_scope.cancel()

    async def _close_when_cancelled(self) -> None:
        try:
            await trio.sleep_forever()
        finally:
            self._ask_to_close(1001, "")

    async def _connect_and_carry(self, url: str, headers: list[tuple[bytes, bytes]]) -> None:
        try:
            connected = await self._connect(url, headers)
            if isinstance(connected, str):
                self._ended = True
                self._tell(lambda to: to.link_refused(connected))
            else:
                self._tell(lambda to: to.link_opened())
                code, reason = await self._carry(connected)
                self._ended = True  # whoever is told of the end can send nothing more
                self._tell(lambda to: to.link_closed(code, reason, code != ABNORMAL))
        finally:
            if self._stream is not None:
                await trio.aclose_forcefully(self._stream)

    async def _connect(self, url: str, headers: list[tuple[bytes, bytes]]) -> ClientSocket | str:
        """Opens the connection, or says why there is none."""
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        target = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
        with self._attempt:
            try:
                with self.clock.hold("provider link"), trio.fail_after(CONNECT_TIMEOUT_S):
                    self._stream = await _dial(url)
                    socket = ClientSocket(self._stream, lambda: self._news.set())
                    return await socket.upgrade(host, target, headers) or socket
            except trio.TooSlowError:
                return f"no answer within {CONNECT_TIMEOUT_S:g} s"
            except (trio.BrokenResourceError, OSError) as error:
                return f"{host}: {_cause(error)}"
        return NOT_OPENED

    async def _carry(self, socket: ClientSocket) -> tuple[int, str]:
        """Moves frames both ways until the connection ends; the code and reason of its end."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._send_all, socket)
            nursery.start_soon(self._give_up_in_time, nursery.cancel_scope)
            while socket.end is None:
                for message in await socket.receive():
                    self._pass_on(message)
            nursery.cancel_scope.cancel()
        with suppress(trio.BrokenResourceError), trio.move_on_after(CLOSE_TIMEOUT_S):
            await socket.send_answers()
        return socket.end or (ABNORMAL, "")

    async def _send_all(self, socket: ClientSocket) -> None:
        """Sends what waits; closes the connection after that when it is asked to."""
        # Whoever receives learns of a broken stream too, and ends the link.
        with suppress(trio.BrokenResourceError):
            while True:
                self._news = trio.Event()
                await socket.send_answers()
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
            self._tell(lambda to: to.link_text(message, None))
        else:
            self._tell(lambda to: to.link_bytes(message, None))

    def _tell(self, tell: Callable[[LinkUser], object]) -> None:
        user = self._user
        if user is not None:
            # A link that is closed before this is due has no user any more.
            self.clock.call_soon(lambda: tell(user) if self._user is user else None)


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
