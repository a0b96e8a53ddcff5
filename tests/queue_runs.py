"""Runs scenarios with queues, for the tests of SmartQueue and ACD."""

from __future__ import annotations

import json

from harness import play_in

#: Notes every event of a task, and joins the calls.
TASK = """
require(Modules.SmartQueue)
task = None

def note(e):
    fields = {k: v for k, v in e.items() if k not in ("task", "id", "agentCall", "cancel")}
    Logger.write(JSON.stringify(fields))

def enqueue(**more):
    global task
    task = VoxEngine.enqueueTask({"queue": {"name": "support"}, **more})
    for name in SmartQueueEvents:
        task.addEventListener(SmartQueueEvents[name], note)
    return task
"""

#: One call, answered, in a queue.
WITH_CALL = (
    TASK
    + """
def on_call(e):
    e.call.answer()
    enqueue(call=e.call, **PARAMETERS)
    task.addEventListener(SmartQueueEvents.OperatorReached, join)
    task.addEventListener(SmartQueueEvents.ClientDisconnected, lambda e: e.cancel())
    task.addEventListener(SmartQueueEvents.TaskCanceled, lambda e: VoxEngine.terminate())
    e.call.addEventListener(CallEvents.Disconnected, lambda: setTimeout(VoxEngine.terminate, 1000))

def join(e):
    assert e.task is task and task.agentCall is e.agentCall and e.id == task.id
    VoxEngine.sendMediaBetween(task.clientCall, e.agentCall)

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""
)

WAITS = """
caller:
  steps:
    - wait_for: event SmartQueue.OperatorReached
      timeout_ms: 900000
    - wait: 2000
    - hang_up
"""

GONE_AFTER_5_S = "caller: {steps: [{wait: 5000}, hang_up]}"


def queue_file(agents, **queue):
    """A file with the queue `support`, which all of these agents serve."""
    people = [{"user": name, **desk} for name, desk in agents.items()]
    line = {"name": "support", "agents": list(agents), **queue}
    return json.dumps({"agents": people, "queues": [line]})


def play_task(folder, parameters="{}", *, agents, caller=WAITS, queue=None, **options):
    """Runs one call in the queue `support`."""
    return play_in(
        folder,
        f"PARAMETERS = {parameters}\n" + WITH_CALL,
        caller=caller,
        queues=queue_file(agents, **(queue or {})),
        **options,
    )


def heard(played):
    """The events that the scenario noted: (name without its prefix, other fields)."""
    found = [json.loads(text) for text in played.logs]
    return [(fields.pop("name").partition(".")[2], fields) for fields in found]


def names(played):
    return [name for name, _ in heard(played)]


def ended(played):
    """The status and the words with which the task ended."""
    (record,) = [r for r in played.of("queue") if r["action"] == "ended"]
    return record["status"], record["description"]


def offers(played):
    """Which agents were offered a request, with the time in ms."""
    return [(r["t"], r["agent"]) for r in played.of("queue") if r["action"] == "offered"]
