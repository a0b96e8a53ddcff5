"""Digits, messages and SIP INFOs: one part of `Call`.

Source: https://voximplant.com/docs/references/voxengine/call
"""

from __future__ import annotations

from typing import Any

from voxrt.errors import LimitError, ScenarioTypeError
from voxrt.media.graph import Side
from voxrt.vox.arguments import demand_number, demand_text
from voxrt.vox.call_base import CallBase
from voxrt.vox.call_facts import IN_BAND

#: What `handleTones` listens to, by `DTMFType`: ALL, TELEPHONE_EVENT, IN_BAND, SIP_INFO.
TONE_KINDS = {
    0: frozenset({1, 2, 3}),
    1: frozenset({1}),
    2: frozenset({2}),
    3: frozenset({3}),
}


class CallMessages(CallBase):
    """What is sent beside the sound of a call."""

    def handleTones(self, doHandle: bool = True, supportedDtmfTypes: int | None = None) -> None:
        """Asks for `ToneReceived`; without it none comes.

        Args:
            doHandle: False ends it.
            supportedDtmfTypes: A `DTMFType`; without it all kinds, and a warning says so.

        Digits in the audio are taken out of it, for everybody who hears the far end; a click of up
        to 26 ms stays. On a call that is on hold or peer to peer only SIP INFO comes through.
        """
        number = (
            0
            if supportedDtmfTypes is None
            else demand_number("handleTones", "supportedDtmfTypes", supportedDtmfTypes)
        )
        kinds = TONE_KINDS.get(int(number))
        if kinds is None:
            raise ScenarioTypeError(f"handleTones: there is no DTMFType {supportedDtmfTypes!r}")
        if not self._may("handleTones", not self._line.over):
            return
        if doHandle and supportedDtmfTypes is None:
            self._context.session.warn("tones", "handleTones: DTMFType is not set, using ALL")
        self._command("HandleTones", enable=bool(doHandle))
        before, self._line.tone_kinds = self._line.tone_kinds, kinds if doHandle else frozenset()
        in_band = IN_BAND in self._line.tone_kinds and not self._line.is_direct
        # A detector that is set begins afresh, and would hear a key that is down a second time.
        if in_band != (IN_BAND in before) and not self._line.port.closed:
            self._line.port.detect(Side.SOURCE, dtmf="mute" if in_band else False)

    def sendDigits(self, digits: Any) -> None:
        """Sends keys to the far end: `0-9 * #`, and `p` for a pause of 500 ms."""
        keys = demand_text("sendDigits", "digits", digits)
        if not keys or set(keys) - set("0123456789*#pP"):
            raise ScenarioTypeError(f"sendDigits takes 0-9, *, # and p, not {keys!r}")
        if self._may_use_media("sendDigits", self._line.connected):
            self._command("SendDigits", digits=keys)
            self._line.leg.digits(keys)

    def sendMessage(self, text: Any) -> None:
        """Sends a text message to the far end, at most 8192 bytes."""
        body = self._body("sendMessage", text)
        if self._may("sendMessage", self._line.connected):
            self._command("SendMessage", text=body)
            self._line.leg.message(body)

    def sendInfo(self, mimeType: Any, body: Any, headers: Any = None) -> None:
        """Sends a SIP INFO to the far end; the body has at most 8192 bytes."""
        kind = demand_text("sendInfo", "mimeType", mimeType)
        text = self._body("sendInfo", body)
        extra = self._headers("sendInfo", headers)
        if self._may("sendInfo", self._line.connected):
            self._command("SendInfo", mimeType=kind, body=text, headers=extra)
            self._line.leg.info(kind, text, extra)

    def _body(self, function: str, text: Any) -> str:
        body = demand_text(function, "body", text)
        most = self._context.session.limits.message_bytes
        message = f"{function}: the body is longer than {most} bytes"
        if len(body.encode()) > most and self._context.session.enforces(message):
            raise LimitError(message)
        return body
