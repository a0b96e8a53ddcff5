"""Which declared answer is taken."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxrt.outside.exchange import Mail, MailResponse, Request, Response
from voxrt.outside.rules import HttpAnswer, HttpMatch, MailAnswer, MailMatch, Rules, contains

URL = "https://api.example.com/v1/guests?phone=1555&name=Ann+Lee"


def asked(url=URL, method="GET", headers=(), body=b""):
    return Request(method=method, url=url, headers=headers, body=body)


@pytest.mark.parametrize(
    ("match", "wanted"),
    [
        ({}, True),
        ({"method": "GET"}, True),
        ({"method": "POST"}, False),
        ({"url": URL}, True),
        ({"url": "https://api.example.com/v1/guests"}, True),
        ({"url": "HTTPS://API.example.com/v1/guests"}, True),
        ({"url": "https://api.example.com/v1/Guests"}, False),
        ({"url": "https://api.example.com/v1/guests?phone=1"}, False),
        ({"url": "https://api.example.com/v1/guests/"}, False),
        ({"prefix": "https://api.example.com/v1/"}, True),
        ({"prefix": "https://api.example.com/v2/"}, False),
        ({"glob": "https://*.example.com/v?/guests*"}, True),
        ({"glob": "https://*.example.com/v?/guests"}, False),
        ({"regex": re.compile(r"/guests\?phone=\d+")}, True),
        ({"regex": re.compile(r"^guests")}, False),
        ({"query": {"phone": "1555", "name": "Ann*"}}, True),
        ({"query": {"phone": "1556"}}, False),
        ({"query": {"missing": "*"}}, False),
        ({"headers": {"authorization": "Bearer *"}}, True),
        ({"headers": {"Authorization": "Basic *"}}, False),
        ({"headers": {"X-None": "*"}}, False),
    ],
)
def test_match(match, wanted):
    request = asked(headers=(("Authorization", "Bearer abc"),))
    assert HttpMatch(**match).matches(request) is wanted


@pytest.mark.parametrize("url", ["http://a.example", "http://a.example/", "HTTP://A.example?x=1"])
def test_a_url_without_a_path_is_one_with_its_root(url):
    assert HttpMatch(url="http://a.example/").matches(asked(url))
    assert HttpMatch(url="http://a.example").matches(asked(url))


@pytest.mark.parametrize(
    ("match", "body", "wanted"),
    [
        ({"body": "guest"}, b"a guest came", True),
        ({"body": "guests"}, b"a guest came", False),
        ({"json": {"a": 1}}, b'{"a": 1, "b": 2}', True),
        ({"json": {"a": {"b": "x"}}}, b'{"a": {"b": "x", "c": 0}}', True),
        ({"json": {"a": 1}}, b'{"a": "1"}', False),
        ({"json": {"a": 1}}, b'{"a": true}', False),
        ({"json": {"a": 1.0}}, b'{"a": 1}', True),
        ({"json": [1, {"a": 1}]}, b'[1, {"a": 1, "b": 2}]', True),
        ({"json": [1]}, b"[1, 2]", False),
        ({"json": {"a": 1}}, b"no json", False),
        ({"json": {"a": 1}}, b"", False),
    ],
)
def test_match_of_a_body(match, body, wanted):
    assert HttpMatch(**match).matches(asked(method="POST", body=body)) is wanted


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(json_values)
def test_json_contains_itself(value):
    assert contains(value, value)


@given(st.dictionaries(st.text(max_size=2), json_values, max_size=4), st.randoms())
def test_an_object_contains_every_part_of_it(value, random):
    part = {key: item for key, item in value.items() if random.random() < 0.5}
    assert contains(value, part)
    assert contains(part, value) == (part == value)


def answers(*replies):
    return Rules(
        http=[
            HttpAnswer(match=HttpMatch(**match), reply=Response(code=code), times=times)
            for code, match, times in replies
        ]
    )


def test_the_first_that_matches_is_taken():
    rules = answers((200, {"method": "GET"}, None), (201, {}, None), (202, {}, None))
    assert [rules.answer(asked(method=m)).reply.code for m in ("GET", "PUT", "GET")] == [
        200,
        201,
        200,
    ]


def test_an_answer_that_is_used_up_gives_way():
    rules = answers((503, {}, 2), (200, {}, 1))
    codes = [answer and answer.reply.code for answer in (rules.answer(asked()) for _ in range(4))]
    assert codes == [503, 503, 200, None]


def test_what_was_never_used_is_told_with_its_place():
    rules = answers((200, {"method": "GET", "url": "http://a/"}, None), (201, {}, None))
    rules.http[0].place, rules.http[1].place = "rules.yaml:3", "rules.yaml:5"
    rules.answer(asked())
    assert rules.unused() == ["rules.yaml:3 GET http://a/"]


def test_the_function_answers_what_no_entry_does():
    rules = answers((200, {"method": "GET"}, None))
    made = HttpAnswer(match=HttpMatch(), reply=Response(code=299))
    rules.http_function = lambda request: made if request.method == "PUT" else None
    codes = [answer and answer.reply.code for answer in map(rules.answer, map_methods())]
    assert codes == [200, 299, None]


def map_methods():
    return [asked(method=method) for method in ("GET", "PUT", "DELETE")]


@pytest.mark.parametrize(
    ("match", "wanted"),
    [({}, True), ({"to": "b@*"}, True), ({"to": "d@x"}, True), ({"to": "z@*"}, False),
     ({"sender": "me@*"}, True), ({"sender": "you@*"}, False), ({"server": "smtp.*"}, True),
     ({"server": "mail"}, False), ({"subject": "Hel?o"}, True), ({"subject": "hello"}, False)],
)  # fmt: skip
def test_match_of_a_mail(match, wanted):
    mail = Mail(server="smtp.example.com", port=25, sender="me@x", to=("a@x", "b@x"), cc=("c@x",),
                bcc=("d@x",), subject="Hello", text="")  # fmt: skip
    assert MailMatch(**match).matches(mail) is wanted
    rules = Rules(mail=[MailAnswer(match=MailMatch(**match), reply=MailResponse(code=250))])
    assert (rules.answer_mail(mail) is not None) is wanted
