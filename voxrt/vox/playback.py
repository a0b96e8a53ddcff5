"""How a player plays: one mechanism for players as objects and for what a call plays by itself.

    loading --ready--> waiting --resume--> playing <--pause, resume--> paused
       |                  (or at once)        |
       +--failed--> ended <--the end, stop----+

The sound goes into the queue of a port some seconds ahead of its being heard. Pausing takes back
what was not heard yet, so that it goes on at the very sample. The port plays whether or not it is
linked to anything: a player's clock does not wait for a listener.

What happens in a frame is told when the frame is over, as all marks of the audio graph are: the
marker at sample 8000 comes 500 ms after `Started`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from enum import Enum
from itertools import chain
from typing import Protocol

from attrs import define, field

from voxrt.clock import US_PER_MS, US_PER_S, Timer
from voxrt.media.graph import Mark, MarkKind, Port
from voxrt.session.media import FRAME_US
from voxrt.vox.context import Context
from voxrt.vox.sounds import NOTHING, RATE_HZ, Parts, Piece, Source

#: How far ahead of its being heard the sound is queued, and how often it is topped up.
AHEAD_SAMPLES = 10 * RATE_HZ
TOP_UP_US = 4 * US_PER_S
QUEUE_MS = 20_000


class State(Enum):
    """Where in its life a playback is."""

    LOADING = "loading"
    WAITING = "waiting"
    PLAYING = "playing"
    PAUSED = "paused"
    ENDED = "ended"


class Report(Protocol):
    """Told what happens, by the event's short name."""

    def __call__(self, event: str, **fields: object) -> None:
        """`PlaybackReady`, `Started`, `PlaybackMarkerReached`, `Error`, `PlaybackFinished`,
        `Stopped`.
        """


@define(eq=False)
class Marker:
    """A place in the sound that is told when it is heard.

    Attributes:
        offset: As the scenario gave it, in ms; negative ones count from the end.
        part: The part that it counts in.
        at: The sample where it is due next, from the beginning of everything; in a loop, of the
            round that comes.
    """

    offset: float
    part: int
    at: int = 0
    timer: Timer | None = None

    def disarm(self) -> None:
        """It is not due any more."""
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None


@define(eq=False)
class Playback:
    """One sound being played.

    Args:
        context: The session's platform.
        source: What is played.
        report: Told what happens. `Started` has `duration` in ms: of one round of a loop, 0 of
            what never ends. A failure is `Error` and then `PlaybackFinished`, both with `error`.
        ended: Called once, when it is over for whatever reason; after the last report.
        paused: Whether it waits for `resume` when it is ready.
    """

    context: Context
    source: Source
    report: Report
    ended: Callable[[], object]
    paused: bool = False
    port: Port = field(init=False)
    state: State = field(default=State.LOADING, init=False)
    started: bool = field(default=False, init=False)
    _cancel: Callable[[], object] = field(default=lambda: None, init=False)
    _parts: Parts = field(default=(), init=False)
    _markers: list[Marker] = field(factory=list, init=False)
    _pieces: Iterator[Piece] = field(factory=lambda: iter(()), init=False)
    _again: deque[Piece] = field(factory=deque, init=False)
    """What a pause took back, to be played before the pieces that follow."""
    _ahead: deque[Piece] = field(factory=deque, init=False)
    """The pieces in the queue, as far as they may not have been heard yet."""
    _queued: int = field(default=0, init=False)
    """Samples that went into the queue and were not taken back, since the beginning."""
    _all_queued: bool = field(default=False, init=False)
    _top_up: Timer | None = field(default=None, init=False)
    _base_us: int = field(default=0, init=False)
    """When the frame was over in which `_base` was heard."""
    _base: int = field(default=0, init=False)

    def __attrs_post_init__(self) -> None:
        self.port = self.context.graph.port("player", RATE_HZ, queue_ms=QUEUE_MS)
        self.context.media.listen(self.port, self._mark)

    # --- what is asked of it ------------------------------------------------------------------

    def begin(self) -> None:
        """Loads the sound, and plays it when it is there."""
        self._cancel = self.source.load(self.context, self._ready, self.fail)

    def pause(self) -> None:
        """Stops the sound where it is; before it began, keeps it from beginning."""
        self.paused = True
        if self.state is State.PLAYING:
            self.state = State.PAUSED
            self._take_back()
            for marker in self._markers:
                if marker.at >= self._queued:  # those before are heard in the frame under way
                    marker.disarm()

    def resume(self) -> None:
        """Goes on where it was, or begins."""
        self.paused = False
        if self.state in (State.WAITING, State.PAUSED):
            self._play()

    def destroy(self) -> None:
        """Ends it at once: `Stopped`, and nothing more."""
        if self.state is not State.ENDED:
            self.report("Stopped")
            self._end()

    def _end(self) -> None:
        self.state = State.ENDED
        self._cancel()
        self._stop_topping_up()
        for marker in self._markers:
            marker.disarm()
        self.context.media.forget(self.port)
        self.ended()
        self.port.close()

    def fail(self, error: str) -> None:
        """Ends it because there is nothing to play."""
        if self.state is not State.ENDED:
            self.report("Error", error=error)
            self.report("PlaybackFinished", error=error)
            self._end()

    def add_marker(self, offset: float, part: int = 0) -> None:
        """Has a place in the sound told when it is heard; in a loop, in every round.

        Args:
            offset: In ms from the beginning of the part; negative: from its end.
            part: Its number, from 0.
        """
        marker = Marker(offset, part)
        self._markers.append(marker)
        if self.state not in (State.LOADING, State.ENDED):
            self._place(marker)

    # --- loading and playing ------------------------------------------------------------------

    def _ready(self, parts: Parts) -> None:
        self._parts = parts
        if self._round == 0:
            self.fail(NOTHING)
            return
        self.state = State.WAITING
        self.report("PlaybackReady")
        self.port.detect(playback=True)
        self._pieces = self._from_the_beginning()
        for marker in list(self._markers):
            self._place(marker)
        if not self.paused:
            self._play()

    @property
    def _round(self) -> int | None:
        """Samples of everything once; `None` when it never ends."""
        lengths = [part.samples for part in self._parts]
        return None if None in lengths else sum(length or 0 for length in lengths)

    def _from_the_beginning(self) -> Iterator[Piece]:
        return chain.from_iterable(part.pieces() for part in self._parts)

    def _play(self) -> None:
        self.state = State.PLAYING
        self._fill()
        if self._all_queued and not self.port.queued_samples:  # it was paused in its last frame
            over_us = (self.context.graph.tick + 1) * FRAME_US
            self.context.clock.call_at(over_us, self._run_out)
        elif self.started:
            self._time_begins(self.context.graph.tick, self._position())

    def _position(self) -> int:
        """The first sample that has not been heard yet."""
        return self._queued - self.port.queued_samples

    def _time_begins(self, tick: int, sample: int) -> None:
        """A sample is the first one of a frame: from now on it is known when others are heard."""
        self._base, self._base_us = sample, (tick + 1) * FRAME_US
        until = self._queued if self.state is State.PAUSED else None  # within its first frame
        for marker in self._by_place():
            if marker.timer is None and (until is None or marker.at < until):
                self._arm(marker)

    def _fill(self) -> None:
        """Queues some seconds of sound, and sees to it that more follows."""
        self._stop_topping_up()
        waiting = self.port.queued_samples
        while waiting < AHEAD_SAMPLES and not self._all_queued:
            piece = self._again.popleft() if self._again else next(self._pieces, None)
            if piece is None:
                self._all_queued = not self.source.loop
                self._pieces = self._from_the_beginning() if self.source.loop else iter(())
                continue
            self.port.push(piece.pcm, tag=piece.tag, offset=piece.offset)
            self._ahead.append(piece)
            self._queued += piece.samples
            waiting += piece.samples
        held = sum(piece.samples for piece in self._ahead)
        while len(self._ahead) > 1 and held - self._ahead[0].samples >= waiting:
            held -= self._ahead.popleft().samples
        if not self._all_queued:
            self._top_up = self.context.clock.call_later(TOP_UP_US, self._fill)

    def _take_back(self) -> None:
        """Empties the queue; what was in it is the next to be played."""
        self._stop_topping_up()
        dropped = self.port.clear()
        self._queued -= dropped
        while dropped > 0:
            piece = self._ahead.pop()
            heard = max(piece.samples - dropped, 0)
            dropped -= piece.samples - heard
            rest = Piece(piece.pcm[2 * heard :], piece.tag, piece.offset + heard)
            self._again.appendleft(rest)
        self._ahead.clear()
        self._all_queued = False

    def _stop_topping_up(self) -> None:
        if self._top_up is not None:
            self._top_up.cancel()
            self._top_up = None

    def _mark(self, mark: Mark) -> None:
        if mark.kind is MarkKind.PLAYBACK_STARTED and not self.started:
            self.started = True
            length = self._round
            self.report("Started", duration=0 if length is None else _ms(length))
            self._time_begins(mark.tick, 0)
        elif mark.kind is MarkKind.PLAYBACK_ENDED:
            self._run_out()

    def _run_out(self) -> None:
        """The queue ran dry: because it is over, it was paused, or the run was late."""
        if self.state is not State.PLAYING:
            return
        if not self._all_queued:
            self._fill()
        if self._all_queued and not self.port.queued_samples:
            self._finish()

    def _finish(self) -> None:
        for marker in self._by_place():
            if marker.at <= self._queued:
                self._reach(marker)
        self.report("PlaybackFinished")
        self._end()

    # --- markers ------------------------------------------------------------------------------

    def _by_place(self) -> list[Marker]:
        return sorted(self._markers, key=lambda marker: marker.at)

    def _place(self, marker: Marker) -> None:
        """Finds where a marker is, once the sound is there."""
        part = self._parts[marker.part]
        before = sum(part.samples or 0 for part in self._parts[: marker.part])
        samples = round(marker.offset * RATE_HZ / 1000)
        if samples < 0 and part.samples is not None:
            samples += part.samples
        if samples < 0 or (part.samples is not None and samples > part.samples):
            self._drop(marker, "lies outside of the sound")
            return
        marker.at = before + samples
        heard = self._heard_until()
        if self.source.loop and self._round is not None:
            while marker.at < heard:
                marker.at += self._round
        elif marker.at < heard:
            self._drop(marker, "has been passed already")
            return
        if self.started and self.state is State.PLAYING:
            self._arm(marker)

    def _heard_until(self) -> int:
        """The sample that is being heard now."""
        if self.state is not State.PLAYING or not self.started:
            return self._queued if self.state is State.PAUSED else 0
        passed_us = self.context.clock.now_us() - self._base_us
        return self._base + max(passed_us, 0) * RATE_HZ // US_PER_S

    def _drop(self, marker: Marker, why: str) -> None:
        self._markers.remove(marker)
        self.context.session.warn("ignored", f"the marker at {marker.offset:g} ms {why}")

    def _arm(self, marker: Marker) -> None:
        ahead_us = (marker.at - self._base) * US_PER_MS // (RATE_HZ // 1000)
        marker.timer = self.context.clock.call_at(self._base_us + ahead_us, self._reach, marker)

    def _reach(self, marker: Marker) -> None:
        marker.disarm()
        self.report("PlaybackMarkerReached", offset=marker.offset)
        if self.source.loop and self._round is not None:
            marker.at += self._round
            if self.state is State.PLAYING:
                self._arm(marker)
        else:
            self._markers.remove(marker)


def _ms(samples: int) -> int:
    return samples * 1000 // RATE_HZ
