"""The `result` record of a run, computed from its journal's records."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median
from typing import Any

from attrs import define, field

from voxrt.session.journal import Record
from voxrt.vox.call_facts import PLACING


@define(eq=False)
class Summary:
    """Gathers from the records of a journal what the result needs; a listener of the journal."""

    calls: dict[str, dict[str, Any]] = field(factory=dict)
    warnings: int = 0
    provider_failures: int = 0
    """Warnings that the connection to a provider was refused or lost."""
    errors: int = 0
    approximated: list[str] = field(factory=list)
    _heard: list[tuple[float, float, str]] = field(factory=list)

    def take(self, record: Record) -> None:
        """Takes one record."""
        match record["kind"]:
            case "event" if record["unit"] == "call":
                self._call_event(record)
            case "event" if record["name"] == "Application.CallAlerting":
                self._call(record["data"]["id"], "incoming", record["data"]["destination"])
            case "command" if record["name"] in PLACING:
                params = record["params"][0]
                self._call(params["id"], "outgoing", params["to"])
            case "heard":
                self._heard.append((record["from_ms"], record["to_ms"], record["by"]))
            case "warning":
                self.warnings += 1
                self.provider_failures += record["code"] == "provider"
            case "error":
                self.errors += 1

    def _call(self, id_: str, direction: str, number: str) -> None:
        self.calls[id_] = {"id": id_, "direction": direction, "number": number, "ended": None}

    def _call_event(self, record: Record) -> None:
        call = self.calls.get(record["id"])
        if call is None:
            return
        data = record["data"]
        if record["name"] == "Call.Connected":
            call["connected_ms"] = record["t"]
        elif record["name"] == "Call.Disconnected":
            call |= {"ended": "Disconnected", "code": data["internalCode"]}
            call |= {"reason": data.get("reason", ""), "ended_ms": record["t"]}
        elif record["name"] == "Call.Failed":
            call |= {"ended": "Failed", "code": data["code"], "reason": data["reason"]}
            call["ended_ms"] = record["t"]

    def latencies_ms(self) -> list[float]:
        """How long callers waited for each answer; see `waits`."""
        return [round(begin - end, 3) for end, begin in waits(self._heard)]

    def fields(self) -> dict[str, Any]:
        """The fields of the result that come from the records."""
        waits = self.latencies_ms()
        latency: dict[str, float] = {"responses": len(waits)}
        if waits:
            latency |= {"median_ms": round(median(waits), 3), "max_ms": max(waits)}
        return {
            "calls": list(self.calls.values()),
            "latency": latency,
            "warnings": self.warnings,
            "errors": self.errors,
            "approximated": self.approximated,
        }


def waits(heard: Iterable[tuple[float, float, str]]) -> list[tuple[float, float]]:
    """From the last word that the platform heard to the first that it answered with, in ms.

    A pause of the caller that the platform did not fill is no answer, and speech that began
    before the caller ended is none either.

    Args:
        heard: Of each `heard` record, `from_ms`, `to_ms` and `by`.
    """
    found: list[tuple[float, float]] = []
    last_end: float | None = None
    for begin, end, by in sorted(heard):
        if by == "platform":
            last_end = end
        elif last_end is not None:
            if begin >= last_end:
                found.append((last_end, begin))
            last_end = None
    return found
