"""What the diagnostic options of a connector write: the trace and the statistics."""

from __future__ import annotations

from typing import Any

import msgspec
from attrs import define, field

from voxrt.disk import LineFile, write_whole
from voxrt.errors import OutputError
from voxrt.vox.context import Context


@define(eq=False)
class Trace:
    """All messages of one connection, sent and received, as plain text.

    A line each: milliseconds of the run, `>` sent or `<` received, the message. Secrets are
    replaced as everywhere.

    Args:
        context: The session's platform.
        name: The file's name without its ending.
    """

    context: Context
    name: str
    _file: LineFile = field(init=False)
    _closed: bool = field(default=False, init=False)

    def __attrs_post_init__(self) -> None:
        path = self.context.folder / "traces" / f"{self.name}.txt"
        self._file = LineFile(path, self.context.broken)
        self.context.open_files.append(self._file)

    @property
    def url(self) -> str:
        """Where the trace is, as the `WebSocket.Created` message says it."""
        return f"file:traces/{self.name}.txt"

    def write(self, direction: str, text: str) -> None:
        """Adds a message; `direction` is `>` or `<`."""
        at_ms = self.context.clock.now_us() / 1000
        line = self.context.session.journal.redact(text)
        self._file.write(f"{at_ms:12.3f} {direction} {line}\n".encode())

    def close(self) -> None:
        """Closes the file and records where it is."""
        if not self._closed:
            self._closed = True
            self._file.close()
            journal = self.context.session.journal
            journal.write("file", what="trace", path=f"traces/{self.name}.txt")


@define(eq=False)
class Statistics:
    """Counts of one connection, written when it ends.

    Args:
        context: The session's platform.
        name: The file's name without its ending.
    """

    context: Context
    name: str
    counts: dict[str, int] = field(factory=dict)
    _opened_us: int = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._opened_us = self.context.clock.now_us()

    @property
    def url(self) -> str:
        """Where the statistics will be."""
        return f"file:statistics/{self.name}.json"

    def add(self, name: str, amount: int = 1) -> None:
        """Counts something."""
        self.counts[name] = self.counts.get(name, 0) + amount

    def close(self) -> None:
        """Writes the file and records where it is."""
        lasted_ms = (self.context.clock.now_us() - self._opened_us) // 1000
        content: dict[str, Any] = {"duration_ms": lasted_ms, **dict(sorted(self.counts.items()))}
        path = self.context.folder / "statistics" / f"{self.name}.json"
        try:
            write_whole(path, (msgspec.json.format(msgspec.json.encode(content), indent=2), b"\n"))
        except OutputError as error:
            self.context.broken(error)
            return
        journal = self.context.session.journal
        journal.write("file", what="statistics", path=f"statistics/{self.name}.json")
