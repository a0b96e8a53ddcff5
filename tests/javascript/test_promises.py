"""Promises that Python settles, microtasks, and rejections that nobody handles."""

from __future__ import annotations

import pytest

from voxrt.javascript import JavaScriptError
from voxrt.session.promise import Promise
from voxrt.session.values import Struct


@pytest.fixture
def later(runtime):
    """`later(name)` is a function of the script; `settle(name, value)` settles its promise."""
    made = {}
    due = []

    class Clock:
        def call_next(self, function, *arguments):
            due.append((function, arguments))

        call_soon = call_next

    def make(name):
        made[name] = Promise(Clock())
        return made[name]

    def settle(name, value):
        if isinstance(value, Exception):
            made[name].reject(value)
        else:
            made[name].resolve(value)
        while due:
            function, arguments = due.pop(0)
            function(*arguments)

    log = []
    runtime.define({"later": make, "log": log.append})
    return settle, log


def test_a_promise_is_one(js, later):
    assert js("const p = later('a'); [p instanceof Promise, typeof p.then]") == [True, "function"]


def test_await_goes_on_when_python_settles(js, later):
    settle, log = later
    js("(async () => { const it = await later('a'); log(it.x); log(it.list) })(); log('first')")
    assert log == ["first"]
    settle("a", Struct(x=1, list=[2]))
    assert log == ["first", 1, [2]]


def test_an_object_of_the_platform_keeps_its_identity(js, later, runtime):
    settle, log = later
    js("later('a').then((it) => log(it === bell))")
    settle("a", runtime.bell)
    assert log == [True]


def test_microtasks_run_after_each_entry_in_order(js, later):
    settle, log = later
    js("""
        Promise.resolve().then(() => log(2)).then(() => log(4));
        queueMicrotask(() => log(3));
        later('a').then(() => { log(5); Promise.resolve().then(() => log(7)); log(6) });
        log(1);
    """)
    assert log == [1, 2, 3, 4]
    settle("a", None)
    assert log == [1, 2, 3, 4, 5, 6, 7]


def test_a_rejection_is_caught_with_its_cause_and_its_place(js, later):
    settle, log = later
    js("""
        async function ask() {
            try { await later('a') }
            catch (e) { log([e.name, e.message, e.stack.split("\\n")[0].trim()]) }
        }
        ask();
    """)
    settle("a", TypeError("no key"))
    assert log == [["TypeError", "no key", "at ask (test.js:3:25)"]]


def test_a_rejection_that_nobody_handles_is_told_once_with_its_stack(js, later, rejections):
    settle, _ = later
    js("async function ask() {\n  await later('a');\n}\nask();")
    assert rejections == []
    error = KeyError("why")
    settle("a", error)
    (told,) = rejections
    assert told.__cause__ is error
    assert [(frame.function, frame.line) for frame in told.frames] == [
        ("ask", 2),
        ("<module>", 4),
    ]


def test_what_is_handled_in_time_is_not_told(js, rejections):
    js("const p = Promise.reject(new Error('late'));Promise.resolve().then(() => p.catch(() => 1))")
    assert rejections == []


def test_each_unhandled_rejection_is_told_in_order(js, rejections):
    js("Promise.reject(1); Promise.reject(new Error('two')); (async () => { throw 'three' })();")
    assert [str(error) for error in rejections] == ["1", "Error: two", "three"]


def test_they_are_told_after_an_error_too(js, rejections):
    with pytest.raises(JavaScriptError, match="now"):
        js("Promise.reject(new Error('later')); throw new Error('now')")
    assert [str(error) for error in rejections] == ["Error: later"]


def test_many_promises_at_once(js, later):
    settle, log = later
    js("for (let i = 0; i < 300; i++) later('p' + i).then((v) => log(i + v))")
    for number in reversed(range(300)):
        settle(f"p{number}", 1000)
    assert log == [1000 + number for number in reversed(range(300))]


def test_a_promise_that_settles_after_the_end_does_nothing(js, later, runtime):
    settle, log = later
    js("later('a').then(log)")
    runtime.close()
    settle("a", 1)
    assert log == []


def test_a_flood_of_rejections_is_told_in_part(js, rejections):
    js("for (let i = 0; i < 20000; i++) Promise.reject(i)")
    assert [str(error) for error in rejections[:2]] == ["0", "1"]
    assert str(rejections[-1]) == "19900 more rejections that nobody handles"
    assert len(rejections) == 101


def test_rejections_that_are_handled_in_any_order_are_not_told(js, rejections):
    """Each of them was searched, and moved all that came after it."""
    js(
        """
        const all = [];
        for (let i = 0; i < 8000; i++) all.push(Promise.reject(i));
        for (let i = 0; i < 4000; i++) all[i].catch(() => 0);
        for (let i = 7999; i > 4000; i--) all[i].catch(() => 0);
        Promise.reject("later").catch(() => 0);
        """
    )
    assert [str(error) for error in rejections] == ["4000"]


def test_promises_of_the_platform_are_made_while_one_is_made(runtime, js):
    """The stack of its place is the script's own, which asks for another: they had one number."""
    made = []

    def promise():
        made.append(Promise(None, lambda error: None, lambda function, value: None))
        return made[-1]

    runtime.define({"promise": promise})
    js(
        """
        let inner, busy = false;
        Error.prepareStackTrace = () => {
          if (!busy) { busy = true; inner = promise(); }
          return "";
        };
        const outer = promise();
        """
    )
    assert js("outer !== inner && inner instanceof Promise && outer instanceof Promise") is True
