"""Options of `voxrt run` that need work: secrets, defines, the folder, the speed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voxrt.errors import UsageError
from voxrt.scenario.fill_in import parse_define

if TYPE_CHECKING:
    from voxrt.outside.call_list import Row

#: Where runs go when `--out` is not given.
RUNS = Path("runs")

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


def speed_of(time: str) -> float | None:
    """How many times as fast as real time a run shows itself; None in virtual time.

    A time that is none is left to the run, which says what is wrong with it.
    """
    if time == "real":
        return 1.0
    try:
        return float(time)
    except ValueError:
        return None


def checked_grok(text: str) -> str:
    """`stand-in`, `live`, or the URL of a server that speaks the same protocol.

    Raises:
        UsageError: It is none of these.
    """
    if text in ("stand-in", "live") or re.match(r"wss?://[^\s/]+", text):
        return text
    raise UsageError(f"--grok must be `stand-in`, `live` or a ws:// URL, not {text!r}.")


def read_secrets(
    given: Iterable[str],
    file: Path | None,
    environment: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The secrets of a run; those on the command line win over those of the file.

    Args:
        given: `NAME=VALUE`, or `NAME` alone for the value of the environment variable `NAME`.
        file: A file of `NAME=VALUE` lines; blank lines and lines that begin with `#` are skipped.
        environment: Instead of the process's own.

    Raises:
        UsageError: Something is not of this form; the message never shows a value.
    """
    environment = os.environ if environment is None else environment
    secrets = _read_secrets_file(file) if file is not None else {}
    for entry in given:
        name, equals, value = entry.partition("=")
        if not _NAME.fullmatch(name):
            raise UsageError("--secret takes NAME=VALUE, or NAME of an environment variable.")
        if not equals:
            if name not in environment:
                raise UsageError(
                    f"--secret {name}: there is no environment variable of this name.",
                    hint=f"Set it, or write --secret {name}=VALUE.",
                )
            value = environment[name]
        secrets[name] = value
    return secrets


def read_switches(given: Iterable[str]) -> dict[str, str | bool]:
    """The values of `--grok-option NAME=VALUE`, by name; what they may be is the module's matter.

    Raises:
        UsageError: One is not of this form.
    """
    switches: dict[str, str | bool] = {}
    for entry in given:
        name, equals, value = entry.partition("=")
        if not name or not equals:
            raise UsageError(f"--grok-option takes NAME=VALUE, not {entry!r}.")
        switches[name] = value
    return switches


def read_defines(given: Iterable[str]) -> dict[str, Any]:
    """The values of `--define NAME=VALUE`, by name.

    Raises:
        UsageError: One is not of this form, or a name is given twice.
    """
    defines: dict[str, Any] = {}
    for entry in given:
        name, value = parse_define(entry)
        if name in defines:
            raise UsageError(f"--define {name} is given twice.")
        defines[name] = value
    return defines


def read_replacements(given: Iterable[str]) -> dict[str, Path]:
    """The files of `--replace FILE=OTHER`: what is read instead, by what it replaces.

    Raises:
        UsageError: One is not of this form, or a file is replaced twice.
    """
    replacements: dict[str, Path] = {}
    for entry in given:
        name, equals, other = entry.partition("=")
        if not name or not equals or not other:
            raise UsageError(f"--replace takes FILE=OTHER, not {entry!r}.")
        if name in replacements:
            raise UsageError(f"--replace {name} is given twice.")
        replacements[name] = Path(other)
    return replacements


def read_hosts(given: Iterable[str]) -> tuple[str, ...]:
    """The hosts of `--allow-net`, which may also stand in one word with commas between.

    Raises:
        UsageError: One is a URL or no name at all.
    """
    hosts = [host.strip() for entry in given for host in entry.split(",")]
    for host in hosts:
        if not re.fullmatch(r"[A-Za-z0-9.*?_-]+(:\d+)?", host):
            raise UsageError(
                f"--allow-net takes the name of a host, not {host!r}.",
                hint="Such as api.example.com, *.example.com or localhost:8080.",
            )
    return tuple(hosts)


def read_row(path: Path, number: int) -> Row:
    """A row of a call list.

    Raises:
        InputError: The list is wrong, or has no such row.
    """
    from voxrt.outside.call_list import read_call_list

    rows = read_call_list(path)
    if not 1 <= number <= len(rows):
        raise UsageError(f"--row must be from 1 to {len(rows)}, not {number}.", file=str(path))
    return rows[number - 1]


def read_date(date: str | None) -> int | None:
    """The beginning of a run in milliseconds since 1970; None for the usual one.

    Raises:
        UsageError: It is no date.
    """
    from voxrt.run.dates import unix_ms_of

    return None if date is None else unix_ms_of(date)


def _read_secrets_file(path: Path) -> dict[str, str]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UsageError("there is no such secrets file.", file=str(path)) from None
    except (OSError, UnicodeDecodeError):
        raise UsageError("the secrets file cannot be read as UTF-8 text.", file=str(path)) from None
    secrets = {}
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip().removeprefix("export ").lstrip()
        if not line or line.startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals or not _NAME.fullmatch(name.strip()):
            # The number as part of the name: a line that is given is shown, and may be a secret.
            raise UsageError("this line is not NAME=VALUE.", file=f"{path}:{number}")
        secrets[name.strip()] = _unquoted(value.strip())
    return secrets


def _unquoted(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"":
        return value[1:-1]
    return value


def out_folder(given: Path | None, name: str) -> Path:
    """Where the files of a run go: `--out`, or `runs/NAME`, `runs/NAME-2` and so on."""
    if given is not None:
        return given
    name = re.sub(r"[^\w.-]+", "-", name).strip(".-") or "run"
    folder, number = RUNS / name, 1
    while folder.exists():
        number += 1
        folder = RUNS / f"{name}-{number}"
    return folder
