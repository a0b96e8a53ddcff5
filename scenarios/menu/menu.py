"""A telephone menu: the caller presses keys, also while the menu is still being read out.

voxrt run scenarios/menu/menu.py --caller scenarios/menu/caller.yaml
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # an editor completes and checks the names that are simply there
    from voxrt.platform import *

VOICE = VoiceList.Amazon.en_US_Joanna
MENU = "Press one for our opening hours, two for the address, or nine to say goodbye."
ANSWERS = {
    "1": "We are open from ten to six.",
    "2": "You find us at twelve Station Road.",
}
PATIENCE_MS = 5_000
TRIES = 3


class Menu:
    """One caller's way through the menu."""

    def __init__(self, call):
        self.call = call
        self.tries = 0
        self.timer = None
        self.then = self.wait
        call.addEventListener(CallEvents.Connected, self.read)
        call.addEventListener(CallEvents.ToneReceived, self.on_key)
        call.addEventListener(CallEvents.PlaybackFinished, self.on_finished)
        call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
        call.handleTones(True, DTMFType.ALL)
        call.answer()

    def say(self, text, then):
        self.then = then
        self.call.say(text, voice=VOICE)

    def read(self):
        self.say(MENU, self.wait)

    def wait(self):
        self.timer = setTimeout(self.on_silence, PATIENCE_MS)

    def on_finished(self, e):
        self.then()

    def on_key(self, e):
        Logger.write(f"key {e.tone} by {e.type}")
        clearTimeout(self.timer)
        self.call.stopPlayback()
        self.tries = 0
        if e.tone == "9":
            self.say("Goodbye.", self.call.hangup)
        else:
            self.say(ANSWERS.get(e.tone, "There is nothing behind that key."), self.read)

    def on_silence(self):
        self.tries += 1
        if self.tries == TRIES:
            self.say("Nobody seems to be there. Goodbye.", self.call.hangup)
        else:
            self.read()


VoxEngine.addEventListener(AppEvents.CallAlerting, lambda e: Menu(e.call))
