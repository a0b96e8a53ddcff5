"""Recordings of a call, as real files.

The platform's own formats are mp3, and flac with `lossless`. They are made at the end of the
recording when an encoder for them is installed (the extra `mp3`, or the programs `flac` and
`ffmpeg`); otherwise the recording stays the WAV file that it was all along.
"""

from __future__ import annotations

import re
from array import array
from pathlib import Path

from voxrt.clock import US_PER_MS, US_PER_S
from voxrt.errors import AudioFileError
from voxrt.media.encode import Kind, encode, encoders
from voxrt.media.graph import Side
from voxrt.media.wav import WavWriter
from voxrt.session.session import State
from voxrt.session.values import Struct
from voxrt.vox.context import Context
from voxrt.vox.line import Line

STARTED_AFTER_US = 20 * US_PER_MS
STOPPED_AFTER_US = 15 * US_PER_MS
CHUNK_MS = 1_000
STANDARD_HZ, HD_HZ = 8_000, 48_000


class Recording:
    """One `call.record`: begins at once, ends with the call.

    Both channels hold the mix, or with `stereo` the left one what the far end says and the right
    one what it hears. 8 kHz, or 48 kHz with `hd_audio` or `lossless`.
    """

    def __init__(self, context: Context, line: Line, params: Struct) -> None:
        self._context = context
        self._line = line
        self._stereo = bool(params.get("stereo"))
        self._kind: Kind = "flac" if params.get("lossless") else "mp3"
        rate_hz = HD_HZ if params.get("hd_audio") or params.get("lossless") else STANDARD_HZ
        prefix = re.sub(r"[^\w.-]", "_", str(params.get("recordNamePrefix") or "")[:100])
        stem = f"{prefix}{context.session.ids.hex(16)}"
        folder = context.folder / "recordings"
        folder.mkdir(exist_ok=True)
        self._writer = WavWriter(folder / f"{stem}.wav", rate_hz, 2)
        self._encodes = self._kind in encoders()
        self.url = f"file:recordings/{stem}.{self._kind if self._encodes else 'wav'}"
        far, near = (line.port, Side.SOURCE), (line.port, Side.SINK)
        if self._stereo:
            self._tap = context.graph.tap(far, near, rate_hz=rate_hz, chunk_ms=CHUNK_MS)
        else:
            self._tap = context.graph.tap(far, mix=(near,), rate_hz=rate_hz, chunk_ms=CHUNK_MS)
        context.media.drain_with(self._tap, self._drain)
        line.on_end.append(self._stop)
        self._is_started = False
        self._start = context.clock.call_later(STARTED_AFTER_US, self._started)

    def _started(self) -> None:
        self._is_started = True
        self._line.emit("Call.RecordStarted", url=self.url)

    def _drain(self) -> None:
        pcm = self._tap.read()
        self._writer.append(pcm if self._stereo else _on_both_channels(pcm))

    def _stop(self) -> None:
        self._start.cancel()
        self._drain()
        self._context.media.stop_draining(self._tap)
        self._tap.close()
        self._writer.close()
        path, problem = self._encoded()
        relative = path.relative_to(self._context.folder).as_posix()
        self._context.session.journal.write("file", what="recording", path=relative)
        if problem:
            self._line.emit("Call.RecordError", error=problem)
            return
        if not self._is_started:  # what was never reported as begun does not end
            return
        # A session that ends does not wait: the event is only written down then.
        ends = self._context.session.state is not State.RUNNING
        self._context.clock.call_later(0 if ends else STOPPED_AFTER_US, self._stopped)

    def _encoded(self) -> tuple[Path, str]:
        """The finished file, and why it is not of the kind that it should be."""
        path = self._writer.path
        if not self._encodes:
            return path, ""
        try:
            made = encode(path, self._kind)
        except AudioFileError as error:
            return path, str(error)
        if made != path:
            path.unlink()
        return made, ""

    def _stopped(self) -> None:
        seconds = self._writer.duration_us // US_PER_S
        self._line.emit(
            "Call.RecordStopped", after_close=True, url=self.url, cost="0", duration=seconds
        )


def _on_both_channels(pcm: bytes) -> bytes:
    """A mono recording as stereo with the same on either side."""
    mono = array("h", pcm)
    both = array("h", bytes(len(pcm) * 2))
    both[0::2] = mono
    both[1::2] = mono
    return both.tobytes()
