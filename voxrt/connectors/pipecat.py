"""`Pipecat`: whether somebody has finished their turn, or only pauses.

Source: https://voximplant.com/docs/references/voxengine/pipecat. On the platform it is Pipecat's
Smart Turn, which listens to the sound of the last words; here the words themselves are looked at.
"""

from __future__ import annotations

from typing import Any

from voxrt.clock import US_PER_MS, US_PER_S
from voxrt.connectors.detector import SpeechDetector, number_of
from voxrt.connectors.options import ClientOptions
from voxrt.media.graph import Side
from voxrt.media.hearing import HeardWord, Hearing
from voxrt.session.media import FRAME_US
from voxrt.session.promise import Promise
from voxrt.session.values import Struct
from voxrt.vox import api
from voxrt.vox.context import Context
from voxrt.vox.names import Enum, Surface
from voxrt.vox.shortfalls import tell_shortfalls

FACTORY = "Pipecat.createTurnDetector"
#: How long the model takes.
ANSWER_US = 80 * US_PER_MS
#: How sure it is that a turn has ended: after a whole sentence, within one, and when it has heard
#: no words at all.
ENDED, GOES_ON, UNKNOWN = 0.95, 0.08, 0.5
SENTENCE_ENDS = (".", "!", "?")
GOING_ON = (",", ";", ":", "-", "…", "...")
#: A word that was cut off earlier than this was not said to its end.
WHOLE_PERCENT = 90


class PipecatModule(Surface):
    """The namespace `Pipecat`."""

    _platform_name = "Pipecat"
    _listed = ("TurnEvents", "TurnDetector")

    def __init__(self, context: Context) -> None:
        self._context = context
        self.TurnEvents = Enum("Pipecat.TurnEvents", context.session.warn)
        self.TurnDetector = TurnDetector

    @classmethod
    def _platform_members(cls) -> set[str]:
        return {*api.namespace_functions("Pipecat"), "TurnEvents", "TurnDetector"}

    def createTurnDetector(self, parameters: Any = None, /, **keywords: Any) -> Promise:
        """Makes a detector.

        Args:
            parameters: `threshold` (0 to 1, 0.5: the probability from which a turn has ended),
                `maxDurationSecs` (1 to 60, 8: how far back it listens), `preSpeechMs`,
                `onWebSocketClose`.
            keywords: The same, as keywords.

        Returns:
            A promise of the detector.

        Raises:
            ScenarioTypeError: A parameter is not of its kind, or out of its range.
        """
        options = ClientOptions.check(FACTORY, parameters, keywords)
        tell_shortfalls(self._context.session, FACTORY, options)
        return TurnDetector(self._context, options)._start()


class TurnDetector(SpeechDetector):
    """Says on demand whether the speaker has finished.

    Events: `ConnectorInformation`; after `predict()` `Result` with `endOfTurn` and `probability`;
    after `reset()` `Reset`.
    """

    _platform_name = "Pipecat.TurnDetector"

    def __init__(self, context: Context, options: ClientOptions) -> None:
        self._threshold = number_of(FACTORY, options, "threshold", 0.5, 0, 1)
        self._span_us = round(number_of(FACTORY, options, "maxDurationSecs", 8, 1, 60) * US_PER_S)
        super().__init__(context, "Pipecat", "turnDetector", options)
        self._hearing = Hearing(context.utterances)
        self._port.ledger(Side.SINK)
        self._words: list[HeardWord] = []
        context.approximated("Pipecat.TurnDetector: a turn ends with a sentence, by its words")

    def predict(self, *_: Any) -> None:
        """Asks whether the turn has ended by now: `Result` follows."""
        if self._ignores("predict"):
            return
        self._command("PredictTurn")
        self._listen()
        probability = self._probability()
        self._context.clock.call_later(ANSWER_US, self._answer, probability)

    # --- inside -------------------------------------------------------------------------------

    def _answer(self, probability: float) -> None:
        if not self._closed:
            ends = probability >= self._threshold
            self._emit("Pipecat.Turn.Result", endOfTurn=ends, probability=probability)

    def _tell_reset(self) -> None:
        self._emit("Pipecat.Turn.Reset")

    def _inform_of(self, data: Struct) -> None:
        self._emit("Pipecat.Turn.ConnectorInformation", data=data)

    def _listen(self) -> None:
        """Takes the words that were heard since the last time."""
        now_us = self._context.graph.tick * FRAME_US
        heard = self._hearing.feed(self._port.ledger(Side.SINK).read(), until_us=now_us)
        words = [*self._words, *heard]
        self._words = [word for word in words if word.end_us > now_us - self._span_us]

    def _forget(self) -> None:
        self._listen()
        self._words.clear()

    def _probability(self) -> float:
        if not self._words:
            return UNKNOWN
        last = max(self._words, key=lambda word: word.end_us)
        if last.share < WHOLE_PERCENT or last.text.endswith(GOING_ON):
            return GOES_ON
        said = self._context.utterances.get(last.utterance).speech.words
        is_all = bool(said) and said[-1].text == last.text
        return ENDED if is_all or last.text.endswith(SENTENCE_ENDS) else GOES_ON
