"""What a leg hears of the platform: whether it speaks, and since when.

Speech is told by the voice activity detector on what the port receives. The detector notices a
pause 200 ms after it began, and says when it began; all times here are of the sound itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define, field

from voxrt.media.graph import MarkKind, Side, VadSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from voxrt.media.graph import Mark
    from voxrt.vox.leg import LegHost

FRAME_US = 20_000
PAUSE_MS = 200


@define(eq=False)
class Ear:
    """Follows whether the platform is heard.

    Attributes:
        speaking: Whether it is.
        since_us: When it began to be so, in microseconds of the run.
        spoke: Whether it has begun to speak since `forget`.
    """

    _line: LegHost
    _changed: Callable[[], None]
    speaking: bool = field(default=False, init=False)
    since_us: int = field(default=0, init=False)
    spoke: bool = field(default=False, init=False)
    _base_us: int = field(default=0, init=False)

    def attach(self) -> None:
        """Begins to listen."""
        self._base_us = self._line.graph.tick * FRAME_US
        self.since_us = self._base_us
        settings = VadSettings(threshold=0.5, prefix_padding_ms=0, silence_ms=PAUSE_MS)
        self._line.port.detect(Side.SINK, vad=settings)

    def restart(self) -> None:
        """Lets a silence count from now on: nobody could have spoken before."""
        if not self.speaking:
            self.since_us = self._line.clock.now_us()

    def forget(self) -> None:
        """Takes what was said so far as dealt with."""
        self.spoke = False

    def remember(self) -> None:
        """Takes what is being said at this moment as not yet dealt with."""
        self.spoke = self.spoke or self.speaking

    def notice(self, mark: Mark) -> None:
        """Takes a mark of the port."""
        if mark.side is not Side.SINK:
            return
        if mark.kind is MarkKind.SPEECH_STARTED:
            self.speaking = self.spoke = True
        elif mark.kind is MarkKind.SPEECH_STOPPED:
            self.speaking = False
        else:
            return
        self.since_us = self._base_us + mark.value * 1_000_000 // self._line.port.rate_hz
        self._changed()
