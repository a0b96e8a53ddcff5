"""What somebody at a phone heard, as figures that a test can hold to a bound.

assert "by the window" in call.heard.text
assert call.heard.stale_ms_after_barge_in < 250
assert call.heard.dead_air_ms < 4000
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any, Final

from attrs import field, frozen

from voxrt.errors import UsageError
from voxrt.run.summary import Summary
from voxrt.testing.audible import Stretch
from voxrt.testing.expectations import seconds
from voxrt.testing.happenings import Happening
from voxrt.testing.patterns import Text, has_text
from voxrt.testing.sound import Sound, measure

#: Speech that ended so shortly before is still being talked over.
_STILL_MS: Final = 400.0


class Figure(float):
    """A number that says in messages where it was measured.

    Attributes:
        where: In words.
        at_ms: The time of the run at which it is to be seen; `None` when there is no such time.
    """

    where: str
    at_ms: float | None

    def __new__(cls, value: float, where: str, at_ms: float | None = None) -> Figure:
        figure = super().__new__(cls, round(value, 3))
        figure.where, figure.at_ms = where, at_ms
        return figure

    def __repr__(self) -> str:
        return f"{float(self):g} ({self.where})"


@frozen(kw_only=True)
class BargeIn:
    """Somebody began to speak while the scenario's side was speaking.

    Attributes:
        at_ms: When their first word began.
        stale_ms: How much of what had been made before that they still heard.
    """

    at_ms: float
    stale_ms: float


@frozen(kw_only=True, repr=False)
class Heard:
    """What the phone of a call heard, so far.

    Attributes:
        phrases: The sentences with their words, in order: `text`, `name` (who spoke), `at_ms`,
            and `data["complete"]`.
        stretches: All sound, also without words.
    """

    phrases: Sequence[Happening]
    stretches: Sequence[Stretch]
    _said: Sequence[Stretch]
    _records: Sequence[dict[str, Any]]
    _recording: Path | None
    _sound: list[Sound] = field(factory=list, init=False)

    def __repr__(self) -> str:
        return f'<heard: "{self.text}">'

    @property
    def text(self) -> str:
        """All that was heard, in order."""
        return " ".join(phrase.text for phrase in self.phrases)

    def has(self, text: Text, *, source: str = "") -> bool:
        """Whether these words were heard side by side, from one source if it is given."""
        return has_text(self.text_of(source) if source else self.text, text)

    def text_of(self, source: str) -> str:
        """What was heard of one source: `agent`, `player`, or the name of a person."""
        return " ".join(phrase.text for phrase in self.phrases if phrase.name == source)

    @property
    def sources(self) -> dict[str, float]:
        """For how many ms each source was audible."""
        found: dict[str, float] = {}
        for stretch in self.stretches:
            found[stretch.source] = round(found.get(stretch.source, 0.0) + stretch.ms, 3)
        return found

    @property
    def barge_ins(self) -> list[BargeIn]:
        """Each time the person at the phone began to speak while they were spoken to."""
        begun = _first_stretches(self._said)
        found = []
        for index, said in enumerate(begun):
            old = [s for s in self.stretches if 0 < s.utterance < said.utterance]
            talked_over = any(
                s.begin_ms < said.begin_ms < s.end_ms or 0 <= said.begin_ms - s.end_ms < _STILL_MS
                for s in old
            )
            until_ms = begun[index + 1].begin_ms if index + 1 < len(begun) else float("inf")
            stale_ms = sum(s.after(said.begin_ms) for s in old if s.begin_ms < until_ms)
            if talked_over and stale_ms > 0:
                found.append(BargeIn(at_ms=said.begin_ms, stale_ms=round(stale_ms, 3)))
        return found

    @property
    def stale_ms_after_barge_in(self) -> Figure:
        """How much of an old sentence was heard after a barge-in, at worst.

        Raises:
            AssertionError: Nobody barged in: the test does not test what it means to.
        """
        barge_ins = self.barge_ins
        if not barge_ins:
            raise AssertionError("nobody barged in: no one spoke while they were spoken to")
        worst = max(barge_ins, key=lambda one: one.stale_ms)
        where = f"after the barge-in at {seconds(worst.at_ms)}"
        return Figure(worst.stale_ms, where, worst.at_ms)

    @property
    def talk_over_ms(self) -> Figure:
        """For how long both sides spoke at the same time, over the whole call."""
        overlaps = [
            (min(a.end_ms, b.end_ms) - max(a.begin_ms, b.begin_ms), max(a.begin_ms, b.begin_ms))
            for a in self.stretches
            if a.utterance
            for b in self._said
            if b.utterance
        ]
        overlaps = [overlap for overlap in overlaps if overlap[0] > 0]
        where = f"at {', '.join(seconds(at_ms) for _, at_ms in overlaps)}" if overlaps else "never"
        at_ms = max(overlaps)[1] if overlaps else None
        return Figure(sum(ms for ms, _ in overlaps), where, at_ms)

    # --- answers ----------------------------------------------------------------------------

    @property
    def responses_ms(self) -> list[float]:
        """From the last word of each turn of the person to the first word of the answer."""
        summary = Summary()
        for record in self._records:
            summary.take(record)
        return summary.latencies_ms()

    @property
    def longest_response_ms(self) -> Figure:
        """The longest time from the last word of a turn to the first word of the answer.

        Raises:
            AssertionError: Nothing was answered.
        """
        return Figure(max(self._answered()), f"of {len(self.responses_ms)} answers")

    @property
    def median_response_ms(self) -> Figure:
        """The median time from the last word of a turn to the first word of the answer.

        Raises:
            AssertionError: Nothing was answered.
        """
        return Figure(median(self._answered()), f"of {len(self.responses_ms)} answers")

    def _answered(self) -> list[float]:
        found = self.responses_ms
        if not found:
            raise AssertionError("nothing that was said on this call was answered")
        return found

    # --- the recording ----------------------------------------------------------------------

    @property
    def dead_air_ms(self) -> Figure:
        """The longest silence of both sides together, within the call."""
        sound = self._measured()
        return Figure(sound.dead_air_ms, f"from {sound.dead_air_at_ms / 1000:.3f} s of the call on")

    @property
    def level_dbfs(self) -> Figure:
        """The RMS level of what was heard, silence left out; 0 is full scale."""
        return Figure(self._measured().level_dbfs, "silence left out")

    @property
    def clipped_samples(self) -> Figure:
        """How many samples that were heard were at full scale, in runs of three and more."""
        sound = self._measured()
        return Figure(sound.clipped_samples, f"of {sound.samples}")

    def _measured(self) -> Sound:
        if not self._sound:
            if self._recording is None:
                raise UsageError(
                    "the recording of the call is complete when the run is over.",
                    hint="Call `finish()` first, or look at the figure at the end of the test.",
                )
            self._sound.append(measure(self._recording))
        return self._sound[0]


def _first_stretches(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Of each utterance the first stretch."""
    first: dict[int, Stretch] = {}
    for stretch in stretches:
        if stretch.utterance:
            first.setdefault(stretch.utterance, stretch)
    return list(first.values())


#: The figures that have a bound in a conversation file, and what each is.
FIGURES: Final = {
    name: str(getattr(Heard, name).__doc__).partition("\n")[0]
    for name in (
        "stale_ms_after_barge_in",
        "longest_response_ms",
        "median_response_ms",
        "dead_air_ms",
        "talk_over_ms",
        "level_dbfs",
        "clipped_samples",
    )
}
