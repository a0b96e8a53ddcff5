"""Runs of calls for tests: the scenario's objects, the journal and the sound."""

from __future__ import annotations

from array import array
from pathlib import Path

from attrs import define

from voxrt.media.codecs import level_dbfs
from voxrt.media.wav import read_wav
from voxrt.run.config import RunResult
from voxrt.run.runner import Run

LEFT, RIGHT = 0, 1


@define
class Played:
    """What a run left behind."""

    run: Run
    result: RunResult
    records: list
    out: Path

    @property
    def scope(self):
        """The globals of the scenario, as it left them."""
        return self.run.session.namespace

    @property
    def seen(self):
        """The events that the scenario kept."""
        return self.scope["seen"]

    def of(self, kind, **fields):
        """The records of a kind with these fields."""
        return [
            record
            for record in self.records
            if record["kind"] == kind and all(record.get(k) == v for k, v in fields.items())
        ]

    def events(self, call=None):
        """The names of all call events in order, delivered or not; of the nth call from 0."""
        ids = list(self.run.summary.calls)
        found = self.of("event", unit="call")
        if call is not None:
            found = [record for record in found if record["id"] == ids[call]]
        return [record["name"].removeprefix("Call.") for record in found]

    def event(self, name, call=None):
        """The one record of a call event."""
        ids = list(self.run.summary.calls)
        found = [
            record
            for record in self.of("event", name=f"Call.{name}")
            if call is None or record["id"] == ids[call]
        ]
        assert len(found) == 1, (name, found)
        return found[0]

    def data(self, name, call=None):
        """What the one event of that name carried."""
        return self.event(name, call)["data"]

    @property
    def log(self):
        """What the scenario wrote to the log."""
        return [record["text"] for record in self.of("log")]

    @property
    def warnings(self):
        """(code, text) of each warning."""
        return [(record["code"], record["text"]) for record in self.of("warning")]

    @property
    def errors(self):
        """The texts of the scenario's errors."""
        return [record["text"] for record in self.of("error")]

    def heard(self, by):
        """What somebody heard, in order: `caller`, `party` or `platform`."""
        return [record["text"] for record in self.of("heard", by=by)]

    def level(self, call, channel, from_ms, to_ms):
        """Level in dBFS of a stretch of a call: LEFT the far end, RIGHT what it hears.

        Times are of the call, which begins with its port.
        """
        return level_of(self.out / f"call-{call + 1}.wav", channel, from_ms, to_ms)

    def loud(self, call, channel, from_ms, to_ms):
        """Whether anything can be heard in that stretch."""
        return self.level(call, channel, from_ms, to_ms) > -60


def level_of(path, channel, from_ms, to_ms):
    """Level in dBFS of a stretch of one channel of a WAV file."""
    wav = read_wav(path)
    samples = array("h", wav.pcm)[channel :: wav.channels]
    stretch = samples[from_ms * wav.rate_hz // 1000 : to_ms * wav.rate_hz // 1000]
    assert len(stretch), f"{path} has nothing from {from_ms} to {to_ms} ms"
    return level_dbfs(stretch.tobytes())
