"""How a session begins and ends. Source: VoxEngine's session limits and lifecycle pages."""

from __future__ import annotations

import pytest

STARTED = "VoxEngine.addEventListener(AppEvents.Started, {})\n"
CATCHES = """while True:
        try:
            while True: pass
        except {}: pass"""
SAY_ENDS = """
VoxEngine.addEventListener(AppEvents.Terminating, lambda e: Logger.write(f"ing {e.systemError}"))
VoxEngine.addEventListener(AppEvents.Terminated, lambda e: Logger.write(f"ed {e.systemError}"))
"""


def test_started_comes_first_also_for_an_incoming_call(play):
    played = play(
        "VoxEngine.addEventListener(AppEvents.CallAlerting, lambda e: e.call.reject(486))"
    )
    assert played.events[:2] == ["Application.Started", "Application.CallAlerting"]


def test_call_alerting_may_be_registered_inside_started(play):
    played = play(
        """
        def on_start(e):
            VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)

        def on_call(e):
            Logger.write("alerting")
            e.call.reject(486)

        VoxEngine.addEventListener(AppEvents.Started, on_start)
        """
    )
    assert played.logs == ["alerting"]


def test_custom_data_is_there_before_any_event(play):
    handler = "lambda e: Logger.write(VoxEngine.customData())"
    played = play(STARTED.format(handler), start=True, custom_data='{"a": 1}')
    assert played.logs == ['{"a": 1}']


def test_custom_data_that_was_never_set_is_empty(play):
    played = play(
        STARTED.format("lambda e: Logger.write(repr(VoxEngine.customData()))"), start=True
    )
    assert played.logs == ["''"]


def test_a_session_without_a_call_ends_after_60_s(play):
    played = play(SAY_ENDS, start=True)
    assert played.logs == ["ing None", "ed None"]
    assert played.result.record["duration_ms"] == 60_000
    assert played.result.finish_reason == "Normal termination"
    assert any(line.endswith("INFO: Session is stopping...") for line in played.log_lines)


def test_timers_do_not_keep_a_session_alive(play):
    played = play("setInterval(lambda: None, 100)", start=True)
    assert played.result.record["duration_ms"] == 60_000


def test_the_idle_time_begins_again_after_the_last_call(play):
    played = play(
        """
        def on_call(e):
            e.call.answer()
            setTimeout(e.call.hangup, 5000)

        VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
        """,
        caller="- wait: 1000\n",
    )
    assert played.result.record["duration_ms"] == 65_000


def test_an_alerting_call_that_nobody_handles_is_refused(play):
    played = play("")
    ended = next(r for r in played.of("event") if r["name"] == "Call.Disconnected")
    assert "Unhandled CallAlerting event" in played.logs
    assert ended["data"]["internalCode"] == 603
    assert (ended["data"]["cost"], ended["data"]["duration"]) == (0, 0)
    assert ended["data"]["direction"] == ""


def test_terminate_does_not_unwind_and_may_be_called_twice(play):
    played = play(
        """
def on_start(e):
    VoxEngine.terminate()
    Logger.write("after")
    VoxEngine.terminate()

VoxEngine.addEventListener(AppEvents.Started, on_start)
"""
        + SAY_ENDS,
        start=True,
    )
    assert played.logs == ["after", "ing None", "ed None"]
    assert played.events.count("Application.Terminated") == 1


def test_terminate_may_be_passed_unbound_and_ignores_arguments(play):
    played = play("setTimeout(VoxEngine.terminate, 200, 'an argument')", start=True)
    assert played.result.record["duration_ms"] == 200


def test_no_timer_fires_once_the_session_terminates(play):
    played = play(
        """
        VoxEngine.addEventListener(
            AppEvents.Terminating, lambda e: setTimeout(lambda: Logger.write("late"), 0)
        )
        setTimeout(lambda: Logger.write("never"), 300)
        setTimeout(VoxEngine.terminate, 200)
        """,
        start=True,
    )
    assert played.logs == []


def test_after_terminate_other_events_are_written_but_not_delivered(play):
    played = play(
        """
        def on_call(e):
            e.call.addEventListener(CallEvents.Disconnected, lambda e: Logger.write("heard"))
            e.call.addEventListener(CallEvents.Connected, VoxEngine.terminate)
            e.call.answer()

        VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
        """,
        caller="- wait: 100\n",
    )
    assert "Call.Disconnected" in played.events
    assert played.logs == []


def test_an_error_in_a_handler_ends_the_session(play):
    played = play(STARTED.format("lambda e: 1 / 0") + SAY_ENDS, start=True)
    assert played.logs == ["ing True", "ed True"]
    assert played.result.finish_reason == "JS session error"
    assert played.result.exit_code == 1
    error = played.of("error")[0]
    assert "division by zero" in error["text"]
    assert error["line"] == 1
    assert error["file"].endswith("scenario.py")


def test_an_error_at_the_top_level_ends_it_before_started(play):
    played = play("undefined_name", start=True)
    assert "Application.Started" not in played.events
    assert played.result.exit_code == 1


def test_an_error_in_an_async_handler_is_loud_and_does_not_end_it(play):
    played = play(
        """
        async def on_start(e):
            raise ValueError("lost")

        VoxEngine.addEventListener(AppEvents.Started, on_start)
        setTimeout(lambda: Logger.write("goes on"), 500)
        """,
        start=True,
    )
    assert played.logs == ["goes on"]
    assert "Unhandled rejection" in played.errors[0]
    assert played.result.exit_code == 1


@pytest.mark.parametrize(
    "loop",
    ["while True: pass", CATCHES.format("Exception"), CATCHES.format("BaseException")],
    ids=["plain", "catches Exception", "catches everything"],
)
def test_an_endless_handler_is_stopped_whatever_it_catches(play, loop):
    played = play(f"def on_start(e):\n    {loop}\n\n" + STARTED.format("on_start"), start=True)
    assert "one callback may compute for 1 s" in played.errors[0]
    assert played.result.finish_reason == "JS session error"


def test_the_101st_timer_is_an_error(play):
    source = "for n in range({}):\n    setTimeout(lambda: None, 1000)\n"
    assert play(source.format(100), start=True).result.exit_code == 0
    played = play(source.format(101), start=True)
    assert "at most 100 active timers" in played.errors[0]


def test_a_timer_that_fired_or_was_cleared_makes_room(play):
    played = play(
        """
        ids = [setTimeout(lambda: None, 1000) for n in range(100)]
        clearTimeout(ids[0])
        clearTimeout(ids[0])
        clearInterval(12345)
        clearTimeout(None)
        setTimeout(VoxEngine.terminate, 200)
        """,
        start=True,
    )
    assert played.result.exit_code == 0


def test_short_intervals_are_raised_to_100_ms(play):
    played = play(
        """
        setInterval(lambda: Logger.write("tick"), 1)
        setTimeout(VoxEngine.terminate, 1050)
        """,
        start=True,
    )
    assert played.logs == ["tick"] * 10


def test_secrets_are_given_to_the_script_and_to_nobody_else(play, tmp_path):
    played = play(
        """
        Logger.write(f"the key is {VoxEngine.getSecretValue('KEY')}")
        Logger.write(str(VoxEngine.getSecretValue("OTHER")) + str(VoxEngine.getSecretValue("")))
        """,
        start=True,
        secrets={"KEY": 'a"secret\\value'},
    )
    assert played.logs == ["the key is ******", "NoneNone"]
    for path in (tmp_path / "run").iterdir():
        assert b"secret\\\\value" not in path.read_bytes()
        assert b"secret\\value" not in path.read_bytes()
