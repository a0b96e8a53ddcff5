"""A divergence of a replay in lines of text: what differs, and what is around it on both sides."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from attrs import define

from voxrt.replay.compare import Divergence
from voxrt.replay.forms import Ids, form, name
from voxrt.replay.kinds import Role, role_of
from voxrt.session.journal import Record
from voxrt.show.times import clock_text

#: How many records are shown before and after a divergence.
BEFORE, AFTER = 3, 2
WIDTH = 96
_WHAT = {
    "changed": "changed", "moved": "at another time", "missing": "missing in the replay",
    "new": "new in the replay", "audio": "another sound",
}  # fmt: skip
#: What the line of a record begins with, so it is not said again behind it.
_SAID = (
    "t", "kind", "unit", "handlers", "via", "name", "direction", "type", "action", "state", "what",
    "by", "code", "function",
)  # fmt: skip


@define
class Drawer:
    """Draws divergences.

    Args:
        recorded: The journal of the recording.
        replayed: The journal of the replay.
        ids: Names identifiers.
    """

    recorded: Sequence[Record]
    replayed: Sequence[Record]
    ids: Ids

    def lines(self, one: Divergence) -> Iterator[str]:
        """The lines of one divergence."""
        record = one.recorded or one.replayed
        about = "" if record is None else f": {self._name(record)}"
        yield f"{clock_text(one.t)}  {_WHAT[one.what]}{about}"
        if one.text:
            yield f"  {one.text}"
        for path, there, here in one.fields:
            yield f"  {path}"
            yield f"    recorded  {self._value(path, there)}"
            yield f"    replayed  {self._value(path, here, replayed=True)}"
        if one.what == "audio":
            return
        yield from self._side("recording", self.recorded, one.recorded, one.t)
        yield from self._side("replay", self.replayed, one.replayed, one.t)

    def _name(self, record: Record) -> str:
        return name(record)

    def _value(self, path: str, value: Any, *, replayed: bool = False) -> str:
        if value is None:
            return "nothing"
        if path == "t":
            return clock_text(value)
        return self.ids.shown(json.dumps(value, ensure_ascii=False), replayed=replayed)

    def _side(
        self, called: str, records: Sequence[Record], at: Record | None, t: float
    ) -> Iterator[str]:
        """What is around a record; where it is missing, around its time."""
        shown = [record for record in records if role_of(record) is not Role.ASIDE]
        if at is not None:
            index = next(i for i, record in enumerate(shown) if record["n"] == at["n"])
        else:
            index = next((i for i, one in enumerate(shown) if one["t"] > t), len(shown))
        yield f"  {called}"
        around = shown[max(0, index - BEFORE) : index + AFTER + 1]
        yield from self._records(around, at, replayed=called == "replay")

    def _records(
        self, records: Iterable[Record], at: Record | None, *, replayed: bool
    ) -> Iterator[str]:
        for record in records:
            mark = ">" if at is not None and record["n"] == at["n"] else " "
            text = self.ids.shown(_terse(record), replayed=replayed)
            line = f"  {mark} {record['n']:>5}  {clock_text(record['t'])}  {name(record)}  {text}"
            yield line if len(line) <= WIDTH else f"{line[: WIDTH - 1]}…"


def _terse(record: Record) -> str:
    """What a record has besides its name, as short as it can be read."""
    parts = []
    for key, value in form(record).items():
        if key in _SAID or value in ("", {}, []):
            continue
        text = value if key == "id" else json.dumps(value, ensure_ascii=False)
        parts.append(str(text) if key in ("id", "data", "params", "text") else f"{key}={text}")
    return "  ".join(parts)
