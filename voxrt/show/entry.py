"""One line of the account of a call."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import Enum
from typing import Any

from attrs import frozen

Record = Mapping[str, Any]


class Tone(Enum):
    """What kind of line it is; decides its colour."""

    CALLER = "caller"
    AGENT = "agent"
    CALL = "call"
    TOOL = "tool"
    EVENT = "event"
    LOG = "log"
    WARNING = "warning"
    ERROR = "error"
    SESSION = "session"
    DETAIL = "detail"


@frozen
class Entry:
    """One line of the account.

    Attributes:
        time_ms: When it happened, in milliseconds since the run began.
        tone: What kind of line it is.
        who: The label in front: a speaker, or what the line is about.
        text: What happened.
        aside: A remark behind the text, such as `cut off`.
    """

    time_ms: float
    tone: Tone
    who: str
    text: str
    aside: str = ""


def entry(record: Record, tone: Tone, who: str, text: str, aside: str = "") -> Entry:
    """The line for a record, at its time; tells which session it is of when there are several."""
    if who == "session" and "session" in record:  # one of several, after the first
        who = f"session {record['session']}"
    return Entry(float(record["t"]), tone, who, text, aside)


def as_json(value: Any) -> str:
    """A value as JSON in one line."""
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))
