"""The graph in C against a short one in plain Python, on random programs, sample by sample."""

from __future__ import annotations

import array
from collections import deque
from itertools import groupby

from hypothesis import given, settings
from hypothesis import strategies as st

from voxrt.media.codecs import Resampler
from voxrt.media.graph import Graph, Heard, Mark, MarkKind, Side

RATES = (8000, 16000, 24000, 48000)
MOST_HEARD = 16  # entries of one frame in a ledger


def pcm_of(samples):
    return array.array("h", samples).tobytes()


def samples_of(pcm):
    return array.array("h", pcm).tolist()


def saturate(value):
    return max(-32768, min(32767, value))


def total(frames, length):
    return [sum(column) for column in zip(*frames, strict=True)] if frames else [0] * length


class ReferenceFeed:
    """A resampler that has run since the first tick."""

    def __init__(self, in_hz, out_hz):
        self.resampler = Resampler(in_hz, out_hz) if in_hz != out_hz else None

    def run(self, frame):
        return samples_of(self.resampler.run(pcm_of(frame))) if self.resampler else frame


class ReferencePort:
    """One port, and its part of a tick."""

    def __init__(self, port_id, rate_hz, limit, conference):
        self.id, self.rate_hz, self.limit, self.conference = port_id, rate_hz, limit, conference
        self.length = rate_hz // 50
        self.queue = deque()  # (sample, tag, offset)
        self.clip, self.at, self.loop, self.clip_tag = None, 0, False, 0
        self.playing, self.last_tag, self.clip_started, self.surplus = False, 0, False, 0
        self.ended_clip_tag = None
        self.mouth = self  # whose voice conferences leave out for it
        self.incoming = {}  # port -> the feed of a conference's link, and its frame of before
        self.feeds = {rate: ReferenceFeed(rate_hz, rate) for rate in RATES}
        self.own = [0] * self.length
        self.own_heard, self.source, self.sink = [], self.own, self.own
        self.source_heard, self.sink_heard, self.marks = [], [], []

    def push(self, samples, tag, offset):
        taken = samples[: self.limit - len(self.queue)]
        self.queue.extend((sample, tag, offset + i) for i, sample in enumerate(taken))
        self.surplus += len(samples) - len(taken)
        return len(taken)

    def clear(self, tag):
        kept = [entry for entry in self.queue if tag is not None and entry[1] != tag]
        dropped = len(self.queue) - len(kept)
        self.queue = deque(kept)
        return dropped

    def play(self, samples, tag, loop, start):
        if self.clip is not None and self.clip_started:
            self.ended_clip_tag = self.clip_tag
        self.clip, self.at, self.loop, self.clip_tag = samples, start, loop, tag
        self.clip_started = False

    def stop(self):
        at = 0 if self.clip is None else self.at
        if self.clip is not None:
            self.clip = []
            self.loop, self.at = False, 0
        return at

    def produce(self):
        self.marks = []
        queued = [self.queue.popleft() for _ in range(min(self.length, len(self.queue)))]
        if queued and not self.playing:
            self.playing = True
            self.marks.append((MarkKind.PLAYBACK_STARTED, queued[0][1]))
        self.last_tag = queued[-1][1] if queued else self.last_tag
        if self.playing and len(queued) < self.length:
            self.playing = False
            self.marks.append((MarkKind.PLAYBACK_ENDED, self.last_tag))
        clipped = self.play_clip()
        if self.surplus:
            self.marks.append((MarkKind.OVERFLOW, self.surplus))
            self.surplus = 0
        pad = [0] * self.length
        one = ([sample for sample, _, _ in queued] + pad)[: self.length]
        two = ([sample for sample, _, _ in clipped] + pad)[: self.length]
        self.own = [saturate(a + b) for a, b in zip(one, two, strict=True)]
        self.own_heard = (stretches(self.id, queued) + stretches(self.id, clipped))[:MOST_HEARD]

    def play_clip(self):
        if self.ended_clip_tag is not None:
            self.marks.append((MarkKind.PLAYBACK_ENDED, self.ended_clip_tag))
            self.ended_clip_tag = None
        if self.clip is None:
            return []
        clipped = []
        while len(clipped) < self.length and self.at < len(self.clip):
            clipped.append((self.clip[self.at], self.clip_tag, self.at))
            self.at += 1
            if self.loop and self.at == len(self.clip):
                self.at = 0
        if clipped and not self.clip_started:
            self.clip_started = True
            self.marks.append((MarkKind.PLAYBACK_STARTED, self.clip_tag))
        if len(clipped) < self.length:
            if self.clip_started:
                self.marks.append((MarkKind.PLAYBACK_ENDED, self.clip_tag))
            self.clip, self.clip_started = None, False
        return clipped


def stretches(port_id, entries):
    """Runs of one tag with consecutive offsets; sound without a tag is one run."""

    def key(indexed):
        i, (_, tag, offset) = indexed
        return (tag, offset - i if tag else 0)

    runs = (list(run) for _, run in groupby(enumerate(entries), key))
    return [(port_id, run[0][1][1], run[0][1][2], len(run)) for run in runs]


class ReferenceGraph:
    """The same phases as the tick in C, written for the reader."""

    def __init__(self):
        self.ports = []
        self.tick = 0
        self.sound, self.heard, self.marks = {}, {}, []

    def add(self, rate_hz, limit, conference):
        port = ReferencePort(len(self.ports) + 1, rate_hz, limit, conference)
        self.ports.append(port)
        for side in Side:
            self.sound[port.id, side], self.heard[port.id, side] = [], []

    def link(self, one, other):
        feed = ReferenceFeed(one.rate_hz, other.rate_hz)
        other.incoming.setdefault(one, [feed, [0] * other.length, [], [0] * other.length, []])

    def run_tick(self):
        for port in self.ports:
            port.produce()
        at = {
            port: {rate: feed.run(port.own) for rate, feed in port.feeds.items()}
            for port in self.ports
        }
        for port in self.ports:  # what conferences said to each other one tick ago
            for link in port.incoming.values():
                link[3], link[4] = link[1], link[2]
        conferences = [port for port in self.ports if port.conference]
        inputs = {port: self.inputs_of(port, at) for port in conferences}
        for port in conferences:
            self.mix_conference(port, inputs[port])
        for port in self.ports:
            if not port.conference:
                port.source, port.source_heard = port.own, port.own_heard
                self.mix_sink(port, at)
        for port in self.ports:
            self.note(port)
        self.tick += 1

    def inputs_of(self, port, at):
        """(who, frame, heard), by id; its own queue first."""
        found = [(None, port.own, port.own_heard)]
        for one in sorted(port.incoming, key=lambda one: one.id):
            link = port.incoming[one]
            if one.conference:
                found.append((one, link[3], link[4]))
            else:
                found.append((one, at[one][port.rate_hz], one.own_heard))
        return found

    def mix_conference(self, port, inputs):
        everybody = total([frame for _, frame, _ in inputs], port.length)
        port.source = port.sink = [saturate(value) for value in everybody]
        port.source_heard = port.sink_heard = [h for _, _, heard in inputs for h in heard]
        for other in self.ports:
            if port in other.incoming:
                mine = [frame for who, frame, _ in inputs if who is other.mouth]
                own = mine[0] if mine else [0] * port.length
                link = other.incoming[port]
                mix = [saturate(a - b) for a, b in zip(everybody, own, strict=True)]
                link[1] = link[0].run(mix)
                link[2] = [h for who, _, heard in inputs if who is not other.mouth for h in heard]

    def mix_sink(self, port, at):
        frames, port.sink_heard = [], []
        for one in sorted(port.incoming, key=lambda one: one.id):
            link = port.incoming[one]
            frames.append(link[1] if one.conference else at[one][port.rate_hz])
            port.sink_heard += link[2] if one.conference else one.own_heard
        port.sink = [saturate(value) for value in total(frames, port.length)]

    def note(self, port):
        for side, frame, heard in (
            (Side.SOURCE, port.source, port.source_heard),
            (Side.SINK, port.sink, port.sink_heard),
        ):
            self.sound[port.id, side] += frame
            self.heard[port.id, side] += [(self.tick, *entry) for entry in heard]
        order = list(MarkKind)
        for kind, value in sorted(port.marks, key=lambda mark: order.index(mark[0])):
            self.marks.append((self.tick, port.id, kind, value))


class Pair:
    """Both graphs, given the same orders."""

    def __init__(self, rates, limits, conferences, strides):
        self.graph, self.reference = Graph(), ReferenceGraph()
        self.strides, self.stride = strides, 0
        self.ports, self.marks = [], []
        for i, rate_hz in enumerate(rates):
            queue_ms = limits[i % len(limits)]
            make = self.graph.conference if conferences[i] else self.graph.port
            self.ports.append(make(f"p{i}", rate_hz, queue_ms=queue_ms))
            self.reference.add(rate_hz, rate_hz // 1000 * queue_ms, conferences[i])
        self.taps = {
            (port.id, side): self.graph.tap((port, side), buffer_ms=60_000)
            for port in self.ports
            for side in Side
        }
        self.ledgers = {key: self.ports[key[0] - 1].ledger(key[1]) for key in self.taps}
        for port in self.ports:
            port.detect(Side.SOURCE, playback=True)

    def order(self, name, who, *arguments):
        port, reference = self.ports[who], self.reference.ports[who]
        if name == "push":
            samples, tag, offset = arguments
            taken = port.push(pcm_of(samples), tag=tag, offset=offset)
            assert taken == reference.push(samples, tag, offset)
        elif name == "clear":
            assert port.clear(*arguments) == reference.clear(*arguments)
        elif name == "play":
            samples, tag, loop = arguments
            start = len(samples) // 3
            port.play(pcm_of(samples), tag=tag, loop=loop, start=start)
            reference.play(samples, tag, loop, start)
        elif name == "stop":
            assert port.stop() == reference.stop()
        elif name == "link":
            port.send_to(self.ports[arguments[0]])
            self.reference.link(reference, self.reference.ports[arguments[0]])
        elif name == "unlink":
            port.stop_sending_to(self.ports[arguments[0]])
            self.reference.ports[arguments[0]].incoming.pop(reference, None)
        elif name == "pair":
            port.speaks_by(self.ports[arguments[0]])
            reference.mouth = self.reference.ports[arguments[0]]
        elif name == "advance":
            self.advance(arguments[0])
        assert port.queued_samples == len(reference.queue)

    def advance(self, ticks):
        for _ in range(ticks):
            self.reference.run_tick()
        while ticks:
            stride = min(ticks, self.strides[self.stride % len(self.strides)])
            self.stride += 1
            before = self.graph.tick
            ran = self.graph.advance(stride)
            assert self.graph.tick == before + ran
            marks = self.graph.take_marks()
            assert 0 < ran <= stride
            assert ran == stride or marks
            assert all(mark.tick == before + ran - 1 for mark in marks)
            self.marks += marks
            ticks -= ran

    def compare(self):
        told = [(mark.tick, mark.port.id, mark.kind, mark.value) for mark in self.marks]
        assert told == self.reference.marks
        for key, tap in self.taps.items():
            assert samples_of(tap.read()) == self.reference.sound[key], key
            self.compare_heard(self.ledgers[key].read(), self.reference.heard[key])
        self.graph.close()

    def compare_heard(self, entries, expected):
        """Frame by frame; of a truncated frame a part is there."""
        frames = {tick: list(frame) for tick, frame in groupby(entries, lambda h: h.tick)}
        truth = {tick: list(frame) for tick, frame in groupby(expected, lambda h: h[0])}
        assert frames.keys() == truth.keys()
        for tick, frame in frames.items():
            found, wanted = [flat(heard) for heard in frame], truth[tick]
            assert len(found) <= MOST_HEARD
            assert not any(heard.truncated for heard in frame[:-1])
            assert found == wanted or frame[-1].truncated
            assert all(heard in wanted for heard in found)


amplitudes = st.sampled_from((1, 300, 9000, 32767))


@st.composite
def sound(draw, most=900):
    """A saw tooth: cheap to draw, loud enough to saturate."""
    length, step = draw(st.integers(1, most)), draw(st.integers(1, 9999))
    high = draw(amplitudes)
    return [(i * step) % (2 * high + 1) - high for i in range(length)]


def orders(ports, *, links):
    who = st.integers(0, ports - 1)
    tags, offsets = st.integers(0, 3), st.sampled_from((0, 1, 480))
    kinds = [
        st.tuples(st.just("push"), who, sound(), tags, offsets),
        st.tuples(st.just("push"), who, sound(), tags, offsets),
        st.tuples(st.just("clear"), who, st.one_of(st.none(), tags)),
        st.tuples(st.just("play"), who, sound(500), tags, st.booleans()),
        st.tuples(st.just("stop"), who),
        st.tuples(st.just("pair"), who, who),
        st.tuples(st.just("advance"), who, st.integers(1, 4)),
        st.tuples(st.just("advance"), who, st.integers(1, 4)),
    ]
    if links:
        kinds += [
            st.tuples(st.just("link"), who, who),
            st.tuples(st.just("link"), who, who),
            st.tuples(st.just("unlink"), who, who),
        ]
    return st.lists(st.one_of(kinds), max_size=30)


def run_program(rates, limits, conferences, strides, links, program):
    pair = Pair(rates, limits, conferences, strides)
    for one, other in links:
        pair.order("link", one, other)
    for order in program:
        pair.order(*order)
    pair.advance(5)
    pair.compare()


strides = st.lists(st.integers(1, 9), min_size=1, max_size=4)
limits = st.lists(st.sampled_from((30, 100, 1000)), min_size=1, max_size=3)


@settings(max_examples=60)
@given(data=st.data(), rate=st.sampled_from(RATES), strides=strides, limits=limits)
def test_a_graph_at_one_rate_equals_the_reference(data, rate, strides, limits):
    """Links and members come and go at will; every sample, mark and origin is the same."""
    count = data.draw(st.integers(1, 5))
    conferences = data.draw(st.lists(st.booleans(), min_size=count, max_size=count))
    program = data.draw(orders(count, links=True))
    run_program([rate] * count, limits, conferences, strides, [], program)


@settings(max_examples=40)
@given(data=st.data(), strides=strides, limits=limits)
def test_ports_at_many_rates_equal_resamplers_that_always_ran(data, strides, limits):
    """A link that begins in mid stream sounds as if it had been there, with the same delay."""
    count = data.draw(st.integers(2, 4))
    rates = data.draw(st.lists(st.sampled_from(RATES), min_size=count, max_size=count))
    program = data.draw(orders(count, links=True))
    run_program(rates, limits, [False] * count, strides, [], program)


@settings(max_examples=40)
@given(data=st.data(), strides=strides, limits=limits)
def test_conferences_at_many_rates_equal_one_resampler_per_member(data, strides, limits):
    """Sharing the whole mix among the silent members changes no sample."""
    count = data.draw(st.integers(2, 5))
    rates = data.draw(st.lists(st.sampled_from(RATES), min_size=count, max_size=count))
    conferences = [i < 2 for i in range(count)]
    who = st.integers(0, count - 1)
    links = data.draw(st.lists(st.tuples(who, who), max_size=12))
    program = data.draw(orders(count, links=False))
    run_program(rates, limits, conferences, strides, links, program)


@settings(max_examples=20)
@given(program=orders(3, links=True), one=strides, other=strides)
def test_how_time_is_cut_changes_nothing(program, one, other):
    """advance(1) n times, and advance(n): the same bytes, marks and origins."""

    def results(strides):
        pair = Pair([8000, 16000, 24000], [200], [False, True, False], strides)
        for order in program:
            pair.order(*order)
        pair.advance(5)
        sounds = {key: tap.read() for key, tap in pair.taps.items()}
        heard = {key: [flat(h) for h in ledger.read()] for key, ledger in pair.ledgers.items()}
        return sounds, heard, [flat(mark) for mark in pair.marks]

    assert results(one) == results(other)


def flat(record: Heard | Mark):
    """A record without the objects of its graph."""
    if isinstance(record, Heard):
        return (record.tick, record.source.id, record.tag, record.offset, record.samples)
    return (record.tick, record.port.id, record.side, record.kind, record.value)
