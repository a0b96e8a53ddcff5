"""What a run knows of its queues: who serves them, by which rules, and who else is waiting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from attrs import field, frozen

TaskSelection = Literal["max_priority", "max_waiting_time"]
AgentSelection = Literal["max_waiting_time", "most_qualified", "least_qualified"]

DEFAULT_PRIORITY = 50
DEFAULT_HANDLING_MS = 120_000
DEFAULT_PAUSE_MS = 30_000
DEFAULT_RING_S = 60


@frozen(kw_only=True)
class Agent:
    """Somebody who serves queues; their phone is a party of the switchboard, by `name`.

    Attributes:
        name: The user name.
        display_name: What `TaskDistributed` calls them.
        id: The user's number.
        skills: Levels 1 to 5 by skill.
        offline: Whether they never log in.
        ready_after_ms: When they become ready; until then they are logged in, and away.
        leaves_after_ms: When they log out, after the call that they have then; `None` is never.
        after_service_ms: How long they write things up after a call.
        pause_ms: How long no call reaches them after one that they did not take.
    """

    name: str
    display_name: str = ""
    id: int
    skills: Mapping[str, int] = field(factory=dict)
    offline: bool = False
    ready_after_ms: int = 0
    leaves_after_ms: int | None = None
    after_service_ms: int = 0
    pause_ms: int = DEFAULT_PAUSE_MS


@frozen(kw_only=True)
class OtherCaller:
    """Somebody of another session who waits in the same queue; nothing of them is audible.

    Attributes:
        at_ms: When they enter the queue.
        priority: 1 to 100, 1 is the highest.
        skills: The least level of each skill that they need.
        talk_ms: How long they keep the agent.
        patience_ms: When they give up waiting; `None` is never.
    """

    at_ms: int = 0
    priority: int = DEFAULT_PRIORITY
    skills: Mapping[str, int] = field(factory=dict)
    talk_ms: int = DEFAULT_HANDLING_MS
    patience_ms: int | None = None


@frozen(kw_only=True)
class Queue:
    """One queue.

    Attributes:
        name: Its name, for both modules.
        id: Its number, for SmartQueue.
        agents: The names of the agents who serve it, in order.
        max_size: How many may wait; `None` is any number.
        max_waiting_ms: How long one may wait (SmartQueue), or may have to expect to (ACD).
        task_selection: Which request is the next: by priority and then age, or by age alone.
        agent_selection: Which agent gets it: who is idle for longest, or whose levels of the
            skills asked for are the highest or the lowest, and then who is idle for longest.
        hold_when_offline: Whether tasks wait although no agent is logged in.
        handling_ms: How long a request is expected to take while none has been handled yet.
        ring_s: How long an agent's phone may ring for a task.
        others: Who else waits in it.
    """

    name: str
    id: int
    agents: tuple[str, ...] = ()
    max_size: int | None = None
    max_waiting_ms: int | None = None
    task_selection: TaskSelection = "max_priority"
    agent_selection: AgentSelection = "max_waiting_time"
    hold_when_offline: bool = False
    handling_ms: int = DEFAULT_HANDLING_MS
    ring_s: int = DEFAULT_RING_S
    others: tuple[OtherCaller, ...] = ()


@frozen(kw_only=True)
class QueuePlan:
    """All queues and agents of a run."""

    agents: tuple[Agent, ...] = ()
    queues: tuple[Queue, ...] = ()
