"""Transfers, both ways: `transferTo`, and what a far end asks for itself."""

from __future__ import annotations

import pytest

from voxrt.legs.builder import caller, party

CONNECTED = ["FirstAudioPacketReceived", "Connected", "AudioQualityDetected"]

BLIND = """
def on_call(e):
    call = e.call
    watch(call)
    call.addEventListener(CallEvents.Connected, lambda e: setTimeout(go, 500, call))
    call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    call.answer()

def go(call):
    call.transferTo({"to": "15557654321", "headers": {"X-Why": "sales"}})

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""


def test_blind_transfer(play):
    """`TransferComplete`, and the call leaves the session."""
    played = play(BLIND, caller().wait(10_000), party("1555*", answer_after_ms=2_000))
    assert played.events() == [*CONNECTED, "TransferComplete", "Disconnected"]
    assert played.data("TransferComplete") == {"headers": {}}
    assert played.event("TransferComplete")["t"] == 2_520
    assert played.event("Disconnected")["t"] == 2_540
    assert played.data("Disconnected")["internalCode"] == 16
    assert "is asked to call 15557654321" in [note["text"] for note in played.of("note")]


@pytest.mark.parametrize(
    ("how", "code", "reason", "at_ms"),
    [
        ({"busy": True}, 486, "Busy Here", 1_520),
        ({"fail": 404, "fail_after_ms": 300}, 404, "Not Found", 820),
        ({"fail": "declined", "reason": "no thanks"}, 603, "no thanks", 1_520),
        ({"no_answer": True}, 408, "Request Timeout", 60_520),
        ({"offline": True}, 480, "Temporarily Unavailable", 520),
    ],
)
def test_blind_transfer_fails_as_the_other_phone_does(play, how, code, reason, at_ms):
    """The call goes on."""
    who = caller().wait(70_000).hang_up()
    played = play(BLIND, who, party("1555*", **how))
    assert played.events() == [*CONNECTED, "TransferFailed", "Disconnected"]
    assert played.data("TransferFailed") == {"headers": {}, "code": code, "reason": reason}
    assert played.event("TransferFailed")["t"] == at_ms
    assert played.event("Disconnected")["t"] == 70_040


def test_a_phone_that_takes_no_transfers(play):
    who = caller(transfer_fails=405).wait(2_000).hang_up()
    played = play(BLIND, who, party("1555*"))
    assert played.data("TransferFailed")["code"] == 405
    assert played.event("TransferFailed")["t"] == 620


def test_transfer_to_nobody_declared_is_made_up(play):
    played = play(BLIND, caller().wait(10_000))
    assert "TransferComplete" in played.events()
    assert any("15557654321" in what for what in played.result.record["approximated"])


def test_second_transfer_while_one_waits(play):
    scenario = BLIND.replace("def go(call):", "def go(call):\n    call.transferTo(to='2')")
    played = play(scenario, caller().wait(9_000), party("*", answer_after_ms=1_000))
    assert played.events() == [*CONNECTED, "TransferFailed", "TransferComplete", "Disconnected"]
    assert played.data("TransferFailed")["code"] == 491


def test_eleventh_transfer(play):
    """A call sends ten REFERs."""
    scenario = """
    def on_call(e):
        watch(e.call, CallEvents.TransferFailed)
        e.call.addEventListener(CallEvents.TransferFailed, again)
        e.call.addEventListener(CallEvents.Connected, again)
        e.call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
        e.call.answer()
    def again(e):
        if len(seen) < 11:
            e.call.transferTo(to="2")
    VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
    """
    played = play(scenario, caller().wait(15_000).hang_up(), party("2", busy=True))
    assert [event.code for event in played.seen] == [486] * 10 + [403]
    played = play(scenario, caller().wait(15_000).hang_up(), party("2", busy=True), limits="warn")
    assert [event.code for event in played.seen] == [486] * 11


ATTENDED = """
def on_call(e):
    global first, second
    first, second = e.call, VoxEngine.callUser(username="bob", callerid="1")
    for call in (first, second):
        watch(call)
        call.addEventListener(CallEvents.Disconnected, gone)
    first.addEventListener(CallEvents.Connected, lambda e: setTimeout(go, {after}))
    first.answer()

def go():
    first.transferTo(call=second)

def gone(e):
    if first.state() == second.state() == "TERMINATED":
        VoxEngine.terminate()

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""


def test_attended_transfer(play):
    """Both calls leave: the one that is transferred, and the one that it takes over."""
    scenario = ATTENDED.replace("{after}", "2000")
    played = play(scenario, caller().wait(9_000), party("bob").wait(9_000))
    ends = [record for record in played.of("event", unit="call") if record["t"] > 2_000]
    calls = list(played.run.summary.calls)
    assert [(r["name"], calls.index(r["id"]), r["data"].get("role")) for r in ends] == [
        ("Call.TransferComplete", 0, "transferee"),
        ("Call.TransferComplete", 1, "target"),
        ("Call.Disconnected", 0, None),
        ("Call.Disconnected", 1, None),
    ]
    assert [record["t"] for record in ends] == [2_120, 2_120, 2_140, 2_140]
    assert "is asked to take over the call with bob" in [n["text"] for n in played.of("note")]


def test_attended_transfer_to_a_call_that_is_not_connected(play):
    who = party("bob", answer_after_ms=9_000)
    scenario = ATTENDED.replace("{after}", "2000") + "\nsetTimeout(VoxEngine.terminate, 4000)"
    played = play(scenario, caller().wait(9_000), who)
    data = played.data("TransferFailed")
    assert (data["role"], data["code"]) == ("transferee", 481)


def test_attended_transfer_to_a_call_that_ends_meanwhile(play):
    scenario = ATTENDED.replace("{after}", "2000") + "\nsetTimeout(VoxEngine.terminate, 4000)"
    played = play(scenario, caller().wait(9_000), party("bob").wait(1_050).hang_up())
    assert played.data("TransferFailed", 0)["code"] == 481
    assert "TransferComplete" not in played.events()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("", "transferTo needs `to`"),
        ("{'call': call}", "call must be another call, not this very call"),
        ("{'call': 'x'}", "call must be another call, not a string"),
    ],
)
def test_wrong_arguments(play, given, message):
    scenario = BLIND.replace('{"to": "15557654321", "headers": {"X-Why": "sales"}}', given)
    played = play(scenario, caller().wait(2_000))
    assert any(message in text for text in played.errors)


ASKED = """
def on_call(e):
    global first
    first = e.call
    watch(first)
    {handle}
    first.addEventListener(CallEvents.Disconnected, lambda e: setTimeout(VoxEngine.terminate, 3000))
    first.addEventListener(CallEvents.BlindTransferRequested, asked)
    first.answer()

def asked(e):
    second = VoxEngine.callUser(username=e.transferTo, callerid="1", extraHeaders=e.headers)
    watch(second)
    second.addEventListener(CallEvents.Connected, lambda e: first.notifyBlindTransferSuccess())
    second.addEventListener(
        CallEvents.Failed, lambda e: first.notifyBlindTransferFailed(e.code, e.reason)
    )

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""
HANDLED = ASKED.replace("{handle}", "first.handleBlindTransfer(True)")


def test_blind_transfer_that_the_scenario_handles(play):
    """The far end hangs up once it is told that the transfer worked."""
    who = caller().wait(300).transfer("bob", {"X-Note": "vip", "Via": "no"}).say("not said")
    played = play(HANDLED, who, party("bob"))
    assert played.events(0) == [*CONNECTED, "BlindTransferRequested", "Disconnected"]
    assert played.data("BlindTransferRequested") == {
        "headers": {"X-Note": "vip"},
        "transferTo": "bob",
    }
    assert played.event("Disconnected", 0)["t"] == played.event("Connected", 1)["t"]
    notes = [note["text"] for note in played.of("note", who="caller")]
    assert notes == ["transfers the call to bob", "the transfer worked: hangs up"]


def test_blind_transfer_that_the_scenario_refuses(play):
    """The script goes on."""
    who = caller().wait(300).transfer("bob").wait(500).hang_up()
    played = play(HANDLED, who, party("bob", busy=True))
    assert played.events(0) == [*CONNECTED, "BlindTransferRequested", "Disconnected"]
    notes = [note["text"] for note in played.of("note", who="caller")]
    assert notes[1:] == ["the transfer failed: 486 Busy Here", "hangs up"]


@pytest.mark.parametrize("handle", ["pass", "first.handleBlindTransfer(False)"])
def test_blind_transfer_that_the_platform_handles(play, handle):
    """The older way: another session places the call, and this one hears of the outcome."""
    scenario = ASKED.replace("{handle}", handle)
    played = play(scenario, caller().wait(300).transfer("bob"), party("bob"))
    assert played.events() == [*CONNECTED, "TransferComplete", "Disconnected"]
    assert played.data("TransferComplete") == {"headers": {}, "role": "transferor"}
    who = caller().wait(300).transfer("bob").wait(500).hang_up()
    played = play(scenario, who, party("bob", busy=True))
    assert played.events() == [*CONNECTED, "TransferFailed", "Disconnected"]
    assert played.data("TransferFailed") == {
        "headers": {}, "role": "transferor", "code": 486, "reason": "Busy Here",
    }  # fmt: skip


def test_nobody_answers_the_far_ends_transfer(play):
    """Its patience ends."""
    scenario = HANDLED.replace("def asked(e):", "def asked(e):\n    return")
    played = play(scenario, caller().transfer("bob", timeout_ms=2_000))
    assert played.event("Disconnected")["t"] == 2_040
    assert any("the outcome of the transfer" in text for _, text in played.warnings)


def test_an_answer_that_nobody_waits_for(play):
    scenario = BLIND.replace(
        "call.transferTo(", "call.notifyBlindTransferFailed(486, 'x'); call.acceptReInvite(); ("
    )
    played = play(scenario, caller().wait(1_000).hang_up())
    told = [text for code, text in played.warnings if code == "ignored"]
    assert told == [
        "notifyBlindTransferFailed is ignored: no transfer waits for an answer",
        "acceptReInvite is ignored: no re-INVITE waits for an answer",
    ]
