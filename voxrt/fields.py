"""The keys of a document's mappings, taken out with their types and ranges checked.

`documents` knows where every value stands; this knows what a value may be. Every wrong one is a
`DocumentError` at its line that says what was expected; a key that is not known names a near one.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, NoReturn

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from voxrt.documents import Node

_KINDS = {str: "text", bool: "true or false", int: "a number", float: "a number",
          list: "a list", dict: "a mapping", type(None): "empty"}  # fmt: skip


def near(name: str, known: Collection[str]) -> str:
    """A sentence that helps with a wrong name: the nearest known one, or all of them."""
    close = get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return f"Did you mean `{close[0]}`?" if close else f"Known are: {', '.join(sorted(known))}."


def is_a(node: Node) -> str:
    """What a node is, for messages: `a list`, `a number (12)`."""
    kind = _KINDS[type(node.value)]
    return f"{kind} ({node.value})" if isinstance(node.value, int | float | str) else kind


def as_text(node: Node) -> str:
    """Text; a whole number counts as its digits, so that `press: 12` works without quotes."""
    if isinstance(node.value, str):
        return node.value
    if isinstance(node.value, int) and not isinstance(node.value, bool):
        return str(node.value)
    node.fail(f"must be text, but is {is_a(node)}", "Put it in quotes." if node.value else "")


def as_integer(node: Node, low: int, high: int) -> int:
    """A whole number within a range that includes both ends."""
    value = node.value
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        node.fail(f"must be a whole number from {low} to {high}, but is {is_a(node)}")
    return value


def as_number(node: Node, low: float, high: float) -> float:
    """A number within a range that includes both ends."""
    value = node.value
    if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
        node.fail(f"must be a number from {low} to {high}, but is {is_a(node)}")
    return value


def as_list(node: Node) -> list[Node]:
    """A list."""
    if not isinstance(node.value, list):
        node.fail(f"must be a list, but is {is_a(node)}")
    return node.value


@frozen
class Fields:
    """One mapping of a document, read key by key.

    Args:
        node: The mapping.
        what: What it is in messages, with its article: `a party`.
        known: The keys that it may have.

    Raises:
        DocumentError: `node` is not a mapping, or has a key that is not known.
    """

    node: Node
    what: str
    known: Collection[str]

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.node.value, dict):
            self.node.fail(f"{self.what} must be a mapping of keys, but is {is_a(self.node)}")
        for key, item in self.node.value.items():
            if key not in self.known:
                item.fail_at_key(f"{self.what} has no key `{key}`.", near(key, self.known))

    def __contains__(self, key: str) -> bool:
        return key in self.node.value

    def __getitem__(self, key: str) -> Node:
        found: Node = self.node.value[key]
        return found

    def fail(self, message: str, hint: str = "") -> NoReturn:
        """Raises a `DocumentError` at the mapping."""
        self.node.fail(message, hint)

    def need(self, key: str) -> Node:
        """The value of a key that must be there."""
        if key not in self:
            self.fail(f"{self.what} needs the key `{key}`")
        return self[key]

    def text(self, key: str, default: str = "") -> str:
        """Text, or the default when the key is absent."""
        return as_text(self[key]) if key in self else default

    def integer(self, key: str, default: int, low: int, high: int) -> int:
        """A whole number in a range, or the default when the key is absent."""
        return as_integer(self[key], low, high) if key in self else default

    def number(self, key: str, default: float, low: float, high: float) -> float:
        """A number in a range, or the default when the key is absent."""
        return as_number(self[key], low, high) if key in self else default

    def boolean(self, key: str, default: bool) -> bool:
        """`true` or `false`, or the default when the key is absent."""
        if key not in self:
            return default
        node = self[key]
        if not isinstance(node.value, bool):
            node.fail(f"must be true or false, but is {is_a(node)}")
        return node.value

    def choice(self, key: str, default: str, options: Sequence[str]) -> str:
        """One of a few words, or the default when the key is absent."""
        if key not in self:
            return default
        value = as_text(self[key])
        if value not in options:
            self[key].fail(f"must be {_one_of(options)}, but is {is_a(self[key])}")
        return value

    def texts(self, key: str) -> dict[str, str]:
        """A mapping from text to text; empty when the key is absent."""
        if key not in self:
            return {}
        node = self[key]
        if not isinstance(node.value, dict):
            node.fail(f"must be a mapping of keys, but is {is_a(node)}")
        return {name: as_text(item) for name, item in node.value.items()}

    def one_of(self, keys: Sequence[str]) -> str:
        """The one of these keys that is there, or empty when none is.

        Raises:
            DocumentError: More than one is there.
        """
        given = [key for key in self.node.value if key in keys]
        if len(given) > 1:
            both = " and ".join(f"`{key}`" for key in given)
            self.fail(f"{self.what} cannot have {both} together")
        return given[0] if given else ""


def _one_of(options: Sequence[str]) -> str:
    return ", ".join(options[:-1]) + f" or {options[-1]}"
