"""`Call`, as a scenario sees it. Source: https://voximplant.com/docs/references/voxengine/call"""

from __future__ import annotations

from typing import Any

from voxrt.errors import LimitError, ScenarioTypeError
from voxrt.media.graph import Port, Side
from voxrt.session.limits import LimitMode
from voxrt.session.values import Struct, entries, parameters
from voxrt.vox.arguments import Headers, custom_headers, demand_number, demand_text
from voxrt.vox.context import Context
from voxrt.vox.line import Line, LineState
from voxrt.vox.player import Player
from voxrt.vox.players import looping_parameters, requested_file, speech_parameters, spoken_text
from voxrt.vox.recording import Recording
from voxrt.vox.routing import MediaUnit
from voxrt.vox.sounds import Source, ToneSound

#: What `handleTones` listens to, by `DTMFType`: ALL, TELEPHONE_EVENT, IN_BAND, SIP_INFO.
TONE_KINDS = {
    0: frozenset({1, 2, 3}),
    1: frozenset({1}),
    2: frozenset({2}),
    3: frozenset({3}),
}
IN_BAND = 2

#: The ringing tones of `playProgressTone`, one round each.
PROGRESS_TONES = {"RU": "425@-19;5(1/4/1)", "US": "440@-19,480@-19;6(2/4/1+2)"}


class Call(MediaUnit):
    """A call of the session, incoming or outgoing.

    Events, in order, for an incoming call that is answered: `FirstAudioPacketReceived`,
    `Connected`, `AudioQualityDetected`, ..., `Disconnected`, and `RecordStopped` after it when the
    call was recorded. An outgoing call adds `Ringing` and `AudioStarted` before these, and ends
    with `Failed` in place of `Disconnected` when it was never connected.
    """

    _platform_name = "Call"

    def __init__(self, context: Context, line: Line) -> None:
        self._context = context
        self._router = context.router
        self._line = line
        self._unit_id = line.emitter.id
        self._player: Player | None = None
        self._recording: Recording | None = None
        line.on_flow = lambda: context.router.refresh(self)
        line.on_end.append(self._ended)

    # --- what it is -----------------------------------------------------------------------

    def id(self) -> str:
        """The call's identifier."""
        return self._unit_id

    def state(self) -> str:
        """`ALERTING`, `PROGRESSING`, `CONNECTED` or `TERMINATED`."""
        return self._line.state.value

    def incoming(self) -> bool:
        """Whether the far end called."""
        return self._line.incoming

    def callerid(self) -> str:
        """The caller's number or name."""
        return self._line.callerid

    def displayName(self) -> str:
        """The caller's display name."""
        return self._line.display_name

    def number(self) -> str:
        """The number that was dialled."""
        return self._line.number

    def clientType(self) -> str:
        """`pstn`, `sip`, `user` or `wab`."""
        return self._line.leg.client_type

    def vad(self) -> bool:
        """Whether voice activity is being detected."""
        return False

    def customData(self, customData: str | None = None) -> str:
        """Sets the call's own custom data when it is given; returns it."""
        if customData is not None:
            self._line.custom_data = demand_text("customData", "customData", customData)
        return self._line.custom_data

    def toString(self) -> str:
        """A text that names the call."""
        return f"Call {self._unit_id}"

    def toJSON(self) -> dict[str, Any]:
        return {
            "id": self._unit_id,
            "incoming": self.incoming(),
            "callerid": self.callerid(),
            "number": self.number(),
            "displayName": self.displayName(),
            "state": self.state(),
        }

    # --- events ---------------------------------------------------------------------------

    def addEventListener(self, event: str, callback: Any) -> None:
        """Adds a handler of a `CallEvents` event; a handler added twice runs twice."""
        self._line.emitter.handlers.add(event, callback)

    def removeEventListener(self, event: str, callback: Any = None) -> None:
        """Removes a handler, or every handler of the event."""
        self._line.emitter.handlers.remove(event, callback)

    # --- answering and ending ---------------------------------------------------------------

    def answer(self, extraHeaders: Any = None, parameters_: Any = None, **_: Any) -> None:
        """Answers an incoming call; `Connected` follows when media is up.

        Answering twice, or an outgoing call, is ignored with a warning.
        """
        headers = self._headers("answer", extraHeaders)
        if not self._may("answer", self._unanswered()):
            return
        self._command("AcceptCall", headers=headers, parameters=parameters(parameters_, {}))
        self._line.answer(headers)

    def ring(self, extraHeaders: Any = None) -> None:
        """Sends 180 to the caller, whose phone plays the tone."""
        headers = self._headers("ring", extraHeaders)
        if self._may("ring", self._unanswered()):
            self._command("Ring", headers=headers)
            self._line.ring(headers)

    def startEarlyMedia(self, extraHeaders: Any = None, *_: Any, **__: Any) -> None:
        """Sends 183: audio flows to the caller before the answer, for at most 60 s."""
        headers = self._headers("startEarlyMedia", extraHeaders)
        if self._may("startEarlyMedia", self._unanswered()):
            self._command("StartAudio", headers=headers)
            self._line.start_early_media(headers)

    def reject(self, code: int = 603, extraHeaders: Any = None) -> None:
        """Refuses an incoming call with a SIP code of 3xx to 6xx; `Disconnected` at once.

        Raises:
            ScenarioTypeError: The code is no number from 300 to 699.
        """
        number = int(demand_number("reject", "code", code))
        if not 300 <= number <= 699:
            raise ScenarioTypeError(f"reject: the code must lie between 300 and 699, not {number}")
        headers = self._headers("reject", extraHeaders)
        if self._may("reject", self._unanswered()):
            self._command("RejectCall", code=number, headers=headers)
            self._line.reject(number, headers)

    def decline(self, code: int = 603, extraHeaders: Any = None) -> None:
        """The older name of `reject`."""
        self.reject(code, extraHeaders)

    def hangup(self, extraHeaders: Any = None, *_: Any) -> None:
        """Ends the call: `Disconnected`, or `Failed` when an outgoing one was not connected."""
        headers = self._headers("hangup", extraHeaders if _is_headers(extraHeaders) else None)
        if self._line.state is not LineState.TERMINATED:
            self._command("HangupCall", code=0, headers=headers)
            self._line.hang_up(headers)

    # --- digits and messages ------------------------------------------------------------------

    def handleTones(self, handle: bool = True, type: int | None = None) -> None:  # noqa: A002
        """Asks for `ToneReceived`; without it none comes.

        Args:
            handle: False ends it.
            type: A `DTMFType`; without it all kinds, and a line in the log says so.

        Unlike on the platform, in-band tones stay audible.
        """
        if handle and type is None:
            self._context.session.warn("tones", "handleTones: DTMFType is not set, using ALL")
        number = 0 if type is None else demand_number("handleTones", "type", type)
        kinds = TONE_KINDS.get(int(number))
        if kinds is None:
            raise ScenarioTypeError(f"handleTones: there is no DTMFType {type!r}")
        self._command("HandleTones", enable=bool(handle))
        self._line.tone_kinds = kinds if handle else frozenset()
        if not self._line.port.closed:
            self._line.port.detect(Side.SOURCE, dtmf=IN_BAND in self._line.tone_kinds)

    def sendDigits(self, digits: Any) -> None:
        """Sends keys to the far end: `0-9 * #`, and `p` for a pause of 500 ms."""
        keys = demand_text("sendDigits", "digits", digits)
        if not keys or set(keys) - set("0123456789*#pP"):
            raise ScenarioTypeError(f"sendDigits takes 0-9, *, # and p, not {keys!r}")
        if self._may("sendDigits", self._connected()):
            self._command("SendDigits", digits=keys)
            self._line.leg.digits(keys)

    def sendMessage(self, text: Any) -> None:
        """Sends a text message to the far end, at most 8192 bytes."""
        body = self._body("sendMessage", text)
        if self._may("sendMessage", self._connected()):
            self._command("SendMessage", text=body)
            self._line.leg.message(body)

    def sendInfo(self, mimeType: Any, body: Any, headers: Any = None) -> None:
        """Sends a SIP INFO to the far end; the body has at most 8192 bytes."""
        kind = demand_text("sendInfo", "mimeType", mimeType)
        text = self._body("sendInfo", body)
        extra = self._headers("sendInfo", headers)
        if self._may("sendInfo", self._connected()):
            self._command("SendInfo", mimeType=kind, body=text, headers=extra)
            self._line.leg.info(kind, text, extra)

    # --- sound --------------------------------------------------------------------------------

    def say(self, text: Any, parameters_: Any = None, ttsOptions: Any = None, **kw: Any) -> None:
        """Speaks a text to the far end: `PlaybackReady`, `PlaybackStarted`, `PlaybackFinished`.

        Args:
            text: What to say, at most 1500 characters (more: `PlaybackFinished` with `error`).
            parameters_: `voice` and more; or a language name, the older form.
            ttsOptions: Only with the older form.
            kw: The parameters as keywords.

        A second `say` replaces the first at once. The stream that the call heard before is
        displaced, and does not come back by itself.
        """
        words = demand_text("say", "text", text)
        source = spoken_text(words, speech_parameters(parameters_, ttsOptions, kw))
        if self._may("say", self._connected()):
            self._command("Say", text=words, voice=source.voice)
            self._play(source)

    def startPlayback(self, url: Any, parameters_: Any = None, **kw: Any) -> None:
        """Plays an audio file to the far end: the same three events as `say`.

        Args:
            url: Of an audio file, as `VoxEngine.createURLPlayer` takes it.
            parameters_: `loop`, `progressivePlayback`; or the loop, the older form.
            kw: The parameters as keywords.
        """
        params = looping_parameters(parameters_, kw)
        source = requested_file("startPlayback", url, params)
        if self._may("startPlayback", self._answered() or self._can_receive()):
            self._command("StartPlayback", url=source.url, loop=source.loop)
            self._play(source)

    def playProgressTone(self, country: Any) -> None:
        """Plays a ringing tone to the far end until another stream displaces it.

        Before the answer it needs `startEarlyMedia`. Events: `PlaybackReady`, `PlaybackStarted`
        with the duration of one round.

        Args:
            country: `US` or `RU`.
        """
        if not isinstance(country, str) or country not in PROGRESS_TONES:
            raise ScenarioTypeError(f"playProgressTone: country must be US or RU, not {country!r}")
        if self._may("playProgressTone", self._can_receive()):
            self._command("PlayProgressTone", country=country)
            self._play(ToneSound(PROGRESS_TONES[country], loop=True))

    def stopPlayback(self) -> None:
        """Stops what `say` or `startPlayback` plays, without `PlaybackFinished`."""
        if self._player is not None:
            self._command("StopPlayback")
            self._player._playback.destroy()
            self._player = None

    def record(self, parameters_: Any = None, **kw: Any) -> None:
        """Records the call: `RecordStarted` with the URL; `RecordStopped` after `Disconnected`.

        Args:
            parameters_: `stereo` (left: the far end, right: what it hears), `hd_audio`,
                `lossless`, `recordNamePrefix`, `expire`, ...
            kw: The same, as keywords.
        """
        params = parameters(parameters_, kw)
        if params.get("hd_audio") and params.get("lossless"):
            raise ScenarioTypeError("record: hd_audio and lossless exclude each other")
        if not self._may("record", self._line.state is not LineState.TERMINATED):
            return
        if self._recording is not None:
            self._context.session.warn("ignored", "record: the call is being recorded already")
            return
        for name in ("transcribe", "video"):
            if params.get(name):
                self._context.session.warn("not-emulated", f"record: {name} is not emulated")
        self._command("Record", **params)
        self._recording = Recording(self._context, self._line, params)

    # --- inside -------------------------------------------------------------------------------

    def _play(self, source: Source) -> None:
        """Plays by a player inside the call, which displaces what the call heard before."""
        if self._player is not None:
            self._player._playback.destroy()
        self._player = Player(self._context, source, mirror=self._mirror)
        self._router.link(self._player, self, Struct())
        self._player._begin()

    def _mirror(self, event: str, **fields: Any) -> None:
        """Tells the events of that player as the call's own."""
        match event:
            case "PlaybackReady":
                self._script_event("Call.PlaybackReady")
            case "Started":
                self._script_event("Call.PlaybackStarted", **fields)
            case "PlaybackFinished":
                self._script_event("Call.PlaybackFinished", **fields)

    def _script_event(self, name: str, **fields: Any) -> None:
        self._context.session.emit(self._line.emitter, name, fields, via="script")

    def _ended(self) -> None:
        if self._player is not None:
            self._player._playback.destroy()
        self._router.forget(self)

    def _connected(self) -> bool:
        return self._line.state is LineState.CONNECTED

    def _unanswered(self) -> bool:
        """Whether it is an incoming call that still waits for an answer."""
        line = self._line
        waits = line.state in (LineState.ALERTING, LineState.PROGRESSING)
        return line.incoming and waits and not line.answered

    def _answered(self) -> bool:
        return self._line.answered and self._line.state is not LineState.TERMINATED

    def _early_media(self) -> bool:
        return self._line.early_media and self._line.state is LineState.PROGRESSING

    def _can_send(self) -> bool:
        return self._connected() or (self._early_media() and not self._line.incoming)

    def _can_receive(self) -> bool:
        return self._connected() or (self._early_media() and self._line.incoming)

    def _source_port(self, params: Struct) -> Port:
        return self._line.port

    def _sink_port(self, params: Struct) -> Port:
        return self._line.port

    def _command(self, name: str, **params: Any) -> None:
        self._context.session.command(name, [{"id": self._unit_id, **params}])

    def _may(self, function: str, allowed: bool) -> bool:
        if not allowed:
            direction = "incoming" if self._line.incoming else "outgoing"
            self._context.session.warn(
                "ignored", f"{function} on an {direction} call in state {self.state()} is ignored"
            )
        return allowed

    def _headers(self, function: str, value: Any) -> Headers:
        return custom_headers(self._context.session, function, value)

    def _body(self, function: str, text: Any) -> str:
        body = demand_text(function, "body", text)
        limits = self._context.session.limits
        if len(body.encode()) > limits.message_bytes and limits.mode is not LimitMode.OFF:
            message = f"{function}: the body is longer than {limits.message_bytes} bytes"
            if limits.mode is LimitMode.ENFORCE:
                raise LimitError(message)
            self._context.session.warn("limit", message)
        return body


def _is_headers(value: Any) -> bool:
    """Not an event that came along because `hangup` was passed as a handler."""
    if not isinstance(value, dict):
        return False
    return all(isinstance(item, str) for _, item in entries(value)) and "name" not in value
