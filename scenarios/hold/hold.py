"""Plays music to a caller while the colleague has put the call on hold.

    voxrt run scenarios/hold/hold.py --caller scenarios/hold/caller.yaml

The colleague's phone puts the call on hold; from then on nothing is heard from it, and it hears
nothing. The caller gets music until the hold is over, and then the two talk on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # an editor completes and checks the names that are simply there
    from voxrt.platform import *

MUSIC = "523@-19,659@-19;*(0.4/0.1/1,0.4/0.6/2)"


def on_call(e):
    caller = e.call
    bob = VoxEngine.callUser(username="bob", callerid=e.callerid, displayName=e.displayName)
    VoxEngine.easyProcess(caller, bob)
    bob.addEventListener(CallEvents.OnHold, lambda e: hold(caller, bob))
    bob.addEventListener(CallEvents.RtpStopped, lambda e: Logger.write("Bob's line is dead"))


def hold(caller, bob):
    music = VoxEngine.createToneScriptPlayer(MUSIC, True)
    music.sendMediaTo(caller)

    def back(e):
        music.stop()
        VoxEngine.sendMediaBetween(caller, bob)
        bob.removeEventListener(CallEvents.OffHold, back)

    bob.addEventListener(CallEvents.OffHold, back)


VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
