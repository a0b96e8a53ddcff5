"""The methods of a call, and when they are ignored."""

from __future__ import annotations

import pytest

from voxrt.legs.builder import caller, party
from voxrt.legs.scripted import ScriptedParty

INCOMING = """
def on_call(e):
    call = e.call
    watch(call)
    call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    call.addEventListener(CallEvents.Connected, lambda e: connected(e.call))
    {before}

def connected(call):
    {after}

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""
OUTGOING = """
def on_start(e):
    call = VoxEngine.callPSTN("15557654321", "1")
    watch(call)
    for name in ("Call.Failed", "Call.Disconnected"):
        call.addEventListener(name, VoxEngine.terminate)
    {then}
VoxEngine.addEventListener(AppEvents.Started, on_start)
"""


def incoming(before="call.answer()", after="pass"):
    return INCOMING.format(before=before, after=after)


def commands(played):
    return [(record["name"], record["params"]) for record in played.of("command")]


# --- answering and ending ---------------------------------------------------------------------


def test_answer_twice_is_ignored_with_a_warning(play):
    played = play(incoming("call.answer(); call.answer()"), caller().wait(100).hang_up())
    assert played.events().count("Connected") == 1
    assert played.warnings == [
        ("ignored", "answer on an incoming call in state PROGRESSING is ignored")
    ]


@pytest.mark.parametrize("call", ["answer()", "ring()", "startEarlyMedia()", "reject(486)"])
def test_what_only_an_incoming_call_can_do(play, call):
    played = play(OUTGOING.format(then=f"call.{call}"), None, party("1555*", busy=True), start=True)
    function = call.partition("(")[0]
    text = f"{function} on an outgoing call in state PROGRESSING is ignored"
    assert played.warnings == [("ignored", text)]
    assert played.events() == ["Failed"]


@pytest.mark.parametrize(
    "call",
    [
        "answer()", "ring()", "startEarlyMedia()", "reject(486)", "say('Hello')", "record()",
        "startPlayback('x.wav')", "sendDigits('1')", "sendMessage('x')", "sendInfo('a/b', 'x')",
    ],
)  # fmt: skip
def test_what_an_ended_call_cannot_do(play, call):
    """A caller who has given up while the scenario was busy with something else."""
    scenario = f"""
    def on_call(e):
        def late():
            e.call.{call}
            e.call.hangup()
            e.call.stopPlayback()
            e.call.handleTones(True, DTMFType.ALL)
            VoxEngine.terminate()
        setTimeout(late, 2000)
    VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
    """
    played = play(scenario, caller(patience_ms=1_000).say("Hello"))
    assert played.result.outcome == "normal"
    assert played.events() == ["Disconnected"]
    function = call.partition("(")[0]
    text = f"{function} on an incoming call in state TERMINATED is ignored"
    assert played.warnings[0] == ("ignored", text)


@pytest.mark.parametrize("code", [200, 299, 700, "x", None, True])
def test_reject_takes_codes_of_refusals(play, code):
    played = play(incoming(f"call.reject({code!r})"))
    assert played.result.finish_reason == "JS session error"
    assert "reject" in played.errors[0]


def test_reject_without_a_code_and_decline(play):
    assert play(incoming("call.reject()")).data("Disconnected")["internalCode"] == 603
    assert play(incoming("call.decline(486)")).data("Disconnected")["internalCode"] == 486


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("call.hangup()", "pass", 603),
        ("call.ring(); call.hangup()", "pass", 603),
        ("call.startEarlyMedia(); call.hangup()", "pass", 603),
        ("call.answer(); call.hangup()", "pass", 16),
        ("call.answer()", "call.hangup()", 16),
        ("call.answer()", "call.hangup({'X-A': 'b'}); call.hangup()", 16),
    ],
)
def test_hangup_of_an_incoming_call(play, before, after, code):
    """At any time: one `Disconnected`, never `Failed`."""
    played = play(incoming(before, after))
    assert [name for name in played.events() if name in ("Failed", "Disconnected")] == [
        "Disconnected"
    ]
    assert played.data("Disconnected")["internalCode"] == code


def test_hangup_of_a_connected_outgoing_call(play):
    then = "call.addEventListener(CallEvents.Connected, call.hangup)"
    played = play(OUTGOING.format(then=then), None, party("1555*"), start=True)
    assert played.events()[-1] == "Disconnected"
    assert "Failed" not in played.events()


def test_hangup_as_a_handler_takes_the_event_for_no_headers(play):
    played = play(
        incoming(after="call.addEventListener(CallEvents.ToneReceived, call.hangup)").replace(
            "call.answer()", "call.answer(); call.handleTones(True, 0)"
        ),
        caller().press("1"),
    )
    assert commands(played)[-2] == (
        "HangupCall",
        [{"id": played.result.record["calls"][0]["id"], "code": 0, "headers": {}}],
    )


# --- limits -----------------------------------------------------------------------------------

MANY = """
calls = []
def on_start(e):
    for number in range({count}):
        call = VoxEngine.callPSTN(f"1555{{number:03}}", "1")
        calls.append(call.id())
        call.addEventListener(CallEvents.Failed, seen.append)
    setTimeout(VoxEngine.terminate, 30000)
VoxEngine.addEventListener(AppEvents.Started, on_start)
"""


def test_ten_calls_may_progress_at_once(play):
    """The eleventh still gives a call, which fails with 403 later."""
    played = play(MANY.format(count=12), None, party("1555*"), start=True)
    failed = [(e.id, e.code, e.reason) for e in played.seen]
    assert failed == [(id_, 403, "Call limit reached") for id_ in played.scope["calls"][10:]]
    assert len(played.run._cast.phones.legs) == 10


def test_limits_can_warn_only(play):
    played = play(MANY.format(count=11), None, party("1555*"), start=True,
                  limits="warn")  # fmt: skip
    assert played.seen == []
    assert [code for code, _ in played.warnings] == ["limit"]


# --- digits and messages ------------------------------------------------------------------------

TONES = "call.addEventListener('Call.ToneReceived', lambda e: digits.append((e.tone, e.type)))"
THREE_KINDS = {1: ("12", "rfc2833"), 2: ("34", "inband"), 3: ("5*", "info")}


def pressing():
    who = caller().wait(100)
    for digits, kind in THREE_KINDS.values():
        who.press(digits, kind=kind).wait(300)
    return who.hang_up()


@pytest.mark.parametrize(
    ("handle", "kinds"),
    [
        ("pass", []),
        ("call.handleTones(True, DTMFType.ALL)", [1, 2, 3]),
        ("call.handleTones(True, DTMFType.TELEPHONE_EVENT)", [1]),
        ("call.handleTones(True, DTMFType.IN_BAND)", [2]),
        ("call.handleTones(True, DTMFType.SIP_INFO)", [3]),
        ("call.handleTones(True, 0); call.handleTones(False)", []),
        ("call.handleTones(doHandle=True, supportedDtmfTypes=1)", [1]),
    ],
)
def test_handle_tones_by_kind(play, handle, kinds):
    """In-band digits are found in the sound itself."""
    scenario = "digits = []\n" + incoming(f"{TONES}; {handle}; call.answer()")
    played = play(scenario, pressing())
    wanted = [(digit, str(kind)) for kind in kinds for digit in THREE_KINDS[kind][0]]
    assert played.scope["digits"] == wanted
    assert played.warnings == []


def test_handle_tones_without_a_type_says_that_it_means_all(play):
    scenario = "digits = []\n" + incoming(f"{TONES}; call.handleTones(True); call.answer()")
    played = play(scenario, pressing())
    assert len(played.scope["digits"]) == 6
    assert played.warnings == [("tones", "handleTones: DTMFType is not set, using ALL")]


@pytest.mark.parametrize("kind", [4, -1, "'ALL'", [1]])
def test_handle_tones_with_no_such_type(play, kind):
    played = play(incoming(f"call.handleTones(True, {kind})"))
    assert played.errors[0].startswith("handleTones: ")


def test_send_digits_takes_its_time(play):
    """200 ms for a key, 500 ms for a pause."""
    played = play(incoming(after="call.sendDigits('12p3*#')"), caller().wait(3_000).hang_up())
    heard = [(r["t"], r["text"]) for r in played.of("note") if "digits" in r["text"]]
    assert heard == [(420, "hears the digits 12"), (1_520, "hears the digits 3*#")]


@pytest.mark.parametrize("digits", ["''", "'12x'", "None", "['1']"])
def test_send_digits_takes_keys_only(play, digits):
    played = play(incoming(after=f"call.sendDigits({digits})"))
    assert played.errors[0].startswith("sendDigits")


def test_messages_go_both_ways(play):
    scenario = incoming(
        "call.answer(); call.addEventListener('Call.MessageReceived', lambda e: "
        "call.sendMessage(e.text + '!'))"
    )
    who = caller().message("hello").wait_for("message").hang_up()
    played = play(scenario, who)
    assert 'reads "hello!"' in [record["text"] for record in played.of("note")]


@pytest.mark.parametrize(
    ("call", "text"),
    [("sendMessage({})", "é" * 4_097), ("sendInfo('text/plain', {})", "x" * 8_193)],
)
def test_a_body_has_at_most_8192_bytes(play, call, text):
    fits = play(incoming(after="call." + call.format(repr(text[1:])) + "; call.hangup()"))
    assert fits.errors == []
    played = play(incoming(after="call." + call.format(repr(text))))
    assert "8192 bytes" in played.errors[0]
    loose = play(incoming(after="call." + call.format(repr(text)) + "; call.hangup()"),
                 limits="off")  # fmt: skip
    assert loose.errors == []


# --- what a call is ---------------------------------------------------------------------------


def test_getters_of_an_incoming_call(play):
    scenario = """
    def on_call(e):
        call = e.call
        facts.update(
            id=call.id(), incoming=call.incoming(), callerid=call.callerid(),
            name=call.displayName(), number=call.number(), type=call.clientType(),
            vad=call.vad(), text=call.toString(), custom=call.customData(),
        )
        call.reject(603)
        VoxEngine.terminate()
    facts = {}
    VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
    """
    played = play(scenario, caller(number="15551112233", name="Ann", client_type="sip"), to="42")
    facts = played.scope["facts"]
    head, unix, counter = facts.pop("id").split(".")
    assert (len(head), head.upper(), unix, counter) == (16, head, "1767603600", "1")
    assert facts.pop("text").startswith("Call ")
    assert facts == {
        "incoming": True,
        "callerid": "15551112233",
        "name": "Ann",
        "number": "42",
        "type": "sip",
        "vad": False,
        "custom": "",
    }


def test_getters_of_an_outgoing_call(play):
    scenario = """
    def on_start(e):
        call = VoxEngine.callUser(username="anna", callerid="100", displayName="Desk")
        facts.update(
            id=call.id(), incoming=call.incoming(), callerid=call.callerid(),
            name=call.displayName(), number=call.number(), type=call.clientType(),
        )
        VoxEngine.terminate()
    facts = {}
    VoxEngine.addEventListener(AppEvents.Started, on_start)
    """
    facts = play(scenario, start=True).scope["facts"]
    assert len(facts.pop("id")) == 43
    assert facts == {
        "incoming": False,
        "callerid": "100",
        "name": "Desk",
        "number": "anna",
        "type": "user",
    }


def test_custom_data_of_call_and_session_are_two_things(play):
    scenario = """
    def on_call(e):
        call = e.call
        facts.append(call.customData("one"))
        facts.append(VoxEngine.customData("two"))
        facts.append(call.customData())
        facts.append(VoxEngine.customData())
        facts.append(call.customData(""))
        facts.append(call.customData())
        VoxEngine.terminate()
    facts = []
    VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
    """
    assert play(scenario).scope["facts"] == ["one", "two", "one", "two", "", ""]


# --- headers ----------------------------------------------------------------------------------


SHAPES = [
    "{'X-A': 'one', 'X-B': 2}",
    "[{'name': 'X-A', 'value': 'one'}, {'name': 'X-B', 'value': '2'}]",
    "['X-A: one', 'X-B:2']",
]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("call.ring({})", "pass"),
        ("call.startEarlyMedia({})", "pass"),
        ("call.answer({})", "pass"),
        ("call.reject(486, {})", "pass"),
        ("call.hangup({})", "pass"),
        ("call.answer()", "call.hangup({})"),
        ("call.answer()", "call.sendInfo('a/b', 'c', {})"),
        ("call.answer()", "call.reInvite({}, 'a/b', 'c')"),
        ("call.answer()", "call.transferTo(to='1', headers={})"),
    ],
)
def test_headers_have_three_shapes(play, shape, before, after):
    """Wherever a scenario gives some."""
    end = "setTimeout(VoxEngine.terminate, 500)"
    code = [code.replace("{}", shape) for code in (before, after)]
    played = play(incoming(f"{code[0]}; {end}", code[1]), caller().wait(1_000))
    given = [params[0].get("headers") for _, params in commands(played) if params]
    assert {"X-A": "one", "X-B": "2"} in given
    assert played.errors == []


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    "call",
    [
        "callSIP('sip:a@b.c', callerid='1', headers={})",
        "callSIP('sip:a@b.c', '1', 'Ann', 'secret', 'auth', {})",
        "callUser(username='a', callerid='1', extraHeaders={})",
        "callUser('a', '1', 'Ann', {})",
        "callUserDirect(e.call, 'a', callerid='1', extraHeaders={})",
        "callUserDirect(e.call, 'a', '1', 'Ann', {})",
        "callWhatsappUser(number='1', callerid='1', headers={})",
    ],
)
def test_headers_of_outgoing_calls_have_them_too(play, monkeypatch, call, shape):
    sent = []
    monkeypatch.setattr(ScriptedParty, "alert", lambda self, headers: sent.append(headers))
    code = f"VoxEngine.{call.replace('{}', shape)}; setTimeout(VoxEngine.terminate, 100)"
    played = play(incoming(code), caller().wait(1_000))
    assert sent == [{"X-A": "one", "X-B": "2"}]
    assert played.errors == []


@pytest.mark.parametrize("shape", ["'X-A: one'", "7", "['no colon']", "[{'value': 'x'}]"])
def test_headers_of_no_shape(play, shape):
    played = play(incoming(f"call.answer({shape})"))
    assert played.errors[0].startswith("answer: ")


def test_headers_that_are_not_sent(play):
    """Custom ones begin with X-; `VI-CallTimeout` is for calls to users, and long ones are cut."""
    long = "x" * 201
    headers = f"{{'Via': 'a', 'User-to-User': 'b', 'x-c': '{long}'}}"
    played = play(incoming(f"call.answer({headers})", "call.hangup()"))
    ((_, (params,)), *_) = commands(played)
    assert params["headers"] == {"User-to-User": "b", "x-c": "x" * 200}
    assert played.warnings == [
        ("headers", "answer: Via is not sent, it does not begin with X-"),
        ("limit", "answer: the header x-c is longer than 200 bytes"),
    ]


# --- placing calls ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("callPSTN('+15557654321', '100')", ("pstn", "15557654321", "100", "")),
        ("callPSTN('15557654321')", ("pstn", "15557654321", "", "")),
        ("callPSTN(15557654321, 100)", ("pstn", "15557654321", "100", "")),
        ("callPSTN('1', '2', {'followDiversion': True}, 4, 5)", ("pstn", "1", "2", "")),
        ("callPSTN(number='1', callerid='2')", ("pstn", "1", "2", "")),
        ("callSIP('sip:a@b.c', {'callerid': '1', 'displayName': 'D'})",
         ("sip", "sip:a@b.c", "1", "D")),
        ("callSIP('sip:a@b.c', callerid='1', displayName='D')", ("sip", "sip:a@b.c", "1", "D")),
        ("callSIP('sip:a@b.c', '1', 'D', 'secret', 'auth', {'X-A': 'b'}, False, 'proxy')",
         ("sip", "sip:a@b.c", "1", "D")),
        ("callSIP('sip:a@b.c', None, 'D')", ("sip", "sip:a@b.c", "", "D")),
        ("callSIP('sip:a@b.c')", ("sip", "sip:a@b.c", "", "")),
        ("callUser({'username': 'anna', 'callerid': '1', 'displayName': 'D'})",
         ("user", "anna", "1", "D")),
        ("callUser(username='anna', callerid='1')", ("user", "anna", "1", "")),
        ("callUser('anna', '1', 'D', {'X-A': 'b'}, False, {}, 7, 8)", ("user", "anna", "1", "D")),
        ("callUser('anna')", ("user", "anna", "", "")),
    ],
)  # fmt: skip
def test_forms_of_outgoing_calls(play, call, expected):
    """Objects, keywords, and the positional forms of old scenarios."""
    scenario = f"""
    def on_start(e):
        call = VoxEngine.{call}
        facts.extend((call.clientType(), call.number(), call.callerid(), call.displayName()))
        VoxEngine.terminate()
    facts = []
    VoxEngine.addEventListener(AppEvents.Started, on_start)
    """
    played = play(scenario, start=True)
    assert played.errors == []
    assert tuple(played.scope["facts"]) == expected
    assert "secret" not in (played.out / "journal.jsonl").read_text()


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ("callPSTN(None, '1')", "callPSTN: number must be a string"),
        ("callPSTN({'number': '1'}, '1')", "callPSTN: number must be a string"),
        ("callSIP(None)", "callSIP: to must be a string"),
        ("callUser()", "callUser: username is missing"),
        ("callUser({'user': 'anna'})", "callUser: username is missing"),
        ("callUser(username='anna', extraHeaders=5)", "callUser: headers must be an object"),
        ("callUser(username='a', pushNotificationTimeout='x')", "callUser: pushNotification"),
    ],
)
def test_calls_without_a_destination(play, call, text):
    scenario = f"""
    def on_start(e):
        VoxEngine.{call}
    VoxEngine.addEventListener(AppEvents.Started, on_start)
    """
    played = play(scenario, start=True)
    assert played.errors[0].startswith(text)
    assert played.of("error")[0]["source_line"].strip() == f"VoxEngine.{call}"


def test_parameters_that_are_not_emulated_are_named(play):
    then = "VoxEngine.callUser(username='anna', maxVideoBitrate=512)"
    played = play(OUTGOING.format(then=then), None, party("*", busy=True), start=True)
    assert (
        "not-emulated",
        "callUser: maxVideoBitrate has no effect here: no pictures are carried",
    ) in played.warnings


def test_a_key_that_is_down_is_told_once_though_tones_are_asked_for_again(play):
    """`handleTones` in the handler of a key set the detector afresh, which heard it again."""
    scenario = """
    def on_call(e):
        watch(e.call, CallEvents.ToneReceived)
        e.call.addEventListener(CallEvents.ToneReceived, lambda: e.call.handleTones(True, 0))
        e.call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
        e.call.handleTones(True, 0)
        e.call.answer()
    VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
    """
    played = play(scenario, caller().wait(500).press("27", kind="inband").wait(500).hang_up())
    assert [event.tone for event in played.seen] == ["2", "7"]
