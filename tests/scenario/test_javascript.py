"""JavaScript scenario files in a session."""

from __future__ import annotations

import json

import pytest

from voxrt.errors import ScenarioSyntaxError, UsageError

# fmt: off
LANGUAGE = {
    "classes with private fields": (
        "class Guest { #n = 1; static made = 0; get n() { return this.#n } grow() { this.#n++ }"
        " static { Guest.made = 5 } } const g = new Guest(); g.grow(); [g.n, Guest.made]",
        [2, 5],
    ),
    "optional chaining and nullish": (
        "const o = {a: null}; [o?.a?.b, o.a ?? 7, o.x?.()]",
        [None, 7, None],
    ),
    "destructuring and spread": (
        "const {a, ...rest} = {a: 1, b: 2, c: 3}; const [x, , ...y] = [1, 2, 3, 4];"
        "[a, rest, x, y, Math.max(...y), {...rest, d: 4}]",
        [1, {"b": 2, "c": 3}, 1, [3, 4], 4, {"b": 2, "c": 3, "d": 4}],
    ),
    "generators": ("function* n() { let i = 0; while (i < 3) yield i++ } [...n()]", [0, 1, 2]),
    "lookbehind and named groups": (
        "['a1b2'.replace(/(?<=b)\\d/, 'X'), /(?<y>\\d{4})/.exec('in 2026').groups.y]",
        ["a1bX", "2026"],
    ),
    "map and set": (
        "[[...new Map([[1, 'a']]).entries()], [...new Set([1, 1, 2])]]",
        [[[1, "a"]], [1, 2]],
    ),
    "labelled templates": (
        "const tag = (s, ...v) => s.raw.join('|') + v.join(); tag`a${1}b${2}\\n`",
        "a|b|\\n1,2",
    ),
    "labels": ("let n = 0; outer: for (;;) { for (;;) { if (++n > 2) break outer } } n", 3),
    "2023 arrays": (
        "[[3, 1].toSorted(), [1, 2].at(-1), [1, 2, 3].findLast((x) => x < 3)]",
        [[1, 3], 2, 2],
    ),
    "an implicit global": ("function f() { leaked = 5 } f(); leaked", 5),
    "this of a plain call": ("(function () { return this === globalThis })()", True),
    "with": ("with ({a: 1}) { a + 1 }", 2),
    "octal": ("010 + 1", 9),
    "hoisting": (
        "const early = f(); function f() { return typeof v } var v = 1; early",
        "undefined",
    ),
    "unicode": ("const имя = 'שלום'; `${имя} 🙂`", "שלום 🙂"),
    "no modules of Node": ("typeof process + typeof module + typeof window", "undefined" * 3),
    "getters, computed names": ("const k = 'x'; ({get [k]() { return 4 }}).x", 4),
    "async iteration is there": ("typeof Symbol.asyncIterator", "symbol"),
}
# fmt: on


@pytest.mark.parametrize("name", LANGUAGE)
def test_the_language(play_js, name):
    source, value = LANGUAGE[name]
    played = play_js(
        f"Logger.write(JSON.stringify(eval({json.dumps(source)})));\nVoxEngine.terminate();",
        start=True,
    )
    assert not played.errors
    assert json.loads(played.logs[0]) == value


def test_files_share_one_scope(play_js):
    played = play_js(
        "const KEY = 'k'; let count = 1; function twice(n) { return 2 * n } class Guest {}",
        "count++; var g = new Guest(); Logger.write(KEY + twice(count))",
        "Logger.write(String(count) + (g instanceof Guest)); VoxEngine.terminate()",
        start=True,
    )
    assert played.logs == ["k4", "2true"]


def test_a_redeclared_constant_is_the_platform_s_syntax_error(play_js):
    played = play_js("const KEY = 1;", "\nconst KEY = 2;", start=True)
    (error,) = played.of("error")
    assert error["code"] == "SyntaxError"
    assert "KEY" in error["text"]
    assert played.result.finish_reason == "JS session error"
    assert error["file"].endswith("scenario2.js")


def test_two_languages_are_refused(tmp_path):
    from voxrt.scenario.loading import load_script
    from voxrt.scenario.source import read_sources

    for name in ("a.py", "b.js"):
        (tmp_path / name).write_text("", encoding="utf-8")
    sources = read_sources([tmp_path / "a.py", tmp_path / "b.js"])
    with pytest.raises(UsageError, match="two languages"):
        load_script(sources, seed=1, look=print)


@pytest.mark.parametrize(
    ("source", "line", "column", "hint"),
    [
        ("let a = ;", 1, 9, ""),
        ("\nawait VoxEngine.callPSTN('1');", 2, 7, "no top-level await"),
        ("import fs from 'fs';", 1, 8, "no ES modules"),
        ("const a = 1;\nexport default a;", 2, 1, "leave out `export`"),
        ("function f( {", 1, 14, ""),
        ("let a; let a;", 1, 13, ""),
    ],
)
def test_what_does_not_compile_is_told_before_anything_runs(play_js, source, line, column, hint):
    with pytest.raises(ScenarioSyntaxError) as caught:
        play_js(source)
    error = caught.value
    assert (error.line, error.column) == (line, column)
    assert error.file.endswith("scenario.js")
    assert hint in error.hint
    assert bool(error.hint) == bool(hint)


ERRORS = {
    "uncaught in a handler": (
        "VoxEngine.addEventListener(AppEvents.Started, () => {\n  const a = {};\n  a.b.c;\n});",
        ("TypeError", "cannot read property 'c' of undefined", 3, "a.b.c;", ""),
    ),
    "at the top level": (
        "\nmissing();",
        ("ReferenceError", "missing is not defined", 2, "missing();", ""),
    ),
    "thrown": ("throw new RangeError('mine')", ("RangeError", "mine", 1, None, "")),
    "no error": ("throw 'text'", ("thrown", "text", None, None, "")),
    "in a timer": (
        "VoxEngine.addEventListener(AppEvents.Started, () => setTimeout(late, 10));\n"
        "function late() { null.x }",
        ("TypeError", "cannot read property 'x' of null", 2, "function late() { null.x }", ""),
    ),
    "a member that is not there": (
        "VoxEngine.callPSTM('1', '2');",
        ("V203", "VoxEngine.callPSTM is not a function", 1, None,
         "There is no VoxEngine.callPSTM on the platform. Did you mean callPSTN?"),
    ),
    "a member that is not emulated": (
        "VoxEngine.createStreamingAgent({});",
        ("V204", "VoxEngine.createStreamingAgent is part of VoxEngine, but voxrt does not emulate"
         " it yet", 1, None, "What is emulated is listed in docs/coverage.md."),
    ),
    "a wrong argument": (
        "VoxEngine.customData({});",
        ("V202", "customData: customData must be a string, not an object", 1, None, ""),
    ),
    "what is no function": (
        "const handlers = {a: 5};\nhandlers.a();",
        ("TypeError", "handlers.a is not a function", 2, None, ""),
    ),
    "a module that was not required": (
        "Grok.createVoiceAgentAPIClient({});",
        ("ReferenceError", "Grok is not defined", 1, None,
         "Add `require(Modules.Grok)` at the top of the scenario."),
    ),
    "a name of a browser": (
        "fetch('https://x.test');",
        ("ReferenceError", "fetch is not defined", 1, None,
         "VoxEngine has no fetch; use Net.httpRequestAsync(url, options)."),
    ),
    "a misspelt name": (
        "VoxEngin.terminate();",
        ("ReferenceError", "VoxEngin is not defined", 1, None, "Did you mean `VoxEngine`?"),
    ),
    "a handler that is none": (
        "\nVoxEngine.addEventListener(AppEvents.Started, 'text');",
        ("V202", "a handler must be a function, not a string", 2, None,
         "It was accepted when it was added; now its event has come."),
    ),
    "recursion": (
        "function f() { f() }\nf();",
        ("RangeError", "Maximum call stack size exceeded", 1, None, ""),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ERRORS)
def test_errors_end_the_session_and_say_where(play_js, name):
    source, (code, text, line, source_line, hint) = ERRORS[name]
    played = play_js(source, start=True)
    (error,) = played.of("error")
    assert (error["code"], error["text"], error.get("line")) == (code, text, line)
    assert error.get("hint", "") == hint
    if source_line is not None:
        assert error["source_line"].strip() == source_line
    if line is not None:
        assert error["file"].endswith("scenario.js")
        assert error["source_line"] == source.splitlines()[line - 1]
    assert played.result.finish_reason == "JS session error"
    assert played.events[-2:] == ["Application.Terminating", "Application.Terminated"]
    assert played.of("event")[-1]["data"] == {"systemError": True}


def test_the_stack_shows_the_scenario_s_frames_only(play_js):
    played = play_js(
        """
        function inner() { VoxEngine.customData({}) }
        const outer = () => [1].forEach(inner);
        VoxEngine.addEventListener(AppEvents.Started, function started() { outer() });
        """,
        start=True,
    )
    (error,) = played.of("error")
    named = [entry.rpartition("/")[2] for entry in error["stack"]]
    assert named == [
        "scenario.js:2 in inner",
        "scenario.js:3 in outer",
        "scenario.js:4 in started",
    ]


def test_a_rejection_does_not_end_the_session(play_js):
    played = play_js(
        """
        VoxEngine.addEventListener(AppEvents.Started, async () => {
            await null;
            notThere.x;
        });
        setTimeout(() => { Logger.write("alive"); VoxEngine.terminate() }, 1000);
        """,
        start=True,
    )
    (error,) = played.of("error")
    assert error["text"] == "Unhandled rejection: notThere is not defined"
    assert error["line"] == 4
    assert played.logs == ["alive"]
    assert played.result.finish_reason == "Normal termination"
    assert played.result.outcome == "script error"


def test_what_exists_but_is_not_there_is_quiet(play_js):
    """Feature tests, missing enum members, and `in`: nothing throws, an enum warns once."""
    played = play_js(
        """
        Logger.write([typeof Grok, typeof VoxEngine.nothing, CallEvents.DTMF,
                      "nothing" in VoxEngine, typeof VoxEngine.createConference].join());
        if (CallEvents.DTMF) Logger.write("never");
        VoxEngine.addEventListener(CallEvents.DTMF, () => 1);
        VoxEngine.addEventListener(undefined, () => 1);
        VoxEngine.terminate();
        """,
        start=True,
    )
    assert played.logs == ["undefined,undefined,,false,function"]
    assert not played.errors
    (warning,) = played.of("warning")
    assert warning["text"].startswith("there is no CallEvents.DTMF")
    assert warning["line"] == 2


def test_require(play_js):
    played = play_js(
        """
        require(Modules.Player); require(Modules.Nothing); require('fs');
        Logger.write(typeof Grok);
        require(Modules.Grok); require(Modules.Grok);
        Logger.write(typeof Grok);
        VoxEngine.terminate();
        """,
        start=True,
    )
    assert played.logs == ["undefined", "object"]
    texts = [record["text"] for record in played.of("warning")]
    assert [text for text in texts if "require:" in text] == [
        "require: there is no module 'undefined'; it takes a member of Modules, and files or "
        "packages of Node.js are not there",
        "require: there is no module 'fs'; it takes a member of Modules, and files or packages of "
        "Node.js are not there",
    ]


def test_listeners_are_removed_by_the_same_function(play_js):
    played = play_js(
        """
        const one = () => Logger.write("one"), two = () => Logger.write("two");
        VoxEngine.addEventListener(AppEvents.Started, one);
        VoxEngine.addEventListener(AppEvents.Started, two);
        VoxEngine.addEventListener(AppEvents.Started, one);
        VoxEngine.removeEventListener(AppEvents.Started, one);
        VoxEngine.addEventListener("Application.Started", () => {
            VoxEngine.terminate();
            Logger.write("on");
        });
        VoxEngine.addEventListener(AppEvents.Terminated, () => Logger.write("end"));
        """,
        start=True,
    )
    assert played.logs == ["two", "on", "end"]


def test_timers_keep_their_arguments_and_their_order(play_js):
    played = play_js(
        """
        const state = {n: 0};
        setTimeout((s, t) => Logger.write(`a ${s === state} ${t}`), 20, state, "x");
        setTimeout(() => Logger.write("b"), "10");
        setTimeout(() => Logger.write("c"));
        const id = setTimeout(() => Logger.write("never"), 5);
        clearTimeout(id); clearTimeout(undefined); clearTimeout(12345);
        const every = setInterval(() => {
            Logger.write("tick " + ++state.n);
            if (state.n === 3) { clearInterval(every); VoxEngine.terminate() }
        }, 1);
        """,
        start=True,
    )
    assert played.logs == ["c", "b", "a true x", "tick 1", "tick 2", "tick 3"]
    assert [record["t"] for record in played.of("log")] == [0, 10, 20, 100, 200, 300]


def test_random_numbers_are_the_seed_s(play_js):
    source = "Logger.write(Math.random() + ' ' + Math.random()); VoxEngine.terminate()"
    first = play_js(source, start=True, seed=7).logs
    assert play_js(source, start=True, seed=7).logs == first
    assert play_js(source, start=True, seed=8).logs != first
    a, b = map(float, first[0].split())
    assert 0 <= a < 1
    assert a != b


def test_listeners_added_after_await_miss_nothing(play_js):
    played = play_js(
        """
        require(Modules.Grok);
        VoxEngine.addEventListener(AppEvents.Started, async () => {
            const client = await Grok.createVoiceAgentAPIClient({ xAIApiKey: "k", model: "m" });
            for (const [name, value] of Object.entries(Grok.VoiceAgentAPIEvents))
                client.addEventListener(value, (e) => Logger.write(name + (e.client === client)));
            setTimeout(VoxEngine.terminate, 500);
        });
        """,
        start=True,
    )
    assert played.logs[0] == "ConnectorInformationtrue"
    assert "ConversationCreatedtrue" in played.logs


def test_a_rejected_factory_is_caught_where_it_was_called(play_js):
    played = play_js(
        """
        require(Modules.Grok);
        VoxEngine.addEventListener(AppEvents.Started, async () => {
            try {
                await Grok.createVoiceAgentAPIClient({ model: "m" });
            } catch (error) {
                Logger.write(error.message);
            }
            VoxEngine.terminate();
            await Grok.createVoiceAgentAPIClient();
        });
        """,
        start=True,
    )
    assert played.logs == ["Grok.createVoiceAgentAPIClient: xAIApiKey is missing"]
    (error,) = played.of("error")
    assert (error["code"], error["line"]) == ("V202", 10)


def test_a_call_in_a_script(play_js):
    """Identity, instanceof, and JSON of everything."""
    played = play_js(
        """
        let saved;
        VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => {
            saved = e.call;
            e.call.answer();
            e.call.addEventListener(CallEvents.Connected, function (e) {
                Logger.write([e.call === saved, e.call instanceof Call, this === globalThis,
                              e.name, JSON.parse(JSON.stringify(e)).call.state].join());
                e.call.hangup();
            });
            e.call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
        });
        """
    )
    assert played.logs == ["true,true,true,Call.Connected,CONNECTED"]
    assert not played.errors
