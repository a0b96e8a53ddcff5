"""What of a record is compared, and how two values are found to be the same.

Identifiers differ from run to run when a scenario makes one more object, and mean nothing by
themselves: the first identifier of the recording that stands where the replay has another one is
taken for it, and must stand for it from then on. In reports they are ordinals, such as `#3`.
"""

from __future__ import annotations

import json
import re
from typing import Any

from attrs import define, field

from voxrt.session.journal import Record

#: Identifiers as `voxrt.session.ids` makes them: of calls, of objects, hexadecimal ones, UUIDs.
ID = re.compile(
    r"(?<![\w-])[A-Za-z0-9_-]{43}(?![\w-])|[0-9A-F]{16}\.\d{9,11}\.\d+"
    r"|(?<![0-9A-Za-z])[0-9a-f]{32}(?![0-9A-Za-z])"
    r"|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)

#: Fields of any record that say where in its files a scenario did it, which another one may do
#: elsewhere.
PLACES = ("n", "at", "file", "line", "column", "source_line", "stack")
#: Fields that say nothing of what a scenario did, by the kind of record; with dots into objects.
IGNORED: dict[str, tuple[str, ...]] = {
    # When somebody looked at what was heard; `from_ms` and `to_ms` say when it was heard.
    "heard": ("t",),
    # Every warning and error is compared by itself, and the rest is about the far ends.
    "result": (
        "outcome",
        "latency",
        "approximated",
        "unused_answers",
        "warnings",
        "errors",
        "verdict",
        "people",
    ),
    # Counted in the order of their making: one more changes all that follow.
    "timer": ("id",),
    "http": ("id",),
    "mail": ("id",),
    # A scenario that is replayed may have another name.
    "session": ("scenario",),
    # Where the access URL is served is a matter of the command line.
    "event": ("data.accessURL", "data.accessSecureURL"),
}
#: What tells one record of a kind from another, before its other fields are looked at.
_NAMES = ("name", "direction", "type", "action", "state", "what", "by", "code", "function")


def form(record: Record) -> Record:
    """The record without its number, its place in the scenario, and what is ignored."""
    fields = {key: value for key, value in record.items() if key not in PLACES}
    for path in IGNORED.get(record["kind"], ()):
        fields = _without(fields, path.split("."))
    return fields


def _without(fields: dict[str, Any], path: list[str]) -> dict[str, Any]:
    key, *rest = path
    if key not in fields:
        return fields
    if not rest:
        return {name: value for name, value in fields.items() if name != key}
    inner = fields[key]
    return {**fields, key: _without(inner, rest)} if isinstance(inner, dict) else fields


def shape(record: Record) -> str:
    """The record as text without its time and with every identifier alike."""
    fields = {key: value for key, value in form(record).items() if key != "t"}
    return ID.sub("#", json.dumps(fields, ensure_ascii=False))


def name(record: Record) -> str:
    """What a record is about in few words: its kind, and what tells it from others of it."""
    parts = [record.get(key) for key in _NAMES]
    if record["kind"] == "log":
        parts = []
    return " ".join([record["kind"], *(str(part) for part in parts if part is not None)])


@define(eq=False)
class Ids:
    """Which identifier of the replay stands for which of the recording."""

    _there: dict[str, str] = field(factory=dict, init=False)
    _back: dict[str, str] = field(factory=dict, init=False)
    _numbers: dict[str, int] = field(factory=dict, init=False)

    def match(self, recorded: str, replayed: str) -> bool:
        """Whether they are the same, from now on if nothing speaks against it."""
        if self._there.setdefault(recorded, replayed) != replayed:
            return False
        return self._back.setdefault(replayed, recorded) == recorded

    def shown(self, text: str, *, replayed: bool = False) -> str:
        """A text with ordinals for its identifiers."""
        return ID.sub(lambda found: self._ordinal(found.group(), replayed), text)

    def _ordinal(self, found: str, replayed: bool) -> str:
        known = self._back.get(found, found) if replayed else found
        return f"#{self._numbers.setdefault(known, len(self._numbers) + 1)}"


@define
class Tolerance:
    """How exact times have to be.

    Attributes:
        ms: The largest difference of two times or durations that is none.
    """

    ms: float = 0.0

    def allows(self, path: str, recorded: float, replayed: float) -> bool:
        """Whether two numbers of a field are near enough."""
        if not self.ms:
            return recorded == replayed
        last = path.rpartition(".")[2]
        apart = abs(recorded - replayed)
        if last == "t" or last.endswith("_ms"):
            return apart <= self.ms
        if last == "samples":
            return apart <= self.ms * _MOST_SAMPLES_PER_MS
        return last in ("duration", "frames", "bytes") or apart == 0


_MOST_SAMPLES_PER_MS = 48


@define(eq=False)
class Differences:
    """Finds the fields in which two values differ.

    Attributes:
        ids: What was learnt about identifiers so far.
    """

    tolerance: Tolerance
    ids: Ids = field(factory=Ids)

    def between(self, recorded: Any, replayed: Any, path: str = "") -> list[tuple[str, Any, Any]]:
        """The fields that differ, as (path, recorded, replayed); `None` for one that is missing."""
        if isinstance(recorded, dict) and isinstance(replayed, dict):
            keys = dict.fromkeys((*recorded, *replayed))
            return [
                difference
                for key in keys
                for difference in self.between(
                    recorded.get(key), replayed.get(key), f"{path}.{key}" if path else key
                )
            ]
        both_lists = isinstance(recorded, list) and isinstance(replayed, list)
        if both_lists and len(recorded) == len(replayed):
            return [
                difference
                for index, pair in enumerate(zip(recorded, replayed, strict=True))
                for difference in self.between(*pair, f"{path}[{index}]")
            ]
        return [] if self._same(recorded, replayed, path) else [(path, recorded, replayed)]

    def _same(self, recorded: Any, replayed: Any, path: str) -> bool:
        if isinstance(recorded, str) and isinstance(replayed, str):
            if ID.sub("#", recorded) != ID.sub("#", replayed):
                return False
            pairs = zip(ID.findall(recorded), ID.findall(replayed), strict=True)
            return all(self.ids.match(*pair) for pair in pairs)
        if _is_number(recorded) and _is_number(replayed):
            return self.tolerance.allows(path, recorded, replayed)
        return type(recorded) is type(replayed) and bool(recorded == replayed)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
