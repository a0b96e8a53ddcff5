"""What scenarios use of `Intl`: dates, times and numbers for a locale, as a real ICU writes them.

The JavaScript side (`prelude/intl.js`) calls these functions. Options arrive as a plain
mapping of the options that were given; locales as a language tag, a list of them, or None.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from voxrt.javascript.intl_dates import Kind, date_format
from voxrt.javascript.intl_locales import supported
from voxrt.javascript.intl_numbers import number_format

Locales: TypeAlias = str | Iterable[Any] | None
Given: TypeAlias = Mapping[str, Any] | None


def format_date(
    unix_ms: float, locales: Locales, options: Given, kind: Kind
) -> list[dict[str, str]]:
    """An instant as text, in parts.

    Args:
        unix_ms: Milliseconds since 1970 in UTC; a fraction is cut off.
        locales: The locales wanted; the first one counts, `en-US` when there is none.
        options: The options of `Intl.DateTimeFormat`.
        kind: What is shown when the options name no field: `any` for `toLocaleString`, `date` and
            `time` for its siblings, `intl` for `Intl.DateTimeFormat`.

    Returns:
        `[{"type": "month", "value": "3"}, {"type": "literal", "value": "/"}, ...]`; the text is
        the values joined.

    Raises:
        ScenarioRangeError: A value, a language tag or a time zone that there is not.
        ScenarioTypeError: Options that exclude each other.
        NotEmulatedError: A locale, an option or a date that is not emulated.
    """
    return date_format(locales, options, kind).parts(unix_ms)


def resolved_date(locales: Locales, options: Given, kind: Kind = "intl") -> dict[str, Any]:
    """What `resolvedOptions()` of a date's format gives; raises as `format_date` does."""
    return date_format(locales, options, kind).resolved()


def format_number(value: float | str, locales: Locales, options: Given) -> str:
    """A number as text.

    Args:
        value: The number; digits in a text are a whole number of any size (a BigInt).
        locales: As for `format_date`.
        options: The options of `Intl.NumberFormat`.

    Raises:
        ScenarioRangeError: A value or a language tag that there is not.
        ScenarioTypeError: A currency style without its currency.
        NotEmulatedError: A locale, a currency or an option that is not emulated.
    """
    return number_format(locales, options).text(value)


def resolved_number(locales: Locales, options: Given) -> dict[str, Any]:
    """What `resolvedOptions()` of a number's format gives; raises as `format_number` does."""
    return number_format(locales, options).resolved()


def supported_locales() -> list[str]:
    """The language tags that texts are made for, sorted."""
    return supported()
