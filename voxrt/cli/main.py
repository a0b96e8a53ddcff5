"""The `voxrt` command: its commands, and what their errors become.

Only what `--help` needs is imported here; a command's own modules come with the command.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError

from voxrt import __version__
from voxrt.cli.exits import BAD_INPUT, EXIT_CODES, INTERRUPTED, OK, OUR_FAULT
from voxrt.errors import InputError, VoxrtError

app = App(
    name="voxrt",
    help="Run Voximplant VoxEngine scenarios on your own machine.",
    help_epilogue=EXIT_CODES,
    help_format="plaintext",  # the markdown renderer costs 30 ms at every start
    version=__version__,
    suppress_keyboard_interrupt=False,
)
app.command("voxrt.cli.run:run", help="Run a scenario with a call, and watch it.")
app.command("voxrt.cli.explore:explore", help="Make conversations up until one goes wrong.")
app.command("voxrt.cli.rules:rules", help="Say which rule of a project takes a number, and why.")
app.command("voxrt.cli.replay:replay", help="Play a recorded run back, and compare.")
app.command(
    "voxrt.cli.call_list:call_list", name="call-list", help="Run a scenario over a call list."
)
app.command(
    "voxrt.cli.standin:stand_in",
    name="stand-in",
    help="Serve a stand-in for xAI's realtime API.",
)
app.command("voxrt.cli.cassette:cassette", help="Play a recorded client to a server, and compare.")
app.command(
    "voxrt.cli.import_:import_call",
    name="import",
    help="Make a recorded call into the folder of a run.",
)
app.command("voxrt.cli.test:run_tests", name="test", help="Run conversation files as tests.")
app.command("voxrt.cli.init:init", help="Write a scenario with its tests, to begin with.")
app.command("voxrt.cli.show:show", help="Show a run after the fact, also as a page.")
app.command("voxrt.cli.step:step", help="Drive a session one command at a time, in JSON.")
app.command("voxrt.cli.stubs:stubs", help="Let an editor know the platform's names.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command line.

    Args:
        arguments: The words behind `voxrt`; those of the process by default.

    Returns:
        The exit code; see `voxrt.cli.exits`.
    """
    words = with_values(sys.argv[1:] if arguments is None else arguments)
    try:
        code = app(
            words or ["--help"],
            exit_on_error=False,
            print_error=False,
            result_action="return_value",
        )
    except CycloptsError as error:
        _report_usage(error)
        return BAD_INPUT
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output has gone
        from voxrt.cli.terminal import leave_pipe

        leave_pipe()
        return OK
    except (VoxrtError, BaseExceptionGroup) as error:
        return _report(error)
    return code if isinstance(code, int) else OK


def with_values(words: Sequence[str]) -> list[str]:
    """The words of a command line, with the values of options that may stand without one.

    `--allow-net` alone allows every host, `--serve` alone serves on the platform's own port. What
    follows them is their value unless it is an option or a file: `--serve 8080`.
    """
    filled = []
    for word, following in zip(words, [*words[1:], "-"], strict=False):
        value = _VALUES.get(word)
        is_value = not following.startswith("-") and not _is_file(following)
        if value is None or (is_value and (word != "--serve" or following.isdigit())):
            filled.append(word)
        else:
            filled.append(f"{word}={value}")
    return filled


#: The values of options that stand alone.
_VALUES = {"--allow-net": "*", "--serve": "12092"}


def _is_file(word: str) -> bool:
    return word.endswith((".py", ".js", ".json")) or os.path.exists(word)


def _report_usage(error: CycloptsError) -> None:
    text = " ".join(str(error).split())
    command = " ".join(["voxrt", *(error.command_chain or ())])
    _print_error(f"error: {text}\n  hint: `{command} --help` lists what it takes.")


def _report(error: BaseException) -> int:
    """Tells an error in one message; a bug of ours keeps its traceback."""
    from voxrt.scenario.locate import describe, first_leaf, render_report

    leaf = first_leaf(error)
    if not isinstance(leaf, VoxrtError):
        raise error
    _print_error(render_report(describe(leaf), color=_colored()))
    return BAD_INPUT if isinstance(leaf, InputError) else OUR_FAULT


def _print_error(text: str) -> None:
    sys.stderr.write(text + "\n")


def _colored() -> bool:
    return sys.stderr.isatty() and not os.environ.get("NO_COLOR")


if __name__ == "__main__":
    sys.exit(main())
