"""The journal: every stimulus and every effect of a session, one JSON line each.

It is the one truth about a run; the log in the platform's format, the live account, the summary
and the tests are views of it. Each line is written as it happens, so that a killed run leaves a
readable journal. Secrets are removed here, in the one writer, and nowhere else.

A record has `n` (its number, from 1), `t` (milliseconds since the run began), `kind`, and the
fields of its kind; ARCHITECTURE.md lists the kinds. What a scenario asked for has `at`: the line of
it that was running.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
from attrs import define, field

from voxrt.clock import US_PER_MS, Clock
from voxrt.disk import LineFile, refuse
from voxrt.errors import DocumentError, OutputError
from voxrt.session.values import plain

Record = dict[str, Any]
REDACTED = "******"

#: The kinds of what a scenario does: these have the line that did it.
DEEDS = frozenset({"command", "log", "http", "mail", "socket", "request", "call-list", "timer"})

#: Values shorter than this are not redacted: they would blank out ordinary words.
SHORTEST_SECRET = 4


@define(eq=False, repr=False)  # it has secrets
class Journal:
    """Writes the records of one session.

    Args:
        clock: Gives the time of each record.
        path: The file; `None` keeps the records in memory only.
        listeners: Given every record as a reader of the file gets it: plain, and without secrets.
        on_broken: Told once when the file cannot be written any more; records reach only the
            listeners from then on.

    Attributes:
        place: Tells the line of the scenario that is running now, as `file:line`; empty when none
            is, such as when a reply comes.
    """

    clock: Clock
    path: Path | None = None
    listeners: list[Callable[[Record], object]] = field(factory=list)
    on_broken: Callable[[OutputError], object] = refuse
    place: Callable[[], str] | None = field(default=None, init=False)
    _file: LineFile | None = field(default=None, init=False)
    _count: int = field(default=0, init=False)
    _forms: set[str] = field(factory=set, init=False)
    _secret: re.Pattern[str] | None = field(default=None, init=False)
    _needles: list[bytes] = field(factory=list, init=False)

    def __attrs_post_init__(self) -> None:
        if self.path is not None:
            self._file = LineFile(self.path, self.on_broken)

    def add_secrets(self, values: Iterable[str]) -> None:
        """From now on these values are written as `******`, in every value, not in names."""
        before = len(self._forms)
        for value in values:
            if len(value) >= SHORTEST_SECRET:
                self._forms |= _forms(value)
        if len(self._forms) == before:
            return
        # A lookahead, so that a secret which begins inside another one is found too.
        longest_first = sorted(self._forms, key=lambda form: (-len(form), form))
        self._secret = re.compile(f"(?=({'|'.join(map(re.escape, longest_first))}))")
        self._needles = [msgspec.json.encode(form)[1:-1] for form in longest_first]

    @property
    def count(self) -> int:
        """The number of the last record."""
        return self._count

    def write(self, kind: str, /, **fields: Any) -> Record:
        """Appends a record and hands it to the listeners.

        Args:
            kind: The kind of record.
            fields: JSON values; their order is kept.

        Returns:
            The record as it was written.
        """
        self._add_place(kind, fields)
        return self._append(kind, fields, is_plain=False)

    def write_plain(self, kind: str, fields: Record) -> Record:
        """Appends a record whose fields are plain JSON values already, as `plain` makes them.

        This is for the most frequent records: what a reader of the file would get needs not be
        read from it. The values must not change any more.
        """
        return self._append(kind, fields, is_plain=True)

    def _append(self, kind: str, fields: Record, *, is_plain: bool) -> Record:
        self._count += 1
        n, t = self._count, self.clock.now_us() / US_PER_MS
        record: Record = {"n": n, "t": t, "kind": kind, **fields}
        try:
            line = _quickly(record)
        except (TypeError, UnicodeEncodeError):
            line, is_plain = _carefully(record), False
        if not self.is_clean(line):
            clean = self.redacted(fields)
            line, is_plain = _carefully({"n": n, "t": t, "kind": kind, **clean}), False
        if self._file is not None:
            self._file.write(line + b"\n")
        if not is_plain:
            record = msgspec.json.decode(line)
        for listener in self.listeners:
            listener(record)
        return record

    def is_clean(self, line: bytes) -> bool:
        """Whether no secret is spelled out in some JSON text."""
        # Not `in`, which first tries to take the secret for the number of a byte: that costs three
        # times the search. A generator would cost more than the search, too.
        for needle in self._needles:  # noqa: SIM110
            if line.find(needle) >= 0:
                return False
        return True

    def redacted(self, fields: dict[str, Any]) -> Record:
        """JSON values with every secret in their texts replaced; names are kept."""
        clean: Record = self._redact_texts(plain(fields))
        return clean

    def _add_place(self, kind: str, fields: dict[str, Any]) -> None:
        if kind in DEEDS and self.place is not None and "at" not in fields:
            place = self.place()
            if place:
                fields["at"] = place

    def redact(self, text: str) -> str:
        """The text with every secret replaced."""
        if self._secret is None:
            return text
        parts, done = [], 0
        for found in self._secret.finditer(text):
            start, end = found.span(1)
            if start >= done:
                parts += [text[done:start], REDACTED]
            done = max(done, end)
        return "".join((*parts, text[done:]))

    def of_session(self, number: int) -> Journal:
        """What a later session of the run writes to: this journal, with `session` in each record.

        The records of the first session have no such field.
        """
        return self if number == 1 else _SessionJournal(self.clock, run=self, number=number)

    def close(self) -> None:
        """Closes the file; records after this reach only the listeners."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _redact_texts(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.redact(value)
        if isinstance(value, dict):
            return {key: self._redact_texts(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._redact_texts(item) for item in value]
        return value


@define(eq=False, repr=False, kw_only=True)
class _SessionJournal(Journal):
    """The view of a run's journal that a later session has."""

    run: Journal
    number: int

    def write(self, kind: str, /, **fields: Any) -> Record:
        self._add_place(kind, fields)
        return self.run.write(kind, **fields, session=self.number)

    def write_plain(self, kind: str, fields: Record) -> Record:
        return self.run.write_plain(kind, {**fields, "session": self.number})

    @property
    def count(self) -> int:
        return self.run.count

    def add_secrets(self, values: Iterable[str]) -> None:
        self.run.add_secrets(values)

    def is_clean(self, line: bytes) -> bool:
        return self.run.is_clean(line)

    def redacted(self, fields: dict[str, Any]) -> Record:
        return self.run.redacted(fields)

    def redact(self, text: str) -> str:
        return self.run.redact(text)


def _forms(secret: str) -> set[str]:
    """How a secret may be spelled in a text: as it is, in JSON, in JSON within JSON, in a URL."""
    forms = {secret, quote(secret, safe=""), json.dumps(secret)[1:-1]}
    for _ in range(2):
        secret = json.dumps(secret, ensure_ascii=False)[1:-1]
        forms.add(secret)
    return forms


_quickly = msgspec.json.Encoder().encode


def _carefully(record: Record) -> bytes:
    """A scenario may hand over anything: half a surrogate pair, an object as a key."""
    try:
        return _quickly(record)
    except (TypeError, UnicodeEncodeError):
        return json.dumps(plain(record), ensure_ascii=False).encode("utf-8", "replace")


def read_journal(path: Path) -> list[Record]:
    """The records of a journal file; a last line that was cut off by a kill is left out.

    Raises:
        DocumentError: The file cannot be read, or a line before the last is not JSON.
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        reason = error.strerror or error
        raise DocumentError(f"the journal cannot be read: {reason}", file=str(path)) from None
    records: list[Record] = []
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        try:
            records.append(msgspec.json.decode(line))
        except ValueError as error:
            if number == len(lines):
                break
            raise DocumentError(
                f"this is not a journal record: {error}", file=str(path), line=number
            ) from None
    return records
