"""The server's end of a realtime conversation: builds every frame, no I/O and no time.

The frames have the fields, the order of fields and the oddities of recorded ones: nearly every
frame has a `previous_item_id` that is mostly null, a spoken message has no `content` in the reply
but an empty one in the conversation, a function call is the `user`'s in the reply and the `tool`'s
in the conversation, and `usage` stands beside the response, not in it.

The reply's frames follow `voxrt.xai.state`; building one out of turn is a `LocalProtocolError`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pybase64
from attrs import define, field

from voxrt.errors import RemoteProtocolError
from voxrt.xai.ids import Ids
from voxrt.xai.messages import Direction, Message, decode, decode_append, encode, problems
from voxrt.xai.state import Connection, ReplyTracker, Step

if TYPE_CHECKING:
    import random

Frame = dict[str, Any]


@define
class ServerProtocol:
    """One conversation, seen by the server.

    Attributes:
        rng: The source of all ids.
        connection: Open from the start: a server sees a connection when it is accepted.
        reply: The current reply.
    """

    rng: random.Random = field(repr=False)
    connection: Connection = field(factory=Connection)
    reply: ReplyTracker = field(factory=ReplyTracker)
    ids: Ids = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.ids = Ids(self.rng)
        self.connection.opened()

    def receive(self, text: str | bytes) -> Message:
        """Reads one text frame of the client.

        Raises:
            RemoteProtocolError: It is not a JSON object with a `type`, a known message lacks a
                field or has one of a wrong kind, or the connection is closed.
        """
        self.connection.check_receive()
        append = decode_append(text)
        if append is not None:
            return append
        message = decode(text, Direction.CLIENT)
        if message.known:
            found = problems(message.data, Direction.CLIENT)
            if found:
                raise RemoteProtocolError(f"Invalid {message.type}: {'; '.join(found)}.")
        return message

    def encode(self, frame: Frame) -> str:
        """The text of a frame.

        Raises:
            LocalProtocolError: The connection is closed.
        """
        self.connection.check_send(frame["type"])
        return encode(frame)

    # The session -----------------------------------------------------------------------------

    def session_created(self, *, voice: str, model: str) -> Frame:
        """The first frame; it alone has no `previous_item_id`."""
        session = {
            "id": self.ids.session(),
            "object": "realtime.session",
            "instructions": "",
            "voice": voice,
            "modalities": ["audio"],
            "turn_detection": {"type": None},
            "tools": [],
            "model": model,
        }
        return {"type": "session.created", "event_id": self.ids.uuid(), "session": session}

    def conversation_created(self, conversation_id: str) -> Frame:
        """Names the conversation."""
        body = {"id": conversation_id, "object": "realtime.conversation"}
        return self._frame("conversation.created", conversation=body)

    def ping(self, unix_ms: int) -> Frame:
        """The server's sign of life; needs no answer."""
        return self._frame("ping", timestamp=unix_ms)

    def session_updated(self, session: dict[str, Any]) -> Frame:
        """Confirms an update with the session as it is now."""
        return {
            "session": session,
            "type": "session.updated",
            "event_id": self.ids.uuid(),
            "previous_item_id": None,
        }

    def error(
        self,
        message: str,
        *,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        event_id: str | None = None,
    ) -> Frame:
        """An `error` event; `event_id` is that of the client's message at fault."""
        body = {
            "type": kind,
            "code": code or kind,
            "message": message,
            "param": param,
            "event_id": event_id,
        }
        return {"event_id": self.ids.uuid(), "type": "error", "error": body}

    # The input -------------------------------------------------------------------------------

    def speech_started(self, item_id: str, audio_start_ms: int) -> Frame:
        """The caller began to speak."""
        return self._frame(
            "input_audio_buffer.speech_started", item_id=item_id, audio_start_ms=audio_start_ms
        )

    def speech_stopped(self, item_id: str, audio_end_ms: int) -> Frame:
        """The caller fell silent."""
        return self._frame(
            "input_audio_buffer.speech_stopped", item_id=item_id, audio_end_ms=audio_end_ms
        )

    def committed(self, item_id: str, previous_item_id: str | None) -> Frame:
        """The caller's turn is over."""
        return self._frame("input_audio_buffer.committed", previous_item_id, item_id=item_id)

    def cleared(self) -> Frame:
        """The input buffer is empty."""
        return self._frame("input_audio_buffer.cleared")

    def timeout_triggered(self, item_id: str, start_ms: int, end_ms: int) -> Frame:
        """Nobody has said anything for `idle_timeout_ms`."""
        return self._frame(
            "input_audio_buffer.timeout_triggered",
            item_id=item_id,
            audio_start_ms=start_ms,
            audio_end_ms=end_ms,
        )

    def transcript_updated(self, item_id: str, transcript: str) -> Frame:
        """The text of a turn so far."""
        return self._frame(
            "conversation.item.input_audio_transcription.updated",
            item_id=item_id,
            transcript=transcript,
            content_index=0,
        )

    def transcript_completed(self, item_id: str, transcript: str, *, final: bool) -> Frame:
        """The text of a turn; only with `final` is it the last word."""
        return self._frame(
            "conversation.item.input_audio_transcription.completed",
            item_id=item_id,
            transcript=transcript,
            content_index=0,
            status="completed" if final else "in_progress",
        )

    # Items -----------------------------------------------------------------------------------

    def item_added(self, item: dict[str, Any], previous_item_id: str | None) -> Frame:
        """An item of the conversation that is not part of a reply."""
        return self._frame("conversation.item.added", previous_item_id, item=item)

    def item_deleted(self, item_id: str) -> Frame:
        """Answers `conversation.item.delete`."""
        return self._frame("conversation.item.deleted", item_id=item_id)

    def item_truncated(
        self, item_id: str, content_index: int, audio_end_ms: int | float, transcript: str
    ) -> Frame:
        """Answers `conversation.item.truncate`."""
        return self._frame(
            "conversation.item.truncated",
            item_id=item_id,
            content_index=content_index,
            audio_end_ms=audio_end_ms,
            transcript=transcript,
        )

    # The reply -------------------------------------------------------------------------------

    def response_created(self, metadata: dict[str, str] | None = None) -> Frame:
        """Opens a reply; its id becomes `reply.response_id`."""
        self.reply.step(Step.CREATED)
        self.reply.response_id = self.ids.uuid()
        response = self._response("in_progress", [], metadata)
        return self._frame("response.created", response=response)

    def message_added(self, item_id: str, previous_item_id: str | None) -> list[Frame]:
        """Opens the spoken message: in the reply, in the conversation, and its audio part."""
        item = _message_item(item_id, "in_progress")
        self.reply.step(Step.MESSAGE_ADDED)
        in_reply = self._in_reply("response.output_item.added", item=item)
        self.reply.step(Step.LISTED)
        listed = self._frame(
            "conversation.item.added", previous_item_id, item={**item, "content": []}
        )
        self.reply.step(Step.PART_ADDED)
        part = {
            "type": "response.content_part.added",
            "event_id": self.ids.uuid(),
            "item_id": item_id,
            "previous_item_id": "0",
            "part": {"type": "audio", "transcript": ""},
            "response_id": self.reply.response_id,
            "content_index": 0,
            "output_index": 0,
        }
        return [in_reply, listed, part]

    def audio_delta(
        self,
        item_id: str,
        sound: bytes,
        *,
        rid: str,
        latency: str | None,
        duration_ms: int,
        unix_ms: int,
    ) -> Frame:
        """One piece of sound, as it is in a delta; `latency` only with the first of a reply."""
        self.reply.step(Step.AUDIO)
        # JSON already: there is nothing in base64 that an encoder would have to look for.
        delta = msgspec.Raw(b'"%b"' % pybase64.b64encode(sound))
        frame = self._part("response.output_audio.delta", item_id, delta=delta)
        del frame["previous_item_id"]
        frame["rid"] = rid
        if latency is not None:
            frame["latency"] = latency
        frame |= {"audio_duration_ms": duration_ms, "ts": unix_ms, "previous_item_id": None}
        return frame

    def text_delta(self, item_id: str, delta: str, *, rid: str, start_s: float) -> Frame:
        """One phrase; its event id is the `rid` of the sound that voices it."""
        self.reply.step(Step.TEXT)
        frame = self._part("response.output_audio_transcript.delta", item_id, delta=delta)
        del frame["previous_item_id"]
        frame["event_id"] = rid
        return {**frame, "rid": rid, "start_time": start_s, "previous_item_id": None}

    def message_done(self, item_id: str, transcript: str) -> list[Frame]:
        """Closes the spoken message, in the order of the recordings."""
        self.reply.step(Step.TEXT_DONE)
        text = self._part("response.output_audio_transcript.done", item_id, transcript=transcript)
        self.reply.step(Step.PART_DONE)
        part = self._part("response.content_part.done", item_id)
        self.reply.step(Step.AUDIO_DONE)
        audio = self._part("response.output_audio.done", item_id)
        self.reply.step(Step.ITEM_DONE)
        item = self._in_reply("response.output_item.done", item=_message_item(item_id, "completed"))
        return [text, part, audio, item]

    def function_call(self, item_id: str, call_id: str, name: str, arguments: str) -> list[Frame]:
        """All five frames of one function call."""
        opened = call_item(item_id, call_id, name, "", status="in_progress")
        self.reply.step(Step.CALL_ADDED)
        added = self._in_reply("response.output_item.added", item=opened)
        self.reply.step(Step.LISTED)
        listed = self._frame("conversation.item.added", item={**opened, "role": "tool"})
        common = {"item_id": item_id, "response_id": self.reply.response_id}
        self.reply.step(Step.ARGUMENTS)
        delta = self._frame(
            "response.function_call_arguments.delta", **common, delta=arguments, call_id=call_id
        )
        self.reply.step(Step.ARGUMENTS_DONE)
        done = self._frame(
            "response.function_call_arguments.done",
            **common,
            output_index=0,
            call_id=call_id,
            name=name,
            arguments=arguments,
        )
        self.reply.step(Step.ITEM_DONE)
        closed = self._in_reply(
            "response.output_item.done", item=call_item(item_id, call_id, name, arguments)
        )
        return [added, listed, delta, done, closed]

    def response_done(
        self,
        output: list[dict[str, Any]],
        usage: dict[str, Any],
        *,
        cancelled: bool = False,
        metadata: dict[str, str] | None = None,
    ) -> Frame:
        """Closes the reply."""
        identity = self.reply.response_id
        status = "cancelled" if cancelled else "completed"
        response = self._response(status, output, metadata)
        self.reply.step(Step.CANCELLED if cancelled else Step.COMPLETED)
        return {
            "type": "response.done",
            "event_id": self.ids.uuid(),
            "response": response,
            "response_id": identity,
            "usage": usage,
            "previous_item_id": None,
        }

    def response_dropped(self) -> None:
        """The reply ends without a frame."""
        self.reply.step(Step.DROPPED)

    # Parts of frames -------------------------------------------------------------------------

    def _frame(self, kind: str, previous_item_id: str | None = None, /, **fields: Any) -> Frame:
        frame = {"type": kind, "event_id": self.ids.uuid(), **fields}
        frame["previous_item_id"] = previous_item_id
        return frame

    def _in_reply(self, kind: str, *, item: dict[str, Any]) -> Frame:
        return self._frame(kind, item=item, response_id=self.reply.response_id, output_index=0)

    def _part(self, kind: str, item_id: str, **fields: Any) -> Frame:
        identity = self.reply.response_id
        if kind.endswith(".delta"):
            fields = {"response_id": identity, **fields}
        else:
            fields = {**fields, "response_id": identity}
        return self._frame(kind, item_id=item_id, **fields, content_index=0, output_index=0)

    def _response(
        self, status: str, output: list[dict[str, Any]], metadata: dict[str, str] | None
    ) -> dict[str, Any]:
        response: dict[str, Any] = {
            "id": self.reply.response_id,
            "object": "realtime.response",
            "output": output,
            "status": status,
        }
        if metadata is not None:
            response["metadata"] = metadata
        return {**response, "status_details": "unimplemented", "usage": {}}


def _message_item(item_id: str, status: str) -> dict[str, Any]:
    return {
        "id": item_id,
        "object": "realtime.item",
        "type": "message",
        "status": status,
        "role": "assistant",
    }


def message_output(item_id: str, transcript: str, *, status: str = "completed") -> dict[str, Any]:
    """A spoken message as `response.done` lists it."""
    content = [{"type": "audio", "transcript": transcript}]
    return {**_message_item(item_id, status), "content": content}


def call_item(
    item_id: str, call_id: str, name: str, arguments: str, *, status: str = "completed"
) -> dict[str, Any]:
    """A function call as the reply lists it."""
    return {
        "id": item_id,
        "object": "realtime.item",
        "type": "function_call",
        "status": status,
        "role": "user",
        "call_id": call_id,
        "name": name,
        "arguments": arguments,
    }
