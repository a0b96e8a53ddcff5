"""What a session has under way outside of it: so many at a time, the rest waits, too many fail.

At the end of a session those that are under way are waited for, and their callbacks run; those
that wait are dropped. While the session is ending, one more may be made.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, TypeAlias

from attrs import define, field, frozen

from voxrt.errors import LimitError
from voxrt.session.limits import LimitMode
from voxrt.session.session import Session, State

#: Begins a request, given what its result must be handed to.
Begin: TypeAlias = Callable[[Callable[[Any], None]], object]


@frozen(kw_only=True)
class Job:
    """One request.

    Attributes:
        begin: Begins it; the result arrives later, on the run's clock.
        deliver: Hands the result to the scenario.
        dropped: Told that it will never begin.
    """

    begin: Begin
    deliver: Callable[[Any], object]
    dropped: Callable[[], object]


@define(eq=False, kw_only=True)
class RequestQueue:
    """The requests of one kind of one session.

    Args:
        session: The session.
        kind: `HTTP` or `SMTP`, for messages.
        most_active: How many may be under way at one time.
        most: How many there may be, with those that wait.
    """

    session: Session
    kind: str
    most_active: int
    most: int
    _active: int = field(default=0, init=False)
    _waiting: deque[Job] = field(factory=deque, init=False)
    _last_made: bool = field(default=False, init=False)

    def __attrs_post_init__(self) -> None:
        self.session.own(self)

    def submit(self, job: Job) -> bool:
        """Begins a request now, or when it is its turn.

        Returns:
            Whether it was taken; not when the session is too far on its way to its end.

        Raises:
            LimitError: There are too many.
        """
        if self.session.ending:
            return self._submit_last(job)
        if self._active + len(self._waiting) >= self.most:
            self._refuse()
        self._waiting.append(job)
        self._fill()
        return True

    def _refuse(self) -> None:
        mode = self.session.limits.mode
        if mode is LimitMode.ENFORCE:
            raise LimitError(f"Exceeded the {self.kind} connection count limit!")
        if mode is LimitMode.WARN:
            self.session.warn(
                "limit", f"the platform allows {self.most} {self.kind} requests at a time"
            )

    def _submit_last(self, job: Job) -> bool:
        if self._last_made or self.session.state is State.TERMINATED:
            self.session.warn(
                "ignored",
                f"this {self.kind} request is not made: an ending session may make one",
            )
            return False
        self._last_made = True
        self._start(job)
        return True

    def _fill(self) -> None:
        unlimited = self.session.limits.mode is LimitMode.OFF
        while self._waiting and (unlimited or self._active < self.most_active):
            self._start(self._waiting.popleft())

    def _start(self, job: Job) -> None:
        self._active += 1
        self.session.hold_end()

        def arrive(result: Any) -> None:
            self._active -= 1
            self._fill()
            if self.session.state is not State.TERMINATED:
                job.deliver(result)
            self.session.release_end()

        job.begin(arrive)

    def destroy(self) -> None:
        """The session is ending: what waits is dropped."""
        while self._waiting:
            self._waiting.popleft().dropped()
