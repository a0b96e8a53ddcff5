"""The far end of a call, as a small interface.

A call has two sides: the `Line` in the platform, which the scenario's `Call` drives, and the
`Leg` at the far end: a scripted caller, a recorded caller, later a browser or a SIP phone. The
two talk through the methods below and through one audio port, and know nothing else of each
other. Every method returns at once; what follows from it comes later on the run's clock.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from random import Random
from typing import Protocol

from voxrt.clock import Clock
from voxrt.media.graph import Graph, Mark, Port
from voxrt.media.speech import Speaker, Utterances
from voxrt.outside.peers import PeerPlan

Headers = Mapping[str, str]
NO_HEADERS: Headers = {}


class LegHost(Protocol):
    """The call, as the far end sees it.

    The leg says things by pushing audio into `port` (which is the `SOURCE` side of the call) and
    hears the port's `SINK` side.
    """

    @property
    def port(self) -> Port:
        """The call's port."""

    @property
    def graph(self) -> Graph:
        """The run's audio graph."""

    @property
    def clock(self) -> Clock:
        """The run's clock."""

    @property
    def speaker(self) -> Speaker:
        """Turns text into speech."""

    @property
    def utterances(self) -> Utterances:
        """The run's register of audible text."""

    @property
    def rng(self) -> Random:
        """The run's randomness."""

    def far_ringing(self, headers: Headers = NO_HEADERS) -> None:
        """The phone rings (SIP 180)."""

    def far_early_media(self, headers: Headers = NO_HEADERS) -> None:
        """Audio flows before the answer (SIP 183)."""

    def far_answered(self, headers: Headers = NO_HEADERS) -> None:
        """The phone was picked up (SIP 200)."""

    def far_offline(self) -> None:
        """The user called is not online: they may be woken by a push, or the call fails."""

    def far_failed(self, code: int, reason: str = "") -> None:
        """The call never came about; `code` is a SIP status such as 486."""

    def far_hung_up(self, reason: str = "BYE received") -> None:
        """The far end ended the call, or gave up before it was answered."""

    def far_digit(self, digit: str, kind: int) -> None:
        """A key was pressed: kind 1 by RFC 2833, 3 by SIP INFO; in-band digits are audio."""

    def far_message(self, text: str) -> None:
        """A text message came from the far end."""

    def far_info(self, mime_type: str, body: str, headers: Headers = NO_HEADERS) -> None:
        """A SIP INFO came from the far end."""

    def ask_session(self, method: str, path: str, content: str, headers: Headers) -> None:
        """Somebody who knows the session's access URL asks it over HTTP."""

    def connect_to_session(self, path: str, headers: Headers, plan: PeerPlan) -> None:
        """Somebody who knows the session's access URL opens a WebSocket to it."""

    def note(self, text: str) -> None:
        """Tells whoever watches the run what the far end does, such as `says "Hello"`."""

    def on_event(self, listener: Callable[[str], None]) -> None:
        """Calls the listener with the name of each event that the scenario's session emits."""


class Leg(ABC):
    """The far end of one call.

    Attributes:
        rate_hz: The sample rate of its audio: 8000 for a telephone, up to 48000.
        client_type: What `Call.clientType()` answers: `pstn`, `sip`, `user` or `wab`.
    """

    rate_hz: int = 8_000
    client_type: str = "pstn"

    @abstractmethod
    def attach(self, line: LegHost) -> None:
        """Gives the leg its call; called once, before anything else."""

    def alert(self, headers: Headers) -> None:
        """An outgoing call reaches this phone: it rings, answers or fails in its own time."""

    def ringing(self, headers: Headers) -> None:
        """The platform signals that it rings (the caller's phone plays the tone)."""

    def early_media(self, headers: Headers) -> None:
        """The platform plays audio before it answers."""

    def answered(self, headers: Headers) -> None:
        """The platform answered; audio flows both ways from now on."""

    def rejected(self, code: int, headers: Headers) -> None:
        """The platform refused the call; nothing follows."""

    def hung_up(self, headers: Headers) -> None:
        """The platform ended the call; nothing follows."""

    def digits(self, digits: str) -> None:
        """The platform sent keys, `0-9 * #`, with `p` for a pause."""

    def message(self, text: str) -> None:
        """The platform sent a text message."""

    def info(self, mime_type: str, body: str, headers: Headers) -> None:
        """The platform sent a SIP INFO."""

    def notice(self, mark: Mark) -> None:
        """A media mark that the leg asked for with `line.port.detect`."""


class NobodyLeg(Leg):
    """The far end of a call that never leaves the platform."""

    def attach(self, line: LegHost) -> None:
        """Nobody is there."""
