"""YAML and JSON read strictly, with the line of every value."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from voxrt.documents import parse_document, parse_json, read_document, read_json
from voxrt.errors import DocumentError


def plain(text):
    return parse_document(text).plain()


def failure(text):
    with pytest.raises(DocumentError) as caught:
        parse_document(text, file="a.yaml")
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("-4", -4),
        ("0", 0),
        ("3.5", 3.5),
        ("-0.25", -0.25),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("text with spaces", "text with spaces"),
    ],
)
def test_plain_scalars(text, value):
    read = plain(f"a: {text}")["a"]
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    "text",
    ["012", "007", "0x1f", "0o17", "1_000", "1e3", ".5", "1.", "+1", "12:30", "2026-01-05",
     "yes", "no", "on", "off", "y", "n", "True", "TRUE", "False", "Null", "NULL", ".inf", ".nan",
     "=", "<<", "9" * 5_000],
)  # fmt: skip
def test_what_yaml_takes_for_something_else_is_text(text):
    """A telephone number, a time of day, Norway."""
    assert plain(f"a: {text}")["a"] == text


@pytest.mark.parametrize("text", ["12", "true", "null", "", "3.5", "~"])
def test_what_is_quoted_is_text(text):
    assert plain(f"a: '{text}'\nb: \"{text}\"\nc: |-\n  {text}") == dict.fromkeys("abc", text)


def test_keys_are_text_whatever_they_look_like():
    assert plain("1: x\ntrue: y\nno: z\n3.5: w") == {"1": "x", "true": "y", "no": "z", "3.5": "w"}


@pytest.mark.parametrize("text", ["", "# only a comment", "---", "--- # nothing"])
def test_an_empty_document_is_nothing(text):
    assert plain(text) is None


def test_every_value_keeps_its_place():
    root = parse_document(
        "# a comment\ncaller:\n  number: '1555'\nsteps:\n  - say: hello\n  -\n    wait: 3\n",
        file="a.yaml",
    )
    assert (root.file, root.line, root.column, root.path) == ("a.yaml", 2, 1, "")
    number = root.value["caller"].value["number"]
    assert (number.line, number.column, number.path) == (3, 11, "caller.number")
    wait = root.value["steps"].value[1].value["wait"]
    assert (wait.line, wait.column, wait.path) == (7, 11, "steps[1].wait")


def test_a_node_fails_at_its_place():
    node = parse_document("a:\n  - b: 1\n", file="x.yaml").value["a"].value[0].value["b"]
    with pytest.raises(DocumentError) as caught:
        node.fail("must be text", "Put it in quotes.")
    error = caught.value
    assert (error.file, error.line, error.column) == ("x.yaml", 2, 8)
    assert str(error) == "x.yaml:2:8: a[0].b: must be text Put it in quotes."


def test_an_alias_is_a_copy_of_what_it_names():
    assert plain("a: &x {b: [1]}\nc: *x") == {"a": {"b": [1]}, "c": {"b": [1]}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: 2\na: 3", "a.yaml:3:1: a: this key is given twice"),
        ("a:\n  b: 1\n  b: 2", "a.yaml:3:1: a.b: this key is given twice"),
        ("a: &x [1, *x]", "a.yaml:1:4: a[1]: an alias refers to what contains it"),
        ("a: *nowhere", "a.yaml:1:4: not valid YAML: found undefined alias 'nowhere'"),
        ("a: [1", "a.yaml:1:6: not valid YAML: expected ',' or ']', but got '<stream end>'"),
        ("a: b: c", "a.yaml:1:5: not valid YAML: mapping values are not allowed here"),
        ("a: 1\n---\nb: 2", "a.yaml:2:1: not valid YAML: but found another document"),
        ("a: 1\nb: !!python/name:os.system x", "a.yaml:2:4: b: a tag (`!`) has no meaning here"),
        ("a: !colour red", "a.yaml:1:4: a: a tag (`!`) has no meaning here"),
        ("? [1, 2]\n: 3", "a.yaml:1:3: a key must be text, not a list or a mapping"),
        ("a: {{b: 1}: 2}", "a.yaml:1:5: a: a key must be text, not a list or a mapping"),
        ("a: 1\nb: \x07", "a.yaml:2: not valid YAML: the character U+0007 is not allowed"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text, message):
    assert failure(text) == message


def test_a_document_that_is_nested_without_end_is_refused():
    assert failure("[" * 20_000) == "a.yaml: not valid: it is nested too deeply"


def test_a_file_is_read(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbfname: Z\xc3\xbcrich\r\ncount: 2\r\n")
    root = read_document(path)
    assert root.plain() == {"name": "Zürich", "count": 2}
    assert root.file == str(path)


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    bad = tmp_path / "bad.yaml"
    bad.write_bytes(b"a: 1\nb: \xe9t\xe9\n")
    for path, message in (
        (tmp_path / "none.yaml", "there is no such file"),
        (tmp_path, "the file cannot be read: Is a directory"),
        (bad, "the file is not UTF-8: byte 0xe9 is out of place"),
    ):
        with pytest.raises(DocumentError, match=message) as caught:
            read_document(path)
        assert caught.value.file == str(path)
    assert caught.value.line == 2


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@given(json_values)
def test_what_yaml_writes_with_quotes_comes_back(value):
    text = yaml.safe_dump(value, default_style='"', allow_unicode=False)
    assert plain(text) == _as_text(value)


def _as_text(value):
    """With every scalar quoted, all of them are text; `null` has no quoted form and a tag."""
    if isinstance(value, dict):
        return {key: _as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_text(item) for item in value]
    return value if isinstance(value, str) else yaml.safe_dump(value).split("\n")[0]


@given(st.text(max_size=40))
def test_any_text_is_a_document_or_a_document_error(text):
    with suppress(DocumentError):
        parse_document(text)


# --- JSON -----------------------------------------------------------------------------------------


def json_failure(text):
    with pytest.raises(DocumentError) as caught:
        parse_json(text, file="a.json")
    return str(caught.value)


@given(json_values | st.floats(allow_nan=False, allow_infinity=False))
def test_what_json_writes_comes_back(value):
    for layout in ({}, {"indent": 2}, {"indent": "\t"}, {"ensure_ascii": False}):
        assert parse_json(json.dumps(value, **layout)).plain() == value


def test_every_value_of_json_keeps_its_place():
    root = parse_json(
        '\ufeff[\n\t{"ruleName": "a",\r\n\t "scenarios": ["b", "c"]}\n]', file="r.json"
    )
    assert (root.line, root.column, root.path) == (1, 1, "")
    rule = root.value[0]
    assert (rule.line, rule.column, rule.path) == (2, 2, "[0]")
    second = rule.value["scenarios"].value[1]
    assert (second.value, second.line, second.path) == ("c", 3, "[0].scenarios[1]")
    assert second.column == 22


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "1:1: not valid JSON: it ends too early"),
        ("[1", "1:3: not valid JSON: it ends too early"),
        ("[1,]", "1:4: not valid JSON: a value is missing Is there a comma too many before it?"),
        ('{"a": 1,\n}', "2:1: not valid JSON: a key in double quotes is missing Is there"),
        ("{'a': 1}", "1:2: not valid JSON: a key in double quotes is missing"),
        ("['a']", "1:2: not valid JSON: text must stand in double quotes"),
        ("[a]", "1:2: not valid JSON: text must stand in double quotes"),
        ("[NaN]", "1:2: not valid JSON: text must stand in double quotes"),
        ("[1 2]", "1:4: not valid JSON: a comma or `]` is missing"),
        ('{"a" 1}', "1:6: not valid JSON: a colon is missing after the key 'a'"),
        ("// x\n[]", "1:1: not valid JSON: a comment has no place in JSON"),
        ('["x', "1:2: not valid JSON: unterminated string"),
        ('["a\tb"]', "1:4: not valid JSON: invalid control character"),
        ('["\\x"]', "1:3: not valid JSON: invalid \\escape"),
        ("[1]\n]", "2:1: not valid JSON: something follows the end of the document"),
        ("[?]", "1:2: not valid JSON: '?' begins no value"),
        ("[" + "9" * 101 + "]", "1:2: not valid JSON: '9' begins no value"),
        ('{"a": 1,\n"a": 2}', "2:1: a: this key is given twice"),
    ],
)
def test_what_is_wrong_in_json_is_told_with_its_line(text, message):
    assert json_failure(text).startswith(f"a.json:{message}")


def test_json_that_is_nested_without_end_is_refused():
    assert json_failure("[" * 20_000) == "a.json: not valid: it is nested too deeply"


def test_a_json_file_is_read(tmp_path):
    path = tmp_path / "a.json"
    path.write_bytes(b'{"name": "Z\xc3\xbcrich"}')
    assert read_json(path).plain() == {"name": "Zürich"}
    with pytest.raises(DocumentError, match="there is no such file"):
        read_json(tmp_path / "none.json")


@given(st.text(max_size=40) | st.text(alphabet='[]{}",:\\ 0a-.e', max_size=20))
def test_any_text_is_json_or_a_document_error(text):
    """And both readers agree which of the two it is, but for what is refused on purpose."""
    try:
        value = json.loads(text, parse_constant=lambda word: 1 / 0)
    except (ValueError, ZeroDivisionError):
        with pytest.raises(DocumentError):
            parse_json(text)
        return
    with suppress(DocumentError):  # a key that is given twice
        assert parse_json(text).plain() == value
