"""The making of requests to queues: one side of `VoxEngine`."""

from __future__ import annotations

from typing import Any

from voxrt.errors import ScenarioTypeError
from voxrt.session.values import Struct, parameters, plain
from voxrt.vox.acd import ACDRequest
from voxrt.vox.arguments import Headers, custom_headers, demand_text
from voxrt.vox.call import Call
from voxrt.vox.call_facts import CALL_TIMEOUT, call_timeout_s
from voxrt.vox.context import Context
from voxrt.vox.queue_plan import Agent
from voxrt.vox.shortfalls import tell_shortfalls
from voxrt.vox.smart_queue import SmartQueueTask, checked_task, priority_of


class Queues:
    """Makes requests to queues."""

    _context: Context

    def enqueueTask(self: Any, parameters_: Any = None, **kw: Any) -> SmartQueueTask:
        """Puts a task into a queue of SmartQueue.

        Args:
            parameters_: `queue` (`id` or `name`), `call`, `priority` (1 to 100, 50), `skills`,
                `timeout` in s, `operatorSettings`, `customData`, `extraHeaders`, `video`.
            kw: The same, as keywords.

        Returns:
            The task at once; whether the queue takes it comes as an event.

        Raises:
            ScenarioTypeError: There is no queue, or a value is out of its range.
        """
        params = checked_task(parameters(parameters_, kw))
        self._may_enqueue("SmartQueue", "enqueueTask")
        tell_shortfalls(self._context.session, "VoxEngine.enqueueTask", params)
        client = params.get("call")
        task = SmartQueueTask(
            self._context,
            params,
            self._agent_caller(
                "enqueueTask",
                callerid=client.callerid() if client else "",
                display_name=client.displayName() if client else "",
                headers=custom_headers(
                    self._context.session, "enqueueTask", params.get("extraHeaders")
                ),
                params=params,
            ),
        )
        self._enqueue("EnqueueTask", task, id=task.id, **{**plain(params), "call": _id_of(client)})
        return task

    def enqueueACDRequest(
        self: Any, queueName: Any = None, callerid: Any = None, parameters_: Any = None, **kw: Any
    ) -> ACDRequest:
        """Puts a request into a queue of the older distribution of calls.

        Args:
            queueName: The queue.
            callerid: What the agent's phone shows.
            parameters_: `priority` (1 is the highest, to 100), `headers` (also `VI-CallTimeout`,
                10 to 400 s, after which the next agent is tried), `customData`, `video`.
            kw: The same, as keywords.

        Returns:
            The request at once; whether it is queued comes as an event.
        """
        name = demand_text("enqueueACDRequest", "queueName", queueName)
        shown = demand_text("enqueueACDRequest", "callerid", callerid)
        if not name:
            raise ScenarioTypeError("enqueueACDRequest: queueName is empty")
        params = parameters(parameters_, kw)
        self._may_enqueue("ACD", "enqueueACDRequest")
        headers = custom_headers(
            self._context.session, "enqueueACDRequest", params.get("headers"), also=(CALL_TIMEOUT,)
        )
        request = ACDRequest(
            self._context,
            name,
            priority_of("enqueueACDRequest", params.get("priority")),
            call_timeout_s(self._context.session, headers),
            self._agent_caller(
                "enqueueACDRequest",
                callerid=shown,
                display_name="",
                headers=headers,
                params=params,
            ),
        )
        self._enqueue(
            "EnqueueACDRequest",
            request,
            id=request.id(),
            queueName=name,
            callerid=shown,
            **plain(params),
        )
        return request

    def _may_enqueue(self: Any, module: str, function: str) -> None:
        if self._context.session.ending:
            raise ScenarioTypeError(f"{function}: the session is ending, nothing can be queued")
        if module not in self._context.modules:
            self._context.session.warn(
                "no-module", f"{function} needs require(Modules.{module}) on the platform"
            )

    def _enqueue(self: Any, command: str, request: Any, **shown: Any) -> None:
        self._command(command, **shown)
        self._context.clock.call_soon(self._context.exchange.settled, request._begin)

    def _agent_caller(
        self: Any,
        function: str,
        *,
        callerid: str,
        display_name: str,
        headers: Headers,
        params: Struct,
    ) -> Any:
        """What calls an agent on behalf of a request."""
        with_video = {"video": True} if params.get("video") else {}

        def place(agent: Agent, ring_s: int) -> Call:
            call: Call = self._place(
                "user",
                agent.name,
                callerid=callerid,
                display_name=display_name,
                headers=headers,
                params=Struct({"username": agent.name, **with_video}),
                command="CallUser",
                ring_s=ring_s,
            )
            if function == "enqueueACDRequest" and params.get("customData") is not None:
                call._line.custom_data = str(params.customData)
            return call

        return place


def _id_of(call: Call | None) -> str | None:
    return None if call is None else call.id()
