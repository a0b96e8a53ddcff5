"""The platform's API surface as data: which members exist, and the values of its enums.

`api.json` was made from VoxEngine's type definitions 7.51. Nothing of it is typed by hand here:
enum values come from it, and so do the answers to "is there such a member?".
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec


@cache
def surface() -> dict[str, Any]:
    """The whole file, read once."""
    data = (files("voxrt.vox") / "api.json").read_bytes()
    return msgspec.json.decode(data)  # type: ignore[no-any-return]


@cache
def enum_members(name: str) -> Mapping[str, Any]:
    """The members of an enum such as `CallEvents`, with their values.

    The two enums of conferences count from zero in the type definitions, while parameters and
    events use the names: theirs are the names.
    """
    members: dict[str, Any] = surface()["enums"][name]["members"]
    if name in ("ConferenceMode", "ConferenceDirection"):
        return {member: member for member in members}
    return members


def class_members(name: str) -> set[str]:
    """The public methods and properties of a class, inherited ones included."""
    members: set[str] = set()
    while name:
        found = surface()["classes"][name]
        members |= set(found["methods"]) | set(found.get("properties") or ())
        name = found.get("extends") or ""
    return members


def namespace_functions(name: str) -> set[str]:
    """The functions of a namespace such as `VoxEngine`."""
    prefix = f"{name}."
    return {
        full.removeprefix(prefix)
        for full in surface()["functions"]
        if full.startswith(prefix) and "." not in full.removeprefix(prefix)
    }


@cache
def global_enums() -> tuple[str, ...]:
    """The enums that no namespace holds and no module unlocks."""
    return tuple(
        name
        for name, enum in surface()["enums"].items()
        if "." not in name and not enum.get("requires")
    )


@cache
def global_names() -> frozenset[str]:
    """Every name that the platform itself has in the global scope, with all modules required."""
    kinds = ("namespaces", "classes", "enums", "functions", "constants")
    return frozenset(name for kind in kinds for name in surface()[kind] if "." not in name)


def near_name(name: str, known: Any) -> str:
    """The known name that is nearest to a misspelt one; empty when none is near."""
    folded = {candidate.lower(): candidate for candidate in sorted(known)}
    close = get_close_matches(name.lower(), list(folded), n=1, cutoff=0.6)
    return folded[close[0]] if close else ""
