"""`Silero`: voice activity detection.

Source: https://voximplant.com/docs/references/voxengine/silero. On the platform it is Silero's
model; here it is the core's own detector, which goes by the level.
"""

from __future__ import annotations

from typing import Any

from voxrt.connectors.detector import RATE_HZ, SpeechDetector, number_of
from voxrt.connectors.options import ClientOptions
from voxrt.media.graph import Mark, MarkKind, Side, VadSettings
from voxrt.session.promise import Promise
from voxrt.session.values import Struct
from voxrt.vox import api
from voxrt.vox.context import Context
from voxrt.vox.names import Enum, Surface
from voxrt.vox.routing import MediaTarget
from voxrt.vox.shortfalls import tell_shortfalls

FACTORY = "Silero.createVAD"
#: The detector of the core knows these thresholds.
LEAST_THRESHOLD, MOST_THRESHOLD = 0.1, 0.9


class SileroModule(Surface):
    """The namespace `Silero`."""

    _platform_name = "Silero"
    _listed = ("VADEvents", "VAD")

    def __init__(self, context: Context) -> None:
        self._context = context
        self.VADEvents = Enum("Silero.VADEvents", context.session.warn)
        self.VAD = VAD

    @classmethod
    def _platform_members(cls) -> set[str]:
        return {*api.namespace_functions("Silero"), "VADEvents", "VAD"}

    def createVAD(self, parameters: Any = None, /, **keywords: Any) -> Promise:
        """Makes a detector.

        Args:
            parameters: `threshold` (0 to 1, 0.5: how sure it has to be; here how loud it has to
                be), `minSilenceDurationMs` (20 to 10000, 300: the silence that ends speech),
                `speechPadMs` (0 to 10000, 0: so much earlier speech begins, and later it ends),
                `onWebSocketClose`.
            keywords: The same, as keywords.

        Returns:
            A promise of the detector.

        Raises:
            ScenarioTypeError: A parameter is not of its kind, or out of its range.
        """
        options = ClientOptions.check(FACTORY, parameters, keywords)
        tell_shortfalls(self._context.session, FACTORY, options)
        return VAD(self._context, options)._start()


class VAD(SpeechDetector):
    """Tells when speech begins and when it has ended.

    Events: `ConnectorInformation`; `Result` with `speechStartAt`, as soon as somebody speaks, and
    with `speechEndAt`, when they have been silent for `minSilenceDurationMs`: both in seconds of
    sound since the first stream, or since the last `reset()`, which is answered by `Reset`.
    """

    _platform_name = "Silero.VAD"

    def __init__(self, context: Context, options: ClientOptions) -> None:
        threshold = number_of(FACTORY, options, "threshold", 0.5, 0, 1)
        silence_ms = number_of(FACTORY, options, "minSilenceDurationMs", 300, 20, 10_000)
        self._pad_s = number_of(FACTORY, options, "speechPadMs", 0, 0, 10_000) / 1_000
        super().__init__(context, "Silero", "vad", options)
        self._settings = VadSettings(
            threshold=min(max(threshold, LEAST_THRESHOLD), MOST_THRESHOLD),
            prefix_padding_ms=0,
            silence_ms=round(silence_ms),
        )
        self._listens = False
        """Whether its sound has begun, of which it counts the seconds."""
        context.media.listen(self._port, self._mark)
        context.approximated("Silero.VAD: speech is told from silence by its level")

    def _flow_began(self, source: MediaTarget) -> None:
        if not self._listens:
            self._forget()

    def _forget(self) -> None:
        self._listens = True
        self._port.detect(Side.SINK, vad=self._settings)

    def _mark(self, mark: Mark) -> None:
        if mark.side is not Side.SINK:
            return
        at_s = mark.value / RATE_HZ
        if mark.kind is MarkKind.SPEECH_STARTED:
            self._emit("Silero.VAD.Result", speechStartAt=round(max(at_s - self._pad_s, 0), 3))
        elif mark.kind is MarkKind.SPEECH_STOPPED:
            self._emit("Silero.VAD.Result", speechEndAt=round(at_s + self._pad_s, 3))

    def _tell_reset(self) -> None:
        self._emit("Silero.VAD.Reset")

    def _inform_of(self, data: Struct) -> None:
        self._emit("Silero.VAD.ConnectorInformation", data=data)
