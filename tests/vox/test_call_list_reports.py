"""`CallList`: reports of an attempt, and what the run makes of them."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest

from voxrt.errors import UsageError
from voxrt.outside.call_list import Row

ANN = Row(number=3, data={"phone": "1555", "name": "Ann"}, attempts_left=2)
SCENARIO = """
async def on_start(e):
{body}
    VoxEngine.terminate()
VoxEngine.addEventListener(AppEvents.Started, on_start)
"""


@pytest.fixture
def attempt(play):
    """Runs a handler of `Started` as an attempt of a call list."""

    def run(body, row=ANN, **config):
        text = SCENARIO.format(body=indent(dedent(body).strip(), "    "))
        return play(text, call_list=row, **config)

    return run


def reports(played):
    return [(record["function"], record["data"]) for record in played.of("call-list")]


def test_the_row_is_the_custom_data(attempt):
    played = attempt("seen.append(VoxEngine.customData())")
    assert played.seen == ['{"phone":"1555","name":"Ann"}']
    assert played.of("event", name="Application.CallAlerting") == []


@pytest.mark.parametrize(
    ("call", "outcome"),
    [
        ("reportResult({'ok': True})", {"outcome": "success", "result_data": {"ok": True}}),
        ("reportResult('fine')", {"outcome": "success", "result_data": "fine"}),
        ("reportError('busy')", {"outcome": "error", "result_data": "busy", "attempts_left": 2}),
        ("reportProgress({'step': 1})", {"outcome": "success"}),
        ("requestNextAttempt({'start_at': 9})",
         {"outcome": "next attempt", "result_data": {"start_at": 9}, "attempts_left": 2}),
        ("requestNextAttempt({'attempts_left': 5})",
         {"outcome": "next attempt", "result_data": {"attempts_left": 5}, "attempts_left": 5}),
        ("requestNextAttempt({'attempts_left': 0})",
         {"outcome": "error", "result_data": {"attempts_left": 0}, "attempts_left": 0}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["callback", "promise"])
def test_each_report_and_its_outcome(attempt, call, outcome, form):
    function, _, argument = call.partition("(")
    if form == "callback":
        played = attempt(f"CallList.{call}")
    else:
        played = attempt(f"seen.append((await CallList.{function}Async({argument}).code)")
        assert played.seen == [200]
    assert [name for name, _ in reports(played)] == [function]
    assert played.result.record["call_list"] == {"row": 3, **outcome}


def test_no_report_is_a_success(attempt):
    assert attempt("pass").result.record["call_list"] == {"row": 3, "outcome": "success"}


def test_the_last_report_that_decides(attempt):
    played = attempt(
        """
        await CallList.reportErrorAsync("voicemail")
        await CallList.reportResultAsync("called back")
        await CallList.reportProgressAsync("done")
        """
    )
    assert played.result.record["call_list"]["outcome"] == "success"
    assert played.result.record["call_list"]["result_data"] == "called back"


def test_terminate_as_the_callback(play):
    """As the guides have it."""
    played = play(
        """
        VoxEngine.addEventListener(AppEvents.Started,
            lambda e: CallList.reportResult({"result": True}, VoxEngine.terminate))
        """,
        call_list=ANN,
    )
    assert played.of("session")[-1]["t"] == 50.0
    assert played.result.record["call_list"]["result_data"] == {"result": True}


def test_a_report_before_terminate_still_goes_out(attempt):
    played = attempt("CallList.reportResult(1, lambda result: seen.append(result.code))")
    assert played.seen == [200]


def test_a_report_while_terminating(play):
    played = play(
        """
        VoxEngine.addEventListener(AppEvents.Started, VoxEngine.terminate)
        VoxEngine.addEventListener(AppEvents.Terminating, lambda e: CallList.reportError("late"))
        """,
        call_list=ANN,
    )
    assert played.result.record["call_list"]["outcome"] == "error"


def test_an_event_can_be_reported(play):
    """Guides hand over whole events, with the call in them."""
    played = play(
        """
        def on_failed(e):
            CallList.reportError({"result": e}, VoxEngine.terminate)
        def on_start(e):
            call = VoxEngine.callPSTN("none", "1")
            call.addEventListener(CallEvents.Failed, on_failed)
        VoxEngine.addEventListener(AppEvents.Started, on_start)
        """,
        call_list=ANN,
    )
    assert played.result.record["call_list"]["result_data"]["result"]["code"] == 404


def test_without_a_call_list_nothing_is_stored(play):
    played = play(
        """
        async def on_start(e):
            result = await CallList.reportResultAsync(1)
            seen.append((result.code, result.text))
            VoxEngine.terminate()
        VoxEngine.addEventListener(AppEvents.Started, on_start)
        """,
        start=True,
    )
    text = "the session was not started by a call list: nothing is stored"
    assert played.seen == [(400, text)]
    assert ("no-call-list", f"CallList.reportResult: {text}") in played.warnings
    assert "call_list" not in played.result.record


def test_reports_count_as_http_requests(attempt):
    played = attempt(
        """
        for number in range(36):
            try:
                CallList.reportProgress(number)
            except Exception as error:
                seen.append(str(error))
        """
    )
    assert played.seen == ["Exceeded the HTTP connection count limit!"]


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ("requestNextAttempt('later')", "the data must be an object"),
        ("requestNextAttempt({'attempts_left': 'two'})", "attempts_left must be a number"),
        ("reportResult(1, 'then')", "the callback must be a function"),
    ],
)
def test_arguments_of_the_wrong_type(attempt, call, text):
    played = attempt(f"CallList.{call}")
    assert text in played.of("error")[0]["text"]


def test_a_field_that_does_not_exist(attempt):
    played = attempt("CallList.requestNextAttempt({'start': 1})")
    text = "requestNextAttempt: there is no field start; did you mean start_at?"
    assert ("no-such-member", text) in played.warnings


def test_a_row_and_custom_data_exclude_each_other(attempt):
    with pytest.raises(UsageError, match="leave out --custom-data"):
        attempt("pass", custom_data="x")
