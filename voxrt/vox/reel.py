"""What a recording is made of: sound on its way into a file.

`call.record` and `VoxEngine.createRecorder` record alike. The platform's own formats are mp3, and
flac with `lossless`. They are made at the end of the recording when an encoder for them is
installed (the extra `mp3`, or the programs `flac` and `ffmpeg`); otherwise the recording stays
the WAV file that it was all along.
"""

from __future__ import annotations

import re
from array import array
from pathlib import Path
from typing import Any

from voxrt.clock import US_PER_MS, US_PER_S
from voxrt.errors import AudioFileError, ScenarioTypeError
from voxrt.media.encode import Kind, encode, encoders
from voxrt.media.graph import Tap
from voxrt.media.wav import WavWriter
from voxrt.session.values import Struct
from voxrt.vox import api
from voxrt.vox.context import Context
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

    Attributes:
        rate_hz: The rate that its tap must have.
        url: Where the recording will be.
    """

    def __init__(self, context: Context, params: Struct) -> None:
        self._context = context
        self._kind: Kind = "flac" if params.get("lossless") else "mp3"
        self.rate_hz = HD_HZ if params.get("hd_audio") or params.get("lossless") else STANDARD_HZ
        name = _in_a_path(params.get("name"))
        prefix = _in_a_path(params.get("recordNamePrefix")) + (f"{name}-" if name else "")
        stem = f"{prefix}{context.session.ids.hex(16)}"
        folder = context.folder / "recordings"
        folder.mkdir(exist_ok=True)
        self._writer = WavWriter(folder / f"{stem}.wav", self.rate_hz, 2)
        self._encodes = self._kind in encoders()
        if not self._encodes:
            context.approximated(f"recordings: WAV in place of {self._kind} (no encoder installed)")
        self._about = {key: params[key] for key in ("name", "expire", "secure") if params.get(key)}
        self.url = f"file:recordings/{stem}.{self._kind if self._encodes else 'wav'}"
        self._muted = False

    def run(self, tap: Tap) -> None:
        """Begins to keep what a tap gives; what is mono goes to both channels.

        Args:
            tap: At `rate_hz`, with chunks of `CHUNK_MS`.
        """
        self._tap = tap
        self._context.media.drain_with(tap, self._drain)

    def mute(self, on: bool) -> None:
        """Records silence from now on, or sound again."""
        self._drain()
        self._muted = on

    def end(self) -> str:
        """Ends the recording and finishes its file.

        Returns:
            Why the file is not of the kind that it should be; empty when it is.
        """
        self._drain()
        self._context.media.stop_draining(self._tap)
        self._tap.close()
        self._writer.close()
        path, problem = self._encoded()
        relative = path.relative_to(self._context.folder).as_posix()
        self._context.session.journal.write("file", what="recording", path=relative, **self._about)
        return problem

    @property
    def seconds(self) -> int:
        """Whole seconds that were recorded."""
        return self._writer.duration_us // US_PER_S

    def _drain(self) -> None:
        pcm = self._tap.read()
        if self._muted:
            pcm = bytes(len(pcm))
        self._writer.append(pcm if self._tap.channels == 2 else _on_both_channels(pcm))

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
    known: dict[str, Any] = api.enum_members("RecordExpireTime")
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
