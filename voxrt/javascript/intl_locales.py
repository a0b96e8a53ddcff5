"""Which locales there are, what is known of them, and how their options are read.

The data is a snapshot of Unicode CLDR as a real ICU applies it, in `intl_data.json` (made by
`tests/javascript/make_intl_data.mjs`): every supported combination of fields has its pattern
there, so a text is either exactly ICU's or refused. A library with all of CLDR was weighed against
it: it is 30 MB, and it leaves the choosing and adjusting of patterns, where texts differ, to us.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
from attrs import frozen

from voxrt.errors import NotEmulatedError, ScenarioTypeError

#: A language alone means the locale that its data is of.
_REGIONS = {
    "en": "en-US",
    "de": "de-DE",
    "fr": "fr-FR",
    "es": "es-ES",
    "ru": "ru-RU",
    "sv": "sv-SE",
}
_WELL_FORMED = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_CYCLES = ("h11", "h12", "h23", "h24")

#: Extensions that ask for what there is anyway.
_HARMLESS = {("ca", "gregory"), ("nu", "latn")}


class ScenarioRangeError(ScenarioTypeError, ValueError):
    """An option has a value that it cannot have; JavaScript scenarios see a `RangeError`."""

    javascript_class = "RangeError"


@cache
def data() -> dict[str, Any]:
    """All of the snapshot; read when the first text is made."""
    raw = (files("voxrt.javascript") / "intl_data.json").read_bytes()
    return msgspec.json.decode(raw)  # type: ignore[no-any-return]


def supported() -> list[str]:
    """The locales that texts are made for."""
    return sorted({*data()["locales"], *_REGIONS})


@frozen
class Locale:
    """A locale as it was asked for, and what is known of it.

    Attributes:
        tag: As `resolvedOptions().locale` tells it.
        hour_cycle: What the tag itself asks for (`en-US-u-hc-h23`).
    """

    tag: str
    hour_cycle: str | None
    known: Mapping[str, Any]


def find_locale(locales: str | Iterable[Any] | None) -> Locale:
    """The first of the locales asked for; `en-US` when none is.

    A browser goes on to the next one when it lacks a locale. Here only the first counts: whatever
    it is, a real ICU has it.

    Raises:
        ScenarioRangeError: A text that is no language tag.
        NotEmulatedError: A locale, or an extension of it, that is not among the supported ones.
    """
    wanted = [locales] if isinstance(locales, str) else list(locales or ())
    for tag in wanted:
        if not isinstance(tag, str) or not _WELL_FORMED.fullmatch(tag):
            raise ScenarioRangeError(
                f"Incorrect locale information provided: {tag!r}.",
                hint="A locale is a language tag such as en-GB.",
            )
    return _locale(wanted[0] if wanted else "en-US")


@cache
def _locale(wanted: str) -> Locale:
    base, _, extension = wanted.partition("-u-")
    language, *rest = base.split("-")
    tag = "-".join([language.lower(), *(part.upper() for part in rest)])
    known = data()["locales"].get(_REGIONS.get(tag, tag))
    if known is None:
        raise NotEmulatedError(
            f"The locale {wanted} is not emulated.",
            hint=f"There are {', '.join(supported())}.",
        )
    cycle = None
    for key, value in re.findall(r"([^-]+)(?:-([^-]+))?", extension.lower()):
        if key == "hc" and value in _CYCLES:
            cycle = value
        elif (key, value) not in _HARMLESS:
            raise NotEmulatedError(
                f"The extension -u-{extension} of the locale {base} is not emulated.",
                hint="There are -u-hc-h11, h12, h23 and h24, -u-ca-gregory and -u-nu-latn.",
            )
    return Locale(tag, cycle, known)


@frozen
class Options:
    """The options of one call, read and checked one by one.

    `caller` is the function or class that got them, for messages. An option that is not asked for
    here is ignored, as the standard has it.
    """

    given: Mapping[str, Any]
    caller: str

    def text(self, name: str, *allowed: str) -> str | None:
        """One of the allowed texts, or None when it is not given."""
        value = self.given.get(name)
        if value is None:
            return None
        if value not in allowed:
            raise ScenarioRangeError(
                f"Value {value} out of range for {self.caller} options property {name}.",
                hint=f"It is one of {', '.join(allowed)}.",
            )
        return str(value)

    def flag(self, name: str) -> bool | None:
        """True or false, or None when it is not given."""
        value = self.given.get(name)
        return None if value is None else bool(value)

    def whole(self, name: str, low: int, high: int) -> int | None:
        """A whole number from `low` to `high`, or None when it is not given."""
        value = self.given.get(name)
        if value is None:
            return None
        try:
            number = float(value)
        except (TypeError, ValueError):
            number = math.nan
        if not low <= number <= high:
            raise ScenarioRangeError(
                f"{name} value is out of range.", hint=f"It is a number from {low} to {high}."
            )
        return math.floor(number)

    def refuse(self, name: str, *harmless: Any) -> None:
        """Says loudly that an option is not emulated, unless its value changes nothing."""
        value = self.given.get(name)
        if value is not None and value not in harmless:
            only = f" Only {', '.join(map(str, harmless))} is." if harmless else ""
            raise NotEmulatedError(
                f"{self.caller}: the option {name}: {value!r} is not emulated.{only}"
            )
