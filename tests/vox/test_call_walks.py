"""Random scripts of a far end: whatever it does, in whatever order, the events stay sound."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voxrt.legs.builder import caller, party

SCENARIO = """
def on_call(e):
    call = e.call
    watch(call)
    call.handleMicStatus(True)
    call.handleTones(True, DTMFType.ALL)
    call.handleBlindTransfer({handles})
    call.monitorMediaStatistics(monitor=True, interval=3)
    call.enableBeepDetection()
    call.addEventListener(
        CallEvents.BlindTransferRequested, lambda e: call.notifyBlindTransferFailed(486, "busy")
    )
    call.addEventListener(CallEvents.ReInviteReceived, lambda e: call.acceptReInvite())
    call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    call.answer()
VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""

STEPS = {
    "hold": lambda who: who.hold(),
    "unhold": lambda who: who.unhold(),
    "mute": lambda who: who.mute(),
    "unmute": lambda who: who.unmute(),
    "stop": lambda who: who.stop_rtp(),
    "resume": lambda who: who.resume_rtp(),
    "say": lambda who: who.say("One two."),
    "tone": lambda who: who.tone(1_000, ms=400),
    "press": lambda who: who.press("1", kind="inband"),
    "info": lambda who: who.press("2", kind="info"),
    "transfer": lambda who: who.transfer("2", timeout_ms=2_000, on_timeout="continue"),
    "reinvite": lambda who: who.reinvite(timeout_ms=2_000, on_timeout="continue"),
    "identify": lambda who: who.identify("VOICEMAIL"),
    "wait": lambda who: who.wait(7_500),
}


IDENTIFIED = ("Started", "Result", "Stopped")


def alternates(names, first, second):
    """Whether the two come by turns, the first one first."""
    seen = [name for name in names if name in (first, second)]
    return seen == [(first, second)[i % 2] for i in range(len(seen))]


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(st.sampled_from(sorted(STEPS)), max_size=12), handles=st.booleans())
def test_any_script(play, steps, handles):
    who = caller().wait(100)
    for step in steps:
        STEPS[step](who)
    played = play(SCENARIO.format(handles=handles), who.hang_up(), party("2", busy=True))
    names = played.events()
    assert played.errors == []
    assert played.result.exit_code == 0
    assert names[:3] == ["FirstAudioPacketReceived", "Connected", "AudioQualityDetected"]
    assert names.count("Disconnected") == 1
    assert names[-1] == "Disconnected"
    assert alternates(names, "OnHold", "OffHold")
    assert alternates(names, "RtpStopped", "RtpResumed")
    voice = [r["data"]["active"] for r in played.of("event", name="Call.MicStatusChange")]
    assert voice == [i % 2 == 0 for i in range(len(voice))]
    assert names.count("BeepDetectionComplete") <= 1
    asked = "BlindTransferRequested" if handles else "TransferFailed"
    assert names.count(asked) == steps.count("transfer")
    assert names.count("ReInviteReceived") == steps.count("reinvite")
    told = [name for name in names if name.startswith("AudioIdentification")]
    assert told == [f"AudioIdentification{name}" for name in IDENTIFIED] * steps.count("identify")
    assert len(played.heard("platform")) <= steps.count("say")
