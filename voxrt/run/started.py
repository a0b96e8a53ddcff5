"""What a session is told about itself when it starts."""

from __future__ import annotations

from random import Random
from typing import Any


def started_fields(seed: int, unix_ms: int, *, application: str, rule: str) -> dict[str, Any]:
    """The fields of `Started`, made up in the platform's shapes from the run's seed.

    Args:
        seed: The run's.
        unix_ms: Its beginning.
        application: The whole name of the application.
        rule: The name of the rule.
    """
    rng = Random(f"{seed} started")
    path = f"request/{rng.getrandbits(64):016X}.{unix_ms // 1000}.1_127.0.0.1"
    path = f"{path}/{rng.getrandbits(64):016X}"
    return {
        "accessURL": f"http://127.0.0.1:12092/{path}",
        "accessSecureURL": f"https://localhost:12093/{path}",
        "accountId": 1,
        "applicationId": 1,
        "logURL": "file:session.log",
        "sessionId": rng.randrange(1_000_000_000, 9_999_999_999),
        "userId": -1,
        "domainName": application,
        "dialplanName": rule,
        "dialplanId": 1,
    }
