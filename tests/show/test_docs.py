"""The commands of the documentation work as they stand there."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from voxrt.cli import main as cli

ROOT = Path(__file__).parents[2]


def commands(name):
    """The command lines in a page's blocks, in order."""
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    blocks = re.findall(r"^```(\w*)\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    shell = [block for language, block in blocks if not language]
    return [line for block in shell for line in block.splitlines() if line.startswith("voxrt ")]


@pytest.mark.parametrize("name", ["show.md", "step.md"])
def test_every_command_works(name, tmp_path, monkeypatch, capsys):
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    monkeypatch.chdir(tmp_path)
    lines = commands(name)
    assert len(lines) >= 5
    for line in lines:
        assert cli.main(shlex.split(line)[1:]) == 0, line
    assert "error" not in capsys.readouterr().err


def test_the_files_that_the_page_names_are_there(tmp_path, monkeypatch, capsys):
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    monkeypatch.chdir(tmp_path)
    for line in commands("show.md"):
        cli.main(shlex.split(line)[1:])
    for path in ("runs/demo/show.html", "runs/demo/labels.txt", "runs/demo/trace.json", "two.html"):
        assert Path(path).is_file()
