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
from typing import Any, Protocol

from voxrt.clock import Clock
from voxrt.media.graph import Graph, Mark, Port
from voxrt.media.speech import Speaker, Utterances
from voxrt.outside.peers import PeerPlan

Headers = Mapping[str, str]
NO_HEADERS: Headers = {}


class FarDialog(Protocol):
    """What the far end may ask of the platform while the call is connected, and answer it."""

    def far_hold(self) -> None:
        """The far end puts the call on hold; it hears nothing and sends nothing meanwhile."""

    def far_unhold(self) -> None:
        """It takes the call off hold."""

    def far_reinvite(
        self, headers: Headers = NO_HEADERS, mime_type: str = "", body: str = ""
    ) -> None:
        """A re-INVITE; `Leg.reinvite_answered` follows."""

    def far_transfer(self, to: str, headers: Headers = NO_HEADERS) -> None:
        """A blind transfer (REFER) to a number or user; `Leg.transfer_answered` follows."""

    def far_reinvite_answered(
        self,
        code: int,
        reason: str = "",
        headers: Headers = NO_HEADERS,
        mime_type: str = "",
        body: str = "",
    ) -> None:
        """The answer to `Leg.reinvited`: 200, or a SIP code of failure."""

    def far_transfer_answered(
        self, code: int, reason: str = "", headers: Headers = NO_HEADERS
    ) -> None:
        """The outcome of `Leg.referred`: 200, or the SIP code with which it failed."""


class PlatformServices(Protocol):
    """What the platform's own services tell the scenario of the call, because a script says so.

    On the platform they run by themselves. Nothing here starts them but these methods, and nothing
    comes of those unless the call is connected.
    """

    def identified(self, audio_type: str, audio_subtype: str, confidence: float) -> None:
        """The hidden voicemail service found out who is at the far end.

        Args:
            audio_type: One of `AMD.ResultClass`.
            audio_subtype: One of `AMD.ResultSubtype`.
            confidence: 0 to 100.
        """

    def not_identified(self) -> None:
        """The hidden voicemail service failed."""

    def statistics(self) -> None:
        """The deprecated event `Statistics`."""


class LegHost(Protocol):
    """The call, as the far end sees it.

    The leg says things by pushing audio into `port` (which is the `SOURCE` side of the call) and
    hears the port's `SINK` side.
    """

    @property
    def call_id(self) -> str:
        """The id of the call."""

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

    @property
    def dialog(self) -> FarDialog:
        """The requests within the call."""

    @property
    def services(self) -> PlatformServices:
        """What the platform finds out about the call by itself."""

    def far_forwarding(self) -> None:
        """The call is being forwarded to another phone (SIP 181)."""

    def far_ringing(self, headers: Headers = NO_HEADERS) -> None:
        """The phone rings (SIP 180)."""

    def far_early_media(self, headers: Headers = NO_HEADERS) -> None:
        """Audio flows before the answer (SIP 183)."""

    def far_answered(self, headers: Headers = NO_HEADERS) -> None:
        """The phone was picked up (SIP 200)."""

    def far_offline(self) -> None:
        """The user called is not online: they may be woken by a push, or the call fails."""

    def far_failed(self, code: int, reason: str = "", headers: Headers = NO_HEADERS) -> None:
        """The call never came about; `code` is a SIP status such as 486."""

    def far_hung_up(self, reason: str = "BYE received") -> None:
        """The far end ended the call, or gave up before it was answered."""

    def far_sends(self, sends: bool) -> None:
        """The far end stops to send audio packets, or sends them again; silence is packets too."""

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

    def report(self, action: str, **fields: Any) -> None:
        """Writes down what the far end does that no other method tells, for a replay.

        Args:
            action: What it does, such as `sound`.
            fields: JSON values; empty texts and objects are left out.
        """

    def keep_sound(self, pcm: bytes) -> int:
        """Keeps what the far end says before a channel changes it, for a replay.

        Args:
            pcm: Mono PCM16 at the rate of the port.

        Returns:
            Where in the file of the call it begins, in samples.
        """

    def on_event(self, listener: Callable[[str], None]) -> None:
        """Calls the listener with the name of each event that the scenario's session emits."""


class Leg(ABC):
    """The far end of one call.

    Attributes:
        rate_hz: The sample rate of its audio: 8000 for a telephone, up to 48000.
        client_type: What `Call.clientType()` answers: `pstn`, `sip`, `user` or `wab` (WhatsApp).
        has_video: Whether it has a camera, and sends video with its sound when the call has any.
        is_person: Whether somebody is there who hears, rather than another session.
        is_conference: Whether it is a call into a conference, or from there the call that came.
    """

    rate_hz: int = 8_000
    client_type: str = "pstn"
    has_video: bool = False
    is_person: bool = True
    is_conference: bool = False
    _own_port: Port

    def open_ports(self, graph: Graph, name: str) -> tuple[Port, Port]:
        """Makes what the call needs in the graph.

        Returns:
            The port whose `SOURCE` side is what the far end says, and the port whose `SINK` side
            is what it hears: the same one for a telephone.
        """
        self._own_port = graph.port(name, self.rate_hz)
        return self._own_port, self._own_port

    def close_ports(self) -> None:
        """Frees what `open_ports` made; the call is over."""
        self._own_port.close()

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

    def referred(self, to: str, headers: Headers, replaces: bool) -> None:
        """The platform asks the phone to call somebody else in its place (SIP REFER).

        Args:
            to: The number, user or SIP address.
            headers: What the scenario sends along.
            replaces: Whether the phone takes over the platform's call with them, which exists.

        `far_transfer_answered` follows, or the platform waits for as long as the call lasts.
        """

    def transfer_answered(self, code: int, reason: str) -> None:
        """The platform's answer to the phone's own REFER: 200, or a code of failure."""

    def reinvited(self, headers: Headers, mime_type: str, body: str) -> None:
        """A re-INVITE of the platform's; `far_reinvite_answered` follows."""

    def reinvite_answered(
        self,
        code: int,
        reason: str,
        headers: Headers = NO_HEADERS,
        mime_type: str = "",
        body: str = "",
    ) -> None:
        """The platform's answer to the phone's own re-INVITE."""

    def notice(self, mark: Mark) -> None:
        """A media mark that the leg asked for with `line.port.detect`."""


class NobodyLeg(Leg):
    """The far end of a call that never leaves the platform."""

    def attach(self, line: LegHost) -> None:
        """Nobody is there."""
