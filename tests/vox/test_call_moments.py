"""Every request of a call and of its far end, at every moment of the call's life.

What may be done at a moment is done; what may not is ignored with a warning, and never ends the
session, raises, or is told after the call's last event.
"""

from __future__ import annotations

import pytest

from voxrt.legs.builder import caller

SCENARIO = """
def on_call(e):
    global call
    call = e.call
    watch(call)
    call.addEventListener(CallEvents.Disconnected, lambda e: setTimeout(after_hangup, 100))
    at("before the answer")
    setTimeout(early, 300)

def early():
    call.startEarlyMedia()
    setTimeout(lambda: (at("in early media"), call.answer(), at("answered")), 300)
    call.addEventListener(CallEvents.Connected, lambda e: at("connected"))
    call.addEventListener(CallEvents.OnHold, lambda e: at("on hold"))

def after_hangup():
    at("after the hang-up")
    VoxEngine.terminate()
    at("after terminate")

def at(moment):
    if moment == "{moment}":
        do()

def do():
    {code}
    Logger.write("done")

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""

MOMENTS = (
    "before the answer", "in early media", "answered", "connected", "on hold",
    "after the hang-up", "after terminate",
)  # fmt: skip
LASTS = ("connected", "on hold")

#: What may be done only while the call lasts.
REQUESTS = (
    "call.transferTo(to='2')",
    "call.transferTo(call=VoxEngine.callPSTN('2', '1'))",
    "call.notifyBlindTransferSuccess()",
    "call.notifyBlindTransferFailed(486, 'busy')",
    "call.reInvite({}, 'application/sdp', '')",
    "call.acceptReInvite({}, 'application/sdp', '')",
    "call.rejectReInvite({}, {'code': 488})",
)
#: What may be done as long as the call has not ended.
WISHES = (
    "call.handleMicStatus(True)",
    "call.enableBeepDetection({'timeout': 200})",
    "call.disableBeepDetection()",
    "call.monitorMediaStatistics({'monitor': True, 'interval': 3})",
    "call.monitorMediaStatistics({'monitor': False})",
    "call.handleBlindTransfer(True)",
    "call.handleTones(True, DTMFType.ALL)",
)
#: What may always be done.
HARMLESS = (
    "call.vad()",
    "call.stopPlayback()",
    "call.state()",
)


def played_at(play, moment, code):
    who = caller().wait(300).hold().wait(300).unhold().wait(4_000).hang_up()
    scenario = SCENARIO.replace("{moment}", moment).replace("{code}", code)
    played = play(scenario, who)
    names = played.events(0)
    assert names.count("Disconnected") == 1
    assert "Failed" not in names
    assert names[-1] == "Disconnected", "an event after the last"
    return played


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("code", REQUESTS)
def test_requests(play, moment, code):
    if moment == "after terminate" and "callPSTN" in code:
        pytest.skip("no call can be made any more")
    played = played_at(play, moment, code)
    assert played.errors == []
    assert "done" in played.log
    function = code.removeprefix("call.").partition("(")[0]
    ignored = [text for _, text in played.warnings if text.startswith(f"{function} on an incoming")]
    assert bool(ignored) is (moment not in LASTS)


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("code", WISHES)
def test_wishes(play, moment, code):
    played = played_at(play, moment, code)
    assert played.errors == []
    assert "done" in played.log
    ignored = [text for _, text in played.warnings if "on an incoming call in state" in text]
    assert bool(ignored) is (moment in ("after the hang-up", "after terminate"))


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("code", HARMLESS)
def test_harmless(play, moment, code):
    played = played_at(play, moment, code)
    assert (played.errors, played.warnings) == ([], [])
    assert "done" in played.log


#: What a far end's phone might do at any moment, whether or not it is allowed then.
FAR = {
    "hold": lambda line: line.dialog.far_hold(),
    "unhold": lambda line: line.dialog.far_unhold(),
    "reinvite": lambda line: line.dialog.far_reinvite({}, "text/plain", "x"),
    "transfer": lambda line: line.dialog.far_transfer("2"),
    "reinvite answered": lambda line: line.dialog.far_reinvite_answered(200),
    "transfer answered": lambda line: line.dialog.far_transfer_answered(200, "OK"),
    "stops": lambda line: line.far_sends(False),
    "sends": lambda line: line.far_sends(True),
    "forwards": lambda line: line.far_forwarding(),
    "rings": lambda line: line.far_ringing(),
    "early media": lambda line: line.far_early_media(),
    "answers": lambda line: line.far_answered(),
    "fails": lambda line: line.far_failed(486),
    "digit": lambda line: line.far_digit("1", 1),
    "is identified": lambda line: line.services.identified("HUMAN", "NONE", 90),
    "is not identified": lambda line: line.services.not_identified(),
    "statistics": lambda line: line.services.statistics(),
}
#: What the platform's services tell, whether or not the call is on hold.
SERVICES = {
    "is identified": [f"AudioIdentification{name}" for name in ("Started", "Result", "Stopped")],
    "is not identified": [f"AudioIdentification{name}" for name in ("Started", "Error", "Stopped")],
    "statistics": ["Statistics"],
}
#: What each leads to while the call lasts.
TOLD = {
    "connected": {
        "hold": ["OnHold"],
        "reinvite": ["ReInviteReceived"],
        "transfer": ["TransferComplete"],
        "stops": ["RtpStopped"],
        **SERVICES,
    },
    "on hold": {
        "unhold": ["OffHold"],
        "reinvite": ["ReInviteReceived"],
        "transfer": ["TransferComplete"],
        "stops": ["RtpStopped"],
        **SERVICES,
    },
}
BESIDES = {"FirstAudioPacketReceived", "Connected", "AudioQualityDetected", "Disconnected"}


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("what", FAR)
def test_far_end(play, moment, what):
    scenario = SCENARIO.replace("{moment}", moment).replace("{code}", "far_end()")
    who = caller().wait(300)
    if moment == "on hold":
        who = who.hold()

    def setup(run):
        run.session.namespace["far_end"] = lambda: FAR[what](run.context.lines[0])

    played = play(scenario, who.wait(9_000).hang_up(), setup=setup)
    assert played.errors == []
    assert "done" in played.log
    names = played.events(0)
    assert names[-1] == "Disconnected"
    told = [name for name in names if name not in BESIDES]
    expected = list(TOLD.get(moment, {}).get(what, []))
    if what == "stops" and moment in MOMENTS[:3]:
        expected = ["RtpStopped"]  # it never began to send, and that is noticed once connected
    if what == "early media" and moment in MOMENTS[:3]:
        expected = []
    if moment == "on hold":
        expected = ["OnHold", *(name for name in expected if name != "RtpStopped")]
    assert told == expected


def test_hang_ups_while_something_waits(play):
    """Neither a transfer nor a re-INVITE nor a search is told of after the call."""
    do = "call.transferTo(to='2'); call.reInvite(); call.enableBeepDetection({'timeout': 5000})"
    do += "; call.monitorMediaStatistics(monitor=True, interval=3); call.handleMicStatus(True)"
    scenario = SCENARIO.replace("{moment}", "connected").replace("{code}", do + "; call.hangup()")
    played = play(scenario, caller().wait(9_000))
    assert played.events() == ["FirstAudioPacketReceived", "Connected", "Disconnected"]
    assert played.errors == []
