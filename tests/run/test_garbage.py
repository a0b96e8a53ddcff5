"""How often Python looks for garbage while a run is under way."""

from __future__ import annotations

import gc

import pytest

from voxrt.run.garbage import LEAST_OBJECTS, rarely_collected


@pytest.mark.parametrize(
    ("before", "during"),
    [
        ((700, 10, 10), (LEAST_OBJECTS, 10, 10)),
        ((1_000_000, 5, 7), (1_000_000, 5, 7)),
        ((0, 10, 10), (0, 10, 10)),
    ],
)
def test_the_settings_are_rarer_for_a_while_and_then_as_before(before, during):
    """Settings that are rarer already, or off, stay."""
    found = gc.get_threshold()
    gc.set_threshold(*before)
    try:
        with rarely_collected():
            assert gc.get_threshold() == during
        assert gc.get_threshold() == before
    finally:
        gc.set_threshold(*found)
