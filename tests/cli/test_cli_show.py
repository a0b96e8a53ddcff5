"""`voxrt show`: what is written where, and one message for bad input."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from voxrt.cli import main as cli
from voxrt.run import RunConfig, run

SCENARIO = (
    'Logger.write("hello")\nVoxEngine.addEventListener(AppEvents.Started, VoxEngine.terminate)\n'
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A finished run in the working directory."""
    monkeypatch.chdir(tmp_path)
    Path("hello.py").write_text(SCENARIO)
    run(RunConfig(scenarios=(Path("hello.py"),), start=True, out=Path("run")))
    return "run"


def voxrt(capsys, *words):
    code = cli.main(["show", *words])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_the_terminal_gets_the_account_and_the_summary(capsys, folder):
    code, out, err = voxrt(capsys, folder)
    assert (code, err) == (0, "")
    assert "log      hello" in out
    assert "ended        Normal termination" in out
    assert "journal      run/journal.jsonl" in out


def test_the_terminal_tells_wall_time(capsys, folder):
    _, out, _ = voxrt(capsys, folder)
    assert re.search(r"^wall time    \d+ ms, on 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC$", out, re.M)
    Path(folder, "timing.jsonl").write_text("damaged\n")
    code, out, err = voxrt(capsys, folder)
    assert (code, "wall time" in out) == (0, False)
    assert err.startswith("warning: run/timing.jsonl:1: this line is not JSON")
    Path(folder, "timing.jsonl").unlink()
    code, out, err = voxrt(capsys, folder)
    assert (code, "wall time" in out, err) == (0, False, "")


def test_each_form_is_a_file_in_the_folder(capsys, folder):
    code, out, _ = voxrt(capsys, folder, "--html", "--labels", "--trace")
    assert code == 0
    for name in ("show.html", "labels.txt", "trace.json"):
        assert Path(folder, name).is_file()
        assert f"run/{name}  " in out


def test_another_name_for_the_file(capsys, folder, tmp_path):
    code, _, _ = voxrt(capsys, folder, "--html", "--out", "page.html")
    assert code == 0
    assert Path("page.html").read_text().startswith("<!DOCTYPE html>")
    assert not Path(folder, "show.html").exists()


def test_the_next_run_in_the_folder_takes_them_away(capsys, folder):
    voxrt(capsys, folder, "--html", "--trace")
    Path(folder, "replay.json").write_text("{}")  # the folder was that of a replay
    run(RunConfig(scenarios=(Path("hello.py"),), start=True, out=Path("run")))
    assert not Path(folder, "show.html").exists()
    assert not Path(folder, "trace.json").exists()
    assert not Path(folder, "replay.json").exists()


def test_two_runs_on_one_page(capsys, folder):
    run(RunConfig(scenarios=(Path("hello.py"),), start=True, out=Path("other")))
    code, _, _ = voxrt(capsys, folder, "--html", "--beside", "other", "--divergence", "2:3")
    assert code == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nowhere"], "no such folder"),
        (["."], "not the folder of a run"),
        (["hello.py"], "this is a file"),
        (["run", "--out", "x"], "--out names one file"),
        (["run", "--html", "--trace", "--out", "x"], "--out names one file"),
        (["run", "--beside", "run"], "go with --html"),
        (["run", "--html", "--divergence", "2"], "name the second one with --beside"),
        (["run", "--html", "--beside", "run", "--divergence", "x"], "takes N or N:M"),
        (["run", "--html", "--beside", "run", "--divergence", "99"], "the run has 1 to"),
        (["run", "--html", "--out", "no/folder/x"], "cannot be written"),
    ],
)
def test_bad_input_is_one_message(capsys, folder, words, message):
    code, out, err = voxrt(capsys, *words)
    assert code == 2
    assert out == ""
    assert message in err
    assert err.count("error: ") == 1
    assert "Traceback" not in err


def test_a_damaged_journal_names_its_line(capsys, folder):
    journal = Path(folder, "journal.jsonl")
    lines = journal.read_text().splitlines()
    journal.write_text("\n".join([lines[0], "{broken", *lines[1:]]) + "\n")
    code, _, err = voxrt(capsys, folder)
    assert code == 2
    assert "journal.jsonl:2" in err


def test_runs_that_do_the_same_are_said_to(capsys, folder):
    code, out, _ = voxrt(capsys, folder, "--html", "--beside", folder)
    assert code == 0
    assert "the two runs do the same" in out
