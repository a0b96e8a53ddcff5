"""What happened in a run, in the terms in which a test speaks of it.

The journal has a record for every stimulus and every effect. A test wants to say "the agent called
`check_table`" or "the caller heard this sentence", so its records become *happenings*: of a kind,
with a name, a text, and data. It is a view; nothing is decided here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from attrs import define, field, frozen

from voxrt.session.journal import Record

#: Who hears what a phone says, in a `heard` record.
PLATFORM: Final = "platform"
#: What the journal calls the scenario's own voice: `call.say`, players.
_SCENARIO: Final = "scenario"
PLAYER: Final = "player"


@frozen(kw_only=True)
class Happening:
    """One thing that happened.

    Attributes:
        kind: `event`, `tool`, `tool_output`, `hear`, `platform_hears`, `log`, `http`, `command`,
            `warning`, `error` or `note`.
        name: The event, tool, command, or code; `METHOD URL` of a request; who spoke.
        at_ms: When, in virtual milliseconds of the run. Speech is placed at its first word.
        number: That of the journal's record.
        call: The call that it belongs to; empty when it belongs to none.
        text: What was said, logged or noted.
        data: Its payload.
    """

    kind: str
    name: str
    at_ms: float
    number: int
    call: str = ""
    text: str = ""
    data: Any = field(factory=dict)

    def __str__(self) -> str:
        words = [shown_kind(self.kind), self.name, f'"{self.text}"' if self.text else ""]
        if self.kind in ("tool", "tool_output", "event", "command") and self.data:
            words.append(_short(self.data))
        return " ".join(filter(None, words))


def shown_kind(kind: str) -> str:
    """A kind as messages name it."""
    return {"hear": "heard", "platform_hears": "heard by the platform"}.get(
        kind, kind.replace("_", " ")
    )


def source_of(speaker: str) -> str:
    """Who is heard, as a test names it: `agent`, `player`, or the name of a person."""
    return PLAYER if speaker == _SCENARIO else speaker


@define(eq=False)
class Timeline:
    """The happenings of a run, while it goes on and after.

    Attributes:
        records: All records of the journal so far.
        happenings: What a test can speak of, in the order in which it was recorded.
    """

    records: list[Record] = field(factory=list, init=False)
    happenings: list[Happening] = field(factory=list, init=False)
    _tools: dict[str, str] = field(factory=dict, init=False)

    def take(self, record: Record) -> None:
        """Takes the next record of the journal."""
        self.records.append(record)
        make = _MAKERS.get(record["kind"])
        if make is not None:
            self.happenings += make(self, record)

    def of(self, kind: str, name: str | None = None) -> list[Happening]:
        """The happenings of a kind, of one name if it is given."""
        return [h for h in self.happenings if h.kind == kind and name in (None, h.name)]

    @property
    def now_ms(self) -> float:
        """The time of the last record."""
        return float(self.records[-1]["t"]) if self.records else 0.0

    def _event(self, record: Record) -> list[Happening]:
        data = record.get("data") or {}
        name = str(record["name"])
        payload = payload_of(data)
        found = [_made("event", name, record, data=payload if payload is not None else data)]
        if name.endswith(".ResponseFunctionCallArgumentsDone") and payload is not None:
            tool = str(payload.get("name", ""))
            self._tools[str(payload.get("call_id", ""))] = tool
            found.append(_made("tool", tool, record, data=from_json(payload.get("arguments"))))
        return found

    def _command(self, record: Record) -> list[Happening]:
        params = record.get("params") or []
        first = params[0] if params and isinstance(params[0], Mapping) else {}
        found = [_made("command", str(record["name"]), record, data=first)]
        found[0:0] = self._tool_output(record, params[-1] if params else None)
        return found

    def _tool_output(self, record: Record, message: Any) -> list[Happening]:
        payload = message.get("payload") if isinstance(message, Mapping) else None
        item = payload.get("item") if isinstance(payload, Mapping) else None
        if not isinstance(item, Mapping) or item.get("type") != "function_call_output":
            return []
        name = self._tools.get(str(item.get("call_id", "")), "")
        return [_made("tool_output", name, record, data=from_json(item.get("output")))]

    def _heard(self, record: Record) -> list[Happening]:
        kind = "platform_hears" if record["by"] == PLATFORM else "hear"
        return [
            Happening(
                kind=kind,
                name=source_of(str(record["speaker"])),
                at_ms=float(record["from_ms"]),
                number=record["n"],
                call=str(record["call"]),
                text=str(record["text"]),
                data={"complete": record["complete"], "to_ms": record["to_ms"]},
            )
        ]

    def _http(self, record: Record) -> list[Happening]:
        if record["state"] != "request":
            return []
        data = {"headers": record.get("headers") or {}, "body": from_json(record.get("body"))}
        return [_made("http", f"{record['method']} {record['url']}", record, data=data)]

    def _log(self, record: Record) -> list[Happening]:
        return [_made("log", "", record, text=str(record["text"]))]

    def _coded(self, record: Record) -> list[Happening]:
        return [_made(record["kind"], str(record["code"]), record, text=str(record["text"]))]

    def _note(self, record: Record) -> list[Happening]:
        return [_made("note", str(record["who"]), record, text=str(record["text"]))]


_MAKERS: dict[str, Callable[[Timeline, Record], list[Happening]]] = {
    "event": Timeline._event,
    "command": Timeline._command,
    "heard": Timeline._heard,
    "http": Timeline._http,
    "log": Timeline._log,
    "warning": Timeline._coded,
    "error": Timeline._coded,
    "note": Timeline._note,
}


def payload_of(data: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What the provider sent, of a connector's event; `None` for other events."""
    inner = data.get("data")
    payload = inner.get("payload") if isinstance(inner, Mapping) else None
    return payload if isinstance(payload, Mapping) else None


def from_json(text: Any) -> Any:
    """A value that was sent as JSON text; what is no JSON stays as it is."""
    if not isinstance(text, str):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def _made(kind: str, name: str, record: Record, *, text: str = "", data: Any = None) -> Happening:
    call = record.get("call") or (record.get("id") if record.get("unit") == "call" else "")
    return Happening(
        kind=kind,
        name=name,
        at_ms=float(record["t"]),
        number=record["n"],
        call=str(call or ""),
        text=text,
        data={} if data is None else data,
    )


def _short(data: Any, most: int = 100) -> str:
    text = json.dumps(data, ensure_ascii=False, default=str)
    return text if len(text) <= most else text[: most - 1] + "…"
