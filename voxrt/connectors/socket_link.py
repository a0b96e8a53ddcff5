"""A link over a real WebSocket: to the provider, or to a stand-in on some port.

The frames are wsproto's and the stream is trio's, with nothing between them: a call sends and
receives dozens of messages a second, and each task they would pass through costs as much as the
message itself.

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
from functools import partial
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import trio
from attrs import define, field
from wsproto import ConnectionType, WSConnection
from wsproto.connection import ConnectionState
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Event,
    Ping,
    RejectConnection,
    RejectData,
    Request,
    TextMessage,
)
from wsproto.utilities import RemoteProtocolError

from voxrt.clock import Clock
from voxrt.connectors.link import Link, LinkUser, refusal
from voxrt.media.hearing import HeardWord

CONNECT_TIMEOUT_S = 10.0
CLOSE_TIMEOUT_S = 2.0
MOST_WAITING_BYTES = 2_000_000
LARGEST_MESSAGE = 15 * 1024 * 1024
#: Where audio begins in a frame of its own; nothing else may be dropped.
AUDIO_FRAME = '{"type":"input_audio_buffer.append"'
ABNORMAL = 1006
READ_BYTES = 65_536
CLOSED_EARLY = "the connection was closed before it was open"

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
    _wire: WSConnection = field(factory=lambda: WSConnection(ConnectionType.CLIENT), init=False)
    _stream: Stream | None = field(default=None, init=False)
    _control: list[bytes] = field(factory=list, init=False)
    """Answers to pings and to the server's close, which go before everything else."""
    _received_all: bool = field(default=False, init=False)
    _sent_all: trio.Event = field(factory=trio.Event, init=False)
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
            why = await self._connect(url, headers)
            if why is not None:
                self._ended = True
                self._tell(lambda to: to.link_refused(why))
            else:
                self._tell(lambda to: to.link_opened())
                code, reason = await self._carry()
                self._ended = True
                self._tell(lambda to: to.link_closed(code, reason, code != ABNORMAL))
        finally:
            if self._stream is not None:
                await trio.aclose_forcefully(self._stream)

    async def _connect(self, url: str, headers: list[tuple[bytes, bytes]]) -> str | None:
        """Opens the connection; says why when there is none."""
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        target = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
        with self._attempt:
            try:
                with self.clock.hold("provider link"), trio.fail_after(CONNECT_TIMEOUT_S):
                    self._stream = await _dial(url)
                    request = Request(host=host, target=target, extra_headers=headers)
                    await self._stream.send_all(self._wire.send(request))
                    return await self._answer(self._stream)
            except trio.TooSlowError:
                return f"no answer within {CONNECT_TIMEOUT_S:g} s"
            except (trio.BrokenResourceError, OSError) as error:
                return f"{host}: {_cause(error)}"
        return CLOSED_EARLY

    async def _answer(self, stream: Stream) -> str | None:
        """Takes the server's answer to the request; says why when it is no."""
        status, body = 0, b""
        while True:
            data = await stream.receive_some(READ_BYTES)
            if not data:
                return refusal(status, body) if status else CLOSED_EARLY
            try:
                self._wire.receive_data(bytes(data))
            except RemoteProtocolError as error:
                return f"no WebSocket server: {error}"
            for event in self._wire.events():
                if isinstance(event, AcceptConnection):
                    return None  # what came behind it is for `_receive_all`
                if isinstance(event, RejectConnection):
                    status = event.status_code
                    if not event.has_body:
                        return refusal(status, b"")
                elif isinstance(event, RejectData):
                    body += event.data
                    if event.body_finished:
                        return refusal(status, body)

    async def _carry(self) -> tuple[int, str]:
        """Moves frames both ways until the connection ends; the code and reason of its end."""
        end = (ABNORMAL, "")
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._send_all)
            nursery.start_soon(self._give_up_in_time, nursery.cancel_scope)
            end = await self._receive_all()
            self._received_all = True
            self._close_asked.set()
            self._news.set()
            await self._sent_all.wait()
            nursery.cancel_scope.cancel()
        return end

    async def _receive_all(self) -> tuple[int, str]:
        assert self._stream is not None
        message: list[Any] = []
        size = 0
        while True:
            try:
                for event in self._wire.events():
                    if isinstance(event, TextMessage | BytesMessage):
                        message.append(event.data)
                        size += len(event.data)
                        if size > LARGEST_MESSAGE:
                            return 1009, "the message is too big"
                        if event.message_finished:
                            self._pass_on(message)
                            message, size = [], 0
                    elif isinstance(event, Ping):
                        self._answer_with(event.response())
                    elif isinstance(event, CloseConnection):
                        if self._wire.state is ConnectionState.REMOTE_CLOSING:
                            self._answer_with(event.response())
                        return event.code, event.reason or ""
                data = await self._stream.receive_some(READ_BYTES)
                if not data:
                    return ABNORMAL, ""
                self._wire.receive_data(bytes(data))
            except RemoteProtocolError as error:
                return 1002, str(error)
            except (trio.BrokenResourceError, trio.ClosedResourceError):
                return ABNORMAL, ""

    def _answer_with(self, event: Event) -> None:
        self._control.append(self._wire.send(event))
        self._news.set()

    async def _send_all(self) -> None:
        """Sends what waits, many frames at once; says goodbye after that when it is asked to."""
        assert self._stream is not None
        try:
            while True:
                while self._waiting or self._control:
                    await self._send_some(self._stream)
                if self._close_asked.is_set():
                    if self._wire.state is ConnectionState.OPEN and not self._received_all:
                        code, reason = self._farewell
                        goodbye = CloseConnection(code=code, reason=reason or None)
                        await self._stream.send_all(self._wire.send(goodbye))
                    return
                self._news = trio.Event()
                await self._news.wait()
        except (trio.BrokenResourceError, trio.ClosedResourceError):
            return  # whoever receives learns it too, and ends the link
        finally:
            self._sent_all.set()

    async def _send_some(self, stream: Stream) -> None:
        control, self._control = self._control, []
        frames, self._waiting = self._waiting, deque()
        if self._wire.state is ConnectionState.OPEN:
            control += [self._wire.send(_message(frame)) for frame in frames]
        await stream.send_all(b"".join(control))
        self._waiting_bytes -= sum(map(len, frames))

    async def _give_up_in_time(self, link: trio.CancelScope) -> None:
        await self._close_asked.wait()
        await trio.sleep(CLOSE_TIMEOUT_S)
        link.cancel()

    # --- to the user ------------------------------------------------------------------------------

    def _pass_on(self, parts: list[Any]) -> None:
        message = parts[0] if len(parts) == 1 else type(parts[0])().join(parts)
        if isinstance(message, str):
            self._tell(lambda to: to.link_text(message, None))
        else:
            self._tell(lambda to: to.link_bytes(bytes(message), None))

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


def _message(frame: str | bytes) -> TextMessage | BytesMessage:
    return TextMessage(data=frame) if isinstance(frame, str) else BytesMessage(data=frame)
