"""Every code of a failed call, for every kind of call that a scenario can place.

How another session refuses a call into its conference is in tests/run/test_sessions.py.
"""

from __future__ import annotations

import pytest

from voxrt.legs.builder import caller, party

#: How each kind of call is placed, and who is called.
KINDS = {
    "pstn": ("VoxEngine.callPSTN('15557654321', '1')", "15557654321"),
    "sip": ("VoxEngine.callSIP('sip:bob@example.com', '1')", "sip:bob@example.com"),
    "user": ("VoxEngine.callUser({'username': 'bob', 'callerid': '1'})", "bob"),
    "wab": ("VoxEngine.callWhatsappUser({'number': '15557654321', 'callerid': '1'})", "1555*"),
    "direct": ("VoxEngine.callUserDirect(e.call, 'bob', {'callerid': '1'})", "bob"),
    "conference": ("VoxEngine.callConference('room', '1', 'Ann')", "room"),
}
#: How the phone fails, and the code and reason that the scenario sees.
FAILURES = {
    "no money": ({"fail": 402}, 402, "Payment Required"),
    "forbidden": ({"fail": "forbidden"}, 403, "Forbidden"),
    "unknown": ({"fail": "not_found"}, 404, "Not Found"),
    "the network gives up": ({"fail": 408}, 408, "Request Timeout"),
    "nobody answers": ({"no_answer": True}, 408, ""),
    "unavailable": ({"fail": "unavailable"}, 480, "Temporarily Unavailable"),
    "offline": ({"offline": True}, 480, "User offline"),
    "busy": ({"busy": True}, 486, "Busy Here"),
    "terminated": ({"fail": 487}, 487, "Request Terminated"),
    "broken": ({"fail": 503}, 503, "Service Unavailable"),
    "declined": ({"fail": "declined"}, 603, "Decline"),
    "moved, in the phone's own words": ({"fail": 302, "reason": "See Ann"}, 302, "See Ann"),
}
SCENARIO = """
def on_call(e):
    call = {call}
    watch(call)
    call.addEventListener(CallEvents.Failed, VoxEngine.terminate)
    {then}
VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""


@pytest.fixture
def place(play):
    """Places a call of a kind while another one comes in; its names of events, and its end."""

    def run(kind, then="pass", **how):
        call, match = KINDS[kind]
        kind = "user" if kind == "direct" else kind
        scenario = SCENARIO.format(call=call, then=then)
        played = play(scenario, caller().wait(100_000), party(match, kind=kind, **how))
        return played.events(1), played.data("Failed", 1)

    return run


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_fails_with_every_code(place, kind, failure):
    how, code, reason = FAILURES[failure]
    events, failed = place(kind, headers={"X-Why": "so", "Server": "none"}, **how)
    assert events == (["Ringing", "Failed"] if "no_answer" in how else ["Failed"])
    assert (failed["code"], failed["reason"]) == (code, reason)
    told_by_the_phone = "fail" in how or "busy" in how
    assert failed["headers"] == ({"X-Why": "so"} if told_by_the_phone else {})


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_hung_up_before_the_answer(place, kind):
    events, failed = place(kind, then="setTimeout(call.hangup, 500)")
    assert events == ["Ringing", "Failed"]
    assert (failed["code"], failed["reason"]) == (487, "Request Terminated")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_refused_over_the_limit(play, kind):
    call = KINDS[kind][0]
    scenario = SCENARIO.format(call=f"[{call} for n in range(11)][-1]", then="pass")
    room = party("room", kind="conference")
    [failed] = play(scenario, caller().wait(5_000), room).seen
    assert (failed.name, failed.code, failed.reason) == ("Call.Failed", 403, "Call limit reached")


#: How a call that comes in ends before it is answered, and the code of its `Disconnected`.
ENDS = {
    "it is refused as busy": ("call.reject(486)", 486, "Busy Here", 0),
    "it is refused without a code": ("call.reject()", 603, "", 0),
    "it is sent elsewhere": ("call.reject(302)", 302, "", 0),
    "it is declined": ("call.decline(480)", 480, "Temporarily Unavailable", 0),
    "it is hung up": ("call.hangup()", 603, "", 0),
    "nobody answers": ("call.ring()", 408, "", 60_000),
    "nothing follows early media": ("call.startEarlyMedia()", 408, "", 60_000),
    "the caller gives up": ("pass", 487, "", 2_000),
}
INCOMING = """
def on_call(e):
    call = e.call
    watch(call)
    Logger.write(call.clientType())
    call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    {code}
VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("kind", ["pstn", "sip", "user", "wab"])
def test_every_kind_of_incoming_call_ends_unanswered(play, kind, end):
    """With one `Disconnected`, never with `Failed`."""
    code, internal, reason, at_ms = ENDS[end]
    patience_ms = 2_000 if end == "the caller gives up" else 100_000
    who = caller(client_type=kind, patience_ms=patience_ms).wait(1)
    played = play(INCOMING.format(code=code), who)
    assert played.log == [kind]
    assert played.events() == ["Disconnected"]
    ended = played.event("Disconnected")
    assert ended["t"] == at_ms
    data = ended["data"]
    assert (data["internalCode"], data.get("reason", ""), data["duration"]) == (internal, reason, 0)


@pytest.mark.parametrize("kind", ["pstn", "sip", "user", "wab"])
def test_every_kind_of_incoming_call_that_nobody_listens_to_is_refused(play, kind):
    played = play("pass", caller(client_type=kind).wait(100_000))
    assert played.events() == ["Disconnected"]
    assert played.data("Disconnected")["internalCode"] == 603
    assert played.data("Disconnected")["direction"] == ""
