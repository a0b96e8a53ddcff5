"""The words that travelled beside recorded sound, registered again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from attrs import define, field

from voxrt.media.utterances import Utterances, speech_of
from voxrt.xai.standin import SpokenSpan

#: An hour at the highest rate: no utterance is longer.
MOST = 48_000 * 3_600


@define(eq=False)
class SpokenAgain:
    """Makes the spans of a file's lines.

    Args:
        lines: Those of the file of a connection.
        utterances: The run's register.
        speaker: Who said it.
    """

    lines: Sequence[dict[str, Any]] = field(repr=False)
    utterances: Utterances
    speaker: str
    _registered: dict[int, int] = field(factory=dict, init=False)

    def span(self, line: dict[str, Any]) -> SpokenSpan | None:
        """Which part of an utterance a line carries; `None` when nobody knows."""
        speech = line.get("speech")
        if speech is None:
            return None
        number = speech["utterance"]
        if number not in self._registered:
            self._registered[number] = self._register(number)
        return SpokenSpan(
            self._registered[number], speech["offset"], speech["samples"], speech["rate_hz"]
        )

    def _register(self, number: int) -> int:
        parts = [
            one["speech"]
            for one in self.lines
            if "speech" in one and one["speech"]["utterance"] == number
        ]
        samples = max(part["offset"] + part["samples"] for part in parts)
        said = parts[0]["of"]  # the first in the file, which need not be the first by its time
        # The sound itself is in the messages; here its length is enough.
        return self.utterances.add(speech_of(said, bytes(2 * samples)), self.speaker)


def check_spoken(lines: Sequence[dict[str, Any]], fail: Callable[[int, str], object]) -> None:
    """Checks what lines say of the words in their sound; `fail` gets the number of a wrong one."""
    told: set[int] = set()
    for number, line in enumerate(lines, 2):
        if "speech" not in line:
            continue
        try:
            _check(line["speech"], told)
        except (KeyError, TypeError, ValueError):
            fail(number, "`speech` does not say which part of which words the sound is")


def _check(speech: dict[str, Any], told: set[int]) -> None:
    for name in ("utterance", "offset", "samples", "rate_hz"):
        if not isinstance(speech[name], int) or not 0 <= speech[name] <= MOST:
            raise ValueError(name)
    if not speech["rate_hz"]:
        raise ValueError("rate_hz")
    if speech["utterance"] in told:
        return
    told.add(speech["utterance"])
    check_said(speech["of"])


def check_said(said: Any) -> None:
    """Checks the fields of a speech.

    Raises:
        KeyError, TypeError, ValueError: They are not those of `speech_fields`.
    """
    for name, kind in (("text", str), ("voice", str), ("synthetic", bool), ("rate_hz", int)):
        if not isinstance(said[name], kind):
            raise ValueError(name)
    for text, start, end in said["words"]:
        if not (isinstance(text, str) and isinstance(start, int) and isinstance(end, int)):
            raise ValueError("words")
        if not 0 <= start < end <= MOST:
            raise ValueError("words")
    if said["rate_hz"] <= 0:
        raise ValueError("rate_hz")
