"""Checks of what a scenario hands to the platform, with messages for its author.

The file and line of a mistake are found later, from the traceback: the frame of the scenario
that made the call.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from voxrt.errors import ScenarioTypeError
from voxrt.session.limits import LimitMode
from voxrt.session.session import Session
from voxrt.session.values import entries, kind_of

Headers = dict[str, str]


def demand_text(function: str, name: str, value: Any) -> str:
    """A string argument; a number is taken for its digits, as the platform does."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise ScenarioTypeError(f"{function}: {name} must be a string, not {kind_of(value)}")


def text_of(value: Any) -> str:
    """The text that the platform's language makes of a value where it expects a string."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return ",".join(text_of(item) for item in value)
    return "[object Object]" if isinstance(value, Mapping) else str(value)


def demand_number(function: str, name: str, value: Any) -> float:
    """A number argument."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ScenarioTypeError(f"{function}: {name} must be a number, not {kind_of(value)}")
    return value


def is_on(value: Any) -> bool:
    """A switch that is on when it is not given."""
    return value is None or bool(value)


def demand_function(function: str, name: str, value: Any) -> Any:
    """A function that may be left out."""
    if value is not None and not callable(value):
        raise ScenarioTypeError(f"{function}: {name} must be a function, not {kind_of(value)}")
    return value


def header_map(function: str, value: Any) -> Headers:
    """Headers in any of the shapes of `header_list`; of a repeated one, the last."""
    return dict(header_list(function, value))


def header_list(function: str, value: Any) -> list[tuple[str, str]]:
    """Headers given as an object, a list of `{name, value}` or of `"Name: value"`, or `None`."""
    if value is None:
        return []
    if isinstance(value, Mapping):
        return [(str(key), text_of(item)) for key, item in entries(value)]
    if isinstance(value, list | tuple):
        return [_header(function, item) for item in value]
    raise ScenarioTypeError(f"{function}: headers must be an object, not {kind_of(value)}")


def _header(function: str, item: Any) -> tuple[str, str]:
    if isinstance(item, Mapping):
        name = item.get("name", item.get("key"))
        if isinstance(name, str):
            return name, text_of(item.get("value"))
    elif isinstance(item, str) and ":" in item:
        name, _, value = item.partition(":")
        return name.strip(), value.strip()
    raise ScenarioTypeError(
        f'{function}: a header in a list is {{name, value}} or "Name: value", not {item!r}'
    )


def is_custom_header(name: str) -> bool:
    """Whether a SIP header passes between a scenario and the far end."""
    return name.lower().startswith("x-") or name.lower() == "user-to-user"


def custom_headers(
    session: Session, function: str, value: Any, *, also: tuple[str, ...] = ()
) -> Headers:
    """The headers that a scenario sends to the far end.

    Names that do not begin with `X-` are left out, values longer than the platform sends are cut,
    and headers that no longer fit beside the ones before them are left out, all with a warning.

    Args:
        session: The scenario's session, which is warned.
        function: What the scenario called, for messages.
        value: The headers in any of the shapes of `header_map`.
        also: Names without `X-` that mean something here, such as `VI-CallTimeout`.

    Raises:
        ScenarioTypeError: They have none of the shapes.
    """
    kept: Headers = {}
    most = session.limits.header_bytes
    for name, text in header_map(function, value).items():
        if not is_custom_header(name) and name not in also:
            session.warn("headers", f"{function}: {name} is not sent, it does not begin with X-")
            continue
        if len(text.encode()) > most and session.limits.mode is not LimitMode.OFF:
            session.warn("limit", f"{function}: the header {name} is longer than {most} bytes")
            if session.limits.mode is LimitMode.ENFORCE:
                text = text.encode()[:most].decode(errors="ignore")
        kept[name] = text
    return _fitting(session, function, kept)


def _fitting(session: Session, function: str, headers: Headers) -> Headers:
    """The headers that fit into one message, in the order given."""
    most, mode = session.limits.headers_bytes, session.limits.mode
    kept: Headers = {}
    size = 0
    for name, text in headers.items():
        size += len(f"{name}: {text}\r\n".encode())
        if size > most and mode is not LimitMode.OFF:
            session.warn("limit", f"{function}: the headers up to {name} exceed {most} bytes")
            if mode is LimitMode.ENFORCE:
                size -= len(f"{name}: {text}\r\n".encode())
                continue
        kept[name] = text
    return kept


def within(session: Session, what: str, value: float, low: float, high: float) -> float:
    """A number that the platform moves into a range.

    Args:
        session: The scenario's session, whose limits say whether it is moved.
        what: The number in words, with its unit.
        value: The number as the scenario gave it.
        low: The least of the range.
        high: The greatest.
    """
    moved = min(max(value, low), high)
    if moved != value and session.enforces(f"the platform makes {what} {moved:g}, not {value:g}"):
        return moved
    return value
