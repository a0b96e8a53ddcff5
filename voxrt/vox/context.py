"""What the platform objects of one session share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, Protocol

from attrs import Factory, define, field, frozen

from voxrt.clock import Clock
from voxrt.disk import LineFile
from voxrt.errors import OutputError
from voxrt.media.graph import Graph
from voxrt.media.recogniser import Recogniser, WordRecogniser
from voxrt.media.speech import Speaker, Utterances
from voxrt.outside.call_list import Attempt
from voxrt.outside.store import Store
from voxrt.outside.world import Outside
from voxrt.session.media import MediaDriver
from voxrt.session.session import Session
from voxrt.vox.exchange import Exchange
from voxrt.vox.leg import Leg, NobodyLeg
from voxrt.vox.queue_plan import QueuePlan
from voxrt.vox.remote_access import RemoteAccess
from voxrt.vox.requests import RequestQueue
from voxrt.vox.routing import Router
from voxrt.vox.slow_work import SlowWork

#: Where a run keeps its storage, when no file is named.
STORAGE_FILE = "storage.sqlite3"
#: Where a run keeps what its scenarios record.
RECORDINGS = "recordings"

CallKind = Literal["pstn", "sip", "user", "wab", "conference"]


class Switchboard(Protocol):
    """Finds the far end of an outgoing call."""

    def outgoing(self, kind: CallKind, destination: str) -> Leg:
        """The phone at a destination.

        Args:
            kind: `pstn`, `sip`, `user` or `wab` (WhatsApp); never `conference`.
            destination: The number, the user's name or the SIP address as the scenario gave it.
        """

    def reach(self, destination: str) -> tuple[int, int, str]:
        """What becomes of a call that somebody else makes, outside of the session.

        Returns:
            After how many ms, the SIP code (200: answered), and its reason.
        """


@frozen(kw_only=True)
class ConferenceCall:
    """What `VoxEngine.callConference` asks for.

    Attributes:
        conference: The identifier of the conference.
        from_: The number to show.
        display_name: The name to show.
    """

    conference: str
    from_: str
    display_name: str


@frozen(eq=False)
class Owned:
    """What a session destroys at its end, for an object whose public names are the platform's."""

    destroy: Callable[[], None]


@define(eq=False, kw_only=True)
class Context:
    """One session's platform: what calls, players and connectors are made with.

    Args:
        session: The session.
        media: The run's audio, driven by its clock.
        speaker: Turns text into speech.
        utterances: The run's register of audible text.
        switchboard: The far ends of outgoing calls.
        folder: Where the run's files are; recordings go to its folder `recordings`.
        connect: How voice-AI modules reach their provider, by module name.
        approximated: Told what was not as on the platform, for the run's result.
        broken: Told when a file of the run cannot be written: the run stops.
        dial_conference: Makes the far end of a call into another session of the run.
        number: Which session of the run it is, from 1.
        video_conference: Whether the rule of the session has the flag that `Conference.add` needs.
        recogniser: Turns what an ASR hears into text; the words of our own speech by default.
        confidence_scale: What full confidence of an ASR is: 1 or 100.
        outside: The world outside of the session; closed by default.
        store: The application's storage; in the run's folder by default.
        call_list: The attempt of a call list that the session is, if it is one.
        queues: The queues of ACD and SmartQueue, and their agents.
    """

    session: Session
    media: MediaDriver
    speaker: Speaker
    utterances: Utterances
    switchboard: Switchboard
    folder: Path
    connect: Mapping[str, Any]
    approximated: Callable[[str], object]
    broken: Callable[[OutputError], object]
    dial_conference: Callable[[ConferenceCall], Leg] = lambda call: NobodyLeg()
    video_conference: bool = False
    number: int = 1
    recogniser: Recogniser = field(
        default=Factory(
            lambda self: WordRecogniser(self.utterances, self.session.rng), takes_self=True
        )
    )
    confidence_scale: int = 1
    outside: Outside = field()
    store: Store = field()
    call_list: Attempt | None = None
    queues: QueuePlan = field(factory=QueuePlan)
    modules: set[str] = field(factory=set)
    """The members of `Modules` that the scenario has required."""
    lines: list[Any] = field(factory=list)
    """Every call of the session, in the order of their making."""
    clients: list[Any] = field(factory=list)
    """Every connector's client of the session, in the order of their making."""
    links: list[Path] = field(factory=list)
    """The files of the run's connections to providers, numbered over all its sessions."""
    open_files: list[LineFile] = field(factory=list)
    """What is written while the session goes on, to be closed when the run stops before it."""
    unused: list[str] = field(factory=list)
    """What was recorded or declared for the session and not used, for the run's result."""
    sockets: list[Path] = field(factory=list)
    """The files of the run's WebSockets, numbered over all its sessions."""
    on_line: list[Callable[[Any], object]] = field(factory=list)
    """Told each new call of the session, before anything happens to it."""
    players: list[Any] = field(factory=list)
    """The players of the session that have not ended, without those that calls have inside."""
    fetched_sounds: dict[str, bytes] = field(factory=dict)
    """What players have fetched, as PCM16 at 16 kHz by URL."""
    slow_recognition: SlowWork = field(
        default=Factory(lambda self: SlowWork(self.session, "speech recogniser"), takes_self=True),
        init=False,
    )
    """What a slow recogniser has to compute."""
    router: Router = field(init=False)
    exchange: Exchange = field(init=False)
    """The queues and agents at work."""
    http_requests: RequestQueue = field(init=False)
    """The requests of `Net` and `CallList`."""
    mails: RequestQueue = field(init=False)
    """The mails of `Net`."""
    remote: RemoteAccess = field(init=False)
    """The session's access URL."""

    @outside.default
    def _closed(self) -> Outside:
        session = self.session
        return Outside(
            clock=session.clock,
            write=session.journal.write,
            warn=session.warn,
            hide=session.journal.add_secrets,
        )

    @store.default
    def _own_store(self) -> Store:
        clock = self.session.clock
        return Store(self.folder / STORAGE_FILE, lambda: clock.unix_ms() // 1000)

    def __attrs_post_init__(self) -> None:
        session, limits = self.session, self.session.limits
        self.router = Router(session.journal, session.warn)
        self.exchange = Exchange(self.queues, self.clock, session.journal.write)
        self.http_requests = RequestQueue(
            session=session,
            kind="HTTP",
            most_active=limits.http_active,
            most=limits.http_requests,
        )
        self.mails = RequestQueue(
            session=session, kind="SMTP", most_active=limits.mail_active, most=limits.mails
        )
        self.remote = RemoteAccess(session)

    @property
    def clock(self) -> Clock:
        """The run's clock."""
        return self.session.clock

    @property
    def graph(self) -> Graph:
        """The run's audio graph."""
        return self.media.graph


def tell_later(context: Context, delay_us: int, tell: Callable[[], object]) -> None:
    """Calls a function after a while, or with the end of the session when that comes before.

    So that an event which follows something is at least written down.
    """
    session = context.session
    if session.ending:
        context.clock.call_soon(tell)
        return

    def due() -> None:
        session.disown(owned)
        tell()

    def destroy() -> None:
        timer.cancel()
        due()

    owned = Owned(destroy)
    timer = context.clock.call_later(delay_us, due)
    session.own(owned)
