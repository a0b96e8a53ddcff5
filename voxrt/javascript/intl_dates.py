"""Dates in the words of a locale, as `Intl.DateTimeFormat` and the `toLocale...String` write them.

What to show becomes a key of four letters for the date (weekday, year, month, day: `l2sn`) and of
four for the time (hour, minute, second, zone), and the key's pattern is in the data. The choices
that ICU makes on the way (a two-digit minute beside an hour, `at` before the time) are in the
patterns already.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, TypeAlias

from attrs import frozen

from voxrt.errors import NotEmulatedError, ScenarioTypeError
from voxrt.javascript.intl_locales import Locale, Options, find_locale
from voxrt.javascript.intl_zones import Zone, find_zone, zone_name

#: What is shown when the options name no field: `any` is `toLocaleString`, `date` and `time` are
#: its two siblings, `intl` is `Intl.DateTimeFormat`.
Kind: TypeAlias = Literal["any", "date", "time", "intl"]

_CALLERS = {
    "any": "Date.prototype.toLocaleString",
    "date": "Date.prototype.toLocaleDateString",
    "time": "Date.prototype.toLocaleTimeString",
    "intl": "Intl.DateTimeFormat",
}
_DIGITS = {"numeric": "n", "2-digit": "2"}
_WORDS = {"short": "s", "long": "l", "narrow": "w"}
_DATE_FIELDS = {"weekday": _WORDS, "year": _DIGITS, "month": _DIGITS | _WORDS, "day": _DIGITS}
_TIME_FIELDS = {"hour": _DIGITS, "minute": _DIGITS, "second": _DIGITS}
_ZONE_STYLES = {"short": "s", "long": "l", "shortOffset": "o", "longOffset": "O"}

#: The letter of the second beside a fraction; a fraction may also stand alone.
_FRACTIONS = {"n": "f", "2": "F", "-": "e"}
_STYLE_NAMES = ("dateStyle", "timeStyle")
_STYLES = ("full", "long", "medium", "short")
_DATE_DEFAULTS = {"year": "numeric", "month": "numeric", "day": "numeric"}
_TIME_DEFAULTS = {"hour": "numeric", "minute": "numeric", "second": "numeric"}

#: Which fields keep the defaults away, and which are then shown.
_DEFAULTS: dict[str, tuple[frozenset[str], dict[str, str]]] = {
    "any": (frozenset({"date", "time"}), _DATE_DEFAULTS | _TIME_DEFAULTS),
    "date": (frozenset({"date"}), _DATE_DEFAULTS),
    "time": (frozenset({"time"}), _TIME_DEFAULTS),
    "intl": (frozenset({"date", "time"}), _DATE_DEFAULTS),
}

_FIELD = re.compile(r"\{([a-zA-Z]+)(\d*)\}")
_TYPES = {
    "E": "weekday",
    "y": "year",
    "M": "month",
    "d": "day",
    "h": "hour",
    "m": "minute",
    "s": "second",
    "f": "fractionalSecond",
    "a": "dayPeriod",
    "z": "timeZoneName",
    "Z": "timeZoneName",
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@frozen(kw_only=True)
class DateFormat:
    """Everything that the options came to.

    Attributes:
        pattern: Text with fields in braces, as the data has it.
        cycle: How hours are counted; None when no hour is shown.
        zone_style: How the zone is named, when the pattern names it.
        fraction_digits: How many digits of the fraction of a second are shown.
        shown: The options that name what is shown, for `resolvedOptions()`.
    """

    locale: Locale
    zone: Zone
    pattern: str
    cycle: str | None
    zone_style: str
    fraction_digits: int
    shown: Mapping[str, str]

    def parts(self, unix_ms: float) -> list[dict[str, str]]:
        """The text of an instant, in parts of `type` and `value`; neighbouring literals are one.

        Raises:
            NotEmulatedError: The year is not one of 1 to 9999, or the zone's name is unknown.
        """
        moment = self._moment(unix_ms)
        parts: list[dict[str, str]] = []
        end = 0
        for match in _FIELD.finditer(self.pattern):
            if literal := self.pattern[end : match.start()]:
                parts.append({"type": "literal", "value": literal})
            end = match.end()
            letters, names = match.groups()
            value = self._field(letters, moment, self._names(names))
            parts.append({"type": _TYPES[letters[0]], "value": value})
        if literal := self.pattern[end:]:
            parts.append({"type": "literal", "value": literal})
        return parts

    def resolved(self) -> dict[str, Any]:
        """What `resolvedOptions()` gives."""
        answer: dict[str, Any] = {
            "locale": self.locale.tag,
            "calendar": "gregory",
            "numberingSystem": "latn",
            "timeZone": self.zone.name,
        }
        if self.cycle:
            answer |= {"hourCycle": self.cycle, "hour12": self.cycle in ("h11", "h12")}
        styles = {key: value for key, value in self.shown.items() if key.endswith("Style")}
        if styles:
            return answer | styles
        for letters, names in _FIELD.findall(self.pattern):
            field = _TYPES[letters[0]]
            if field in self.shown:
                numeric = "2-digit" if len(letters) == 2 else "numeric"
                named = bool(names) or field == "timeZoneName"
                answer[field] = self.shown[field] if named else numeric
        if self.fraction_digits:
            answer["fractionalSecondDigits"] = self.fraction_digits
        return answer

    def _moment(self, unix_ms: float) -> datetime:
        try:
            return (_EPOCH + timedelta(milliseconds=int(unix_ms))).astimezone(self.zone.rules)
        except OverflowError:
            raise NotEmulatedError(
                f"The date {unix_ms:.0f} ms from 1970 cannot be written for a locale.",
                hint="The years 1 to 9999 can; toISOString() writes every date.",
            ) from None

    def _names(self, index: str) -> list[str]:
        return self.locale.known["names"][int(index)] if index else []

    def _field(self, letters: str, moment: datetime, names: list[str]) -> str:
        match letters[0]:
            case "E":
                return names[moment.isoweekday() % 7]
            case "M" if names:
                return names[moment.month - 1]
            case "a":
                return names[moment.hour // 12]
            case "f":
                return f"{moment.microsecond // 1000:03}"[: self.fraction_digits]
            case "z" | "Z":
                return zone_name(self.zone, moment, self.zone_style, self.locale.known)
            case "y":
                return f"{moment.year % 100:02}" if len(letters) == 2 else f"{moment.year}"
        number = {
            "M": moment.month,
            "d": moment.day,
            "h": self._hour(moment.hour),
            "m": moment.minute,
            "s": moment.second,
        }[letters[0]]
        return f"{number:0{len(letters)}}"

    def _hour(self, hour: int) -> int:
        if self.cycle == "h11":
            return hour % 12
        if self.cycle == "h12":
            return hour % 12 or 12
        return hour or 24 if self.cycle == "h24" else hour


def date_format(
    locales: str | Iterable[Any] | None, options: Mapping[str, Any] | None, kind: Kind
) -> DateFormat:
    """What the options come to.

    Raises:
        ScenarioRangeError: An option's value, a language tag or a time zone that there is not.
        ScenarioTypeError: Options that exclude each other.
        NotEmulatedError: A locale, an option or a combination of options that is not emulated.
    """
    asked = Options(options or {}, _CALLERS[kind])
    locale = find_locale(locales)
    asked.refuse("calendar", "gregory")
    asked.refuse("numberingSystem", "latn")
    asked.refuse("era")
    asked.refuse("dayPeriod")
    if asked.given.get("timeZoneName") in ("shortGeneric", "longGeneric"):
        asked.refuse("timeZoneName", *_ZONE_STYLES)
    fields = {
        name: value
        for name, words in (_DATE_FIELDS | _TIME_FIELDS | {"timeZoneName": _ZONE_STYLES}).items()
        if (value := asked.text(name, *words)) is not None
    }
    digits = asked.whole("fractionalSecondDigits", 1, 3) or 0
    styles = {
        name: value for name in _STYLE_NAMES if (value := asked.text(name, *_STYLES)) is not None
    }
    cycle = _cycle(asked, locale)
    wanted = asked.given.get("timeZone")
    zone = find_zone("UTC" if wanted is None else str(wanted))
    if styles:
        _check_styles(styles, [*fields, *(["fractionalSecondDigits"] if digits else [])], kind)
        key = "|".join(styles.get(name, "") for name in _STYLE_NAMES)
        pattern = str(locale.known["patterns"][locale.known[cycle]["styles"][key]])
        zone_style = "long" if "{Z}" in pattern else "short"
    else:
        fields = _with_defaults(fields, digits, kind)
        pattern = _pattern(locale, cycle, fields, digits, asked.caller)
        zone_style = fields.get("timeZoneName", "short")
    return DateFormat(
        locale=locale,
        zone=zone,
        pattern=pattern,
        cycle=cycle if "{h" in pattern else None,
        zone_style=zone_style,
        fraction_digits=digits,
        shown=styles or fields,
    )


def _cycle(asked: Options, locale: Locale) -> str:
    """`hour12` wins over `hourCycle`, and both over the locale."""
    hour12 = asked.flag("hour12")
    cycle = asked.text("hourCycle", "h11", "h12", "h23", "h24")
    if hour12 is not None:
        return str(locale.known["hour12"]["true" if hour12 else "false"])
    return cycle or locale.hour_cycle or str(locale.known["hour_cycle"])


def _check_styles(styles: Mapping[str, str], fields: list[str], kind: Kind) -> None:
    wrong = {"date": "timeStyle", "time": "dateStyle"}.get(kind)
    if wrong in styles:
        raise ScenarioTypeError(f"Invalid option : {wrong}", hint=f"{_CALLERS[kind]} has none.")
    if fields:
        raise ScenarioTypeError(f"Can't set option {fields[0]} when {next(iter(styles))} is used")


def _with_defaults(fields: dict[str, str], digits: int, kind: Kind) -> dict[str, str]:
    """The fields to show: those asked for, or the defaults when none of the needed ones is."""
    needed, defaults = _DEFAULTS[kind]
    has_date = not fields.keys().isdisjoint(_DATE_FIELDS)
    has_time = bool(digits) or not fields.keys().isdisjoint(_TIME_FIELDS)
    if ("date" in needed and has_date) or ("time" in needed and has_time):
        return fields
    return defaults | fields


def _pattern(
    locale: Locale, cycle: str, fields: Mapping[str, str], digits: int, caller: str
) -> str:
    known = locale.known
    times = known[cycle]
    patterns = known["patterns"]
    date = _key(_DATE_FIELDS, fields)
    time = _key(_TIME_FIELDS, fields)
    if digits:
        time = time[:2] + _FRACTIONS[time[2]]
    time += _key({"timeZoneName": _ZONE_STYLES}, fields)
    # ICU loses a second of two digits beside one digit of its fraction when nothing else is there.
    lost = digits == 1 and time.startswith("--F")
    if time != "----" and (lost or time not in times["times"]):
        raise NotEmulatedError(
            f"{caller}: this combination of hour, minute, second and fractionalSecondDigits"
            " is not emulated.",
            hint="Ask for minutes beside hours and seconds, and for seconds beside fractions.",
        )
    if time == "----":
        return str(patterns[known["dates"][date]])
    if date == "----":
        return str(patterns[times["times"][time]])
    mixed = times["mixed"].get(f"{date}|{time}")
    if mixed is not None:
        return str(patterns[mixed])
    glue = known["glues"][known["glue"][date]]
    return f"{patterns[known['dates'][date]]}{glue}{patterns[times['times'][time]]}"


def _key(words: Mapping[str, Mapping[str, str]], fields: Mapping[str, str]) -> str:
    return "".join(table[fields[name]] if name in fields else "-" for name, table in words.items())
