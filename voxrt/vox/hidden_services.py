"""What the platform tells of a call by itself, and what no scenario can ask for.

On the platform a voicemail service that scenarios cannot start, and that its reference does not
describe, sends the four events of `AudioIdentification`; `Statistics` is deprecated. Nothing
starts either here: the far end's script says when they come, and what they say.

As with what the two ends ask of each other, only a connected call has any of it; what comes at
another time is dropped, and so is what comes of a peer-to-peer call, which the platform does not
hear.

Sources: voxengine-semantics.md 8.4, and the fields of `api.json`. Neither says in which order the
events come; that of their names is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

if TYPE_CHECKING:
    from voxrt.vox.line import Line


@frozen(eq=False)
class HiddenServices:
    """The hidden services of one call (`voxrt.vox.leg.PlatformServices`)."""

    line: Line

    def identified(self, audio_type: str, audio_subtype: str, confidence: float) -> None:
        """`AudioIdentificationStarted`, `…Result`, `…Stopped`.

        Args:
            audio_type: One of `AMD.ResultClass`: `audioType` of the result.
            audio_subtype: One of `AMD.ResultSubtype`: its `audioSubType`.
            confidence: 0 to 100: its `confidence`.
        """
        found = {"audio_type": audio_type, "audio_subtype": audio_subtype}
        self.line.report("identified", **found, confidence=confidence)
        self._tell(
            "Call.AudioIdentificationResult",
            audioType=audio_type,
            audioSubType=audio_subtype,
            confidence=confidence,
        )

    def not_identified(self) -> None:
        """`AudioIdentificationStarted`, `…Error`, `…Stopped`."""
        self.line.report("not_identified")
        self._tell("Call.AudioIdentificationError")

    def statistics(self) -> None:
        """`Statistics`, which has no fields."""
        self.line.report("statistics")
        if self._hears:
            self.line.emit("Call.Statistics")

    def _tell(self, outcome: str, **fields: Any) -> None:
        """The events around an outcome, all at once."""
        if self._hears:
            self.line.emit("Call.AudioIdentificationStarted")
            self.line.emit(outcome, **fields)
            self.line.emit("Call.AudioIdentificationStopped")

    @property
    def _hears(self) -> bool:
        """Whether the platform has the call's sound; a hold does not count."""
        return self.line.connected and not self.line.is_direct
