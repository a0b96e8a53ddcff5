"""The sound of a recording as a page needs it: its outline to draw, and a small file to play."""

from __future__ import annotations

import struct

from attrs import field, frozen

from voxrt.media.codecs import resample, ulaw_encode
from voxrt.media.encode import encode_mp3, has_lame
from voxrt.media.wav import Wav

#: One point of the outline for so much time; longer recordings get fewer.
FINE_MS, COARSE_MS = 10, 40
#: From this length on, in ms.
LONG_MS = 20 * 60_000

#: What is played is at most wideband, and an mp3 of so many kbit/s for each rate and channels.
_KBPS = {(8_000, 1): 16, (8_000, 2): 24, (16_000, 1): 24, (16_000, 2): 32}

#: The size of the high byte of a sample, as `bytes.translate` takes it.
_MAGNITUDE = bytes([*range(128), *range(127, -1, -1)])


@frozen
class Sound:
    """A file to play.

    Attributes:
        type: Its MIME type.
        data: The file.
    """

    type: str
    data: bytes = field(repr=False)


def outline(pcm: bytes, rate_hz: int, bucket_ms: int) -> bytes:
    """The peaks of mono PCM16, one byte of 0 to 127 for each `bucket_ms` of it.

    A peak is that of the samples' high bytes: -42 dBFS is the least that shows.
    """
    step = rate_hz * bucket_ms // 1000
    levels = pcm[1::2].translate(_MAGNITUDE)
    return bytes(max(levels[at : at + step]) for at in range(0, len(levels), step))


def bucket_ms_for(length_ms: float) -> int:
    """How much time one point of an outline stands for."""
    return COARSE_MS if length_ms > LONG_MS else FINE_MS


def playable(wav: Wav) -> Sound:
    """A recording as a small file that every browser plays.

    mp3 when the extra `mp3` is installed, 24 kbit/s for a stereo telephone call; otherwise a µ-law
    WAV file of 8 kHz, which is five times as large.
    """
    rate_hz = 8_000 if wav.rate_hz <= 8_000 or not has_lame() else 16_000
    pcm = _at_rate(wav, rate_hz)
    if has_lame():
        kbps = _KBPS[rate_hz, wav.channels]
        return Sound("audio/mpeg", encode_mp3(pcm, rate_hz, wav.channels, kbps))
    return Sound("audio/wav", _ulaw_wav(pcm, rate_hz, wav.channels))


def _at_rate(wav: Wav, rate_hz: int) -> bytes:
    if wav.rate_hz == rate_hz:
        return wav.pcm
    channels = [resample(wav.channel(index), wav.rate_hz, rate_hz) for index in range(wav.channels)]
    if wav.channels == 1:
        return channels[0]
    both = bytearray(2 * len(channels[0]))
    for index, channel in enumerate(channels):
        both[2 * index :: 4] = channel[::2]
        both[2 * index + 1 :: 4] = channel[1::2]
    return bytes(both)


def _ulaw_wav(pcm: bytes, rate_hz: int, channels: int) -> bytes:
    body = ulaw_encode(pcm)
    form = struct.pack("<HHIIHHH", 7, channels, rate_hz, rate_hz * channels, channels, 8, 0)
    fact = struct.pack("<I", len(body) // channels)
    chunks = (b"fmt ", form), (b"fact", fact), (b"data", body)
    riff = b"".join(
        name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
        for name, data in chunks
    )
    return b"RIFF" + struct.pack("<I", 4 + len(riff)) + b"WAVE" + riff
