"""What was heard, in words, from what was audible.

The graph's ledger says for every frame which stretch of which utterance was in it. The register of
utterances says where in it the words lie. Together they give the words that reached an ear, when,
and how much of each: a sentence that was cut off ends in the middle of a word. A packet that was
lost on the way is a gap in its word, which goes on behind it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from attrs import define, field, frozen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voxrt.media.utterances import Utterances

FRAME_US = 20_000
PAUSE_US = 200_000


@frozen(kw_only=True)
class HeardWord:
    """A word that was audible, at least in part.

    Attributes:
        text: The word with its punctuation.
        utterance: The id of the utterance that it belongs to.
        speaker: Who said it.
        start_us: When its first audible sample was heard, in microseconds of the run.
        end_us: When its last audible sample had been heard.
        share: How much of it was audible, 1 to 100 percent. Below 50 it was cut off too early to
            be understood.
    """

    text: str
    utterance: int
    speaker: str
    start_us: int
    end_us: int
    share: int


class HeardFrame(Protocol):
    """A line of a ledger: in frame `tick`, samples `offset` to `offset + samples` of `tag`."""

    @property
    def tick(self) -> int: ...
    @property
    def source(self) -> object: ...
    @property
    def tag(self) -> int: ...
    @property
    def offset(self) -> int: ...
    @property
    def samples(self) -> int: ...


#: Source and utterance, when it became audible, its samples: the first, how many, and how many of
#: them in its first frame.
_Stretch = tuple[tuple[int, int], int, int, int, int]


@define
class _Course:
    """One utterance on its way from one source: what came through so far."""

    position: int
    heard_until_us: int
    next_word: int = 0
    audible: int = 0
    began_us: int = 0
    ended_us: int = 0


@define
class Hearing:
    """Turns what was audible into words. One for every ear: each has its own.

    A word is reported when its last sample has passed, or when its utterance stopped in the middle
    of it: another stretch of it began elsewhere, or nothing of it came for 200 ms. Audio without a
    tag, and tags that the register does not know, are passed over; `unknown_samples` counts them,
    so that a listener can tell that it had to guess.

    Offsets and lengths count samples of the registered speech (see `voxrt.media.utterances`).
    """

    _utterances: Utterances
    unknown_samples: int = field(default=0, init=False)
    _courses: dict[tuple[int, int], _Course] = field(factory=dict, init=False)

    @property
    def is_idle(self) -> bool:
        """Whether no utterance is going on."""
        return not self._courses

    def feed(self, heard: Iterable[HeardFrame], until_us: int | None = None) -> list[HeardWord]:
        """Takes lines of a ledger, in order of their ticks.

        Args:
            heard: What was audible.
            until_us: The time up to which these lines are complete; utterances that fell silent
                before are closed. Without it the lines' own times decide.

        Returns:
            The words that ended, in order.
        """
        words: list[HeardWord] = []
        for key, at_us, offset, samples, frame in self._stretches(heard):
            while samples:
                course = self._courses.get(key)
                if (
                    course is not None
                    and course.position == offset
                    and len(self._courses) == 1
                    and at_us - course.heard_until_us < PAUSE_US
                ):  # as nearly always: then it can be taken whole
                    words += self._advance(key, course, samples, at_us)
                    break
                part = min(frame, samples)
                words += self.hear(key[1], offset, part, at_us=at_us, source=key[0])
                at_us, offset, samples = at_us + FRAME_US, offset + part, samples - part
        if until_us is not None and self._courses:
            words += self._close_silent(until_us)
        return words

    def hear(
        self, tag: int, offset: int, samples: int, *, at_us: int, source: int = 0
    ) -> list[HeardWord]:
        """Takes one stretch of an utterance that became audible at `at_us`.

        Args:
            tag: Its utterance; 0 is audio without words.
            offset: The first sample, in samples of the registered speech.
            samples: How many.
            at_us: When the first of them was heard.
            source: Tells apart what comes from several sources at once.

        Returns:
            The words that ended: of this utterance, and of others that had fallen silent.
        """
        words = self._close_silent(at_us)
        if tag not in self._utterances:
            self.unknown_samples += samples
            return words
        course = self._courses.get((source, tag))
        if course is not None and self._lacks_a_part(course, tag, offset, at_us):
            words += self._advance(
                (source, tag), course, offset - course.position, course.heard_until_us, lost=True
            )
            course = self._courses.get((source, tag))
        if course is not None and offset != course.position:
            words += self._close((source, tag))
            course = None
        if course is None:
            course = self._courses[source, tag] = _Course(offset, at_us)
            all_words = self._utterances.get(tag).speech.words
            while course.next_word < len(all_words) and all_words[course.next_word].end <= offset:
                course.next_word += 1
        return words + self._advance((source, tag), course, samples, at_us)

    def due_us(self, until_us: int) -> int | None:
        """When the next word can end, if what was heard up to `until_us` goes on, or stays over.

        `None` when no utterance is under way. It may turn out to be too early.
        """
        due: list[int] = []
        for (_, tag), course in self._courses.items():
            speech = self._utterances.get(tag).speech
            if course.heard_until_us < until_us:
                due.append(course.heard_until_us + PAUSE_US)
            elif course.next_word < len(speech.words):
                left = speech.words[course.next_word].end - course.position
                due.append(course.heard_until_us + left * 1_000_000 // speech.rate_hz)
        return min(due, default=None)

    def flush(self) -> list[HeardWord]:
        """Reports the words that are under way, as at the end of a call."""
        return [word for key in list(self._courses) for word in self._close(key)]

    def _stretches(self, heard: Iterable[HeardFrame]) -> list[_Stretch]:
        """Whole frames that follow each other, and the one after them, are one stretch."""
        stretches: list[_Stretch] = []
        source, tag, rate_hz, next_tick, next_offset = None, -1, 0, -1, -1
        for frame in heard:
            offset, samples = frame.offset, frame.samples
            if (
                frame.tick == next_tick
                and frame.tag == tag
                and offset == next_offset
                and frame.source is source
            ):
                key, at_us, start, so_far, first = stretches[-1]
                stretches[-1] = (key, at_us, start, so_far + samples, first)
            else:
                source, tag = frame.source, frame.tag
                rate_hz = self._utterances.rate_hz(tag) if tag in self._utterances else 0
                key, at_us = (id(source), tag), frame.tick * FRAME_US
                stretches.append((key, at_us, offset, samples, samples))
            next_tick = frame.tick + 1 if 50 * samples == rate_hz else -1
            next_offset = offset + samples
        return stretches

    def _lacks_a_part(self, course: _Course, tag: int, offset: int, at_us: int) -> bool:
        """Whether an utterance goes on as if what is missing had been there: packets were lost."""
        missing_us = (
            (offset - course.position) * 1_000_000 // self._utterances.get(tag).speech.rate_hz
        )
        return missing_us > 0 and abs(at_us - course.heard_until_us - missing_us) <= FRAME_US

    def _advance(
        self,
        key: tuple[int, int],
        course: _Course,
        samples: int,
        at_us: int,
        *,
        lost: bool = False,
    ) -> list[HeardWord]:
        speech = self._utterances.get(key[1]).speech
        all_words, rate_hz = speech.words, speech.rate_hz
        offset, end = course.position, course.position + samples
        words: list[HeardWord] = []
        while course.next_word < len(all_words):
            word = all_words[course.next_word]
            first = word.start if word.start > offset else offset
            last = word.end if word.end < end else end
            if first < last and not lost:
                if not course.audible:
                    course.began_us = at_us + (first - offset) * 1_000_000 // rate_hz
                course.audible += last - first
                course.ended_us = at_us + (last - offset) * 1_000_000 // rate_hz
            if end < word.end:
                break
            words += self._finish(key, course)
        course.position = end
        course.heard_until_us = at_us + samples * 1_000_000 // rate_hz
        if course.next_word == len(all_words) and end >= speech.samples:
            del self._courses[key]
        return words

    def _finish(self, key: tuple[int, int], course: _Course) -> list[HeardWord]:
        """Reports the word that a course is at, if any of it was audible, and goes to the next."""
        utterance = self._utterances.get(key[1])
        word = utterance.speech.words[course.next_word]
        audible, course.audible = course.audible, 0
        course.next_word += 1
        if not audible:
            return []
        return [
            HeardWord(
                text=word.text,
                utterance=utterance.id,
                speaker=utterance.speaker,
                start_us=course.began_us,
                end_us=course.ended_us,
                share=max(1, audible * 100 // (word.end - word.start)),
            )
        ]

    def _close(self, key: tuple[int, int]) -> list[HeardWord]:
        course = self._courses.pop(key)
        return self._finish(key, course) if course.audible else []

    def _close_silent(self, now_us: int) -> list[HeardWord]:
        words: list[HeardWord] = []
        for key, course in list(self._courses.items()):
            if now_us - course.heard_until_us >= PAUSE_US:
                words += self._close(key)
        return words
