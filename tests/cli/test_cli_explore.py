"""`voxrt explore` on the command line."""

from __future__ import annotations

import pytest
import yaml

from voxrt.cli.main import main
from voxrt.testing.play import play_file

BROKEN = """
def on_call(e):
    e.call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    e.call.addEventListener(CallEvents.MessageReceived, lambda event: 1 / 0)
    e.call.answer()

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""


#: What is drawn depends on the constants in all loaded modules, which Hypothesis collects: enough
#: conversations for one with the message in it, whatever they are. The first ends the search.
FIND = ("--say", "Ping", "--moves", "3", "--examples", "1000")


@pytest.fixture
def scenario(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    (tmp_path / "line.py").write_text(BROKEN)
    return "line.py"


def test_what_is_found_is_told_and_written(scenario, tmp_path, capsys):
    assert main(["explore", scenario, *FIND]) == 1
    told = capsys.readouterr().out
    assert told.startswith("steps:\n- message: Ping\n")
    assert "found         script error: line.py:4: ZeroDivisionError: division by zero\n" in told
    assert "conversation  runs/explore-line/found.conversation.yaml\n" in told
    folder = tmp_path / "runs" / "explore-line"
    assert "scenario: ../../line.py\n" in (folder / "found.conversation.yaml").read_text()
    assert (folder / "journal.jsonl").is_file()
    again = ["run", scenario, "--quiet", "--caller", str(folder / "caller.yaml")]
    assert main([*again, "--out", "again"]) == 1


def test_nothing_is_found(scenario, tmp_path, capsys):
    (tmp_path / scenario).write_text(BROKEN.replace("1 / 0", "None"))
    assert main(["explore", scenario, "--examples", "5", "--moves", "2"]) == 0
    assert "went wrong in" in capsys.readouterr().out
    assert not (tmp_path / "runs").exists()


def test_what_goes_wrong_on_saturdays_is_found_and_fails_again(scenario, tmp_path):
    weekend = BROKEN.replace("1 / 0", "1 / (Date().weekday() != 5)")
    (tmp_path / scenario).write_text(weekend)
    assert main(["explore", scenario, *FIND[:-1], "100"]) == 0
    assert main(["explore", scenario, *FIND, "--date", "2026-03-28T12:00+01:00"]) == 1
    path = tmp_path / "runs" / "explore-line" / "found.conversation.yaml"
    assert "date: '2026-03-28T11:00:00+00:00'\n" in path.read_text()
    assert not play_file(path, tmp_path / "again").passed


def test_a_rule_of_a_project(scenario, tmp_path):
    """What is found names the project and the rule, not the files."""
    rules = tmp_path / "project" / "rules.config.json"
    rules.parent.mkdir()
    rules.write_text('[{"ruleName": "line", "rulePattern": ".*", "scenarios": ["line"]}]')
    (rules.parent / "line.py").write_text(BROKEN)
    assert main(["explore", "--project", "project", *FIND]) == 1
    path = tmp_path / "runs" / "explore-line" / "found.conversation.yaml"
    written = yaml.safe_load(path.read_text())
    assert (written["project"], written["rule"]) == ("../../project", "line")
    assert "scenario" not in written
    assert not play_file(path, tmp_path / "again").passed


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--examples", "0"], "--examples must be greater than 0, not 0."),
        (["--seconds", "-1"], "--seconds must be greater than 0, not -1.0."),
        (["--moves", "0"], "--moves must be greater than 0, not 0."),
        (["--caller", "line.py"], "an exploration changes a caller script, so it has to be YAML"),
        (["--check", "none.py"], "none.py: error: there is no such file"),
        (["--caller", "none.yaml"], "none.yaml: error: there is no such file"),
    ],
)
def test_bad_input(scenario, capsys, options, said):
    assert main(["explore", scenario, *options]) == 2
    assert said in capsys.readouterr().err
