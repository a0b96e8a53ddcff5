"""What a recording says was run, as the configuration of a run."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from attrs import define, evolve, field, frozen

from voxrt.errors import UsageError
from voxrt.outside.call_list import Row
from voxrt.replay.folder import RunFolder
from voxrt.run.config import Project, RunConfig
from voxrt.run.sessions import PROVIDER_KEY
from voxrt.scenario.project import open_project
from voxrt.scenario.source import scenario_name

#: Options that a replay takes over as they are.
_SAME = (
    "rule", "application", "video_conference", "to", "from_", "start", "conference", "custom_data",
    "limits", "longest_s", "speech", "asr", "asr_confidence", "grok_options",
)  # fmt: skip
#: Their kinds, and those of the other options that a replay reads.
_KINDS: dict[str, Any] = {
    "start": bool, "video_conference": bool, "longest_s": int, "asr_confidence": int,
    "grok_options": dict, "defines": list, "secrets": list, "queues": str, "call_list": dict,
    "project": dict, "replacements": dict, "time": str,
}  # fmt: skip
#: What a replay gives for a secret that it was not told.
UNKNOWN_SECRET = "not-in-the-recording-{name}"


@frozen(kw_only=True)
class Given:
    """What the user of a replay gives.

    Attributes:
        scenarios: Files to run instead; without any, those of the recording.
        defines: Values to fill in, which a recording does not have.
        secrets: Values of secrets; made up where they are missing.
        out: The folder for the replay's own journal and recordings.
    """

    scenarios: tuple[Path, ...] = ()
    defines: Mapping[str, Any] = field(factory=dict, repr=False)
    secrets: Mapping[str, str] = field(factory=dict, repr=False)
    out: Path


@define
class Restored:
    """A configuration, and what has changed since the recording.

    Attributes:
        config: Of the replay.
        changed: Files that are not as they were, in words.
        entries: What the storage had at the beginning: key, value, end of its life.
    """

    config: RunConfig
    changed: list[str] = field(factory=list)
    entries: Sequence[tuple[str, str, int]] = ()


def restore(folder: RunFolder, given: Given) -> Restored:
    """The configuration of a replay.

    Raises:
        InputError: The recording does not say what was run, a file of it is not to be found, or a
            value that it was made with is not given.
    """
    run = folder.run
    options = run.get("options")
    scenario = run.get("scenario")
    if not isinstance(options, dict) or not isinstance(scenario, dict):
        raise UsageError(
            "the recording does not say how it was run: its first record has no `options`.",
            hint=f"voxrt {run.get('voxrt')} wrote it; record the run again.",
            file=str(folder.path),
        )
    try:
        return _Restorer(folder, given, options, scenario.get("files", [])).restore()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        folder.refuse(run, f"the options of the run are not as a run writes them: {error!r}")


@define
class _Restorer:
    folder: RunFolder
    given: Given
    options: dict[str, Any]
    files: list[dict[str, Any]]
    changed: list[str] = field(factory=list)

    def restore(self) -> Restored:
        run, options = self.folder.run, self.options
        for name in (*_SAME, *_KINDS):
            if name in options and not isinstance(options[name], _KINDS.get(name, str)):
                raise TypeError(f"`{name}` is {options[name]!r}")
        if not isinstance(run["seed"], int):
            raise TypeError(f"`seed` is {run['seed']!r}")
        missing = [name for name in options.get("defines", []) if name not in self.given.defines]
        if missing:
            raise UsageError(
                f"the run was made with --define {missing[0]}, whose value is not recorded.",
                hint=f"Add --define {missing[0]}=VALUE.",
                file=str(self.folder.path),
            )
        made_up = {
            name: UNKNOWN_SECRET.format(name=name.lower())
            for name in options.get("secrets", [])
            if name != PROVIDER_KEY  # there is one for every provider
        }
        start = datetime.fromisoformat(run["date"])
        config = RunConfig(
            scenarios=(),
            **{name: options[name] for name in _SAME if name in options},
            defines=self.given.defines,
            secrets={**made_up, **self.given.secrets},
            seed=run["seed"],
            out=self.given.out,
            starts_at_ms=round(start.timestamp() * 1000),
            queues=self._file(options["queues"]) if "queues" in options else None,
            call_list=_row(options["call_list"]) if "call_list" in options else None,
        )
        if "speech" in run:
            config = evolve(config, speech=run["speech"])
        config = self._with_scenarios(config)
        entries = [(str(key), str(text), int(end)) for key, text, end in run.get("storage", [])]
        return Restored(config=config, changed=self.changed, entries=entries)

    def _with_scenarios(self, config: RunConfig) -> RunConfig:
        given = self.given.scenarios
        if "project" not in self.options:
            return evolve(config, scenarios=given or tuple(map(self._scenario, self.files)))
        project = self.options["project"]
        found = self._find(project["folder"], Path.is_dir, "the folder of the project")
        application = open_project(found, project["application"], self.given.defines)
        replacements = {
            name: self._file(path) for name, path in self.options.get("replacements", {}).items()
        }
        replacements |= {scenario_name(path): path for path in given}
        known = {scenario_name(path) for place in application.files for path in place}
        for path in given:
            if scenario_name(path) not in known | set(self.options.get("replacements", {})):
                raise UsageError(
                    f"no scenario of the project is called `{scenario_name(path)}`.",
                    hint="A file replaces the scenario of its name.",
                    file=str(path),
                )
        names = [file["name"] for file in self.files]
        scenarios = tuple(self._of_project(application.files, file) for file in self.files)
        return evolve(
            config,
            scenarios=scenarios,
            replacements={name: path for name, path in replacements.items() if name in names},
            project=Project(
                application=application,
                defines=self.given.defines,
                replacements=replacements,
                folder=found,
            ),
        )

    def _of_project(self, places: Sequence[Sequence[Path]], file: dict[str, Any]) -> Path:
        for place in places:
            for path in place:
                if scenario_name(path) == file["name"]:
                    return self._checked(path, file["sha256"])
        return Path(file["path"])  # it is replaced, and need not be there

    def _scenario(self, file: dict[str, Any]) -> Path:
        path = self._find(file["path"], Path.is_file, "the scenario")
        return self._checked(path, file["sha256"])

    def _checked(self, path: Path, sha256: str) -> Path:
        replaced = {scenario_name(one) for one in self.given.scenarios}
        same = hashlib.sha256(path.read_bytes()).hexdigest() == sha256
        if not same and scenario_name(path) not in replaced:
            self.changed.append(f"{path} has been changed since the recording")
        return path

    def _file(self, name: str) -> Path:
        return self._find(name, Path.is_file, "a file")

    def _find(self, name: str, is_there: Any, what: str) -> Path:
        """A path of the recording: from here, or from a folder above the run's."""
        path = Path(name)
        for base in (Path(), *self.folder.path.resolve().parents):
            if is_there(base / path):
                return base / path
        raise UsageError(
            f"{what} of the recording is not to be found: {name}.",
            hint="Name the scenarios behind the folder, or go to where the run was started.",
            file=str(self.folder.path),
        )


def _row(fields: dict[str, Any]) -> Row:
    row = Row(**fields)
    whole = isinstance(row.number, int) and isinstance(row.attempts_left, int)
    if not whole or not all(isinstance(value, str) for value in dict(row.data).values()):
        raise TypeError(f"`call_list` is {fields!r}")
    return row
