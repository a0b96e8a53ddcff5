"""Agent scripts read from files: YAML, or Python."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from attrs import define

from voxrt.documents import Node, parse_document, read_document
from voxrt.errors import DocumentError
from voxrt.fields import Fields, as_list
from voxrt.python_file import raised_in, run_file
from voxrt.xai.standin.replying import Agent, Reply, Turn
from voxrt.xai.standin.script import Action, AgentScript
from voxrt.xai.standin.script_parts import (
    TEXT,
    read_action,
    read_fault,
    read_rule,
    read_tool_rule,
    texts,
)

if TYPE_CHECKING:
    from collections.abc import Callable

KEYS: Final = (
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


def read_agent_script(path: str | Path) -> AgentScript:
    """Reads an agent script, `.yaml`, `.yml` or `.py`.

    Raises:
        DocumentError: The file is missing or wrong; names the line and the key.
    """
    if Path(path).suffix == ".py":
        return _python(Path(path))
    return script_of(read_document(path))


def parse_agent_script(text: str, *, file: str = "<agent script>") -> AgentScript:
    """Reads an agent script from YAML text; `file` is what messages call it."""
    return script_of(parse_document(text, file=file))


def script_of(root: Node) -> AgentScript:
    """Makes an agent script of a document."""
    if root.value is None:
        return AgentScript(name=root.file)
    keys = Fields(root, "an agent script", KEYS)

    def action(key: str) -> Action | None:
        return read_action(keys[key], TEXT) if key in keys else None

    def items(key: str) -> list[Node]:
        return as_list(keys[key]) if key in keys else []

    return AgentScript(
        name=keys.text("name", root.file),
        greeting=action("greeting"),
        fallback=action("fallback"),
        farewell=action("farewell"),
        check_in=action("check_in"),
        rules=tuple(map(read_rule, items("rules"))),
        after_tool=tuple(map(read_tool_rule, items("after_tool"))),
        transcripts=texts(keys["transcripts"]) if "transcripts" in keys else (),
        faults=tuple(map(read_fault, items("faults"))),
    )


@define
class _FunctionAgent(Agent):
    """An agent that is one function, `reply(turn)`."""

    _function: Callable[[Turn], Reply | str | None]

    def reply(self, turn: Turn) -> Reply:
        answer = self._function(turn)
        if answer is None:
            return Reply(silent=True)
        return Reply(say=answer) if isinstance(answer, str) else answer


@define
class _FileAgent(Agent):
    """An agent from a Python file, whose mistakes are told at the file's line."""

    _path: Path
    _agent: Agent

    def reply(self, turn: Turn) -> Reply:
        try:
            reply: object = self._agent.reply(turn)
        except Exception as error:
            raise raised_in(self._path, error) from None
        if not isinstance(reply, Reply):
            raise DocumentError(
                f"the agent answered {reply!r}", hint="Return a Reply.", file=str(self._path)
            )
        return reply

    def began(self, reply: Reply) -> None:
        self._agent.began(reply)

    def guess(self) -> str | None:
        return self._agent.guess()


def _python(path: Path) -> AgentScript:
    """A Python file with `script = AgentScript(…)`, a class `MyAgent(Agent)`, or `reply(turn)`."""
    names = run_file(path)
    script = names.get("script")
    if isinstance(script, AgentScript):
        return script
    make = _maker(names)
    if make is not None:
        return AgentScript(
            name=str(path),
            faults=tuple(names.get("faults", ())),
            make_agent=lambda: _FileAgent(path, make()),
        )
    raise DocumentError(
        "there is no agent in this file",
        hint="Define `script`, a subclass of `Agent`, or a function `reply(turn)`.",
        file=str(path),
    )


def _maker(names: dict[str, Any]) -> Callable[[], Agent] | None:
    for value in names.values():
        if isinstance(value, type) and issubclass(value, Agent) and value is not Agent:
            return value
    function = names.get("reply")
    return (lambda: _FunctionAgent(function)) if callable(function) else None
