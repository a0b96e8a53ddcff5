"""Broken files of users, made up: each gives one error that names the file and the line.

Good files are broken in two ways. Their values are exchanged for wrong ones, which mostly still is
YAML; and their text is cut, doubled and sprinkled with characters that mean something to YAML.
"""

from __future__ import annotations

import copy
import random
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from voxrt.documents import parse_document
from voxrt.errors import DocumentError, InputError
from voxrt.legs.queue_file import parse_queues
from voxrt.legs.script_file import parse_script
from voxrt.outside.rules_file import parse_rules
from voxrt.testing.conversation_file import parse_conversation
from voxrt.xai.standin import parse_agent_script

ROOT = Path(__file__).parents[1]
FILE = "users.yaml"
LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # as YAML has it


def blocks(page):
    return re.findall(
        r"```yaml\n(.*?)```", (ROOT / "docs" / page).read_text(encoding="utf-8"), re.DOTALL
    )


def scenarios(pattern):
    return [path.read_text(encoding="utf-8") for path in sorted((ROOT / "scenarios").glob(pattern))]


def conversation(text):
    return parse_conversation(text, path=Path(FILE))


#: What reads a kind of file, and good files of the kind.
KINDS = {
    "caller": (lambda text: parse_script(text, file=FILE), blocks("caller-script.md")),
    "agent": (
        lambda text: parse_agent_script(text, file=FILE),
        blocks("agent-script.md") + scenarios("*/agent.yaml"),
    ),
    "queues": (lambda text: parse_queues(text, file=FILE), blocks("queues.md")[:1]),
    "answers": (
        lambda text: parse_rules(text, file=FILE),
        [*scenarios("*/answers.yaml"), *scenarios("classic/*answers.yaml")],
    ),
    "conversation": (conversation, scenarios("*/tests/*.conversation.yaml")),
}

WORDS = ("hang_up", "say", "event", "{text}", "{", "*", "(", "a: b", "10", "0", "", " ")
WRONG = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(allow_nan=True, allow_infinity=True),
    st.text(max_size=8),
    st.sampled_from(WORDS),
    st.just([]),
    st.just({}),
    st.just([[]]),
    st.lists(st.integers(-1, 5), max_size=3),
    st.dictionaries(st.sampled_from(["say", "match", "x", ""]), st.integers(0, 3), max_size=2),
)
#: What means something to YAML, or to nobody.
PIECES = (
    ":", "- ", "\n", "\t", '"', "'", "{", "}", "[", "]", "#", "&a ", "*a", "!", "|", ">", "%", "@",
    "`", "\x00", "\ufeff", "\u2028", "é", "  ", "? ", "--- ", "...", "<<: *a",
)  # fmt: skip


def places(node, path=()):
    """The paths of all values of a document."""
    yield path
    items = (
        node.items()
        if isinstance(node, dict)
        else enumerate(node)
        if isinstance(node, list)
        else ()
    )
    for key, value in items:
        yield from places(value, (*path, key))


def changed(document, path, value):
    """The document with another value at a place."""
    if not path:
        return value
    document = copy.deepcopy(document)
    node = document
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    return document


def read(kind, text):
    """Reads it. The only error there may be names the file, and a line that there is."""
    error = None
    try:
        KINDS[kind][0](text)
    except InputError as caught:
        error = caught
    if error is None:
        return None
    assert error.message
    if isinstance(error, DocumentError):  # or a project that is named is none
        assert error.file
    if error.file == FILE and "nested too deeply" not in error.message:
        assert 1 <= error.line <= len(LINE_BREAK.split(text)) + 1
    return error


@pytest.mark.parametrize("kind", KINDS)
def test_the_files_are_good_before_they_are_broken(kind):
    assert KINDS[kind][1]
    for text in KINDS[kind][1]:
        if kind != "conversation":  # those name files that lie beside them
            assert read(kind, text) is None


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60)
@given(data=st.data())
def test_wrong_values(kind, data):
    document = parse_document(data.draw(st.sampled_from(KINDS[kind][1]))).plain()
    for _ in range(data.draw(st.integers(1, 2))):
        path = data.draw(st.sampled_from(list(places(document))))
        document = changed(document, path, data.draw(WRONG))
    read(kind, yaml.safe_dump(document, allow_unicode=True))


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60)
@given(data=st.data())
def test_wrong_keys(kind, data):
    """A key that is not known is told, with its name, wherever it stands."""
    document = parse_document(data.draw(st.sampled_from(KINDS[kind][1]))).plain()
    mappings = [p for p in places(document) if isinstance(value_at(document, p), dict)]
    path = data.draw(st.sampled_from(mappings))
    key = data.draw(st.sampled_from(["", "x", "Say", "steps ", "match", "1", "ünknown", "a.b"]))
    document = changed(document, (*path, key), data.draw(WRONG))
    read(kind, yaml.safe_dump(document, allow_unicode=True))


def value_at(document, path):
    for key in path:
        document = document[key]
    return document


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60)
@given(seed=st.integers(0, 2**32), data=st.data())
def test_broken_text(kind, seed, data):
    text = data.draw(st.sampled_from(KINDS[kind][1]))
    rng = random.Random(seed)
    for _ in range(rng.randint(1, 6)):
        at, end = sorted(rng.randrange(len(text) + 1) for _ in range(2))
        piece = rng.choice((*PIECES, text[at:end]))
        text = text[:at] + piece + text[(end if rng.random() < 0.2 else at) :]
    read(kind, text)
