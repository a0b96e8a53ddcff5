"""The folder of a run, read strictly.

A run writes its folder as it happens, so a killed one has everything up to the kill: the last line
of a file may be cut off, and `result.json` may be missing. Everything else that is not as a run
writes it is an error that names the file and the line.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

import msgspec
from attrs import define, field, frozen

from voxrt.errors import DocumentError, UsageError
from voxrt.media.rates import CORE_RATES_HZ
from voxrt.media.wav import Wav, read_wav
from voxrt.run.config import JOURNAL_FORMAT, PROFILES
from voxrt.run.timing import FILE as TIMING
from voxrt.run.timing import FORMAT as TIMING_FORMAT
from voxrt.run.timing import Timing
from voxrt.session.journal import Record

JOURNAL = "journal.jsonl"
LINKS, SOCKETS = "links", "sockets"
#: What the first line of the file of a connection must say of its format.
CONNECTION_FORMAT = 1


@frozen(kw_only=True)
class ConnectionFile:
    """What came and went over one connection.

    Attributes:
        path: Its file, `links/N.jsonl` or `sockets/N.jsonl`.
        number: N, from 1, in the order of the connections.
        head: The first line.
        lines: The others, as objects that have `t` and `direction`.
    """

    path: Path
    number: int
    head: dict[str, Any]
    lines: list[dict[str, Any]] = field(repr=False)

    def refuse(self, line: int, message: str) -> NoReturn:
        """Raises the error of a line that is not as a run writes it."""
        _fail(self.path, line, message)


class LinkFile(ConnectionFile):
    """The messages of one connection to a provider, `links/N.jsonl`.

    Its first line has `format`, `voxrt`, `provider`, `url`, `opened_ms`; the others have `n` and
    `message`; `text` for what was no message; for the end `code` and `reason`. docs/cassettes.md
    has them all.
    """


@define(eq=False, slots=False)
class RunFolder:
    """What a run left.

    Attributes:
        path: The folder.
        records: The journal's records, in order; the first is the `run`, see ARCHITECTURE.md.
    """

    path: Path
    records: list[Record] = field(repr=False)

    @property
    def run(self) -> Record:
        """The first record: what was run, and how."""
        return self.records[0]

    @property
    def result(self) -> Record | None:
        """The last record of a run that came to its end; `None` for one that was killed."""
        last = self.records[-1]
        return last if last["kind"] == "result" else None

    @property
    def end_ms(self) -> float:
        """When the last thing happened, in ms since the run began."""
        return float(self.records[-1]["t"])

    def of_kind(self, *kinds: str) -> list[Record]:
        """The records of these kinds."""
        return [record for record in self.records if record["kind"] in kinds]

    @cached_property
    def links(self) -> list[LinkFile]:
        """The files of the connections to providers, by their number.

        Raises:
            DocumentError: One is not as a run writes it.
        """
        return [_read_link(path) for path in self._numbered(LINKS)]

    @cached_property
    def sockets(self) -> list[ConnectionFile]:
        """The files of the scenario's WebSockets, by their number.

        Raises:
            DocumentError: One is not as a run writes it.
        """
        return [_read_socket(path) for path in self._numbered(SOCKETS)]

    @cached_property
    def timing(self) -> Timing | None:
        """How long the machine took; `None` when nobody wrote that down.

        Raises:
            DocumentError: The file is not as a run writes it.
        """
        path = self.path / TIMING
        return _read_timing(path) if path.is_file() else None

    def _numbered(self, folder: str) -> list[Path]:
        paths = [path for path in (self.path / folder).glob("*.jsonl") if path.stem.isdecimal()]
        return sorted(paths, key=lambda path: int(path.stem))

    def refuse(self, record: Record, message: str) -> NoReturn:
        """Raises the error of a record that is not as a run writes it."""
        _fail(self.path / JOURNAL, record["n"], message)

    @contextmanager
    def reading(self) -> Iterator[Iterator[Record]]:
        """Gives the records one by one; one that nothing can be made of is an error that names it.

        Raises:
            DocumentError: A record lacks a field, or has one of a wrong kind.
        """
        at = self.run

        def records() -> Iterator[Record]:
            nonlocal at
            for record in self.records:
                at = record
                yield record

        try:
            yield records()
        except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
            told = f"{type(error).__name__}: {error}"
            self.refuse(at, f"the record is not as a run writes it ({told})")

    def recording(self, name: str) -> Wav:
        """A recording of a call: left what the far end says, right what it hears.

        Args:
            name: Its file, such as `call-1.wav`.

        Raises:
            AudioFileError: It is missing or damaged.
            DocumentError: It is not the stereo recording of a run.
        """
        path = self.path / name
        wav = read_wav(path)
        if wav.channels != 2:
            raise DocumentError(
                "this is not a run's recording of a call: that has two channels, the far end's "
                f"and what it hears, and this file has {wav.channels}",
                hint="Put the file back that the run wrote.",
                file=str(path),
            )
        if wav.rate_hz not in CORE_RATES_HZ:
            raise DocumentError(
                f"this is not a run's recording of a call: its rate is {wav.rate_hz} Hz",
                hint="Put the file back that the run wrote.",
                file=str(path),
            )
        return wav


def read_folder(path: Path) -> RunFolder:
    """Reads the folder of a run.

    Raises:
        UsageError: It is not the folder of a run, or of a run that this version cannot read.
        DocumentError: A file in it is damaged.
    """
    if not path.is_dir():
        what = "this is a file" if path.exists() else "there is no such folder"
        raise UsageError(f"{what}: the folder of a run is needed.", file=str(path))
    journal = path / JOURNAL
    if not journal.is_file():
        raise UsageError(
            f"this is not the folder of a run: there is no {JOURNAL} in it.",
            hint="`voxrt run` tells where it leaves one.",
            file=str(path),
        )
    records = _read_lines(journal)
    _check_head(journal, records)
    for number, record in enumerate(records, 1):
        _check_record(journal, number, record)
    for number, (before, after) in enumerate(pairwise(records), 2):
        if after["n"] != before["n"] + 1:
            _fail(journal, number, f"record {before['n'] + 1} is missing before {after['n']}")
        if after["t"] < before["t"]:
            _fail(journal, number, "its time is earlier than that of the record before it")
        if before["kind"] == "result":
            _fail(journal, number, "a run ends with its result, and here something follows it")
    return RunFolder(path, records)


def _check_head(journal: Path, records: list[Any]) -> None:
    head = records[0] if records else None
    if not isinstance(head, dict) or head.get("kind") != "run":
        _fail(journal, 1, "the journal of a run begins with a record of the kind `run`")
    by = f"voxrt {head.get('voxrt', 'of an unknown version')}"
    if head.get("format") != JOURNAL_FORMAT:
        raise UsageError(
            f"the journal has the format {head.get('format')!r}, written by {by}; "
            f"this version reads format {JOURNAL_FORMAT}.",
            hint="Use the version that recorded it.",
            file=str(journal),
        )
    if head.get("profile") not in PROFILES:
        raise UsageError(
            f"the run was recorded under the behaviour profile {head.get('profile')!r} by {by}, "
            f"and this version knows {', '.join(PROFILES)}.",
            hint="Use the version that recorded it.",
            file=str(journal),
        )


def _check_record(journal: Path, number: int, record: Any) -> None:
    if not isinstance(record, dict):
        _fail(journal, number, "a record is an object")
    for key, kind, called in (
        ("n", int, "a whole number"),
        ("t", int | float, "a time in ms"),
        ("kind", str, "a text"),
    ):
        value = record.get(key)
        if not isinstance(value, kind) or isinstance(value, bool):
            _fail(journal, number, f"`{key}` of a record is {called}, not {value!r}")


def _read_link(path: Path) -> LinkFile:
    head, lines = _connection(path, ("sent", "received", "refused", "closed"))
    for number, line in enumerate(lines, 2):
        carries = isinstance(line.get("message"), dict) or isinstance(line.get("text"), str)
        if line["direction"] in ("sent", "received") and not carries:
            _fail(path, number, "a line has a `message`, an object")
        if not isinstance(line.get("n", 1), int):
            _fail(path, number, "`n` is the number of a record")
    return LinkFile(path=path, number=int(path.stem), head=head, lines=lines)


def _read_socket(path: Path) -> ConnectionFile:
    head, lines = _connection(path, ("opened", "received", "refused", "closed"))
    for number, line in enumerate(lines, 2):
        carries = isinstance(line.get("text"), str) or isinstance(line.get("base64"), str)
        if line["direction"] == "received" and not carries:
            _fail(path, number, "what was received is a `text`, or bytes as `base64`")
    return ConnectionFile(path=path, number=int(path.stem), head=head, lines=lines)


def _connection(
    path: Path, directions: tuple[str, ...]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    head, *lines = _read_lines(path) or [None]
    if not isinstance(head, dict) or "format" not in head:
        _fail(path, 1, "the file of a connection begins with an object that has `format`")
    if head["format"] != CONNECTION_FORMAT:
        _fail(path, 1, f"its format is {head['format']!r}; this version reads {CONNECTION_FORMAT}")
    for number, line in enumerate(lines, 2):
        if not isinstance(line, dict) or line.get("direction") not in directions:
            _fail(path, number, f"a line has a `direction`, one of {', '.join(directions)}")
        if not isinstance(line.get("t"), int | float):
            _fail(path, number, "a line has its time `t` in ms")
    return head, lines


def _read_timing(path: Path) -> Timing:
    head, *lines = _read_lines(path) or [None]
    if not isinstance(head, dict) or not isinstance(head.get("date"), str):
        _fail(path, 1, "it begins with an object that has `format` and `date`")
    if head.get("format") != TIMING_FORMAT:
        _fail(path, 1, f"its format is {head.get('format')!r}; this version reads {TIMING_FORMAT}")
    numbers, walls_ms = [0], [0.0]
    for at, line in enumerate(lines, 2):
        fields: dict[str, Any] = line if isinstance(line, dict) else {}
        n, wall_ms = (fields.get(key) for key in ("n", "wall_ms"))
        if type(n) is not int or not isinstance(wall_ms, int | float):
            _fail(path, at, "a line has `n`, the number of a record, and its `wall_ms`")
        if n <= numbers[-1] or wall_ms < walls_ms[-1]:
            _fail(path, at, "it goes back: numbers and times only rise")
        numbers.append(n)
        walls_ms.append(float(wall_ms))
    return Timing(date=head["date"], numbers=tuple(numbers[1:]), walls_ms=tuple(walls_ms[1:]))


def _read_lines(path: Path) -> list[Any]:
    """The JSON values of a file, one a line; a last line that was cut off is left out."""
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or error
        raise DocumentError(f"the file cannot be read: {reason}", file=str(path)) from None
    *lines, rest = data.split(b"\n")
    values = []
    for number, line in enumerate(lines, 1):
        try:
            values.append(msgspec.json.decode(line))
        except ValueError as error:  # UnicodeDecodeError is one
            _fail(path, number, f"this line is not JSON: {error}")
        except RecursionError:
            _fail(path, number, "this line is nested too deeply")
    if rest:
        try:
            values.append(msgspec.json.decode(rest))
        except (ValueError, RecursionError):
            return values  # what a kill leaves of the line under way
    return values


def _fail(path: Path, line: int, message: str) -> NoReturn:
    raise DocumentError(
        message, hint="Was the file changed after the run?", file=str(path), line=line
    )
