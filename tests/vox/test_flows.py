"""The helpers that join calls: `easyProcess`, `forwardCallTo...`, `playSoundAndHangup`."""

from __future__ import annotations

import pytest

from voxrt.legs.builder import caller, party

FORWARD = "VoxEngine.{call}"
RINGING_BOB = {"ring_after_ms": 200, "answer_after_ms": 2_000}


def ann():
    return caller(number="15550000001", name="Ann").wait(300).say("Hi Bob.").wait(3_000)


def bob(match, **about):
    return party(match, name="Bob", **{**RINGING_BOB, **about}).wait(1_500).say("Hi Ann.")


@pytest.mark.parametrize(
    ("call", "match", "command", "callerid"),
    [
        ("forwardCallToPSTN()", "18005550100", "CallPSTN", "15550000001"),
        ("forwardCallToPSTN(lambda n: '49' + n)", "4918005550100", "CallPSTN", "15550000001"),
        ("forwardCallToPSTN(None, None, {'callerid': '42'})", "18005550100", "CallPSTN", "42"),
        ("forwardCallToUser()", "18005550100", "CallUser", "15550000001"),
        ("forwardCallToSIP()", "sip:18005550100@*", "CallSIP", "15550000001"),
    ],
)
def test_forwarding(play, call, match, command, callerid):
    played = play(FORWARD.format(call=call), ann().hang_up(), bob(match))
    assert played.errors == played.warnings == []
    (order,) = played.of("command", name=command)
    assert order["params"][0]["callerid"] == callerid
    assert played.heard("caller") == ["Hi Ann."]
    assert played.heard("party") == ["Hi Bob."]
    assert played.result.finish_reason == "Normal termination"


def test_order_of_things(play):
    """It rings at the caller when it rings at the party, and is answered when that one answers."""
    played = play(FORWARD.format(call="forwardCallToPSTN()"), ann().hang_up(), bob("1800*"))
    order = [
        (record["t"], record["name"])
        for record in played.records
        if record["kind"] == "command"
        or (record["kind"] == "event" and record["name"] in ("Call.Ringing", "Call.Connected"))
    ]
    assert order[:7] == [
        (0, "CallPSTN"),
        (0, "SendMediaBetween"),
        (200, "Call.Ringing"),
        (200, "Ring"),
        (2_020, "Call.Connected"),
        (2_020, "AcceptCall"),
        (2_040, "Call.Connected"),
    ]


def test_early_media_of_the_party_reaches_the_caller(play):
    who = bob("1800*", early_media="All our lines are busy.", answer_after_ms=4_000)
    played = play(FORWARD.format(call="forwardCallToPSTN()"), ann().hang_up(), who)
    assert [record["name"] for record in played.of("command")][:4] == [
        "CallPSTN", "SendMediaBetween", "Ring", "StartAudio",
    ]  # fmt: skip
    assert played.heard("caller")[0] == "All our lines are busy."
    assert played.errors == played.warnings == []


@pytest.mark.parametrize("how", [{"busy": True}, {"fail": 404}])
def test_a_party_that_fails_ends_the_session(play, how):
    who = party("1800*", **how)
    played = play(FORWARD.format(call="forwardCallToPSTN()"), ann().hang_up(), who)
    names = [name for name in played.events() if name in ("Failed", "Disconnected")]
    assert names == ["Failed", "Disconnected"]
    assert played.event("Disconnected", call=0)["handlers"] == 0
    assert played.of("session", state="terminated")[0]["t"] == played.event("Failed")["t"]


def test_a_party_that_does_not_answer_ends_the_session(play):
    """Both calls have waited for 60 s then; each ends in its own way."""
    who = party("1800*", no_answer=True)
    played = play(FORWARD.format(call="forwardCallToPSTN()"), ann().hang_up(), who)
    assert sorted(name for name in played.events() if name in ("Failed", "Disconnected")) == [
        "Disconnected",
        "Failed",
    ]
    assert played.of("session", state="terminated")[0]["t"] == 60_000


def test_either_who_hangs_up_ends_the_session(play):
    played = play(FORWARD.format(call="forwardCallToPSTN()"), ann(), bob("1800*").hang_up())
    assert played.event("Disconnected", call=1)["t"] < played.event("Disconnected", call=0)["t"] + 1
    assert played.events().count("Disconnected") == 2


def test_the_callback_gets_both_calls(play):
    scenario = "VoxEngine.forwardCallToPSTN(None, lambda one, two: seen.extend((one, two)))"
    one, two = play(scenario, ann().hang_up(), bob("1800*")).seen
    assert (one.incoming(), two.incoming()) == (True, False)


def test_messages_and_infos_are_relayed_both_ways(play):
    who = ann().message("from Ann").info("A", "a/b").wait(1_500).hang_up()
    far = party("1800*", name="Bob", answer_after_ms=300).wait(1_000).message("from Bob")
    played = play(FORWARD.format(call="forwardCallToPSTN()"), who, far)
    notes = [(r["who"], r["text"]) for r in played.of("note")]
    assert any(text == 'reads "from Ann"' for _, text in notes)
    assert any(text == 'reads "from Bob"' for _, text in notes)
    (info,) = played.of("command", name="SendInfo")
    assert info["params"][0]["mimeType"] == "a/b"


def test_easy_process_with_an_answered_call(play):
    """A scenario that answers by itself first: nothing is answered twice."""
    scenario = """
    def on_call(e):
        e.call.answer()
        two = VoxEngine.callPSTN("15557654321", e.callerid)
        VoxEngine.easyProcess(e.call, two, lambda *calls: seen.append(len(calls)))
    VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
    """
    who = caller().wait(2_800).say("Hi Bob.").wait(2_000).hang_up()
    played = play(scenario, who, bob("1555*"))
    assert played.warnings == played.errors == []
    assert played.seen == [2]
    assert played.heard("party") == ["Hi Bob."]
    assert len(played.of("command", name="AcceptCall")) == 1


def test_direct_answers_peer_to_peer(play):
    """And sends no media through the platform."""
    scenario = """
    def on_call(e):
        two = VoxEngine.callPSTN("15557654321", e.callerid)
        VoxEngine.easyProcess(e.call, two, None, True)
    VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
    """
    played = play(scenario, caller().wait(5_000).hang_up())
    assert played.errors == []
    names = [record["name"] for record in played.of("command")]
    assert (names.count("AcceptCallDirect"), names.count("SendMediaBetween")) == (1, 0)


def test_play_sound_and_hangup(play, tone_file):
    tone_file("music.wav", 600)
    played = play("VoxEngine.playSoundAndHangup('music.wav')", caller())
    names = [r["name"] for r in played.records if r["kind"] in ("command", "event")]
    assert names == [
        "Application.Started",
        "Application.CallAlerting",
        "AcceptCall",
        "Call.FirstAudioPacketReceived",
        "Call.Connected",
        "StartPlayback",
        "Call.AudioQualityDetected",
        "Call.PlaybackReady",
        "Call.PlaybackStarted",
        "Call.PlaybackFinished",
        "terminating",
        "Call.Disconnected",
        "Application.Terminating",
        "Application.Terminated",
    ]
    assert played.loud(0, 1, 200, 600)


def test_play_sound_and_hangup_of_a_missing_file(play):
    played = play("VoxEngine.playSoundAndHangup('missing.wav')", caller())
    assert "error" in played.data("PlaybackFinished")
    assert played.result.finish_reason == "Normal termination"
