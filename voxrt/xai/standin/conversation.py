"""One connection to the stand-in: takes the client's messages and directs the parts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pybase64
from attrs import define, field

from voxrt.clock import US_PER_MS
from voxrt.errors import RemoteProtocolError
from voxrt.xai.session import ConfigError
from voxrt.xai.standin.clerk import Clerk, ClientError
from voxrt.xai.standin.ear import Ear
from voxrt.xai.standin.faults import error_fields
from voxrt.xai.standin.replies import Interruption, Origin, Replies, Request
from voxrt.xai.standin.replying import Reply
from voxrt.xai.standin.turns import Heard, Turns

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from voxrt.media.hearing import HeardWord
    from voxrt.xai.messages import Message
    from voxrt.xai.standin.stage import Stage

Data = dict[str, Any]


@define
class Conversation:
    """One connection. Feed it frames; what it sends goes out through its transport.

    Attributes:
        subprotocol: What the upgrade's answer must echo as `Sec-WebSocket-Protocol`, if anything.
        conversation_id: The id that `conversation.created` names.
        replay: The items of a resumed conversation that the client has not been told yet.
    """

    stage: Stage
    conversation_id: str
    subprotocol: str | None = None
    replay: list[Data] = field(factory=list)
    _ear: Ear = field(init=False)
    _replies: Replies = field(init=False)
    _turns: Turns = field(init=False)
    _clerk: Clerk = field(init=False)
    _lane_us: int = 0
    _answered_by_itself: bool = False
    _handlers: dict[str, Callable[[Data], object]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._ear = Ear(self.stage.settings.silence_ms)
        self._ear.configure(self.stage.config)
        self._replies = Replies(
            self.stage, lambda: self._ear.audio_ms, self._reply_heard, self._reply_finished
        )
        self._turns = Turns(self.stage, self._ear, self._speech_started, self._turn_heard)
        self._clerk = Clerk(self.stage, self._replies)
        self._handlers = {
            "session.update": self._session_update,
            "input_audio_buffer.commit": partial(self._later, self._commit),
            "input_audio_buffer.clear": partial(self._later, self._clear),
            "conversation.item.create": partial(self._later, self._item_create),
            "conversation.item.delete": partial(self._later, self._item_delete),
            "conversation.item.truncate": partial(self._later, self._item_truncate),
            "response.create": partial(self._later, self._response_create),
            "response.cancel": partial(self._later, self._response_cancel),
        }

    # What the host calls -----------------------------------------------------------------------

    def open(self) -> None:
        """The upgrade was answered: sends the first three frames."""
        stage, settings = self.stage, self.stage.settings
        created = stage.protocol.session_created(voice=settings.voice, model=stage.config.model)
        stage.send(created)
        stage.send(stage.protocol.conversation_created(self.conversation_id))
        self._ping()
        fault = stage.faults.session_end()
        if fault is not None:
            stage.after("end", fault.ms, partial(self._end_session, fault.type))
        elif settings.max_session_ms is not None:
            stage.after("end", settings.max_session_ms, partial(self._end_session, "max_duration"))
        self._sign_of_life()

    def receive(self, text: str | bytes, heard: Sequence[HeardWord] = ()) -> None:
        """Takes a text frame.

        Args:
            text: The frame.
            heard: The words that end in the sound of an `append`, if it is known which.
        """
        if not self.stage.wire.is_open:
            return
        try:
            message = self.stage.protocol.receive(text)
        except RemoteProtocolError as error:
            self._refuse(error.message, kind="invalid_event", event_id=None)
            return
        self._sign_of_life()
        if message.type == "input_audio_buffer.append":
            self._append(message, heard)
            return
        handler = self._handlers.get(message.type)
        if handler is None:
            self._refuse(
                f"Unknown event type {message.type!r}.",
                kind="invalid_event",
                event_id=message.data.get("event_id"),
            )
            return
        handler(message.data)

    def receive_bytes(self, data: bytes, heard: Sequence[HeardWord] = ()) -> None:
        """Takes a binary frame: sound, when the session's input transport is `binary`."""
        if not self.stage.wire.is_open:
            return
        if self.stage.config.input_transport != "binary":
            self._refuse("Binary frames need audio.input.transport `binary`.", kind="invalid_event")
            return
        self._sign_of_life()
        self._hear(data, heard)

    def peer_closed(self, code: int, reason: str) -> None:
        """The client closed the connection, or it broke (code 1006)."""
        self.stage.wire.peer_closed()

    @property
    def is_open(self) -> bool:
        """Whether frames still go in either direction."""
        return self.stage.wire.is_open

    @property
    def is_patient(self) -> bool:
        """Whether silence does nothing here: it may come later, a second of it at once."""
        return not self._ear.speaking and self.stage.settings.inactivity_ms is None

    # The session -------------------------------------------------------------------------------

    def _session_update(self, data: Data) -> None:
        stage = self.stage
        try:
            stage.config = stage.config.updated(data["session"])
        except ConfigError as error:
            self._refuse(str(error), code=error.code, param=error.param, data=data)
            return
        self._ear.configure(stage.config)
        echo = stage.config.echo()
        self._answer(stage.between(stage.settings.update_ms), partial(self._session_updated, echo))

    def _session_updated(self, echo: Data) -> None:
        stage = self.stage
        if stage.config.resumable:
            replay, self.replay = self.replay, []
            for item in replay:
                stage.send(stage.protocol.item_added(item, stage.items.add(dict(item))))
        stage.send(stage.protocol.session_updated(echo))

    def _ping(self) -> None:
        stage = self.stage
        stage.send(stage.protocol.ping(stage.clock.unix_ms()))
        stage.after("ping", stage.settings.ping_every_ms, self._ping)

    def _sign_of_life(self) -> None:
        limit = self.stage.settings.inactivity_ms
        if limit is not None:
            self.stage.after("inactivity", limit, partial(self._end_session, "timeout"))

    def _end_session(self, kind: str) -> None:
        texts = {
            "max_duration": "The session has reached its maximum duration.",
            "timeout": "The session was closed due to inactivity.",
        }
        stage = self.stage
        fault = stage.faults.session_end()
        fields = {"message": texts[kind], "kind": kind}
        if fault is not None:
            stage.faults.used(fault)
        if fault is not None and fault.message:
            fields = error_fields(fault)
        stage.send(stage.protocol.error(**fields))
        stage.wire.close(1000, "")

    # The input buffer --------------------------------------------------------------------------

    def _append(self, message: Message, heard: Sequence[HeardWord]) -> None:
        sound = message.audio
        try:
            if sound is None:
                sound = pybase64.b64decode(message.data["audio"], validate=True)
        except ValueError:
            self._refuse("The audio is not base64.", param="audio", data=message.data)
            return
        if len(sound) > self.stage.settings.max_append_bytes:
            self._refuse("The audio is too large.", param="audio", data=message.data)
            return
        self._hear(sound, heard)

    def _hear(self, sound: bytes, heard: Sequence[HeardWord]) -> None:
        for finding in self._ear.hear(sound, heard):
            self._turns.found(finding)
        if self._ear.speaking:
            self._turns.progress()

    def _commit(self, data: Data) -> None:
        self._turns.commit()

    def _clear(self, data: Data) -> None:
        self._turns.clear()
        if self._answered_by_itself:
            self._replies.cancel_unheard()
            self._answered_by_itself = False
        self.stage.send(self.stage.protocol.cleared())

    def _speech_started(self) -> None:
        self.stage.cancel("idle")
        self._answered_by_itself = False
        detection = self.stage.config.turn_detection
        if detection is None:
            return
        honour = self.stage.settings.honour_response_switches
        if honour and not detection.interrupt_response:
            return
        if self._replies.interrupt() is Interruption.KEPT:
            self.stage.settings.on_note("the caller spoke over a reply that cannot be interrupted")

    def _turn_heard(self, heard: Heard) -> None:
        self._clerk.heard(heard)
        detection, settings = self.stage.config.turn_detection, self.stage.settings
        if detection is None:
            if not settings.documented_manual_mode or self._clerk.awaited:
                self._answered_by_itself = not settings.documented_manual_mode
                self._schedule(Origin.COMMIT)
        elif detection.create_response or not settings.honour_response_switches:
            self._schedule(Origin.TURN)

    # Items -------------------------------------------------------------------------------------

    def _item_create(self, data: Data) -> None:
        stage = self.stage
        self._answered_by_itself = False
        forced = self._clerk.forced_text(data["item"])
        if forced is not None:
            request = Request(
                origin=Origin.FORCE,
                ask=lambda: Reply(say=forced),
                interruptible=data["item"].get("interruptible") is not False,
            )
            self._replies.schedule(request)
            return
        item, previous = self._clerk.create(data)
        stage.send(stage.protocol.item_added(item, previous))

    def _item_delete(self, data: Data) -> None:
        self._clerk.delete(data["item_id"])
        self.stage.send(self.stage.protocol.item_deleted(data["item_id"]))

    def _item_truncate(self, data: Data) -> None:
        text = self._clerk.truncate(data)
        self.stage.send(
            self.stage.protocol.item_truncated(
                data["item_id"], data.get("content_index", 0), data["audio_end_ms"], text
            )
        )

    # Replies -----------------------------------------------------------------------------------

    def _response_create(self, data: Data) -> None:
        body = data.get("response") or {}
        metadata = self._clerk.metadata(body)
        manual = self.stage.config.turn_detection is None
        if manual and (self._turns.final_due or self._turns.commit()):
            self._clerk.await_turn(metadata, body)
            return
        if self._answered_by_itself:
            return
        self._schedule(Origin.CREATE, metadata, str(body.get("instructions") or ""))

    def _response_cancel(self, data: Data) -> None:
        wanted = data.get("response_id")
        if wanted is not None and wanted != self._replies.response_id:
            raise ClientError(f"Cancellation failed: response {wanted} is not active.")
        if not self._replies.active:
            raise ClientError("Cancellation failed: no active response found")
        self._replies.cancel()

    def _schedule(
        self, origin: Origin, metadata: dict[str, str] | None = None, prompt: str = ""
    ) -> None:
        self.stage.cancel("idle")
        awaited = self._clerk.take_awaited()
        if awaited is not None:
            metadata, prompt = awaited
        ask = partial(self._clerk.ask, prompt, check_in=origin is Origin.CHECK_IN)
        self._replies.schedule(Request(origin=origin, ask=ask, metadata=metadata))

    def _reply_heard(self) -> None:
        self._clerk.answered()
        self._turns.answered()

    def _reply_finished(self, still_playing_ms: int) -> None:
        detection = self.stage.config.turn_detection
        if detection is not None and detection.idle_timeout_ms:
            self.stage.after("idle", still_playing_ms + detection.idle_timeout_ms, self._check_in)

    def _check_in(self) -> None:
        if self._ear.speaking or self._replies.busy or self._turns.final_due:
            return
        stage, now_ms = self.stage, self._ear.audio_ms
        detection = stage.config.turn_detection
        idle_ms = (detection.idle_timeout_ms or 0) if detection is not None else 0
        stage.send(
            stage.protocol.timeout_triggered(
                stage.protocol.ids.uuid(), max(0, now_ms - idle_ms), now_ms
            )
        )
        self._schedule(Origin.CHECK_IN)

    # Answers -----------------------------------------------------------------------------------

    def _later(self, handle: Callable[[Data], object], data: Data) -> None:
        self._answer(
            self.stage.between(self.stage.settings.answer_ms), partial(self._try, handle, data)
        )

    def _try(self, handle: Callable[[Data], object], data: Data) -> None:
        try:
            handle(data)
        except ClientError as error:
            event_id = data.get("event_id")
            self.stage.send(
                self.stage.protocol.error(error.message, param=error.param, event_id=event_id)
            )

    def _answer(self, delay_ms: int, call: Callable[[], object]) -> None:
        """Answers come in the order of what they answer, however long each takes."""
        clock = self.stage.clock
        self._lane_us = max(self._lane_us, clock.now_us() + delay_ms * US_PER_MS)
        clock.call_at(self._lane_us, self._if_open, call)

    def _if_open(self, call: Callable[[], object]) -> None:
        if self.stage.wire.is_open:
            call()

    def _refuse(
        self,
        message: str,
        *,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        event_id: Any = None,
        data: Data | None = None,
    ) -> None:
        if data is not None:
            event_id = data.get("event_id")
        frame = partial(
            self.stage.protocol.error,
            message,
            kind=kind,
            code=code,
            param=param,
            event_id=event_id if isinstance(event_id, str) else None,
        )
        delay = self.stage.between(self.stage.settings.answer_ms)
        self._answer(delay, lambda: self.stage.send(frame()))
