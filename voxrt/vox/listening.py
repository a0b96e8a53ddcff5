"""How an ASR listens: where phrases begin and end, and what a recogniser makes of them.

A phrase begins when the core's voice activity detector hears speech, and ends when nothing was
said for 700 ms. Its words come from the ledger of the ASR's port, and its sound, for a recogniser
that wants it, from a tap. While nobody speaks and no sound is wanted this costs nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from attrs import define, field

from voxrt.clock import US_PER_MS, Timer
from voxrt.media.graph import Mark, MarkKind, Port, Side, Tap, VadSettings
from voxrt.media.hearing import Hearing
from voxrt.media.recogniser import Piece, Recognised, Recogniser, Recognition, Task
from voxrt.session.media import FRAME_US
from voxrt.vox.context import Context

RATE_HZ = 16_000
#: How long a speaker pauses until a phrase is taken for ended.
END_SILENCE_MS = 700
#: How long after that a recogniser of the platform answers.
RESULT_US = 150 * US_PER_MS
INTERIM_US = 300 * US_PER_MS
CHUNK_MS = 100
#: What is kept of the sound before speech was noticed, for a recogniser that takes sound.
PREROLL_MS = 400


_T = TypeVar("_T")


@define(eq=False)
class _Slot:
    """Something to tell, in its order; what it is may be known later."""

    call: Callable[[], object] | None = None


@define(eq=False, kw_only=True)
class Listener:
    """Listens to one port, phrase by phrase, until it is closed.

    Args:
        context: The session's platform.
        name: What its port is called.
        recogniser: What recognises the phrases.
        task: What it is told about them.
        interim: Whether `on_interim` is wanted.
        on_capture: A phrase began.
        on_interim: What has been understood of it; told every 300 ms when it has changed.
        on_captured: The phrase ended.
        on_result: Its result, and when its last word ended, in microseconds of the run. `None`
            when nothing was understood.
        on_error: It could not be recognised, and why.
    """

    context: Context
    name: str
    recogniser: Recogniser
    task: Task
    interim: bool
    on_capture: Callable[[], object]
    on_interim: Callable[[str], object]
    on_captured: Callable[[], object]
    on_result: Callable[[Recognised | None, int], object]
    on_error: Callable[[str], object]
    port: Port = field(init=False)
    closed: bool = field(default=False, init=False)
    _hearing: Hearing = field(init=False)
    _base_us: int = field(init=False)
    _tap: Tap | None = field(default=None, init=False)
    _preroll: bytes = field(default=b"", init=False)
    _phrase: Recognition | None = field(default=None, init=False)
    _onset_us: int = field(default=0, init=False)
    _last_text: str = field(default="", init=False)
    _timer: Timer | None = field(default=None, init=False)
    _finish_now: Callable[[], object] | None = field(default=None, init=False)
    """Brings the result of the phrase before, while the recogniser takes its time."""
    _finishing: Timer | None = field(default=None, init=False)
    _outbox: deque[_Slot] = field(factory=deque, init=False)
    """What waits to be told behind a result that is still being computed."""

    def __attrs_post_init__(self) -> None:
        graph = self.context.graph
        self.port = graph.port(self.name, RATE_HZ)
        self._hearing = Hearing(self.context.utterances)
        self._base_us = graph.tick * FRAME_US
        settings = VadSettings(prefix_padding_ms=0, silence_ms=END_SILENCE_MS)
        self.port.detect(Side.SINK, vad=settings)
        self.port.ledger(Side.SINK)
        self.context.media.listen(self.port, self._mark)
        if self.recogniser.rate_hz:
            rate_hz = self.recogniser.rate_hz
            self._tap = graph.tap((self.port, Side.SINK), rate_hz=rate_hz, chunk_ms=CHUNK_MS)
            self.context.media.drain_with(self._tap, self._drain)

    def cut(self) -> None:
        """Ends the phrase that is being spoken, as a pause would."""
        if self._phrase is not None:
            self._end_phrase(self._now_us())

    def close(self) -> None:
        """Ends it; what is being recognised has no result any more."""
        if self.closed:
            return
        self.closed = True
        for timer in (self._timer, self._finishing):
            if timer is not None:
                timer.cancel()
        self._phrase = self._finish_now = None
        self._outbox.clear()
        self.context.media.forget(self.port)
        if self._tap is not None:
            self.context.media.stop_draining(self._tap)
            self._tap.close()
        self.port.close()

    @property
    def busy(self) -> bool:
        """Whether a phrase is being spoken or recognised."""
        spoken = self._phrase is not None or self._finish_now is not None
        return spoken or bool(self._outbox)

    # --- phrases ----------------------------------------------------------------------------

    def _mark(self, mark: Mark) -> None:
        if self.closed or mark.side is not Side.SINK:
            return
        at_us = self._base_us + mark.value * 1_000_000 // RATE_HZ
        if mark.kind is MarkKind.SPEECH_STARTED:
            self._begin_phrase(at_us)
        elif mark.kind is MarkKind.SPEECH_STOPPED and self._phrase is not None:
            self._end_phrase(at_us)

    def _begin_phrase(self, at_us: int) -> None:
        if self._finish_now is not None:  # the result of a phrase comes before the next phrase
            self._finish_now()
        if self.closed:
            return
        self._onset_us, self._last_text = at_us, ""
        try:
            self._phrase = self.recogniser.begin(self.task)
        except Exception as error:
            self._tell(partial(self.on_error, _text_of(error)))
            return
        self._tell(self.on_capture)
        self._take()
        if self.interim:
            self._timer = self.context.clock.call_later(INTERIM_US, self._tell_interim)

    def _end_phrase(self, at_us: int) -> None:
        self._take()
        phrase, self._phrase = self._phrase, None
        if phrase is None:  # the recogniser has just failed
            return
        if self._timer is not None:
            self._timer.cancel()
        self._tell(self.on_captured)
        self._finish_now = partial(self._finish, phrase, at_us)
        self._finishing = self.context.clock.call_later(RESULT_US, self._finish_now)

    def _tell_interim(self) -> None:
        if self._phrase is None:
            return
        self._take()
        phrase = self._phrase
        text = self._ask(phrase.so_far) if phrase is not None else None
        if self._phrase is None:
            return
        if text and text != self._last_text:
            self._last_text = text
            self._tell(partial(self.on_interim, text))
        self._timer = self.context.clock.call_later(INTERIM_US, self._tell_interim)

    # --- what is heard ------------------------------------------------------------------------

    def _now_us(self) -> int:
        return self.context.graph.tick * FRAME_US

    def _take(self) -> None:
        """Hands what was heard since the last time to the phrase."""
        ledger = self.port.ledger(Side.SINK).read()
        words = self._hearing.feed(ledger, until_us=self._now_us())
        pcm = b""
        if self._tap is not None:
            pcm, self._preroll = self._preroll + self._tap.read(), b""
        if self._phrase is None:
            return
        known = self.context.utterances
        wordless_us = sum(
            heard.samples * 1_000_000 // heard.source.rate_hz
            for heard in ledger
            if heard.tag in known and not known.get(heard.tag).speech.words
        )
        said = [word for word in words if word.end_us > self._onset_us]
        piece = Piece(pcm=pcm, words=said, wordless_ms=wordless_us // US_PER_MS)
        self._ask(partial(self._phrase.hear, piece))

    def _ask(self, recogniser: Callable[[], _T]) -> _T | None:
        """Asks the recogniser something; an error in it is the phrase's end."""
        try:
            return recogniser()
        except Exception as error:
            self._phrase = None
            if self._timer is not None:
                self._timer.cancel()
            self._tell(partial(self.on_error, _text_of(error)))
            return None

    def _drain(self) -> None:
        if self._tap is None or self.closed:
            return
        if self._phrase is not None:
            self._take()
            return
        most = 2 * PREROLL_MS * self.recogniser.rate_hz // 1_000
        self._preroll = (self._preroll + self._tap.read())[-most:]

    # --- results ------------------------------------------------------------------------------

    def _finish(self, phrase: Recognition, end_us: int) -> None:
        self._finish_now = None
        if self._finishing is not None:
            self._finishing.cancel()
        slot = _Slot()
        self._outbox.append(slot)
        done = partial(self._finished, slot, end_us)
        if self.recogniser.slow:
            self.context.slow_recognition.add(phrase.result, done)
            return
        try:
            result = phrase.result()
        except Exception as error:
            done(None, error)
        else:
            done(result, None)

    def _finished(
        self, slot: _Slot, end_us: int, result: Recognised | None, error: Exception | None
    ) -> None:
        if error is not None:
            slot.call = partial(self.on_error, _text_of(error))
        else:
            slot.call = partial(self.on_result, result, end_us)
        self._empty_outbox()

    # --- telling, in order --------------------------------------------------------------------

    def _tell(self, call: Callable[[], object]) -> None:
        """Tells something, after the results that were asked for before."""
        self._outbox.append(_Slot(call))
        self._empty_outbox()

    def _empty_outbox(self) -> None:
        while self._outbox and self._outbox[0].call is not None and not self.closed:
            call = self._outbox.popleft().call
            assert call is not None
            call()


def _text_of(error: Exception) -> str:
    return str(error) or type(error).__name__
