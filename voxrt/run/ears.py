"""What was really audible on a call, in words, for the journal.

Each call has two ears: the far end's, which hears what the platform plays, and the platform's,
which hears the far end. Words are gathered to phrases; one that broke off says so, which is how a
barge-in shows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from attrs import define, field

from voxrt.clock import US_PER_MS
from voxrt.media.graph import Heard, Ledger, Port, Side
from voxrt.media.hearing import HeardWord, Hearing
from voxrt.session.media import FRAME_US
from voxrt.vox.context import Context
from voxrt.vox.line import Line

#: A phrase is over when nothing of it was heard for so long.
PHRASE_GAP_US = 400 * US_PER_MS
#: Sound that goes on is taken after so long, although no word has ended: a ledger has little room.
LONGEST_US = 1_000 * US_PER_MS
#: Below this share a word was cut off too early to be understood.
UNDERSTOOD_PERCENT = 50
SENTENCE_ENDS = (".", "!", "?", "…")


@define(eq=False)
class Ear:
    """Listens to one side of a call.

    Args:
        context: The session's platform.
        line: The call.
        side: `SINK` for the far end's ear, `SOURCE` for the platform's.
        by: Who hears, for the journal.
        told: Given what was audible, as the port's ledger has it, whenever some was.
    """

    context: Context
    line: Line
    side: Side
    by: str
    told: Callable[[Ear, Sequence[Heard]], object] | None = None
    _hearing: Hearing = field(init=False)
    _port: Port = field(init=False)
    _ledger: Ledger = field(init=False)
    _phrase: list[HeardWord] = field(factory=list, init=False)
    _audible_us: int = field(default=0, init=False)

    def __attrs_post_init__(self) -> None:
        self._hearing = Hearing(self.context.utterances)
        self._port = self.line.port if self.side is Side.SOURCE else self.line.ear
        self._ledger = self._port.ledger(self.side)
        self.context.media.read_with(self._port, self.side, self._take, place=self.context.number)

    def _take(self) -> int | None:
        """Takes what was audible since the last time; the tick at which to do so again."""
        if self._port.closed:
            return None
        heard = self._ledger.read()
        if heard and self.told is not None:
            self.told(self, heard)
        tick = self.context.graph.tick
        now_us = tick * FRAME_US
        for word in self._hearing.feed(heard, until_us=now_us):
            self._add(word)
        if heard:
            self._audible_us = (heard[-1].tick + 1) * FRAME_US
        if self._phrase and now_us - self._audible_us >= PHRASE_GAP_US:
            self._tell()
        if heard and self.told is not None:
            return tick + 1
        due_us = self._due_us(now_us)
        return None if due_us is None else -(-due_us // FRAME_US)

    def _due_us(self, now_us: int) -> int | None:
        """When there can be something to tell though what is audible just goes on, or is over."""
        due_us = self._hearing.due_us(now_us)
        if self._audible_us >= now_us:
            later_us = now_us + LONGEST_US
        elif self._phrase:
            later_us = self._audible_us + PHRASE_GAP_US
        else:
            return due_us
        return later_us if due_us is None else min(due_us, later_us)

    def close(self) -> None:
        """Hears nothing any more; what it has not told yet, `finish` tells."""
        self.context.media.stop_reading(self._port, self.side)

    def finish(self) -> None:
        """Takes the rest at the end of the call."""
        self._take()
        for word in self._hearing.flush():
            self._add(word)
        self._tell()

    def _add(self, word: HeardWord) -> None:
        if self._phrase and self._phrase[-1].utterance != word.utterance:
            self._tell()
        self._phrase.append(word)
        if word.share >= UNDERSTOOD_PERCENT and word.text.rstrip("\"')").endswith(SENTENCE_ENDS):
            self._tell()

    def _tell(self) -> None:
        words = [word for word in self._phrase if word.share >= UNDERSTOOD_PERCENT]
        cut = not self._reached_an_end()
        first, last = self._phrase[:1], self._phrase[-1:]
        self._phrase = []
        if not words:
            return
        self.context.session.journal.write(
            "heard",
            call=self.line.emitter.id,
            by=self.by,
            speaker=first[0].speaker,
            text=" ".join(word.text for word in words),
            from_ms=first[0].start_us / US_PER_MS,
            to_ms=last[0].end_us / US_PER_MS,
            complete=not cut,
        )

    def _reached_an_end(self) -> bool:
        """Whether the phrase ends where its sentence or its utterance does."""
        if not self._phrase:
            return True
        last = self._phrase[-1]
        if last.share < UNDERSTOOD_PERCENT:
            return False
        if last.text.rstrip("\"')").endswith(SENTENCE_ENDS):
            return True
        words = self.context.utterances.get(last.utterance).speech.words
        return bool(words) and words[-1].text == last.text
