"""A scenario over the rows of a call list."""

from __future__ import annotations

import json
from textwrap import dedent

import pytest

from voxrt.cli import main as cli
from voxrt.errors import UsageError
from voxrt.outside.call_list import Row
from voxrt.run import RunConfig
from voxrt.run.call_list import run_call_list

PRELUDE = """
import json
require(Modules.ApplicationStorage)
row = json.loads(VoxEngine.customData() or "{}")
async def count():
    known = await ApplicationStorage.get(row["name"])
    attempt = int(known.value) + 1 if known else 1
    await ApplicationStorage.put(row["name"], str(attempt), 600)
    return attempt
"""


@pytest.fixture
def work(tmp_path):
    """Runs a handler of `Started` over rows; gives every attempt."""

    def run(body, *names, attempts=1, **config):
        path = tmp_path / "scenario.py"
        body = dedent(body).strip().replace("\n", "\n    ")
        path.write_text(
            f"async def on_start(e):\n    global row\n"
            f"    row = json.loads(VoxEngine.customData())\n    {body}\n"
            f"VoxEngine.addEventListener(AppEvents.Started, on_start)\n{PRELUDE}"
        )
        rows = [Row(number=n, data={"name": name}) for n, name in enumerate(names, 1)]
        config = RunConfig(scenarios=(path,), out=tmp_path / "out", speech="synthetic", **config)
        return run_call_list(config, rows, attempts)

    return run


def told(tried):
    return [(one.row.data["name"], one.attempt, one.status) for one in tried]


def test_a_result_ends_a_row_and_an_error_leads_to_the_next_attempt(work):
    tried = work(
        """
        attempt = await count()
        if row["name"] == "Ann" or attempt == 2:
            CallList.reportResult({"attempt": attempt}, VoxEngine.terminate)
        else:
            CallList.reportError("busy", VoxEngine.terminate)
        """,
        "Ann", "Bob",
        attempts=3,
    )  # fmt: skip
    assert told(tried) == [
        ("Ann", 1, "Processed"),
        ("Bob", 1, "Next attempt"),
        ("Bob", 2, "Processed"),
    ]
    assert tried[-1].outcome["result_data"] == {"attempt": 2}


def test_attempts_run_out(work):
    tried = work('CallList.reportError("busy", VoxEngine.terminate)', "Ann", attempts=2)
    assert told(tried) == [("Ann", 1, "Next attempt"), ("Ann", 2, "Error")]


def test_no_report_is_a_success_even_of_a_session_that_broke(work):
    tried = work("raise ValueError", "Ann", attempts=2)
    assert told(tried) == [("Ann", 1, "Processed")]
    assert tried[0].result.outcome == "script error"


def test_the_next_attempt_gets_what_was_asked_for(work):
    tried = work(
        """
        if row["name"] == "Ann":
            data = {"custom_data": {"name": "Anna"}, "attempts_left": 2}
            CallList.requestNextAttempt(data, VoxEngine.terminate)
        else:
            CallList.requestNextAttempt({}, VoxEngine.terminate)
        """,
        "Ann",
    )
    assert told(tried) == [
        ("Ann", 1, "Next attempt"),
        ("Anna", 2, "Next attempt"),
        ("Anna", 3, "Error"),
    ]


def test_the_results_are_a_csv_list(work, tmp_path):
    work('CallList.reportResult({"ü": 1}, VoxEngine.terminate)', "Ann;1", "Bob")
    assert (tmp_path / "out" / "results.csv").read_text(encoding="utf-8").splitlines() == [
        "name;status;attempts;result_data",
        '"Ann;1";Processed;1;"{""ü"": 1}"',
        'Bob;Processed;1;"{""ü"": 1}"',
    ]


def test_each_attempt_has_its_folder_and_a_list_begins_with_an_empty_storage(work, tmp_path):
    body = "CallList.reportError(await count(), VoxEngine.terminate)"
    for _ in range(2):
        tried = work(body, "Ann", attempts=2)
        assert [one.outcome["result_data"] for one in tried] == [1, 2]
    journal = tmp_path / "out" / "row-1" / "attempt-2" / "journal.jsonl"
    records = [json.loads(line) for line in journal.read_text().splitlines()]
    assert records[-1]["call_list"]["row"] == 1


def test_what_cannot_be_run(work):
    with pytest.raises(UsageError, match="--attempts must be from 1 to 100, not 0"):
        work("pass", "Ann", attempts=0)
    with pytest.raises(UsageError, match="the call list has no rows"):
        work("pass")


def test_the_command(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.py").write_text(
        "VoxEngine.addEventListener(AppEvents.Started,\n"
        "    lambda e: CallList.reportError('é', VoxEngine.terminate))\n"
    )
    (tmp_path / "l.csv").write_text("phone;name\n1;Ann\n")
    code = cli.main(["call-list", "s.py", "--list", "l.csv", "--attempts", "2", "--out", "o"])
    assert code == 0
    assert capsys.readouterr().out.splitlines() == [
        'row 1 (1, Ann), attempt 1: Next attempt "é"',
        'row 1 (1, Ann), attempt 2: Error "é"',
        "",
        "results      o/results.csv",
    ]
    (tmp_path / "s.py").write_text("1 / 0")
    assert cli.main(["call-list", "s.py", "--list", "l.csv"]) == 1
    assert "[script error: JS session error]" in capsys.readouterr().out
    assert (tmp_path / "runs" / "s-list" / "results.csv").exists()
    assert cli.main(["call-list", "--list", "l.csv"]) == 2
    assert "no scenario was given" in capsys.readouterr().err
