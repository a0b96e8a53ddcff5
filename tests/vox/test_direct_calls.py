"""Peer-to-peer calls, and calls to WhatsApp."""

from __future__ import annotations

import pytest

from voxrt.legs.builder import caller, party

CONNECTED = ["FirstAudioPacketReceived", "Connected", "AudioQualityDetected"]

DIRECT = """
def on_call(e):
    global first, second
    first = e.call
    second = VoxEngine.callUserDirect(first, "bob", {"callerid": "1", "displayName": "Ann"})
    for call in (first, second):
        watch(call)
        call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
        call.addEventListener(CallEvents.Failed, VoxEngine.terminate)
    second.addEventListener(CallEvents.Ringing, lambda e: first.ring())
    second.addEventListener(CallEvents.Connected, lambda e: first.answerDirect(second, e.headers))
    first.addEventListener(CallEvents.Connected, joined)

def joined(e):
    {joined}

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""
FORWARD = "VoxEngine.forwardCallToUserDirect()"


@pytest.mark.parametrize("scenario", [DIRECT.replace("{joined}", "pass"), FORWARD])
def test_the_far_ends_hear_each_other_and_the_platform_neither(play, scenario):
    """No `AudioStarted`, no packets, no codec."""
    who = caller(client_type="user").wait(500).say("Hello Bob.").wait(3_000).hang_up()
    bob = party("bob", early_media="Not here.").wait(1_500).say("Hello Ann.").wait(9_000)
    played = play(scenario, who, bob, to="bob")
    assert played.events(0) == ["Connected", "Disconnected"]
    assert played.events(1)[:2] == ["Ringing", "Connected"]
    assert played.loud(0, 1, 2_600, 4_500)  # what the caller hears: Bob
    assert "Hello Bob." in played.heard("party")
    assert "Hello Ann." in played.heard("caller")


def test_nothing_of_the_platforms_reaches_them(play, tone_file):
    tone_file("tone.wav", 2_000)
    joined = """
    e.call.say("No.")
    second.startPlayback("tone.wav")
    second.playProgressTone("US")
    e.call.record()
    e.call.sendDigits("1")
    e.call.sendMediaTo(second)
    e.call.stopMediaTo(second)
    e.call.handleMicStatus(True)
    e.call.enableBeepDetection()
    e.call.monitorMediaStatistics(monitor=True, interval=3)
    VoxEngine.createURLPlayer("tone.wav").sendMediaTo(second)
    VoxEngine.sendMediaBetween(first, second)
    """
    scenario = DIRECT.replace("    {joined}", joined)
    played = play(scenario, caller().wait(4_000).hang_up(), party("bob").wait(9_000))
    assert played.events(0) == ["Connected", "Disconnected"]
    assert not played.loud(0, 1, 0, 4_000)
    assert not played.loud(1, 1, 0, 4_000)
    told = {text.partition(" on ")[0] for code, text in played.warnings if "peer-to-peer" in text}
    assert told == {
        "say", "startPlayback", "playProgressTone", "record", "sendDigits", "sendMediaTo",
        "stopMediaTo", "handleMicStatus", "enableBeepDetection", "monitorMediaStatistics",
    }  # fmt: skip
    assert played.errors == []


def test_only_sip_info_brings_digits(play):
    scenario = DIRECT.replace("{joined}", "e.call.handleTones(True, DTMFType.ALL)")
    who = caller().wait(300).press("1").press("2", kind="inband").press("3", kind="info")
    played = play(scenario, who.wait(500).hang_up(), party("bob").wait(9_000))
    assert played.data("ToneReceived") == {"tone": "3", "type": "3"}


def test_a_hold_stops_both_ways(play):
    who = caller().wait(100).hold().wait(2_000).unhold().wait(2_000).hang_up()
    bob = party("bob").tone(500, ms=9_000)
    played = play(DIRECT.replace("{joined}", "pass"), who, bob)
    on, off = (round(played.event(name)["t"]) for name in ("OnHold", "OffHold"))
    assert not played.loud(0, 1, on + 40, off)
    assert played.loud(0, 1, off + 40, off + 1_000)


@pytest.mark.parametrize("how", [{"busy": True}, {"no_answer": True}, {"offline": True}])
def test_the_user_is_not_reached(play, how):
    played = play(DIRECT.replace("{joined}", "pass"), caller(), party("bob", **how))
    assert played.events(1)[-1] == "Failed"


def test_an_early_answer_without_direct_has_no_media_either(play):
    scenario = DIRECT.replace("first.answerDirect(second, e.headers)", "first.answer()")
    played = play(scenario.replace("{joined}", "pass"), caller().wait(500).hang_up(), party("bob"))
    assert played.events(0) == ["Connected", "Disconnected"]
    assert ("peer-to-peer", "answer on a peer-to-peer call: answerDirect is meant for it") in (
        played.warnings
    )


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("VoxEngine.callUserDirect('a', 'bob')", "incomingCall must be a call, not a string"),
        ("VoxEngine.callUserDirect(e.call)", "username must be a string, not undefined"),
        ("e.call.answerDirect()", "peerCall must be another call, not undefined"),
        ("e.call.answerDirect(e.call)", "peerCall must be another call, not this very call"),
    ],
)
def test_misuse(play, code, message):
    played = play(f"VoxEngine.addEventListener(AppEvents.CallAlerting, lambda e: {code})")
    assert message in played.errors[0]


WHATSAPP = """
def on_start(e):
    call = VoxEngine.callWhatsappUser({"number": "{to}", "callerid": "15550000000"})
    watch(call)
    Logger.write(call.clientType())
    call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    call.addEventListener(CallEvents.Failed, VoxEngine.terminate)
VoxEngine.addEventListener(AppEvents.Started, on_start)
"""


def test_whatsapp(play):
    """The events of any outgoing call."""
    who = party("1555*", kind="wab", headers={"X-Wa": "1"}).wait(300).hang_up()
    played = play(WHATSAPP.replace("{to}", "+15557654321"), None, who, start=True)
    assert played.log[0] == "wab"
    assert played.events() == ["Ringing", *CONNECTED, "Disconnected"]
    assert played.data("Connected")["headers"] == {"X-Wa": "1"}
    assert played.data("AudioQualityDetected") == {"quality": "HD"}


def test_whatsapp_fails(play):
    scenario = WHATSAPP.replace("{to}", "15557654321")
    played = play(scenario, None, party("*", fail="unavailable"), start=True)
    assert played.data("Failed")["code"] == 480
    played = play(WHATSAPP.replace("{to}", "bob"), None, start=True)
    assert played.data("Failed")["code"] == 404
    played = play(WHATSAPP.replace('"number": "{to}", ', ""), None, start=True)
    assert "number must be a string, not undefined" in played.errors[0]
