"""The states of a realtime conversation, as tables.

Two things have state that both ends must agree about.

*The connection* is connecting, open or closed. Nothing travels before it is open or after it is
closed. There is no order among `session.created`, `conversation.created`, `ping` and the first
messages of the client: the client may configure the session before it has heard anything.

*The reply*: at most one is current. It opens with `response.created` and consists of items, one
complete after the other: first the spoken message, if there is one, then function calls. A spoken
message opens in three steps (the item in the reply, the same item in the conversation, its one
audio part), carries audio and transcript deltas, and closes in four. A function call opens in two
steps, carries its arguments in one piece and closes in two. Between items the reply is OPEN again,
and only there may it be completed.

A reply may also end from any state: cancelled, which is a `response.done` like any other, or
dropped without a word, which is no frame at all. That is why the client must never wait for a
`response.done`: the next `response.created` replaces whatever was current.

The server follows the table to the letter: a step that is not in it is a `LocalProtocolError`,
a bug on our side. The client reads the same table only to know which reply is current: documents
and recordings disagree about the order of the closing frames, so any order is accepted.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from attrs import define

from voxrt.errors import LocalProtocolError, RemoteProtocolError


class ConnectionState(Enum):
    """Where the connection is in its life."""

    CONNECTING = "connecting"
    OPEN = "open"
    CLOSED = "closed"


class ReplyState(Enum):
    """Where the current reply is in its life."""

    NONE = "none"
    OPEN = "open"
    MESSAGE = "message announced in the reply"
    MESSAGE_LISTED = "message listed in the conversation"
    SPEAKING = "audio part open"
    TEXT_DONE = "transcript closed"
    PART_DONE = "part closed"
    AUDIO_DONE = "audio closed"
    CALL = "call announced in the reply"
    CALL_LISTED = "call listed in the conversation"
    CALL_ARGUMENTS = "arguments sent"
    CALL_DONE = "arguments closed"


class Step(Enum):
    """A frame of a reply, with the kind of item where that decides what may follow."""

    CREATED = "response.created"
    MESSAGE_ADDED = "response.output_item.added (message)"
    CALL_ADDED = "response.output_item.added (function_call)"
    LISTED = "conversation.item.added"
    PART_ADDED = "response.content_part.added"
    AUDIO = "response.output_audio.delta"
    TEXT = "response.output_audio_transcript.delta"
    TEXT_DONE = "response.output_audio_transcript.done"
    PART_DONE = "response.content_part.done"
    AUDIO_DONE = "response.output_audio.done"
    ITEM_DONE = "response.output_item.done"
    ARGUMENTS = "response.function_call_arguments.delta"
    ARGUMENTS_DONE = "response.function_call_arguments.done"
    COMPLETED = "response.done (completed)"
    CANCELLED = "response.done (cancelled)"
    DROPPED = "no frame: the reply ends silently"


_S = ReplyState

REPLY_STEPS: Final[dict[tuple[ReplyState, Step], ReplyState]] = {
    (_S.NONE, Step.CREATED): _S.OPEN,
    (_S.OPEN, Step.MESSAGE_ADDED): _S.MESSAGE,
    (_S.MESSAGE, Step.LISTED): _S.MESSAGE_LISTED,
    (_S.MESSAGE_LISTED, Step.PART_ADDED): _S.SPEAKING,
    (_S.SPEAKING, Step.AUDIO): _S.SPEAKING,
    (_S.SPEAKING, Step.TEXT): _S.SPEAKING,
    (_S.SPEAKING, Step.TEXT_DONE): _S.TEXT_DONE,
    (_S.TEXT_DONE, Step.PART_DONE): _S.PART_DONE,
    (_S.PART_DONE, Step.AUDIO_DONE): _S.AUDIO_DONE,
    (_S.AUDIO_DONE, Step.ITEM_DONE): _S.OPEN,
    (_S.OPEN, Step.CALL_ADDED): _S.CALL,
    (_S.CALL, Step.LISTED): _S.CALL_LISTED,
    (_S.CALL_LISTED, Step.ARGUMENTS): _S.CALL_ARGUMENTS,
    (_S.CALL_ARGUMENTS, Step.ARGUMENTS_DONE): _S.CALL_DONE,
    (_S.CALL_DONE, Step.ITEM_DONE): _S.OPEN,
    (_S.OPEN, Step.COMPLETED): _S.NONE,
    **{(state, Step.CANCELLED): _S.NONE for state in _S if state is not _S.NONE},
    **{(state, Step.DROPPED): _S.NONE for state in _S if state is not _S.NONE},
}


@define
class ReplyTracker:
    """Follows the current reply through `REPLY_STEPS`."""

    state: ReplyState = ReplyState.NONE
    response_id: str | None = None

    def step(self, step: Step) -> None:
        """Takes one step.

        Raises:
            LocalProtocolError: The table does not have it in the present state.
        """
        following = REPLY_STEPS.get((self.state, step))
        if following is None:
            raise LocalProtocolError(f"`{step.value}` is not allowed while: {self.state.value}")
        self.state = following
        if following is ReplyState.NONE:
            self.response_id = None

    @property
    def active(self) -> bool:
        """Whether a reply is current."""
        return self.state is not ReplyState.NONE


@define
class Connection:
    """The life of one connection, seen from either end."""

    state: ConnectionState = ConnectionState.CONNECTING

    def opened(self) -> None:
        """The WebSocket is open.

        Raises:
            LocalProtocolError: It was opened before.
        """
        if self.state is not ConnectionState.CONNECTING:
            raise LocalProtocolError(f"the connection cannot be opened: it is {self.state.value}")
        self.state = ConnectionState.OPEN

    def closed(self) -> None:
        """The WebSocket is closed, by whichever side; harmless when repeated."""
        self.state = ConnectionState.CLOSED

    def check_send(self, kind: str) -> None:
        """Raises `LocalProtocolError` when nothing can be sent."""
        if self.state is not ConnectionState.OPEN:
            raise LocalProtocolError(
                f"`{kind}` cannot be sent: the connection is {self.state.value}"
            )

    def check_receive(self) -> None:
        """Raises `RemoteProtocolError` when nothing may arrive."""
        if self.state is not ConnectionState.OPEN:
            raise RemoteProtocolError(f"a frame arrived while the connection is {self.state.value}")
