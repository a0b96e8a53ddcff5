"""How a leg is heard: speech and sounds pushed into the call's port, one after the other.

A sound goes into the port's queue at once and is played from there in real time; that it has ended
is told by the queue's mark. What is longer than the queue takes is pushed in portions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define, field

from voxrt.clock import US_PER_MS
from voxrt.media.graph import MarkKind, Side
from voxrt.media.utterances import speech_fields

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from voxrt.clock import Timer
    from voxrt.media.graph import Mark
    from voxrt.media.speech import Speech
    from voxrt.vox.leg import LegHost

QUEUED_MS = 8_000  # of the 10 s that a port's queue takes
REFILL_MS = 4_000


@define(eq=False)
class Mouth:
    """Plays one sound at a time into the port of a call."""

    _line: LegHost
    _silent: bool = field(default=False, init=False)
    _pcm: bytes = field(default=b"", init=False)
    _pushed: int = field(default=0, init=False)
    _tag: int = field(default=0, init=False)
    _last_tag: int = field(default=0, init=False)
    _done: Callable[[], None] | None = field(default=None, init=False)
    _refill: Timer | None = field(default=None, init=False)

    def attach(self) -> None:
        """Asks the port to tell when its queue has been played."""
        self._line.port.detect(Side.SOURCE, playback=True)

    def say(
        self, speech: Speech, speaker: str, done: Callable[[], None], clarity: float = 1.0
    ) -> None:
        """Plays a speech, registered under the speaker's name, and calls `done` at its end.

        The speech has the rate of the port.
        """
        said: dict[str, object] = {
            "speaker": speaker,
            "clarity": clarity,
            "said": speech_fields(speech),
        }
        self.play(speech.pcm, done, self._line.utterances.add(speech, speaker, clarity), said)

    def play(
        self,
        pcm: bytes,
        done: Callable[[], None],
        tag: int = 0,
        said: Mapping[str, object] | None = None,
    ) -> None:
        """Plays samples at the port's rate instead of what is being played.

        Args:
            pcm: The samples.
            done: Called at their end.
            tag: The utterance that they are, by its id; 0 for sound without words.
            said: The utterance for the record of the sound, which `say` fills in.
        """
        self.stop()
        if not pcm:
            self._line.clock.call_soon(done)
            return
        tick, samples = self._line.graph.tick, len(pcm) // 2
        kept: dict[str, object] = {}
        if self._line.port.channel(Side.SOURCE) is not None:  # the recording is what comes out
            kept = {"from_sample": self._line.keep_sound(pcm)}
        self._line.report("sound", tick=tick, samples=samples, **kept, **(said or {}))
        self._pcm, self._pushed, self._tag, self._done = pcm, 0, tag, done
        self._push()

    def stop(self) -> None:
        """Falls silent; nobody is told."""
        if self._done is not None and not self._line.port.closed:
            if self._line.port.queued_samples:
                self._line.report("quiet")
            self._line.port.clear()
        self._done = None
        if self._refill is not None:
            self._refill.cancel()

    def silence(self, silent: bool) -> None:
        """Lets nothing of what is played be heard, or lets it again; its time passes either way."""
        if silent is self._silent:
            return
        self._silent = silent
        self._line.report("silence", silent=silent)
        if self._done is not None:
            self._pushed -= self._line.port.clear()
            self._push()

    def notice(self, mark: Mark) -> None:
        """Takes a mark of the port."""
        ended = mark.kind is MarkKind.PLAYBACK_ENDED and mark.side is Side.SOURCE
        whole = mark.value == self._last_tag and 2 * self._pushed >= len(self._pcm)
        if ended and whole and self._done is not None:
            done, self._done = self._done, None
            done()

    def _push(self) -> None:
        port = self._line.port
        room = QUEUED_MS * port.rate_hz // 1_000 - port.queued_samples
        portion = self._pcm[2 * self._pushed : 2 * (self._pushed + max(room, 0))]
        if portion:
            self._last_tag = 0 if self._silent else self._tag
            sound = bytes(len(portion)) if self._silent else portion
            self._pushed += port.push(sound, tag=self._last_tag, offset=self._pushed)
        if self._refill is not None:
            self._refill.cancel()
        if 2 * self._pushed < len(self._pcm):
            self._refill = self._line.clock.call_later(REFILL_MS * US_PER_MS, self._push)
