"""Beeps and tones that a call hears: one event each, and whatever ends the listening."""

from __future__ import annotations

import pytest

from voxrt.legs.builder import caller

SCENARIO = """
def on_call(e):
    global call
    call = e.call
    watch(call, CallEvents.BeepDetectionComplete, CallEvents.BeepDetectionError,
          CallEvents.ToneDetected)
    call.addEventListener(CallEvents.Connected, begin)
    call.addEventListener(CallEvents.Disconnected, lambda: setTimeout(VoxEngine.terminate, 500))
    call.answer()

def begin():
    {code}

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""


@pytest.fixture
def hear(play):
    def run(who, code, **options):
        text = SCENARIO.format(code=code.replace("\n", "\n    "))
        return play(text, who, **options)

    return run


def told(played):
    """Name and own fields of each event that the scenario got."""
    own = ("frequencies", "timeout", "reason", "ProgressTone", "VoicemailTone")
    return [
        (event.name.removeprefix("Call."), {key: event[key] for key in own if key in event})
        for event in played.seen
    ]


def test_a_beep_is_told_when_it_has_ended(hear):
    who = caller().wait(500).say("Please speak.").wait(300).beep(600).wait(1000).hang_up()
    played = hear(who, "call.enableBeepDetection()")
    assert told(played) == [("BeepDetectionComplete", {"frequencies": [1000]})]
    noted = next(r["t"] for r in played.of("note") if "beeps" in r["text"])
    assert 600 <= played.event("BeepDetectionComplete")["t"] - noted <= 760


def test_only_the_first_beep_is_told(hear):
    who = caller().wait(500).beep(300).wait(500).beep(300).wait(500).hang_up()
    assert len(told(hear(who, "call.enableBeepDetection()"))) == 1


def test_it_may_be_enabled_again(hear):
    code = """
call.addEventListener(CallEvents.BeepDetectionComplete, lambda: call.enableBeepDetection())
call.enableBeepDetection()
"""
    who = caller().wait(500).beep(300).wait(500).beep(300, hz=1400).wait(500).hang_up()
    assert told(hear(who, code)) == [
        ("BeepDetectionComplete", {"frequencies": [1000]}),
        ("BeepDetectionComplete", {"frequencies": [1400]}),
        ("BeepDetectionError", {"reason": "The call has ended"}),
    ]


def test_of_the_frequencies_that_are_looked_for(hear):
    who = caller().wait(500).beep(300).wait(500).beep(300, hz=1420).wait(500).hang_up()
    played = hear(who, "call.enableBeepDetection({'frequencies': [400, 1400]})")
    assert told(played) == [("BeepDetectionComplete", {"frequencies": [1400]})]


@pytest.mark.parametrize(
    ("who", "what"),
    [
        (caller().wait(500).say("Just a voice, no beep at all.").wait(500), "a voice"),
        (caller().wait(500).press("123", kind="inband").wait(500), "keys"),
        (caller().wait(500).beep(500, hz=425).wait(500), "a busy tone"),
        (caller().wait(500).beep(60).wait(500), "a click"),
        (caller().wait(500).beep(6000, hz=1100).wait(500), "a fax"),
    ],
)
def test_what_is_no_beep(hear, who, what):
    played = hear(who.hang_up(), "call.enableBeepDetection()")
    assert [name for name, _ in told(played)] == ["BeepDetectionError"], what


def test_the_time_is_over(hear):
    played = hear(caller().wait(3000).hang_up(), "call.enableBeepDetection(timeout=1500)")
    assert told(played) == [("BeepDetectionComplete", {"timeout": True})]
    assert played.event("BeepDetectionComplete")["t"] == played.event("Connected")["t"] + 1500


def test_disabled(hear):
    code = "call.enableBeepDetection()\ncall.disableBeepDetection(); call.disableBeepDetection()"
    played = hear(caller().wait(500).beep().wait(500).hang_up(), code)
    assert told(played) == [("BeepDetectionComplete", {"timeout": False})]


def test_disabled_without_having_been_enabled(hear):
    assert told(hear(caller().wait(200).hang_up(), "call.disableBeepDetection()")) == []


def test_enabled_twice(hear):
    played = hear(caller().wait(500).beep().wait(500).hang_up(), "call.enableBeepDetection()\n" * 2)
    assert len(told(played)) == 1
    assert [code for code, _ in played.warnings] == ["ignored"]


@pytest.mark.parametrize("after_ms", range(50, 1500, 130))
def test_hung_up_at_every_moment(hear, after_ms):
    code = f"call.enableBeepDetection()\nsetTimeout(lambda: call.hangup(), {after_ms})"
    got = told(hear(caller().wait(300).beep(400).wait(3000), code))
    assert [name for name, _ in got] == [
        "BeepDetectionError" if after_ms < 720 else "BeepDetectionComplete"
    ]


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ("frequencies=1000", "frequencies must be an array of numbers"),
        ("frequencies=['a']", "frequencies must be a number, not a string"),
        ("timeout='x'", "timeout must be a number, not a string"),
    ],
)
def test_parameters_that_are_wrong(hear, params, message):
    played = hear(caller().wait(100), f"call.enableBeepDetection({params})")
    assert message in played.errors[0]


@pytest.mark.parametrize(("hz", "progress"), [(425, True), (1000, False)])
@pytest.mark.parametrize("function", ["detectProgressTone", "detectVoicemailTone"])
def test_the_older_functions_tell_one_tone_a_call(hear, hz, progress, function):
    who = caller().wait(500).beep(300, hz=hz).wait(300).beep(300).wait(500).hang_up()
    played = hear(who, f"call.{function}(True)")
    assert told(played) == [
        ("ToneDetected", {"ProgressTone": progress, "VoicemailTone": not progress})
    ]


def test_the_older_functions_end_what_they_began(hear):
    code = "call.detectProgressTone(True); call.detectProgressTone(False)"
    assert told(hear(caller().wait(500).beep().wait(500).hang_up(), code)) == []


def test_the_oldest_function_does_nothing(hear):
    played = hear(caller().wait(200).hang_up(), "call.detectVoicemailPrompt()")
    assert [code for code, _ in played.warnings] == ["not-emulated"]
