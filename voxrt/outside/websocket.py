"""One end of a WebSocket, with little between the wire and its user.

wsproto keeps the protocol. What one read of the stream brings is handed on at once, in the task
that read it; a library that passes each message through a task and a channel of its own costs more
than all that is done with the message.

One task reads and one writes. Answers that the protocol demands (to a ping, to a close) are kept
for the writer, and `on_answer` tells of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec
import trio
from attrs import define, field
from wsproto import ConnectionType, WSConnection
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
from wsproto.utilities import LocalProtocolError, RemoteProtocolError

from voxrt.outside.far_end import ABNORMAL, TOO_LARGE

LARGEST_MESSAGE = 15 * 1024 * 1024
#: How much of a refusal's body is told.
LONGEST_BODY = 300
NOT_OPENED = "the connection was closed before it was open"


@define(eq=False)
class SocketEnd:
    """An open connection over a stream.

    Attributes:
        end: Code and reason of the connection's end, once it has come: the other side's, or 1006
            when it broke, or what was wrong with what the other side sent.
        protocol: The subprotocol that was agreed on; empty for none.
    """

    stream: trio.abc.Stream
    on_answer: Callable[[], object]
    end: tuple[int, str] | None = field(default=None, init=False)
    protocol: str = field(default="", init=False)
    _wire: WSConnection = field(init=False)
    _answers: bytes = field(default=b"", init=False)
    _first: list[str | bytes] = field(factory=list, init=False)
    """Messages that came together with the consent to the connection."""
    _parts: list[Any] = field(factory=list, init=False)
    _size: int = field(default=0, init=False)

    async def receive(self) -> list[str | bytes]:
        """The messages that have come, in order; waits for one. None at the connection's end."""
        messages = self._first
        self._first = []
        while not messages and self.end is None:
            try:
                data = await self.stream.receive_some()
            except (trio.BrokenResourceError, trio.ClosedResourceError):
                data = b""
            self._wire.receive_data(bytes(data) or None)
            messages = list(self._messages())
        return messages

    async def send(self, message: str | bytes) -> None:
        """Sends a message, or nothing when the connection is at its end.

        Raises:
            trio.BrokenResourceError: The stream broke.
        """
        event: Event = (
            TextMessage(data=message) if isinstance(message, str) else BytesMessage(data=message)
        )
        await self._write(self._frame(event))

    async def send_close(self, code: int, reason: str) -> None:
        """Says that we close the connection; the other side answers, and that is its end."""
        await self._write(self._frame(CloseConnection(code=code, reason=reason)))

    async def send_answers(self) -> None:
        """Sends what the protocol demands, if anything."""
        await self._write(b"")

    # --- inside -----------------------------------------------------------------------------------

    def _messages(self) -> Iterator[str | bytes]:
        try:
            for event in self._wire.events():
                if isinstance(event, TextMessage | BytesMessage):
                    yield from self._message(event)
                elif isinstance(event, Ping):
                    self._answer(event.response())
                elif isinstance(event, CloseConnection):
                    self.end = (int(event.code), event.reason or "")
                    self._answer(event.response())
        except RemoteProtocolError as error:
            self.end = (ABNORMAL, "")
            if error.event_hint is not None:
                self._answer(error.event_hint)

    def _message(self, event: TextMessage | BytesMessage) -> Iterator[str | bytes]:
        if event.message_finished and not self._parts:
            yield _plain(event.data)
            return
        self._parts.append(_plain(event.data))
        self._size += len(event.data)
        if self._size > LARGEST_MESSAGE:
            reason = f"a message of more than {LARGEST_MESSAGE} bytes"
            self.end = (TOO_LARGE, reason)
            self._answer(CloseConnection(code=TOO_LARGE, reason=reason))
        elif event.message_finished:
            parts, self._parts, self._size = self._parts, [], 0
            yield type(parts[0])().join(parts)

    def _answer(self, event: Event) -> None:
        self._answers += self._frame(event)
        self.on_answer()

    def _frame(self, event: Event) -> bytes:
        try:
            return self._wire.send(event)
        except LocalProtocolError:  # the connection is closing or closed
            return b""

    async def _write(self, data: bytes) -> None:
        data, self._answers = self._answers + data, b""
        if data:
            await self.stream.send_all(data)


@define(eq=False)
class ClientSocket(SocketEnd):
    """The end that asks for the connection."""

    _wire: WSConnection = field(factory=lambda: WSConnection(ConnectionType.CLIENT), init=False)

    async def upgrade(
        self,
        host: str,
        target: str,
        headers: list[tuple[bytes, bytes]],
        protocols: Sequence[str] = (),
    ) -> str:
        """Asks the server for the connection.

        Args:
            host: For the header of that name.
            target: Path and query.
            headers: More headers.
            protocols: The subprotocols offered.

        Returns:
            Nothing when the server agrees, else what it said instead.

        Raises:
            trio.BrokenResourceError: The stream broke.
        """
        request = Request(
            host=host, target=target, extra_headers=headers, subprotocols=list(protocols)
        )
        await self.stream.send_all(self._wire.send(request))
        status, body = 0, b""
        try:
            while True:
                data = await self.stream.receive_some()
                self._wire.receive_data(bytes(data) or None)
                for event in self._wire.events():
                    if isinstance(event, AcceptConnection):
                        self.protocol = event.subprotocol or ""
                        self._first = list(self._messages())
                        return ""
                    if isinstance(event, RejectConnection):
                        status = event.status_code
                    if isinstance(event, RejectData):
                        body += event.data
                    if _ends_refusal(event):
                        return refusal(status, body)
        except RemoteProtocolError:  # it speaks something else, or closed the connection
            return refusal(status, body) if status else NOT_OPENED


@define(eq=False)
class ServerSocket(SocketEnd):
    """The end that was asked.

    Args:
        target: Path and query of the request.
        headers: The request's.
        early: What came on the stream behind the request.
    """

    target: str = field(kw_only=True)
    headers: Sequence[tuple[bytes, bytes]] = field(kw_only=True)
    early: bytes = field(default=b"", kw_only=True)
    _wire: WSConnection = field(factory=lambda: WSConnection(ConnectionType.SERVER), init=False)
    _offered: list[str] = field(factory=list, init=False)

    def read_request(self) -> bool:
        """Whether the request is a proper one for a WebSocket."""
        try:
            self._wire.initiate_upgrade_connection(list(self.headers), self.target)
            for event in self._wire.events():
                if isinstance(event, Request):
                    self._offered = list(event.subprotocols)
                    return True
        except RemoteProtocolError:
            pass  # it lacks a header; whoever asked is told so
        return False

    async def accept(self) -> None:
        """Agrees to the connection, with the first subprotocol that was offered.

        Raises:
            trio.BrokenResourceError: The stream broke.
        """
        self.protocol = next(iter(self._offered), "")
        consent = AcceptConnection(subprotocol=self.protocol or None)
        await self.stream.send_all(self._wire.send(consent))
        if self.early:
            self._wire.receive_data(self.early)
            self._first = list(self._messages())


def _plain(data: str | bytes | bytearray) -> str | bytes:
    return bytes(data) if isinstance(data, bytearray) else data


def _ends_refusal(event: Event) -> bool:
    if isinstance(event, RejectConnection):
        return not event.has_body
    return isinstance(event, RejectData) and event.body_finished


def refusal(status: int, body: bytes) -> str:
    """What a refusal of the upgrade says: its status, and the `error` of its JSON body.

    A body that is no such JSON is told as it is, cut to `LONGEST_BODY` characters.
    """
    text = body.decode(errors="replace").strip()
    try:
        decoded = msgspec.json.decode(body)
    except msgspec.DecodeError:
        decoded = None
    if isinstance(decoded, dict) and isinstance(decoded.get("error"), str):
        text = decoded["error"]
    return f"HTTP {status}: {text[:LONGEST_BODY]}" if text else f"HTTP {status}"
