"""The bytes of an audio file, whatever its format: wav, mp3, ogg (vorbis) and flac.

A file is known by its first bytes, not by its name or content type. WAV is read by voxrt itself;
the others, and WAV of codecs that voxrt does not know, by the decoders of the optional package
`miniaudio` (extra `audio`), asked for signed 16-bit samples at the file's own rate and channels,
without dither. They are public domain C code and give the same bytes on every run of one machine;
rates are converted by the audio core.
"""

from __future__ import annotations

from array import array
from importlib import import_module
from importlib.util import find_spec
from typing import NoReturn

from voxrt.errors import AudioFileError
from voxrt.media.ogg import sound_pages
from voxrt.media.rational import HIGHEST_HZ, LOWEST_HZ, pcm_of
from voxrt.media.wav import Wav, parse_wav

#: The function of `miniaudio` for each format.
_READERS = {
    "mp3": "mp3_read_s16",
    "flac": "flac_read_s16",
    "ogg": "vorbis_read",
    "wav": "wav_read_s16",
}
_MP3_SYNC = 0xFFE0  # eleven bits


def format_of(data: bytes) -> str:
    """`wav`, `mp3`, `ogg`, `flac`, the name of another format, or nothing when it is not known."""
    if data[:4] == b"RIFF":
        return "wav"
    if data[:4] == b"fLaC":
        return "flac"
    if data[:4] == b"OggS":
        first = data[:128]
        if b"\x01vorbis" in first:
            return "ogg"
        return "Ogg Speex" if b"Speex" in first else "Ogg without Vorbis"
    if data[:3] == b"ID3" or _is_mpeg_audio(data):
        return "mp3"
    return ""


def _is_mpeg_audio(data: bytes) -> bool:
    """Whether it begins with the head of an MPEG frame that is not of AAC (layer 0)."""
    if len(data) < 4:
        return False
    head = int.from_bytes(data[:2], "big")
    layer, bitrate, rate = head >> 1 & 3, data[2] >> 4, data[2] >> 2 & 3
    return head & _MP3_SYNC == _MP3_SYNC and layer != 0 and bitrate != 15 and rate != 3


def decode_sound(data: bytes, *, name: str) -> Wav:
    """The sound of an audio file.

    Args:
        data: The whole file. Of one that is cut off, what is there is decoded.
        name: What messages call it.

    Raises:
        AudioFileError: It is empty, of no known format, or damaged; or the package that decodes
            it is not installed.
    """

    def fail(message: str, hint: str = "") -> NoReturn:
        raise AudioFileError(message, hint=hint, file=name)

    kind = format_of(data)
    if kind == "wav" or not data:
        return _wav(data, name)
    if kind not in _READERS:
        what = f"it is {kind}" if kind else "it is not an audio file"
        fail(f"{what}: wav, mp3, ogg (vorbis) and flac can be played")
    if find_spec("miniaudio") is None:
        fail(
            f"it is {kind}, and the decoder for it is not installed",
            "Install the extra: pip install 'voxrt[audio]'; or convert the file to WAV.",
        )
    sound = _decoded(data, kind)
    if sound is None:
        fail(f"its {kind} data cannot be decoded")
    if not LOWEST_HZ <= sound.rate_hz <= HIGHEST_HZ:
        fail(f"its rate is {sound.rate_hz} Hz, which is not between 4 and 192 kHz")
    if sound.channels not in (1, 2):
        fail(f"it has {sound.channels} channels; voxrt plays one and two")
    return sound


def _wav(data: bytes, name: str) -> Wav:
    """A WAV file: by voxrt's reader, or for other codecs by `miniaudio` when it is there."""
    try:
        return parse_wav(data, file=name)
    except AudioFileError:
        sound = _decoded(data, "wav") if find_spec("miniaudio") is not None else None
        usable = sound is not None and sound.channels in (1, 2) and sound.samples
        if sound is None or not usable or not LOWEST_HZ <= sound.rate_hz <= HIGHEST_HZ:
            raise
        return sound


def _decoded(data: bytes, kind: str) -> Wav | None:
    """What `miniaudio` makes of it; `None` when it makes nothing."""
    miniaudio = import_module("miniaudio")
    if kind == "ogg":
        data = sound_pages(data)
    try:
        sound = getattr(miniaudio, _READERS[kind])(data)
    except (miniaudio.MiniaudioError, ZeroDivisionError):  # by no channels, for data of no frame
        return None
    pcm = pcm_of(array("h", sound.samples))
    return Wav(pcm=pcm, rate_hz=sound.sample_rate, channels=sound.nchannels)
