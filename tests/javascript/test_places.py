"""Where a script is when it calls the platform, whatever it does to its own stacks."""

from __future__ import annotations

import pytest

from voxrt.session.place import script_frames, script_place

FILES = frozenset({"scenario.js", "second.js"})

#: Ways to call `here` from line 2 of `scenario.js`; each is a file of its own.
WAYS = {
    "at the top level": "\nhere();",
    "in a function": "function f() {\n  here(); }\nf();",
    "as a method": "const o = { m: () => {\n  here(); } };\no.m();",
    "by the language": "const f = here; [1]\n.forEach(f);",
    "by the language's own": "const f = here; [3, 1]\n.sort((a, b) => f() || 0);",
    "by a replacer": "const f = here; 'a'\n.replace(/a/, f);",
    "through Reflect": "const f = here; Reflect\n.apply(f, null, []);",
    "through bind": "const f = here.bind(null, 1);\nf();",
    "through call": "const f = here;\nf.call(null);",
    "in a getter": "const o = { get a() {\n  return here(); } };\no.a;",
    "in a proxy": "const p = new Proxy({}, { get: () => {\n  here(); } });\np.a;",
    "in a constructor": "class A { constructor() {\n  here(); } }\nnew A();",
    "in a generator": "function* g() {\n  here(); }\n[...g()];",
    "in an async function": "(async () => {\n  here(); })();",
    "after an await": "(async () => { await 0;\n  here(); })();",
    "in a microtask": "Promise.resolve().then(() => {\n  here(); });",
    "far down": "function f(n) { n ? f(n - 1) :\n  here(); }\nf(400);",
    "with arguments below": "\nhere(\n  1,\n  [Math.max(2)],\n);",
    "below other files": "\nother(here);",
    "in code made of text": "\n(0, eval)('\\n\\n\\nhere()');",
    "in a function made of text": "\nnew Function('\\n\\n\\nhere()')();",
}

#: What a script may have done to its stacks before.
TAMPERED = {
    "nothing": "",
    "no frames": "Error.stackTraceLimit = 0;",
    "one frame": "Error.stackTraceLimit = 1;",
    "a text as limit": "Error.stackTraceLimit = '1';",
    "a limit that throws": "Error.stackTraceLimit = { valueOf() { throw ran('limit'); } };",
    "another limit in its place": "Object.defineProperty(Error, 'stackTraceLimit', { value: 0 });",
    "no limit": "delete Error.stackTraceLimit;",
    "texts of its own": "Error.prepareStackTrace = () => { ran('prepared'); return 'x'; };",
    "errors in it": "Error.prepareStackTrace = () => { throw ran('prepared'); };",
    "its own stack": "Object.defineProperty(Error.prototype, 'stack',"
    " { get() { ran('stack'); return 'x'; } });",
    "no stack": "delete Error.prototype.stack;",
    "another class": "Error = class { constructor() { ran('made'); } };",
    "frozen": "Object.freeze(Error); Object.freeze(Error.prototype);",
}


@pytest.fixture
def ran():
    """What of the script ran to tell the place."""
    return []


@pytest.fixture
def at(runtime, ran):
    """`at(source)` runs a file, and gives the places of the calls of `here` in it."""
    places = []

    def here(*_):
        place = script_place(FILES)
        frame = next(script_frames(FILES), None)
        assert place == ("" if frame is None else f"{frame.file}:{frame.line}")
        places.append(place)

    runtime.define({"here": here, "ran": ran.append})
    runtime.evaluate("\n\n\nfunction other(f) { f(); }", "library.js")

    def run(source):
        places.clear()
        runtime.evaluate(source, "scenario.js")
        return places

    return run


@pytest.mark.parametrize("way", WAYS)
def test_the_line_of_the_call(at, way):
    assert at(WAYS[way]) == ["scenario.js:2"]


@pytest.mark.parametrize("tampered", TAMPERED)
def test_it_is_the_same_whatever_the_script_does_to_its_stacks(at, ran, js, tampered):
    js(TAMPERED[tampered])
    for way in ("in a function", "by the language", "far down", "with arguments below"):
        assert at("{" + WAYS[way] + "}") == ["scenario.js:2"], way
    assert ran == []


def test_nothing_that_a_script_sees_of_its_stacks_changes(at, js, ran):
    js("var limit = {valueOf: () => 1}; Error.stackTraceLimit = limit;")
    js("var own = (error, sites) => 'own ' + sites.length; Error.prepareStackTrace = own;")
    assert at("\nhere();") == ["scenario.js:2"]
    assert js("[Error.stackTraceLimit === limit, Error.prepareStackTrace === own]") == [True, True]
    assert js("new Error('x').stack") == "own 1"
    js("Error.prepareStackTrace = undefined; Error.stackTraceLimit = 50")
    at("\nhere();")
    assert js("(function f(n) { return n ? f(n - 1) : new Error().stack; })(80)").count("\n") == 50


def test_a_script_in_no_file_of_the_scenario_is_nowhere(runtime, at):
    at("")
    places = []
    runtime.define({"where": lambda: places.append(script_place(FILES))})
    runtime.evaluate("where()", "library.js")
    assert places == [""]


def test_the_innermost_file_of_the_scenario(runtime, at):
    runtime.evaluate("\n\nfunction second() { here(); }", "second.js")
    assert at("\n\n\n\nsecond();") == ["second.js:3"]


def test_a_handler_that_the_platform_calls_within_a_call(runtime, at):
    runtime.define({"call": lambda function: function()})
    assert at("here(); call(() => {\n here(); });\n here();") == [
        "scenario.js:1", "scenario.js:2", "scenario.js:3",
    ]  # fmt: skip


def test_memory_of_stacks_is_given_back(runtime, at):
    at("function many(n) { for (let i = 0; i < n; i++)\n here(); }\nmany(10);")
    before = runtime.used_bytes
    runtime.evaluate("many(1000)", "scenario.js")
    assert runtime.used_bytes <= before + 1000
