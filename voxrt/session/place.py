"""Where in the scenario something happens: the frames of its code that are running now.

A scenario in Python has frames of Python. An engine of another language has frames of its own: it
puts what tells them on `running_scripts` as long as it runs.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Iterator
from types import FrameType
from typing import Protocol

from attrs import frozen


@frozen
class ScriptFrame:
    """One level of the scenario's stack.

    Attributes:
        function: Its name; `<module>` at the top level of a file, `<anonymous>` without a name.
        file: As the user named it.
        line: Counted from 1.
        column: Counted from 1; None when it is not known.
    """

    function: str
    file: str
    line: int
    column: int | None = None


class RunningScript(Protocol):
    """A script in an engine of its own."""

    def stack(self) -> Iterable[ScriptFrame]:
        """Its frames, innermost first."""

    def place(self, files: Collection[str]) -> ScriptFrame | None:
        """The innermost frame of these files."""


#: The scripts that run in engines of their own; the last one is the one that runs now.
running_scripts: list[RunningScript] = []


def running_frames() -> Iterator[ScriptFrame]:
    """The frames that are running now, innermost first; a script's engine has its own."""
    if running_scripts:
        yield from running_scripts[-1].stack()
        return
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        yield ScriptFrame(frame.f_code.co_name, frame.f_code.co_filename, frame.f_lineno)
        frame = frame.f_back


def script_place(files: Collection[str]) -> str:
    """The line of the scenario's files that is running now, as `file:line`; empty when none is."""
    if running_scripts:
        found = running_scripts[-1].place(files)
        return f"{found.file}:{found.line}" if found else ""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_filename in files:
            return f"{frame.f_code.co_filename}:{frame.f_lineno}"
        frame = frame.f_back
    return ""


def script_frames(files: Collection[str]) -> Iterator[ScriptFrame]:
    """The running frames of the scenario's files, innermost first."""
    return (frame for frame in running_frames() if frame.file in files)
