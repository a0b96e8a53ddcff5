"""What a scripted phone asks of the platform, and how it answers: holds, transfers, re-INVITEs."""

from __future__ import annotations

import pytest

from voxrt.legs.builder import caller, party
from voxrt.legs.scripted import ScriptedCaller, ScriptedParty
from voxrt.legs.switchboard import Switchboard


def answered(on_line, script):
    """A line whose call is connected after a second: 40 ms after the answer."""
    line = on_line(ScriptedCaller(script.person))
    line.at(960, line.leg.answered, {})
    return line


def test_switches_take_no_time(on_line):
    script = caller().hold().wait(500).unhold().stop_rtp().wait(500).resume_rtp().mute().unmute()
    line = answered(on_line, script).run(3_000)
    assert line.told == [
        (1_000, "hold"), (1_500, "unhold"), (1_500, "sends nothing"), (2_000, "sends"),
    ]  # fmt: skip
    assert [text for _, text in line.notes] == [
        "puts the call on hold", "takes the call off hold", "stops sending audio",
        "sends audio again", "mutes the microphone", "unmutes the microphone",
    ]  # fmt: skip


@pytest.mark.parametrize("how", ["hold", "mute", "stop_rtp"])
def test_what_is_said_meanwhile_is_not_heard(on_line, how):
    back = {"hold": "unhold", "mute": "unmute", "stop_rtp": "resume_rtp"}[how]
    script = caller().say("One.")
    getattr(script, how)()
    script.say("Two.")
    getattr(script, back)()
    line = answered(on_line, script.say("Three.")).run(6_000)
    assert [text for _, text in line.heard()] == ["One.", "Three."]


def test_two_reasons_for_silence(on_line):
    """It lasts until both are gone."""
    script = caller().mute().hold().unhold().say("No.").unmute().say("Yes.")
    assert [text for _, text in answered(on_line, script).run(6_000).heard()] == ["Yes."]


def test_tone(on_line):
    line = answered(on_line, caller().tone(1_000, ms=300).tone(440, 480).hang_up()).run(3_000)
    assert [ms for ms, _ in line.notes] == [1_000, 1_320, 1_840]
    assert line.notes[1][1] == "plays a tone of 440 and 480 Hz"


def test_transfer_waits_for_its_outcome(on_line):
    line = answered(on_line, caller().transfer("2", {"X-A": "1"}).say("Still here."))
    line.at(1_500, line.leg.transfer_answered, 486, "Busy Here")
    line.run(3_000)
    assert line.told == [(1_000, "transfer 2 {'X-A': '1'}")]
    assert line.notes[1:] == [
        (1_500, "the transfer failed: 486 Busy Here"), (1_500, 'says "Still here."'),
    ]  # fmt: skip


def test_a_transfer_that_works_ends_the_call(on_line):
    line = answered(on_line, caller().transfer("2"))
    line.at(1_500, line.leg.transfer_answered, 200, "OK")
    line.run(3_000)
    assert line.told[-1] == (1_500, "hung up")
    assert line.leg.performer.finished


@pytest.mark.parametrize(("on_timeout", "last"), [("hang_up", "hung up"), ("continue", "hold")])
def test_patience_with_an_answer(on_line, on_timeout, last):
    for script in (
        caller().transfer("2", timeout_ms=700, on_timeout=on_timeout).hold(),
        caller().reinvite(timeout_ms=700, on_timeout=on_timeout).hold(),
    ):
        line = answered(on_line, script)
        line.at(1_900, line.leg.transfer_answered, 200, "OK")
        line.run(3_000)
        assert line.told[-1] == (1_700, last)
        assert len(line.leg.given_up) == 1


def test_reinvite_waits_for_its_answer(on_line):
    line = answered(on_line, caller().reinvite("v=0", headers={"X-A": "1"}).hold())
    line.at(1_400, line.leg.reinvite_answered, 488, "Not Acceptable Here")
    line.run(2_000)
    assert line.told == [(1_000, "reinvite application/sdp v=0 {'X-A': '1'}"), (1_400, "hold")]
    assert line.notes[1][1] == "the re-INVITE failed: 488 Not Acceptable Here"


def test_what_the_platform_is_had_to_tell(on_line):
    """All at once: nobody waits for an answer."""
    script = caller().identify("HUMAN", confidence=80).identify("error").statistics().hold()
    line = answered(on_line, script).run(2_000)
    told = ["identified HUMAN NONE 80", "not identified", "statistics", "hold"]
    assert line.told == [(1_000, what) for what in told]
    assert [text for _, text in line.notes][:3] == [
        "is identified by the platform as HUMAN",
        "cannot be identified by the platform",
        "has the platform send its statistics",
    ]


def test_an_answer_without_a_question(on_line):
    line = answered(on_line, caller().wait(500))
    line.at(1_100, line.leg.transfer_answered, 200, "OK")
    line.at(1_100, line.leg.reinvite_answered, 200, "OK")
    assert line.run(2_000).notes == []


@pytest.mark.parametrize(
    ("about", "replaces", "outcome"),
    [
        ({}, True, (1_600, "transfer answered 200 OK")),
        ({}, False, (2_500, "transfer answered 200 OK")),
        ({"transfer_fails": 603}, False, (1_600, "transfer answered 603 Decline")),
        ({"transfer_fails": 603}, True, (1_600, "transfer answered 603 Decline")),
    ],
)
def test_referred(on_line, about, replaces, outcome):
    line = answered(on_line, caller(**about).wait_for("transfer").hold())
    line.at(1_500, line.leg.referred, "2", {}, replaces)
    line.run(3_000)
    assert line.told == [(1_500, "hold"), outcome]


@pytest.mark.parametrize(
    ("fails", "outcome"), [(0, "200  text/plain"), (491, "491")]
)  # fmt: skip
def test_reinvited(on_line, fails, outcome):
    line = answered(on_line, caller(reinvite_fails=fails).wait_for("reinvite").hold())
    line.at(1_500, line.leg.reinvited, {}, "text/plain", "x")
    line.run(3_000)
    assert line.told == [(1_500, "hold"), (1_600, f"reinvite answered {outcome}")]


def test_info_can_be_waited_for(on_line):
    line = answered(on_line, caller().wait_for("info").hold())
    line.at(1_500, line.leg.info, "text/plain", "x", {})
    line.run(2_000)
    assert line.notes[0] == (1_500, "gets an INFO (text/plain)")
    assert line.told == [(1_500, "hold")]


def test_forwarded_party(on_line):
    script = party("2", forwarded_after_ms=100, ring_after_ms=300, headers={"X-A": "1"})
    line = on_line(ScriptedParty(script.person))
    line.at(0, line.leg.alert, {})
    line.run(2_000)
    assert line.told == [(100, "forwarding"), (300, "ringing"), (1_000, "answered")]


@pytest.mark.parametrize(
    ("who", "reached"),
    [
        (party("2", answer_after_ms=400), (400, 200, "OK")),
        (party("2", fail="declined", fail_after_ms=5), (5, 603, "Decline")),
        (party("2", busy=True, reason="Engaged"), (1_000, 486, "Engaged")),
        (party("2", no_answer=True), (60_000, 408, "Request Timeout")),
        (party("2", offline=True), (0, 480, "Temporarily Unavailable")),
        (party("2", kind="user", answer_after_ms=1), (1, 200, "OK")),
    ],
)
def test_calls_outside_of_the_session(who, reached):
    switchboard = Switchboard(caller().script(party("1", busy=True), who))
    assert switchboard.reach("+2") == reached
    assert switchboard.made_up == []


def test_calls_outside_of_the_session_to_nobody():
    switchboard = Switchboard()
    assert switchboard.reach("2") == (1_000, 200, "OK")
    assert switchboard.made_up == ["2"]
