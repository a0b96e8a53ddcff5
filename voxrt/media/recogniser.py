"""Speech recognisers: what turns a phrase that was heard into text.

A recogniser is told of a phrase piece by piece while it is being spoken, and is asked for its
result when the speaker has paused. The one that voxrt has by itself reads the words that travel
with the sound (DESIGN principle 10); another one may listen to the samples. Which one a run uses is
its option `asr`: `words`, or the name of an entry point of the group `voxrt.recognisers`, which
gives a function without parameters that makes a `Recogniser`.
"""

from __future__ import annotations

import re
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from attrs import define, field, frozen

from voxrt.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from voxrt.media.hearing import HeardWord
    from voxrt.media.utterances import Utterances

ENTRY_POINTS = "voxrt.recognisers"

#: The recogniser that reads the words beside the sound.
WORDS = "words"

#: Below this share a word was cut off too early to be understood.
UNDERSTOOD_PERCENT = 50

CLEAR, HINTED, MISHEARD = 0.92, 0.98, 0.45
_SENTENCE_ENDS = (".", "!", "?", "…")
_EDGES = " .,!?;:…\"'()[]«»“”-"
#: What an unclear word is taken for: the one whose length is nearest, of those the first that the
#: run's randomness points at.
_COMMON_WORDS = (
    "a", "the", "and", "for", "well", "then", "right", "there", "about", "number", "another",
    "something", "everything",
)  # fmt: skip


@frozen(kw_only=True)
class Task:
    """What a recogniser is told about what it will hear.

    Attributes:
        language: Such as `en-US`; empty when it has to find out.
        hints: Phrases that are likely.
        punctuation: Whether the text is to have punctuation and the capitals of sentences.
    """

    language: str
    hints: tuple[str, ...] = ()
    punctuation: bool = False


@frozen(kw_only=True)
class Piece:
    """A stretch of a phrase.

    Attributes:
        pcm: Mono PCM16 at the recogniser's rate; empty for one that takes none.
        words: The words that ended in it, as far as they are known, in order of their beginning.
        wordless_ms: How much of it was a recording of speech whose words nobody wrote down.
    """

    pcm: bytes = field(default=b"", repr=False)
    words: Sequence[HeardWord] = ()
    wordless_ms: int = 0


@frozen
class Recognised:
    """The text of a phrase, and how sure the recogniser is: 0 to 1."""

    text: str
    confidence: float


class Recognition(Protocol):
    """One phrase that is being recognised."""

    def hear(self, piece: Piece) -> None:
        """Takes the next stretch; returns at once."""

    def so_far(self) -> str:
        """What has been understood up to now, for an interim result; empty for nothing."""

    def result(self) -> Recognised | None:
        """The final result; nothing when no word was understood. Called once, at the end.

        Raises:
            Exception: Anything; the scenario gets it as `ASREvents.ASRError`.
        """


@runtime_checkable
class Recogniser(Protocol):
    """Recognises the phrases of a run.

    Attributes:
        name: For messages and the run's result.
        rate_hz: At which rate it takes sound: 8000, 16000, 24000 or 48000; 0 when it takes none.
        slow: Whether `Recognition.result` takes real time: it is called in a thread then, and the
            run's clock is held meanwhile.
        approximated: What the run's result says of it.
    """

    name: str
    rate_hz: int
    slow: bool
    approximated: str

    def begin(self, task: Task) -> Recognition:
        """A phrase begins.

        Raises:
            Exception: It cannot be recognised, such as for its language; the scenario gets the
                text as `ASREvents.ASRError`.
        """


def load_recogniser(name: str) -> Recogniser:
    """Makes the recogniser of an entry point.

    Raises:
        UsageError: There is none of that name, or it cannot be made.
    """
    found = {entry.name: entry for entry in entry_points(group=ENTRY_POINTS)}
    if name not in found:
        known = ", ".join([WORDS, *sorted(found)])
        raise UsageError(
            f"there is no speech recogniser {name!r}",
            hint=f"There are: {known}. docs/asr.md says how to add one.",
        )
    try:
        made = found[name].load()()
    except ImportError as error:
        raise UsageError(
            f"the speech recogniser {name!r} cannot be loaded: {error}",
            hint=f"Install what it needs; voxrt's own are extras: pip install 'voxrt[{name}]'.",
        ) from None
    if not isinstance(made, Recogniser):
        raise UsageError(f"the entry point {name!r} of {ENTRY_POINTS} makes no recogniser")
    return made


@define(eq=False)
class WordRecogniser:
    """Hears the words that voxrt's own speech carries: a recogniser that does not err.

    Mishearing comes only from what a script asks for: the words of an utterance that is less
    than clear (`Utterance.clarity`) are each lost or taken for another by the run's randomness.
    A phrase that is expected is understood all the same.

    Args:
        utterances: The run's register of audible text.
        rng: The run's randomness; used for unclear words only.
    """

    _utterances: Utterances
    _rng: Random
    name: str = field(default=WORDS, init=False)
    rate_hz: int = field(default=0, init=False)
    slow: bool = field(default=False, init=False)
    approximated: str = field(
        default="ASR: texts are the words that voxrt's own speech carries, not what it sounds like",
        init=False,
    )

    def begin(self, task: Task) -> Recognition:
        """A phrase begins."""
        return _Words(task, self._utterances, self._rng)


@frozen
class _Token:
    """A word as it was understood; `ends` when its sentence does."""

    text: str
    start_us: int
    confidence: float
    ends: bool


@define(eq=False)
class _Words:
    """One phrase of a `WordRecogniser`."""

    _task: Task
    _utterances: Utterances
    _rng: Random
    _tokens: list[_Token] = field(factory=list, init=False)
    _wordless_ms: int = field(default=0, init=False)

    def hear(self, piece: Piece) -> None:
        self._wordless_ms += piece.wordless_ms
        for word in piece.words:
            if word.share >= UNDERSTOOD_PERCENT:
                self._understand(word)
        self._tokens.sort(key=lambda token: token.start_us)  # stable: two may speak at once

    def _understand(self, word: HeardWord) -> None:
        utterance = self._utterances.get(word.utterance)
        text, confidence = word.text, CLEAR * word.share / 100
        clear = utterance.clarity >= 1 or self._rng.random() < utterance.clarity
        if not clear and not self._expected(word.text):
            if self._rng.random() < 0.5:
                return
            text, confidence = _mistaken(text, self._rng), MISHEARD
        ends = word.text.rstrip("\"')").endswith(_SENTENCE_ENDS)
        self._tokens.append(_Token(text, word.start_us, confidence, ends))

    def _expected(self, word: str) -> bool:
        plain = word.strip(_EDGES).casefold()
        return any(plain in _plain_words(hint) for hint in self._task.hints)

    def so_far(self) -> str:
        return self._text()[0]

    def result(self) -> Recognised | None:
        text, hinted = self._text()
        if not self._tokens:
            if not self._wordless_ms:
                return None
            return Recognised(f"(speech, {self._wordless_ms / 1000:.1f} s)", 0.0)
        sure = [
            max(token.confidence, HINTED) if number in hinted else token.confidence
            for number, token in enumerate(self._tokens)
        ]
        return Recognised(text, round(sum(sure) / len(sure), 2))

    def _text(self) -> tuple[str, set[int]]:
        """The text, and the numbers of the words that belong to an expected phrase."""
        if self._task.punctuation:
            words = [token.text for token in self._tokens]
        else:
            words = _without_punctuation(self._tokens)
        hinted: set[int] = set()
        for hint in sorted(self._task.hints, key=len, reverse=True):
            spell_as(hint, words, hinted)
        return " ".join(word for word in words if word), hinted


def _plain_words(text: str) -> list[str]:
    return [plain for word in text.split() if (plain := word.strip(_EDGES).casefold())]


def _without_punctuation(tokens: Sequence[_Token]) -> list[str]:
    """The words as a recogniser writes them: lower case where only the sentence made it upper."""
    words, begins = [], True
    for token in tokens:
        word = token.text.strip(_EDGES)
        if begins and word[1:] == word[1:].lower() and not re.match(r"I\b", word):
            word = word[:1].lower() + word[1:]
        words.append(word)
        begins = token.ends
    return words


def spell_as(hint: str, words: list[str], hinted: set[int]) -> None:
    """Writes an expected phrase as the hint does, where it was said and is not marked yet."""
    wanted = _plain_words(hint)
    length = len(wanted)
    if not length:
        return
    for at in range(len(words) - length + 1):
        place = range(at, at + length)
        if (
            hinted.isdisjoint(place)
            and [w.strip(_EDGES).casefold() for w in words[at : at + length]] == wanted
        ):
            tail = words[at + length - 1]
            end = tail[len(tail.rstrip(_EDGES)) :]
            spelt = hint.split()
            if len(spelt) == length:
                words[at : at + length] = [*spelt[:-1], spelt[-1].rstrip(_EDGES) + end]
            hinted.update(place)


def _mistaken(text: str, rng: Random) -> str:
    """Another word of about the same length."""
    plain = text.strip(_EDGES)
    others = [word for word in _COMMON_WORDS if word != plain.casefold()]
    near = sorted(others, key=lambda word: (abs(len(word) - len(plain)), word))[:3]
    return near[rng.randrange(len(near))]
