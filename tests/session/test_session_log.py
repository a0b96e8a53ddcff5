"""The log in the platform's format, line by line. Shapes: VoxEngine semantics, section 24."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxrt.session.log import LINES, SessionLog, log_value

#: 2026-01-05 09:00:00 UTC
START_MS = 1_767_603_600_000
STAMP = "2026-01-05 09:00:01.234 "


@pytest.fixture
def written(tmp_path):
    """`written(kind, **fields)` is the text that a record of 1.234 s makes."""

    def write(kind, **fields):
        path = tmp_path / "session.log"
        log = SessionLog(path, START_MS)
        log.write({"n": 1, "t": 1234.567, "kind": kind, **fields})
        log.close()
        return path.read_text(encoding="utf-8")

    return write


def lines(*texts):
    return "".join(f"{STAMP}{text}\n" for text in texts)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "NULL"),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (-12, "-12"),
        (1.5, "1.5"),
        (2.0, "2"),
        ("bare text", "bare text"),
        ("", ""),
        ("******", "******"),
        ({}, "{}"),
        ([], "[]"),
        ({"k": "v"}, "{k = v ; }"),
        ({"a": 1, "b": {"c": None}}, "{a = 1 ; b = {c = NULL ; } ; }"),
        (["a", "b"], "[a ; b ;  ]"),
        ([{"key": "K"}], "[{key = K ; } ;  ]"),
        ({"headers": {}, "list": [[], [1]]}, "{headers = {} ; list = [[] ; [1 ;  ] ;  ] ; }"),
    ],
)
def test_values(value, text):
    assert log_value(value) == text


def test_the_first_line(written):
    assert written("run", seed=1) == lines("VoxEngine version: 7.51.0")


@pytest.mark.parametrize(
    ("fields", "texts"),
    [
        ({"state": "loading", "scenario": "main"}, ["Loading scenario main"]),
        ({"state": "module", "module": "grok"}, ["Module loaded: grok"]),
        (
            {"state": "custom-data", "value": '{"a":1}'},
            ['Sent event to JS VoxEngine.customData with params [{"a":1} ;  ]'],
        ),
        ({"state": "idle"}, ["INFO: Session is stopping..."]),
        (
            {"state": "terminating", "stack": "f@main.py:3"},
            ["Terminating request..., stack=f@main.py:3"],
        ),
        (
            {"state": "terminated", "reason": "Normal termination", "exit_code": 0},
            [
                "Terminating (onClose)",
                "Terminating with exit code 0.",
                "Executing JS command: close with params {CpuMillis = 0 ; }",
                "Normal termination",
                "Session terminated",
            ],
        ),
    ],
)
def test_the_life_of_a_session(written, fields, texts):
    assert written("session", **fields) == lines(*texts)


def test_an_event_of_the_platform(written):
    text = written(
        "event",
        unit="call",
        id="C1",
        name="Call.Connected",
        data={"headers": {"X-A": "1"}, "scheme": {}, "displayName": ""},
        handlers=1,
        via="platform",
    )
    assert text == lines(
        "Sent event to JS onPhoneEvent with params [{id = C1 ; headers = {X-A = 1 ; } ; "
        "scheme = {} ; displayName =  ; name = Call.Connected ; } ;  ]"
    )


def test_an_event_of_the_application_has_no_id(written):
    text = written(
        "event",
        unit="application",
        id="",
        name="Application.Terminating",
        data={"systemError": True},
        handlers=0,
        via="platform",
    )
    assert text == lines(
        "Sent event to JS onPhoneEvent with params "
        "[{systemError = true ; name = Application.Terminating ; } ;  ]"
    )


def test_an_event_made_inside_the_script_engine_is_json(written):
    text = written(
        "event",
        unit="call",
        id="C1",
        name="Call.PlaybackStarted",
        data={"duration": 1500, "text": 'é "x"'},
        handlers=0,
        via="script",
    )
    assert text == lines(
        'Sent event from JS onPhoneEvent with params {"id":"C1","duration":1500,'
        '"text":"é \\"x\\"","name":"Call.PlaybackStarted"}'
    )


def test_a_connectors_message_came_over_its_socket_first(written):
    data = {"data": {"customEvent": "Ping", "payload": {"type": "ping"}}}
    text = written(
        "event",
        unit="grok",
        id="G1",
        name="Grok.VoiceAgentAPI.Unknown",
        data=data,
        handlers=0,
        via="script",
        websocket="W1",
    )
    assert text == lines(
        "Sent event to JS onPhoneEvent with params [{id = W1 ; name = WebSocket.Message ; "
        'text = {"customEvent":"Ping","payload":{"type":"ping"}} ; } ;  ]',
        'Sent event from JS onPhoneEvent with params {"id":"G1","data":{"customEvent":"Ping",'
        '"payload":{"type":"ping"}},"name":"Grok.VoiceAgentAPI.Unknown"}',
    )


@pytest.mark.parametrize(
    ("name", "params", "text"),
    [
        ("terminating", [], "terminating with params []"),
        (
            "AcceptCall",
            [{"id": "C1", "headers": {}, "parameters": {}}],
            "AcceptCall with params [{id = C1 ; headers = {} ; parameters = {} ; } ;  ]",
        ),
        ("SetCustomData", ["text"], "SetCustomData with params [text ;  ]"),
        ("close", {"CpuMillis": 61}, "close with params {CpuMillis = 61 ; }"),
    ],
)
def test_a_command(written, name, params, text):
    assert written("command", name=name, params=params) == lines(f"Executing JS command: {text}")


def test_a_request(written):
    assert written("request", name="ApplicationStorage.get", params=[{"key": "K"}]) == lines(
        "Sent request from JS ApplicationStorage.get with params [{key = K ; } ;  ]"
    )


def test_what_the_scenario_writes_is_verbatim(written):
    assert written("log", text="any {text} [] = ; \t é") == lines("any {text} [] = ; \t é")
    assert written("log", text="") == f"{STAMP}\n"


def test_a_warning(written):
    assert written("warning", code="limit", text="too long") == lines("WARNING! too long")


def test_an_error_with_its_place_and_its_stack(written):
    text = written(
        "error",
        code="V202",
        text="wrong",
        file="a.py",
        line=3,
        stack=["a.py:3 in f", "a.py:9 in g"],
    )
    assert text == lines("ERROR: wrong at a.py:3", "a.py:3 in f", "a.py:9 in g")
    assert written("error", code="V500", text="stalled") == lines("ERROR: stalled")


@pytest.mark.parametrize("kind", ["note", "heard", "provider", "media", "file", "result", "other"])
def test_kinds_that_the_platform_does_not_have_make_no_line(written, kind):
    assert written(kind, text="x") == ""


def test_time_is_cut_to_the_millisecond_and_goes_over_midnight(tmp_path):
    log = SessionLog(tmp_path / "a.log", START_MS + (15 * 3600 - 1) * 1000)
    for t in (0.0, 999.999, 1000.0):
        log.write({"n": 1, "t": t, "kind": "log", "text": "x"})
    log.close()
    assert (tmp_path / "a.log").read_text().splitlines() == [
        "2026-01-05 23:59:59.000 x",
        "2026-01-05 23:59:59.999 x",
        "2026-01-06 00:00:00.000 x",
    ]


def test_each_line_is_there_when_it_has_been_written(tmp_path):
    log = SessionLog(tmp_path / "a.log", START_MS)
    log.write({"n": 1, "t": 0.0, "kind": "log", "text": "x"})
    assert (tmp_path / "a.log").read_text() == "2026-01-05 09:00:00.000 x\n"
    log.close()


# --- a whole log --------------------------------------------------------------------------------

SCENARIO = """
def on_call(e):
    call = e.call
    call.addEventListener(CallEvents.Connected, lambda e: call.hangup())
    call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    call.answer()
    Logger.write("answered")

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
VoxEngine.addEventListener(AppEvents.Started, lambda e: Logger.write(VoxEngine.customData()))
"""


def test_a_whole_log_has_the_platforms_shape(play):
    played = play(SCENARIO, custom_data="the data", from_="15550001111", to="18005550100")
    assert all(re.match(r"2026-01-05 09:00:\d\d\.\d{3} ", line) for line in played.log_lines)
    texts = [line[24:] for line in played.log_lines]
    call = played.result.record["calls"][0]["id"]
    started = texts.index("the data") - 1
    assert texts[:3] == [
        "VoxEngine version: 7.51.0",
        "Loading scenario scenario",
        "Sent event to JS VoxEngine.customData with params [the data ;  ]",
    ]
    assert texts[started].startswith("Sent event to JS onPhoneEvent with params [{accessURL = http")
    assert texts[started].endswith("name = Application.Started ; } ;  ]")
    rest = texts[started + 2 :]
    assert rest[0].startswith(f"Sent event to JS onPhoneEvent with params [{{id = {call} ; ")
    assert "callerid = 15550001111 ; destination = 18005550100 ; " in rest[0]
    assert rest[0].endswith("name = Application.CallAlerting ; } ;  ]")
    event = "Sent event to JS onPhoneEvent with params"
    assert rest[1:] == [
        f"Executing JS command: AcceptCall with params [{{id = {call} ; headers = {{}} ; "
        "parameters = {} ; } ;  ]",
        "answered",
        f"{event} [{{id = {call} ; name = Call.FirstAudioPacketReceived ; }} ;  ]",
        f"{event} [{{id = {call} ; headers = {{}} ; scheme = {{}} ; displayName =  ; "
        "name = Call.Connected ; } ;  ]",
        f"Executing JS command: HangupCall with params [{{id = {call} ; code = 0 ; "
        "headers = {} ; } ;  ]",
        f"{event} [{{id = {call} ; internalCode = 16 ; duration = 0 ; cost = 0 ; "
        "direction = All numbers ; headers = {} ; name = Call.Disconnected ; } ;  ]",
        "Terminating request..., stack=",
        "Executing JS command: terminating with params []",
        f"{event} [{{name = Application.Terminating ; }} ;  ]",
        f"{event} [{{name = Application.Terminated ; }} ;  ]",
        "Terminating (onClose)",
        "Terminating with exit code 0.",
        "Executing JS command: close with params {CpuMillis = 0 ; }",
        "Normal termination",
        "Session terminated",
    ]


def test_the_log_has_no_secret(play):
    played = play(
        """
        Logger.write("key " + VoxEngine.getSecretValue("KEY"))
        VoxEngine.terminate()
        """,
        start=True,
        secrets={"KEY": "top-secret"},
    )
    assert any(line.endswith("key ******") for line in played.log_lines)
    assert "top-secret" not in "".join(played.log_lines)


# --- numbers in JSON ----------------------------------------------------------------------------

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def json_of(value):
    (line,) = LINES["event"](
        {"id": "", "name": "N", "data": {"value": value}, "handlers": 0, "via": "script"}
    )
    return line.removeprefix("Sent event from JS onPhoneEvent with params ")


@given(VALUES)
def test_json_is_spelled_as_the_standard_library_spells_it(value):
    """Whatever writes it: numbers with an exponent are where encoders differ."""
    wanted = {"value": value, "name": "N"}
    assert json_of(value) == json.dumps(wanted, ensure_ascii=False, separators=(",", ":"))


@pytest.mark.parametrize(
    "number", [1e16, 1.5e-05, 0.0001, 1e15, -0.0, 1e22, 5e-324, 2**70, -(2**64)]
)
def test_numbers_at_the_borders_of_the_exponent(number):
    for value in (number, [number], {"deep": [{"n": number}]}):
        assert json.dumps(value, separators=(",", ":")) in json_of(value)


def test_records_of_one_instant_and_the_next_have_their_times(tmp_path):
    log = SessionLog(tmp_path / "a.log", START_MS)
    for time_ms in (0.0, 0.0, 1.999, 2.0):
        log.write({"n": 1, "t": time_ms, "kind": "log", "text": "x"})
    log.close()
    stamps = [line[20:23] for line in (tmp_path / "a.log").read_text().splitlines()]
    assert stamps == ["000", "000", "001", "002"]


def test_a_line_is_in_the_file_when_it_has_been_written(tmp_path):
    log = SessionLog(tmp_path / "a.log", START_MS)
    log.write({"n": 1, "t": 0.0, "kind": "log", "text": "first"})
    assert (tmp_path / "a.log").read_text().endswith(" first\n")
    log.close()
