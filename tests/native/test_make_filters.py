"""The committed tables are what their script writes."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

NATIVE = Path(__file__).parents[2] / "native"


@pytest.mark.parametrize("name", ["vx_resample_taps.h", "vx_sine_table.h"])
def test_regenerating_gives_the_same_file(name):
    """`python native/make_filters.py` changes nothing."""
    script = runpy.run_path(str(NATIVE / "make_filters.py"), run_name="make_filters")
    assert script["FILES"][name]() == (NATIVE / name).read_text()
