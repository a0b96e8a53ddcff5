"""`VoximplantAPI`: requests to the management API, and what comes of its answers."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from voxrt.vox import api
from voxrt.vox.management import ADDRESS, _part_class, _snake

SCENARIO = """
import datetime
require(Modules.VoximplantAPI)

async def on_start(e):
    client = VoximplantAPI.Client()
    {code}
    VoxEngine.terminate()

VoxEngine.addEventListener(AppEvents.Started, on_start)
"""


@pytest.fixture
def ask(play):
    """Runs code that has a `client`, with these answers by the API's method."""

    def run(code, answers=None, **options):
        rules = [
            {"match": ADDRESS + method, **(answer if "error" in answer else {"reply": answer})}
            for method, answer in (answers or {}).items()
        ]
        Path("http.yaml").write_text(json.dumps({"http": rules}))
        code = code.replace("\n", "\n    ")
        return play(SCENARIO.format(code=code), start=True, http=Path("http.yaml"), **options)

    return run


def request(played):
    """(url, parameters) of the one request."""
    [sent] = played.of("http", state="request")
    assert (sent["method"], sent["by"]) == ("POST", "VoximplantAPI")
    headers = {header["key"]: header["value"] for header in sent["headers"]}
    assert headers["Content-Type"].startswith("application/x-www-form-urlencoded")
    return sent["url"], dict(parse_qsl(sent.get("body", "")))


SEND = "seen.append(await client.SMS.sendSmsMessage({'source': '1', 'destination': '2', {more}}))"


def test_a_request_and_its_answer(ask):
    code = SEND.replace("{more}", "'smsBody': 'Привет & more', 'storeBody': True")
    answer = {"json": {"result": 1, "message_id": 3, "fragments_count": 2}}
    played = ask(code, {"SendSmsMessage": answer})
    assert request(played) == (
        f"{ADDRESS}SendSmsMessage",
        {"source": "1", "destination": "2", "sms_body": "Привет & more", "store_body": "true"},
    )
    assert played.seen == [{"result": 1, "messageId": 3, "fragmentsCount": 2}]
    assert played.seen[0].messageId == 3
    assert played.errors == played.warnings == []


def test_values_of_every_kind(ask):
    code = """
moment = datetime.datetime(2026, 1, 5, 9, 30, tzinfo=datetime.UTC)
east = datetime.timezone(datetime.timedelta(hours=3))
await client.History.getCallHistory({
    "fromDate": moment, "toDate": moment.astimezone(east), "callSessionHistoryId": [1, 2.0],
    "remoteNumber": "a;b", "count": 5.0, "withCalls": False, "userId": None})
"""
    _, params = request(ask(code, {"GetCallHistory": {"json": {"result": []}}}))
    assert params == {
        "from_date": "2026-01-05 09:30:00",
        "to_date": "2026-01-05 09:30:00",
        "call_session_history_id": "1;2",
        "remote_number": "a;b",
        "count": "5",
        "with_calls": "false",
    }


def test_dates_and_names_deep_in_an_answer(ask):
    session = {
        "call_session_history_id": 7,
        "start_date": "2026-01-05 09:00:00",
        "calls": [{"call_id": 4, "start_time": "2026-01-05 09:00:01", "custom_data": "start_date"}],
    }
    answer = {"json": {"result": [session], "total_count": 1, "timezone": "Etc/GMT"}}
    code = "seen.append(await client.History.getCallHistory())"
    [found] = ask(code, {"GetCallHistory": answer}).seen
    [one] = found.result
    assert (found.totalCount, found.timezone) == (1, "Etc/GMT")
    assert one.callSessionHistoryId == 7
    assert one.startDate.isoformat() == "2026-01-05T09:00:00+00:00"
    assert one.calls[0].startTime.isoformat() == "2026-01-05T09:00:01+00:00"
    assert one.calls[0].customData == "start_date"


@pytest.mark.parametrize(
    ("answer", "code", "text"),
    [
        ({"json": {"error": {"code": 101, "msg": "Invalid arguments"}}}, 101, "Invalid arguments"),
        ({"status": 429, "text": "slow down"}, 429, "HTTP 429 without an answer of the API"),
        ({"text": "<html>"}, 200, "HTTP 200 without an answer of the API"),
        ({"error": "timeout"}, -7, "Timeout is reached"),
        (None, -4, "the outside world is closed: there is no answer to POST"),
    ],
)
def test_what_fails_resolves_with_an_error(ask, answer, code, text):
    answers = {} if answer is None else {"SendSmsMessage": answer}
    [found] = ask(SEND.replace("{more}", "'smsBody': 'x'"), answers).seen
    assert found.error.code == code
    assert text in found.error.msg


def test_a_parameter_that_there_is_not_is_told(ask):
    code = SEND.replace("{more}", "'smsbody': 'x'")
    played = ask(code, {"SendSmsMessage": {"json": {"result": 1}}})
    assert played.warnings == [
        (
            "no-such-parameter",
            "sendSmsMessage: there is no parameter smsbody; did you mean smsBody?",
        )
    ]
    assert request(played)[1]["smsbody"] == "x"


def test_parameters_as_keywords(ask):
    played = ask("await client.Secrets.getSecretValue(secretName='a')", {})
    assert request(played) == (f"{ADDRESS}GetSecretValue", {"secret_name": "a"})


def test_what_is_no_object_is_refused(ask):
    [error] = ask("await client.SMS.sendSmsMessage('hello')").errors
    assert "sendSmsMessage takes one object, not a string" in error


def test_the_limit_of_requests_rejects(ask):
    code = """
for number in range(35):
    client.Accounts.getAccountInfo()
try:
    await client.Accounts.getAccountInfo()
except Exception as error:
    Logger.write(error)
"""
    played = ask(code, {"GetAccountInfo": {"json": {"result": {}}}})
    assert played.log == ["Exceeded the HTTP connection count limit!"]


def test_every_method_is_there(ask):
    """All parts and their methods, as the types have them."""
    declared = api.surface()["managementClient"]
    parts = api.surface()["classes"]["VoximplantAPI.Client"]["properties"]
    assert {part["type"] for part in parts.values()} == set(declared)
    assert sum(map(len, declared.values())) == 101
    code = "".join(
        f"assert callable(client.{part}.{method})\n"
        for part, about in parts.items()
        for method in declared[about["type"]]
    )
    assert ask(code).errors == []
    assert _part_class("SMSInterface") is _part_class("SMSInterface")


@pytest.mark.parametrize(
    ("name", "snake"),
    [
        ("smsBody", "sms_body"),
        ("applicationId", "application_id"),
        ("count", "count"),
        ("sqQueueId", "sq_queue_id"),
        ("callerID", "caller_id"),
        ("fromDate", "from_date"),
    ],
)
def test_names_of_parameters(name, snake):
    assert _snake(name) == snake


def test_a_method_that_there_is_not(ask):
    [error] = ask("client.SMS.sendSms({})").errors
    assert "sendSms" in error


def test_without_the_module(play):
    [error] = play("VoximplantAPI.Client()", start=True).errors
    assert "VoximplantAPI" in error


def test_in_javascript(play_js):
    played = play_js(
        """
        require(Modules.VoximplantAPI);
        VoxEngine.addEventListener(AppEvents.Started, async () => {
          const client = new VoximplantAPI.Client();
          const found = await client.History.getCallHistory({
            fromDate: new Date(0), toDate: new Date(86400000), withCalls: true,
          });
          Logger.write(JSON.stringify(found));
          Logger.write(found.result[0].startDate instanceof Date);
          const queue = await client.SmartQueue.sQ_AddQueue({sqQueueName: 'a'});
          Logger.write(queue.error.code);
          Logger.write(client instanceof VoximplantAPI.Client);
          VoxEngine.terminate();
        });
        """,
        http=f"""
        http:
          - match: {ADDRESS}GetCallHistory
            reply: {{json: {{result: [{{start_date: "2026-01-05 09:00:00"}}], total_count: 1}}}}
        """,
        start=True,
    )
    assert played.logs == [
        '{"result":[{"startDate":"2026-01-05T09:00:00.000Z"}],"totalCount":1}',
        "true",
        "-4",
        "true",
    ]
    sent = played.of("http")[0]
    assert dict(parse_qsl(sent["body"])) == {
        "from_date": "1970-01-01 00:00:00",
        "to_date": "1970-01-02 00:00:00",
        "with_calls": "true",
    }
