"""`Grok.VoiceAgentAPIClient`: one connection of a scenario to xAI's voice agent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voxrt.clock import US_PER_MS
from voxrt.connectors.client import (
    REFUSED_CODE,
    REFUSED_REASON,
    ClientOptions,
    VoiceClient,
)
from voxrt.connectors.grok.events import event_name, folded, with_formats
from voxrt.errors import LocalProtocolError, ProtocolError, ScenarioTypeError
from voxrt.media.hearing import HeardWord
from voxrt.session.promise import Promise
from voxrt.session.values import plain
from voxrt.vox.context import Context
from voxrt.xai.client import ClientProtocol
from voxrt.xai.messages import Message, encode
from voxrt.xai.standin import SpokenSpan
from voxrt.xai.url import ApiKey

if TYPE_CHECKING:
    from voxrt.connectors.grok.module import GrokSettings

#: How soon the connection of a default model dies, when it does.
DEATH_US = 100 * US_PER_MS


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
        self._unsent: list[dict[str, Any]] = []
        self._link_is_open = False
        self._overflowed = False

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
        self._forward("SessionUpdate", "session.update", parameters, keywords)

    def conversationItemCreate(self, parameters: Any = None, /, **keywords: Any) -> None:
        """Adds to the conversation: a message, or the output of a function call.

        Args:
            parameters: xAI's `conversation.item.create`: `item`, `previous_item_id`, `event_id`.
            keywords: The same, as keywords.
        """
        self._forward("ConversationItemCreate", "conversation.item.create", parameters, keywords)

    def responseCreate(self, parameters: Any = None, /, **keywords: Any) -> None:
        """Asks the agent to say something.

        Args:
            parameters: xAI's `response.create`: optionally `response` and `event_id`.
            keywords: The same, as keywords.
        """
        self._forward("ResponseCreate", "response.create", parameters, keywords)

    def inputAudioBufferClear(self, parameters: Any = None, /, **keywords: Any) -> None:
        """Drops what the agent has heard and not answered; `InputAudioBufferCleared` follows.

        Args:
            parameters: xAI's `input_audio_buffer.clear`: optionally `event_id`.
            keywords: The same, as keywords.
        """
        self._forward("InputAudioBufferClear", "input_audio_buffer.clear", parameters, keywords)

    # --- the connection -------------------------------------------------------------------------

    def _connect(self, key: str, model: str, *, dies: bool) -> Promise:
        secret = ApiKey(key)

        def connect() -> None:
            if dies and self._settings.default_model_dies:
                self._context.clock.call_later(DEATH_US, self._die)
                return
            self._link = self._settings.make_link(self._context)
            headers = {"Authorization": f"Bearer {secret.reveal()}"}
            self._link.open(self, headers=headers, query={"model": model})

        return self._start(connect)

    def _die(self) -> None:
        if not self._closed:
            self._end(REFUSED_CODE, REFUSED_REASON, was_clean=False)

    def link_opened(self) -> None:
        """xAI accepted the connection."""
        self._link_is_open = True
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
            self._context.session.warn("protocol", f"xAI sent what is not its protocol: {error}")
            return
        for message in messages:
            self._take(message, len(text), speech)

    def link_bytes(self, data: bytes, speech: SpokenSpan | None) -> None:
        """Audio of xAI as a binary message."""
        for message in self._protocol.receive_bytes(data):
            self._take(message, len(data), speech)

    def _take(self, message: Message, size: int, speech: SpokenSpan | None) -> None:
        if message.audio is not None:
            self._play(message, size, speech)
            return
        self._received(message.type, message.data, size)
        if message.type == "session.updated":
            self._media.listen(self._protocol.input_format.rate_hz)
        name = event_name(message.type, self._settings)
        if name is not None:
            self._provider_event(name, message.data)

    def _play(self, message: Message, size: int, speech: SpokenSpan | None) -> None:
        pcm = message.audio or b""
        rate_hz = self._protocol.output_format.rate_hz
        self._received(message.type, folded(message.data, len(pcm) // 2, rate_hz, speech), size)
        if self._statistics is not None:
            self._statistics.add("audio_ms_received", len(pcm) // 2 * 1000 // rate_hz)
        dropped = self._media.play(pcm, rate_hz, speech)
        if dropped:
            self._record("media", action="overflow", unit=self._unit_id, samples=dropped)
            if not self._overflowed:
                self._overflowed = True
                self._context.session.warn(
                    "overflow", "the agent's audio came faster than it can be kept: some is lost"
                )

    # --- to xAI ---------------------------------------------------------------------------------

    def _forward(self, custom_event: str, kind: str, given: Any, keywords: dict[str, Any]) -> None:
        if given is not None and not isinstance(given, dict):
            raise ScenarioTypeError(
                f"{custom_event[0].lower()}{custom_event[1:]} needs an object, "
                f"not {type(given).__name__}"
            )
        message = {"type": kind, **plain(given or {}), **plain(keywords)}
        self._command(
            "SendMessageWebSocket",
            [self._socket.id(), {"customEvent": custom_event, "payload": message}],
        )
        if self._closed:
            self._context.session.warn("ignored", f"{custom_event}: the connection is closed")
        elif self._link_is_open:
            self._send(message)
        else:
            self._unsent.append(message)

    def _send(self, message: dict[str, Any]) -> None:
        if message["type"] == "session.update":
            message = with_formats(message, confirmed=bool(self._protocol.session))
        try:
            text = self._protocol.send(message)
        except LocalProtocolError as error:
            # The platform forwards whatever it is given; xAI answers with an error.
            self._context.session.warn("protocol", error.message)
            text = encode(message)
        self._transmit(text)
        self._sent(message["type"], message, len(text))

    def _chunk(self, pcm: bytes, heard: list[HeardWord]) -> None:
        rate_hz = self._protocol.input_format.rate_hz
        frame = self._protocol.append(pcm)
        kind = "input_audio_buffer.append"
        if self._transmit(frame, heard):
            message: dict[str, Any] = {"type": kind, "samples": len(pcm) // 2, "rate_hz": rate_hz}
            if heard:
                message["words"] = [word.text for word in heard]
            self._sent(kind, message, len(frame))
        elif not self._overflowed:
            self._overflowed = True
            self._context.session.warn("overflow", "xAI takes no audio: some of it is not sent")

    def _transmit(self, frame: str | bytes, heard: list[HeardWord] | None = None) -> bool:
        if self._trace is not None:
            self._trace.write(">", frame if isinstance(frame, str) else f"({len(frame)} bytes)")
        return self._link is not None and self._link.send(frame, heard or ())
