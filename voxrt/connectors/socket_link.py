"""A link over a real WebSocket: to the provider, or to a stand-in on some port.

Frames that wait to be sent are kept in order. Control messages are never dropped; audio is, with
`send` answering False, once more than `MOST_WAITING_BYTES` wait: a provider that takes nothing
for so long will not hear the old audio in time anyway.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

import trio
import trio_websocket
from attrs import define, field

from voxrt.clock import Clock
from voxrt.connectors.link import Link, LinkUser
from voxrt.media.hearing import HeardWord

CONNECT_TIMEOUT_S = 10.0
CLOSE_TIMEOUT_S = 2.0
MOST_WAITING_BYTES = 2_000_000
LARGEST_MESSAGE = 15 * 1024 * 1024
#: Where audio begins in a frame of its own; nothing else may be dropped.
AUDIO_FRAME = '{"type":"input_audio_buffer.append"'


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
    _closing: tuple[int, str] | None = field(default=None, init=False)

    def open(self, user: LinkUser, *, headers: Mapping[str, str], query: Mapping[str, str]) -> None:
        self._user = user
        wire_headers = [(name.encode(), value.encode()) for name, value in headers.items()]
        self.spawn(lambda: self._run(self.make_url(query), wire_headers))

    def send(self, text: str | bytes, heard: Sequence[HeardWord] = ()) -> bool:
        is_audio = isinstance(text, bytes) or text.startswith(AUDIO_FRAME)
        if is_audio and self._waiting_bytes > MOST_WAITING_BYTES:
            return False
        self._waiting.append(text)
        self._waiting_bytes += len(text)
        self._news.set()
        return True

    def close(self, code: int = 1000, reason: str = "") -> None:
        self._user = None
        self._closing = (code, reason)
        self._news.set()

    async def _run(self, url: str, headers: list[tuple[bytes, bytes]]) -> None:
        async with trio.open_nursery() as nursery:
            try:
                with self.clock.hold("provider link"), trio.fail_after(CONNECT_TIMEOUT_S):
                    socket = await trio_websocket.connect_websocket_url(
                        nursery, url, extra_headers=headers, max_message_size=LARGEST_MESSAGE
                    )
            except trio.TooSlowError:
                end = (1006, f"No connection within {CONNECT_TIMEOUT_S:g} s", False)
            except trio_websocket.ConnectionRejected as error:
                body = (error.body or b"").decode(errors="replace")[:300]
                end = (1006, f"HTTP {error.status_code}: {body}", False)
            except (trio_websocket.HandshakeError, OSError) as error:
                end = (1006, f"{type(error).__name__}: {error}", False)
            else:
                self._tell(lambda to: to.link_opened())
                end = await self._carry(socket)
            nursery.cancel_scope.cancel()
        self._tell(lambda to: to.link_closed(*end))

    async def _carry(self, socket: trio_websocket.WebSocketConnection) -> tuple[int, str, bool]:
        """Moves frames both ways until the connection ends; tells how it ended."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._send_all, socket, nursery.cancel_scope)
            try:
                while True:
                    message = await socket.get_message()
                    if isinstance(message, str):
                        self._tell(lambda to, text=message: to.link_text(text, None))  # type: ignore[misc]
                    else:
                        self._tell(lambda to, data=message: to.link_bytes(data, None))  # type: ignore[misc]
            except trio_websocket.ConnectionClosed:
                nursery.cancel_scope.cancel()
        reason = socket.closed
        if reason is None:
            return 1006, "The connection was lost", False
        return reason.code, reason.reason or "", reason.code != 1006

    async def _send_all(
        self, socket: trio_websocket.WebSocketConnection, done: trio.CancelScope
    ) -> None:
        while True:
            while self._waiting:
                text = self._waiting.popleft()
                self._waiting_bytes -= len(text)
                try:
                    await socket.send_message(text)
                except trio_websocket.ConnectionClosed:
                    return
            if self._closing is not None:
                with trio.move_on_after(CLOSE_TIMEOUT_S):
                    await socket.aclose(*self._closing)
                done.cancel()
                return
            self._news = trio.Event()
            await self._news.wait()

    def _tell(self, tell: Callable[[LinkUser], object]) -> None:
        user = self._user
        if user is not None:
            # A link that is closed before this is due has no user any more.
            self.clock.call_soon(lambda: tell(user) if self._user is user else None)
