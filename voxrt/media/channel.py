"""The way between a phone and the platform: level, noise, G.711, lost and late packets.

`native/vx_channel.h` tells the order in which these work, and how missing packets are concealed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

from attrs import frozen

from voxrt._native import ffi, lib
from voxrt.errors import MediaError
from voxrt.media.marks import FRAME_MS

if TYPE_CHECKING:
    from collections.abc import Mapping

ChannelCodec = Literal["none", "pcmu", "pcma"]
CODEC_HZ = 8_000
#: The least and the greatest value of each setting.
RANGES: Mapping[str, tuple[float, float]] = {
    "gain_db": (-60, 40),
    "noise_dbfs": (-90, -10),
    "loss_percent": (0, 100),
    "burst_packets": (1, 1_000),
    "jitter_ms": (0, 1_000),
    "buffer_ms": (0, 2_000),
    "delay_ms": (0, 2_000),
}
#: The delay by which the default jitter buffer exceeds the mean of the jitter: of exponentially
#: distributed delays, 2 in 100 are longer.
BUFFERED_JITTERS = 4
_FULL_SCALE = 32_768
_CODECS = {"none": lib.VX_CODEC_NONE, "pcmu": lib.VX_CODEC_ULAW, "pcma": lib.VX_CODEC_ALAW}


@frozen(kw_only=True)
class Channel:
    """What happens to sound in one direction; the defaults do nothing to it.

    Attributes:
        gain_db: The level of the sender: -60 to 40.
        noise_dbfs: The RMS level of white noise that is added: -90 to -10; `None` is none.
        codec: `pcmu` or `pcma`: G.711 there and back, with a rate of 8000 Hz only.
        loss_percent: The share of the packets of 20 ms that are lost, 0 to 100.
        burst_packets: The mean length of a burst of lost packets, 1 to 1000 (Gilbert's model);
            `None` loses each packet on its own.
        jitter_ms: By how much packets come later than the earliest could, on average, 0 to 1000;
            exponentially distributed.
        buffer_ms: How long the receiver's jitter buffer waits, 0 to 2000; packets that come later
            are as good as lost. `None` is four times the jitter, in whole packets.
        delay_ms: How long the earliest packet takes, 0 to 2000. The sound is delayed by this and
            the buffer together, in whole packets.

    Raises:
        MediaError: A value is out of its range, or bursts are too short for so much loss.
    """

    gain_db: float = 0.0
    noise_dbfs: float | None = None
    codec: ChannelCodec = "none"
    loss_percent: float = 0.0
    burst_packets: float | None = None
    jitter_ms: float = 0.0
    buffer_ms: int | None = None
    delay_ms: int = 0

    def __attrs_post_init__(self) -> None:
        for name, (low, high) in RANGES.items():
            value = getattr(self, name)
            if value is not None and not low <= value <= high:
                raise MediaError(f"`{name}` of a channel must be {low} to {high}, not {value}.")
        if self.codec not in get_args(ChannelCodec):
            raise MediaError(f"The codec of a channel is none, pcmu or pcma, not {self.codec!r}.")
        if self.burst_packets is not None and self.loss_percent > self.most_loss_percent:
            raise MediaError(
                f"Bursts of {self.burst_packets:g} packets with at least one between them lose "
                f"{self.most_loss_percent:.4g} percent at most, not {self.loss_percent:g}."
            )

    @property
    def most_loss_percent(self) -> float:
        """What bursts of this length lose at most, with one packet that comes between them."""
        return 100.0 * self.burst_packets / (1 + self.burst_packets) if self.burst_packets else 100

    @property
    def jitter_buffer_ms(self) -> int:
        """How long the receiver's jitter buffer waits."""
        if self.buffer_ms is not None:
            return self.buffer_ms
        return -(-round(BUFFERED_JITTERS * self.jitter_ms) // FRAME_MS) * FRAME_MS

    @property
    def delay_frames(self) -> int:
        """By how many frames of 20 ms the sound is delayed."""
        return -(-(self.delay_ms + self.jitter_buffer_ms) // FRAME_MS)

    def in_core(self, seed: int) -> Any:
        """The core's `vx_channel_settings *`; `seed` is 64 bits."""
        loss = self.loss_percent / 100
        enter, leave = loss, 1 - loss
        if self.burst_packets is not None:
            leave = 1 / self.burst_packets
            enter = leave * loss / (1 - loss)
        noise = 0.0 if self.noise_dbfs is None else _FULL_SCALE * 10 ** (self.noise_dbfs / 20)
        return ffi.new(
            "vx_channel_settings *",
            {
                "gain_q12": round(4096 * 10 ** (self.gain_db / 20)),
                "noise_q8": round(256 * noise) if noise else 0,
                "codec": _CODECS[self.codec],
                "enter_ppm": round(1_000_000 * enter),
                "leave_ppm": round(1_000_000 * leave),
                "jitter_us": round(1_000 * self.jitter_ms),
                "buffer_us": 1_000 * self.jitter_buffer_ms,
                "frames": self.delay_frames,
                "seed": seed,
            },
        )


@frozen(kw_only=True)
class ChannelStatistics:
    """What a channel has done since it was made.

    Attributes:
        packets: That were sent.
        lost: That never came.
        late: That came too late for the jitter buffer.
        jitter_ms: Interarrival jitter (RFC 3550, 6.4.1).
    """

    packets: int = 0
    lost: int = 0
    late: int = 0
    jitter_ms: float = 0.0
