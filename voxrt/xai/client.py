"""The client's end of a realtime conversation: messages in and out, no I/O.

The client keeps what it needs to make sense of what arrives: the audio formats that the server has
confirmed, and which reply is current. It never waits for an order of messages that the service does
not keep, and it accepts every message; those that it does not know are marked as such.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pybase64
from attrs import define, evolve, field

from voxrt.errors import LocalProtocolError, RemoteProtocolError
from voxrt.xai.formats import DEFAULT_FORMAT, AudioFormat, format_of_echo
from voxrt.xai.messages import (
    APPEND_HEAD,
    APPEND_TAIL,
    CLIENT_MESSAGES,
    Direction,
    Message,
    decode,
    encode,
    problems,
)
from voxrt.xai.state import Connection, ConnectionState

if TYPE_CHECKING:
    from collections.abc import Mapping

#: How many ended replies are remembered, to recognise what still arrives for them.
_REMEMBERED = 64


@define
class ClientProtocol:
    """One conversation, seen by the client.

    Attributes:
        connection: Call `connection.opened()` when the WebSocket is open.
        response_id: The reply that is current: created, not done, not superseded.
        input_format: What the server expects; PCM16 at 24 kHz until it has said otherwise.
        output_format: What the server sends.
        input_transport: `json` (base64 in `append`) or `binary` (raw WebSocket messages).
        output_transport: The same, for what the server sends.
        session: The session object that the server last confirmed; empty before the first.
        session_id: From `session.created`.
        model: From `session.created`: the service replaces an unknown model without a word.
        conversation_id: From `conversation.created`; resumes the conversation later.
        usage: Of the last `response.done`.
    """

    connection: Connection = field(factory=Connection)
    response_id: str | None = None
    input_format: AudioFormat = DEFAULT_FORMAT
    output_format: AudioFormat = DEFAULT_FORMAT
    input_transport: str = "json"
    output_transport: str = "json"
    session: dict[str, Any] = field(factory=dict, repr=False)
    session_id: str | None = None
    model: str | None = None
    conversation_id: str | None = None
    usage: dict[str, Any] | None = None
    _ended: dict[str, None] = field(factory=dict, repr=False)
    _odd: bytes = field(default=b"", repr=False)
    """The latest sound that was sent, and its frame: silence is the same each time."""

    def send(self, message: Mapping[str, Any]) -> str:
        """The text frame for one client message.

        A message of a type that the table does not have is sent as it is: the service may be
        newer than the table.

        Raises:
            LocalProtocolError: The connection is not open, `type` is missing, or a known message
                lacks a field or has one of a wrong kind.
        """
        kind = message.get("type")
        if not isinstance(kind, str) or not kind:
            raise LocalProtocolError("a message without `type` cannot be sent")
        self.connection.check_send(kind)
        if kind in CLIENT_MESSAGES and kind != "input_audio_buffer.append":
            found = problems(message, Direction.CLIENT)
            if found:
                raise LocalProtocolError(f"`{kind}` cannot be sent: {'; '.join(found)}")
        if kind == "response.cancel" and self.response_id is not None:
            self._end(self.response_id)
        return encode(message)

    def append(self, pcm: bytes) -> str | bytes:
        """What carries `pcm` to the server: a text frame, or raw bytes with binary transport.

        Args:
            pcm: PCM16 at `input_format.rate_hz`; 20 to 100 ms is a good length.

        Raises:
            LocalProtocolError: The connection is not open.
        """
        self.connection.check_send("input_audio_buffer.append")
        data = self.input_format.from_pcm(pcm)
        if self.input_transport == "binary":
            return data
        # Spelled out because this is the most frequent message of all.
        return f"{APPEND_HEAD}{pybase64.b64encode_as_string(data)}{APPEND_TAIL}"

    def receive(self, text: str | bytes) -> list[Message]:
        """What one text frame means: no message for audio that came too late, else one.

        Raises:
            RemoteProtocolError: The frame is not a JSON object with a `type`, its audio is not
                base64, or the connection is not open.
        """
        self.connection.check_receive()
        message = decode(text, Direction.SERVER)
        kind, data = message.type, message.data
        if kind == "response.output_audio.delta":
            return self._audio(message)
        if kind == "response.created":
            self._created(data)
        elif kind == "response.done":
            message = self._done(message)
        elif kind in ("session.created", "session.updated"):
            self._configured(kind, data)
        elif kind == "conversation.created":
            self.conversation_id = _text(data.get("conversation"), "id")
        elif data.get("response_id") in self._ended:
            message = evolve(message, late=True)
        return [message]

    def receive_bytes(self, data: bytes) -> list[Message]:
        """What one binary frame means: sound of the current reply, as an audio delta.

        Raises:
            RemoteProtocolError: The connection is not open.
        """
        self.connection.check_receive()
        if self.response_id is None:
            return []
        body = {"type": "response.output_audio.delta", "response_id": self.response_id}
        return [Message(body["type"], dict(body), audio=self._pcm(data))]

    def closed(self) -> None:
        """The WebSocket is closed."""
        self.connection.closed()
        self.response_id = None

    @property
    def is_open(self) -> bool:
        """Whether messages can be sent."""
        return self.connection.state is ConnectionState.OPEN

    def _audio(self, message: Message) -> list[Message]:
        identity = message.data.get("response_id")
        if identity in self._ended:
            return []
        delta = message.data.get("delta")
        if not isinstance(delta, str):
            return [message]
        try:
            data = pybase64.b64decode(delta, validate=True)
        except ValueError as error:  # not base64, or not even ASCII
            raise RemoteProtocolError(f"an audio delta is not base64: {error}") from None
        return [Message(message.type, message.data, message.known, self._pcm(data))]

    def _pcm(self, data: bytes) -> bytes:
        if self.output_format.bytes_per_sample == 1:
            return self.output_format.to_pcm(data)
        data = self._odd + data
        whole = len(data) & ~1
        self._odd = data[whole:]
        return data[:whole]

    def _created(self, data: dict[str, Any]) -> None:
        if self.response_id is not None:
            self._end(self.response_id)
        self.response_id = _text(data.get("response"), "id")
        self._odd = b""

    def _done(self, message: Message) -> Message:
        data = message.data
        identity = data.get("response_id") or _text(data.get("response"), "id")
        usage = data.get("usage") or (data.get("response") or {}).get("usage")
        if isinstance(usage, dict) and usage:
            self.usage = usage
        late = identity in self._ended
        if isinstance(identity, str):
            self._end(identity)
        return evolve(message, late=True) if late else message

    def _end(self, identity: str) -> None:
        self._ended[identity] = None
        while len(self._ended) > _REMEMBERED:
            del self._ended[next(iter(self._ended))]
        if self.response_id == identity:
            self.response_id = None

    def _configured(self, kind: str, data: dict[str, Any]) -> None:
        session = data.get("session")
        if not isinstance(session, dict):
            return
        if kind == "session.created":
            self.session_id = _text(session, "id")
            self.model = _text(session, "model")
        else:
            self.session = session
        self.input_format = format_of_echo(session, "input") or self.input_format
        self.output_format = format_of_echo(session, "output") or self.output_format
        audio = session.get("audio")
        if isinstance(audio, dict):
            self.input_transport = _text(audio.get("input"), "transport") or self.input_transport
            self.output_transport = _text(audio.get("output"), "transport") or self.output_transport


def _text(container: Any, name: str) -> str | None:
    value = container.get(name) if isinstance(container, dict) else None
    return value if isinstance(value, str) else None
