"""Asynchronous handlers of a scenario, run as trio tasks that the session resumes in order.

Each coroutine of a scenario has a trio task of its own, so that everything of trio works in it.
But trio wakes tasks that are due together in random order, so after a wait that is not the
platform's own (`trio.sleep`, a channel, a lock) the task waits once more, for its turn on the
run's clock. A wait for a promise needs no second one: the clock settled it in order.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator
from functools import partial
from typing import Any

import trio
from attrs import define, field

from voxrt.clock import Clock
from voxrt.session.promise import resumes_directly


@define(eq=False)
class ScriptTask:
    """One coroutine of a scenario.

    Args:
        clock: The run's clock.
        number: Its place among the tasks of the run: the order of those that wake together.
        coroutine: What the scenario's function returned.
        step: Runs one step of the script under the session's watch (limits, errors).
        failed: Called with an exception that the coroutine did not catch.
    """

    clock: Clock
    number: int
    coroutine: Coroutine[Any, Any, Any]
    step: Callable[[Callable[[], Any]], Any]
    failed: Callable[[BaseException], None]
    scope: trio.CancelScope = field(factory=trio.CancelScope)
    _direct: bool = field(default=False, init=False)

    async def run(self) -> None:
        """Runs the coroutine to its end, as the body of a trio task."""
        resumes_directly.set(self._resume_directly)
        with self.scope:
            try:
                await self
            except trio.Cancelled:
                raise
            except (Exception, BaseExceptionGroup) as error:
                self.failed(error)

    def cancel(self) -> None:
        """Ends it where it waits."""
        self.scope.cancel()

    def _resume_directly(self) -> None:
        self._direct = True

    def __await__(self) -> Generator[Any, Any, None]:
        resume: Callable[[], Any] = partial(self.coroutine.send, None)
        while True:
            try:
                trap = self.step(resume)
            except StopIteration:
                return
            try:
                answer = yield trap
                if not self._direct:
                    yield from self._turn().__await__()
            except BaseException as error:
                resume = partial(self.coroutine.throw, error)
            else:
                resume = partial(self.coroutine.send, answer)
            self._direct = False

    async def _turn(self) -> None:
        turn = trio.Event()
        self.clock.wake(self.number, turn.set)
        await turn.wait()
