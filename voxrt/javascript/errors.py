"""Errors of a script, as Python sees them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from voxrt.session.place import ScriptFrame

#: Names of files that are ours and no scenario's; their frames are nobody's concern.
OURS = "voxrt:"
#: What the engine calls the top level of a file.
TOP_LEVEL = "<eval>"

_FRAME = re.compile(
    r"^\s*at (?:(?P<function>.*) \((?P<file>.*):(?P<line>\d+):(?P<column>\d+)\)"
    r"|(?P<bare_file>.*):(?P<bare_line>\d+):(?P<bare_column>\d+))$"
)


#: Where a place of a file that was compiled comes from: line and column, counted from 1.
Original = Callable[[int, int], tuple[int, int]]


def read_stack(text: str, originals: Mapping[str, Original]) -> tuple[ScriptFrame, ...]:
    """The frames of a stack as the engine writes it, innermost first, without those of ours.

    Args:
        text: The engine's text.
        originals: Of the files that were compiled, by name.
    """
    frames = []
    for entry in text.splitlines():
        match = _FRAME.match(entry)
        if match is None:  # a function of the engine or of the platform
            continue
        file = match["file"] or match["bare_file"]
        function = match["function"] or TOP_LEVEL
        if file.startswith(OURS):
            continue
        line = int(match["line"] or match["bare_line"])
        column = int(match["column"] or match["bare_column"])
        if file in originals:
            line, column = originals[file](line, column)
        name = "<module>" if function == TOP_LEVEL else function
        frames.append(ScriptFrame(name, file, line, column))
    return tuple(frames)


class JavaScriptError(Exception):
    """Something that a script threw, or the reason of a rejected promise.

    Args:
        name: The error's `name`, such as `TypeError`; empty for a value that is no error.
        message: Its `message`; the text of a value that is no error.
        frames: Where it was made, innermost first.
        slot: The thrown object in the engine, so that it can be thrown there again; -1 for none.
        release: Gives up the slot.

    When it came from a Python exception of the platform, that one is its `__cause__`.
    """

    def __init__(
        self,
        name: str,
        message: str,
        frames: tuple[ScriptFrame, ...] = (),
        *,
        slot: int = -1,
        release: Callable[[int], object] | None = None,
    ) -> None:
        super().__init__(f"{name}: {message}" if name else message)
        self.name = name
        self.message = message
        self.frames = frames
        self.slot = slot
        self._release = release

    def __del__(self) -> None:
        if self.slot >= 0 and self._release is not None:
            self._release(self.slot)
