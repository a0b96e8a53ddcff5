"""`setTimeout` and `setInterval`. VoxEngine semantics, section 5."""

from __future__ import annotations

import pytest

END = "\nsetTimeout(VoxEngine.terminate, {ms})\n"


@pytest.fixture
def timed(play):
    """Plays a scenario without a call; what it logged, each with its time in ms."""

    def run(source, ms=1_000, **options):
        played = play("log = Logger.write\n" + source + END.format(ms=ms), start=True, **options)
        assert played.errors == []
        return [(record["t"], record["text"]) for record in played.of("log")]

    return run


def test_timers_fire_by_time_and_ties_in_the_order_of_setting(timed):
    assert timed("""
setTimeout(lambda: log("b"), 20)
setTimeout(lambda: log("a"), 10)
setTimeout(lambda: log("c"), 20)
""") == [(10, "a"), (20, "b"), (20, "c")]


@pytest.mark.parametrize(
    ("delay", "ms"),
    [
        ("", 0),
        (", None", 0),
        (", 0", 0),
        (", -5", 0),
        (", 1.5", 1.5),
        (", 0.0004", 0),
        (", float('nan')", 0),
        (", float('inf')", 0),
        (", float('-inf')", 0),
        (", 250", 250),
    ],
)
def test_delays(timed, delay, ms):
    assert timed(f"setTimeout(lambda: log('fired'){delay})") == [(ms, "fired")]


def test_a_timer_of_no_delay_fires_after_the_code_that_set_it(timed):
    assert timed("""
setTimeout(lambda: log("timer"))
log("top level")
VoxEngine.addEventListener(AppEvents.Started, lambda e: log("started"))
""") == [(0, "top level"), (0, "timer"), (0, "started")]


@pytest.mark.parametrize("delay", ["2**31", "2**40", "1e300"])
def test_a_huge_delay_is_far_away(timed, delay):
    assert timed(f"log(str(setTimeout(log, {delay})))") == [(0, "1")]


@pytest.mark.parametrize("delay", ["'100'", "True", "[]", "{}"])
def test_a_delay_that_is_no_number_is_an_error(play, delay):
    played = play(f"setTimeout(print, {delay})", start=True)
    assert played.errors[0].startswith("a delay is a number of ms, not ")
    assert played.of("error")[0]["line"] == 1


@pytest.mark.parametrize("call", ["setTimeout(None, 1)", "setInterval('code()', 100)"])
def test_what_is_no_function_is_an_error_where_it_is_set(play, call):
    played = play(call, start=True)
    assert played.errors[0].startswith("a timer needs a function, not ")
    assert played.of("error")[0]["line"] == 1


def test_extra_arguments_are_passed_on_and_surplus_ones_dropped(timed):
    assert timed("""
setTimeout(lambda a, b: log(f"{a} {b}"), 10, 1, "two")
setTimeout(lambda: log("none"), 10, 1, 2)
setInterval(lambda a: log(f"every {a}"), 400, "x")
""") == [(10, "1 two"), (10, "none"), (400, "every x"), (800, "every x")]


def test_an_interval_is_raised_to_100_ms(timed):
    for delay in ("", ", None", ", 0", ", 10", ", -1", ", 99.9", ", float('nan')"):
        assert timed(f"setInterval(lambda: log('x'){delay})", ms=350) == [
            (100, "x"),
            (200, "x"),
            (300, "x"),
        ]


def test_an_interval_keeps_its_own_time(timed):
    assert [t for t, _ in timed("setInterval(lambda: log('x'), 100.5)", ms=400)] == [
        100.5,
        201.0,
        301.5,
    ]


def test_clearing(timed):
    assert timed("""
a = setTimeout(lambda: log("never"), 10)
clearTimeout(a)
clearTimeout(a)
b = setTimeout(lambda: log("never"), 10)
clearInterval(b)
for unknown in (None, 0, -1, 999, "1", 1.5, {}):
    clearTimeout(unknown)
clearTimeout()
clearInterval()
def three():
    global times
    times += 1
    log(str(times))
    if times == 3:
        clearInterval(c)
times = 0
c = setInterval(three, 100)
d = setTimeout(lambda: clearTimeout(d), 20)
""") == [(100, "1"), (200, "2"), (300, "3")]


def test_a_timer_that_clears_the_next_of_the_same_instant(timed):
    assert (
        timed("""
setTimeout(lambda: clearTimeout(second), 10)
second = setTimeout(lambda: log("never"), 10)
""")
        == []
    )


def test_numbers_are_positive_and_not_used_again(timed):
    assert timed("""
a, b = setTimeout(print), setInterval(print)
clearTimeout(a); clearInterval(b)
c = setTimeout(print)
log(f"{0 < a < b < c}")
""") == [(0, "True")]


def test_a_callback_may_be_asynchronous(timed):
    assert timed("""
import trio
async def callback(word):
    log(word)
    await trio.sleep(0.25)
    log(word + " later")
setTimeout(callback, 10, "one")
setInterval(callback, 400, "every")
""") == [(10, "one"), (260, "one later"), (400, "every"), (650, "every later"), (800, "every")]


def test_an_error_in_a_callback_ends_the_session(play):
    played = play("setTimeout(lambda: 1 / 0, 10)\nsetTimeout(Logger.write, 20)", start=True)
    assert played.result.finish_reason == "JS session error"
    assert played.of("error")[0]["line"] == 1
    assert played.of("error")[0]["t"] == 10.0
    assert played.logs == []


# --- the limit ----------------------------------------------------------------------------------


def test_a_hundred_timers_are_active_at_most(play):
    played = play(
        """
        for n in range(60):
            setTimeout(print, 1000)
        for n in range(40):
            setInterval(print, 1000)
        Logger.write("hundred")
        setTimeout(print, 1000)
        """,
        start=True,
    )
    assert played.logs == ["hundred"]
    (error,) = played.of("error")
    assert error["code"] == "V205"
    assert error["text"] == "a session has at most 100 active timers"
    assert error["line"] == 7


def test_timers_that_fired_or_were_cleared_do_not_count(timed):
    assert timed("""
def again(n):
    if n == 300:
        log("done")
    else:
        setTimeout(again, 1, n + 1)
        clearInterval(setInterval(print))
again(0)
for n in range(95):
    setTimeout(lambda: None, 5)
setTimeout(lambda: [setTimeout(print, 900) for n in range(97)], 10)
""") == [(300, "done")]


def test_an_error_of_the_limit_can_be_caught(timed):
    assert timed("""
ids = []
try:
    while True:
        ids.append(setTimeout(print, 5000))
except Exception as error:
    log(f"{len(ids)} {type(error).__name__}")
clearTimeout(ids[0])
""") == [(0, "100 LimitError")]


@pytest.mark.parametrize(("limits", "warnings"), [("warn", 2), ("off", 0)])
def test_without_the_limit(play, limits, warnings):
    played = play(
        "for n in range(101):\n    setTimeout(lambda: None, 10)\n"
        "setTimeout(VoxEngine.terminate, 20)",
        start=True,
        limits=limits,
    )
    assert played.warnings == ["a session has at most 100 active timers"] * warnings
    assert played.result.exit_code == 0


# --- the end ------------------------------------------------------------------------------------


def test_no_timer_fires_once_the_session_ends(play):
    played = play(
        """
        def end(e):
            setTimeout(Logger.write, 0, "set before")
            setInterval(Logger.write, 100, "interval before")
            VoxEngine.terminate()
            Logger.write(f"{setTimeout(Logger.write, 0, 'set after') > 0}")
        def last(e):
            setTimeout(Logger.write, 0, "set in " + e.name)
            Logger.write(e.name)
        VoxEngine.addEventListener(AppEvents.Started, end)
        VoxEngine.addEventListener(AppEvents.Terminating, last)
        VoxEngine.addEventListener(AppEvents.Terminated, last)
        """,
        start=True,
    )
    assert played.logs == ["True", "Application.Terminating", "Application.Terminated"]
    assert played.warnings == ["the session is ending: this timer never fires"] * 3
    assert played.errors == []
    assert played.result.record["duration_ms"] == 0


TIMERS = """
def started(e):
    setTimeout(lambda: Logger.write("a"), 250)
    gone = setTimeout(lambda: Logger.write("b"), 5000)
    clearTimeout(gone)
    clearTimeout(gone)
    every = setInterval(lambda: beat(every), 400)

def beat(every):
    clearInterval(every)
    VoxEngine.terminate()

VoxEngine.addEventListener(AppEvents.Started, started)
"""


def test_the_journal_has_what_becomes_of_each(play):
    timers = [
        (record["t"], record["id"], record["state"], record.get("delay_ms"), record.get("repeat"))
        for record in play(TIMERS, start=True).of("timer")
    ]
    assert timers == [
        (0.0, 1, "set", 250.0, None),
        (0.0, 2, "set", 5000.0, None),
        (0.0, 2, "cleared", None, None),
        (0.0, 3, "set", 400.0, True),
        (250.0, 1, "fires", None, None),
        (400.0, 3, "fires", None, None),
        (400.0, 3, "cleared", None, None),
    ]


def test_the_journal_has_those_of_javascript(play_js):
    source = """
    VoxEngine.addEventListener(AppEvents.Started, () => {
      setTimeout(() => VoxEngine.terminate(), 1500);
    });
    """
    timers = play_js(source, start=True).of("timer")
    assert [(record["t"], record["state"]) for record in timers] == [
        (0.0, "set"),
        (1500.0, "fires"),
    ]
