"""One attempt of a call list: phones a guest, asks for a key, and reports what came of it.

    voxrt run scenarios/call-list/call-list.py --caller scenarios/call-list/guests.yaml \\
        --call-list scenarios/call-list/guests.csv --row 1
    voxrt call-list scenarios/call-list/call-list.py --caller scenarios/call-list/guests.yaml \\
        --list scenarios/call-list/guests.csv --attempts 2
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # an editor completes and checks the names that are simply there
    from voxrt.platform import *

CALLER_ID = "18005550100"
VOICE = VoiceList.Amazon.en_US_Joanna
PATIENCE_MS = 8_000


class Attempt:
    """The call to the guest of one row."""

    def __init__(self, e):
        self.guest = JSON.parse(VoxEngine.customData())
        self.answer = None
        number = PhoneNumber.getInfo(self.guest.phone)
        if not number.isPossibleNumber:
            CallList.reportResult({"result": False, "msg": number.error}, VoxEngine.terminate)
            return
        self.call = VoxEngine.callPSTN(number.number, CALLER_ID)
        self.call.addEventListener(CallEvents.Connected, self.ask)
        self.call.addEventListener(CallEvents.ToneReceived, self.on_key)
        self.call.addEventListener(CallEvents.Failed, self.on_failed)
        self.call.addEventListener(CallEvents.Disconnected, self.on_end)

    def ask(self, e):
        CallList.reportProgress({"step": "connected"})
        self.call.handleTones(True, DTMFType.TELEPHONE_EVENT)
        self.call.say(
            f"Hello {self.guest.name}, your table is at {self.guest.time}. Press one to keep it.",
            voice=VOICE,
        )
        setTimeout(self.call.hangup, PATIENCE_MS)

    def on_key(self, e):
        self.answer = e.tone
        self.call.hangup()

    def on_failed(self, e):
        report = {"result": False, "code": e.code, "msg": e.reason}
        if e.code == 486:  # somebody is there: it is worth another attempt
            CallList.requestNextAttempt({"error": report}, VoxEngine.terminate)
        else:
            CallList.reportError(report, VoxEngine.terminate)

    def on_end(self, e):
        if self.answer == "1":
            CallList.reportResult({"result": True, "duration": e.duration}, VoxEngine.terminate)
        else:
            CallList.reportError({"result": False, "msg": "no answer"}, VoxEngine.terminate)


VoxEngine.addEventListener(AppEvents.Started, Attempt)
