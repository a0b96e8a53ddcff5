"""Carries out the steps of a script, one after the other, on the run's clock.

There is no task: a step ends in a call-back of the clock or in a mark of the port, and that begins
the next one. So a script in virtual time costs only its steps, and runs alike every time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define, field

from voxrt.clock import US_PER_MS, US_PER_S
from voxrt.legs.ear import Ear
from voxrt.legs.mouth import Mouth
from voxrt.legs.steps import (
    NOT_IDENTIFIED,
    Beep,
    Connect,
    HangUp,
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
)
from voxrt.media.codecs import dtmf, tone
from voxrt.media.graph import Side
from voxrt.media.port import SenderMode

if TYPE_CHECKING:
    from collections.abc import Callable

    from voxrt.clock import Timer
    from voxrt.legs.script import Person
    from voxrt.media.graph import Mark
    from voxrt.vox.leg import LegHost

TONE_DBFS = -15.0
KEY_ON_MS, KEY_OFF_MS, KEY_PAUSE_MS = 100, 100, 500
_DIGIT_KINDS = {"rfc2833": 1, "info": 3}


@define(eq=False)
class Performer:
    """One person's script on one call.

    Args:
        line: The call.
        person: Whose script it is.
        hang_up: Ends the call; the performer calls it once at most.
        given_up: Where it notes the waits that timed out, in words.

    Attributes:
        finished: Whether the last step has been done.
        gave_up: How a wait timed out for which they hung up, in words.
    """

    _line: LegHost
    _person: Person
    _hang_up: Callable[[], None]
    _given_up: list[str]
    finished: bool = field(default=False, init=False)
    gave_up: str = field(default="", init=False)
    mouth: Mouth = field(init=False)
    ear: Ear = field(init=False)
    _steps: list[Step] = field(init=False)
    _index: int = field(default=-1, init=False)
    _running: bool = field(default=False, init=False)
    _stopped: bool = field(default=False, init=False)
    _timers: list[Timer] = field(factory=list, init=False)
    _waiting: WaitFor | None = field(default=None, init=False)
    _asked: Transfer | Reinvite | None = field(default=None, init=False)
    """What the platform has not answered yet."""
    _unheard: set[str] = field(factory=set, init=False)
    """Why nothing of this side is heard: `hold`, `mute`, `rtp`."""
    _due: Timer | None = field(default=None, init=False)
    _signals: dict[str, int] = field(factory=dict, init=False)
    _events: dict[str, int] = field(factory=dict, init=False)
    _began_us: int = field(default=0, init=False)
    _previous_began_us: int = field(default=0, init=False)

    def __attrs_post_init__(self) -> None:
        self.mouth = Mouth(self._line)
        self.ear = Ear(self._line, self._look)
        self._steps = list(self._person.steps)

    @property
    def began(self) -> bool:
        """Whether the first step has begun."""
        return self._index >= 0

    @property
    def undone(self) -> list[Step]:
        """The steps that have not been done; of one under way, only speech that was cut off."""
        if self.finished:
            return []
        begun = self._index if self.began else 0
        passed_by = self.began and not isinstance(self._steps[begun], Say | Play)
        return self._steps[begun + passed_by :]

    @property
    def steps_begun(self) -> int:
        """How many steps have begun; what YAML writes as one may be two."""
        return max(0, self._index + 1)

    def attach(self) -> None:
        """Begins to listen to the call and to the session's events."""
        self.mouth.attach()
        self.ear.attach()
        self._line.on_event(self.event)

    def start(self) -> None:
        """Begins the first step; a second time does nothing."""
        if self._index < 0:
            self._running = True
            self.ear.restart()
            self._began_us = self._line.clock.now_us()
            self._next()

    def stop(self) -> None:
        """Ends everything at once: the call is over."""
        if self._person.prompter is not None and not self._stopped:
            self._person.prompter.call_over()
        self._running, self._stopped = False, True
        self._waiting = self._asked = None
        self.mouth.stop()
        self._cancel_timers()

    def signal(self, name: str) -> None:
        """Notes that the platform did something that a script waits for once: `answer`."""
        self._signals.setdefault(name, self._line.clock.now_us())
        self._look()

    def event(self, name: str) -> None:
        """Notes what may happen many times: an event of the session, `message`, `digits`."""
        self._events[name] = self._events[name.rpartition(".")[2]] = self._line.clock.now_us()
        if self._waiting is not None:
            self._look()

    def answered(self, code: int, reason: str) -> None:
        """The platform answered what was asked of it: 200, or a code of failure."""
        asked, self._asked = self._asked, None
        if asked is None:
            return
        what = "transfer" if isinstance(asked, Transfer) else "re-INVITE"
        if code != 200:
            self._line.note(f"the {what} failed: {code} {reason}".rstrip())
        elif isinstance(asked, Transfer):
            self.finished = self._index == len(self._steps) - 1
            self._leave("the transfer worked: hangs up")
            return
        else:
            self._line.note("the re-INVITE was accepted")
        self._next()

    def notice(self, mark: Mark) -> None:
        """Takes a mark of the call's port."""
        self.ear.notice(mark)
        self.mouth.notice(mark)

    def _later(self, delay_us: int, call: Callable[..., object], *args: object) -> Timer:
        """A timer of the present step; it does not outlive it."""
        timer = self._line.clock.call_later(delay_us, call, *args)
        self._timers.append(timer)
        return timer

    def _cancel_timers(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()

    def _next(self) -> None:
        """Goes to the next step, after whatever else is due now."""
        self._waiting = None
        self._cancel_timers()
        self._later(0, self._begin)

    def _begin(self) -> None:
        if not self._running:
            return
        self._index += 1
        self._previous_began_us, self._began_us = self._began_us, self._line.clock.now_us()
        if self._index == len(self._steps) and self._person.prompter is not None:
            self._steps += self._person.prompter.next_steps(
                self._line.call_id, self._line.clock.now_us() / US_PER_MS
            )
        if self._index < len(self._steps):
            self._perform(self._steps[self._index])
            return
        self.finished = True
        if self._person.then == "hang_up":
            self._leave("hangs up")

    def _perform(self, step: Step) -> None:
        line = self._line
        if isinstance(step, Say):
            self._say(step)
        elif isinstance(step, Play):
            line.note(f"plays {step.sound.name}")
            self.ear.forget()
            self.mouth.say(step.sound.speech(line.port.rate_hz), self._person.name, self._said)
        elif isinstance(step, Beep):
            line.note(f"beeps at {step.hz} Hz")
            self.ear.forget()
            self.mouth.play(tone([step.hz], line.port.rate_hz, step.ms), self._said)
        elif isinstance(step, Wait):
            self._later(step.ms * US_PER_MS, self._next)
        elif isinstance(step, WaitFor):
            self._wait_for(step)
        elif isinstance(step, Press):
            line.note(f"presses {step.digits}")
            self._press(step)
        elif isinstance(step, HangUp):
            self.finished = self._index == len(self._steps) - 1
            self._leave("hangs up")
        elif isinstance(step, Message):
            line.note(f'writes "{step.text}"')
            line.far_message(step.text)
            self._next()
        elif isinstance(step, Tone):
            line.note(f"plays a tone of {' and '.join(map(str, step.frequencies_hz))} Hz")
            self.ear.forget()
            rate_hz = line.port.rate_hz
            pcm = tone(step.frequencies_hz, rate_hz, step.ms, level_dbfs=TONE_DBFS)
            self.mouth.play(pcm, self._said)
        elif isinstance(step, Switch):
            self._switch(step)
        elif isinstance(step, Transfer):
            line.note(f"transfers the call to {step.to}")
            self._ask(step)
            line.dialog.far_transfer(step.to, step.headers)
        elif isinstance(step, Reinvite):
            line.note("sends a re-INVITE")
            self._ask(step)
            line.dialog.far_reinvite(step.headers, step.mime_type, step.body)
        elif isinstance(step, Request):
            line.note(f"asks the session: {step.verb} {step.path}".rstrip())
            line.ask_session(step.verb, step.path, step.content, step.headers)
            self._next()
        elif isinstance(step, Connect):
            line.note(f"connects a WebSocket: {step.path}".rstrip(": "))
            line.connect_to_session(step.path, step.headers, step.plan)
            self._next()
        elif isinstance(step, Identify):
            self._identify(step)
        elif isinstance(step, Statistics):
            line.note("has the platform send its statistics")
            line.services.statistics()
            self._next()
        else:
            assert isinstance(step, Info)
            line.note(f"sends an INFO ({step.mime_type})")
            line.far_info(step.mime_type, step.body, step.headers)
            self._next()

    def _say(self, step: Say) -> None:
        line = self._line
        speech = line.speaker.say(
            step.text,
            voice=step.voice or self._person.voice,
            rate_hz=line.port.rate_hz,
            speed=step.speed,
        )
        line.note(f'says "{speech.text}"')
        self.ear.forget()
        self.mouth.say(speech, self._person.name, self._said, 1.0 - step.unclear)

    def _said(self) -> None:
        self.ear.remember()
        self._next()

    def _press(self, step: Press) -> None:
        self.ear.forget()
        rate_hz = self._line.port.rate_hz
        if step.kind == "inband":
            pause = bytes(2 * KEY_PAUSE_MS * rate_hz // 1_000)
            tones = [
                pause if digit == "p" else dtmf(digit, rate_hz, KEY_ON_MS, KEY_OFF_MS)
                for digit in step.digits
            ]
            self.mouth.play(b"".join(tones), self._said)
            return
        at_ms = 0
        for digit in step.digits:
            if digit == "p":
                at_ms += KEY_PAUSE_MS
                continue
            self._later(at_ms * US_PER_MS, self._line.far_digit, digit, _DIGIT_KINDS[step.kind])
            at_ms += KEY_ON_MS + KEY_OFF_MS
        self._later(at_ms * US_PER_MS, self._said)

    def _switch(self, step: Switch) -> None:
        line = self._line
        line.note(step.meaning)
        on = step.what in ("hold", "mute", "stop_rtp")
        why = step.what.removeprefix("un").removeprefix("stop_").removeprefix("resume_")
        (self._unheard.add if on else self._unheard.discard)(why)
        self.mouth.silence(bool(self._unheard))
        no_packets = self._unheard & {"hold", "rtp"}
        source: SenderMode = "stops" if no_packets else "muted" if self._unheard else "sends"
        sink: SenderMode = "stops" if "hold" in self._unheard else "sends"
        line.port.switch_channel(Side.SOURCE, source)
        line.port.switch_channel(Side.SINK, sink)
        if line.port.channel(Side.SOURCE) or line.port.channel(Side.SINK):
            line.report("switch", source=source, sink=sink)
        if why == "hold":
            (line.dialog.far_hold if on else line.dialog.far_unhold)()
        elif why == "rtp":
            line.far_sends(not on)
        self._next()

    def _identify(self, step: Identify) -> None:
        line = self._line
        if step.audio_type == NOT_IDENTIFIED:
            line.note("cannot be identified by the platform")
            line.services.not_identified()
        else:
            line.note(f"is identified by the platform as {step.audio_type}")
            line.services.identified(step.audio_type, step.subtype, step.confidence)
        self._next()

    def _ask(self, step: Transfer | Reinvite) -> None:
        self._asked = step
        self._later(step.timeout_ms * US_PER_MS, self._give_up, step)

    def _wait_for(self, step: WaitFor) -> None:
        self._waiting, self._due = step, None
        self._later(step.timeout_ms * US_PER_MS, self._give_up, step)
        self._look()

    def _look(self) -> None:
        """Sees whether what is waited for came about, and goes on when its time has come."""
        step = self._waiting
        if step is None:
            return
        if self._due is not None:
            self._due.cancel()
        came_us = self._came_about(step)
        if came_us is not None:
            wait_us = came_us + step.after_ms * US_PER_MS - self._line.clock.now_us()
            self._due = self._later(wait_us, self._next)

    def _came_about(self, step: WaitFor) -> int | None:
        """Since when what is waited for is so, in microseconds; `None` while it is not."""
        ear = self.ear
        quiet_us = ear.since_us + step.for_ms * US_PER_MS
        if step.condition == "agent_speech":
            return ear.since_us if ear.speaking else None
        if step.condition == "agent_silence":
            return None if ear.speaking else quiet_us
        if step.condition == "agent_turn":
            return quiet_us if ear.spoke and not ear.speaking else None
        if step.condition in ("answer", "ringing", "early_media"):
            return self._signals.get(step.condition)
        at_us = self._events.get(step.name or step.condition)
        return at_us if at_us is not None and at_us >= self._previous_began_us else None

    def _give_up(self, step: WaitFor | Transfer | Reinvite) -> None:
        self._asked = None
        waited = f"waited {step.timeout_ms * US_PER_MS / US_PER_S:g} s for {step.meaning}"
        self._given_up.append(f"{self._person.name} {waited}")
        if step.on_timeout == "hang_up":
            self.gave_up = waited
            self._leave(f"{waited} and hangs up")
        else:
            self._line.note(f"{waited} and goes on")
            self._next()

    def _leave(self, how: str) -> None:
        self._line.note(how)
        self.stop()
        self._hang_up()
