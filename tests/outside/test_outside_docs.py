"""docs/outside-world.md: its examples are read by the code that it describes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from voxrt.outside import rules_file
from voxrt.outside.exchange import FAILURE_NAMES, Request
from voxrt.outside.rules_file import load_rules, parse_rules

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "outside-world.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("text", blocks("yaml"))
def test_yaml_examples_are_rules(text):
    rules = parse_rules(text)
    assert [*rules.http, *rules.mail, *rules.requests]


def test_there_is_an_example_of_everything():
    rules = [parse_rules(text) for text in blocks("yaml")]
    elsewhere = {"websockets", "clients"}  # docs/websockets.md
    names = [name for name in rules_file.RULES_KEYS if name not in elsewhere]
    assert all(any(getattr(one, name) for one in rules) for name in names)


def test_the_python_example(tmp_path):
    (text,) = blocks("python")
    path = tmp_path / "world.py"
    path.write_text(text)
    rules = load_rules(path)

    def code(**request):
        answer = rules.answer(Request(**request))
        return answer and answer.reply.code

    assert code(url="http://a/", method="POST", body=b'{"caller": 1}') == 201
    assert code(url="http://a/?phone=15551234567") == 200
    assert code(url="http://slow.example.com/") == -7
    assert code(url="http://a/") is None


def test_every_error_is_in_the_table_with_its_code():
    rows = re.findall(r"^\| `([a-z-]+)` \| (-?\d) \|", PAGE, re.MULTILINE)
    assert {name: int(code) for name, code in rows} == FAILURE_NAMES


@pytest.mark.parametrize("keys", ["MATCH_KEYS", "ANSWER_KEYS", "REPLY_KEYS", "REQUEST_KEYS"])
def test_every_key_is_named(keys):
    for key in getattr(rules_file, keys):
        assert re.search(rf"\b{key}\b", PAGE), key


@pytest.mark.parametrize("path", re.findall(r"scenarios/[\w/.-]+", PAGE))
def test_the_files_of_the_commands_are_there(path):
    assert (ROOT / path).exists()
