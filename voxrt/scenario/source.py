"""Scenario files as text, in every language: found, read, decoded, with values filled in.

The compilers of the languages take a `Source`; what is wrong with the file itself (it is missing,
is a folder, is not UTF-8) has been said before they see it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from attrs import field, frozen

from voxrt.errors import UsageError
from voxrt.scenario.fill_in import Filled, check_used, fill_in, undeclared
from voxrt.vox import api

#: What the names of scenario files end in. The longer ones come first: they are whole endings.
ENDINGS = (".voxengine.js", ".voxengine.ts", ".voxengine.py", ".js", ".ts", ".py")


@frozen(kw_only=True)
class Source:
    """One scenario file.

    Attributes:
        name: What the log calls it: the file name without its ending.
        path: The file that was read; `str(path)` is its name in messages and tracebacks.
        text: What is to be compiled: with the values of `--define` in it, `\\n` between lines.
        original: What stands in the file; messages show its lines.
        sha256: Hexadecimal digest of the file's bytes, for the journal.
        filled: What became of the values.
    """

    name: str
    path: Path
    text: str = field(repr=False)
    original: str = field(repr=False)
    sha256: str
    filled: Filled = field(repr=False)


def scenario_name(path: str | Path) -> str:
    """The name of the scenario in a file: `agent` for `src/agent.voxengine.js`."""
    name = Path(path).name
    for ending in ENDINGS:
        if name.endswith(ending) and name != ending:
            return name.removesuffix(ending)
    return Path(path).stem


def language_of(path: str | Path) -> str:
    """`javascript`, `typescript` or `python`; Python for a name that says nothing."""
    return {".js": "javascript", ".mjs": "javascript", ".ts": "typescript"}.get(
        Path(path).suffix, "python"
    )


def read_source(
    path: str | Path,
    defines: Mapping[str, Any] | None = None,
    replacements: Mapping[str, Path] | None = None,
) -> Source:
    """Reads one scenario file.

    Args:
        path: The file.
        defines: Values to fill in, by name.
        replacements: Files that are read instead of others; the keys are scenario names, file
            names or paths. A file that is replaced need not exist.

    Raises:
        UsageError: The file is missing, is a folder, cannot be read or is not UTF-8.
    """
    path = Path(path)
    name = scenario_name(path)
    key = replaced_by(path, replacements or {})
    if key is not None:
        path = Path((replacements or {})[key])
    data = _read(path, f"--replace {key}: " if key is not None else "")
    original = _decode(path, data)
    language = "python" if language_of(path) == "python" else "javascript"
    filled = fill_in(original, defines or {}, language)
    return Source(
        name=name,
        path=path,
        text=filled.text,
        original=original,
        sha256=hashlib.sha256(data).hexdigest(),
        filled=filled,
    )


def read_sources(
    paths: Iterable[str | Path],
    defines: Mapping[str, Any] | None = None,
    replacements: Mapping[str, Path] | None = None,
) -> tuple[Source, ...]:
    """Reads the files of a run, in the order given; the arguments are those of `read_source`.

    Raises:
        UsageError: No file was given, or one cannot be read; a define or a replacement changes
            nothing, or a define would hide a name of the platform.
    """
    files = tuple(Path(path) for path in paths)
    if not files:
        raise UsageError("no scenario was given.", hint="Name at least one scenario file.")
    check_replacements(replacements or {}, files)
    sources = tuple(read_source(file, defines, replacements) for file in files)
    check_used(defines or {}, [(str(source.path), source.filled) for source in sources])
    for name in global_defines(defines or {}, sources):
        if name in api.global_names():
            raise UsageError(f"--define {name}: this name is the platform's own.")
    return sources


def too_long(sources: Iterable[Source], most: int) -> Iterator[UsageError]:
    """What is to be said of each scenario that the platform would not save.

    Args:
        sources: The files, with their values filled in.
        most: How many characters one may have.
    """
    for source in sources:
        if len(source.text) > most:
            yield UsageError(
                f"the scenario has {len(source.text)} characters, "
                f"and the platform saves at most {most}.",
                hint="Split it into several files, which share one global scope.",
                file=str(source.path),
            )


def global_defines(defines: Mapping[str, Any], sources: Iterable[Source]) -> dict[str, Any]:
    """The defines that no file declares: global variables, there before the first file runs."""
    return undeclared(defines, (source.filled for source in sources))


def replaced_by(path: Path, replacements: Mapping[str, Path]) -> str | None:
    """The key of the replacement that is meant for a file; None when it is read itself."""
    for key in replacements:
        if key in (scenario_name(path), path.name) or Path(key) == path:
            return key
    return None


def check_replacements(replacements: Mapping[str, Path], paths: Iterable[Path]) -> None:
    """Refuses replacements of files that do not run.

    Raises:
        UsageError: A key names none of the files.
    """
    paths = tuple(paths)
    used = {replaced_by(path, replacements) for path in paths}
    for key in replacements:
        if key not in used:
            names = [scenario_name(path) for path in paths]
            near = get_close_matches(scenario_name(key), names, n=1)
            raise UsageError(
                f"--replace {key}: no scenario of this name is run.",
                hint=f"Did you mean `{near[0]}`?" if near else f"Run are: {', '.join(names)}.",
            )


def is_scenario(path: Path) -> bool:
    """Whether a file's name says that it is a scenario."""
    name = path.name
    return not name.startswith(".") and name.endswith(ENDINGS) and not name.endswith(".d.ts")


def _read(path: Path, why: str) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise UsageError(
            f"{why}there is no such scenario file.", hint=_near_file(path), file=str(path)
        ) from None
    except IsADirectoryError:
        raise UsageError(
            f"{why}this is a directory, not a scenario file.", hint=_files_in(path), file=str(path)
        ) from None
    except OSError as error:
        raise UsageError(
            f"{why}the scenario file cannot be read: {error.strerror or error}.", file=str(path)
        ) from None


def _decode(path: Path, data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UsageError(
            f"the scenario file is not UTF-8: byte 0x{data[error.start]:02x} is out of place.",
            hint="Save it as UTF-8.",
            file=str(path),
            line=line,
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _scenarios_in(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir() if is_scenario(entry))


def _near_file(path: Path) -> str:
    folder = path.parent
    names = _scenarios_in(folder) if folder.is_dir() else []
    same = [name for name in names if scenario_name(name) == scenario_name(path)]
    near = same or get_close_matches(path.name, names, n=1)
    return f"Did you mean {folder / near[0]}?" if near else ""


def _files_in(path: Path) -> str:
    if any(path.glob("rules.config.*")) or (path / "applications").is_dir():
        return f"Run it with `--project {path}`."
    names = _scenarios_in(path)
    if not names:
        return "It has no scenario files."
    shown = ", ".join(str(path / name) for name in names[:5])
    return f"Name the files to run, in order: {shown}{', ...' if len(names) > 5 else ''}."
