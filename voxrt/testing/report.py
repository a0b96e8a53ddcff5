"""What happened around a moment of a run, for a failed expectation."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from voxrt.errors import InputError
from voxrt.session.journal import Record
from voxrt.show.account import Account
from voxrt.show.entry import Entry
from voxrt.show.folder import load
from voxrt.show.page import render
from voxrt.show.times import clock_text
from voxrt.testing.happenings import PLATFORM, source_of

#: So many lines of the account are shown before the moment, and after it.
BEFORE: Final = 8
AFTER: Final = 4
#: The page of a run, as `voxrt show --html` calls it.
TIMELINE: Final = "show.html"
_SAID: Final = re.compile(r'^says "', re.DOTALL)


def context(records: Sequence[Record], at_ms: float) -> list[str]:
    """The account of the call around a time, with a mark where the time is, and who was speaking.

    Args:
        records: The journal so far.
        at_ms: The time.
    """
    account = Account()
    entries = sorted(
        (entry for record in records for entry in account.tell(record)),
        key=lambda entry: entry.time_ms,
    )
    before = [entry for entry in entries if entry.time_ms <= at_ms]
    after = [entry for entry in entries if entry.time_ms > at_ms]
    lines = [_line(entry) for entry in before[-BEFORE:]]
    if len(before) > BEFORE:
        lines.insert(0, f"            ... {len(before) - BEFORE} lines before")
    lines.append(f"{clock_text(at_ms)}  >>> {speaking(records, at_ms)}")
    lines += [_line(entry) for entry in after[:AFTER]]
    if len(after) > AFTER:
        lines.append(f"            ... {len(after) - AFTER} lines after")
    return lines


def places(out: Path) -> list[str]:
    """Where to read on: the run's folder, and the page that `write_timeline` leaves in it."""
    return [f"the run: {out}", f"its timeline: {out / TIMELINE}"]


def write_timeline(out: Path) -> None:
    """Leaves the page of a run in its folder, or one that says why there is none."""
    try:
        page = render([load(out)])
    except InputError as error:
        page = f"<!DOCTYPE html><p>{html.escape(str(error))}</p>\n"
    (out / TIMELINE).write_text(page, encoding="utf-8")


def speaking(records: Sequence[Record], at_ms: float) -> str:
    """Who was speaking at a time: `agent was speaking`, `nobody was speaking`."""
    who: dict[str, None] = {}
    for record in records:
        if record["kind"] == "heard" and record["from_ms"] <= at_ms <= record["to_ms"]:
            who[source_of(str(record["speaker"]))] = None
    for name in _still_speaking(records, at_ms):
        who[name] = None
    if not who:
        return "nobody was speaking"
    return f"{' and '.join(who)} {'was' if len(who) == 1 else 'were'} speaking"


def _still_speaking(records: Sequence[Record], at_ms: float) -> list[str]:
    """The persons who have begun to speak and of whom nothing was recorded as heard since."""
    begun: dict[str, str] = {}
    for record in records:
        if record["kind"] == "note" and record["t"] <= at_ms and _SAID.match(str(record["text"])):
            begun[str(record["call"])] = str(record["who"])
        elif _ends_speech(record):
            begun.pop(str(record.get("call") or record.get("id")), None)
    return list(begun.values())


def _ends_speech(record: Record) -> bool:
    if record["kind"] == "heard":
        return bool(record["by"] == PLATFORM)
    return bool(record["kind"] == "event" and record["name"] == "Call.Disconnected")


def _line(entry: Entry) -> str:
    aside: Any = f"  ({entry.aside})" if entry.aside else ""
    return f"{clock_text(entry.time_ms)}  {entry.who:<8} {entry.text}{aside}"
