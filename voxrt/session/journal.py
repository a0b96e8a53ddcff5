"""The journal: every stimulus and every effect of a session, one JSON line each.

It is the one truth about a run; the log in the platform's format, the live account, the summary
and the tests are views of it. Each line is written as it happens, so that a killed run leaves a
readable journal. Secrets are removed here, in the one writer, and nowhere else.

A record has `n` (its number, from 1), `t` (milliseconds since the run began), `kind`, and the
fields of its kind; ARCHITECTURE.md lists the kinds.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
from attrs import define, field

from voxrt.clock import US_PER_MS, Clock

Record = dict[str, Any]
REDACTED = "******"

#: Values shorter than this are not redacted: they would blank out ordinary words.
SHORTEST_SECRET = 4


@define(eq=False)
class Journal:
    """Writes the records of one session.

    Args:
        clock: Gives the time of each record.
        path: The file; `None` keeps the records in memory only.
    """

    clock: Clock
    path: Path | None = None
    listeners: list[Callable[[Record], object]] = field(factory=list)
    _file: BinaryIO | None = field(default=None, init=False)
    _count: int = field(default=0, init=False)
    _secrets: list[str] = field(factory=list, init=False)
    _escaped: list[bytes] = field(factory=list, init=False)
    """The secrets as they stand in a line."""

    def __attrs_post_init__(self) -> None:
        if self.path is not None:
            self._file = self.path.open("wb", buffering=0)

    def add_secrets(self, values: Iterable[str]) -> None:
        """From now on these values are written as `******`."""
        found = {*self._secrets, *(value for value in values if len(value) >= SHORTEST_SECRET)}
        # The longest first, so that a secret that contains another one leaves nothing behind.
        self._secrets = sorted(found, key=lambda value: (-len(value), value))
        self._escaped = [
            json.dumps(value, ensure_ascii=False)[1:-1].encode(errors="surrogatepass")
            for value in self._secrets
        ]

    def write(self, kind: str, /, **fields: Any) -> Record:
        """Appends a record and hands it to the listeners.

        Args:
            kind: The kind of record.
            fields: JSON values; their order is kept.

        Returns:
            The record as it was written, without secrets.
        """
        self._count += 1
        record: Record = {
            "n": self._count,
            "t": self.clock.now_us() / US_PER_MS,
            "kind": kind,
            **fields,
        }
        line = msgspec.json.encode(record)
        clean = line
        for secret in self._escaped:
            clean = clean.replace(secret, REDACTED.encode())
        if clean != line:
            line = clean
            record = msgspec.json.decode(line)
        if self._file is not None:
            self._file.write(line + b"\n")
        for listener in self.listeners:
            listener(record)
        return record

    def redact(self, text: str) -> str:
        """The text with every secret replaced, for files that are not the journal."""
        for value in self._secrets:
            text = text.replace(value, REDACTED)
        return text

    def close(self) -> None:
        """Closes the file; records after this reach only the listeners."""
        if self._file is not None:
            self._file.close()
            self._file = None


def read_journal(path: Path) -> list[Record]:
    """The records of a journal file; a last line that was cut off by a kill is left out.

    Raises:
        ValueError: A line in the middle is not JSON; names the line.
    """
    records: list[Record] = []
    lines = path.read_bytes().split(b"\n")
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        try:
            records.append(msgspec.json.decode(line))
        except msgspec.DecodeError as error:
            if number == len(lines):
                break
            raise ValueError(f"{path}:{number}: not a journal record: {error}") from None
    return records
