"""Ctrl-C and SIGTERM while a run goes on."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import trio
from attrs import define, field

from voxrt.session.limits import in_script

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@define(eq=False)
class Interrupts:
    """The first one ends the session as the platform would, a second the run, a third voxrt.

    Args:
        first: Does so upon the first one, in trio's thread.
        second: And upon the second.

    Attributes:
        count: How many came.
        ignored: The run is being finished: nothing interrupts that.
    """

    first: Callable[[], object]
    second: Callable[[], object]
    count: int = field(default=0, init=False)
    ignored: bool = field(default=False, init=False)
    _token: trio.lowlevel.TrioToken | None = field(default=None, init=False)

    @contextmanager
    def awaited(self) -> Iterator[None]:
        """Handles the signals meanwhile; in the main thread, which alone gets them."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self._came) for number in STOP_SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def obey_in_trio(self) -> None:
        """Trio runs now: those that came before are obeyed, and those that come."""
        self._token = trio.lowlevel.current_trio_token()
        if self.count:
            self._obey()

    def look(self) -> None:
        """Looks whether a script that computes for long has to stop.

        Raises:
            KeyboardInterrupt: It has.
        """
        if self.count > 1:
            raise KeyboardInterrupt

    def explain(self, error: BaseException | None) -> bool:
        """Whether there is nothing but interruptions in an error."""
        if isinstance(error, BaseExceptionGroup):
            return all(self.explain(part) for part in error.exceptions)
        if isinstance(error, trio.TrioInternalError):  # it met trio at work, and not a task
            return self.explain(error.__cause__)
        return bool(self.count) and isinstance(error, KeyboardInterrupt)

    def _came(self, number: int, frame: FrameType | None) -> None:
        self.count += 1
        if self.ignored:
            return
        # A scenario that computes for ever does not let trio do anything.
        if self.count > 2 or (self.count == 2 and in_script(frame)):
            raise KeyboardInterrupt
        if self._token is not None:
            self._token.run_sync_soon(self._obey)

    def _obey(self) -> None:
        (self.first if self.count == 1 else self.second)()
