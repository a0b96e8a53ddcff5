"""The figures of a run, computed from its journal records."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median
from typing import Any

from attrs import define, field, frozen

from voxrt.cli.account import OUR_SPEAKERS

Record = Mapping[str, Any]


@frozen(kw_only=True)
class Latency:
    """How long callers waited for an answer.

    From the end of a caller's last audible word to the agent's first audible one, in
    milliseconds, over the turns in which the agent answered a caller.
    """

    turns: int
    median_ms: float
    max_ms: float


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
    recordings: list[str] = field(factory=list)
    cut_off: int = 0
    _spans: list[tuple[float, float, bool]] = field(factory=list, init=False)
    _alerting: str = field(default="", init=False)

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
                self._heard(record)
            case "file" if record["what"] == "recording":
                self.recordings.append(str(record["path"]))
            case "event":
                self._event(str(record["name"]), record)
            case "command":
                self._command(record)
            case "session" if record["state"] == "terminated":
                self.session_end = str(record.get("reason", ""))
            case "result":
                for text in record.get("approximated") or ():
                    self._approximate(str(text))

    def latency(self) -> Latency | None:
        """How fast the agent answered; None when it never answered anybody."""
        waits, asked_ms = [], None
        for start, end, ours in sorted(self._spans):
            if not ours:
                asked_ms = max(end, asked_ms or end)
            elif asked_ms is not None and start >= asked_ms:
                waits.append(start - asked_ms)
                asked_ms = None
        if not waits:
            return None
        return Latency(turns=len(waits), median_ms=median(waits), max_ms=max(waits))

    def _approximate(self, text: str) -> None:
        if text not in self.approximated:
            self.approximated.append(text)

    def _heard(self, record: Record) -> None:
        ours = record["speaker"] in OUR_SPEAKERS
        start, end = float(record["from_ms"]), float(record["to_ms"])
        self._spans.append((start, end, ours))
        if ours and not record.get("complete", True):
            self.cut_off += 1

    def _event(self, name: str, record: Record) -> None:
        data = record.get("data") or {}
        if name == "Application.CallAlerting":
            self._alerting = f"{data.get('callerid', '?')} to {data.get('destination', '?')}"
            return
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
        if record["name"] in ("CallPSTN", "CallSIP", "CallUser") and isinstance(params[0], dict):
            call = self._call(str(params[0].get("id", "")))
            call.parties = f"{params[0].get('callerid') or 'scenario'} to {params[0].get('to')}"

    def _call(self, identity: str) -> CallFacts:
        if identity not in self.calls:
            self.calls[identity] = CallFacts(len(self.calls) + 1, self._alerting)
            self._alerting = ""
        return self.calls[identity]
