"""The steps of a caller's script.

A script is a list of these, carried out one after the other by `voxrt.legs.performer`. YAML files
(`voxrt.legs.script_file`) and Python (`voxrt.legs.builder`) both make them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from attrs import field, frozen

from voxrt.errors import InputError
from voxrt.fields import near
from voxrt.outside.peers import PeerPlan
from voxrt.vox import api

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voxrt.legs.sound_file import SoundFile

DEFAULT_TIMEOUT_MS = 30_000
DEFAULT_SILENCE_MS = 700
DEFAULT_BARGE_IN_MS = 400
DEFAULT_TONE_MS = 500
DEFAULT_BEEP_HZ, DEFAULT_BEEP_MS = 1_000, 500
DEFAULT_BEEP_PAUSE_MS = 400
#: What is identified as this is not identified: the service fails.
NOT_IDENTIFIED = "error"
MOST_CONFIDENT = 100

Condition = Literal[
    "agent_speech",
    "agent_silence",
    "agent_turn",
    "answer",
    "ringing",
    "early_media",
    "message",
    "info",
    "digits",
    "transfer",
    "reinvite",
    "event",
]
SwitchName = Literal["hold", "unhold", "mute", "unmute", "stop_rtp", "resume_rtp"]
DigitKind = Literal["rfc2833", "info", "inband"]


@frozen(kw_only=True)
class Say:
    """Speaks a text and goes on when it has been played.

    `voice` is empty for the voice of whoever speaks; `speed` is 0.25 to 4; `unclear` is the share
    of the words that a speech recogniser does not understand, 0 to 1.
    """

    text: str
    voice: str = ""
    speed: float = 1.0
    unclear: float = 0.0


@frozen(kw_only=True)
class Play:
    """Plays a WAV file and goes on when it has been played."""

    sound: SoundFile


@frozen(kw_only=True)
class Beep:
    """Plays a tone of so many Hz, for so many ms, and goes on when it has been played."""

    hz: int = DEFAULT_BEEP_HZ
    ms: int = DEFAULT_BEEP_MS


@frozen(kw_only=True)
class Wait:
    """Lets time pass."""

    ms: int


@frozen(kw_only=True)
class WaitFor:
    """Waits until something is so.

    Attributes:
        condition: `agent_speech`: sound from the platform is audible, now. `agent_silence`: none
            has been for `for_ms`. `agent_turn`: it began after this side last began to speak, and
            there has been none for `for_ms`. `answer`, `ringing`, `early_media`, `message`,
            `info`, `digits`: the platform did so, now or earlier. `transfer`, `reinvite`: it
            asked for that. `event`: the session had an event called
            `name` since the step before this one began.
        name: The event, whole (`Call.Connected`) or its last part (`Connected`).
        for_ms: How long silence has to last.
        after_ms: How long after the condition came about the script goes on; what passed before
            this step began counts.
        timeout_ms: How long to wait at most.
        on_timeout: What happens then; either is noted.
    """

    condition: Condition
    name: str = ""
    for_ms: int = DEFAULT_SILENCE_MS
    after_ms: int = 0
    timeout_ms: int = DEFAULT_TIMEOUT_MS
    on_timeout: Literal["hang_up", "continue"] = "hang_up"

    @property
    def meaning(self) -> str:
        """What is waited for, as a person says it: `the agent to speak`."""
        return {
            "agent_speech": "the agent to speak",
            "agent_silence": f"{self.for_ms} ms of silence from the agent",
            "agent_turn": "the agent to finish speaking",
            "answer": "the call to be answered",
            "ringing": "the phone to ring",
            "early_media": "early media",
            "message": "a text message",
            "info": "a SIP INFO",
            "transfer": "a transfer",
            "reinvite": "a re-INVITE",
            "digits": "digits from the platform",
            "event": f"the event {self.name}",
        }[self.condition]


@frozen(kw_only=True)
class Press:
    """Presses keys, 100 ms each with 100 ms between; `p` is a pause of 500 ms.

    `rfc2833` and `info` are events beside the audio, `inband` is the tones themselves.
    """

    digits: str
    kind: DigitKind = "rfc2833"


@frozen(kw_only=True)
class HangUp:
    """Ends the call."""


@frozen(kw_only=True)
class Message:
    """Sends a text message over the call."""

    text: str


@frozen(kw_only=True)
class Info:
    """Sends a SIP INFO over the call."""

    body: str
    mime_type: str = "text/plain"
    headers: Mapping[str, str] = field(factory=dict)


@frozen(kw_only=True)
class Tone:
    """Plays a tone of one to four frequencies, such as a voicemail's beep."""

    frequencies_hz: tuple[int, ...]
    ms: int = DEFAULT_TONE_MS


@frozen(kw_only=True)
class Switch:
    """Changes what the phone does from now on.

    Attributes:
        what: `hold`: the call is put on hold, and nothing is heard either way, until `unhold`.
            `mute`: what is said and played is not sent, silence is, until `unmute`. `stop_rtp`: no
            audio packets are sent at all, until `resume_rtp`.
    """

    what: SwitchName

    @property
    def meaning(self) -> str:
        """What somebody does, as a person says it."""
        return {
            "hold": "puts the call on hold",
            "unhold": "takes the call off hold",
            "mute": "mutes the microphone",
            "unmute": "unmutes the microphone",
            "stop_rtp": "stops sending audio",
            "resume_rtp": "sends audio again",
        }[self.what]


@frozen(kw_only=True)
class Transfer:
    """Asks the platform to transfer the call (REFER), and waits for the outcome.

    When it worked this side hangs up; when it failed the script goes on.
    """

    to: str
    headers: Mapping[str, str] = field(factory=dict)
    timeout_ms: int = DEFAULT_TIMEOUT_MS
    on_timeout: Literal["hang_up", "continue"] = "hang_up"
    meaning = "the outcome of the transfer"


@frozen(kw_only=True)
class Reinvite:
    """Sends a re-INVITE, and goes on when it has been answered, in whichever way."""

    body: str = ""
    mime_type: str = "application/sdp"
    headers: Mapping[str, str] = field(factory=dict)
    timeout_ms: int = DEFAULT_TIMEOUT_MS
    on_timeout: Literal["hang_up", "continue"] = "hang_up"
    meaning = "the answer to the re-INVITE"


@frozen(kw_only=True)
class Identify:
    """Has the platform's hidden voicemail service tell who this side is, and goes on at once.

    The service is the platform's, and nothing starts it here but this step. The scenario has the
    events `AudioIdentificationStarted`, `AudioIdentificationResult` (or `AudioIdentificationError`)
    and `AudioIdentificationStopped`, in this order; none when the call is not connected, or is peer
    to peer.

    Attributes:
        audio_type: A value of `AMD.ResultClass`, or `error`: the service fails, and the other
            attributes have no meaning.
        subtype: A value of `AMD.ResultSubtype`.
        confidence: 0 to 100, as of `AMD`.

    Raises:
        InputError: One of them has another value.
    """

    audio_type: str
    subtype: str = "NONE"
    confidence: float = MOST_CONFIDENT

    def __attrs_post_init__(self) -> None:
        for value, known in (
            (self.audio_type, identified_types()),
            (self.subtype, identified_subtypes()),
        ):
            if value not in known:
                meant = api.near_name(str(value), known) or str(value)  # in whatever case
                raise InputError(f"nothing is identified as `{value}`.", hint=near(meant, known))
        if not 0 <= self.confidence <= MOST_CONFIDENT:
            raise InputError(
                f"the confidence must be from 0 to {MOST_CONFIDENT}, but is {self.confidence}"
            )


def identified_types() -> tuple[str, ...]:
    """What `Identify` may say: the values of `AMD.ResultClass`, and `error`."""
    return (*api.enum_members("AMD.ResultClass").values(), NOT_IDENTIFIED)


def identified_subtypes() -> tuple[str, ...]:
    """The values of `AMD.ResultSubtype`."""
    return tuple(api.enum_members("AMD.ResultSubtype").values())


@frozen(kw_only=True)
class Statistics:
    """Has the platform send the deprecated event `Statistics`; nothing else sends it."""


@frozen(kw_only=True)
class Request:
    """Asks the session's access URL over HTTP, as a backend does that knows of the session.

    Attributes:
        path: What follows the access URL's own path.
        method: POST with a body, else GET, when it is empty.
        content: The body.
        headers: Those that begin with `X-` reach the scenario.
    """

    path: str = ""
    method: str = ""
    content: str = ""
    headers: Mapping[str, str] = field(factory=dict)

    @property
    def verb(self) -> str:
        """The method that is used."""
        return self.method.upper() or ("POST" if self.content else "GET")


@frozen(kw_only=True)
class Connect:
    """Opens a WebSocket to the session's access URL, which lives on beside the call.

    Attributes:
        path: What follows the access URL's own path.
        headers: Those that begin with `X-` reach the scenario.
        plan: What is done on it.
    """

    path: str = ""
    headers: Mapping[str, str] = field(factory=dict)
    plan: PeerPlan = field(factory=PeerPlan)


Step = (
    Say | Play | Beep | Wait | WaitFor | Press | HangUp | Message | Info
    | Request | Tone | Switch | Transfer | Reinvite | Connect | Identify | Statistics
)  # fmt: skip

HANG_UP = HangUp()


def voicemail(
    greeting: Say,
    *,
    pause_ms: int = DEFAULT_BEEP_PAUSE_MS,
    beep_hz: int = DEFAULT_BEEP_HZ,
    beep_ms: int = DEFAULT_BEEP_MS,
) -> list[Step]:
    """What an answering machine does: a greeting, a pause and a beep."""
    return [greeting, Wait(ms=pause_ms), Beep(hz=beep_hz, ms=beep_ms)]
