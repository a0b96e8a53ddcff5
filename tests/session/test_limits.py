"""The processor time of one callback. VoxEngine semantics, sections 1.7 and 6."""

from __future__ import annotations

import gc
import signal
import threading
import time
from contextlib import suppress

import pytest
from attrs import evolve

from voxrt.session.limits import CallbackBudget, CallbackTimeout, LimitMode, Limits, in_script

#: Short enough for a test, and longer than anything here that is allowed to end.
SHORT = evolve(Limits(), callback_s=0.05)


@pytest.fixture
def warnings():
    return []


@pytest.fixture
def budget(warnings):
    return CallbackBudget(SHORT, warnings.append)


def forever():
    while True:
        pass


def swallows_exceptions():
    while True:
        with suppress(Exception):
            forever()


def swallows_everything():
    while True:
        try:
            forever()
        except BaseException:
            caught = True
            assert caught


def swallows_in_a_finally():
    while True:
        try:
            forever()
        finally:
            continue  # noqa: B012


def keeps_python_busy():
    while True:
        sorted(range(100), key=lambda n: -n)


ENDLESS = (
    forever,
    swallows_exceptions,
    swallows_everything,
    swallows_in_a_finally,
    keeps_python_busy,
)


@pytest.mark.parametrize("step", ENDLESS, ids=lambda step: step.__name__)
def test_an_endless_callback_is_ended_whatever_it_catches(budget, step):
    with pytest.raises(CallbackTimeout):
        budget.run(step)


def test_what_ends_in_time_is_left_alone(budget):
    assert budget.run(lambda: 42) == 42
    with pytest.raises(ZeroDivisionError):
        budget.run(lambda: 1 / 0)
    with pytest.raises(StopIteration):
        budget.run(lambda: next(iter(())))


def test_each_callback_has_the_whole_time(budget):
    """Processor time of many short ones does not add up."""
    until = time.thread_time() + 0.15
    while time.thread_time() < until:
        budget.run(lambda: sum(range(1000)))


def test_time_that_passes_without_work_does_not_count():
    budget = CallbackBudget(evolve(Limits(), callback_s=0.005), print)
    budget.run(lambda: threading.Event().wait(0.02))


def test_nothing_is_left_of_the_watch(budget):
    handler = signal.getsignal(signal.SIGALRM)
    with pytest.raises(CallbackTimeout):
        budget.run(swallows_everything)
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0, 0)
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert signal.getsignal(signal.SIGALRM) is handler
    until = time.thread_time() + 0.1
    while time.thread_time() < until:
        pass


def test_an_alarm_of_somebody_else_is_given_back(budget):
    """Such as that of a test runner's time-out."""
    before = signal.signal(signal.SIGALRM, lambda number, frame: None)
    try:
        signal.setitimer(signal.ITIMER_REAL, 3_600)
        with pytest.raises(CallbackTimeout):
            budget.run(forever)
        left, _ = signal.getitimer(signal.ITIMER_REAL)
        assert 3_500 < left <= 3_600
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_a_callback_within_a_callback_shares_its_time(budget):
    with pytest.raises(CallbackTimeout):
        budget.run(lambda: budget.run(forever))
    with pytest.raises(CallbackTimeout):
        budget.run(lambda: (budget.run(int), forever()))


def test_limits_that_only_warn(warnings):
    budget = CallbackBudget(evolve(SHORT, mode=LimitMode.WARN, callback_s=0.01), warnings.append)
    assert budget.run(_busy) == "done"
    assert warnings == ["one callback computed for more than 0.01 s"]
    budget.run(int)
    assert len(warnings) == 1


def test_no_limits(warnings):
    budget = CallbackBudget(evolve(SHORT, mode=LimitMode.OFF, callback_s=0.01), warnings.append)
    assert budget.run(_busy) == "done"
    assert warnings == []


def test_in_another_thread_it_is_noticed_when_the_callback_returns():
    seen = []
    budget = CallbackBudget(evolve(SHORT, callback_s=0.01), seen.append)

    def work():
        try:
            budget.run(_busy)
        except CallbackTimeout as error:
            seen.append(type(error))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [CallbackTimeout]


def _busy():
    until = time.thread_time() + 0.02
    while time.thread_time() < until:
        pass
    return "done"


def test_only_the_scenarios_own_code_is_interrupted(budget):
    """Not voxrt when it works on the scenario's behalf, and not what that calls in turn."""
    import sys

    from voxrt.session.values import Struct, plain, wrap

    seen = {}

    class Curious(dict):
        """Looks at the stack while voxrt reads it."""

        def items(self):
            seen["called by voxrt"] = in_script(sys._getframe())
            return super().items()

    def script():
        seen["script"] = in_script(sys._getframe())
        sorted([1], key=lambda _: seen.update(library=in_script(sys._getframe())))
        wrap(Curious(a=1))

    budget.run(script)
    assert seen == {"script": True, "library": True}
    assert not in_script(sys._getframe())
    assert not in_script(None)
    assert plain(Struct()) == {}


# --- in a session -------------------------------------------------------------------------------


def handlers(body, how="def"):
    return f"""
{how} handler(e):
{body}
VoxEngine.addEventListener(AppEvents.Started, handler)
VoxEngine.addEventListener(AppEvents.Terminating, lambda e: Logger.write(JSON.stringify(e)))
"""


@pytest.fixture
def hurried(monkeypatch):
    """Sessions whose callbacks may compute for 50 ms."""
    monkeypatch.setattr("voxrt.run.runner.Limits", lambda mode: evolve(SHORT, mode=mode))


SWALLOW = """
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
"""


SWALLOW_IN_LAYERS = """
    def layer(depth):
        while True:
            try:
                layer(depth - 1) if depth else forever()
            except:
                Logger.write("caught")
    def forever():
        while True:
            try:
                while True:
                    pass
            except (ValueError, BaseException) as error:
                Logger.write(repr(error))
            except:
                pass
    layer(5)
"""


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("while True:\n    pass\n", None),
        (handlers("    while True:\n        pass"), 3),
        (handlers("    while True:\n        pass", "async def"), 3),
        (handlers(SWALLOW), None),
        (handlers(SWALLOW, "async def"), None),
        (handlers(SWALLOW_IN_LAYERS), None),
        (handlers("    import trio\n    await trio.sleep(1)\n" + SWALLOW, "async def"), None),
        (handlers("    setTimeout(forever, 10)\ndef forever():\n" + SWALLOW), None),
    ],
)
def test_a_session_whose_callback_computes_for_ever_ends(play, hurried, source, line):
    played = play(source, start=True)
    assert played.result.finish_reason == "JS session error"
    (error,) = played.of("error")
    assert error["code"] == "V205"
    assert error["text"] == "one callback may compute for 0.05 s"
    assert line is None or error["line"] in (line, line + 1)
    assert played.events[-2:] == ["Application.Terminating", "Application.Terminated"]
    if "Terminating" in source:
        assert played.logs == ['{"name":"Application.Terminating","systemError":true}']


@pytest.mark.parametrize("swallow", [False, True])
def test_an_endless_loop_that_writes_leaves_a_whole_journal(play, hurried, swallow):
    """An interruption in the middle of a record would leave a number out."""
    loop = "    while True:\n        Logger.write('x')"
    if swallow:
        loop = (
            "    while True:\n        try:\n            Logger.write('x')\n"
            "        except BaseException:\n            pass"
        )
    played = play(handlers(loop), start=True)
    assert played.result.finish_reason == "JS session error"
    assert [record["n"] for record in played.records] == list(range(1, len(played.records) + 1))
    assert sum(line.endswith(" x") for line in played.log_lines) == played.logs.count("x") > 0


@pytest.mark.parametrize(("limits", "warnings"), [("warn", 1), ("off", 0)])
def test_without_the_limit_a_long_callback_goes_through(play, hurried, limits, warnings):
    source = handlers(
        "    import time\n    until = time.thread_time() + 0.1\n"
        "    while time.thread_time() < until:\n        pass\n"
        "    Logger.write('done')\n    VoxEngine.terminate()"
    )
    played = play(source, start=True, limits=limits)
    assert played.logs[0] == "done"
    assert played.result.exit_code == 0
    assert played.warnings == ["one callback computed for more than 0.05 s"] * warnings


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_task_that_swallows_its_cancellation_cannot_keep_the_run(play):
    played = play(
        """
        import trio
        async def immortal(e):
            setTimeout(VoxEngine.terminate, 10)
            while True:
                try:
                    await trio.sleep_forever()
                except BaseException as error:
                    Logger.write(type(error).__name__)
        VoxEngine.addEventListener(AppEvents.Started, immortal)
        """,
        start=True,
    )
    assert set(played.logs) == {"Cancelled"}
    assert len(played.logs) <= 100
    assert played.result.finish_reason == "Normal termination"
    assert played.of("session")[-1]["state"] == "terminated"
    gc.collect()  # it ignores the end of its coroutine, too: Python says so
