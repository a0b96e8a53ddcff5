"""What two messages of a client may differ in and still mean the same."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxrt.xai.cassette.matching import MISSING, Difference, Matcher, explain


def differences(recorded, sent, **options):
    matcher = Matcher(options.pop("made", frozenset()), **options)
    return [str(difference) for difference in matcher.differences(recorded, sent)]


def output(text, call_id="call-1"):
    item = {"type": "function_call_output", "call_id": call_id, "output": text}
    return {"type": "conversation.item.create", "item": item}


@pytest.mark.parametrize(
    ("recorded", "sent"),
    [
        ({"a": 1, "b": [1, {"c": 2, "d": 3}]}, {"b": [1, {"d": 3, "c": 2}], "a": 1.0}),
        ({"type": "x", "event_id": "one"}, {"type": "x", "event_id": "two"}),
        ({"type": "x", "event_id": "one"}, {"type": "x"}),
        (output('{"free": true, "n": [1]}'), output('{"n":[1],"free":true}')),
        ({"key": "Bearer ******"}, {"key": "Bearer abc\ndef"}),
        ({"key": "a ****** b ******"}, {"key": "a x b y"}),
        (
            {"tools": [{"type": "function", "name": "a"}, {"type": "mcp", "server_url": "u"}]},
            {"tools": [{"type": "mcp", "server_url": "u"}, {"type": "function", "name": "a"}]},
        ),
        ({"id": "mine", "item_id": "x"}, {"id": "yours", "item_id": "z"}),
    ],
)
def test_these_mean_the_same(recorded, sent):
    assert differences(recorded, sent) == []


@pytest.mark.parametrize(
    ("recorded", "sent", "told"),
    [
        ({"a": 1}, {"a": True}, "a: recorded 1, sent true"),
        ({"a": 1}, {}, "a: recorded 1, sent nothing"),
        ({}, {"a": {"b": None}}, 'a: recorded nothing, sent {"b": null}'),
        ({"a": [1, 2]}, {"a": [2, 1]}, "a[0]: recorded 1, sent 2"),
        ({"a": "1"}, {"a": 1}, 'a: recorded "1", sent 1'),
        ({"voice": "ara"}, {"voice": "eve"}, 'voice: recorded "ara", sent "eve"'),
        (output('{"n": 1}'), output('{"n": 2}'), "item.output.n: recorded 1, sent 2"),
        (output('{"n": 1}'), output("[1]"), 'item.output: recorded {"n": 1}, sent [1]'),
        ({"key": "a ******"}, {"key": "b abc"}, 'key: recorded "a ******", sent "b abc"'),
    ],
)
def test_these_do_not(recorded, sent, told):
    assert differences(recorded, sent)[0] == told


def test_an_identifier_of_the_provider_is_compared_as_it_is():
    """The player sends the recorded ones, so a client that answers another call is wrong."""
    made = frozenset({"call-1", "call-2"})
    assert differences(output("x"), output("x", "call-2"), made=made) == [
        'item.call_id: recorded "call-1", sent "call-2"'
    ]


def test_identifiers_of_the_client_stand_for_the_same_throughout():
    matcher = Matcher(frozenset())
    matcher.agree({"item": {"id": "then-1"}}, {"item": {"id": "now-1"}})
    assert matcher.differences({"item_id": "then-1"}, {"item_id": "now-1"}) == []
    assert matcher.differences({"item_id": "then-1"}, {"item_id": "now-2"})
    assert matcher.differences({"item_id": "then-2"}, {"item_id": "now-1"})


def test_long_texts_are_shown_where_they_differ():
    a, b = "x" * 500 + "one" + "y" * 500, "x" * 500 + "two" + "y" * 500
    (text,) = differences({"a": a}, {"a": b})
    assert "one" in text
    assert "two" in text
    assert len(text) < 180


def test_many_differences_are_told_in_part():
    lines = explain(Difference(f"f{n}", 1, MISSING) for n in range(20))
    assert len(lines) == 9
    assert lines[-1] == "and 12 more"


NAMES = st.sampled_from(["a", "b", "é"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from(["", "1", "text"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=2),
    max_leaves=6,
)


@given(st.dictionaries(NAMES, JSON))
def test_everything_means_itself_in_any_order_of_fields(value):
    turned = json.loads(json.dumps(value))
    assert differences(value, dict(reversed(turned.items()))) == []


@given(st.dictionaries(NAMES, JSON), JSON, JSON)
def test_a_leaf_that_is_other_is_always_told(value, one, other):
    if differences({"z": one}, {"z": other}):
        assert differences({**value, "z": one}, {**value, "z": other})
    else:
        assert json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
