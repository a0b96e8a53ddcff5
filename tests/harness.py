"""Plays a scenario that a test writes down as text, and shows what came of it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from textwrap import dedent

from attrs import field, frozen

from voxrt.run import RunConfig, RunResult, run
from voxrt.session.journal import Record, read_journal


@frozen
class Played:
    """A finished run: the records of its journal, and its result."""

    records: list[Record] = field(repr=False)
    result: RunResult

    def of(self, kind: str) -> list[Record]:
        """The records of one kind."""
        return [record for record in self.records if record["kind"] == kind]

    @property
    def logs(self) -> list[str]:
        """What the scenario wrote with `Logger.write`, in order."""
        return [record["text"] for record in self.of("log")]

    @property
    def events(self) -> list[str]:
        """The names of all events, in order, whether a handler got them or not."""
        return [record["name"] for record in self.of("event")]

    @property
    def errors(self) -> list[str]:
        """The texts of all errors."""
        return [record["text"] for record in self.of("error")]

    @property
    def warnings(self) -> list[str]:
        """The texts of all warnings."""
        return [record["text"] for record in self.of("warning")]

    @property
    def log_lines(self) -> list[str]:
        """The lines of the log in the platform's format."""
        return self.result.files["log"].read_text(encoding="utf-8").splitlines()


def play_in(folder: Path, *sources: str, ending: str = "py", **options: object) -> Played:
    """Runs scenario files, given as their text, in virtual time with the synthetic voice.

    Args:
        folder: Everything is written there.
        sources: The text of each file; indentation that all lines have is removed.
        ending: Of the files: `py` or `js`.
        options: Those of `RunConfig`; `caller`, `agent`, `http` and `queues` may be the text of a
            YAML file.
    """
    paths = []
    for number, source in enumerate(sources, 1):
        path = folder / f"scenario{'' if len(sources) == 1 else number}.{ending}"
        path.write_text(dedent(source), encoding="utf-8")
        paths.append(path)
    for name in ("caller", "agent", "http", "queues"):
        text = options.get(name)
        if isinstance(text, str):
            options[name] = folder / f"{name}.yaml"
            options[name].write_text(dedent(text), encoding="utf-8")
    settings = {"out": folder / "run", "speech": "synthetic", **options}
    result = run(RunConfig(scenarios=tuple(paths), **settings))
    return Played(read_journal(result.files["journal"]), result)


def files_of(folder: Path) -> dict[str, str]:
    """The digest of every file of a run, by its path.

    Without the one that is another each time: how long the machine took.
    """
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "timing.jsonl"
    }
