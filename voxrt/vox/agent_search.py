"""One request of a queue on its way to an agent who answers.

The exchange offers an agent, their phone is rung, and they answer or do not; then the next one is
offered. The request holds the session (for 120 minutes without a call) until an agent has answered
or it has left the queue. The agent is busy until their call ends.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from attrs import define, field

from voxrt.clock import Timer
from voxrt.vox.call import Call
from voxrt.vox.context import Context
from voxrt.vox.exchange import Desk, QueueLine, Skills, Ticket
from voxrt.vox.leg import NO_HEADERS
from voxrt.vox.line import Line
from voxrt.vox.queue_plan import Agent


class Seeker(Protocol):
    """The request of the scenario, which tells it what happens."""

    def _agent_offered(self, agent: Agent) -> None:
        """An agent is about to be rung."""

    def _agent_rung(self, call: Call) -> None:
        """Their call has been made."""

    def _agent_failed(self, agent: Agent, code: int) -> None:
        """They did not take it; the search goes on unless it is cancelled now."""

    def _agent_reached(self, call: Call) -> None:
        """They answered: the search is over."""

    def _agent_left(self, by_agent: bool) -> None:
        """The call of the agent who was reached is over; whether they hung up."""

    def _forsaken(self) -> None:
        """The last agent who could take it has logged out."""


@define(eq=False, kw_only=True, repr=False)
class AgentSearch:
    """Looks for an agent.

    Args:
        context: The session's platform.
        who: What the journal calls the request: its id.
        seeker: The request.
        place: Calls an agent, whose phone may ring for so many seconds.
        ring_s: How long it may; the queue's own time without it.
    """

    context: Context
    who: str
    seeker: Seeker
    place: Callable[[Agent, int], Call]
    ring_s: int | None = None
    over: bool = field(default=False, init=False)
    """Whether it no longer waits."""
    reached: Desk | None = field(default=None, init=False)
    """The agent who has answered."""
    ticket: Ticket | None = field(default=None, init=False)
    _ringing: Line | None = field(default=None, init=False)
    _timers: list[Timer] = field(factory=list, init=False)

    def __attrs_post_init__(self) -> None:
        self.context.session.queue_began()
        self.context.session.own(self)

    def enter(
        self, line: QueueLine, *, priority: int, skills: Skills, only: Desk | None = None
    ) -> Ticket:
        """Enters a queue."""
        self.ticket = self.context.exchange.enter(
            line,
            self.who,
            priority=priority,
            skills=skills,
            offer=self._offered,
            forsaken=self.seeker._forsaken,
            only=only,
        )
        return self.ticket

    def later(self, delay_us: int, call: Callable[..., Any], *arguments: Any) -> None:
        """Calls something, unless the search is over by then."""
        self._timers.append(self.context.clock.call_later(delay_us, call, *arguments))

    def cancel(self) -> None:
        """Leaves the queue; a phone that rings stops to ring."""
        if self.over:
            return
        self._finish()
        if self.ticket is not None:
            self.context.exchange.leave(self.ticket)
        if self._ringing is not None:
            self._ringing.hang_up(NO_HEADERS)

    def destroy(self) -> None:
        """Ends it with the session."""
        self.cancel()

    def _finish(self) -> None:
        self.over = True
        for timer in self._timers:
            timer.cancel()
        self.context.session.disown(self)
        self.context.session.queue_ended()

    # --- one agent ----------------------------------------------------------------------------

    def _offered(self, desk: Desk) -> None:
        assert self.ticket is not None
        self.seeker._agent_offered(desk.agent)
        ring_s = self.ticket.line.queue.ring_s if self.ring_s is None else self.ring_s
        call = self.place(desk.agent, ring_s)
        line = self._ringing = call._line
        line.on_connect.append(lambda: self._answered(call))
        line.on_end.append(lambda: self._ended(line))
        self.seeker._agent_rung(call)

    def _answered(self, call: Call) -> None:
        assert self.ticket is not None
        self._ringing = None
        if self.over:
            return
        self._finish()
        self.reached = self.context.exchange.accept(self.ticket)
        self.seeker._agent_reached(call)

    def _ended(self, line: Line) -> None:
        if self.reached is not None:
            self.context.exchange.release(self.reached)
            self.seeker._agent_left(line.ended_by_far)
            return
        self._ringing = None
        if self.over:
            return
        desk = self.ticket.desk if self.ticket is not None else None
        if self.ticket is not None and desk is not None:
            self.context.exchange.refuse(self.ticket)
            self.seeker._agent_failed(desk.agent, line.end_code)
