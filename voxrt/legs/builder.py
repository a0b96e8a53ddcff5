"""Caller scripts written in Python.

    from voxrt.legs.builder import caller, party

    script = (
        caller(number="15551234567")
        .listen()
        .say("I'd like a table for two.")
        .barge_in("No, for three!", after_ms=400)
        .listen()
        .press("1#")
        .hang_up()
        .script(party("15557654321", busy=True))
    )

The steps and their options are those of the YAML format (docs/caller-script.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from attrs import define, evolve

from voxrt.legs.script import FAILURES, Caller, CallerScript, Party, PartyKind, Person
from voxrt.legs.sound_file import load_sound
from voxrt.legs.steps import (
    DEFAULT_BARGE_IN_MS,
    DEFAULT_BEEP_HZ,
    DEFAULT_BEEP_MS,
    DEFAULT_SILENCE_MS,
    DEFAULT_TONE_MS,
    HANG_UP,
    MOST_CONFIDENT,
    Beep,
    Condition,
    Connect,
    DigitKind,
    Identify,
    Info,
    Message,
    Play,
    Press,
    Reinvite,
    Request,
    Say,
    Statistics,
    Step,
    Switch,
    Tone,
    Transfer,
    Wait,
    WaitFor,
    voicemail,
)
from voxrt.media.channel import Channel
from voxrt.outside.peers import PeerPlan
from voxrt.vox.call_facts import REASONS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SomePerson = TypeVar("SomePerson", bound=Person)


@define
class Steps(Generic[SomePerson]):
    """Somebody, to whose script each method adds a step; all return the same object."""

    person: SomePerson

    def _add(self, *steps: Step) -> Self:
        self.person = evolve(self.person, steps=(*self.person.steps, *steps))
        return self

    def channel(
        self,
        *,
        send: Mapping[str, Any] | None = None,
        receive: Mapping[str, Any] | None = None,
        **both: Any,
    ) -> Self:
        """Says what the sound goes through from and to the phone; no step.

        Args:
            send: Fields of `voxrt.media.channel.Channel` for the way from the phone.
            receive: The same for the way to it.
            both: The same for both ways; `send` and `receive` win.
        """
        self.person = evolve(
            self.person,
            sends_over=Channel(**{**both, **(send or {})}),
            hears_over=Channel(**{**both, **(receive or {})}),
        )
        return self

    def say(self, text: str, *, voice: str = "", speed: float = 1.0, unclear: float = 0.0) -> Self:
        """Speaks a text; `unclear` is the share of it that a recogniser does not understand."""
        return self._add(Say(text=text, voice=voice, speed=speed, unclear=unclear))

    def play(self, path: str | Path, text: str = "") -> Self:
        """Plays a WAV file; `text` is what is said in it."""
        return self._add(Play(sound=load_sound(path, text)))

    def voicemail(
        self, greeting: str, *, voice: str = "", speed: float = 1.0, **options: Any
    ) -> Self:
        """Is an answering machine; options are `pause_ms`, `beep_hz`, `beep_ms`."""
        return self._add(*voicemail(Say(text=greeting, voice=voice, speed=speed), **options))

    def beep(self, ms: int = DEFAULT_BEEP_MS, *, hz: int = DEFAULT_BEEP_HZ) -> Self:
        """Plays a tone."""
        return self._add(Beep(hz=hz, ms=ms))

    def wait(self, ms: int) -> Self:
        """Lets time pass."""
        return self._add(Wait(ms=ms))

    def wait_for(self, condition: Condition, name: str = "", **options: Any) -> Self:
        """Waits until something is so; options are `for_ms`, `after_ms`, `timeout_ms`,
        `on_timeout`."""
        return self._add(WaitFor(condition=condition, name=name, **options))

    def listen(self, *, for_ms: int = DEFAULT_SILENCE_MS, **options: Any) -> Self:
        """Lets the agent speak until it has been silent for a while."""
        return self.wait_for("agent_turn", for_ms=for_ms, **options)

    def barge_in(
        self,
        text: str,
        *,
        after_ms: int = DEFAULT_BARGE_IN_MS,
        voice: str = "",
        speed: float = 1.0,
        unclear: float = 0.0,
        **options: Any,
    ) -> Self:
        """Speaks a text `after_ms` after the agent began to speak; options are those of
        `wait_for`."""
        waiting = self.wait_for("agent_speech", after_ms=after_ms, **options)
        return waiting.say(text, voice=voice, speed=speed, unclear=unclear)

    def press(self, digits: str, *, kind: DigitKind = "rfc2833") -> Self:
        """Presses keys."""
        return self._add(Press(digits=digits, kind=kind))

    def message(self, text: str) -> Self:
        """Sends a text message over the call."""
        return self._add(Message(text=text))

    def info(
        self, body: str, mime_type: str = "text/plain", headers: Mapping[str, str] | None = None
    ) -> Self:
        """Sends a SIP INFO over the call."""
        return self._add(Info(body=body, mime_type=mime_type, headers=headers or {}))

    def tone(self, *frequencies_hz: int, ms: int = DEFAULT_TONE_MS) -> Self:
        """Plays a tone of one to four frequencies."""
        return self._add(Tone(frequencies_hz=frequencies_hz, ms=ms))

    def hold(self) -> Self:
        """Puts the call on hold: nothing is heard either way."""
        return self._add(Switch(what="hold"))

    def unhold(self) -> Self:
        """Takes the call off hold."""
        return self._add(Switch(what="unhold"))

    def mute(self) -> Self:
        """Mutes the microphone: silence is sent."""
        return self._add(Switch(what="mute"))

    def unmute(self) -> Self:
        """Unmutes the microphone."""
        return self._add(Switch(what="unmute"))

    def stop_rtp(self) -> Self:
        """Sends no audio packets any more."""
        return self._add(Switch(what="stop_rtp"))

    def resume_rtp(self) -> Self:
        """Sends audio packets again."""
        return self._add(Switch(what="resume_rtp"))

    def transfer(self, to: str, headers: Mapping[str, str] | None = None, **options: Any) -> Self:
        """Asks the platform to transfer the call; options are `timeout_ms`, `on_timeout`."""
        return self._add(Transfer(to=to, headers=headers or {}, **options))

    def reinvite(
        self,
        body: str = "",
        mime_type: str = "application/sdp",
        headers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> Self:
        """Sends a re-INVITE; options are `timeout_ms`, `on_timeout`."""
        return self._add(Reinvite(body=body, mime_type=mime_type, headers=headers or {}, **options))

    def identify(
        self, audio_type: str, *, subtype: str = "NONE", confidence: float = MOST_CONFIDENT
    ) -> Self:
        """Has the platform's hidden voicemail service say who this is: one of `AMD.ResultClass`,
        or `error`."""
        step = Identify(audio_type=audio_type, subtype=subtype, confidence=confidence)
        return self._add(step)

    def statistics(self) -> Self:
        """Has the platform send the deprecated event `Statistics`."""
        return self._add(Statistics())

    def request(
        self,
        path: str = "",
        content: str = "",
        *,
        method: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """Asks the session's access URL over HTTP, at this moment of the call."""
        return self._add(Request(path=path, content=content, method=method, headers=headers or {}))

    def websocket(
        self,
        path: str = "",
        plan: PeerPlan | None = None,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """Opens a WebSocket to the session's access URL, at this moment of the call."""
        return self._add(Connect(path=path, plan=plan or PeerPlan(), headers=headers or {}))

    def hang_up(self) -> Self:
        """Ends the call."""
        return self._add(HANG_UP)


@define
class CallerSteps(Steps[Caller]):
    """The caller's script."""

    def script(self, *others: PartySteps | CallerSteps) -> CallerScript:
        """The whole script, with the parties that the scenario may call, and further callers."""
        people = [steps.person for steps in others]
        return CallerScript(
            caller=self.person,
            parties=tuple(person for person in people if isinstance(person, Party)),
            callers=tuple(person for person in people if isinstance(person, Caller)),
        )


@define
class PartySteps(Steps[Party]):
    """The script of somebody whom the scenario may call."""


def caller(**about: Any) -> CallerSteps:
    """Somebody who calls; the arguments are the fields of `voxrt.legs.script.Caller`."""
    return CallerSteps(Caller(**about))


def party(
    match: str,
    *,
    busy: bool = False,
    no_answer: bool = False,
    fail: int | str | None = None,
    reason: str | None = None,
    kind: PartyKind = "",
    **about: Any,
) -> PartySteps:
    """Somebody whom the scenario may call; the arguments are the keys of a party in YAML."""
    code = FAILURES["busy"] if busy else FAILURES[fail] if isinstance(fail, str) else fail
    if code is not None:
        text = REASONS.get(code, "") if reason is None else reason
        about = {"rings": False, "fail": (code, text), **about}
    if code is not None or no_answer:
        about["answer_after_ms"] = None
    return PartySteps(Party(match=match, kind=kind, **about))
