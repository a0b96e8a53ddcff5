"""What the two ends of a call ask of each other while it lasts: hold, re-INVITE, transfer.

Only a connected call has any of it; what comes at another time is dropped, as a SIP stack answers
it with 481. A request waits for its answer, which comes once, and never after the call has ended.

Sources: voxengine-semantics.md 8.3 and 8.4; https://voximplant.com/docs/guides/calls/transferring
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from attrs import define, field

from voxrt.clock import US_PER_MS
from voxrt.session.values import Struct
from voxrt.vox.arguments import is_custom_header
from voxrt.vox.leg import NO_HEADERS, Headers

if TYPE_CHECKING:
    from voxrt.vox.line import Line

#: How long after `TransferComplete` a leg leaves the session.
LEAVES_AFTER_US = 20 * US_PER_MS

OK = 200
REQUEST_PENDING = (491, "Request Pending")
TOO_MANY_TRANSFERS = (403, "Transfer limit reached")
GONE = (481, "Call/Transaction Does Not Exist")


@define(eq=False)
class Dialog:
    """The requests within one call, both ways.

    Args:
        line: The call.

    Attributes:
        on_hold: Whether the far end has put the call on hold. Then no audio flows either way.
        handles_blind_transfers: Whether the scenario wants the far end's REFERs itself.
    """

    line: Line
    on_hold: bool = field(default=False, init=False)
    handles_blind_transfers: bool = field(default=False, init=False)
    _refers: int = field(default=0, init=False)
    _transfer: Callable[[int, str, Headers], None] | None = field(default=None, init=False)
    """Called with the outcome of our REFER that is under way."""
    _reinvites: bool = field(default=False, init=False)
    """Whether a re-INVITE of ours waits for its answer."""
    _was_reinvited: bool = field(default=False, init=False)
    """Whether one of the far end's waits for the scenario's."""
    _was_referred: bool = field(default=False, init=False)
    """Whether a REFER of the far end's waits for the scenario's."""

    # --- what the far end asks for (FarDialog) ------------------------------------------------

    def far_hold(self) -> None:
        """Puts the call on hold: `OnHold`."""
        self.line.report("hold")
        if self.line.connected and not self.on_hold:
            self.on_hold = True
            self.line.emit("Call.OnHold")
            self.line.flow_changed()

    def far_unhold(self) -> None:
        """Takes it off hold: `OffHold`."""
        self.line.report("unhold")
        if self.line.connected and self.on_hold:
            self.on_hold = False
            self.line.emit("Call.OffHold")
            self.line.flow_changed()

    def far_reinvite(
        self, headers: Headers = NO_HEADERS, mime_type: str = "", body: str = ""
    ) -> None:
        """A re-INVITE: `ReInviteReceived`; accepted at once when nobody listens to that."""
        line = self.line
        line.report("reinvite", headers=dict(headers), mime_type=mime_type, body=body)
        if not line.connected:
            return
        if self._was_reinvited:
            line.leg.reinvite_answered(*REQUEST_PENDING)
            return
        self._was_reinvited = True
        line.emit("Call.ReInviteReceived", headers=seen(headers), mimeType=mime_type, body=body)
        if not line.emitter.handlers.listens_to("Call.ReInviteReceived"):
            self.answer_reinvite(OK, "")

    def far_transfer(self, to: str, headers: Headers = NO_HEADERS) -> None:
        """A blind transfer (REFER): `BlindTransferRequested` when the scenario handles them.

        Otherwise the platform calls `to` itself, in another session, and this one hears of the
        outcome: `TransferComplete` or `TransferFailed` with the role `transferor`.
        """
        line = self.line
        line.report("transfer", to=to, headers=dict(headers))
        if not line.connected:
            return
        if self._was_referred:
            line.leg.transfer_answered(*REQUEST_PENDING)
            return
        self._was_referred = True
        if self.handles_blind_transfers:
            line.emit("Call.BlindTransferRequested", headers=seen(headers), transferTo=to)
            return
        after_ms, code, reason = line.context.switchboard.reach(to)
        line.report("reached", to=to, after_ms=after_ms, code=code, reason=reason)
        line.clock.call_later(after_ms * US_PER_MS, self._transferred_outside, code, reason)

    def _transferred_outside(self, code: int, reason: str) -> None:
        if not self.line.connected:
            return
        self._tell_transfer("transferor", code, reason, NO_HEADERS)
        self.answer_transfer(code, reason)

    def far_reinvite_answered(
        self,
        code: int,
        reason: str = "",
        headers: Headers = NO_HEADERS,
        mime_type: str = "",
        body: str = "",
    ) -> None:
        """The answer to a re-INVITE of ours: `ReInviteAccepted` or `ReInviteRejected`."""
        line, given = self.line, {"headers": dict(headers), "mime_type": mime_type, "body": body}
        line.report("reinvite_answered", code=code, reason=reason, **given)
        if not (line.connected and self._reinvites):
            return
        self._reinvites = False
        if code == OK:
            line.emit("Call.ReInviteAccepted", headers=seen(headers), mimeType=mime_type, body=body)
        else:
            line.emit("Call.ReInviteRejected", headers=seen(headers), code=code, reason=reason)

    def far_transfer_answered(
        self, code: int, reason: str = "", headers: Headers = NO_HEADERS
    ) -> None:
        """The outcome of a REFER of ours: `TransferComplete` or `TransferFailed`."""
        self.line.report("transfer_answered", code=code, reason=reason, headers=dict(headers))
        if self.line.connected and self._transfer is not None:
            told, self._transfer = self._transfer, None
            told(code, reason, headers)

    # --- what the scenario asks for -----------------------------------------------------------

    def reinvite(self, headers: Headers, mime_type: str, body: str) -> None:
        """Sends a re-INVITE; the answer is an event."""
        if self._reinvites:
            code, reason = REQUEST_PENDING
            self.line.emit("Call.ReInviteRejected", headers=Struct(), code=code, reason=reason)
            return
        self._reinvites = True
        self.line.leg.reinvited(headers, mime_type, body)

    def answer_reinvite(
        self,
        code: int,
        reason: str,
        headers: Headers = NO_HEADERS,
        mime_type: str = "",
        body: str = "",
    ) -> bool:
        """Answers the far end's re-INVITE; whether there was one."""
        waited, self._was_reinvited = self._was_reinvited, False
        if waited:
            self.line.leg.reinvite_answered(code, reason, headers, mime_type, body)
        return waited

    def answer_transfer(self, code: int, reason: str) -> bool:
        """Answers the far end's REFER; whether there was one."""
        waited, self._was_referred = self._was_referred, False
        if waited:
            self.line.leg.transfer_answered(code, reason)
        return waited

    def transfer(self, to: str, headers: Headers) -> None:
        """Has the far end call somebody else in place of us (a blind transfer)."""

        def told(code: int, reason: str, back: Headers) -> None:
            self._tell_transfer(None, code, reason, back)
            if code == OK:
                self.line.clock.call_later(LEAVES_AFTER_US, self.line.hang_up, NO_HEADERS)

        self._refer(to, headers, told)

    def transfer_to_call(self, other: Line, headers: Headers) -> None:
        """Has the far end talk to that of another call, without us (an attended transfer)."""

        def told(code: int, reason: str, back: Headers) -> None:
            if code == OK and not other.connected:
                code, reason = GONE
            self._tell_transfer("transferee", code, reason, back)
            if code == OK:
                other.dialog._tell_transfer("target", code, reason, NO_HEADERS)
                for line in (self.line, other):
                    line.clock.call_later(LEAVES_AFTER_US, line.hang_up, NO_HEADERS)

        self._refer(other.far_end, headers, told, replaces=True)

    def _refer(
        self,
        to: str,
        headers: Headers,
        told: Callable[[int, str, Headers], None],
        *,
        replaces: bool = False,
    ) -> None:
        session = self.line.context.session
        most = session.limits.transfers
        self._refers += 1
        if self._transfer is not None:
            told(*REQUEST_PENDING, NO_HEADERS)
        elif self._refers > most and session.enforces(
            f"the platform allows {most} transfers of one call"
        ):
            told(*TOO_MANY_TRANSFERS, NO_HEADERS)
        else:
            self._transfer = told
            self.line.leg.referred(to, headers, replaces)

    def _tell_transfer(self, role: str | None, code: int, reason: str, headers: Headers) -> None:
        fields: dict[str, Any] = {"headers": seen(headers), **({"role": role} if role else {})}
        if code == OK:
            self.line.emit("Call.TransferComplete", **fields)
        else:
            self.line.emit("Call.TransferFailed", **fields, code=code, reason=reason)


def seen(headers: Headers) -> Struct:
    """The headers of the far end that a scenario gets to see."""
    return Struct({name: text for name, text in headers.items() if is_custom_header(name)})
