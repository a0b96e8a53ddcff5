"""What a scripted caller does, and when."""

from __future__ import annotations

import pytest

from voxrt.legs.builder import caller
from voxrt.legs.scripted import ScriptedCaller
from voxrt.media.graph import MarkKind
from voxrt.media.wav import WavWriter
from voxrt.outside.peers import PeerPlan, SendText


def answered(on_line, script, at_ms=1_000):
    """A line whose call is connected after a second: 40 ms after the answer."""
    line = on_line(ScriptedCaller(script.person))
    line.at(at_ms - 40, line.leg.answered, {})
    return line


def test_steps_begin_with_the_answer_and_follow_each_other(on_line):
    line = answered(on_line, caller().say("Good evening").wait(500).say("Bye").hang_up())
    line.run(6_000)
    length = line.speaker.say("Good evening", voice="caller", rate_hz=8_000).samples // 8
    second = 1_000 + -(-length // 20) * 20 + 20 + 500  # told after the first silent frame
    assert [text for _, text in line.notes] == [
        'says "Good evening"', 'says "Bye"', "hangs up",
    ]  # fmt: skip
    assert [ms for ms, _ in line.notes][:2] == [1_000, second]
    assert [text for _, text in line.heard()] == ["Good", "evening", "Bye"]
    assert line.told[-1][1] == "hung up"
    assert line.leg.performer.finished


def test_two_runs_are_alike(on_line):
    script = caller().listen().say("Hello there").press("1").hang_up()
    runs = []
    for _ in range(2):
        line = answered(on_line, script)
        line.agent_says(1_500, "Good evening, what can I do for you?")
        line.run(10_000)
        runs.append((line.notes, line.told, line.heard()))
    assert runs[0] == runs[1]


def test_a_long_speech_goes_through_a_short_queue_whole(on_line):
    text = " ".join(["something"] * 60)
    line = answered(on_line, caller().say(text).hang_up())
    overflows = []
    line.media.listen(
        line.port, lambda m: overflows.append(m) if m.kind is MarkKind.OVERFLOW else None
    )
    line.run(60_000)
    assert [text for _, text in line.heard()] == ["something"] * 60
    assert overflows == []
    length = line.speaker.say(text, voice="caller", rate_hz=8_000).samples // 8
    assert length > 30_000
    assert abs(line.told[0][0] - 1_000 - length) <= 40


def test_listening_waits_for_the_agent_to_speak_and_to_stop(on_line):
    line = answered(on_line, caller().listen(for_ms=600).say("Thanks"))
    length = line.agent_says(2_000, "Good evening, this is the restaurant.")
    line.run(12_000)
    (ms, text) = line.notes[0]
    assert text == 'says "Thanks"'
    assert abs(ms - (2_000 + length + 600)) < 60


def test_a_pause_within_the_agents_turn_does_not_end_it(on_line):
    line = answered(on_line, caller().listen(for_ms=900).say("Thanks"))
    length = line.agent_says(2_000, "Good evening.")
    last = 2_000 + length + 500
    length = line.agent_says(last, "How are you?")
    line.run(12_000)
    assert abs(line.notes[0][0] - (last + length + 900)) < 60


def test_what_was_heard_before_ones_own_words_is_not_the_answer_to_them(on_line):
    line = answered(on_line, caller().listen().say("Question").listen().say("Thanks"))
    line.agent_says(2_000, "Good evening.")
    line.run(6_000)
    assert len(line.notes) == 1
    length = line.agent_says(8_000, "The answer.")
    line.run(20_000)
    assert abs(line.notes[1][0] - (8_000 + length + 700)) < 60


def test_an_agent_who_keeps_speaking_over_the_caller_is_listened_to(on_line):
    line = answered(on_line, caller().barge_in("No").listen().say("Thanks"))
    length = line.agent_says(2_000, "Our dishes of the day are the following fifteen dishes.")
    line.run(20_000)
    assert abs(line.notes[1][0] - (2_000 + length + 700)) < 60


def test_a_barge_in_comes_400_ms_after_the_agent_began(on_line):
    line = answered(on_line, caller().barge_in("Stop it", after_ms=400))
    line.agent_says(3_000, "Our dishes of the day are the following fifteen.")
    line.run(8_000)
    assert abs(line.notes[0][0] - 3_400) <= 20


def test_what_passed_before_the_wait_counts(on_line):
    line = answered(on_line, caller().wait(3_000).barge_in("Stop it", after_ms=400))
    line.agent_says(2_000, "Our dishes of the day are the following fifteen, one after another.")
    line.run(8_000)
    assert line.notes[0][0] == 4_000


def test_silence_counts_from_the_answer_at_the_earliest(on_line):
    line = answered(on_line, caller().wait_for("agent_silence", for_ms=700).say("Hello?"))
    line.run(6_000)
    assert line.notes[0][0] == 1_700


def test_silence_begins_again_when_the_agent_speaks(on_line):
    line = answered(on_line, caller().wait_for("agent_silence", for_ms=700).say("Hello?"))
    length = line.agent_says(1_300, "Good evening.")
    line.run(8_000)
    assert abs(line.notes[0][0] - (1_300 + length + 700)) < 60


def test_waiting_for_an_event_by_its_whole_name_or_its_last_part(on_line):
    for name in ("Call.PlaybackFinished", "PlaybackFinished"):
        line = answered(on_line, caller().wait_for("event", name, after_ms=100).say("Hi"))
        line.at(1_500, line.emit, "Call.PlaybackStarted")
        line.at(2_000, line.emit, "Call.PlaybackFinished")
        line.run(3_000)
        assert line.notes[0][0] == 2_100


def test_an_event_during_the_step_before_counts_and_an_older_one_does_not(on_line):
    script = caller().wait(1_000).wait(1_000).wait_for("event", "Call.X", timeout_ms=500)
    line = answered(on_line, script)
    line.at(1_500, line.emit, "Call.X")
    line.run(5_000)
    assert line.notes == [(3_500, "waited 0.5 s for the event Call.X and hangs up")]
    line = answered(on_line, script)
    line.at(2_500, line.emit, "Call.X")
    line.run(5_000)
    assert line.notes == []


def test_a_wait_in_vain_ends_with_a_note(on_line):
    line = answered(on_line, caller().listen(timeout_ms=5_000).say("never"))
    line.run(10_000)
    told = "waited 5 s for the agent to finish speaking"
    assert line.notes == [(6_000, f"{told} and hangs up")]
    assert line.told == [(6_000, "hung up")]
    assert line.leg.given_up == [f"caller {told}"]


def test_a_wait_in_vain_may_go_on(on_line):
    line = answered(
        on_line, caller().wait_for("agent_speech", timeout_ms=500, on_timeout="continue").say("Hi")
    )
    line.run(3_000)
    assert line.notes[0] == (1_500, "waited 0.5 s for the agent to speak and goes on")
    assert line.notes[1][0] == 1_500


def test_keys_by_events(on_line):
    line = answered(on_line, caller().press("1p#").press("2", kind="info").message("done"))
    line.run(4_000)
    assert line.told == [
        (1_000, "digit 1 1"), (1_700, "digit # 1"), (1_900, "digit 2 3"), (2_100, "message done"),
    ]  # fmt: skip


def test_keys_in_band_are_audio(on_line):
    line = answered(on_line, caller().press("12", kind="inband").message("done"))
    line.run(3_000)
    assert line.told == [(1_420, "message done")]


def test_an_info(on_line):
    line = answered(on_line, caller().info("<x/>", "text/xml", {"X-A": "1"}))
    line.run(2_000)
    assert line.told == [(1_000, "info text/xml <x/> {'X-A': '1'}")]


def test_a_websocket_to_the_session(on_line):
    plan = PeerPlan(open=(SendText(text="here"),))
    script = caller().websocket("/agent", plan, headers={"X-A": "1"}).websocket()
    line = answered(on_line, script)
    line.run(2_000)
    assert line.told == [
        (1_000, "connects /agent {'X-A': '1'} 1"),
        (1_000, "connects  {} 0"),
    ]
    assert [text for _, text in line.notes][-2:] == [
        "connects a WebSocket: /agent",
        "connects a WebSocket",
    ]


def test_a_request_to_the_session(on_line):
    script = caller().request("/hold", "now", headers={"X-A": "1"}).request(method="put")
    line = answered(on_line, script.request())
    line.run(2_000)
    assert line.told == [
        (1_000, "asks POST /hold now {'X-A': '1'}"),
        (1_000, "asks PUT   {}"),
        (1_000, "asks GET   {}"),
    ]
    assert [text for _, text in line.notes][-3:] == [
        "asks the session: POST /hold",
        "asks the session: PUT",
        "asks the session: GET",
    ]


def test_at_the_end_the_caller_stays_or_hangs_up(on_line):
    line = answered(on_line, caller().say("Hi")).run(60_000)
    assert line.told == []
    line = answered(on_line, caller(then="hang_up").wait(10)).run(5_000)
    assert line.told == [(1_010, "hung up")]
    assert line.notes == [(1_010, "hangs up")]


def test_nothing_follows_the_end_of_the_call(on_line):
    for end in ("hung_up", "rejected"):
        line = answered(on_line, caller().say("One two three four five six").say("Seven"))
        arguments = ({},) if end == "hung_up" else (486, {})
        line.at(1_500, getattr(line.leg, end), *arguments)
        line.run(10_000)
        assert line.leg.over
        assert len(line.notes) == 1
        assert line.told == []
        assert line.port.queued_samples == 0


def test_a_caller_with_patience_gives_up(on_line):
    line = on_line(ScriptedCaller(caller(patience_ms=5_000).person))
    line.run(6_000)
    assert line.told == [(5_000, "hung up")]
    assert line.notes == [(5_000, "gives up waiting for an answer and hangs up")]
    line = answered(on_line, caller(patience_ms=5_000)).run(10_000)
    assert line.told == []


def test_a_caller_who_waits_for_the_ringing_hangs_up_before_the_answer(on_line):
    line = on_line(ScriptedCaller(caller().wait_for("ringing").wait(2_000).hang_up().person))
    line.at(300, line.leg.ringing, {})
    line.run(5_000)
    assert line.told == [(2_300, "hung up")]


def test_a_caller_who_waits_for_early_media_and_the_answer(on_line):
    script = caller().wait_for("early_media").message("a").wait_for("answer").message("b")
    line = answered(on_line, script, at_ms=3_000)
    line.at(1_000, line.leg.early_media, {})
    line.run(5_000)
    assert line.told == [(1_000, "message a"), (3_000, "message b")]


def test_what_the_platform_sends_is_noted_and_can_be_waited_for(on_line):
    line = answered(on_line, caller().wait_for("digits").wait_for("message").say("Hi"))
    line.at(2_000, line.leg.digits, "12#")
    line.at(3_000, line.leg.message, "code 7")
    line.run(5_000)
    assert line.notes == [
        (2_600, "hears the digits 12#"), (3_000, 'reads "code 7"'),
        (3_000, 'says "Hi"'),
    ]  # fmt: skip


def test_a_sound_is_played_with_its_words(on_line, tmp_path):
    with WavWriter(tmp_path / "hello.wav", 16_000) as writer:
        writer.append(b"\x10\x27" * 16_000)
    line = answered(on_line, caller().play(tmp_path / "hello.wav", "hello there").message("x"))
    line.run(4_000)
    assert line.notes == [(1_000, "plays hello.wav"), (2_020, 'writes "x"')]
    assert [text for _, text in line.heard()] == ["hello", "there"]
    assert line.hearing.unknown_samples == 0


@pytest.mark.parametrize(("kind", "rate_hz"), [("pstn", 8_000), ("sip", 16_000), ("user", 48_000)])
def test_the_audio_has_the_rate_of_the_phone(kind, rate_hz, on_line):
    line = answered(on_line, caller(client_type=kind).say("Good evening"))
    line.run(3_000)
    assert line.leg.client_type == kind
    assert line.port.rate_hz == rate_hz
    assert [text for _, text in line.heard()] == ["Good", "evening"]
