"""Agent scripts read from files: YAML against a schema, or Python."""

from __future__ import annotations

import difflib
import re
import runpy
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

from attrs import define

from voxrt.documents import Node, parse_document, read_document
from voxrt.errors import DocumentError
from voxrt.xai.messages import SERVER_MESSAGES
from voxrt.xai.standin.faults import FAULT_KINDS, Fault
from voxrt.xai.standin.matching import Condition, places_of
from voxrt.xai.standin.replying import Agent, Failure, Reply, Turn
from voxrt.xai.standin.script import Action, AgentScript, CallAction, Rule, ToolRule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Set

_ACTION: Final = ("say", "call", "then", "silent", "fail", "delay_ms")
_TOP: Final = (
    "name",
    "greeting",
    "fallback",
    "farewell",
    "check_in",
    "rules",
    "after_tool",
    "transcripts",
    "faults",
)
_WHEN: Final = ("contains", "all", "regex", "prompt", "unheard", "any", "not")
_RULE: Final = ("name", "when", "times", "once", "priority", *_ACTION)
_TOOL_RULE: Final = ("name", "tool", "output", "contains", "times", "once", "priority", *_ACTION)
_COUNT: Final = ("occurrence", "connection", "ms", "status")


def read_agent_script(path: str | Path) -> AgentScript:
    """Reads an agent script, `.yaml`, `.yml` or `.py`.

    Raises:
        DocumentError: The file is missing or wrong; names the line and the key.
    """
    if Path(path).suffix == ".py":
        return _python(Path(path))
    return _script(read_document(path))


def parse_agent_script(text: str, *, file: str = "<agent script>") -> AgentScript:
    """Reads an agent script from YAML text; `file` is what messages call it."""
    return _script(parse_document(text, file=file))


def _script(root: Node) -> AgentScript:
    if root.value is None:
        return AgentScript(name=root.file)
    keys = _mapping(root, _TOP, "an agent script")
    name = _text(keys["name"]) if "name" in keys else root.file

    def action(key: str) -> Action | None:
        return _action(keys[key], frozenset({"text"})) if key in keys else None

    return AgentScript(
        name=name,
        greeting=action("greeting"),
        fallback=action("fallback"),
        farewell=action("farewell"),
        check_in=action("check_in"),
        rules=tuple(map(_rule, _items(keys.get("rules")))),
        after_tool=tuple(map(_tool_rule, _items(keys.get("after_tool")))),
        transcripts=tuple(map(_text, _items(keys.get("transcripts")))),
        faults=tuple(map(_fault, _items(keys.get("faults")))),
    )


def _rule(node: Node) -> Rule:
    keys = _mapping(node, _RULE, "a rule")
    if "when" not in keys:
        node.fail("a rule needs `when`", "Say what the caller says, for example `when: table`.")
    when = _condition(keys["when"])
    return Rule(
        name=_text(keys["name"]) if "name" in keys else node.path,
        when=when,
        action=_action_of(node, keys, frozenset({"text"}) | when.groups()),
        times=_times(keys),
        priority=_integer(keys["priority"], least=None) if "priority" in keys else 0,
    )


def _tool_rule(node: Node) -> ToolRule:
    keys = _mapping(node, _TOOL_RULE, "a rule for outputs")
    output = keys.get("output")
    if output is not None and not isinstance(output.value, dict):
        output.fail("must be a mapping from a field of the output to its value")
    return ToolRule(
        name=_text(keys["name"]) if "name" in keys else node.path,
        tools=_texts(keys["tool"]) if "tool" in keys else (),
        action=_action_of(node, keys, frozenset({"text", "output", "arguments"})),
        output={} if output is None else output.plain(),
        contains=_texts(keys["contains"]) if "contains" in keys else (),
        times=_times(keys),
        priority=_integer(keys["priority"], least=None) if "priority" in keys else 0,
    )


def _times(keys: dict[str, Node]) -> int | None:
    if "times" in keys and "once" in keys:
        keys["once"].fail("`once` and `times` say the same thing; give one of them")
    if "once" in keys:
        return 1 if _boolean(keys["once"]) else None
    return _integer(keys["times"], least=1) if "times" in keys else None


def _condition(node: Node) -> Condition:
    """`when`: a text, a list of texts, or a mapping."""
    if not isinstance(node.value, dict):
        return Condition(contains=_phrases(node))
    keys = _mapping(node, _WHEN, "a condition")
    if not keys:
        node.fail("an empty condition", f"Give one of {_listed(_WHEN)}.")
    return Condition(
        contains=_phrases(keys["contains"]) if "contains" in keys else (),
        all=_phrases(keys["all"]) if "all" in keys else (),
        regex=tuple(map(_regex, _one_or_more(keys["regex"]))) if "regex" in keys else (),
        prompt=_phrases(keys["prompt"]) if "prompt" in keys else (),
        unheard=_boolean(keys["unheard"]) if "unheard" in keys else None,
        any=tuple(map(_condition, _items(keys["any"]))) if "any" in keys else (),
        but_not=_condition(keys["not"]) if "not" in keys else None,
    )


def _regex(node: Node) -> re.Pattern[str]:
    try:
        return re.compile(_text(node), re.IGNORECASE)
    except re.error as error:
        node.fail(f"not a regular expression: {error}")


def _action(node: Node, places: Set[str]) -> Action:
    """An action by itself: a text, a list of texts said in turn, or a mapping."""
    if isinstance(node.value, dict):
        return _action_of(node, _mapping(node, _ACTION, "an action"), places)
    return Action(say=_templates(node, places))


def _action_of(node: Node, keys: dict[str, Node], places: Set[str]) -> Action:
    if not any(key in keys for key in ("say", "call", "silent", "fail")):
        node.fail("nothing to do", "Give `say`, `call`, `silent` or `fail`.")
    calls = tuple(_call(n, places) for n in _one_or_more(keys["call"])) if "call" in keys else ()
    silent = "silent" in keys and _boolean(keys["silent"])
    if "then" in keys and not calls:
        keys["then"].fail("`then` is done when a call's output comes, and there is no `call`")
    for key in ("silent", "fail"):
        others = [k for k in ("say", "call", "silent", "fail") if k in keys and k != key]
        if key in keys and others and (key == "fail" or silent):
            keys[key].fail(f"`{key}` cannot stand beside `{others[0]}`")
    below = places | {"output", "arguments"}
    return Action(
        say=_templates(keys["say"], places) if "say" in keys else (),
        calls=calls,
        then=_action(keys["then"], below) if "then" in keys else None,
        silent=silent,
        failure=_failure(keys["fail"]) if "fail" in keys else None,
        delay_ms=_integer(keys["delay_ms"], least=0) if "delay_ms" in keys else 0,
    )


def _call(node: Node, places: Set[str]) -> CallAction:
    if not isinstance(node.value, dict):
        return CallAction(_text(node))
    keys = _mapping(node, ("name", "arguments"), "a call")
    if "name" not in keys:
        node.fail("a call needs `name`")
    arguments = keys.get("arguments")
    if arguments is None:
        return CallAction(_text(keys["name"]))
    if not isinstance(arguments.value, dict):
        arguments.fail("must be a mapping from parameters to values")
    _check_places(arguments, places)
    return CallAction(_text(keys["name"]), arguments.plain())


def _failure(node: Node) -> Failure:
    kinds = ("error", "drop", "close")
    if not isinstance(node.value, dict):
        return Failure(kind=_choice(node, kinds))  # type: ignore[arg-type]
    keys = _mapping(node, kinds, "a failure")
    if len(keys) != 1:
        node.fail("a failure is one of `error`, `drop` and `close`")
    kind, body = next(iter(keys.items()))
    if kind == "drop":
        return Failure(kind="drop")
    if kind == "error":
        fields = _mapping(body, ("type", "code", "message"), "an error")
        texts: dict[str, Any] = {key: _text(value) for key, value in fields.items()}
        return Failure(kind="error", **texts)
    fields = _mapping(body, ("code", "reason"), "a close")
    return Failure(
        kind="close",
        close_code=_close_code(fields["code"]) if "code" in fields else 1011,
        reason=_text(fields["reason"]) if "reason" in fields else "",
    )


def _fault(node: Node) -> Fault:
    if not isinstance(node.value, dict) or "fault" not in node.value:
        node.fail("a fault needs `fault`", f"It is one of {_listed(FAULT_KINDS)}.")
    kind = _choice(node.value["fault"], FAULT_KINDS)
    required, optional = FAULT_KINDS[kind]
    keys = _mapping(node, ("fault", *required, *optional), f"a `{kind}` fault")
    for key in required:
        if key not in keys:
            node.fail(f"a `{kind}` fault needs `{key}`")
    fields: dict[str, Any] = {}
    for key, value in keys.items():
        if key == "at":
            fields[key] = _choice(value, SERVER_MESSAGES)
        elif key in _COUNT:
            fields[key] = _integer(value, least=0 if key == "ms" else 1)
        elif key == "every":
            fields[key] = _boolean(value)
        elif key == "code" and kind == "close":
            fields[key] = _close_code(value)
        elif key != "fault":
            fields[key] = _text(value)
    if kind == "refuse" and not 400 <= fields.get("status", 401) <= 599:
        keys["status"].fail("a refusal has an HTTP status between 400 and 599")
    if kind == "end_session":
        fields["type"] = (
            _choice(keys["type"], ("max_duration", "timeout")) if "type" in keys else "max_duration"
        )
    return Fault(kind=kind, **fields)


# Pieces ----------------------------------------------------------------------------------------


def _mapping(node: Node, known: Iterable[str], what: str) -> dict[str, Node]:
    if not isinstance(node.value, dict):
        node.fail(f"{what} must be a mapping, not {_kind(node)}")
    keys: dict[str, Node] = node.value
    known = list(known)
    for key, value in keys.items():
        if key not in known:
            value.fail(f"{what} has no key `{key}`", _near(key, known))
    return keys


def _near(word: str, known: Iterable[str]) -> str:
    known = list(known)
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"Did you mean `{near[0]}`?" if near else f"There are {_listed(known)}."


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _kind(node: Node) -> str:
    kinds = {dict: "a mapping", list: "a list", str: "a text", type(None): "nothing"}
    return kinds.get(type(node.value), f"`{node.value}`")


def _text(node: Node) -> str:
    if isinstance(node.value, bool) or not isinstance(node.value, str | int | float):
        node.fail(f"must be a text, not {_kind(node)}", "Put it in quotation marks.")
    return str(node.value)


def _items(node: Node | None) -> list[Node]:
    if node is None or node.value is None:
        return []
    if not isinstance(node.value, list):
        node.fail(f"must be a list, not {_kind(node)}")
    items: list[Node] = node.value
    return items


def _one_or_more(node: Node) -> list[Node]:
    if isinstance(node.value, list):
        if not node.value:
            node.fail("an empty list")
        return node.value
    return [node]


def _texts(node: Node) -> tuple[str, ...]:
    return tuple(map(_text, _one_or_more(node)))


def _phrases(node: Node) -> tuple[str, ...]:
    texts = _texts(node)
    if not all(any(c.isalnum() for c in text) for text in texts):
        node.fail("a phrase without a letter or digit is never said")
    return texts


def _boolean(node: Node) -> bool:
    if not isinstance(node.value, bool):
        node.fail(f"must be true or false, not {_kind(node)}")
    return node.value


def _integer(node: Node, *, least: int | None) -> int:
    if isinstance(node.value, bool) or not isinstance(node.value, int):
        node.fail(f"must be a whole number, not {_kind(node)}")
    if least is not None and node.value < least:
        node.fail(f"must be {least} or more, not {node.value}")
    return node.value


def _close_code(node: Node) -> int:
    code = _integer(node, least=None)
    if code not in (1000, 1001, 1002, 1003, *range(1007, 1016), *range(3000, 5000)):
        node.fail(f"{code} is not a code that a WebSocket can be closed with", "1011 is usual.")
    return code


def _choice(node: Node, known: Iterable[str]) -> str:
    text, known = _text(node), list(known)
    if text not in known:
        node.fail(f"`{text}` is unknown", _near(text, known))
    return text


def _templates(node: Node, places: Set[str]) -> tuple[str, ...]:
    _check_places(node, places)
    return _texts(node)


def _check_places(node: Node, places: Set[str]) -> None:
    if isinstance(node.value, dict | list):
        below = node.value.values() if isinstance(node.value, dict) else node.value
        for item in below:
            _check_places(item, places)
    elif isinstance(node.value, str):
        for place in places_of(node.value):
            if place.split(".")[0] not in places:
                node.fail(f"nothing here is called {{{place}}}", _near(place, sorted(places)))


# Python ----------------------------------------------------------------------------------------


@define
class _FunctionAgent(Agent):
    """An agent that is one function, `reply(turn)`."""

    _function: Callable[[Turn], Reply | str | None]

    def reply(self, turn: Turn) -> Reply:
        answer = self._function(turn)
        if answer is None:
            return Reply(silent=True)
        return Reply(say=answer) if isinstance(answer, str) else answer


def _python(path: Path) -> AgentScript:
    """A Python file with `script = AgentScript(…)`, a class `MyAgent(Agent)`, or `reply(turn)`."""
    if not path.is_file():
        raise DocumentError("there is no such file", file=str(path))
    try:
        names = runpy.run_path(str(path))
    except SyntaxError as error:
        raise DocumentError(f"{error.msg}", file=str(path), line=error.lineno) from None
    except Exception as error:
        _fail_in(path, error)
    script = names.get("script")
    if isinstance(script, AgentScript):
        return script
    faults = tuple(names.get("faults", ()))
    for value in names.values():
        if isinstance(value, type) and issubclass(value, Agent) and value is not Agent:
            return AgentScript(name=str(path), faults=faults, make_agent=value)
    function = names.get("reply")
    if callable(function):
        return AgentScript(
            name=str(path), faults=faults, make_agent=lambda: _FunctionAgent(function)
        )
    raise DocumentError(
        "there is no agent in this file",
        hint="Define `script`, a subclass of `Agent`, or a function `reply(turn)`.",
        file=str(path),
    )


def _fail_in(path: Path, error: Exception) -> NoReturn:
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == str(path)
    ]
    raise DocumentError(
        f"{type(error).__name__}: {error}", file=str(path), line=lines[-1] if lines else None
    ) from None
