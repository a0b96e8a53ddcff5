"""States of a menu: what keys do by the state's type, time, and where calls go."""

from __future__ import annotations

import pytest

from voxrt.legs.builder import caller

SCENARIO = """
require(Modules.IVR)

def on_call(e):
    global call
    call = e.call
    call.addEventListener(CallEvents.Connected, begin)
    call.addEventListener(CallEvents.Disconnected, lambda: setTimeout(VoxEngine.terminate, 8000))
    call.answer()

def done(keys):
    Logger.write(f"done {{keys}}")

def late(keys):
    Logger.write(f"late {{keys}}")

def state(name="s", on_complete=done, on_timeout=late, **settings):
    settings = {{"prompt": {{"say": f"The prompt of {{name}}."}}, **settings}}
    return IVRState(name, settings, on_complete, on_timeout)

def begin():
    {code}

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""
SELECT = """
one = state("one", type="noinput")
state("main", type="select", nextStates={"1": one}).enter(call)
"""
FIXED = 'state("main", type="inputfixed", inputLength=3).enter(call)'


@pytest.fixture
def visit(play):
    """Plays a scenario that does this when the call is connected."""

    def run(who, code, **options):
        text = SCENARIO.format(code=code.replace("\n", "\n    "))
        return play(text, who, **options)

    return run


def after_prompt():
    return caller().wait_for("event", "PlaybackFinished").wait(200)


def heard(played):
    return [record["text"] for record in played.of("heard", by="caller")]


def log_times(played, text):
    return [record["t"] for record in played.of("log") if record["text"] == text]


# --- by type ------------------------------------------------------------------------------------


def test_select_enters_the_state_of_the_key(visit):
    played = visit(after_prompt().press("1").wait(4000).hang_up(), SELECT)
    assert heard(played) == ["The prompt of main.", "The prompt of one."]
    assert played.log == ["done "]


def test_select_hands_over_an_unknown_key(visit):
    played = visit(after_prompt().press("7").wait(3000).hang_up(), SELECT)
    assert played.log == ["done 7"]


def test_inputfixed_collects_so_many_keys(visit):
    played = visit(after_prompt().press("12345").wait(1000).hang_up(), FIXED)
    assert played.log == ["done 123"]


def test_inputunknown_ends_with_its_key(visit):
    code = 'state(type="inputunknown", terminateOn="#").enter(call)'
    assert visit(after_prompt().press("12*#5").wait(500).hang_up(), code).log == ["done 12*"]


def test_inputunknown_ends_when_the_input_is_valid(visit):
    code = """
def valid(text):
    Logger.write(f"asked {text}")
    return len(text) == 2
state(type="inputunknown", inputValidator=valid).enter(call)
"""
    played = visit(after_prompt().press("123").wait(500).hang_up(), code)
    assert played.log == ["asked 1", "asked 12", "done 12"]


def test_noinput_goes_on_after_its_prompt(visit):
    code = """
second = state("second", type="noinput", nextState=None)
state("first", type="noinput", nextState=second).enter(call)
"""
    played = visit(caller().wait(6000).hang_up(), code)
    assert heard(played) == ["The prompt of first.", "The prompt of second."]
    assert played.log == ["done "]
    assert [r["params"][0]["state"] for r in played.of("command", name="IVREnter")] == [
        "first",
        "second",
    ]


def test_noinput_does_not_listen_to_keys(visit):
    played = visit(
        caller().wait(500).press("1").wait(5000).hang_up(), 'state(type="noinput").enter(call)'
    )
    assert played.log == ["done "]
    assert "ToneReceived" not in played.events()


def test_a_prompt_from_a_file(visit, tone_file):
    tone_file("prompt.wav", 700)
    code = 'state(type="noinput", prompt={"play": "prompt.wav"}).enter(call)'
    played = visit(caller().wait(2000).hang_up(), code)
    assert played.data("PlaybackStarted") == {"duration": 700}
    assert played.log == ["done "]


def test_a_state_without_a_prompt_waits_at_once(visit):
    played = visit(caller().wait(6000).hang_up(), 'state(type="select", prompt=None).enter(call)')
    assert log_times(played, "late ") == [played.event("Connected")["t"] + 5000]


# --- keys and time ------------------------------------------------------------------------------


def test_a_key_interrupts_the_prompt(visit):
    played = visit(caller().wait(700).press("123").wait(1000).hang_up(), FIXED)
    assert played.log == ["done 123"]
    assert "PlaybackFinished" not in played.events()
    assert not played.of("heard", by="caller")[0]["complete"]


def test_the_time_begins_with_the_end_of_the_prompt(visit):
    played = visit(caller().wait(12_000).hang_up(), FIXED)
    assert log_times(played, "late ") == [played.event("PlaybackFinished")["t"] + 5000]


def test_the_time_begins_again_with_each_key(visit):
    code = 'state(type="inputfixed", inputLength=4, timeout=2000).enter(call)'
    who = after_prompt().press("1").wait(1700).press("2").wait(1700).press("3").wait(4000)
    played = visit(who.hang_up(), code)
    last = played.of("event", name="Call.ToneReceived")[-1]["t"]
    assert log_times(played, "late 123") == [last + 2000]


def test_nothing_is_told_after_the_end(visit):
    played = visit(after_prompt().press("123").wait(9000).hang_up(), FIXED)
    assert played.log == ["done 123"]


def test_the_input_can_be_read(visit):
    code = """
main = state("main", lambda: Logger.write([main.input, main.settings.inputLength]),
             type="inputfixed", inputLength=2)
main.enter(call)
"""
    assert visit(after_prompt().press("42").wait(500).hang_up(), code).log == ['["42",2]']


def test_a_state_may_be_entered_again_from_its_timeout(visit):
    code = """
def again(keys):
    Logger.write(f"again {keys}")
    main.enter(call)
main = state("main", on_timeout=again, type="inputfixed", inputLength=2, timeout=1000)
main.enter(call)
"""
    who = after_prompt().press("4").wait(1100).wait_for("event", "PlaybackFinished").press("12")
    assert visit(who.wait(500).hang_up(), code).log == ["again 4", "done 12"]


def test_states_may_lead_in_a_circle(visit):
    code = """
main = state("main", type="select", nextStates={})
sub = state("sub", type="select", nextStates={"9": main})
main.settings.nextStates["1"] = sub
main.enter(call)
"""
    who = after_prompt().press("1")
    for key in "91":
        who = who.wait_for("event", "PlaybackFinished").wait(200).press(key)
    played = visit(who.wait(3000).hang_up(), code)
    assert heard(played) == [f"The prompt of {name}." for name in ("main", "sub", "main", "sub")]


def test_entering_another_state_leaves_the_first(visit):
    code = FIXED + '\nsetTimeout(lambda: state("new", type="select").enter(call), 1000)'
    played = visit(caller().wait(1500).press("1").wait(9000).hang_up(), code)
    assert played.log == ["done 1"]


def test_an_asynchronous_function_is_called(visit):
    code = """
async def later(keys):
    await trio.sleep(1)
    Logger.write(f"later {keys}")
import trio
state("main", later, type="inputfixed", inputLength=1).enter(call)
"""
    code = code.replace("import trio\n", "").replace("async def", "import trio\nasync def")
    assert visit(after_prompt().press("4").wait(2000).hang_up(), code).log == ["later 4"]


# --- ends and faults ----------------------------------------------------------------------------


@pytest.mark.parametrize("after_ms", range(50, 9000, 700))
def test_hung_up_at_every_moment(visit, after_ms):
    """Nothing is told of a call that has ended."""
    played = visit(caller().wait(after_ms).hang_up(), FIXED)
    ended = played.event("Disconnected")["t"]
    assert all(record["t"] <= ended for record in played.of("log"))
    assert played.errors == []


@pytest.mark.parametrize("after_ms", range(50, 9000, 900))
def test_terminated_at_every_moment(visit, after_ms):
    played = visit(caller().wait(20_000), FIXED + f"\nsetTimeout(VoxEngine.terminate, {after_ms})")
    assert played.errors == []


def test_reset_forgets_where_calls_are(visit):
    code = FIXED + "\nsetTimeout(lambda: IVR.reset(), 500)"
    played = visit(caller().wait(1000).press("123").wait(9000).hang_up(), code)
    assert played.log == []
    assert "PlaybackFinished" in played.events()


def test_the_tts_options_may_be_set(visit):
    code = 'IVR.ttsOptions = {"rate": "slow"}\n' + FIXED + "\nLogger.write(IVR.ttsOptions['rate'])"
    assert visit(caller().wait(200).hang_up(), code).log == ["slow"]


def test_a_call_that_has_ended_enters_nothing(visit):
    code = (
        "call.addEventListener(CallEvents.Disconnected, lambda: state(type='select').enter(call))"
    )
    played = visit(caller().wait(200).hang_up(), code)
    assert ("ignored", "IVRState s: the call has ended") in played.warnings


def test_a_call_that_is_not_connected_hears_no_prompt(play):
    code = SCENARIO.format(code="pass").replace("call.answer()", "state(type='select').enter(call)")
    played = play(code, caller(patience_ms=7_000))
    assert any("not connected, no prompt" in text for _, text in played.warnings)
    assert played.log == ["late "]


@pytest.mark.parametrize(
    ("made", "message"),
    [
        ("IVRState()", "IVRState: name must be a string, not undefined"),
        ("IVRState('a')", "IVRState: settings must be an object, not undefined"),
        ("state(type='menu')", "type must be one of select, inputfixed, inputunknown, noinput"),
        ("state(type='inputfixed')", "inputLength must be a number, not undefined"),
        ("state(type='inputunknown')", "inputunknown needs terminateOn or inputValidator"),
        ("state(type='inputunknown', inputValidator=1)", "inputValidator must be a function"),
        ("state(type='select', timeout='1')", "timeout must be a number, not a string"),
        ("state(type='select', nextStates={'1': 2})", "the next state 1 must be an IVRState"),
        ("state(on_complete=4, type='select')", "onInputComplete must be a function, not a number"),
        ("state(type='select').enter(5)", "there must be a call, not a number"),
    ],
)
def test_what_is_wrong(visit, made, message):
    played = visit(caller().wait(100), made)
    assert len(played.errors) == 1
    assert message in played.errors[0]


def test_an_error_of_the_scenario_s_function_ends_the_session(visit):
    code = """
def broken(keys):
    raise ValueError("mine")
state("main", broken, type="inputfixed", inputLength=1).enter(call)
"""
    played = visit(after_prompt().press("1").wait(500).hang_up(), code)
    assert "mine" in played.errors[0]
    assert played.result.exit_code == 1


def test_without_the_module_there_are_no_states(play):
    played = play("IVRState('a', {})", start=True)
    assert "IVRState" in played.errors[0]
