"""Objects of the platform in a script: identity, members, classes."""

from __future__ import annotations

import gc
import weakref

import pytest

from voxrt.errors import LimitError, NotEmulatedError, ScenarioTypeError
from voxrt.javascript import JavaScriptError, ScriptFunction
from voxrt.session.values import PlatformObject, Struct


def test_an_object_is_always_the_same(js, runtime):
    assert js("bell === bell.myself() && bell.myself() === echo(bell)")
    assert js("bell") is runtime.bell
    assert js("[bell, {b: bell}]")[1]["b"] is runtime.bell


def test_expando_properties_stay(js):
    assert js("bell.mine = {deep: 1}; bell.myself().mine.deep") == 1
    assert js("Object.keys(bell)") == ["mine"]


def test_a_method_may_be_replaced(js, runtime):
    assert js("bell.ring = () => 'mine'; bell.ring()") == "mine"
    assert runtime.bell.ring(2) == 2


def test_instanceof(js):
    assert js(
        "[bell instanceof Bell, big instanceof Bell, big instanceof BigBell,"
        " bell instanceof BigBell, ({}) instanceof Bell, bell instanceof Object, bell.constructor"
        " === Bell, typeof Bell, Bell.name, typeof bell]"
    ) == [True, True, True, False, False, True, True, "function", "Bell", "object"]


def test_a_derived_class_has_what_its_base_has(js):
    assert js(
        "[big.boom(), big.ring(7), Object.getPrototypeOf(BigBell.prototype) ==="
        " Bell.prototype, bell.boom]"
    ) == ["boom", 7, True, None]


def test_methods_are_looked_up_like_any(js):
    assert js(
        "['ring' in bell, bell.hasOwnProperty('ring'), typeof bell.ring, bell.ring === bell.ring,"
        " bell.ring.name, Object.keys(bell).length, 'nothing' in bell]"
    ) == [True, False, "function", True, "ring", 0, False]


def test_texts(js):
    assert js("[String(bell), `${bell}`, JSON.stringify({bell}), JSON.stringify(Bell)]") == [
        "Bell!",
        "Bell!",
        '{"bell":{"tone":"ding"}}',
        None,
    ]


def test_attributes_are_read_when_they_are_read(js, runtime):
    assert js("bell.tone") == "ding"
    runtime.bell.tone = "dong"
    assert js("bell.tone") == "dong"


def test_a_declared_property_is_set_in_python(js, runtime):
    assert js(
        "const f = () => 'rung'; bell.onring = f;"
        "[bell.onring === f, Object.keys(bell), 'onring' in bell, big.onring]"
    ) == [True, [], True, None]
    assert runtime.bell.onring() == "rung"
    runtime.bell.onring = 5
    assert js("bell.onring") == 5
    js("bell.onring = null")
    assert runtime.bell.onring is None
    js("bell.onring = 'text'; bell.onring = undefined")
    assert runtime.bell.onring is None


def test_a_property_of_a_base_and_of_the_class_itself(js, runtime):
    assert js("big.size = 9; big.onring = 1; [big.size, big.onring, bell.onring, bell.size]") == [
        9,
        1,
        None,
        None,
    ]
    js("bell.size = 4")  # not declared for this class: it stays in the script
    assert not hasattr(runtime.bell, "size")


def test_what_python_refuses_to_be_set_is_an_error_at_the_line(js, runtime):
    class Strict(PlatformObject):
        """Takes numbers only."""

        _writable = ("loudness",)

        @property
        def loudness(self):
            return 1

        @loudness.setter
        def loudness(self, value):
            raise ScenarioTypeError("loudness is a number")

    strict = Strict()
    runtime.define({"strict": lambda: strict})
    with pytest.raises(JavaScriptError, match="loudness is a number"):
        js("strict().loudness = 'x'")
    assert js("strict().loudness") == 1


def test_arguments_as_the_language_gives_them(js, runtime):
    js("bell.ring(); bell.ring(undefined); bell.ring(5, 6, 7); bell.ring(null); bell.ring([])")
    assert runtime.bell._rung == [1, 1, 5, None, []]
    assert js("bell.add(1)") == [1, None]
    assert js("bell.add(undefined, 2)") == [None, 2]


def test_a_method_without_its_object(js, runtime):
    """A global object's methods may be passed on alone; those of others may not."""
    assert js("const ring = bell.ring; ring(3)") == 3

    class Clapper(PlatformObject):
        """One of many."""

        def swing(self):
            """Needs its object."""

    clapper = Clapper()
    runtime.define({"clapper": lambda: clapper})
    assert js("clapper().swing()") is None
    with pytest.raises(JavaScriptError, match="swing was called without its object"):
        js("const swing = clapper().swing; swing()")


@pytest.mark.parametrize(
    ("error", "name", "message"),
    [
        (ScenarioTypeError("no such tone"), "TypeError", "no such tone"),
        (LimitError("too many bells"), "RangeError", "too many bells"),
        (NotEmulatedError("not yet"), "Error", "not yet"),
        (KeyError("inside"), "Error", "'inside'"),
    ],
)
def test_an_exception_becomes_an_error_and_keeps_its_cause(js, runtime, error, name, message):
    runtime.bell._error = error
    seen = js(
        "try { bell.fail() } catch (e) { [e.name, e.message, e instanceof Error, e.code,"
        " Object.keys(e).length, e.stack.includes('test.js:1:')] }"
    )
    assert seen == [name, message, True, getattr(error, "code", None), 0, True]
    with pytest.raises(JavaScriptError) as caught:
        js("try { bell.fail() }\ncatch (e) { throw e }")
    assert caught.value.__cause__ is error
    assert caught.value.frames[0].line == 1


def test_an_error_of_the_script_goes_through_python_unchanged(js, runtime):
    def call(function):
        function()

    runtime.define({"call": call})
    assert js(
        "const mine = new TypeError('mine');"
        "try { call(() => { throw mine }) } catch (e) { e === mine }"
    )


def test_what_is_thrown_need_not_be_an_error(js):
    for source, text in (("5", "5"), ("'text'", "text"), ("{a: 1}", "[object Object]")):
        with pytest.raises(JavaScriptError) as caught:
            js(f"throw {source}" if source[0] != "{" else f"throw ({source})")
        assert (caught.value.name, str(caught.value)) == ("", text)


def test_an_interruption_goes_through_uncaught(js, runtime):
    runtime.bell._error = KeyboardInterrupt()
    runtime.define({"seen": []})
    with pytest.raises(KeyboardInterrupt):
        js("try { bell.fail() } catch (e) { bell.ring(99) } finally { bell.ring(98) }")
    assert runtime.bell._rung == []
    assert js("1 + 1") == 2


def test_a_function_is_always_the_same(js, runtime):
    kept = []
    runtime.define({"keep": kept.append})
    js("const f = (x) => x + 1; keep(f); keep(f); keep((x) => x)")
    assert kept[0] is kept[1] is not kept[2]
    assert kept[0](41) == 42
    runtime.define({"first": lambda: kept[0]})
    assert js("first() === f")


def test_a_function_that_python_gives_up_is_freed(js, runtime):
    kept = []
    runtime.define({"keep": kept.append})
    js("for (let i = 0; i < 2000; i++) keep(() => i)")
    before = runtime.used_bytes
    assert all(isinstance(function, ScriptFunction) for function in kept)
    assert kept[1999]() == 1999
    kept.clear()
    js("0")
    assert runtime.used_bytes < before - 2000 * 64


def test_the_handlers_of_an_event_get_one_object(runtime, js):
    handlers = []
    runtime.define({"on": handlers.append})
    js("on((e) => { e.seen = 1; saved = e }); on((e) => [e.seen, e === saved]); var saved")
    event = Struct(name="E")
    assert handlers[0](event) is None
    assert handlers[1](event) == [1, True]
    assert handlers[1](Struct(name="E")) == [None, False]


def test_a_function_has_its_results_converted(js, runtime):
    kept = []
    runtime.define({"keep": kept.append})
    js("keep((n) => ({n, bell, f: keep}))")
    result = kept[0](3)
    assert (result["n"], result["bell"]) == (3, runtime.bell)
    assert kept[0](3)["f"] is result["f"]


def test_nothing_of_python_is_reachable(js):
    assert (
        js(
            "[bell._rung, bell.__class__, bell.__dict__, Bell.__subclasses__, echo.__globals__]"
            ".filter((x) => x !== undefined).length"
        )
        == 0
    )
    assert js("echo.__code__ === undefined && echo.constructor === Function")
    assert js("bell.constructor.constructor('return typeof process')()") == "undefined"


def test_a_class_is_not_made_by_a_script(js):
    with pytest.raises(JavaScriptError):
        js("new BigBell(1, 2, 3).nothing.more")


def test_a_closed_runtime_keeps_nothing_alive(runtime, js):
    class Heavy(PlatformObject):
        """Something with a weak reference."""

        def on(self, handler):
            """Keeps a function of the script, which keeps this."""
            self._handler = handler

    heavy = Heavy()
    runtime.define({"heavy": heavy})
    js("heavy.on(() => heavy)")
    gone = weakref.ref(heavy)
    runtime.close()
    del heavy
    gc.collect()
    assert gone() is None


def test_methods_for_other_rooms_are_none_of_the_scripts(runtime, js):
    """A client's `link_closed` could be called by a script."""

    class Wired(PlatformObject):
        def link_closed(self, code):
            raise AssertionError(code)

    runtime.define({"wired": Wired()})
    assert js("Object.getOwnPropertyNames(Object.getPrototypeOf(wired)).join()") == "toJSON"
    assert js("typeof wired.link_closed") == "undefined"
