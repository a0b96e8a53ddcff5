"""Transfers and re-INVITEs: one part of `Call`.

Sources: https://voximplant.com/docs/references/voxengine/call, and the platform's published
helpers for `reInvite`, `acceptReInvite` and `rejectReInvite`, which its reference leaves out.
"""

from __future__ import annotations

from typing import Any

from voxrt.errors import ScenarioTypeError
from voxrt.session.values import kind_of, parameters
from voxrt.vox.arguments import demand_number, demand_text, is_on
from voxrt.vox.call_base import CallBase
from voxrt.vox.dialog import OK


class CallDialog(CallBase):
    """What a scenario asks of a call's far end, and answers it."""

    @property
    def is_conf(self) -> bool:
        """Whether it is a call into a conference, or one that came there from a session."""
        return self._line.leg.is_conference

    def transferTo(self, parameters_: Any = None, /, **kw: Any) -> None:
        """Has the far end talk to somebody else, without us (SIP REFER).

        Args:
            parameters_: `to`, whom the far end calls: a blind transfer; or `call`, a connected
                call whose far end it takes over: an attended transfer; `headers` beside either.
            kw: The same, as keywords.

        Events: `TransferComplete`, and `Disconnected` as the call leaves the session (in an
        attended transfer both calls do: their roles are `transferee` and `target`); or
        `TransferFailed` with `code` and `reason`, and the call goes on. While one transfer waits
        for its outcome another one fails with 491, and the eleventh of a call with 403.

        Raises:
            ScenarioTypeError: Neither `to` nor `call`, or `call` is no other call.
        """
        params = parameters(parameters_, kw)
        headers = self._headers("transferTo", params.get("headers"))
        other, to = params.get("call"), params.get("to")
        if other is not None and (not isinstance(other, CallDialog) or other is self):
            what = "this very call" if other is self else kind_of(other)
            raise ScenarioTypeError(f"transferTo: call must be another call, not {what}")
        if other is None and not to:
            raise ScenarioTypeError("transferTo needs `to`, a number or address, or `call`")
        if not self._may("transferTo", self._line.connected):
            return
        if other is None:
            target = demand_text("transferTo", "to", to)
            self._command("TransferTo", to=target, headers=headers)
            self._line.dialog.transfer(target, headers)
        else:
            self._command("TransferTo", call=other._unit_id, headers=headers)
            self._line.dialog.transfer_to_call(other._line, headers)

    def handleBlindTransfer(self, handle: bool = True) -> None:
        """Asks for `BlindTransferRequested` when the far end transfers the call.

        Without it the platform places the call that the far end asks for in another session, and
        this one gets `TransferComplete` or `TransferFailed` with the role `transferor`.
        """
        if self._may("handleBlindTransfer", not self._line.over):
            self._command("HandleBlindTransfer", enable=is_on(handle))
            self._line.dialog.handles_blind_transfers = is_on(handle)

    def notifyBlindTransferSuccess(self, *_: Any) -> None:
        """Tells the far end that its transfer has worked; its phone then hangs up."""
        self._notify("notifyBlindTransferSuccess", OK, "OK")

    def notifyBlindTransferFailed(self, code: Any = None, reason: Any = "", *_: Any) -> None:
        """Tells the far end that its transfer has failed; the call goes on.

        Args:
            code: A SIP code of 300 to 699.
            reason: Its text.
        """
        number = _failure("notifyBlindTransferFailed", code)
        text = "" if reason is None else demand_text("notifyBlindTransferFailed", "reason", reason)
        self._notify("notifyBlindTransferFailed", number, text)

    def _notify(self, function: str, code: int, reason: str) -> None:
        if not self._may(function, self._line.connected):
            return
        self._command(function[0].upper() + function[1:], code=code, reason=reason)
        if not self._line.dialog.answer_transfer(code, reason):
            self._nothing_waits(function, "transfer")

    def reInvite(self, headers: Any = None, mimeType: Any = None, body: Any = None) -> None:
        """Sends a re-INVITE: `ReInviteAccepted` or `ReInviteRejected` answers it."""
        extra = self._headers("reInvite", headers)
        kind, text = _text("reInvite", "mimeType", mimeType), _text("reInvite", "body", body)
        if self._may("reInvite", self._line.connected):
            self._command("ReInvite", headers=extra, mimeType=kind, body=text)
            self._line.dialog.reinvite(extra, kind, text)

    def acceptReInvite(self, headers: Any = None, mimeType: Any = None, body: Any = None) -> None:
        """Accepts the re-INVITE of `ReInviteReceived`."""
        extra = self._headers("acceptReInvite", headers)
        kind = _text("acceptReInvite", "mimeType", mimeType)
        text = _text("acceptReInvite", "body", body)
        if self._may("acceptReInvite", self._line.connected):
            self._command("AcceptReInvite", headers=extra, mimeType=kind, body=text)
            if not self._line.dialog.answer_reinvite(OK, "OK", extra, kind, text):
                self._nothing_waits("acceptReInvite", "re-INVITE")

    def rejectReInvite(self, headers: Any = None, parameters_: Any = None, **kw: Any) -> None:
        """Rejects the re-INVITE of `ReInviteReceived`.

        Args:
            headers: To send along.
            parameters_: `code` (488 by default) and `reason`.
            kw: The same, as keywords.
        """
        extra, params = self._headers("rejectReInvite", headers), parameters(parameters_, kw)
        code = _failure("rejectReInvite", params.get("code", 488))
        reason = _text("rejectReInvite", "reason", params.get("reason"))
        if self._may("rejectReInvite", self._line.connected):
            self._command("RejectReInvite", headers=extra, code=code, reason=reason)
            if not self._line.dialog.answer_reinvite(code, reason, extra):
                self._nothing_waits("rejectReInvite", "re-INVITE")

    def _nothing_waits(self, function: str, what: str) -> None:
        self._context.session.warn(
            "ignored", f"{function} is ignored: no {what} waits for an answer"
        )


def _text(function: str, name: str, value: Any) -> str:
    return "" if value is None else demand_text(function, name, value)


def _failure(function: str, code: Any) -> int:
    number = int(demand_number(function, "code", code))
    if not 300 <= number <= 699:
        raise ScenarioTypeError(f"{function}: the code must lie between 300 and 699, not {number}")
    return number
