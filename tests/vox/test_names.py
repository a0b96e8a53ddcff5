"""Names as a scenario reads them: what is there, what is not, and what says so."""

from __future__ import annotations

import pytest

from voxrt.legs.builder import caller
from voxrt.vox import api

ONCE = """
def on_start(e):
    {code}
    VoxEngine.terminate()
VoxEngine.addEventListener(AppEvents.Started, on_start)
"""


@pytest.fixture
def do(play):
    """Runs this code in the handler of `Started`, after `require` of some modules."""

    def run(code, *modules, **options):
        head = "".join(f"require(Modules.{module})\n" for module in modules)
        return play(head + ONCE.format(code=code), start=True, **options)

    return run


@pytest.fixture
def value(do):
    """The value of an expression in a scenario."""

    def run(code, *modules):
        played = do(f"global result; result = {code}", *modules)
        assert played.errors == []
        return played.scope["result"]

    return run


# --- enums --------------------------------------------------------------------------------------


def test_every_global_enum_has_the_platforms_values(do):
    scope = do("pass").scope
    assert {"AppEvents", "CallEvents", "Modules", "DTMFType", "PlayerEvents"} <= set(scope)
    for name in api.global_enums():
        for member, value in api.surface()["enums"][name]["members"].items():
            assert getattr(scope[name], member) == scope[name][member] == value
        members = list(api.surface()["enums"][name]["members"])
        assert list(scope[name])[: len(members)] == members


@pytest.mark.parametrize("module", sorted(api.enum_members("Modules")))
def test_every_module_unlocks_its_names(do, module):
    before = set(do("pass").scope)
    played = do("pass", module)
    assert played.warnings == []
    assert played.of("session", state="module")[0]["module"] == module.lower()
    new = set(played.scope) - before
    surface = api.surface()
    promised = {n for n in surface["moduleEntities"].get(module, ()) if "." not in n}
    promised |= {module} & set(surface["namespaces"])
    promised |= {"CCAI"} if module == "AI" else set()  # no page names a module for it
    kinds = ("enums", "classes", "namespaces")
    assert new == {name for name in promised if any(name in surface[kind] for kind in kinds)}
    for name in new & set(surface["enums"]):
        for member, value in api.enum_members(name).items():
            assert played.scope[name][member] == value


def test_enums_of_unemulated_namespaces(value):
    assert (
        value("OpenAI.RealtimeAPIEvents.ResponseDone", "OpenAI")
        == (api.surface()["enums"]["OpenAI.RealtimeAPIEvents"]["members"]["ResponseDone"])
    )


@pytest.mark.parametrize(
    ("module", "code"),
    [
        ("Hush", "Hush.createNoiseSuppression({})"),
        ("Hush", "Hush.NoiseSuppressionEvents.Started"),
        ("XAI", "XAI.Events.WebSocketMediaStarted"),
        ("XAI", "XAI.createVoiceAgentAPIClient({})"),
    ],
)
def test_what_is_newer_than_the_type_definitions_is_known(do, module, code):
    played = do(code, module)
    name = ".".join(code.partition("(")[0].split(".")[:2])
    assert f"{name} is part of VoxEngine, but voxrt does not emulate it yet" in played.errors[0]
    assert played.of("session", state="module")[0]["module"] == module.lower()


def test_a_missing_member_is_none_and_names_a_near_one_once(do):
    played = do(
        "VoxEngine.addEventListener(AppEvents.CallAlertin, print)\n"
        "    for n in range(3): seen.append(CallEvents.Conected)\n"
        "    seen.append(CallEvents['DTMF'])"
    )
    assert played.seen == [None] * 4
    texts = [text for code, text in played.warnings if code == "no-such-member"]
    assert texts == [
        "there is no AppEvents.CallAlertin; did you mean AppEvents.CallAlerting?",
        "there is no CallEvents.Conected; did you mean CallEvents.Connected?",
        "there is no CallEvents.DTMF",
    ]


def test_events_of_an_older_platform_are_names_that_never_come(do):
    played = do(
        "for n in range(2): seen.append(CallEvents.VoicemailToneDetected)\n"
        "    seen.append('ReInvite' in list(CallEvents))"
    )
    assert played.seen == ["Call.VoicemailToneDetected"] * 2 + [False]
    text = "CallEvents.VoicemailToneDetected is of an older platform: it never comes"
    assert played.warnings == [("no-such-member", text)]


def test_events_of_an_older_platform_in_javascript(play_js):
    played = play_js(
        """
        VoxEngine.addEventListener(AppEvents.Started, () => {
          Logger.write(CallEvents.ReInvite);
          Logger.write(Object.keys(CallEvents).includes('ReInvite'));
          Logger.write(String(trace('traced')));
          VoxEngine.terminate();
        });
        """,
        start=True,
    )
    assert played.logs == ["Call.ReInvite", "false", "traced", "undefined"]
    assert played.warnings == ["CallEvents.ReInvite is of an older platform: it never comes"]


def test_events_may_be_named_by_their_strings(play):
    scenario = """
    def on_call(e):
        e.call.addEventListener("Call.Connected", seen.append)
        e.call.addEventListener(None, seen.append)
        e.call.answer()
    VoxEngine.addEventListener("Application.CallAlerting", on_call)
    """
    played = play(scenario, caller().wait(100).hang_up())
    assert [event.name for event in played.seen] == ["Call.Connected"]


def test_lists_of_constants_are_iterated_over(value):
    assert value("list(VoiceList)")[:2] == ["Amazon", "Default"]
    names = value("[name for name in VoiceList.Google]")
    assert len(names) == len(set(names)) == 2066
    assert value("dir(VoiceList.Amazon.Neural) == sorted(VoiceList.Amazon.Neural)")
    assert value("'en_US_Joanna' in VoiceList.Amazon and 'Joanna' not in VoiceList.Amazon")
    assert value("JSON.parse(JSON.stringify(ASRModelList)).Yandex.dates", "ASR") == "Yandex.dates"


def test_what_is_read_of_a_list_is_always_the_same(value):
    assert value("VoiceList.Amazon is VoiceList.Amazon is VoiceList['Amazon']")
    assert value("OpenAI.RealtimeAPIEvents is OpenAI.RealtimeAPIEvents", "OpenAI")


def test_a_brand_voice(value, do):
    assert value("VoiceList.ElevenLabs.createBrandVoice('Ada')") == "ElevenLabs.Ada"
    (error,) = do("VoiceList.SaluteSpeech.createBrandVoice(7)").of("error")
    assert "VoiceList.SaluteSpeech.createBrandVoice takes the name of a voice" in error["text"]


# --- modules ------------------------------------------------------------------------------------


def test_legacy_modules(value):
    assert value("[Modules.Player, Modules.CallList, Modules.WebSocket, Modules.AMD]") == [
        "player", "calllist", "websocket", "amd",
    ]  # fmt: skip
    assert value("Modules.PushService") == "pushservice"


def test_requiring_legacy_modules_and_repeating_it(do):
    played = do("require('grok')", "Player", "CallList", "WebSocket", "Grok", "Grok")
    assert played.warnings == played.errors == []
    assert len(played.of("session", state="module")) == 1


@pytest.mark.parametrize("module", ["None", "", "'nothing'", "Modules.Grook", "7"])
def test_requiring_what_does_not_exist_only_warns(do, module):
    played = do(f"require({module}); seen.append(1)")
    assert played.seen == [1]
    assert played.errors == []
    assert "unknown-module" in [code for code, _ in played.warnings]


@pytest.mark.parametrize(
    ("name", "module"),
    [("Grok", "Grok"), ("ElevenLabs", "ElevenLabs"), ("ASRProfileList", "ASR"),
     ("ConferenceEvents", "Conference"), ("IVRState", "IVR")],
)  # fmt: skip
def test_a_name_before_its_require_is_unknown(do, name, module):
    """As on the platform; the report says what to add."""
    played = do(f"{name}.anything")
    (error,) = played.of("error")
    assert f"name '{name}' is not defined" in error["text"]
    assert f"require(Modules.{module})" in str(error)
    assert error["source_line"].strip() == f"{name}.anything"
    assert played.result.finish_reason == "JS session error"


# --- what is not emulated, and what does not exist ------------------------------------------------

UNEMULATED = [
    ("VoxEngine.createStreamingAgent()", ("StreamingAgent",), "VoxEngine.createStreamingAgent"),
    ("OpenAI.createRealtimeAPIClient()", ("OpenAI",), "OpenAI.createRealtimeAPIClient"),
]


@pytest.mark.parametrize(("code", "modules", "name"), UNEMULATED)
def test_not_emulated_on_use(do, code, modules, name):
    played = do(code, *modules)
    (error,) = played.of("error")
    assert error["code"] == "V204"
    assert error["text"].startswith(f"{name} is part of VoxEngine")
    assert error["source_line"].strip() == code


@pytest.mark.parametrize(
    "code",
    [
        "VoxEngine.createStreamingAgent", "VoxEngine.createASR", "Net.httpRequest",
        "VoxEngine.enqueueTask", "Crypto.sha256", "AMD.create",
    ],
)  # fmt: skip
def test_not_emulated_is_there_to_be_looked_at(value, code):
    assert value(code)


def test_feature_tests_tell_the_truth(value):
    """What the platform has is there, what it has not is absent."""
    call = "VoxEngine.callPSTN('1', '2')"
    assert value(f"hasattr({call}, 'say')") is True
    assert value(f"hasattr({call}, 'transferTo')") is True
    assert value(f"hasattr({call}, 'pickUp')") is False
    assert value(f"getattr({call}, 'holdOn', None)") is None
    assert value("hasattr(VoxEngine, 'createFax')") is False
    assert value("hasattr(Net, 'fetch')") is False
    assert value("hasattr(OpenAI, 'createGPT')", "OpenAI") is False


@pytest.mark.parametrize(
    ("code", "text", "near"),
    [
        ("VoxEngine.callPTSN('1', '2')", "there is no VoxEngine.callPTSN", "callPSTN"),
        ("VoxEngine.callPSTN('1', '2').handup()", "there is no Call.handup", "hangup"),
        ("Logger.log('x')", "there is no Logger.log", ""),
        ("Net.httpRequst('x')", "there is no Net.httpRequst", "httpRequest"),
    ],
)
def test_what_never_existed(do, code, text, near):
    (error,) = do(code).of("error")
    assert error["code"] == "V203"
    assert error["text"].startswith(text)
    if near:
        assert near in str(error)


# --- constants ----------------------------------------------------------------------------------


def test_voice_lists(value):
    assert value("VoiceList.Amazon.en_US_Joanna") == "Amazon.en_US_Joanna"
    assert value("VoiceList.Amazon.Neural.en_US_Joanna") == "Amazon.Neural.en_US_Joanna"
    assert value("VoiceList.Microsoft.Neural.en_US_JennyNeural").startswith("Microsoft.Neural.")


def test_every_constant_of_every_list_is_there(do):
    scope = do("pass", "ASR").scope
    lists = [n for n in api.surface()["constants"] if not n.startswith("VoxTTS")]
    for path in lists:
        level = scope[path.partition(".")[0]]
        for part in path.split(".")[1:]:
            level = getattr(level, part)
        for kind, names in api.surface()["constants"][path].items():
            for name in names:
                value = getattr(level, name)
                value = value(name) if "=>" in kind else value
                assert value == f"{path.partition('.')[2]}.{name}"


def test_a_voice_that_is_not_in_the_list(do):
    played = do("seen.append(VoiceList.Amazon.en_US_Joana)")
    assert played.seen == [None]
    assert played.warnings[0][1] == (
        "there is no VoiceList.Amazon.en_US_Joana; did you mean VoiceList.Amazon.en_US_Joanna?"
    )


def test_old_voice_names(value):
    assert value("Language.US_ENGLISH_FEMALE") == "en_US_female"
    assert value("Language['CH_CHINESE_FEMALE']") == "zh_CN_female"
    assert value("Language.SOMETHING_ELSE") == "SOMETHING_ELSE"
