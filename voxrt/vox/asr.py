"""`ASR`: speech recognition. Source: https://voximplant.com/docs/references/voxengine/asr

The platform hands the sound to a provider's recogniser. Here the run's recogniser is asked (see
`voxrt.media.recogniser`), whatever profile the scenario names.
"""

from __future__ import annotations

from typing import Any

from voxrt.clock import US_PER_MS, US_PER_S, Timer
from voxrt.media.graph import Port
from voxrt.media.recogniser import Recognised, Task
from voxrt.session.emitter import Emitter
from voxrt.session.values import Struct
from voxrt.vox.asr_settings import AsrSettings, read_settings
from voxrt.vox.context import Context, Owned
from voxrt.vox.listening import Listener
from voxrt.vox.routing import MediaTarget

#: How long after the first sound the recogniser reports that it runs.
STARTED_US = 40 * US_PER_MS
#: A single utterance, and the wait for it, take no longer.
SINGLE_US = 60 * US_PER_S


class ASR(MediaTarget):
    """Recognises what is said in the streams that are sent to it.

    Events, in order: `Started`, when the first stream flows; then for each phrase
    `CaptureStarted`, `InterimResult` while it is spoken (with `interimResults`),
    `SpeechCaptured` when the speaker has paused for 700 ms, and `Result` 150 ms later. A phrase in
    which no word was understood has no `Result`. With `singleUtterance` there is one result and
    nothing is recognised after it. After `stop`, or the end of the call, comes `Stopped` and
    nothing more. A recogniser that fails gives `ASRError` in place of `Result`.

    Several streams are mixed, with a warning: the platform expects one.
    """

    _platform_name = "ASR"
    _sends = False
    _one_stream = False
    _detects_voice = True

    def __init__(self, context: Context, settings: AsrSettings) -> None:
        session = context.session
        self._context = context
        self._router = context.router
        self._settings = settings
        self._unit_id = session.ids.object_id()
        self._emitter = Emitter(unit="asr", id=self._unit_id, subject={"asr": self})
        self._started_us: int | None = None
        self._starting: Timer | None = None
        self._last: Timer | None = None
        self._time_is_up = False
        self._told_mix = False
        hears = Task(
            language=settings.language, hints=settings.hints, punctuation=settings.punctuation
        )
        self._listener = Listener(
            context=context,
            name="asr",
            recogniser=context.recogniser,
            task=hears,
            interim=settings.interim,
            on_capture=lambda: self._report("ASR.CaptureStarted"),
            on_interim=self._interim,
            on_captured=lambda: self._report("ASR.SpeechCaptured"),
            on_result=self._result,
            on_error=self._failed,
        )
        self._owned = Owned(self._end)
        context.session.own(self._owned)
        context.approximated(context.recogniser.approximated)

    def id(self) -> str:
        """The ASR's identifier."""
        return self._unit_id

    def language(self) -> str:
        """The language that it recognises, such as `en-US`; empty when it finds out itself."""
        return self._settings.language

    def dictionary(self) -> list[str]:
        """The dictionary or the phrases that it was made with."""
        return list(self._settings.dictionary)

    def addEventListener(self, event: str, callback: Any) -> None:
        """Adds a handler of an `ASREvents` event; a handler added twice runs twice."""
        self._emitter.handlers.add(event, callback)

    def removeEventListener(self, event: str, callback: Any = None) -> None:
        """Removes a handler, or every handler of the event."""
        self._emitter.handlers.remove(event, callback)

    def stop(self, *_: Any) -> None:
        """Ends it: `Stopped`; harmless when it has ended.

        A phrase that is being spoken or recognised has no result any more.
        """
        if not self._emitter.closed:
            self._context.session.command("StopASR", [{"id": self._unit_id}])
            self._end()

    def toJSON(self) -> dict[str, Any]:
        return {"id": self._unit_id, "language": self.language()}

    # --- inside -------------------------------------------------------------------------------

    def _can_receive(self) -> bool:
        return not self._listener.closed

    def _sink_port(self, params: Struct) -> Port:
        return self._listener.port

    def _flow_began(self, source: MediaTarget) -> None:
        clock = self._context.clock
        if self._starting is None:
            self._starting = clock.call_later(STARTED_US, lambda: self._report("ASR.Started"))
            self._started_us = clock.now_us()
            if self._settings.single:
                self._last = clock.call_later(SINGLE_US, self._single_is_over)
        if not self._told_mix and len(self._router.sources_of(self)) > 1:
            self._told_mix = True
            self._context.session.warn(
                "asr", "an ASR expects one stream: what is sent to this one is mixed"
            )

    def _source_ended(self, source: MediaTarget) -> None:
        if source._platform_name == "Call" and not self._router.sources_of(self):
            self._end()

    def _report(self, event: str, **fields: Any) -> None:
        self._context.session.emit(self._emitter, event, fields)

    def _interim(self, text: str) -> None:
        self._report("ASR.InterimResult", text=self._settings.normalised(text))

    def _result(self, recognised: Recognised | None, end_us: int) -> None:
        settings, start_us = self._settings, self._started_us or 0
        if recognised is not None:
            scale = self._context.confidence_scale
            confidence = recognised.confidence * scale
            fields: dict[str, Any] = {
                "text": settings.normalised(recognised.text),
                "confidence": round(confidence, 4) if scale == 1 else round(confidence),
            }
            if settings.provider == "Google":
                fields["resultEndTime"] = f"{(end_us - start_us) / US_PER_S:.3f}s"
                fields["channelTag"] = 0
                if settings.language:
                    fields["languageCode"] = settings.language.lower()
            self._report("ASR.Result", **fields)
        if settings.single and (recognised is not None or self._time_is_up):
            self._deafen()

    def _failed(self, why: str) -> None:
        self._report("ASR.Error", error=why)
        if self._time_is_up:
            self._deafen()

    def _single_is_over(self) -> None:
        """A minute has passed: what has been said so far is the utterance."""
        self._time_is_up = True
        self._listener.cut()
        if not self._listener.busy:
            self._deafen()

    def _deafen(self) -> None:
        """Nothing is recognised from now on; it lives until it is stopped."""
        self._receives, self._deaf = False, "this ASR recognises nothing any more"
        if self._last is not None:
            self._last.cancel()
        self._router.forget(self)
        self._listener.close()

    def _end(self) -> None:
        if self._emitter.closed:
            return
        if self._starting is not None:
            self._starting.cancel()
        self._deafen()
        now_us = self._context.clock.now_us()
        start_us = now_us if self._started_us is None else self._started_us
        duration = (now_us - start_us) // US_PER_S
        self._report("ASR.Stopped", cost="0", duration=duration)
        self._emitter.closed = True
        self._context.session.disown(self._owned)


def make_asr(context: Context, given: Any, dictionary: Any, keywords: dict[str, Any]) -> ASR:
    """Makes an ASR with the arguments of `createASR`."""
    settings = read_settings(context.session, given, dictionary, keywords)
    if "ASR" not in context.modules:
        context.session.warn("not-required", "createASR: require(Modules.ASR) is missing")
    asr = ASR(context, settings)
    shown: dict[str, Any] = {"id": asr.id(), "profile": settings.profile}
    shown |= {"interimResults": True} if settings.interim else {}
    shown |= {"singleUtterance": True} if settings.single else {}
    shown |= {"phraseHints": list(settings.hints)} if settings.hints else {}
    context.session.command("CreateASR", [shown])
    return asr
