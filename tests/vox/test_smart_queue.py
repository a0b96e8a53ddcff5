"""SmartQueue: events, distribution and ends. VoxEngine semantics, section 19."""

from __future__ import annotations

from itertools import pairwise

import pytest
from harness import play_in
from queue_runs import (
    GONE_AFTER_5_S,
    TASK,
    WAITS,
    ended,
    heard,
    names,
    offers,
    play_task,
    queue_file,
)

from voxrt.vox import api

STATUS = api.enum_members("TerminationStatus")


def test_events_in_order_with_their_fields(tmp_path):
    played = play_task(tmp_path, agents={"anna": {"id": 7, "name": "Anna"}})
    assert heard(played) == [
        ("EnqueueSuccess", {}),
        ("DistributeTask", {"operatorId": 7, "operatorName": "Anna"}),
        ("OperatorReached", {}),
    ]
    assert not played.warnings
    assert not played.errors
    order = [e for e in played.events if e.startswith(("SmartQueue", "Call.Connected"))]
    assert order[-2:] == ["Call.Connected", "SmartQueue.OperatorReached"]
    (agent_call,) = [c for c in played.result.record["calls"] if c["direction"] == "outgoing"]
    assert agent_call["number"] == "anna"
    assert ended(played) == (STATUS["FINISHED_BY_CLIENT"], "the client hung up")


def test_a_refusal_goes_on_to_the_next_agent(tmp_path):
    agents = {"anna": {"busy": True}, "bob": {"no_answer": True}, "carl": {}}
    played = play_task(tmp_path, agents=agents, queue={"ring_s": 20})
    assert offers(played) == [(0, "anna"), (1_000, "bob"), (21_000, "carl")]
    assert names(played)[:4] == ["EnqueueSuccess", *["DistributeTask"] * 3]
    assert names(played)[-1] == "OperatorReached"


def test_an_agent_who_refused_is_tried_again_after_the_pause(tmp_path):
    agents = {"anna": {"fail": 486, "fail_after_ms": 500, "pause_ms": 4_000}}
    played = play_task(tmp_path, '{"timeout": 10}', agents=agents)
    assert offers(played) == [(0, "anna"), (4_500, "anna"), (9_000, "anna")]
    assert ended(played)[0] == STATUS["TIMEOUT_REACHED"]


def test_waiting_comes_every_10_to_15_seconds(tmp_path):
    agents = {"anna": {"ready_after_ms": 70_000}}
    played = play_task(tmp_path, agents=agents, queue={"handling_ms": 90_000})
    waiting = [r for r in played.of("event") if r["name"] == "SmartQueue.Waiting"]
    times = [0.0, *(r["t"] for r in waiting)]
    gaps = [after - before for before, after in pairwise(times)]
    assert 4 <= len(gaps) <= 7
    assert all(10_000 <= gap <= 15_000 for gap in gaps)
    assert len(set(gaps)) > 1
    assert waiting[0]["data"] == {"ewt": 90_000, "position": 1, "code": 200, "message": ""}


def test_waiting_when_nobody_is_online(tmp_path):
    agents = {"anna": {"offline": True}}
    played = play_task(
        tmp_path, '{"timeout": 16}', agents=agents, queue={"hold_when_offline": True}
    )
    (waiting,) = [fields for name, fields in heard(played) if name == "Waiting"]
    assert waiting == {
        "ewt": 0,
        "position": 1,
        "code": 501,
        "message": "no agent who could take it is online",
    }


def test_position_and_expected_time_behind_other_callers(tmp_path):
    others = [{"talk_ms": 30_000}, {"priority": 10, "talk_ms": 30_000}, {"priority": 90}]
    played = play_task(
        tmp_path, agents={"anna": {}}, queue={"others": others, "handling_ms": 60_000}
    )
    # The first of them got Anna at once; the one of priority 10 is before us, 90 is behind.
    waiting = [fields for name, fields in heard(played) if name == "Waiting"]
    assert waiting[0]["position"] == 2
    assert waiting[0]["ewt"] == 120_000
    # The mean of the calls that Anna has had is what is expected from then on.
    later = [w for w in waiting if w["position"] == 1]
    assert later
    assert {w["ewt"] for w in later} == {30_000}
    assert offers(played)[:3] == [(0, "anna"), (30_000, "anna"), (60_000, "anna")]
    assert names(played)[-1] == "OperatorReached"


@pytest.mark.parametrize(
    ("selection", "first"), [("max_priority", "urgent"), ("max_waiting_time", "old")]
)
def test_which_task_is_the_next(tmp_path, selection, first):
    scenario = (
        TASK
        + """
def start(e):
    for name, priority in (("old", 60), ("urgent", 1)):
        one = enqueue(priority=priority, customData=name)
        one.addEventListener(
            SmartQueueEvents.OperatorReached,
            lambda e: (Logger.write(e.task.parameters.customData), VoxEngine.terminate()),
        )
VoxEngine.addEventListener(AppEvents.Started, start)
"""
    )
    agents = {"anna": {"ready_after_ms": 3_000}}
    queues = queue_file(agents, task_selection=selection)
    played = play_in(tmp_path, scenario, start=True, queues=queues)
    assert played.logs[-1] == first


SKILLED = {
    "novice": {"skills": {"it": 2, "en": 5}},
    "expert": {"skills": {"it": 5, "en": 1}},
    "adept": {"skills": {"it": 4, "en": 5}},
}


@pytest.mark.parametrize(
    ("skills", "selection", "agent"),
    [
        ("[]", "max_waiting_time", "novice"),
        ('[{"name": "it", "level": 3}]', "max_waiting_time", "expert"),
        ('[{"name": "it", "level": 3}]', "least_qualified", "adept"),
        ('[{"name": "it", "level": 1}]', "most_qualified", "expert"),
        ('[{"name": "it", "level": 3}, {"name": "en", "level": 3}]', "max_waiting_time", "adept"),
        ('[{"name": "it", "level": [2, 4]}]', "most_qualified", "adept"),
    ],
)
def test_skills_decide_who_is_rung(tmp_path, skills, selection, agent):
    played = play_task(
        tmp_path,
        f'{{"skills": {skills}}}',
        agents=SKILLED,
        queue={"agent_selection": selection},
    )
    assert offers(played) == [(0, agent)]


@pytest.mark.parametrize(("bob_ready_ms", "agent"), [(2_000, "bob"), (4_000, "anna")])
def test_the_agent_who_is_idle_for_longest_is_rung(tmp_path, bob_ready_ms, agent):
    """Anna has served somebody until 3 s, and is idle since then."""
    scenario = (
        TASK
        + """
VoxEngine.addEventListener(AppEvents.Started, lambda e: setTimeout(enqueue, 8000))
setTimeout(VoxEngine.terminate, 9000)
"""
    )
    agents = {"anna": {}, "bob": {"ready_after_ms": bob_ready_ms}}
    queues = queue_file(agents, others=[{"talk_ms": 3_000}])
    played = play_in(tmp_path, scenario, start=True, queues=queues)
    assert offers(played) == [(0, "anna"), (8_000, agent)]


def test_time_after_a_call_is_not_offered(tmp_path):
    others = [{"talk_ms": 1_000}]
    agents = {"anna": {"after_service_ms": 8_000}}
    played = play_task(tmp_path, agents=agents, queue={"others": others})
    assert offers(played) == [(0, "anna"), (9_000, "anna")]
    states = [r["state"] for r in played.of("agent")]
    assert states[:6] == ["ready", "ringing", "talking", "after service", "ready", "ringing"]


ENDS = {
    "TIMEOUT_REACHED": ('{"timeout": 4}', {"anna": {"ready_after_ms": 60_000}}, {}),
    "MAX_WAITING_TIME_REACHED": (
        "{}",
        {"anna": {"no_answer": True}},
        {"max_waiting_ms": 4_000},
    ),
    "QUEUE_EMPTY": ("{}", {}, {}),
    "MAX_QUEUE_SIZE_REACHED": (
        "{}",
        {"anna": {"ready_after_ms": 60_000}},
        {"max_size": 1, "others": [{}]},
    ),
    "OPERATOR_NOT_AVAILABLE": ("{}", {"anna": {"offline": True}}, {}),
}


@pytest.mark.parametrize("status", ENDS)
def test_what_a_queue_does_not_serve_is_cancelled(tmp_path, status):
    parameters, agents, queue = ENDS[status]
    played = play_task(tmp_path, parameters, agents=agents, queue=queue)
    name, fields = heard(played)[-1]
    assert (name, fields["status"]) == ("TaskCanceled", STATUS[status])
    assert ended(played) == (STATUS[status], fields["description"])
    queued = status in ("TIMEOUT_REACHED", "MAX_WAITING_TIME_REACHED")
    assert ("EnqueueSuccess" in names(played)) == queued


def test_nobody_has_the_skill(tmp_path):
    played = play_task(
        tmp_path, '{"skills": [{"name": "it", "level": 5}]}', agents={"anna": {"skills": {"it": 4}}}
    )
    assert ended(played) == (
        STATUS["OPERATOR_NOT_AVAILABLE"],
        "no agent of the queue has the skills",
    )


@pytest.mark.parametrize("hold", [False, True])
def test_the_last_agent_leaves(tmp_path, hold):
    agents = {"anna": {"ready_after_ms": 50_000, "leaves_after_ms": 6_000}}
    queue = {"hold_when_offline": hold}
    played = play_task(tmp_path, '{"timeout": 9}', agents=agents, queue=queue)
    wanted = "TIMEOUT_REACHED" if hold else "OPERATOR_NOT_AVAILABLE"
    assert ended(played)[0] == STATUS[wanted]
    (time_ms,) = [r["t"] for r in played.of("queue") if r["action"] == "ended"]
    assert time_ms == (9_000 if hold else 6_000)


def test_there_is_no_such_queue(tmp_path):
    played = play_task(tmp_path, '{"queue": {"id": 99}, "timeout": 1}', agents={"anna": {}})
    assert heard(played) == [("Error", {"type": 500, "description": "there is no queue 99"})]
    assert "--queues" in played.warnings[0]


@pytest.mark.parametrize("key", ['"name": "support"', '"id": 1', '"id": 1, "name": "support"'])
def test_a_queue_is_found_by_id_and_name(tmp_path, key):
    played = play_task(tmp_path, f'{{"queue": {{{key}}}}}', agents={"anna": {}})
    assert names(played)[-1] == "OperatorReached"


def test_the_client_hangs_up_and_the_handler_cancels(tmp_path):
    agents = {"anna": {"no_answer": True}}
    played = play_task(tmp_path, agents=agents, caller=GONE_AFTER_5_S)
    assert names(played)[-2:] == ["ClientDisconnected", "TaskCanceled"]
    assert heard(played)[-1][1]["status"] == STATUS["CANCELED"]
    (failed,) = [r for r in played.of("event") if r["name"] == "Call.Failed"]
    assert failed["data"]["code"] == 487  # Anna's phone stops to ring
    assert not played.warnings


FORGETFUL = (
    TASK
    + """
def on_call(e):
    e.call.answer()
    enqueue(call=e.call)

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""
)


def test_a_task_whose_client_is_gone_waits_on_unless_it_is_cancelled(tmp_path):
    """And holds the session for 120 minutes after the call."""
    queues = queue_file({"anna": {"offline": True}}, hold_when_offline=True)
    played = play_in(tmp_path, FORGETFUL, caller=GONE_AFTER_5_S, queues=queues, longest_s=100_000)
    assert "call e.cancel()" in played.warnings[0]
    (idle,) = [r for r in played.of("session") if r["state"] == "idle"]
    (gone,) = [r for r in played.of("event") if r["name"] == "Call.Disconnected"]
    assert idle["t"] - gone["t"] == 7_200_000


def test_the_idle_rule_is_60_s_again_when_the_task_is_over(tmp_path):
    scenario = (
        TASK
        + """
VoxEngine.addEventListener(AppEvents.Started, lambda e: enqueue(timeout=300))
"""
    )
    queues = queue_file({"anna": {"ready_after_ms": 900_000}})
    played = play_in(tmp_path, scenario, start=True, queues=queues)
    assert names(played)[-1] == "TaskCanceled"
    (idle,) = [r for r in played.of("session") if r["state"] == "idle"]
    assert idle["t"] == 360_000


@pytest.mark.parametrize(("given", "status"), [("", 1100), (", TerminationStatus.NORMAL", 1000)])
def test_end_of_a_task_that_waits(tmp_path, given, status):
    scenario = (
        TASK
        + f"""
def start(e):
    enqueue()
    setTimeout(lambda: task.end("no more"{given}), 2000)
    setTimeout(lambda: task.end("again"), 3000)
    setTimeout(VoxEngine.terminate, 4000)
VoxEngine.addEventListener(AppEvents.Started, start)
"""
    )
    queues = queue_file({"anna": {"no_answer": True}})
    played = play_in(tmp_path, scenario, start=True, queues=queues)
    assert heard(played)[-1] == ("TaskCanceled", {"status": status, "description": "no more"})
    assert played.warnings == ["end: the task has ended already"]
    assert played.events.count("Call.Failed") == 1  # the phone stops to ring


def test_end_of_a_task_that_has_reached_an_agent_leaves_the_call(tmp_path):
    scenario = (
        TASK
        + """
def start(e):
    enqueue().addEventListener(SmartQueueEvents.OperatorReached, reached)

def reached(e):
    e.task.end("handed on", TerminationStatus.TRANSFERRED)
    setTimeout(VoxEngine.terminate, 5000)
VoxEngine.addEventListener(AppEvents.Started, start)
"""
    )
    played = play_in(tmp_path, scenario, start=True, queues=queue_file({"anna": {}}))
    assert names(played)[-1] == "OperatorReached"  # no TaskCanceled
    assert ended(played) == (STATUS["TRANSFERRED"], "handed on")
    (gone,) = [r for r in played.of("event") if r["name"] == "Call.Disconnected"]
    assert gone["t"] == 6_020


@pytest.mark.parametrize(
    ("agent", "after", "status"),
    [
        ({"steps": [{"wait": 1_000}, "hang_up"]}, "", "FINISHED_BY_OPERATOR"),
        ({}, "setTimeout(e.agentCall.hangup, 500)", "NORMAL"),
    ],
)
def test_how_a_conversation_ends(tmp_path, agent, after, status):
    scenario = (
        TASK
        + f"""
def start(e):
    enqueue().addEventListener(SmartQueueEvents.OperatorReached, reached)

def reached(e):
    {after or "pass"}
    setTimeout(VoxEngine.terminate, 5000)
VoxEngine.addEventListener(AppEvents.Started, start)
"""
    )
    played = play_in(tmp_path, scenario, start=True, queues=queue_file({"anna": agent}))
    assert ended(played)[0] == STATUS[status]


OPERATOR = '{{"operatorSettings": {{"operatorId": {id}, "mode": "{mode}", "timeout": {s}}}}}'


@pytest.mark.parametrize(
    ("id_", "mode", "seconds", "bob", "offered", "status"),
    [
        (2, "STRICT", 0, {}, [(0, "bob")], "FINISHED_BY_CLIENT"),
        (2, "STRICT", 0, {"busy": True}, [(0, "bob")], "FAILED"),
        (2, "SMART", 0, {"busy": True}, [(0, "bob"), (1_000, "anna")], "FINISHED_BY_CLIENT"),
        (2, "STRICT", 5, {"ready_after_ms": 9_000}, [], "OPERATOR_NOT_AVAILABLE"),
        (2, "SMART", 5, {"ready_after_ms": 9_000}, [(5_000, "anna")], "FINISHED_BY_CLIENT"),
        (2, "STRICT", 5, {"ready_after_ms": 3_000}, [(3_000, "bob")], "FINISHED_BY_CLIENT"),
        (3, "STRICT", 0, {}, [], "OPERATOR_NOT_AVAILABLE"),
        (3, "SMART", 0, {}, [(0, "anna")], "FINISHED_BY_CLIENT"),
    ],
)
def test_a_certain_operator(tmp_path, id_, mode, seconds, bob, offered, status):
    agents = {"anna": {"id": 1}, "bob": {"id": 2, **bob}}
    parameters = OPERATOR.format(id=id_, mode=mode, s=seconds)
    played = play_task(tmp_path, parameters, agents=agents)
    assert offers(played) == offered
    assert ended(played)[0] == STATUS[status]


def test_the_agents_phone_gets_the_callers_number_and_the_headers(tmp_path):
    played = play_task(
        tmp_path, '{"extraHeaders": {"X-Order": "7", "Via": "no"}}', agents={"anna": {}}
    )
    (command,) = [r for r in played.of("command") if r["name"] == "CallUser"]
    assert command["params"][0]["callerid"] == "15550123456"
    assert played.warnings == ["enqueueTask: Via is not sent, it does not begin with X-"]


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ("{}", "queue must be an object with an id or a name"),
        ('{"queue": {}}', "queue must be an object with an id or a name"),
        ('{"queue": {"id": 1}, "call": 5}', "call must be a call, not a number"),
        ('{"queue": {"id": 1}, "priority": 0}', "priority must be a whole number from 1 to 100"),
        ('{"queue": {"id": 1}, "priority": 101}', "priority must be a whole number from 1 to 100"),
        ('{"queue": {"id": 1}, "timeout": -1}', "timeout must not be negative"),
        ('{"queue": {"id": 1}, "skills": "it"}', "skills must be an array, not a string"),
        ('{"queue": {"id": 1}, "skills": [{"level": 3}]}', "a skill is an object with a name"),
        (
            '{"queue": {"id": 1}, "skills": [{"name": "it", "level": 6}]}',
            "the level of it must be a number from 1 to 5",
        ),
        ('{"queue": {"id": 1}, "operatorSettings": 3}', "operatorSettings must be an object"),
        (
            '{"queue": {"id": 1}, "operatorSettings": {"operatorId": 1}}',
            "mode must be one of STRICT, SMART",
        ),
    ],
)
def test_wrong_parameters_are_errors_at_their_line(tmp_path, parameters, message):
    scenario = f"require(Modules.SmartQueue)\nVoxEngine.enqueueTask({parameters})\n"
    played = play_in(tmp_path, scenario, start=True)
    (error,) = played.of("error")
    assert message in error["text"]
    assert error["line"] == 2


def test_a_missing_require_is_told(tmp_path):
    scenario = """
    VoxEngine.addEventListener(
        AppEvents.Started,
        lambda e: (VoxEngine.enqueueTask({"queue": {"name": "x"}}), VoxEngine.terminate()),
    )
    """
    played = play_in(tmp_path, scenario, start=True)
    assert "enqueueTask needs require(Modules.SmartQueue) on the platform" in played.warnings


def test_two_runs_are_the_same(tmp_path):
    agents = {"anna": {"ready_after_ms": 40_000}}
    texts = [
        play_task(tmp_path, agents=agents, out=tmp_path / name).result.files["journal"].read_bytes()
        for name in ("one", "two")
    ]
    assert texts[0] == texts[1]


JAVASCRIPT = """
require(Modules.SmartQueue);
VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call }) => {
  call.answer();
  const task = VoxEngine.enqueueTask({
    call, queue: { name: 'support' }, skills: [{ name: 'it', level: 3 }], priority: 10,
  });
  Logger.write([task instanceof SmartQueueTask, task.clientCall === call, task.agentCall === null,
                task.parameters.priority, typeof task.id].join());
  task.addEventListener(SmartQueueEvents.Waiting, (e) => Logger.write(`${e.position} ${e.ewt}`));
  task.addEventListener(SmartQueueEvents.TaskDistributed, (e) => Logger.write(e.operatorName));
  task.addEventListener(SmartQueueEvents.OperatorReached, (e) => {
    Logger.write([e.task === task, task.agentCall === e.agentCall].join());
    VoxEngine.sendMediaBetween(call, e.agentCall);
  });
  task.addEventListener(SmartQueueEvents.ClientDisconnected, (e) => e.cancel());
  task.addEventListener(SmartQueueEvents.TaskCanceled, (e) => {
    Logger.write(e.status === TerminationStatus.CANCELED);
    VoxEngine.terminate();
  });
  call.addEventListener(CallEvents.Disconnected, () => setTimeout(VoxEngine.terminate, 500));
});
"""


def test_in_javascript(play_js):
    agents = {"anna": {"skills": {"it": 3}, "ready_after_ms": 16_000}}
    played = play_js(JAVASCRIPT, caller=WAITS, queues=queue_file(agents, handling_ms=7_000))
    assert played.logs == ["true,true,true,10,string", "1 7000", "anna", "true,true"]
    assert not played.errors


def test_the_client_hangs_up_in_javascript(play_js):
    queues = queue_file({"anna": {"skills": {"it": 3}, "no_answer": True}})
    played = play_js(JAVASCRIPT, caller=GONE_AFTER_5_S, queues=queues)
    assert played.logs[-1] == "true"
    assert not played.errors
