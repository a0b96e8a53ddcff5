"""Handlers: which run, in what order, and what they get."""

from __future__ import annotations

HEAD = """
events = AppEvents.Started

def say(text):
    return lambda e: Logger.write(text)
"""


def run(play, body):
    return play(HEAD + body, start=True).logs


def test_handlers_run_in_order_and_duplicates_run_twice(play):
    body = """
a = say("a")
VoxEngine.addEventListener(events, a)
VoxEngine.addEventListener(events, say("b"))
VoxEngine.addEventListener(events, a)
"""
    assert run(play, body) == ["a", "b", "a"]


def test_removing_a_handler_removes_every_registration_of_it(play):
    body = """
a = say("a")
for handler in (a, say("b"), a):
    VoxEngine.addEventListener(events, handler)
VoxEngine.removeEventListener(events, a)
"""
    assert run(play, body) == ["b"]


def test_removing_without_a_handler_removes_all(play):
    body = """
VoxEngine.addEventListener(events, say("a"))
VoxEngine.removeEventListener(events)
VoxEngine.addEventListener(events, say("b"))
"""
    assert run(play, body) == ["b"]


def test_a_handler_removed_while_the_event_runs_does_not_run(play):
    body = """
late = say("late")
VoxEngine.addEventListener(events, lambda e: VoxEngine.removeEventListener(events, late))
VoxEngine.addEventListener(events, late)
"""
    assert run(play, body) == []


def test_a_handler_added_while_the_event_runs_waits_for_the_next(play):
    body = """
VoxEngine.addEventListener(events, lambda e: VoxEngine.addEventListener(events, say("late")))
"""
    assert run(play, body) == []


def test_a_handler_that_is_no_function_is_an_error_when_its_event_comes(play):
    accepted = play("VoxEngine.addEventListener(AppEvents.HttpRequest, 42)", start=True)
    assert accepted.result.exit_code == 0
    played = play("VoxEngine.addEventListener(AppEvents.Started, 42)", start=True)
    assert "must be a function" in played.errors[0]
    assert played.result.finish_reason == "JS session error"


def test_a_missing_event_name_is_harmless_and_told_with_a_near_one(play):
    played = play("VoxEngine.addEventListener(AppEvents.Startd, lambda e: None)", start=True)
    assert played.result.exit_code == 0
    assert "did you mean AppEvents.Started?" in played.warnings[0]
    warning = played.of("warning")[0]
    assert warning["line"] == 1


def test_a_handler_may_take_no_argument(play):
    body = """
def nothing():
    Logger.write("called")

VoxEngine.addEventListener(events, nothing)
VoxEngine.addEventListener(events, lambda *args: Logger.write(str(len(args))))
"""
    assert run(play, body) == ["called", "1"]


def test_the_first_step_of_an_async_handler_runs_before_the_next_handler(play):
    body = """
import trio

async def first(e):
    Logger.write("first begins")
    await trio.sleep(1)
    Logger.write("first goes on")

VoxEngine.addEventListener(events, first)
VoxEngine.addEventListener(events, say("second"))
"""
    assert run(play, body) == ["first begins", "second", "first goes on"]


def test_tasks_that_sleep_to_the_same_instant_go_on_in_their_order(play):
    body = """
import trio

def waits(text):
    async def handler(e):
        await trio.sleep(1)
        Logger.write(text)
    return handler

for number in range(12):
    VoxEngine.addEventListener(events, waits(str(number)))
"""
    assert run(play, body) == [str(number) for number in range(12)]


def test_trio_sleep_follows_the_run(play):
    played = play(
        """
        import trio

        async def on_start(e):
            await trio.sleep(2.5)
            VoxEngine.terminate()

        VoxEngine.addEventListener(AppEvents.Started, on_start)
        """,
        start=True,
    )
    assert played.result.record["duration_ms"] == 2_500


def test_an_event_reads_by_attribute_and_by_item(play):
    body = """
def on_start(e):
    Logger.write(e.name)
    Logger.write(e["name"])
    Logger.write(str(e.nothing_like_it))
    Logger.write(str(JSON.parse(JSON.stringify(e)).sessionId == e.sessionId))

VoxEngine.addEventListener(events, on_start)
"""
    assert run(play, body) == ["Application.Started", "Application.Started", "None", "True"]


def test_files_share_one_scope(play):
    played = play("GREETING = 'shared'", "Logger.write(GREETING)", start=True)
    assert played.logs == ["shared"]
