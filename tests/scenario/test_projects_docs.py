"""docs/projects.md says what is so."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from voxrt.cli import main as cli
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
    """Up to the run itself: the options are taken, and the rule and its files are found."""
    monkeypatch.chdir(ROOT)
    given = []

    def run(config, watch):
        given.append(config)
        raise KeyboardInterrupt

    monkeypatch.setattr("voxrt.run.run", run)
    words = shlex.split(command)[1:]
    code = cli.main([*words, *(["--out", str(tmp_path)] if words[0] == "run" else [])])
    if words[0] == "rules":
        assert code == 0
        assert "18005550100 is taken by orders" in capsys.readouterr().out
        return
    (config,) = given
    assert code == 130
    assert config.defines == {"SHOP_NUMBER": "18005550100"}
    assert config.application == "bakery.example.voximplant.com"
    assert config.rule == ("ready" if "--start" in words else "orders")
    assert config.caller.is_file()


def test_the_commands_are_there():
    assert len(COMMANDS) == 3
