"""What a run leaves on the disk: line by line as things happen, or a file at once.

A disk fills up, a folder goes away, a quota is reached. What was written until then stays readable:
the file ends with its last whole line, and its owner is told once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from io import FileIO
from pathlib import Path
from typing import NoReturn, Protocol

from attrs import define, field

from voxrt.errors import OutputError

#: The hint of an error in the middle of a file.
KEPT = "What was written before is whole."


class Writable(Protocol):
    """A file that may take less than all of what it is given."""

    def write(self, data: bytes, /) -> int | None:
        """Writes; returns how many bytes of it."""


def write_all(file: Writable, data: bytes) -> None:
    """Writes all of it, as an unbuffered file may take less at a time.

    Raises:
        OSError: The disk is full, or gone.
    """
    while data:
        data = data[file.write(data) :]


def refuse(error: OutputError) -> NoReturn:
    """Raises it: what an owner does who has nobody to tell."""
    raise error


@define(eq=False)
class LineFile:
    """A file that whole lines are added to; each is on the disk when `write` returns.

    Args:
        path: The file; one that is there is replaced, and its folder is made when it is missing.
        on_broken: Told once when nothing, or nothing more, can be written; from then on lines are
            dropped.
    """

    path: Path
    on_broken: Callable[[OutputError], object] = refuse
    _file: FileIO | None = field(default=None, init=False)
    _size: int = field(default=0, init=False)

    def __attrs_post_init__(self) -> None:
        try:
            self._file = _opened(self.path)
        except OSError as error:
            self.on_broken(cannot_write(self.path, error))

    def write(self, lines: bytes) -> None:
        """Adds one line or several, with their ends."""
        file = self._file
        if file is None:
            return
        try:
            taken = file.write(lines)
            if taken != len(lines):
                write_all(file, lines[taken:])
        except OSError as error:
            self._break_off(error)
        else:
            self._size += len(lines)

    def close(self) -> None:
        """Closes the file: lines after this are dropped; harmless when it is closed."""
        file, self._file = self._file, None
        if file is not None:
            file.close()

    def _break_off(self, error: OSError) -> None:
        assert self._file is not None
        with suppress(OSError):  # readers of such files leave a last line out that is cut off
            self._file.truncate(self._size)
        with suppress(OSError):  # the first error is the one to tell
            self.close()
        self.on_broken(cannot_write(self.path, error))


def _opened(path: Path) -> FileIO:
    try:
        return FileIO(path, "w")
    except FileNotFoundError:
        path.parent.mkdir(exist_ok=True)
        return FileIO(path, "w")


def write_whole(path: Path, parts: Iterable[bytes]) -> None:
    """Writes a file at once: after this all of it is there, or what was there before.

    Raises:
        OutputError: It cannot be written.
    """
    fresh = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with fresh.open("wb") as file:
            file.writelines(parts)
        fresh.replace(path)
    except OSError as error:
        with suppress(OSError):  # the first error is the one to tell
            fresh.unlink(missing_ok=True)
        raise cannot_write(path, error) from None


def cannot_write(path: Path, error: OSError) -> OutputError:
    """The error of a run's file that nothing can be written to."""
    return OutputError(
        f"this file of the run cannot be written: {error.strerror or error}",
        hint=KEPT,
        file=str(path),
    )
