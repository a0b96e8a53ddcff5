"""Files of declared answers: what they may say, and what is wrong with the others."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest

from voxrt.errors import DocumentError
from voxrt.outside import rules_file
from voxrt.outside.exchange import FAILURE_NAMES, Mail, Request
from voxrt.outside.rules_file import load_rules, parse_rules

EVERYTHING = """
http:
  - match:
      method: post
      glob: "https://*.example.com/*"
      query: {id: 7}
      headers: {X-Key: "*"}
      body: hello
      json: {a: [1, 2]}
    reply: {status: 201, headers: {X-A: 1}, json: {ok: true}}
    delay_ms: 120
    times: 3
  - match: https://a.example/
    error: timeout
  - {match: {regex: "/x$"}, error: -3}
  - {match: {prefix: "http://b.example/"}, reply: 204}
mail:
  - match: {server: smtp.*, from: "*@x", to: "*@y", subject: "*"}
    reply: {code: 421, text: later}
  - error: connection
requests:
  - {at_ms: 100, path: /hold, text: now}
  - {at_ms: 200, method: put, headers: {X-A: b}}
"""


def test_everything():
    rules = parse_rules(EVERYTHING, file="rules.yaml")
    first, second, third, fourth = rules.http
    assert first.match.method == "POST"
    assert first.match.query == {"id": "7"}
    assert first.match.json == {"a": [1, 2]}
    assert (first.reply.code, first.reply.body) == (201, b'{"ok":true}')
    assert first.reply.headers == (("X-A", "1"), ("Content-Type", "application/json"))
    assert (first.delay_ms, first.times, first.place) == (120, 3, "rules.yaml:3")
    assert (second.match.url, second.reply.code, second.delay_ms) == ("https://a.example/", -7, 50)
    assert third.reply.code == -3
    assert third.match.regex.pattern == "/x$"
    assert fourth.reply.code == 204
    assert [answer.reply.code for answer in rules.mail] == [421, -4]
    assert rules.mail[0].reply.error == "later"
    hold, put = rules.requests
    assert (hold.at_ms, hold.method, hold.path, hold.content) == (100, "POST", "/hold", "now")
    assert (put.method, put.content, put.headers) == ("PUT", "", (("X-A", "b"),))


def test_a_list_is_answers_to_http():
    rules = parse_rules("- reply: 200\n- error: limits")
    assert [answer.reply.code for answer in rules.http] == [200, 0]


@pytest.mark.parametrize("name", FAILURE_NAMES)
def test_every_error_by_name(name):
    (answer,) = parse_rules(f"- error: {name}").http
    assert answer.reply.code == FAILURE_NAMES[name]
    assert answer.reply.error


def test_a_reply_from_a_file(tmp_path):
    (tmp_path / "answer.bin").write_bytes(b"\x00\xff")
    path = tmp_path / "rules.yaml"
    path.write_text("- reply: {file: answer.bin}")
    (answer,) = load_rules(path).http
    assert (answer.reply.body, answer.reply.headers) == (b"\x00\xff", ())


WRONG = [
    ("", 1, "the file declares nothing"),
    ("7", 1, "must be a mapping of keys, but is a number (7)"),
    ("htpp: []", 1, "has no key `htpp`. Did you mean `http`?"),
    ("http: {}", 1, "must be a list"),
    ("- match: http://a/", 1, "an answer needs `reply` or `error`"),
    ("- {reply: 200, error: timeout}", 1, "cannot have `reply` and `error` together"),
    ("- reply: 200\n- replay: 200", 2, "an answer has no key `replay`. Did you mean `reply`?"),
    ("- reply: 99", 1, "must be a whole number from 200 to 599"),
    ("- reply: {status: 600}", 1, "must be a whole number from 200 to 599"),
    ("- reply: {text: a, json: b}", 1, "cannot have `text` and `json` together"),
    ("- reply: {file: no/such/file}", 1, "the file no/such/file cannot be read"),
    ("- reply: {headers: [a]}", 1, "must be a mapping of keys"),
    ("- reply: {header: {}}", 1, "Did you mean `headers`?"),
    ("- error: timeot", 1, "there is no error `timeot`. Did you mean `timeout`?"),
    ("- error: -10", 1, "must be a whole number from -9 to 0"),
    ("- error: true", 1, "must be text, but is true or false"),
    ("- {reply: 200, delay_ms: -1}", 1, "must be a whole number from 0 to 3600000"),
    ("- {reply: 200, times: 0}", 1, "must be a whole number from 1"),
    ("- reply: 200\n  match: a.example", 2, "a URL begins with http:// or https://"),
    ("- reply: 200\n  match:\n    url: ftp://a", 3, "a URL begins with http:// or https://"),
    ("- {reply: 200, match: {url: 'http://a', glob: '*'}}", 1, "`url` and `glob` together"),
    ("- {reply: 200, match: {regex: '['}}", 1, "not a regular expression"),
    ("- {reply: 200, match: {method: FETCH}}", 1, "FETCH is not a method of HTTP. "),
    ("- {reply: 200, match: {methods: GET}}", 1, "Did you mean `method`?"),
    ("- {reply: 200, match: {headers: {a: [1]}}}", 1, "must be text, but is a list"),
    ("mail: [{reply: {status: 1}}]", 1, "a reply to a mail has no key `status`"),
    ("mail: [{match: {url: x}, reply: 250}]", 1, "a match of a mail has no key `url`"),
    ("mail: [{match: {to: x}}]", 1, "an answer needs `reply` or `error`"),
    ("requests: [{path: /x}]", 1, "a request needs the key `at_ms`"),
    ("requests: [{at_ms: 1, url: x}]", 1, "a request has no key `url`"),
]


@pytest.mark.parametrize(("text", "line", "message"), WRONG)
def test_what_is_wrong_is_told_with_its_line(text, line, message):
    with pytest.raises(DocumentError) as told:
        parse_rules(text, file="rules.yaml")
    assert (told.value.file, told.value.line) == ("rules.yaml", line)
    assert message in f"{told.value.message} {told.value.hint}"


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(DocumentError, match="there is no such file"):
        load_rules(tmp_path / "none.yaml")
    with pytest.raises(DocumentError, match="there is no such file"):
        load_rules(tmp_path / "none.py")
    with pytest.raises(DocumentError, match=r"a .yaml or .py file, not `.json`"):
        load_rules(tmp_path / "rules.json")


# --- the schema -------------------------------------------------------------------------------


def schema():
    return json.loads((files("voxrt.outside") / "rules.schema.json").read_text())


@pytest.mark.parametrize(
    ("definition", "keys"),
    [
        ("answer", "ANSWER_KEYS"), ("match", "MATCH_KEYS"), ("reply", "REPLY_KEYS"),
        ("mail_answer", "ANSWER_KEYS"), ("mail_match", "MAIL_MATCH_KEYS"),
        ("mail_reply", "MAIL_REPLY_KEYS"), ("request", "REQUEST_KEYS"),
    ],
)  # fmt: skip
def test_the_schema_has_the_same_keys(definition, keys):
    described = schema()["$defs"][definition]
    assert set(described["properties"]) == set(getattr(rules_file, keys))
    assert described["additionalProperties"] is False


def test_the_schema_has_the_same_words():
    definitions = schema()["$defs"]
    assert set(schema()["oneOf"][1]["properties"]) == set(rules_file.RULES_KEYS)
    by_name, by_code = definitions["error"]["oneOf"]
    assert set(by_name["enum"]) == set(FAILURE_NAMES)
    assert (by_code["minimum"], by_code["maximum"]) == (-9, 0)
    assert [m.upper() for m in definitions["method"]["enum"]] == [*rules_file.METHODS] * 2


# --- Python -----------------------------------------------------------------------------------


def python(tmp_path, text):
    path = tmp_path / "world.py"
    path.write_text(text)
    return load_rules(path)


def test_a_python_function(tmp_path):
    rules = python(
        tmp_path,
        """
calls = []
def http(request):
    calls.append(request)
    if request.method == "POST":
        return {"status": 201, "json": {"n": len(calls), "got": request.json()}, "delay_ms": 5}
    if "slow" in request.query:
        return {"error": "timeout"}
    if request.host == "c.example":
        return 204
def mail(mail):
    return {"code": 250} if mail.to == ("a@x",) else None
""",
    )
    answer = rules.answer(Request(method="POST", url="http://a/", body=b"[1]"))
    assert (answer.reply.code, answer.delay_ms) == (201, 5)
    assert json.loads(answer.reply.body) == {"n": 1, "got": [1]}
    assert answer.place.endswith("world.py:3")
    assert rules.answer(Request(url="http://a/?slow=1")).reply.code == -7
    assert rules.answer(Request(url="http://c.example/")).reply.code == 204
    assert rules.answer(Request(url="http://d.example/")) is None
    mail = Mail(server="s", port=25, sender="b", to=("a@x",), subject="", text="")
    assert rules.answer_mail(mail).reply.code == 250


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("return 'text'", "must return a mapping or None, not str"),
        ("return {'staus': 200}", "has no key `staus`"),
        ("return {'status': 99}", "must be a whole number from 200 to 599"),
        ("return {'json': {1, 2}}", "set is no value here"),
        ("return {'error': 'timeout', 'status': 200}", "cannot have `error` and `reply` together"),
    ],
)
def test_what_a_function_returns_is_checked(tmp_path, body, message):
    rules = python(tmp_path, f"def http(request):\n    {body}\n")
    with pytest.raises(DocumentError) as told:
        rules.answer(Request(url="http://a/"))
    assert message in f"{told.value.message} {told.value.hint}"
    assert told.value.file.endswith("world.py")
    assert told.value.line == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1", "has neither a function `http(request)` nor `mail(mail)`"),
        ("http = 5", "`http` must be a function"),
        ("def http(:", "not valid Python"),
        ("1 / 0", "world.py:1: ZeroDivisionError"),
    ],
)
def test_python_files_that_are_wrong(tmp_path, text, message):
    with pytest.raises(DocumentError, match=message.replace("(", r"\(").replace(")", r"\)")):
        python(tmp_path, text)
