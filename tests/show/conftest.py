"""Runs that are shown: each is made once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from voxrt.run import RunConfig, run
from voxrt.show.folder import load

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def run_example(out, name, **options):
    folder = SCENARIOS / name
    for key in ("caller", "agent"):
        if (folder / f"{key}.yaml").exists():
            options.setdefault(key, folder / f"{key}.yaml")
    run(RunConfig(scenarios=(folder / f"{name}.py",), out=out, speech="synthetic", **options))
    return out


@pytest.fixture(scope="session")
def restaurant(tmp_path_factory):
    """The folder of a call with an agent, a tool and a barge-in; not to be changed."""
    return run_example(tmp_path_factory.mktemp("show") / "restaurant", "restaurant")


@pytest.fixture(scope="session")
def lookup(tmp_path_factory):
    """The folder of a call with HTTP exchanges; not to be changed."""
    answers = SCENARIOS / "lookup" / "answers.yaml"
    return run_example(tmp_path_factory.mktemp("show") / "lookup", "lookup", http=answers)


@pytest.fixture
def own(restaurant, tmp_path):
    """A copy of the restaurant's folder, to be broken."""
    return Path(shutil.copytree(restaurant, tmp_path / "own"))


@pytest.fixture
def shown(restaurant):
    """The restaurant's run, read."""
    return load(restaurant)
