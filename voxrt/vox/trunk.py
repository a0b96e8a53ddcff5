"""A call from one session into another: two lines, back to back.

`VoxEngine.callConference` has a call in each of two sessions. What one session does with its call
is what the far end of the other's does: it rings, answers, hangs up, presses keys, asks for
another phone (a blind transfer) or a re-INVITE. Their sound
goes through two mixers of the audio graph, one each way.
"""

from __future__ import annotations

from collections.abc import Callable

from attrs import define, field

from voxrt.clock import US_PER_MS
from voxrt.media.graph import Conference as Mixer
from voxrt.media.graph import Graph, Port
from voxrt.vox.call_facts import DECLINED, LineState, refusal_reason
from voxrt.vox.leg import NO_HEADERS, Headers, Leg
from voxrt.vox.line import Line

RATE_HZ = 16_000
KEY_MS = 200
RFC2833 = 1
NOT_IMPLEMENTED = (501, "Not Implemented")


@define(eq=False)
class _Wire:
    """The two ways of sound, freed when both calls have ended."""

    ways: list[Mixer] = field(factory=list)
    ends_open: int = 0

    def open(self, graph: Graph, name: str, end: int) -> tuple[Port, Port]:
        """The mouth and the ear of one of the two calls."""
        if not self.ways:
            self.ways = [graph.conference(f"{name} {way}", RATE_HZ) for way in ("there", "back")]
        self.ends_open += 1
        ear, mouth = self.ways[end], self.ways[1 - end]
        ear.speaks_by(mouth)
        return mouth, ear

    def close(self) -> None:
        """One of the calls has ended."""
        self.ends_open -= 1
        if not self.ends_open:
            for way in self.ways:
                way.close()


class TrunkLeg(Leg):
    """The far end of one of the two calls; its `peer` is that of the other."""

    rate_hz = RATE_HZ
    client_type = "sip"
    is_person = False
    is_conference = True
    peer: TrunkLeg

    def __init__(self, wire: _Wire, end: int) -> None:
        self._wire = wire
        self._end = end
        self._line: Line | None = None
        self._on_alert: Callable[[Headers], object] = lambda headers: None

    def open_ports(self, graph: Graph, name: str) -> tuple[Port, Port]:
        return self._wire.open(graph, name, self._end)

    def close_ports(self) -> None:
        self._wire.close()

    def attach(self, line: Line) -> None:  # type: ignore[override]  # both ends are ours
        self._line = line

    def fail(self, code: int) -> None:
        """The other session does not come about."""
        if self._line is not None:
            self._line.far_failed(code)

    # --- what the session does is what the other's far end does -------------------------------

    def alert(self, headers: Headers) -> None:
        self._on_alert(headers)

    def ringing(self, headers: Headers) -> None:
        self._over_there(lambda line: line.far_ringing(headers))

    def early_media(self, headers: Headers) -> None:
        self._over_there(lambda line: line.far_early_media(headers))

    def answered(self, headers: Headers) -> None:
        self._over_there(lambda line: line.far_answered(headers))

    def rejected(self, code: int, headers: Headers) -> None:
        self._over_there(lambda line: line.far_failed(code, refusal_reason(code), headers))

    def hung_up(self, headers: Headers) -> None:
        self._over_there(lambda line: _hang_up(line, headers))

    def digits(self, digits: str) -> None:
        for number, key in enumerate(digits):
            if key in "pP":
                continue
            self._over_there(
                lambda line, key=key: line.far_digit(key, RFC2833),  # type: ignore[misc]
                number * KEY_MS,
            )

    def message(self, text: str) -> None:
        self._over_there(lambda line: line.far_message(text))

    def info(self, mime_type: str, body: str, headers: Headers) -> None:
        self._over_there(lambda line: line.far_info(mime_type, body, headers))

    def reinvited(self, headers: Headers, mime_type: str, body: str) -> None:
        self._over_there(lambda line: line.dialog.far_reinvite(headers, mime_type, body))

    def reinvite_answered(
        self,
        code: int,
        reason: str,
        headers: Headers = NO_HEADERS,
        mime_type: str = "",
        body: str = "",
    ) -> None:
        self._over_there(
            lambda line: line.dialog.far_reinvite_answered(code, reason, headers, mime_type, body)
        )

    def referred(self, to: str, headers: Headers, replaces: bool) -> None:
        if replaces:  # the other session has no phone that could take a call over
            self.peer.transfer_answered(*NOT_IMPLEMENTED)
        else:
            self._over_there(lambda line: line.dialog.far_transfer(to, headers))

    def transfer_answered(self, code: int, reason: str) -> None:
        self._over_there(lambda line: line.dialog.far_transfer_answered(code, reason))

    def _over_there(self, tell: Callable[[Line], object], after_ms: int = 0) -> None:
        line = self.peer._line
        if line is not None:
            line.clock.call_later(after_ms * US_PER_MS, tell, line)


def _hang_up(line: Line, headers: Headers) -> None:
    """A call that was not answered yet is refused by it."""
    if not line.incoming and line.state is LineState.PROGRESSING:
        line.far_failed(DECLINED, headers=headers)
    else:
        line.far_hung_up(headers=headers)


def make_trunk(on_alert: Callable[[TrunkLeg, Headers], object]) -> TrunkLeg:
    """Makes both legs.

    Args:
        on_alert: Given the leg of the other session, and the headers, when the call goes out; it
            makes an incoming call of the leg, or has the leg that was returned `fail`.

    Returns:
        The leg of the session that calls.
    """
    wire = _Wire()
    here, there = TrunkLeg(wire, 0), TrunkLeg(wire, 1)
    here.peer, there.peer = there, here
    here._on_alert = lambda headers: on_alert(there, headers)
    return here
