"""docs/projects.md says what is so."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from attrs import evolve

from voxrt.cli import main as cli
from voxrt.run import run
from voxrt.scenario.fill_in import fill_in, parse_define, undeclared

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "projects.md").read_text(encoding="utf-8")

ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| ") and "`--define`" not in line and line.count("|") == 4
]
COMMANDS = [
    " ".join(command.split("\\\n"))
    for block in re.findall(r"```\n(.*?)```", PAGE, re.DOTALL)
    for command in re.split(r"\n(?=voxrt )", block)
    if command.startswith("voxrt ") and "scenarios/project" in command
]


def code(cell):
    found = re.match(r"`([^`]*)`", cell)
    return found.group(1) if found else ""


@pytest.mark.parametrize(("before", "define", "after"), ROWS, ids=lambda cell: cell[:20])
def test_the_table_of_defines(before, define, after):
    name, value = parse_define(code(define))
    text, expected = code(before), code(after)
    if not expected:
        filled = fill_in(f"f({text})", {name: value}, "javascript")
        assert undeclared({name: value}, [filled]) or filled.placed == {name}
        return
    filled = fill_in(text, {name: value}, "python" if "Python" in before else "javascript")
    assert re.sub(r" +(;|$)", r"\1", filled.text) == expected


def test_the_table_is_there():
    assert len(ROWS) == 8


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[:20])
def test_the_commands_of_the_example(command, monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(ROOT)
    whole = run

    def run_without_a_voice(config, watch):
        return whole(evolve(config, speech="synthetic"), watch)

    monkeypatch.setattr("voxrt.run.run", run_without_a_voice)
    words = shlex.split(command)[1:]
    code = cli.main([*words, *(["--out", str(tmp_path)] if words[0] == "run" else [])])
    out = capsys.readouterr().out
    assert code == 0
    if words[0] == "rules":
        assert "18005550100 is taken by orders" in out
    elif "--start" in words:
        assert "session  shop, ready (seed 1)" in out
        assert 'scenario "Your order is ready."' in out
        assert "call         18005550100 to 15557654321" in out
    else:
        assert "session  credentials, shop, orders (seed 1)" in out
        assert "log      18005550100: 2 loaves" in out
        assert "hung up by the scenario" in out


def test_the_commands_are_there():
    assert len(COMMANDS) == 3
