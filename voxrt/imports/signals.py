"""What the far end of a logged call did beside its sound: messages, INFOs, holds, its headers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from attrs import field, frozen

from voxrt.imports.session_log import SessionLogFile
from voxrt.session.log import log_value

#: What is a signal, by the event that tells of it; its fields by those of the event.
_ACTIONS: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "Call.MessageReceived": ("message", {"text": "text"}),
    "Call.InfoReceived": ("info", {"mime_type": "mimeType", "body": "body"}),
    "Call.OnHold": ("hold", {}),
    "Call.OffHold": ("unhold", {}),
}


@frozen(kw_only=True)
class Signal:
    """Something that the far end did beside its sound and its keys.

    Attributes:
        t_ms: When.
        action: `message`, `info`, `hold` or `unhold`, as records of far ends have it.
        fields: The other fields of such a record.
    """

    t_ms: float
    action: str
    fields: Mapping[str, Any] = field(factory=dict)


def signals_of(log: SessionLogFile, call_id: str) -> Iterator[Signal]:
    """The signals of a call, in order."""
    for entry in log.events(*_ACTIONS):
        if str(entry.data.get("id")) != call_id:
            continue
        action, names = _ACTIONS[entry.name]
        # A text that looks like another value of the log is what the log has for that.
        told = {ours: entry.data.get(name, "") for ours, name in names.items()}
        fields: dict[str, Any] = {name: log_value(value) for name, value in told.items()}
        if action == "info":
            fields["headers"] = headers_of(entry.data)
        yield Signal(t_ms=entry.t_ms, action=action, fields=fields)


def headers_of(data: Mapping[str, Any]) -> dict[str, str]:
    """The headers that an event has."""
    told = data.get("headers")
    return {name: str(text) for name, text in told.items()} if isinstance(told, dict) else {}
