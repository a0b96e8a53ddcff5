"""Chooses the language of a scenario by the endings of its files."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from voxrt.errors import UsageError
from voxrt.scenario import javascript, python
from voxrt.scenario.javascript import JavaScriptScript
from voxrt.scenario.script import PythonScript
from voxrt.scenario.source import Source, language_of
from voxrt.session.session import Script


def load_script(sources: Sequence[Source], *, seed: int, look: Callable[[], object]) -> Script:
    """Compiles the files of a scenario, all in one language.

    Args:
        sources: The files, in the order in which they run.
        seed: The run's.
        look: Called now and then in a long computation; what it raises stops the script.

    Raises:
        InputError: A file does not compile, or there are two languages.
    """
    in_python = [source.path for source in sources if language_of(source.path) == "python"]
    if len(in_python) == len(sources):
        return PythonScript(python.load(sources))
    if in_python:
        other = next(source.path for source in sources if source.path not in in_python)
        raise UsageError(
            f"{in_python[0]} and {other} are in two languages.",
            hint="The files of a scenario share one global scope: all are in JavaScript, or none.",
        )
    return JavaScriptScript(javascript.load(sources), seed, look)
