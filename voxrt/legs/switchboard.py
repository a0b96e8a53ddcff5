"""Which leg is at the far end of a call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define, evolve, field

from voxrt.legs.script import CallerScript, ClientType, Party
from voxrt.legs.scripted import ScriptedCaller, ScriptedParty

if TYPE_CHECKING:
    from voxrt.vox.leg import Leg, LegHost


class MadeUpParty(ScriptedParty):
    """Somebody whom no script declares: rings for a second, answers, and says nothing."""

    def attach(self, line: LegHost) -> None:
        super().attach(line)
        line.note(
            f"{self.person.name} is not declared among the parties of the script: "
            "made up someone who answers after a second and says nothing"
        )


@define(eq=False)
class Switchboard:
    """Finds the far end of every call of a run.

    Args:
        script: Who calls and who may be called.

    Attributes:
        legs: The legs given out, in order.
        made_up: The destinations called that the script does not declare, in order, each once.
    """

    script: CallerScript = field(factory=CallerScript)
    legs: list[ScriptedCaller | ScriptedParty] = field(factory=list, init=False)
    made_up: list[str] = field(factory=list, init=False)

    def incoming(self) -> Leg:
        """The leg of the script's caller, for an incoming call."""
        leg = ScriptedCaller(self.script.caller)
        self.legs.append(leg)
        return leg

    def outgoing(self, kind: ClientType, destination: str) -> Leg:
        """The leg for an outgoing call.

        Args:
            kind: `pstn`, `sip` or `user`.
            destination: The number, SIP URI or user name, as the scenario gave it.
        """
        leg = self._party(kind, destination)
        self.legs.append(leg)
        return leg

    @property
    def given_up(self) -> list[str]:
        """The waits that timed out in any leg, in words."""
        return [told for leg in self.legs for told in leg.given_up]

    def _party(self, kind: ClientType, destination: str) -> ScriptedParty:
        for party in self.script.parties:
            if party.matches(kind, destination):
                return ScriptedParty(
                    evolve(party, client_type=kind, name=party.name or destination)
                )
        if destination not in self.made_up:
            self.made_up.append(destination)
        return MadeUpParty(Party(match=destination, name=destination, client_type=kind))
