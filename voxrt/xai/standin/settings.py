"""How the stand-in behaves where the real service varies, and what it needs from its host."""

from __future__ import annotations

from typing import Final, Literal, Protocol

from attrs import field, frozen

from voxrt.xai.url import DEFAULT_MODEL

MODELS: Final = (
    "grok-voice-latest",
    "grok-voice-think-fast-2.0",
    "grok-voice-think-fast-1.0",
    "grok-voice-fast-1.0",
)

Span = tuple[int, int]


class Notify(Protocol):
    """Takes one line of text."""

    def __call__(self, text: str, /) -> object: ...


def _ignore(text: str, /) -> None:
    """Takes a line that nobody wants."""


@frozen(kw_only=True)
class StandInSettings:
    """Timing and the switches for what sources disagree about. Pairs are ranges, both included.

    Attributes:
        default_model: What an unknown model is silently replaced with.
        voice: What `session.created` names.
        update_ms: From `session.update` to `session.updated`.
        answer_ms: From any other client message to its answer.
        created_ms: From the end of a turn, or `response.create`, to `response.created`.
        first_audio_ms: From there to the first sound; the `latency` field.
        burst_factor: How much faster than real time sound is delivered; the service has 3 to 8.
        silence_ms: The turn's closing silence when the session does not set it.
        partial_every_ms: Between partial transcripts while the caller speaks.
        late_partial: One more partial transcript after the turn is committed.
        barge_in: What becomes of a reply that the caller interrupts while it is delivered:
            `cancelled` ends it with a cancelled `response.done`, `silent_drop` says no more of it.
        barge_in_before_sound: The same before its first sound.
        merge_pauses: Speech that goes on before the answer was heard continues the same turn.
        documented_manual_mode: After `commit`, wait for `response.create` as documented; the real
            service answers by itself.
        honour_response_switches: Obey `create_response: false` and `interrupt_response: false`,
            which the real service stores and ignores.
        ping_every_ms: Between pings.
        max_session_ms: Ends the session with `max_duration` and close code 1000; `None` never.
        inactivity_ms: Ends it with `timeout` after this long without a client message.
        resumable_for_ms: How long a conversation can be resumed after its connection has gone.
        max_append_bytes: The largest `append` that is accepted.
        on_guess: Called with a line whenever speech had to be guessed for want of word tags.
        on_note: Called with a line when something did not go as a script's author would expect.
    """

    default_model: str = DEFAULT_MODEL
    voice: str = "ara"
    update_ms: Span = (140, 300)
    answer_ms: Span = (20, 40)
    created_ms: Span = (200, 320)
    first_audio_ms: Span = (460, 700)
    burst_factor: float = 4.0
    silence_ms: int = 500
    partial_every_ms: int = 700
    late_partial: bool = True
    barge_in: Literal["cancelled", "silent_drop"] = "cancelled"
    barge_in_before_sound: Literal["cancelled", "silent_drop"] = "silent_drop"
    merge_pauses: bool = True
    documented_manual_mode: bool = False
    honour_response_switches: bool = False
    ping_every_ms: int = 10_000
    max_session_ms: int | None = None
    inactivity_ms: int | None = None
    resumable_for_ms: int = 30 * 60 * 1000
    max_append_bytes: int = 15 * 1024 * 1024
    on_guess: Notify = field(default=_ignore, repr=False)
    on_note: Notify = field(default=_ignore, repr=False)


@frozen
class SpokenSpan:
    """Which part of which utterance a piece of sound is, so that words travel with it.

    `offset` and `samples` count samples of the registered speech, at its rate `rate_hz`. That is
    the rate of the session's output format whenever the audio core knows that rate.
    """

    utterance: int
    offset: int
    samples: int
    rate_hz: int


class ServerTransport(Protocol):
    """Where the stand-in's frames go. None of these may call back into the conversation."""

    def send(self, text: str, speech: SpokenSpan | None) -> None:
        """Sends a text frame; `speech` stands beside an audio delta."""

    def send_bytes(self, data: bytes, speech: SpokenSpan | None) -> None:
        """Sends a binary frame: sound, when the session's output transport is `binary`."""

    def close(self, code: int, reason: str) -> None:
        """Closes the WebSocket after all that was sent."""


@frozen
class Refusal:
    """The upgrade is refused with an HTTP status and a JSON body."""

    status: int
    body: dict[str, str]
