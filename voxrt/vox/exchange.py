"""Brings the requests of queues and their agents together.

A *ticket* is a request's place in a queue, a *desk* an agent at work. A ticket that is the next of
its queue is offered to a desk that is ready and has the skills; the request then rings the agent,
and tells the exchange what became of it. A desk:

    offline --logs in--> away --> ready --offered--> ringing --accepted--> talking
                                    ^                   |                     |
                                    |<----- paused <----' refused             |
                                    '<----------- after service <-------------'

Queues are served in the order in which they are declared. Nothing happens inside of the call that
causes it: every change makes a round of distribution due on the run's clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum

from attrs import define, field

from voxrt.clock import US_PER_MS, Clock, Timer
from voxrt.vox.queue_plan import Agent, OtherCaller, Queue, QueuePlan

#: The levels that will do, by skill.
Skills = Mapping[str, frozenset[int]]

LEVELS = range(1, 6)


class DeskState(Enum):
    """What an agent is doing."""

    OFFLINE = "offline"
    AWAY = "away"
    READY = "ready"
    RINGING = "ringing"
    TALKING = "talking"
    AFTER_SERVICE = "after service"
    PAUSED = "paused"


@define(eq=False)
class Desk:
    """An agent at work."""

    agent: Agent
    state: DeskState = DeskState.OFFLINE
    idle_since_us: int = 0
    talking_since_us: int = 0
    line: QueueLine | None = None
    """The queue whose request they have."""
    leaving: bool = False
    timer: Timer | None = None

    @property
    def online(self) -> bool:
        """Whether they are logged in."""
        return self.state is not DeskState.OFFLINE

    def has(self, skills: Skills) -> bool:
        """Whether they have every skill, at a level that will do."""
        return all(self.agent.skills.get(name) in levels for name, levels in skills.items())

    def level(self, skills: Skills) -> int:
        """The sum of their levels of these skills."""
        return sum(self.agent.skills.get(name, 0) for name in skills)


@define(eq=False)
class Ticket:
    """A request's place in a queue.

    Attributes:
        offer: Called with the desk that is to be rung.
        forsaken: Called when the last agent who could serve it has logged out.
        only: The desk that alone may have it.
        desk: The desk that it is offered to now.
    """

    line: QueueLine
    who: str
    number: int
    priority: int
    skills: Skills
    offer: Callable[[Desk], object]
    forsaken: Callable[[], object]
    only: Desk | None = None
    desk: Desk | None = None


@define(eq=False)
class QueueLine:
    """A queue at work: the tickets in it, in the order in which they came."""

    queue: Queue
    desks: list[Desk]
    tickets: list[Ticket] = field(factory=list)
    handled: int = 0
    handled_us: int = 0

    @property
    def full(self) -> bool:
        """Whether no more may wait; those who are offered to an agent do not."""
        waiting = sum(ticket.desk is None for ticket in self.tickets)
        return self.queue.max_size is not None and waiting >= self.queue.max_size

    def able(self, skills: Skills) -> list[Desk]:
        """The desks with these skills, logged in or not."""
        return [desk for desk in self.desks if desk.has(skills)]

    def ordered(self) -> list[Ticket]:
        """The tickets, the next first."""
        if self.queue.task_selection == "max_waiting_time":
            return list(self.tickets)
        return sorted(self.tickets, key=lambda ticket: (ticket.priority, ticket.number))

    def position(self, ticket: Ticket) -> int:
        """Its place among those who are not offered to an agent, counted from 1."""
        waiting = [one for one in self.ordered() if one.desk is None or one is ticket]
        return waiting.index(ticket) + 1

    def estimate_ms(self, position: int, skills: Skills) -> int | None:
        """How long a request at a position has to wait; `None` when nobody could serve it."""
        able = [desk for desk in self.able(skills) if desk.online]
        if not able:
            return None
        if any(desk.state is DeskState.READY for desk in able) and position == 1:
            return 0
        mean_ms = self.handled_us // self.handled // US_PER_MS if self.handled else None
        return (self.queue.handling_ms if mean_ms is None else mean_ms) * position // len(able)

    def choose(self, ticket: Ticket) -> Desk | None:
        """The ready desk that gets a ticket."""
        if ticket.only is not None:
            return ticket.only if ticket.only.state is DeskState.READY else None
        ready = [desk for desk in self.able(ticket.skills) if desk.state is DeskState.READY]
        sign = {"most_qualified": -1, "least_qualified": 1}.get(self.queue.agent_selection, 0)
        return min(
            ready,
            key=lambda desk: (sign * desk.level(ticket.skills), desk.idle_since_us),
            default=None,
        )


@define(eq=False)
class Exchange:
    """The queues and agents of a session.

    Args:
        plan: Which there are.
        clock: The run's clock.
        write: Writes a record of the journal.
    """

    plan: QueuePlan
    clock: Clock
    write: Callable[..., object]
    desks: dict[str, Desk] = field(init=False)
    lines: list[QueueLine] = field(init=False)
    _tickets: int = field(default=0, init=False)
    _round_due: bool = field(default=False, init=False)

    def __attrs_post_init__(self) -> None:
        self.desks = {agent.name: Desk(agent) for agent in self.plan.agents}
        self.lines = [
            QueueLine(queue, [self.desks[name] for name in queue.agents])
            for queue in self.plan.queues
        ]

    def open(self) -> None:
        """The run begins: agents log in, and other callers come in their time."""
        for desk in self.desks.values():
            if not desk.agent.offline:
                self._log_in(desk)
        for line in self.lines:
            for other in line.queue.others:
                self.clock.call_later(
                    other.at_ms * US_PER_MS, self.settled, self._other_enters, line, other
                )

    def find(self, *, name: str | None = None, number: int | None = None) -> QueueLine | None:
        """The queue of this name and number; either may be left out."""
        for line in self.lines:
            if name in (None, line.queue.name) and number in (None, line.queue.id):
                return line
        return None

    def desk_of(self, number: int) -> Desk | None:
        """The desk of the agent with this number."""
        return next((d for d in self.desks.values() if d.agent.id == number), None)

    # --- requests -----------------------------------------------------------------------------

    def enter(
        self,
        line: QueueLine,
        who: str,
        *,
        priority: int,
        skills: Skills,
        offer: Callable[[Desk], object],
        forsaken: Callable[[], object] = lambda: None,
        only: Desk | None = None,
    ) -> Ticket:
        """Puts a request into a queue; `who` is what the journal calls it."""
        self._tickets += 1
        ticket = Ticket(line, who, self._tickets, priority, skills, offer, forsaken, only)
        line.tickets.append(ticket)
        self._tell(ticket, "enters", priority=priority, position=line.position(ticket))
        self.look()
        return ticket

    def accept(self, ticket: Ticket) -> Desk:
        """The agent who is rung answers: the request has left the queue."""
        desk = ticket.desk
        assert desk is not None
        ticket.line.tickets.remove(ticket)
        ticket.desk = None
        desk.line, desk.talking_since_us = ticket.line, self.clock.now_us()
        self._tell(ticket, "accepted", agent=desk.agent.name)
        self._change(desk, DeskState.TALKING)
        return desk

    def refuse(self, ticket: Ticket) -> None:
        """The agent who is rung does not take it; it waits for the next one."""
        desk = ticket.desk
        assert desk is not None
        ticket.desk = None
        self._tell(ticket, "refused", agent=desk.agent.name)
        self._rest(desk, DeskState.PAUSED, desk.agent.pause_ms)
        self.look()

    def leave(self, ticket: Ticket) -> None:
        """The request no longer waits; an agent who was rung for it is ready again."""
        if ticket not in ticket.line.tickets:
            return
        ticket.line.tickets.remove(ticket)
        self._tell(ticket, "leaves")
        desk, ticket.desk = ticket.desk, None
        if desk is not None:
            since_us = desk.idle_since_us
            self._free(desk)
            desk.idle_since_us = since_us  # they have done nothing meanwhile

    def release(self, desk: Desk) -> None:
        """The agent's call is over."""
        if desk.line is not None:
            desk.line.handled += 1
            desk.line.handled_us += self.clock.now_us() - desk.talking_since_us
            desk.line = None
        self._rest(desk, DeskState.AFTER_SERVICE, desk.agent.after_service_ms)

    def look(self) -> None:
        """Makes a round of distribution due."""
        if not self._round_due:
            self._round_due = True
            self.clock.call_soon(self._distribute)

    def settled(self, call: Callable[..., object], *arguments: object) -> None:
        """Calls something at once, or after the round of distribution that is due."""
        if self._round_due:
            self.clock.call_soon(self.settled, call, *arguments)
        else:
            call(*arguments)

    def _distribute(self) -> None:
        self._round_due = False
        for line in self.lines:
            for ticket in line.ordered():
                if ticket.desk is not None or ticket not in line.tickets:
                    continue
                desk = line.choose(ticket)
                if desk is not None:
                    ticket.desk = desk
                    self._tell(ticket, "offered", agent=desk.agent.name)
                    self._change(desk, DeskState.RINGING)
                    ticket.offer(desk)

    # --- agents -------------------------------------------------------------------------------

    def _log_in(self, desk: Desk) -> None:
        agent = desk.agent
        if agent.ready_after_ms:
            self._rest(desk, DeskState.AWAY, agent.ready_after_ms)
        else:
            self._free(desk)
        if agent.leaves_after_ms is not None:
            self.clock.call_later(agent.leaves_after_ms * US_PER_MS, self._log_out, desk)

    def _log_out(self, desk: Desk) -> None:
        desk.leaving = True
        if desk.state in (DeskState.RINGING, DeskState.TALKING):
            return
        if desk.timer is not None:
            desk.timer.cancel()
        self._free(desk)

    def _rest(self, desk: Desk, state: DeskState, ms: int) -> None:
        """Takes an agent out of the distribution for a while."""
        if not ms or desk.leaving:
            self._free(desk)
            return
        self._change(desk, state)
        desk.timer = self.clock.call_later(ms * US_PER_MS, self._free, desk)

    def _free(self, desk: Desk) -> None:
        desk.timer, desk.idle_since_us = None, self.clock.now_us()
        self._change(desk, DeskState.OFFLINE if desk.leaving else DeskState.READY)
        if desk.leaving:
            self._forsake()
        self.look()

    def _forsake(self) -> None:
        for line in self.lines:
            for ticket in list(line.tickets):
                if not any(desk.online for desk in line.able(ticket.skills)):
                    ticket.forsaken()

    # --- other callers ------------------------------------------------------------------------

    def _other_enters(self, line: QueueLine, other: OtherCaller) -> None:
        if line.full:
            return

        def talk(desk: Desk) -> None:
            self.accept(ticket)
            self.clock.call_later(other.talk_ms * US_PER_MS, self.release, desk)

        ticket = self.enter(
            line,
            "another caller",
            priority=other.priority,
            skills={name: at_least(level) for name, level in other.skills.items()},
            offer=talk,
        )
        if other.patience_ms is not None:
            self.clock.call_later(other.patience_ms * US_PER_MS, self.leave, ticket)

    # --- records ------------------------------------------------------------------------------

    def _tell(self, ticket: Ticket, action: str, **fields: object) -> None:
        self.write(
            "queue", queue=ticket.line.queue.name, request=ticket.who, action=action, **fields
        )

    def _change(self, desk: Desk, state: DeskState) -> None:
        if desk.state is not state:
            desk.state = state
            self.write("agent", agent=desk.agent.name, state=state.value)


def at_least(level: int) -> frozenset[int]:
    """A level and all above it."""
    return frozenset(range(level, LEVELS.stop))
