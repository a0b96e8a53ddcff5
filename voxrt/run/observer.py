"""Watches the calls of a run: records them in stereo, and writes down what was heard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from attrs import define, field

from voxrt.disk import KEPT
from voxrt.errors import AudioFileError, OutputError
from voxrt.media.graph import Heard, Side, Tap
from voxrt.media.wav import WavWriter
from voxrt.run.ears import Ear
from voxrt.vox.context import Context
from voxrt.vox.line import Line

CHUNK_MS = 1_000

Audible = Callable[[Ear, Sequence[Heard]], object]


@define(eq=False)
class Observer:
    """The run's own view of every call of a session.

    Args:
        context: The session's platform; its `on_line` is set.
        recordings: The files of all sessions of the run, which are numbered together.
        audible: Given all that was audible on either side of a call (`Ear.told`).
    """

    context: Context
    recordings: list[Path] = field(factory=list)
    audible: Audible | None = None

    def __attrs_post_init__(self) -> None:
        self.context.on_line.append(self.watch)

    def watch(self, line: Line) -> None:
        """Begins to record a call: left what the far end says, right what it hears."""
        path = self.context.folder / f"call-{len(self.recordings) + 1}.wav"
        self.recordings.append(path)
        watched = _Watched(self.context, line, path, self.audible)
        line.on_end.append(watched.finish)


@define(eq=False)
class _Watched:
    context: Context
    line: Line
    path: Path
    audible: Audible | None
    _ears: tuple[Ear, ...] = field(default=(), init=False)
    _tap: Tap = field(init=False)
    _sound: _SoundFile = field(init=False)
    _said: _SoundFile | None = field(default=None, init=False)

    def __attrs_post_init__(self) -> None:
        port = self.line.port
        far = "caller" if self.line.incoming else "party"
        if self.line.leg.is_person:  # in another session, what is heard is told there
            self._ears = (
                Ear(self.context, self.line, Side.SOURCE, "platform", self.audible),
                Ear(self.context, self.line, Side.SINK, far, self.audible),
            )
        self._tap = self.context.graph.tap(
            (port, Side.SOURCE), (self.line.ear, Side.SINK), chunk_ms=CHUNK_MS
        )
        self._sound = _SoundFile(self.path, port.rate_hz, 2, self.context.broken)
        self.context.media.drain_with(self._tap, self._drain, self.finish)
        self.line.keep_sound = self._keep
        self.line.report(
            "phone",
            incoming=self.line.incoming,
            number=self.line.number,
            client_type=self.line.leg.client_type,
            rate_hz=port.rate_hz,
            **({"video": True} if self.line.leg.has_video else {}),
            recording=self.path.name,
            tick=self.context.graph.tick,
        )

    def _keep(self, pcm: bytes) -> int:
        if self._said is None:
            path = self.path.with_name(f"said-{self.path.name}")
            self._said = _SoundFile(path, self.line.port.rate_hz, 1, self.context.broken)
        return self._said.append(pcm)

    def finish(self) -> None:
        """Ends with the call, or when the run stops before it; its port is still open."""
        self._close()
        for ear in self._ears:
            ear.finish()
        self.context.session.journal.write("file", what="call", path=self.path.name)

    def _close(self) -> None:
        for ear in self._ears:
            ear.close()
        self._drain()
        self.context.media.stop_draining(self._tap)
        self._tap.close()
        self._sound.close()
        if self._said is not None:
            self._said.close()

    def _drain(self) -> None:
        self._sound.append(self._tap.read())


@define(eq=False)
class _SoundFile:
    """A sound file of the run's own; when it cannot be written, `broken` is told, once."""

    path: Path
    rate_hz: int
    channels: int
    broken: Callable[[OutputError], object]
    _writer: WavWriter | None = field(default=None, init=False)

    def __attrs_post_init__(self) -> None:
        try:
            self._writer = WavWriter(self.path, self.rate_hz, self.channels)
        except AudioFileError as error:
            self._break_off(error)

    def append(self, pcm: bytes) -> int:
        """Adds sound; returns the sample that it begins at."""
        if self._writer is None:
            return 0
        start = self._writer.samples
        try:
            self._writer.append(pcm)
        except AudioFileError as error:
            self._break_off(error)
        return start

    def close(self) -> None:
        """Closes the file; a second time does nothing."""
        if self._writer is not None:
            self._writer.close()

    def _break_off(self, error: AudioFileError) -> None:
        self.close()
        self._writer = None
        self.broken(OutputError(error.message, hint=KEPT, file=error.file))
