"""The file that makes an editor know the platform's names without an import."""

from __future__ import annotations

BUILTINS_NAME = "__builtins__.pyi"

BUILTINS_TEXT = """\
# The globals of a VoxEngine scenario, for Pyright and Pylance.
# They treat the names in this file as builtins in every file below its folder.
# Written by `voxrt stubs`; the editor must use the Python environment that has voxrt.
from voxrt.platform import *
"""
