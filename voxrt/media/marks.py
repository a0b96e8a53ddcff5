"""What the graph tells: marks, and what was audible."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from attrs import frozen

from voxrt._native import lib

if TYPE_CHECKING:
    from voxrt.media.port import Port

FRAME_MS = 20
"""Length of a frame; tick k makes the frame that begins at k * 20 ms."""


class Side(Enum):
    """The two sides of a port."""

    SOURCE = lib.VX_SIDE_SOURCE
    """What the unit behind the port sends into the graph."""

    SINK = lib.VX_SIDE_SINK
    """What the unit behind the port receives: the mix of the links that end in it."""


class MarkKind(Enum):
    """What a mark is about, in the order in which marks of one tick and port come."""

    PLAYBACK_STARTED = lib.VX_MARK_PLAYBACK_STARTED
    """The queue, clip or tone plays its first sample; `value` is its tag."""

    PLAYBACK_ENDED = lib.VX_MARK_PLAYBACK_ENDED
    """It ran dry, was stopped or cleared: the first tick with silence where it would have gone
    on. `value` is the tag of the last sample."""

    SPEECH_STARTED = lib.VX_MARK_SPEECH_STARTED
    """`value`: samples from the setting of the detector to the onset, minus the padding."""

    SPEECH_STOPPED = lib.VX_MARK_SPEECH_STOPPED
    """`value`: samples from the setting of the detector to the end of the speech."""

    SILENCE = lib.VX_MARK_SILENCE
    """It has been silent since it was last audible; `value`: for so many ms."""

    DIGIT = lib.VX_MARK_DIGIT
    """A DTMF digit in the sound; `value` is `ord` of it."""

    LEVEL = lib.VX_MARK_LEVEL
    """`value`: level of the loudest frame of the period, in 1/10 dBFS; -1000 for silence."""

    OVERFLOW = lib.VX_MARK_OVERFLOW
    """push() had to drop `value` samples since the tick before."""

    CHUNK = lib.VX_MARK_CHUNK
    """A tap has another `chunk_ms` ready; `value` is its id, the port its first point."""

    TAP_FULL = lib.VX_MARK_TAP_FULL
    """A tap has no room for another frame: read it. `value` is its id."""

    LEDGER_FULL = lib.VX_MARK_LEDGER_FULL
    """A ledger can grow no more: read it."""


_KINDS = {kind.value: kind for kind in MarkKind}
_SIDES = {side.value: side for side in Side}


def kind_of(value: int) -> MarkKind:
    """The kind with that number in the core."""
    return _KINDS[value]


def side_of(value: int) -> Side:
    """The side with that number in the core."""
    return _SIDES[value]


class Mark(NamedTuple):
    """Something that happened in a tick and that somebody asked to be told.

    Attributes:
        tick: When: in the frame that begins at `tick * 20` ms.
        port: Where.
        side: On which of its sides.
        kind: What.
        value: A number that depends on the kind; see `MarkKind`.
    """

    tick: int
    port: Port
    side: Side
    kind: MarkKind
    value: int


class Heard(NamedTuple):  # a tuple, because there is one for each source in each frame
    """A stretch of one source's sound that was audible in one frame.

    Attributes:
        tick: The frame.
        source: The port that sent it; through conferences, the port that spoke there.
        tag: Utterance id given to `push` or `play`; 0 when there was none.
        offset: Position of the first sample in that utterance, at the source's rate.
        samples: How many, at the source's rate; less than a frame where it began or ended.
        truncated: The frame had more sources than a ledger holds (16); set on the last entry.
    """

    tick: int
    source: Port
    tag: int
    offset: int
    samples: int
    truncated: bool = False


@frozen
class VadSettings:
    """How speech is told from silence; `native/vx_vad.h` has the algorithm.

    Attributes:
        threshold: 0.1 (sounds above -56 dBFS are speech) to 0.9 (above -40 dBFS).
        prefix_padding_ms: How far before the onset a start is reported, 0 to 10,000.
        silence_ms: How long silence must last to end speech, 20 to 10,000.
    """

    threshold: float = 0.5
    prefix_padding_ms: int = 300
    silence_ms: int = 500


@frozen(kw_only=True)
class GraphStatistics:
    """A snapshot of a graph.

    Attributes:
        ticks: That have run.
        ports: Open.
        taps: Open.
        links: Open.
        plans: Times the graph was compiled after changes.
        marks_lost: Marks that found no room while the pacer ran and nobody took them.
        late_ticks: Ticks of the pacer that began more than half a frame after they were due.
        worst_late_ns: The latest of them, in nanoseconds.
        pacing: Whether the pacer runs.
    """

    ticks: int
    ports: int
    taps: int
    links: int
    plans: int
    marks_lost: int
    late_ticks: int
    worst_late_ns: int
    pacing: bool
