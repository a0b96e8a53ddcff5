"""Promises: when those who wait go on, and what becomes of errors."""

from __future__ import annotations

import pytest
import trio

from voxrt.clocks import VirtualClock
from voxrt.session.promise import Promise


@pytest.fixture
def clock():
    return VirtualClock()


@pytest.fixture
def unhandled():
    return []


@pytest.fixture
def promise(clock, unhandled):
    return Promise(clock, unhandled.append)


def run(clock, *tasks):
    left = len(tasks)

    async def finish(task):
        nonlocal left
        await task()
        left -= 1

    async def main():
        async with trio.open_nursery() as nursery:
            for task in tasks:
                nursery.start_soon(finish, task)
            await clock.drive(
                None, lambda: left == 0 and clock.next_due_us is None and not clock._next
            )

    trio.run(main, clock=clock.trio_clock)


def test_an_awaiter_gets_the_value_at_the_instant_of_settling(clock, promise):
    seen = []

    async def wait():
        seen.append((await promise, clock.now_us()))
        seen.append((await promise, clock.now_us()))

    clock.call_at(500, promise.resolve, "value")
    run(clock, wait)
    assert seen == [("value", 500)] * 2


def test_an_awaiter_gets_the_error(clock, promise, unhandled):
    async def wait():
        with pytest.raises(KeyError, match="wrong"):
            await promise

    clock.call_at(500, promise.reject, KeyError("wrong"))
    run(clock, wait)
    assert unhandled == []


def test_the_first_settlement_counts(clock, promise, unhandled):
    seen = []
    promise.then(seen.append)
    promise.resolve(1)
    promise.resolve(2)
    promise.reject(ValueError())
    run(clock)
    assert seen == [1]
    assert unhandled == []


def test_those_who_wait_go_on_before_what_is_due_in_the_order_of_waiting(clock, promise):
    seen = []
    for name in "abc":
        promise.then(lambda value, name=name: seen.append(name + value))

    def settle():
        clock.call_soon(seen.append, "due")
        promise.resolve("!")

    clock.call_at(10, settle)
    clock.call_at(10, seen.append, "due already")
    run(clock)
    assert seen == ["a!", "b!", "c!", "due already", "due"]


def test_an_error_that_nobody_waits_for_is_unhandled(clock, promise, unhandled):
    error = ValueError("nobody")
    promise.reject(error)
    assert unhandled == []
    run(clock)
    assert unhandled == [error]


def test_whoever_waits_right_after_the_rejection_handles_it(clock, promise, unhandled):
    promise.reject(ValueError("soon"))
    seen = []
    promise.catch(lambda error: seen.append(str(error)))
    run(clock)
    assert seen == ["soon"]
    assert unhandled == []


def test_then_makes_a_promise_of_what_the_function_returns(clock, promise):
    seen = []
    promise.then(lambda value: value + 1).then(lambda value: value * 10).then(seen.append)
    promise.resolve(1)
    run(clock)
    assert seen == [20]


def test_a_function_that_returns_a_promise_is_waited_for(clock, promise):
    other, seen = Promise(clock), []
    promise.then(lambda value: other).then(seen.append)
    promise.resolve(1)
    clock.call_at(50, other.resolve, "other")
    clock.call_at(49, lambda: seen.append("before"))
    run(clock)
    assert seen == ["before", "other"]


def test_functions_may_take_no_value(clock, promise):
    seen = []
    promise.then(lambda: seen.append("none"))
    promise.resolve(1)
    run(clock)
    assert seen == ["none"]


def test_values_and_errors_pass_over_what_does_not_concern_them(clock, promise, unhandled):
    seen = []
    promise.catch(lambda error: seen.append("never")).then(seen.append)
    promise.then(None, None).then(lambda value: 1 / 0).then(
        lambda value: seen.append("never")
    ).catch(lambda error: seen.append(type(error).__name__))
    promise.resolve("value")
    run(clock)
    assert seen == ["value", "ZeroDivisionError"]
    assert unhandled == []


def test_an_error_at_the_end_of_a_chain_is_unhandled_once(clock, promise, unhandled):
    promise.then(lambda value: 1 / 0).then(print).then(print)
    promise.resolve(1)
    run(clock)
    assert [type(error) for error in unhandled] == [ZeroDivisionError]


def test_a_waiter_that_gave_up_is_not_resumed(clock, promise):
    seen = []

    async def impatient():
        with trio.move_on_after(0.001):
            await promise
        seen.append(clock.now_us())
        await trio.sleep(0.01)
        seen.append(clock.now_us())

    clock.call_at(5_000, promise.resolve, 1)
    run(clock, impatient)
    assert seen == [1_000, 11_000]


# --- in a scenario ------------------------------------------------------------------------------

CLIENT = "Grok.createVoiceAgentAPIClient(xAIApiKey='any-key', model='m')"


def test_a_scenario_may_chain_reactions(play):
    played = play(
        f"""
        require(Modules.Grok)
        {CLIENT}.then(lambda client: client.close()).then(lambda: Logger.write("closed"))
        Grok.createVoiceAgentAPIClient({{}}).catch(lambda error: Logger.write(str(error)))
        setTimeout(VoxEngine.terminate, 100)
        """,
        start=True,
    )
    assert played.errors == []
    assert "xAIApiKey is missing" in played.logs[0]
    assert played.logs[1:] == ["closed"]


def test_a_rejection_that_nobody_handles_is_told(play):
    played = play(
        """
        require(Modules.Grok)
        Grok.createVoiceAgentAPIClient({})
        setTimeout(VoxEngine.terminate, 100)
        """,
        start=True,
    )
    assert len(played.errors) == 1
    assert played.errors[0].startswith("Unhandled rejection: ")
    assert played.result.finish_reason == "Normal termination"


def test_a_reaction_may_be_asynchronous(play):
    played = play(
        f"""
        import trio
        require(Modules.Grok)
        async def react(client):
            await trio.sleep(0.5)
            Logger.write("reacted")
            return "value"
        async def fail(value):
            Logger.write(value)
            await trio.sleep(0.5)
            raise ValueError("in a reaction")
        {CLIENT}.then(react).then(fail).catch(lambda error: Logger.write(str(error)))
        {CLIENT}.then(react).then(fail)
        setTimeout(VoxEngine.terminate, 5000)
        """,
        start=True,
    )
    assert sorted(played.logs) == ["in a reaction", *["reacted"] * 2, *["value"] * 2]
    assert played.errors == ["Unhandled rejection: ValueError: in a reaction"]


def test_the_time_of_a_reaction_is_limited_too(play, monkeypatch):
    from attrs import evolve

    from voxrt.session.limits import Limits

    short = evolve(Limits(), callback_s=0.05)
    monkeypatch.setattr("voxrt.run.runner.Limits", lambda mode: evolve(short, mode=mode))
    played = play(
        f"""
        require(Modules.Grok)
        def react(client):
            while True:
                pass
        {CLIENT}.then(react)
        """,
        start=True,
    )
    assert played.of("error")[0]["code"] == "V205"
    assert played.result.finish_reason == "JS session error"
