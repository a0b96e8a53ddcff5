"""A voice message: a greeting, a tone, and what the caller says until a key is pressed.

    voxrt run scenarios/recorder/recorder.py --caller scenarios/recorder/caller.yaml

The greeting is not recorded: the recorder gets the caller alone, from the tone on. `*` pauses the
recording and goes on with it, `#` ends it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # an editor completes and checks the names that are simply there
    from voxrt.platform import *

require(Modules.Recorder)

GREETING = "You have reached the bicycle shop. Leave a message after the tone, then press hash."
TONE = "880@-16;.4(.4/0/1)"


class Message:
    """What one caller leaves."""

    def __init__(self, call):
        self.call = call
        self.recorder = None
        self.paused = False
        call.addEventListener(CallEvents.Connected, self.greet)
        call.addEventListener(CallEvents.Disconnected, self.end)
        call.answer()

    def greet(self, e):
        self.call.addEventListener(CallEvents.PlaybackFinished, self.beep)
        self.call.say(GREETING, voice=VoiceList.Amazon.en_US_Joanna)

    def beep(self, e):
        self.call.removeEventListener(CallEvents.PlaybackFinished)
        tone = VoxEngine.createToneScriptPlayer(TONE)
        tone.addEventListener(PlayerEvents.PlaybackFinished, self.listen)
        tone.sendMediaTo(self.call)

    def listen(self, e):
        self.recorder = VoxEngine.createRecorder(
            name=f"message of {self.call.callerid()}", expire=RecordExpireTime.SIXMONTHS
        )
        self.recorder.addEventListener(RecorderEvents.Started, self.started)
        self.recorder.addEventListener(RecorderEvents.Stopped, self.stopped)
        self.call.sendMediaTo(self.recorder)
        self.call.handleTones(True, DTMFType.ALL)
        self.call.addEventListener(CallEvents.ToneReceived, self.key)

    def started(self, e):
        Logger.write(f"the message is at {e.url}")

    def key(self, e):
        if e.tone == "*":
            self.paused = not self.paused
            self.recorder.mute(self.paused)
        elif e.tone == "#":
            self.recorder.stop()

    def stopped(self, e):
        Logger.write(f"{e.duration} s were recorded")
        if self.call.state() == "CONNECTED":
            self.call.addEventListener(CallEvents.PlaybackFinished, lambda e: self.call.hangup())
            self.call.say("Thank you, goodbye.", voice=VoiceList.Amazon.en_US_Joanna)

    def end(self, e):
        if self.recorder is not None:
            self.recorder.stop()
        setTimeout(VoxEngine.terminate, 100)


VoxEngine.addEventListener(AppEvents.CallAlerting, lambda e: Message(e.call))
