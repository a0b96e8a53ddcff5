"""The date at which a run in virtual time begins, as people write it."""

from __future__ import annotations

from datetime import UTC, datetime

from voxrt.errors import UsageError

#: Dates that the logs, the journal and both languages can tell.
FIRST, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9998, 12, 31, tzinfo=UTC)
HINT = "Write 2026-03-06T22:30, which is UTC as on the platform, or 2026-03-06T22:30+01:00."


def unix_ms_of(date: str | datetime) -> int:
    """Milliseconds since 1970 of a date.

    Args:
        date: Text in ISO 8601 (`2026-03-06`, `2026-03-06T22:30`, `2026-03-06T22:30:00+01:00`) or a
            `datetime`. Without a zone it is in UTC, as the platform's own time is.

    Raises:
        UsageError: It is no date, or none of the years 1970 to 9998.
    """
    try:
        at = date if isinstance(date, datetime) else datetime.fromisoformat(date)
    except (TypeError, ValueError):
        raise UsageError(f"{date!r} is no date to begin at.", hint=HINT) from None
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    if not FIRST <= at <= LAST:
        raise UsageError(f"a run begins between 1970 and 9998, not at {date}.", hint=HINT)
    return round(at.timestamp() * 1000)


def date_of(unix_ms: int) -> str:
    """The date as `unix_ms_of` reads it."""
    return datetime.fromtimestamp(unix_ms / 1000, UTC).isoformat()
