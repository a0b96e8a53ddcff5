"""What the parts of one conversation share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define, field

from voxrt.clock import US_PER_MS
from voxrt.xai.standin.items import Items
from voxrt.xai.standin.usage import UsageMeter

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from voxrt.clock import Clock, Timer
    from voxrt.media.speech import Speaker
    from voxrt.media.utterances import Utterances
    from voxrt.xai.server import Frame, ServerProtocol
    from voxrt.xai.session import SessionConfig
    from voxrt.xai.standin.faults import FaultBook
    from voxrt.xai.standin.replying import Agent
    from voxrt.xai.standin.settings import SpokenSpan, StandInSettings
    from voxrt.xai.standin.wire import Wire


@define(kw_only=True)
class Stage:
    """The conversation's clock, protocol, way out, configuration and memory.

    Attributes:
        began_us: When the connection was accepted.
    """

    clock: Clock
    rng: random.Random
    settings: StandInSettings
    protocol: ServerProtocol
    wire: Wire
    faults: FaultBook
    speaker: Speaker
    utterances: Utterances
    agent: Agent
    config: SessionConfig
    began_us: int
    items: Items = field(factory=Items)
    usage: UsageMeter = field(factory=UsageMeter)
    _timers: dict[str, Timer] = field(factory=dict)

    def send(self, frame: Frame, speech: SpokenSpan | None = None) -> None:
        """Sends one frame."""
        self.wire.send(frame, speech)

    def send_all(self, frames: list[Frame]) -> None:
        """Sends frames in order."""
        for frame in frames:
            self.wire.send(frame)

    def after(self, name: str, delay_ms: float, call: Callable[[], object]) -> None:
        """Calls a function after a delay, in place of what was to be called under that name.

        Nothing is called any more once the connection is closed.
        """
        self.cancel(name)
        if not self.wire.is_open:
            return
        self._timers[name] = self.clock.call_later(
            round(delay_ms * US_PER_MS), self._fire, name, call
        )

    def cancel(self, name: str) -> bool:
        """Forgets what was to be called under a name; whether there was something."""
        timer = self._timers.pop(name, None)
        if timer is not None:
            timer.cancel()
        return timer is not None

    def cancel_all(self) -> None:
        """Forgets everything that was to be called."""
        for name in list(self._timers):
            self.cancel(name)

    def between(self, span: tuple[int, int]) -> int:
        """A number of milliseconds from a range."""
        return self.rng.randint(*span)

    @property
    def elapsed_ms(self) -> int:
        """The age of the connection."""
        return (self.clock.now_us() - self.began_us) // US_PER_MS

    def _fire(self, name: str, call: Callable[[], object]) -> None:
        self._timers.pop(name, None)
        call()
