"""The platform's names, for type checkers and editors only.

A scenario's globals are simply there when voxrt runs it; nothing needs to be imported. To let an
editor or mypy know them, write at the top of a scenario:

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from voxrt.platform import *
"""

from __future__ import annotations

from typing import NoReturn

__all__: list[str] = []  # a star import at run time is harmless, and brings nothing


def __getattr__(name: str) -> NoReturn:
    if name.startswith("__"):
        raise AttributeError(name)
    raise ImportError(
        f"voxrt.platform has no {name!r} at run time: the platform's names are globals of a "
        "scenario that `voxrt run` executes. Import them under `if TYPE_CHECKING:` only."
    )
