"""YAML documents read strictly, with the line of every key.

Caller scripts and agent scripts are YAML. Two things go wrong with YAML in a telephony tool, and
both are settled here: YAML 1.1 reads `012` as ten, `no` as false and `12:30` as 750, so only
`true`, `false`, `null` and plain decimal numbers are more than text; and a loader that forgets
where a value stood cannot tell its user which line to repair, so every node keeps its line.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NoReturn

import yaml
from attrs import frozen

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
    `line` and `column` count from 1; `path` reads like `steps[2].say`.
    """

    value: Any
    file: str
    line: int
    column: int
    path: str

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


def read_document(path: str | Path) -> Node:
    """Reads a YAML file.

    Raises:
        DocumentError: The file is missing, is not UTF-8 or is not YAML; with the line.
    """
    file = str(path)
    try:
        text = Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DocumentError("there is no such file", file=file) from None
    except OSError as error:
        reason = error.strerror or error
        raise DocumentError(f"the file cannot be read: {reason}", file=file) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        wrong = f"the file is not UTF-8: byte 0x{error.object[error.start]:02x} is out of place"
        raise DocumentError(wrong, hint="Save it as UTF-8.", file=file, line=line) from None
    return parse_document(text, file=file)


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
            value[key] = _convert(item, file, below, above)
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
