"""Who and what is around the sessions of a run: callers, phones, the provider, the network.

What a configuration declares is one cast; a replay has another, which does again what a recording
says. A run is built with either.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from attrs import asdict, evolve, field, frozen

from voxrt.clock import Clock
from voxrt.connectors.link import Link
from voxrt.legs.script import Caller, CallerScript
from voxrt.legs.steps import Step
from voxrt.legs.switchboard import Switchboard
from voxrt.legs.verdict import Verdict, judge
from voxrt.media.speech import Speaker
from voxrt.media.utterances import Utterances
from voxrt.outside.rules import Rules
from voxrt.run.agents import make_link_factory, read_agent
from voxrt.run.callers import read_caller, read_queue_file
from voxrt.run.config import RunConfig
from voxrt.run.outside import read_outside
from voxrt.vox.context import Context
from voxrt.vox.leg import Leg
from voxrt.vox.queue_plan import QueuePlan

if TYPE_CHECKING:
    from voxrt.run.sessions import Sessions


class Phones(Protocol):
    """The far ends of all calls of a run; `voxrt.vox.context.Switchboard` is a part of it.

    Attributes:
        script: Who calls: the first caller begins the run.
        made_up: The destinations that nobody declared.
    """

    script: CallerScript
    made_up: list[str]

    @property
    def given_up(self) -> list[str]:
        """The waits of the far ends that timed out, in words."""

    def incoming(self, caller: Caller | None = None) -> Leg:
        """The leg of a caller."""

    def outgoing(
        self, kind: str, destination: str, details: Mapping[str, Any] | None = None
    ) -> Leg:
        """The leg for an outgoing call."""

    def conference(self, identifier: str) -> Leg | None:
        """The leg of somebody who stands for a conference; `None`: its session is called."""

    def reach(self, destination: str) -> tuple[int, int, str]:
        """What becomes of a call that is made outside of the session."""


@frozen(kw_only=True)
class Stage:
    """What a cast is made with.

    Attributes:
        config: The run's.
        spawn: Starts a trio task that lives as long as the run.
        approximated: Told what was not as on the platform.
        warn: Tells the user, by a code and a text.
    """

    config: RunConfig
    clock: Clock
    speaker: Speaker
    utterances: Utterances
    spawn: Callable[[Callable[[], Any]], None]
    approximated: Callable[[str], object]
    warn: Callable[[str, str], object]


def _nothing(sessions: Sessions) -> None:
    """What a cast begins with that only waits."""


@frozen(kw_only=True)
class Cast:
    """Everything around the sessions of one run.

    Attributes:
        phones: The far ends of its calls.
        queues: The declared queues and their agents.
        rules: The answers of the outside world.
        make_link: Makes a link to the provider, for a session.
        begin: Called when the first session has been started, before anybody calls.
        verdicts: What became of each person that was declared, once the run is over.
        unused: What was declared and never used, in words.
        undone: What people still had to say or do when their calls ended, in words.
    """

    phones: Phones
    queues: QueuePlan
    rules: Rules
    make_link: Callable[[Context], Link]
    begin: Callable[[Sessions], object] = field(default=_nothing)
    verdicts: Callable[[], list[Verdict]] = field(default=list)
    unused: Callable[[], Iterable[str]] = field(default=tuple)
    undone: Callable[[], Iterable[str]] = field(default=tuple)


def declared_cast(stage: Stage) -> Cast:
    """What a configuration declares.

    Raises:
        InputError: A file or an option is wrong.
    """
    config, uses = stage.config, Counter[str]()
    caller, queues = read_caller(config), read_queue_file(config)
    agent, rules = read_agent(config), read_outside(config, stage.clock)
    if config.caller is None and not config.start and config.call_list is None:
        stage.approximated("the caller: no --caller was given, so a short call was made up")
    phones = Switchboard(evolve(caller, parties=(*queues.phones, *caller.parties)))

    def unused() -> Iterator[str]:
        for answer in rules.unused():
            yield f"the answer {answer}"
        yield from agent.unused(uses)
        for party in phones.unused:
            if not party.expect.startswith("not_"):
                yield f"the party {party.match}"

    return Cast(
        phones=phones,
        queues=queues.plan,
        rules=rules,
        make_link=make_link_factory(
            config,
            agent,
            uses=uses,
            clock=stage.clock,
            speaker=stage.speaker,
            utterances=stage.utterances,
            spawn=stage.spawn,
            approximated=stage.approximated,
            warn=stage.warn,
        ),
        verdicts=lambda: [] if config.caller is None else judge(phones),
        unused=unused,
        undone=lambda: [f"{who}: {_told(step)}" for who, step in phones.undone],
    )


def _told(step: Step) -> str:
    """A step in a few words, such as `say 'Hello'`."""
    fields = [value for value in asdict(step, recurse=False).values() if isinstance(value, str)]
    return f"{type(step).__name__.lower()} {fields[0]!r}" if fields else type(step).__name__.lower()
