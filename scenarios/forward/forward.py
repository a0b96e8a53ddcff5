"""Puts each caller through to Bob, with his own ringing and early media.

    voxrt run scenarios/forward/forward.py --caller scenarios/forward/caller.yaml

`easyProcess` answers the caller when Bob answers, joins the two, and ends the session when either
of them hangs up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # an editor completes and checks the names that are simply there
    from voxrt.platform import *


def on_call(e):
    bob = VoxEngine.callUser(
        username="bob",
        callerid=e.callerid,
        displayName=e.displayName,
        extraHeaders={"VI-CallTimeout": "30", "X-Dialled": e.destination},
    )
    VoxEngine.easyProcess(e.call, bob, joined)


def joined(caller, bob):
    Logger.write(f"{caller.callerid()} speaks with {bob.number()}")
    caller.record(stereo=True)


VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
