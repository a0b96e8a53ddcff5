"""Who calls in a run."""

from __future__ import annotations

from voxrt.legs.builder import caller
from voxrt.legs.script import CallerScript
from voxrt.legs.script_file import load_script
from voxrt.run.config import RunConfig


def read_caller(config: RunConfig) -> CallerScript:
    """The caller of a configuration, or a made-up one who says little and hangs up.

    Raises:
        InputError: The script or the recording is wrong.
    """
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
