"""Asynchronous functions of a script that still wait."""

from __future__ import annotations

import pytest

from voxrt.session.promise import Promise


@pytest.fixture
def waiting(runtime):
    """`waiting(source)` has the functions called that the script gives to `on`, then tells."""
    functions, due = [], []

    class Clock:
        def call_next(self, function, *arguments):
            due.append((function, arguments))

        call_soon = call_next

    def settle():
        while due:
            function, arguments = due.pop(0)
            function(*arguments)

    promise = Promise(Clock())
    runtime.define(
        {"on": functions.append, "never": lambda: Promise(Clock()), "promise": lambda: promise}
    )

    def run(source):
        runtime.evaluate(source, "test.js")
        while functions:
            functions.pop(0)()
        return [f"{frame.function}:{frame.line}" for frame in runtime.waiting()]

    run.promise, run.settle = promise, settle
    return run


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("on(async function onCall() { await never(); });", ["onCall:1"]),
        ("\non(async () => { await new Promise(() => {}); });", ["<anonymous>:2"]),
        ("const o = {\n async call() { for (;;) await never(); } };\non(o.call);", ["call:2"]),
        ("async function inner() { await never(); }\non(async function a() { await inner(); });",
         ["a:2"]),
        ("on(async function a() { try { await never(); } finally { on(0); } });", ["a:1"]),
        ("on(async function a() { await never(); });\non(async function b() { await never(); });",
         ["a:1", "b:2"]),
    ],
)  # fmt: skip
def test_what_waits_for_ever_is_told(waiting, source, told):
    assert waiting(source) == told


@pytest.mark.parametrize(
    "source",
    [
        "on(() => 1);",
        "on(async () => 1);",
        "on(async () => { await 1; await Promise.resolve(2); });",
        "on(async () => { throw new Error('x'); });",
        "on(async () => { await null; null.x; });",
        "on(() => never());",  # started, and waited for by nobody
        "on(() => new Promise(() => {}));",
        "on(() => { never().then(() => {}); });",
        "on(async () => { Promise.all([never()]); await Promise.race([never(), 1]); });",
        "on(async () => { new Promise(() => {}); });",
        "on(function* () { yield never(); });",
        "never();",
    ],
)
def test_what_does_not_wait_is_not(waiting, source):
    assert waiting(source) == []


def test_what_goes_on_later_does_not_wait_any_more(waiting, runtime):
    assert waiting("on(async function a() { await promise(); });") == ["a:1"]
    assert waiting("on(async function b() { await promise(); await never(); });") == ["a:1", "b:1"]
    waiting.promise.resolve(1)
    waiting.settle()
    assert [frame.function for frame in runtime.waiting()] == ["b"]


def test_the_first_of_many_are_known_and_they_cost_nothing(waiting, runtime):
    script = "for (let i = 0; i < 2000; i++) on(async function a() { await new Promise(() => 0); })"
    waiting(script)
    before = runtime.used_bytes
    assert waiting(script) == ["a:1"] * 32
    assert runtime.used_bytes < before + 2000


def test_thousands_that_have_ended_are_not_kept(waiting, runtime):
    waiting("for (let i = 0; i < 50; i++) on(async () => { await 0; });")
    before = runtime.used_bytes
    assert waiting("for (let i = 0; i < 3000; i++) on(async () => { await 0; });") == []
    assert runtime.used_bytes < before + 2000


def test_functions_that_lie_about_themselves(waiting):
    assert waiting(
        "async function a() { await never(); }"
        "Object.defineProperty(a, 'name', { get() { throw 1; } });"
        "Object.defineProperty(a, 'lineNumber', { value: { a: 1 } });"
        "Object.defineProperty(a, 'fileName', { value: ['x'] }); on(a);"
    ) == ["<anonymous>:0"]
