"""The exchange by itself: queues that share agents, other callers, and what never happens."""

from __future__ import annotations

import heapq
from random import Random
from types import SimpleNamespace

import pytest
from attrs import define, field

from voxrt.clock import US_PER_MS
from voxrt.vox.exchange import Desk, DeskState, Exchange, at_least
from voxrt.vox.queue_plan import Agent, OtherCaller, Queue, QueuePlan


class Agenda:
    """What the exchange needs of a clock: entries by time, then in the order of their making."""

    def __init__(self):
        self.now = 0
        self.entries = []
        self.made = 0

    def now_us(self):
        return self.now

    def call_soon(self, call, *arguments):
        return self.call_later(0, call, *arguments)

    def call_later(self, delay_us, call, *arguments):
        entry = SimpleNamespace(call=call, arguments=arguments, off=False)
        entry.cancel = lambda: setattr(entry, "off", True)
        self.made += 1
        heapq.heappush(self.entries, (self.now + delay_us, self.made, entry))
        return entry

    def run(self, until_us):
        while self.entries and self.entries[0][0] <= until_us:
            self.now, _, entry = heapq.heappop(self.entries)
            if not entry.off:
                entry.call(*entry.arguments)


@define(eq=False)
class Bench:
    """An exchange whose agents answer as a function says, after a second."""

    plan: QueuePlan
    answers: object = lambda who, desk: True
    talk_ms: int = 5_000
    records: list = field(factory=list)
    clock: Agenda = field(factory=Agenda)
    exchange: Exchange = field(init=False)
    tickets: dict = field(factory=dict)

    def __attrs_post_init__(self):
        self.exchange = Exchange(self.plan, self.clock, self.write)
        self.clock.call_soon(self.exchange.open)

    def write(self, kind, **fields):
        self.records.append((self.clock.now_us() // US_PER_MS, kind, fields))

    def enter(self, who, at_ms, queue, *, priority=50, skills=None):
        def enter():
            line = self.exchange.find(name=queue)
            self.tickets[who] = self.exchange.enter(
                line,
                who,
                priority=priority,
                skills=skills or {},
                offer=lambda desk: self.offered(who, desk),
            )

        self.clock.call_later(at_ms * US_PER_MS, self.exchange.settled, enter)

    def offered(self, who, desk):
        assert isinstance(desk, Desk)
        self.clock.call_later(1_000 * US_PER_MS, self.decide, who, desk)

    def decide(self, who, desk):
        ticket = self.tickets[who]
        if ticket.desk is not desk:
            return  # it has left
        if self.answers(who, desk):
            self.exchange.accept(ticket)
            self.clock.call_later(self.talk_ms * US_PER_MS, self.exchange.release, desk)
        else:
            self.exchange.refuse(ticket)

    def run(self, until_ms):
        self.clock.run(until_ms * US_PER_MS)
        return self

    def told(self, action):
        return [
            (at_ms, fields["request"], fields.get("agent"))
            for at_ms, kind, fields in self.records
            if kind == "queue" and fields["action"] == action
        ]


def agents(*names, **common):
    return tuple(Agent(name=name, id=i, **common) for i, name in enumerate(names, 1))


def queue(name="q", names=(), **options):
    return Queue(name=name, id=len(name), agents=names, **options)


def test_agents_of_two_queues_serve_the_first_of_them_first():
    plan = QueuePlan(
        agents=agents("ann", ready_after_ms=2_000),
        queues=(queue("gold", ("ann",)), queue("tin", ("ann",))),
    )
    bench = Bench(plan)
    bench.enter("old", 0, "tin", priority=1)
    bench.enter("new", 1_000, "gold", priority=99)
    assert bench.run(20_000).told("accepted") == [(3_000, "new", "ann"), (9_000, "old", "ann")]


def test_another_caller_gives_up():
    others = (OtherCaller(patience_ms=4_000), OtherCaller(at_ms=100))
    plan = QueuePlan(
        agents=agents("ann", ready_after_ms=5_000), queues=(queue(names=("ann",), others=others),)
    )
    bench = Bench(plan).run(6_000)
    assert bench.told("leaves") == [(4_000, "another caller", None)]
    assert bench.told("accepted") == [(5_000, "another caller", "ann")]


def test_another_caller_needs_a_skill_too():
    others = (OtherCaller(skills={"it": 3}),)
    plan = QueuePlan(
        agents=(
            Agent(name="ann", id=1, skills={"it": 2}),
            Agent(name="bob", id=2, skills={"it": 4}),
        ),
        queues=(queue(names=("ann", "bob"), others=others),),
    )
    assert Bench(plan).run(10).told("accepted") == [(0, "another caller", "bob")]


def test_two_who_come_at_once_find_the_agent_before_the_queue_is_full():
    plan = QueuePlan(
        agents=agents("ann"),
        queues=(queue(names=("ann",), max_size=1, others=(OtherCaller(),) * 3),),
    )
    bench = Bench(plan).run(10)
    assert len(bench.told("enters")) == 2
    assert bench.exchange.lines[0].full


def test_an_agent_who_leaves_while_talking_ends_that_call():
    plan = QueuePlan(agents=agents("ann", leaves_after_ms=3_000), queues=(queue(names=("ann",)),))
    bench = Bench(plan)
    bench.enter("one", 0, "q")
    bench.enter("two", 100, "q")
    bench.run(60_000)
    assert bench.told("accepted") == [(1_000, "one", "ann")]
    states = [(at, f["state"]) for at, kind, f in bench.records if kind == "agent"]
    assert states[-1] == (6_000, "offline")


def test_an_agent_whose_call_was_withdrawn_keeps_their_place():
    plan = QueuePlan(agents=agents("ann", "bob"), queues=(queue(names=("ann", "bob")),))
    bench = Bench(plan)
    bench.enter("one", 0, "q")
    bench.clock.call_later(500 * US_PER_MS, lambda: bench.exchange.leave(bench.tickets["one"]))
    bench.enter("two", 600, "q")
    assert bench.run(700).told("offered") == [(0, "one", "ann"), (600, "two", "ann")]


def test_estimates():
    plan = QueuePlan(
        agents=(*agents("ann", "bob"), Agent(name="off", id=3, offline=True, skills={"x": 1})),
        queues=(queue(names=("ann", "bob", "off"), handling_ms=60_000),),
    )
    bench = Bench(plan)
    line = bench.exchange.lines[0]
    assert line.estimate_ms(1, {}) is None  # before anybody has logged in
    bench.run(0)
    assert line.estimate_ms(1, {}) == 0
    assert line.estimate_ms(1, {"x": at_least(1)}) is None
    for name in ("one", "two"):
        bench.enter(name, 0, "q")
    bench.run(100)
    assert line.estimate_ms(1, {}) == 30_000
    assert line.estimate_ms(3, {}) == 90_000


@pytest.mark.parametrize("seed", range(20))
def test_what_never_happens(seed):
    """Two requests for one agent; a request that is lost; one before another that came first."""
    rng = Random(seed)
    names = [f"a{n}" for n in range(rng.randrange(1, 5))]
    people = tuple(
        Agent(
            name=name,
            id=n,
            skills={"x": rng.randrange(1, 6)},
            ready_after_ms=rng.randrange(3) * 2_500,
            after_service_ms=rng.randrange(2) * 3_000,
            pause_ms=2_000,
        )
        for n, name in enumerate(names, 1)
    )
    plan = QueuePlan(agents=people, queues=(queue(names=tuple(names)),))
    bench = Bench(plan, answers=lambda who, desk: rng.random() < 0.7)
    callers = {f"c{n}": rng.randrange(0, 20_000) for n in range(15)}
    for who, at_ms in callers.items():
        bench.enter(who, at_ms, "q")
    bench.run(1_000_000)

    assert sorted(who for _, who, _ in bench.told("accepted")) == sorted(callers)
    busy = {}
    for at_ms, kind, fields in bench.records:
        if kind == "agent":
            busy[fields["agent"]] = fields["state"]
        elif fields["action"] == "offered":
            assert busy[fields["agent"]] == DeskState.READY.value, at_ms
    first_offers = {}
    for at_ms, who, _ in bench.told("offered"):
        first_offers.setdefault(who, at_ms)
    by_arrival = sorted(callers, key=lambda who: (callers[who], int(who[1:])))
    assert [first_offers[who] for who in by_arrival] == sorted(first_offers.values())
