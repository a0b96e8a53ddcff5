"""What a session of a run executes: the files of a rule, compiled for it alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from attrs import frozen

from voxrt.errors import UsageError
from voxrt.run.config import RunConfig
from voxrt.scenario.choice import Choice, choose
from voxrt.scenario.loading import load_script
from voxrt.scenario.rules import destination_of, first_match
from voxrt.scenario.source import Source, global_defines, read_sources
from voxrt.session.session import Script


@frozen(kw_only=True)
class Work:
    """What one session runs.

    Attributes:
        script: The scenario, which no other session runs.
        sources: Its files.
        defines: Values that are in its global scope.
        rule: The name of its rule.
        application: The name of its application.
        video_conference: Whether the rule has the flag that `Conference.add` needs.
    """

    script: Script
    sources: Sequence[Source]
    defines: dict[str, Any]
    rule: str
    application: str
    video_conference: bool

    def mentions(self, name: str) -> bool:
        """Whether a name stands anywhere in its files."""
        return any(name in source.text for source in self.sources)


def first_work(config: RunConfig, look: Callable[[], object]) -> Work:
    """What the first session of a run executes.

    Raises:
        InputError: A file cannot be read, or does not compile.
    """
    return _work(
        config,
        Choice(
            application=config.application,
            rule=config.rule,
            to=config.to,
            scenarios=config.scenarios,
            defines=config.defines,
            replacements=config.replacements,
            video_conference=config.video_conference,
        ),
        look,
    )


def work_for(config: RunConfig, destination: str, look: Callable[[], object]) -> Work:
    """What a session executes that begins with a call to a destination.

    In a project it is the first rule that takes the destination; without one, the files of the
    run, whatever the destination is.

    Raises:
        InputError: No rule takes it, a file cannot be read, or does not compile.
    """
    if config.project is None:
        return first_work(config, look)
    application, number = config.project.application, destination_of(destination)
    rule = first_match(application.rules, number)
    if rule is None:
        raise UsageError(f"no rule takes {destination}")
    choice = choose(
        application,
        default_to=number,
        rule=rule.name,
        defines=config.project.defines,
        replacements=config.project.replacements,
    )
    return _work(config, choice, look)


def _work(config: RunConfig, choice: Choice, look: Callable[[], object]) -> Work:
    sources = read_sources(choice.scenarios, choice.defines, choice.replacements)
    return Work(
        sources=sources,
        script=load_script(sources, seed=config.seed, look=look),
        defines=global_defines(choice.defines, sources),
        rule=choice.rule,
        application=choice.application,
        video_conference=choice.video_conference,
    )
