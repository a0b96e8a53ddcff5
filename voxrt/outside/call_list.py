"""Call lists: rows of a CSV file, each of which is an attempt to call, and what came of it.

Source: https://voximplant.com/docs/guides/solutions/editable-call-lists
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import define, field, frozen

from voxrt.errors import DocumentError

DELIMITER = ";"


@frozen(kw_only=True)
class Row:
    """One row of a call list.

    Attributes:
        number: Its place in the list, from 1.
        data: The columns by name.
        attempts_left: How many attempts there may be after this one.
    """

    number: int
    data: Mapping[str, str]
    attempts_left: int = 0

    @property
    def custom_data(self) -> str:
        """The row as a scenario gets it by `VoxEngine.customData()`."""
        return json.dumps(dict(self.data), ensure_ascii=False, separators=(",", ":"))


@define(eq=False)
class Attempt:
    """One session of a call list.

    Attributes:
        row: What it is about.
        reports: What the scenario reported, in order: the function and its data.
    """

    row: Row
    reports: list[tuple[str, Any]] = field(factory=list)

    def outcome(self) -> dict[str, Any]:
        """What the list makes of it: the last report that decides, or a success without any."""
        deciding = [one for one in self.reports if one[0] != "reportProgress"]
        function, data = deciding[-1] if deciding else ("nothing", None)
        outcome: dict[str, Any] = {"row": self.row.number, "outcome": _OUTCOMES[function]}
        if data is not None:
            outcome["result_data"] = data
        if function == "requestNextAttempt":
            outcome["attempts_left"] = self.attempts_left(data)
            if not outcome["attempts_left"]:
                outcome["outcome"] = "error"
        elif function == "reportError":
            outcome["attempts_left"] = self.row.attempts_left
        return outcome

    def attempts_left(self, data: Any) -> int:
        """How many attempts there are after `requestNextAttempt`: one less if it does not say."""
        asked = data.get("attempts_left") if isinstance(data, Mapping) else None
        return self.row.attempts_left if asked is None else max(int(asked), 0)


_OUTCOMES = {
    "reportResult": "success",
    "reportError": "error",
    "requestNextAttempt": "next attempt",
    "nothing": "success",
}


def read_call_list(path: Path) -> Sequence[Row]:
    """The rows of a CSV file: `;` between the columns, whose names are in the first line.

    Raises:
        DocumentError: The file cannot be read, or a row does not fit the first line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise DocumentError(
            f"the call list cannot be read: {error.strerror or error}", file=str(path)
        ) from None
    except UnicodeDecodeError:
        raise DocumentError("the call list is not UTF-8", file=str(path)) from None
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=DELIMITER, strict=True)
    rows: list[Row] = []
    try:
        names = next(reader, [])
        if not any(names):
            raise DocumentError(
                "the first line must name the columns, with `;` between them",
                file=str(path),
                line=1,
            )
        for values in reader:
            if not values:
                continue
            if len(values) != len(names):
                raise DocumentError(
                    f"this row has {len(values)} columns, the first line names {len(names)}",
                    file=str(path),
                    line=reader.line_num,
                )
            data = dict(zip(names, values, strict=True))
            rows.append(Row(number=len(rows) + 1, data=data))
    except csv.Error as error:
        raise DocumentError(f"not CSV: {error}", file=str(path), line=reader.line_num) from None
    return rows
