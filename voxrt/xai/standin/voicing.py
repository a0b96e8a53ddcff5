"""A text as the service speaks it: phrases, and sound cut into the pieces of its deltas.

Recorded replies begin with 489 ms of sound (or the whole, when it is short), go on with pieces of
300 to 800 ms and end with one of about 90 ms. Phrases have up to seven words, and run ahead of the
sound that voices them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from attrs import define, field, frozen

from voxrt.media.rational import resample_any
from voxrt.media.utterances import tokens_of
from voxrt.xai.standin.settings import SpokenSpan

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping

    from voxrt.media.speech import Speaker
    from voxrt.media.utterances import Speech, Utterances
    from voxrt.xai.formats import AudioFormat
    from voxrt.xai.session import SessionConfig

_CORE_RATES_HZ: Final = (8000, 16000, 24000, 48000)
_NEAREST: Final = {11025: 16000, 22050: 24000, 32000: 48000, 44100: 48000}

_FIRST_MS: Final = 489
_WHOLE_MS: Final = 660
_LATER_MS: Final = (306, 520, 581, 642, 703, 795)
_LAST_MS: Final = 92
_PHRASE_WORDS: Final = 7
_LEAST_WORDS: Final = 3


@frozen
class Phrase:
    """A transcript delta: its text, with the space before it, and where in the sound it begins."""

    text: str
    start_s: float


@frozen
class Piece:
    """An audio delta: samples `start` to `end` on the wire, and the phrase that it voices."""

    start: int
    end: int
    phrase: int


@define
class Voiced:
    """A text that is ready to be delivered.

    Attributes:
        text: The transcript.
        phrases: Its phrases in order.
        pieces: Its sound in order.
    """

    text: str
    phrases: tuple[Phrase, ...]
    pieces: tuple[Piece, ...]
    _utterance: int
    _speech: Speech = field(repr=False)
    _wire_pcm: bytes = field(repr=False)
    _format: AudioFormat

    def data(self, piece: Piece) -> bytes:
        """The bytes of a piece in the session's output format."""
        return self._format.from_pcm(self._wire_pcm[2 * piece.start : 2 * piece.end])

    def span(self, piece: Piece) -> SpokenSpan:
        """Which part of the utterance a piece is."""
        rate, wire = self._speech.rate_hz, self._format.rate_hz
        start = piece.start * rate // wire
        is_last = 2 * piece.end >= len(self._wire_pcm)
        end = self._speech.samples if is_last else piece.end * rate // wire
        return SpokenSpan(self._utterance, start, end - start, rate)

    def seconds(self, samples: int) -> float:
        """A number of samples on the wire as seconds."""
        return samples / self._format.rate_hz

    def text_until(self, milliseconds: float) -> str:
        """What of the transcript has begun to sound by then, in whole words."""
        spoken = [word for word in self._speech.words if self._word_ms(word.start) < milliseconds]
        words = self.text.split()
        if len(spoken) >= len(self._speech.words):
            return self.text
        return " ".join(words[: len(words) * len(spoken) // max(1, len(self._speech.words))])

    def _word_ms(self, sample: int) -> float:
        return sample * 1000 / self._speech.rate_hz


def voice(
    text: str,
    *,
    config: SessionConfig,
    default_voice: str,
    speaker: Speaker,
    utterances: Utterances,
    rng: random.Random,
) -> Voiced:
    """Speaks a text in the session's voice, speed, replacements and output format."""
    output = config.output_format
    rate = output.rate_hz if output.rate_hz in _CORE_RATES_HZ else _NEAREST[output.rate_hz]
    chunks = phrases_of(text)
    said = [pronounced(chunk, config.replace) for chunk in chunks]
    speech = speaker.say(
        " ".join(said), voice=config.voice or default_voice, rate_hz=rate, speed=config.speed
    )
    pcm = speech.pcm if rate == output.rate_hz else resample_any(speech.pcm, rate, output.rate_hz)
    phrases = _placed(chunks, said, speech)
    pieces = _cut(len(pcm) // 2, output.rate_hz, phrases, rng)
    tag = utterances.add(speech, "agent") if speech.samples else 0
    return Voiced(text, phrases, pieces, tag, speech, pcm, output)


def pronounced(text: str, replace: Mapping[str, str]) -> str:
    """The text with the session's replacements; longer ones first."""
    for written in sorted(replace, key=lambda w: (-len(w), w)):
        if written:
            text = text.replace(written, replace[written])
    return text


def phrases_of(text: str) -> list[str]:
    """A text cut into phrases of up to seven words, at the end of sentences where there is one."""
    phrases: list[str] = []
    current: list[str] = []
    for word in text.split():
        current.append(word)
        ends = word[-1] in ".!?…" and (len(current) >= _LEAST_WORDS or bool(phrases))
        if ends or len(current) >= _PHRASE_WORDS:
            phrases.append(" ".join(current))
            current = []
    if current:
        phrases.append(" ".join(current))
    return phrases


def _placed(chunks: list[str], said: list[str], speech: Speech) -> tuple[Phrase, ...]:
    placed, position = [], 0
    for index, (chunk, spoken) in enumerate(zip(chunks, said, strict=True)):
        start = speech.words[min(position, len(speech.words) - 1)].start if speech.words else 0
        seconds = round(start / speech.rate_hz, 2) if index else 0.0
        placed.append(Phrase(chunk if index == 0 else f" {chunk}", seconds))
        position += len(tokens_of(spoken))
    return tuple(placed)


def _cut(
    samples: int, rate_hz: int, phrases: tuple[Phrase, ...], rng: random.Random
) -> tuple[Piece, ...]:
    lengths = _lengths(samples * 1000 / rate_hz, rng)
    pieces, start = [], 0
    for index, length in enumerate(lengths):
        last = index == len(lengths) - 1
        end = samples if last else min(samples, start + round(length * rate_hz / 1000))
        middle_s = (start + end) / 2 / rate_hz
        begun = [i for i, phrase in enumerate(phrases) if phrase.start_s <= middle_s]
        pieces.append(Piece(start, end, begun[-1] if begun else 0))
        start = end
    return tuple(piece for piece in pieces if piece.end > piece.start)


def _lengths(total_ms: float, rng: random.Random) -> list[float]:
    if total_ms <= 0:
        return []
    tail = float(_LAST_MS) if total_ms > 2 * _LAST_MS else 0.0
    body = total_ms - tail
    lengths = [body if body <= _WHOLE_MS else float(_FIRST_MS)]
    left = body - lengths[0]
    while left > 0:
        lengths.append(min(left, float(rng.choice(_LATER_MS))))
        left -= lengths[-1]
    return [*lengths, tail] if tail else lengths
