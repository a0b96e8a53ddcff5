"""A hotline with the older queue, ACD: who waits is told how long it will take.

    voxrt run scenarios/acd/acd.py --caller scenarios/acd/caller.yaml \\
        --queues scenarios/acd/queues.yaml
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # an editor completes and checks the names that are simply there
    from voxrt.platform import *

require(Modules.ACD)

TELL_EVERY_MS = 15_000


class Waiting:
    """One caller in the queue."""

    def __init__(self, e):
        self.call = e.call
        self.call.addEventListener(CallEvents.Connected, self.enter)
        self.call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
        self.call.answer()

    def enter(self, e):
        self.request = VoxEngine.enqueueACDRequest(
            "repairs", self.call.callerid(), {"priority": 10, "headers": {"VI-CallTimeout": "10"}}
        )
        for name, handler in {
            ACDEvents.Queued: self.queued,
            ACDEvents.Waiting: self.tell,
            ACDEvents.OperatorCallAttempt: lambda e: Logger.write("an agent is rung"),
            ACDEvents.OperatorFailed: self.not_taken,
            ACDEvents.OperatorReached: self.reached,
            ACDEvents.Offline: lambda e: self.sorry("We are closed now."),
            ACDEvents.QueueFull: lambda e: self.sorry("All lines are busy."),
            ACDEvents.Error: lambda e: self.sorry("Please call again later."),
        }.items():
            self.request.addEventListener(name, handler)

    def queued(self, e):
        self.call.say("Welcome. Please hold the line.")
        self.timer = setInterval(self.request.getStatus, TELL_EVERY_MS)

    def tell(self, e):
        minutes = "a minute" if e.ewt <= 1 else f"{e.ewt} minutes"
        self.call.say(f"You are number {e.position}. It will take {minutes}.")

    def not_taken(self, e):
        Logger.write(f"{e.operatorUserName} did not take it: {e.statusCode}")

    def reached(self, e):
        clearInterval(self.timer)
        e.operatorCall.addEventListener(CallEvents.Disconnected, lambda e: self.call.hangup())
        VoxEngine.sendMediaBetween(self.call, e.operatorCall)

    def sorry(self, text):
        self.call.addEventListener(CallEvents.PlaybackFinished, lambda e: self.call.hangup())
        self.call.say(text)


VoxEngine.addEventListener(AppEvents.CallAlerting, Waiting)
