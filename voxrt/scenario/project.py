"""Projects: a folder with applications, their rules and their scenario files, read as it is.

The layouts, newest first (`voxengine-semantics.md`, 2.1):

    DIR/[voxfiles/]applications/APP/    rules.config.json, application.config.json
    DIR/[voxfiles/]applications/APP/scenarios/src/    scenarios, since voxengine-ci 1.36
    DIR/[voxfiles/]scenarios/src/                     scenarios, up to voxengine-ci 1.35

and the plain one of the public examples: `rules.config.json` in DIR or in a folder right below it
(`application/`), scenarios anywhere below DIR. DIR may also be the folder of one application.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn

from attrs import frozen

from voxrt.documents import Node, read_document, read_json
from voxrt.errors import DocumentError, UsageError
from voxrt.scenario.fill_in import fill_placeholders
from voxrt.scenario.rules import Rule, ScenarioRef, read_rules
from voxrt.scenario.source import is_scenario, scenario_name

#: voxengine-ci reads these kinds of both files; TOML has no lines to point at.
_FORMATS = (".json", ".yml", ".yaml", ".toml")
_RULES, _APPLICATION = "rules.config", "application.config"
#: Folders of a plain project that hold no scenarios.
_NOT_SCENARIOS = frozenset({"node_modules", "dist", "build", "typings", "runs", "__pycache__"})
_DEEPEST = 4


@frozen(kw_only=True)
class Application:
    """One application of a project.

    Attributes:
        name: As `application.config.json` has it; otherwise the name of the folder.
        rules_file: Where its rules stand.
        rules: In order.
        places: Folders with its scenario files; a file in an earlier one wins.
        files: The scenario files of each place, in the order of their names.
        placed: Defines that filled in a placeholder of its configuration.
    """

    name: str
    rules_file: Path
    rules: tuple[Rule, ...]
    places: tuple[Path, ...]
    files: tuple[tuple[Path, ...], ...]
    placed: frozenset[str]

    def scenario_file(self, scenario: ScenarioRef) -> Path | None:
        """The file of a scenario; None when there is none.

        Raises:
            DocumentError: Two files have its name.
        """
        for files in self.files:
            found = [path for path in files if scenario_name(path) == scenario.name]
            # `x.voxengine.js` is surely a scenario; a bare `x.js` may be anything of the project.
            sure = [path for path in found if ".voxengine." in path.name] or found
            if len(sure) > 1:
                both = " and ".join(str(path) for path in sure)
                scenario.node.fail(f"the scenario `{scenario.name}` is there twice: {both}.")
            if sure:
                return sure[0]
        return None

    def scenario_names(self) -> list[str]:
        """The names of all scenario files that could be meant."""
        return sorted({scenario_name(path) for files in self.files for path in files})


def open_project(
    folder: Path, app: str | None = None, defines: Mapping[str, Any] | None = None
) -> Application:
    """Finds and reads an application of a project.

    Args:
        folder: The project.
        app: The application's name, also without its account; may be None when there is one.
        defines: Values for placeholders such as `{{NAME}}` in the configuration.

    Raises:
        UsageError: There is no project, or not the application.
        DocumentError: A configuration is malformed.
    """
    if not folder.is_dir():
        what = "this is a file, not a project" if folder.exists() else "there is no such folder"
        raise UsageError(f"{what}.", hint="--project takes a folder.", file=str(folder))
    values = defines or {}
    layout = _find_layout(folder)
    if isinstance(layout, _Plain):
        found = [_read(layout.rules_file.parent, layout, values, folder.resolve().name)]
    else:
        found = [_read(place, layout, values, place.resolve().name) for place in layout.folders]
    return _pick(found, app, folder)


@frozen
class _Plain:
    """The layout of the public examples."""

    rules_file: Path
    root: Path

    def places(self, folder: Path) -> tuple[Path, ...]:
        return (self.root,)


@frozen
class _Voxfiles:
    """The layouts of voxengine-ci; `folders` are those of the applications."""

    root: Path
    folders: tuple[Path, ...]

    def places(self, folder: Path) -> tuple[Path, ...]:
        return (folder / "scenarios" / "src", self.root / "scenarios" / "src")


def _find_layout(folder: Path) -> _Plain | _Voxfiles:
    own = _config(folder, _RULES)
    absolute = folder.resolve()
    if own is not None and absolute.parent.name == "applications":
        plain = len(folder.parts) > 1 and ".." not in folder.parts
        return _Voxfiles(folder.parent.parent if plain else folder / ".." / "..", (folder,))
    if own is not None and absolute.name == "application":  # its scenarios stand beside it
        return _Plain(own, folder.parent if folder.parts else folder / "..")
    if own is not None:
        return _Plain(own, folder)
    for root in (folder, folder / "voxfiles"):
        if (root / "applications").is_dir():
            entries = _entries(root / "applications")
            folders = tuple(entry for entry in entries if entry.is_dir() and _is_application(entry))
            if folders:
                return _Voxfiles(root, folders)
    below = [entry for entry in _entries(folder) if _may_hold_scenarios(entry)]
    files = [file for entry in below if (file := _config(entry, _RULES)) is not None]
    if len(files) == 1:
        return _Plain(files[0], folder)
    if files:
        raise UsageError(
            f"there are several projects here: {', '.join(str(file.parent) for file in files)}.",
            hint=f"Name one, for example `--project {files[0].parent}`.",
            file=str(folder),
        )
    raise UsageError(
        "this is no project: there is no rules.config.json.",
        hint="It belongs into the folder, into application/ or into applications/APP/.",
        file=str(folder),
    )


def _read(
    folder: Path, layout: _Plain | _Voxfiles, defines: Mapping[str, Any], default: str
) -> Application:
    rules_file, placed = _config(folder, _RULES), set[str]()
    if rules_file is None:
        raise UsageError("the application has no rules.config.json.", file=str(folder))
    name = _application_name(folder, defines, placed) or default
    places = layout.places(folder)
    depth = _DEEPEST if isinstance(layout, _Plain) else 0
    return Application(
        name=name,
        rules_file=rules_file,
        rules=read_rules(_document(rules_file), defines, placed),
        places=places,
        files=tuple(tuple(_scenarios_below(place, depth)) for place in places),
        placed=frozenset(placed),
    )


def _pick(found: list[Application], app: str | None, folder: Path) -> Application:
    names: dict[str, Application] = {}
    for application in found:
        if application.name in names:
            raise DocumentError(
                f"two applications are called `{application.name}`: this one and that of "
                f"{names[application.name].rules_file.parent}",
                file=str(application.rules_file.parent),
            )
        names[application.name] = application
    if app is None:
        if len(found) == 1:
            return found[0]
        raise UsageError(
            f"the project has {len(found)} applications.",
            hint=f"Choose one with --app: {', '.join(names)}.",
            file=str(folder),
        )
    short = [
        application
        for application in found
        if app in (application.rules_file.parent.name, application.name.partition(".")[0])
    ]
    chosen = [names[app]] if app in names else short
    if len(chosen) > 1:
        both = ", ".join(application.name for application in chosen)
        raise UsageError(f"--app {app} may be any of {both}.", hint="Write the whole name.")
    if not chosen:
        near = get_close_matches(app, names, n=1, cutoff=0.4)
        raise UsageError(
            f"--app {app}: the project has no such application.",
            hint=f"Did you mean `{near[0]}`?" if near else f"It has: {', '.join(names)}.",
            file=str(folder),
        )
    return chosen[0]


def fail_missing(application: Application, scenario: ScenarioRef) -> NoReturn:
    """Raises the `DocumentError` of a scenario without a file; it points at the name."""
    near = get_close_matches(scenario.name, application.scenario_names(), n=1)
    places = " and ".join(str(place) for place in application.places if place.is_dir())
    hint = f"Did you mean `{near[0]}`? " if near else ""
    hint += f"A file that is not in the folder is given by --replace {scenario.name}=FILE."
    looked = f" in {places}" if places else f": there is no {application.places[0]}"
    scenario.node.fail(f"the scenario `{scenario.name}` has no file{looked}.", hint)


def _application_name(folder: Path, defines: Mapping[str, Any], placed: set[str]) -> str:
    file = _config(folder, _APPLICATION)
    if file is None:
        return ""
    root = _document(file)
    name = root.value.get("applicationName") if isinstance(root.value, dict) else None
    if name is None or not isinstance(name.value, str) or not name.value:
        root.fail("the key `applicationName` with a text is missing")
    filled = fill_placeholders(name.value, defines, placed, set())
    return str(name.value) if filled is None else filled


def _document(path: Path) -> Node:
    return read_json(path) if path.suffix == ".json" else read_document(path)


def _config(folder: Path, name: str) -> Path | None:
    """The configuration file of a folder, in the first of the formats; None without one."""
    for ending in _FORMATS:
        path = folder / f"{name}{ending}"
        if path.is_file():
            if ending == ".toml":
                raise DocumentError("voxrt reads JSON and YAML here, not TOML", file=str(path))
            return path
    return None


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise UsageError(
            f"the folder cannot be read: {error.strerror or error}.", file=str(folder)
        ) from None


def _is_application(folder: Path) -> bool:
    return any(
        (folder / f"{name}{e}").is_file() for name in (_RULES, _APPLICATION) for e in _FORMATS
    )


def _may_hold_scenarios(entry: Path) -> bool:
    return (
        entry.is_dir()
        and not entry.name.startswith(".")
        and entry.name not in _NOT_SCENARIOS
        and not (entry / "applications").is_dir()
    )


def _scenarios_below(folder: Path, depth: int) -> Iterator[Path]:
    """The scenario files in a folder, and in those below it that are no project of their own."""
    if not folder.is_dir():
        return
    for entry in _entries(folder):
        if entry.is_file() and is_scenario(entry):
            yield entry
        elif depth and _may_hold_scenarios(entry):
            yield from _scenarios_below(entry, depth - 1)
