"""Who calls in a run, and who may be called."""

from __future__ import annotations

from voxrt.legs.builder import caller
from voxrt.legs.queue_file import QueueFile, load_queues
from voxrt.legs.script import CallerScript
from voxrt.legs.script_file import load_script
from voxrt.run.config import RunConfig
from voxrt.vox.queue_plan import QueuePlan


def read_caller(config: RunConfig) -> CallerScript:
    """The caller of a configuration, or a made-up one who says little and hangs up.

    Raises:
        InputError: The script or the recording is wrong.
    """
    if isinstance(config.caller, CallerScript):
        return config.caller
    if config.caller is not None:
        return load_script(config.caller)
    return (
        caller()
        .listen(timeout_ms=15_000)
        .say("Hello! What can you do for me?")
        .listen(timeout_ms=15_000)
        .say("Thank you, goodbye.")
        .listen(timeout_ms=15_000)
        .hang_up()
        .script()
    )


def read_queue_file(config: RunConfig) -> QueueFile:
    """The queues of a configuration, or none.

    Raises:
        InputError: The file is wrong.
    """
    if config.queues is None:
        return QueueFile(plan=QueuePlan(), phones=())
    return load_queues(config.queues)
