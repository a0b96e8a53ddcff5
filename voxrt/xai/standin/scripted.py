"""The agent that follows a script, and falls back on its manners."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from attrs import define, evolve, field, frozen

from voxrt.xai.standin import manners
from voxrt.xai.standin.matching import any_of, as_text, fill, fitted, look_up, places_of
from voxrt.xai.standin.replying import Agent, Call, Cause, Reply, ToolOutput, Turn

if TYPE_CHECKING:
    from collections.abc import Callable

    from voxrt.xai.standin.matching import Values
    from voxrt.xai.standin.script import Action, AgentScript, ToolRule


@frozen
class _Memory:
    """What a call's output will be answered with: the rule's `then`, and its groups."""

    then: Action
    values: dict[str, Any]
    key: str


@frozen
class _Token:
    """What to count when a reply began."""

    rules: tuple[str, ...] = ()
    sayings: tuple[str, ...] = ()


@define
class ScriptedAgent(Agent):
    """Tries the rules in order; the first that applies and has uses left decides."""

    _script: AgentScript
    _note: Callable[[str], object]
    _all_uses: Counter[str] = field(factory=Counter)
    """Counts the uses of rules in every conversation of the script, not in this one alone."""
    _uses: Counter[str] = field(factory=Counter, init=False)
    _guesses: int = 0

    def reply(self, turn: Turn) -> Reply:
        if turn.cause is Cause.TOOL:
            return self._after_tools(turn)
        if turn.cause is Cause.CHECK_IN:
            return self._default(self._script.check_in, "check_in", turn)
        for index, rule in enumerate(self._script.rules):
            key = f"rules[{index}]"
            if not self._left(key, rule.times):
                continue
            if rule.when.needs_text and not turn.text:
                continue
            values = rule.when.match(turn)
            if values is not None and (turn.text or rule.when.prompt):
                return self._act(rule.action, {"text": turn.text, **values}, turn, key)
        return self._without_rule(turn)

    def began(self, reply: Reply) -> None:
        if isinstance(reply.token, _Token):
            self._uses.update(reply.token.rules)
            self._all_uses.update(reply.token.rules)
            self._uses.update(reply.token.sayings)

    def guess(self) -> str | None:
        texts = self._script.transcripts
        if self._guesses >= len(texts):
            return None
        self._guesses += 1
        return texts[self._guesses - 1]

    def _without_rule(self, turn: Turn) -> Reply:
        script = self._script
        begins = turn.cause is Cause.GREETING or (turn.text and manners.is_hello(turn))
        if begins and script.greeting is not None:
            return self._default(script.greeting, "greeting", turn)
        if turn.text and not turn.unheard and manners.is_goodbye(turn.text):
            return self._farewell(turn)
        if turn.text and script.fallback and not manners.requested_sentence(turn.prompt):
            return self._default(script.fallback, "fallback", turn)
        return manners.well_mannered(turn)

    def _left(self, key: str, times: int | None) -> bool:
        return times is None or self._uses[key] < times

    def _default(self, action: Action | None, key: str, turn: Turn) -> Reply:
        if action is not None:
            return self._act(action, {"text": turn.text}, turn, key)
        return evolve(manners.well_mannered(turn), token=_Token((key,)))

    def _farewell(self, turn: Turn) -> Reply:
        action = self._script.farewell
        if action is None:
            return manners.farewell(turn, manners.FAREWELL)
        reply = self._act(action, {"text": turn.text}, turn, "farewell")
        if reply.calls or reply.silent or reply.failure:
            return reply
        return evolve(reply, calls=manners.farewell(turn, "").calls)

    def _after_tools(self, turn: Turn) -> Reply:
        """One reply to all outputs: what is said for each, one after the other."""
        replies = [self._after_tool(turn, output) for output in turn.outputs]
        failed = next((r for r in replies if r.failure), None)
        if failed is not None:
            return failed
        tokens = [r.token for r in replies if isinstance(r.token, _Token)]
        return Reply(
            say=" ".join(r.say for r in replies if r.say),
            calls=tuple(call for r in replies for call in r.calls),
            silent=all(r.silent for r in replies),
            delay_ms=max(r.delay_ms for r in replies),
            token=_Token(
                tuple(rule for t in tokens for rule in t.rules),
                tuple(saying for t in tokens for saying in t.sayings),
            ),
        )

    def _after_tool(self, turn: Turn, output: ToolOutput) -> Reply:
        values = {"output": output.value, "arguments": output.arguments, "text": turn.text}
        memory = output.tag
        if isinstance(memory, _Memory):
            return self._act(memory.then, {**memory.values, **values}, turn, f"{memory.key}.then")
        for index, rule in enumerate(self._script.after_tool):
            key = f"after_tool[{index}]"
            if self._left(key, rule.times) and _applies(rule, output):
                return self._act(rule.action, values, turn, key)
        return manners.well_mannered(evolve(turn, outputs=(output,)))

    def _act(self, action: Action, values: Values, turn: Turn, key: str) -> Reply:
        saying = f"{key}.say"
        missing: list[str] = []
        template = action.say[self._uses[saying] % len(action.say)] if action.say else ""
        say = fill(template, values, missing)
        calls = []
        for call in action.calls:
            arguments = _filled(call.arguments, values, missing)
            tag = None if action.then is None else _Memory(action.then, values, key)
            calls.append(Call(call.name, fitted(arguments, turn.function(call.name)), tag))
            if turn.function(call.name) is None:
                self._note(
                    f"{self._script.name}: {key} calls {call.name!r}, "
                    "which the session does not declare"
                )
        for place in missing:
            self._note(f"{self._script.name}: {key} has no value for {{{place}}}")
        return Reply(
            say=say,
            calls=tuple(calls),
            silent=action.silent,
            failure=action.failure,
            delay_ms=action.delay_ms,
            token=_Token((key,), (saying,)),
        )


def _applies(rule: ToolRule, output: ToolOutput) -> bool:
    if rule.tools and output.name not in rule.tools:
        return False
    value = output.value
    for path, wanted in rule.output.items():
        found = look_up(path, value) if isinstance(value, dict | list) else None
        if found != wanted and as_text(found).casefold() != as_text(wanted).casefold():
            return False
    return not rule.contains or any_of(output.output, rule.contains)


def _filled(value: Any, values: Values, missing: list[str]) -> Any:
    """Arguments with their texts filled in; a text that is one place keeps the value's type."""
    if isinstance(value, dict):
        return {name: _filled(item, values, missing) for name, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, values, missing) for item in value]
    if not isinstance(value, str):
        return value
    places = places_of(value)
    if len(places) == 1 and value == f"{{{places[0]}}}":
        found = look_up(places[0], values)
        if found is None:
            missing.append(places[0])
        return "" if found is None else found
    return fill(value, values, missing)
