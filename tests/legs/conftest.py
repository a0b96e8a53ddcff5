"""A call for the legs under test: the platform's side of it, played by the test."""

from __future__ import annotations

from random import Random

import pytest
import trio

from voxrt.clocks import VirtualClock
from voxrt.media.graph import Graph, Side
from voxrt.media.hearing import Hearing
from voxrt.media.speech import Speaker
from voxrt.media.utterances import Utterances
from voxrt.session.media import MediaDriver


class Line:
    """A `LegHost` over the real graph that writes down what the leg does.

    `told` is a list of (milliseconds, what) with the leg's doings as short texts. What the leg says
    goes to the port `agent`, and what the test lets the agent say comes back from there.
    """

    def __init__(self, leg):
        self.leg = leg
        self.clock = VirtualClock()
        self.graph = Graph()
        self.port = self.graph.port("call", leg.rate_hz)
        self.agent = self.graph.port("agent", 24_000)
        self.agent.send_to(self.port)
        self.port.send_to(self.agent)
        self.speaker = Speaker("synthetic")
        self.utterances = Utterances()
        self.rng = Random(1)
        self.media = MediaDriver(self.clock, self.graph)
        self.media.listen(self.port, leg.notice)
        self.hearing = Hearing(self.utterances)
        self.ledger = self.agent.ledger(Side.SINK)
        self.notes = []
        self.reports = []
        self.told = []
        self.dialog = self
        self.services = self
        self.listeners = []
        leg.attach(self)

    @property
    def now_ms(self):
        return self.clock.now_us() // 1_000

    def at(self, ms, call, *args):
        """Lets the test do something at a time."""
        self.clock.call_at(ms * 1_000, call, *args)

    def agent_says(self, ms, text):
        """Lets the agent speak, beginning at a time; returns its length in ms."""
        speech = self.speaker.say(text, rate_hz=24_000)
        tag = self.utterances.add(speech, "agent")
        self.at(ms, lambda: self.agent.push(speech.pcm, tag=tag))
        return speech.samples // 24

    def emit(self, name):
        """An event of the scenario's session."""
        for listener in self.listeners:
            listener(name)

    def run(self, ms):
        """Runs the call up to a time."""
        over = []
        self.at(ms, lambda: over.append(True))
        trio.run(self.clock.drive, self.media, lambda: bool(over), clock=self.clock.trio_clock)
        return self

    def heard(self):
        """The words that reached the agent, as (ms, text)."""
        words = self.hearing.feed(self.ledger.read(), self.clock.now_us())
        return [(w.start_us // 1_000, w.text) for w in words if w.speaker != "agent"]

    def _tell(self, what):
        self.told.append((self.now_ms, what))

    def far_ringing(self, headers=()):
        self._tell("ringing")

    def far_early_media(self, headers=()):
        self._tell("early media")

    def far_answered(self, headers=()):
        self._tell("answered")

    def far_failed(self, code, reason="", headers=()):
        self._tell(f"failed {code} {reason}")

    def far_hung_up(self, reason="BYE received"):
        self._tell("hung up")

    def far_digit(self, digit, kind):
        self._tell(f"digit {digit} {kind}")

    def far_message(self, text):
        self._tell(f"message {text}")

    def far_info(self, mime_type, body, headers=()):
        self._tell(f"info {mime_type} {body} {dict(headers)}")

    def far_sends(self, sends):
        self._tell("sends" if sends else "sends nothing")

    def far_forwarding(self):
        self._tell("forwarding")

    def far_hold(self):
        self._tell("hold")

    def far_unhold(self):
        self._tell("unhold")

    def far_reinvite(self, headers=(), mime_type="", body=""):
        self._tell(f"reinvite {mime_type} {body} {dict(headers)}")

    def far_transfer(self, to, headers=()):
        self._tell(f"transfer {to} {dict(headers)}")

    def far_reinvite_answered(self, code, reason="", headers=(), mime_type="", body=""):
        self._tell(f"reinvite answered {code} {reason} {mime_type}".rstrip())

    def far_transfer_answered(self, code, reason="", headers=()):
        self._tell(f"transfer answered {code} {reason}".rstrip())

    def identified(self, audio_type, audio_subtype, confidence):
        self._tell(f"identified {audio_type} {audio_subtype} {confidence}")

    def not_identified(self):
        self._tell("not identified")

    def statistics(self):
        self._tell("statistics")

    def ask_session(self, method, path, content, headers):
        self._tell(f"asks {method} {path} {content} {dict(headers)}")

    def connect_to_session(self, path, headers, plan):
        self._tell(f"connects {path} {dict(headers)} {len(plan.open)}")

    def note(self, text):
        self.notes.append((self.now_ms, text))

    def report(self, action, **fields):
        self.reports.append((self.now_ms, action, fields))

    def on_event(self, listener):
        self.listeners.append(listener)


@pytest.fixture
def on_line():
    """Makes a `Line` for a leg, and closes its graph at the end."""
    lines = []

    def make(leg):
        lines.append(Line(leg))
        return lines[-1]

    yield make
    for line in lines:
        line.graph.close()
