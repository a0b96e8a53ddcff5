"""WAV files: read strictly, written so that a killed run leaves a whole file.

Read: 16-bit and 8-bit PCM, µ-law and A-law, mono or stereo, any rate from 4 to 192 kHz.
Written: 16-bit PCM. The header's sizes are brought up to date with every append, so that a file
can be opened while the call is still going on.

Format: https://www.mmsp.ece.mcgill.ca/Documents/AudioFormats/WAVE/WAVE.html
"""

from __future__ import annotations

import struct
from array import array
from pathlib import Path
from typing import IO, TYPE_CHECKING, NoReturn

from attrs import field, frozen

from voxrt.disk import write_all
from voxrt.errors import AudioFileError
from voxrt.media.codecs import alaw_decode, ulaw_decode
from voxrt.media.rational import (
    HIGHEST_HZ,
    LOWEST_HZ,
    mean_of_channels,
    pcm_of,
    resample_any,
    samples_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

_PCM, _FLOAT, _ALAW, _MULAW, _EXTENSIBLE = 1, 3, 6, 7, 0xFFFE
_NAMES = {
    2: "Microsoft ADPCM", _FLOAT: "floating point", 0x11: "IMA ADPCM", 0x31: "GSM 6.10",
    0x50: "MPEG", 0x55: "MP3", _EXTENSIBLE: "WAVE_FORMAT_EXTENSIBLE",
}  # fmt: skip
_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")
_UNKNOWN_LENGTHS = (0, 0xFFFFFFFF)
_LARGEST = 0xFFFFFFFF - _HEADER.size
_CONVERT = "Convert it: ffmpeg -i FILE -c:a pcm_s16le -ac 1 -ar 16000 OUT.wav"
_SIGNATURES = {
    b"ID3": "an MP3 file", b"\xff\xfb": "an MP3 file", b"fLaC": "a FLAC file",
    b"OggS": "an Ogg file", b"FORM": "an AIFF file", b"RF64": "an RF64 file",
    b"RIFX": "a big-endian RIFX file",
}  # fmt: skip


@frozen(kw_only=True)
class Wav:
    """The sound of a file as PCM16, interleaved when it is stereo."""

    pcm: bytes = field(repr=False)
    rate_hz: int
    channels: int

    @property
    def samples(self) -> int:
        """Samples per channel."""
        return len(self.pcm) // (2 * self.channels)

    @property
    def duration_us(self) -> int:
        """Length in microseconds, rounded up."""
        return -(-self.samples * 1_000_000 // self.rate_hz)

    def channel(self, index: int, rate_hz: int | None = None) -> bytes:
        """One channel as mono PCM16, resampled to `rate_hz` when that is given.

        Raises:
            IndexError: The file has no such channel.
        """
        if not 0 <= index < self.channels:
            raise IndexError(f"channel {index} of a file with {self.channels}")
        mono = pcm_of(samples_of(self.pcm)[index :: self.channels])
        return mono if rate_hz is None else resample_any(mono, self.rate_hz, rate_hz)

    def mono(self, rate_hz: int | None = None) -> bytes:
        """All channels as one, each at half level when there are two."""
        if self.channels == 1:
            return self.channel(0, rate_hz)
        mono = mean_of_channels(self.pcm)
        return mono if rate_hz is None else resample_any(mono, self.rate_hz, rate_hz)


def read_wav(path: str | Path) -> Wav:
    """Reads a WAV file whole.

    A data length of 0 or of 4 GB, or one that goes past the end of the file, is what programs
    leave that were killed while writing: the sound that is there is read. Only a file whose header
    itself is cut is damaged.

    Raises:
        AudioFileError: The file is missing or is not a WAV file that voxrt reads; says why, and
            how to convert it.
    """
    try:
        data = Path(path).read_bytes()
    except FileNotFoundError:
        raise AudioFileError("there is no such file", file=str(path)) from None
    except OSError as error:
        raise AudioFileError(f"the file cannot be read: {error.strerror}", file=str(path)) from None
    return parse_wav(data, file=str(path))


def parse_wav(data: bytes, *, file: str = "<wav>") -> Wav:
    """Reads a WAV file from memory; `file` is what messages call it."""

    def fail(message: str, hint: str = "") -> NoReturn:
        raise AudioFileError(message, hint=hint, file=file)

    if not data:
        fail("the file is empty")
    if data[:4] != b"RIFF" or (len(data) >= 12 and data[8:12] != b"WAVE"):
        kind = next((name for magic, name in _SIGNATURES.items() if data.startswith(magic)), "")
        fail(f"not a WAV file{f', but {kind}' if kind else ''}", _CONVERT)
    layout: _Layout | None = None
    position = 12
    while position + 8 <= len(data):
        name, length = struct.unpack_from("<4sI", data, position)
        body = data[position + 8 : position + 8 + length]
        if name == b"fmt ":
            if len(body) < min(length, 16) or length < 16:
                fail("the file is cut off within its header")
            layout = _read_layout(body, fail)
        elif name == b"data":
            if layout is None:
                fail("its sound comes before the description of its format")
            if length in _UNKNOWN_LENGTHS:
                body = data[position + 8 :]
            return layout.decode(body)
        position += 8 + length + length % 2
    if layout is None:
        fail("the file is cut off within its header")
    return fail("it has no sound: there is no `data` chunk")


@frozen
class _Layout:
    codec: int
    channels: int
    rate_hz: int
    bits: int

    def decode(self, body: bytes) -> Wav:
        frame = self.channels * self.bits // 8
        body = body[: len(body) // frame * frame]
        if self.codec == _MULAW:
            body = ulaw_decode(body)
        elif self.codec == _ALAW:
            body = alaw_decode(body)
        elif self.bits == 8:
            body = pcm_of(array("h", [(byte - 128) << 8 for byte in body]))
        return Wav(pcm=body, rate_hz=self.rate_hz, channels=self.channels)


def _read_layout(body: bytes, fail: Callable[..., NoReturn]) -> _Layout:
    codec, channels, rate_hz, _, _, bits = struct.unpack_from("<HHIIHH", body)
    if codec == _EXTENSIBLE and len(body) >= 40:
        codec = struct.unpack_from("<H", body, 24)[0]
    if codec not in (_PCM, _ALAW, _MULAW):
        name = _NAMES.get(codec, "unknown")
        fail(f"its codec is {codec} ({name}); voxrt reads PCM, µ-law and A-law", _CONVERT)
    if codec == _PCM and bits not in (8, 16):
        fail(f"it has {bits}-bit samples; voxrt reads 16-bit and 8-bit", _CONVERT)
    if codec != _PCM and bits != 8:
        fail(f"it has {bits}-bit G.711 samples, which do not exist", _CONVERT)
    if channels not in (1, 2):
        fail(f"it has {channels} channels; voxrt reads one and two", _CONVERT)
    if not LOWEST_HZ <= rate_hz <= HIGHEST_HZ:
        fail(f"its rate is {rate_hz} Hz, which is not between 4 and 192 kHz", _CONVERT)
    return _Layout(codec, channels, rate_hz, bits)


class WavWriter:
    """Writes a WAV file as the sound happens; after every append the file is whole.

    Args:
        path: The file; its folder must exist. An older file is replaced.
        rate_hz: Sampling rate.
        channels: 1, or 2 for stereo with interleaved samples.

    Raises:
        AudioFileError: The file cannot be written; it is closed, as after `append` raises this.
    """

    def __init__(self, path: str | Path, rate_hz: int, channels: int = 1) -> None:
        self.path = Path(path)
        self.rate_hz = rate_hz
        self.channels = channels
        self.samples = 0
        self._file: IO[bytes] | None = None
        try:
            self._file = self.path.open("wb", buffering=0)
            write_all(self._file, self._header())
        except OSError as error:
            self._refuse(error)

    def append(self, pcm: bytes) -> None:
        """Adds PCM16 samples, for stereo interleaved.

        Raises:
            AudioFileError: The writer is closed, the disk is full, or the file would pass 4 GB.
            ValueError: The bytes are not whole samples of every channel.
        """
        if len(pcm) % (2 * self.channels):
            raise ValueError(f"{len(pcm)} bytes are not whole samples of {self.channels} channels")
        if self._file is None:
            raise AudioFileError("the recording is already closed", file=str(self.path))
        if _HEADER.size + self.samples * 2 * self.channels + len(pcm) > _LARGEST:
            raise AudioFileError("a WAV file cannot pass 4 GB", file=str(self.path))
        if not pcm:
            return
        try:
            self._file.seek(0, 2)
            write_all(self._file, pcm)
            self.samples += len(pcm) // (2 * self.channels)
            self._file.seek(0)
            write_all(self._file, self._header())
        except OSError as error:
            self._refuse(error)

    @property
    def duration_us(self) -> int:
        """What has been written, in microseconds, rounded up."""
        return -(-self.samples * 1_000_000 // self.rate_hz)

    def close(self) -> None:
        """Closes the file; a second time does nothing."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> WavWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _header(self) -> bytes:
        size = self.samples * 2 * self.channels
        return _HEADER.pack(
            b"RIFF", size + _HEADER.size - 8, b"WAVE", b"fmt ", 16, _PCM, self.channels,
            self.rate_hz, self.rate_hz * 2 * self.channels, 2 * self.channels, 16, b"data", size,
        )  # fmt: skip

    def _refuse(self, error: OSError) -> NoReturn:
        self.close()
        raise AudioFileError(
            f"the recording cannot be written: {error.strerror}", file=str(self.path)
        ) from None
