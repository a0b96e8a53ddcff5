"""Scenarios: loading them, and pointing at their lines when something goes wrong."""

from __future__ import annotations

from voxrt.scenario.locate import ErrorReport, Location, describe, locate, render_report
from voxrt.scenario.python import ScenarioFile, execute, load

__all__ = [
    "ErrorReport",
    "Location",
    "ScenarioFile",
    "describe",
    "execute",
    "load",
    "locate",
    "render_report",
]
