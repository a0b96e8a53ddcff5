"""A voice-like sound of the right length, for machines without a speech engine.

It says nothing that a person could understand; it exists so that everything else works without a
speech engine: voice activity, levels, timing, recordings that show who spoke when, and words.
A character lasts about 65 ms, as in spoken English; every word is a chain of syllable-long bumps of
a buzz at the pitch of the voice. Integers only, so every machine makes the same bytes.
"""

from __future__ import annotations

from array import array
from functools import lru_cache
from hashlib import sha256

from voxrt.media.rational import pcm_of
from voxrt.media.utterances import Token, Word, tokens_of

CHARACTER_MS = 65
COMMA_MS, SENTENCE_MS = 150, 300
SYLLABLE_CHARACTERS = 3
PEAK = 16_384  # -6 dBFS


def _arch(phase: int) -> int:
    """Two parabolas that stand for a sine: -PEAK..PEAK over a turn of 256."""
    x = phase % 128
    value = 4 * x * (128 - x) * PEAK // (128 * 128)
    return value if phase % 256 < 128 else -value


_RAW = tuple(3 * _arch(x) + 2 * _arch(3 * x) + _arch(7 * x) for x in range(256))
_BUZZ = tuple(value * PEAK // max(_RAW) for value in _RAW)


def synthetic_voice(text: str, voice: str, rate_hz: int, speed: float) -> tuple[bytes, list[Word]]:
    """Makes the sound of a text.

    Args:
        text: Without markup.
        voice: Any name; another name has another pitch.
        rate_hz: Of the samples.
        speed: 1.0 is 65 ms per character; 2.0 is twice as fast.

    Returns:
        Mono PCM16 and the words with their places; both empty when there is nothing to say.
    """
    seed = sha256(voice.encode()).digest()
    lowest_hz = 165 + seed[0] % 60 if seed[1] % 2 else 95 + seed[0] % 40
    unit = max(1, int(CHARACTER_MS * rate_hz / (1000 * speed)))
    samples = array("h")
    words: list[Word] = []
    for token in tokens_of(text):
        if words:
            samples.frombytes(bytes(2 * _pause(words[-1].text, unit)))
        start = len(samples)
        samples.extend(_word(token, lowest_hz, unit, rate_hz))
        words.append(Word(token.text, start, len(samples)))
    return pcm_of(samples), words


def _pause(word: str, unit: int) -> int:
    """Samples of silence after a word, by its punctuation."""
    if word[-1] in ".!?":
        return unit * SENTENCE_MS // CHARACTER_MS
    if word[-1] in ",;:-":
        return unit * COMMA_MS // CHARACTER_MS
    return unit


def _word(token: Token, lowest_hz: int, unit: int, rate_hz: int) -> array[int]:
    """The samples of one word: a buzz whose loudness rises and falls with each syllable."""
    characters = max(2, sum(c.isalnum() for c in token.text))
    lilt = sum(token.text.encode()) % 30
    return _wave(characters, unit, (lowest_hz + lilt) * 65_536 // rate_hz)


@lru_cache(maxsize=512)  # words come again, and so do texts in the runs of a test suite: 7 MB
def _wave(characters: int, unit: int, step: int) -> array[int]:
    length = characters * unit
    syllables, square = -(-characters // SYLLABLE_CHARACTERS), length * length
    # Positions within the syllable, in units of `length`.
    places = [index * syllables % length for index in range(length)]
    # Loudness is a parabola, 0..256..0.
    return array(
        "h",
        [
            _BUZZ[(index * step >> 8) & 255] * (1024 * at * (length - at) // square) >> 8
            for index, at in enumerate(places)
        ],
    )
