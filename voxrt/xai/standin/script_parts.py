"""The parts of an agent script, read from YAML: conditions, actions, rules and faults.

Every mistake is a `DocumentError` at its line, with a near name where a name is wrong. Templates
are checked as they are read: a place that no group or output can fill is a mistake too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from voxrt.fields import Fields, as_integer, as_list, as_text, is_a, near
from voxrt.xai.messages import SERVER_MESSAGES
from voxrt.xai.standin.faults import FAULT_KINDS, Fault
from voxrt.xai.standin.matching import Condition, places_of
from voxrt.xai.standin.replying import Failure
from voxrt.xai.standin.script import Action, CallAction, Rule, ToolRule

if TYPE_CHECKING:
    from collections.abc import Collection, Set

    from voxrt.documents import Node

ACTION_KEYS: Final = ("say", "call", "then", "silent", "fail", "delay_ms")
WHEN_KEYS: Final = ("contains", "all", "regex", "prompt", "unheard", "any", "not")
_COUNT_KEYS: Final = ("times", "once", "priority")
RULE_KEYS: Final = ("name", "when", *_COUNT_KEYS, *ACTION_KEYS)
TOOL_RULE_KEYS: Final = ("name", "tool", "output", "contains", *_COUNT_KEYS, *ACTION_KEYS)
_DOINGS: Final = ("say", "call", "silent", "fail")

_MOST: Final = 1_000_000
_DAY_MS: Final = 86_400_000

#: What templates may name beside the groups of a rule's expressions.
TEXT: Final = frozenset({"text"})
OUTPUT: Final = frozenset({"output", "arguments"})


# Rules -----------------------------------------------------------------------------------------


def read_rule(node: Node) -> Rule:
    """One of `rules`."""
    keys = Fields(node, "a rule", RULE_KEYS)
    when = read_condition(keys.need("when"))
    return Rule(
        name=keys.text("name", node.path),
        when=when,
        action=_action_of(keys, TEXT | when.groups()),
        times=_times(keys),
        priority=keys.integer("priority", 0, -_MOST, _MOST),
        place=_place(node),
    )


def read_tool_rule(node: Node) -> ToolRule:
    """One of `after_tool`."""
    keys = Fields(node, "a rule for outputs", TOOL_RULE_KEYS)
    output: dict[str, Any] = {}
    if "output" in keys:
        wanted = keys["output"]
        if not isinstance(wanted.value, dict):
            wanted.fail(f"must map fields of the output to values, but is {is_a(wanted)}")
        output = wanted.plain()
    return ToolRule(
        name=keys.text("name", node.path),
        tools=texts(keys["tool"]) if "tool" in keys else (),
        action=_action_of(keys, TEXT | OUTPUT),
        output=output,
        contains=_phrases(keys["contains"]) if "contains" in keys else (),
        times=_times(keys),
        priority=keys.integer("priority", 0, -_MOST, _MOST),
        place=_place(node),
    )


def _place(node: Node) -> str:
    return f"{node.file}:{node.line}"


def _times(keys: Fields) -> int | None:
    keys.one_of(("times", "once"))
    if "times" in keys:
        return as_integer(keys["times"], 1, _MOST)
    return 1 if keys.boolean("once", False) else None


def read_condition(node: Node) -> Condition:
    """`when`: a text, a list of texts, or a mapping."""
    if not isinstance(node.value, dict):
        return Condition(contains=_phrases(node))
    keys = Fields(node, "a condition", WHEN_KEYS)
    if not node.value:
        node.fail("the condition is empty", f"Give one of {', '.join(WHEN_KEYS)}.")
    return Condition(
        contains=_phrases(keys["contains"]) if "contains" in keys else (),
        all=_phrases(keys["all"]) if "all" in keys else (),
        regex=tuple(map(_regex, _one_or_more(keys["regex"]))) if "regex" in keys else (),
        prompt=_phrases(keys["prompt"]) if "prompt" in keys else (),
        unheard=keys.boolean("unheard", False) if "unheard" in keys else None,
        any=tuple(map(read_condition, as_list(keys["any"]))) if "any" in keys else (),
        but_not=read_condition(keys["not"]) if "not" in keys else None,
    )


def _regex(node: Node) -> re.Pattern[str]:
    try:
        return re.compile(as_text(node), re.IGNORECASE)
    except re.error as error:
        node.fail(f"this is no regular expression: {error}")


# Actions ---------------------------------------------------------------------------------------


def read_action(node: Node, places: Set[str]) -> Action:
    """An action by itself: a text, a list of texts said in turn, or a mapping."""
    if isinstance(node.value, dict):
        return _action_of(Fields(node, "an action", ACTION_KEYS), places)
    return Action(say=_templates(node, places))


def _action_of(keys: Fields, places: Set[str]) -> Action:
    if not any(key in keys for key in _DOINGS):
        keys.fail(f"{keys.what} does nothing", f"Give one of {', '.join(_DOINGS)}.")
    calls = tuple(_call(n, places) for n in _one_or_more(keys["call"])) if "call" in keys else ()
    silent = keys.boolean("silent", False)
    if "then" in keys and not calls:
        keys["then"].fail("there is no `call` whose output this could wait for")
    if "fail" in keys or silent:
        keys.one_of(_DOINGS if silent else tuple(k for k in _DOINGS if k != "silent"))
    return Action(
        say=_templates(keys["say"], places) if "say" in keys else (),
        calls=calls,
        then=read_action(keys["then"], places | OUTPUT) if "then" in keys else None,
        silent=silent,
        failure=_failure(keys["fail"]) if "fail" in keys else None,
        delay_ms=keys.integer("delay_ms", 0, 0, _DAY_MS),
    )


def _call(node: Node, places: Set[str]) -> CallAction:
    if not isinstance(node.value, dict):
        return CallAction(as_text(node))
    keys = Fields(node, "a call", ("name", "arguments"))
    name = as_text(keys.need("name"))
    if "arguments" not in keys:
        return CallAction(name)
    arguments = keys["arguments"]
    if not isinstance(arguments.value, dict):
        arguments.fail(f"must map parameters to values, but is {is_a(arguments)}")
    _check_places(arguments, places)
    return CallAction(name, arguments.plain())


def _failure(node: Node) -> Failure:
    kinds = ("error", "drop", "close")
    if not isinstance(node.value, dict):
        kind = _choice(node, kinds)
        return Failure(kind=cast('Literal["error", "drop", "close"]', kind))
    keys = Fields(node, "a failure", kinds)
    kind = keys.one_of(kinds)
    if kind == "error":
        error = Fields(keys["error"], "an error", ("type", "code", "message"))
        usual = Failure(kind="error")
        return Failure(
            kind="error",
            type=error.text("type", usual.type),
            code=error.text("code") or None,
            message=error.text("message", usual.message),
        )
    if kind == "close":
        close = Fields(keys["close"], "a close", ("code", "reason"))
        code = _close_code(close["code"]) if "code" in close else 1011
        return Failure(kind="close", close_code=code, reason=close.text("reason"))
    if kind == "drop":
        return Failure(kind="drop")
    node.fail("the failure is empty", "Give error, drop or close.")


# Faults ----------------------------------------------------------------------------------------


def read_fault(node: Node) -> Fault:
    """One of `faults`."""
    every_key = {"fault"}.union(
        *(required + optional for required, optional in FAULT_KINDS.values())
    )
    kind = _choice(Fields(node, "a fault", {"fault", *every_key}).need("fault"), FAULT_KINDS)
    required, optional = FAULT_KINDS[kind]
    keys = Fields(node, f"a `{kind}` fault", ("fault", *required, *optional))
    for key in required:
        keys.need(key)
    code: int | str | None = None
    if "code" in keys:
        code = _close_code(keys["code"]) if kind == "close" else as_text(keys["code"])
    usual_type = "max_duration" if kind == "end_session" else "internal_error"
    if kind == "end_session":
        kind_of_end = keys.choice("type", usual_type, ("max_duration", "timeout"))
    return Fault(
        kind=kind,
        at=_choice(keys["at"], SERVER_MESSAGES) if "at" in keys else "",
        occurrence=keys.integer("occurrence", 1, 1, _MOST),
        every=keys.boolean("every", False),
        connection=as_integer(keys["connection"], 1, _MOST) if "connection" in keys else None,
        ms=keys.integer("ms", 0, 0, _DAY_MS),
        status=keys.integer("status", 401, 400, 599),
        code=code,
        reason=keys.text("reason"),
        type=kind_of_end if kind == "end_session" else keys.text("type", usual_type),
        message=keys.text("message"),
        key=as_text(keys["key"]) if "key" in keys else None,
        place=_place(node),
    )


# Pieces ----------------------------------------------------------------------------------------


def texts(node: Node) -> tuple[str, ...]:
    """A text, or a list of texts."""
    return tuple(map(as_text, _one_or_more(node)))


def _one_or_more(node: Node) -> list[Node]:
    if isinstance(node.value, list):
        if not node.value:
            node.fail("the list is empty")
        return node.value
    return [node]


def _phrases(node: Node) -> tuple[str, ...]:
    found = texts(node)
    if not all(any(c.isalnum() for c in text) for text in found):
        node.fail("a phrase without a letter or digit is never said")
    return found


def _choice(node: Node, known: Collection[str]) -> str:
    text = as_text(node)
    if text not in known:
        node.fail(f"`{text}` is unknown.", near(text, known))
    return text


def _close_code(node: Node) -> int:
    code = as_integer(node, 1000, 4999)
    if code in (1004, 1005, 1006, 1015) or 1015 < code < 3000:
        node.fail(f"no WebSocket can be closed with {code}", "1011 is usual.")
    return code


def _templates(node: Node, places: Set[str]) -> tuple[str, ...]:
    _check_places(node, places)
    return texts(node)


def _check_places(node: Node, places: Set[str]) -> None:
    if isinstance(node.value, dict | list):
        for item in node.value.values() if isinstance(node.value, dict) else node.value:
            _check_places(item, places)
    elif isinstance(node.value, str):
        for place in places_of(node.value):
            if place.split(".")[0] not in places:
                node.fail(f"nothing here is called {{{place}}}.", near(place, sorted(places)))
