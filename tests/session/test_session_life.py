"""The life of a session, from its start to its last record. VoxEngine semantics, section 1."""

from __future__ import annotations

import pytest

from voxrt.run import RunConfig
from voxrt.run.runner import Run

PRELUDE = """
on, log = VoxEngine.addEventListener, Logger.write
def tell(e): log(JSON.stringify(e))
on(AppEvents.Terminating, tell)
on(AppEvents.Terminated, tell)
"""
TERMINATING = '{"name":"Application.Terminating"}'
TERMINATED = '{"name":"Application.Terminated"}'
ERROR_ENDS = [
    '{"name":"Application.Terminating","systemError":true}',
    '{"name":"Application.Terminated","systemError":true}',
]


@pytest.fixture
def live(play):
    """Plays a scenario that tells its end; without a call unless `start=False`."""

    def run(source, **options):
        return play(PRELUDE + source, **{"start": True, **options})

    return run


def states(played):
    return [record["state"] for record in played.of("session")]


def kinds(played, *wanted):
    """(kind, what) of the records of some kinds, in order."""
    what = {"session": "state", "event": "name", "log": "text", "command": "name"}
    return [(r["kind"], r[what[r["kind"]]]) for r in played.records if r["kind"] in wanted]


# --- the start ----------------------------------------------------------------------------------


def test_started_comes_first_and_once_also_for_an_incoming_call(live):
    played = live(
        """
on(AppEvents.CallAlerting, lambda e: VoxEngine.terminate())
on(AppEvents.Started, lambda e: log("started"))
""",
        start=False,
    )
    assert played.events[:2] == ["Application.Started", "Application.CallAlerting"]
    assert played.events.count("Application.Started") == 1
    assert played.logs == ["started", TERMINATING, TERMINATED]


def test_without_a_call_there_is_no_call_alerting(live):
    played = live("on(AppEvents.Started, VoxEngine.terminate)\n")
    assert played.events == [
        "Application.Started",
        "Application.Terminating",
        "Application.Terminated",
    ]


def test_files_are_loaded_in_order_into_one_scope_before_anything_happens(play):
    played = play(
        "shared = ['one']\nLogger.write('loading 1')",
        "shared.append('two')\nLogger.write('loading 2')",
        """
        Logger.write(" ".join(shared))
        VoxEngine.addEventListener(AppEvents.Started, VoxEngine.terminate)
        """,
        start=True,
    )
    assert kinds(played, "session", "log", "event")[:7] == [
        ("session", "loading"),
        ("log", "loading 1"),
        ("session", "loading"),
        ("log", "loading 2"),
        ("session", "loading"),
        ("log", "one two"),
        ("event", "Application.Started"),
    ]


def test_the_fields_of_started(live):
    played = live("""
def started(e):
    log(f"{e.accessURL} {e.accessSecureURL} {e.sessionId} {e.name} {e.userId} {e.domainName}")
    log(e.config.acceptReInviteByDefault)
    VoxEngine.terminate()
on(AppEvents.Started, started)
""")
    access, secure, session, name, user, domain = played.logs[0].split(" ")
    assert access.startswith("http://")
    assert secure.startswith("https://")
    assert access.split("/")[-3:] == secure.split("/")[-3:]
    assert session.isdigit()
    assert (name, user) == ("Application.Started", "-1")
    assert domain.endswith(".voximplant.com")
    assert played.logs[1] == "true"


def test_custom_data_is_there_before_any_event_and_after_the_top_level(live):
    played = live(
        """
log("top level: " + VoxEngine.customData())
on(AppEvents.Started, lambda e: log("started: " + VoxEngine.customData()))
on(AppEvents.Started, VoxEngine.terminate)
""",
        custom_data='{"a": "é"}',
    )
    assert played.logs[:2] == ["top level: ", 'started: {"a": "é"}']
    lines = [line[24:] for line in played.log_lines]
    data = lines.index('Sent event to JS VoxEngine.customData with params [{"a": "é"} ;  ]')
    assert lines[data - 1] == "top level: "
    assert "Application.Started" in lines[data + 1]


def test_without_custom_data_it_is_empty_and_not_told(live):
    played = live("log('<' + VoxEngine.customData() + '>')\nVoxEngine.terminate()\n")
    assert played.logs[0] == "<>"
    assert "custom-data" not in states(played)


def test_custom_data_that_is_long_is_kept_with_a_warning(live):
    played = live(
        "on(AppEvents.Started, lambda e: log(str(len(VoxEngine.customData()))))\n"
        "on(AppEvents.Started, VoxEngine.terminate)\n",
        custom_data="é" * 101,
    )
    assert played.logs[0] == "101"
    assert played.warnings == ["custom data is longer than 200 bytes"]


# --- terminate ----------------------------------------------------------------------------------


def test_terminate_does_not_unwind(live):
    played = live("""
def started(e):
    VoxEngine.terminate()
    log("goes on")
    for n in range(2):
        log(f"in a loop {n}")
on(AppEvents.Started, started)
""")
    assert played.logs == ["goes on", "in a loop 0", "in a loop 1", TERMINATING, TERMINATED]
    assert played.result.finish_reason == "Normal termination"
    assert played.result.exit_code == 0


@pytest.mark.parametrize(
    "source",
    [
        "on(AppEvents.Started, VoxEngine.terminate)",
        "setTimeout(VoxEngine.terminate, 20000)",
        "setTimeout(VoxEngine.terminate, 20, 'an argument', 2)",
        "end = VoxEngine.terminate\non(AppEvents.Started, lambda e: end('an argument'))",
        "on(AppEvents.Started, lambda e: [VoxEngine.terminate(), VoxEngine.terminate()])",
        "on(AppEvents.Started, lambda e: VoxEngine.terminate())\n"
        "on(AppEvents.Terminating, VoxEngine.terminate)\n"
        "on(AppEvents.Terminated, VoxEngine.terminate)",
        "VoxEngine.terminate()",
    ],
    ids=["handler", "timer", "timer with arguments", "argument", "twice", "at the end", "at load"],
)
def test_terminate_in_all_its_forms(live, source):
    played = live(source + "\n")
    assert played.logs == [TERMINATING, TERMINATED]
    assert played.errors == []
    assert states(played) == ["loading", "terminating", "terminated"]
    assert [record["name"] for record in played.of("command")] == ["terminating"]
    assert played.result.finish_reason == "Normal termination"


def test_terminate_at_the_top_level_comes_before_started_and_the_call(live):
    played = live("VoxEngine.terminate()\nlog('goes on')\n", start=False)
    assert played.logs == ["goes on", TERMINATING, TERMINATED]
    assert played.events == ["Application.Terminating", "Application.Terminated"]
    assert played.result.record["calls"] == []


def test_terminate_says_where_it_was_called(live):
    played = live("def end(e):\n    VoxEngine.terminate()\non(AppEvents.Started, end)\n")
    (record,) = [r for r in played.of("session") if r["state"] == "terminating"]
    assert record["stack"].startswith("end@")
    assert record["stack"].endswith("scenario.py:7")


def test_only_the_last_two_events_reach_handlers_and_the_others_are_written(live):
    played = live(
        """
def heard(e): log("heard " + e.name)
def on_call(e):
    for name in CallEvents:
        e.call.addEventListener(CallEvents[name], heard)
    e.call.addEventListener(CallEvents.Connected, end)
    e.call.answer()
def end(e):
    e.call.sendMessage("x")
    VoxEngine.terminate()
    log(e.call.state())
on(AppEvents.CallAlerting, on_call)
on(AppEvents.Started, lambda e: None)
""",
        start=False,
    )
    assert played.logs == [
        "heard Call.StateChanged",
        "heard Call.FirstAudioPacketReceived",
        "heard Call.StateChanged",
        "heard Call.Connected",
        "TERMINATED",
        TERMINATING,
        TERMINATED,
    ]
    late = [r for r in played.of("event") if r["name"] == "Call.Disconnected"]
    assert [(r["handlers"], r["t"]) for r in late] == [(0, 20.0)]
    assert played.events[-2:] == ["Application.Terminating", "Application.Terminated"]


def test_the_handlers_after_the_one_that_terminates_do_not_run(live):
    played = live("""
on(AppEvents.Started, lambda e: log("first"))
on(AppEvents.Started, VoxEngine.terminate)
on(AppEvents.Started, lambda e: log("third"))
""")
    assert played.logs == ["first", TERMINATING, TERMINATED]


def test_all_handlers_of_the_last_two_events_run_also_asynchronous_ones(live):
    played = live("""
import trio
async def last(e):
    log("async " + e.name[12:])
    await trio.sleep(0)
    log("goes on " + e.name[12:])
on(AppEvents.Terminating, last)
on(AppEvents.Terminated, last)
on(AppEvents.Terminating, lambda e: log("second Terminating"))
on(AppEvents.Terminated, lambda e: log("second Terminated"))
VoxEngine.terminate()
""")
    assert played.logs[:3] == [TERMINATING, "async Terminating", "second Terminating"]
    assert set(played.logs[3:]) == {
        TERMINATED,
        "async Terminated",
        "second Terminated",
        "goes on Terminating",
    }
    assert played.errors == []
    assert states(played)[-1] == "terminated"


# --- what still works after terminate ------------------------------------------------------------


AFTER = """
import trio
require(Modules.Grok)
def on_call(e):
    global call
    call = e.call
    call.answer()
    call.addEventListener(CallEvents.Connected, end)
def end(e):
    VoxEngine.terminate()
    attempt("after terminate")
on(AppEvents.CallAlerting, on_call)
on(AppEvents.Terminating, lambda e: attempt("in Terminating"))
on(AppEvents.Terminated, lambda e: attempt("in Terminated"))
def attempt(when):
    {statement}
    log(when)
"""


@pytest.mark.parametrize(
    "statement",
    [
        "call.hangup()",
        "call.say('hello')",
        "call.answer()",
        "call.sendDigits('1')",
        "call.sendMessage('x')",
        "call.startPlayback('a.wav')",
        "call.stopPlayback()",
        "call.handleTones(True)",
        "call.record()",
        "call.sendMediaTo(call)",
        "call.stopMediaTo(call)",
        "VoxEngine.sendMediaBetween(call, call)",
        "VoxEngine.customData('later')",
        "VoxEngine.getSecretValue('KEY')",
        "Grok.createVoiceAgentAPIClient(xAIApiKey='any-key', model='m')",
        "setTimeout(log, 0, 'never')",
        "setInterval(log, 100, 'never')",
        "on(AppEvents.Started, log)",
        "require(Modules.Grok)",
        "VoxEngine.terminate()",
    ],
)
def test_after_terminate_nothing_is_done_and_nothing_breaks(live, statement):
    """All calls are dropped and all units destroyed: what is asked for then is ignored."""
    played = live(AFTER.format(statement=statement), start=False)
    assert played.errors == []
    assert played.logs == [
        "after terminate",
        TERMINATING,
        "in Terminating",
        TERMINATED,
        "in Terminated",
    ]
    assert played.result.finish_reason == "Normal termination"
    ended = next(n for n, r in enumerate(played.records) if r.get("state") == "terminating")
    assert {r["name"] for r in played.records[ended:] if r["kind"] == "event"} <= {
        "Call.Disconnected",
        "Call.RecordError",
        "WebSocket.Close",
        "Application.Terminating",
        "Application.Terminated",
    }
    assert played.result.record["duration_ms"] == 20.0


def test_what_is_made_after_terminate_is_destroyed_with_a_warning(live):
    played = live(
        AFTER.format(statement="Grok.createVoiceAgentAPIClient(xAIApiKey='any-key', model='m')"),
        start=False,
    )
    assert "the session is ending: nothing new is made" in played.warnings


# --- the idle rule ------------------------------------------------------------------------------


def test_a_session_without_a_call_ends_after_60_s(live):
    played = live("setInterval(lambda: None, 7000)\n")
    assert played.result.record["duration_ms"] == 60_000
    assert played.logs == [TERMINATING, TERMINATED]
    assert states(played) == ["loading", "idle", "terminating", "terminated"]
    idle = next(n for n, line in enumerate(played.log_lines) if "Session is stopping" in line)
    assert played.log_lines[idle][24:] == "INFO: Session is stopping..."
    assert "Terminating request..." in played.log_lines[idle + 1]
    assert played.result.finish_reason == "Normal termination"


def test_the_time_runs_again_from_the_end_of_the_last_call(live):
    played = live(
        """
calls = []
def on_call(e):
    e.call.answer()
    setTimeout(e.call.hangup, 70000)
    calls.append(VoxEngine.callPSTN("15550001111", "15550002222"))
    setTimeout(calls[0].hangup, 100000)
on(AppEvents.CallAlerting, on_call)
""",
        start=False,
        caller="caller:\n  steps:\n    - wait: 1000000\n",
    )
    assert played.errors == []
    assert played.result.record["duration_ms"] == 160_000


def test_a_call_in_the_meantime_disarms_it(live):
    played = live("""
on(AppEvents.Started, lambda e: setTimeout(call, 50000))
def call():
    call = VoxEngine.callPSTN("15550001111", "15550002222")
    setTimeout(call.hangup, 30000)
""")
    assert played.result.record["duration_ms"] == 140_000


@pytest.mark.parametrize("limits", ["warn", "off"])
def test_without_limits_a_session_may_idle(live, limits):
    played = live("setTimeout(VoxEngine.terminate, 200000)\n", limits=limits)
    assert played.result.record["duration_ms"] == 200_000
    told = ["the platform ends a session without a call after 60 s"]
    assert played.warnings == (told if limits == "warn" else [])


def test_a_session_that_never_ends_is_ended_with_the_run(live):
    played = live("", limits="off", longest_s=100)
    assert played.result.record["duration_ms"] == 100_000
    assert played.warnings == ["the run was ended after 100 s"]
    assert (played.result.outcome, played.result.exit_code) == ("failed", 3)
    assert played.result.finish_reason == "Terminated administratively"
    assert played.logs == [TERMINATING, TERMINATED]


# --- a call that nobody handles -----------------------------------------------------------------


def test_a_call_without_a_handler_is_refused_with_603(live):
    played = live("", start=False)
    assert played.logs == ["Unhandled CallAlerting event", TERMINATING, TERMINATED]
    (ended,) = [r for r in played.of("event") if r["name"] == "Call.Disconnected"]
    assert ended["t"] == 0
    assert {key: ended["data"].get(key) for key in ("cost", "duration", "direction")} == {
        "cost": 0,
        "duration": 0,
        "direction": "",
    }
    assert ended["data"]["internalCode"] == 603
    assert played.result.record["duration_ms"] == 60_000
    lines = [line[24:] for line in played.log_lines]
    unhandled = lines.index("Unhandled CallAlerting event")
    assert "Call.Disconnected" in lines[unhandled + 1]
    assert "INFO: Session is stopping..." in lines


def test_a_handler_added_in_started_is_in_time(live):
    played = live(
        """
def started(e):
    on(AppEvents.CallAlerting, lambda e: [log("alerted"), VoxEngine.terminate()])
on(AppEvents.Started, started)
""",
        start=False,
    )
    assert played.logs[0] == "alerted"


# --- errors -------------------------------------------------------------------------------------


def test_an_error_at_the_top_level_ends_the_session_before_started(live):
    played = live("log('before')\n1 / 0\nlog('after')\n", start=False)
    assert played.logs == ["before", *ERROR_ENDS]
    assert played.events == ["Application.Terminating", "Application.Terminated"]
    assert played.of("error")[0]["line"] == 7
    assert played.result.finish_reason == "JS session error"
    assert (played.result.outcome, played.result.exit_code) == ("script error", 1)
    assert [line[24:] for line in played.log_lines[-4:]] == [
        "Terminating with exit code 1.",
        "Executing JS command: close with params {CpuMillis = 0 ; }",
        "JS session error",
        "Session terminated",
    ]


def test_an_error_in_a_later_file_keeps_the_handlers_of_the_earlier_ones(play):
    played = play(PRELUDE, "\n\nraise ValueError('second')", start=True)
    assert played.logs == ERROR_ENDS
    assert played.of("error")[0]["file"].endswith("scenario2.py")
    assert played.of("error")[0]["line"] == 3


def test_an_error_in_terminating_is_told_and_terminated_follows(live):
    played = live("on(AppEvents.Terminating, lambda e: 1 / 0)\nVoxEngine.terminate()\n")
    assert played.logs == [TERMINATING, ERROR_ENDS[1]]
    assert played.errors == ["ZeroDivisionError: division by zero"]
    assert played.result.finish_reason == "JS session error"
    assert states(played)[-1] == "terminated"


def test_an_error_in_terminated_is_told(live):
    played = live("on(AppEvents.Terminated, lambda e: 1 / 0)\nVoxEngine.terminate()\n")
    assert played.logs == [TERMINATING, TERMINATED]
    assert played.errors == ["ZeroDivisionError: division by zero"]
    assert played.result.exit_code == 1
    assert states(played)[-1] == "terminated"


def test_an_error_after_terminate_in_the_same_block(live):
    played = live("""
def started(e):
    VoxEngine.terminate()
    1 / 0
on(AppEvents.Started, started)
""")
    assert played.errors == ["ZeroDivisionError: division by zero"]
    assert played.logs == ERROR_ENDS


# --- asynchronous functions at the end -----------------------------------------------------------


def test_asynchronous_functions_end_before_the_session_does(live):
    played = live("""
import trio
async def waits(e):
    try:
        await trio.sleep_forever()
    finally:
        log("put in order")
on(AppEvents.Started, waits)
setTimeout(VoxEngine.terminate, 100)
""")
    assert played.logs == [TERMINATING, TERMINATED, "put in order"]
    assert [r["kind"] for r in played.records[-2:]] == ["session", "result"]
    assert played.log_lines[-1].endswith("Session terminated")


def test_what_they_shield_is_waited_for(live):
    played = live("""
import trio
async def waits(e):
    try:
        await trio.sleep_forever()
    finally:
        with trio.move_on_after(2, shield=True):
            await trio.sleep(1.5)
            log("closed")
on(AppEvents.Started, waits)
setTimeout(VoxEngine.terminate, 100)
""")
    assert played.logs == [TERMINATING, TERMINATED, "closed"]
    assert played.result.record["duration_ms"] == 1_600
    assert [r["kind"] for r in played.records[-2:]] == ["session", "result"]


def test_after_terminate_a_function_that_waited_goes_on_at_once_only(live):
    played = live("""
import trio
async def started(e):
    VoxEngine.terminate()
    await trio.sleep(0)
    log("the same instant")
    await trio.sleep(1)
    log("never")
on(AppEvents.Started, started)
""")
    assert "the same instant" in played.logs
    assert "never" not in played.logs
    assert played.result.record["duration_ms"] == 0


def test_finished_functions_are_forgotten(tmp_path):
    """A long call with an asynchronous handler for each audio event kept every one of them."""
    path = tmp_path / "scenario.py"
    path.write_text(
        "import trio\nasync def f():\n    await trio.sleep(0)\n"
        "t = setInterval(f, 100)\nsetTimeout(VoxEngine.terminate, 50000)\n"
    )
    run = Run(
        RunConfig(scenarios=(path,), start=True, out=tmp_path / "run", speech="synthetic"),
        lambda record: None,
    )
    run.execute()
    assert run.session.engine._task_count == 499
    assert run.session.engine._tasks == {}


# --- secrets ------------------------------------------------------------------------------------


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


def test_the_older_names_of_the_log_and_the_session(play):
    played = play(
        """
        console.log("as in a browser")
        setTimeout(JSession.close, 300)
        """,
        start=True,
    )
    assert played.logs == ["as in a browser"]
    assert played.result.record["duration_ms"] == 300
