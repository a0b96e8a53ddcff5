"""The entries of a session log as records of a journal: the other way round than a run's log."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from voxrt.imports.session_log import Entry, SessionLogFile
from voxrt.vox.call_facts import PLACING

#: Lines about the session: the kind of their record, the field that has the rest of the line, and
#: what else the record has.
_LINES: Final[dict[str, tuple[str, str, dict[str, Any]]]] = {
    "Loading scenario ": ("session", "scenario", {"state": "loading"}),
    "Module loaded: ": ("session", "module", {"state": "module"}),
    "WARNING! ": ("warning", "text", {"code": "platform"}),
    "ERROR: ": ("error", "text", {"code": "platform"}),
}
#: What readers of a journal count on, and a log that was cut or changed may lack.
_NEEDED: Final = {
    "Application.CallAlerting": ("id", "callerid", "destination"),
    "Call.Disconnected": ("internalCode",),
    "Call.Failed": ("code", "reason"),
}
#: A record without its number: the time in ms, the kind, the fields.
Unnumbered = tuple[float, str, dict[str, Any]]


def log_records(log: SessionLogFile) -> Iterator[Unnumbered]:
    """What the platform and the scenario did, by the log.

    A connector's message stands in a log twice, as it came over the socket and as the event that
    was made of it; the event is taken.
    """
    socket = ""
    for entry in log.entries:
        if entry.kind == "event" and _is_twin(entry):
            socket = str(entry.data.get("id", ""))
            continue
        record = _record(entry, socket)
        if record is not None:
            yield (entry.t_ms, *record)


def _is_twin(entry: Entry) -> bool:
    text = entry.data.get("text")
    is_connector = isinstance(text, str) and text.startswith('{"customEvent"')
    return entry.name == "WebSocket.Message" and is_connector


def _record(entry: Entry, socket: str) -> tuple[str, dict[str, Any]] | None:
    match entry.kind:
        case "event":
            return "event", _event(entry, socket)
        case "command" if entry.name == "close":  # the session's own end
            return None
        case "command":
            return "command", {"name": entry.name, "params": _params(entry)}
        case "log":
            return "log", {"text": entry.text}
    for start, (kind, name, fixed) in _LINES.items():
        if entry.text.startswith(start):
            return kind, {**fixed, name: entry.text.removeprefix(start)}
    return None


def _event(entry: Entry, socket: str) -> dict[str, Any]:
    unit = entry.name.partition(".")[0].lower()
    data = dict(entry.data)
    own = "" if unit == "application" else str(data.pop("id", ""))
    for name in _NEEDED.get(entry.name, ()):
        data.setdefault(name, None)
    fields: dict[str, Any] = {
        "unit": unit,
        "id": own,
        "name": entry.name,
        "data": data,
        "handlers": 0,
        "via": "script" if entry.from_script else "platform",
    }
    inside = data.get("data")
    if isinstance(inside, dict) and "customEvent" in inside:
        fields["websocket"] = socket
    return fields


def _params(entry: Entry) -> list[Any]:
    """The parameters of a command, a list; those of a placed call say which and where to."""
    params = entry.data if isinstance(entry.data, list) else [entry.data]
    if entry.name not in PLACING:
        return params
    first = params[0] if params and isinstance(params[0], dict) else {}
    return [{**first, "id": first.get("id"), "to": first.get("to")}, *params[1:]]
