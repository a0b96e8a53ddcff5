"""YAML and JSON documents read strictly, with the line of every key.

Caller scripts and agent scripts are YAML. Two things go wrong with YAML in a telephony tool, and
both are settled here: YAML 1.1 reads `012` as ten, `no` as false and `12:30` as 750, so only
`true`, `false`, `null` and plain decimal numbers are more than text; and a loader that forgets
where a value stood cannot tell its user which line to repair, so every node keeps its line.

The platform's own files are JSON, which the standard library reads without any place. YAML's
reader is no help: it refuses tabs between values, and calls a comma too many a YAML error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from json import JSONDecodeError, JSONDecoder
from pathlib import Path
from typing import Any, NoReturn

import yaml
from attrs import define, evolve, field, frozen

from voxrt.errors import DocumentError

_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,99})")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}

#: What PyYAML makes of values without a tag; the types are decided here, not by these.
_TAGS = frozenset(
    f"tag:yaml.org,2002:{kind}"
    for kind in ("str", "int", "float", "bool", "null", "timestamp", "value", "merge", "seq", "map")
)


@frozen
class Node:
    """A value of a document and the place where it stands.

    `value` is text, a number, a boolean, `None`, a list of nodes, or a dict from key to node.
    `line` and `column` count from 1; `path` reads like `steps[2].say`. `key` is the line and column
    of its key, which may be lines above it; zeros for what has none.
    """

    value: Any
    file: str
    line: int
    column: int
    path: str
    key: tuple[int, int] = field(default=(0, 0), eq=False)

    def fail_at_key(self, message: str, hint: str = "") -> NoReturn:
        """Raises `DocumentError` that names the file, the key and its line."""
        line, column = self.key
        if line in (0, self.line):
            self.fail(message, hint)
        evolve(self, line=line, column=column).fail(message, hint)

    def fail(self, message: str, hint: str = "") -> NoReturn:
        """Raises `DocumentError` that names the file, the line and the key."""
        at = f"{self.path}: " if self.path else ""
        raise DocumentError(
            at + message, hint=hint, file=self.file, line=self.line, column=self.column
        )

    def plain(self) -> Any:
        """The value as ordinary lists, dicts and scalars."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


def node_of(value: Any, file: str, line: int, path: str = "") -> Node:
    """A value made in Python, as if it were written in a document at one place.

    Args:
        value: Mappings, lists, texts, numbers, booleans and `None`.
        file: The file that made it.
        line: The line in it.
        path: What the value is called; empty for the whole document.

    Raises:
        DocumentError: Something else is in it.
    """
    if isinstance(value, Mapping):
        below = {
            str(key): node_of(item, file, line, f"{path}.{key}".lstrip("."))
            for key, item in value.items()
        }
        return Node(below, file, line, 1, path)
    if isinstance(value, list | tuple):
        items = [node_of(item, file, line, f"{path}[{i}]") for i, item in enumerate(value)]
        return Node(items, file, line, 1, path)
    if value is not None and not isinstance(value, str | int | float):
        Node(None, file, line, 1, path).fail(f"{type(value).__name__} is no value here")
    return Node(value, file, line, 1, path)


def read_document(path: str | Path) -> Node:
    """Reads a YAML file.

    Raises:
        DocumentError: The file is missing, is not UTF-8 or is not YAML; with the line.
    """
    return parse_document(_read(path), file=str(path))


def read_json(path: str | Path) -> Node:
    """Reads a JSON file.

    Raises:
        DocumentError: The file is missing, is not UTF-8 or is not JSON; with the line.
    """
    return parse_json(_read(path), file=str(path))


def _read(path: str | Path) -> str:
    file = str(path)
    try:
        return Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DocumentError("there is no such file", file=file) from None
    except OSError as error:
        reason = error.strerror or error
        raise DocumentError(f"the file cannot be read: {reason}", file=file) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        wrong = f"the file is not UTF-8: byte 0x{error.object[error.start]:02x} is out of place"
        raise DocumentError(wrong, hint="Save it as UTF-8.", file=file, line=line) from None


def parse_document(text: str, *, file: str = "<document>") -> Node:
    """Reads YAML from a string; `file` is what messages call it.

    Raises:
        DocumentError: It is not YAML, or uses what these documents do not: tags, keys that are
            no text, keys given twice, aliases to what contains them.
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        return _convert(root, file, "", ()) if root is not None else Node(None, file, 1, 1, "")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise DocumentError(
            f"not valid YAML: {error.problem}",
            file=file,
            line=mark.line + 1 if mark else None,
            column=mark.column + 1 if mark else None,
        ) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        wrong = f"not valid YAML: the character U+{error.character:04X} is not allowed"
        raise DocumentError(wrong, file=file, line=line) from None
    except RecursionError:
        raise DocumentError("not valid: it is nested too deeply", file=file) from None


def _convert(node: yaml.Node, file: str, path: str, above: tuple[yaml.Node, ...]) -> Node:
    line, column = node.start_mark.line + 1, node.start_mark.column + 1
    if node in above:
        Node(None, file, line, column, path).fail("an alias refers to what contains it")
    if node.tag not in _TAGS:
        Node(None, file, line, column, path).fail("a tag (`!`) has no meaning here")
    above = (*above, node)
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = _scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = [
            _convert(item, file, f"{path}[{index}]", above) for index, item in enumerate(node.value)
        ]
    else:
        value = {}
        for key_node, item in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                place = key_node.start_mark
                Node(None, file, place.line + 1, place.column + 1, path).fail(
                    "a key must be text, not a list or a mapping"
                )
            key = str(key_node.value)
            below = f"{path}.{key}" if path else key
            if key in value:
                Node(None, file, key_node.start_mark.line + 1, 1, below).fail(
                    "this key is given twice"
                )
            read = _convert(item, file, below, above)
            place = key_node.start_mark
            value[key] = evolve(read, key=(place.line + 1, place.column + 1))
    return Node(value, file, line, column, path)


def _scalar(node: yaml.ScalarNode) -> Any:
    text = str(node.value)
    if node.style is not None:  # quoted, or a block of text
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _NUMBER.fullmatch(text):
        return float(text)
    return text


def parse_json(text: str, *, file: str = "<document>") -> Node:
    """Reads JSON from a string; `file` is what messages call it.

    Raises:
        DocumentError: It is not JSON (RFC 8259), or an object has a key twice.
    """
    reader = _JsonReader(text.removeprefix("\ufeff"), file)
    try:
        return reader.document()
    except RecursionError:
        raise DocumentError("not valid: it is nested too deeply", file=file) from None


_DECODER = JSONDecoder()
_BLANK = re.compile(r"[ \t\r\n]*")
_JSON_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_JSON_WORD = re.compile(r"[A-Za-z_$][\w$]*")
_JSON_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None}
#: Digits that Python converts without complaint; a longer number is none of ours.
_MOST_DIGITS = 100


@define
class _JsonReader:
    """Goes through JSON text once; `at` is where it stands."""

    text: str
    file: str
    at: int = 0

    def document(self) -> Node:
        root = self.value("")
        if self.peek():
            self.fail("something follows the end of the document")
        return root

    def peek(self) -> str:
        """The next character that means something; empty at the end."""
        blank = _BLANK.match(self.text, self.at)
        self.at = blank.end() if blank else self.at
        return self.text[self.at : self.at + 1]

    def node(self, value: Any, start: int, path: str) -> Node:
        line = self.text.count("\n", 0, start) + 1
        return Node(value, self.file, line, start - self.text.rfind("\n", 0, start), path)

    def fail(self, problem: str, hint: str = "", at: int | None = None) -> NoReturn:
        place = self.node(None, self.at if at is None else at, "")
        place.fail(f"not valid JSON: {problem}", hint)

    def value(self, path: str) -> Node:
        character, start = self.peek(), self.at
        if character == "{":
            return self.node(self.object(path), start, path)
        if character == "[":
            return self.node(self.array(path), start, path)
        if character == '"':
            return self.node(self.string(), start, path)
        return self.node(self.scalar(character), start, path)

    def scalar(self, character: str) -> Any:
        word = _JSON_WORD.match(self.text, self.at)
        if word and word.group() in _JSON_WORDS:
            self.at = word.end()
            return _JSON_WORDS[word.group()]
        number = _JSON_NUMBER.match(self.text, self.at)
        if number and len(number.group()) <= _MOST_DIGITS:
            self.at = number.end()
            fraction, exponent = number.groups()
            return float(number.group()) if fraction or exponent else int(number.group())
        if not character:
            self.fail("it ends too early")
        if self.text.startswith(("//", "/*"), self.at):
            self.fail("a comment has no place in JSON")
        if character == "'" or word:
            self.fail("text must stand in double quotes")
        if character in "]}":
            self.fail("a value is missing", "Is there a comma too many before it?")
        self.fail(f"{character!r} begins no value")

    def string(self) -> str:
        try:
            value, self.at = _DECODER.raw_decode(self.text, self.at)
        except JSONDecodeError as error:
            problem = error.msg[0].lower() + error.msg[1:].removesuffix(" at")
            self.fail(problem.removesuffix(" starting"), at=error.pos)
        return str(value)

    def array(self, path: str) -> list[Node]:
        items: list[Node] = []
        self.at += 1
        if self.peek() == "]":
            self.at += 1
            return items
        while True:
            items.append(self.value(f"{path}[{len(items)}]"))
            if self.ends("]"):
                return items

    def object(self, path: str) -> dict[str, Node]:
        items: dict[str, Node] = {}
        self.at += 1
        if self.peek() == "}":
            self.at += 1
            return items
        while True:
            if self.peek() != '"':
                self.fail(
                    "a key in double quotes is missing",
                    "Is there a comma too many before it?" if self.peek() == "}" else "",
                )
            start = self.at
            key = self.string()
            below = f"{path}.{key}" if path else key
            if key in items:
                self.node(None, start, below).fail("this key is given twice")
            if self.peek() != ":":
                self.fail(f"a colon is missing after the key {key!r}")
            self.at += 1
            items[key] = self.value(below)
            if self.ends("}"):
                return items

    def ends(self, closing: str) -> bool:
        """Steps over a comma, or over the closing bracket."""
        character = self.peek()
        if character not in {",", closing}:
            missing = "it ends too early" if not character else f"a comma or `{closing}` is missing"
            self.fail(missing)
        self.at += 1
        return character == closing
