"""A waiting line: an announcement, music on hold, and a colleague who is rung meanwhile.

voxrt run scenarios/music/music.py --caller scenarios/music/caller.yaml
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # an editor completes and checks the names that are simply there
    from voxrt.platform import *

VOICE = VoiceList.Amazon.en_US_Joanna
WELCOME = "Welcome to the bicycle shop. Everybody is busy at the moment, please hold the line."
PATIENCE = "Thank you for your patience. You are the next in line."
MELODY = f"file:{Path(__file__).with_name('melody.wav').as_posix()}"
PIP = "880@-16,1320@-16;.6(.1/.2/1+2)"
COLLEAGUE = "bob"
#: The colleague is rung while the announcement is still being read out.
RING_AT_MS = 1_500
REMIND_AFTER_MS = 5_000


class WaitingLine:
    """One caller on the way to a colleague."""

    def __init__(self, call):
        self.call = call
        self.colleague = None
        self.reminder = None
        # Ready before it is needed, and silent until then.
        self.music = VoxEngine.createURLPlayer({"url": MELODY}, loop=True, onPause=True)
        call.addEventListener(CallEvents.Connected, self.welcome)
        call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
        call.answer()

    def welcome(self, e):
        announcement = VoxEngine.createTTSPlayer(WELCOME, voice=VOICE)
        announcement.addMarker(RING_AT_MS)
        announcement.addEventListener(PlayerEvents.PlaybackMarkerReached, self.ring)
        announcement.addEventListener(PlayerEvents.PlaybackFinished, self.hold)
        announcement.sendMediaTo(self.call)

    def ring(self, e):
        Logger.write(f"ringing {COLLEAGUE}, {e.offset} ms into the announcement")
        self.colleague = VoxEngine.callUser(username=COLLEAGUE, callerid=self.call.callerid())
        self.colleague.addEventListener(CallEvents.Connected, self.introduce)
        self.colleague.addEventListener(CallEvents.Failed, self.apologise)
        self.colleague.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)

    def hold(self, e=None):
        if self.colleague.state() != "CONNECTED":
            self.music.sendMediaTo(self.call)
            self.music.resume()
            self.reminder = setTimeout(self.remind, REMIND_AFTER_MS)

    def remind(self):
        self.music.pause()
        words = VoxEngine.createSequencePlayer(
            segments=[{"url": MELODY}, {"text": PATIENCE, "parameters": {"voice": VOICE}}]
        )
        words.addEventListener(SequencePlayerEvents.PlaybackFinished, self.hold)
        words.sendMediaTo(self.call)

    def introduce(self, e):
        clearTimeout(self.reminder)
        self.music.stop()
        pip = VoxEngine.createToneScriptPlayer(PIP)
        pip.addEventListener(PlayerEvents.PlaybackFinished, self.join)
        pip.sendMediaTo(self.call)
        pip.sendMediaTo(self.colleague)

    def join(self, e):
        VoxEngine.sendMediaBetween(self.call, self.colleague)

    def apologise(self, e):
        clearTimeout(self.reminder)
        self.music.stop()
        self.call.addEventListener(CallEvents.PlaybackFinished, lambda e: self.call.hangup())
        self.call.say("I am sorry, nobody is free today. Goodbye.", voice=VOICE)


VoxEngine.addEventListener(AppEvents.CallAlerting, lambda e: WaitingLine(e.call))
