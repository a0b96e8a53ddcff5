"""Handlers: which run, in which order, and with what. VoxEngine semantics, section 4."""

from __future__ import annotations

import random

import pytest
import trio

#: Every scenario here ends itself, after everything that its handlers do.
END = "\non(STARTED, lambda e: setTimeout(VoxEngine.terminate, 1000))\n"

PRELUDE = """
on, off = VoxEngine.addEventListener, VoxEngine.removeEventListener
log, STARTED = Logger.write, AppEvents.Started
"""


@pytest.fixture
def say(play):
    """Plays a scenario without a call; what it logged."""

    def run(source):
        played = play(PRELUDE + source + END, start=True)
        assert played.errors == []
        assert played.result.finish_reason == "Normal termination"
        return played.logs

    return run


@pytest.fixture
def failing(play):
    """Plays a scenario without a call that ends with an error; the run."""

    def run(source):
        played = play(PRELUDE + source + END, start=True)
        assert played.result.finish_reason == "JS session error"
        assert played.result.exit_code == 1
        return played

    return run


# --- order --------------------------------------------------------------------------------------


def test_handlers_run_in_the_order_of_registration(say):
    assert say("""
for n in (1, 2, 3):
    on(STARTED, lambda e, n=n: log(str(n)))
""") == ["1", "2", "3"]


def test_the_same_function_added_twice_runs_twice(say):
    assert say("""
def f(e): log("f")
on(STARTED, f)
on(STARTED, f)
""") == ["f", "f"]


def test_removing_a_function_removes_all_its_registrations(say):
    assert say("""
def f(e): log("f")
def g(e): log("g")
on(STARTED, f); on(STARTED, g); on(STARTED, f)
off(STARTED, f)
""") == ["g"]


def test_a_bound_method_is_the_same_function_each_time(say):
    assert (
        say("""
class Agent:
    def f(self, e): log("f")
agent = Agent()
on(STARTED, agent.f)
off(STARTED, agent.f)
""")
        == []
    )


def test_removing_without_a_function_removes_every_handler_of_the_event(say):
    assert say("""
on(STARTED, lambda e: log("f"))
on(STARTED, lambda e: log("g"))
on(AppEvents.Terminating, lambda e: log("other"))
off(STARTED)
on(STARTED, lambda e: log("later"))
""") == ["later", "other"]


def test_removing_what_is_not_there_is_harmless(say):
    assert (
        say("""
off(STARTED, print)
off("No.Such.Event")
off(None)
""")
        == []
    )


def test_a_handler_removed_during_the_dispatch_and_not_reached_does_not_run(say):
    assert say("""
def first(e):
    log("first")
    off(STARTED, second)
def second(e): log("second")
def third(e): log("third")
on(STARTED, first); on(STARTED, second); on(STARTED, third)
""") == ["first", "third"]


def test_a_handler_may_remove_itself(say):
    assert say("""
def once(e):
    log("once")
    off(STARTED, once)
on(STARTED, once)
on(STARTED, lambda e: log("next"))
""") == ["once", "next"]


def test_a_handler_added_during_the_dispatch_waits_for_the_next_event(say):
    assert say("""
def first(e):
    log("first")
    on(STARTED, lambda e: log("added"))
on(STARTED, first)
""") == ["first"]


def test_removed_and_added_again_during_the_dispatch_does_not_run(say):
    assert (
        say("""
def first(e):
    off(STARTED, second)
    on(STARTED, second)
def second(e): log("second")
on(STARTED, first); on(STARTED, second)
""")
        == []
    )


# --- names --------------------------------------------------------------------------------------


def test_the_enum_member_is_the_string(say):
    assert say("""
log(AppEvents.Started)
on("Application.Started", lambda e: log(e.name))
""") == ["Application.Started", "Application.Started"]


@pytest.mark.parametrize("name", ['"No.Such.Event"', "None", "AppEvents.NoSuchMember", "42"])
def test_an_unknown_or_undefined_name_is_accepted_and_never_heard(say, name):
    assert say(f"on({name}, lambda e: log('heard'))\n") == []


def test_an_unknown_member_is_told_with_a_near_one(play):
    played = play(PRELUDE + "on(AppEvents.Startd, print)" + END, start=True)
    assert played.warnings == ["there is no AppEvents.Startd; did you mean AppEvents.Started?"]
    assert played.of("warning")[0]["line"] == 4


# --- the functions ------------------------------------------------------------------------------


def test_handlers_take_as_many_arguments_as_they_like(say):
    assert say("""
from functools import partial
class Agent:
    def none(self): log("method")
    def one(self, e): log("method " + e.name[12:])
    @staticmethod
    def static(): log("static")
    @classmethod
    def klass(cls): log("class")
    def __call__(self): log("object")
def none(): log("none")
def default(e=None): log("default " + e.name[12:])
def keyword(e, *, word="word"): log("keyword " + word)
def everything(*arguments, **words): log(f"everything {len(arguments)} {len(words)}")
def two(first, e): log(f"partial {first} {e.name[12:]}")
def named(word): log("partial " + word)
agent = Agent()
for f in (none, default, keyword, everything, agent.none, agent.one, agent.static, agent.klass,
          agent, lambda: log("lambda"), partial(two, 1), partial(named, "bound"),
          partial(agent.none)):
    on(STARTED, f)
""") == [
        "none",
        "default Started",
        "keyword word",
        "everything 1 0",
        "method",
        "method Started",
        "static",
        "class",
        "object",
        "lambda",
        "partial 1 Started",
        "partial bound",
        "method",
    ]


def test_a_handler_that_needs_more_is_an_error_at_its_event(failing):
    played = failing("""
def greedy(e, more): log("never")
on(STARTED, greedy)
""")
    assert "missing 1 required positional argument: 'more'" in played.errors[0]
    assert played.logs == []


@pytest.mark.parametrize(
    ("value", "kind"),
    [("None", "undefined"), ("'text'", "a string"), ("42", "a number"), ("{}", "an object")],
)
def test_what_is_no_function_is_accepted_and_ends_the_session_when_its_event_comes(
    failing, value, kind
):
    played = failing(f"""
on(STARTED, lambda e: log("before"))
on(STARTED, {value})
on(STARTED, lambda e: log("after"))
log("accepted")
""")
    assert played.logs == ["accepted", "before"]
    (error,) = played.of("error")
    assert error["text"] == f"a handler must be a function, not {kind}"
    assert (error["code"], error["line"]) == ("V202", 6)
    assert error["source_line"] == f"on(STARTED, {value})"


def test_what_is_no_function_is_harmless_when_its_event_never_comes(say):
    assert say("on(AppEvents.HttpRequest, 42)\n") == []


def test_every_handler_gets_the_same_plain_object(say):
    assert say("""
seen = []
on(STARTED, lambda e: seen.append(e))
def second(e):
    log(f"{e is seen[0]} {e.name == e['name']} {e.noSuchField} {'noSuchField' in e}")
    e.expando = 1
on(STARTED, second)
on(STARTED, lambda e: log(f"{e.expando} {e['sessionId'] > 0}"))
""") == ["True True None False", "1 True"]


def test_objects_in_an_event_are_plain_objects_all_the_way_down(play):
    played = play(
        """
        async def on_call(e):
            call = VoxEngine.callPSTN("15551234567", "15550000000")
            call.addEventListener(CallEvents.Connected, connected)
            call.addEventListener(CallEvents.Failed, connected)
            e.call.hangup()
        def connected(e):
            Logger.write(f"{e.headers['X-No']} {e.headers.No}" if "X-No" in e.headers
                         else f"{e.headers.No} {e.headers == {}}")
            VoxEngine.terminate()
        VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
        """
    )
    assert played.errors == []
    assert played.logs == ["None True"]


# --- asynchronous handlers ----------------------------------------------------------------------


def test_the_first_step_of_an_async_handler_runs_before_the_next_handler(say):
    assert say("""
import trio
async def first(e):
    log("first")
    await trio.sleep(0)
    log("first goes on")
on(STARTED, first)
on(STARTED, lambda e: log("second"))
async def third(e): log("third")
on(STARTED, third)
on(STARTED, lambda e: log("fourth"))
""") == ["first", "second", "third", "fourth", "first goes on"]


def test_what_follows_an_await_runs_before_later_events(play):
    """Listeners that are added after an `await` miss nothing."""
    played = play(
        """
        async def on_call(e):
            e.call.answer()
            client = await Grok.createVoiceAgentAPIClient(xAIApiKey="any-key", model="m")
            Logger.write("resolved")
            client.addEventListener(
                Grok.VoiceAgentAPIEvents.ConnectorInformation, lambda e: first(e, client))
        def first(e, client):
            Logger.write(f"first {e.client is client}")
            VoxEngine.terminate()
        require(Modules.Grok)
        VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
        """
    )
    assert played.logs == ["resolved", "first True"]


def test_many_awaiters_of_one_promise_go_on_in_the_order_of_awaiting(play):
    played = play(
        """
        require(Modules.Grok)
        def handler(n):
            async def wait(e):
                client = await promise
                ids.append(client.id())
                Logger.write(f"{n} {client.id() == ids[0]}")
                await promise
                Logger.write(f"{n} again")
            return wait
        ids = []
        for n in range(4):
            VoxEngine.addEventListener(AppEvents.Started, handler(n))
        promise = Grok.createVoiceAgentAPIClient(xAIApiKey="any-key", model="m")
        setTimeout(VoxEngine.terminate, 50)
        """,
        start=True,
    )
    assert played.logs == [f"{n} True" for n in range(4)] + [f"{n} again" for n in range(4)]


SLEEPERS = """
import trio
async def sleeper(n):
    for _ in range(2):
        with trio.move_on_after(0.1):
            await trio.sleep_forever()
        log(f"{n} timed out")
        await trio.sleep(0.1)
        log(f"{n} slept")
    try:
        await trio.sleep_forever()
    finally:
        log(f"{n} ends")
for n in range(5):
    on(STARTED, lambda e, n=n: sleeper(n))
"""


@pytest.mark.parametrize("seed", range(200))
def test_tasks_that_wake_together_go_on_in_order(play, monkeypatch, seed):
    """Also from time-outs, and when the session ends; trio would shuffle them."""
    monkeypatch.setattr(trio._core._run, "_r", random.Random(seed))
    played = play(PRELUDE + SLEEPERS + END, start=True)
    assert played.logs == [
        f"{n} {what}"
        for what in ("timed out", "slept", "timed out", "slept", "ends")
        for n in range(5)
    ]
    assert played.of("log")[0]["t"] == 100.0
    assert played.of("session")[-1]["state"] == "terminated"


# --- errors -------------------------------------------------------------------------------------


def test_an_exception_in_a_plain_handler_ends_the_session(failing):
    played = failing("""
on(STARTED, lambda e: log("before"))
on(STARTED, lambda e: 1 / 0)
on(STARTED, lambda e: log("after"))
on(AppEvents.Terminating, lambda e: log(JSON.stringify(e)))
on(AppEvents.Terminated, lambda e: log(JSON.stringify(e)))
""")
    assert played.logs == [
        "before",
        '{"name":"Application.Terminating","systemError":true}',
        '{"name":"Application.Terminated","systemError":true}',
    ]
    (error,) = played.of("error")
    assert error["text"] == "ZeroDivisionError: division by zero"
    assert (error["line"], error["source_line"]) == (6, "on(STARTED, lambda e: 1 / 0)")
    assert "Terminating with exit code 1." in played.log_lines[-4]


@pytest.mark.parametrize(
    "statement",
    ["raise SystemExit(3)", "exit()", "raise BaseException('odd')", "raise GeneratorExit"],
)
def test_exceptions_that_end_a_program_end_only_the_session(failing, statement):
    played = failing(f"""
def handler(e):
    {statement}
on(STARTED, handler)
""")
    assert played.of("error")[0]["line"] == 6
    assert played.events[-2:] == ["Application.Terminating", "Application.Terminated"]


def test_an_unhandled_rejection_is_told_and_the_session_goes_on(play):
    played = play(
        PRELUDE
        + """
import trio
async def at_once(e): raise ValueError("at once")
async def later(e):
    await trio.sleep(0.5)
    raise KeyError("later")
async def leave(e): raise SystemExit(3)
for f in (at_once, later, leave, lambda e: log("goes on")):
    on(STARTED, f)
setTimeout(lambda: log("still there"), 600)
"""
        + END,
        start=True,
    )
    assert played.logs == ["goes on", "still there"]
    assert played.errors == [
        "Unhandled rejection: ValueError: at once",
        "Unhandled rejection: SystemExit: 3",
        "Unhandled rejection: KeyError: there is no key 'later'",
    ]
    assert [error["line"] for error in played.of("error")] == [6, 10, 9]
    assert played.result.finish_reason == "Normal termination"
    assert played.result.outcome == "script error"


def test_errors_of_tasks_that_a_handler_started_are_its_own(play):
    """A nursery at the end of the session is no error; an error in one is told once."""
    played = play(
        PRELUDE
        + """
import trio
async def fail(): raise ValueError("in a child")
async def waits(e):
    async with trio.open_nursery() as nursery:
        nursery.start_soon(trio.sleep_forever)
        nursery.start_soon(trio.sleep_forever)
async def fails(e):
    async with trio.open_nursery() as nursery:
        nursery.start_soon(trio.sleep_forever)
        nursery.start_soon(fail)
on(STARTED, waits)
on(STARTED, fails)
"""
        + END,
        start=True,
    )
    assert played.errors == ["Unhandled rejection: ValueError: in a child"]
    assert played.result.finish_reason == "Normal termination"
