"""The key `channel` of a caller script: what happens to sound on its way from and to a phone.

The format is described in docs/caller-script.md and in caller.schema.json.
"""

from __future__ import annotations

from typing import Any, get_args

from attrs import fields_dict

from voxrt.documents import Node
from voxrt.fields import Fields
from voxrt.media.channel import CODEC_HZ, RANGES, Channel, ChannelCodec

EFFECT_KEYS = tuple(fields_dict(Channel))
DIRECTIONS = ("send", "receive")
CHANNEL_KEYS = (*EFFECT_KEYS, *DIRECTIONS)
CODECS = get_args(ChannelCodec)
_WHOLE = ("buffer_ms", "delay_ms")


def read_channel(node: Node, rate_hz: int) -> tuple[Channel, Channel]:
    """What the sound goes through from a phone, and to it.

    The keys beside `send` and `receive` are for both; those inside win. `rate_hz` is the rate that
    the script gives the phone, or 0.

    Raises:
        DocumentError: A key or value is wrong, or G.711 does not go with the rate of the phone.
    """
    read = Fields(node, "a channel", CHANNEL_KEYS)
    both = _effects(read, rate_hz)
    sends, receives = (_direction(read, key, both, rate_hz) for key in DIRECTIONS)
    return sends, receives


def _direction(read: Fields, key: str, both: dict[str, Any], rate_hz: int) -> Channel:
    place, effects = read, dict(both)
    if key in read:
        place = Fields(read[key], f"`{key}` of a channel", EFFECT_KEYS)
        effects |= _effects(place, rate_hz)
    burst_packets, loss_percent = effects.get("burst_packets"), effects.get("loss_percent", 0)
    if burst_packets is not None:
        most = Channel(burst_packets=burst_packets).most_loss_percent
        if loss_percent > most:
            at = place if "loss_percent" in place or "burst_packets" in place else read
            at["loss_percent" if "loss_percent" in at else "burst_packets"].fail(
                f"bursts of {burst_packets:g} packets with at least one between them lose "
                f"{most:.4g} percent at most, not {loss_percent:g}"
            )
    return Channel(**effects)


def _effects(read: Fields, rate_hz: int) -> dict[str, Any]:
    """The effects that are given."""
    given: dict[str, Any] = {}
    for key in EFFECT_KEYS:
        if key not in read:
            continue
        if key == "codec":
            given[key] = read.choice(key, "none", CODECS)
            if given[key] != "none" and rate_hz not in (0, CODEC_HZ):
                read[key].fail(
                    f"G.711 has {CODEC_HZ} Hz, and this phone {rate_hz}",
                    "Leave `rate_hz` out.",
                )
        elif key in _WHOLE:
            low, high = RANGES[key]
            given[key] = read.integer(key, 0, int(low), int(high))
        else:
            given[key] = read.number(key, 0.0, *RANGES[key])
    return given
