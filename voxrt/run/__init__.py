"""A whole run: a scenario, its call, its provider, and what is left of them on disk."""

from voxrt.run.config import RunConfig, RunResult
from voxrt.run.runner import run

__all__ = ["RunConfig", "RunResult", "run"]
