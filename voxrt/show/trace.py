"""The run as a trace that Perfetto (https://ui.perfetto.dev) and chrome://tracing open.

Format: the JSON object form of
https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU. Calls are
processes, their sides and the kinds of things threads; words, waits, HTTP exchanges and folded
audio are complete events (`X`), everything else is an instant (`i`). Times are in microseconds.
"""

from __future__ import annotations

from typing import Any

import msgspec
from attrs import define, field

from voxrt.show.folder import ShownRun
from voxrt.show.timeline import CATEGORIES, Row

#: The process of what belongs to no call; calls follow.
SESSION = 1
_SIDES = {"says": 1, "hears": 2, "waits": 3}


def trace_text(run: ShownRun) -> str:
    """The trace as JSON text; the same run gives the same text."""
    trace = _Trace(run)
    trace.fill()
    value = {
        "displayTimeUnit": "ms",
        "otherData": {"title": run.title, "voxrt": str(run.records[0].get("voxrt", ""))},
        "traceEvents": trace.events,
    }
    return msgspec.json.encode(value).decode()


@define(eq=False)
class _Trace:
    run: ShownRun
    events: list[dict[str, Any]] = field(factory=list, init=False)

    def fill(self) -> None:
        timeline = self.run.timeline
        self._name(SESSION, "session", self.run.title)
        for number, category in enumerate(CATEGORIES, 1):
            if any(row.category == category for row in timeline.rows):
                self._thread(SESSION, number, category)
        for index, lane in enumerate(timeline.lanes):
            self._name(_process(index), lane.label, f"{lane.label} {lane.parties}")
            for side, thread in _SIDES.items():
                self._thread(_process(index), thread, side)
        for phrase in timeline.phrases:
            args = {"speaker": phrase.speaker, "complete": phrase.complete, "n": phrase.n}
            self._span(
                _process(phrase.call), _SIDES[phrase.side], "speech", phrase.text,
                phrase.from_ms, phrase.to_ms, args,
            )  # fmt: skip
        for begin, end in timeline.waits:
            thread = _SIDES["waits"]
            self._span(_process(0), thread, "wait", f"{end - begin:.0f} ms", begin, end, {})
        records = {record["n"]: record for record in self.run.records}
        for row in timeline.rows:
            self._row(row, records[row.n])

    def _row(self, row: Row, record: dict[str, Any]) -> None:
        thread = CATEGORIES.index(row.category) + 1
        name = str(record.get("name") or record.get("type") or row.text)
        if row.folded:
            args: dict[str, Any] = {"records": row.folded}
            end_ms = row.time_ms + row.audio_ms
            self._span(SESSION, thread, row.category, name, row.time_ms, end_ms, args)
        elif isinstance(record.get("took_ms"), int | float) and record["kind"] in ("http", "mail"):
            # The reply tells how long it took; its request is an instant of its own.
            begin = max(row.time_ms - record["took_ms"], 0.0)
            args = {"record": record}
            self._span(SESSION, thread, row.category, row.text, begin, row.time_ms, args)
        else:
            self.events.append(
                {
                    "ph": "i", "s": "t", "name": name, "cat": row.category,
                    "ts": _us(row.time_ms), "pid": SESSION, "tid": thread,
                    "args": {"told": row.text, "record": record},
                }
            )  # fmt: skip

    def _span(
        self,
        process: int,
        thread: int,
        category: str,
        name: str,
        from_ms: float,
        to_ms: float,
        args: dict[str, Any],
    ) -> None:
        self.events.append(
            {
                "ph": "X", "name": name, "cat": category, "ts": _us(from_ms),
                "dur": _us(max(to_ms - from_ms, 0.0)), "pid": process, "tid": thread, "args": args,
            }
        )  # fmt: skip

    def _name(self, process: int, short: str, name: str) -> None:
        args = {"name": name or short}
        self.events.append({"ph": "M", "name": "process_name", "pid": process, "args": args})

    def _thread(self, process: int, thread: int, name: str) -> None:
        self.events.append(
            {"ph": "M", "name": "thread_name", "pid": process, "tid": thread,
             "args": {"name": name}}
        )  # fmt: skip


def _process(call: int) -> int:
    return SESSION + 1 + call


def _us(time_ms: float) -> float:
    return round(time_ms * 1000, 3)
