"""Where in the scenario an error comes from, and how to say it.

A traceback of a scenario's error runs through voxrt, trio and back. `locate` keeps what its
author wrote; `describe` adds what to do about it; `render_report` draws it for a terminal.
"""

from __future__ import annotations

import linecache
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Any

import attr
from attrs import frozen

import voxrt
from voxrt.errors import VoxrtError
from voxrt.scenario.hints import hint_for
from voxrt.scenario.python import ScenarioFile

#: Packages whose frames a scenario's author did not write and cannot change.
_OURS = (
    str(Path(voxrt.__file__).parent),
    str(Path(attr.__file__).parent),
    *(f"/site-packages/{name}/" for name in ("trio", "outcome", "attr", "attrs", "cyclopts")),
    "<frozen ",
    "<attrs ",
)


@frozen(kw_only=True)
class Location:
    """The line of the scenario that an error comes from.

    Attributes:
        file: The file as the user named it.
        line: Counted from 1.
        column: Counted from 1; where the failing expression begins.
        end_column: One behind the expression's last character, when it ends on the same line.
        source_line: The text of the line.
        function: The function's name; `<module>` at the top level.
        stack: The frames that led there, innermost first, as `file:line in function`, without
            those of voxrt and trio.
    """

    file: str
    line: int
    column: int | None
    end_column: int | None
    source_line: str
    function: str
    stack: tuple[str, ...]


@frozen(kw_only=True)
class ErrorReport:
    """An error as voxrt tells it: in the journal, in the log and on the terminal.

    Attributes:
        code: The code of a `VoxrtError`, otherwise the name of the exception's class.
        text: What happened, in one sentence.
        hint: What to do next; empty when nothing useful is known.
    """

    code: str
    text: str
    file: str | None = None
    line: int | None = None
    column: int | None = None
    end_column: int | None = None
    source_line: str | None = None
    stack: tuple[str, ...] = ()
    hint: str = ""

    @property
    def where(self) -> str:
        """`file:line:column`, as far as it is known."""
        parts = [self.file, self.line, self.column]
        return ":".join(str(part) for part in parts if part is not None) if self.file else ""

    def record(self) -> dict[str, Any]:
        """The fields of an `error` record of the journal; what is not known is left out."""
        found: dict[str, Any] = {"code": self.code, "text": self.text}
        for name in ("file", "line", "column", "end_column", "source_line", "hint"):
            value = getattr(self, name)
            if value not in (None, ""):
                found[name] = value
        if self.stack:
            found["stack"] = list(self.stack)
        return found


@frozen
class _Frame:
    file: str
    line: int
    column: int | None
    end_column: int | None
    function: str
    namespaces: tuple[dict[str, Any], ...]


def locate(error: BaseException, files: Sequence[ScenarioFile] = ()) -> Location | None:
    """The innermost line of the scenario in an error's traceback.

    A group of exceptions is searched for its first member that touches the scenario.

    Returns:
        None when no frame of `files` is in the traceback: the error is not the scenario's, or
        was raised for it by voxrt.
    """
    found = _innermost(error, {str(file.path) for file in files})
    if found is None:
        return None
    frame, frames, _ = found
    return Location(
        file=frame.file,
        line=frame.line,
        column=frame.column,
        end_column=frame.end_column,
        source_line=_source_line(frame.file, frame.line, files),
        function=frame.function,
        stack=_stack(frames),
    )


def describe(error: BaseException, files: Sequence[ScenarioFile] = ()) -> ErrorReport:
    """Everything there is to say about an error: what, where, and what to do.

    A place that the error itself carries (`VoxrtError.file`) wins over the traceback's.
    """
    found = _innermost(error, {str(file.path) for file in files})
    leaf = found[2] if found else first_leaf(error)
    code, text = _code_and_text(leaf)
    place = locate(leaf, files)
    hint = leaf.hint if isinstance(leaf, VoxrtError) else ""
    if not hint:
        hint = hint_for(leaf, found[0].namespaces if found else ())
    if isinstance(leaf, VoxrtError) and leaf.file is not None:
        return ErrorReport(
            code=code,
            text=text,
            hint=hint,
            file=leaf.file,
            line=leaf.line,
            column=leaf.column,
            source_line=_source_line(leaf.file, leaf.line, files) or None if leaf.line else None,
            stack=place.stack if place else (),
        )
    if place is None:
        return ErrorReport(code=code, text=text, hint=hint)
    return ErrorReport(
        code=code,
        text=text,
        hint=hint,
        file=place.file,
        line=place.line,
        column=place.column,
        end_column=place.end_column,
        source_line=place.source_line,
        stack=place.stack,
    )


def render_report(report: ErrorReport, color: bool = False) -> str:
    """The report for a terminal: message, place, the line with a caret, the stack, the hint.

    Args:
        report: What `describe` returned.
        color: Whether to use ANSI colours.
    """
    red, dim, bold, plain = ("\x1b[31;1m", "\x1b[2m", "\x1b[1m", "\x1b[0m") if color else ("",) * 4
    where = f"{bold}{report.where}{plain}: " if report.where else ""
    lines = [f"{where}{red}error{plain}: {report.text} [{report.code}]"]
    if report.source_line is not None and report.source_line.strip() and report.line:
        lines += _excerpt(report, dim, red, plain)
    lines += [f"  {dim}{'at' if i == 0 else 'by'} {entry}{plain}" for i, entry in _numbered(report)]
    if report.hint:
        lines.append(f"  {bold}hint{plain}: {report.hint}")
    return "\n".join(lines)


def _excerpt(report: ErrorReport, dim: str, red: str, plain: str) -> list[str]:
    source = (report.source_line or "").expandtabs(1)
    indent = len(source) - len(source.lstrip())
    number = f"{report.line:>5} "
    lines = [f"{dim}{number}|{plain} {source.strip()}"]
    if report.column is not None:
        start = max(report.column - 1 - indent, 0)
        width = max((report.end_column or 0) - report.column, 1)
        width = min(width, max(len(source.strip()) - start, 1))
        lines.append(f"{dim}{' ' * len(number)}|{plain} {' ' * start}{red}{'^' * width}{plain}")
    return lines


def _numbered(report: ErrorReport) -> Iterator[tuple[int, str]]:
    # A stack of one frame says no more than the heading.
    return enumerate(report.stack if len(report.stack) > 1 else ())


def _code_and_text(error: BaseException) -> tuple[str, str]:
    if isinstance(error, VoxrtError):
        return error.code, error.message
    name = type(error).__name__
    text = str(error)
    if isinstance(error, KeyError) and error.args:
        text = f"there is no key {error.args[0]!r}"
    return name, f"{name}: {text}" if text else name


def _innermost(
    error: BaseException, names: set[str]
) -> tuple[_Frame, list[_Frame], BaseException] | None:
    """The innermost scenario frame, the frames from the scenario's first on, and their error."""
    if isinstance(error, BaseExceptionGroup):
        for member in error.exceptions:
            found = _innermost(member, names)
            if found is not None:
                return found
    frames = list(_frames(error.__traceback__))
    inside = [index for index, frame in enumerate(frames) if frame.file in names]
    if not inside:
        return None
    # What lies outside the scenario's first frame is the program that runs it.
    return frames[inside[-1]], frames[inside[0] :], error


def first_leaf(error: BaseException) -> BaseException:
    """The error itself, or the first one inside a group."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _frames(traceback: TracebackType | None) -> Iterator[_Frame]:
    while traceback is not None:
        code = traceback.tb_frame.f_code
        column, end_column = _columns(traceback)
        yield _Frame(
            file=code.co_filename,
            line=traceback.tb_lineno,
            column=column,
            end_column=end_column,
            function=code.co_qualname,
            namespaces=(traceback.tb_frame.f_locals, traceback.tb_frame.f_globals),
        )
        traceback = traceback.tb_next


def _columns(traceback: TracebackType) -> tuple[int | None, int | None]:
    """Where the failing expression begins and ends, in characters counted from 1."""
    code = traceback.tb_frame.f_code
    positions = list(code.co_positions())
    index = traceback.tb_lasti // 2
    if not 0 <= index < len(positions):
        return None, None
    line, end_line, start, end = positions[index]
    if line is None or start is None:
        return None, None
    text = linecache.getline(code.co_filename, line).encode("utf-8", "surrogatepass")
    column = len(text[:start].decode("utf-8", "replace")) + 1
    if end is None or end_line != line:
        return column, None
    return column, len(text[:end].decode("utf-8", "replace")) + 1


def _stack(frames: Sequence[_Frame]) -> tuple[str, ...]:
    shown = [frame for frame in reversed(frames) if not any(our in frame.file for our in _OURS)]
    lines = (f"{frame.file}:{frame.line} in {frame.function}" for frame in shown)
    # A promise's error that is awaited on the line where it arose has that line twice.
    return tuple(line for line, _ in groupby(lines))


def _source_line(file: str, line: int | None, files: Sequence[ScenarioFile]) -> str:
    if line is None:
        return ""
    for scenario in files:
        if str(scenario.path) == file:
            lines = scenario.source.splitlines()
            return lines[line - 1] if 0 < line <= len(lines) else ""
    linecache.checkcache(file)  # a file of another kind may have changed since it was shown
    return linecache.getline(file, line).rstrip("\n")
