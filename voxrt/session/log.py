"""The session log in the platform's own plain-text format, as a view of the journal.

One entry a line, in UTC: `YYYY-MM-DD HH:MM:SS.mmm text`. Tools that read the platform's logs read
these too.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
from attrs import define, field

from voxrt.disk import LineFile, refuse
from voxrt.errors import OutputError
from voxrt.session.journal import Record

#: The version that the first line of a log names: the one whose behaviour is emulated.
VOXENGINE_VERSION = "7.51.0"


def log_value(value: Any) -> str:
    """A value as the platform's log spells it: `{k = v ; }`, `[v ;  ]`, `NULL`, `true`, text."""
    kind = type(value)
    if kind is str:
        return str(value)
    if kind is dict:
        items = [
            f"{key} = {item if type(item) is str else log_value(item)} ; "
            for key, item in value.items()
        ]
        return f"{{{''.join(items)}}}"
    if value is None:
        return "NULL"
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{''.join([f'{log_value(item)} ; ' for item in value])}{' ]' if value else ']'}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


_slowly = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_quickly = msgspec.json.Encoder().encode


def _json(value: Any) -> str:
    """JSON as a script's engine writes it; msgspec does so several times faster, but for floats."""
    return _slowly(value) if _has_exponent(value) else _quickly(value).decode()


def _has_exponent(value: Any) -> bool:
    """Whether a number in it is so large or so small that it is written with an exponent."""
    found = [value]
    for item in found:  # which grows on the way
        kind = type(item)
        if kind is float:
            if not (item == 0 or 1e-4 <= abs(item) < 1e16):
                return True
        elif kind is dict:
            found += [inner for inner in item.values() if type(inner) in _NESTED]
        elif kind is list:
            found += [inner for inner in item if type(inner) in _NESTED]
    return False


_NESTED = frozenset({float, dict, list})


@define(eq=False)
class SessionLog:
    """Writes the platform's log from journal records.

    Args:
        path: The log file.
        start_unix_ms: The date of the run's zero, in milliseconds since 1970.
        on_broken: Told once when the file cannot be written any more.
    """

    path: Path
    start_unix_ms: int
    on_broken: Callable[[OutputError], object] = refuse
    _file: LineFile = field(init=False)
    _stamp: tuple[float, str] = field(default=(-1.0, ""), init=False)
    """How the time of the last record is written: many follow at the same."""

    def __attrs_post_init__(self) -> None:
        self._file = LineFile(self.path, self.on_broken)

    def write(self, record: Record) -> None:
        """Writes the lines of one record; most kinds have one, some none."""
        lines = LINES.get(record["kind"])
        if lines is None:
            return
        texts = lines(record)
        if texts:
            stamp = self._stamp_of(record["t"])
            self._file.write("".join([f"{stamp} {text}\n" for text in texts]).encode())

    def _stamp_of(self, time_ms: float) -> str:
        if time_ms == self._stamp[0]:
            return self._stamp[1]
        second, ms = divmod(self.start_unix_ms + int(time_ms), 1_000)
        self._stamp = time_ms, f"{_second(second)}.{ms:03d}"
        return self._stamp[1]

    def close(self) -> None:
        """Closes the file; later records make no lines."""
        self._file.close()


@lru_cache(maxsize=64)
def _second(unix_s: int) -> str:
    """A second as the log writes it; many records of many sessions are made within it."""
    return f"{datetime.fromtimestamp(unix_s, UTC):%Y-%m-%d %H:%M:%S}"


def _run(record: Record) -> list[str]:
    return [f"VoxEngine version: {VOXENGINE_VERSION}"]


def _session(record: Record) -> list[str]:
    match record["state"]:
        case "loading":
            return [f"Loading scenario {record['scenario']}"]
        case "module":
            return [f"Module loaded: {record['module']}"]
        case "custom-data":
            shown = log_value([record["value"]])
            return [f"Sent event to JS VoxEngine.customData with params {shown}"]
        case "idle":
            return ["INFO: Session is stopping..."]
        case "terminating":
            return [f"Terminating request..., stack={record['stack']}"]
        case "terminated":
            return [
                "Terminating (onClose)",
                f"Terminating with exit code {record['exit_code']}.",
                # The platform counts processor time here; it would differ from run to run.
                "Executing JS command: close with params {CpuMillis = 0 ; }",
                str(record["reason"]),
                "Session terminated",
            ]
    return []


def _event(record: Record) -> list[str]:
    fields, unit, name = record["data"], record["id"], record["name"]
    before = []
    if "websocket" in record:  # a connector's message came over its own socket first
        text, socket = _json(fields["data"]), record["websocket"]
        # Spelled out, as these are more than half of the lines of most logs.
        message = f"[{{id = {socket} ; name = WebSocket.Message ; text = {text} ; }} ;  ]"
        before.append(_to_script(message))
        if len(fields) == 1:
            return [*before, _from_script(f'{{"id":"{unit}","data":{text},"name":"{name}"}}')]
    data = {**({"id": unit} if unit else {}), **fields, "name": name}
    if before or record["via"] == "script":
        return [*before, _from_script(_json(data))]
    return [_to_script(log_value([data]))]


def _to_script(params: str) -> str:
    return f"Sent event to JS onPhoneEvent with params {params}"


def _from_script(params: str) -> str:
    return f"Sent event from JS onPhoneEvent with params {params}"


def _command(record: Record) -> list[str]:
    return [f"Executing JS command: {record['name']} with params {log_value(record['params'])}"]


def _warning(record: Record) -> list[str]:
    return [f"WARNING! {record['text']}"]


def _error(record: Record) -> list[str]:
    where = f" at {record['file']}:{record['line']}" if record.get("file") else ""
    return [f"ERROR: {record['text']}{where}", *record.get("stack", [])]


def _http(record: Record) -> list[str]:
    """A request that was made with `enableSystemLog`."""
    if not record.get("log"):
        return []
    asked = {"method": record["method"], "url": record["url"]}
    if record["state"] == "request":
        return [f"Sent request from JS Net.httpRequest with params {log_value([asked])}"]
    answered = {**asked, "code": record["code"], "error": record.get("error")}
    return [f"Received response to JS Net.httpRequest with params {log_value([answered])}"]


#: What writes the lines of a record, by its kind.
LINES: dict[str, Callable[[Record], list[str]]] = {
    "run": _run,
    "session": _session,
    "event": _event,
    "command": _command,
    "warning": _warning,
    "error": _error,
    "http": _http,
    "log": lambda record: [record["text"]],
    "request": lambda record: [
        f"Sent request from JS {record['name']} with params {log_value(record['params'])}"
    ],
}
