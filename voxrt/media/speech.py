"""Text spoken: by espeak-ng where it is installed, by a synthetic voice otherwise.

The same text, voice, rate and speed give the same bytes on every run with the same version of the
engine, whatever was spoken before. What was spoken once is kept in memory and on disk, under the
hash of everything that it depends on.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
from array import array
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from attrs import define, field

from voxrt.errors import MediaError, UsageError
from voxrt.media import voice_espeak
from voxrt.media.rational import CORE_RATES_HZ, length_at, pcm_of, resample_any, samples_of
from voxrt.media.utterances import (
    Speech,
    Utterance,
    Utterances,
    Word,
    spoken_text,
    tokens_of,
)
from voxrt.media.voice_synthetic import synthetic_voice
from voxrt.media.voices import find_voice

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Engine", "Speaker", "Speech", "Utterance", "Utterances", "Word", "default_cache_dir"]

Engine = Literal["auto", "espeak", "synthetic"]
PEAK = 16_384  # -6 dBFS: as loud as a telephone caller who speaks up
SLOWEST, FASTEST = 0.25, 4.0
_SILENT = 100  # the engine's noise floor, after the level is set
_FORMAT = "voxrt-speech-1"


def default_cache_dir() -> Path:
    """Where spoken phrases are kept when nothing else is said: the platform's cache folder."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "voxrt" / "speech"
    base = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if base else Path.home() / ".cache") / "voxrt" / "speech"


@define(init=False)
class Speaker:
    """Speaks text.

    Args:
        engine: `auto` takes espeak-ng when the extra `speech` is installed and works here, and the
            synthetic voice otherwise; `espeak` and `synthetic` insist.
        cache_dir: Where phrases are kept between runs; `None` means the platform's cache folder. A
            cache that is damaged or cannot be written costs time, never a run.

    Raises:
        UsageError: `engine` is `espeak`, and it is not installed or does not load.
    """

    engine: Literal["espeak", "synthetic"]
    version: str
    _espeak: voice_espeak.Espeak | None
    _cache_dir: Path
    _spoken: dict[tuple[str, str, int, float], Speech]
    _lock: threading.Lock = field(eq=False, repr=False)

    def __init__(self, engine: Engine = "auto", cache_dir: str | Path | None = None) -> None:
        if engine not in ("auto", "espeak", "synthetic"):
            raise UsageError(
                f"there is no speech engine {engine!r}", hint="Use auto, espeak or synthetic."
            )
        self._espeak = None if engine == "synthetic" else _load_espeak(engine == "espeak")
        self.engine = "espeak" if self._espeak else "synthetic"
        self.version = self._espeak.version if self._espeak else "1"
        self._cache_dir = Path(cache_dir) if cache_dir is not None else default_cache_dir()
        self._spoken = {}
        self._lock = threading.Lock()

    def say(
        self, text: str, *, voice: str = "", rate_hz: int = 16_000, speed: float = 1.0
    ) -> Speech:
        """Speaks a text.

        Args:
            text: What to say; SSML tags are left out.
            voice: `agent`, `caller`, an espeak-ng voice (`en-us+f3`), or a voice of the platform
                or a provider, which stands for one of its language; empty is `agent`.
            rate_hz: The rate of the port that it will be pushed into.
            speed: 1.0 is the voice's own; 0.25 to 4.0.

        Returns:
            The sound, peaking at -6 dBFS, with the place of every word. Nothing to say (no letter
            and no digit) gives a speech of no samples.

        Raises:
            MediaError: The rate or the speed is out of range.
        """
        if rate_hz not in CORE_RATES_HZ:
            raise MediaError(f"{rate_hz} Hz is not a rate of the audio core: use {CORE_RATES_HZ}")
        if not SLOWEST <= speed <= FASTEST:
            raise MediaError(f"the speed {speed} is not between {SLOWEST} and {FASTEST}")
        text, voice = spoken_text(text), voice or "agent"
        asked = text, voice, rate_hz, speed
        with self._lock:
            speech = self._spoken.get(asked)
            if speech is None:
                speech = self._spoken[asked] = self._find_or_speak(*asked)
        return speech

    def _key(self, text: str, voice: str, rate_hz: int, speed: float) -> str:
        parts = [_FORMAT, self.engine, self.version, voice, rate_hz, f"{speed:.3f}", text]
        return sha256(json.dumps(parts).encode()).hexdigest()

    def _find_or_speak(self, text: str, voice: str, rate_hz: int, speed: float) -> Speech:
        if self._espeak is None:
            pcm, words = synthetic_voice(text, voice, rate_hz, speed)
            name = f"synthetic:{voice}"
            return Speech(
                text=text, pcm=pcm, rate_hz=rate_hz, words=tuple(words), synthetic=True, voice=name
            )
        key = self._key(text, voice, rate_hz, speed)
        path = self._cache_dir / key[:2] / f"{key}.speech"
        speech = _read_cached(path, text, rate_hz)
        if speech is None:
            speech = _speak(self._espeak, text, voice, rate_hz, speed)
            _write_cached(path, speech)
        return speech


def _load_espeak(insist: bool) -> voice_espeak.Espeak | None:
    if voice_espeak.is_installed():
        try:
            return voice_espeak.Espeak()
        except MediaError as error:
            if insist:
                raise UsageError(error.message, hint=error.hint) from None
    elif insist:
        raise UsageError(
            "the speech engine espeak-ng is not installed",
            hint="Install the extra: pip install 'voxrt[speech]'.",
        )
    return None


def _speak(
    espeak: voice_espeak.Espeak, text: str, voice: str, rate_hz: int, speed: float
) -> Speech:
    chosen = find_voice(voice, espeak.languages)
    tokens = tokens_of(text)
    pcm, words = b"", tuple[Word, ...]()
    if tokens:
        rendering = espeak.render(text, chosen, speed)
        samples = _levelled(samples_of(rendering.pcm))
        words = _place_words(text, rendering.starts, samples)
        pcm, words = _trimmed(samples, words, rate_hz)
    return Speech(
        text=text, pcm=pcm, rate_hz=rate_hz, words=words, synthetic=False, voice=chosen.name
    )


def _levelled(samples: array[int]) -> array[int]:
    peak = max(max(samples, default=0), -min(samples, default=0))
    return array("h", [s * PEAK // peak for s in samples]) if peak else samples


def _place_words(
    text: str, starts: Sequence[tuple[int, int]], samples: array[int]
) -> tuple[Word, ...]:
    """Gives every word of the text its stretch of sound.

    The engine reports most words, by the position of a character; some it takes together with the
    word before (`of a`, a number). Those share the stretch in proportion to their letters.
    """
    tokens = tokens_of(text)
    begins: list[int | None] = [None] * len(tokens)
    for position, sample in starts:
        for index, token in enumerate(tokens):
            if position < token.end:
                if begins[index] is None:
                    begins[index] = sample
                break
    if begins:
        begins[0] = begins[0] or 0
    edges = [*begins, len(samples)]
    words: list[Word] = []
    for index, token in enumerate(tokens):
        start = edges[index]
        assert start is not None  # the first is set above, the others by the line below
        known = next(i for i in range(index + 1, len(edges)) if edges[i] is not None)
        stretch, end = edges[known], edges[index + 1]
        if end is None and stretch is not None:
            letters = [len(t.text) for t in tokens[index:known]]
            end = start + (stretch - start) * letters[0] // sum(letters)
            edges[index + 1] = end
        assert end is not None
        words.append(_tightened(Word(token.text, start, max(start, end)), samples))
    return tuple(words)


def _tightened(word: Word, samples: array[int]) -> Word:
    """A word without the pause that follows it, as the engine tells no word's end."""
    block = voice_espeak.ESPEAK_HZ // 100
    end = word.end
    while end - block > word.start and _is_silent(samples[end - block : end]):
        end -= block
    return Word(word.text, word.start, end)


def _is_silent(samples: array[int]) -> bool:
    return max(samples, default=0) < _SILENT and min(samples, default=0) > -_SILENT


def _trimmed(
    samples: array[int], words: tuple[Word, ...], rate_hz: int
) -> tuple[bytes, tuple[Word, ...]]:
    """Without the silence at both ends, at the rate asked for."""
    loud = [i for i, s in enumerate(samples) if abs(s) >= _SILENT]
    if not loud:
        return b"", ()
    first, last = loud[0], loud[-1] + 1
    pcm = resample_any(pcm_of(samples[first:last]), voice_espeak.ESPEAK_HZ, rate_hz)

    def place(sample: int) -> int:
        within = min(max(sample, first), last) - first
        return min(length_at(within, voice_espeak.ESPEAK_HZ, rate_hz), len(pcm) // 2)

    return pcm, tuple(Word(w.text, place(w.start), place(w.end)) for w in words)


def _read_cached(path: Path, text: str, rate_hz: int) -> Speech | None:
    """A phrase spoken by an earlier run, or `None` when it is not there or not whole."""
    try:
        head, _, pcm = path.read_bytes().partition(b"\n")
        facts: dict[str, Any] = json.loads(head)
        if facts["sha256"] != sha256(pcm).hexdigest():
            return None
        words = tuple(Word(str(w), int(start), int(end)) for w, start, end in facts["words"])
        voice = str(facts["voice"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Speech(text=text, pcm=pcm, rate_hz=rate_hz, words=words, synthetic=False, voice=voice)


def _write_cached(path: Path, speech: Speech) -> None:
    """Keeps a phrase for later runs; a folder that cannot be written is left alone."""
    facts = {
        "sha256": sha256(speech.pcm).hexdigest(),
        "voice": speech.voice,
        "words": [[word.text, word.start, word.end] for word in speech.words],
    }
    partial = path.with_suffix(f".{os.getpid()}.{threading.get_ident()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(json.dumps(facts).encode() + b"\n" + speech.pcm)
        partial.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            partial.unlink()
