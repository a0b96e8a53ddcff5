"""Errors of a script, as Python sees them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from voxrt.session.place import ScriptFrame

#: Names of files that are ours and no scenario's; their frames are nobody's concern.
OURS = "voxrt:"
#: What the engine calls the top level of a file.
TOP_LEVEL = "<eval>"

_FRAME = re.compile(
    r"^\s*at (?:(?P<function>.*) \((?P<file>.*):(?P<line>\d+):(?P<column>\d+)\)"
    r"|(?P<bare_file>.*):(?P<bare_line>\d+):(?P<bare_column>\d+))$"
)


#: The arguments of a call are looked for in so many lines.
MOST_LINES = 200
_NATIVE = re.compile(r"^\s*at (\S+) \(native\)$")
_NO_CODE = re.compile(
    r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|//[^\n]*|/\*.*?\*/", re.DOTALL
)

#: Where a place of a file that was compiled comes from: line and column, counted from 1.
Original = Callable[[int, int], tuple[int, int]]


def read_stack(
    text: str, originals: Mapping[str, Original], texts: Mapping[str, str], callee: str = ""
) -> Iterator[ScriptFrame]:
    """The frames of a stack as the engine writes it, innermost first, without those of ours.

    Args:
        text: The engine's text.
        originals: Of the files that were compiled, by name.
        texts: What ran of each file, by name.
        callee: The platform's function that the innermost frame has called, if it has.
    """
    for function, file, line, column in _entries(text):
        if not file:  # a function of the engine or of the platform
            callee = function or callee
            continue
        if file.startswith(OURS):
            continue
        if callee:
            line, column = call_site(texts.get(file, ""), line, column, callee)
        callee = function
        if file in originals:
            line, column = originals[file](line, column)
        name = "<module>" if function in ("", TOP_LEVEL) else function
        yield ScriptFrame(name, file, line, column)


@lru_cache(maxsize=1024)
def _entries(text: str) -> tuple[tuple[str, str, int, int], ...]:
    """Function, file, line and column of each level of a stack; the same places come often.

    The file is empty for what is no code of a script, and then so is a function without a name.
    """
    entries = []
    for entry in text.splitlines():
        match = _FRAME.match(entry)
        if match is None:
            native = _NATIVE.match(entry)
            entries.append((native[1] if native else "", "", 0, 0))
        else:
            function, *place = match.groups()
            file, line, column = place[3:] if place[0] is None else place[:3]
            entries.append((function or "", file, int(line), int(column)))
    return tuple(entries)


@lru_cache(maxsize=1024)
def call_site(text: str, line: int, column: int, callee: str) -> tuple[int, int]:
    """Where a call begins, whose place the engine knows only by its arguments.

    The engine remembers the last place before a call that it has noted, which is the last member
    or call among the arguments, lines below the name of what is called.

    Args:
        text: Of the file.
        line: Of the place that the engine tells, counted from 1.
        column: Of the same.
        callee: What is called.

    Returns:
        Line and column of the callee's name; those given when it is not called around them.
    """
    lines = text.split("\n")
    if not 0 < line <= len(lines):
        return line, column
    here = lines[line - 1]
    name = rf"(?<![\w$]){re.escape(callee)}"
    if re.match(rf"[?.]*{name}(?![\w$])", here[column - 1 :]):
        return line, column
    first = max(line - 1 - MOST_LINES, 0)
    before = "\n".join([*lines[first : line - 1], here[: column - 1]])
    for call in reversed(list(re.finditer(rf"{name}\s*\(", before))):
        if _is_open(before[call.end() :]):
            line_start = before.rfind("\n", 0, call.start())
            return first + before.count("\n", 0, call.start()) + 1, call.start() - line_start
    return line, column


def _is_open(text: str) -> bool:
    """Whether a parenthesis before a text is still open at its end."""
    depth = 1
    for character in _NO_CODE.sub("", text):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return False
    return True


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
