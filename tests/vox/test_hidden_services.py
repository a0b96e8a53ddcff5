"""What the platform tells of a call by itself, and here because a caller script says so."""

from __future__ import annotations

import pytest

from voxrt.legs.builder import caller, party
from voxrt.vox import api

ANSWER = """
def on_call(e):
    e.call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    watch(e.call)
    {answer}
VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""
CONNECTED = ["FirstAudioPacketReceived", "Connected", "AudioQualityDetected"]


def test_every_result_that_the_platform_has(play):
    who = caller().wait(100)
    told = [
        (audio_type, subtype)
        for audio_type in api.enum_members("AMD.ResultClass").values()
        for subtype in api.enum_members("AMD.ResultSubtype").values()
    ]
    for number, (audio_type, subtype) in enumerate(told):
        who.identify(audio_type, subtype=subtype, confidence=number)
    played = play(ANSWER.format(answer="e.call.answer()"), who.hang_up())
    results = [e for e in played.seen if e.name == "Call.AudioIdentificationResult"]
    assert [(e.audioType, e.audioSubType, e.confidence) for e in results] == [
        (*one, number) for number, one in enumerate(told)
    ]
    assert all(set(e) == {"call", "name", "id", "audioType", "audioSubType", "confidence"}
               for e in results)  # fmt: skip
    assert all(e.id == e.call.id() for e in results)


def test_other_events_have_no_fields(play):
    who = caller().wait(100).identify("error").statistics().hang_up()
    played = play(ANSWER.format(answer="e.call.answer()"), who)
    names = [f"AudioIdentification{name}" for name in ("Started", "Error", "Stopped")]
    told = {e.name: set(e) for e in played.seen}
    for name in (*names, "Statistics"):
        assert told[f"Call.{name}"] == {"call", "name", "id"}


def _all(who):
    return who.identify("HUMAN").identify("error").statistics()


@pytest.mark.parametrize("answer", ["setTimeout(e.call.answer, 500)", "e.call.answer()"])
def test_nothing_comes_before_the_call_is_connected(play, answer):
    """Not even to a call that is answered, and connected a moment later."""
    who = _all(caller().wait_for("ringing", timeout_ms=1, on_timeout="continue"))
    played = play(ANSWER.format(answer=answer), who.wait(2_000).hang_up())
    assert played.events() == [*CONNECTED, "Disconnected"]
    assert [r["action"] for r in played.of("far") if "identified" in r["action"]] == [
        "identified", "not_identified",
    ]  # fmt: skip


def test_the_platform_does_not_hear_a_peer_to_peer_call(play):
    scenario = "VoxEngine.forwardCallToUserDirect()"
    who = _all(caller(client_type="user").wait(500)).hang_up()
    played = play(scenario, who, _all(party("bob").wait(100)).wait(9_000), to="bob")
    assert played.events(0) == ["Connected", "Disconnected"]
    assert played.events(1)[:2] == ["Ringing", "Connected"]
    assert played.events(1)[2:] == ["Disconnected"]


def test_a_scenario_that_hangs_up_at_once_has_the_rest_first(play):
    scenario = ANSWER.format(answer="e.call.answer()") + (
        "\nVoxEngine.addEventListener(AppEvents.CallAlerting, lambda e: e.call.addEventListener("
        "CallEvents.AudioIdentificationStarted, lambda e: e.call.hangup()))"
    )
    played = play(scenario, caller().wait(100).identify("VOICEMAIL").wait(9_000))
    names = [f"AudioIdentification{name}" for name in ("Started", "Result", "Stopped")]
    assert played.events() == [*CONNECTED, *names, "Disconnected"]
