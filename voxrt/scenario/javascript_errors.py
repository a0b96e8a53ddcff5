"""What went wrong in a JavaScript scenario, where, and what to do about it.

The engine's messages are short: `not a function` does not say what is none. The place tells: the
source text there, and what the platform remembers of the member that was looked up last.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Protocol

from attrs import evolve

from voxrt.errors import NoSuchMemberError, VoxrtError
from voxrt.javascript import JavaScriptError
from voxrt.scenario.hints import near_name, required_module
from voxrt.scenario.locate import ErrorReport, first_leaf
from voxrt.session.place import ScriptFrame

#: What people know from elsewhere and VoxEngine does not have.
NOT_THERE = {
    **dict.fromkeys(
        ("fetch", "XMLHttpRequest", "axios"),
        "VoxEngine has no {name}; use Net.httpRequestAsync(url, options).",
    ),
    **dict.fromkeys(
        ("process", "Buffer", "module", "exports", "__dirname", "__filename", "global"),
        "{name} belongs to Node.js; a VoxEngine scenario does not run there.",
    ),
    **dict.fromkeys(
        ("window", "document", "navigator", "localStorage", "alert", "performance"),
        "{name} belongs to a browser; a VoxEngine scenario does not run there.",
    ),
    **dict.fromkeys(("btoa", "TextEncoder"), "Use base64_encode or str2bytes."),
    **dict.fromkeys(("atob", "TextDecoder"), "Use base64_decode or bytes2str."),
    "setImmediate": "Use setTimeout(callback, 0).",
    "crypto": "Use Crypto, or uuidgen().",
    "URLSearchParams": "Build the text with encodeURIComponent.",
}

_NOT_DEFINED = re.compile(r"(\S+) is not defined")
#: The expression before a position: names, dots and indexes.
_PATH = re.compile(r"[\w$.\]\[?'\"]*$")
_WORD = re.compile(r"[\w$]+")
_NAMES = re.compile(r"[\w$]+(?:\.[\w$]+)*")
_NEW = re.compile(r"\bnew\s+$")

_SYNTAX = (
    (
        re.compile(r"\bawait\b"),
        "`await` works inside of an `async` function only: a scenario has no top-level await.",
    ),
    (
        re.compile(r"^\s*import\b"),
        "Scenarios are no ES modules: the files of a rule share one global scope, "
        "and require(Modules.X) brings in the platform's modules.",
    ),
    (
        re.compile(r"^\s*export\b"),
        "Scenarios are no ES modules: leave out `export`, what a file declares is there in the "
        "next.",
    ),
)


class SourceText(Protocol):
    """A scenario file."""

    @property
    def path(self) -> Path:
        """As the user named it."""

    @property
    def source(self) -> str:
        """Its text."""


def describe(
    error: BaseException,
    sources: Sequence[SourceText] = (),
    *,
    missing: NoSuchMemberError | None = None,
    scope: Collection[str] = (),
) -> ErrorReport:
    """Everything there is to say about an error of a scenario.

    Args:
        error: What the script threw, or what voxrt says of it.
        sources: The scenario's files.
        missing: The member that the script looked up last of those that the platform lacks.
        scope: The names of the global scope.
    """
    leaf = first_leaf(error)
    thrown = leaf if isinstance(leaf, JavaScriptError) else leaf.__cause__
    frames = thrown.frames if isinstance(thrown, JavaScriptError) else ()
    told = leaf.__cause__ if isinstance(leaf, JavaScriptError) else leaf
    if isinstance(told, VoxrtError):
        report = ErrorReport(code=told.code, text=told.message, hint=told.hint)
        report = evolve(report, file=told.file, line=told.line, column=told.column)
    elif isinstance(leaf, JavaScriptError):
        report = ErrorReport(code=leaf.name or "thrown", text=leaf.message or leaf.name)
    else:
        report = ErrorReport(code=type(leaf).__name__, text=str(leaf))
    report = _placed(report, frames, sources)
    if not report.hint and isinstance(leaf, JavaScriptError):
        report = _explained(report, leaf.message, missing, scope)
    return report


def _placed(
    report: ErrorReport, frames: Sequence[ScriptFrame], sources: Sequence[SourceText]
) -> ErrorReport:
    texts = {str(source.path): source.source.splitlines() for source in sources}
    inside = [frame for frame in frames if frame.file in texts]
    stack = tuple(f"{frame.file}:{frame.line} in {frame.function}" for frame in inside)
    if report.file is None and inside:
        first = inside[0]
        report = evolve(report, file=first.file, line=first.line, column=first.column)
    lines = texts.get(report.file or "", [])
    if report.line is None or not 0 < report.line <= len(lines):
        return evolve(report, stack=stack)
    line = lines[report.line - 1]
    column = end = None
    if report.column is not None:
        # The engine points at the dot before a member on the first line, else at the member.
        before = line[report.column - 1 :]
        column = report.column + len(before) - len(before.lstrip("?."))
        word = _WORD.match(line, column - 1)
        end = word.end() + 1 if word else None
    return evolve(report, stack=stack, source_line=line, column=column, end_column=end)


def _explained(
    report: ErrorReport,
    message: str,
    missing: NoSuchMemberError | None,
    scope: Collection[str],
) -> ErrorReport:
    """The report with a hint, and with what is no function by its name."""
    undefined = _NOT_DEFINED.fullmatch(message)
    if undefined is not None:
        return evolve(report, hint=_unknown_name(undefined[1], scope))
    if message != "not a function" or not report.source_line or not report.column:
        return report
    line, start = report.source_line, report.column - 1
    word = _WORD.match(line, start)
    if word is None:
        return report
    made = _NEW.search(line[:start]) and _NAMES.match(line, start)
    if made:  # the engine points at the first name, and the last one is what was looked up
        path, what = made[0], "constructor"
    else:
        before = _PATH.search(line[:start])
        path, what = (before[0] if before else "") + word[0], "function"
    report = evolve(report, text=f"{path} is not a {what}")
    if missing is not None and missing.member == path.rpartition(".")[2]:
        hint = f"{missing.message[0].upper()}{missing.message[1:]}. {missing.hint}"
        return evolve(report, code=missing.code, hint=hint.strip())
    return report


def _unknown_name(name: str, scope: Collection[str]) -> str:
    module = required_module(name)
    if module is not None:
        return f"Add `require(Modules.{module})` at the top of the scenario."
    if name in NOT_THERE:
        return NOT_THERE[name].format(name=name)
    return near_name(name, scope)


def syntax_hint(source: str, line: int) -> str:
    """What to do about text that does not compile, when it is a thing that people try."""
    lines = source.splitlines()
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    return next((hint for pattern, hint in _SYNTAX if pattern.search(text)), "")
