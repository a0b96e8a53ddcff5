"""Every command that reads the folder of a run, and one that somebody has broken.

It does what it can, or says in one message what is wrong; a traceback is a bug.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
from broken import broken
from examples import MAKERS

from voxrt.cli.main import main
from voxrt.run import run

#: More with VOXRT_FUZZ_SEEDS=1000.
ROOT = Path(__file__).parents[2]
SEEDS = int(os.environ.get("VOXRT_FUZZ_SEEDS", "60"))
AGENT, SOCKETS, STEPS = "agents/restaurant.py", "examples/websocket", "steps"

#: The command lines, with the broken folder as `{run}`, and which folder that is.
COMMANDS = (
    ("replay {run} --out {out}", AGENT),
    ("replay {run} --out {out} --all", SOCKETS),
    ("replay {run} --out {out} --until 20 --then stand-in", AGENT),
    ("show {run}", AGENT),
    ("show {run} --verbose", SOCKETS),
    ("show {run} --html --out {page}", AGENT),
    ("show {whole} --html --beside {run} --out {page}", AGENT),
    ("show {run} --labels --trace", SOCKETS),
    ("step {run} again", STEPS),
    ("step {run} say Hello.", STEPS),
    ("step {run} script", STEPS),
    ("replay {run} --out {out}", STEPS),
    (
        "import {run}/call-1.wav --log {run}/session.log --trace {run}/links/1.jsonl --out {out}",
        AGENT,
    ),
    ("cassette {run}/links/1.jsonl --agent {agent}", AGENT),
    (
        "run {scenario} --cassette {run}/links/1.jsonl --record-mode none --out {out}",
        AGENT,
    ),
    ("run {scenario} --cassette {run}/links --record-mode none --out {out}", AGENT),
    ("run {scenario} --caller {imported} --out {out} --quiet", "imported"),
    ("replay {imported} {scenario} --allow {imported}/allowed.yaml --out {out}", "imported"),
    ("show {imported} --html --out {page}", "imported"),
    ("test {tests} --out {out}", "tests"),
)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """One folder of each kind, whole."""
    base = tmp_path_factory.mktemp("whole")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        patch.setattr("voxrt.vox.reel.encoders", set)
        for name in (AGENT, SOCKETS):
            kind, _, example = name.partition("/")
            run(MAKERS[kind](example, base / name))
        menu = str(ROOT / "scenarios/menu/menu.py")
        assert main(["step", str(base / STEPS), "start", menu]) == 0
        whole = base / AGENT
        words = ["import", str(whole / "call-1.wav"), "--log", str(whole / "session.log")]
        words += ["--trace", str(whole / "links/1.jsonl"), "--starts-at", "0"]
        assert main([*words, "--out", str(base / "imported")]) == 0
        shutil.copytree(ROOT / "scenarios/restaurant", base / "tests")
        shutil.copytree(whole / "links", base / "tests/links")
        booking = base / "tests/tests/booking.conversation.yaml"
        text = booking.read_text().replace("agent: ../agent.yaml", "cassette: ../links/1.jsonl")
        booking.write_text(text.replace("response_ms: {most: 2000}", "response_ms: {most: 3000}"))
    return base


@pytest.fixture
def do(folders, tmp_path, monkeypatch):
    """`do(command, place)` does a command with a folder: its exit code."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("voxrt.vox.reel.encoders", set)

    def do_it(command, place):
        names = {
            "run": place, "imported": place, "tests": place / "tests", "whole": folders / AGENT,
            "scenario": ROOT / "scenarios/restaurant/restaurant.py",
            "agent": ROOT / "scenarios/restaurant/agent.yaml",
            "out": tmp_path / "run", "page": tmp_path / "page.html",
        }  # fmt: skip
        return main([word.format(**names) for word in command.split()])

    return do_it


@pytest.mark.parametrize(("command", "kind"), COMMANDS)
def test_a_whole_folder_is_read(folders, tmp_path, do, command, kind):
    code = do(command, Path(shutil.copytree(folders / kind, tmp_path / "copy")))
    # A server is asked the recorded questions at other times, and may answer otherwise.
    assert code == 0 or (code == 1 and command.startswith("cassette"))


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_command_does_what_it_can_or_says_what_is_wrong(folders, tmp_path, do, capsys, seed):
    command, kind = COMMANDS[seed % len(COMMANDS)]
    code = do(command, broken(folders / kind, tmp_path / "broken", seed))
    out, err = capsys.readouterr()
    assert code in (0, 1, 2, 3)
    told = f"{out}{err}" if command.startswith("test") else err  # which tells them in its report
    messages = re.findall(r"(?:^|: )error: .+", told, re.MULTILINE)
    assert len(messages) <= 1, told
    assert messages or code != 2, told
