"""A recogniser that listens to the sound: pocketsphinx, which has a small English model inside.

It is offline and quick, and weak: of free speech it understands little, least of a synthetic voice,
and of the sound of a telephone line hardly anything, as its model wants what lies above 4 kHz.
Of the phrases that a scenario expects it makes a grammar, and finds those well; so with
`phraseHints` it hears nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import import_module
from threading import Lock
from typing import Any

from attrs import define, field

from voxrt.media.recogniser import Piece, Recognised, Recognition, Task, spell_as

RATE_HZ = 16_000
_SEARCH = "hints"


@define(eq=False)
class SphinxRecogniser:
    """Makes recognitions that share one decoder, one after another.

    Raises:
        ImportError: The extra `pocketsphinx` is not installed.
    """

    name: str = field(default="pocketsphinx", init=False)
    rate_hz: int = field(default=RATE_HZ, init=False)
    slow: bool = field(default=True, init=False)
    approximated: str = field(
        default="ASR: pocketsphinx recognised the sound; it is weak, most of all at 8 kHz, and "
        "with phraseHints it hears these phrases only",
        init=False,
    )
    _sphinx: Any = field(factory=lambda: import_module("pocketsphinx"), init=False)
    _decoder: Any = field(default=None, init=False)
    _lock: Lock = field(factory=Lock, init=False)

    def begin(self, task: Task) -> Recognition:
        """A phrase begins.

        Raises:
            ValueError: The language is not English.
        """
        if task.language and not re.match(r"en\b", task.language):
            raise ValueError(f"pocketsphinx has a model of English only, not of {task.language}")
        return _Phrase(self, task)

    def decode(self, pcm: bytes, hints: Sequence[str]) -> tuple[str, float] | None:
        """Recognises a whole phrase; takes a part of its length.

        Args:
            pcm: At 16 kHz.
            hints: Phrases that are expected.

        Returns:
            The text in lower case and how sure it is, or nothing.
        """
        with self._lock:
            if self._decoder is None:
                self._decoder = self._sphinx.Decoder(samprate=RATE_HZ, loglevel="FATAL")
            decoder = self._decoder
            known = [words for hint in hints if (words := self._known(hint))]
            if known:
                choice = " | ".join(known)
                text = f"#JSGF V1.0; grammar h; public <h> = ({choice})+ ;"
                decoder.add_jsgf_string(_SEARCH, text)
            decoder.activate_search(*([_SEARCH] if known else []))
            decoder.start_utt()
            decoder.process_raw(pcm, full_utt=True)
            decoder.end_utt()
            found = decoder.hyp()
            if found is None or not found.hypstr:
                return None
            return found.hypstr, min(1.0, max(0.0, float(found.best_score)))

    def _known(self, hint: str) -> str:
        """The words of a hint, when the dictionary has all of them."""
        words = re.findall(r"[a-z']+", hint.casefold())
        known = all(self._decoder.lookup_word(word) for word in words)
        return " ".join(words) if known else ""


@define(eq=False)
class _Phrase:
    """One phrase; it is recognised when it is over."""

    _recogniser: SphinxRecogniser
    _task: Task
    _pcm: bytearray = field(factory=bytearray, init=False)

    def hear(self, piece: Piece) -> None:
        self._pcm += piece.pcm

    def so_far(self) -> str:
        return ""

    def result(self) -> Recognised | None:
        found = self._recogniser.decode(bytes(self._pcm), self._task.hints)
        if found is None:
            return None
        words, confidence = found[0].split(), round(found[1], 2)
        marked: set[int] = set()
        for hint in sorted(self._task.hints, key=len, reverse=True):
            spell_as(hint, words, marked)
        return Recognised(" ".join(words), confidence)
