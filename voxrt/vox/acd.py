"""`ACDRequest`: a request to the older distribution of calls, as a scenario sees it.

Source: https://voximplant.com/docs/references/voxengine/acdrequest and
https://voximplant.com/docs/references/voxengine/acdevents
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from voxrt.session.emitter import Emitter
from voxrt.vox.agent_search import AgentSearch
from voxrt.vox.call import Call
from voxrt.vox.context import Context
from voxrt.vox.names import Surface
from voxrt.vox.queue_plan import Agent
from voxrt.vox.smart_queue import DECLARE

MS_PER_MINUTE = 60_000


class ACDRequest(Surface):
    """A request for an agent.

    Events, in order: `Queued`; `OperatorCallAttempt` for each agent who is rung and
    `OperatorFailed` for each who does not take it; `OperatorReached`. In place of `Queued` comes
    `Offline` when no agent is logged in, `QueueFull` when too many wait or it would take too
    long, `Error` when there is no such queue.
    """

    _platform_name = "ACDRequest"

    def __init__(
        self,
        context: Context,
        queue: str,
        priority: int,
        ring_s: int | None,
        place: Callable[[Agent, int], Call],
    ) -> None:
        self._context = context
        self._id = context.session.ids.object_id()
        self._queue = queue
        self._priority = priority
        self._emitter = Emitter(unit="acd request", id=self._id, subject={"request": self})
        self._search = AgentSearch(
            context=context, who=self._id, seeker=self, place=place, ring_s=ring_s
        )

    # --- what the scenario calls ----------------------------------------------------------------

    def id(self) -> str:
        """The request's identifier."""
        return self._id

    def getStatus(self) -> None:
        """Asks for `Waiting`, with the expected minutes and the position.

        Ignored with a warning before `Queued` and when it no longer waits.
        """
        ticket = self._search.ticket
        if ticket is None or self._search.over:
            self._context.session.warn("ignored", "getStatus: the request is not in a queue")
            return
        self._command("ACDGetStatus")
        position = ticket.line.position(ticket)
        ewt_ms = ticket.line.estimate_ms(position, {})
        self._emit("ACD.Waiting", ewt=(ewt_ms or 0) // MS_PER_MINUTE, position=position)

    def cancel(self) -> None:
        """Leaves the queue, without an event; harmless when it no longer waits."""
        if not self._search.over:
            self._command("ACDCancel")
            self._search.cancel()
            self._emitter.closed = True

    def addEventListener(self, event: str, callback: Any) -> None:
        """Adds a handler of an `ACDEvents` event."""
        self._emitter.handlers.add(event, callback)

    def removeEventListener(self, event: str, callback: Any = None) -> None:
        """Removes a handler, or every handler of the event."""
        self._emitter.handlers.remove(event, callback)

    def toJSON(self) -> dict[str, Any]:
        return {"id": self._id}

    # --- its life -------------------------------------------------------------------------------

    def _begin(self) -> None:
        """Enters the queue, or says why it cannot."""
        if self._search.over:
            return
        line = self._context.exchange.find(name=self._queue)
        if line is None:
            text = f"there is no queue {self._queue}"
            self._context.session.warn("queues", f"enqueueACDRequest: {text}; {DECLARE}")
            self._search.cancel()
            self._emit("ACD.Error", error=text)
            return
        longest_ms = line.queue.max_waiting_ms
        position = 1 + sum(ticket.priority <= self._priority for ticket in line.tickets)
        ewt_ms = line.estimate_ms(position, {})
        if ewt_ms is None:
            self._search.cancel()
            self._emit("ACD.Offline")
        elif line.full or (longest_ms is not None and ewt_ms > longest_ms):
            self._search.cancel()
            self._emit("ACD.QueueFull")
        else:
            self._emit("ACD.Queued")
            self._search.enter(line, priority=self._priority, skills={})

    # --- the agent (Seeker) ---------------------------------------------------------------------

    def _agent_offered(self, agent: Agent) -> None:
        """The scenario hears of the call."""

    def _agent_rung(self, call: Call) -> None:
        self._emit("ACD.OperatorCallAttempt", operatorCall=call)

    def _agent_failed(self, agent: Agent, code: int) -> None:
        self._emit("ACD.OperatorFailed", operatorUserName=agent.name, statusCode=code)

    def _agent_reached(self, call: Call) -> None:
        self._emit("ACD.OperatorReached", operatorCall=call)

    def _agent_left(self, by_agent: bool) -> None:
        """The call's own events say so."""

    def _forsaken(self) -> None:
        """A request that is queued stays so, until somebody logs in or it is cancelled."""

    def _emit(self, name: str, **fields: Any) -> None:
        self._context.session.emit(self._emitter, name, fields)

    def _command(self, name: str) -> None:
        self._context.session.command(name, [{"id": self._id}])
