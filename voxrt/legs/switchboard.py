"""Which leg is at the far end of a call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from attrs import define, evolve, field

from voxrt.legs.script import (
    CONFERENCE,
    DEFAULT_ANSWER_AFTER_MS,
    RATES_HZ,
    Caller,
    CallerScript,
    Party,
)
from voxrt.legs.scripted import ScriptedCaller, ScriptedParty
from voxrt.legs.steps import HangUp, Step, Wait, WaitFor
from voxrt.vox.call_facts import REASONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voxrt.legs.script import ClientType
    from voxrt.vox.leg import Leg, LegHost


#: How long somebody lets it ring who calls outside of the session.
NO_ANSWER_MS = 60_000


class MadeUpParty(ScriptedParty):
    """Somebody whom no script declares: rings for a second, answers, and says nothing."""

    def attach(self, line: LegHost) -> None:
        super().attach(line)
        line.note(
            f"{self.person.name} is not among the parties of the caller's script: "
            "made up someone who answers after a second and says nothing"
        )


@define(eq=False)
class Switchboard:
    """Finds the far end of every call of a run.

    Args:
        script: Who calls and who may be called.

    Attributes:
        legs: The legs given out, in order.
        declared: The party of the script that a leg was made for, by the leg's id.
        made_up: The destinations called that the script does not declare, in order, each once.
    """

    script: CallerScript = field(factory=CallerScript)
    legs: list[ScriptedCaller | ScriptedParty] = field(factory=list, init=False)
    declared: dict[int, Party] = field(factory=dict, init=False)
    made_up: list[str] = field(factory=list, init=False)
    _reached: list[Party] = field(factory=list, init=False)

    def incoming(self, caller: Caller | None = None) -> Leg:
        """The leg of a caller, for an incoming call: the script's first one by default."""
        leg = ScriptedCaller(self.script.caller if caller is None else caller)
        leg.reach = self.reach
        self.legs.append(leg)
        return leg

    def outgoing(
        self, kind: str, destination: str, details: Mapping[str, Any] | None = None
    ) -> Leg:
        """The leg for an outgoing call.

        Args:
            kind: `pstn`, `sip`, `user`, `wab` or `conference`.
            destination: The number, SIP URI or user name, as the scenario gave it.
            details: The other parameters of the call; no party asks for them yet.
        """
        leg = self._party(kind, destination)
        leg.reach = self.reach
        self.legs.append(leg)
        return leg

    def conference(self, identifier: str) -> Leg | None:
        """The leg of a party that stands for a conference; `None` when nobody does."""
        if not any(party.matches(CONFERENCE, identifier) for party in self.script.parties):
            return None
        leg = self.outgoing(CONFERENCE, identifier)
        leg.is_conference = True
        return leg

    def reach(self, destination: str) -> tuple[int, int, str]:
        """What becomes of a call that is made outside of the session, by a phone transferred.

        It ends as the party says who matches; nobody's script is played, for nobody can hear it.

        Returns:
            After how many ms, the SIP code (200: answered), and its reason.
        """
        for party in self.script.parties:
            if not party.matches(party.kind, destination):
                continue
            self._reached.append(party)
            if party.offline:
                return 0, 480, REASONS[480]
            if party.fail is not None:
                return party.fail_after_ms, *party.fail
            if party.answer_after_ms is None:
                return NO_ANSWER_MS, 408, REASONS[408]
            return party.answer_after_ms, 200, "OK"
        self._make_up(destination)
        return DEFAULT_ANSWER_AFTER_MS, 200, "OK"

    @property
    def given_up(self) -> list[str]:
        """The waits that timed out in any leg, in words."""
        return [told for leg in self.legs for told in leg.given_up]

    @property
    def unused(self) -> list[Party]:
        """The parties that nobody called."""
        return [party for party in self.script.parties if party not in self._reached]

    @property
    def undone(self) -> list[tuple[str, Step]]:
        """What a person still had to say or do when their call ended: who, and the first of it.

        Waiting and hanging up do not count, and neither does a phone that was never answered.
        """
        found: list[tuple[str, Step]] = []
        for leg in self.legs:
            if not (isinstance(leg, ScriptedCaller) or leg.performer.began):
                continue
            for step in leg.performer.undone:
                if not isinstance(step, WaitFor | Wait | HangUp):
                    found.append((leg.person.name, step))
                    break
        return found

    def _party(self, kind: str, destination: str) -> ScriptedParty:
        kinds = {kind: kind for kind in RATES_HZ} | {CONFERENCE: "sip"}
        client_type = cast("ClientType", kinds.get(kind, "pstn"))
        for party in self.script.parties:
            if party.matches(kind, destination):
                self._reached.append(party)
                leg = ScriptedParty(
                    evolve(party, client_type=client_type, name=party.name or destination)
                )
                self.declared[id(leg)] = party
                return leg
        self._make_up(destination)
        return MadeUpParty(Party(match=destination, name=destination, client_type=client_type))

    def _make_up(self, destination: str) -> None:
        if destination not in self.made_up:
            self.made_up.append(destination)
