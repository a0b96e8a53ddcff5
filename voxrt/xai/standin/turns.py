"""The caller's turns: from the first sound to the final transcript, in the order of the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define, field, frozen

from voxrt.xai.standin.ear import Change, Ear, Finding, placeholder, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from voxrt.media.hearing import HeardWord
    from voxrt.xai.standin.stage import Stage

_LATE_PARTIAL_MS = 60
_FINAL_MS = 150
_AFTER_FINAL_MS = 60


@frozen
class Heard:
    """What a finished turn said; `unheard` when no words could be made out."""

    item_id: str
    text: str
    unheard: bool


@define
class Turns:
    """Follows the caller's speech.

    A turn stays open after its end until its answer begins to be heard: speech that goes on before
    that continues it, under the same item id, and it is transcribed again from the start.

    Attributes:
        on_started: Called when the caller begins to speak, after `speech_started` was sent.
        on_heard: Called with the final transcript of a turn.
        item_id: The item of the turn under way, or of the one that is not answered yet.
    """

    _stage: Stage
    _ear: Ear
    on_started: Callable[[], object]
    on_heard: Callable[[Heard], object]
    item_id: str | None = None
    _words: list[HeardWord] = field(factory=list)
    _guess: str | None = None
    _partial: str = ""
    _partial_at_ms: int = 0
    _previous: str | None = None
    _begun_ms: int = 0
    _spoken_ms: int = 0
    _final_due: bool = False

    def found(self, finding: Finding) -> None:
        """Takes what the detector found."""
        if finding.change is Change.STARTED:
            self._started(finding.at_ms)
        else:
            self._stopped(finding.at_ms)

    def progress(self) -> None:
        """More sound of a turn has come; a partial transcript may be due."""
        stage = self._stage
        if not stage.config.live_transcripts or self._is_manual or self.item_id is None:
            return
        if self._ear.audio_ms - self._partial_at_ms >= stage.settings.partial_every_ms:
            self._partial_at_ms = self._ear.audio_ms
            words = self._all_words()
            # The newest word is still being worked on, unless it is all there is.
            self._send_partial(text_of(words[:-1] or words))

    def commit(self) -> bool:
        """The client commits the buffer.

        Returns:
            Whether there was speech in it, so that a turn was made of it.
        """
        ear, stage = self._ear, self._stage
        if not ear.speech_in_buffer and not ear.words:
            ear.forget()
            return False
        if not self._is_manual and not ear.speaking:
            return False  # the server's own detection has ended this turn already
        identity = self._open_item()
        if ear.speaking:
            self._spoken_ms += ear.audio_ms - self._begun_ms
            stage.send(stage.protocol.speech_stopped(identity, ear.audio_ms))
        self._words = self._all_words()
        ear.take_words()
        ear.forget()
        if self._is_manual:
            self._previous = stage.items.last_id
            stage.send(stage.protocol.committed(identity, self._previous))
            self._announce(identity)
        else:
            stage.send(stage.protocol.committed(identity, self._previous))
        self._await_final()
        return True

    def clear(self) -> None:
        """The client empties the buffer; a turn that was under way never was."""
        under_way = self._ear.speaking or self._final_due
        self._ear.forget()
        self._stage.cancel("turn.late")
        self._stage.cancel("turn.final")
        if under_way and self.item_id is not None:
            self._stage.items.remove(self.item_id)
            self._reset()

    def answered(self) -> None:
        """The answer to the turn begins to be heard: the turn is over for good."""
        if self.item_id is not None and not self._ear.speaking:
            self._stage.usage.heard_audio(self._spoken_ms)
            self._reset()

    @property
    def final_due(self) -> bool:
        """A turn has ended and its final transcript is not out yet."""
        return self._final_due

    # Speech ------------------------------------------------------------------------------------

    @property
    def _is_manual(self) -> bool:
        return self._stage.config.turn_detection is None

    def _started(self, at_ms: int) -> None:
        stage = self._stage
        if not stage.settings.merge_pauses and not self._is_manual:
            self._finish_at_once()
        going_on = self.item_id is not None
        identity = self._open_item()
        stage.cancel("turn.late")
        stage.cancel("turn.final")
        self._final_due = False
        self._begun_ms = at_ms
        self._partial_at_ms = self._ear.audio_ms
        stage.send(stage.protocol.speech_started(identity, at_ms))
        self.on_started()
        if self._is_manual:
            return
        if not going_on:
            self._previous = stage.items.last_id
            self._announce(identity)

    def _stopped(self, at_ms: int) -> None:
        stage = self._stage
        identity = self._open_item()
        self._spoken_ms += max(0, at_ms - self._begun_ms)
        stage.send(stage.protocol.speech_stopped(identity, at_ms))
        if self._is_manual:
            return
        self._words = self._all_words()
        self._ear.take_words()
        self._ear.speech_in_buffer = False
        stage.send(stage.protocol.committed(identity, self._previous))
        self._await_final()

    def _open_item(self) -> str:
        if self.item_id is None:
            self.item_id = self._stage.protocol.ids.uuid()
        return self.item_id

    def _announce(self, identity: str) -> None:
        stage = self._stage
        item = {
            "id": identity,
            "object": "realtime.item",
            "type": "message",
            "status": "in_progress",
            "role": "user",
            "content": [{"type": "input_audio", "transcript": ""}],
        }
        previous = stage.items.add({**item, "text": ""})
        stage.send(stage.protocol.item_added(item, previous))

    # Transcripts -------------------------------------------------------------------------------

    def _all_words(self) -> list[HeardWord]:
        return [*self._words, *self._ear.words]

    def _await_final(self) -> None:
        stage = self._stage
        self._final_due = True
        if stage.settings.late_partial and stage.config.live_transcripts:
            stage.after("turn.late", _LATE_PARTIAL_MS, self._send_late_partial)
        stage.after("turn.final", _FINAL_MS, self._final)

    def _send_late_partial(self) -> None:
        self._send_partial(text_of(self._words[:-1]))

    def _send_partial(self, text: str) -> None:
        if text and text != self._partial and self.item_id is not None:
            self._partial = text
            self._send_pair(self.item_id, text)

    def _send_pair(self, item_id: str, text: str) -> None:
        protocol = self._stage.protocol
        self._stage.send(protocol.transcript_updated(item_id, text))
        self._stage.send(protocol.transcript_completed(item_id, text, final=False))

    def _final(self) -> None:
        identity, stage = self.item_id, self._stage
        if identity is None:
            return
        self._final_due = False
        text, unheard = self._transcript()
        item = stage.items.get(identity)
        if item is not None:
            item["text"] = text
        stage.send(stage.protocol.transcript_completed(identity, text, final=True))
        if any(fault.kind == "late_partials" for fault in stage.faults.due("turn")):
            early = " ".join(text.split()[:-1]) or text
            stage.after("turn.later", _AFTER_FINAL_MS, lambda: self._send_pair(identity, early))
        self.on_heard(Heard(identity, text, unheard))

    def _transcript(self) -> tuple[str, bool]:
        if self._words:
            return text_of(self._words), False
        settings, length = self._stage.settings, placeholder(self._spoken_ms)
        if self._guess is None:
            self._guess = self._stage.agent.guess()
            said = length if self._guess is None else f'taken to say "{self._guess}"'
            settings.on_guess(f"the caller's speech carried no words: {said}")
        return (length, True) if self._guess is None else (self._guess, False)

    def _finish_at_once(self) -> None:
        """Ends the turn before, whatever is outstanding of it."""
        if self._final_due:
            self._stage.cancel("turn.late")
            self._stage.cancel("turn.final")
            self._final()
        if self.item_id is not None:
            self._stage.usage.heard_audio(self._spoken_ms)
            self._reset()

    def _reset(self) -> None:
        self.item_id = self._guess = self._previous = None
        self._words = []
        self._partial, self._spoken_ms, self._final_due = "", 0, False
