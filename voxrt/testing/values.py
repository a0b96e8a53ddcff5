"""Whether a value is as it was wanted, and if not, where it differs.

What is wanted may be less than what there is: of a mapping the given keys, of everything else the
value itself. In place of a value may stand `...` (anything), a regular expression (found in the
text), a `Bound`, or a function that says whether it fits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from attrs import frozen


@frozen(kw_only=True)
class Bound:
    """A range of numbers, both ends included; `None` is no bound."""

    least: float | None = None
    most: float | None = None

    def holds(self, value: float) -> bool:
        """Whether a number is in it."""
        return (self.least is None or value >= self.least) and (
            self.most is None or value <= self.most
        )

    def __str__(self) -> str:
        if self.least is None and self.most is None:
            return "any number"
        if self.least is None:
            return f"at most {self.most:g}"
        if self.most is None:
            return f"at least {self.least:g}"
        return f"{self.least:g}" + (f" to {self.most:g}" if self.most != self.least else "")


def difference(value: Any, wanted: Any, at: str = "") -> str:
    """Where a value differs from what was wanted, in words; empty when it fits.

    Args:
        value: What there is.
        wanted: What it must be like.
        at: What the value is called.
    """
    at = at or "it"
    if wanted is ...:
        return ""
    if isinstance(wanted, re.Pattern):
        found = isinstance(value, str) and wanted.search(value)
        return "" if found else f"{at} is {value!r}, not like /{wanted.pattern}/"
    if isinstance(wanted, Bound):
        fits = is_number(value) and wanted.holds(value)
        return "" if fits else f"{at} is {value!r}, not {wanted}"
    if isinstance(wanted, Callable):  # type: ignore[arg-type]
        name = getattr(wanted, "__name__", repr(wanted))
        return "" if wanted(value) else f"{at} is {value!r}, which {name} refuses"
    if isinstance(wanted, Mapping):
        return _mapping_difference(value, wanted, at)
    if isinstance(wanted, list | tuple):
        return _list_difference(value, wanted, at)
    if is_number(value) and is_number(wanted):
        return "" if value == wanted else f"{at} is {value!r}, not {wanted!r}"
    same = type(value) is type(wanted) and value == wanted
    return "" if same else f"{at} is {value!r}, not {wanted!r}"


def _mapping_difference(value: Any, wanted: Mapping[str, Any], at: str) -> str:
    if not isinstance(value, Mapping):
        return f"{at} is {value!r}, not a mapping"
    for key, item in wanted.items():
        below = key if at == "it" else f"{at}.{key}"
        if key not in value:
            return f"{below} is not there"
        found = difference(value[key], item, below)
        if found:
            return found
    return ""


def _list_difference(value: Any, wanted: list[Any] | tuple[Any, ...], at: str) -> str:
    if not isinstance(value, list | tuple):
        return f"{at} is {value!r}, not a list"
    if len(value) != len(wanted):
        return f"{at} has {len(value)} items, not {len(wanted)}"
    for index, (item, like) in enumerate(zip(value, wanted, strict=True)):
        found = difference(item, like, f"{at}[{index}]")
        if found:
            return found
    return ""


def is_number(value: Any) -> bool:
    """Whether it is a number; `True` is none."""
    return isinstance(value, int | float) and not isinstance(value, bool)
