"""The classic scenarios in JavaScript, each held to the journal of a run.

A scenario without a golden journal needs what voxrt does not emulate yet: its run has to stop
with an error that names the missing member, at the line that uses it. When the member is there,
the test fails and asks for the journal.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from examples import CLASSIC, CLASSICS, classic_config
from journals import GOLDEN, hold

from voxrt.run import run
from voxrt.session.journal import read_journal

ROOT = Path(__file__).parents[2]
#: What the run shows that the scenario is about.
OUTCOMES = {
    "business-hours": "Monday, 10.00 h: closed",
    "call-list": "Rating: 5",
    "call-screening": None,
    "callback": None,
    "click-to-call": None,
    "forward": "Place 3 answered",
    "hold-music": None,
    "http-lookup": "Reported: 201",
    "ivr-menu": "Key 0: Goodbye.",
    "language-choice": 'Language 2 of {"language":"2"}',
    "outbound-reminder": "Outcome: confirmed",
    "pin-entry": "Attempt 3: 4 digits, true",
    "ring-group": "carla takes the call",
    "voicemail-box": "Kept: ",
}


def golden(name):
    return GOLDEN / "classic" / f"{name}.jsonl"


@pytest.fixture
def classic(tmp_path, monkeypatch):
    """Runs a scenario as its head comment says, without encoders and with the synthetic voice."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("voxrt.vox.reel.encoders", set)

    def play(name, **changes):
        return run(classic_config(name, tmp_path / "out", **changes))

    return play


def texts(result, kind):
    return [r["text"] for r in read_journal(result.files["journal"]) if r["kind"] == kind]


def test_each_scenario_is_run():
    files = {path.name.partition(".")[0] for path in (ROOT / CLASSIC).glob("*.js")}
    assert files == set(CLASSICS)


@pytest.mark.parametrize("name", CLASSICS)
def test_journal(classic, name):
    result = classic(name)
    assert [r for r in read_journal(result.files["journal"]) if r["kind"] == "error"] == []
    hold(result, golden(name))


@pytest.mark.parametrize("name", OUTCOMES)
def test_what_the_scenario_is_about(classic, name):
    result = classic(name)
    assert result.finish_reason == "Normal termination"
    assert texts(result, "warning") == []
    outcome = OUTCOMES[name]
    assert outcome is None or any(text.startswith(outcome) for text in texts(result, "log"))


def test_the_owner_refuses_the_screened_call(classic, tmp_path):
    caller = tmp_path / "refused.yaml"
    script = (ROOT / CLASSIC / "call-screening.yaml").read_text(encoding="utf-8")
    caller.write_text(script.replace('press: "1"', 'press: "2"'), encoding="utf-8")
    result = classic("call-screening", caller=caller)
    assert texts(result, "log") == ["The call was not taken"]
    heard = [text for text in texts(result, "heard") if "cannot be taken" in text]
    assert heard == ["I am sorry, your call cannot be taken now."]


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("ring-group", "All our lines are busy. Please try again in a few minutes."),
        ("forward", "Nobody is here. Please call later."),
    ],
)
def test_nobody_is_there(classic, tmp_path, name, outcome):
    caller = tmp_path / "nobody.yaml"
    caller.write_text("parties:\n  - match: '*'\n    busy: true\n", encoding="utf-8")
    result = classic(name, caller=caller)
    assert " ".join(texts(result, "heard")) == outcome
    assert result.finish_reason == "Normal termination"


@pytest.mark.parametrize(
    ("data", "outcome"),
    [
        ("", "Outcome: nobody to call"),
        ("{", "The custom data is no JSON: "),
        ('{"phone": "x"}', "Outcome: not reached"),
    ],
)
def test_the_reminder_without_a_guest(classic, data, outcome):
    result = classic("outbound-reminder", custom_data=data)
    assert texts(result, "log")[-1].startswith(outcome)
    assert result.exit_code == 0


def test_the_reminder_is_tried_again(classic, tmp_path):
    caller = tmp_path / "busy.yaml"
    caller.write_text("parties:\n  - match: '*'\n    busy: true\n", encoding="utf-8")
    result = classic("outbound-reminder", caller=caller)
    assert texts(result, "log") == [f"Attempt {n}: 486 Busy Here" for n in (1, 2, 3)] + [
        "Outcome: not reached"
    ]


@pytest.mark.parametrize("answer", ["reply: 500", "error: timeout", "reply: {text: no JSON}"])
def test_a_broken_service_keeps_nobody_waiting(classic, tmp_path, answer):
    answers = tmp_path / "answers.yaml"
    answers.write_text(f"http:\n  - {answer}\n", encoding="utf-8")
    result = classic("http-lookup", http=answers)
    assert "Hello, one moment." in texts(result, "heard")
    assert texts(result, "log")[0].startswith("CRM: ")


def test_three_wrong_pins_end_the_call(classic, tmp_path):
    caller = tmp_path / "wrong.yaml"
    steps = '- wait_for: agent_turn\n- press: "1111"\n' * 3 + "- wait_for: event Disconnected\n"
    caller.write_text(steps, encoding="utf-8")
    result = classic("pin-entry", caller=caller)
    assert texts(result, "log") == [f"Attempt {n}: 4 digits, false" for n in (1, 2, 3)]
    assert texts(result, "heard")[-1] == "Goodbye."
