"""The commands of the documentation, and of the examples' own heads, work as they stand there."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from voxrt.cli import main as cli
from voxrt.legs.queue_file import parse_queues
from voxrt.legs.script_file import parse_script

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = (
    "asr", "calls", "conferences", "menus-and-machines", "outside-world", "players", "queues",
    "websockets",
)  # fmt: skip
EXAMPLES = sorted(
    path.relative_to(ROOT / "scenarios")
    for path in (ROOT / "scenarios").glob("*/*.[pj][ys]")
    if path.stem == path.parent.name
)
#: A command, perhaps continued in the next lines, behind the comment sign of a head.
COMMAND = re.compile(r"^(?:// | \* |#)? *(voxrt (?:run|call-list) (?:.*\\\n)*.*)$", re.MULTILINE)


def commands(text):
    """The commands with an example in them."""
    found = [re.sub(r"\\+\n[/* #]*", " ", command) for command in COMMAND.findall(text)]
    return [
        command for command in found if "scenarios/" in command and "--time real" not in command
    ]


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_a_page(page, checkout, capsys):
    for command in commands((DOCS / f"{page}.md").read_text(encoding="utf-8")):
        assert cli.main(shlex.split(command)[1:]) == 0, command
        assert capsys.readouterr().err == "", command


@pytest.mark.parametrize("path", EXAMPLES, ids=str)
def test_the_command_in_the_head_of_an_example(path, checkout):
    (command, *_) = commands((ROOT / "scenarios" / path).read_text(encoding="utf-8")[:1_500])
    assert path.as_posix() in command
    assert cli.main(shlex.split(command)[1:]) == 0, command


def test_most_pages_have_commands():
    counts = {page: len(commands((DOCS / f"{page}.md").read_text())) for page in PAGES}
    assert counts["outside-world"] >= 6
    assert all(counts[page] for page in ("calls", "queues", "conferences", "websockets"))


def yaml_blocks(page):
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    return re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)


def test_the_queues_of_the_page_are_queues():
    (text,) = yaml_blocks("queues")
    assert [queue.name for queue in parse_queues(text).plan.queues] == ["support"]


def test_the_voicemail_of_the_page_is_a_caller_script():
    (text,) = yaml_blocks("menus-and-machines")
    script = parse_script(text)
    assert [party.match for party in script.parties] == ["15557654321"]
