"""`Grok.VoiceAgentAPIClient`: one connection of a scenario to xAI's voice agent."""

from __future__ import annotations

from typing import Any

from voxrt.clock import US_PER_MS
from voxrt.connectors.captions import Captions
from voxrt.connectors.client import CONNECT_US, REFUSED_CODE, REFUSED_REASON, VoiceClient
from voxrt.connectors.grok.events import AUDIO_DELTA, AUDIO_ENDS, Formats, event_names, folded
from voxrt.connectors.grok.settings import GrokSettings
from voxrt.connectors.options import ClientOptions, parameter_object
from voxrt.connectors.service import OPENED_US
from voxrt.errors import LocalProtocolError, ProtocolError, UsageError
from voxrt.media.hearing import HeardWord
from voxrt.session.journal import Record
from voxrt.session.promise import Promise
from voxrt.session.values import plain
from voxrt.vox.context import Context
from voxrt.xai.cassette.secrets import tool_credentials
from voxrt.xai.client import ClientProtocol
from voxrt.xai.messages import Message, encode
from voxrt.xai.standin import SpokenSpan
from voxrt.xai.url import ApiKey, realtime_headers

#: How soon after its opening the connection of a default model dies, when it does.
DEATH_US = 100 * US_PER_MS
APPEND = "input_audio_buffer.append"


TRANSCRIPT_DELTA = "response.output_audio_transcript.delta"
TRANSCRIBED = "the agent's words: placed by the provider's transcript, which is not exact"


class VoiceAgentAPIClient(VoiceClient):
    """A voice agent of xAI as a media unit.

    Provider events carry `client`, `name`, `id` and `data`, with the provider's message in
    `data.payload` and its fields readable on `data` too. Audio never shows as an event: units
    hear it after `sendMediaTo`, and `WebSocketMediaStarted` and `WebSocketMediaEnded` tell when.

    Source: https://voximplant.com/docs/references/voxengine/grok/voiceagentapiclient
    """

    _platform_name = "Grok.VoiceAgentAPIClient"

    def __init__(self, context: Context, options: ClientOptions, settings: GrokSettings) -> None:
        super().__init__(context, "Grok", "Grok.VoiceAgentAPI", options)
        self._settings = settings
        self._protocol = ClientProtocol()
        self._captions = Captions(context.utterances)
        self._formats = Formats()
        self._unsent: list[dict[str, Any]] = []
        self._updating = False
        """Whether a change of the session is not confirmed: the format of the audio may change."""

    # --- the platform's surface ---------------------------------------------------------------

    def sessionUpdate(self, parameters: Any = None, /, **keywords: Any) -> None:
        """Changes the agent's configuration; `SessionUpdated` follows.

        Args:
            parameters: xAI's `session.update`: `session` with `instructions`, `voice`,
                `turn_detection`, `tools`, `audio`, ... Fields that are not sent keep their value.
            keywords: The same, as keywords.

        Audio from units flows to the agent once the first update is confirmed. Unless the
        session names audio formats, both directions are PCM16 at 16 kHz.
        """
        self._forward("sessionUpdate", "session.update", parameters, keywords)

    def conversationItemCreate(self, parameters: Any = None, /, **keywords: Any) -> None:
        """Adds to the conversation: a message, or the output of a function call.

        Args:
            parameters: xAI's `conversation.item.create`: `item`, `previous_item_id`, `event_id`.
            keywords: The same, as keywords.
        """
        self._forward("conversationItemCreate", "conversation.item.create", parameters, keywords)

    def responseCreate(self, parameters: Any = None, /, **keywords: Any) -> None:
        """Asks the agent to say something.

        Args:
            parameters: xAI's `response.create`: optionally `response` and `event_id`.
            keywords: The same, as keywords.
        """
        self._forward("responseCreate", "response.create", parameters, keywords)

    def inputAudioBufferClear(self, parameters: Any = None, /, **keywords: Any) -> None:
        """Drops what the agent has heard and not answered; `InputAudioBufferCleared` follows.

        Args:
            parameters: xAI's `input_audio_buffer.clear`: optionally `event_id`.
            keywords: The same, as keywords.
        """
        self._forward("inputAudioBufferClear", "input_audio_buffer.clear", parameters, keywords)

    # --- the connection -------------------------------------------------------------------------

    def _connect(self, key: str, model: str, *, dies: bool) -> Promise:
        secret = ApiKey(key)

        def connect() -> None:
            if dies and self._settings.default_model_dies:
                wait_us = OPENED_US + DEATH_US - CONNECT_US
                self._context.clock.call_later(wait_us, self._die)
                return
            try:
                wire_headers = realtime_headers(secret)
            except UsageError as error:
                self.link_refused(error.message)
                return
            link = self._settings.make_link(self._context)
            headers = {name.decode(): value.decode() for name, value in wire_headers}
            self._dial(link, "xai", headers=headers, query={"model": model})

        return self._start(connect)

    def _die(self) -> None:
        if not self._closed:
            self._end(REFUSED_CODE, REFUSED_REASON, was_clean=False)

    def link_opened(self) -> None:
        """xAI accepted the connection."""
        super().link_opened()
        self._protocol.connection.opened()
        unsent, self._unsent = self._unsent, []
        for message in unsent:
            self._send(message)

    def link_text(self, text: str, speech: SpokenSpan | None) -> None:
        """A message of xAI."""
        if self._trace is not None:
            self._trace.write("<", text)
        try:
            messages = self._protocol.receive(text)
        except ProtocolError as error:
            if self._file is not None:
                self._file.received_text(text)
            self._broken(error)
            return
        record = None  # of audio that came too late
        for message in messages:
            record = self._take(message, len(text), speech)
        if self._file is not None:
            self._file.received(record, text, speech)

    def link_bytes(self, data: bytes, speech: SpokenSpan | None) -> None:
        """Audio of xAI as a binary message."""
        if self._trace is not None:
            self._trace.write("<", f"({len(data)} bytes)")
        record = None
        for message in self._protocol.receive_bytes(data):
            record = self._take(message, len(data), speech)
        if self._file is not None:
            self._file.received_bytes(record, AUDIO_DELTA, data, speech)

    def _broken(self, error: ProtocolError) -> None:
        self._warn("protocol", "xAI sent what is not its protocol", error.message)

    def _take(self, message: Message, size: int, speech: SpokenSpan | None) -> Record | None:
        if message.audio is not None:
            return self._play(message, size, speech)
        record = self._note("received", message.type, message.data, size)
        if message.type == AUDIO_DELTA:
            self._warn("protocol", "xAI sent what is not its protocol", "a delta without audio")
        elif message.type == TRANSCRIPT_DELTA:
            self._caption(message.data)
        elif message.type == "session.updated":
            self._updating = False
            self._media.listen(self._protocol.input_format.rate_hz)
        elif message.type in AUDIO_ENDS and not message.late:
            self._captions.done(str(message.data.get("response_id")))
            self._lost(self._media.reply_complete())
        for name in event_names(message.type, self._settings):
            self._provider_event(name, message.data)
        return record

    def _play(self, message: Message, size: int, speech: SpokenSpan | None) -> Record | None:
        pcm = message.audio or b""
        rate_hz = self._protocol.output_format.rate_hz
        samples = len(pcm) // 2
        if speech is None:
            self._context.approximated(TRANSCRIBED)
            reply = str(message.data.get("response_id"))
            speech = self._captions.audio(reply, samples, rate_hz)
        short = folded(message.data, samples, rate_hz, speech)
        record = self._note("received", message.type, short, size)
        self._count("audio_ms_received", samples * 1000 // rate_hz)
        self._lost(self._media.play(pcm, rate_hz, speech))
        return record

    def _caption(self, data: dict[str, Any]) -> None:
        start_s = data.get("start_time")
        known = isinstance(start_s, int | float)
        self._captions.text(
            str(data.get("response_id")), str(data.get("delta", "")), start_s if known else None
        )

    def _lost(self, samples: int) -> None:
        if samples:
            self._record("media", action="overflow", unit=self._unit_id, samples=samples)
            self._warn_once(
                "overflow", "the agent's audio came faster than it can be kept: some is lost"
            )

    # --- to xAI ---------------------------------------------------------------------------------

    def _forward(self, function: str, kind: str, given: Any, keywords: dict[str, Any]) -> None:
        message: dict[str, Any] = plain(parameter_object(function, given, keywords))
        if message.get("type") is None:
            message = {"type": kind, **{k: v for k, v in message.items() if k != "type"}}
        self._context.session.journal.add_secrets(tool_credentials(message))
        custom_event = f"{function[0].upper()}{function[1:]}"
        self._command(
            "SendMessageWebSocket",
            [self._socket.id(), {"customEvent": custom_event, "payload": message}],
        )
        if self._ignores(function):
            return
        if self._protocol.is_open:
            self._send(message)
        else:
            self._unsent.append(message)

    def _send(self, message: dict[str, Any]) -> None:
        updates = message["type"] == "session.update"
        self._updating |= updates
        self._media.hand_out_silence()
        if updates:
            message = self._formats.complete(message, confirmed=bool(self._protocol.session))
        try:
            text = self._protocol.send(message)
        except LocalProtocolError as error:
            # The platform forwards whatever it is given; xAI answers with an error.
            self._warn("protocol", "this is not xAI's protocol", error.message)
            text = encode(message)
        if self._transmit(text):
            record = self._note("sent", message["type"], message, len(text))
            if self._file is not None and record is not None:
                self._file.sent(record, message)

    def _chunk(self, pcm: bytes, heard: list[HeardWord]) -> None:
        rate_hz = self._protocol.input_format.rate_hz
        samples = len(pcm) // 2
        frame = self._protocol.append(pcm)
        if self._transmit(frame, heard):
            message: dict[str, Any] = {"type": APPEND, "samples": samples, "rate_hz": rate_hz}
            if heard:
                message["words"] = [word.text for word in heard]
            record = self._note("sent", APPEND, message, len(frame))
            if self._file is not None and record is not None:
                self._file.sent_audio(record, frame, pcm, rate_hz)
            if self._statistics is not None:
                self._count("audio_ms_sent", samples * 1000 // rate_hz)
        else:
            self._count("audio_ms_not_sent", samples * 1000 // rate_hz)
            self._warn_once("overflow", "xAI takes no audio: some of it is not sent")

    def _may_wait(self, until_us: int) -> bool:
        return not self._updating and super()._may_wait(until_us)

    def _transmit(self, frame: str | bytes, heard: list[HeardWord] | None = None) -> bool:
        sent = self._link is not None and self._link.send(frame, heard or ())
        if sent and self._trace is not None:
            self._trace.write(">", frame if isinstance(frame, str) else f"({len(frame)} bytes)")
        return sent
