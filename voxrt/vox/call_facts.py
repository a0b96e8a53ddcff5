"""What is fixed about calls: their states, codes and moments.

Source: voxengine-semantics.md 8.2, 8.5 and 8.6.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from voxrt.clock import US_PER_MS

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

#: The commands of the journal that make an outgoing call.
PLACING = ("CallPSTN", "CallSIP", "CallUser", "CallUserDirect", "CallWhatsappUser")

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


class LineState(Enum):
    """What `Call.state()` answers."""

    ALERTING = "ALERTING"
    PROGRESSING = "PROGRESSING"
    CONNECTED = "CONNECTED"
    TERMINATED = "TERMINATED"


def call_timeout_s(headers: Mapping[str, str], default_s: int) -> int:
    """How long a call may ring: the header `VI-CallTimeout`, 10 to 400 s."""
    value = headers.get(CALL_TIMEOUT, "").strip()
    return min(max(int(value), 10), 400) if value.isdecimal() else default_s
