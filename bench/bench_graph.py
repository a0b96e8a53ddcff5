"""The audio graph in virtual time: what a call costs, and a large conference.

CPU is taken as the best of many rounds on one thread, so it is the cost of the work and not of the
machine's other tenants.
"""

from __future__ import annotations

import numpy as np

from bench.rows import Row, at_least, at_most, measure
from voxrt.media.codecs import ulaw_decode, ulaw_encode
from voxrt.media.graph import Graph, Side

US, MS = 1e6, 1e3
LEGS, TALK_FRAMES = 1000, 100


def noise(seed: int, shape: int | tuple[int, int]) -> np.ndarray:
    return np.random.default_rng(seed).integers(-9000, 9000, shape).astype("<i2")


class Call:
    """Two legs, at 8 and 16 kHz, linked both ways, watched and recorded."""

    def __init__(self) -> None:
        self.graph = Graph()
        self.phone = self.graph.port("phone", 8000)
        self.agent = self.graph.port("agent", 16_000)
        self.phone.send_to(self.agent)
        self.agent.send_to(self.phone)
        for port in (self.phone, self.agent):
            port.detect(Side.SOURCE, vad=True, silence_ms=1000)
        self.to_phone = self.graph.tap((self.phone, Side.SINK))
        self.to_agent = self.graph.tap((self.agent, Side.SINK))
        self.recording = self.graph.tap((self.phone, Side.SOURCE), (self.phone, Side.SINK))
        self.line = ulaw_encode(noise(1, 8000).tobytes())
        self.voice = noise(2, 16_000).tobytes()

    def run(self, ticks: int) -> None:
        while ticks:
            ticks -= self.graph.advance(ticks)
            self.graph.take_marks()

    def collect(self) -> None:
        ulaw_encode(self.to_phone.read())
        self.to_agent.read()
        self.recording.read()

    def talk_by_the_second(self, repeats: int) -> None:
        for _ in range(repeats):
            self.phone.push(ulaw_decode(self.line))
            self.agent.push(self.voice)
            self.run(50)
            self.collect()

    def talk_by_the_frame(self, repeats: int) -> None:
        for _ in range(repeats):
            for at in range(50):
                self.phone.push(ulaw_decode(self.line[160 * at : 160 * (at + 1)]))
                self.agent.push(self.voice[640 * at : 640 * (at + 1)])
                self.run(1)
                self.collect()

    def be_silent(self, repeats: int) -> None:
        """Nine seconds: about as much as the taps hold."""
        for _ in range(repeats):
            self.run(450)
            self.collect()


def two_leg_calls() -> list[Row]:
    call = Call()
    (second_s, frames_s) = measure(call.talk_by_the_second, call.talk_by_the_frame)
    call.run(200)
    call.collect()
    (silent_s,) = measure(call.be_silent)
    call.graph.close()
    return [
        at_most(
            f"two-leg call (decode, resample, link, detect, record, encode), {how}",
            seconds * MS,
            "ms CPU per call-second",
            first=1.0,
            goal=0.4,
        )
        for how, seconds in (("by the second", second_s), ("by the frame", frames_s))
    ] + [
        at_least(
            "silent two-leg call, recorded",
            9 / silent_s,
            "simulated seconds per CPU second",
            first=30_000,
        ),
    ]


def nothing_happens() -> Row:
    """What every step of a run pays."""
    graph = Graph()
    graph.port("phone", 8000)

    def step(repeats: int) -> None:
        for _ in range(repeats):
            graph.advance(1)
            graph.take_marks()

    (seconds,) = measure(step)
    graph.close()
    return at_most("advance(1) and take_marks() of nothing", seconds * US, "us", first=5)


def large_conference() -> Row:
    """One tick in which all legs speak, and memcpy of their frames from where they wait."""
    graph = Graph()
    hub = graph.conference("hub", 16_000)
    sound = noise(3, (LEGS, 320 * TALK_FRAMES))
    ports = []
    for at in range(LEGS):
        port = graph.port(f"leg {at}", 16_000, queue_ms=60_000)
        port.send_to(hub)
        hub.send_to(port)
        ports.append(port)
    out = np.ones((LEGS, 320), "<i2")
    at = 0

    def tick(repeats: int) -> None:
        for _ in range(repeats):
            graph.advance(1)

    def copy(repeats: int) -> None:
        nonlocal at
        for _ in range(repeats):
            at = (at + 1) % TALK_FRAMES
            out[:] = sound[:, 320 * at : 320 * (at + 1)]

    best_tick = best_copy = float("inf")
    for _ in range(6):
        for leg, port in zip(sound, ports, strict=True):
            port.clear()
            port.push(leg.tobytes())
        (tick_s, copy_s) = measure(tick, copy, rounds=1, round_s=0.002)
        best_tick, best_copy = min(best_tick, tick_s), min(best_copy, copy_s)
    graph.close()
    return at_most(
        f"tick of a conference of {LEGS} speaking legs, called from Python",
        best_tick * US,
        "us",
        yardstick="memcpy of the same frames",
        reference=best_copy * US,
        first=6,
        goal=2,
    )


def rows() -> list[Row]:
    """All rows of this file; some seconds."""
    return [*two_leg_calls(), nothing_happens(), large_conference()]


if __name__ == "__main__":
    for row in rows():
        print(row)
