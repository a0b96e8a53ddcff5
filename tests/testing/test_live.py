"""Calls that a test leads while they go on."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta, timezone

import pytest
from harness import files_of

from voxrt.errors import DocumentError, StalledError, UsageError
from voxrt.testing import Absent, Bound, ExpectationError, Happens, error, event, log, note, party
from voxrt.testing import caller as a_caller


def test_a_call_is_led_step_by_step(runner):
    call = runner.call("echo.py")
    call.hear("Welcome. Press a key.")
    call.press("5")
    call.expect(log("key 5"))
    call.hear("You pressed 5")
    call.press("0").is_hung_up()
    assert call.logs == ["key 5", "key 0"]
    assert call.heard.text == "Welcome. Press a key. You pressed 5."
    assert runner.check() == ""


def test_virtual_time_stands_still_while_the_test_thinks(runner):
    call = runner.call("echo.py")
    call.hear("Press a key")
    before_ms = call.conversation.timeline.now_ms
    call.expect(event("Call.Connected"))  # it is so already
    assert call.conversation.timeline.now_ms == before_ms
    call.wait(5000)
    call.press("1")
    tone = call.conversation.timeline.of("log")[-1]
    assert tone.at_ms >= before_ms + 5000


def test_only_one_of_the_two_threads_works_at_a_time(runner):
    """Nothing is recorded while the test has the turn."""
    call = runner.call("echo.py")
    for key in "123":
        call.press(key)
        count = len(call.conversation.records)
        sum(range(200_000))
        assert len(call.conversation.records) == count


def test_hear_looks_behind_what_the_last_one_found(runner):
    call = runner.call("echo.py")
    call.hear("Welcome").hear("Press").hear("a key")
    with pytest.raises(ExpectationError, match='expected to have heard "Welcome"'):
        call.hear("Welcome", timeout_ms=2000)


def test_hear_looks_at_the_present_turn(runner):
    call = runner.call("echo.py")
    call.hear("Press a key").press("5")
    with pytest.raises(ExpectationError) as caught:
        call.hear("Press a key", timeout_ms=4000)
    assert '"You pressed 5." was heard since' in str(caught.value)
    assert "for 4000 ms" in str(caught.value)


def test_what_is_expected_counts_from_the_present_turn(runner):
    call = runner.call("echo.py")
    call.hear("Press a key").press("5").expect(log("key 5")).press("6")
    with pytest.raises(ExpectationError, match="it did not happen"):
        call.expect(log("key 5"), timeout_ms=1000)
    call.expect(Absent(log("key 5")))


def test_when_the_call_is_over_the_whole_run_counts(runner):
    call = runner.call("echo.py")
    call.hear("Press a key").press("5").hear("You pressed").press("0").is_hung_up()
    call.expect(log("key 5"), event("Application.Terminated"))
    call.expect(Happens(log("key"), count=Bound(least=2, most=2)))


def test_a_failure_tells_what_happened_and_who_was_speaking(runner):
    call = runner.call("echo.py")
    call.wait(700)
    with pytest.raises(ExpectationError) as caught:
        call.conversation.expect(log("key 5"))
    text = str(caught.value)
    assert text.startswith('expected log "key 5", but it did not happen')
    assert "connected" in text
    assert "was speaking" in text
    out = call.conversation.out
    assert text.endswith(f"the run: {out}\nits timeline: {out / 'show.html'}")


def test_nothing_can_be_done_when_the_call_is_over(runner):
    call = runner.call("echo.py")
    call.press("0").is_hung_up()
    with pytest.raises(ExpectationError, match="the call was over before this could be done"):
        call.say("Hello?")


def test_a_scenario_that_does_not_hang_up(runner):
    call = runner.call("echo.py")
    with pytest.raises(ExpectationError, match="expected the scenario to hang up, but not in 900"):
        call.is_hung_up(timeout_ms=900)


def test_a_call_that_is_not_answered_is_over_at_once(runner):
    call = runner.call(
        python="""
        VoxEngine.addEventListener(AppEvents.CallAlerting, lambda e: e.call.reject(486))
        """
    )
    call.is_hung_up()
    with pytest.raises(ExpectationError, match="nothing was heard"):
        call.hear("Welcome")


def test_the_test_leads_whom_the_scenario_calls(runner):
    phone = runner.start(
        python="""
        def on_start(e):
            call = VoxEngine.callPSTN("15557654321", "15550001111")
            call.addEventListener(CallEvents.Connected, lambda e: call.say("A reminder."))
            call.addEventListener(CallEvents.Disconnected, lambda e: VoxEngine.terminate())
            Logger.write(VoxEngine.customData())
        VoxEngine.addEventListener(AppEvents.Started, on_start)
        """,
        custom_data={"name": "Ann"},
        parties=[party("15557654321", name="Ann")],
    )
    phone.hear("A reminder")
    phone.say("Thank you.").hang_up()
    phone.expect(note("hangs up", who="party 15557654321"))
    assert phone.logs == ['{"name": "Ann"}']


def test_to_lead_a_session_without_a_party_is_an_error(runner):
    with pytest.raises(UsageError, match="there is nobody to talk to"):
        runner.start("echo.py")


def test_a_wrong_scenario_is_told_where_it_is_run(runner):
    with pytest.raises(UsageError, match=r"ecko\.py: there is no such scenario file"):
        runner.call("ecko.py")
    with pytest.raises(UsageError, match="there is no setting 'agnet'"):
        runner.call("echo.py", agnet="agent.yaml")
    with pytest.raises(UsageError, match="a run needs one scenario"):
        runner.call()
    with pytest.raises(DocumentError, match=r"test_live\.py:\d+:1: greting: .*Did you mean"):
        runner.call("echo.py", agent={"greting": "Hello"})
    with pytest.raises(UsageError, match="nothing to allow is called 'unsued'"):
        runner.call("echo.py", allow=["unsued"])


def test_a_call_that_a_test_leaves_is_ended(runner):
    call = runner.call("echo.py")
    call.hear("Welcome")
    runner.finish()
    assert call.result.outcome == "normal"
    assert call.conversation.timeline.of("note")[-1].text == "hangs up"
    assert not [t for t in threading.enumerate() if t.name == "voxrt run"]


def test_a_result_is_there_when_the_run_is_over(runner):
    call = runner.call("echo.py")
    with pytest.raises(UsageError, match="the run goes on"):
        _ = call.result
    with pytest.raises(UsageError, match="complete when the run is over"):
        _ = call.heard.level_dbfs
    call.hear("Welcome").finish()
    assert call.heard.level_dbfs > -60


def test_a_run_that_does_not_come_back_is_told(runner, monkeypatch):
    monkeypatch.setattr("voxrt.testing.live.HANGS_S", 0.05)
    monkeypatch.setattr("voxrt.testing.live.LOOK_S", 0.01)
    blocked = threading.Event()
    monkeypatch.setattr("voxrt.testing.conversation.run", lambda *_: blocked.wait())
    with pytest.raises(StalledError, match=r"the run has not come back for 0\.05 s"):
        runner.call("echo.py")
    blocked.set()


@pytest.mark.parametrize("stubborn", [False, True])
def test_a_scenario_that_computes_for_ever_is_ended(runner, monkeypatch, stubborn):
    monkeypatch.setattr("voxrt.testing.live.LOOK_S", 0.02)
    body = "try: pass\n            except BaseException: pass" if stubborn else "pass"
    call = runner.call(
        python=f"""
        def on_call(e):
            e.call.answer()
            setTimeout(compute, 1000)
        def compute():
          while True:
            {body}
        VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
        """,
        allow=["errors"],
    )
    call.is_hung_up()
    call.expect(error("one callback may compute for 1 s"))


@pytest.mark.parametrize("led", [True, False])
def test_two_runs_leave_the_same_bytes(runner, led):
    """The thread of the test does not show in what a run leaves."""

    def play():
        if not led:
            steps = a_caller().listen().press("5").listen().hang_up()
            return runner.run("echo.py", caller=steps)
        call = runner.call("echo.py")
        call.hear("Press a key").press("5").hear("You pressed 5").hang_up()
        return call.finish().conversation

    first, second = play(), play()
    assert files_of(first.out) == files_of(second.out)
    assert {"journal.jsonl", "call-1.wav"} <= set(files_of(first.out))


HOURS = """
VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call }) => {
  call.addEventListener(CallEvents.Connected, () => {
    const hour = new Date().getHours();
    call.say(hour >= 9 && hour < 17 ? "We are open." : "We are closed.");
  });
  call.answer();
});
"""


@pytest.mark.parametrize(
    ("date", "said"),
    [
        (None, "We are open."),
        ("2026-03-06T22:30", "We are closed."),
        (datetime(2026, 3, 6, 18, tzinfo=timezone(timedelta(hours=2))), "We are open."),
    ],
)
def test_a_test_says_when_its_call_is(runner, date, said):
    runner.call(javascript=HOURS, date=date).hear(said).hang_up()


def test_a_date_that_is_none_is_an_error_of_the_test(runner):
    with pytest.raises(UsageError, match="'noon' is no date to begin at"):
        runner.call("echo.py", date="noon")


def test_a_test_begins_the_session_of_a_conference(runner):
    call = runner.start(
        javascript="""
            VoxEngine.addEventListener(AppEvents.Started, (e) => {
              Logger.write(`conference ${e.conference_name}`);
              VoxEngine.callPSTN("15557654321", "15551234567");
            });
        """,
        conference="room",
        video_conference=True,
        parties=[party("15557654321")],
    )
    call.hang_up()
    assert call.logs == ["conference room"]
    assert call.conversation.config.conference == "room"
