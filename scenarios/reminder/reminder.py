"""Calls a guest, reminds them of their table, and asks them to confirm with a key.

The session is started without a call, as the Management API's StartScenarios does; whom to call
is in its custom data.

    voxrt run scenarios/reminder/reminder.py --start \\
        --custom-data '{"phone": "15557654321", "name": "Ann", "time": "eight"}' \\
        --caller scenarios/reminder/guest.yaml
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # an editor completes and checks the names that are simply there
    from voxrt.platform import *

CALLER_ID = "18005550100"


def on_start(e):
    guest = JSON.parse(VoxEngine.customData() or "{}")
    if not guest.phone:
        Logger.write("There is nobody to call.")
        VoxEngine.terminate()
        return
    call = VoxEngine.callPSTN(guest.phone, CALLER_ID)
    call.addEventListener(CallEvents.Connected, lambda: remind(call, guest))
    call.addEventListener(CallEvents.Failed, lambda e: finish(f"not reached: {e.code} {e.reason}"))
    call.addEventListener(CallEvents.Disconnected, lambda: finish(call.customData() or "silent"))


def remind(call, guest):
    call.handleTones(True, DTMFType.TELEPHONE_EVENT)
    call.addEventListener(CallEvents.ToneReceived, lambda e: answer(call, e.tone))
    call.say(
        f"Hello {guest.name}, your table is booked for {guest.time}. "
        "Press one to confirm, or two to cancel."
    )


def answer(call, key):
    call.removeEventListener(CallEvents.ToneReceived)
    call.customData("confirmed" if key == "1" else "cancelled")
    call.addEventListener(CallEvents.PlaybackFinished, call.hangup)
    call.say("Thank you, see you soon." if key == "1" else "What a pity. Goodbye.")


def finish(outcome):
    Logger.write(f"The guest: {outcome}")
    VoxEngine.customData(outcome)
    VoxEngine.terminate()


VoxEngine.addEventListener(AppEvents.Started, on_start)
