"""A colleague's phone sends the caller on: what they ask for, the scenario does itself.

    voxrt run scenarios/referral/referral.py --caller scenarios/referral/caller.yaml

A phone that transfers a call asks the platform for it (`handleBlindTransfer`). The scenario calls
whom it names, tells the phone how that went, and joins the two who remain. The codec of the new
call is agreed on again by a re-INVITE. How often people are sent on is counted by the old module
`MeasurementProtocol`, which does nothing any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # an editor completes and checks the names that are simply there
    from voxrt.platform import *

COLLEAGUE = "sip:bob@shop.example.com"


def on_call(e):
    caller = e.call
    caller.addEventListener(CallEvents.Connected, lambda e: to_colleague(caller))
    caller.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    caller.answer()


def to_colleague(caller):
    bob = VoxEngine.callSIP(COLLEAGUE, callerid=caller.callerid())
    bob.addEventListener(CallEvents.Connected, lambda e: VoxEngine.sendMediaBetween(caller, bob))
    bob.addEventListener(CallEvents.BlindTransferRequested, lambda e: send_on(caller, bob, e))
    bob.handleBlindTransfer(True)


def send_on(caller, bob, request):
    Logger.write(f"Bob asks for {request.transferTo}")
    VoxEngine.stopMediaBetween(caller, bob)
    caller.playProgressTone("US")
    other = VoxEngine.callSIP(request.transferTo, callerid=caller.callerid())
    other.addEventListener(CallEvents.Failed, lambda e: refused(caller, bob, e))
    other.addEventListener(CallEvents.Connected, lambda e: join(caller, bob, other))


def refused(caller, bob, failure):
    bob.notifyBlindTransferFailed(failure.code)
    caller.stopPlayback()
    VoxEngine.sendMediaBetween(caller, bob)


def join(caller, bob, other):
    MeasurementProtocol.sendEvent("calls", "sent on")
    bob.notifyBlindTransferSuccess()
    caller.stopPlayback()
    VoxEngine.sendMediaBetween(caller, other)
    other.addEventListener(CallEvents.ReInviteAccepted, lambda e: Logger.write("agreed"))
    other.reInvite(mimeType="application/sdp", body="m=audio 0 RTP/AVP 0")


VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
