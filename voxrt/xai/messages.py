"""The one table of everything that travels between a client and xAI's realtime service.

Each row names a message, the side that sends it, when it may occur and its fields. The fields are
written in a small notation: `name:kind`, a `?` behind the kind for a field that may be missing, a
`|null` for one that may be null. The kinds are JSON's, plus `text` for a string and `any`.

The table says what was documented or seen on the wire. It is used to *recognise* messages and to
check what we send; what the other side sends is never refused for a field too many or too few,
and a message that is not in the table is delivered with `known` false.

Source: https://docs.x.ai/developers/rest-api-reference/inference/voice
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec
import pybase64
from attrs import define, field, frozen

from voxrt.errors import RemoteProtocolError

if TYPE_CHECKING:
    from collections.abc import Mapping


class Direction(Enum):
    """Which side sends a message."""

    CLIENT = "client"
    SERVER = "server"


class When(Enum):
    """When a message may occur; `voxrt.xai.state` turns the last three into steps."""

    OPEN = "any time while the connection is open"
    IDLE_OR_REPLY = "opens a reply, superseding one that is open"
    REPLY = "only inside an open reply"


@frozen
class Field:
    """One field of a message beyond `type` and `event_id`."""

    name: str
    kinds: tuple[str, ...]
    required: bool


@frozen
class MessageType:
    """One row of the table."""

    name: str
    direction: Direction
    when: When
    fields: tuple[Field, ...]


@define  # to make a frozen one takes twice as long, and there are many
class Message:
    """One message as it arrived; nobody changes it.

    Attributes:
        type: Its `type`.
        data: The whole JSON object, `type` included.
        known: Whether the table has it.
        audio: Of an audio delta seen by the client: its sound as PCM16 at the session's output
            rate. Of an `append` that `decode_append` read: its sound as it was sent. `None` for
            everything else.
        late: The message belongs to a reply that was superseded or has ended.
    """

    type: str
    data: dict[str, Any] = field(repr=False)
    known: bool = True
    audio: bytes | None = field(default=None, repr=False)
    late: bool = False


_KINDS: Final[dict[str, tuple[type, ...]]] = {
    "text": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "object": (dict,),
    "array": (list,),
    "null": (type(None),),
    "any": (object,),
}


def _fields(notation: str) -> tuple[Field, ...]:
    found = []
    for entry in notation.split():
        name, _, kinds = entry.partition(":")
        found.append(Field(name, tuple(kinds.rstrip("?").split("|")), not kinds.endswith("?")))
    return tuple(found)


_CLIENT: Final = (
    ("session.update", When.OPEN, "session:object"),
    ("input_audio_buffer.append", When.OPEN, "audio:text"),
    ("input_audio_buffer.commit", When.OPEN, ""),
    ("input_audio_buffer.clear", When.OPEN, ""),
    ("conversation.item.create", When.OPEN, "item:object previous_item_id:text|null?"),
    ("conversation.item.delete", When.OPEN, "item_id:text"),
    (
        "conversation.item.truncate",
        When.OPEN,
        "item_id:text content_index:integer? audio_end_ms:number",
    ),
    ("response.create", When.OPEN, "response:object|null?"),
    ("response.cancel", When.OPEN, "response_id:text|null?"),
)

_PREVIOUS = " previous_item_id:text|null?"
_PART = "item_id:text response_id:text content_index:integer output_index:integer" + _PREVIOUS
_TRANSCRIPT = "item_id:text transcript:text content_index:integer? status:text?" + _PREVIOUS
_CALL = "item_id:text response_id:text call_id:text"

_SERVER: Final = (
    ("session.created", When.OPEN, "session:object"),
    ("conversation.created", When.OPEN, "conversation:object" + _PREVIOUS),
    ("ping", When.OPEN, "timestamp:integer" + _PREVIOUS),
    ("session.updated", When.OPEN, "session:object" + _PREVIOUS),
    ("conversation.item.added", When.OPEN, "item:object" + _PREVIOUS),
    ("conversation.item.created", When.OPEN, "item:object" + _PREVIOUS),
    ("conversation.item.deleted", When.OPEN, "item_id:text" + _PREVIOUS),
    (
        "conversation.item.truncated",
        When.OPEN,
        "item_id:text content_index:integer audio_end_ms:number transcript:text?" + _PREVIOUS,
    ),
    ("conversation.item.input_audio_transcription.updated", When.OPEN, _TRANSCRIPT),
    ("conversation.item.input_audio_transcription.completed", When.OPEN, _TRANSCRIPT),
    (
        "input_audio_buffer.speech_started",
        When.OPEN,
        "item_id:text audio_start_ms:integer" + _PREVIOUS,
    ),
    (
        "input_audio_buffer.speech_stopped",
        When.OPEN,
        "item_id:text audio_end_ms:integer" + _PREVIOUS,
    ),
    ("input_audio_buffer.committed", When.OPEN, "item_id:text" + _PREVIOUS),
    ("input_audio_buffer.cleared", When.OPEN, "previous_item_id:text|null?"),
    (
        "input_audio_buffer.timeout_triggered",
        When.OPEN,
        "item_id:text audio_start_ms:integer audio_end_ms:integer" + _PREVIOUS,
    ),
    (
        "input_audio_buffer.dtmf_event_received",
        When.OPEN,
        "event:text received_at:number" + _PREVIOUS,
    ),
    ("response.created", When.IDLE_OR_REPLY, "response:object" + _PREVIOUS),
    (
        "response.output_item.added",
        When.REPLY,
        "item:object response_id:text output_index:integer" + _PREVIOUS,
    ),
    (
        "response.output_item.done",
        When.REPLY,
        "item:object response_id:text output_index:integer" + _PREVIOUS,
    ),
    ("response.content_part.added", When.REPLY, "part:object " + _PART),
    ("response.content_part.done", When.REPLY, "part:object? " + _PART),
    (
        "response.output_audio.delta",
        When.REPLY,
        "delta:text rid:text? latency:text? audio_duration_ms:integer? ts:integer? " + _PART,
    ),
    ("response.output_audio.done", When.REPLY, _PART),
    (
        "response.output_audio_transcript.delta",
        When.REPLY,
        "delta:text rid:text? start_time:number? " + _PART,
    ),
    ("response.output_audio_transcript.done", When.REPLY, "transcript:text " + _PART),
    ("response.function_call_arguments.delta", When.REPLY, "delta:text " + _CALL + _PREVIOUS),
    (
        "response.function_call_arguments.done",
        When.REPLY,
        "output_index:integer? name:text arguments:text " + _CALL + _PREVIOUS,
    ),
    ("response.text.delta", When.REPLY, "delta:text " + _PART),
    ("response.text.done", When.REPLY, "text:text? " + _PART),
    ("response.output_text.delta", When.REPLY, "delta:text " + _PART),
    ("response.output_text.done", When.REPLY, "text:text? " + _PART),
    (
        "response.done",
        When.REPLY,
        "response:object response_id:text? usage:object?" + _PREVIOUS,
    ),
    ("mcp_list_tools.in_progress", When.OPEN, "item_id:text?" + _PREVIOUS),
    ("mcp_list_tools.completed", When.OPEN, "item_id:text?" + _PREVIOUS),
    ("mcp_list_tools.failed", When.OPEN, "item_id:text? error:object?" + _PREVIOUS),
    ("response.mcp_call_arguments.delta", When.REPLY, "item_id:text delta:text" + _PREVIOUS),
    ("response.mcp_call_arguments.done", When.REPLY, "item_id:text arguments:text" + _PREVIOUS),
    ("response.mcp_call.in_progress", When.REPLY, "item_id:text output_index:integer?" + _PREVIOUS),
    ("response.mcp_call.completed", When.REPLY, "item_id:text output_index:integer?" + _PREVIOUS),
    ("response.mcp_call.failed", When.REPLY, "item_id:text error:object?" + _PREVIOUS),
    ("error", When.OPEN, "error:object" + _PREVIOUS),
)

CLIENT_MESSAGES: Final[dict[str, MessageType]] = {
    name: MessageType(name, Direction.CLIENT, when, _fields(notation))
    for name, when, notation in _CLIENT
}
SERVER_MESSAGES: Final[dict[str, MessageType]] = {
    name: MessageType(name, Direction.SERVER, when, _fields(notation))
    for name, when, notation in _SERVER
}


def table(direction: Direction) -> dict[str, MessageType]:
    """The rows of one direction, by message type."""
    return CLIENT_MESSAGES if direction is Direction.CLIENT else SERVER_MESSAGES


def decode(text: str | bytes, direction: Direction) -> Message:
    """Reads one text frame that `direction` sent.

    Raises:
        RemoteProtocolError: It is not one JSON object with a text `type`.
    """
    try:
        data = msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise RemoteProtocolError(f"a frame is not JSON: {error}") from None
    if not isinstance(data, dict):
        raise RemoteProtocolError("a frame is not a JSON object")
    kind = data.get("type")
    if not isinstance(kind, str) or not kind:
        raise RemoteProtocolError("a frame has no `type`")
    return Message(kind, data, kind in table(direction))


#: How an `append` begins, and ends, as voxrt's own client spells it.
APPEND_HEAD: Final = '{"type":"input_audio_buffer.append","audio":"'
APPEND_TAIL: Final = '"}'


class _Append(msgspec.Struct):
    type: Literal["input_audio_buffer.append"]
    audio: str
    event_id: Any = None


_APPENDS: Final = msgspec.json.Decoder(_Append)


def decode_append(text: str | bytes) -> Message | None:
    """Reads an `append`, the most frequent message of all, and its audio in one go.

    Returns:
        Its sound in `audio`, not in `data`; `None` for anything but a right append.
    """
    if isinstance(text, bytes) or "input_audio_buffer.append" not in text[:64]:
        return None
    event_id = None
    try:
        if text.startswith(APPEND_HEAD) and text.endswith(APPEND_TAIL):
            sound = text[len(APPEND_HEAD) : -len(APPEND_TAIL)]  # only if it is base64
        else:
            append = _APPENDS.decode(text)
            sound, event_id = append.audio, append.event_id
        audio = pybase64.b64decode(sound, validate=True)
    except ValueError:  # no JSON, not right, or not base64
        return None
    return Message("input_audio_buffer.append", {"event_id": event_id}, audio=audio)


def encode(message: Mapping[str, Any]) -> str:
    """One text frame; keys keep their order.

    Raises:
        TypeError: A value has no JSON form.
    """
    return msgspec.json.encode(message).decode()


def problems(message: Mapping[str, Any], direction: Direction) -> list[str]:
    """What is wrong with a message by the table; empty for one that fits or is not in it."""
    row = table(direction).get(message.get("type", ""))
    if row is None:
        return []
    found = []
    for entry in row.fields:
        if entry.name not in message:
            if entry.required:
                found.append(f"`{entry.name}` is missing")
        elif not _fits(message[entry.name], entry.kinds):
            found.append(f"`{entry.name}` is not {' or '.join(entry.kinds)}")
    return found


def _fits(value: Any, kinds: tuple[str, ...]) -> bool:
    if isinstance(value, bool):
        return "boolean" in kinds or "any" in kinds
    return any(isinstance(value, _KINDS[kind]) for kind in kinds)
