"""Checks a line: a tone before the answer, then what the platform can tell of the sound.

voxrt run scenarios/line-check/line-check.py --caller scenarios/line-check/caller.yaml
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # an editor completes and checks the names that are simply there
    from voxrt.platform import *

RING_MS = 3_000


def on_call(e):
    call = e.call
    call.startEarlyMedia()
    tone = VoxEngine.createToneScriptPlayer("440@-19,480@-19;*(1/1/1+2)", loop=True)
    tone.sendMediaTo(call)
    call.addEventListener(CallEvents.Connected, lambda e: check(call, tone))
    call.addEventListener(CallEvents.AudioQualityDetected, lambda e: Logger.write(e.quality))
    call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    setTimeout(call.answer, RING_MS)


def check(call, tone):
    tone.stop()
    call.handleMicStatus(True)
    call.monitorMediaStatistics(monitor=True, interval=3)
    call.addEventListener(CallEvents.MicStatusChange, tell_voice)
    call.addEventListener(CallEvents.MediaStatisticsReceived, tell_statistics)
    call.addEventListener(CallEvents.RtpStopped, lambda e: Logger.write("no packets for a while"))
    call.addEventListener(CallEvents.RtpResumed, lambda e: Logger.write("packets again"))
    call.addEventListener(CallEvents.InfoReceived, lambda e: Logger.write(f"info: {e.body}"))
    call.addEventListener(CallEvents.ReInviteReceived, lambda e: accept(call, e))
    call.say("Please speak after the tone.")


def tell_voice(e):
    Logger.write("a voice" if e.active else "silence")


def tell_statistics(e):
    heard, sent = e.audio["in"][0], e.audio.out[0]
    Logger.write(
        f"in {heard.numPackets} packets, {round(heard.audioLevel)} dB; out {sent.numPackets}"
    )


def accept(call, e):
    Logger.write(f"a re-INVITE: {e.body}")
    call.acceptReInvite(e.headers, e.mimeType, e.body)


VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
