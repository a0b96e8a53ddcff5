"""The clock: order on the agenda, jumps of virtual time, holds, and time that passes."""

from __future__ import annotations

import random
import threading

import pytest
import trio
from hypothesis import given
from hypothesis import strategies as st

import voxrt.clocks
from voxrt.clocks import RealClock, VirtualClock, make_clock
from voxrt.errors import StalledError

S = 1_000_000
MS = 1_000


def run(clock, *tasks, until=None, media=None):
    """Drives a clock beside some async functions until they have ended, or `until()` is true."""
    left = len(tasks)

    async def finish(task):
        nonlocal left
        await task()
        left -= 1

    async def main():
        async with trio.open_nursery() as nursery:
            for task in tasks:
                nursery.start_soon(finish, task)
            await clock.drive(media, until or (lambda: left == 0))

    trio.run(main, clock=clock.trio_clock)


def run_agenda(clock, media=None):
    """Drives a clock until its agenda is empty."""
    run(clock, until=lambda: clock.next_due_us is None and not clock._next, media=media)


# --- the agenda ------------------------------------------------------------------------------


def test_entries_are_called_by_time_and_ties_in_order_of_creation():
    clock, seen = VirtualClock(), []
    for name, at in (("c", 20), ("a", 10), ("d", 20), ("b", 10), ("0", 0)):
        clock.call_at(at * MS, lambda name=name: seen.append((name, clock.now_us())))
    run_agenda(clock)
    assert seen == [("0", 0), ("a", 10 * MS), ("b", 10 * MS), ("c", 20 * MS), ("d", 20 * MS)]


def test_an_instant_that_has_passed_is_now_and_after_what_is_due():
    clock, seen = VirtualClock(), []

    def at_ten():
        clock.call_at(3 * MS, seen.append, "passed")
        clock.call_later(-5 * MS, seen.append, "negative")
        clock.call_soon(seen.append, "soon")

    clock.call_at(10 * MS, at_ten)
    clock.call_at(10 * MS, seen.append, "due already")
    run_agenda(clock)
    assert seen == ["due already", "passed", "negative", "soon"]
    assert clock.now_us() == 10 * MS


def test_call_next_comes_before_what_is_due_and_in_its_own_order():
    clock, seen = VirtualClock(), []

    def first():
        clock.call_soon(seen.append, "soon")
        clock.call_next(seen.append, "next 1")
        clock.call_next(seen.append, "next 2")

    clock.call_at(0, first)
    clock.call_at(0, seen.append, "due")
    run_agenda(clock)
    assert seen == ["next 1", "next 2", "due", "soon"]


def test_wakes_are_called_by_their_numbers_after_what_is_due():
    clock, seen = VirtualClock(), []

    def first():
        for number in (3, 1, 2):
            clock.wake(number, lambda number=number: seen.append(number))

    clock.call_at(0, first)
    clock.call_at(0, seen.append, "due")
    run(clock, until=lambda: len(seen) == 4)
    assert seen == ["due", 1, 2, 3]


def test_a_wake_after_the_drive_is_called_at_once_and_those_that_wait_at_its_end():
    clock, seen = VirtualClock(), []

    def last():
        clock.wake(2, lambda: seen.append(2))
        clock.wake(1, lambda: seen.append(1))

    clock.call_at(0, last)
    run(clock, until=lambda: len(clock._wakes) == 2)
    assert seen == [1, 2]
    clock.wake(3, lambda: seen.append(3))
    assert seen == [1, 2, 3]


def test_a_cancelled_entry_is_not_called_and_moves_no_time():
    clock, seen = VirtualClock(), []
    late = clock.call_at(50 * MS, seen.append, "late")
    clock.call_at(10 * MS, late.cancel)
    done = clock.call_at(5 * MS, seen.append, "early")
    clock.call_at(10 * MS, done.cancel)  # harmless: it has been called
    run_agenda(clock)
    assert seen == ["early"]
    assert clock.now_us() == 10 * MS
    late.cancel()


def test_an_entry_can_cancel_one_of_the_same_instant():
    clock, seen = VirtualClock(), []
    clock.call_at(0, lambda: second.cancel())
    second = clock.call_at(0, seen.append, "second")
    clock.call_at(0, seen.append, "third")
    run_agenda(clock)
    assert seen == ["third"]


programs = st.recursive(
    st.tuples(st.integers(-5, 30), st.booleans(), st.just(())),
    lambda below: st.tuples(
        st.integers(-5, 30), st.booleans(), st.lists(below, max_size=4).map(tuple)
    ),
    max_leaves=25,
)


@given(st.lists(programs, max_size=6))
def test_random_programs_run_as_on_a_sorted_list(program):
    """Each entry makes others; some are cancelled at once. The reference sorts a list each time."""

    def play(call_later, cancel, log):
        def enter(entries, name):
            for number, (delay, keep, below) in enumerate(entries):
                label = f"{name}.{number}"

                def fire(label=label, below=below):
                    log(label)
                    enter(below, label)

                entry = call_later(delay, fire)
                if not keep:
                    cancel(entry)

        enter(program, "")

    clock, seen = VirtualClock(), []
    play(
        clock.call_later,
        lambda timer: timer.cancel(),
        lambda label: seen.append((clock.now_us(), label)),
    )
    run_agenda(clock)

    now, made, agenda, expected = 0, 0, [], []

    def call_later(delay, fire):
        nonlocal made
        made += 1
        agenda.append((now + max(delay, 0), made, fire))
        return agenda[-1]

    play(call_later, agenda.remove, lambda label: expected.append((now, label)))
    while agenda:
        agenda.sort(key=lambda entry: entry[:2])
        now, _, fire = agenda.pop(0)
        fire()
    assert seen == expected


# --- virtual time -------------------------------------------------------------------------------


def test_virtual_time_begins_on_a_fixed_monday_and_shows_whole_milliseconds():
    clock = VirtualClock()
    assert (clock.now_us(), clock.unix_ms()) == (0, 1_767_603_600_000)
    clock.call_at(1_999, lambda: None)
    run_agenda(clock)
    assert (clock.now_us(), clock.unix_ms()) == (1_999, 1_767_603_600_001)


class FakeMedia:
    """Media with marks at some instants; the driver may not go past one."""

    def __init__(self, clock, *marks):
        self.clock, self.marks, self.asked, self.seen = clock, list(marks), [], []

    def advance_to(self, time_us):
        self.asked.append(time_us)
        if self.marks and self.marks[0] <= time_us:
            time_us = self.marks.pop(0)
            self.clock.call_at(time_us, lambda: self.seen.append(self.clock.now_us()))
        return time_us


def test_a_jump_stops_at_the_first_mark_of_the_media():
    clock = VirtualClock()
    media = FakeMedia(clock, 20 * MS, 40 * MS, 100 * MS)
    clock.call_at(100 * MS, lambda: media.seen.append("entry"))
    run_agenda(clock, media=media)
    assert media.seen == [20 * MS, 40 * MS, "entry", 100 * MS]
    assert media.asked == [100 * MS, 100 * MS, 100 * MS]


def test_what_a_mark_makes_due_is_called_before_time_goes_on():
    clock, seen = VirtualClock(), []
    media = FakeMedia(clock, 20 * MS)
    media.seen = type("Seen", (), {"append": lambda self, at: clock.call_later(5 * MS, answer)})()

    def answer():
        seen.append(clock.now_us())

    clock.call_at(1 * S, lambda: seen.append(clock.now_us()))
    run_agenda(clock, media=media)
    assert seen == [25 * MS, 1 * S]


def test_a_jump_goes_no_further_than_the_next_sleep():
    clock, seen = VirtualClock(), []
    media = FakeMedia(clock)

    async def sleeper():
        await trio.sleep(0.03)
        seen.append(("sleep", clock.now_us()))
        clock.call_later(10 * MS, lambda: seen.append(("entry", clock.now_us())))

    clock.call_at(100 * MS, lambda: seen.append(("late", clock.now_us())))
    run(clock, sleeper, until=lambda: len(seen) == 3, media=media)
    assert seen == [("sleep", 30 * MS), ("entry", 40 * MS), ("late", 100 * MS)]
    assert media.asked == [30 * MS, 40 * MS, 100 * MS]


def test_trio_sleep_follows_the_run_to_the_microsecond():
    """500 sleeps of 20 ms end after ten seconds, not 99 microseconds later."""
    clock, ends = VirtualClock(), {}

    def sleeper(seconds, times):
        async def sleep():
            for _ in range(times):
                await trio.sleep(seconds)
            ends[seconds] = clock.now_us()

        return sleep

    run(
        clock, *(sleeper(*job) for job in ((0.02, 500), (0.1, 100), (0.3, 33), (10, 1), (0.001, 9)))
    )
    assert ends == {0.02: 10 * S, 0.1: 10 * S, 0.3: 9_900 * MS, 10: 10 * S, 0.001: 9 * MS}


def test_sleeps_below_a_microsecond_end():
    clock = VirtualClock()

    async def sleeper():
        for seconds in (0, 1e-9, 2.4e-7, 2.6e-7, 5e-7, 7.5e-7):
            await trio.sleep(seconds)

    run(clock, sleeper)
    assert clock.now_us() <= 3


def test_deadlines_follow_the_run():
    clock, seen = VirtualClock(), []

    async def impatient():
        with trio.move_on_after(2.5) as scope:
            await trio.sleep_forever()
        seen.append((scope.cancelled_caught, clock.now_us()))
        assert trio.current_time() == 2.5

    run(clock, impatient)
    assert seen == [(True, 2_500 * MS)]


def test_deadlines_of_tasks_that_an_entry_starts_follow_the_run():
    """Also the one that the next entry moves, and after the driver was alone for a while."""
    clock, seen = VirtualClock(), []
    scope = trio.CancelScope()

    async def watchdog():
        with scope:
            await trio.sleep_forever()
        seen.append(("watchdog", clock.now_us()))

    async def main():
        async with trio.open_nursery() as nursery:
            clock.call_at(1 * S, lambda: None)
            clock.call_at(2 * S, nursery.start_soon, watchdog)
            clock.call_at(3 * S, setattr, scope, "deadline", 3.5)
            clock.call_at(3_200 * MS, setattr, scope, "deadline", 4.25)
            clock.call_at(9 * S, seen.append, "end")
            await clock.drive(None, lambda: "end" in seen)

    trio.run(main, clock=clock.trio_clock)
    assert seen == [("watchdog", 4_250 * MS), "end"]


def test_a_limit_around_the_drive_follows_the_run():
    clock = VirtualClock()

    async def main():
        clock.call_at(5 * S, lambda: None)
        with trio.move_on_after(1.5) as scope:
            await clock.drive(None, lambda: False)
        assert scope.cancelled_caught

    trio.run(main, clock=clock.trio_clock)
    assert clock.now_us() == 1_500 * MS


def test_sleep_us_waits_on_the_agenda_and_leaves_nothing_when_cancelled():
    clock, seen = VirtualClock(), []

    async def sleeper():
        await clock.sleep_us(7)
        seen.append(clock.now_us())
        with trio.move_on_after(0.001):
            await clock.sleep_us(1 * S)
        seen.append(clock.now_us())

    run(clock, sleeper)
    assert seen == [7, 1_007]
    assert clock.next_due_us is None


@pytest.mark.parametrize("seed", range(200))
def test_tasks_that_sleep_to_the_same_instant_take_their_turns_in_order(seed, monkeypatch):
    """Trio shuffles the tasks that it wakes together; `wake` puts them in order again."""
    monkeypatch.setattr(trio._core._run, "_r", random.Random(seed))
    clock, seen = VirtualClock(), []

    def sleeper(number):
        async def sleep():
            for _ in range(number % 3 + 1):  # by different ways to the same instant
                await trio.sleep(0.6 / (number % 3 + 1))
            turn = trio.Event()
            clock.wake(number, turn.set)
            await turn.wait()
            seen.append((number, clock.now_us()))

        return sleep

    run(clock, *map(sleeper, range(8)))
    assert seen == [(number, 600 * MS) for number in range(8)]


# --- holds --------------------------------------------------------------------------------------


def test_holds_are_counted_by_name():
    clock = VirtualClock()
    with clock.hold("b"), clock.hold("a"), clock.hold("b"):
        assert list(clock.holds.items()) == [("a", 1), ("b", 2)]
    assert clock.holds == {}
    with pytest.raises(ValueError, match="no hold named 'a' is taken"):
        clock.release_hold("a")


def test_a_hold_is_released_when_its_block_fails():
    clock = VirtualClock()
    with pytest.raises(ZeroDivisionError), clock.hold("a"):
        raise ZeroDivisionError
    assert clock.holds == {}


def test_virtual_time_stands_still_while_real_work_is_outstanding():
    clock, seen = VirtualClock(), []
    release = threading.Event()

    async def work():
        with clock.hold("thread"):
            await trio.to_thread.run_sync(release.wait)
            seen.append(("work", clock.now_us()))

    def due_now():
        seen.append(("due", clock.now_us()))
        clock.call_soon(release.set)  # what is due at this instant is still called

    clock.call_at(0, due_now)
    clock.call_at(1 * S, lambda: seen.append(("later", clock.now_us())))
    run(clock, work, until=lambda: len(seen) == 3)
    assert seen == [("due", 0), ("work", 0), ("later", 1 * S)]


def test_a_stall_is_reported_with_the_names_and_counts_of_the_holds(monkeypatch):
    monkeypatch.setattr(voxrt.clocks, "STALL_REPORT_S", 0.001)
    clock, told = VirtualClock(), []
    reported = trio.Event()

    def on_stall(holds):
        told.append(holds)
        reported.set()

    clock.on_stall = on_stall

    async def work():
        with clock.hold("provider link"), clock.hold("provider link"), clock.hold("disk"):
            await reported.wait()

    run(clock, work)
    assert told == [{"disk": 1, "provider link": 2}]


def test_nothing_due_and_nothing_held_is_an_error():
    clock = VirtualClock()

    async def main():
        with pytest.raises(StalledError, match="nothing is due and nothing is held") as caught:
            await clock.drive(None, lambda: False)
        assert caught.value.code == "V500"

    trio.run(main, clock=clock.trio_clock)


# --- time that passes ---------------------------------------------------------------------------


class FakeTime:
    """The system's time, as a test sets it."""

    def __init__(self, monkeypatch):
        self.ns = 1_000_000_000_000
        monkeypatch.setattr(voxrt.clocks.time, "monotonic_ns", lambda: self.ns)
        monkeypatch.setattr(voxrt.clocks.time, "time_ns", lambda: 1_700_000_000_123_456_789)

    def pass_ms(self, ms):
        self.ns += ms * 1_000_000


@pytest.fixture
def system(monkeypatch):
    return FakeTime(monkeypatch)


def test_real_time_stands_at_zero_until_it_begins(system):
    clock = RealClock()
    system.pass_ms(500)
    assert (clock.now_us(), clock.unix_ms()) == (0, 1_700_000_000_123)
    clock.begin()
    system.pass_ms(20)
    clock.begin()
    assert (clock.now_us(), clock.unix_ms()) == (20 * MS, 1_700_000_000_143)


def test_scaled_time_passes_so_many_times_as_fast(system):
    clock = RealClock(speed=4)
    clock.begin()
    system.pass_ms(250)
    assert (clock.now_us(), clock.unix_ms()) == (1 * S, 1_700_000_001_123)
    # trio is told the rest of a wait in real seconds
    assert clock.trio_clock.current_time() == 1
    assert clock.trio_clock.deadline_to_sleep_time(3.0) == 0.5


def test_entries_are_called_in_order_as_time_passes(system):
    clock, seen = RealClock(), []
    clock.begin()
    clock.call_at(20 * MS, seen.append, "b")
    clock.call_at(10 * MS, seen.append, "a")
    clock.call_at(10 * MS, lambda: (seen.append("a2"), clock.call_soon(seen.append, "soon")))
    clock.call_at(30 * MS, seen.append, "never")
    system.pass_ms(25)
    run(clock, until=lambda: len(seen) == 4)
    assert seen == ["a", "a2", "b", "soon"]


def test_a_wait_lasts_until_the_next_entry(system, monkeypatch):
    """The driver asks trio for the right delay; the fake time passes when it does."""
    clock, seen, slept = RealClock(speed=2), [], []
    trio_clock = clock.trio_clock
    real = type(trio_clock).deadline_to_sleep_time

    def sleep_at_once(self, deadline):
        seconds = real(self, deadline)
        if 1e-6 < seconds < 60:
            slept.append(round(seconds, 6))
            system.pass_ms(round(seconds * 1000))
        elif 0 < seconds < 1e-6:  # a rounding error
            system.ns += 1_000
        return 0.0

    monkeypatch.setattr(type(trio_clock), "deadline_to_sleep_time", sleep_at_once)
    clock.call_at(100 * MS, lambda: seen.append(clock.now_us() // MS))
    clock.call_at(300 * MS, lambda: seen.append(clock.now_us() // MS))
    run(clock, until=lambda: len(seen) == 2)
    assert seen == [100, 300]
    assert slept == [0.05, 0.1]


def test_an_entry_from_another_task_wakes_a_driver_that_waits():
    clock, seen = RealClock(), []

    async def other():
        await trio.testing.wait_all_tasks_blocked()
        assert clock.next_due_us > 3_000 * S  # the driver waits for this one
        clock.call_soon(seen.append, "called")

    clock.call_at(3_600 * S, seen.append, "far away")
    run(clock, other, until=lambda: bool(seen))
    assert seen == ["called"]


def test_holds_do_not_stop_real_time(system):
    clock, seen = RealClock(), []
    clock.take_hold("link")
    clock.call_soon(seen.append, "called")
    run(clock, until=lambda: bool(seen))
    assert seen == ["called"]


def test_entries_that_are_always_due_let_other_tasks_come_in(monkeypatch):
    monkeypatch.setattr(voxrt.clocks, "TURNS_PER_BREATH", 4)
    clock, seen = RealClock(), []

    def again():
        clock.call_soon(again)

    async def other():
        # Its wake-up comes from outside of the run, as that of a socket does.
        await trio.to_thread.run_sync(lambda: None)
        seen.append("heard")

    clock.call_soon(again)
    run(clock, other)
    assert seen == ["heard"]


@pytest.mark.parametrize(("mode", "kind"), [("virtual", VirtualClock), ("real", RealClock)])
def test_the_clock_of_a_mode(mode, kind):
    clock = make_clock(mode)
    assert type(clock) is kind
    assert clock.is_virtual == (mode == "virtual")


@pytest.mark.parametrize("mode", ["0", "-1", "0.001", "1001", "nan", "inf", "fast", ""])
def test_a_speed_out_of_range_is_refused(mode):
    with pytest.raises(ValueError):
        make_clock(mode)


def test_a_factor_is_a_speed():
    assert make_clock("4").speed == 4
    assert make_clock("0.5").speed == 0.5


def test_a_real_clock_sleeps_also_when_trio_runs_on_its_own_clock():
    """A server's clock is not trio's: waiting for it must not spin."""

    class Rounds(trio.abc.Instrument):
        count = 0

        def before_io_wait(self, timeout):
            self.count += 1

    clock, rounds, over = RealClock(), Rounds(), []

    async def main():
        clock.begin()
        clock.call_later(30_000, over.append, True)
        await clock.drive(None, lambda: bool(over))

    trio.run(main, instruments=[rounds])
    assert over
    assert rounds.count < 20
