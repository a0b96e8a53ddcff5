"""An agent script: the rules that an agent follows, as data. `docs/agent-script.md` explains it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from voxrt.xai.standin.matching import Condition
from voxrt.xai.standin.replying import Agent, Failure
from voxrt.xai.standin.scripted import ScriptedAgent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from voxrt.xai.standin.faults import Fault


@frozen
class CallAction:
    """Call this function; texts in the arguments are templates."""

    name: str
    arguments: dict[str, Any] = field(factory=dict)


@frozen(kw_only=True)
class Action:
    """What to do when a rule applies.

    Attributes:
        say: Templates; several are said in turn, one per use.
        calls: Functions to call after that.
        then: What to do when the outputs of those calls have come.
        silent: Do not answer.
        failure: Fail instead.
        delay_ms: Think this much longer.
    """

    say: tuple[str, ...] = ()
    calls: tuple[CallAction, ...] = ()
    then: Action | None = None
    silent: bool = False
    failure: Failure | None = None
    delay_ms: int = 0


@frozen(kw_only=True)
class Rule:
    """When the caller says something like this, do that; at most `times` times.

    `place` is `file:line`, for messages; empty for a rule that was made in Python.
    """

    name: str
    when: Condition
    action: Action
    times: int | None = None
    priority: int = 0
    place: str = ""

    @property
    def label(self) -> str:
        """What it is called where nothing else is known of it."""
        return f"the rule {self.name}"


@frozen(kw_only=True)
class ToolRule:
    """When an output of one of these functions has come and looks like this, do that.

    `output` maps a dotted path in the JSON output to the value that it must have; `contains` are
    phrases of which one must be in the output's text.
    """

    name: str
    tools: tuple[str, ...]
    action: Action
    output: dict[str, Any] = field(factory=dict)
    contains: tuple[str, ...] = ()
    times: int | None = None
    priority: int = 0
    place: str = ""

    @property
    def label(self) -> str:
        """What it is called where nothing else is known of it."""
        return f"the rule {self.name}"


def _rules_by_priority(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    return tuple(sorted(rules, key=lambda rule: -rule.priority))


def _tool_rules_by_priority(rules: Iterable[ToolRule]) -> tuple[ToolRule, ...]:
    return tuple(sorted(rules, key=lambda rule: -rule.priority))


@frozen(kw_only=True)
class AgentScript:
    """Everything that a script says. Empty, it is an agent with nothing but manners.

    Attributes:
        name: What messages call it.
        greeting: Said when the client asks for a reply and nothing was said yet.
        fallback: Done when no rule applies.
        farewell: Done when the caller says goodbye and no rule applies.
        check_in: Done when nobody has said anything for `idle_timeout_ms`.
        rules: In the order in which they are tried: by priority, then as written.
        after_tool: The same, for outputs of functions.
        transcripts: What utterances without word tags say, one after the other.
        faults: What goes wrong.
        make_agent: Makes the agent of a script that is written in Python.
    """

    name: str = "default agent"
    greeting: Action | None = None
    fallback: Action | None = None
    farewell: Action | None = None
    check_in: Action | None = None
    rules: tuple[Rule, ...] = field(default=(), converter=_rules_by_priority)
    after_tool: tuple[ToolRule, ...] = field(default=(), converter=_tool_rules_by_priority)
    transcripts: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    make_agent: Callable[[], Agent] | None = None

    def agent(self, note: Callable[[str], object], uses: Counter[str] | None = None) -> Agent:
        """A new mind for one conversation.

        Args:
            note: Takes what the script's author should know.
            uses: Counts which rules were used, over all conversations; see `unused`.
        """
        if self.make_agent is not None:
            return self.make_agent()
        return ScriptedAgent(self, note, Counter() if uses is None else uses)

    def unused(self, uses: Counter[str]) -> list[str]:
        """The rules and faults that were never used: what each is, and where it stands.

        Args:
            uses: What the agents counted.
        """
        kinds: dict[str, Sequence[Rule | ToolRule | Fault]]
        kinds = {"rules": self.rules, "after_tool": self.after_tool, "faults": self.faults}
        return [
            f"{rule.label} ({rule.place})" if rule.place else rule.label
            for kind, rules in kinds.items()
            for index, rule in enumerate(rules)
            if not uses[f"{kind}[{index}]"]
        ]
