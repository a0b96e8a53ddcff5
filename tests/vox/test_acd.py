"""ACD, the older distribution of calls. VoxEngine semantics, section 19."""

from __future__ import annotations

import json

import pytest
from harness import play_in
from queue_runs import offers, queue_file

REQUEST = """
require(Modules.ACD)
request = None

def note(e):
    assert e.request is request
    fields = {k: v for k, v in e.items() if k not in ("request", "id", "operatorCall")}
    Logger.write(JSON.stringify(fields))

def enqueue(e=None, **more):
    global request
    request = VoxEngine.enqueueACDRequest("support", "15551112222", more)
    for name in ACDEvents:
        request.addEventListener(ACDEvents[name], note)
    ACTIONS(request)

VoxEngine.addEventListener(AppEvents.Started, lambda e: enqueue(**PARAMETERS))
"""

END = "setTimeout(VoxEngine.terminate, {ms})\n"


def play_request(folder, parameters="{}", actions="pass", *, agents, ms=100_000, **queue):
    scenario = (
        f"PARAMETERS = {parameters}\ndef ACTIONS(request):\n    {actions}\n"
        + REQUEST
        + END.format(ms=ms)
    )
    return play_in(folder, scenario, start=True, queues=queue_file(agents, **queue))


def heard(played):
    found = [json.loads(text) for text in played.logs]
    return [(fields.pop("name"), fields) for fields in found]


def names(played):
    return [name.removeprefix("ACD.") for name, _ in heard(played)]


def test_events_in_order_with_their_fields(tmp_path):
    agents = {"anna": {"busy": True}, "bob": {"no_answer": True}, "carl": {}}
    parameters = '{"priority": 1, "headers": {"VI-CallTimeout": "15", "X-A": "b"}}'
    played = play_request(tmp_path, parameters, agents=agents)
    assert heard(played) == [
        ("ACD.Queued", {}),
        ("ACD.OperatorCallAttempt", {}),
        ("ACD.OperatorFailed", {"operatorUserName": "anna", "statusCode": 486}),
        ("ACD.OperatorCallAttempt", {}),
        ("ACD.OperatorFailed", {"operatorUserName": "bob", "statusCode": 408}),
        ("ACD.OperatorCallAttempt", {}),
        ("ACD.OperatorReached", {}),
    ]
    assert offers(played) == [(0, "anna"), (1_000, "bob"), (16_000, "carl")]
    assert not played.warnings
    calls = [r["params"][0] for r in played.of("command") if r["name"] == "CallUser"]
    assert {call["callerid"] for call in calls} == {"15551112222"}


def test_the_calls_of_the_events(tmp_path):
    actions = """request.addEventListener(
        ACDEvents.OperatorReached,
        lambda e: Logger.write(JSON.stringify({"name": e.operatorCall.state()})),
    )"""
    played = play_request(tmp_path, actions=actions, agents={"anna": {}})
    assert names(played)[-1] == "CONNECTED"


STATUS = "request.addEventListener(ACDEvents.Queued, lambda e: request.getStatus())"


def test_status_in_whole_minutes(tmp_path):
    others = [{"priority": 1, "talk_ms": 60_000}, {"priority": 1}, {"priority": 90}]
    played = play_request(
        tmp_path, actions=STATUS, agents={"anna": {}}, others=others, handling_ms=110_000
    )
    waiting = dict(heard(played))["ACD.Waiting"]
    assert waiting == {"ewt": 3, "position": 2}  # 2 * 110 s


def test_status_is_for_requests_that_wait(tmp_path):
    played = play_request(
        tmp_path, actions="request.getStatus(); setTimeout(request.getStatus, 9000)",
        agents={"anna": {}},
    )  # fmt: skip
    assert played.warnings == ["getStatus: the request is not in a queue"] * 2
    assert "Waiting" not in names(played)


@pytest.mark.parametrize(
    ("agents", "queue", "event"),
    [
        ({"anna": {"offline": True}}, {}, "Offline"),
        ({}, {}, "Offline"),
        ({"anna": {}}, {"max_size": 1, "others": [{}, {}]}, "QueueFull"),
        (
            {"anna": {}},
            {"max_waiting_ms": 200_000, "others": [{}, {}], "handling_ms": 101_000},
            "QueueFull",
        ),
        (
            {"anna": {}},
            {"max_waiting_ms": 202_000, "others": [{}, {}], "handling_ms": 101_000},
            "Queued",
        ),
    ],
)
def test_what_is_not_queued(tmp_path, agents, queue, event):
    played = play_request(tmp_path, agents=agents, ms=1_000, **queue)
    assert names(played)[0] == event
    assert (names(played) == [event]) == (event != "Queued" or len(agents) == 1)


def test_there_is_no_such_queue(tmp_path):
    scenario = REQUEST.replace('"support"', '"sales"')
    scenario = "PARAMETERS = {}\ndef ACTIONS(r): pass\n" + scenario + END.format(ms=1_000)
    played = play_in(tmp_path, scenario, start=True, queues=queue_file({"anna": {}}))
    assert heard(played) == [("ACD.Error", {"error": "there is no queue sales"})]
    assert "--queues" in played.warnings[0]


def test_cancel_stops_the_phone_and_says_nothing(tmp_path):
    played = play_request(
        tmp_path,
        actions="setTimeout(request.cancel, 3000); setTimeout(request.cancel, 4000)",
        agents={"anna": {"no_answer": True}},
    )
    assert names(played) == ["Queued", "OperatorCallAttempt"]
    (failed,) = [r for r in played.of("event") if r["name"] == "Call.Failed"]
    assert (failed["t"], failed["data"]["code"]) == (3_000, 487)
    assert [r["agent"] for r in played.of("agent")][-1] == "anna"
    assert played.of("agent")[-1]["state"] == "ready"


def test_a_request_holds_the_session_for_120_minutes(tmp_path):
    agents = {"anna": {"ready_after_ms": 3_600_000}}
    scenario = "PARAMETERS = {}\ndef ACTIONS(r): pass\n" + REQUEST
    other = [{"talk_ms": 3_600_000}] * 3
    queues = queue_file(agents, others=other)
    played = play_in(tmp_path, scenario, start=True, queues=queues, longest_s=20_000)
    (idle,) = [r for r in played.of("session") if r["state"] == "idle"]
    assert idle["t"] == 7_200_000


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("", "queueName must be a string"),
        ('""', "callerid must be a string"),
        ('"", "1"', "queueName is empty"),
        ('"x", "1", 5', "the parameters must be an object"),
        ('"x", "1", {"priority": 200}', "priority must be a whole number from 1 to 100"),
    ],
)
def test_wrong_arguments_are_errors_at_their_line(tmp_path, arguments, message):
    scenario = f"require(Modules.ACD)\nVoxEngine.enqueueACDRequest({arguments})\n"
    (error,) = play_in(tmp_path, scenario, start=True).of("error")
    assert message in error["text"]
    assert error["line"] == 2


JAVASCRIPT = """
require(Modules.ACD);
let request, originalCall;
VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => {
  originalCall = e.call;
  originalCall.addEventListener(CallEvents.Connected, connected);
  originalCall.addEventListener(CallEvents.Disconnected, () => {
    request.cancel();
    VoxEngine.terminate();
  });
  originalCall.answer();
});
function connected() {
  request = VoxEngine.enqueueACDRequest('support', '15551112222');
  Logger.write(request instanceof ACDRequest);
  request.addEventListener(ACDEvents.Queued, () => request.getStatus());
  request.addEventListener(ACDEvents.Waiting, (e) => Logger.write(`${e.position}, ${e.ewt + 1}`));
  request.addEventListener(ACDEvents.OperatorReached, (e) => {
    Logger.write(e.request === request);
    VoxEngine.sendMediaBetween(e.operatorCall, originalCall);
    e.operatorCall.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
  });
}
"""


def test_in_javascript(play_js):
    """The shape of the platform's own example."""
    caller = "caller: {steps: [{wait_for: event ACD.OperatorReached}, {wait: 500}, hang_up]}"
    played = play_js(JAVASCRIPT, caller=caller, queues=queue_file({"anna": {}}))
    assert played.logs == ["true", "1, 1", "true"]
    assert not played.errors
    assert not played.warnings
