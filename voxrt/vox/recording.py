"""`call.record`: the recording of one call, from its order to the call's end."""

from __future__ import annotations

from voxrt.media.graph import Side
from voxrt.session.values import Struct
from voxrt.vox.context import Context, tell_later
from voxrt.vox.line import Line
from voxrt.vox.reel import CHUNK_MS, STARTED_AFTER_US, STOPPED_AFTER_US, Reel
from voxrt.vox.transcript import Transcript, read_transcript_settings

#: What the platform's logs have with `RecordStopped`.
STOPPED = "Stopped by user"


class Recording:
    """One `call.record`: begins at once, ends with the call.

    Both channels hold the mix, or with `stereo` the left one what the far end says and the right
    one what it hears. With `transcribe` a text of it lies beside the file. With `video`, of a call
    that has some, `VideoTrackCreated` is told once; what is recorded is the sound alone.

    Attributes:
        failed: Whether `RecordError` has been told: nothing is recorded any more.
    """

    def __init__(self, context: Context, line: Line, params: Struct) -> None:
        self._context = context
        self._line = line
        self._reel = Reel(context, params, self._tell_problem)
        far, near = (line.port, Side.SOURCE), (line.ear, Side.SINK)
        rate_hz = self._reel.rate_hz
        if params.get("stereo"):
            tap = context.graph.tap(far, near, rate_hz=rate_hz, chunk_ms=CHUNK_MS)
        else:
            tap = context.graph.tap(far, mix=(near,), rate_hz=rate_hz, chunk_ms=CHUNK_MS)
        self._reel.run(tap)
        line.on_end.append(self._stop)
        settings = read_transcript_settings(context.session, params)
        self._transcript = None if settings is None else Transcript(context, line, settings)
        self._awaits_video = bool(params.get("video"))
        line.on_video.append(self._tell_video)
        self._is_started = False
        self.failed = False
        self._start = context.clock.call_later(STARTED_AFTER_US, self._started)

    def _started(self) -> None:
        if self._reel.problem:
            self._tell_problem()
            return
        self._is_started = True
        self._line.emit("Call.RecordStarted", url=self._reel.url)
        self._tell_video()

    def _tell_video(self) -> None:
        """`VideoTrackCreated`, once both the recording and the video have begun."""
        if self._awaits_video and self._is_started and self._line.video_flows and not self.failed:
            self._awaits_video = False
            self._context.approximated("recordings: of a call with video the sound alone")
            self._line.emit("Call.Video.TrackCreated", url=self._reel.url)

    def _stop(self) -> None:
        self._start.cancel()
        problem = self._reel.end()
        if self._transcript is not None:
            text, ending = self._transcript.finish(), self._transcript.ending
            problem = self._reel.add_transcription(text, ending) or problem
        if problem:
            self._tell_problem(problem)
        if self.failed or not self._is_started:  # what was never reported as begun does not end
            return
        # A session that ends does not wait: the event is only written down then.
        tell_later(self._context, STOPPED_AFTER_US, self._stopped)

    def _tell_problem(self, problem: str = "") -> None:
        """`RecordError`, once, in place of all that would have followed."""
        if not self.failed:
            self.failed = True
            self._line.emit("Call.RecordError", error=problem or self._reel.problem)

    def _stopped(self) -> None:
        self._line.emit(
            "Call.RecordStopped",
            after_close=True,
            url=self._reel.url,
            cost="0",
            duration=self._reel.seconds,
            reason=STOPPED,
        )
