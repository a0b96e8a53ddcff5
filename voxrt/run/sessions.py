"""The sessions of a run: how each is made, how they begin, and how they find each other.

A run begins with one session. More come when further callers of the caller's script dial in, as
every call does on the platform, and when a scenario calls into a conference whose session is not
running yet. All share the run's clock, audio and journal; each has its own scope, limits, log and
end.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

from attrs import define, field, frozen

from voxrt.clock import Clock
from voxrt.errors import InputError, OutputError
from voxrt.legs.script import Caller
from voxrt.media.recogniser import Recogniser
from voxrt.media.speech import Speaker
from voxrt.media.utterances import Utterances
from voxrt.outside.call_list import Attempt
from voxrt.outside.rules import Rules
from voxrt.outside.store import Store
from voxrt.run.cast import Phones
from voxrt.run.config import RunConfig
from voxrt.run.observer import Audible, Observer
from voxrt.run.outside import make_outside
from voxrt.run.started import started_fields
from voxrt.run.work import Work, work_for
from voxrt.session.journal import Journal, Record
from voxrt.session.limits import Limits
from voxrt.session.log import SessionLog
from voxrt.session.media import MediaDriver
from voxrt.session.session import Session, State
from voxrt.vox.context import ConferenceCall, Context
from voxrt.vox.globals import Globals, ModuleFactory
from voxrt.vox.leg import Headers, Leg
from voxrt.vox.queue_plan import QueuePlan
from voxrt.vox.trunk import TrunkLeg, make_trunk
from voxrt.vox.voxengine import incoming_call

DEFAULT_TO, DEFAULT_FROM = "18005550100", "15550123456"
#: A scenario that calls into ever new conferences ends somewhere.
MOST_SESSIONS = 100
NOT_FOUND, UNAVAILABLE = 404, 503
#: The secret, and the variable of the environment, that has the key of the provider.
PROVIDER_KEY = "XAI_API_KEY"


@frozen(kw_only=True)
class Equipment:
    """What all sessions of a run have in common.

    Attributes:
        config: The run's.
        connect: How voice-AI modules reach their provider, by module name.
        modules: The emulated modules, by their `Modules` member.
        queues: The declared queues and their agents.
        recogniser: What an ASR of any session hears with; `None` is the one voxrt has by itself.
        rules: The declared answers of the outside world.
        store: The application's storage.
        spawn: Starts a trio task that lives as long as the run.
        approximated: Told what was not as on the platform.
        broken: Told when a file of the run cannot be written.
        look: Called now and then in a long computation of a scenario.
        audible: Given all that was audible on the calls (`Observer`).
    """

    config: RunConfig
    clock: Clock
    journal: Journal
    media: MediaDriver
    speaker: Speaker
    utterances: Utterances
    switchboard: Phones
    limits: Limits
    connect: Mapping[str, Any]
    modules: Mapping[str, ModuleFactory]
    queues: QueuePlan
    recogniser: Recogniser | None
    rules: Rules
    store: Store
    spawn: Callable[[Callable[[], Any]], None]
    approximated: Callable[[str], object]
    broken: Callable[[OutputError], object]
    look: Callable[[], object]
    audible: Audible | None = None


@frozen(kw_only=True)
class OneSession:
    """A session of a run.

    Attributes:
        number: From 1, in the order of their making.
        rule: The name of its rule.
        conference: The identifier by which it is called into; empty when it is not.
        session: Its life.
        context: Its platform.
        started: The fields of its `Started`.
    """

    number: int
    rule: str
    conference: str
    session: Session
    context: Context
    started: dict[str, Any]


@define(eq=False)
class Sessions:
    """Makes the sessions of one run, and has them call each other.

    Attributes:
        all: Every session so far, in the order of their making.
        recordings: The files of their calls, in the order of the calls.
        links: The files of their connections to providers, in the order of their opening.
        sockets: The files of their WebSockets, in the order of their dialling.
        logs: The logs of all but the first session.
    """

    _shared: Equipment
    all: list[OneSession] = field(factory=list, init=False)
    recordings: list[Path] = field(factory=list, init=False)
    links: list[Path] = field(factory=list, init=False)
    sockets: list[Path] = field(factory=list, init=False)
    logs: list[Path] = field(factory=list, init=False)
    _open_logs: list[SessionLog] = field(factory=list, init=False)
    _served: str = field(default="", init=False)
    """Where the access URLs are served; empty when they are not."""
    _awaited: int = field(default=0, init=False)
    """Callers who have not dialled yet."""

    @property
    def over(self) -> bool:
        """Whether all have ended, and nobody else will call."""
        for one in self.all:  # asked after every entry of the clock
            if one.session.state is not State.TERMINATED:
                return False
        return not self._awaited

    def contexts(self) -> list[Context]:
        """The platforms of all of them."""
        return [one.context for one in self.all]

    # --- making them ------------------------------------------------------------------------

    def make(self, work: Work, *, conference: str = "") -> OneSession:
        """Makes a session, which has not begun.

        Args:
            work: What it runs.
            conference: The identifier by which it can be called into.
        """
        number, shared = len(self.all) + 1, self._shared
        started = self._started(number, work, conference)
        session = self._session(number, work, started)
        row = shared.config.call_list if number == 1 else None
        context = Context(
            session=session,
            media=shared.media,
            speaker=shared.speaker,
            utterances=shared.utterances,
            switchboard=shared.switchboard,
            folder=shared.config.out,
            connect=shared.connect,
            approximated=shared.approximated,
            broken=shared.broken,
            queues=shared.queues,
            dial_conference=self._dial,
            video_conference=work.video_conference,
            number=number,
            links=self.links,
            sockets=self.sockets,
            confidence_scale=shared.config.asr_confidence,
            outside=make_outside(shared.config, shared.rules, session, shared.spawn),
            store=shared.store,
            call_list=None if row is None else Attempt(row),
        )
        if shared.recogniser is not None:
            context.recogniser = shared.recogniser
        Observer(context, self.recordings, shared.audible)
        session.namespace.update(work.defines | Globals(context, shared.modules).scope())
        one = OneSession(
            number=number,
            rule=work.rule,
            conference=conference,
            session=session,
            context=context,
            started=started,
        )
        self.all.append(one)
        self._tell_served(one)
        return one

    def _started(self, number: int, work: Work, conference: str) -> dict[str, Any]:
        log = "session.log" if number == 1 else self._open_log(number)
        seed = f"{self._shared.config.seed} started{_later(number)}"
        started = started_fields(seed, self._shared.clock.unix_ms(), work, log)
        self._serve(started)
        return started | ({"conference_name": conference} if conference else {})

    def _session(self, number: int, work: Work, started: dict[str, Any]) -> Session:
        shared, seed = self._shared, self._shared.config.seed
        secrets = secrets_of(shared.config)
        shared.journal.add_secrets(secrets.values())
        return Session(
            clock=shared.clock,
            journal=shared.journal.of_session(number),
            script=work.script,
            rng=Random(seed) if number == 1 else Random(f"{seed}{_later(number)}"),
            limits=shared.limits,
            secrets=secrets,
            started=started,
            spawn=shared.spawn,
        )

    def _open_log(self, number: int) -> str:
        """The log of a later session, which gets what is the session's own of the journal."""
        shared = self._shared
        path = shared.config.out / f"session-{number}.log"
        start_ms = shared.clock.unix_ms() - shared.clock.now_us() // 1000
        log = SessionLog(path, start_ms, shared.broken)
        log.write({"kind": "run", "t": shared.clock.now_us() / 1000})

        def write(record: Record) -> None:
            if record.get("session") == number:
                log.write(record)

        shared.journal.listeners.append(write)
        self.logs.append(path)
        self._open_logs.append(log)
        return path.name

    # --- their access URLs ------------------------------------------------------------------

    def served_at(self, address: str) -> None:
        """The access URLs of all sessions, also of those to come, are served at an address.

        Args:
            address: Without a path. It stands for both forms: there is no certificate.
        """
        self._served = address
        for one in self.all:
            self._serve(one.started)
            self._tell_served(one)

    def _serve(self, started: dict[str, Any]) -> None:
        if self._served:
            url = self._served + urlsplit(started["accessURL"]).path
            started |= {"accessURL": url, "accessSecureURL": url}

    def _tell_served(self, one: OneSession) -> None:
        if self._served:
            text = f"is served at {one.started['accessURL']}"
            one.session.journal.write("note", call="", who="access URL", text=text)

    def find(self, which: int | str) -> Context | None:
        """The platform of a session, for a request from outside; warns when there is none.

        Args:
            which: Its number, or the identifier of its conference, of which the latest is meant.
        """
        for one in reversed(self.all):
            if which in (one.number, one.conference):
                return one.context
        what = f"session {which}" if isinstance(which, int) else f"session of conference {which!r}"
        text = f"a declared request finds nobody: there is no {what} yet"
        self._shared.journal.write("warning", code="no-session", text=text)
        return None

    # --- calls into them --------------------------------------------------------------------

    def call_in(self, one: OneSession, caller: Caller) -> None:
        """Has a person call a session that has begun."""
        config, number = self._shared.config, one.number
        if number == 1:
            self._tell_dialling(caller, config.to or DEFAULT_TO)
        incoming_call(
            one.context,
            self._shared.switchboard.incoming(caller),
            to=(caller.to if number > 1 else "") or config.to or DEFAULT_TO,
            from_=(config.from_ if number == 1 else None) or caller.number or DEFAULT_FROM,
            display_name="" if caller.name == Caller().name else caller.name,
            headers=dict(caller.headers),
            custom_data=caller.custom_data,
        )

    def await_callers(self) -> None:
        """Has the further callers of the script dial, each at their time."""
        for caller in self._shared.switchboard.script.callers:
            self._awaited += 1
            self._shared.clock.call_later(caller.after_ms * 1000, self._dial_in, caller)

    def _dial_in(self, caller: Caller) -> None:
        self._awaited -= 1
        to = caller.to or self._shared.config.to or DEFAULT_TO
        self._tell_dialling(caller, to)
        one = self._begin(to)
        if one is not None and one.session.state is State.RUNNING:
            self.call_in(one, caller)

    def _tell_dialling(self, caller: Caller, to: str) -> None:
        """Writes down that somebody dials, which may lead to no session."""
        self._shared.journal.write(
            "far",
            call="",
            action="dials",
            to=to,
            number=caller.number,
            name=caller.name,
            client_type=caller.client_type,
            rate_hz=caller.audio_hz,
            headers=dict(caller.headers),
            **({"custom_data": caller.custom_data} if caller.custom_data else {}),
        )

    def _dial(self, call: ConferenceCall) -> Leg:
        somebody = self._shared.switchboard.conference(call.conference)
        if somebody is not None:
            return somebody
        here = make_trunk(lambda there, headers: self._arrive(call, here, there, headers))
        return here

    def _arrive(
        self, call: ConferenceCall, here: TrunkLeg, there: TrunkLeg, headers: Headers
    ) -> None:
        one = self._running(call.conference)
        if one is None:
            one = self._begin(call.conference, conference=call.conference)
        if one is None:
            here.fail(NOT_FOUND)
        elif one.session.state is not State.RUNNING:
            here.fail(UNAVAILABLE)
        else:
            incoming_call(
                one.context,
                there,
                to=call.conference,
                from_=call.from_,
                display_name=call.display_name,
                headers=dict(headers),
            )

    def _running(self, conference: str) -> OneSession | None:
        """The session that runs for a conference."""
        for one in self.all:
            if one.conference == conference and not one.session.ending:
                return one
        return None

    def _begin(self, destination: str, *, conference: str = "") -> OneSession | None:
        """Begins a session for a call to a destination; `None` when there can be none."""
        shared = self._shared
        problem = ""
        if len(self.all) >= MOST_SESSIONS:
            problem = f"a run has at most {MOST_SESSIONS} sessions"
        else:
            try:
                work = work_for(shared.config, destination, shared.look)
            except InputError as error:
                problem = str(error)
        if problem:
            text = f"no session begins for a call to {destination}: {problem}"
            shared.journal.write("warning", code="no-session", text=text)
            return None
        one = self.make(work, conference=conference)
        one.session.start()
        return one

    # --- their end --------------------------------------------------------------------------

    def stop(self, reason: str) -> None:
        """Ends all of them as the platform's administrator would, and lets nobody else call."""
        self._awaited = 0
        for one in list(self.all):
            if one.session.state is not State.TERMINATED:
                one.session.finish_reason = reason
                one.session.terminate()

    def close(self) -> None:
        """Gives back what they needed; the run is over."""
        for log in self._open_logs:
            log.close()
        for one in self.all:
            for file in one.context.open_files:
                file.close()
            one.session.script.close()

    def result(self) -> dict[str, Any]:
        """What a run's result says about them; nothing when there was only one."""
        if len(self.all) == 1:
            return {}
        return {
            "sessions": [
                {
                    "session": one.number,
                    "rule": one.rule,
                    **({"conference": one.conference} if one.conference else {}),
                    "finish_reason": one.session.finish_reason,
                }
                for one in self.all
            ]
        }


def _later(number: int) -> str:
    """What makes the randomness of a later session another than that of the first."""
    return "" if number == 1 else f" session {number}"


def secrets_of(config: RunConfig) -> dict[str, str]:
    """The secrets given, and a key for the provider.

    The real one comes from the environment; the stand-in takes any.
    """
    secrets = dict(config.secrets)
    key = os.environ.get(PROVIDER_KEY, "") if config.grok == "live" else "stand-in-key"
    if key:
        secrets.setdefault(PROVIDER_KEY, key)
    return secrets
