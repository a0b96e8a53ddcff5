"""Promises that the platform settles and a scenario awaits.

A promise settles at an instant of the run's clock. Whoever awaits it goes on before anything else
that is due then, in the order of awaiting: listeners that are added right after an `await` miss
nothing that comes later.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextvars import ContextVar
from typing import Any

import trio
from attrs import define, field, frozen

from voxrt.clock import Clock
from voxrt.session.calling import fitting


@frozen
class Waiter:
    """A task of the scenario that may wait for promises.

    Attributes:
        task: The trio task; those that it starts inherit the context, and are not it.
        resume_directly: Called when a promise is about to resume it.
    """

    task: trio.lowlevel.Task
    resume_directly: Callable[[], None]


#: The task of the scenario that runs in this context.
waiter: ContextVar[Waiter | None] = ContextVar("waiter", default=None)


def plain_call(function: Callable[..., Any], value: Any) -> Any:
    """Calls a function with a value, or without one when it takes none."""
    return function(*fitting(function, (value,)))


@define(eq=False)
class Promise:
    """A value that will be there later, or an error.

    Args:
        clock: The run's clock.
        on_unhandled: Told an error that nobody waits for.
        call: Calls a function of the scenario with a value, and answers what it returned.
        is_over: Whether the scenario has ended: nothing settles for it any more.
    """

    _clock: Clock
    _on_unhandled: Callable[[BaseException], object] | None = None
    _call: Callable[[Callable[..., Any], Any], Any] = plain_call
    _is_over: Callable[[], bool] = lambda: False
    _state: str = field(default="pending", init=False)
    _value: Any = field(default=None, init=False)
    _waiting: list[Callable[[], None]] = field(factory=list, init=False)
    _handled: bool = field(default=False, init=False)

    def resolve(self, value: Any) -> None:
        """Settles it with a value; the second settlement of a promise is ignored."""
        self._settle("fulfilled", value)

    def reject(self, error: BaseException) -> None:
        """Settles it with an error, which `await` raises."""
        self._settle("rejected", error)

    def _settle(self, state: str, value: Any) -> None:
        if self._state != "pending" or self._is_over():
            return
        self._state, self._value = state, value
        if state == "rejected" and not self._waiting:
            # Whoever awaits it right after it was made comes before this.
            self._clock.call_soon(self._check_handled)
        for go_on in self._waiting:
            self._clock.call_next(go_on)
        self._waiting.clear()

    def _check_handled(self) -> None:
        if not self._handled and self._on_unhandled is not None:
            self._on_unhandled(self._value)

    def then(
        self,
        on_value: Callable[[Any], Any] | None = None,
        on_error: Callable[[BaseException], Any] | None = None,
    ) -> Promise:
        """Calls a function with the value, or with the error; a promise of what it returns.

        A function that returns a promise makes the result settle as that one does.
        """
        following = Promise(self._clock, self._on_unhandled, self._call, self._is_over)

        def go_on() -> None:
            function = on_value if self._state == "fulfilled" else on_error
            if function is None:
                following._settle(self._state, self._value)
                return
            try:
                value = self._call(function, self._value)
            except KeyboardInterrupt:
                raise
            except BaseException as error:
                following.reject(error)
            else:
                following._follow(value)

        self._when_settled(go_on)
        return following

    def _follow(self, value: Any) -> None:
        """Settles as the other promise does, when the value is one."""
        if isinstance(value, Promise):
            value._when_settled(lambda: self._settle(value._state, value._value))
        else:
            self.resolve(value)

    def catch(self, on_error: Callable[[BaseException], Any]) -> Promise:
        """Calls a function with the error, if there is one."""
        return self.then(None, on_error)

    def when_settled(self, tell: Callable[[Any, BaseException | None], None]) -> None:
        """Tells the value, or the error, before anything else that is due when it settles.

        Whoever asks takes the error on, as `await` does.
        """

        def go_on() -> None:
            if self._state == "fulfilled":
                tell(self._value, None)
            else:
                tell(None, self._value)

        self._when_settled(go_on)

    def _when_settled(self, go_on: Callable[[], None]) -> None:
        self._handled = True
        if self._state == "pending":
            self._waiting.append(go_on)
        else:
            self._clock.call_next(go_on)

    def __await__(self) -> Generator[Any, Any, Any]:
        settled = trio.Event()
        me = waiter.get()
        if me is not None and me.task is not trio.lowlevel.current_task():
            me = None

        def go_on() -> None:
            if me is not None and settled.statistics().tasks_waiting:
                me.resume_directly()
            settled.set()

        self._when_settled(go_on)
        yield from settled.wait().__await__()
        if self._state == "rejected":
            raise self._value
        return self._value
