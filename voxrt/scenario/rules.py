"""Routing rules: which scenarios take a call to a number, and why.

The rules of an application are asked in order, and the first whose pattern matches the whole
destination takes the call. The destination is the dialled number without its `+`, a user name or
the id of a conference, never the caller's number (`voxengine-semantics.md`, 2.1).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from attrs import frozen

from voxrt.documents import Node
from voxrt.fields import as_list, is_a
from voxrt.scenario.fill_in import fill_placeholders
from voxrt.scenario.patterns import PatternError, compile_pattern, literal_of

#: What voxengine-ci uploads when the file gives no pattern.
ANYTHING = ".*"

#: The keys of a rule, as voxengine-ci and as the Management API spell them.
_NAME = ("ruleName", "rule_name")
_PATTERN = ("rulePattern", "rule_pattern")
_EXCLUDE = ("rulePatternExclude", "rule_pattern_exclude")
_SCENARIOS = ("scenarios",)
_VIDEO = ("videoConference", "video_conference")
_KNOWN = (*_NAME, *_PATTERN, *_EXCLUDE, *_SCENARIOS, *_VIDEO)


@frozen(kw_only=True)
class ScenarioRef:
    """The name of a scenario in a rule, and where it stands."""

    name: str
    node: Node


@frozen(kw_only=True)
class Rule:
    """One routing rule.

    Attributes:
        name: Unique within the application.
        pattern: As it stands in the file; `.*` when there is none.
        exclude: Destinations that match it are none of this rule's; None without one.
        scenarios: What is executed, in order.
        video_conference: Whether its sessions may use `Conference.add`.
        node: Where the rule stands.
    """

    name: str
    pattern: str
    exclude: str | None
    scenarios: tuple[ScenarioRef, ...]
    video_conference: bool = False
    node: Node
    _regex: re.Pattern[str]
    _exclude_regex: re.Pattern[str] | None

    @property
    def scenario_names(self) -> tuple[str, ...]:
        """The names of its scenarios, in order."""
        return tuple(scenario.name for scenario in self.scenarios)

    @property
    def only_destination(self) -> str:
        """The one destination of a pattern without variable parts; otherwise empty."""
        return literal_of(self.pattern)

    def takes(self, destination: str) -> bool:
        """Whether its pattern matches the whole destination, and nothing excludes it."""
        return self._matches(destination) and not self._excludes(destination)

    def why(self, destination: str) -> str:
        """Why it takes a destination or does not, in a few words."""
        if self._excludes(destination) and self._matches(destination):
            return f"excluded by {self.exclude}"
        if self._matches(destination):
            return "matches"
        if self._regex.fullmatch(f"+{destination}"):
            return "wants a `+`, but numbers come without it; write `\\+?`"
        part = self._regex.match(destination) or self._regex.search(destination)
        if part is None or not part.group():
            return "does not match"
        where = "the beginning" if part.start() == 0 else "a part"
        return f"matches only {where}, {part.group()}, and not the whole"

    def _matches(self, destination: str) -> bool:
        return self._regex.fullmatch(destination) is not None

    def _excludes(self, destination: str) -> bool:
        return self._exclude_regex is not None and bool(self._exclude_regex.fullmatch(destination))


@frozen(kw_only=True)
class Verdict:
    """What a rule does with a destination."""

    rule: Rule
    takes: bool
    why: str


def destination_of(number: str) -> str:
    """What rules are asked for when a number is dialled: a telephone number loses its `+`."""
    bare = re.sub(r"[\s()-]", "", number) if number.startswith("+") else number
    return bare[1:] if re.fullmatch(r"\+\d+", bare) else number


def judge(rules: Sequence[Rule], number: str) -> tuple[Verdict, ...]:
    """What each rule does with a number, in order; at most one of them takes it."""
    destination, taken_by, verdicts = destination_of(number), "", []
    for rule in rules:
        takes, why = rule.takes(destination), rule.why(destination)
        if takes and taken_by:
            takes, why = False, f"matches too, but {taken_by} comes first"
        elif takes:
            taken_by = rule.name
        verdicts.append(Verdict(rule=rule, takes=takes, why=why))
    return tuple(verdicts)


def first_match(rules: Sequence[Rule], number: str) -> Rule | None:
    """The rule that takes a number; None when none does."""
    return next((verdict.rule for verdict in judge(rules, number) if verdict.takes), None)


def read_rules(
    root: Node, defines: Mapping[str, Any], placed: set[str] | None = None
) -> tuple[Rule, ...]:
    """The rules of a `rules.config.json`.

    Args:
        root: The document: a list of rules.
        defines: Values for placeholders such as `{{NAME}}`.
        placed: Gets the defines that were used.

    Raises:
        DocumentError: With file, line and key: a key is missing or of the wrong kind, a pattern
            is no regular expression, a name is given twice.
    """
    reader = _Reader(defines, set() if placed is None else placed)
    rules: dict[str, Rule] = {}
    for node in as_list(root):
        rule = reader.rule(node)
        if rule.name in rules:
            line = rules[rule.name].node.line
            node.fail(f"the rule `{rule.name}` is there already, in line {line}.")
        rules[rule.name] = rule
    return tuple(rules.values())


@frozen
class _Reader:
    defines: Mapping[str, Any]
    placed: set[str]

    def rule(self, node: Node) -> Rule:
        if not isinstance(node.value, dict):
            node.fail(f"a rule must be an object, but is {is_a(node)}")
        for key, item in node.value.items():
            near = get_close_matches(key, _KNOWN, n=1, cutoff=0.8)
            if key not in _KNOWN and near:  # others belong to other tools
                item.fail(f"a rule has no key `{key}`.", f"Did you mean `{near[0]}`?")
        name = self.key(node, _NAME)
        if name is None:
            node.fail("a rule needs the key `ruleName`")
        pattern, exclude = self.key(node, _PATTERN), self.key(node, _EXCLUDE)
        text = self.text(pattern) if pattern and isinstance(pattern.value, str) else ANYTHING
        excluded = self.text(exclude) if exclude and exclude.value not in (None, "") else None
        return Rule(
            name=self.text(name),
            pattern=text,
            exclude=excluded,
            scenarios=self.scenarios(node),
            video_conference=self.flag(self.key(node, _VIDEO)),
            node=node,
            regex=self.regex(pattern or node, text),
            exclude_regex=self.regex(exclude, excluded) if exclude and excluded else None,
        )

    def key(self, node: Node, spellings: Sequence[str]) -> Node | None:
        given = [spelling for spelling in spellings if spelling in node.value]
        if len(given) > 1:
            node.value[given[1]].fail(f"`{given[0]}` is given already")
        found: Node | None = node.value[given[0]] if given else None
        return found

    def text(self, node: Node) -> str:
        if not isinstance(node.value, str) or not node.value:
            node.fail(f"must be text, but is {is_a(node) if node.value != '' else 'empty'}")
        filled = fill_placeholders(node.value, self.defines, self.placed, set())
        return node.value if filled is None else filled

    def flag(self, node: Node | None) -> bool:
        if node is None:
            return False
        if not isinstance(node.value, bool):
            node.fail(f"must be true or false, but is {is_a(node)}")
        return bool(node.value)

    def scenarios(self, node: Node) -> tuple[ScenarioRef, ...]:
        listed = self.key(node, _SCENARIOS)
        if listed is None:
            node.fail("a rule needs the key `scenarios`")
        found: dict[str, ScenarioRef] = {}
        for item in as_list(listed):
            name = self.text(item)
            if name in found:
                item.fail(f"the rule has the scenario `{name}` twice.")
            found[name] = ScenarioRef(name=name, node=item)
        return tuple(found.values())

    def regex(self, node: Node, pattern: str) -> re.Pattern[str]:
        try:
            return compile_pattern(pattern)
        except PatternError as error:
            node.fail(f"{pattern!r} is not a regular expression that can be matched: {error}.")
