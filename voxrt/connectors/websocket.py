"""The client's end of a WebSocket, with little between the wire and its user.

wsproto keeps the protocol. What one read of the stream brings is handed on at once, in the task
that read it; a library that passes each message through a task and a channel of its own costs more
than all that is done with the message.

One task reads and one writes. Answers that the protocol demands (to a ping, to a close) are kept
for the writer, and `on_answer` tells of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

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

from voxrt.connectors.link import refusal

ABNORMAL = 1006
TOO_LARGE = 1009
LARGEST_MESSAGE = 15 * 1024 * 1024
NOT_OPENED = "the connection was closed before it was open"


@define(eq=False)
class ClientSocket:
    """One connection over a stream.

    Attributes:
        end: Code and reason of the connection's end, once it has come: the server's, or 1006 when
            it broke, or what was wrong with what the server sent.
    """

    stream: trio.abc.Stream
    on_answer: Callable[[], object]
    end: tuple[int, str] | None = field(default=None, init=False)
    _wire: WSConnection = field(factory=lambda: WSConnection(ConnectionType.CLIENT), init=False)
    _answers: bytes = field(default=b"", init=False)
    _first: list[str | bytes] = field(factory=list, init=False)
    """Messages that came together with the server's consent."""
    _parts: list[Any] = field(factory=list, init=False)
    _size: int = field(default=0, init=False)

    async def upgrade(self, host: str, target: str, headers: list[tuple[bytes, bytes]]) -> str:
        """Asks the server for the connection.

        Args:
            host: For the header of that name.
            target: Path and query.
            headers: More headers.

        Returns:
            Nothing when the server agrees, else what it said instead.

        Raises:
            trio.BrokenResourceError: The stream broke.
        """
        request = Request(host=host, target=target, extra_headers=headers)
        await self.stream.send_all(self._wire.send(request))
        status, body = 0, b""
        try:
            while True:
                data = await self.stream.receive_some()
                self._wire.receive_data(bytes(data) or None)
                for event in self._wire.events():
                    if isinstance(event, AcceptConnection):
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
        """Says that we close the connection; the server answers, and that is its end."""
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
            self.end = (TOO_LARGE, f"a message of more than {LARGEST_MESSAGE} bytes")
            self._answer(CloseConnection(code=TOO_LARGE))
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


def _plain(data: str | bytes | bytearray) -> str | bytes:
    return bytes(data) if isinstance(data, bytearray) else data


def _ends_refusal(event: Event) -> bool:
    if isinstance(event, RejectConnection):
        return not event.has_body
    return isinstance(event, RejectData) and event.body_finished
