"""Which rule of an application runs, and with which files.

A call goes to the first rule that matches its number; `--rule` names one instead, as the
Management API's StartScenarios does.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from attrs import frozen

from voxrt.errors import UsageError
from voxrt.scenario.project import Application, fail_missing
from voxrt.scenario.rules import Rule, destination_of, first_match, judge
from voxrt.scenario.source import ENDINGS, read_source, scenario_name


@frozen(kw_only=True)
class Choice:
    """What is to be run.

    Attributes:
        application: The application's name.
        rule: The rule's name.
        to: The number that is called; None for a session without a call, or for the default.
        scenarios: The files, in order; one that is replaced need not exist.
        defines: Values for the files.
        replacements: Files that are read instead, by scenario name.
        video_conference: Whether the rule has the flag of video conferences.
    """

    application: str
    rule: str
    to: str | None
    scenarios: tuple[Path, ...]
    defines: Mapping[str, Any]
    replacements: Mapping[str, Path]
    video_conference: bool = False


def choose(
    application: Application,
    *,
    default_to: str,
    to: str | None = None,
    rule: str | None = None,
    start: bool = False,
    defines: Mapping[str, Any] | None = None,
    replacements: Mapping[str, Path] | None = None,
) -> Choice:
    """Decides what an application runs.

    Args:
        application: What `open_project` returned.
        default_to: The number that is called when none is given.
        to: The number that is called.
        rule: The name of a rule; it must take `to` when both are given.
        start: Whether the session begins without a call; patterns do not matter then.
        defines: Values to fill in, by name.
        replacements: Files to read instead, by scenario name, file name or path.

    Raises:
        UsageError: No rule, or none that fits; a replacement of what no rule names.
        DocumentError: A scenario of the rule has no file, or two.
    """
    if not application.rules:
        raise UsageError("the application has no rules.", file=str(application.rules_file))
    chosen = (
        _named(application, rule)
        if rule is not None
        else _by_number(application, to, default_to, start)
    )
    to = destination_of(to) if to is not None else None
    if rule is not None and to is not None:
        _check_number(application, chosen, to)
    if to is None and not start and not chosen.takes(default_to):
        to = chosen.only_destination or None
    scenarios, replaced = _files(application, chosen, replacements or {})
    return Choice(
        application=application.name,
        rule=chosen.name,
        to=to,
        scenarios=scenarios,
        defines=_for_files(application, scenarios, replaced, defines or {}),
        replacements=replaced,
        video_conference=chosen.video_conference,
    )


def _named(application: Application, name: str) -> Rule:
    for rule in application.rules:
        if rule.name == name:
            return rule
    names = [rule.name for rule in application.rules]
    near = get_close_matches(name, names, n=1)
    raise UsageError(
        f"--rule {name}: the application has no such rule.",
        hint=f"Did you mean `{near[0]}`?" if near else f"It has: {', '.join(names)}.",
        file=str(application.rules_file),
    )


def _by_number(application: Application, to: str | None, default_to: str, start: bool) -> Rule:
    rules = application.rules
    only = rules[0] if len(rules) == 1 else None
    found = None if start else first_match(rules, default_to if to is None else to)
    if found is None and to is None:
        found = only
    if found is not None:
        return found
    names = ", ".join(rule.name for rule in rules)
    if start:
        raise UsageError(
            "--start needs the name of a rule: nobody calls, so no number chooses one.",
            hint=f"Add --rule with one of: {names}.",
            file=str(application.rules_file),
        )
    if to is None:
        raise UsageError(
            f"no rule takes {default_to}, the number that is called without --to.",
            hint=f"Give a number with --to, or a rule with --rule: {names}.",
            file=str(application.rules_file),
        )
    raise UsageError(
        f"no rule takes {to}.",
        hint="; ".join(f"{verdict.rule.name}: {verdict.why}" for verdict in judge(rules, to)) + ".",
        file=str(application.rules_file),
    )


def _check_number(application: Application, rule: Rule, to: str) -> None:
    verdicts = judge(application.rules, to)
    if first_match(application.rules, to) is not rule:
        why = next(verdict.why for verdict in verdicts if verdict.rule is rule)
        raise UsageError(
            f"--rule {rule.name} does not take --to {to}: {why}.",
            hint="Leave out one of them.",
            file=str(application.rules_file),
            line=rule.node.line,
        )


def _files(
    application: Application, rule: Rule, replacements: Mapping[str, Path]
) -> tuple[tuple[Path, ...], dict[str, Path]]:
    """The files of a rule in order, and those of them that are replaced, by scenario name."""
    if not rule.scenarios:
        raise UsageError(
            f"the rule `{rule.name}` has no scenarios.",
            file=str(application.rules_file),
            line=rule.node.line,
        )
    _check_replacements(application, replacements)
    files, replaced = [], {}
    for scenario in rule.scenarios:
        key = next((key for key in replacements if scenario_name(key) == scenario.name), None)
        file = application.scenario_file(scenario)
        if file is None and key is None:
            fail_missing(application, scenario)
        if file is None:  # the place where it would be
            ending = next((e for e in ENDINGS if key and key.endswith(e)), ".voxengine.js")
            file = application.places[0] / f"{scenario.name}{ending}"
        if key is not None:
            replaced[scenario.name] = replacements[key]
        files.append(file)
    return tuple(files), replaced


def _check_replacements(application: Application, replacements: Mapping[str, Path]) -> None:
    names = [name for rule in application.rules for name in rule.scenario_names]
    for key in replacements:
        if scenario_name(key) not in names:
            near = get_close_matches(scenario_name(key), names, n=1)
            raise UsageError(
                f"--replace {key}: no rule of the application has this scenario.",
                hint=f"Did you mean `{near[0]}`?" if near else "",
                file=str(application.rules_file),
            )


def _for_files(
    application: Application,
    scenarios: tuple[Path, ...],
    replacements: Mapping[str, Path],
    defines: Mapping[str, Any],
) -> dict[str, Any]:
    """The defines without those that only the configuration has a use for."""
    only_there = {name: defines[name] for name in defines if name in application.placed}
    for path in scenarios if only_there else ():
        for name in read_source(path, only_there, replacements).filled.used:
            only_there.pop(name, None)
    return {name: value for name, value in defines.items() if name not in only_there}
