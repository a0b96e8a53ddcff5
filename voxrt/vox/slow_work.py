"""Work that takes real time: done in a thread, while the run's clock is held, one after another.

One at a time, so that what is asked for at the same instant ends in the same order in every run.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

import trio
from attrs import define, field

from voxrt.session.session import Session

Work = Callable[[], Any]
Done = Callable[[Any, Exception | None], object]


@define(eq=False)
class SlowWork:
    """The queue of one session's work.

    Args:
        hold: The name of the hold that is taken for each piece.
    """

    _session: Session
    _hold: str
    _waiting: deque[tuple[Work, Done]] = field(factory=deque, init=False)
    _running: bool = field(default=False, init=False)

    def add(self, work: Work, done: Done) -> None:
        """Has something done.

        Args:
            work: Called in a thread.
            done: Called as an entry of the session's clock, with the result, or with the error.
        """
        self._session.clock.take_hold(self._hold)
        self._waiting.append((work, done))
        if not self._running:
            self._running = True
            self._session.spawn(self._run)

    async def _run(self) -> None:
        clock = self._session.clock
        while self._waiting:
            work, done = self._waiting.popleft()
            try:
                result = await trio.to_thread.run_sync(work, abandon_on_cancel=True)
            except Exception as error:
                clock.call_soon(done, None, error)
            else:
                clock.call_soon(done, result, None)
            finally:
                clock.release_hold(self._hold)
        self._running = False
