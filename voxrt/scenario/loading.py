"""Chooses the language of a scenario by the endings of its files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from voxrt.errors import UsageError
from voxrt.scenario import javascript, python
from voxrt.scenario.javascript import JavaScriptScript
from voxrt.scenario.script import PythonScript
from voxrt.session.session import Script

#: The endings of JavaScript files, and of those that become JavaScript.
JAVASCRIPT = (".js", ".ts")


def load_script(paths: Sequence[Path], *, seed: int, look: Callable[[], object]) -> Script:
    """Reads and compiles the files of a scenario, all in one language.

    Args:
        paths: The files, in the order in which they run.
        seed: The run's.
        look: Called now and then in a long computation; what it raises stops the script.

    Raises:
        InputError: A file cannot be read or does not compile, or there are two languages.
    """
    in_javascript = [path for path in paths if path.suffix in JAVASCRIPT]
    if not in_javascript:
        return PythonScript(python.load(paths))
    if len(in_javascript) < len(paths):
        other = next(path for path in paths if path not in in_javascript)
        raise UsageError(
            f"{other} and {in_javascript[0]} are in two languages.",
            hint="The files of a scenario share one global scope: all are in JavaScript, or none.",
        )
    return JavaScriptScript(javascript.load(paths), seed, look)
