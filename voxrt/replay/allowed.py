"""Differences that are allowed, declared in a file; see docs/replay.md.

tolerance_ms: 20
allow:
  - {kind: log, text: "started at *"}
  - {kind: event, name: Call.Disconnected, fields: [data.duration]}
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from attrs import field, frozen

from voxrt.documents import Node, read_document
from voxrt.fields import Fields, as_list, as_text
from voxrt.replay.compare import Comparison, Divergence
from voxrt.session.journal import Record

FILE_KEYS = ("tolerance_ms", "allow")
LONGEST_MS = 3_600_000


@frozen(kw_only=True)
class Allowance:
    """Divergences that count for nothing.

    Attributes:
        wanted: What either of both records must have, with wildcards, by the path of the field.
        fields: The fields that may differ; all of them, and the whole record, when there are none.
        place: `file:line`.
    """

    wanted: dict[str, str]
    fields: tuple[str, ...]
    place: str

    def covers(self, divergence: Divergence) -> bool:
        """Whether a divergence is allowed by this."""
        sides = [one for one in (divergence.recorded, divergence.replayed) if one is not None]
        if not any(self._is_like(record) for record in sides):
            return False
        if not self.fields:
            return True
        differing = [path for path, _, _ in divergence.fields]
        return bool(differing) and all(
            any(fnmatchcase(path, like) for like in self.fields) for path in differing
        )

    def _is_like(self, record: Record) -> bool:
        return all(
            fnmatchcase(str(_value(record, path)), like) for path, like in self.wanted.items()
        )


@frozen(kw_only=True)
class Allowed:
    """What a file allows.

    Attributes:
        tolerance_ms: The largest difference of times that is none; `None` when it does not say.
        allowances: In order.
    """

    tolerance_ms: float | None = None
    allowances: tuple[Allowance, ...] = field(default=())

    def left(self, comparison: Comparison) -> tuple[list[Divergence], list[str]]:
        """What is not allowed.

        Returns:
            The divergences that no allowance covers, and the places of the allowances that
            covered none.
        """
        used, rest = set(), []
        for divergence in comparison.divergences:
            covering = [i for i, one in enumerate(self.allowances) if one.covers(divergence)]
            used.update(covering)
            if not covering:
                rest.append(divergence)
        return rest, [one.place for i, one in enumerate(self.allowances) if i not in used]


NOTHING_ALLOWED = Allowed()


def load_allowed(path: Path) -> Allowed:
    """Reads a file of allowed differences.

    Raises:
        DocumentError: The file or a line of it is wrong.
    """
    document = read_document(path)
    if document.value is None:
        document.fail("the file is empty")
    read = Fields(document, "a file of allowed differences", FILE_KEYS)
    tolerance_ms = (
        read.number("tolerance_ms", -1, 0, LONGEST_MS) if "tolerance_ms" in read else None
    )
    nodes = as_list(read["allow"]) if "allow" in read else []
    return Allowed(tolerance_ms=tolerance_ms, allowances=tuple(map(_allowance, nodes)))


def _allowance(node: Node) -> Allowance:
    if not isinstance(node.value, dict):
        node.fail("an allowed difference must be a mapping of keys", "Such as {kind: log}.")
    if "kind" not in node.value:
        node.fail("an allowed difference needs the key `kind`: of which records it is")
    fields = (
        [as_text(one) for one in as_list(node.value["fields"])] if "fields" in node.value else []
    )
    wanted = {key: as_text(item) for key, item in node.value.items() if key != "fields"}
    return Allowance(wanted=wanted, fields=tuple(fields), place=f"{node.file}:{node.line}")


def _value(record: Record, path: str) -> Any:
    value: Any = record
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value
