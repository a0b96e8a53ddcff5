"""`SmartQueueTask`: a request to SmartQueue, as a scenario sees it.

Source: https://voximplant.com/docs/references/voxengine/smartqueuetask and
https://voximplant.com/docs/references/voxengine/smartqueueevents
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from voxrt.clock import US_PER_MS, US_PER_S
from voxrt.errors import ScenarioTypeError
from voxrt.session.emitter import Emitter
from voxrt.session.values import Struct, kind_of
from voxrt.vox import api
from voxrt.vox.agent_search import AgentSearch
from voxrt.vox.arguments import demand_number, demand_text
from voxrt.vox.call import Call
from voxrt.vox.call_facts import LineState
from voxrt.vox.context import Context
from voxrt.vox.exchange import LEVELS, Desk, QueueLine, Skills, at_least
from voxrt.vox.names import Surface
from voxrt.vox.queue_plan import DEFAULT_PRIORITY, Agent

STATUS: Mapping[str, int] = api.enum_members("TerminationStatus")
WAITING: Mapping[str, int] = api.enum_members("TaskWaitingCode")
MODES = tuple(api.enum_members("SmartQueueOperatorSettingsMode"))

#: `Waiting` comes every 10 to 15 s.
WAITING_MS = (10_000, 15_001)
#: So long after `ClientDisconnected` a task that still waits is worth a warning.
CANCEL_WITHIN_US = US_PER_S


class SmartQueueTask(Surface):
    """A task for an agent.

    Events, in order: `EnqueueSuccess`, `Waiting` every 10 to 15 s, `TaskDistributed` for each
    agent who is rung, `OperatorReached`. What ends it before that gives `TaskCanceled` with its
    status, and a queue that does not exist `Error`. When the client hangs up before an agent is
    reached comes `ClientDisconnected`, whose `cancel` the handler has to call.
    """

    _platform_name = "SmartQueueTask"
    _nullable = ("clientCall", "agentCall")

    def __init__(
        self, context: Context, params: Struct, place: Callable[[Agent, int], Call]
    ) -> None:
        self._context = context
        self._id = context.session.ids.uuid()
        self._params = params
        self._client: Call | None = params.get("call")
        self._agent: Call | None = None
        self._emitter = Emitter(unit="smartqueue task", id=self._id, subject={"task": self})
        self._status: int | None = None
        self._skills = _skills(params.get("skills"))
        self._priority = priority_of("enqueueTask", params.get("priority"))
        self._timeout_s = _seconds("timeout", params.get("timeout"))
        self._operator = _operator(params.get("operatorSettings"))
        self._search = AgentSearch(context=context, who=self._id, seeker=self, place=place)

    # --- what the scenario reads and calls ------------------------------------------------------

    @property
    def id(self) -> str:
        """The task's identifier."""
        return self._id

    @property
    def clientCall(self) -> Call | None:
        """The client's call; none when the task was made without."""
        return self._client

    @property
    def agentCall(self) -> Call | None:
        """The call of the agent who was reached; none before."""
        return self._agent

    @property
    def parameters(self) -> Struct:
        """What the task was made with."""
        return self._params

    def addEventListener(self, event: str, callback: Any) -> None:
        """Adds a handler of a `SmartQueueEvents` event."""
        self._emitter.handlers.add(event, callback)

    def removeEventListener(self, event: str, callback: Any = None) -> None:
        """Removes a handler, or every handler of the event."""
        self._emitter.handlers.remove(event, callback)

    def end(self, description: Any = None, terminationStatus: Any = None) -> None:
        """Ends the task: `TaskCanceled` when no agent has been reached yet.

        Args:
            description: Why, in words.
            terminationStatus: A `TerminationStatus`, `CLIENT_TERMINATE` without one.

        A phone that rings for it stops; a connected agent's call is the scenario's to end.
        """
        text = "" if description is None else demand_text("end", "description", description)
        status = STATUS["CLIENT_TERMINATE"] if terminationStatus is None else terminationStatus
        if status not in STATUS.values():
            raise ScenarioTypeError(f"end: there is no TerminationStatus {status!r}")
        self._context.session.command(
            "EndTask", [{"id": self._id, "status": status, "description": text}]
        )
        if self._status is not None:
            self._context.session.warn("ignored", "end: the task has ended already")
        elif self._search.over:
            self._over(status, text)
        else:
            self._cancel(status, text)

    def toJSON(self) -> dict[str, Any]:
        return {"id": self._id, "clientCall": self._client, "agentCall": self._agent}

    # --- its life -------------------------------------------------------------------------------

    def _begin(self) -> None:
        """Enters the queue, or says why it cannot."""
        if self._search.over:  # the scenario has ended it in the meantime
            return
        queue = self._params.queue
        line = self._context.exchange.find(name=queue.get("name"), number=queue.get("id"))
        if line is None:
            text = f"there is no queue {_shown(queue)}"
            self._context.session.warn("queues", f"enqueueTask: {text}; {DECLARE}")
            self._search.cancel()
            self._emit("SmartQueue.Error", type=STATUS["INTERNAL_ERROR"], description=text)
            self._over(STATUS["INTERNAL_ERROR"], text)
            return
        refusal = self._refusal(line)
        if refusal is not None:
            self._cancel(*refusal)
            return
        self._emit("SmartQueue.EnqueueSuccess")
        self._search.enter(
            line, priority=self._priority, skills=self._skills, only=self._wanted_desk()
        )
        self._set_timers(line)
        if self._client is not None:
            if self._client._line.state is LineState.TERMINATED:
                self._client_left()
            else:
                self._client._line.on_end.append(self._client_left)

    def _refusal(self, line: QueueLine) -> tuple[int, str] | None:
        """The status and the words with which the queue does not take it."""
        able = line.able(self._skills)
        if not line.desks:
            return STATUS["QUEUE_EMPTY"], "the queue has no agents"
        if not able:
            return STATUS["OPERATOR_NOT_AVAILABLE"], "no agent of the queue has the skills"
        if not line.queue.hold_when_offline and not any(desk.online for desk in able):
            return STATUS["OPERATOR_NOT_AVAILABLE"], NOBODY_ONLINE
        if line.full:
            return STATUS["MAX_QUEUE_SIZE_REACHED"], "the queue is full"
        return None

    def _set_timers(self, line: QueueLine) -> None:
        later, longest_ms = self._search.later, line.queue.max_waiting_ms
        if self._timeout_s is not None:
            text = f"no agent took it within {self._timeout_s:g} s"
            later(round(self._timeout_s * US_PER_S), self._cancel, STATUS["TIMEOUT_REACHED"], text)
        if longest_ms is not None:
            text = "it has waited for as long as the queue allows"
            status = STATUS["MAX_WAITING_TIME_REACHED"]
            later(longest_ms * US_PER_MS, self._cancel, status, text)
        if self._operator is not None:
            later(round(self._operator[2] * US_PER_S), self._wanted_operator_is_away)
        self._wait()

    def _wait(self) -> None:
        delay_ms = self._context.session.rng.randrange(*WAITING_MS)
        self._search.later(delay_ms * US_PER_MS, self._tell_waiting)

    def _tell_waiting(self) -> None:
        ticket = self._search.ticket
        assert ticket is not None
        if ticket.desk is None:
            position = ticket.line.position(ticket)
            ewt_ms = ticket.line.estimate_ms(position, self._skills)
            code = "CANNOT_BE_ESTIMATED" if ewt_ms is None else "SUCCESS"
            self._emit(
                "SmartQueue.Waiting",
                ewt=ewt_ms or 0,
                position=position,
                code=WAITING[code],
                message=NOBODY_ONLINE if ewt_ms is None else "",
            )
        self._wait()

    def _cancel(self, status: int, description: str) -> None:
        self._search.cancel()
        self._emit("SmartQueue.TaskCanceled", status=status, description=description)
        self._over(status, description)

    def _over(self, status: int, description: str) -> None:
        self._status = status
        self._emitter.closed = True
        self._context.session.journal.write(
            "queue", request=self._id, action="ended", status=status, description=description
        )

    # --- the client -----------------------------------------------------------------------------

    def _client_left(self) -> None:
        if self._search.over or self._context.session.ending:
            return
        self._emit("SmartQueue.ClientDisconnected", cancel=self._cancel_for_client)
        self._search.later(CANCEL_WITHIN_US, self._tell_forgotten)

    def _cancel_for_client(self, *_: Any) -> None:
        if not self._search.over:
            self._context.session.command("CancelTask", [{"id": self._id}])
            self._cancel(STATUS["CANCELED"], "the client disconnected")

    def _tell_forgotten(self) -> None:
        self._context.session.warn(
            "queues",
            "the client of a SmartQueue task is gone and the task still waits: "
            "call e.cancel() in a handler of SmartQueueEvents.ClientDisconnected",
        )

    # --- the agent (Seeker) ---------------------------------------------------------------------

    def _wanted_desk(self) -> Desk | None:
        if self._operator is None:
            return None
        desk = self._context.exchange.desk_of(self._operator[0])
        if desk is None:
            self._context.session.warn(
                "queues", f"enqueueTask: there is no agent {self._operator[0]}; {DECLARE}"
            )
        # A desk that nobody sits at is never ready: the time for the operator has to run out.
        return desk or Desk(Agent(name="", id=self._operator[0]))

    def _wanted_operator_is_away(self) -> None:
        ticket = self._search.ticket
        assert ticket is not None
        if ticket.only is not None and ticket.desk is None:
            self._do_without_operator("OPERATOR_NOT_AVAILABLE", "the operator is not available")

    def _do_without_operator(self, status: str, description: str) -> None:
        ticket = self._search.ticket
        assert ticket is not None
        if self._operator is not None and self._operator[1] == "STRICT":
            self._cancel(STATUS[status], description)
        else:
            ticket.only = None
            self._context.exchange.look()

    def _agent_offered(self, agent: Agent) -> None:
        self._emit(
            "SmartQueue.DistributeTask",
            operatorId=agent.id,
            operatorName=agent.display_name or agent.name,
        )

    def _agent_rung(self, call: Call) -> None:
        """The scenario hears of the call when it is answered."""

    def _agent_failed(self, agent: Agent, code: int) -> None:
        ticket = self._search.ticket
        if ticket is not None and ticket.only is not None:
            self._do_without_operator("FAILED", "the operator did not take it")

    def _agent_reached(self, call: Call) -> None:
        self._agent = call
        self._emit("SmartQueue.OperatorReached", agentCall=call)

    def _agent_left(self, by_agent: bool) -> None:
        if self._status is not None:
            return
        if self._client is not None and self._client._line.ended_by_far:
            self._over(STATUS["FINISHED_BY_CLIENT"], "the client hung up")
        elif by_agent:
            self._over(STATUS["FINISHED_BY_OPERATOR"], "the agent hung up")
        else:
            self._over(STATUS["NORMAL"], "the scenario ended the agent's call")

    def _forsaken(self) -> None:
        ticket = self._search.ticket
        if ticket is not None and not ticket.line.queue.hold_when_offline:
            self._cancel(STATUS["OPERATOR_NOT_AVAILABLE"], NOBODY_ONLINE)

    def _emit(self, name: str, **fields: Any) -> None:
        self._context.session.emit(self._emitter, name, fields)


DECLARE = "declare it in the file of `--queues`, see docs/queues.md"
NOBODY_ONLINE = "no agent who could take it is online"


def checked_task(value: Struct) -> Struct:
    """The parameters of a task, with those checked that say where it goes.

    Raises:
        ScenarioTypeError: There is no queue, or the call is no call.
    """
    queue, call = value.get("queue"), value.get("call")
    if not isinstance(queue, Mapping) or (queue.get("id") is None and not queue.get("name")):
        raise ScenarioTypeError("enqueueTask: queue must be an object with an id or a name")
    if call is not None and not isinstance(call, Call):
        raise ScenarioTypeError(f"enqueueTask: call must be a call, not {kind_of(call)}")
    return value


def priority_of(function: str, value: Any) -> int:
    """A priority: 1 (the highest) to 100; 50 when nothing is said."""
    if value is None:
        return DEFAULT_PRIORITY
    number = demand_number(function, "priority", value)
    if number != int(number) or not 1 <= number <= 100:
        raise ScenarioTypeError(
            f"{function}: priority must be a whole number from 1 to 100, not {number:g}"
        )
    return int(number)


def _seconds(name: str, value: Any) -> float | None:
    if value is None:
        return None
    seconds = demand_number("enqueueTask", name, value)
    if seconds < 0:
        raise ScenarioTypeError(f"enqueueTask: {name} must not be negative, but is {seconds:g}")
    return seconds


def _operator(value: Any) -> tuple[int, str, float] | None:
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise ScenarioTypeError(
            f"enqueueTask: operatorSettings must be an object, not {kind_of(value)}"
        )
    number = demand_number("enqueueTask", "operatorSettings.operatorId", value.get("operatorId"))
    mode = value.get("mode")
    if mode not in MODES:
        raise ScenarioTypeError(f"enqueueTask: mode must be one of {', '.join(MODES)}")
    return int(number), str(mode), _seconds("timeout", value.get("timeout")) or 0


def _skills(value: Any) -> Skills:
    """`[{name, level}]`: a level and all above it, or a list of those that will do."""
    if value is None:
        return {}
    if not isinstance(value, list | tuple):
        raise ScenarioTypeError(f"enqueueTask: skills must be an array, not {kind_of(value)}")
    return dict(_skill(item) for item in value)


def _skill(item: Any) -> tuple[str, frozenset[int]]:
    if not isinstance(item, Mapping) or not isinstance(item.get("name"), str):
        raise ScenarioTypeError("enqueueTask: a skill is an object with a name and a level")
    level: Any = item.get("level")
    several = isinstance(level, list | tuple)
    levels: Any = level if several else [level]
    for number in levels:
        if isinstance(number, bool) or number not in LEVELS:
            raise ScenarioTypeError(
                f"enqueueTask: the level of {item['name']} must be a number from 1 to 5"
            )
    return item["name"], frozenset(levels) if several else at_least(int(level))


def _shown(queue: Mapping[str, Any]) -> str:
    return str(queue.get("name") or queue.get("id"))
