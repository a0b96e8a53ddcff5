"""Checks of what a scenario hands to the platform, with messages for its author.

The file and line of a mistake are found later, from the traceback: the frame of the scenario
that made the call.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from voxrt.errors import ScenarioTypeError
from voxrt.session.values import entries

Headers = dict[str, str]


def demand_text(function: str, name: str, value: Any) -> str:
    """A string argument; a number is taken for its digits, as the platform does."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise ScenarioTypeError(f"{function}: {name} must be a string, not {type(value).__name__}")


def demand_number(function: str, name: str, value: Any) -> float:
    """A number argument."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ScenarioTypeError(f"{function}: {name} must be a number, not {type(value).__name__}")
    return value


def header_map(function: str, value: Any) -> Headers:
    """SIP headers given as an object, a list of `{name, value}`, or `None`."""
    if value is None:
        return {}
    if isinstance(value, Mapping):
        return {str(key): str(item) for key, item in entries(value)}
    if isinstance(value, list):
        pairs = [item for item in value if isinstance(item, Mapping) and "name" in item]
        if len(pairs) == len(value):
            return {str(item["name"]): str(item.get("value", "")) for item in pairs}
    raise ScenarioTypeError(f"{function}: headers must be an object, not {type(value).__name__}")
