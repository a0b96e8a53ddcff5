"""Queues and their agents as a YAML file.

The format is described in docs/queues.md and in queues.schema.json, which a test holds against the
tables of keys below. Whatever does not fit is a `DocumentError` with its line. An agent is a party
as well: what their phone does when it is rung is written as in a caller's script.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

from attrs import frozen

from voxrt.documents import Node, parse_document, read_document
from voxrt.fields import Fields, as_integer, as_list, as_text, near
from voxrt.legs.script import Party
from voxrt.legs.script_file import ANSWER_KEYS, answering
from voxrt.legs.step_file import LONGEST_MS
from voxrt.vox.exchange import LEVELS
from voxrt.vox.queue_plan import (
    DEFAULT_HANDLING_MS,
    DEFAULT_PAUSE_MS,
    DEFAULT_PRIORITY,
    DEFAULT_RING_S,
    Agent,
    AgentSelection,
    OtherCaller,
    Queue,
    QueuePlan,
    TaskSelection,
)

FILE_KEYS = ("agents", "queues")
DESK_KEYS = (
    "user", "id", "skills", "offline", "ready_after_ms", "leaves_after_ms", "after_service_ms",
    "pause_ms",
)  # fmt: skip
AGENT_KEYS = (*DESK_KEYS, *ANSWER_KEYS)
QUEUE_KEYS = (
    "name", "id", "agents", "max_size", "max_waiting_ms", "task_selection", "agent_selection",
    "hold_when_offline", "handling_ms", "ring_s", "others",
)  # fmt: skip
OTHER_KEYS = ("at_ms", "priority", "skills", "talk_ms", "patience_ms")
TASK_SELECTIONS = get_args(TaskSelection)
AGENT_SELECTIONS = get_args(AgentSelection)
MOST_SKILLS = 5
HIGHEST_ID = 2**31 - 1
FIRST_AGENT_ID, FIRST_QUEUE_ID = 101, 1


@frozen(kw_only=True)
class QueueFile:
    """What the file says: the queues, and the agents' phones."""

    plan: QueuePlan
    phones: tuple[Party, ...]


def load_queues(path: str | Path) -> QueueFile:
    """Reads a file of queues.

    Raises:
        DocumentError: The file or a line of it is wrong.
        AudioFileError: A sound of an agent cannot be read.
    """
    return read_queues(read_document(path), Path(path).parent)


def parse_queues(text: str, *, file: str = "<queues>", folder: Path | None = None) -> QueueFile:
    """Reads it from a string; sounds are looked for in `folder`."""
    return read_queues(parse_document(text, file=file), folder or Path())


def read_queues(document: Node, folder: Path) -> QueueFile:
    """Makes the queues of a document."""
    if document.value is None:
        document.fail("the file is empty")
    read = Fields(document, "a file of queues", FILE_KEYS)
    nodes = as_list(read["agents"]) if "agents" in read else []
    people = [_agent(node, FIRST_AGENT_ID + i, folder) for i, node in enumerate(nodes)]
    agents = tuple(agent for agent, _ in people)
    _check_unique(nodes, [agent.name for agent in agents], "user")
    _check_unique(nodes, [agent.id for agent in agents], "id")
    nodes = as_list(read.need("queues"))
    known = [agent.name for agent in agents]
    queues = tuple(_queue(node, FIRST_QUEUE_ID + i, known) for i, node in enumerate(nodes))
    _check_unique(nodes, [queue.name for queue in queues], "name")
    _check_unique(nodes, [queue.id for queue in queues], "id")
    return QueueFile(
        plan=QueuePlan(agents=agents, queues=queues), phones=tuple(phone for _, phone in people)
    )


def _agent(node: Node, number: int, folder: Path) -> tuple[Agent, Party]:
    read = Fields(node, "an agent", AGENT_KEYS)
    user = as_text(read.need("user"))
    if not user.strip() or set(user) & set("*?["):
        read["user"].fail("must be a user's name, without wildcards")
    if "leaves_after_ms" in read and read.boolean("offline", False):
        read["leaves_after_ms"].fail("does not go with `offline`")
    phone = Party(match=user, kind="user", **answering(read, folder))
    agent = Agent(
        name=user,
        display_name=read.text("name"),
        id=read.integer("id", number, 1, HIGHEST_ID),
        skills=_skills(read),
        offline=read.boolean("offline", False),
        ready_after_ms=read.integer("ready_after_ms", 0, 0, LONGEST_MS),
        leaves_after_ms=_optional(read, "leaves_after_ms"),
        after_service_ms=read.integer("after_service_ms", 0, 0, LONGEST_MS),
        # Without a pause, an agent who never answers would be tried again at the same instant.
        pause_ms=read.integer("pause_ms", DEFAULT_PAUSE_MS, 1_000, LONGEST_MS),
    )
    return agent, phone


def _queue(node: Node, number: int, known: list[str]) -> Queue:
    read = Fields(node, "a queue", QUEUE_KEYS)
    names = [(item, as_text(item)) for item in as_list(read.need("agents"))]
    for item, name in names:
        if name not in known:
            help_ = near(name, known) if known else "The file declares no agents."
            item.fail(f"there is no agent `{name}`.", help_)
    _check_unique([item for item, _ in names], [name for _, name in names], "name")
    task_selection: Any = read.choice("task_selection", "max_priority", TASK_SELECTIONS)
    agent_selection: Any = read.choice("agent_selection", "max_waiting_time", AGENT_SELECTIONS)
    others = as_list(read["others"]) if "others" in read else []
    return Queue(
        name=as_text(read.need("name")),
        id=read.integer("id", number, 1, HIGHEST_ID),
        agents=tuple(name for _, name in names),
        max_size=read.integer("max_size", 0, 0, 1_000_000) if "max_size" in read else None,
        max_waiting_ms=_optional(read, "max_waiting_ms"),
        task_selection=task_selection,
        agent_selection=agent_selection,
        hold_when_offline=read.boolean("hold_when_offline", False),
        handling_ms=read.integer("handling_ms", DEFAULT_HANDLING_MS, 0, LONGEST_MS),
        ring_s=read.integer("ring_s", DEFAULT_RING_S, 1, 400),
        others=tuple(_other(item) for item in others),
    )


def _other(node: Node) -> OtherCaller:
    read = Fields(node, "another caller", OTHER_KEYS)
    return OtherCaller(
        at_ms=read.integer("at_ms", 0, 0, LONGEST_MS),
        priority=read.integer("priority", DEFAULT_PRIORITY, 1, 100),
        skills=_skills(read),
        talk_ms=read.integer("talk_ms", DEFAULT_HANDLING_MS, 0, LONGEST_MS),
        patience_ms=_optional(read, "patience_ms"),
    )


def _skills(read: Fields) -> dict[str, int]:
    """A mapping from skill to level."""
    if "skills" not in read:
        return {}
    node = read["skills"]
    Fields(node, "`skills`", node.value if isinstance(node.value, dict) else ())
    if len(node.value) > MOST_SKILLS:
        node.fail(f"the platform has at most {MOST_SKILLS} skills for one agent")
    return {
        name: as_integer(level, LEVELS.start, LEVELS.stop - 1) for name, level in node.value.items()
    }


def _optional(read: Fields, key: str) -> int | None:
    return read.integer(key, 0, 0, LONGEST_MS) if key in read else None


def _check_unique(nodes: list[Node], values: list[Any], key: str) -> None:
    seen: set[Any] = set()
    for node, value in zip(nodes, values, strict=True):
        if value in seen:
            place = node.value[key] if isinstance(node.value, dict) and key in node.value else node
            place.fail(f"the {key} {value} is given twice")
        seen.add(value)
