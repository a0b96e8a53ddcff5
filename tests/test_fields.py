"""Messages about wrong values in documents."""

from __future__ import annotations

import pytest

from voxrt.documents import parse_document
from voxrt.errors import DocumentError
from voxrt.fields import Fields, as_list

KNOWN = ("name", "count", "speed", "loud", "mode", "headers", "busy", "list")


def fields(text):
    return Fields(parse_document(text, file="a.yaml"), "a thing", KNOWN)


def test_a_key_that_is_not_known_is_named_at_its_own_line():
    """Its value may begin lines below."""
    with pytest.raises(DocumentError, match="a thing has no key `nome`") as caught:
        fields("count: 1\n  \nnome:\n\n  - 1\n  - 2\n")
    assert (caught.value.line, caught.value.column) == (3, 1)


def test_values_come_with_their_types():
    read = fields("name: Ann\ncount: 3\nspeed: 1.5\nloud: true\nheaders: {X-A: 1}\nlist: [1]")
    assert read.text("name") == "Ann"
    assert read.text("count") == "3"
    assert read.text("mode", "slow") == "slow"
    assert read.integer("count", 1, 0, 9) == 3
    assert read.integer("mode", 1, 0, 9) == 1
    assert read.number("speed", 1, 0, 9) == 1.5
    assert read.number("count", 1, 0, 9) == 3
    assert read.number("mode", 0.5, 0, 9) == 0.5
    assert read.boolean("loud", False) is True
    assert read.boolean("mode", False) is False
    assert read.texts("headers") == {"X-A": "1"}
    assert read.texts("mode") == {}
    assert [node.value for node in as_list(read.need("list"))] == [1]
    assert "mode" not in read
    assert read.one_of(["mode", "name"]) == "name"
    assert read.one_of(["mode", "busy"]) == ""


@pytest.mark.parametrize(
    ("text", "read", "message"),
    [
        ("- 1", None, "a.yaml:1:1: a thing must be a mapping of keys, but is a list"),
        ("mod: 1", None, "a.yaml:1:6: mod: a thing has no key `mod`. Did you mean `mode`?"),
        ("x: 1", None, "a.yaml:1:4: x: a thing has no key `x`. Known are: busy, count, headers, "
         "list, loud, mode, name, speed."),
        ("mode: x", lambda f: f.need("name"), "a.yaml:1:1: a thing needs the key `name`"),
        ("name: 1.50", lambda f: f.text("name"),
         "a.yaml:1:7: name: must be text, but is a number (1.5) Put it in quotes."),
        ("name: true", lambda f: f.text("name"),
         "a.yaml:1:7: name: must be text, but is true or false (True) Put it in quotes."),
        ("name:", lambda f: f.text("name"), "a.yaml:1:6: name: must be text, but is empty"),
        ("count: ten", lambda f: f.integer("count", 1, 0, 9),
         "a.yaml:1:8: count: must be a whole number from 0 to 9, but is text (ten)"),
        ("count: 10", lambda f: f.integer("count", 1, 0, 9),
         "a.yaml:1:8: count: must be a whole number from 0 to 9, but is a number (10)"),
        ("speed: -1", lambda f: f.number("speed", 1, 0, 9),
         "a.yaml:1:8: speed: must be a number from 0 to 9, but is a number (-1)"),
        ("loud: yes", lambda f: f.boolean("loud", False),
         "a.yaml:1:7: loud: must be true or false, but is text (yes)"),
        ("mode: up", lambda f: f.choice("mode", "a", ["a", "b", "c"]),
         "a.yaml:1:7: mode: must be a, b or c, but is text (up)"),
        ("headers: 1", lambda f: f.texts("headers"),
         "a.yaml:1:10: headers: must be a mapping of keys, but is a number (1)"),
        ("list: 1", lambda f: as_list(f["list"]),
         "a.yaml:1:7: list: must be a list, but is a number (1)"),
        ("name: 1\nbusy: 2", lambda f: f.one_of(["busy", "name"]),
         "a.yaml:1:1: a thing cannot have `name` and `busy` together"),
    ],
)  # fmt: skip
def test_wrong_values_are_named_with_their_place(text, read, message):
    with pytest.raises(DocumentError) as caught:
        read(fields(text))
    assert str(caught.value) == message
