"""`AI.detectVoicemail`, the older way to tell a machine from a person; the rest of `AI` is absent.

Source: https://voximplant.com/docs/references/voxengine/ai. It listens as `AMD` does, which has
replaced it: with the same few rules (see `voxrt.vox.amd_judge`). What its documentation leaves out
is taken from scenarios that use it: the events are the call's, and confidence is 0 to 100.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voxrt.errors import ScenarioTypeError
from voxrt.session.promise import Promise
from voxrt.session.values import Struct, kind_of, parameters
from voxrt.vox.amd import AnsweringMachineDetector
from voxrt.vox.arguments import demand_number, demand_text
from voxrt.vox.context import Context
from voxrt.vox.names import UnemulatedModule

if TYPE_CHECKING:
    from voxrt.vox.call import Call

DEFAULT_MODEL, DEFAULT_THRESHOLD = "ru", 0.8


class AIModule(UnemulatedModule):
    """The namespace `AI`, of which `detectVoicemail` is there."""

    _platform_name = "AI"

    def __init__(self, context: Context) -> None:
        session = context.session
        super().__init__("AI", session.warn, session.not_emulated)
        self._context = context

    def detectVoicemail(
        self, call: Any = None, parameters_: Any = None, *_: Any, **keywords: Any
    ) -> Promise:
        """Finds out whether a machine has answered a call; usually asked for in `AudioStarted`.

        Args:
            call: The call. Sound before its answer counts, and the time runs from `Connected`.
            parameters_: `model` and `threshold`, how sure it has to be of a machine: 0 to 1, 0.8
                without it; or the model, the older form. All models are the same here.
            keywords: The same, as keywords.

        Returns:
            A promise of the event that the call gets: `AI.Events.VoicemailDetected` with
            `confidence` (0 to 100), or `VoicemailNotDetected`: a person answered, or it was not
            sure within 6.5 s. When the call ends first there is no event, and the promise is that
            of the latter.

        Raises:
            ScenarioTypeError: There is no call, or a parameter is not of its kind.
        """
        old_form = {"model": parameters_} if isinstance(parameters_, str) else parameters_
        params = parameters(old_form, keywords)
        if getattr(call, "_platform_name", "") != "Call":
            raise ScenarioTypeError(f"detectVoicemail: there must be a call, not {kind_of(call)}")
        model = demand_text("detectVoicemail", "model", params.get("model", DEFAULT_MODEL))
        threshold = demand_number(
            "detectVoicemail", "threshold", params.get("threshold", DEFAULT_THRESHOLD)
        )
        if not 0 <= threshold <= 1:
            raise ScenarioTypeError("detectVoicemail: threshold must lie between 0 and 1")
        shown = {"id": call.id(), "model": model, "threshold": threshold}
        self._context.session.command("DetectVoicemail", [shown])
        return VoicemailDetector(self._context, call, threshold).detect()


class VoicemailDetector(AnsweringMachineDetector):
    """Listens to one call for `detectVoicemail`; no scenario sees it."""

    def __init__(self, context: Context, call: Call, threshold: float) -> None:
        thresholds = {"voicemail": threshold}
        super().__init__(context, Struct(model="us", call=call, thresholds=thresholds))

    def _report(self, name: str, fields: dict[str, Any]) -> Struct:
        """The call's events in place of its own; answers what the promise is of."""
        assert self._call is not None
        line, who = self._call._line, fields.get("resultClass")
        if who == "VOICEMAIL":
            found = {"confidence": fields["confidence"]}
            line.emit("AI.Events.VoicemailDetected", **found)
            return line.emitter.event("AI.Events.VoicemailDetected", found)
        if who in ("HUMAN", "TIMEOUT"):
            line.emit("AI.Events.VoicemailNotDetected")
        return line.emitter.event("AI.Events.VoicemailNotDetected", {})


def unlock_ai(context: Context) -> dict[str, Any]:
    """What the module `AI` unlocks beside its enums."""
    return {"AI": AIModule(context)}
