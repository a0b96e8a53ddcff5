"""The order of a call's events, one test for each row of the platform's tables."""

from __future__ import annotations

import pytest

from voxrt.legs.builder import caller, party

ANSWER = """
def on_call(e):
    call = e.call
    call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    call.answer()
VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""

DIAL = """
def on_start(e):
    call = VoxEngine.callPSTN("15557654321", "15550000000")
    watch(call, CallEvents.Failed, CallEvents.Disconnected)
    call.addEventListener(CallEvents.Failed, VoxEngine.terminate)
    call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
VoxEngine.addEventListener(AppEvents.Started, on_start)
"""
CONNECTED = ["FirstAudioPacketReceived", "Connected", "AudioQualityDetected"]


def test_incoming_answered(play):
    played = play(ANSWER, caller().wait(500).hang_up())
    assert played.events() == [*CONNECTED, "Disconnected"]
    times = {record["name"]: record["t"] for record in played.of("event", unit="call")}
    assert times["Call.FirstAudioPacketReceived"] <= times["Call.Connected"] == 20.0
    assert times["Call.AudioQualityDetected"] == 35.0


def test_started_precedes_call_alerting(play):
    played = play(ANSWER, caller().wait(100).hang_up())
    names = [record["name"] for record in played.of("event", unit="application")]
    assert names[:2] == ["Application.Started", "Application.CallAlerting"]


@pytest.mark.parametrize("word", ["", "async "])
def test_call_alerting_may_be_registered_inside_started(play, word):
    """Also by an asynchronous handler: its first step runs before the next event."""
    scenario = f"""
    {word}def on_start(e):
        VoxEngine.addEventListener(AppEvents.CallAlerting, lambda e: e.call.answer())
    VoxEngine.addEventListener(AppEvents.Started, on_start)
    """
    played = play(scenario, caller().wait(100).hang_up())
    assert "Connected" in played.events()


def test_incoming_answered_with_early_media(play, tone_file):
    scenario = """
    def on_call(e):
        call = e.call
        watch(call)
        call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
        call.startEarlyMedia()
        call.startPlayback("tone.wav")
        setTimeout(call.answer, 2000)
    VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
    """
    tone_file("tone.wav", 500)
    played = play(scenario, caller().wait(300).hang_up())
    playing = ["PlaybackReady", "PlaybackStarted", "PlaybackFinished"]
    assert played.events() == [*playing, *CONNECTED, "Disconnected"]


def test_incoming_recorded(play):
    scenario = ANSWER.replace("call.answer()", "call.answer(); call.record()").replace(
        "VoxEngine.terminate", "lambda e: setTimeout(VoxEngine.terminate, 1000)"
    )
    played = play(scenario, caller().wait(500).hang_up())
    assert played.events() == [
        "FirstAudioPacketReceived",
        "Connected",
        "RecordStarted",
        "AudioQualityDetected",
        "Disconnected",
        "RecordStopped",
    ]


def test_incoming_with_video_recorded(play):
    scenario = ANSWER.replace("call.answer()", "call.answer(); call.record(video=True)")
    played = play(scenario, caller(client_type="user", video=True).wait(500).hang_up())
    assert played.events() == [
        "FirstAudioPacketReceived",
        "FirstVideoPacketReceived",
        "Connected",
        "RecordStarted",
        "Video.TrackCreated",
        "AudioQualityDetected",
        "Disconnected",
        "RecordStopped",
    ]


def test_outgoing_with_video(play):
    dial = 'callUser(username="anna", callerid="1", video=True)'
    scenario = DIAL.replace('callPSTN("15557654321", "15550000000")', dial)
    who = party("anna", video=True, rings=False).wait(300).hang_up()
    played = play(scenario, None, who, start=True)
    first, *then = CONNECTED
    assert played.events() == [first, "FirstVideoPacketReceived", *then, "Disconnected"]


def test_outgoing_answered_with_ringing_and_early_media(play):
    """180, then 183, then 200."""
    who = party("1555*", ring_after_ms=100, answer_after_ms=900, early_media_after_ms=500)
    who.person = _with_early_media(who.person)
    played = play(DIAL, None, who.wait(300).hang_up(), start=True)
    assert played.events() == ["Ringing", "AudioStarted", *CONNECTED, "Disconnected"]


def test_no_ringing_after_early_media(play):
    """A 180 after a 183 gives no `Ringing`."""
    who = party("1555*", ring_after_ms=500, answer_after_ms=900, early_media_after_ms=100)
    who.person = _with_early_media(who.person)
    played = play(DIAL, None, who.wait(300).hang_up(), start=True)
    assert played.events() == ["AudioStarted", *CONNECTED, "Disconnected"]


def _with_early_media(person):
    from attrs import evolve

    return evolve(person, early_media="Please hold the line.")


def test_outgoing_answered_without_ringing(play):
    who = party("1555*", rings=False, answer_after_ms=300)
    played = play(DIAL, None, who.wait(300).hang_up(), start=True)
    assert played.events() == [*CONNECTED, "Disconnected"]


def test_outgoing_forwarded_by_the_phone(play):
    """181, then 180 of whoever it went to."""
    who = party("1555*", forwarded_after_ms=100).wait(300).hang_up()
    played = play(DIAL, None, who, start=True)
    assert played.events() == ["Forwarding", "Ringing", *CONNECTED, "Disconnected"]
    assert played.data("Forwarding") == {}


def test_ringing_after_early_media_when_the_scenario_allows_it(play):
    """`allow180After183` of `callSIP`."""
    who = party("*", ring_after_ms=500, answer_after_ms=900, early_media_after_ms=100)
    who.person = _with_early_media(who.person)
    dial = 'callSIP("sip:a@b.c", {"callerid": "1", "allow180After183": True})'
    scenario = DIAL.replace('callPSTN("15557654321", "15550000000")', dial)
    played = play(scenario, None, who.wait(300).hang_up(), start=True)
    assert played.events() == ["AudioStarted", "Ringing", *CONNECTED, "Disconnected"]


def test_headers_of_the_phone_that_is_called(play):
    """Those that begin with `X-`, with every answer of it."""
    who = party("1555*", headers={"X-Desk": "4", "Via": "no"})
    who.person = _with_early_media(who.person)
    played = play(DIAL, None, who.wait(100).hang_up(), start=True)
    for name in ("Ringing", "AudioStarted", "Connected"):
        assert played.data(name)["headers"] == {"X-Desk": "4"}
    played = play(DIAL, None, party("1555*", busy=True, headers={"X-Desk": "4"}), start=True)
    assert played.data("Failed")["headers"] == {"X-Desk": "4"}


def test_outgoing_not_answered(play):
    """After 60 s, with 408 and no reason."""
    played = play(DIAL, None, party("1555*", no_answer=True), start=True)
    assert played.events() == ["Ringing", "Failed"]
    failed = played.event("Failed")
    assert failed["t"] == 60_000
    assert failed["data"] == {"headers": {}, "code": 408, "reason": ""}


@pytest.mark.parametrize(
    ("fail", "code", "reason"),
    [
        ({"busy": True}, 486, "Busy Here"),
        ({"fail": 404}, 404, "Not Found"),
        ({"fail": 603}, 603, "Decline"),
        ({"fail": 402}, 402, "Payment Required"),
        ({"fail": "declined"}, 603, "Decline"),
        ({"fail": "unavailable"}, 480, "Temporarily Unavailable"),
        ({"fail": "not_found", "reason": "No such number"}, 404, "No such number"),
        ({"busy": True, "reason": "Engaged"}, 486, "Engaged"),
        ({"fail": 503, "reason": "Trunk down"}, 503, "Trunk down"),
    ],
)
def test_outgoing_failed(play, fail, code, reason):
    played = play(DIAL, None, party("1555*", **fail), start=True)
    assert played.events() == ["Failed"]
    assert (played.data("Failed")["code"], played.data("Failed")["reason"]) == (code, reason)
    assert [e.name for e in played.seen] == ["Call.Failed"]


def test_a_number_that_is_none_fails_with_404(play):
    played = play(DIAL.replace("15557654321", "not-a-number"), start=True)
    assert played.events() == ["Failed"]
    assert played.data("Failed")["code"] == 404
    assert played.result.record["approximated"] == [
        line for line in played.result.record["approximated"] if "not-a-number" not in line
    ]


def test_outgoing_hung_up_before_the_answer(play):
    """`Failed` 487, and nothing more."""
    scenario = DIAL.replace("watch(", "setTimeout(call.hangup, 500); watch(")
    played = play(scenario, None, party("1555*"), start=True)
    assert played.events() == ["Ringing", "Failed"]
    assert played.data("Failed")["code"] == 487
    assert played.data("Failed")["reason"] == "Request Terminated"


@pytest.mark.parametrize("end", ["call.hangup()", "VoxEngine.terminate()"])
@pytest.mark.parametrize("how", [{}, {"busy": True}, {"offline": True}])
def test_a_call_hung_up_at_once_never_reaches_the_phone(play, end, how):
    scenario = DIAL.replace("watch(", f"{end}; watch(")
    played = play(scenario, None, party("1555*", **how), start=True)
    assert played.events() == ["Failed"]
    assert played.data("Failed")["code"] == 487
    assert played.of("note") == played.of("far", action="offline") == []


@pytest.mark.parametrize("code", [486, 603, 302])
def test_incoming_rejected(play, code):
    scenario = f"""
    def on_call(e):
        watch(e.call)
        e.call.reject({code}, {{"X-Why": "closed"}})
    VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
    """
    played = play(scenario)
    assert played.events() == ["Disconnected"]
    assert played.event("Disconnected")["t"] == 0
    data = played.data("Disconnected")
    assert (data["internalCode"], data["duration"], data["cost"]) == (code, 0, 0)
    assert played.of("session", state="idle")[0]["t"] == 60_000


def test_caller_gives_up_before_the_answer(play):
    """`Disconnected` with 487, not `Failed`: that one is for outgoing calls."""
    scenario = """
    def on_call(e):
        e.call.ring()
        watch(e.call, CallEvents.Failed, CallEvents.Disconnected)
        e.call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
    """
    played = play(scenario, caller(patience_ms=3_000))
    assert played.events() == ["Disconnected"]
    assert played.event("Disconnected")["t"] == 3_000
    assert played.data("Disconnected")["internalCode"] == 487


def test_caller_gives_up_in_early_media(play):
    scenario = """
    def on_call(e):
        e.call.startEarlyMedia()
        watch(e.call)
        e.call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
    """
    played = play(scenario, caller().wait_for("early_media").wait(2_000).hang_up())
    assert played.events() == ["Disconnected"]
    assert played.event("Disconnected")["t"] == 2_000
    assert played.data("Disconnected")["internalCode"] == 487


OFFLINE = """
require(Modules.PushService)
def on_start(e):
    call = VoxEngine.callUser(username="anna", callerid="bob"{more})
    watch(call)
    call.addEventListener(CallEvents.Failed, VoxEngine.terminate)
    call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
VoxEngine.addEventListener(AppEvents.Started, on_start)
"""


@pytest.mark.parametrize(
    ("more", "seconds"),
    [
        ("", 20),
        (", pushNotificationTimeout=35000", 35),
        (", pushNotificationTimeout=1", 10),
        (", pushNotificationTimeout=99000", 60),
    ],
)
def test_user_offline_is_woken_and_does_not_come(play, more, seconds):
    """`PushSent`, the wait (10 to 60 s, 20 by default), one `Failed` 480."""
    played = play(OFFLINE.format(more=more), None, party("anna", offline=True), start=True)
    assert played.events() == ["PushSent", "Failed"]
    assert played.data("PushSent") == {"result": "OK"}
    assert played.event("Failed")["t"] == seconds * 1000
    data = played.data("Failed")
    assert (data["code"], data["reason"]) == (480, "User offline")


def test_user_offline_without_pushes(play):
    """Without the module nobody is woken, and the call fails at once."""
    scenario = OFFLINE.replace("require(Modules.PushService)", "").format(more="")
    played = play(scenario, None, party("anna", offline=True), start=True)
    assert played.events() == ["Failed"]
    assert played.event("Failed")["t"] == 0
    assert played.data("Failed")["code"] == 480


def test_user_offline_comes_online(play):
    who = party("anna", offline=True, online_after_ms=5_000).wait(300).hang_up()
    played = play(OFFLINE.format(more=""), None, who, start=True)
    assert played.events() == ["PushSent", "Ringing", *CONNECTED, "Disconnected"]
    assert played.event("Connected")["t"] == 6_020


@pytest.mark.parametrize(("header", "seconds"), [("30", 30), ("1", 10), ("900", 400), ("x", 60)])
def test_call_timeout_header(play, header, seconds):
    """`VI-CallTimeout` of a call to a user, 10 to 400 s."""
    more = f", extraHeaders={{'VI-CallTimeout': '{header}'}}"
    played = play(OFFLINE.format(more=more), None, party("anna", no_answer=True), start=True)
    assert played.event("Failed")["t"] == seconds * 1000
    assert played.data("Failed")["code"] == 408


def test_unhandled_call_is_refused_and_the_session_idles(play):
    played = play("pass")
    assert "Unhandled CallAlerting event" in played.log
    assert played.events() == ["Disconnected"]
    data = played.data("Disconnected")
    assert (data["internalCode"], data["direction"], data["cost"]) == (603, "", 0)
    assert played.of("session", state="terminated")[0]["t"] == 60_000


def test_incoming_not_answered_for_60_s(play):
    scenario = """
    def on_call(e):
        watch(e.call, CallEvents.Disconnected)
        {then}
    VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
    """
    played = play(scenario.format(then="e.call.ring()"))
    assert played.events() == ["Disconnected"]
    assert played.event("Disconnected")["t"] == 60_000
    assert played.data("Disconnected")["internalCode"] == 408
    early = "setTimeout(e.call.startEarlyMedia, 10000)"
    assert play(scenario.format(then=early)).event("Disconnected")["t"] == 70_000


def test_answered_in_time_is_not_dropped(play):
    scenario = ANSWER.replace("call.answer()", "setTimeout(call.answer, 59000)")
    played = play(scenario, caller().wait(5_000).hang_up())
    assert played.event("Disconnected")["t"] == 64_040


STATES = """
states = []
def on_call(e):
    call = e.call
    states.append(call.state())
    call.addEventListener(CallEvents.StateChanged, seen.append)
    for name in ("Connected", "Disconnected", "Failed"):
        call.addEventListener(f"Call.{name}", lambda e: states.append(e.call.state()))
    call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    call.addEventListener(CallEvents.Failed, VoxEngine.terminate)
    if call.incoming():
        call.ring()
        states.append(call.state())
        setTimeout(call.answer, 100)
"""


def test_states_of_an_incoming_call(play):
    scenario = STATES + "VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)"
    played = play(scenario, caller().wait(300).hang_up())
    assert played.scope["states"] == ["ALERTING", "PROGRESSING", "CONNECTED", "TERMINATED"]
    assert [(e.oldState, e.newState) for e in played.seen] == [
        ("ALERTING", "PROGRESSING"),
        ("PROGRESSING", "CONNECTED"),
        ("CONNECTED", "TERMINATED"),
    ]
    assert played.events() == [
        "StateChanged",
        "FirstAudioPacketReceived",
        "StateChanged",
        "Connected",
        "AudioQualityDetected",
        "StateChanged",
        "Disconnected",
    ]


def test_states_of_an_outgoing_call(play):
    scenario = (
        STATES
        + """
def on_start(e):
    call = VoxEngine.callPSTN("15557654321", "1")
    on_call(Event(call=call))
class Event:
    def __init__(self, call):
        self.call = call
VoxEngine.addEventListener(AppEvents.Started, on_start)
"""
    )
    played = play(scenario, None, party("1555*").wait(300).hang_up(), start=True)
    assert played.scope["states"] == ["PROGRESSING", "CONNECTED", "TERMINATED"]
    played = play(scenario, None, party("1555*", busy=True), start=True)
    assert played.scope["states"] == ["PROGRESSING", "TERMINATED"]
    assert played.events() == ["StateChanged", "Failed"]


def test_state_changes_are_not_made_when_nobody_listens(play):
    assert "StateChanged" not in play(ANSWER, caller().wait(100).hang_up()).events()


def test_peer_to_peer(play):
    """No `AudioStarted`, no first packet, no codec; the caller's own call is as ever before it."""
    who = party("anna", early_media="Please hold the line.").wait(300).hang_up()
    scenario = "VoxEngine.forwardCallToUserDirect()"
    played = play(scenario, caller().wait(9_000), who, to="anna")
    assert played.events(0) == ["Connected", "Disconnected"]
    assert played.events(1) == ["Ringing", "Connected", "Disconnected"]


def test_whatsapp(play):
    """The events of a SIP call."""
    scenario = DIAL.replace(
        'callPSTN("15557654321", "15550000000")',
        'callWhatsappUser(number="15557654321", callerid="15550000000")',
    )
    who = party("1555*", kind="wab").wait(300).hang_up()
    played = play(scenario, None, who, start=True)
    assert played.events() == ["Ringing", *CONNECTED, "Disconnected"]


@pytest.mark.parametrize(("found", "told"), [("VOICEMAIL", "Result"), ("error", "Error")])
def test_identified_by_the_hidden_service(play, found, told):
    played = play(ANSWER, caller().wait(100).identify(found).hang_up())
    names = [f"AudioIdentification{name}" for name in ("Started", told, "Stopped")]
    assert played.events() == [*CONNECTED, *names, "Disconnected"]


def test_statistics(play):
    """Once for each time that the script says so, and never without."""
    played = play(ANSWER, caller().wait(100).statistics().statistics().hang_up())
    assert played.events() == [*CONNECTED, "Statistics", "Statistics", "Disconnected"]


def test_a_leg_into_a_conference(play):
    """An ordinary outgoing call here, and `CallAlerting` with the id as destination there."""
    scenario = """
    def on_call(e):
        e.call.answer()
        if e.destination == "room":
            Logger.write(f"{e.destination} {e.callerid} {e.displayName}")
            return
        leg = VoxEngine.callConference("room", "1", "Ann")
        watch(leg)
        setTimeout(leg.hangup, 500)
        setTimeout(VoxEngine.terminate, 1000)
    VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
    """
    played = play(scenario, caller().wait(9_000))
    assert played.log == ["room 1 Ann"]
    leg = next(c["params"][0]["id"] for c in played.of("command", name="CallConference"))
    names = [r["name"] for r in played.of("event", unit="call") if r["id"] == leg]
    assert names == [f"Call.{name}" for name in (*CONNECTED, "Disconnected")]
    second = [r["name"] for r in played.of("event", unit="application", session=2)]
    assert second[:2] == ["Application.Started", "Application.CallAlerting"]
