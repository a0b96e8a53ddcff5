"""The stand-in's replies: at most one, delivered in bursts, cancelled or dropped by rule.

A reply goes through: *scheduled* (the turn is over, nothing was sent), *created*
(`response.created` is out), *delivering* (deltas), *done*. The agent is asked between the first two
and told that its answer counts between the second and the third, so that what is dropped before it
was heard never happened to it.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

import msgspec
from attrs import define, field, frozen

from voxrt.xai.server import call_item, message_output
from voxrt.xai.standin.replying import Failure, Reply
from voxrt.xai.standin.voicing import Voiced, voice

if TYPE_CHECKING:
    from collections.abc import Callable

    from voxrt.xai.standin.stage import Stage
    from voxrt.xai.standin.voicing import Piece


class Origin(Enum):
    """What a reply answers."""

    TURN = "the caller's turn"
    COMMIT = "a committed buffer, in manual mode"
    CREATE = "response.create"
    FORCE = "a force_message"
    CHECK_IN = "a long silence"


class Interruption(Enum):
    """What speech of the caller did to the reply."""

    NOTHING = "there was no reply"
    UNHEARD = "the reply was not heard yet"
    CUT = "the reply was cut off"
    KEPT = "the reply goes on"


@frozen(kw_only=True)
class Request:
    """A reply to be made.

    Attributes:
        origin: What it answers.
        ask: Gives the reply when it is time.
        metadata: Echoed in `response.created` and `response.done`.
        interruptible: Whether speech cuts it off.
    """

    origin: Origin
    ask: Callable[[], Reply]
    metadata: dict[str, str] | None = None
    interruptible: bool = True


@define
class _Delivery:
    """The reply that is current."""

    request: Request
    reply: Reply
    created_us: int
    item_id: str | None = None
    voiced: Voiced | None = None
    next_piece: int = 0
    phrases_sent: int = 0
    output: list[dict[str, Any]] = field(factory=list)

    @property
    def heard(self) -> bool:
        return self.item_id is not None

    @property
    def audio_s(self) -> float:
        if self.voiced is None or self.next_piece == 0:
            return 0.0
        return self.voiced.seconds(self.voiced.pieces[self.next_piece - 1].end)


@define
class Replies:
    """Makes and delivers replies.

    Attributes:
        on_heard: Called when a reply's first output goes out.
        on_finished: Called when a reply is completed or cancelled, with the milliseconds that its
            sound will still play at the client.
        call_tags: For every call id, the function call's tag.
        spoken: The assistant's messages that were completed.
    """

    _stage: Stage
    _appended_ms: Callable[[], int]
    on_heard: Callable[[], object]
    on_finished: Callable[[int], object]
    call_tags: dict[str, object] = field(factory=dict)
    spoken: dict[str, Voiced] = field(factory=dict)
    _current: _Delivery | None = None
    _scheduled: Request | None = None
    _waiting: Request | None = None
    _first_sound_us: int = 0
    _rids: list[str] = field(factory=list)

    @property
    def active(self) -> bool:
        """A reply was created and is not done."""
        return self._current is not None

    @property
    def busy(self) -> bool:
        """A reply is scheduled or active."""
        return self.active or self._scheduled is not None

    @property
    def response_id(self) -> str | None:
        """The id of the active reply."""
        return self._stage.protocol.reply.response_id if self.active else None

    def schedule(self, request: Request) -> None:
        """Makes a reply soon, instead of one that was scheduled before.

        A forced message neither replaces the answer to the caller nor is replaced by it: it is
        spoken first, and the answer follows.
        """
        before = self._scheduled
        if before is not None and before.origin is Origin.FORCE is not request.origin:
            self._waiting = request
            return
        if before is not None and before.origin is not Origin.FORCE is request.origin:
            self._waiting = before
        self._scheduled = request
        stage = self._stage
        stage.after("reply.create", stage.between(stage.settings.created_ms), self._create)

    def unschedule(self) -> bool:
        """Forgets a scheduled reply; whether there was one."""
        had, self._scheduled = self._scheduled is not None, None
        self._stage.cancel("reply.create")
        return had

    def interrupt(self) -> Interruption:
        """The caller began to speak."""
        settings = self._stage.settings
        scheduled = self._scheduled
        if scheduled is not None and scheduled.interruptible:
            self.unschedule()
            if self._current is None:
                return Interruption.UNHEARD
        if self._current is None:
            return Interruption.NOTHING
        if not self._current.request.interruptible:
            return Interruption.KEPT
        if not self._current.heard:
            self._end(silently=settings.barge_in_before_sound == "silent_drop")
            return Interruption.UNHEARD
        self._end(silently=settings.barge_in == "silent_drop")
        return Interruption.CUT

    def cancel(self) -> bool:
        """The client cancels the active reply; whether there was one."""
        self.unschedule()
        if self._current is None:
            return False
        self._end(silently=False)
        return True

    def cancel_unheard(self) -> None:
        """Takes back a reply of which nothing was heard."""
        self.unschedule()
        if self._current is not None and not self._current.heard:
            self._end(silently=False)

    # From scheduled to created -----------------------------------------------------------------

    def _create(self) -> None:
        request, self._scheduled = self._scheduled, None
        if request is None:
            return
        if self._current is not None:
            if not self._current.request.interruptible:
                self._waiting = request
                return
            self._end(silently=False)
        reply = request.ask()
        dropped = any(f.kind == "drop_response" for f in self._stage.faults.due("reply"))
        if reply.failure is not None and reply.failure.kind != "drop":
            self._fail(reply, reply.failure)
            return
        if reply.silent and request.origin is not Origin.CREATE:
            self._stage.agent.began(reply)
            self.on_heard()
            return
        stage = self._stage
        stage.send(stage.protocol.response_created(request.metadata))
        self._current = _Delivery(request, reply, stage.clock.now_us())
        if dropped or reply.failure is not None:
            stage.agent.began(reply)
            self.on_heard()
            self._end(silently=True)
        elif reply.silent or not (reply.say or reply.calls):
            stage.after("reply.step", 0, self._finish_silent)
        else:
            delay = stage.between(stage.settings.first_audio_ms) + reply.delay_ms
            stage.after("reply.step", delay, self._begin)

    def _fail(self, reply: Reply, failure: Failure) -> None:
        stage = self._stage
        stage.agent.began(reply)
        self.on_heard()
        if failure.kind == "error":
            stage.send(stage.protocol.error(failure.message, kind=failure.type, code=failure.code))
        else:
            stage.wire.close(failure.close_code, failure.reason)

    # Delivering --------------------------------------------------------------------------------

    def _begin(self) -> None:
        delivery, stage = self._now(), self._stage
        stage.agent.began(delivery.reply)
        self.on_heard()
        self._first_sound_us = stage.clock.now_us()
        if not delivery.reply.say:
            delivery.item_id = ""
            self._call_and_finish()
            return
        delivery.voiced = voice(
            delivery.reply.say,
            config=stage.config,
            default_voice=stage.settings.voice,
            speaker=stage.speaker,
            utterances=stage.utterances,
            rng=stage.rng,
        )
        delivery.item_id = stage.protocol.ids.uuid()
        item = {"id": delivery.item_id, "type": "message", "role": "assistant", "text": ""}
        previous = stage.items.add(item)
        stage.send_all(stage.protocol.message_added(delivery.item_id, previous))
        self._rids = [stage.protocol.ids.uuid() for _ in delivery.voiced.phrases]
        self._deliver()

    def _deliver(self) -> None:
        """Sends one piece of sound, with the phrases that begin in it, and plans the next."""
        delivery, stage = self._now(), self._stage
        voiced = delivery.voiced
        assert voiced is not None
        if delivery.next_piece >= len(voiced.pieces):
            self._send_phrases(delivery, None)
            self._close_message(delivery)
            return
        piece = voiced.pieces[delivery.next_piece]
        first = delivery.next_piece == 0
        if not first:
            self._send_phrases(delivery, voiced.seconds(piece.end))
        delivery.next_piece += 1
        self._send_sound(delivery, voiced, piece, first)
        if first:
            self._send_phrases(delivery, voiced.seconds(piece.end))
        if delivery.next_piece < len(voiced.pieces):
            gap_s = voiced.seconds(piece.end - piece.start) / stage.settings.burst_factor
            stage.after("reply.step", gap_s * 1000, self._deliver)
        else:
            stage.after("reply.step", 2, self._deliver)

    def _send_phrases(self, delivery: _Delivery, until_s: float | None) -> None:
        voiced, stage = delivery.voiced, self._stage
        assert voiced is not None
        assert delivery.item_id is not None
        while delivery.phrases_sent < len(voiced.phrases):
            phrase = voiced.phrases[delivery.phrases_sent]
            if until_s is not None and phrase.start_s > until_s:
                return
            rid = self._rids[delivery.phrases_sent]
            delivery.phrases_sent += 1
            stage.send(
                stage.protocol.text_delta(
                    delivery.item_id, phrase.text, rid=rid, start_s=phrase.start_s
                )
            )

    def _send_sound(self, delivery: _Delivery, voiced: Voiced, piece: Piece, first: bool) -> None:
        stage = self._stage
        assert delivery.item_id is not None
        if stage.config.output_transport == "binary":
            stage.wire.send_bytes(voiced.data(piece), voiced.span(piece))
            return
        waited_s = (stage.clock.now_us() - delivery.created_us) / 1_000_000
        frame = stage.protocol.audio_delta(
            delivery.item_id,
            voiced.data(piece),
            rid=self._rids[piece.phrase],
            latency=f"{waited_s:.2f}" if first else None,
            duration_ms=int(voiced.seconds(piece.end - piece.start) * 1000),
            unix_ms=stage.clock.unix_ms(),
        )
        stage.send(frame, voiced.span(piece))

    def _close_message(self, delivery: _Delivery) -> None:
        stage, voiced = self._stage, delivery.voiced
        assert voiced is not None
        assert delivery.item_id is not None
        stage.send_all(stage.protocol.message_done(delivery.item_id, voiced.text))
        delivery.output.append(message_output(delivery.item_id, voiced.text))
        item = stage.items.get(delivery.item_id)
        if item is not None:
            item["text"] = voiced.text
        self.spoken[delivery.item_id] = voiced
        self._call_and_finish()

    def _call_and_finish(self) -> None:
        """All calls and the end of the reply go out together, as the service sends them."""
        delivery, stage = self._now(), self._stage
        call_ids = stage.protocol.ids.calls(len(delivery.reply.calls))
        for call, call_id in zip(delivery.reply.calls, call_ids, strict=True):
            item_id = stage.protocol.ids.uuid()
            arguments = msgspec.json.encode(call.arguments).decode()
            item = call_item(item_id, call_id, call.name, arguments)
            stage.items.add(item)
            self.call_tags[call_id] = call.tag
            delivery.output.append(item)
            stage.send_all(stage.protocol.function_call(item_id, call_id, call.name, arguments))
        self._done(delivery, cancelled=False)

    def _finish_silent(self) -> None:
        delivery = self._now()
        self._stage.agent.began(delivery.reply)
        self.on_heard()
        self._done(delivery, cancelled=False)

    # The end -----------------------------------------------------------------------------------

    def _end(self, *, silently: bool) -> None:
        """Ends the active reply before its time."""
        delivery, stage = self._now(), self._stage
        stage.cancel("reply.step")
        if delivery.item_id:
            stage.items.remove(delivery.item_id)
            text = "".join(p.text for p in self._phrases_out(delivery))
            if not silently:
                delivery.output.append(message_output(delivery.item_id, text, status="incomplete"))
        if not silently:
            self._done(delivery, cancelled=True)
            return
        self._current = None
        stage.protocol.response_dropped()
        self.on_finished(self._still_playing_ms(delivery))

    def _done(self, delivery: _Delivery, *, cancelled: bool) -> None:
        stage = self._stage
        said = "".join(p.text for p in self._phrases_out(delivery))
        usage = stage.usage.settle(
            said=said,
            audio_s=delivery.audio_s,
            elapsed_ms=stage.elapsed_ms,
            appended_ms=self._appended_ms(),
        )
        frame = stage.protocol.response_done(
            delivery.output, usage, cancelled=cancelled, metadata=delivery.request.metadata
        )
        self._current = None
        stage.send(frame)
        self.on_finished(self._still_playing_ms(delivery))
        waiting, self._waiting = self._waiting, None
        if waiting is not None and self._scheduled is None:
            self.schedule(waiting)

    def _phrases_out(self, delivery: _Delivery) -> tuple[Any, ...]:
        return delivery.voiced.phrases[: delivery.phrases_sent] if delivery.voiced else ()

    def _still_playing_ms(self, delivery: _Delivery) -> int:
        played = self._stage.clock.now_us() - self._first_sound_us
        return max(0, round(delivery.audio_s * 1000) - played // 1000)

    def _now(self) -> _Delivery:
        assert self._current is not None
        return self._current
