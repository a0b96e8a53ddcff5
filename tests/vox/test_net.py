"""`Net.httpRequest` and `Net.httpRequestAsync`: options, results, codes, limits, and the end."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

import pytest

ON_START = """
{before}
async def on_start(e):
{body}
    VoxEngine.terminate()
VoxEngine.addEventListener(AppEvents.Started, on_start)
"""


@pytest.fixture
def ask(play):
    """Runs a handler of `Started`, with the outside world that a YAML text declares."""

    def run(body, rules=None, before="", **config):
        if rules is not None:
            Path("rules.yaml").write_text(dedent(rules), encoding="utf-8")
            config["http"] = Path("rules.yaml")
        text = ON_START.format(before=dedent(before), body=_indented(body))
        return play(text, start=True, **config)

    return run


def _indented(text):
    return "\n".join(f"    {line}" for line in dedent(text).strip().splitlines())


def requests(played):
    return [r for r in played.of("http") if r["state"] == "request"]


def replies(played):
    return [r for r in played.of("http") if r["state"] == "reply"]


GREETING = """
- match: https://api.example.com/hello
  reply: {status: 200, headers: {X-One: "1", Set-Cookie: a}, json: {hello: wörld}}
"""
ANYTHING = "- reply: {text: fine}"


# --- the result -------------------------------------------------------------------------------


def test_the_result_has_code_text_and_headers(ask):
    played = ask(
        'seen.append(await Net.httpRequestAsync("https://api.example.com/hello"))', GREETING
    )
    (result,) = played.seen
    assert result.code == 200
    assert json.loads(result.text) == {"hello": "wörld"}
    assert result.raw_headers == ("X-One: 1\r\nSet-Cookie: a\r\nContent-Type: application/json\r\n")
    assert "data" not in result
    assert "error" not in result


def test_headers_of_the_result_are_a_list_and_an_object(ask):
    played = ask(
        'seen.append(await Net.httpRequestAsync("https://api.example.com/hello"))', GREETING
    )
    headers = played.seen[0].headers
    assert headers[0] == {"key": "X-One", "value": "1"}
    assert headers[0].value == "1"
    assert headers["X-One"] == "1"
    assert headers["Content-Type"] == "application/json"
    assert headers["x-none"] is None
    assert headers.named == {"X-One": "1", "Set-Cookie": "a", "Content-Type": "application/json"}


def test_headers_of_the_result_are_written_out_as_a_list(ask):
    played = ask(
        """
        result = await Net.httpRequestAsync("https://api.example.com/hello")
        Logger.write(JSON.stringify(result.headers))
        """,
        GREETING,
    )
    (line,) = [record["text"] for record in played.of("log")]
    assert json.loads(line)[0] == {"key": "X-One", "value": "1"}


def test_raw_output_is_bytes(ask):
    played = ask(
        'seen.append(await Net.httpRequestAsync("http://a.example/", rawOutput=True))',
        "- reply: {text: é}",
    )
    (result,) = played.seen
    assert result.data == [0xC3, 0xA9]
    assert "text" not in result


def test_the_text_is_in_the_character_set_of_its_type(ask):
    Path("latin.txt").write_bytes("é".encode("latin-1"))
    played = ask(
        'seen.append((await Net.httpRequestAsync("http://a.example/")).text)',
        '- reply: {file: latin.txt, headers: {Content-Type: "text/plain; charset=ISO-8859-1"}}',
    )
    assert played.seen == ["é"]


def test_a_callback_gets_the_result(ask):
    played = ask(
        """
        Net.httpRequest("http://a.example/", lambda result: seen.append((result.code, result.text)))
        await trio.sleep(1)
        """,
        ANYTHING,
        before="import trio",
    )
    assert played.seen == [(200, "fine")]


def test_a_callback_never_runs_inside_the_call(ask):
    played = ask(
        """
        Net.httpRequest("http://a.example/", lambda result: seen.append("answer"))
        seen.append("after the call")
        await trio.sleep(1)
        """,
        "- {reply: 200, delay_ms: 0}",
        before="import trio",
    )
    assert played.seen == ["after the call", "answer"]


def test_an_answer_takes_its_delay(ask):
    played = ask(
        """
        await Net.httpRequestAsync("http://a.example/slow")
        await Net.httpRequestAsync("http://a.example/")
        """,
        """
        - {match: http://a.example/slow, reply: 200, delay_ms: 1234}
        - reply: 200
        """,
    )
    assert [reply["t"] for reply in replies(played)] == [1234.0, 1284.0]
    assert [reply["took_ms"] for reply in replies(played)] == [1234.0, 50.0]


# --- what is sent -----------------------------------------------------------------------------

SHAPES = [
    '["X-A: 1", "X-B:2"]',
    '{"X-A": 1, "X-B": "2"}',
    '[{"key": "X-A", "value": "1"}, {"key": "X-B", "value": "2"}]',
    '[{"name": "X-A", "value": "1"}, {"name": "X-B", "value": "2"}]',
]


@pytest.mark.parametrize("shape", SHAPES)
def test_headers_in_every_shape(ask, shape):
    played = ask(f'await Net.httpRequestAsync("http://a.example/", headers={shape})', ANYTHING)
    assert requests(played)[0]["headers"] == [
        {"key": "X-A", "value": "1"},
        {"key": "X-B", "value": "2"},
        {"key": "User-Agent", "value": "VoxEngine/1.0"},
    ]


def test_a_user_agent_of_the_scenario_stays(ask):
    played = ask(
        'await Net.httpRequestAsync("http://a.example/", headers={"user-agent": "mine"})', ANYTHING
    )
    assert requests(played)[0]["headers"] == [{"key": "user-agent", "value": "mine"}]


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        ('["X-A"]', 'a header in a list is {name, value} or "Name: value"'),
        ("7", "headers must be an object"),
        ('{"X A": "1"}', "'X A' is not the name of a header"),
        ('{"X-A": "1\\r\\nX-B: 2"}', "the header X-A must be one line"),
    ],
)
def test_headers_that_are_none(ask, shape, text):
    played = ask(f'await Net.httpRequestAsync("http://a.example/", headers={shape})', ANYTHING)
    assert text in played.of("error")[0]["text"]
    assert not requests(played)


def test_options_in_any_letter_case_and_as_an_object_of_their_class(ask):
    played = ask(
        """
        options = Net.HttpRequestOptions()
        options.METHOD = "post"
        options.postdata = "x=1"
        options.Headers = ["X-A: 1"]
        options.PARAMS = {"q": "a b&c", "n": 1, "yes": True}
        await Net.httpRequestAsync("http://a.example/?z=0#part", options)
        """,
        ANYTHING,
    )
    (sent,) = requests(played)
    assert sent["method"] == "POST"
    assert sent["url"] == "http://a.example/?z=0&q=a+b%26c&n=1&yes=true#part"
    assert sent["body"] == "x=1"
    assert played.warnings == []


def test_an_option_that_does_not_exist_is_told(ask):
    played = ask('await Net.httpRequestAsync("http://a.example/", {"metod": "POST"})', ANYTHING)
    text = "httpRequestAsync: there is no option metod; did you mean method?"
    assert ("no-such-member", text) in played.warnings


@pytest.mark.parametrize("method", ["POST", "put", "Patch"])
def test_post_data_is_sent(ask, method):
    played = ask(
        f'await Net.httpRequestAsync("http://a.example/", method="{method}", postData=[104, 105])',
        ANYTHING,
    )
    assert requests(played)[0]["body"] == "hi"


@pytest.mark.parametrize("method", ["GET", "DELETE", "head"])
def test_post_data_is_not_sent_with_other_methods(ask, method):
    played = ask(
        f'await Net.httpRequestAsync("http://a.example/", method="{method}", postData="hi")',
        ANYTHING,
    )
    assert "body" not in requests(played)[0]
    text = f"httpRequestAsync: postData is not sent with {method.upper()}"
    assert ("ignored", text) in played.warnings


def test_bytes_that_are_no_text_are_written_as_base64(ask):
    played = ask(
        'await Net.httpRequestAsync("http://a.example/", method="POST", postData=[255])', ANYTHING
    )
    assert requests(played)[0]["body"] == {"base64": "/w=="}


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ("7.5, 1", "options must be an object"),
        ('"http://a.example/", postData={"a": 1}, method="POST"', "postData must be a string"),
        ('"http://a.example/", method="GE T"', "is not a method of HTTP"),
        ('"http://a.example/", timeout="9"', "timeout must be a number"),
        ('"http://a.example/", timeout=0', "timeout must be more than 0"),
        ('"http://a.example/", params=[1]', "params must be an object"),
        ("None", "url must be a string"),
    ],
)
def test_arguments_of_the_wrong_type(ask, arguments, text):
    played = ask(f"await Net.httpRequestAsync({arguments})", ANYTHING)
    error = played.of("error")[0]
    assert text in error["text"]
    assert error["line"]


def test_a_callback_that_is_no_function(ask):
    played = ask('Net.httpRequest("http://a.example/", "then")', ANYTHING)
    assert "the callback must be a function, not a string" in played.of("error")[0]["text"]


def test_the_log_shows_a_request_that_wants_it(ask):
    played = ask(
        """
        await Net.httpRequestAsync("http://a.example/quiet")
        await Net.httpRequestAsync("http://a.example/shown", enableSystemLog=True)
        """,
        ANYTHING,
    )
    log = played.result.files["log"].read_text()
    assert "quiet" not in log
    assert "Sent request from JS Net.httpRequest with params [{method = GET ; " in log
    assert "url = http://a.example/shown ; code = 200 ;" in log


# --- codes ------------------------------------------------------------------------------------

CODES = [
    (0, "limits"), (-1, "unknown"), (-2, "bad-url"), (-3, "host-not-found"), (-4, "connection"),
    (-5, "redirects"), (-6, "network"), (-7, "timeout"), (-8, "internal"), (-9, "too-big"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "name"), CODES)
def test_every_code_can_be_declared_and_resolves(ask, code, name):
    played = ask(
        """
        seen.append(await Net.httpRequestAsync("http://a.example/one"))
        seen.append(await Net.httpRequestAsync("http://a.example/two"))
        """,
        f"""
        - {{match: http://a.example/one, error: {name}}}
        - {{match: http://a.example/two, error: {code}}}
        """,
    )
    assert [result.code for result in played.seen] == [code, code]
    assert all(result.error for result in played.seen)
    assert all("text" not in result for result in played.seen)


@pytest.mark.parametrize("status", [200, 204, 302, 404, 503, 599])
def test_every_status_is_a_result(ask, status):
    played = ask(
        'seen.append(await Net.httpRequestAsync("http://a.example/"))', f"- reply: {status}"
    )
    assert played.seen[0].code == status


@pytest.mark.parametrize(
    "url",
    ["", "nonsense", "ftp://a.example/", "http://", "http://[::1", "http://a b/", "http://a:x/"],
)
def test_a_bad_url(ask, url):
    played = ask(f"seen.append(await Net.httpRequestAsync({url!r}))", ANYTHING)
    assert played.seen[0].code == -2
    assert played.seen[0].error


def test_the_closed_world_says_how_to_open_it(ask):
    played = ask('seen.append(await Net.httpRequestAsync("https://api.example.com/x"))')
    (result,) = played.seen
    assert result.code == -4
    assert "GET https://api.example.com/x" in result.error
    assert "--http FILE" in result.error
    assert "--allow-net=api.example.com" in result.error
    assert played.warnings == [("net-closed", result.error)]


def test_redirects_are_followed(ask):
    played = ask(
        """
        seen.append(await Net.httpRequestAsync(
            "http://a.example/one", method="POST", postData="x",
            headers={"Authorization": "Bearer 0123456789", "Content-Type": "text/plain"},
        ))
        """,
        """
        - match: {url: http://a.example/one, method: POST}
          reply: {status: 302, headers: {Location: /two}}
        - match: {url: http://a.example/two, method: GET, headers: {authorization: "Bearer *"}}
          reply: {status: 307, headers: {location: "https://b.example/three"}}
        - match: {url: https://b.example/three, headers: {Authorization: "*"}}
          reply: 500
        - match: {url: https://b.example/three, headers: {Content-Type: "*"}}
          reply: 501
        - match: https://b.example/three
          reply: {text: arrived}
        """,
    )
    assert (played.seen[0].code, played.seen[0].text) == (200, "arrived")
    assert len(requests(played)) == len(replies(played)) == 1
    assert replies(played)[0]["took_ms"] == 150.0


def test_a_post_is_repeated_by_307(ask):
    played = ask(
        'seen.append(await Net.httpRequestAsync("http://a.example/1", method="PUT", postData="x"))',
        """
        - match: http://a.example/1
          reply: {status: 308, headers: {Location: /2}}
        - match: {url: http://a.example/2, method: PUT, body: x}
          reply: {text: again}
        """,
    )
    assert played.seen[0].text == "again"


def test_too_many_redirects(ask):
    played = ask(
        'seen.append(await Net.httpRequestAsync("http://a.example/"))',
        "- reply: {status: 302, headers: {Location: /}}",
    )
    assert played.seen[0].code == -5


def test_a_redirect_to_a_closed_host(ask):
    played = ask(
        'seen.append(await Net.httpRequestAsync("http://a.example/"))',
        """
        - match: http://a.example/
          reply: {status: 301, headers: {Location: "http://evil.example/"}}
        """,
    )
    assert played.seen[0].code == -4
    assert "evil.example" in played.seen[0].error


@pytest.mark.parametrize(("size", "code"), [(2 * 1024 * 1024, 200), (2 * 1024 * 1024 + 1, -9)])
def test_the_largest_body(ask, size, code):
    Path("body.bin").write_bytes(b"x" * size)
    played = ask(
        'seen.append(await Net.httpRequestAsync("http://a.example/"))', "- reply: {file: body.bin}"
    )
    assert played.seen[0].code == code


@pytest.mark.parametrize(
    ("option", "delay_ms", "code", "t"),
    [("", 89_999, 200, 89_999), ("", 90_001, -7, 90_000), ("timeout=2", 1_999, 200, 1_999),
     ("timeout=2", 2_001, -7, 2_000), ("timeout=500", 95_000, -7, 90_000)],
)  # fmt: skip
def test_the_time_of_a_whole_request(ask, option, delay_ms, code, t):
    played = ask(
        f'seen.append(await Net.httpRequestAsync("http://a.example/", {option}))',
        f"- {{reply: 200, delay_ms: {delay_ms}}}",
        limits="off",
    )
    assert played.seen[0].code == code
    assert replies(played)[0]["t"] == t


def test_a_longer_time_is_not_given(ask):
    played = ask(
        'await Net.httpRequestAsync("http://a.example/", timeout=91, connectionTimeout=7)', ANYTHING
    )
    assert [text for code, text in played.warnings if code == "limit"] == [
        "httpRequestAsync: timeout can only be lowered from 90 s",
        "httpRequestAsync: connectionTimeout can only be lowered from 6 s",
    ]


# --- limits -----------------------------------------------------------------------------------


def test_three_requests_are_under_way_at_one_time(ask):
    played = ask(
        """
        for number in range(5):
            Net.httpRequest(f"http://a.example/{number}", lambda result: seen.append(result.text))
        await trio.sleep(1)
        """,
        "- {reply: {text: x}, delay_ms: 100}",
        before="import trio",
    )
    assert [sent["t"] for sent in requests(played)] == [0.0, 0.0, 0.0, 100.0, 100.0]
    assert [reply["t"] for reply in replies(played)] == [100.0, 100.0, 100.0, 200.0, 200.0]
    assert len(played.seen) == 5


def test_the_36th_request_is_an_error(ask):
    played = ask(
        """
        for number in range(35):
            Net.httpRequest("http://a.example/", None)
        try:
            Net.httpRequest("http://a.example/", None)
        except Exception as error:
            seen.append(str(error))
        promise = Net.httpRequestAsync("http://a.example/")
        try:
            await promise
        except Exception as error:
            seen.append(str(error))
        await trio.sleep(5)
        Net.httpRequest("http://a.example/", None)
        """,
        ANYTHING,
        before="import trio",
    )
    assert played.seen == ["Exceeded the HTTP connection count limit!"] * 2
    assert played.of("error") == []


@pytest.mark.parametrize(("limits", "warned"), [("warn", 1), ("off", 0)])
def test_limits_that_only_warn_or_are_off(ask, limits, warned):
    played = ask(
        """
        for number in range(36):
            Net.httpRequest("http://a.example/", lambda result: seen.append(result.code))
        await trio.sleep(5)
        """,
        ANYTHING,
        before="import trio",
        limits=limits,
    )
    assert len(played.seen) == 36
    assert len([text for code, text in played.warnings if code == "limit"]) == warned
    last = {"warn": 600.0, "off": 50.0}[limits]
    assert replies(played)[-1]["t"] == last


def test_an_error_in_a_callback_ends_the_session(ask):
    played = ask(
        """
        Net.httpRequest("http://a.example/", lambda result: 1 / 0)
        await trio.sleep(1)
        """,
        ANYTHING,
        before="import trio",
    )
    assert played.result.finish_reason == "JS session error"


# --- every moment of a session ----------------------------------------------------------------


def test_a_request_at_the_top_level(play):
    Path("rules.yaml").write_text(ANYTHING)
    played = play(
        """
        Net.httpRequest("http://a.example/", lambda r: (seen.append(r.code), VoxEngine.terminate()))
        """,
        start=True,
        http=Path("rules.yaml"),
    )
    assert played.seen == [200]
    assert requests(played)[0]["t"] == 0.0


@pytest.mark.parametrize("error", ["timeout", "connection"])
def test_a_fault_after_the_call_has_ended(play, error):
    Path("rules.yaml").write_text(f"- {{error: {error}, delay_ms: 2000}}")
    played = play(
        """
        def on_call(e):
            e.call.addEventListener(CallEvents.Disconnected, lambda e: Net.httpRequest(
                "http://a.example/", lambda r: (seen.append(r.code), VoxEngine.terminate())))
            e.call.answer()
            setTimeout(e.call.hangup, 500)
        VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
        """,
        http=Path("rules.yaml"),
    )
    assert len(played.seen) == 1
    assert played.seen[0] < 0
    assert played.result.outcome == "normal"


def test_requests_do_not_keep_a_session_alive(play):
    Path("rules.yaml").write_text("- {reply: 200, delay_ms: 80000}")
    played = play(
        'Net.httpRequest("http://a.example/", lambda r: seen.append(r.code))',
        start=True,
        http=Path("rules.yaml"),
    )
    states = {r["state"]: r["t"] for r in played.of("session")}
    assert states["terminating"] == 60_000
    # It was under way, so its end is waited for, and its callback runs.
    assert played.seen == [200]
    assert states["terminated"] == 80_000


END = """
def on_start(e):
    for number in range(5):
        Net.httpRequest(f"http://a.example/{number}", lambda r: seen.append(("answer", r.code)))
    VoxEngine.terminate()
VoxEngine.addEventListener(AppEvents.Started, on_start)
VoxEngine.addEventListener(AppEvents.Terminating, lambda e: seen.append("Terminating"))
VoxEngine.addEventListener(AppEvents.Terminated, lambda e: seen.append("Terminated"))
"""


def test_what_is_under_way_at_the_end_is_waited_for_and_the_rest_is_dropped(play):
    Path("rules.yaml").write_text("- {reply: 200, delay_ms: 3000}")
    played = play(END, start=True, http=Path("rules.yaml"))
    assert played.seen == ["Terminating", *[("answer", 200)] * 3, "Terminated"]
    states = [(r["state"], r["method"]) for r in played.of("http") if r["state"] == "dropped"]
    assert states == [("dropped", "GET")] * 2
    assert played.of("session")[-1]["t"] == 3000.0


def test_a_failure_at_the_end_is_delivered_too(play):
    Path("rules.yaml").write_text("- {error: network, delay_ms: 10}")
    played = play(END, start=True, http=Path("rules.yaml"))
    assert played.seen == ["Terminating", *[("answer", -6)] * 3, "Terminated"]


def test_one_request_while_terminating(play):
    Path("rules.yaml").write_text("- {reply: 200, delay_ms: 100}")
    played = play(
        """
        async def on_end(e):
            seen.append((await Net.httpRequestAsync("http://a.example/1")).code)
            Net.httpRequest("http://a.example/2", lambda r: seen.append("never"))
            seen.append("after")
        VoxEngine.addEventListener(AppEvents.Started, VoxEngine.terminate)
        VoxEngine.addEventListener(AppEvents.Terminating, on_end)
        VoxEngine.addEventListener(AppEvents.Terminated, lambda e: seen.append("Terminated"))
        """,
        start=True,
        http=Path("rules.yaml"),
    )
    assert played.seen == [200, "after", "Terminated"]
    assert [text for code, text in played.warnings if code == "ignored"] == [
        "this HTTP request is not made: an ending session may make one"
    ]
    assert len(requests(played)) == 1


def test_no_request_when_terminated(play):
    played = play(
        """
        VoxEngine.addEventListener(AppEvents.Started, VoxEngine.terminate)
        def ask(e):
            Net.httpRequest(f"http://a/{e.name}", None)
        VoxEngine.addEventListener(AppEvents.Terminating, ask)
        VoxEngine.addEventListener(AppEvents.Terminated, ask)
        """,
        start=True,
    )
    assert [sent["url"] for sent in requests(played)] == ["http://a/Application.Terminating"]
    assert played.result.outcome == "normal"


def test_the_end_waits_for_what_was_under_way_and_for_the_last_request(play):
    Path("rules.yaml").write_text("- {reply: 200, delay_ms: 89000}")
    played = play(
        """
        def on_start(e):
            Net.httpRequest("http://a.example/", lambda r: seen.append(r.code))
            setTimeout(VoxEngine.terminate, 10000)
        async def on_end(e):
            await Net.httpRequestAsync("http://a.example/last")
            seen.append("last")
        VoxEngine.addEventListener(AppEvents.Started, on_start)
        VoxEngine.addEventListener(AppEvents.Terminating, on_end)
        """,
        start=True,
        http=Path("rules.yaml"),
    )
    assert played.seen == [200, "last"]
    assert played.of("session")[-1]["t"] == 99_000


# --- secrets ----------------------------------------------------------------------------------


def test_credentials_are_not_in_the_journal(ask):
    played = ask(
        """
        key = VoxEngine.getSecretValue("KEY")
        await Net.httpRequestAsync(f"http://a.example/?key={key}", headers={"X-Key": key})
        await Net.httpRequestAsync("http://user:hunter22@a.example/",
                                   headers={"Authorization": "Bearer abcdefgh12345"})
        """,
        """
        - match: {headers: {Authorization: "*"}}
          reply: {text: "you said s3cr3t/value and abcdefgh12345"}
        - reply: {text: "you said s3cr3t/value"}
        """,
        secrets={"KEY": "s3cr3t/value"},
    )
    journal = played.result.files["journal"].read_text()
    for secret in ("s3cr3t/value", "s3cr3t%2Fvalue", "hunter22", "abcdefgh12345"):
        assert secret not in journal
    assert "******" in journal
