"""The way out by itself: dropping, redirects, secrets, functions that go wrong."""

from __future__ import annotations

import pytest

from voxrt.clocks import VirtualClock
from voxrt.outside.exchange import Request, Response, failed
from voxrt.outside.rules import HttpAnswer, HttpMatch, Rules
from voxrt.outside.world import Outside, redirected, secrets_of


class World:
    """An `Outside` on a virtual clock, and everything that it tells."""

    def __init__(self, rules):
        self.clock = VirtualClock()
        self.records, self.warnings, self.hidden, self.done = [], [], [], []
        self.outside = Outside(
            clock=self.clock,
            write=lambda kind, **fields: self.records.append((self.clock.now_us(), kind, fields)),
            warn=lambda code, text: self.warnings.append((code, text)),
            hide=self.hidden.extend,
            rules=rules,
        )

    def fetch(self, url="http://a.example/", **options):
        return self.outside.fetch("GET", url, (), b"", self.done.append, **options)


def rules(**options):
    answer = HttpAnswer(match=HttpMatch(), reply=Response(code=200), **options)
    return Rules(http=[answer])


async def test_a_dropped_exchange_says_nothing(nursery):
    world = World(rules(delay_ms=1_000))
    drop = world.fetch()
    world.clock.call_later(500_000, drop)
    world.clock.call_later(200_000_000, lambda: None)
    await world.clock.drive(None, lambda: world.clock.now_us() >= 200_000_000)
    assert world.done == []
    assert [fields["state"] for _, _, fields in world.records] == ["request"]


async def test_the_answer_comes_once_even_when_it_meets_its_time_out():
    world = World(rules(delay_ms=100))
    world.fetch(timeout_ms=100)
    await world.clock.drive(None, lambda: world.clock.now_us() >= 100_000 and bool(world.done))
    assert [response.code for response in world.done] == [-7]


async def test_a_function_that_goes_wrong_is_told():
    def broken(request):
        raise KeyError("phone")

    world = World(Rules(http_function=broken))
    world.fetch()
    await world.clock.drive(None, lambda: bool(world.done))
    assert world.done[0].code == -8
    assert world.warnings == [("answers", "the file of answers raised KeyError: 'phone'")]


async def test_done_is_never_called_inside_the_call():
    world = World(rules(delay_ms=0))
    for url in ("http://a.example/", "nonsense"):
        world.fetch(url)
    assert world.done == []
    await world.clock.drive(None, lambda: len(world.done) == 2)
    assert sorted(response.code for response in world.done) == [-2, 200]


@pytest.mark.parametrize(
    ("headers", "url", "secrets"),
    [
        ((("Authorization", "Bearer 12345678"),), "http://a/", ["Bearer 12345678", "12345678"]),
        ((("AUTHORIZATION", "Bearer 1234"),), "http://a/", ["Bearer 1234"]),
        ((("x-api-key", "abcdefgh"),), "http://a/", ["abcdefgh"]),
        ((("X-Other", "abcdefgh"),), "http://a/", []),
        ((), "http://me:pass%20word@a/", ["pass%20word", "pass word"]),
        ((), "http://[", []),
    ],
)
def test_what_of_a_request_is_secret(headers, url, secrets):
    assert secrets_of(Request(url=url, headers=headers)) == secrets


@pytest.mark.parametrize(
    ("method", "code", "becomes"),
    [("POST", 301, "GET"), ("POST", 302, "GET"), ("POST", 303, "GET"), ("POST", 307, "POST"),
     ("POST", 308, "POST"), ("PUT", 302, "PUT"), ("PUT", 303, "GET"), ("HEAD", 303, "HEAD"),
     ("GET", 301, "GET")],
)  # fmt: skip
def test_the_method_behind_a_redirect(method, code, becomes):
    following = redirected(Request(method=method, url="http://a/", body=b"x"), code, "/b")
    assert following.method == becomes
    assert following.url == "http://a/b"
    assert bool(following.body) == (becomes == method and code != 303)


def test_credentials_stay_with_their_host():
    request = Request(url="http://a/", headers=(("Authorization", "x"), ("X-A", "1")))
    assert redirected(request, 302, "/b").headers == request.headers
    assert redirected(request, 302, "http://b/").headers == (("X-A", "1"),)
    assert redirected(request, 302, "http://[").headers == (("X-A", "1"),)


def test_a_failure_has_a_text():
    assert failed(0).error == "Limits were violated"
