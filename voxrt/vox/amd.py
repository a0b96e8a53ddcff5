"""`AMD`: answering machine detection. Source: https://voximplant.com/docs/references/voxengine/amd

The platform's models are trained on the greetings of a country's networks. Here the same few rules
hold for all of them (see `voxrt.vox.amd_judge`), applied to what the far end really plays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import define, field

from voxrt.clock import US_PER_MS, Timer
from voxrt.errors import ScenarioTypeError
from voxrt.media.graph import Port, Side, Tap
from voxrt.media.pure_tone import RATE_HZ
from voxrt.session.emitter import Emitter
from voxrt.session.promise import Promise
from voxrt.session.values import Struct, kind_of, parameters
from voxrt.vox import api
from voxrt.vox.amd_judge import Judge
from voxrt.vox.arguments import demand_number
from voxrt.vox.context import Context
from voxrt.vox.names import Enum, Surface
from voxrt.vox.routing import MediaTarget
from voxrt.vox.shortfalls import tell_shortfalls

if TYPE_CHECKING:
    from voxrt.vox.call import Call

DEFAULT_TIMEOUT_MS, LONGEST_TIMEOUT_MS = 6_500, 20_000
DEFAULT_THRESHOLD = 0.75
CHUNK_MS = 100
ENUMS = ("Events", "Model", "ResultClass", "ResultSubtype")
THRESHOLDS = ("human", "voicemail", "mimic")
COMPLETE = "AMD.Events.DetectionComplete"
ERROR = "AMD.Events.DetectionError"


class AMDModule(Surface):
    """The namespace `AMD`."""

    _platform_name = "AMD"
    _listed = (*ENUMS, "AnsweringMachineDetector")

    def __init__(self, context: Context) -> None:
        self._context = context
        warn = context.session.warn
        for name in ENUMS:
            setattr(self, name, Enum(f"AMD.{name}", warn))
        self.AnsweringMachineDetector = AnsweringMachineDetector

    @classmethod
    def _platform_members(cls) -> set[str]:
        return {*api.namespace_functions("AMD"), *ENUMS, "AnsweringMachineDetector"}

    def create(self, parameters_: Any = None, *_: Any, **keywords: Any) -> AnsweringMachineDetector:
        """Makes a detector.

        Args:
            parameters_: `model` (of `AMD.Model`), `call`, `timeout` in ms from `Connected` (0 to
                20000, 6500 without it), `thresholds` with `human`, `voicemail` and `mimic`, each
                0 to 1.
            keywords: The same, as keywords.

        It begins with `detect()`, or by itself when it is given to `callPSTN`, `callSIP` or
        `callUser` as `amd`.
        """
        params = parameters(parameters_, keywords)
        tell_shortfalls(self._context.session, "AMD.create", params)
        detector = AnsweringMachineDetector(self._context, params)
        self._context.session.command(
            "CreateAMD",
            [{"id": detector.id(), "model": detector.model, "timeout": detector.timeout}],
        )
        return detector


class AnsweringMachineDetector(MediaTarget):
    """Finds out whether a person or a machine has answered.

    Events: `DetectionComplete`, once for each detection, or `DetectionError`. The result is
    `HUMAN` or `VOICEMAIL`, with a confidence of 0 to 100; `TIMEOUT` when neither was sure enough
    in time; `CALL_ENDED` when the call ended before. The subtype is always `NONE`: a machine that
    imitates a person is not told from one.
    """

    _platform_name = "AMD.AnsweringMachineDetector"
    _sends = False
    _one_stream = False

    def __init__(self, context: Context, params: Struct) -> None:
        self._context = context
        self._router = context.router
        self._unit_id = context.session.ids.object_id()
        self._emitter = Emitter(unit="amd", id=self._unit_id, subject={"amd": self})
        self._model = _model(params.get("model"))
        self._timeout_ms = _timeout_ms(context, params.get("timeout"))
        self._thresholds = _thresholds(params.get("thresholds"))
        self._call: Call | None = None
        self._detection: Detection | None = None
        self._ear: Port | None = None
        if params.get("call") is not None:
            self._take_call(params.get("call"))

    # --- the platform's surface -----------------------------------------------------------------

    @property
    def call(self) -> Call | None:
        """The call that is listened to."""
        return self._call

    @property
    def model(self) -> str:
        """The model that it was made with."""
        return self._model

    @property
    def timeout(self) -> int:
        """How long after `Connected` it gives up, in ms."""
        return self._timeout_ms

    def id(self) -> str:
        """The detector's identifier."""
        return self._unit_id

    def detect(self, *_: Any) -> Promise:
        """Begins to listen.

        Returns:
            A promise of the event that ends it, `DetectionComplete` or `DetectionError`. While
            the detector is listening, the promise of that detection.
        """
        self._context.session.command("DetectAMD", [{"id": self._unit_id}])
        if self._detection is not None:
            return self._detection.promise
        return self._begin(early=True)

    def addEventListener(self, event: str, callback: Any) -> None:
        """Adds a handler of an `AMD.Events` event; a handler added twice runs twice."""
        self._emitter.handlers.add(event, callback)

    def removeEventListener(self, event: str, callback: Any = None) -> None:
        """Removes a handler, or every handler of the event."""
        self._emitter.handlers.remove(event, callback)

    def toJSON(self) -> dict[str, Any]:
        return {"id": self._unit_id, "model": self._model, "timeout": self._timeout_ms}

    # --- inside -------------------------------------------------------------------------------

    def _take_call(self, call: Any) -> None:
        if getattr(call, "_platform_name", "") != "Call":
            raise ScenarioTypeError(f"AMD.create: call must be a call, not {kind_of(call)}")
        self._call = call

    def _attach(self, call: Call) -> None:
        """Begins by itself with a call that is being placed."""
        if self._detection is not None:
            self._context.session.warn("ignored", "amd: this detector listens to a call already")
            return
        self._call = call
        self._begin(early=False)

    def _begin(self, *, early: bool) -> Promise:
        self._detection = detection = Detection(self, self._context, early)
        if self._call is None:
            self._context.session.warn("amd", "detect: AMD.create was given no call: it is skipped")
            detection.fail("there is no call")
        elif self._call._line.port.closed:
            detection.fail("the call has ended")
        else:
            self._context.approximated(
                "AMD: a few rules about speech, pauses and beeps, not the platform's models"
            )
            detection.begin(self._call)
        return detection.promise

    def _sink_port(self, params: Struct) -> Port:
        if self._ear is None or self._ear.closed:
            self._ear = self._context.graph.port("amd", RATE_HZ)
        return self._ear

    def _joined(self, source: MediaTarget) -> None:
        if self._call is None and source._platform_name == "Call":
            self._take_call(source)

    def _report(self, name: str, fields: dict[str, Any]) -> Struct:
        """Emits an event; answers what its handlers get."""
        self._context.session.emit(self._emitter, name, fields)
        return self._emitter.event(name, fields)

    def _ended(self) -> None:
        """The detection is over: nothing is listened to, and another may begin."""
        self._detection = None
        self._router.forget(self)
        if self._ear is not None:
            self._ear.close()
            self._ear = None


@define(eq=False)
class Detection:
    """One detection, from its beginning to its one result.

    Args:
        detector: Whose it is.
        context: The session's platform.
        early: Whether sound before the answer counts.

    Attributes:
        promise: Of the event that ends it.
    """

    _detector: AnsweringMachineDetector
    _context: Context
    _early: bool
    promise: Promise = field(init=False)
    _judge: Judge = field(init=False)
    _call: Any = field(default=None, init=False)
    _tap: Tap | None = field(default=None, init=False)
    _timer: Timer | None = field(default=None, init=False)
    _over: bool = field(default=False, init=False)

    def __attrs_post_init__(self) -> None:
        self.promise = self._context.session.engine.promise()
        self._judge = Judge(*self._detector._thresholds)

    def begin(self, call: Call) -> None:
        """Listens to the call from now on, or from its answer."""
        self._call = call
        port = self._detector._sink_port(Struct())
        call._line.port.send_to(port)
        self._tap = self._context.graph.tap((port, Side.SINK), rate_hz=RATE_HZ, chunk_ms=CHUNK_MS)
        self._context.media.drain_with(self._tap, self._drain)
        call._line.on_end.append(self._call_ended)
        self._context.session.own(self)
        self._watch_the_time()

    def fail(self, message: str) -> None:
        """Ends before it has begun."""
        call = self._detector.call
        call_id = {} if call is None else {"callId": call.id()}
        self._end(self._detector._report(ERROR, {**call_id, "message": message}))

    def destroy(self) -> None:
        """Ends with the session."""
        self._result("CALL_ENDED")

    def _watch_the_time(self) -> None:
        """The time runs from `Connected`."""
        connected_us = self._call._line.connected_at_us
        if self._timer is None and connected_us is not None:
            due_us = connected_us + self._detector._timeout_ms * US_PER_MS
            self._timer = self._context.clock.call_at(due_us, self._result, "TIMEOUT")

    def _drain(self) -> None:
        if self._over or self._tap is None:
            return
        pcm = self._tap.read()
        self._watch_the_time()
        if self._timer is None and not self._early:
            return
        verdict = self._judge.hear(pcm)
        if verdict is not None:
            confidence = round(100 * verdict.confidence)
            self._result(verdict.who, resultSubtype="NONE", confidence=confidence)

    def _call_ended(self) -> None:
        self._result("CALL_ENDED")

    def _result(self, who: str, **more: Any) -> None:
        if not self._over:
            fields = {"call": self._call, "callId": self._call.id(), "resultClass": who, **more}
            self._end(self._detector._report(COMPLETE, fields))

    def _end(self, event: Struct) -> None:
        self._over = True
        if self._timer is not None:
            self._timer.cancel()
        if self._tap is not None:
            self._context.media.stop_draining(self._tap)
            self._tap.close()
            self._context.session.disown(self)
        self._detector._ended()
        self._context.clock.call_soon(self.promise.resolve, event)


def _model(value: Any) -> str:
    models = api.enum_members("AMD.Model")
    if value not in models.values():
        raise ScenarioTypeError(
            f"AMD.create: model must be one of AMD.Model, such as AMD.Model.US, not {value!r}"
            if isinstance(value, str)
            else f"AMD.create: model must be one of AMD.Model, not {kind_of(value)}"
        )
    return str(value)


def _timeout_ms(context: Context, value: Any) -> int:
    if value is None:
        return DEFAULT_TIMEOUT_MS
    number = demand_number("AMD.create", "timeout", value)
    if not 0 <= number <= LONGEST_TIMEOUT_MS:
        context.session.warn(
            "limit", f"AMD.create: timeout must lie between 0 and {LONGEST_TIMEOUT_MS} ms"
        )
    return int(min(max(number, 0), LONGEST_TIMEOUT_MS))


def _thresholds(value: Any) -> tuple[float, float]:
    """How sure it has to be of a person and of a machine."""
    given = parameters(value, {})
    for name in THRESHOLDS:
        number = given.get(name)
        if number is not None and not 0 <= demand_number("AMD.create", name, number) <= 1:
            raise ScenarioTypeError(f"AMD.create: the threshold {name} must lie between 0 and 1")
    human, voicemail = (given.get(name, DEFAULT_THRESHOLD) for name in THRESHOLDS[:2])
    return human, voicemail
