"""What really goes out, against servers of the test on the loopback interface."""

from __future__ import annotations

import json
import socket
import sys
import time
from pathlib import Path

import httpx2
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from servers import closed_port, mail_server, serving

from voxrt.outside.exchange import Failure, Mail
from voxrt.outside.live import failure_of, message_of
from voxrt.outside.world import AllowedHosts


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    """A proxy of the machine's must not see the tests' requests."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def server():
    with serving() as (url, seen):
        yield url, seen


@pytest.fixture(params=["virtual", "50"])
def ask(play, request):
    """Asks for URLs with the network allowed, in virtual and in scaled time; gives the results."""

    def run(*calls, allow=("127.0.0.1",), **config):
        lines = "".join(
            f"    Logger.write(JSON.stringify(await Net.httpRequestAsync({call})))\n"
            for call in calls
        )
        played = play(
            f"async def on_start(e):\n{lines}    VoxEngine.terminate()\n"
            "VoxEngine.addEventListener(AppEvents.Started, on_start)\n",
            start=True,
            time=request.param,
            allow_net=allow,
            **config,
        )
        assert played.errors == []
        return [json.loads(text) for text in played.logs if len(text) < 15_000], played

    return run


def test_a_request_and_its_answer(ask, server):
    url, seen = server
    (result,), played = ask(
        f'"{url}/x?a=1", method="POST", postData="body", headers=["X-B: 2"], params={{"c": "d"}}'
    )
    assert (result["code"], result["text"]) == (200, "body")
    assert [h["value"] for h in result["headers"] if h["key"] == "X-A"] == ["1", "2"]
    ((method, path, headers, body),) = seen
    assert (method, path, body) == ("POST", "/x?a=1&c=d", b"body")
    assert headers["User-Agent"] == "VoxEngine/1.0"
    assert headers["X-B"] == "2"
    request, reply = played.of("http")
    assert request["state"] == "request"
    assert (reply["source"], reply["code"]) == ("live", 200)


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE"])
def test_every_method(ask, server, method):
    url, seen = server
    (result,), _ = ask(f'"{url}/", method="{method}"')
    assert result["code"] == 200
    assert seen[0][0] == method


def test_statuses_bodies_and_redirects(ask, server):
    url, seen = server
    results, _ = ask(*(f'"{url}{path}"' for path in ("/missing", "/zip", "/moved")))
    missing, unzipped, moved = results
    assert (missing["code"], missing["text"]) == (404, "nothing here")
    assert unzipped["text"] == "unzipped"
    assert (moved["code"], moved["text"]) == (200, "hello")
    assert [path for _, path, _, _ in seen] == ["/missing", "/zip", "/moved", "/here"]


def test_the_largest_body(ask, server):
    url, _ = server
    _, played = ask(f'"{url}/full"')
    reply = played.of("http")[-1]
    assert (reply["code"], len(reply["body"])) == (200, 2 * 1024 * 1024)


def test_codes_of_failures(ask, server):
    url, _ = server
    results, _ = ask(
        f'"http://127.0.0.1:{closed_port()}/"',
        f'"{url}/loop"',
        f'"{url}/broken"',
        f'"{url}/big"',
    )
    assert [result["code"] for result in results] == [-4, -5, -6, -9]
    assert all(result["error"] for result in results)


def test_a_time_out_passes_while_virtual_time_stands_still(play, server):
    url, _ = server
    began = time.perf_counter()
    played = play(
        f"""
        async def on_start(e):
            result = await Net.httpRequestAsync("{url}/never", timeout=0.2)
            Logger.write(f"{{result.code}} {{result.error}}")
            VoxEngine.terminate()
        VoxEngine.addEventListener(AppEvents.Started, on_start)
        """,
        start=True,
        allow_net=("127.0.0.1",),
    )
    assert played.logs == ["-7 Timeout is reached"]
    assert 0.15 < time.perf_counter() - began < 20
    assert played.of("http")[-1]["t"] == 0.0


def test_a_server_that_does_not_speak_tls(ask, server):
    url, _ = server
    (result,), _ = ask(f'"{url.replace("http:", "https:")}/"')
    assert result["code"] == -4


def test_the_time_to_connect(ask, monkeypatch):
    """It is httpx2's to watch; what it is told is ours."""
    told = []

    async def too_slow(transport, request):
        told.append(request.extensions["timeout"]["connect"])
        raise httpx2.ConnectTimeout("too slow", request=request)

    monkeypatch.setattr(httpx2.AsyncHTTPTransport, "handle_async_request", too_slow)
    results, _ = ask('"http://127.0.0.1/"', '"http://127.0.0.1/", connectionTimeout=0.5')
    assert [result["code"] for result in results] == [-7, -7]
    assert told == [6.0, 0.5]


def test_a_redirect_to_a_host_that_is_not_allowed(ask, server):
    url, _ = server
    (result,), _ = ask(f'"{url}/away"')
    assert result["code"] == -4
    assert "--allow-net=elsewhere.example" in result["error"]


def test_a_host_that_is_not_allowed(ask, server):
    url, seen = server
    (result,), _ = ask(f'"{url}/"', allow=("localhost", "127.0.0.1:1"))
    assert result["code"] == -4
    assert seen == []


def test_a_declared_answer_goes_before_the_network(ask, server, tmp_path):
    url, seen = server
    rules = tmp_path / "rules.yaml"
    rules.write_text(f"- {{match: {url}/declared, reply: {{text: declared}}}}")
    (declared, live), _ = ask(f'"{url}/declared"', f'"{url}/live"', http=rules)
    assert (declared["text"], live["text"]) == ("declared", "hello")
    assert [path for _, path, _, _ in seen] == ["/live"]


def test_the_end_of_a_run_leaves_nothing_behind(play, server):
    """A session whose request never ends is ended by its longest time."""
    url, _ = server
    played = play(
        f"""
        Net.httpRequest("{url}/never", None)
        setTimeout(VoxEngine.terminate, 100)
        """,
        start=True,
        time="100",
        longest_s=3,
        allow_net=("*",),
    )
    # 90 s of its time pass in 0.9 s; then the request is given up with a time-out.
    assert [record["code"] for record in played.of("http") if record["state"] == "reply"] == [-7]


@pytest.mark.parametrize(
    ("patterns", "host", "port", "allowed"),
    [
        ((), "a.example", 443, False), (("*",), "a.example", 443, True),
        (("a.example",), "a.example", 80, True), (("A.Example",), "a.example", 80, True),
        (("*.example",), "b.a.example", 80, True), (("*.example",), "example", 80, False),
        (("a.example:443",), "a.example", 443, True), (("a.example:443",), "a.example", 80, False),
        (("a.example",), "evil-a.example", 80, False),
        (("a.example",), "a.example.evil", 80, False),
    ],
)  # fmt: skip
def test_allowed_hosts(patterns, host, port, allowed):
    assert AllowedHosts(patterns).allows(host, port) is allowed


def unknown_host():
    error = httpx2.ConnectError("no")
    error.__cause__ = OSError()
    error.__cause__.__context__ = socket.gaierror(-2, "Name or service not known")
    return error


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (unknown_host(), Failure.HOST_NOT_FOUND),
        (httpx2.ConnectError("x"), Failure.CONNECTION),
        (httpx2.ConnectTimeout("x"), Failure.TIMEOUT),
        (httpx2.ReadTimeout("x"), Failure.TIMEOUT),
        (httpx2.ReadError("x"), Failure.NETWORK),
        (httpx2.RemoteProtocolError("x"), Failure.NETWORK),
        (httpx2.LocalProtocolError("x"), Failure.INTERNAL),
        (httpx2.UnsupportedProtocol("x"), Failure.BAD_URL),
        (httpx2.DecodingError("x"), Failure.UNKNOWN),
    ],
)
def test_errors_of_httpx2_and_their_codes(error, failure):
    assert failure_of(error) is failure


# --- mail -------------------------------------------------------------------------------------


@pytest.fixture(params=["virtual", "50"])
def send(play, request):
    """Sends a mail with the network allowed; gives its result."""

    def run(port, to="ann@x.example", **options):
        options = {"port": port, **options}
        played = play(
            f"""
            async def on_start(e):
                result = await Net.sendMailAsync(
                    "127.0.0.1", "me@x.example", {to!r}, "Größe", "Text", {options!r})
                Logger.write(JSON.stringify(result))
                VoxEngine.terminate()
            VoxEngine.addEventListener(AppEvents.Started, on_start)
            """,
            start=True,
            time=request.param,
            allow_net=("127.0.0.1",),
        )
        assert played.errors == []
        return json.loads(played.logs[0])

    return run


def test_a_mail_is_sent(send):
    with mail_server() as (port, commands, mails):
        assert send(port, login="me", password="right", html="<b>Text</b>", bcc=["b@x"]) == {
            "code": 250
        }
    assert [c for c in commands if c.startswith("rcpt")] == [
        "rcpt TO:<ann@x.example>",
        "rcpt TO:<b@x>",
    ]
    (mail,) = mails
    assert "To: ann@x.example" in mail
    assert "b@x" not in mail
    assert "<b>Text</b>" in mail


def test_refusals_of_the_server(send):
    with mail_server() as (port, _, _):
        assert send(port, to="nobody@x") == {"code": 550, "error": "no such mailbox"}
        refused = send(port, login="", password="x")
        assert refused == {"code": 250}


def test_nobody_listens(send):
    assert send(closed_port())["code"] == -4


def test_a_message_has_its_parts():
    mail = Mail(server="s", port=25, sender="a@x", to=("b@x", "c@x"), cc=("d@x",), bcc=("e@x",),
                subject="Größe", text="Text", html="<b>Text</b>")  # fmt: skip
    message = message_of(mail)
    assert message["To"] == "b@x, c@x"
    assert message["Cc"] == "d@x"
    assert message["Bcc"] is None
    assert message["Subject"] == "Größe"
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
