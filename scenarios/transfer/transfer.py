"""Transfers a caller blindly to a department, or attended to a colleague.

    voxrt run scenarios/transfer/transfer.py --caller scenarios/transfer/caller.yaml

The caller is sent to the department with `transferTo({to})`: their phone calls it by itself, and
the scenario hears how that went. When it failed, the scenario calls a colleague, says who is
coming, and then hands the caller over with `transferTo({call})`: both calls leave the session.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # an editor completes and checks the names that are simply there
    from voxrt.platform import *

SALES = "15557650001"
COLLEAGUE = "bob"


def on_call(e):
    caller = e.call
    caller.addEventListener(CallEvents.Connected, welcome)
    caller.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    caller.answer()


def welcome(e):
    caller = e.call
    caller.say("Welcome to the bicycle shop. I put you through to sales.")
    caller.addEventListener(CallEvents.PlaybackFinished, to_sales)


def to_sales(e):
    caller = e.call
    caller.removeEventListener(CallEvents.PlaybackFinished)
    caller.addEventListener(CallEvents.TransferFailed, sales_failed)
    caller.transferTo(to=SALES, headers={"X-Caller": caller.callerid()})


def sales_failed(e):
    caller = e.call
    Logger.write(f"sales: {e.code} {e.reason}")
    caller.removeEventListener(CallEvents.TransferFailed)
    caller.say("Sales is busy. I ask Bob, please hold the line.")
    caller.addEventListener(CallEvents.PlaybackFinished, lambda e: ask_bob(caller))


def ask_bob(caller):
    caller.removeEventListener(CallEvents.PlaybackFinished)
    bob = VoxEngine.callUser(username=COLLEAGUE, callerid=caller.callerid())
    bob.addEventListener(
        CallEvents.Connected, lambda e: bob.say("Bob, Ann is on the line. I connect you.")
    )
    bob.addEventListener(CallEvents.PlaybackFinished, lambda e: caller.transferTo(call=bob))
    for call in (caller, bob):
        call.addEventListener(CallEvents.TransferComplete, handed_over)
        call.addEventListener(CallEvents.TransferFailed, nobody)
    bob.addEventListener(CallEvents.Failed, lambda e: nobody_is_there(caller))


def handed_over(e):
    Logger.write(f"the call to {e.call.number()}: {e.role}")


def nobody(e):
    nobody_is_there(e.call)


def nobody_is_there(caller):
    caller.say("I am sorry, nobody is free. Goodbye.")
    caller.addEventListener(CallEvents.PlaybackFinished, lambda e: caller.hangup())


VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
