"""What tests of every room may use."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# pytest's importlib mode puts no folder of tests on the path.
sys.path.insert(0, str(Path(__file__).parent))

from harness import play_in

# The same examples in every run, however busy the machine is.
settings.register_profile(
    "steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")


@pytest.fixture
def play(tmp_path):
    """`play(source, **options)` runs a scenario in the test's folder: see `harness.play_in`."""
    return partial(play_in, tmp_path)


@pytest.fixture
def play_js(tmp_path):
    """`play_js(source, **options)` does it with a scenario in JavaScript."""
    return partial(play_in, tmp_path, ending="js")
