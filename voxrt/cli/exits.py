"""The exit codes of `voxrt`, for scripts that call it."""

from __future__ import annotations

#: The session ended normally.
OK = 0
#: The scenario failed: a script error, an unhandled rejection, a limit; or somebody of the caller
#: script did not get what they expected.
SCENARIO_FAILED = 1
#: Something given to voxrt is wrong: an option, a file.
BAD_INPUT = 2
#: voxrt or a link failed: a stalled run, a provider that cannot be reached.
OUR_FAULT = 3
#: Ctrl-C.
INTERRUPTED = 130

EXIT_CODES = (
    "Exit codes: 0 the session ended normally; 1 the scenario failed; 2 bad input; "
    "3 voxrt or a link failed; 130 Ctrl-C."
)
