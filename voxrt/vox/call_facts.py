"""What is fixed about calls: their states, codes and moments.

Source: voxengine-semantics.md 8.2, 8.5 and 8.6.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from voxrt.clock import US_PER_MS
from voxrt.session.session import Session
from voxrt.vox.arguments import within

#: How long after the answer the first packet, the connection and the codec are reported, as in
#: the platform's own logs.
FIRST_PACKET_US = 15 * US_PER_MS
CONNECTED_US = 20 * US_PER_MS
QUALITY_US = 35 * US_PER_MS

#: `Disconnected.internalCode` of a call that ended normally: Q.850 normal clearing.
NORMAL_CLEARING = 16

#: Kinds of digits, as `ToneReceived` numbers them.
IN_BAND, SIP_INFO = 2, 3

#: The header by which a call to a user says how many seconds it may ring.
CALL_TIMEOUT = "VI-CallTimeout"

#: The kinds of calls that can have video.
VIDEO_KINDS = ("sip", "user")

#: The commands of the journal that make an outgoing call.
PLACING = (
    "CallPSTN", "CallSIP", "CallUser", "CallUserDirect", "CallWhatsappUser", "CallConference",
)  # fmt: skip

FAILURES = {
    402: "Payment Required",
    403: "Call limit reached",
    404: "Not Found",
    408: "",
    480: "User offline",
    486: "Busy Here",
    487: "Request Terminated",
    603: "",
}
#: Refused by whoever was called; on the platform mostly without a reason.
DECLINED = 603
#: SIP's own phrases, for failures that somebody at a phone or a scenario decides on.
REASONS = {
    403: "Forbidden", 404: "Not Found", 408: "Request Timeout", 480: "Temporarily Unavailable",
    486: "Busy Here", 487: "Request Terminated", 488: "Not Acceptable Here",
    500: "Server Internal Error", 503: "Service Unavailable", 603: "Decline",
}  # fmt: skip


def refusal_reason(code: int) -> str:
    """What is said with the code by which a scenario refuses a call."""
    return "" if code == DECLINED else REASONS.get(code, "")


class LineState(Enum):
    """What `Call.state()` answers."""

    ALERTING = "ALERTING"
    PROGRESSING = "PROGRESSING"
    CONNECTED = "CONNECTED"
    TERMINATED = "TERMINATED"


def call_timeout_s(session: Session, headers: Mapping[str, str]) -> int | None:
    """How long a call may ring by its header `VI-CallTimeout`; `None` when it says nothing."""
    value = headers.get(CALL_TIMEOUT, "").strip()
    if not value.isdecimal():
        return None
    limits = session.limits
    low, high = limits.shortest_ring_s, limits.longest_ring_s
    return int(within(session, f"{CALL_TIMEOUT} in s", int(value), low, high))
