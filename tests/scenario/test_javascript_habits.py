"""How scenarios that others have written use the platform, habit by habit.

Sources: reference/scenarios-in-the-wild.md, sections 2 and 3; reference/voxengine-semantics.md,
section 25. Each entry is a scenario of a few lines, and the lines that it writes to the log.
"""

from __future__ import annotations

import pytest

from voxrt.vox.arguments import header_map

CALLER = """
- wait: 1500
- press: "12"
- wait: 2000
- hang_up
"""

ANSWER = """
VoxEngine.addEventListener(AppEvents.CallAlerting, function (e) {
  var call = e.call;
  call.addEventListener(CallEvents.Connected, function (e) {
    connected(e);
    call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
  });
  call.answer();
});
"""

# fmt: off
AT_THE_START = {
    "terminate is handed on unbound": (
        "setTimeout(VoxEngine.terminate, 100);", [],
    ),
    "terminate is bound": (
        "setTimeout(VoxEngine.terminate.bind(VoxEngine), 100);", [],
    ),
    "other methods are unbound": (
        "const { customData, addEventListener: on } = VoxEngine; customData('a');"
        "on(AppEvents.Started, () => { Logger.write(customData()); VoxEngine.terminate(); });",
        ["a"],
    ),
    "Logger.write is handed on": (
        "['a', 'b'].forEach(Logger.write); Promise.resolve('c').then(Logger.write)"
        ".then(VoxEngine.terminate);",
        ["a", "b", "c"],
    ),
    "event names as raw strings": (
        "VoxEngine.addEventListener('Application.Started', (e) => {"
        "  Logger.write(e.name); VoxEngine.terminate(); });",
        ["Application.Started"],
    ),
    "CallAlerting is registered in Started, the arguments of both are not used": (
        "VoxEngine.addEventListener(AppEvents.Started, async ({ e }) => {"
        "  Logger.write(String(e)); VoxEngine.addEventListener(AppEvents.CallAlerting, () => 0);"
        "  VoxEngine.terminate(); });",
        ["undefined"],
    ),
    "custom data is never undefined": (
        "Logger.write(JSON.stringify([VoxEngine.customData(),"
        " JSON.parse(VoxEngine.customData() || '{}'), VoxEngine.customData().number]));"
        "VoxEngine.terminate();",
        ['["",{},null]'],
    ),
    "a secret that is not there": (
        "Logger.write(typeof VoxEngine.getSecretValue('X') + typeof VoxEngine.getSecretValue());"
        "VoxEngine.terminate();",
        ["undefinedundefined"],
    ),
    "modules of former years, and none": (
        "require(Modules.Player); require(Modules.CallList); require(Modules.WebSocket);"
        "require(Modules.AMD); require(Modules.Net); require(Modules.Call);"
        "require(Modules.PushService); require(Modules.Recorder); require(Modules.Recorder);"
        "VoxEngine.terminate();",
        [],
    ),
    "feature tests": (
        "Logger.write([typeof Grok, typeof ElevenLabs, typeof Net, typeof Net.nothing,"
        " typeof VoxEngine.createCoffee, typeof VoxEngine.callPSTN, !!Modules.Grok].join());"
        "VoxEngine.terminate();",
        ["undefined,undefined,object,undefined,undefined,function,true"],
    ),
    "a module in a try block": (
        "try { if (typeof Modules !== 'undefined' && Modules.Grok) require(Modules.Grok); }"
        "catch (error) { Logger.write(String(error)); }"
        "Logger.write(String(typeof Grok !== 'undefined' && !!Grok.createVoiceAgentAPIClient));"
        "VoxEngine.terminate();",
        ["true"],
    ),
    "the member a feature test asks for, of an enum": (
        "const name = Grok.VoiceAgentAPIEvents.ResponseDone || 'x'; Logger.write(name);"
        "VoxEngine.terminate();",
        ["Grok.VoiceAgentAPI.ResponseDone"],
    ),
    "errors in the log": (
        "try { null.x } catch (e) { Logger.write(e); Logger.write('' + e);"
        " Logger.write(JSON.stringify(e)); Logger.write(e.message); Logger.write(e.name); }"
        "VoxEngine.terminate();",
        ["TypeError: cannot read property 'x' of null"] * 2
        + ["{}", "cannot read property 'x' of null", "TypeError"],
    ),
    "anything in the log": (
        "Logger.write(); Logger.write(null); Logger.write(1.5); Logger.write(true);"
        "Logger.write({a: [1, {b: 2}]}); Logger.write([1, 2]); Logger.write('a', 'b');"
        "VoxEngine.terminate();",
        ["", "null", "1.5", "true", '{"a":[1,{"b":2}]}', "[1,2]", "a"],
    ),
    "implicit globals, also of a loop": (
        "function sum(list) { total = 0; for (i = 0; i < list.length; i++) total += list[i]; }"
        "sum([1, 2]); Logger.write(total + i); VoxEngine.terminate();",
        ["5"],
    ),
    "letters of the world": (
        "// Комментарий, הערה, 🙂\nvar имя = 'Звонок 🔥 שלום';\nLogger.write(имя);"
        "VoxEngine.terminate();",
        ["Звонок 🔥 שלום"],
    ),
    "waiting with a promise of one's own": (
        "const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));"
        "VoxEngine.addEventListener(AppEvents.Started, async () => {"
        "  let late = false; setTimeout(() => { late = true; }, 1400); await sleep(1500);"
        "  Logger.write(late); VoxEngine.terminate(); });",
        ["true"],
    ),
    "timers that are not there": (
        "clearTimeout(); clearTimeout(null); clearTimeout(99); clearInterval(undefined);"
        "var t = setTimeout(() => Logger.write('never'), 5); if (t) clearTimeout(t);"
        "setTimeout(() => VoxEngine.terminate(), 50);",
        [],
    ),
    "an interval with a counter": (
        "var n = 0; var t = setInterval(function () { if (++n === 3) { clearInterval(t);"
        " Logger.write(n); VoxEngine.terminate(); } }, 200);",
        ["3"],
    ),
    "a function declared after its use, and handlers of the next file": (
        "VoxEngine.addEventListener(AppEvents.Started, onStart);"
        "function onStart(e) { Logger.write(typeof e.sessionId + typeof e.accessURL); end(); }"
        "function end() { VoxEngine.terminate(); Logger.write('after terminate'); }",
        ["numberstring", "after terminate"],
    ),
}

IN_A_CALL = {
    "a listener for a member that is not there": (
        "function connected(e) { e.call.addEventListener(CallEvents.DTMF, () => 0);"
        "  e.call.addEventListener(undefined, () => 0); Logger.write('on'); }",
        ["on"],
    ),
    "the event as JSON": (
        "function connected(e) { const o = JSON.parse(JSON.stringify(e));"
        "  Logger.write([o.name, o.call.id === e.call.id(), o.id === o.call.id].join()); }",
        ["Call.Connected,true,true"],
    ),
    "all listeners are dropped by the name of the event": (
        "function connected(e) { const c = e.call, n = [];"
        "  c.addEventListener(CallEvents.ToneReceived, () => Logger.write('first'));"
        "  c.addEventListener(CallEvents.ToneReceived, () => Logger.write('second'));"
        "  c.removeEventListener(CallEvents.ToneReceived); c.handleTones(true);"
        "  c.addEventListener(CallEvents.ToneReceived, (t) => Logger.write(t.tone + t.type)); }",
        ["11", "21"],
    ),
    "a listener removes itself, and is added again": (
        "let n = 0;"
        "function connected(e) { e.call.say('One.', Language.UK_ENGLISH_MALE);"
        "  e.call.addEventListener(CallEvents.PlaybackFinished, again); }"
        "function again(e) { e.call.removeEventListener(CallEvents.PlaybackFinished, again);"
        "  Logger.write(++n); if (n < 3) { e.call.say('More.', Language.RU_RUSSIAN_FEMALE);"
        "  e.call.addEventListener(CallEvents.PlaybackFinished, again); } }",
        ["1", "2", "3"],
    ),
    "the same call in each event": (
        "let first; function connected(e) { first = e.call; e.call.handleTones(true);"
        "  e.call.mine = 7; e.call.addEventListener(CallEvents.ToneReceived, (t) =>"
        "    Logger.write(String(t.call === first) + t.call.mine)); }",
        ["true7", "true7"],
    ),
    "calls as keys and in lists": (
        "const calls = {}, seen = new Map(), list = [];"
        "function connected(e) { calls[e.call.id()] = e.call; seen.set(e.call, 1);"
        "  list.push(e.call);"
        "  Logger.write([Object.keys(calls).length, seen.get(e.call), list.indexOf(e.call),"
        "  delete calls[e.call.id()]].join()); }",
        ["1,1,0,true"],
    ),
    "voices in all forms": (
        "function connected({ call }) {"
        "  call.say('a', Language.US_ENGLISH_FEMALE, { pitch: 'high', rate: 'x-slow' });"
        "  call.say('b', { language: VoiceList.Amazon.en_US_Joanna });"
        "  call.say('c', { voice: VoiceList.Yandex.Neural.ru_RU_alena, x: 1 });"
        "  call.say('d', Language.Premium.RU_RUSSIAN_YA_FEMALE); call.say('e');"
        "  call.say(7); Logger.write('said'); }",
        ["said"],
    ),
    "answering with more than there is": (
        "function connected({ call }) { call.answer({}, { mixStreams: 'mix' });"
        "  Logger.write('x'); }",
        ["x"],
    ),
    "tones are waited for with promises": (
        "const key = (call) =>"
        "  new Promise((r) => call.addEventListener(CallEvents.ToneReceived, r));"
        "async function connected({ call }) { call.handleTones(true);"
        "  const a = await key(call), b = await key(call);"
        "  Logger.write(Number(a.tone) + Number(b.tone)); }",
        ["3"],
    ),
    "a handler with one name for everything": (
        "function connected(e) { e.call.addEventListener(CallEvents.Disconnected, function (e) {"
        "  Logger.write(e.name + ' ' + e.duration + ' ' + (e.reason || '')); }); }",
        ["Call.Disconnected 3 BYE received"],
    ),
    "what the call knows of itself": (
        "function connected({ call }) {"
        "  Logger.write([call.callerid(), call.number(), call.state(),"
        "  call.incoming(), call.displayName(), call.clientType(), call.customData()]"
        "  .join('|')); }",
        ["15550123456|18005550100|CONNECTED|true||pstn|"],
    ),
    "a handler that throws in a promise goes on": (
        "function connected({ call }) { call.record(); call.record({ stereo: true });"
        "  call.addEventListener(CallEvents.RecordStarted, async (e) => {"
        "  Logger.write(typeof e.url); throw new Error('mine'); }); }",
        ["string"],
    ),
}

PLACED = {
    "a user by name": "VoxEngine.callUser('bob', '1555', 'Ann', {'X-A': '1'}, false)",
    "a user by parameters": "VoxEngine.callUser({username: 'bob', callerid: '1555'})",
    "a number alone": "VoxEngine.callPSTN('15557654321')",
    "a number with plus": "VoxEngine.callPSTN('+15557654321', undefined)",
    "five arguments": "VoxEngine.callPSTN('15557654321', '1555', 'Ann', {}, true)",
    "a number as a number": "VoxEngine.callPSTN(15557654321, 1555)",
    "SIP, the older form": "VoxEngine.callSIP('sip:bob@example.com', '1555', 'Ann', 'pw', 'ann')",
    "SIP, parameters": "VoxEngine.callSIP('sip:bob@example.com', {callerid: '1', headers: {}})",
}
# fmt: on

AGENT = "greeting: Hello."


def clean(played):
    assert played.errors == []
    assert played.result.finish_reason == "Normal termination"
    return played.logs


@pytest.mark.parametrize("name", AT_THE_START)
def test_without_a_call(play_js, name):
    source, logs = AT_THE_START[name]
    needs = "require(Modules.Grok);\n" if source.startswith("const name = Grok") else ""
    assert clean(play_js(needs + source, start=True)) == logs


@pytest.mark.parametrize("name", IN_A_CALL)
def test_in_a_call(play_js, name):
    source, logs = IN_A_CALL[name]
    played = play_js(source + ANSWER, caller=CALLER)
    errors = ["Unhandled rejection: mine"] if "'mine'" in source else []
    assert played.errors == errors
    assert played.result.finish_reason == "Normal termination"
    assert played.logs == logs


@pytest.mark.parametrize("name", PLACED)
def test_a_call_is_placed(play_js, name):
    played = play_js(
        f"""
        var out = {PLACED[name]};
        out.addEventListener(CallEvents.Connected, VoxEngine.terminate);
        out.addEventListener(CallEvents.Failed, function (e) {{ Logger.write(e.code); }});
        """,
        start=True,
    )
    assert clean(played) == []
    assert "Call.Connected" in played.events


def test_a_caller_id_becomes_a_text_as_in_the_language(play_js):
    played = play_js(
        "VoxEngine.callUser('bob', ['1555', 2])"
        ".addEventListener(CallEvents.Connected, VoxEngine.terminate);",
        start=True,
    )
    assert clean(played) == []
    (command,) = [record for record in played.of("command") if record["name"] == "CallUser"]
    assert command["params"][0]["callerid"] == "1555,2"


TEXTS = (
    (True, "true"),
    (1, "1"),
    (1.5, "1.5"),
    (None, ""),
    ([1, "b"], "1,b"),
    ({}, "[object Object]"),
)


@pytest.mark.parametrize(("value", "text"), TEXTS)
def test_header_values_become_texts_as_in_the_language(value, text):
    assert header_map("answer", {"X-A": value}) == {"X-A": text}
    assert header_map("answer", [{"key": "X-A", "value": value}]) == {"X-A": text}


def test_an_error_in_started_comes_after_the_call_that_rings(play_js):
    played = play_js(
        "VoxEngine.addEventListener(AppEvents.CallAlerting, () => Logger.write('never'));"
        "VoxEngine.addEventListener(AppEvents.Started, () => { throw new Error('mine'); });"
    )
    assert (played.errors, played.logs) == (["mine"], [])
    assert played.events == [
        "Application.Started",
        "Application.CallAlerting",
        "Call.Disconnected",
        "Application.Terminating",
        "Application.Terminated",
    ]


def test_custom_data_is_cut_in_all_ways(play_js):
    for data, cut in (("1:2", "split(':')"), ("1;2", "split(';')"), ("1__2", "split('__')")):
        source = f"Logger.write(VoxEngine.customData().{cut}.join('+')); VoxEngine.terminate();"
        played = play_js(
            f"VoxEngine.addEventListener(AppEvents.Started, function (e) {{ {source} }});",
            start=True,
            custom_data=data,
        )
        assert clean(played) == ["1+2"]


def test_started_comes_before_the_call_that_it_listens_to(play_js):
    played = play_js(
        """
        VoxEngine.addEventListener(AppEvents.Started, function (e) {
          Logger.write('started');
          VoxEngine.addEventListener(AppEvents.CallAlerting, function (e) {
            Logger.write(e.callerid);
            VoxEngine.terminate();
          });
        });
        """
    )
    assert clean(played) == ["started", "15550123456"]


def test_a_missing_enum_member_is_told_with_a_near_name(play_js):
    played = play_js(
        """
        require(Modules.Grok);
        VoxEngine.addEventListener(AppEvents.Strated, () => 0);
        Logger.write([CallEvents.DTMF, Grok.VoiceAgentAPIEvents.Error].join());
        VoxEngine.terminate();
        """,
        start=True,
    )
    assert clean(played) == [","]
    assert played.warnings[0] == "there is no AppEvents.Strated; did you mean AppEvents.Started?"
    assert [text.partition(";")[0] for text in played.warnings[1:]] == [
        "there is no CallEvents.DTMF",
        "there is no Grok.VoiceAgentAPIEvents.Error",
    ]


def test_the_files_of_a_rule_share_their_scope(play_js):
    played = play_js(
        "const KEY = 'k'; let state = { calls: 0 };",
        "require(Modules.Grok); async function agent(call) { state.calls++; return KEY + call; }",
        "VoxEngine.addEventListener(AppEvents.Started, async () => {"
        " Logger.write(await agent('c') + state.calls); VoxEngine.terminate(); });",
        start=True,
    )
    assert clean(played) == ["kc1"]


GUARDS = (
    "event.data.payload",
    "((event && event.data && event.data.payload) || {})",
    "(event.payload || event.data || event)",
    "event?.data?.payload ?? {}",
)


@pytest.mark.parametrize("guard", GUARDS)
def test_a_provider_s_event_is_read_in_any_way(play_js, guard):
    played = play_js(
        f"""
        require(Modules.Grok);
        VoxEngine.addEventListener(AppEvents.CallAlerting, async ({{ call }}) => {{
          call.answer();
          const client = await Grok.createVoiceAgentAPIClient({{ xAIApiKey: 'k', model: 'm' }});
          client.addEventListener(Grok.VoiceAgentAPIEvents.ConversationCreated, () =>
            client.sessionUpdate({{ session: {{ voice: 'Ara', turn_detection: null }} }}));
          client.addEventListener(Grok.VoiceAgentAPIEvents.SessionUpdated, (event) => {{
            const p = {guard};
            Logger.write([p.type, p.session.voice, event.name, client.responseCancel,
              event.client === client, typeof client.clearMediaBuffer].join());
            VoxEngine.sendMediaBetween(call, client);
            client.close();
            VoxEngine.terminate();
          }});
        }});
        """,
        agent=AGENT,
    )
    names = "session.updated,Ara,Grok.VoiceAgentAPI.SessionUpdated"
    assert clean(played) == [f"{names},,true,function"]


# --- what is not emulated is never a silent nothing -------------------------------------------

SWALLOWED = {
    "in a try block": "try { %s } catch (e) { Logger.write(JSON.stringify(e)); }",
    "in an async function": "(async () => { %s })().catch(() => {}); Logger.write('{}');",
    "awaited in a try block": (
        "(async () => { try { await %s } catch (e) { Logger.write(JSON.stringify(e)); } })();"
    ),
}


@pytest.mark.parametrize("name", SWALLOWED)
def test_a_caught_use_of_what_is_not_emulated_is_a_warning(play_js, name):
    source = SWALLOWED[name] % "VoxEngine.createStreamingAgent({});"
    played = play_js(f"\n{source} setTimeout(VoxEngine.terminate, 10);", start=True)
    assert clean(played) == ["{}"]
    (warning,) = played.of("warning")
    assert warning["code"] == "not-emulated"
    assert warning["text"].startswith("VoxEngine.createStreamingAgent is part of VoxEngine")
    assert (warning["file"].endswith("scenario.js"), warning["line"]) == (True, 2)


@pytest.mark.parametrize(
    "source",
    [
        "VoxEngine.createStreamingAgent({});",
        "VoxEngine.addEventListener(AppEvents.Started, () => VoxEngine.createStreamingAgent());",
        "(async () => { await VoxEngine.createStreamingAgent({}) })();"
        "setTimeout(VoxEngine.terminate, 10);",
    ],
)
def test_an_uncaught_one_is_told_once(play_js, source):
    played = play_js(source, start=True)
    assert [error.removeprefix("Unhandled rejection: ") for error in played.errors] == [
        "VoxEngine.createStreamingAgent is part of VoxEngine, but voxrt does not emulate it yet"
    ]
    assert played.warnings == []


MISSING = {
    "call.headers()": ("V203", "call.headers is not a function"),
    "new VoxEngine.Nothing()": ("V203", "VoxEngine.Nothing is not a constructor"),
    "ElevenLabs.createConversationalAIClient({\n})": (
        "V204",
        "ElevenLabs.createConversationalAIClient is part of VoxEngine",
    ),
    "new CCAI.Agent(1, null)": ("V204", "CCAI.Agent is part of VoxEngine"),
    "VoxEngine.easyProcess([call, call])": (
        "V202",
        "easyProcess: call1 must be a call, not an array",
    ),
    "VoxEngine.easyProcess(call)": ("V202", "easyProcess: call2 must be a call, not undefined"),
}


@pytest.mark.parametrize("source", MISSING)
def test_what_is_missing_is_named_where_it_is_used(play_js, source):
    code, text = MISSING[source]
    played = play_js(
        "require(Modules.AI); require(Modules.ElevenLabs);\n"
        f"VoxEngine.addEventListener(AppEvents.CallAlerting, ({{ call }}) => {{\n  {source};\n}});"
    )
    (error,) = played.of("error")
    assert (error["code"], error["line"]) == (code, 3)
    assert error["text"].startswith(text)


def test_intl_comes_in_the_middle_of_a_callback(play_js):
    """No microtask runs meanwhile, and what the script has patched does not reach it."""
    played = play_js(
        """
        Array.prototype.map = Function.prototype.call = () => { throw new Error("patched"); };
        VoxEngine.addEventListener(AppEvents.Started, () => {
          Promise.resolve().then(() => Logger.write("microtask"));
          const zone = { timeZone: "Europe/Berlin", dateStyle: "short", timeStyle: "short" };
          Logger.write(new Date(Date.UTC(2026, 6, 1, 12)).toLocaleString("de-DE", zone));
          try {
            new Intl.PluralRules("de");
          } catch (error) {
            Logger.write(error.message);
          }
          Logger.write(`${new Intl.NumberFormat("en-US").format(1234.5)} ${Intl === Intl}`);
          VoxEngine.terminate();
        });
    """,
        start=True,
    )
    assert played.logs == [
        "01.07.26, 14:00",
        "Intl.PluralRules is part of JavaScript, but voxrt does not emulate it",
        "1,234.5 true",
        "microtask",
    ]
