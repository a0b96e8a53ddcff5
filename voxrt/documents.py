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

_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}


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
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentError(f"the file cannot be read: {error}", file=file) from None
    return parse_document(text, file=file)


def parse_document(text: str, *, file: str = "<document>") -> Node:
    """Reads YAML from a string; `file` is what messages call it."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise DocumentError(
            f"not valid YAML: {error.problem}",
            file=file,
            line=mark.line + 1 if mark else None,
            column=mark.column + 1 if mark else None,
        ) from None
    except yaml.YAMLError as error:
        raise DocumentError(f"not valid YAML: {error}", file=file) from None
    if root is None:
        return Node(None, file, 1, 1, "")
    return _convert(root, file, "", ())


def _convert(node: yaml.Node, file: str, path: str, above: tuple[yaml.Node, ...]) -> Node:
    line, column = node.start_mark.line + 1, node.start_mark.column + 1
    if node in above:
        Node(None, file, line, column, path).fail("an alias refers to what contains it")
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
