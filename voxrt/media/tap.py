"""Taps: what passes one or two points of the graph, kept until it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define, field

from voxrt._native import lib
from voxrt.media.core import SCRATCH_SAMPLES, to_int32

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voxrt.media.core import Core
    from voxrt.media.marks import Side
    from voxrt.media.port import Port

    Point = tuple[Port, Side]


@define(eq=False)
class Tap:
    """Sound on its way out of the graph; made by `Graph.tap`.

    Attributes:
        id: Counted from 1 in its graph; the value of its CHUNK and TAP_FULL marks.
        rate_hz: Rate of what is read.
        channels: 1, or 2 for left and right.
    """

    id: int
    rate_hz: int
    channels: int
    _core: Core = field(repr=False)
    _closed: bool = field(default=False, repr=False)

    def _check(self, status: int) -> int:
        return status if status >= 0 else self._core.check(status, f"Tap {self.id}")

    @property
    def closed(self) -> bool:
        """Whether the tap or its graph has been closed."""
        return self._closed or self._core.closed

    @property
    def available_samples(self) -> int:
        """Samples of each channel that wait to be read."""
        return self._check(lib.vx_graph_tap_waiting(self._core.handle, self.id))

    @property
    def lost_samples(self) -> int:
        """Samples dropped for want of room while the pacer ran; always 0 in virtual time."""
        return self._check(lib.vx_graph_tap_lost(self._core.handle, self.id))

    def read(self, samples: int | None = None) -> bytes:
        """Takes what waits, oldest first.

        Args:
            samples: Of each channel, at most; all that waits by default.

        Returns:
            Mono, or left and right by turns.
        """
        if samples is not None and samples < 0:
            raise ValueError(f"A tap cannot read {samples} samples.")
        core, most = self._core, SCRATCH_SAMPLES // self.channels
        pieces: list[bytes] = []
        while True:
            wanted = most if samples is None else min(samples, most)
            count = lib.vx_graph_read_tap(core.handle, self.id, core.scratch, wanted)
            self._check(count)
            pieces.append(core.scratch_bytes[: 2 * self.channels * count])
            if samples is not None:
                samples -= count
            if count < most:
                return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def hold_silence(self, chunks: int) -> None:
        """Raises one CHUNK for several silent chunks from now on.

        Their mark waits for that of the next chunk which has sound in it, or until so many have
        passed. What waits can be read at any time.

        Args:
            chunks: How many, up to 1000; 0 for a mark of each, as at first. Those that are held
                then wait no longer than for the end of the chunk that has begun.
        """
        self._check(lib.vx_graph_hold_tap(self._core.handle, self.id, to_int32(chunks)))

    def close(self) -> None:
        """Ends the tap; what was not read is dropped. Harmless when it is closed."""
        if not self.closed:
            self._check(lib.vx_graph_close_tap(self._core.handle, self.id))
            self._closed = True


def points_of(points: Sequence[Point]) -> list[dict[str, int]]:
    """The points as the core takes them."""
    return [{"port": port.id, "side": side.value} for port, side in points]
