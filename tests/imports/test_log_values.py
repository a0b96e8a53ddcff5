"""Values of the platform's log, read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxrt.imports.log_values import LogValueError, parse_value
from voxrt.session.log import log_value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[]", []),
        ("{}", {}),
        ("NULL", None),
        ("[{id = abc ; name = Call.Connected ; } ;  ]", [{"id": "abc", "name": "Call.Connected"}]),
        ("[{a = {b = 1 ; c = [x ;  ] ; } ; } ;  ]", [{"a": {"b": 1, "c": ["x"]}}]),
        ("{a = ; b = 2 ; }", {"a": "; b = 2"}),
        ("{a =  ; b = 2 ; }", {"a": "", "b": 2}),
        ("{url = ws://x/?a=1;b=2 ; n = 1.5 ; }", {"url": "ws://x/?a=1;b=2", "n": 1.5}),
        ("{text = first ; second ; n = 1 ; }", {"text": "first ; second", "n": 1}),
        ('{text = {"event":"x","data":{}} ; }', {"text": '{"event":"x","data":{}}'}),
        ("[[] ; {} ; true ;  ]", [[], {}, True]),
        ("{number = 0123 ; to = 15550123456 ; }", {"number": "0123", "to": 15550123456}),
        ("{X-Header = a b ; }", {"X-Header": "a b"}),
    ],
)  # fmt: skip
def test_these_are_values(text, value):
    assert parse_value(text) == value


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[{id = abc", "cut off"),
        ("{id = abc ; nothing", "cut off"),
        ("[{a = 1 ; } ;  ] and more", "something follows"),
        ("[{a = {b = 1 ; } ] ;", "` ; ` was expected"),
        ("[" * 200, "nested too deeply"),
        ("{a = [x ; ", "cut off"),
    ],
)
def test_these_are_none(text, told):
    with pytest.raises(LogValueError, match=told):
        parse_value(text)


TEXTS = st.sampled_from(["abc", "two words", "a=b", "https://x/?q=1", "{", "a}", "é", "Call.X"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b_c", "X-Id", "d.e"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.lists(VALUES, max_size=3) | st.dictionaries(st.just("k"), VALUES))
def test_what_voxrt_writes_is_read_back(value):
    assert parse_value(log_value(value)) == value


@given(st.text(alphabet="[]{}=; abN1.\n", max_size=40))
def test_any_text_is_a_value_or_is_said_to_be_none(text):
    try:
        parse_value(text)
    except LogValueError as error:
        told = str(error)
    else:
        told = "a value"
    assert told
