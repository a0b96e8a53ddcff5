"""Whether everybody in a script got what they expected: the verdict on a whole run.

A call that is transferred, a conference or a group of phones that ring together has several people
in it. Each of them is judged by what became of their calls, and the run by all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from voxrt.legs.script import Caller, Person
from voxrt.legs.scripted import ScriptedCaller

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voxrt.legs.scripted import ScriptedParty
    from voxrt.legs.switchboard import Switchboard

#: What can become of somebody, the best first.
FINISHED, CUT_OFF, GAVE_UP, NOT_CONNECTED, NOT_CALLED = FATES = (
    "finished", "cut off", "gave up", "not connected", "not called",
)  # fmt: skip
#: Which of these are what was expected.
_FULFIL = {
    "": FATES,
    "finished": (FINISHED,),
    "connected": (FINISHED, CUT_OFF, GAVE_UP),
    "called": (FINISHED, CUT_OFF, GAVE_UP, NOT_CONNECTED),
    "not_connected": (NOT_CONNECTED, NOT_CALLED),
    "not_called": (NOT_CALLED,),
}


@frozen(kw_only=True)
class Verdict:
    """What became of one person of a script.

    Attributes:
        who: Their name; for a party without one, the destination they match.
        expected: The `expect` of the script; empty for nothing in particular.
        came: One of `FATES`. `finished`: all steps were done. `cut off`: the call ended before.
            `gave up`: a wait of theirs timed out, and they hung up. `not connected`: no call of
            theirs was answered. `not called`: there was none.
        detail: More about it, in words.
    """

    who: str
    expected: str
    came: str
    detail: str = ""

    @property
    def passed(self) -> bool:
        """Whether it is what was expected; giving up never is."""
        return self.came != GAVE_UP and self.came in _FULFIL[self.expected]

    @property
    def told(self) -> str:
        """The verdict in words."""
        expected = f", expected: {self.expected.replace('_', ' ')}" if self.expected else ""
        return f"{self.who}: {self.came}{f' ({self.detail})' if self.detail else ''}{expected}"


def judge(board: Switchboard) -> list[Verdict]:
    """The verdicts on the caller, the further callers and the parties, in the script's order.

    Somebody with several calls is judged by the one that went best, unless they gave up in one.
    """
    script = board.script
    people: list[Person] = [script.caller, *script.callers, *script.parties]
    return [_verdict(person, _legs_of(person, board)) for person in people]


def verdict_fields(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """What a run's result says of them; nothing when nobody expected anything or gave up."""
    if all(verdict.passed and not verdict.expected for verdict in verdicts):
        return {}
    return {
        "verdict": "passed" if all(verdict.passed for verdict in verdicts) else "failed",
        "people": [
            {
                "who": verdict.who,
                "came": verdict.came,
                **({"expected": verdict.expected} if verdict.expected else {}),
                **({"detail": verdict.detail} if verdict.detail else {}),
                "passed": verdict.passed,
            }
            for verdict in verdicts
        ],
    }


def _legs_of(person: Person, board: Switchboard) -> list[ScriptedCaller | ScriptedParty]:
    if isinstance(person, Caller):
        return [leg for leg in board.legs if leg.person is person]
    return [leg for leg in board.legs if board.declared.get(id(leg)) is person]


def _verdict(person: Person, legs: list[ScriptedCaller | ScriptedParty]) -> Verdict:
    who = person.name or getattr(person, "match", "")
    fates = [_fate(leg) for leg in legs] or [(NOT_CALLED, "")]
    came, detail = min(fates, key=lambda fate: (fate[0] != GAVE_UP, FATES.index(fate[0])))
    return Verdict(who=who, expected=person.expect, came=came, detail=detail)


def _fate(leg: ScriptedCaller | ScriptedParty) -> tuple[str, str]:
    performer = leg.performer
    if performer.gave_up:
        return GAVE_UP, performer.gave_up
    if not leg.connected:
        return NOT_CONNECTED, ""
    if performer.finished:
        return FINISHED, ""
    return CUT_OFF, f"at step {performer.steps_begun} of {len(leg.person.steps)}"
