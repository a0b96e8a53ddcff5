"""Values on their way between Python and the script."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxrt.javascript import JavaScriptError, Runtime
from voxrt.javascript.codec import OtherValue
from voxrt.session.values import Envelope, Struct, wrap

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inside: (
        st.lists(inside, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), inside)
    ),
    max_leaves=20,
)


def as_doubles(value):
    """The value with all its numbers as the script has them."""
    if isinstance(value, dict):
        return {name: as_doubles(item) for name, item in value.items()}
    if isinstance(value, list):
        return [as_doubles(item) for item in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


@settings(max_examples=200)
@given(JSON)
def test_data_comes_back_as_it_went(value):
    """Python to script and back, inside of an object: `null` is `None` there."""
    runtime = Runtime(
        run=lambda step: step(), rejected=print, look=lambda: None, memory_bytes=0, seed=1
    )
    try:
        runtime.define({"value": wrap({"it": value})})
        back = runtime.evaluate("value", "test.js")
        assert back == {"it": value}
        text = runtime.evaluate("JSON.stringify(value.it)", "test.js")
        assert json.loads(text, parse_int=float) == as_doubles(value)
    finally:
        runtime.close()


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("1", 1),
        ("1.0", 1),
        ("-0", 0),
        ("2 ** 53", 2**53),
        ("1e300", 1e300),
        ("0.5", 0.5),
        ("Infinity", math.inf),
        ("'текст \\u{1F600} שלום'", "текст \U0001f600 שלום"),
        ("'a\\0b'", "a\0b"),
        ("'\\ud800x'", "\ufffdx"),
        ("10n ** 20n", 10**20),
        ("[1, , undefined, null]", [1, None, None, None]),
        ("({a: undefined, b: null, c: 1})", {"b": None, "c": 1}),
        ("new Uint8Array([1, 2, 255])", b"\x01\x02\xff"),
        ("new Uint16Array([258]).subarray(0, 1)", b"\x02\x01"),
        ("new ArrayBuffer(2)", b"\0\0"),
        ("new Date(1500)", datetime(1970, 1, 1, 0, 0, 1, 500_000, tzinfo=UTC)),
        ("new Date(NaN)", None),
        ("new Map([[1, 2]])", {}),
        ("new (class A { x = 1; #y = 2; get z() { return 3 } })", {"x": 1}),
        ("new Proxy({a: 1}, {})", {"a": 1}),
        ("Object.create(null)", {}),
        ("({'': 1, 'x y': 2, __proto__: {hidden: 1}})", {"": 1, "x y": 2}),
        ("Promise.resolve(1)", OtherValue("Promise")),
        ("Symbol('s')", OtherValue("Symbol")),
    ],
)
def test_what_a_script_gives(js, source, value):
    assert js(f"({source})") == value
    if isinstance(value, bool | int | float | str | list):
        assert js(f"echo({source})") == value


def test_not_a_number_stays_none(js):
    assert math.isnan(js("NaN"))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "undefined"),
        (True, "true"),
        (3, "3"),
        (2.5, "2.5"),
        (2**60, "1152921504606847000"),
        (10**30, "1e+30"),
        ("half \ud800 pair", '"half ? pair"'),
        (b"\x01\x02", '{"0":1,"1":2}'),
        (Struct(a=[None, Struct(b=1)]), '{"a":[null,{"b":1}]}'),
        ((1, 2), "[1,2]"),
        (datetime(2026, 1, 5, 9, 0, 0, 250_000, tzinfo=UTC), '"2026-01-05T09:00:00.250Z"'),
    ],
)
def test_what_python_gives(runtime, value, shown):
    runtime.define({"give": lambda: value})
    assert runtime.evaluate("String(JSON.stringify(give()))", "test.js") == shown


def test_an_envelope_shows_its_payload_twice_and_has_it_once(runtime):
    data = Envelope(customEvent="Done", payload=wrap({"id": "r1", "items": [1]}))
    runtime.define({"event": wrap({"name": "E", "data": data})})
    seen = runtime.evaluate(
        """
        const d = event.data;
        [d.id, d.payload.id, d.items === d.payload.items, "id" in d, d.nothing === undefined,
         Object.keys(d).join(), JSON.stringify(d), d.hasOwnProperty("id")]
        """,
        "test.js",
    )
    whole = '{"customEvent":"Done","payload":{"id":"r1","items":[1]}}'
    assert seen == ["r1", "r1", True, True, True, "customEvent,payload", whole, False]


def test_a_list_may_have_names(runtime):
    class Headers(list):
        """As of an HTTP answer."""

    headers = Headers([Struct(key="Date", value="now")])
    headers.named = {"Date": "now"}
    runtime.define({"result": wrap({"code": 200}) | {"headers": headers}, "bare": headers})
    seen = runtime.evaluate(
        "[result.headers.Date, result.headers[0].key, Array.isArray(result.headers),"
        " JSON.stringify(result.headers), bare.Date, bare.length]",
        "test.js",
    )
    assert seen == ["now", "Date", True, '[{"key":"Date","value":"now"}]', "now", 1]


def test_what_refers_to_itself_is_refused(js):
    with pytest.raises(JavaScriptError, match="refers to itself") as caught:
        js("const a = {}; a.a = a;\necho(a)")
    assert (caught.value.name, caught.value.frames[0].line) == ("TypeError", 2)


def test_what_grows_without_end_is_refused(js):
    with pytest.raises(JavaScriptError, match="too large for the platform"):
        js("let a = ['x'.repeat(1000)]; for (let i = 0; i < 40; i++) a = [a, a]; echo(a)")


def test_a_getter_that_throws_is_an_error_of_the_script(js):
    with pytest.raises(JavaScriptError, match="mine") as caught:
        js("echo({get x() { throw new RangeError('mine') }})")
    assert caught.value.name == "RangeError"


def test_a_date_that_python_cannot_hold_is_refused(js):
    with pytest.raises(JavaScriptError, match="cannot be given to the platform"):
        js("echo(new Date(8.64e15))")


def test_text_for_a_log_is_the_language_s_own(runtime):
    from voxrt.session.values import shows

    told = []
    runtime.define({"log": shows(lambda *texts: told.append(texts))})
    runtime.evaluate(
        """
        log("x", 1, 1e21, -0, undefined, null, true, NaN, 5n, Symbol("s"));
        log({a: [1, {b: null}]}, [1, [2]], new Error("bad"), bell, (x) => x);
        log(new (class Guest { toString() { return "guest" } }), new Map(), Promise.resolve());
        const loop = {}; loop.self = loop; log(loop, [loop]);
        log();
        """,
        "test.js",
    )
    assert told == [
        ("x", "1", "1e+21", "0", "undefined", "null", "true", "NaN", "5", "Symbol()"),
        ('{"a":[1,{"b":null}]}', "[1,[2]]", "Error: bad", "Bell!", "(x) => x"),
        ("guest", "[object Map]", "[object Promise]"),
        ("[object Object]", "[object Object]"),
        (),
    ]
