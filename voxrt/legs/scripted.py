"""The legs of a script: the caller of an incoming call, and a party that the scenario calls."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, cast

from attrs import asdict, define, field

from voxrt.clock import US_PER_MS
from voxrt.legs.performer import KEY_OFF_MS, KEY_ON_MS, KEY_PAUSE_MS, Performer
from voxrt.legs.script import Caller, Party, Person
from voxrt.media.graph import Side
from voxrt.vox.call_facts import REASONS
from voxrt.vox.leg import NO_HEADERS, Leg

if TYPE_CHECKING:
    from voxrt.clock import Timer
    from voxrt.media.graph import Mark
    from voxrt.vox.leg import Headers, LegHost


#: After an answer the platform needs 20 ms until media flows; a person needs no less.
CONNECTED_AFTER_MS = 40

#: How long a phone takes to answer what is a matter of the two ends only: a re-INVITE, a REFER
#: that it refuses, the taking over of a call that exists.
ANSWERS_AFTER_MS = 100

#: What becomes of a call that the phone makes by itself: after how many ms, SIP code, reason.
Reach = Callable[[str], tuple[int, int, str]]


@define(eq=False)
class _Scripted(Leg):
    """What both have in common: a performer, and timers that end with the call.

    Attributes:
        person: Whose script it is.
        connected: Whether the call has been answered.
        over: Whether the call has ended.
        given_up: The waits that timed out, in words.
        reach: What becomes of the calls that this phone makes outside of the session.
    """

    person: Person
    rate_hz: int = field(init=False)
    client_type: str = field(init=False)
    has_video: bool = field(init=False)
    performer: Performer = field(init=False)
    connected: bool = field(default=False, init=False)
    over: bool = field(default=False, init=False)
    given_up: list[str] = field(factory=list, init=False)
    reach: Reach = field(default=lambda _: (1_000, 200, "OK"), init=False)
    _line: LegHost = field(init=False)
    _timers: list[Timer] = field(factory=list, init=False)

    def __attrs_post_init__(self) -> None:
        self.rate_hz = self.person.audio_hz
        self.client_type = self.person.client_type
        self.has_video = self.person.video

    def attach(self, line: LegHost) -> None:
        self._line = line
        for side, channel in (
            (Side.SOURCE, self.person.sends_over),
            (Side.SINK, self.person.hears_over),
        ):
            if channel is not None:
                seed = line.rng.getrandbits(64)
                line.port.impair(side, channel, seed=seed)
                line.report("channel", side=side.name.lower(), seed=str(seed), **asdict(channel))
        self.performer = Performer(line, self.person, self._hang_up, self.given_up)
        self.performer.attach()

    def answered(self, headers: Headers) -> None:
        self._connect()

    def rejected(self, code: int, headers: Headers) -> None:
        self._end()

    def hung_up(self, headers: Headers) -> None:
        self._end()

    def digits(self, digits: str) -> None:
        at_ms = 0
        for group in re.findall("p|[^p]+", digits.lower()):
            if group == "p":
                at_ms += KEY_PAUSE_MS
            else:
                at_ms += len(group) * (KEY_ON_MS + KEY_OFF_MS)
                self._later(at_ms, partial(self._hear_digits, group))

    def _hear_digits(self, digits: str) -> None:
        self._line.note(f"hears the digits {digits}")
        self.performer.event("digits")

    def message(self, text: str) -> None:
        self._line.note(f'reads "{text}"')
        self.performer.event("message")

    def info(self, mime_type: str, body: str, headers: Headers) -> None:
        self._line.note(f"gets an INFO ({mime_type})")
        self.performer.event("info")

    def referred(self, to: str, headers: Headers, replaces: bool) -> None:
        self._line.note(f"is asked to {'take over the call with' if replaces else 'call'} {to}")
        self.performer.event("transfer")
        if self.person.transfer_fails:
            code = self.person.transfer_fails
            after_ms, reason = ANSWERS_AFTER_MS, REASONS.get(code, "")
        elif replaces:
            after_ms, code, reason = ANSWERS_AFTER_MS, 200, "OK"
        else:
            after_ms, code, reason = self.reach(to)
        self._later(after_ms, partial(self._line.dialog.far_transfer_answered, code, reason))

    def transfer_answered(self, code: int, reason: str) -> None:
        self._answered(code, reason)

    def reinvited(self, headers: Headers, mime_type: str, body: str) -> None:
        self._line.note("gets a re-INVITE")
        self.performer.event("reinvite")
        code = self.person.reinvite_fails or 200
        answer = partial(
            self._line.dialog.far_reinvite_answered,
            code,
            REASONS.get(code, ""),
            mime_type=mime_type if code == 200 else "",
        )
        self._later(ANSWERS_AFTER_MS, answer)

    def reinvite_answered(
        self,
        code: int,
        reason: str,
        headers: Headers = NO_HEADERS,
        mime_type: str = "",
        body: str = "",
    ) -> None:
        self._answered(code, reason)

    def _answered(self, code: int, reason: str) -> None:
        """What the phone does then, it does not do within the scenario's own call."""
        self._later(0, partial(self.performer.answered, code, reason))

    def notice(self, mark: Mark) -> None:
        if not self.over:
            self.performer.notice(mark)

    def _later(self, delay_ms: int, call: Callable[..., None], *args: str) -> None:
        self._timers.append(self._line.clock.call_later(delay_ms * US_PER_MS, call, *args))

    def _connect(self) -> None:
        """Begins to speak as soon as what is said can be heard."""
        self.connected = True
        self._later(CONNECTED_AFTER_MS, self.performer.signal, "answer")
        self._later(CONNECTED_AFTER_MS, self.performer.start)

    def _hang_up(self) -> None:
        self._end()
        self._line.far_hung_up()

    def _end(self) -> None:
        self.over = True
        self.performer.stop()
        for timer in self._timers:
            timer.cancel()


class ScriptedCaller(_Scripted):
    """Makes the incoming call and carries out the caller's steps.

    The steps begin when the platform answers, or with the call itself when one of them waits for
    `ringing`, `early_media` or `answer`. A caller who gives up before the answer hangs up.
    """

    def attach(self, line: LegHost) -> None:
        super().attach(line)
        caller = cast("Caller", self.person)
        if caller.begins_when_dialled:
            line.clock.call_soon(self.performer.start)
        if caller.patience_ms:
            self._later(caller.patience_ms, self._give_up)

    def ringing(self, headers: Headers) -> None:
        self.performer.signal("ringing")

    def early_media(self, headers: Headers) -> None:
        self.performer.signal("early_media")

    def answered(self, headers: Headers) -> None:
        for timer in self._timers:  # patience is no longer needed
            timer.cancel()
        super().answered(headers)

    def _give_up(self) -> None:
        self._line.note("gives up waiting for an answer and hangs up")
        self._hang_up()


class ScriptedParty(_Scripted):
    """A phone that the scenario calls: rings, is answered or not, and carries out its steps."""

    def attach(self, line: LegHost) -> None:
        super().attach(line)
        self.performer.ear.restart()

    def alert(self, headers: Headers) -> None:
        party = cast("Party", self.person)
        if not party.offline:
            self._alert()
            return
        self._line.note("is not online")
        if party.online_after_ms is not None:
            self._later(party.online_after_ms, self._come_online)
        self._line.far_offline()

    def _come_online(self) -> None:
        self._line.note("comes online")
        self._alert()

    def _alert(self) -> None:
        party = cast("Party", self.person)
        if party.forwarded_after_ms is not None:
            self._later(party.forwarded_after_ms, self._forward)
        if party.rings:
            self._later(party.ring_after_ms, self._ring)
        if party.early_media is not None:
            after_ms = party.early_media_after_ms
            self._later(party.ring_after_ms if after_ms is None else after_ms, self._play_early)
        if party.fail is not None:
            self._later(party.fail_after_ms, self._fail)
        elif party.answer_after_ms is not None:
            self._later(party.answer_after_ms, self._answer)
        else:
            self._line.note("does not answer")

    def _forward(self) -> None:
        self._line.note("is forwarded to another phone")
        self._line.far_forwarding()

    def _ring(self) -> None:
        self._line.note("rings")
        self._line.far_ringing(self.person.headers)

    def _play_early(self) -> None:
        party, line = cast("Party", self.person), self._line
        line.far_early_media(self.person.headers)
        sound, rate_hz = party.early_media, line.port.rate_hz
        if isinstance(sound, str):
            line.note(f'announces "{sound}"')
            speech = line.speaker.say(sound, voice=party.voice, rate_hz=rate_hz)
        else:
            assert sound is not None
            line.note(f"plays {sound.name}")
            speech = sound.speech(rate_hz)
        self.performer.mouth.say(speech, party.name, _nothing)

    def _fail(self) -> None:
        party = cast("Party", self.person)
        assert party.fail is not None
        code, reason = party.fail
        self._line.note(f"fails the call with {code} {reason}".rstrip())
        self._end()
        self._line.far_failed(code, reason, self.person.headers)

    def _answer(self) -> None:
        self._line.note("answers")
        self.performer.mouth.stop()
        self._line.far_answered(self.person.headers)
        self._connect()


def _nothing() -> None:
    """An announcement has no one who waits for its end."""
