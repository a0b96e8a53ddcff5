"""Runs the scenario's functions: its top level, handlers, timers' callbacks, promise reactions.

Everything of the scenario runs through `Engine.step`, which watches its time. An error of a plain
function ends the session; an error of an asynchronous one is an unhandled rejection.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from types import CoroutineType
from typing import Any

from attrs import define, field

from voxrt.clock import Clock
from voxrt.errors import ScenarioTypeError
from voxrt.session.calling import fitting
from voxrt.session.limits import Budget, ScriptKilled
from voxrt.session.promise import Promise
from voxrt.session.scripttask import ScriptTask
from voxrt.session.values import kind_of


class ScriptEnded(Exception):
    """The script's code was stopped by the session; the reason is recorded already."""


@define(eq=False, kw_only=True, repr=False)
class Engine:
    """Calls the functions of one session's scenario.

    Args:
        clock: The run's clock.
        budget: Watches the time of each step.
        spawn: Starts a trio task that lives as long as the run.
        fail: Ends the session because of an error.
        rejected: Told an error of an asynchronous function.

    Attributes:
        leaked: The asynchronous functions that were still running when the session ended, as
            `name (file:line)`.
    """

    clock: Clock
    budget: Budget
    spawn: Callable[[Callable[[], Coroutine[Any, Any, None]]], None]
    fail: Callable[[BaseException], None]
    rejected: Callable[[BaseException], None]
    leaked: list[str] = field(factory=list, init=False)
    _tasks: dict[int, ScriptTask] = field(factory=dict, init=False)
    _task_count: int = field(default=0, init=False)
    _then: Callable[[], object] | None = field(default=None, init=False)
    _over: bool = field(default=False, init=False)

    def step(self, step: Callable[[], Any]) -> Any:
        """Runs a piece of the scenario's code under the watch of its limit.

        Raises:
            ScriptEnded: It computed for too long, or used too much; the session is ending.
        """
        try:
            return self.budget.run(step)
        except ScriptKilled as killed:
            self.fail(killed.error(self.budget.limits))
            raise ScriptEnded from None

    def run(self, step: Callable[[], Any]) -> Any:
        """Runs a piece of the scenario's code; its errors end the session.

        Returns:
            What it returned; `None` after an error.
        """
        try:
            return self.step(step)
        except ScriptEnded:
            return None
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            # SystemExit and the like would end the whole run, and leave no word about why.
            self.fail(error)
            return None

    def call(
        self,
        function: Any,
        arguments: tuple[Any, ...],
        returned: Callable[[Any], object] | None = None,
    ) -> bool:
        """Calls a function of the scenario; its errors end the session.

        Args:
            function: Plain or asynchronous.
            arguments: Surplus ones are dropped.
            returned: Told what a plain function returned; `None` after an error.

        Returns:
            Whether it is asynchronous and has been started as a task.
        """
        result = self.run(partial(function, *fitting(function, arguments)))
        if not isinstance(result, CoroutineType):
            if returned is not None:
                returned(result)
            return False
        self._start(result)
        return True

    def react(self, function: Callable[..., Any], value: Any) -> Any:
        """Calls a function that was given to a promise.

        Returns:
            What it returned; a promise of it, if it is asynchronous.
        """
        result = self.step(partial(function, *fitting(function, (value,))))
        if not isinstance(result, CoroutineType):
            return result
        promise = self.promise()
        self._start(_settle(promise, result))
        return promise

    def promise(self) -> Promise:
        """A new promise for the scenario."""
        return Promise(self.clock, self.rejected, self.react, lambda: self._over)

    def end_tasks(self, then: Callable[[], object]) -> None:
        """Cancels the asynchronous functions that still run; no promise settles from now on.

        Args:
            then: Called when the last one has ended; at once when there is none.
        """
        self._over = True
        if not self._tasks:
            then()
            return
        self._then = then
        for task in self._tasks.values():
            self.leaked.append(task.label)
            task.cancel()

    def _start(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        self._task_count += 1
        task = ScriptTask(
            clock=self.clock,
            number=self._task_count,
            coroutine=coroutine,
            step=self.step,
            failed=self.rejected,
            ended=self._ended,
        )
        self._tasks[task.number] = task
        self.spawn(task.run)

    def _ended(self, task: ScriptTask) -> None:
        del self._tasks[task.number]
        if self._then is not None and not self._tasks:
            self.clock.call_soon(self._then)


def no_function(value: Any, added_at: tuple[str, int] | None = None) -> ScenarioTypeError:
    """The error of a handler that is not a function, at the line where it was added."""
    file, line = added_at or (None, None)
    return ScenarioTypeError(
        f"a handler must be a function, not {kind_of(value)}",
        hint="It was accepted when it was added; now its event has come.",
        file=file,
        line=line,
    )


async def _settle(promise: Promise, coroutine: Coroutine[Any, Any, Any]) -> None:
    try:
        promise.resolve(await coroutine)
    except Exception as error:
        promise.reject(error)
