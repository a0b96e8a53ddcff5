"""Asynchronous handlers of a scenario, run as trio tasks that the session resumes in order.

Each coroutine of a scenario has a trio task of its own, so that everything of trio works in it.
But trio wakes tasks that are due together in random order, so after a wait that is not the
platform's own (`trio.sleep`, a channel, a lock) the task waits once more, for its turn on the
run's clock. A wait for a promise needs no second one: the clock settled it in order.

Tasks that a scenario starts itself, in a nursery of its own, are trio's: their order among each
other is not the run's.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator
from functools import partial
from typing import Any

import trio
from attrs import define, field

from voxrt.clock import Clock
from voxrt.session.promise import Waiter, waiter

#: So often a cancelled task may still go on, for what it has to put in order.
LAST_STEPS = 100

#: What goes through a task without being an error of the scenario.
_NOT_ERRORS = (trio.Cancelled, KeyboardInterrupt, GeneratorExit)


@define(eq=False, repr=False)
class ScriptTask:
    """One coroutine of a scenario.

    Args:
        clock: The run's clock.
        number: Its place among the tasks of the run: the order of those that wake together.
        coroutine: What the scenario's function returned.
        step: Runs one step of the script under the session's watch (limits, errors).
        failed: Called with an exception that the coroutine did not catch.
        ended: Called with the task when it is over, whatever the end was.
    """

    clock: Clock
    number: int
    coroutine: Coroutine[Any, Any, Any]
    step: Callable[[Callable[[], Any]], Any]
    failed: Callable[[BaseException], None]
    ended: Callable[[ScriptTask], None]
    scope: trio.CancelScope = field(factory=trio.CancelScope)
    _direct: bool = field(default=False, init=False)
    _steps_left: int | None = field(default=None, init=False)

    @property
    def label(self) -> str:
        """What it is called, and the line at which it waits: `on_call (shop.py:12)`."""
        name = getattr(self.coroutine, "__qualname__", type(self.coroutine).__name__)
        frame = getattr(self.coroutine, "cr_frame", None)
        return f"{name} ({frame.f_code.co_filename}:{frame.f_lineno})" if frame else name

    async def run(self) -> None:
        """Runs the coroutine to its end, as the body of a trio task."""
        waiter.set(Waiter(trio.lowlevel.current_task(), self._resume_directly))
        try:
            with self.scope:
                try:
                    await self
                except BaseException as error:
                    self._tell(error)
        finally:
            self.ended(self)

    def cancel(self) -> None:
        """Ends it where it waits; one that will not end is left where it is after a while."""
        self._steps_left = LAST_STEPS
        self.scope.cancel()

    def _tell(self, error: BaseException) -> None:
        """Reports what is the scenario's fault in an exception; raises it when nothing is."""
        if isinstance(error, BaseExceptionGroup):
            _, faults = error.split(_NOT_ERRORS)
            if faults is None:
                raise error
            self.failed(faults)
        elif isinstance(error, _NOT_ERRORS):
            raise error
        else:
            self.failed(error)

    def _resume_directly(self) -> None:
        self._direct = True

    def __await__(self) -> Generator[Any, Any, None]:
        resume: Callable[[], Any] = partial(self.coroutine.send, None)
        while self._may_go_on():
            try:
                trap = self.step(resume)
            except StopIteration:
                return
            try:
                answer = yield trap
            except GeneratorExit:
                self.coroutine.close()
                raise
            except BaseException as error:
                resume = partial(self.coroutine.throw, error)
            else:
                resume = partial(self.coroutine.send, answer)
            if not self._direct:
                yield from self._turn().__await__()
            self._direct = False

    def _may_go_on(self) -> bool:
        if self._steps_left is None:
            return True
        self._steps_left -= 1
        return self._steps_left >= 0

    async def _turn(self) -> None:
        # Time-outs and the end of the session wake tasks too, and these have an order as well:
        # hence the shield. The clock calls everyone before its drive is over.
        turn = trio.Event()
        self.clock.wake(self.number, turn.set)
        with trio.CancelScope(shield=True):
            await turn.wait()
