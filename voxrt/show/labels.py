"""The label track of a run for Audacity: a line a label, as its import takes them.

Format: from and to in seconds and a text, with tabs between
(https://manual.audacityteam.org/man/importing_and_exporting_labels.html). The times are those of
the run, as are those of a recording whose call began with it.
"""

from __future__ import annotations

from voxrt.show.timeline import Timeline

#: What is a label, beside words and waits; the rest would be too many to read.
_POINTS = ("log", "error", "warning", "limit", "outside")


def labels_text(timeline: Timeline) -> str:
    """Words, waits for an answer, and what the account tells of logs, errors and the outside."""
    calls = len(timeline.lanes) > 1
    labels: list[tuple[float, float, str]] = []
    for phrase in timeline.phrases:
        who = f"{timeline.lanes[phrase.call].label}, {phrase.speaker}" if calls else phrase.speaker
        cut = "" if phrase.complete else " (cut off)"
        labels.append((phrase.from_ms, phrase.to_ms, f"{who}: {phrase.text}{cut}"))
    labels += [(begin, end, f"wait {end - begin:.0f} ms") for begin, end in timeline.waits]
    labels += [
        (row.time_ms, row.time_ms, f"{row.who}: {row.text}")
        for row in timeline.rows
        if row.told and row.category in _POINTS
    ]
    return "".join(
        f"{begin / 1000:.6f}\t{end / 1000:.6f}\t{_line(text)}\n"
        for begin, end, text in sorted(labels)
    )


def _line(text: str) -> str:
    return " ".join(text.split())
