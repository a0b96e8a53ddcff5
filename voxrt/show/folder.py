"""The folder of a run as it is shown: its records, recordings, links and scenario."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from attrs import define, field

from voxrt.errors import InputError
from voxrt.media.wav import Wav
from voxrt.replay.folder import LinkFile, RunFolder, read_folder
from voxrt.run.timing import Timing
from voxrt.session.journal import Record
from voxrt.show.measures import Measures
from voxrt.show.timeline import Row, Timeline


@define(eq=False, slots=False)
class ShownRun:
    """A run to be shown.

    Attributes:
        folder: What it left.
        sources: The scenario's files, as they were when it ran, by the name that records have.
        problems: What is missing or damaged, in words.
    """

    folder: RunFolder
    sources: dict[str, str] = field(factory=dict, repr=False)
    problems: list[str] = field(factory=list)

    @property
    def path(self) -> Path:
        """Its folder."""
        return self.folder.path

    @property
    def records(self) -> list[Record]:
        """Those of its journal."""
        return self.folder.records

    @cached_property
    def timeline(self) -> Timeline:
        """What is drawn of it."""
        with self.folder.reading() as records:
            return Timeline(records)

    @cached_property
    def measures(self) -> Measures:
        """Its figures."""
        measures = Measures()
        with self.folder.reading() as records:
            for record in records:
                measures.feed(record)
        return measures

    @property
    def title(self) -> str:
        """The names of the scenario's files."""
        files = self.records[0].get("scenario", {}).get("files", ())
        return ", ".join(str(file.get("name", "?")) for file in files) or self.path.name

    @cached_property
    def timing(self) -> Timing | None:
        """How long the machine took; `None`, and perhaps a problem, when that is not known."""
        try:
            return self.folder.timing
        except InputError as error:
            self.problems.append(str(error))
            return None

    def recording(self, name: str) -> Wav | None:
        """The recording of a call, in stereo; `None`, and a problem, when it cannot be read."""
        try:
            return self.folder.recording(name)
        except InputError as error:
            self.problems.append(f"{name}: {error.message}")
            return None

    def files(self) -> list[tuple[str, Path]]:
        """What is in the folder, by what it is: recordings, logs, the journal."""
        kinds = (("recording", "call-*.wav"), ("log", "session*.log"), ("journal", "journal.jsonl"))
        return [
            (kind, path)
            for kind, pattern in kinds
            for path in sorted(self.path.glob(pattern), key=lambda path: (len(path.name), path))
        ]

    def link_sounds(self, rows: Sequence[Row]) -> Iterator[tuple[Wav, list[tuple[int, int, int]]]]:
        """What each provider link brought as sound.

        Yields:
            For each link, its sound, and for each row of it: the row's number, and from where to
            where it is in the sound, in ms. G.711 is left out.
        """
        row_of = {n: row.n for row in rows for n in row.folded}
        messages = {one["n"]: one["message"] for one in self.records if "message" in one}
        for link in self._links():
            pcm, rate_hz = bytearray(), 0
            places: dict[int, list[int]] = {}
            for line in link.lines:
                message, n = line.get("message"), line.get("n")
                if not isinstance(message, dict) or "delta" not in message or n not in row_of:
                    continue
                samples = messages[n]["samples"]
                part = _decoded(message["delta"])
                if len(part) != 2 * samples:
                    continue
                rate_hz = rate_hz or messages[n]["rate_hz"]
                start = len(pcm) // 2
                pcm += part
                place = places.setdefault(row_of[n], [start, start])
                place[1] = start + samples
            if pcm:
                wav = Wav(pcm=bytes(pcm), rate_hz=rate_hz, channels=1)
                ms = 1000 / rate_hz
                yield wav, [(n, round(a * ms), round(b * ms)) for n, (a, b) in places.items()]

    def _links(self) -> list[LinkFile]:
        try:
            return self.folder.links
        except InputError as error:
            self.problems.append(str(error))
            return []


def load(folder: Path, scenarios: Iterable[Path] = ()) -> ShownRun:
    """Reads the folder of a run, finished or killed.

    Args:
        folder: The folder.
        scenarios: Where the scenario's files are now, for those that are not where the run had
            them; the names of their records are looked for first.

    Raises:
        UsageError: It is not the folder of a run, or of a run that this version cannot read.
        DocumentError: The journal is damaged.
    """
    run = ShownRun(read_folder(folder))
    _find_sources(run, scenarios)
    return run


def _find_sources(run: ShownRun, scenarios: Iterable[Path]) -> None:
    """Takes the scenario's files that are still as they were when it ran."""
    with run.folder.reading() as records:
        files = run.folder.run.get("scenario", {}).get("files", ())
        digests = {file["sha256"] for file in files}
        named = dict.fromkeys(file for record in records if (file := place_of(record)[0]))
    given = {path.name: path for path in scenarios}
    for name in named:
        path = given.get(Path(name).name, Path(name))
        try:
            data = path.read_bytes()
        except OSError:
            run.problems.append(f"{name}: the scenario's file is not there to be shown")
            continue
        if hashlib.sha256(data).hexdigest() in digests:
            run.sources[name] = data.decode("utf-8", "replace")
        else:
            run.problems.append(f"{name}: the file has changed since the run, and is not shown")


def place_of(record: Record) -> tuple[str, int]:
    """The file and line of the scenario that a record names; nothing and 0 when it names none."""
    if isinstance(record.get("at"), str):
        file, _, line = record["at"].rpartition(":")
        return file, int(line) if line.isdecimal() else 0
    line = record.get("line")
    return str(record.get("file") or ""), line if isinstance(line, int) else 0


def _decoded(text: Any) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, TypeError):
        return b""
