"""Three people in a conference for tests, each with a tone of their own."""

from __future__ import annotations

import math
from array import array

from voxrt.legs.builder import caller, party
from voxrt.media.wav import read_wav

#: What each of them sounds like, and when they begin, in ms after their answer; for a second.
TONES_HZ = {"ann": 500, "bob": 900, "cid": 1_300}
BEGINS_MS = {"ann": 500, "bob": 2_000, "cid": 3_500}
TOGETHER_MS = dict.fromkeys(TONES_HZ, 500)

#: Calls the three, and hands each to `joined` when it is there; ends after `LAST_MS`.
ROOM = """
require(Modules.Conference)
require(Modules.Recorder)
told = []
calls = {{}}

def watch_conference(conference):
    for name in ConferenceEvents:
        conference.addEventListener(ConferenceEvents[name], told.append)

def watch_recorder(recorder):
    for name in RecorderEvents:
        recorder.addEventListener(RecorderEvents[name], told.append)

def on_start(e):
    for name in {names}:
        call = VoxEngine.callUser(username=name, callerid="room")
        calls[name] = call
        call.addEventListener(CallEvents.Connected, lambda e, name=name: joined(name, e.call))
    setTimeout(VoxEngine.terminate, {last_ms})

conference = None
{body}
VoxEngine.addEventListener(AppEvents.Started, on_start)
"""
LAST_MS = 6_000


def room(body, *names, last_ms=LAST_MS):
    """The scenario; the body defines `joined(name, call)`."""
    return ROOM.format(body=body, names=list(names or TONES_HZ), last_ms=last_ms)


def people(tone_file, begins_ms=None, **about):
    """The parties, who answer at once."""
    begins_ms = begins_ms or BEGINS_MS
    return [
        party(name, kind="user", answer_after_ms=0, rings=False, **about)
        .wait(begins_ms[name])
        .play(tone_file(f"{name}.wav", 1_000, hz=hz, rate_hz=48_000), name)
        for name, hz in TONES_HZ.items()
    ]


def nobody():
    """A caller who does not call: the session is started by the API."""
    return caller()


def hears(path, channel, from_ms, to_ms):
    """The names whose tones are in a stretch of a file, by the Goertzel algorithm."""
    wav = read_wav(path)
    samples = array("h", wav.pcm)[channel :: wav.channels]
    stretch = samples[from_ms * wav.rate_hz // 1000 : to_ms * wav.rate_hz // 1000]
    assert len(stretch), f"{path} has nothing from {from_ms} to {to_ms} ms"
    return {name for name, hz in TONES_HZ.items() if _level(stretch, hz, wav.rate_hz) > 300}


def _level(samples, hz, rate_hz):
    """The amplitude of one frequency."""
    step = 2 * math.pi * hz / rate_hz
    real = sum(sample * math.cos(step * i) for i, sample in enumerate(samples))
    imaginary = sum(sample * math.sin(step * i) for i, sample in enumerate(samples))
    return 2 * math.hypot(real, imaginary) / len(samples)
