"""Whether a value is as wanted, and the words for where it differs."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxrt.testing.values import Bound, difference

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=12,
)


@given(JSON)
def test_every_value_is_like_itself(value):
    assert difference(value, value) == ""


@given(st.dictionaries(st.text(min_size=1, max_size=3), JSON, min_size=1), st.data())
def test_a_mapping_may_have_more(value, data):
    keys = data.draw(st.sets(st.sampled_from(sorted(value))))
    assert difference(value, {key: value[key] for key in sorted(keys)}) == ""


@pytest.mark.parametrize(
    ("value", "wanted", "told"),
    [
        ({"a": 1}, {"a": 2}, "a is 1, not 2"),
        ({"a": {"b": "x"}}, {"a": {"b": "y"}}, "a.b is 'x', not 'y'"),
        ({"a": {}}, {"a": {"b": "y"}}, "a.b is not there"),
        ({"a": [1, 2]}, {"a": [1]}, "a has 2 items, not 1"),
        ({"a": [1, 2]}, {"a": [1, 3]}, "a[1] is 2, not 3"),
        ({"a": 1}, {"a": [1]}, "a is 1, not a list"),
        ({"a": 1}, {"a": {"b": 1}}, "a is 1, not a mapping"),
        (1, True, "it is 1, not True"),
        ("1", 1, "it is '1', not 1"),
        ("abc", re.compile("d"), "it is 'abc', not like /d/"),
        (3, re.compile("3"), "it is 3, not like /3/"),
        (3, Bound(most=2), "it is 3, not at most 2"),
        (1, Bound(least=2), "it is 1, not at least 2"),
        (9, Bound(least=2, most=4), "it is 9, not 2 to 4"),
        (True, Bound(least=0), "it is True, not at least 0"),
        (None, {"a": ...}, "it is None, not a mapping"),
    ],
)
def test_the_difference_is_told(value, wanted, told):
    assert difference(value, wanted) == told


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ({"a": 1, "b": 2}, {"a": 1}),
        (2, 2.0),
        ({"a": None}, {"a": ...}),
        ("a long text", re.compile("long")),
        (3, Bound(least=3, most=3)),
        ([1, {"b": 2, "c": 3}], [1, {"b": 2}]),
        ((1, 2), [1, 2]),
        ("x", str.islower),
    ],
)
def test_what_fits(value, wanted):
    assert difference(value, wanted) == ""


def test_a_function_that_refuses_is_named():
    def even(number):
        return number % 2 == 0

    assert difference({"a": 3}, {"a": even}) == "a is 3, which even refuses"
