"""What the events of a call carry."""

from __future__ import annotations

import pytest

from voxrt.legs.builder import caller, party

SCENARIO = """
def on_call(e):
    call = e.call
    alerting.append(e)
    watch(call)
    call.addEventListener(CallEvents.Disconnected, lambda: setTimeout(VoxEngine.terminate, 500))
    call.addEventListener(CallEvents.Connected, talk)
    call.handleTones(True, DTMFType.ALL)
    call.answer()

def talk(e):
    e.call.record()
    e.call.say("One two.")

alerting = []
VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""


@pytest.fixture
def talk(play):
    who = caller(number="15551112233", name="Ann", headers={"X-Tour": "7", "Via": "no"})
    who.wait(200).press("5").message("hi").info("{}", "application/json", {"X-A": "b"})
    who.wait(2_700).hang_up()
    return play(SCENARIO, who, to="18005550111")


def test_every_event_has_call_name_and_id(talk):
    call = talk.scope["alerting"][0].call
    names = [event.name for event in talk.seen]
    assert names == [record["name"] for record in talk.of("event", unit="call")]
    for event in talk.seen:
        assert event.call is event["call"] is call
        assert event.id == event["id"] == call.id()


def test_call_alerting(talk):
    event = talk.scope["alerting"][0]
    domain = "voxrt.local.voximplant.com"
    assert {key: value for key, value in event.items() if key not in ("call", "id")} == {
        "name": "Application.CallAlerting",
        "callerid": "15551112233",
        "destination": "18005550111",
        "displayName": "Ann",
        "fromURI": f"sip:15551112233@{domain}",
        "toURI": f"sip:18005550111@{domain}",
        "headers": {"VI-Client-Type": "pstn", "X-Tour": "7"},
        "scheme": {},
    }
    assert event.id == event.call.id()


def test_payload_fields(talk):
    assert {event.name: sorted(set(event) - {"call", "name", "id"}) for event in talk.seen} == {
        "Call.FirstAudioPacketReceived": [],
        "Call.Connected": ["displayName", "headers", "scheme"],
        "Call.AudioQualityDetected": ["quality"],
        "Call.RecordStarted": ["url"],
        "Call.PlaybackReady": [],
        "Call.PlaybackStarted": ["duration"],
        "Call.PlaybackFinished": [],
        "Call.ToneReceived": ["tone", "type"],
        "Call.MessageReceived": ["headers", "text"],
        "Call.InfoReceived": ["body", "headers", "mimeType"],
        "Call.Disconnected": [
            "cost", "direction", "duration", "headers", "internalCode", "reason",
        ],
        "Call.RecordStopped": ["cost", "duration", "reason", "url"],
    }  # fmt: skip


def test_payload_values(talk):
    assert talk.data("AudioQualityDetected") == {"quality": "Standard"}
    assert talk.data("ToneReceived") == {"tone": "5", "type": "1"}
    assert talk.data("MessageReceived") == {"headers": {}, "text": "hi"}
    info = {"headers": {"X-A": "b"}, "mimeType": "application/json", "body": "{}"}
    assert talk.data("InfoReceived") == info
    assert talk.data("Disconnected") == {
        "reason": "BYE received",
        "internalCode": 16,
        "duration": 3,
        "cost": 0,
        "direction": "All numbers",
        "headers": {},
    }
    stopped = talk.data("RecordStopped")
    url, reason = talk.data("RecordStarted")["url"], "Stopped by user"
    assert stopped == {"url": url, "cost": "0", "duration": 3, "reason": reason}


def test_payload_objects_read_both_ways(talk):
    info = next(event for event in talk.seen if event.name == "Call.InfoReceived")
    assert info.headers["X-A"] == info["headers"]["X-A"] == "b"
    assert info.headers.nothing is None
    assert info.nothing is None


@pytest.mark.parametrize("wait_ms", [900, 1_000, 1_980])
def test_duration_is_whole_seconds_since_connected(play, wait_ms):
    """The caller waits from 20 ms after `Connected`."""
    scenario = SCENARIO.replace("e.call.record()", "pass").replace("e.call.say", "str")
    played = play(scenario, caller().wait(wait_ms).hang_up())
    assert played.data("Disconnected")["duration"] == (wait_ms + 20) // 1000


def test_our_own_hangup_has_no_reason(play):
    scenario = SCENARIO.replace('e.call.say("One two.")', "e.call.hangup()")
    played = play(scenario)
    data = played.data("Disconnected")
    assert data["internalCode"] == 16
    assert "reason" not in data


def test_outgoing_payloads(play):
    scenario = """
    def on_start(e):
        call = VoxEngine.callSIP("sip:desk@example.com", callerid="100", displayName="Desk")
        watch(call)
        call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    VoxEngine.addEventListener(AppEvents.Started, on_start)
    """
    who = party("sip:desk@example.com", early_media="One moment.", answer_after_ms=900)
    played = play(scenario, None, who.wait(100).hang_up(), start=True)
    assert played.data("Ringing") == {"headers": {}}
    assert played.data("AudioStarted") == {"headers": {}, "scheme": {}, "code": 183}
    assert played.data("Connected") == {"headers": {}, "scheme": {}, "displayName": "Desk"}
    assert played.data("AudioQualityDetected") == {"quality": "HD"}
    assert played.data("Disconnected")["direction"] == "SIP Call"


def test_events_can_be_written_as_json(play):
    scenario = SCENARIO.replace("talk(e):", "talk(e):\n    Logger.write(JSON.stringify(e))")
    played = play(scenario, caller(number="1").wait(3_000).hang_up())
    event = played.scope["JSON"].parse(played.log[0])
    assert event.name == "Call.Connected"
    assert event.call == {
        "id": event.id,
        "incoming": True,
        "callerid": "1",
        "number": "18005550100",
        "displayName": "",
        "state": "CONNECTED",
    }
