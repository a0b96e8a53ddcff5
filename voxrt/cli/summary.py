"""What a run comes to, in a few lines at its end."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from rich.cells import cell_len
from rich.text import Text

from voxrt.run.timing import Timing
from voxrt.scenario.locate import ErrorReport, render_report
from voxrt.show.measures import CallFacts, Measures
from voxrt.show.times import clock_text, duration_text

#: Warnings of one code are shown once, with their number; more codes than this are counted.
MOST_WARNINGS = 8

_LABEL_CELLS = 13


def summary_lines(
    measures: Measures,
    *,
    outcome: str,
    finish_reason: str,
    files: Iterable[tuple[str, Path]],
    timing: Timing | None = None,
) -> list[Text]:
    """The summary as styled lines.

    Args:
        measures: The figures of the run.
        outcome: How voxrt judges the run: `ok` or what went wrong.
        finish_reason: The platform's finish reason, such as `Normal termination`.
        files: The files of the run, by what they are.
        timing: How long the machine took, if that is to be told.
    """
    lines = [_ended(measures, outcome, finish_reason)]
    if timing is not None:
        date = timing.date[:19].replace("T", " ")
        lines.append(_line("wall time", f"{duration_text(timing.total_ms)}, on {date} UTC"))
    lines += [_line("call", _call(call, measures)) for call in measures.calls.values()]
    turns = measures.latency.get("responses", 0)
    if turns:
        figures = f"median {duration_text(measures.latency['median_ms'])}"
        figures += f", longest {duration_text(measures.latency['max_ms'])}"
        lines.append(_line("response", f"{figures}, {turns} turn{'' if turns == 1 else 's'}"))
    barge_ins = measures.barge_ins()
    if barge_ins:
        times = "once" if barge_ins == 1 else f"{barge_ins} times"
        lines.append(_line("barge-in", f"the agent was cut off {times}"))
    if measures.call_list is not None:
        lines.append(_line("call list", _attempt(measures.call_list)))
    lines += _warnings(measures)
    lines += [_line("not used", f"the answer {text}", "yellow") for text in measures.unused_answers]
    lines += [_line("approximated", text, "yellow") for text in measures.approximated]
    lines += [_line(what, str(path)) for what, path in files]
    return lines


def error_text(record: Mapping[str, Any]) -> Text:
    """An `error` record of the journal as a report with the line and a caret."""
    report = ErrorReport(
        code=str(record["code"]),
        text=str(record["text"]),
        file=record.get("file"),
        line=record.get("line"),
        column=record.get("column"),
        end_column=record.get("end_column"),
        source_line=record.get("source_line"),
        stack=tuple(record.get("stack") or ()),
        hint=str(record.get("hint") or ""),
    )
    return Text.from_ansi(render_report(report, color=True))


def _ended(measures: Measures, outcome: str, finish_reason: str) -> Text:
    well = outcome in ("ok", "normal")
    text = finish_reason or measures.session_end or outcome
    if not well and outcome and outcome != text:
        text = f"{outcome}: {text}"
    return _line(
        "ended",
        f"{text} after {clock_text(measures.last_ms)}",
        "bold green" if well else "bold red",
    )


def _call(call: CallFacts, measures: Measures) -> str:
    parts = [call.parties] if call.parties else []
    if call.connected_ms is not None:
        until = measures.last_ms if call.ended_ms is None else call.ended_ms
        parts.append(f"connected for {duration_text(until - call.connected_ms)}")
    else:
        parts.append("never connected")
    if call.end:
        parts.append(call.end)
    elif call.ended_ms is None and not measures.session_end:
        parts.append("not over")
    return (f"{call.number}: " if len(measures.calls) > 1 else "") + ", ".join(parts)


def _attempt(outcome: Mapping[str, Any]) -> str:
    """What a call list makes of the attempt that the session was."""
    text = f"row {outcome['row']}: {outcome['outcome']}"
    if "result_data" in outcome:
        text += f" {json.dumps(outcome['result_data'], ensure_ascii=False)}"
    if "attempts_left" in outcome:
        text += f", attempts left: {outcome['attempts_left']}"
    return text


def _warnings(measures: Measures) -> list[Text]:
    counted: dict[str, int] = {}
    for record in measures.warnings:
        place = f" ({record['file']}:{record.get('line', '?')})" if record.get("file") else ""
        text = f"{record['text']}{place}"
        counted[text] = counted.get(text, 0) + 1
    lines = [
        _line("warning", f"{text} ({count} times)" if count > 1 else text, "yellow")
        for text, count in list(counted.items())[:MOST_WARNINGS]
    ]
    rest = len(counted) - MOST_WARNINGS
    if rest > 0:
        lines.append(_line("warning", f"and {rest} more; the log has them all", "yellow"))
    return lines


def _line(label: str, text: str, style: str = "") -> Text:
    line = Text()
    line.append(label + " " * max(_LABEL_CELLS - cell_len(label), 1), style="dim")
    line.append(text, style=style)
    return line
