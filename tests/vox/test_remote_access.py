"""`AppEvents.HttpRequest`: requests to the session's access URL, declared and from Python."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

import pytest

from voxrt.legs.builder import caller

HANDLER = """
def on_request(e):
    seen.append(e)
    return {value}
VoxEngine.addEventListener(AppEvents.HttpRequest, on_request)
setTimeout(VoxEngine.terminate, 1000)
"""


@pytest.fixture
def access(play):
    """Runs a scenario with declared requests to its session; answers of the session beside it."""

    def run(scenario, requests):
        Path("rules.yaml").write_text("requests:\n" + dedent(requests), encoding="utf-8")
        played = play(scenario, start=True, http=Path("rules.yaml"))
        return played, [(r["t"], r["code"], r["body"]) for r in played.of("access")]

    return run


ONE = "- at_ms: 100"


def test_the_event(access):
    played, _ = access(
        HANDLER.format(value=None),
        """
        - at_ms: 250
          path: /hold?now=1
          headers: {X-Token: abc, Authorization: secret}
          json: {command: hold}
        """,
    )
    (event,) = played.seen
    assert event.name == "Application.HttpRequest"
    assert event.method == "POST"
    assert event.path == played.run.context.remote.path + "/hold?now=1"
    assert event.path.startswith("/request/")
    assert json.loads(event.content) == {"command": "hold"}
    assert list(event.headers) == [{"key": "X-Token", "value": "abc"}]
    assert event.headers["X-Token"] == "abc"
    assert played.of("event", name="Application.HttpRequest")[0]["t"] == 250.0


@pytest.mark.parametrize(
    ("value", "body"),
    [
        ("None", ""), ("'held'", "held"), ("5", "5"), ("2.0", "2"), ("2.5", "2.5"),
        ("{'a': [1, None]}", '{"a":[1,null]}'), ("[]", "[]"), ("True", "true"), ("''", ""),
    ],
)  # fmt: skip
def test_what_the_handler_returns_is_the_answer(access, value, body):
    _, answers = access(HANDLER.format(value=value), ONE)
    assert answers == [(100.0, 200, body)]


def test_the_first_value_of_several_handlers(access):
    scenario = """
    VoxEngine.addEventListener(AppEvents.HttpRequest, lambda e: None)
    async def later(e):
        return "a promise is not waited for"
    VoxEngine.addEventListener(AppEvents.HttpRequest, later)
    VoxEngine.addEventListener(AppEvents.HttpRequest, lambda e: "second")
    VoxEngine.addEventListener(AppEvents.HttpRequest, lambda e: "third")
    setTimeout(VoxEngine.terminate, 1000)
    """
    _, answers = access(scenario, ONE)
    assert answers == [(100.0, 200, "second")]


def test_a_promise_is_not_waited_for(access):
    scenario = """
    require(Modules.ApplicationStorage)
    VoxEngine.addEventListener(AppEvents.HttpRequest, lambda e: ApplicationStorage.get("a"))
    setTimeout(VoxEngine.terminate, 1000)
    """
    _, answers = access(scenario, ONE)
    assert answers == [(100.0, 200, "")]


def test_without_a_handler_the_answer_is_empty(access):
    _, answers = access("setTimeout(VoxEngine.terminate, 1000)", ONE)
    assert answers == [(100.0, 200, "")]


def test_the_handler_may_end_the_session(access):
    scenario = """
    def stop(e):
        VoxEngine.terminate()
        return "bye"
    VoxEngine.addEventListener(AppEvents.HttpRequest, stop)
    """
    played, answers = access(scenario, ONE)
    assert answers == [(100.0, 200, "bye")]
    assert played.of("session")[-1]["t"] == 100.0


def test_an_error_of_the_handler_ends_the_session_and_is_answered(access):
    played, answers = access(
        "VoxEngine.addEventListener(AppEvents.HttpRequest, lambda e: 1 / 0)", ONE
    )
    assert answers == [(100.0, 200, "")]
    assert played.result.finish_reason == "JS session error"


def test_404_while_the_session_is_ending(access):
    scenario = HANDLER.format(value="'never'") + "\nNet.httpRequest('http://a.example/', None)\n"
    Path("rules.yaml").write_text("x")
    played, answers = access(
        scenario.replace("1000", "20"),
        "- at_ms: 30\nhttp: [{reply: 200, delay_ms: 500}]",
    )
    assert answers == [(30.0, 404, "")]
    assert played.seen == []


def test_requests_from_python(play):
    answers = []

    def setup(run):
        remote = run.context.remote
        run.clock.call_later(10_000, remote.request, "GET", "", "", [("x-a", "1")], answers.append)

    played = play(HANDLER.format(value="'hi'"), start=True, setup=setup)
    assert [(answer.code, answer.text) for answer in answers] == [(200, "hi")]
    assert answers[0].headers == (("Content-Type", "text/plain; charset=utf-8"),)
    assert played.seen[0].headers["x-a"] == "1"


def test_requests_of_a_caller_script(play):
    """At their moment of the call, with an answer that the script goes on with."""
    who = caller().wait(300).request("/hold", "x", headers={"X-A": "1"}).wait(100).hang_up()
    played = play(
        """
        def on_call(e):
            e.call.answer()
            e.call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
        def on_request(e):
            seen.append((e.method, e.content, e.headers["X-A"]))
            return "held"
        VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
        VoxEngine.addEventListener(AppEvents.HttpRequest, on_request)
        """,
        who,
    )
    assert played.seen == [("POST", "x", "1")]
    (answer,) = played.of("access")
    assert (answer["path"], answer["body"]) == (played.run.context.remote.path + "/hold", "held")
    assert 300 <= answer["t"] <= 400


def test_many_at_one_instant_are_answered_in_order(access):
    scenario = """
    count = [0]
    def on_request(e):
        count[0] += 1
        return count[0]
    VoxEngine.addEventListener(AppEvents.HttpRequest, on_request)
    setTimeout(VoxEngine.terminate, 1000)
    """
    _, answers = access(scenario, "- at_ms: 5\n- at_ms: 5\n- at_ms: 5")
    assert [body for _, _, body in answers] == ["1", "2", "3"]
