"""The platform's side of one call: its state, its time-outs, and what its far end reports.

    incoming   ALERTING --ring, early media, answer--> PROGRESSING --> CONNECTED --> TERMINATED
    outgoing   PROGRESSING --far end answers---------> CONNECTED   --> TERMINATED

A `Line` ends once, with `Disconnected`, or with `Failed` for an outgoing call that was never
connected; never with both.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from attrs import define, field

from voxrt.clock import US_PER_S, Clock
from voxrt.media.graph import Graph, Mark, MarkKind, Port, Side
from voxrt.media.speech import Speaker, Utterances
from voxrt.outside.peers import PeerPlan
from voxrt.session.emitter import Emitter
from voxrt.session.values import Struct
from voxrt.vox.call_facts import (
    CONNECTED_US,
    DECLINED,
    FAILURES,
    FIRST_PACKET_US,
    IN_BAND,
    NORMAL_CLEARING,
    QUALITY_US,
    SIP_INFO,
    LineState,
    refusal_reason,
)
from voxrt.vox.context import Context
from voxrt.vox.dialog import Dialog, seen
from voxrt.vox.direct import join_direct
from voxrt.vox.hidden_services import HiddenServices
from voxrt.vox.leg import NO_HEADERS, Headers, Leg
from voxrt.vox.peer_plan import PlannedPeer
from voxrt.vox.rtp import Rtp
from voxrt.vox.socket_clients import connect_peer
from voxrt.vox.tones import Tones
from voxrt.vox.waits import Waits


@define(eq=False, kw_only=True)
class Line:
    """One call as the platform sees it; its `Call` is the scenario's view of it.

    Args:
        context: The session's platform.
        leg: The far end.
        emitter: Emits the call's events.
        incoming: Whether the far end called us.
        answer_timeout_s: How long an outgoing call may ring, when the scenario or a queue says
            so; the platform's limit without it.
        push_timeout_ms: How long a user who is not online is waited for after a push.
        late_ringing: Whether a 180 after a 183 gives `Ringing` (`allow180After183`).
        video: Whether an outgoing call was placed with video; an answer takes what is offered.

    Attributes:
        waits: How long it may stay as it is.
        dialog: Hold, re-INVITEs and transfers.
        services: What the platform tells of the call by itself.
        rtp: The streams of audio packets.
        tones: The tones that the scenario looks for.
        peer: The other end of a peer-to-peer call; `None` for a call with cloud media.
    """

    context: Context
    leg: Leg
    emitter: Emitter
    incoming: bool
    number: str
    callerid: str
    display_name: str = ""
    answer_timeout_s: int | None = None
    push_timeout_ms: int = 20_000
    custom_data: str = ""
    late_ringing: bool = False
    video: bool = False
    peer: Line | None = None
    waits: Waits = field(init=False)
    dialog: Dialog = field(init=False)
    services: HiddenServices = field(init=False)
    rtp: Rtp = field(init=False)
    tones: Tones = field(init=False)
    port: Port = field(init=False)
    ear: Port = field(init=False)
    """Where sound for the far end goes: its `SINK` side; nearly always `port` itself."""
    state: LineState = field(init=False)
    early_media: bool = field(default=False, init=False)
    answered: bool = field(default=False, init=False)
    connected_at_us: int | None = field(default=None, init=False)
    tone_kinds: frozenset[int] = field(default=frozenset(), init=False)
    on_flow: Callable[[], object] = field(default=lambda: None, init=False)
    """Called when the leg begins or stops to carry media."""
    keep_sound: Callable[[bytes], int] = field(default=lambda pcm: 0, init=False)
    """Keeps what the far end says before a channel changes it; set by who records the call."""
    video_flows: bool = field(default=False, init=False)
    """Whether video comes with the sound; no picture is carried."""
    on_video: list[Callable[[], object]] = field(factory=list, init=False)
    """Called when video begins to come, after `FirstVideoPacketReceived` has been made due."""
    on_connect: list[Callable[[], object]] = field(factory=list, init=False)
    """Called when the call is connected, after `Connected` has been made due."""
    end_code: int = field(default=0, init=False)
    """The code of its end; 0 while it lasts."""
    ended_by_far: bool = field(default=False, init=False)
    """Whether the far end ended it."""
    on_end: list[Callable[[], object]] = field(factory=list, init=False)
    """Called when the call ends, after its last event has been made due."""

    def __attrs_post_init__(self) -> None:
        self.waits, self.dialog, self.services = Waits(self), Dialog(self), HiddenServices(self)
        self.rtp, self.tones = Rtp(self), Tones(self)
        name = f"call {len(self.context.lines) + 1}"
        self.port, self.ear = self.leg.open_ports(self.context.graph, name)
        self.state = LineState.ALERTING if self.incoming else LineState.PROGRESSING
        self.context.media.listen(self.port, self._mark)
        self.context.session.own(self)
        self.context.session.call_began()
        self.context.lines.append(self)
        for tell in self.context.on_line:
            tell(self)
        self.leg.attach(self)
        if self.incoming:
            limit_s = self.context.session.limits.unanswered_s
            self.waits.begin(limit_s, "the platform ends a call that is not answered")
        else:
            self.waits.begin_answer()

    # --- what it is -------------------------------------------------------------------------

    @property
    def connected(self) -> bool:
        """Whether it was answered and has not ended."""
        return self.state is LineState.CONNECTED

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self.state is LineState.TERMINATED

    @property
    def is_direct(self) -> bool:
        """Whether the far ends of a peer-to-peer call exchange audio beside the platform."""
        return self.peer is not None

    @property
    def _progressing_outwards(self) -> bool:
        """Whether it is an outgoing call that is not connected yet."""
        return self.state is LineState.PROGRESSING and not self.incoming

    @property
    def far_end(self) -> str:
        """Who is at the far end: a number, a user's name or a SIP address."""
        return self.callerid if self.incoming else self.number

    # --- what the leg may ask for (LegHost) ---------------------------------------------------

    @property
    def graph(self) -> Graph:
        """The run's audio graph."""
        return self.context.graph

    @property
    def clock(self) -> Clock:
        """The run's clock."""
        return self.context.clock

    @property
    def speaker(self) -> Speaker:
        """Turns text into speech."""
        return self.context.speaker

    @property
    def utterances(self) -> Utterances:
        """The run's register of audible text."""
        return self.context.utterances

    @property
    def rng(self) -> Random:
        """The run's randomness."""
        return self.context.session.rng

    @property
    def call_id(self) -> str:
        """The id of the call."""
        return self.emitter.id

    def note(self, text: str) -> None:
        """Records what the far end does, for whoever watches."""
        who = "caller" if self.incoming else f"party {self.number}"
        self.context.session.journal.write("note", call=self.emitter.id, who=who, text=text)

    def report(self, action: str, **fields: Any) -> None:
        """Writes down what the far end does, so that a replay can have it done again.

        What another session does at the far end is told there.
        """
        if self.leg.is_person:
            given = {name: value for name, value in fields.items() if value not in ("", {})}
            journal = self.context.session.journal
            journal.write("far", call=self.emitter.id, action=action, **given)

    def on_event(self, listener: Callable[[str], None]) -> None:
        """Tells the listener every event of the session by name."""
        self.context.session.on_event.append(listener)

    # --- what the far end reports -------------------------------------------------------------

    def far_ringing(self, headers: Headers = NO_HEADERS) -> None:
        """180: `Ringing`; after early media only when the scenario allowed that."""
        self.report("ringing", headers=dict(headers))
        late = self.early_media and not self.late_ringing
        if self._progressing_outwards and not late:
            self.waits.end_push()
            self.emit("Call.Ringing", headers=seen(headers))

    def far_forwarding(self) -> None:
        """181: `Forwarding`."""
        self.report("forwarding")
        if self._progressing_outwards:
            self.waits.end_push()
            self.emit("Call.Forwarding")

    def far_early_media(self, headers: Headers = NO_HEADERS) -> None:
        """183: `AudioStarted`, but not of a peer-to-peer call."""
        self.report("early_media", headers=dict(headers))
        if self._progressing_outwards and not self.early_media:
            self.waits.end_push()
            if self.is_direct:
                return
            self.early_media = True
            self.emit("Call.AudioStarted", headers=seen(headers), scheme=Struct(), code=183)
            self.flow_changed()

    def far_answered(self, headers: Headers = NO_HEADERS) -> None:
        """200: the first packets, `Connected`, the codec."""
        self.report("answered", headers=dict(headers))
        if self._progressing_outwards:
            self._connect(headers)

    def far_offline(self) -> None:
        """The user called is not online: `PushSent` and a wait, or `Failed` 480.

        A push goes out when the scenario has required the module PushService. The user may come
        online while it is waited for; otherwise `Failed` follows.
        """
        self.report("offline")
        if not self._progressing_outwards:
            return
        if "PushService" not in self.context.modules:
            self.end(480, FAILURES[480])
            return
        self.emit("Call.PushSent", result="OK")
        self.waits.begin_push()

    def far_failed(self, code: int, reason: str = "", headers: Headers = NO_HEADERS) -> None:
        """The call never came about."""
        self.report("failed", code=code, reason=reason, headers=dict(headers))
        if self._progressing_outwards:
            self.end(code, reason or FAILURES.get(code, ""), headers=seen(headers))

    def far_hung_up(self, reason: str = "BYE received", headers: Headers = NO_HEADERS) -> None:
        """The far end ended the call, or gave up before it was answered."""
        self.report("hung_up", reason=reason)
        answered = self.answered or self.state is LineState.CONNECTED
        self.ended_by_far = self.state is not LineState.TERMINATED
        code = NORMAL_CLEARING if answered else 487
        self.end(code, reason if answered else "", headers=seen(headers))

    def far_sends(self, sends: bool) -> None:
        """Audio packets end to come, or come again."""
        self.report("sends", sends=sends)
        self.rtp.far_sends(sends)

    def far_digit(self, digit: str, kind: int) -> None:
        """A key was pressed; the script hears of it when it asked for tones of that kind.

        Only SIP INFO comes through when the call is on hold or peer to peer: the other kinds are
        part of the audio.
        """
        self.report("digit", digit=digit, tone_kind=kind)
        lost = (self.is_direct or self.dialog.on_hold) and kind != SIP_INFO
        if kind in self.tone_kinds and self.connected and not lost:
            self.emit("Call.ToneReceived", tone=digit, type=str(kind))

    def far_message(self, text: str, headers: Headers = NO_HEADERS) -> None:
        """A text message."""
        self.report("message", text=text)
        if self.state is not LineState.TERMINATED:
            self.emit("Call.MessageReceived", headers=seen(headers), text=text)

    def far_info(self, mime_type: str, body: str, headers: Headers = NO_HEADERS) -> None:
        """A SIP INFO."""
        self.report("info", mime_type=mime_type, body=body, headers=dict(headers))
        if self.state is not LineState.TERMINATED:
            self.emit("Call.InfoReceived", headers=seen(headers), mimeType=mime_type, body=body)

    def ask_session(self, method: str, path: str, content: str, headers: Headers) -> None:
        """A request to the session's access URL."""
        self.context.remote.request(method, path, content, list(headers.items()))

    def connect_to_session(self, path: str, headers: Headers, plan: PeerPlan) -> None:
        """A client of the session's access URL that wants a WebSocket."""
        connect_peer(self.context, PlannedPeer(plan), path, headers.items())

    # --- what the scenario orders -------------------------------------------------------------

    def go_out(self, headers: Headers) -> None:
        """An outgoing call reaches its far end, unless it was hung up before."""
        if not self.over:
            self.leg.alert(headers)

    def ring(self, headers: Headers) -> None:
        """Sends 180 to the caller."""
        self._progress()
        self.leg.ringing(headers)

    def start_early_media(self, headers: Headers) -> None:
        """Sends 183: the caller hears us, we do not hear the caller."""
        self._progress()
        if not self.early_media:
            self.early_media = True
            limit_s = self.context.session.limits.early_media_s
            self.waits.begin(limit_s, "the platform ends a call that is in early media")
            self.leg.early_media(headers)
            self.flow_changed()

    def answer(self, headers: Headers) -> None:
        """Answers an incoming call; `Connected` follows when media is up."""
        self._progress()
        self.answered = True
        self.waits.end()
        self.leg.answered(headers)
        self._connect(NO_HEADERS)

    def hang_up(self, headers: Headers) -> None:
        """Ends the call from our side."""
        if self.state is LineState.TERMINATED:
            return
        self.leg.hung_up(headers)
        if self.answered or self.state is LineState.CONNECTED:
            self.end(NORMAL_CLEARING, "")
        else:
            code = DECLINED if self.incoming else 487
            self.end(code, FAILURES[code])

    def reject(self, code: int, headers: Headers) -> None:
        """Refuses an incoming call."""
        self.leg.rejected(code, headers)
        self.end(code, refusal_reason(code))

    # --- the ends -----------------------------------------------------------------------------

    def end(self, code: int, reason: str, **fields: Any) -> None:
        """Ends the call: `Disconnected`, or `Failed` for an outgoing call never connected."""
        if self.state is LineState.TERMINATED:
            return
        was_connected = self.state is LineState.CONNECTED
        self.end_code = code
        self.waits.end()
        self._change_state(LineState.TERMINATED)
        if self.incoming or was_connected:
            ended: dict[str, Any] = {"reason": reason} if reason else {}
            ended |= {"internalCode": code, "duration": self.duration_s(), "cost": 0}
            ended |= {"direction": self._direction(), "headers": Struct()} | fields
            self.emit("Call.Disconnected", **ended)
        else:
            failed: dict[str, Any] = {"code": code, "reason": reason, "headers": Struct()} | fields
            self.emit("Call.Failed", **failed)
        self._gone()

    def destroy(self) -> None:
        """Drops the call with its session."""
        self.hang_up(NO_HEADERS)

    def duration_s(self) -> int:
        """Whole seconds since `Connected`; 0 when it never was."""
        if self.connected_at_us is None:
            return 0
        return (self.clock.now_us() - self.connected_at_us) // US_PER_S

    def emit(self, name: str, *, after_close: bool = False, **fields: Any) -> None:
        """Makes one of the call's events due."""
        self.context.session.emit(self.emitter, name, fields, after_close=after_close)

    def flow_changed(self) -> None:
        """The call begins or ends to carry media, or does it in another way."""
        self.on_flow()
        self.rtp.refresh()
        self.tones.refresh()
        join_direct(self)

    def _gone(self) -> None:
        self.flow_changed()
        for tell in self.on_end:
            tell()
        self.emitter.closed = True
        self.context.media.forget(self.port)
        self.leg.close_ports()
        self.context.session.disown(self)
        self.context.session.call_ended()

    # --- inside -------------------------------------------------------------------------------

    def _connect(self, headers: Headers) -> None:
        self.waits.end()
        self.clock.call_later(FIRST_PACKET_US, self._first_packet)
        self.clock.call_later(CONNECTED_US, self._connected, headers)
        self.clock.call_later(QUALITY_US, self._quality)

    def _first_packet(self) -> None:
        if self.state is not LineState.PROGRESSING or self.is_direct:
            return
        self.emit("Call.FirstAudioPacketReceived")
        if self.leg.has_video and (self.incoming or self.video):
            self.video_flows = True
            self.emit("Call.FirstVideoPacketReceived")
            for tell in self.on_video:
                tell()

    def _connected(self, headers: Headers) -> None:
        if self.state is not LineState.PROGRESSING:
            return
        self.connected_at_us = self.clock.now_us()
        self._change_state(LineState.CONNECTED)
        data: dict[str, Any] = {"customData": self.custom_data} if self.custom_data else {}
        data |= {"headers": seen(headers), "scheme": Struct(), "displayName": self.display_name}
        self.emit("Call.Connected", **data)
        self.flow_changed()
        for tell in self.on_connect:
            tell()

    def _quality(self) -> None:
        if self.connected and not self.is_direct:
            self.emit(
                "Call.AudioQualityDetected",
                quality="HD" if self.leg.rate_hz >= 16_000 else "Standard",
            )

    def _progress(self) -> None:
        if self.state is LineState.ALERTING:
            self._change_state(LineState.PROGRESSING)

    def _change_state(self, state: LineState) -> None:
        if self.emitter.handlers.listens_to("Call.StateChanged"):
            self.emit("Call.StateChanged", oldState=self.state.value, newState=state.value)
        self.state = state

    def _mark(self, mark: Mark) -> None:
        if mark.kind is MarkKind.DIGIT and mark.side is Side.SOURCE:
            # The recording of the call has no keys in it: what was found has been muted.
            self.far_digit(chr(mark.value), IN_BAND)
        self.rtp.notice(mark)
        self.leg.notice(mark)

    def _direction(self) -> str:
        return "SIP Call" if self.leg.client_type == "sip" else "All numbers"
