"""What to do about an error in a Python scenario: the module to require, the name that was meant.

Everything here is a guess that is offered, never applied.
"""

from __future__ import annotations

import builtins
import json
import re
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from importlib.resources import files
from typing import Any

#: Names of JavaScript that slip into a Python scenario.
_FROM_JAVASCRIPT = {
    "null": "Python writes it `None`.",
    "undefined": "Python writes it `None`.",
    "true": "Python writes it `True`.",
    "false": "Python writes it `False`.",
    "console": "Use `Logger.write(text)`.",
    "Promise": "Python has `async def` and `await`.",
    "Date": "Use `getLocalTime(timezone, date)` or `datetime`.",
}


def hint_for(error: BaseException, namespaces: Sequence[Mapping[str, Any]] = ()) -> str:
    """A sentence that says what to do, or nothing.

    Args:
        error: What the scenario raised.
        namespaces: The names visible where it was raised, the nearest first.
    """
    if isinstance(error, UnboundLocalError):
        return _unbound(error, namespaces)
    if isinstance(error, NameError):
        return _unknown_name(error, namespaces)
    if isinstance(error, AttributeError) and error.name is not None:
        if isinstance(error.obj, Awaitable):
            return "Write `await` before the call whose result this is."
        return near_name(error.name, _members(error.obj))
    return ""


def required_module(name: str) -> str | None:
    """The member of `Modules` that brings a global name in; None when it needs none."""
    surface = _surface()
    if surface is None:
        return None
    for module, entities in surface["moduleEntities"].items():
        if name in entities:
            return str(module)
    if name in surface["modules"] and name in surface["namespaces"]:
        return name
    return None


def _unknown_name(error: NameError, namespaces: Sequence[Mapping[str, Any]]) -> str:
    name = error.name
    if name is None:
        return ""
    module = required_module(name)
    if module is not None:
        return f"Add `require(Modules.{module})` at the top of the scenario."
    visible = [key for namespace in namespaces for key in namespace]
    if name in _FROM_JAVASCRIPT and name not in visible:
        return _FROM_JAVASCRIPT[name]
    return near_name(name, [*visible, *dir(builtins)])


def _unbound(error: UnboundLocalError, namespaces: Sequence[Mapping[str, Any]]) -> str:
    match = re.search(r"'(\w+)'", str(error))
    if match is None or not namespaces or match[1] not in namespaces[-1]:
        return ""
    name = match[1]
    return (
        f"The function assigns `{name}`, which makes it local; "
        f"begin the function with `global {name}`."
    )


def near_name(name: str, candidates: Iterable[str]) -> str:
    """A sentence that names the candidate nearest to a name; nothing when none is near."""
    names = sorted({key for key in candidates if key != name and not key.startswith("__")})
    lower = [key for key in names if key.lower() == name.lower()]
    near = lower or get_close_matches(name, names, n=1, cutoff=0.7)
    return f"Did you mean `{near[0]}`?" if near else ""


def _members(value: object) -> list[str]:
    try:
        return [name for name in dir(value) if not name.startswith("_")]
    except Exception:  # dir() runs code of the value's class, which may be the scenario's
        return []


def _surface() -> dict[str, Any] | None:
    """The platform's names as data; read only when something has gone wrong."""
    source = files("voxrt") / "vox" / "api.json"
    if not source.is_file():
        return None
    surface: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    return surface
