"""What was said, with the words that the samples render.

Speech that voxrt makes carries its text beside its samples, so that whoever hears it needs no
speech recogniser (DESIGN principle 10). A `Speech` is one spoken text; the run registers each one
that becomes audible in its `Utterances` and pushes the samples with the id that it got as the tag.

The one rule: **a tag's offsets count samples of the registered `Speech`**, so a `Speech` is made
and registered at the rate at which it is pushed.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from attrs import define, evolve, field, frozen

_TAG = re.compile(r"</?[A-Za-z!?][^<>]*>")


@frozen
class Word:
    """One word of a text and where it sounds.

    `text` keeps the punctuation that stands at it, so that the words of a speech joined by spaces
    are its text. `start` and `end` are samples at the rate of the speech; `end` is the first
    sample after it. Words lie in order and do not overlap; pauses belong to none.
    """

    text: str
    start: int
    end: int


@frozen(kw_only=True)
class Speech:
    """A text as sound.

    Attributes:
        text: What was spoken, without markup.
        pcm: Mono PCM16, little endian, without silence before or after.
        rate_hz: 8000, 16000, 24000 or 48000.
        words: The words of `text` with their places in `pcm`.
        synthetic: True when it is a voice-like tone of the right length instead of a voice.
        voice: The voice that spoke it, by the engine's name.
        length: Its length in samples where the sound itself is not kept, and `pcm` is empty.
    """

    text: str
    pcm: bytes = field(repr=False)
    rate_hz: int
    words: tuple[Word, ...] = field(repr=False)
    synthetic: bool
    voice: str
    length: int | None = field(default=None, repr=False)

    @property
    def samples(self) -> int:
        """Its length in samples."""
        return len(self.pcm) // 2 if self.length is None else self.length

    @property
    def duration_us(self) -> int:
        """Its length in microseconds, rounded up."""
        return -(-self.samples * 1_000_000 // self.rate_hz)


def speech_fields(speech: Speech) -> dict[str, Any]:
    """A speech as JSON, without its sound: what a recording keeps of it."""
    return {
        "text": speech.text,
        "voice": speech.voice,
        "synthetic": speech.synthetic,
        "rate_hz": speech.rate_hz,
        "words": [[word.text, word.start, word.end] for word in speech.words],
    }


def speech_of(fields: Mapping[str, Any], pcm: bytes) -> Speech:
    """The speech of these fields with its sound again.

    Raises:
        KeyError, TypeError: They are not those of `speech_fields`.
    """
    return Speech(
        text=fields["text"],
        pcm=pcm,
        rate_hz=fields["rate_hz"],
        words=tuple(Word(*word) for word in fields["words"]),
        synthetic=fields["synthetic"],
        voice=fields["voice"],
    )


@frozen
class Utterance:
    """A speech that became audible in this run, and who said it.

    `clarity` is the share of its words that a speech recogniser understands: 0 to 1.
    """

    id: int
    speaker: str
    speech: Speech
    clarity: float = 1.0


@define
class Utterances:
    """The run's register of everything audible that has words. Ids count from 1."""

    _all: list[Utterance] = field(factory=list, init=False)

    def add(self, speech: Speech, speaker: str, clarity: float = 1.0) -> int:
        """Registers a speech and returns the id to push it with as the tag.

        Args:
            speech: At the rate of the port that it will be pushed into.
            speaker: Who says it, for example `caller` or `agent`.
            clarity: The share of its words that a speech recogniser understands.
        """
        self._all.append(Utterance(len(self._all) + 1, speaker, speech, clarity))
        return len(self._all)

    def revise(self, tag: int, speech: Speech) -> None:
        """Replaces the words of an utterance whose transcript is still coming.

        Raises:
            KeyError: There is no such utterance.
        """
        self._all[tag - 1] = evolve(self.get(tag), speech=speech)

    def get(self, tag: int) -> Utterance:
        """The utterance with this id.

        Raises:
            KeyError: No utterance has this id; tag 0 means audio without words.
        """
        if not 1 <= tag <= len(self._all):
            raise KeyError(tag)
        return self._all[tag - 1]

    def rate_hz(self, tag: int) -> int:
        """The rate that an utterance's samples are counted at."""
        return self._all[tag - 1].speech.rate_hz

    def __contains__(self, tag: int) -> bool:
        return 1 <= tag <= len(self._all)

    def __len__(self) -> int:
        return len(self._all)


def spoken_text(text: str) -> str:
    """The text without SSML or HTML tags and with single spaces.

    Entities are resolved only in text that has tags, as `AT&amp;T` outside of markup is what it is.
    """
    if _TAG.search(text):
        text = html.unescape(_TAG.sub(" ", text))
    return " ".join(text.split())


@frozen
class Token:
    """A word of a text before it is spoken: `text[start:end]`, in characters."""

    text: str
    start: int
    end: int


@lru_cache(maxsize=1024)
def tokens_of(text: str) -> tuple[Token, ...]:
    """Splits a text at white space; a token without a letter or digit joins the word before it.

    `"- well, yes ..."` becomes `"- well,"` and `"yes ..."`; a text with no letter at all has none.
    """
    joined: list[Token] = []
    start = 0
    for match in re.finditer(r"\S+", text):
        if any(c.isalnum() for c in match.group()):
            joined.append(Token(text[start : match.end()].strip(), start, match.end()))
        elif joined:
            joined[-1] = Token(
                text[joined[-1].start : match.end()].strip(), joined[-1].start, match.end()
            )
        else:
            continue
        start = match.end() + 1
    return tuple(joined)
