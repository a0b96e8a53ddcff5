"""Python scenario files: read, compiled, and executed in one shared global scope.

The files of a rule run one after another in the same globals, as on the platform: what an earlier
file defines is simply there in the next. Every file is compiled under the name that the user gave
it, and its source is kept in `linecache`, so that tracebacks, debuggers and `voxrt`'s own
messages show the right file and line, even when the file changes or the working directory does.
"""

from __future__ import annotations

import ast
import linecache
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import CodeType
from typing import Any

from attrs import field, frozen

from voxrt.errors import ScenarioSyntaxError, UsageError
from voxrt.scenario import scope, uncatchable
from voxrt.scenario.source import Source, read_source
from voxrt.session.limits import CallbackTimeout


@frozen(kw_only=True)
class ScenarioFile:
    """One compiled scenario file.

    Attributes:
        name: What the log calls it: the file name without its ending.
        path: The file as the user named it; `str(path)` is the file name in tracebacks.
        source: Its text, as it stands in the file.
        code: The compiled module body.
        sha256: Hexadecimal digest of the file's bytes, for the journal.
    """

    name: str
    path: Path
    source: str = field(repr=False)
    code: CodeType = field(repr=False)
    sha256: str


def load(files: Iterable[str | Path | Source]) -> tuple[ScenarioFile, ...]:
    """Compiles scenario files, in the order given; those named by a path are read first.

    Raises:
        UsageError: A file is missing, is a directory, cannot be read or is not UTF-8; or no file
            was given.
        ScenarioSyntaxError: A file does not compile; with file, line and column.
    """
    loaded = tuple(_load(f if isinstance(f, Source) else read_source(f)) for f in files)
    if not loaded:
        raise UsageError("no scenario was given.", hint="Name at least one Python file.")
    return loaded


def execute(files: Sequence[ScenarioFile], namespace: dict[str, Any]) -> None:
    """Runs the top-level code of each file, one after another, in `namespace`.

    `__file__` is the file being executed and `__name__` is `voxrt.scenario.scope`. An error of
    the scenario's own code passes through unchanged; `voxrt.scenario.describe` explains it.
    """
    namespace.setdefault("__name__", scope.__name__)
    namespace[uncatchable.NAME] = CallbackTimeout
    for file in files:
        namespace["__file__"] = str(file.path)
        exec(file.code, namespace)


def _load(source: Source) -> ScenarioFile:
    code = _compile(source.path, source.text)
    lines = source.original.splitlines(keepends=True)
    # A modification time of None tells linecache never to look at the disk again.
    linecache.cache[str(source.path)] = (len(source.original), None, lines, str(source.path))
    return ScenarioFile(
        name=source.name,
        path=source.path,
        source=source.original,
        code=code,
        sha256=source.sha256,
    )


def _compile(path: Path, source: str) -> CodeType:
    if path.suffix in {".js", ".mjs", ".ts"}:
        raise UsageError(
            "this is not a Python file.",
            hint="voxrt runs Python scenarios; their names end in `.py`.",
            file=str(path),
        )
    try:
        # dont_inherit: the scenario gets no __future__ statement of this module.
        flags = ast.PyCF_ONLY_AST
        tree = compile(source, str(path), "exec", flags, dont_inherit=True)
        return compile(uncatchable.hand_on_timeouts(tree), str(path), "exec", dont_inherit=True)
    except SyntaxError as error:
        message, hint = _explain(error)
        raise ScenarioSyntaxError(
            message, hint=hint, file=str(path), line=error.lineno, column=error.offset or None
        ) from None
    except ValueError as error:  # null bytes, before Python 3.12
        raise ScenarioSyntaxError(f"{error}.", file=str(path)) from None


def _explain(error: SyntaxError) -> tuple[str, str]:
    text = error.msg or "invalid syntax"
    if ("outside function" in text and "await" in text) or "outside async function" in text:
        return (
            "`await` does not work at the top level of a scenario.",
            "Put it into an `async def` handler, for example one for AppEvents.Started.",
        )
    source = (error.text or "").strip()
    if source.startswith(("const ", "let ", "var ", "function ")) or source.endswith("{"):
        return f"{text}.", "This looks like JavaScript; voxrt runs Python scenarios."
    return f"{text}.", ""
