"""The page of a run: one HTML file with everything in it, which opens from disk.

What the page draws is JSON, compressed and in base64; the browser unpacks it. What only a click
needs, the records, is a second such part, and sounds are files of their own, so that the page of a
call of an hour is there at once.
"""

from __future__ import annotations

import base64
import gzip
import html
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib import resources
from typing import Any

import msgspec
from attrs import define, field

from voxrt.show.beside import Parting
from voxrt.show.folder import ShownRun
from voxrt.show.sound import Sound, bucket_ms_for, outline, playable
from voxrt.show.timeline import CATEGORIES, Timeline
from voxrt.show.times import duration_text

_TYPE = "application/octet-stream"


def render(runs: Sequence[ShownRun], *, parting: Parting | None = None, sound: bool = True) -> str:
    """The page of one run, or of two beside each other.

    Args:
        runs: One or two.
        parting: Where the second one is no longer as the first one.
        sound: Whether the recordings can be played; without them the page is small.

    Returns:
        The HTML; it loads nothing from anywhere.
    """
    page = _Page(sound)
    view = {
        "runs": [page.run(run) for run in runs],
        "categories": CATEGORIES,
        "parting": None if parting is None else _rows_of(runs, parting),
    }
    records = [page.records(run) for run in runs]
    parts = {
        "title": html.escape(" and ".join(run.title for run in runs)),
        "css": _asset("page.css"),
        "js": "".join(_asset(name) for name in SCRIPTS),
        "view": _packed(view),
        "records": _packed(records),
        "sounds": "\n".join(page.sounds),
    }
    text = _asset("page.html")
    for name, part in parts.items():
        text = text.replace(f"<!--{name}-->", part, 1)
    return text


#: The parts of the page's program, in order.
SCRIPTS = ("data.js", "sound.js", "draw.js", "list.js", "detail.js", "main.js")


@define(eq=False)
class _Page:
    sound: bool
    sounds: list[str] = field(factory=list, init=False)

    def run(self, run: ShownRun) -> dict[str, Any]:
        """What is drawn of a run."""
        head, timeline = run.records[0], run.timeline
        result = timeline.result() or {}
        return {
            "title": run.title,
            "folder": run.path.name,
            "language": head.get("scenario", {}).get("language", ""),
            "seed": head.get("seed"),
            "voxrt": head.get("voxrt"),
            "start": _unix_ms(str(head.get("date", ""))),
            "outcome": result.get("outcome", "cut off"),
            "duration": timeline.duration_ms,
            "figures": figures(run),
            "timing": self._timing(run),
            "lanes": [self._lane(run, index) for index in range(len(timeline.lanes))],
            "phrases": [
                [p.n, p.call, 0 if p.side == "says" else 1, p.from_ms, p.to_ms, p.speaker, p.text,
                 int(p.complete)]
                for p in timeline.phrases
            ],
            "waits": timeline.waits,
            "rows": [
                [r.n, r.time_ms, CATEGORIES.index(r.category), r.who, r.text, r.aside,
                 int(r.told), r.audio_ms, len(r.folded)]
                for r in timeline.rows
            ],
            "link_sound": self._links(run, timeline),
            "sources": [[name, text] for name, text in run.sources.items()],
            "problems": list(run.problems),  # the last: reading the others finds them
        }  # fmt: skip

    def _timing(self, run: ShownRun) -> dict[str, Any] | None:
        """When the machine ran it, how long it took, and after how long each row was written."""
        if run.timing is None:
            return None
        walls = [round(run.timing.wall_ms(row.n), 1) for row in run.timeline.rows]
        return {"date": run.timing.date, "total": run.timing.total_ms, "rows": walls}

    def records(self, run: ShownRun) -> dict[str, Any]:
        """The records of a run: whole ones, and of folded ones number, time and length in ms."""
        folded = {n: row for row in run.timeline.rows for n in row.folded}
        whole = [record for record in run.records if record["n"] not in folded]
        parts: dict[int, list[list[float]]] = {}
        for record in run.records:
            row = folded.get(record["n"])
            if row is not None:
                message = record["message"]
                length_ms = 1000 * message["samples"] / message["rate_hz"]
                parts.setdefault(row.n, []).append([record["n"], record["t"], round(length_ms, 3)])
        return {"whole": whole, "folded": list(parts.items())}

    def _lane(self, run: ShownRun, index: int) -> dict[str, Any]:
        lane = run.timeline.lanes[index]
        drawn: dict[str, Any] = {
            "label": lane.label,
            "parties": lane.parties,
            "begin": lane.begin_ms,
            "connected": lane.connected_ms,
            "end": lane.end_ms,
            "ended": lane.end,
            "sound": None,
        }
        wav = run.recording(lane.recording)
        if wav is None or not wav.samples:
            return drawn
        length_ms = 1000 * wav.samples / wav.rate_hz
        bucket_ms = bucket_ms_for(length_ms)
        peaks = [outline(wav.channel(side), wav.rate_hz, bucket_ms) for side in (0, 1)]
        drawn |= {
            "bucket": bucket_ms,
            "length": length_ms,
            "peaks": [base64.b64encode(side).decode() for side in peaks],
        }
        if self.sound:
            drawn["sound"] = self._embed(playable(wav))
        return drawn

    def _links(self, run: ShownRun, timeline: Timeline) -> list[list[Any]]:
        """What the provider sent, to be heard: `[n, sound, from_ms, to_ms]` for each row of it."""
        if not self.sound:
            return []
        found: list[list[Any]] = []
        for wav, places in run.link_sounds(timeline.rows):
            number = self._embed(playable(wav))
            found += [[n, number, from_ms, to_ms] for n, from_ms, to_ms in places]
        return found

    def _embed(self, sound: Sound) -> int:
        number = len(self.sounds)
        data = base64.b64encode(sound.data).decode()
        self.sounds.append(
            f'<script id="sound-{number}" type="{_TYPE}" data-type="{sound.type}">{data}</script>'
        )
        return number


def _rows_of(runs: Sequence[ShownRun], parting: Parting) -> list[int | str]:
    """The rows that the two records are in, and the text."""
    found: list[int | str] = []
    for number, run in zip((parting.first, parting.second), runs, strict=True):
        rows = run.timeline.rows
        found.append(next((row.n for row in rows if number in row.folded), number))
    return [*found, parting.text]


def figures(run: ShownRun) -> list[list[str]]:
    """The figures above the timeline: a label, a text, and `bad` or `warn` when it is not good."""
    measures = run.measures
    result: Mapping[str, Any] = run.timeline.result() or {}
    outcome = str(result.get("outcome", "cut off"))
    ended = str(result.get("finish_reason") or measures.session_end or "the journal is cut off")
    if outcome == "paused":
        ended = "stopped before its end"
    elif outcome not in ("normal", "cut off"):
        ended = f"{outcome}: {ended}"
    shown = [["ended", ended, "" if outcome == "normal" else "bad"]]
    shown.append(["length", duration_text(run.timeline.duration_ms), ""])
    if run.timing is not None:
        shown.append(["wall time", duration_text(run.timing.total_ms), ""])
    turns = measures.latency.get("responses", 0)
    if turns:
        shown.append(["response, median", duration_text(measures.latency["median_ms"]), ""])
        shown.append(["longest", duration_text(measures.latency["max_ms"]), ""])
        shown.append(["turns", str(turns), ""])
    if measures.barge_ins():
        shown.append(["cut off", _times(measures.barge_ins()), ""])
    for label, records, tone in (
        ("errors", measures.errors, "bad"),
        ("warnings", measures.warnings, "warn"),
    ):
        if records:
            shown.append([label, str(len(records)), tone])
    return shown + [["approximated", text, "warn"] for text in measures.approximated]


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _unix_ms(date: str) -> float | None:
    try:
        return datetime.fromisoformat(date).timestamp() * 1000
    except ValueError:
        return None


def _packed(value: Any) -> str:
    """JSON, compressed, in base64; the same value gives the same text."""
    data = gzip.compress(msgspec.json.encode(value), compresslevel=6, mtime=0)
    return base64.b64encode(data).decode()


def _asset(name: str) -> str:
    return resources.files(__package__).joinpath("assets", name).read_text(encoding="utf-8")
