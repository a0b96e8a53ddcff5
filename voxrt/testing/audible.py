"""What was audible on the calls of a run, as stretches of sound with their source.

The words in the journal say what was understood. This keeps what was *heard*: every stretch of
every source's sound, also of sound without words, and how much of an old sentence still came
through after somebody had interrupted it. It comes from the ledgers of the audio graph, to the
frame of 20 ms.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from attrs import define, evolve, field, frozen

from voxrt.clock import US_PER_MS
from voxrt.media.graph import Heard
from voxrt.media.utterances import Speech, Utterances
from voxrt.run.ears import Ear
from voxrt.session.media import FRAME_US
from voxrt.testing.happenings import PLATFORM, source_of

#: A source that falls silent for no longer goes on with the same stretch.
_JOIN_US: Final = 2 * FRAME_US


@frozen(kw_only=True)
class Stretch:
    """Sound of one source that was audible without a break.

    Attributes:
        source: `agent`, `player`, the name of a person; for sound without words the name of the
            audio port that it came from.
        utterance: The number of what was said, in the order in which it was made; 0 for sound
            without words.
        begin_ms: When it became audible, in virtual milliseconds of the run.
        end_ms: When it had been.
    """

    source: str
    utterance: int
    begin_ms: float
    end_ms: float

    @property
    def ms(self) -> float:
        """How long it was."""
        return self.end_ms - self.begin_ms

    def after(self, at_ms: float) -> float:
        """How much of it was audible after a time."""
        return max(0.0, self.end_ms - max(self.begin_ms, at_ms))


@define
class _Sound:
    """A stretch of the ledger: samples `offset` to `end` of a tag, from `begin_us` on."""

    port: str
    tag: int
    offset: int
    end: int
    begin_us: int
    end_us: int


@define(eq=False)
class Side:
    """What went one way over one call: the ledger's lines, joined to stretches."""

    utterances: Utterances
    _sounds: list[_Sound] = field(factory=list, init=False)
    _open: dict[tuple[str, int], _Sound] = field(factory=dict, init=False)

    def take(self, heard: Sequence[Heard]) -> None:
        """Takes lines of the ledger, in order."""
        for line in heard:
            self._take(line)

    def _take(self, line: Heard) -> None:
        key = (line.source.name, line.tag)
        begin_us = line.tick * FRAME_US
        sound = self._open.get(key)
        goes_on = sound is not None and begin_us - sound.end_us <= _JOIN_US
        if sound is None or not goes_on or (line.tag and line.offset != sound.end):
            sound = _Sound(*key, line.offset, line.offset, begin_us, begin_us)
            self._open[key] = sound
            self._sounds.append(sound)
        sound.end = line.offset + line.samples
        sound.end_us = begin_us + FRAME_US

    def stretches(self) -> list[Stretch]:
        """What was audible so far, by its begin; of speech from the first word to the last."""
        found = [self._stretch(sound) for sound in self._sounds]
        return sorted((s for s in found if s.ms > 0), key=lambda s: (s.begin_ms, s.utterance))

    def _stretch(self, sound: _Sound) -> Stretch:
        stretch = Stretch(
            source=sound.port,
            utterance=sound.tag,
            begin_ms=sound.begin_us / US_PER_MS,
            end_ms=sound.end_us / US_PER_MS,
        )
        if sound.tag not in self.utterances:
            return stretch
        utterance = self.utterances.get(sound.tag)
        stretch = evolve(stretch, source=source_of(utterance.speaker))
        return _words_only(stretch, sound, utterance.speech)


def _words_only(stretch: Stretch, sound: _Sound, speech: Speech) -> Stretch:
    """Without the silence before the first word and after the last one."""
    if not speech.words:
        return stretch

    def at_ms(sample: int) -> float:
        return sound.begin_us / US_PER_MS + (sample - sound.offset) * 1000 / speech.rate_hz

    first, last = speech.words[0].start, speech.words[-1].end
    return evolve(
        stretch,
        begin_ms=max(stretch.begin_ms, at_ms(first)),
        end_ms=min(stretch.end_ms, at_ms(min(sound.end, last))),
    )


@define(eq=False)
class Audible:
    """All calls of a run, both ways; `take` is given to `voxrt.run.run`."""

    _sides: dict[tuple[str, bool], Side] = field(factory=dict, init=False)

    def take(self, ear: Ear, heard: Sequence[Heard]) -> None:
        """Takes what was audible at one end of a call."""
        key = (ear.line.emitter.id, ear.by == PLATFORM)
        side = self._sides.get(key)
        if side is None:
            side = self._sides[key] = Side(ear.context.utterances)
        side.take(heard)

    def heard(self, call: str) -> list[Stretch]:
        """What the phone of a call heard."""
        return self._of(call, by_platform=False)

    def said(self, call: str) -> list[Stretch]:
        """What came from the phone of a call."""
        return self._of(call, by_platform=True)

    def _of(self, call: str, *, by_platform: bool) -> list[Stretch]:
        side = self._sides.get((call, by_platform))
        return side.stretches() if side is not None else []
