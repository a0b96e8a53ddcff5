"""Expectations as they are written in a conversation file.

The format is described in docs/conversation-format.md and in conversation.schema.json, which a
test holds against the tables of keys below. Whatever does not fit is a `DocumentError` with its
line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from attrs import evolve, frozen

from voxrt.documents import Node
from voxrt.fields import Fields, as_integer, as_list, as_number, as_text, is_a, near
from voxrt.testing.expectations import Absent, AnyOrder, Expectation, Happens, InOrder, Part
from voxrt.testing.heard import FIGURES
from voxrt.testing.patterns import Pattern, Text
from voxrt.testing.values import Bound

LONGEST_MS: Final = 3_600_000
_MOST: Final = 1_000_000_000

#: What can be looked for, and the keys that may stand beside each.
PATTERN_KEYS: Final[dict[str, tuple[str, ...]]] = {
    "event": ("with",),
    "tool": ("arguments",),
    "tool_output": ("output",),
    "hear": ("from", "complete"),
    "platform_hears": ("from",),
    "log": (),
    "note": ("who",),
    "http": ("with",),
    "command": ("with",),
    "warning": ("text",),
    "error": (),
}
#: What a figure is held to; a range of a payload has the same keys.
BOUND_KEYS: Final = ("least", "most")
SCOPE_KEYS: Final = ("after", "within_ms")
#: The other expectations, and their keys.
EXPECTATION_KEYS: Final[dict[str, tuple[str, ...]]] = {
    "absent": SCOPE_KEYS,
    "in_order": (),
    "any_order": ("only",),
    **dict.fromkeys(FIGURES, ("call",)),
}
HAPPENS_KEYS: Final = ("count", *SCOPE_KEYS)
PART_KEYS: Final = ("within_ms", "after_ms")
#: Kinds whose main value is a text that is looked for, not a name.
_TEXTS: Final = ("hear", "platform_hears", "log", "note", "error")
_PAYLOADS: Final = ("with", "arguments", "output")


@frozen(kw_only=True)
class FigureBound:
    """A figure of what a phone heard must be in a range.

    Attributes:
        name: One of `FIGURES`.
        bound: The range.
        call: The number of the call, from 1.
    """

    name: str
    bound: Bound
    call: int = 1

    def __str__(self) -> str:
        return f"{self.name} {self.bound}"


def read_expectation(node: Node, extra: Sequence[str] = ()) -> Expectation | FigureBound:
    """One expectation.

    Args:
        node: A mapping with one of the keys of `PATTERN_KEYS` and `EXPECTATION_KEYS`.
        extra: Keys that may stand beside it and are read elsewhere.
    """
    kind = _kind(node, (*PATTERN_KEYS, *EXPECTATION_KEYS))
    if kind in PATTERN_KEYS:
        read = Fields(node, f"the expectation `{kind}`", _known(kind, (*HAPPENS_KEYS, *extra)))
        after, within_ms = _scope(read)
        count = _count(read["count"]) if "count" in read else None
        return Happens(_pattern(kind, read), count=count, after=after, within_ms=within_ms)
    known = (kind, *EXPECTATION_KEYS[kind], *extra)
    read = Fields(node, f"the expectation `{kind}`", known)
    if kind == "absent":
        after, within_ms = _scope(read)
        return Absent(read_pattern(read["absent"]), after=after, within_ms=within_ms)
    if kind == "in_order":
        return InOrder(tuple(map(_part, _several(read["in_order"]))))
    if kind == "any_order":
        patterns = tuple(map(read_pattern, _several(read["any_order"])))
        return AnyOrder(patterns, only=read.boolean("only", False))
    call = read.integer("call", 1, 1, 1_000)
    return FigureBound(name=kind, bound=_bound(read[kind]), call=call)


def read_pattern(node: Node) -> Pattern:
    """What is looked for: a mapping with one of the keys of `PATTERN_KEYS`."""
    kind = _kind(node, PATTERN_KEYS)
    return _pattern(kind, Fields(node, f"the pattern `{kind}`", _known(kind, ())))


def is_expectation(node: Node) -> bool:
    """Whether an item of a conversation expects something, rather than doing it."""
    keys = node.value if isinstance(node.value, dict) else ()
    return any(key in PATTERN_KEYS or key in EXPECTATION_KEYS for key in keys)


def _kind(node: Node, known: Any) -> str:
    if not isinstance(node.value, dict):
        node.fail(f"must be a mapping such as `event: Call.Connected`, but is {is_a(node)}")
    kinds: list[str] = [key for key in node.value if key in known]
    if len(kinds) > 1:
        node.fail(f"looks for two things at once: `{kinds[0]}` and `{kinds[1]}`")
    if not kinds:
        key, item = next(iter(node.value.items()), ("", node))
        item.fail(f"there is nothing to expect called `{key}`.", near(key, tuple(known)))
    return kinds[0]


def _known(kind: str, more: Sequence[str]) -> tuple[str, ...]:
    return (kind, *PATTERN_KEYS[kind], *more)


def _pattern(kind: str, read: Fields) -> Pattern:
    main = read[kind]
    if kind in _TEXTS:
        pattern = Pattern(kind=kind, text=_text(main))
    else:
        pattern = Pattern(kind=kind, name=as_text(main))
        if not pattern.name:
            main.fail("must be a name, but is empty")
    for key in _PAYLOADS:
        if key in read:
            pattern = evolve(pattern, data=_wanted(read[key]))
    if "from" in read or "who" in read:
        pattern = evolve(pattern, name=read.text("from") or read.text("who"))
    if "text" in read:
        pattern = evolve(pattern, text=_text(read["text"]))
    if "complete" in read:
        pattern = evolve(pattern, data={"complete": read.boolean("complete", True)})
    return pattern


def _text(node: Node) -> Text:
    """Words, or `{regex: ...}`."""
    if isinstance(node.value, dict):
        return _regex(Fields(node, "a text to look for", ("regex",)).need("regex"))
    text = as_text(node)
    if not any(character.isalnum() for character in text):
        node.fail("has no word that could be looked for")
    return text


def _regex(node: Node) -> re.Pattern[str]:
    try:
        return re.compile(as_text(node))
    except re.error as error:
        node.fail(f"not a regular expression: {error}")


def _wanted(node: Node) -> Any:
    """A payload: plain values, in which `{regex: ...}`, `{least: ...}` and `{any: true}` may be."""
    if isinstance(node.value, list):
        return [_wanted(item) for item in node.value]
    if not isinstance(node.value, dict):
        return node.value
    keys = set(node.value)
    if keys == {"regex"}:
        return _regex(node.value["regex"])
    if keys and keys <= set(BOUND_KEYS):
        return _bound(node)
    if keys == {"any"} and node.value["any"].value is True:
        return ...
    return {key: _wanted(item) for key, item in node.value.items()}


def _bound(node: Node) -> Bound:
    read = Fields(node, "a range", BOUND_KEYS)
    if not node.value:
        read.fail("a range needs `least` or `most`")
    ends = {key: as_number(read[key], -_MOST, _MOST) for key in BOUND_KEYS if key in read}
    if len(ends) == 2 and ends["least"] > ends["most"]:
        read.fail("`least` is more than `most`")
    return Bound(**ends)


def _count(node: Node) -> Bound:
    if isinstance(node.value, dict):
        return _bound(node)
    count = as_integer(node, 0, _MOST)
    return Bound(least=count, most=count)


def _scope(read: Fields) -> tuple[Pattern | None, int | None]:
    after = read_pattern(read["after"]) if "after" in read else None
    return after, _ms(read, "within_ms")


def _part(node: Node) -> Part:
    kind = _kind(node, PATTERN_KEYS)
    read = Fields(node, f"the part `{kind}`", _known(kind, PART_KEYS))
    return Part(
        _pattern(kind, read), within_ms=_ms(read, "within_ms"), after_ms=_ms(read, "after_ms")
    )


def _ms(read: Fields, key: str) -> int | None:
    return read.integer(key, 0, 0, LONGEST_MS) if key in read else None


def _several(node: Node) -> list[Node]:
    items = as_list(node)
    if len(items) < 2:
        node.fail("needs two parts or more")
    return items
