"""Objects that read like the platform's and like Python's."""

from __future__ import annotations

import copy
import json

import pytest

from voxrt.session.values import (
    Envelope,
    PlatformObject,
    Struct,
    journal_form,
    parameters,
    plain,
    wrap,
)


class Unit(PlatformObject):
    """A platform object with an identity."""

    def __init__(self, **shown):
        self.shown = shown

    def toJSON(self):
        return self.shown


# --- Struct -------------------------------------------------------------------------------------


def test_fields_are_attributes_and_items():
    event = Struct(name="Call.Connected", headers=Struct({"X-A": "1"}))
    assert event.name == event["name"] == "Call.Connected"
    assert event.headers["X-A"] == "1"
    assert "name" in event
    assert event == {"name": "Call.Connected", "headers": {"X-A": "1"}}


def test_a_missing_field_is_none_as_attribute_and_a_key_error_as_item():
    event = Struct(a=1)
    assert event.missing is None
    assert event.get("missing") is None
    assert hasattr(event, "missing")
    with pytest.raises(KeyError):
        event["missing"]
    with pytest.raises(AttributeError):
        event.__missing_dunder__  # noqa: B018


def test_a_field_wins_over_a_method_of_the_same_name():
    payload = Struct(items=[1], keys="k", get="g", copy=None)
    assert (payload.items, payload.keys, payload.get, payload.copy) == ([1], "k", "g", None)
    assert list(Struct(a=1).items()) == [("a", 1)]
    assert dict(payload)["items"] == [1]


def test_fields_can_be_added_changed_and_removed():
    event = Struct(a=1)
    event.expando = 2
    event["item"] = 3
    event.a = 4
    assert event == {"a": 4, "expando": 2, "item": 3}
    assert (event["expando"], event.item) == (2, 3)
    del event.a
    del event.never_there
    assert event.a is None


def test_a_struct_is_copied_like_a_dict():
    event = Struct(a=Struct(b=[1]))
    for twin in (copy.copy(event), copy.deepcopy(event)):
        assert twin == event
        assert type(twin) is Struct
    assert copy.deepcopy(event).a is not event.a
    assert json.loads(json.dumps(event)) == event


# --- Envelope -----------------------------------------------------------------------------------


def envelope(**payload):
    return Envelope({"customEvent": "Done", "payload": Struct(payload)})


def test_the_fields_of_a_payload_are_readable_on_its_envelope():
    data = envelope(type="x.done", delta="abc", nothing=None)
    assert data.payload.delta == data.delta == data["delta"] == data.get("delta") == "abc"
    assert "delta" in data
    assert "nothing" in data
    assert data.get("nothing", "default") is None
    assert data.customEvent == "Done"


def test_a_field_that_neither_has():
    data = envelope(a=1)
    assert data.missing is None
    assert data.get("missing", 5) == 5
    assert "missing" not in data
    with pytest.raises(KeyError):
        data["missing"]


def test_an_envelopes_own_field_wins_and_a_payloads_field_wins_over_methods():
    data = envelope(customEvent="theirs", items=[1], get="g", keys="k")
    assert data.customEvent == "Done"
    assert data.payload.customEvent == "theirs"
    assert (data.items, data["items"], data.keys) == ([1], [1], "k")
    assert data.get == "g"


def test_nothing_of_an_envelope_appears_twice():
    data = envelope(type="x", delta="abc")
    assert list(data) == ["customEvent", "payload"]
    assert plain(data) == {"customEvent": "Done", "payload": {"type": "x", "delta": "abc"}}
    assert json.loads(json.dumps(data)) == plain(data)


@pytest.mark.parametrize("payload", [None, "text", [1], 5])
def test_an_envelope_whose_payload_is_no_object(payload):
    data = Envelope({"customEvent": "Odd", "payload": payload})
    assert data.payload == payload
    assert data.anything is None
    assert data.get("anything") is None
    assert "anything" not in data
    assert Envelope().payload is None


# --- wrap and plain -----------------------------------------------------------------------------


def test_wrap_makes_every_object_a_struct_in_a_copy():
    given = {"a": {"b": [{"c": 1}, (2, {"d": 3})]}, 5: None}
    made = wrap(given)
    assert made.a.b[0].c == 1
    assert made.a.b[1][1].d == 3
    assert made["5"] is None
    made.a.b.append(4)
    assert len(given["a"]["b"]) == 2


def test_wrap_keeps_platform_objects_and_functions():
    unit = Unit()
    made = wrap({"unit": unit, "call": print})
    assert made.unit is unit
    assert made.call is print


def test_an_object_with_a_field_named_items_is_wrapped_and_shown():
    made = wrap(Struct(items={"a": 1}, other=Struct(items=2)))
    assert plain(wrap({"x": made})) == {"x": {"items": {"a": 1}, "other": {"items": 2}}}


class Plain:
    pass


class Named:
    def __str__(self):
        return "a name"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("text", "text"),
        (1, 1),
        (True, True),
        (1.5, 1.5),
        (None, None),
        (float("nan"), None),
        (float("-inf"), None),
        ((1, [2]), [1, [2]]),
        (b"\x00\xff", [0, 255]),
        (bytearray(b"a"), [97]),
        ({"b", "a"}, ["a", "b"]),
        (frozenset((2, 1)), [1, 2]),
        ({"f": print, "a": 1}, {"a": 1}),
        ([print, 1], [None, 1]),
        (print, None),
        (Plain(), "[object Plain]"),
        (Named(), "a name"),
        (ValueError("wrong"), "wrong"),
        (Unit(id="u1", extra=(1,)), {"id": "u1", "extra": [1]}),
        ({"unit": [Unit(id="u1")]}, {"unit": [{"id": "u1"}]}),
        ({1: {None: 2}}, {"1": {"None": 2}}),
    ],
)
def test_plain_is_what_json_stringify_would_see(value, shown):
    assert plain(value) == shown
    assert type(plain(value)) is type(shown)


def test_the_journal_leaves_out_what_it_names_already():
    fields = {"call": Unit(id="c"), "f": print, "nested": {"call": Unit(id="c")}, "a": (1,)}
    assert journal_form(fields) == {"nested": {"call": {"id": "c"}}, "a": [1]}


def test_parameters_come_as_an_object_as_keywords_or_both():
    assert parameters(None, {}) == {}
    assert parameters({"a": 1, "b": {"c": 2}}, {"a": 3}).b.c == 2
    assert parameters({"a": 1}, {"a": 3}).a == 3
    assert type(parameters(None, {"a": {}}).a) is Struct
    for wrong in ("text", 5, [1]):
        with pytest.raises(TypeError, match="the parameters must be an object"):
            parameters(wrong, {})


# --- in a scenario ------------------------------------------------------------------------------


def test_events_can_be_written_out_with_what_they_refer_to(play):
    """`JSON.stringify` of events with calls and clients: no cycles, and public fields only."""
    played = play(
        """
        require(Modules.Grok)
        async def on_call(e):
            Logger.write(JSON.stringify(e))
            e.call.addEventListener(CallEvents.Connected, lambda e: Logger.write(JSON.stringify(e)))
            e.call.answer()
            client = await Grok.createVoiceAgentAPIClient(xAIApiKey="any-key", model="m")
            client.addEventListener(Grok.VoiceAgentAPIEvents.ConnectorInformation, on_information)
            Logger.write(JSON.stringify([e.call, client, {"call": e.call, "f": print}]))
        def on_information(e):
            Logger.write(JSON.stringify(e))
            VoxEngine.terminate()
        VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
        """,
        from_="15550001111",
    )
    assert played.errors == []
    alerting, listed, connected, information = map(json.loads, played.logs)
    call_id = played.result.record["calls"][0]["id"]
    assert alerting["name"] == "Application.CallAlerting"
    assert (alerting["id"], alerting["call"]["id"]) == (call_id, call_id)
    assert alerting["callerid"] == "15550001111"
    assert alerting["headers"] == {"VI-Client-Type": "pstn"}
    assert connected["call"]["state"] == "CONNECTED"
    assert connected["headers"] == {}
    assert listed[2] == {"call": listed[0]}
    assert information["data"]["customEvent"] == "ConnectorInformation"
    assert set(information["data"]) == {"customEvent", "payload"}


def test_a_cycle_of_the_scenario_is_an_error_at_its_line(play):
    played = play("a = {}\na['self'] = a\nJSON.stringify(a)\n", start=True)
    assert played.of("error")[0]["line"] == 3
    assert "RecursionError" in played.errors[0]
