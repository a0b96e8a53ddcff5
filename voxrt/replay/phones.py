"""The far ends of a replay's calls: they do what those of the recording did, when they did it.

What they say is cut from the recording of the call, at the places that its `far` records name, and
is said with the words of these records. What the platform does to them changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from attrs import asdict, define, field, fields, frozen

from voxrt.errors import MediaError
from voxrt.legs.ear import Ear
from voxrt.legs.mouth import Mouth
from voxrt.legs.script import Caller, CallerScript
from voxrt.legs.switchboard import Switchboard
from voxrt.media.channel import CODEC_HZ, Channel
from voxrt.media.graph import Mark, Side
from voxrt.media.utterances import speech_of
from voxrt.media.wav import Wav, read_wav
from voxrt.replay.feeder import Feeder
from voxrt.replay.folder import RunFolder
from voxrt.session.journal import Record
from voxrt.vox.leg import NO_HEADERS, Headers, Leg, LegHost, NobodyLeg

FRAMES_PER_S = 50
_NOBODY = NobodyLeg()

#: What a far end tells its line, by the action of a `far` record, with the names of its fields.
LINE_ACTIONS = {
    "ringing": ("headers",),
    "forwarding": (),
    "early_media": ("headers",),
    "answered": ("headers",),
    "offline": (),
    "failed": ("code", "reason", "headers"),
    "hung_up": ("reason",),
    "sends": ("sends",),
    "digit": ("digit", "tone_kind"),
    "message": ("text",),
    "info": ("mime_type", "body", "headers"),
}
DIALOG_ACTIONS = {
    "hold": (),
    "unhold": (),
    "reinvite": ("headers", "mime_type", "body"),
    "transfer": ("to", "headers"),
    "reinvite_answered": ("code", "reason", "headers", "mime_type", "body"),
    "transfer_answered": ("code", "reason", "headers"),
}
SERVICE_ACTIONS = {
    "identified": ("audio_type", "audio_subtype", "confidence"),
    "not_identified": (),
    "statistics": (),
}
#: Parameters that are called otherwise in a record, whose own fields have these names.
_RENAMED = {"tone_kind": "kind"}


@frozen(eq=False, kw_only=True)
class RecordedCall:
    """One call of a recording that had a person at its far end.

    Attributes:
        phone: The `far` record of its beginning: `call`, `incoming`, `number`, `client_type`,
            `rate_hz`, `video`, `recording`, `tick`.
        said: Its `far` records and notes, in order.
        sound: Mono PCM16: what the far end said, from the beginning of the call.
        clean: Mono PCM16: what it said before a channel changed it, one sound after the other.
    """

    phone: Record
    said: list[Record] = field(repr=False)
    sound: Callable[[], bytes] = field(repr=False)
    clean: Callable[[], bytes] = field(repr=False)


def recorded_calls(folder: RunFolder) -> list[RecordedCall]:
    """The calls of a recording, in the order of their beginning.

    Raises:
        InputError: The sound of a call is missing, or is not that of a run.
    """
    calls: dict[str, RecordedCall] = {}
    for record in folder.of_kind("far", "note"):
        call = record.get("call")
        if record.get("action") == "phone":
            if PurePosixPath(record["recording"]).name != record["recording"]:
                folder.refuse(record, "`recording` names a file outside of the run's folder")
            name = record["recording"]
            calls[str(call)] = RecordedCall(
                phone=record,
                said=[],
                sound=_Sound(lambda name=name: folder.recording(name)).pcm,  # type: ignore[misc]
                clean=_Sound(lambda name=name: read_wav(folder.path / f"said-{name}")).pcm,  # type: ignore[misc]
            )
        elif call in calls:
            calls[str(call)].said.append(record)
    for one in calls.values():
        for record in one.said:  # what is missing is told before anything runs
            if record.get("action") == "sound":
                (one.clean if "from_sample" in record else one.sound)()
            elif record.get("action") == "channel":
                _check_channel(folder, one, record)
    return list(calls.values())


def _check_channel(folder: RunFolder, call: RecordedCall, record: Record) -> None:
    try:
        channel = channel_of(record)
    except (MediaError, TypeError) as error:
        folder.refuse(record, f"its channel is none: {error}")
    if channel.codec != "none" and call.phone["rate_hz"] != CODEC_HZ:
        folder.refuse(record, f"a channel with a codec is for {CODEC_HZ} Hz only")


@define(eq=False)
class _Sound:
    """The left channel of a file, read once."""

    read: Callable[[], Wav]
    _pcm: bytes | None = None

    def pcm(self) -> bytes:
        if self._pcm is None:
            self._pcm = self.read().channel(0)
        return self._pcm


@define(eq=False)
class ReplayedLeg(Leg):
    """The far end of a call that the recording has."""

    recorded: RecordedCall
    feeder: Feeder
    over: bool = field(default=False, init=False)
    line: LegHost = field(init=False)
    mouth: Mouth = field(init=False)
    _ear: Ear = field(init=False)
    successor: Leg | None = field(default=None, init=False)
    """Who is at this end once the past is over."""

    def __attrs_post_init__(self) -> None:
        self.rate_hz = self.recorded.phone["rate_hz"]
        self.client_type = self.recorded.phone["client_type"]
        self.has_video = self.recorded.phone.get("video", False)

    def attach(self, line: LegHost) -> None:
        self.line, self.mouth, self._ear = line, Mouth(line), Ear(line, lambda: None)
        for record in self.recorded.said:
            if record.get("action") == "channel":  # before anything flows
                self._impair(record)
        self.mouth.attach()
        self._ear.attach()  # a far end listens: so the audio is computed in the same steps
        shift_us = self.feeder.shift_us(self.recorded.phone["t"])
        self.feeder.post(self._stimuli(), shift_us, until=self.feeder.far_until)

    def _stimuli(self) -> Iterator[tuple[float, float, Callable[[], object]]]:
        for record in self.recorded.said:
            yield record["n"], record["t"], lambda record=record: self._do(record)  # type: ignore[misc]

    def _do(self, record: Record) -> None:
        if record["kind"] == "note":
            self.line.note(record["text"])
            return
        action = record["action"]
        if self.over:
            return
        if action in LINE_ACTIONS:
            self.over = action in ("hung_up", "failed")
            tell = getattr(self.line, f"far_{action}")
            tell(**_arguments(record, LINE_ACTIONS[action]))
        elif action in DIALOG_ACTIONS:
            tell = getattr(self.line.dialog, f"far_{action}")
            tell(**_arguments(record, DIALOG_ACTIONS[action]))
        elif action in SERVICE_ACTIONS:
            tell = getattr(self.line.services, action)
            tell(**_arguments(record, SERVICE_ACTIONS[action]))
        elif action == "sound":
            self._play(record)
        elif action == "switch":
            self.line.port.switch_channel(Side.SOURCE, record["source"])
            self.line.port.switch_channel(Side.SINK, record["sink"])
            self.line.report("switch", source=record["source"], sink=record["sink"])
        elif action == "quiet":
            self.mouth.stop()
        elif action == "silence":
            self.mouth.silence(record["silent"])

    def _impair(self, record: Record) -> None:
        """Puts the recorded channel in place again; the randomness that it took is taken too."""
        line, side, seed = self.line, Side[record["side"].upper()], record["seed"]
        line.rng.getrandbits(64)
        channel = channel_of(record)
        line.port.impair(side, channel, seed=int(seed))
        line.report("channel", side=record["side"], seed=seed, **asdict(channel))

    def _play(self, record: Record) -> None:
        samples, rate_hz = record["samples"], self.rate_hz
        if "from_sample" in record:
            start, sound = record["from_sample"], self.recorded.clean()
        else:
            start = (record["tick"] - self.recorded.phone["tick"]) * rate_hz // FRAMES_PER_S
            sound = self.recorded.sound()
        pcm = sound[2 * start : 2 * (start + samples)]
        pcm += bytes(2 * samples - len(pcm))  # what the call's end or a kill has cut off
        if "said" in record:
            speech = speech_of(record["said"], pcm)
            self.mouth.say(speech, record.get("speaker", ""), _nothing, record.get("clarity", 1.0))
        else:
            self.mouth.play(pcm, _nothing)

    # --- what the platform does -----------------------------------------------------------------

    def rejected(self, code: int, headers: Headers) -> None:
        self._end()
        if self.successor is not None:
            self.successor.rejected(code, headers)

    def hung_up(self, headers: Headers) -> None:
        self._end()
        if self.successor is not None:
            self.successor.hung_up(headers)

    def ringing(self, headers: Headers) -> None:
        self._successor().ringing(headers)

    def early_media(self, headers: Headers) -> None:
        self._successor().early_media(headers)

    def answered(self, headers: Headers) -> None:
        self._successor().answered(headers)

    def digits(self, digits: str) -> None:
        self._successor().digits(digits)

    def message(self, text: str) -> None:
        self._successor().message(text)

    def info(self, mime_type: str, body: str, headers: Headers) -> None:
        self._successor().info(mime_type, body, headers)

    def referred(self, to: str, headers: Headers, replaces: bool) -> None:
        self._successor().referred(to, headers, replaces)

    def transfer_answered(self, code: int, reason: str) -> None:
        self._successor().transfer_answered(code, reason)

    def reinvited(self, headers: Headers, mime_type: str, body: str) -> None:
        self._successor().reinvited(headers, mime_type, body)

    def reinvite_answered(
        self,
        code: int,
        reason: str,
        headers: Headers = NO_HEADERS,
        mime_type: str = "",
        body: str = "",
    ) -> None:
        self._successor().reinvite_answered(code, reason, headers, mime_type, body)

    def _successor(self) -> Leg:
        """Who hears what the platform does: nobody, as long as the past lasts."""
        return _NOBODY if self.successor is None else self.successor

    def _end(self) -> None:
        self.over = True
        self.mouth.stop()

    def notice(self, mark: Mark) -> None:
        if self.over:
            return
        if self.successor is not None:
            self.successor.notice(mark)
            return
        self._ear.notice(mark)
        self.mouth.notice(mark)


@define(eq=False)
class UnknownPhone(Leg):
    """Somebody whom the recording does not have: the phone rings, and nobody answers."""

    destination: str
    rate_hz: int = 8_000
    client_type: str = "pstn"

    def attach(self, line: LegHost) -> None:
        line.note(f"{self.destination} was not called in the recording: nobody answers")


@define(eq=False)
class ReplayedPhones:
    """The phones of a replay.

    Attributes:
        script: Who calls, and when.
        made_up: The destinations that the recording does not have.
        legs: The legs given out, in order.
        later: Finds the phones of calls that are made once the past is over.
    """

    feeder: Feeder
    script: CallerScript
    calls: list[RecordedCall] = field(repr=False)
    reached: list[Record] = field(factory=list, repr=False)
    made_up: list[str] = field(factory=list, init=False)
    legs: list[ReplayedLeg] = field(factory=list, init=False)
    later: Switchboard | None = field(default=None, init=False)

    @property
    def given_up(self) -> list[str]:
        """The waits of those who took over when the past was over."""
        return list(self.later.given_up) if self.later is not None else []

    def incoming(self, caller: Caller | None = None) -> Leg:
        """The leg of the next caller of the recording."""
        call = self._take(lambda one: one.phone["incoming"])
        return UnknownPhone("the caller") if call is None else self._leg(call)

    def outgoing(
        self, kind: str, destination: str, details: Mapping[str, Any] | None = None
    ) -> Leg:
        """The leg that the recording has for this destination, or for the next one of its kind."""
        if self.later is not None:
            return self.later.outgoing(kind, destination, details)
        call = self._take(lambda one: self._is_for(one, destination)) or self._take(
            lambda one: not one.phone["incoming"] and one.phone["client_type"] == kind
        )
        if call is not None:
            return self._leg(call)
        if destination not in self.made_up:
            self.made_up.append(destination)
        return UnknownPhone(destination)

    def conference(self, identifier: str) -> Leg | None:
        """The leg of whoever stood for a conference in the recording, if somebody did."""
        if self.later is not None:
            return self.later.conference(identifier)
        call = self._take(lambda one: self._is_for(one, identifier))
        if call is None:
            return None
        leg = self._leg(call)
        leg.is_conference = True
        return leg

    def reach(self, destination: str) -> tuple[int, int, str]:
        """What the recording says of a call made outside of the session."""
        if self.later is not None:
            return self.later.reach(destination)
        for record in self.reached:
            if record["to"] == destination:
                self.reached.remove(record)
                return record["after_ms"], record["code"], record.get("reason", "")
        return 0, 480, "Temporarily Unavailable"

    def _is_for(self, call: RecordedCall, destination: str) -> bool:
        return not call.phone["incoming"] and call.phone.get("number", "") == destination

    def _take(self, fits: Callable[[RecordedCall], bool]) -> RecordedCall | None:
        found = next((call for call in self.calls if fits(call)), None)
        if found is not None:
            self.calls.remove(found)
        return found

    def _leg(self, call: RecordedCall) -> ReplayedLeg:
        leg = ReplayedLeg(call, self.feeder)
        self.legs.append(leg)
        return leg


def recorded_callers(folder: RunFolder) -> CallerScript:
    """Who called in a recording: the first caller, and those who dialled later."""
    dialled = [one for one in folder.of_kind("far") if one.get("action") == "dials"]
    callers = [
        Caller(
            name=record["name"],
            number=record["number"],
            client_type=record["client_type"],
            rate_hz=record["rate_hz"],
            headers=record["headers"],
            custom_data=record.get("custom_data", ""),
            to=record["to"],
            after_ms=round(record["t"]),
        )
        for record in dialled
    ]
    if callers and not _began_with_a_call(folder):
        return CallerScript(callers=tuple(callers))
    return CallerScript(caller=callers[0] if callers else Caller(), callers=tuple(callers[1:]))


def _began_with_a_call(folder: RunFolder) -> bool:
    options = folder.run.get("options", {})
    return not options.get("start") and "call_list" not in options


def channel_of(record: Record) -> Channel:
    """The channel of a record.

    Raises:
        MediaError: A value of it is out of its range.
        TypeError: One is of another kind.
    """
    given: dict[str, Any] = {one.name: record.get(one.name, one.default) for one in fields(Channel)}
    return Channel(**given)


def _arguments(record: Record, names: tuple[str, ...]) -> dict[str, Any]:
    empty: dict[str, Any] = {"headers": {}}  # a record leaves out what is empty
    return {_RENAMED.get(n, n): record.get(n, empty.get(n, "")) for n in names}


def _nothing() -> None:
    """The end of a sound has no consequence: what followed it is in the recording too."""
