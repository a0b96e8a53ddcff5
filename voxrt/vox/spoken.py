"""Which part of which words a piece of sound is, as the file of a connection has it."""

from __future__ import annotations

from typing import Any

from attrs import define, field

from voxrt.media.utterances import Utterances, speech_fields
from voxrt.xai.standin import SpokenSpan


@define(eq=False)
class SpokenParts:
    """Writes down the parts of utterances, each utterance's words with its first part only."""

    utterances: Utterances
    _told: set[int] = field(factory=set, init=False)

    def fields(self, span: SpokenSpan) -> dict[str, Any]:
        """A part as JSON: `utterance`, `offset`, `samples`, `rate_hz`, and the words in `of`."""
        told: dict[str, Any] = {
            "utterance": span.utterance,
            "offset": span.offset,
            "samples": span.samples,
            "rate_hz": span.rate_hz,
        }
        if span.utterance not in self._told:
            self._told.add(span.utterance)
            told["of"] = speech_fields(self.utterances.get(span.utterance).speech)
        return told
