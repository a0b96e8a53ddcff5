"""Calls on hold, re-INVITEs, and far ends that stop sending."""

from __future__ import annotations

import pytest

from voxrt.legs.builder import caller, party

CONNECTED = ["FirstAudioPacketReceived", "Connected", "AudioQualityDetected"]

ANSWER = """
def on_call(e):
    call = e.call
    watch(call)
    call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    call.addEventListener(CallEvents.Connected, connected)
    call.answer()

def connected(e):
    pass

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""


def test_on_hold_and_off_hold(play):
    played = play(ANSWER, caller().wait(960).hold().wait(2_000).unhold().wait(500).hang_up())
    assert played.events() == [*CONNECTED, "OnHold", "OffHold", "Disconnected"]
    assert [played.event(name)["t"] for name in ("OnHold", "OffHold")] == [1_000, 3_000]
    assert played.data("OnHold") == {}


ECHO = ANSWER.replace("    pass", "    e.call.sendMediaTo(e.call)")
PLAYING = ANSWER.replace("    pass", '    e.call.startPlayback("tone.wav", loop=True)')


def test_nothing_is_heard_either_way_on_hold(play, tone_file):
    """The far end hears nothing of ours, and what is said there does not come."""
    tone_file("tone.wav", 500)
    who = caller().wait(960).hold().tone(500, ms=1_000).unhold().tone(500, ms=1_000).hang_up()
    played = play(PLAYING, who)
    assert played.loud(0, 1, 300, 960)
    assert not played.loud(0, 1, 1_060, 1_980)
    assert played.loud(0, 1, 2_100, 2_900)
    assert not played.loud(0, 0, 1_000, 1_980)
    assert played.loud(0, 0, 2_100, 2_900)


def test_words_said_on_hold_are_not_heard(play):
    who = caller().say("Hello there.").hold().say("Not for you.").unhold().say("Back again.")
    played = play(ANSWER, who.hang_up())
    assert played.heard("platform") == ["Hello there.", "Back again."]


def test_a_word_that_the_hold_cuts(play):
    """Muted in the middle: what was said before is heard, and the time passes all the same."""
    script = caller().say("One two three four five six.").hang_up()
    whole = play(ANSWER, script).event("Disconnected")["t"]
    scenario = ANSWER.replace("    pass", "    setTimeout(cut, 900)")
    scenario += """
def cut():
    run_cut()
"""
    muted = []

    def setup(run):
        def cut():
            leg = run._cast.phones.legs[0]
            leg.performer.mouth.silence(True)
            muted.append(True)

        run.session.namespace["run_cut"] = cut

    played = play(scenario, script, setup=setup)
    assert muted
    assert played.event("Disconnected")["t"] == whole
    heard = " ".join(played.heard("platform"))
    assert heard.startswith("One")
    assert "six" not in heard


def test_hold_music_for_the_other_party(play, tone_file):
    """As scenarios do it: a player while the one is away, and the talk again afterwards."""
    tone_file("music.wav", 500)
    scenario = """
    def on_call(e):
        global first, second, music
        first, second = e.call, VoxEngine.callPSTN("1555", "1")
        VoxEngine.easyProcess(first, second)
        first.addEventListener(CallEvents.OnHold, held)
        first.addEventListener(CallEvents.OffHold, back)
    def held(e):
        global music
        music = VoxEngine.createURLPlayer("music.wav", True)
        music.sendMediaTo(second)
    def back(e):
        music.stop()
        VoxEngine.sendMediaBetween(first, second)
    VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
    """
    who = caller().wait(1_000).hold().wait(2_000).unhold().tone(500, ms=1_000).hang_up()
    played = play(scenario, who, party("1555").wait(20_000))
    on, off = played.event("OnHold")["t"], played.event("OffHold")["t"]
    assert not played.loud(1, 1, round(on) - 400, round(on))
    assert played.loud(1, 1, round(on) + 200, round(off))
    assert played.loud(1, 1, round(off) + 200, round(off) + 900)


def test_digits_on_hold(play):
    """They are part of the audio, but for SIP INFO."""
    scenario = ANSWER.replace(
        "call.answer()", "call.handleTones(True, DTMFType.ALL); call.answer()"
    )
    who = caller().hold()
    for kind in ("rfc2833", "inband", "info"):
        who.press("1", kind=kind).wait(200)
    played = play(scenario, who.unhold().press("2").press("3", kind="inband").hang_up())
    assert [
        (r["data"]["tone"], r["data"]["type"]) for r in played.of("event", name="Call.ToneReceived")
    ] == [("1", "3"), ("2", "1"), ("3", "2")]


def test_rtp_stops_and_resumes(play):
    """7 s after the last packet, and with the first that comes again."""
    played = play(
        ANSWER, caller().wait(960).stop_rtp().wait(9_000).resume_rtp().wait(500).hang_up()
    )
    assert played.events() == [*CONNECTED, "RtpStopped", "RtpResumed", "Disconnected"]
    assert [played.event(name)["t"] for name in ("RtpStopped", "RtpResumed")] == [8_000, 10_000]


def test_a_short_gap_is_no_drought(play):
    who = caller().stop_rtp().wait(6_900).resume_rtp().wait(8_000).hang_up()
    assert play(ANSWER, who).events() == [*CONNECTED, "Disconnected"]


def test_silence_is_no_drought(play):
    assert play(ANSWER, caller().wait(20_000).hang_up()).events() == [*CONNECTED, "Disconnected"]
    assert play(ANSWER, caller().mute().wait(20_000).hang_up()).events() == [
        *CONNECTED, "Disconnected",
    ]  # fmt: skip


def test_a_hold_is_no_drought(play):
    """The two ends agreed on it; a stream that is still gone afterwards is one."""
    who = caller().hold().wait(20_000).unhold().wait(500).hang_up()
    assert "RtpStopped" not in play(ANSWER, who).events()
    who = caller().stop_rtp().wait(3_000).hold().wait(20_000).unhold().wait(8_000).hang_up()
    played = play(ANSWER, who)
    assert played.events() == [*CONNECTED, "OnHold", "OffHold", "RtpStopped", "Disconnected"]
    assert played.event("RtpStopped")["t"] == played.event("OffHold")["t"] + 7_000


def test_what_is_said_without_packets_is_not_heard(play):
    who = caller().stop_rtp().say("Hello?").resume_rtp().say("Hello!").hang_up()
    assert play(ANSWER, who).heard("platform") == ["Hello!"]


def test_reinvite_of_the_far_end_is_accepted_when_nobody_listens(play):
    scenario = ANSWER.replace("watch(call)", "watch(call, CallEvents.Disconnected)")
    played = play(scenario, caller().wait(100).reinvite().wait(300).hang_up())
    assert played.events() == [*CONNECTED, "ReInviteReceived", "Disconnected"]
    assert played.data("ReInviteReceived") == {
        "headers": {}, "mimeType": "application/sdp", "body": "",
    }  # fmt: skip
    assert "the re-INVITE was accepted" in [note["text"] for note in played.of("note")]


@pytest.mark.parametrize(
    ("answer", "note"),
    [
        ("acceptReInvite({'X-A': '1'}, 'application/json', '{}')", "the re-INVITE was accepted"),
        ("rejectReInvite({}, {'code': 491, 'reason': 'Later'})", "the re-INVITE failed: 491 Later"),
        ("rejectReInvite()", "the re-INVITE failed: 488"),
    ],
)
def test_reinvite_of_the_far_end_is_answered(play, answer, note):
    scenario = ANSWER.replace(
        "call.answer()",
        "call.addEventListener(CallEvents.ReInviteReceived, lambda e: "
        f"setTimeout(lambda: e.call.{answer}, 400)); call.answer()",
    )
    who = caller().wait(100).reinvite("{}", "application/json", {"X-B": "2"}).hang_up()
    played = play(scenario, who)
    assert played.data("ReInviteReceived") == {
        "headers": {"X-B": "2"}, "mimeType": "application/json", "body": "{}",
    }  # fmt: skip
    assert [n["text"] for n in played.of("note")] == ["sends a re-INVITE", note, "hangs up"]
    assert played.event("Disconnected")["t"] == 540


def test_our_reinvite(play):
    scenario = ANSWER.replace(
        "    pass", "    e.call.reInvite({'X-A': '1'}, 'application/sdp', 'v=0')"
    )
    played = play(scenario, caller().wait_for("reinvite").wait(500).hang_up())
    assert played.data("ReInviteAccepted") == {
        "headers": {}, "mimeType": "application/sdp", "body": "",
    }  # fmt: skip
    played = play(scenario, caller(reinvite_fails=488).wait(500).hang_up())
    assert played.data("ReInviteRejected") == {
        "headers": {}, "code": 488, "reason": "Not Acceptable Here",
    }  # fmt: skip


def test_our_second_reinvite_while_one_waits(play):
    twice = "\n    ".join(["", *["e.call.reInvite()"] * 2])
    played = play(ANSWER.replace("    pass", twice), caller().wait(500).hang_up())
    assert played.data("ReInviteRejected")["code"] == 491
    assert "ReInviteAccepted" in played.events()


def test_easy_process_relays_reinvites(play):
    scenario = """
    def on_call(e):
        VoxEngine.easyProcess(e.call, VoxEngine.callUser(username="bob", callerid="1"))
    VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
    """
    who = caller().wait(200).reinvite("v=0").hang_up()
    played = play(scenario, who, party("bob").wait(9_000))
    assert "ReInviteAccepted" in played.events(1)
    assert "the re-INVITE was accepted" in [n["text"] for n in played.of("note", who="caller")]
    played = play(scenario, who, party("bob", reinvite_fails=488).wait(9_000))
    assert "the re-INVITE failed: 488 Not Acceptable Here" in [
        n["text"] for n in played.of("note", who="caller")
    ]


def test_digits_vanish_from_the_sound(play):
    """With `handleTones`; without it they are heard as they are."""
    scenario = """
    def on_call(e):
        global first, second
        first, second = e.call, VoxEngine.callPSTN("1555", "1")
        watch(first)
        {handle}
        VoxEngine.easyProcess(first, second)
    VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
    """
    who = caller().wait(500).press("12345", kind="inband").tone(500, ms=500).hang_up()
    heard = {}
    for handle in ("first.handleTones(True, DTMFType.ALL)", "pass"):
        played = play(scenario.replace("{handle}", handle), who, party("1555").wait(9_000))
        began = round(next(n["t"] for n in played.of("note") if n["text"].startswith("presses")))
        heard[handle] = sum(
            played.loud(1, 1, began + ms, began + ms + 20) for ms in range(0, 1_000, 20)
        )
        assert played.loud(1, 1, began + 1_100, began + 1_400)  # what follows is heard
    told = played.of("event", name="Call.ToneReceived")
    assert told == []
    muted, plain = heard.values()
    assert muted <= 10
    assert plain >= 25
