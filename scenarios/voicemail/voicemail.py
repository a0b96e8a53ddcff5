"""Calls a guest about a parcel: talks to a person, or leaves a message after the beep.

voxrt run scenarios/voicemail/voicemail.py --start --caller scenarios/voicemail/guest.yaml
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # an editor completes and checks the names that are simply there
    from voxrt.platform import *

GUEST, CALLER_ID = "15557654321", "18005550100"
NEWS = "Your parcel has arrived. You can have it until Friday."
BEEP_TIMEOUT_MS = 20_000


def on_start(e):
    amd = AMD.create(model=AMD.Model.US, timeout=8000)
    call = VoxEngine.callPSTN(GUEST, CALLER_ID, {"amd": amd})
    amd.addEventListener(AMD.Events.DetectionComplete, lambda e: on_answer(call, e))
    amd.addEventListener(AMD.Events.DetectionError, lambda e: finish(e.message))
    call.addEventListener(CallEvents.Failed, lambda e: finish(f"not reached: {e.code}"))
    call.addEventListener(CallEvents.Disconnected, lambda: finish(call.customData() or "hung up"))


def on_answer(call, e):
    Logger.write(f"{e.resultClass}, {e.confidence} percent sure")
    if e.resultClass == AMD.ResultClass.VOICEMAIL:
        call.addEventListener(CallEvents.BeepDetectionComplete, lambda e: leave_message(call, e))
        call.enableBeepDetection(timeout=BEEP_TIMEOUT_MS)
    elif e.resultClass != AMD.ResultClass.CALL_ENDED:
        tell(call, f"Hello! {NEWS}", "told in person")


def leave_message(call, e):
    Logger.write(f"beep at {e.frequencies} Hz" if e.frequencies else "no beep")
    tell(call, f"This is the post office. {NEWS}", "message left")


def tell(call, text, outcome):
    call.addEventListener(CallEvents.PlaybackFinished, call.hangup)
    call.customData(outcome)
    call.say(text)


def finish(outcome):
    Logger.write(f"The guest: {outcome}")
    VoxEngine.terminate()


VoxEngine.addEventListener(AppEvents.Started, on_start)
