"""The platform's global helper functions: encodings, ids, distances, local time."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from voxrt.errors import ScenarioTypeError
from voxrt.session.values import kind_of
from voxrt.vox.arguments import demand_text


def as_bytes(data: Any) -> bytes:
    """Text as UTF-8, or a list of byte values.

    Raises:
        ScenarioTypeError: Neither, or a value outside 0 to 255.
    """
    try:
        if isinstance(data, str):
            return data.encode()
        if isinstance(data, list | tuple | bytes | bytearray):
            return bytes(data)
    except (TypeError, ValueError):
        pass  # a value that is no byte, or text with half of a surrogate pair
    raise ScenarioTypeError("the data must be a string or a list of bytes, 0 to 255")


def base64_encode(data: Any) -> str:
    """Base64 of a string (as UTF-8) or of a list of bytes."""
    return base64.b64encode(as_bytes(data)).decode()


def base64_decode(data: Any) -> list[int]:
    """The bytes of a base64 text, as a list of numbers.

    Raises:
        ScenarioTypeError: It is not base64.
    """
    text = "".join(demand_text("base64_decode", "data", data).split())
    try:
        return list(base64.b64decode(text + "=" * (-len(text) % 4), validate=True))
    except ValueError:
        raise ScenarioTypeError("base64_decode: the text is not base64") from None


def bytes2hex(data: Any, toUpperCase: bool = False) -> str:
    """Hexadecimal digits of a list of bytes."""
    text = as_bytes(data).hex()
    return text.upper() if toUpperCase else text


def hex2bytes(data: Any) -> list[int]:
    """The bytes that hexadecimal digits stand for.

    Raises:
        ScenarioTypeError: It is not hexadecimal.
    """
    try:
        return list(bytes.fromhex(demand_text("hex2bytes", "data", data)))
    except ValueError:
        raise ScenarioTypeError("hex2bytes: the text is not hexadecimal") from None


def bytes2str(data: Any, encoding: str = "utf-8") -> str:
    """Text from a list of bytes; what is no text becomes U+FFFD."""
    codec = _codec("bytes2str", encoding)
    return as_bytes(data).decode(codec, errors="replace")


def str2bytes(data: Any, encoding: str = "utf-8") -> list[int]:
    """The bytes of a text."""
    text = demand_text("str2bytes", "data", data)
    return list(text.encode(_codec("str2bytes", encoding), errors="replace"))


def _codec(function: str, encoding: Any) -> str:
    name = demand_text(function, "encoding", encoding)
    try:
        "".encode(name, errors="replace")
    except (LookupError, ValueError):
        raise ScenarioTypeError(f"{function}: there is no encoding {name!r}") from None
    return name


#: So many pairs of characters are compared at most, in about a second.
LONGEST_DISTANCE = 4_000_000


def levenshtein_distance(str1: Any, str2: Any) -> int:
    """The least number of insertions, deletions and substitutions from one text to the other."""
    a = demand_text("levenshtein_distance", "str1", str1)
    b = demand_text("levenshtein_distance", "str2", str2)
    if len(a) * len(b) > LONGEST_DISTANCE:
        raise ScenarioTypeError(
            "levenshtein_distance: the texts are too long",
            hint="It compares each character with each, for longer than a callback may take.",
        )
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        diagonal, row[0] = row[0], i
        for j, right in enumerate(b, 1):
            best = min(row[j] + 1, row[j - 1] + 1, diagonal + (left != right))
            diagonal, row[j] = row[j], best
    return row[-1]


def getLocalTime(timezone: Any, date: Any) -> datetime:
    """The wall clock of a place, as a date whose UTC fields show it.

    Args:
        timezone: An IANA name such as `Europe/Berlin`.
        date: An instant; one without a zone is in UTC.

    Raises:
        ScenarioTypeError: There is no such zone, or `date` is no date.
    """
    name = demand_text("getLocalTime", "timezone", timezone)
    if not isinstance(date, datetime):
        raise ScenarioTypeError(f"getLocalTime: date must be a date, not {kind_of(date)}")
    try:
        zone = ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ScenarioTypeError(f"getLocalTime: there is no time zone {timezone!r}") from None
    aware = date if date.tzinfo else date.replace(tzinfo=UTC)
    return aware.astimezone(zone).replace(tzinfo=UTC)


#: The helpers by the names that a scenario calls them.
HELPERS: dict[str, Any] = {
    function.__name__: function
    for function in (
        base64_encode,
        base64_decode,
        bytes2hex,
        hex2bytes,
        bytes2str,
        str2bytes,
        levenshtein_distance,
        getLocalTime,
    )
}
