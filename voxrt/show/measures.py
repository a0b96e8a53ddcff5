"""The figures of a run, computed from its journal records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import define, field

from voxrt.show.account import OUR_SPEAKERS
from voxrt.vox.call_facts import PLACING

Record = Mapping[str, Any]

#: Speech that breaks off so shortly before the end of a call was cut off by it.
END_MS = 500.0


@define
class CallFacts:
    """What became of one call; times in milliseconds since the run began."""

    number: int
    parties: str = ""
    connected_ms: float | None = None
    ended_ms: float | None = None
    end: str = ""


@define
class Measures:
    """Collects figures while the records come in."""

    last_ms: float = 0.0
    session_end: str = ""
    calls: dict[str, CallFacts] = field(factory=dict)
    warnings: list[Record] = field(factory=list)
    errors: list[Record] = field(factory=list)
    approximated: list[str] = field(factory=list)
    latency: Mapping[str, Any] = field(factory=dict)
    unused_answers: list[str] = field(factory=list)
    call_list: Mapping[str, Any] | None = None
    files: list[tuple[str, str]] = field(factory=list)
    _cut: list[tuple[str, float]] = field(factory=list, init=False)

    def feed(self, record: Record) -> None:
        """Takes the next record of the journal."""
        self.last_ms = max(self.last_ms, float(record["t"]))
        match record["kind"]:
            case "warning" if record.get("code") == "approximated":
                self._approximate(str(record["text"]))
            case "warning":
                self.warnings.append(record)
            case "error":
                self.errors.append(record)
            case "heard":
                if record["speaker"] in OUR_SPEAKERS and not record.get("complete", True):
                    self._cut.append((str(record["call"]), float(record["to_ms"])))
            case "file":
                self.files.append((str(record["what"]), str(record["path"])))
            case "event":
                self._event(str(record["name"]), record)
            case "command":
                self._command(record)
            case "session" if record["state"] == "terminated":
                self.session_end = str(record.get("reason", ""))
            case "result":
                self.latency = record.get("latency") or {}
                self.unused_answers = list(record.get("unused_answers") or ())
                self.call_list = record.get("call_list")
                for text in record.get("approximated") or ():
                    self._approximate(str(text))

    def barge_ins(self) -> int:
        """How often the agent was cut off, other than by the end of the call."""
        ends = {identity: call.ended_ms for identity, call in self.calls.items()}
        return sum(
            to_ms < (ends.get(identity) or self.last_ms) - END_MS for identity, to_ms in self._cut
        )

    def _approximate(self, text: str) -> None:
        if text not in self.approximated:
            self.approximated.append(text)

    def _event(self, name: str, record: Record) -> None:
        data = record.get("data") or {}
        if name == "Application.CallAlerting":
            call = self._call(str(data.get("id", "")))
            call.parties = f"{data.get('callerid', '?')} to {data.get('destination', '?')}"
        if not name.startswith("Call."):
            return
        call = self._call(str(record.get("id", "")))
        if name == "Call.Connected":
            call.connected_ms = float(record["t"])
        elif name in ("Call.Disconnected", "Call.Failed"):
            call.ended_ms = float(record["t"])
            reason = str(data.get("reason", ""))
            failed = f"failed with {data.get('code', '')} {reason}".rstrip()
            call.end = failed if name == "Call.Failed" else reason

    def _command(self, record: Record) -> None:
        params = record.get("params") or [{}]
        if record["name"] in PLACING and isinstance(params[0], dict):
            call = self._call(str(params[0].get("id", "")))
            call.parties = f"{params[0].get('callerid') or 'scenario'} to {params[0].get('to')}"

    def _call(self, identity: str) -> CallFacts:
        if identity not in self.calls:
            self.calls[identity] = CallFacts(len(self.calls) + 1)
        return self.calls[identity]
