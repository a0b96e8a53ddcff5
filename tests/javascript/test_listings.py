"""Objects with names that a script enumerates, and whose values are made when they are read."""

from __future__ import annotations

import pytest

from voxrt.javascript import JavaScriptError, Runtime
from voxrt.session.values import PlatformObject
from voxrt.vox.names import Constants, UnemulatedModule


class Shelf(PlatformObject):
    """A shelf with a box on it; keeps which members it was asked for."""

    _listed = ("b", "a", "box", "10", "2")

    def __init__(self, *, depth=1):
        self._asked = []
        self._box = Shelf(depth=depth - 1) if depth else None

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        self._asked.append(name)
        if name == "box":
            return self._box
        return name.upper() if name in self._listed else None

    def open(self):
        """A method, which is no member of the list."""
        return "open"


@pytest.fixture
def shelf(runtime):
    """`shelf` in the script."""
    made = Shelf()
    runtime.define({"shelf": made})
    return made


@pytest.fixture
def warnings(runtime):
    """The warnings of `VoiceList`, which is there in the script, and of `OpenAI`."""
    told = []
    runtime.define(
        {
            "VoiceList": Constants("VoiceList", lambda code, text: told.append(text)),
            "OpenAI": UnemulatedModule("OpenAI", lambda code, text: told.append(text)),
        }
    )
    return told


NAMES = ["2", "10", "b", "a", "box"]  # the language has numbers first


def test_every_way_to_enumerate_gives_the_same_names(js, shelf):
    assert (
        js(
            "const way = []; for (const k in shelf) way.push(k);"
            "[way, Object.keys(shelf), Object.getOwnPropertyNames(shelf), Reflect.ownKeys(shelf),"
            " Object.entries(shelf).map(([k, v]) => k), Object.keys({...shelf}),"
            " Object.keys(Object.assign({}, shelf))]"
        )
        == [NAMES] * 7
    )
    assert js("Object.values(shelf).slice(0, 4)") == ["2".upper(), "10", "B", "A"]
    assert js("const {a, ...rest} = shelf; [a, Object.keys(rest)]") == [
        "A",
        ["2", "10", "b", "box"],
    ]


def test_what_was_read_before_changes_no_order(js, shelf):
    assert js("shelf.box.a + shelf.a + Object.keys(shelf) + Object.keys(shelf.box)") == (
        "AA" + ",".join(NAMES) * 2
    )


def test_a_member_is_asked_for_once_and_alone(js, shelf):
    assert js("[shelf.a, shelf.a, 'a' in shelf, shelf.hasOwnProperty('a')]") == [
        "A",
        "A",
        True,
        True,
    ]
    assert shelf._asked == ["a"]


def test_values_are_the_same_before_and_after_enumerating(js, shelf):
    assert js(
        "const box = shelf.box; const all = Object.values(shelf);"
        "[box === shelf.box, all[4] === box, echo(box) === box, box === echo(shelf).box]"
    ) == [True, True, True, True]


def test_questions_about_a_name_agree_with_the_names(js, shelf):
    ways = (
        "name in shelf, shelf.hasOwnProperty(name), Object.hasOwn(shelf, name),"
        " Object.getOwnPropertyDescriptor(shelf, name) !== undefined,"
        " shelf.propertyIsEnumerable(name), Reflect.has(shelf, name)"
    )
    ask = f"const ask = (name) => [{ways}];"
    assert js(f"{ask} ['a', 'box', '10'].map(ask)") == [[True] * 6] * 3
    assert js("['A', '', 'nothing', '11'].map(ask)") == [[False] * 6] * 4
    assert js("Object.keys(shelf); ['a', 'box', '10'].map(ask)") == [[True] * 6] * 3
    assert js("['A', '', 'nothing', '11'].map(ask)") == [[False] * 6] * 4
    assert set(shelf._asked) <= set(shelf._listed)  # to ask is not to use
    assert js("ask('open')") == [True, False, False, False, False, True]
    assert js("Symbol.iterator in shelf") is False


def test_a_descriptor(js, shelf):
    assert js("Object.getOwnPropertyDescriptor(shelf, 'a')") == {
        "value": "A",
        "writable": True,
        "enumerable": True,
        "configurable": True,
    }


def test_json(js, shelf):
    text = '{"2":"2","10":"10","b":"B","a":"A","box":%s}'
    assert js("JSON.stringify(shelf)") == text % (text % "null")
    assert js("JSON.stringify({...shelf, box: 1})") == text % "1"


@pytest.mark.parametrize("first", ["", "Object.keys(shelf);", "shelf.a;"])
def test_a_script_may_change_it(js, shelf, first):
    assert js(
        f"{first} shelf.mine = 1; shelf.a = 'changed'; delete shelf.b;"
        "Object.defineProperty(shelf, 'hidden', {value: 5});"
        "[Object.keys(shelf), shelf.a, shelf.b, shelf.hidden, 'b' in shelf, shelf.mine,"
        " Object.getOwnPropertyNames(shelf).at(-1), delete shelf.mine, shelf.mine]"
    ) == [["2", "10", "a", "box", "mine"], "changed", None, 5, False, 1, "hidden", True, None]
    assert js("shelf.hidden = 6; shelf.hidden") == 5
    with pytest.raises(JavaScriptError, match="TypeError"):
        js("'use strict'; delete shelf.hidden")
    with pytest.raises(JavaScriptError, match="TypeError"):
        js("'use strict'; shelf.hidden = 6")
    assert "b" not in js("Object.keys(shelf)")


@pytest.mark.parametrize("first", ["", "Object.keys(shelf);"])
def test_a_frozen_one_stays_as_it_is(js, shelf, first):
    assert js(
        f"{first} Object.freeze(shelf); shelf.a = 'changed'; shelf.mine = 1; delete shelf.box;"
        "[Object.isFrozen(shelf), shelf.a, shelf.mine, Object.keys(shelf), typeof shelf.box]"
    ) == [True, "A", None, NAMES, "object"]
    with pytest.raises(JavaScriptError, match="not extensible"):
        js("Object.defineProperty(shelf, 'mine', {value: 1})")
    with pytest.raises(JavaScriptError, match="TypeError"):
        js("'use strict'; shelf.a = 'changed'")


def test_one_that_is_not_extensible_keeps_what_it_has(js, shelf):
    assert js(
        "Object.preventExtensions(shelf); shelf.mine = 1; shelf.a = 'changed';"
        "[Object.keys(shelf), shelf.a, shelf.mine, Object.isExtensible(shelf)]"
    ) == [NAMES, "changed", None, False]


def test_accessors_of_a_script(js, shelf):
    assert js(
        "let kept;"
        "Object.defineProperty(shelf, 'a', {get() { return 'got' }, set(v) { kept = v }});"
        "shelf.a = 7; [shelf.a, kept, Object.keys(shelf)]"
    ) == ["got", 7, NAMES]


def test_as_a_prototype(js, shelf):
    assert js(
        "const mine = Object.create(shelf); mine.b = 'mine';"
        "[mine.a, mine.b, shelf.b, Object.keys(mine), 'box' in mine, mine.hasOwnProperty('a')]"
    ) == ["A", "mine", "B", ["b"], True, False]
    assert js("const all = []; for (const k in mine) all.push(k); all.length") == 5


def test_behind_a_proxy(js, shelf):
    assert js(
        "const watched = new Proxy(shelf, {}); [Object.keys(watched), watched.a, 'box' in watched]"
    ) == [NAMES, "A", True]


def test_it_stays_the_hosts_object(js, shelf):
    assert js("Object.keys(shelf); echo(shelf) === shelf && echo([shelf])[0] === shelf")
    assert js("shelf.open() + typeof shelf + Object.prototype.toString.call(shelf)") == (
        "openobject[object Object]"
    )


def test_what_the_host_raises_is_an_error_of_the_script(js, runtime):
    class Broken(PlatformObject):
        """Cannot say what its member is."""

        _listed = ("bad",)

        @property
        def bad(self):
            raise ValueError("no idea")

    runtime.define({"broken": Broken()})
    for way in ("broken.bad", "'bad' in broken", "Object.keys(broken)", "broken.mine = 1"):
        assert js(f"try {{ {way}; 'nothing' }} catch (e) {{ e.message }}") == "no idea"


def test_an_interruption_while_the_host_is_asked(js, runtime):
    class Interrupted(PlatformObject):
        """Is interrupted when it is looked at."""

        _listed = ("slow",)

        @property
        def slow(self):
            raise KeyboardInterrupt

    runtime.define({"interrupted": Interrupted()})
    for way in ("interrupted.slow", "Object.keys(interrupted)", "'slow' in interrupted"):
        with pytest.raises(KeyboardInterrupt):
            js(f"try {{ {way} }} finally {{ bell.ring(1) }}")
    assert runtime.bell._rung == []


# --- the lists of the platform ------------------------------------------------------------------

WALK = """
function walk(level) {
  let count = 0;
  for (const [name, value] of Object.entries(level)) {
    if (!(name in level) || !Object.hasOwn(level, name) || level[name] !== value)
      throw new Error(name);
    count += typeof value === "object" ? walk(value) : 1;
  }
  return count;
}
"""


def test_all_voices_are_enumerated_and_nothing_warns(js, warnings):
    assert js(WALK + "walk(VoiceList)") == 2869
    assert js("JSON.parse(JSON.stringify(VoiceList)).Amazon.en_US_Joanna") == "Amazon.en_US_Joanna"
    assert warnings == []


def test_all_lists_are_far_below_a_sessions_memory(js, runtime, warnings):
    before = runtime.used_bytes
    js(WALK + "walk(VoiceList); 0")
    assert runtime.used_bytes - before < 1_500_000
    assert js("[1, 2, 3].map(() => JSON.stringify(VoiceList).length)")[0] > 100_000


def test_nothing_is_made_before_it_is_used(js, runtime, warnings):
    js("VoiceList.Amazon")
    before = runtime.used_bytes
    assert js("VoiceList.Google.en_US_Wavenet_A") == "Google.en_US_Wavenet_A"
    assert runtime.used_bytes - before < 5_000


def test_a_misspelt_name_is_undefined_and_warns_whatever_was_enumerated(js, warnings):
    assert js("[VoiceList.Gogle, Object.keys(VoiceList).length, VoiceList.Gooogle]") == [
        None, 10, None,
    ]  # fmt: skip
    assert warnings == [
        "there is no VoiceList.Gogle; did you mean VoiceList.Google?",
        "there is no VoiceList.Gooogle; did you mean VoiceList.Google?",
    ]


def test_a_module_that_is_not_emulated_lists_its_names(js, warnings):
    assert js(
        "const events = OpenAI.RealtimeAPIEvents;"
        "[Object.keys(OpenAI).includes('createRealtimeAPIClient'),"
        " OpenAI.RealtimeAPIEvents === events, Object.values(OpenAI).includes(events),"
        " 'createRealtimeAPIClient' in OpenAI, 'createRealtimeApiClient' in OpenAI]"
    ) == [True, True, True, True, False]


def test_a_promise_may_hold_one(js, runtime, warnings):
    kept = []
    runtime.define({"keep": kept.append})
    js("Promise.resolve(VoiceList).then((list) => keep(list === VoiceList))")
    assert kept == [True]
    assert warnings == []


def test_lists_of_one_session_are_not_those_of_another(js, warnings):
    other = Runtime(
        run=lambda step: step(), rejected=print, look=lambda: None, memory_bytes=16 << 20, seed=1
    )
    other.define({"VoiceList": Constants("VoiceList", print)})
    other.evaluate("delete VoiceList.Amazon; VoiceList.mine = 1", "test.js")
    assert js("Object.keys(VoiceList).join()") == (
        "Amazon,Default,ElevenLabs,Google,IBM,Microsoft,SaluteSpeech,TBank,Yandex,YandexV3"
    )
    other.close()


def test_a_brand_voice(js, warnings):
    assert js(
        "const make = VoiceList.ElevenLabs.createBrandVoice;"
        "[typeof make, make('Ada'), VoiceList.ElevenLabs.createBrandVoice === make,"
        " 'createBrandVoice' in JSON.parse(JSON.stringify(VoiceList.ElevenLabs))]"
    ) == ["function", "ElevenLabs.Ada", True, False]
    with pytest.raises(JavaScriptError, match="takes the name of a voice, not undefined"):
        js("VoiceList.ElevenLabs.createBrandVoice()")
