"""The outside world on the command line: options, the account, the summary."""

from __future__ import annotations

from pathlib import Path

import pytest

from voxrt.cli import main as cli
from voxrt.cli.main import with_values
from voxrt.cli.summary import summary_lines
from voxrt.show.account import Account
from voxrt.show.measures import Measures

SCENARIO = """
async def on_start(e):
    result = await Net.httpRequestAsync("http://a.example/x", method="POST", postData="hi")
    CallList.reportResult({"code": result.code}, VoxEngine.terminate)
VoxEngine.addEventListener(AppEvents.Started, on_start)
"""


def voxrt(capsys, *words):
    """Runs a command line: the exit code, standard output and standard error."""
    code = cli.main(list(words))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def told(kind, *, verbose=False, **fields):
    """What one record is told as: `(label, text, aside)` of each entry."""
    entries = Account(verbose=verbose).tell({"n": 1, "t": 1500.0, "kind": kind, **fields})
    return [(entry.who, entry.text, entry.aside) for entry in entries]


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("good.py").write_text(SCENARIO)
    Path("guests.csv").write_text("phone;name\n1555;Ann\n1556;Bob\n")
    return tmp_path


@pytest.mark.parametrize(
    ("words", "filled"),
    [
        ("run a.py --allow-net", "run a.py --allow-net=*"),
        ("run --allow-net a.py", "run --allow-net=* a.py"),
        ("run --allow-net --serve a.py", "run --allow-net=* --serve=12092 a.py"),
        ("run --allow-net a.example b.py", "run --allow-net a.example b.py"),
        ("run --allow-net=a.example b.py", "run --allow-net=a.example b.py"),
        ("run --serve 8080 a.py", "run --serve 8080 a.py"),
        ("run a.py --serve", "run a.py --serve=12092"),
        ("", ""),
    ],
)
def test_options_that_stand_alone(words, filled):
    assert with_values(words.split()) == filled.split()


def test_a_file_without_an_ending_of_code_is_no_host(here):
    Path("scenario").write_text("")
    assert with_values(["--allow-net", "scenario"]) == ["--allow-net=*", "scenario"]


def test_a_run_with_declared_answers(here, capsys):
    Path("rules.yaml").write_text(
        "- {match: http://a.example/x, reply: 201}\n- {match: http://b.example/, reply: 200}\n"
    )
    code, out, _ = voxrt(
        capsys, "run", "good.py", "--call-list", "guests.csv", "--row", "2",
        "--http", "rules.yaml", "--out", "o",
    )  # fmt: skip
    assert code == 0
    assert "http     POST http://a.example/x = 201  (50 ms)" in out
    assert 'list     reportResult {"code": 201}' in out
    assert 'call list    row 2: success {"code": 201}' in out
    assert "not used     the answer rules.yaml:2 any method http://b.example/" in out


def test_the_closed_world_is_a_warning(here, capsys):
    code, out, _ = voxrt(capsys, "run", "good.py", "--call-list", "guests.csv", "--out", "o")
    assert code == 0
    assert "http     POST http://a.example/x failed with -4" in out
    assert "Declare an answer (--http FILE)" in out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--http", "none.yaml"], "there is no such file"),
        (["--http", "good.txt"], "a .yaml or .py file"),
        (["--allow-net", "http://a.example"], "takes the name of a host, not 'http://a.example'"),
        (["--allow-net=a,,b"], "takes the name of a host, not ''"),
        (["--serve"], "--serve needs time that passes"),
        (["--serve", "70000", "--time", "real"], "a port from 0 to 65535"),
        (["--call-list", "guests.csv", "--row", "3"], "--row must be from 1 to 2, not 3"),
        (["--call-list", "guests.csv", "--row", "0"], "--row must be from 1 to 2, not 0"),
        (["--call-list", "none.csv"], "the call list cannot be read"),
        (["--call-list", "guests.csv", "--to", "1"], "--call-list begins a session without a call"),
        (["--call-list", "guests.csv", "--custom-data", "x"], "leave out --custom-data"),
        (["--storage", "guests.csv"], "the storage cannot be used"),
        (["--storage", "no/such/folder"], "the storage cannot be used"),
    ],
)
def test_what_is_refused(here, capsys, words, message):
    code, out, err = voxrt(capsys, "run", "good.py", *words, "--out", "o")
    assert (code, out) == (2, "")
    assert message in err
    assert "Traceback" not in err
    assert not Path("o").exists()


def test_hosts_in_one_word(here):
    from voxrt.cli.options import read_hosts

    assert read_hosts(["a.example,*.b:80", "c"]) == ("a.example", "*.b:80", "c")


# --- the account ------------------------------------------------------------------------------

ASKED = {"id": 1, "method": "GET", "url": "http://a/"}


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"state": "reply", "code": 200, "took_ms": 50.0}, ("GET http://a/ = 200", "50 ms")),
        ({"state": "reply", "code": 404, "took_ms": 1.4}, ("GET http://a/ = 404", "1 ms")),
        ({"state": "reply", "code": -7, "error": "late", "took_ms": 9.0},
         ("GET http://a/ failed with -7: late", "")),
        ({"state": "dropped"}, ("GET http://a/: dropped, it had not begun", "")),
    ],
)  # fmt: skip
def test_an_exchange_is_one_line(fields, line):
    assert told("http", **ASKED, **fields) == [("http", *line)]


def test_a_request_is_told_when_everything_is():
    assert told("http", **ASKED, state="request") == []
    assert told("http", **ASKED, state="request", verbose=True) == [("http", "GET http://a/", "")]


def test_a_mail_is_one_line():
    mail = {"to": ["a@x", "b@x"], "subject": "Hi"}
    assert told("mail", **mail, state="sent") == []
    assert told("mail", **mail, state="sent", verbose=True) == [("mail", 'to a@x, b@x: "Hi"', "")]
    assert told("mail", **mail, state="answered", code=250, error="", took_ms=50.0) == [
        ("mail", 'to a@x, b@x: "Hi" = 250', "50 ms")
    ]
    assert told("mail", **mail, state="dropped") == [
        ("mail", 'to a@x, b@x: "Hi": dropped, it had not begun', "")
    ]


@pytest.mark.parametrize(
    ("path", "body", "text"),
    [("/request/A/B/hold?x", "ok", 'POST access URL/hold?x = 200 "ok"'),
     ("/request/A/B", "", "POST access URL = 200")],
)  # fmt: skip
def test_remote_access_is_one_line(path, body, text):
    assert told("access", method="POST", path=path, code=200, body=body) == [("access", text, "")]


def test_a_report_to_a_call_list_is_one_line():
    assert told("call-list", function="reportError", data="busy", code=200) == [
        ("list", 'reportError "busy"', "")
    ]


def test_the_summary_of_an_attempt_and_of_unused_answers():
    outcome = {"row": 2, "outcome": "error", "result_data": {"a": "é"}, "attempts_left": 1}
    measures, unused = Measures(), ["rules.yaml:2 GET http://a/"]
    measures.feed({"t": 0.0, "kind": "result", "call_list": outcome, "unused_answers": unused})
    lines = summary_lines(measures, outcome="normal", finish_reason="x", files=())
    assert [line.plain for line in lines][1:] == [
        'call list    row 2: error {"a": "é"}, attempts left: 1',
        "not used     the answer rules.yaml:2 GET http://a/",
    ]


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"what": "connect", "url": "wss://a/", "source": "x:1"}, "connects to wss://a/"),
        ({"what": "refused", "why": "HTTP 503"}, "no connection: HTTP 503"),
        ({"what": "sent", "text": "hi"}, 'sends "hi"'),
        ({"what": "received", "text": "hi"}, 'receives "hi"'),
        ({"what": "received", "bytes": 3}, "receives 3 bytes"),
    ],
)
def test_what_goes_through_a_socket_is_a_line(fields, text):
    assert told("socket", id="1", **fields) == [("socket", text, "")]


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"what": "accept", "url": "wss://a/request/A/B/in"}, "a client comes to access URL/in"),
        ({"what": "open", "protocol": "chat"}, "open chat"),
        ({"what": "open"}, "open"),
        ({"what": "sent", "frame": "start", "tag": "x", "encoding": "ULAW"},
         "sends the stream x in ULAW"),
        ({"what": "received", "frame": "stop", "tag": "", "frames": 9},
         "receives the end of the stream after 9 frames"),
        ({"what": "sent", "frame": "stop", "tag": "x", "frames": 9, "bytes": 40},
         "sends the end of the stream x after 9 frames"),
    ],
)  # fmt: skip
def test_the_rest_of_a_socket_is_told_when_everything_is(fields, text):
    assert told("socket", id="1", **fields) == []
    assert told("socket", id="1", **fields, verbose=True) == [("socket", text, "")]
