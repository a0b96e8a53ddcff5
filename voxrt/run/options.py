"""The options of a run as its journal has them, so that a replay can run the same again.

Files are named as the user named them. Values that may be secret are not there, only their names:
those of secrets and of defines.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

from voxrt.legs.script import CallerScript
from voxrt.outside.call_list import Row
from voxrt.outside.rules import Rules
from voxrt.outside.store import Store
from voxrt.run.config import Project, RunConfig
from voxrt.session.values import plain
from voxrt.xai.standin import AgentScript

#: What is no option of what happens, or is recorded in another way.
_ELSEWHERE = ("scenarios", "seed", "out", "storage", "stored", "starts_at_ms")
MADE_IN_PYTHON = "(made in Python)"
#: What may be secret: only the names are told.
_NAMES_ONLY = ("secrets", "defines")


def options_of(config: RunConfig) -> dict[str, Any]:
    """The options that are not the usual ones, as JSON."""
    usual = RunConfig(scenarios=())
    told: dict[str, Any] = {}
    for option in attrs.fields(RunConfig):
        value = getattr(config, option.name)
        if option.name in _ELSEWHERE or value == getattr(usual, option.name):
            continue
        told[option.name] = list(value) if option.name in _NAMES_ONLY else _json(value)
    return told


def stored(config: RunConfig, store: Store) -> list[list[Any]]:
    """What the storage has at the beginning: key, value, end of its life."""
    if not config.stored and (config.storage is None or not config.storage.is_file()):
        return []
    return [[one.key, one.value, one.expire_at] for one in store.entries(None, _ALL)]


_ALL = -1  # SQLite's word for no limit


def _json(value: Any) -> Any:
    if isinstance(value, Path):
        return value.as_posix()
    if isinstance(value, Row):
        return attrs.asdict(value)
    if isinstance(value, Project):
        folder = None if value.folder is None else value.folder.as_posix()
        return {"folder": folder, "application": value.application.name}
    if isinstance(value, tuple):
        return [_json(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _json(item) for key, item in value.items()}
    if isinstance(value, CallerScript | AgentScript | Rules):
        return MADE_IN_PYTHON
    return plain(value)
