"""Times as a reader wants them."""

from __future__ import annotations


def clock_text(time_ms: float) -> str:
    """`mm:ss.mmm`, or `h:mm:ss.mmm` from an hour on."""
    total = round(time_ms)
    seconds, ms = divmod(total, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    head = f"{hours}:" if hours else ""
    return f"{head}{minutes:02d}:{seconds:02d}.{ms:03d}"


def duration_text(time_ms: float) -> str:
    """`820 ms`, `12.3 s`, `4 min 05 s`."""
    if time_ms < 1000:
        return f"{round(time_ms)} ms"
    if time_ms < 60_000:
        return f"{time_ms / 1000:.1f} s"
    minutes, seconds = divmod(round(time_ms / 1000), 60)
    return f"{minutes} min {seconds:02d} s"
