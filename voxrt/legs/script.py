"""A whole script: who calls, whom the scenario may call, and what each of them does."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal, Protocol

from attrs import field, frozen

from voxrt.errors import MediaError
from voxrt.legs.steps import Step, WaitFor
from voxrt.media.channel import CODEC_HZ
from voxrt.vox.call_facts import VIDEO_KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from voxrt.legs.sound_file import SoundFile
    from voxrt.media.channel import Channel

ClientType = Literal["pstn", "sip", "user", "wab"]
PartyKind = Literal["", "pstn", "sip", "user", "wab", "conference"]
Expected = Literal["finished", "connected", "called", "not_connected", "not_called"]
RATES_HZ: dict[str, int] = {"pstn": 8_000, "sip": 16_000, "user": 48_000, "wab": 16_000}
DEFAULT_RING_AFTER_MS = 200
DEFAULT_ANSWER_AFTER_MS = 1_000
CONFERENCE = "conference"
#: The commonest failures, by names.
FAILURES = {"busy": 486, "declined": 603, "unavailable": 480, "not_found": 404, "forbidden": 403}


class Prompter(Protocol):
    """Says what somebody does next, while the call goes on."""

    def next_steps(self, call: str, now_ms: float) -> Sequence[Step]:
        """The steps to do now that all before are done; none when there are no more.

        Args:
            call: The id of the call.
            now_ms: The time, in milliseconds of the run.
        """

    def call_over(self) -> None:
        """The call has ended; nothing is asked any more."""


@frozen(kw_only=True)
class Person:
    """What a caller and a called party have in common.

    Attributes:
        name: What notes and transcripts call them; for a caller also the display name.
        voice: The voice of their `say` steps.
        client_type: `pstn`, `sip`, `user` or `wab` (WhatsApp).
        rate_hz: Of their audio; 0 is 8,000 for `pstn` and with G.711, 16,000 for `sip` and `wab`,
            48,000 for `user`.
        video: Whether their phone has a camera, which is on all through a call with video.
        headers: SIP headers that they send with the call, or with its answer; the scenario sees
            those that begin with `X-`.
        transfer_fails: The SIP code with which their phone answers when the platform asks it to
            call somebody else; 0 for a phone that does it.
        reinvite_fails: The same for a re-INVITE of the platform's.
        sends_over: What the sound goes through on its way from them; `None` for nothing.
        hears_over: The same on its way to them.
        steps: What they do once the call is answered.
        then: What they do when the steps are over: wait for the platform to hang up, or hang up.
        prompter: Asked for more steps when those before are done.
        expect: What has to become of them, or the run fails; empty for nothing in particular. See
            `voxrt.legs.verdict`.

    Raises:
        MediaError: G.711 with another rate than 8,000; video of a phone that cannot have any.
    """

    name: str
    voice: str
    client_type: ClientType = "pstn"
    rate_hz: int = 0
    video: bool = False
    headers: Mapping[str, str] = field(factory=dict)
    transfer_fails: int = 0
    reinvite_fails: int = 0
    sends_over: Channel | None = None
    hears_over: Channel | None = None
    steps: tuple[Step, ...] = ()
    then: Literal["stay", "hang_up"] = "stay"
    prompter: Prompter | None = field(default=None, eq=False, repr=False)
    expect: Expected | Literal[""] = ""

    def __attrs_post_init__(self) -> None:
        if self.has_codec and self.audio_hz != CODEC_HZ:
            raise MediaError(
                f"G.711 has {CODEC_HZ} Hz, and the phone of {self.name} {self.rate_hz}."
            )

    def _check_video(self, kind: str) -> None:
        """Refuses video of a phone of a kind of call that has none."""
        if self.video and kind not in VIDEO_KINDS:
            who = self.name or "a party"
            raise MediaError(
                f"A `{kind}` call has no video, and the phone of {who} has some.",
                hint="Video goes with `sip` and `user` calls only.",
            )

    @property
    def audio_hz(self) -> int:
        """The rate of their audio."""
        return self.rate_hz or (CODEC_HZ if self.has_codec else RATES_HZ[self.client_type])

    @property
    def has_codec(self) -> bool:
        """Whether the sound goes through G.711 in one direction at least."""
        channels = (self.sends_over, self.hears_over)
        return any(channel is not None and channel.codec != "none" for channel in channels)


@frozen(kw_only=True)
class Caller(Person):
    """Who makes the incoming call.

    Attributes:
        number: The caller id; empty when the command line gives it.
        patience_ms: How long they let it ring before they give up; 0 is for ever.
        custom_data: What their application sends along, which the scenario gets as the call's
            `customData`; empty for nothing.
        to: The number that a further caller dials; empty for that of the first caller.
        after_ms: When a further caller dials, from the beginning of the run.
    """

    name: str = "caller"
    voice: str = "caller"
    number: str = ""
    patience_ms: int = 0
    custom_data: str = ""
    to: str = ""
    after_ms: int = 0

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        self._check_video(self.client_type)

    @property
    def begins_when_dialled(self) -> bool:
        """Whether the steps begin with the call rather than with its answer.

        They do when one of them waits for what comes before the answer, or for the answer itself.
        """
        early = ("answer", "ringing", "early_media")
        return any(isinstance(s, WaitFor) and s.condition in early for s in self.steps)


@frozen(kw_only=True)
class Party(Person):
    """Someone whom the scenario may call.

    Attributes:
        match: Their number, user name or SIP URI; `*` stands for anything, `?` for a character.
        kind: `pstn`, `sip`, `user` or `wab` to match only such calls; empty for any.
        forwarded_after_ms: How long after the call their phone says that it is being forwarded
            (181); `None` when it is not.
        rings: Whether their phone signals that it rings (180).
        ring_after_ms: How long after the call that happens.
        answer_after_ms: How long after the call they answer; `None` when they never do.
        fail: The SIP code and reason of the failure instead of an answer.
        fail_after_ms: How long after the call it fails.
        early_media: What is played before the answer (183), a text or a sound.
        early_media_after_ms: How long after the call that begins; `None` is when it rings.
        offline: Whether the user is not online when called.
        online_after_ms: How long after the push they come online; the other times count from
            then. `None` when they do not.
    """

    name: str = ""
    voice: str = "en-gb+f2"
    match: str
    kind: PartyKind = ""
    forwarded_after_ms: int | None = None
    rings: bool = True
    ring_after_ms: int = DEFAULT_RING_AFTER_MS
    answer_after_ms: int | None = DEFAULT_ANSWER_AFTER_MS
    fail: tuple[int, str] | None = None
    fail_after_ms: int = DEFAULT_ANSWER_AFTER_MS
    early_media: str | SoundFile | None = None
    early_media_after_ms: int | None = None
    offline: bool = False
    online_after_ms: int | None = None

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if self.kind:
            self._check_video(self.kind)

    def matches(self, kind: str, destination: str) -> bool:
        """Whether a call of this kind to this destination reaches them.

        A leading `+`, `sip:` or `sips:` and the parameters of a SIP URI make no difference. A
        call into a conference reaches only those who say that they stand for one.
        """
        if self.kind != kind and (self.kind or kind == CONFERENCE):
            return False
        return fnmatchcase(plain_destination(destination), plain_destination(self.match))


def plain_destination(destination: str) -> str:
    """A destination in the form in which it is compared: no `+`, scheme or URI parameters."""
    return re.sub(r"^sips?:|^\+|;.*$", "", destination.strip()).lower()


@frozen(kw_only=True)
class CallerScript:
    """The callers, and the parties that the scenario may call; the first that matches is taken.

    Attributes:
        caller: The first caller, whose call begins the run.
        parties: Whom the scenario may call.
        callers: Further callers; each of their calls begins a session of its own.
    """

    caller: Caller = field(factory=Caller)
    parties: tuple[Party, ...] = ()
    callers: tuple[Caller, ...] = ()
