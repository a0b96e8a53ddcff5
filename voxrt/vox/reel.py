"""What a recording is made of: sound on its way into a file.

`call.record` and `VoxEngine.createRecorder` record alike. The platform's own formats are mp3, and
flac with `lossless`. They are made at the end of the recording when an encoder for them is
installed (the extra `mp3`, or the programs `flac` and `ffmpeg`); otherwise the recording stays
the WAV file that it was all along.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Any

from voxrt.clock import US_PER_MS, US_PER_S
from voxrt.disk import write_whole
from voxrt.errors import AudioFileError, OutputError, ScenarioTypeError
from voxrt.media.encode import Kind, encode, encoders
from voxrt.media.graph import Tap
from voxrt.media.wav import WavWriter
from voxrt.session.values import Struct
from voxrt.vox import api
from voxrt.vox.context import RECORDINGS, Context
from voxrt.vox.shortfalls import tell_shortfalls

#: When events come after what they tell of, as in the platform's own logs.
STARTED_AFTER_US = 20 * US_PER_MS
STOPPED_AFTER_US = 15 * US_PER_MS
CHUNK_MS = 1_000
STANDARD_HZ, HD_HZ = 8_000, 48_000
LONGEST_NAME = 100


class Reel:
    """One recording under way: 8 kHz, or 48 kHz with `hd_audio` or `lossless`; always stereo.

    Args:
        context: The session's platform.
        params: `lossless`, `hd_audio`, `recordNamePrefix`, `name`, `expire`, `secure`.
        on_problem: Called once when the file can no longer be written; not from the constructor.

    Attributes:
        rate_hz: The rate that its tap must have.
        url: Where the recording will be.
        problem: Why nothing, or nothing more, is written; empty while all is well.
    """

    def __init__(
        self, context: Context, params: Struct, on_problem: Callable[[], object] = lambda: None
    ) -> None:
        self._context = context
        self._on_problem = on_problem
        self.problem = ""
        self._kind: Kind = "flac" if params.get("lossless") else "mp3"
        self.rate_hz = HD_HZ if params.get("hd_audio") or params.get("lossless") else STANDARD_HZ
        name = _in_a_path(params.get("name"))
        prefix = _in_a_path(params.get("recordNamePrefix")) + (f"{name}-" if name else "")
        stem = f"{prefix}{context.session.ids.hex(16)}"
        self._writer = self._open(context.folder / RECORDINGS / f"{stem}.wav")
        self._encodes = self._kind in encoders()
        if not self._encodes:
            context.approximated(f"recordings: WAV in place of {self._kind} (no encoder installed)")
        self._about = {key: params[key] for key in ("name", "expire", "secure") if params.get(key)}
        self.url = f"file:{RECORDINGS}/{stem}.{self._kind if self._encodes else 'wav'}"
        self._muted = False

    def _open(self, path: Path) -> WavWriter | None:
        try:
            path.parent.mkdir(exist_ok=True)
            return WavWriter(path, self.rate_hz, 2)
        except OSError as error:
            self.problem = f"the folder {path.parent.name} cannot be made: {error.strerror}"
        except AudioFileError as error:
            self.problem = error.message
        return None

    def run(self, tap: Tap) -> None:
        """Begins to keep what a tap gives; what is mono goes to both channels.

        Args:
            tap: At `rate_hz`, with chunks of `CHUNK_MS`.
        """
        self._tap = tap
        self._context.media.drain_with(tap, self._drain, self._close)

    def mute(self, on: bool) -> None:
        """Records silence from now on, or sound again."""
        self._drain()
        self._muted = on

    def end(self) -> str:
        """Ends the recording and finishes its file.

        Returns:
            Why the file is not of the kind that it should be; empty when it is.
        """
        self._close()
        if self._writer is None:
            return self.problem
        path, problem = self._encoded(self._writer.path)
        relative = path.relative_to(self._context.folder).as_posix()
        self._context.session.journal.write("file", what="recording", path=relative, **self._about)
        return self.problem or problem

    def add_transcription(self, text: str, ending: str) -> str:
        """Puts a text of what was recorded beside the file, under its name with another ending.

        Returns:
            Why it is not there; empty when it is.
        """
        if self._writer is None:
            return self.problem
        path = self._writer.path.with_suffix(f".{ending}")
        try:
            write_whole(path, (text.encode(),))
        except OutputError as error:
            return error.message
        relative = path.relative_to(self._context.folder).as_posix()
        self._context.session.journal.write("file", what="transcription", path=relative)
        return ""

    @property
    def seconds(self) -> int:
        """Whole seconds that were recorded."""
        return 0 if self._writer is None else self._writer.duration_us // US_PER_S

    def _close(self) -> None:
        self._drain()
        self._context.media.stop_draining(self._tap)
        self._tap.close()
        if self._writer is not None:
            self._writer.close()

    def _drain(self) -> None:
        pcm = self._tap.read()
        if self._muted:
            pcm = bytes(len(pcm))
        if self._writer is None or self.problem:
            return
        try:
            self._writer.append(pcm if self._tap.channels == 2 else _on_both_channels(pcm))
        except AudioFileError as error:  # what was written before is a whole file
            self.problem = error.message
            self._on_problem()

    def _encoded(self, path: Path) -> tuple[Path, str]:
        """The finished file, and why it is not of the kind that it should be."""
        if not self._encodes or self.problem:
            return path, ""
        try:
            made = encode(path, self._kind)
        except AudioFileError as error:
            return path, error.message
        if made != path:
            path.unlink()
        return made, ""


def check_recording(context: Context, function: str, params: Struct) -> None:
    """Checks what `Call.record` and `VoxEngine.createRecorder` have in common.

    Args:
        context: The session's platform, whose scenario is warned of what has no effect.
        function: What the scenario called, in full.
        params: Its parameters.

    Raises:
        ScenarioTypeError: Two parameters exclude each other.
    """
    session, short = context.session, function.rpartition(".")[2]
    if params.get("hd_audio") and params.get("lossless"):
        raise ScenarioTypeError(f"{short}: hd_audio and lossless exclude each other")
    tell_shortfalls(session, function, params)
    expire = params.get("expire")
    known = api.enum_members("RecordExpireTime")
    if expire is not None and expire not in known.values():
        session.warn("ignored", f"{short}: expire must be one of RecordExpireTime, not {expire!r}")


def _in_a_path(name: Any) -> str:
    """A name as a part of a file's name."""
    return re.sub(r"[^\w.-]", "_", str(name or "")[:LONGEST_NAME])


def _on_both_channels(pcm: bytes) -> bytes:
    """A mono recording as stereo with the same on either side."""
    mono = array("h", pcm)
    both = array("h", bytes(len(pcm) * 2))
    both[0::2] = mono
    both[1::2] = mono
    return both.tobytes()
