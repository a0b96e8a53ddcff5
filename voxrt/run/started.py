"""What the `Started` event of a session says."""

from __future__ import annotations

from random import Random
from typing import Any

from voxrt.run.work import Work


def started_fields(seed: str, unix_ms: int, work: Work, log: str) -> dict[str, Any]:
    """The fields of `Started`: those of its type, and those that only the platform's logs show.

    Of the latter `initiatorCountry` and `nluAddresses` are left out: no log shows their form.

    Args:
        seed: Of the session's access URL and number.
        unix_ms: The time, in milliseconds since 1970.
        work: What the session runs.
        log: The file of its log, in the run's folder.
    """
    rng = Random(seed)
    path = f"request/{rng.getrandbits(64):016X}.{unix_ms // 1000}.1_127.0.0.1"
    path = f"{path}/{rng.getrandbits(64):016X}"
    return {
        "accessURL": f"http://127.0.0.1:12092/{path}",
        "accessSecureURL": f"https://localhost:12093/{path}",
        "accountId": 1,
        "applicationId": 1,
        "logURL": f"file:{log}",
        "sessionId": rng.randrange(1_000_000_000, 9_999_999_999),
        "userId": -1,
        "domainName": work.application,
        "dialplanName": work.rule,
        "dialplanId": 1,
        "config": {"acceptReInviteByDefault": True},
    }
