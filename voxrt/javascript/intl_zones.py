"""Time zones: found by name, and named in the words of a locale."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from typing import Any

from attrs import frozen

from voxrt.errors import NotEmulatedError
from voxrt.javascript.intl_locales import ScenarioRangeError, data

_UTC_NAMES = frozenset({"utc", "gmt", "etc/utc", "etc/gmt"})

#: Files among the zones that are no zones.
_NO_ZONES = frozenset({"localtime", "posixrules", "factory"})


@frozen
class Zone:
    """A time zone; `name` as `resolvedOptions().timeZone` tells it."""

    name: str
    rules: tzinfo


@cache
def _names() -> dict[str, str]:
    names = {name.lower(): name for name in sorted(zoneinfo.available_timezones())}
    if not names:
        raise NotEmulatedError(
            "This machine has no time zone data, so only UTC is there.",
            hint="Install the system's package tzdata, or: pip install tzdata.",
        )
    return {key: name for key, name in names.items() if key not in _NO_ZONES}


@cache
def find_zone(wanted: str) -> Zone:
    """The zone of an IANA name in any case; the several names of UTC are one.

    A name is kept as it is asked for, in the spelling of the database (`Asia/Kolkata` stays
    itself), as recent engines do.

    Raises:
        ScenarioRangeError: There is no such zone.
    """
    key = wanted.lower()
    if key in _UTC_NAMES:
        return Zone("UTC", UTC)
    name = _names().get(key)
    if name is None:
        raise ScenarioRangeError(
            f"Invalid time zone specified: {wanted}", hint="It is a name such as Europe/Berlin."
        )
    return Zone(name, zoneinfo.ZoneInfo(name))


def zone_name(zone: Zone, moment: datetime, style: str, known: Mapping[str, Any]) -> str:
    """How a locale calls a zone at a moment.

    Args:
        zone: The zone.
        moment: The moment, with the zone's offset.
        style: `short`, `long`, `shortOffset` or `longOffset`.
        known: The locale's data.

    Raises:
        NotEmulatedError: The name is not in the data, or may have been another one then.
    """
    offset = moment.utcoffset() or timedelta()
    if style in ("shortOffset", "longOffset"):
        return _offset(offset, style == "longOffset", known["offset"])
    everything = data()
    unknown = NotEmulatedError(
        f"The {style} name of the time zone {zone.name} at {moment.isoformat()} is not emulated.",
        hint="Use timeZoneName: 'shortOffset' (GMT+2), or leave the name out.",
    )
    milliseconds = moment.timestamp() * 1000
    lasting = everything["names_from_ms"] <= milliseconds < everything["names_until_ms"]
    if not lasting and zone.rules is not UTC:
        raise unknown
    group = everything["zones"][style].get(zone.name)
    if group == -1 or (group is None and style == "long"):
        raise unknown
    names = {} if group is None else known["zone_names"][style][group]
    name = names.get(str(offset // timedelta(minutes=1)))
    if name is not None:
        return str(name)
    if names:
        raise unknown
    return _offset(offset, False, known["offset"])


def _offset(offset: timedelta, long: bool, texts: Mapping[str, str]) -> str:
    seconds = int(offset.total_seconds())
    if not seconds:
        return texts["long_zero"] if long else texts["zero"]
    minutes, second = divmod(abs(seconds), 60)
    hour, minute = divmod(minutes, 60)
    text = f"{hour:02}:{minute:02}" if long else f"{hour}:{minute:02}" if minute else f"{hour}"
    if second:
        text = f"{hour:02}:{minute:02}:{second:02}" if long else f"{hour}:{minute:02}:{second:02}"
    return texts["positive" if seconds > 0 else "negative"].format(text)
