"""TypeScript scenarios: made JavaScript by `esbuild`, with stacks that show the source.

voxengine-ci compiles `*.voxengine.ts` before it uploads them; here the user's own `esbuild` does,
wherever npm has put it. Types are removed, not checked: that is an editor's work.

Source of the map's format: https://tc39.es/ecma426/
"""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path

from attrs import field, frozen

from voxrt.errors import ScenarioSyntaxError, UsageError

#: The level of the language that the engine runs.
TARGET = "es2022"

_MAP = re.compile(r"\n?//# sourceMappingURL=data:application/json;base64,([A-Za-z0-9+/=]+)\s*$")
_ERROR = re.compile(r"\[ERROR\] (?P<message>[^\n]*)\n\n\s+.*?:(?P<line>\d+):(?P<column>\d+):")
_DIGITS = {
    digit: value
    for value, digit in enumerate(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    )
}


@frozen
class SourceMap:
    """Where each place of the compiled text comes from.

    Attributes:
        lines: For each line of the compiled text, the segments (column, source line, source
            column) in the order of their columns; everything counts from 0.
    """

    lines: tuple[tuple[tuple[int, int, int], ...], ...] = field(repr=False)

    @classmethod
    def read(cls, mappings: str) -> SourceMap:
        """Reads the field `mappings` of a source map of one source."""
        line, column, lines = 0, 0, []
        for generated in mappings.split(";"):
            at, segments = 0, []
            for segment in filter(None, generated.split(",")):
                steps = list(_numbers(segment))
                at += steps[0]
                if len(steps) > 3:
                    line += steps[2]
                    column += steps[3]
                    segments.append((at, line, column))
            lines.append(tuple(segments))
        return cls(tuple(lines))

    def original(self, line: int, column: int) -> tuple[int, int]:
        """The line and column of the source; all count from 1.

        What has no source of its own belongs to what stands before it.
        """
        for at in range(min(line, len(self.lines)) - 1, -1, -1):
            segments = self.lines[at]
            last = column - 1 if at == line - 1 else 1 << 30
            index = bisect_right(segments, last, key=lambda segment: segment[0])
            if index:
                _, source_line, source_column = segments[index - 1]
                return source_line + 1, source_column + 1
        return line, column


def _numbers(segment: str) -> Iterator[int]:
    """The numbers of a segment in base-64 VLQ: the lowest bit is the sign, the sixth says more."""
    value = shift = 0
    for digit in segment:
        bits = _DIGITS[digit]
        value |= (bits & 31) << shift
        shift += 5
        if not bits & 32:
            yield -(value >> 1) if value & 1 else value >> 1
            value = shift = 0


def compile_typescript(source: str, path: Path) -> tuple[str, SourceMap]:
    """The JavaScript of a TypeScript file.

    Args:
        source: Its text.
        path: The file as the user named it.

    Raises:
        UsageError: There is no `esbuild`.
        ScenarioSyntaxError: It does not compile; with file, line and column.
    """
    command = [
        find_esbuild(path),
        "--loader=ts",
        "--sourcemap=inline",
        f"--target={TARGET}",
        "--charset=utf8",
        f"--sourcefile={path.name}",
        "--log-level=error",
        "--log-limit=1",
        "--color=false",
    ]
    done = subprocess.run(command, input=source.encode(), capture_output=True, check=False)
    if done.returncode:
        raise _explained(done.stderr.decode(errors="replace"), path)
    text = done.stdout.decode()
    match = _MAP.search(text)
    if match is None:
        raise UsageError(f"{command[0]} gave no source map.", hint="Is it esbuild?", file=str(path))
    mappings = json.loads(base64.b64decode(match[1]))["mappings"]
    return text[: match.start()] + "\n", SourceMap.read(mappings)


def find_esbuild(path: Path) -> str:
    """The `esbuild` of the nearest `node_modules` around a file, or the one on the PATH.

    Raises:
        UsageError: There is none.
    """
    for folder in path.resolve().parents:
        installed = folder / "node_modules" / ".bin" / "esbuild"
        if installed.is_file():
            return str(installed)
    found = shutil.which("esbuild")
    if found is None:
        raise UsageError(
            "a TypeScript scenario needs esbuild, and there is none.",
            hint="Install it beside the scenarios with `npm install esbuild`.",
            file=str(path),
        )
    return found


def _explained(told: str, path: Path) -> ScenarioSyntaxError:
    match = _ERROR.search(told)
    if match is None:
        text = told.strip().splitlines() or ["esbuild failed"]
        return ScenarioSyntaxError(f"{text[0]}.", file=str(path))
    # esbuild counts columns from 0.
    return ScenarioSyntaxError(
        f"{match['message'].rstrip('.')}.",
        file=str(path),
        line=int(match["line"]),
        column=int(match["column"]) + 1,
    )
