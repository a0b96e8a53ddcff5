"""docs/cassettes.md and docs/yesterdays-call.md: their commands are run, and tell what they say."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from voxrt.cli.main import main
from voxrt.errors import UsageError
from voxrt.legs.script_file import parse_script
from voxrt.media.speech import Speaker
from voxrt.xai.cassette import read_cassette

ROOT = Path(__file__).parents[2]


def page(name):
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def commands(name):
    """The commands of a page that can be run as they are: none that need xAI or files of yours."""
    found = []
    for block in re.findall(r"```\n(voxrt .*?)```", page(name), re.DOTALL):
        words = shlex.split(block.replace("\\\n", " "))
        if not any(word in ("agent.js", "SCENARIO", "stand-in") for word in words):
            found.append(words[1:])
    return found


@pytest.fixture
def here(tmp_path, monkeypatch):
    """The project's scenarios, in a folder where anything may be written."""
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_commands_about_cassettes(here, capsys):
    command, rehearsed = commands("cassettes.md")
    assert main(command) == 0
    assert "cassette     booking.jsonl" in capsys.readouterr().out
    assert main([*command, "--record-mode", "none"]) == 0
    assert "the recording booking.jsonl, not xAI's model" in capsys.readouterr().out
    assert main(rehearsed) in (0, 1)  # a guest who interrupts does it at another word
    assert "received" in capsys.readouterr().out


def test_the_example_of_a_cassette_is_one(tmp_path):
    (block,) = re.findall(r"```json\n(.*?)```", page("cassettes.md"), re.DOTALL)
    (tmp_path / "example.jsonl").write_text(block, encoding="utf-8")
    cassette = read_cassette(tmp_path / "example.jsonl")
    assert [line.direction for line in cassette.lines] == ["received", "sent", "sent", "closed"]


def test_every_key_that_a_run_writes_is_explained(here):
    main([*commands("cassettes.md")[0], "--quiet"])
    lines = [json.loads(line) for line in Path("booking.jsonl").read_text().splitlines()]
    names = {name for line in lines for name in line} | {"text", "binary", "ignore", "session"}
    unexplained = [name for name in sorted(names) if f"`{name}`" not in page("cassettes.md")]
    assert unexplained == []


def test_the_commands_about_yesterdays_call(here, capsys):
    """In order, as a reader types them; what the import tells is what the page shows."""
    try:
        Speaker("espeak")
    except UsageError:
        pytest.skip("the extra `speech` is not installed")
    made, imported, *again = commands("yesterdays-call.md")
    assert main(made) == 0
    capsys.readouterr()
    assert main(imported) == 0
    told = capsys.readouterr().out
    (shown,) = re.findall(r"```\n(call  .*?)```", page("yesterdays-call.md"), re.DOTALL)
    assert told == shown
    assert len(again) == 4
    for command in again:
        assert main(command) == 0, command
    assert "not used" not in capsys.readouterr().out


def test_the_caller_script_is_as_the_page_shows_it(here):
    made, imported, *_ = commands("yesterdays-call.md")
    main([*made, "--quiet"])
    main(imported)
    (block,) = re.findall(r"```yaml\n(.*?)```", page("yesterdays-call.md"), re.DOTALL)
    assert block in Path("booking/caller.yaml").read_text(encoding="utf-8")
    assert parse_script(block, folder=Path("booking")).caller.number == "15550123456"


def test_the_test_in_python_passes(here):
    """As a reader keeps it: in a file of its own, beside the folder."""
    made, imported, *_ = commands("yesterdays-call.md")
    main([*made, "--quiet"])
    main(imported)
    (block,) = re.findall(r"```python\n(.*?)```", page("yesterdays-call.md"), re.DOTALL)
    Path("test_yesterday.py").write_text(block, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_yesterday.py"]
    told = subprocess.run(command, capture_output=True, text=True)
    assert "1 passed" in told.stdout, told.stdout + told.stderr
    assert main(["show", "booking", "--html"]) == 0
    assert Path("booking/show.html").is_file()
