"""The Python files of a scenario as a session runs them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from attrs import field, frozen

from voxrt.scenario.locate import describe
from voxrt.scenario.python import ScenarioFile, execute
from voxrt.session.limits import CallbackBudget, Limits
from voxrt.session.session import Session


@frozen
class PythonScript:
    """The `voxrt.session.session.Script` of Python files.

    Args:
        sources: What `load` returned.
    """

    language = "python"

    sources: tuple[ScenarioFile, ...]
    files: frozenset[str] = field(init=False)

    @files.default
    def _names(self) -> frozenset[str]:
        return frozenset(str(source.path) for source in self.sources)

    def budget(self, limits: Limits, warn: Callable[[str], object]) -> CallbackBudget:
        """Interrupts the scenario's code by a signal."""
        return CallbackBudget(limits, warn)

    def execute(self, session: Session) -> None:
        """Runs the files in order in the session's global scope."""
        for source in self.sources:
            session.journal.write("session", state="loading", scenario=source.name)
            execute((source,), session.namespace)

    def defined(self, names: Mapping[str, Any]) -> None:
        """The session's namespace is the scope itself: nothing is to be done."""

    def waiting(self) -> list[str]:
        """Nothing: its asynchronous functions are tasks of the session."""
        return []

    def close(self) -> None:
        """Nothing is kept."""

    def describe(self, error: BaseException) -> dict[str, Any]:
        """The fields of an `error` record of the journal."""
        return describe(error, self.sources).record()
