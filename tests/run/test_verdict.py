"""One verdict on all the people of a script: `expect`, waits that time out, the exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.harness import play_in

RING_GROUP = Path(__file__).parents[2] / "scenarios" / "classic" / "ring-group.voxengine.js"

FORWARD = """
def on_call(e):
    out = VoxEngine.callPSTN("15550001", callerid=e.call.callerid())
    VoxEngine.easyProcess(e.call, out)
    out.addEventListener(CallEvents.Failed, lambda _: e.call.hangup())

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""

PEOPLE = """
caller:
  name: Ann
  expect: {ann}
  steps: [{{wait_for: answer}}, {{wait: 2000}}, {{say: Hello}}]
parties:
  - match: "15550001"
    name: Bob
    expect: {bob}
    {phone}
    steps: [{{say: Bob here}}, {{wait: 6000}}, hang_up]
  - match: "15550002"
    name: Cid
    expect: {cid}
"""


def forwarded(tmp_path, *, ann="finished", bob="finished", cid="not_called", phone="ring: true"):
    people = PEOPLE.format(ann=ann, bob=bob, cid=cid, phone=phone)
    played = play_in(tmp_path, FORWARD, caller=people)
    return played, json.loads(played.result.files["result"].read_text(encoding="utf-8"))


def test_everybody_gets_what_they_expect(tmp_path):
    played, result = forwarded(tmp_path)
    assert (played.result.outcome, played.result.exit_code) == ("normal", 0)
    assert result["verdict"] == "passed"
    assert [(p["who"], p["came"], p["expected"], p["passed"]) for p in result["people"]] == [
        ("Ann", "finished", "finished", True),
        ("Bob", "finished", "finished", True),
        ("Cid", "not called", "not_called", True),
    ]


@pytest.mark.parametrize(
    ("expected", "told"),
    [
        ({"phone": "busy: true", "ann": "not_connected"},
         ["Bob: not connected, expected: finished"]),
        ({"phone": "busy: true", "ann": "not_connected", "bob": "called"}, []),
        ({"phone": "busy: true", "ann": "connected", "bob": "not_connected"},
         ["Ann: not connected, expected: connected"]),
        ({"bob": "not_called"}, ["Bob: finished, expected: not called"]),
        ({"bob": "connected", "cid": "called"}, ["Cid: not called, expected: called"]),
        ({"bob": "not_connected", "cid": "connected"},
         ["Bob: finished, expected: not connected", "Cid: not called, expected: connected"]),
    ],
)  # fmt: skip
def test_who_does_not(tmp_path, expected, told):
    played, result = forwarded(tmp_path, **expected)
    assert played.warnings == told
    assert result["verdict"] == ("failed" if told else "passed")
    assert played.result.exit_code == (1 if told else 0)
    assert played.result.outcome == ("not as expected" if told else "normal")


def test_a_call_that_ends_before_the_steps_do(tmp_path):
    hangs_up = "VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)"
    scenario = f"""
def on_call(e):
    e.call.answer()
    setTimeout(e.call.hangup, 1000)
{hangs_up}
"""
    steps = "caller: {expect: finished, steps: [{wait: 500}, {wait: 5000}, {say: Hello}]}"
    played = play_in(tmp_path, scenario, caller=steps)
    assert played.warnings == ["caller: cut off (at step 2 of 3), expected: finished"]
    played = play_in(tmp_path, scenario, caller=steps.replace("finished", "connected"))
    assert (played.warnings, played.result.exit_code) == ([], 0)


ANSWERS = """
def on_call(e):
    e.call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    e.call.answer()
VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""
WAITS = "- wait_for: agent_turn\n  timeout_ms: 2000\n  on_timeout: {}\n- hang_up\n"


def test_giving_up_fails_the_run(tmp_path):
    """Whoever hangs up because a wait timed out did not get what they waited for."""
    played = play_in(tmp_path, ANSWERS, caller=WAITS.format("hang_up"))
    assert (played.result.outcome, played.result.exit_code) == ("not as expected", 1)
    assert played.warnings == ["caller waited 2 s for the agent to finish speaking"]
    assert played.result.record["people"] == [
        {"who": "caller", "came": "gave up", "passed": False,
         "detail": "waited 2 s for the agent to finish speaking"}
    ]  # fmt: skip


def test_going_on_does_not(tmp_path):
    played = play_in(tmp_path, ANSWERS, caller=WAITS.format("continue"))
    assert played.result.exit_code == 0
    assert "verdict" not in played.result.record


def test_the_caller_that_is_made_up_expects_nothing(tmp_path):
    played = play_in(tmp_path, ANSWERS)
    assert (played.result.exit_code, len(played.warnings)) == (0, 1)


def test_a_ring_group(tmp_path):
    """Three phones ring together: one answers, and the others are let go."""
    group = "caller: {steps: [{wait_for: answer}, {wait: 3000}, hang_up], expect: finished}\n"
    group += "parties:\n"
    group += "".join(
        f"- {{match: {name}, answer_after_ms: {after_ms}, expect: {expect}}}\n"
        for name, after_ms, expect in (
            ("anna", 4_000, "not_connected"), ("bert", 2_000, "connected"),
            ("carla", 9_000, "called"),
        )
    )  # fmt: skip
    played = play_in(tmp_path, RING_GROUP.read_text(encoding="utf-8"), ending="js", caller=group)
    people = {person["who"]: person["came"] for person in played.result.record["people"]}
    assert played.result.exit_code == 0, played.warnings
    assert people == {
        "caller": "finished", "anna": "not connected", "bert": "finished",
        "carla": "not connected",
    }  # fmt: skip
