"""`Call`, as a scenario sees it. Source: https://voximplant.com/docs/references/voxengine/call"""

from __future__ import annotations

from typing import Any

from voxrt.errors import ScenarioTypeError
from voxrt.media.graph import Port, Side
from voxrt.session.values import Struct, entries, kind_of, parameters
from voxrt.vox.arguments import demand_number, demand_text
from voxrt.vox.call_dialog import CallDialog
from voxrt.vox.call_facts import LineState
from voxrt.vox.call_listening import CallListening
from voxrt.vox.call_messages import CallMessages
from voxrt.vox.context import Context
from voxrt.vox.direct import make_direct
from voxrt.vox.line import Line
from voxrt.vox.player import Player
from voxrt.vox.players import looping_parameters, requested_file, speech_parameters, spoken_text
from voxrt.vox.recording import Recording
from voxrt.vox.reel import check_recording
from voxrt.vox.routing import MediaTarget, demand_unit
from voxrt.vox.shortfalls import tell_shortfalls
from voxrt.vox.sounds import Source, ToneSound

#: The ringing tones of `playProgressTone`, one round each.
PROGRESS_TONES = {"RU": "425@-19;5(1/4/1)", "US": "440@-19,480@-19;6(2/4/1+2)"}


class Call(CallDialog, CallListening, CallMessages):
    """A call of the session, incoming or outgoing.

    Events, in order, for an incoming call that is answered: `FirstAudioPacketReceived`,
    `Connected`, `AudioQualityDetected`, ..., `Disconnected`, and `RecordStopped` after it when the
    call was recorded. An outgoing call adds `Ringing` and `AudioStarted` before these, and ends
    with `Failed` in place of `Disconnected` when it was never connected. `OnHold` and `OffHold`
    come when the far end puts the call on hold, `RtpStopped` and `RtpResumed` when its packets
    end to come and come again. A call with video adds `FirstVideoPacketReceived` after
    `FirstAudioPacketReceived`, and `VideoTrackCreated` when it is recorded with `video`.
    """

    _platform_name = "Call"

    def __init__(self, context: Context, line: Line) -> None:
        self._context = context
        self._router = context.router
        self._line = line
        self._unit_id = line.emitter.id
        self._player: Player | None = None
        self._recording: Recording | None = None
        line.on_flow = self._flow_changed
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

        Args:
            extraHeaders: To send along.
            parameters_: `displayName`, which is written down: nobody looks at the phone.

        Answering twice, or an outgoing call, is ignored with a warning.
        """
        headers = self._headers("answer", extraHeaders)
        if not self._may("answer", self._unanswered()):
            return
        if self._line.is_direct:
            self._context.session.warn(
                "peer-to-peer", "answer on a peer-to-peer call: answerDirect is meant for it"
            )
        params = self._answer_parameters("answer", parameters_)
        self._command("AcceptCall", headers=headers, parameters=params)
        self._line.answer(headers)

    def answerDirect(
        self, peerCall: Any = None, extraHeaders: Any = None, parameters_: Any = None, **_: Any
    ) -> None:
        """Answers an incoming call peer to peer; `Connected` follows.

        Args:
            peerCall: The call that `VoxEngine.callUserDirect` made.
            extraHeaders: To send along.
            parameters_: `displayName`, which is written down: nobody looks at the phone.

        From then on the two far ends hear each other, and the platform neither.

        Raises:
            ScenarioTypeError: `peerCall` is no other call.
        """
        if not isinstance(peerCall, Call) or peerCall is self:
            what = "this very call" if peerCall is self else kind_of(peerCall)
            raise ScenarioTypeError(f"answerDirect: peerCall must be another call, not {what}")
        headers = self._headers("answerDirect", extraHeaders)
        if not self._may("answerDirect", self._unanswered()):
            return
        params = self._answer_parameters("answerDirect", parameters_)
        self._command(
            "AcceptCallDirect", peer=peerCall._unit_id, headers=headers, parameters=params
        )
        make_direct(self._line, peerCall._line)
        self._line.answer(headers)

    def ring(self, extraHeaders: Any = None) -> None:
        """Sends 180 to the caller, whose phone plays the tone."""
        headers = self._headers("ring", extraHeaders)
        if self._may("ring", self._unanswered()):
            self._command("Ring", headers=headers)
            self._line.ring(headers)

    def startEarlyMedia(
        self,
        extraHeaders: Any = None,
        scheme: Any = None,
        maxVideoBitrate: Any = None,
        audioLevelExtension: Any = None,
        conferenceCall: Any = None,
        disableDtxForAudio: Any = None,
        *_: Any,
        **__: Any,
    ) -> None:
        """Sends 183: audio flows to the caller before the answer, for at most 60 s.

        The headers are sent along; the rest has no effect, and whoever gives it is told.
        """
        headers = self._headers("startEarlyMedia", extraHeaders)
        given = {
            "scheme": scheme,
            "maxVideoBitrate": maxVideoBitrate,
            "audioLevelExtension": audioLevelExtension,
            "conferenceCall": conferenceCall,
            "disableDtxForAudio": disableDtxForAudio,
        }
        tell_shortfalls(self._context.session, "Call.startEarlyMedia", given)
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

    # --- sound --------------------------------------------------------------------------------

    def sendMediaTo(
        self, mediaUnit: MediaTarget, parameters_: Any = None, /, **keywords: Any
    ) -> None:
        """Starts sending the far end's audio to another unit: see `MediaUnit`."""
        demand_unit(mediaUnit, "sendMediaTo")
        if self._may_use_media("sendMediaTo", not self._line.over):
            super().sendMediaTo(mediaUnit, parameters_, **keywords)

    def stopMediaTo(self, mediaUnit: MediaTarget, *ignored: Any) -> None:
        """Stops what `sendMediaTo` started; harmless when nothing was."""
        demand_unit(mediaUnit, "stopMediaTo")
        if self._may_use_media("stopMediaTo", True):
            super().stopMediaTo(mediaUnit, *ignored)

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
        params = speech_parameters(parameters_, ttsOptions, kw)
        tell_shortfalls(self._context.session, "Call.say", params)
        source = spoken_text(words, params)
        if self._may_use_media("say", self._line.connected):
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
        if self._may_use_media("startPlayback", self._answered() or self._can_receive()):
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
        if self._may_use_media("playProgressTone", self._can_receive()):
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
                `lossless`, `recordNamePrefix`, `expire`; `transcribe` with `language`, `labels`
                and `format` (`json`), which puts a text beside the file; `video`.
            kw: The same, as keywords.

        With `video`, and video in the call, `VideoTrackCreated` follows `RecordStarted`, or the
        first video packet when that comes later. No pictures are carried, so the file that both
        URLs name holds the sound alone. On the platform it is a video, WebM or MP4; whether
        both events have one URL there is stated nowhere.
        """
        params = parameters(parameters_, kw)
        check_recording(self._context, "Call.record", params)
        if not self._may_use_media("record", self._line.state is not LineState.TERMINATED):
            return
        if self._recording is not None and not self._recording.failed:
            self._context.session.warn("ignored", "record: the call is being recorded already")
            return
        self._command("Record", **params)
        self._recording = Recording(self._context, self._line, params)

    # --- inside -------------------------------------------------------------------------------

    def _answer_parameters(self, function: str, given: Any) -> Struct:
        """Takes the parameters of an answer."""
        params = parameters(given, {})
        tell_shortfalls(self._context.session, f"Call.{function}", params)
        return params

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

    def _flow_changed(self) -> None:
        if self._line.is_direct and self._sends:  # no unit of the platform has a part in it
            self._sends = self._receives = False
            self._router.forget(self)
            if not self._line.port.closed:
                self._line.port.detect(Side.SOURCE, dtmf=False)
        self._router.refresh(self)

    def _ended(self) -> None:
        if self._player is not None:
            self._player._playback.destroy()
        self._router.forget(self)
        self._sends = self._receives = False
        self._deaf = "this call has ended"

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
        if self._line.dialog.on_hold:
            return False
        return self._line.connected or (self._early_media() and not self._line.incoming)

    def _can_receive(self) -> bool:
        if self._line.dialog.on_hold:
            return False
        return self._line.connected or (self._early_media() and self._line.incoming)

    def _source_port(self, params: Struct) -> Port:
        return self._line.port

    def _sink_port(self, params: Struct) -> Port:
        return self._line.ear


def _is_headers(value: Any) -> bool:
    """Not an event or a result that came along because `hangup` was passed as a handler."""
    if isinstance(value, list):
        return True
    if not isinstance(value, dict) or "name" in value:
        return False
    return all(isinstance(item, str | int | float | None) for _, item in entries(value))
