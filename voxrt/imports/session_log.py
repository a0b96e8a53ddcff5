"""The platform's session log, read back into what happened.

An entry is a line that begins with a date; what follows without one belongs to it. The entries of
a call's beginning, its digits and its end, the provider's messages, the commands and the
scenario's own lines are understood; everything else is kept as text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from attrs import field, frozen

from voxrt.errors import DocumentError
from voxrt.imports.log_values import LogValueError, parse_value

_STAMP: Final = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(?: |$)")
_TO_SCRIPT: Final = "Sent event to JS onPhoneEvent with params "
_FROM_SCRIPT: Final = "Sent event from JS onPhoneEvent with params "
_COMMAND: Final = re.compile(r"Executing JS command: (\S+)(?: with params (.*))?", re.DOTALL)
_CUSTOM_DATA: Final = "Sent event to JS VoxEngine.customData with params "
_REQUEST: Final = re.compile(r"Sent request from JS (\S+) with params ")
_MOST_BYTES: Final = 256 * 1024 * 1024
#: Fields that are texts and may look like numbers; the log has no quotes to tell them apart.
_TEXTS: Final = (
    "id", "callerid", "destination", "displayName", "to", "number", "tone", "type", "text", "body"
)  # fmt: skip
#: Lines of the log that are about the session and not the scenario's own.
_OF_THE_SESSION: Final = (
    "VoxEngine version:", "Loading scenario ", "Module loaded:", "WARNING! ", "INFO: ", "ERROR: ",
    "Terminating", "Session terminated", "Sent ", "Received response to JS ",
    "-----BEGIN SIP TRACE", "Normal termination",
)  # fmt: skip


@frozen(kw_only=True)
class Entry:
    """One entry of a log.

    Attributes:
        line: Its first line in the file, from 1.
        t_ms: Since the first entry.
        kind: `event`, `command`, `log` or `other`.
        name: Of an event or a command.
        data: The fields of an event, or the parameters of a command.
        text: The whole entry without its date.
        from_script: An event that was made inside of the script's runtime.
    """

    line: int
    t_ms: float
    kind: str
    name: str = ""
    data: Any = None
    text: str = field(default="", repr=False)
    from_script: bool = False

    @property
    def provider_message(self) -> dict[str, Any] | None:
        """The provider's message that a connector's event carries."""
        data = self.data.get("data") if isinstance(self.data, dict) else None
        payload = data.get("payload") if isinstance(data, dict) else None
        is_message = isinstance(payload, dict) and isinstance(payload.get("type"), str)
        return payload if self.from_script and is_message else None


@frozen(kw_only=True)
class SessionLogFile:
    """A log that was read.

    Attributes:
        path: Where.
        began: The date of its first entry.
        entries: In order.
        not_understood: What a line says that could not be taken apart, in words.
    """

    path: Path
    began: datetime
    entries: list[Entry] = field(repr=False)
    not_understood: list[str] = field(factory=list)

    def events(self, *names: str) -> list[Entry]:
        """The events of these names."""
        return [one for one in self.entries if one.kind == "event" and one.name in names]

    def commands(self, *names: str) -> list[Entry]:
        """The commands of these names."""
        return [one for one in self.entries if one.kind == "command" and one.name in names]


def read_session_log(path: Path) -> SessionLogFile:
    """Reads a session log.

    Raises:
        DocumentError: It cannot be read, has no entries, or its dates are impossible.
    """
    entries: list[Entry] = []
    not_understood: list[str] = []
    began: datetime | None = None
    for number, when, text in _entries(path):
        began = began or when
        t_ms = (when - began).total_seconds() * 1000
        if entries and t_ms < entries[-1].t_ms:
            raise DocumentError(
                f"its date is before that of the entry above it, in line {entries[-1].line}",
                hint="Give the log of one session, as the platform wrote it.",
                file=str(path),
                line=number,
            )
        try:
            entries.append(_entry(number, t_ms, text))
        except LogValueError as error:
            not_understood.append(f"line {number} of the log: {error}")
            entries.append(Entry(line=number, t_ms=t_ms, kind="other", text=text))
    if began is None:
        raise DocumentError(
            "this is no session log: no line begins with a date such as 2026-01-05 09:00:00.000",
            file=str(path),
        )
    return SessionLogFile(path=path, began=began, entries=entries, not_understood=not_understood)


def _entries(path: Path) -> Iterator[tuple[int, datetime, str]]:
    """(line, date, text) of each entry, with the lines that follow it without a date."""
    current: tuple[int, datetime, list[str]] | None = None
    for number, line in enumerate(_read(path).splitlines(), 1):
        stamp = _STAMP.match(line)
        if stamp is None:
            if current is not None:
                current[2].append(line)
            continue
        if current is not None:
            yield current[0], current[1], "\n".join(current[2])
        current = number, _date(path, number, stamp), [line[stamp.end() :]]
    if current is not None:
        yield current[0], current[1], "\n".join(current[2])


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise DocumentError("it is too large for a session log", file=str(path))
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise DocumentError("there is no such file", file=str(path)) from None
    except OSError as error:
        reason = error.strerror or error
        raise DocumentError(f"the log cannot be read: {reason}", file=str(path)) from None
    except UnicodeDecodeError as error:
        raise DocumentError(
            f"this is no session log: it is not UTF-8 text ({error.reason})", file=str(path)
        ) from None


def _date(path: Path, line: int, stamp: re.Match[str]) -> datetime:
    try:
        when = datetime.strptime(stamp[1], "%Y-%m-%d %H:%M:%S")
    except ValueError:
        raise DocumentError(
            f"there is no such date: {stamp[1]}", file=str(path), line=line
        ) from None
    micros = int((stamp[2] or "0").ljust(6, "0"))
    return when.replace(microsecond=micros, tzinfo=UTC)


def _entry(line: int, t_ms: float, text: str) -> Entry:
    command = _COMMAND.fullmatch(text)
    if text.startswith(_TO_SCRIPT):
        value = parse_value(text.removeprefix(_TO_SCRIPT))
        data = _with_texts(value[0] if isinstance(value, list) and value else value)
        return _event(line, t_ms, text, data, from_script=False)
    if text.startswith(_FROM_SCRIPT):
        try:
            data = json.loads(text.removeprefix(_FROM_SCRIPT))
        except (ValueError, RecursionError) as error:
            raise LogValueError(f"the event is not JSON: {error}") from None
        return _event(line, t_ms, text, data, from_script=True)
    if command is not None:
        params = _with_texts(parse_value(command[2])) if command[2] else []
        return Entry(line=line, t_ms=t_ms, kind="command", name=command[1], data=params, text=text)
    if text.startswith(_OF_THE_SESSION):
        return Entry(line=line, t_ms=t_ms, kind="other", text=text)
    return Entry(line=line, t_ms=t_ms, kind="log", text=text)


def _with_texts(value: Any, *, headers: bool = False) -> Any:
    """A value in which what is always a text is one, as the values of `headers` are."""
    if isinstance(value, list):
        return [_with_texts(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: _as_written(item)
        if (headers or name in _TEXTS) and isinstance(item, int | float)
        else _with_texts(item, headers=name == "headers")
        for name, item in value.items()
    }


def _as_written(value: float) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _event(line: int, t_ms: float, text: str, data: Any, *, from_script: bool) -> Entry:
    if not isinstance(data, dict) or not isinstance(data.get("name"), str):
        raise LogValueError("the event has no name")
    return Entry(
        line=line,
        t_ms=t_ms,
        kind="event",
        name=data["name"],
        data={name: value for name, value in data.items() if name != "name"},
        text=text,
        from_script=from_script,
    )
