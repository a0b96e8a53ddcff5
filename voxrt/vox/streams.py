"""A stream of sound that comes over a socket, as units hear it: its queue, and when it plays.

A stream *starts* when its first sample plays, and has *ended* when nothing of it has played for a
second. Within that second it may go on: that is one stretch. A stream whose sender said that it
is complete has ended as soon as the last of it has played.
"""

from __future__ import annotations

from collections.abc import Callable

from attrs import define, field

from voxrt.clock import US_PER_S, Timer
from voxrt.media.graph import Mark, MarkKind, Port, Side
from voxrt.vox.arrivals import USUAL_HZ, Piece
from voxrt.vox.context import Context

END_SILENCE_US = 1 * US_PER_S


@define(eq=False)
class Outlet:
    """One tagged stream from the far end of a socket to units.

    Args:
        context: The session's platform.
        name: What its port is called.
        tag: Empty without one.
        queue_ms: How much sound waits at most.
        on_started: It began to be heard.
        on_ended: It has been silent for a second, or is complete.

    Attributes:
        port: Plays the stream.
        encoding: What the platform calls the stream's format.
        custom_parameters: Of the stream.
        playing: Whether it is between its start and its end.
    """

    context: Context
    name: str
    tag: str
    queue_ms: int
    on_started: Callable[[Outlet], None]
    on_ended: Callable[[Outlet], None]
    port: Port = field(init=False)
    encoding: str = field(default="PCM16", init=False)
    custom_parameters: object = field(default=None, init=False)
    playing: bool = field(default=False, init=False)
    _ending: Timer | None = field(default=None, init=False)
    """Set while it is silent, and has not been for a second."""
    _complete: bool = field(default=False, init=False)
    _taken: int = field(default=0, init=False)

    def __attrs_post_init__(self) -> None:
        self.port = self.context.graph.port(self.name, USUAL_HZ, queue_ms=self.queue_ms)
        self.port.detect(Side.SOURCE, playback=True)
        self.context.media.listen(self.port, self._mark)

    def push(self, piece: Piece) -> int:
        """Queues sound; returns the samples that found no room."""
        self._complete = False
        samples = len(piece.pcm) // 2
        taken = self.port.push(piece.pcm, tag=piece.tag, offset=piece.offset)
        self._taken += taken
        return samples - taken

    def clear(self) -> int:
        """Drops what has not been played; returns its samples."""
        dropped = self.port.clear()
        self._taken -= dropped
        return dropped

    def complete(self) -> None:
        """Its sender says that nothing more comes: it ends with what is queued."""
        if self.port.queued_samples:
            self._complete = True
        else:
            self.end()

    @property
    def played_s(self) -> int:
        """Whole seconds that were played since the connection was made."""
        return (self._taken - self.port.queued_samples) // USUAL_HZ

    def end(self) -> None:
        """Ends the stretch that plays, if one does."""
        self._stop_ending()
        self._complete = False
        if self.playing:
            self.playing = False
            self.on_ended(self)

    def close(self) -> None:
        """Ends it, and frees the port."""
        self.end()
        self.context.media.forget(self.port)
        self.port.close()

    def _mark(self, mark: Mark) -> None:
        if mark.kind is MarkKind.PLAYBACK_STARTED:
            self._stop_ending()
            if not self.playing:
                self.playing = True
                self.on_started(self)
        elif mark.kind is MarkKind.PLAYBACK_ENDED:
            self._stop_ending()
            if self._complete:
                self.end()
            else:
                self._ending = self.context.clock.call_later(END_SILENCE_US, self.end)

    def _stop_ending(self) -> None:
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None
