"""What the platform objects of one session share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, Protocol

from attrs import Factory, define, field

from voxrt.clock import Clock
from voxrt.media.graph import Graph
from voxrt.media.speech import Speaker, Utterances
from voxrt.session.media import MediaDriver
from voxrt.session.session import Session
from voxrt.vox.fetching import ClosedWorld, Fetcher
from voxrt.vox.leg import Leg
from voxrt.vox.routing import Router

CallKind = Literal["pstn", "sip", "user"]


class Switchboard(Protocol):
    """Finds the far end of an outgoing call."""

    def outgoing(self, kind: CallKind, destination: str) -> Leg:
        """The phone at a destination.

        Args:
            kind: `pstn`, `sip` or `user`.
            destination: The number, the user's name or the SIP address as the scenario gave it.
        """


@define(eq=False, kw_only=True)
class Context:
    """One session's platform: what calls, players and connectors are made with.

    Args:
        session: The session.
        media: The run's audio, driven by its clock.
        speaker: Turns text into speech.
        utterances: The run's register of audible text.
        switchboard: The far ends of outgoing calls.
        folder: Where the run's files are; recordings go to its folder `recordings`.
        connect: How voice-AI modules reach their provider, by module name.
        approximated: Told what was not as on the platform, for the run's result.
        fetcher: Fetches what players play from the outside world, which is closed by default.
    """

    session: Session
    media: MediaDriver
    speaker: Speaker
    utterances: Utterances
    switchboard: Switchboard
    folder: Path
    connect: Mapping[str, Any]
    approximated: Callable[[str], object]
    fetcher: Fetcher = field(
        default=Factory(lambda self: ClosedWorld(self.session.clock), takes_self=True)
    )
    modules: set[str] = field(factory=set)
    """The members of `Modules` that the scenario has required."""
    lines: list[Any] = field(factory=list)
    """Every call of the session, in the order of their making."""
    clients: list[Any] = field(factory=list)
    """Every connector's client of the session, in the order of their making."""
    on_line: list[Callable[[Any], object]] = field(factory=list)
    """Told each new call of the session, before anything happens to it."""
    players: list[Any] = field(factory=list)
    """The players of the session that have not ended, without those that calls have inside."""
    fetched_sounds: dict[str, bytes] = field(factory=dict)
    """What players have fetched, as PCM16 at 16 kHz by URL."""
    router: Router = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.router = Router(self.session.journal, self.session.warn)

    @property
    def clock(self) -> Clock:
        """The run's clock."""
        return self.session.clock

    @property
    def graph(self) -> Graph:
        """The run's audio graph."""
        return self.media.graph
