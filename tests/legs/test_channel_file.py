"""The key `channel` of a caller script."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest

from voxrt.errors import DocumentError, MediaError
from voxrt.legs.builder import caller, party
from voxrt.legs.channel_file import CHANNEL_KEYS, CODECS, EFFECT_KEYS
from voxrt.legs.script import Caller
from voxrt.legs.script_file import parse_script
from voxrt.media.channel import RANGES, Channel


def of(channel, about="type: sip"):
    return parse_script(f"caller:\n  {about}\n  channel: {channel}\n").caller


def test_what_stands_beside_the_directions_is_for_both():
    ann = of("{loss_percent: 3, delay_ms: 40, send: {noise_dbfs: -50, delay_ms: 20}}")
    assert ann.sends_over == Channel(loss_percent=3, delay_ms=20, noise_dbfs=-50)
    assert ann.hears_over == Channel(loss_percent=3, delay_ms=40)
    built = caller(client_type="sip").channel(
        loss_percent=3, delay_ms=40, send={"noise_dbfs": -50, "delay_ms": 20}
    )
    assert built.person == ann


def test_a_phone_with_g711_has_its_rate():
    assert of("{codec: pcmu}").audio_hz == 8_000
    assert of("{loss_percent: 1}").audio_hz == 16_000
    assert of("{receive: {codec: pcma}}", "type: user").audio_hz == 8_000
    assert party("1").channel(codec="pcmu").person.audio_hz == 8_000
    with pytest.raises(MediaError, match=r"G\.711 has 8000 Hz, and the phone of Ann 16000"):
        Caller(name="Ann", rate_hz=16_000, sends_over=Channel(codec="pcmu"))


def test_parties_and_further_callers_have_channels():
    script = parse_script(
        "callers: [{channel: {gain_db: -3}}]\nparties: [{match: '1', channel: {gain_db: 3.5}}]"
    )
    assert script.callers[0].sends_over == Channel(gain_db=-3)
    assert script.parties[0].hears_over == Channel(gain_db=3.5)


@pytest.mark.parametrize(
    ("channel", "said"),
    [
        ("5", "caller.channel: a channel must be a mapping of keys, but is a number (5)"),
        ("{los: 1}", "caller.channel.los: a channel has no key `los`."),
        ("{send: {send: 1}}", "caller.channel.send.send: `send` of a channel has no key `send`."),
        ("{codec: opus}", "caller.channel.codec: must be none, pcmu or pcma, but is text (opus)"),
        ("{delay_ms: 1.5}", "must be a whole number from 0 to 2000, but is a number (1.5)"),
        ("{noise_dbfs: 3}", "must be a number from -90 to -10, but is a number (3)"),
        (
            "{burst_packets: 2, receive: {loss_percent: 80}}",
            "caller.channel.receive.loss_percent: bursts of 2 packets with at least one between "
            "them lose 66.67 percent at most, not 80",
        ),
    ],
)
def test_wrong_channels(channel, said):
    with pytest.raises(DocumentError, match="<caller>:3:") as caught:
        of(channel)
    assert said in str(caught.value)


def test_g711_with_another_rate():
    with pytest.raises(DocumentError, match=r"G\.711 has 8000 Hz, and this phone 16000") as caught:
        of("{codec: pcmu}", "rate_hz: 16000")
    assert caught.value.hint == "Leave `rate_hz` out."


def test_the_schema_has_the_keys_and_ranges_that_are_read():
    schema = json.loads((files("voxrt.legs") / "caller.schema.json").read_text(encoding="utf-8"))
    channel, effects = (schema["$defs"][name]["properties"] for name in ("channel", "effects"))
    assert tuple(channel) == CHANNEL_KEYS
    assert tuple(effects) == EFFECT_KEYS
    assert {key: channel[key] for key in effects} == effects
    assert effects["codec"]["enum"] == list(CODECS)
    for key, (low, high) in RANGES.items():
        assert (effects[key]["minimum"], effects[key]["maximum"]) == (low, high)
