"""The example scenarios, each held to the journal of a run in tests/golden.

After a change that is meant to be seen in them, run with VOXRT_WRITE_GOLDEN=1 and read the diff.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from calls import level_of

from voxrt.outside.call_list import read_call_list
from voxrt.run import RunConfig, run

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"

MUSIC_MS = range(5_400, 10_000, 500)

GUEST = '{"phone": "15557654321", "name": "Ann", "time": "eight"}'
EXAMPLES = {
    "call-list": {"caller": "guests.yaml", "call_list": 1},
    "forward": {"caller": "caller.yaml"},
    "lookup": {
        "caller": "caller.yaml",
        "http": "answers.yaml",
        "secrets": {"CRM_TOKEN": "crm-token-0123"},
    },
    "menu": {"caller": "caller.yaml"},
    "music": {"caller": "caller.yaml"},
    "reminder": {"caller": "guest.yaml", "start": True, "custom_data": GUEST},
    "websocket": {"caller": "caller.yaml", "http": "peers.yaml"},
}


@pytest.fixture
def example(tmp_path, monkeypatch):
    """Runs an example as its docstring says, without encoders and with the synthetic voice."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("voxrt.vox.recording.encoders", set)

    def play(name, out="out", **changes):
        options = {**EXAMPLES[name], **changes}
        for option in ("caller", "http"):
            if options.get(option):
                options[option] = Path("scenarios", name, options[option])
        if "call_list" in options:
            rows = read_call_list(Path("scenarios", name, "guests.csv"))
            options["call_list"] = rows[options["call_list"] - 1]
        config = RunConfig(
            scenarios=tuple(Path("scenarios", name).glob(f"{name}.[pj][ys]")),
            out=tmp_path / out,
            speech="synthetic",
            **options,
        )
        return run(config)

    return play


def lines_of(result):
    """The journal without what every release and every edit changes."""
    lines = result.files["journal"].read_text(encoding="utf-8").splitlines()
    first = json.loads(lines[0])
    assert first["kind"] == "run"
    kept = {key: first[key] for key in ("format", "profile", "seed", "date")}
    return [json.dumps(kept, separators=(",", ":")), *lines[1:]]


def heard(result, by):
    records = [json.loads(line) for line in result.files["journal"].read_text().splitlines()]
    return [r["text"] for r in records if r["kind"] == "heard" and r["by"] == by]


@pytest.mark.parametrize("name", EXAMPLES)
def test_journal(example, name):
    result = example(name)
    assert result.exit_code == 0
    path = GOLDEN / f"{name}.jsonl"
    lines = lines_of(result)
    if os.environ.get("VOXRT_WRITE_GOLDEN"):
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    wanted = path.read_text(encoding="utf-8").splitlines()
    for number, (line, expected) in enumerate(zip(lines, wanted, strict=False), 1):
        assert json.loads(line) == json.loads(expected), f"record {number}"
        assert line == expected, f"record {number}"
    assert len(lines) == len(wanted)


@pytest.mark.parametrize("name", EXAMPLES)
def test_two_runs_are_the_same_to_the_byte(example, name):
    one, two = example(name), example(name, out="again")
    files = sorted(path.relative_to(one.out) for path in one.out.rglob("*") if path.is_file())
    assert any(path.suffix == ".wav" for path in files)
    for path in files:
        assert (one.out / path).read_bytes() == (two.out / path).read_bytes(), path


def test_the_forwarded_call_is_a_conversation(example):
    result = example("forward")
    assert heard(result, "caller") == ["It is.", "You can have it today.", "See you!"]
    assert heard(result, "party") == [
        "Hello Bob, is the blue bicycle ready?",
        "Wonderful, I'll be there at five.",
    ]
    assert len(list((result.out / "recordings").glob("*.wav"))) == 1


def test_the_menu_answers_keys_of_every_kind(example):
    result = example("menu")
    log = [line for line in result.files["log"].read_text().splitlines() if " key " in line]
    assert [line.rpartition(" key ")[2] for line in log] == ["1 by 1", "5 by 3", "2 by 2", "9 by 1"]
    said = " ".join(heard(result, "caller"))
    for answer in ("ten to six", "nothing behind that key", "twelve Station Road", "Goodbye."):
        assert answer in said


def test_the_music_plays_until_somebody_is_free(example):
    result = example("music")
    log = result.files["log"].read_text()
    assert "ringing bob, 1500 ms into the announcement" in log
    assert heard(result, "caller") == [
        "Welcome to the bicycle shop.",
        "Everybody is busy at the moment, please hold the line.",
        "Thank you for your patience.",
        "You are the next in line.",
        "Bob speaking, thank you for holding.",
        "It is.",
        "You can have it today.",
    ]
    # The melody has no silence of a second in it: it is heard from the welcome to the reminder.
    assert all(level_of(result.out / "call-1.wav", 1, ms, ms + 500) > -40 for ms in MUSIC_MS)
    assert level_of(result.out / "call-1.wav", 1, 16_660, 16_740) == -100.0
    assert level_of(result.out / "call-2.wav", 1, 15_140, 15_240) > -30  # the pip, for both


def test_nobody_is_free(example, tmp_path):
    script = tmp_path / "nobody.yaml"
    script.write_text("caller: {steps: []}\nparties: [{match: bob, busy: true}]\n")
    result = example("music", caller=script)
    assert heard(result, "caller")[-2:] == ["I am sorry, nobody is free today.", "Goodbye."]
    assert result.exit_code == 0


def test_the_reminder_is_confirmed(example):
    result = example("reminder")
    assert "The guest: confirmed" in result.files["log"].read_text()
    assert heard(result, "party")[-1] == "Thank you, see you soon."


@pytest.mark.parametrize(
    ("custom_data", "outcome"),
    [(None, "There is nobody to call."), ('{"phone": "x"}', "not reached: 404 Not Found")],
)
def test_the_reminder_without_a_guest(example, custom_data, outcome):
    result = example("reminder", custom_data=custom_data)
    assert outcome in result.files["log"].read_text()
    assert result.exit_code == 0


def test_the_lookup_survives_a_slow_directory(example):
    result = example("lookup")
    assert "The directory: -7 Timeout is reached" in result.files["log"].read_text()
    assert heard(result, "caller")[-1] == "Hello Ann, your bicycle is ready."
    records = [json.loads(line) for line in result.files["journal"].read_text().splitlines()]
    assert [r["code"] for r in records if r.get("state") == "reply"] == [-7, 200, 201]
    assert [json.loads(r["body"])["name"] for r in records if r["kind"] == "access"] == ["Ann"]
    assert "crm-token-0123" not in result.files["journal"].read_text()


def test_the_lookup_remembers_between_runs(example, tmp_path):
    storage = tmp_path / "shared.sqlite3"
    example("lookup", storage=storage)
    result = example("lookup", out="again", storage=storage)
    records = [json.loads(line) for line in result.files["journal"].read_text().splitlines()]
    assert [r["method"] for r in records if r.get("state") == "request"] == ["POST"]


@pytest.mark.parametrize("changes", [{"from_": "15550000000"}, {"http": None}])
def test_the_lookup_without_a_name(example, changes):
    result = example("lookup", **changes)
    assert result.exit_code == 0
    assert heard(result, "caller")[-1] == "How can I help?"


@pytest.mark.parametrize(
    ("row", "outcome", "data"),
    [
        (1, "success", {"result": True, "duration": 4}),
        (2, "error", {"error": {"result": False, "code": 486, "msg": "Busy Here"}}),
        (3, "error", {"result": False, "msg": "no answer"}),
        (4, "success", {"result": False, "msg": "NOT_A_NUMBER"}),
    ],
)
def test_each_row_of_the_call_list(example, row, outcome, data):
    record = example("call-list", call_list=row).record["call_list"]
    assert (record["outcome"], record["result_data"]) == (outcome, data)


def test_the_application_is_talked_to_over_the_websocket(example):
    result = example("websocket")
    assert 'Closed with 1000: {"guests":2}' in result.files["log"].read_text()
    assert heard(result, "websocket") == ["A table for two, please."]
    assert heard(result, "caller") == [
        "Good evening, how may I help?",
        "A table for two is yours.",
        "Goodbye.",
    ]


def test_the_application_cannot_be_reached(example):
    result = example("websocket", from_="15557654321", http=None)
    assert "The application cannot be reached" in result.files["log"].read_text()
