"""`Recorder` and `ConferenceRecorder`: what `VoxEngine.createRecorder` makes.

Source: https://voximplant.com/docs/references/voxengine/recorder
"""

from __future__ import annotations

from typing import Any

from voxrt.clock import Timer
from voxrt.errors import ScenarioTypeError
from voxrt.media.graph import Port, Side
from voxrt.session.emitter import Emitter
from voxrt.session.values import Struct, kind_of, parameters
from voxrt.vox import api
from voxrt.vox.conference import Conference
from voxrt.vox.context import Context, Owned, tell_later
from voxrt.vox.endpoint import Endpoint
from voxrt.vox.reel import CHUNK_MS, STARTED_AFTER_US, STOPPED_AFTER_US, Reel
from voxrt.vox.routing import MediaTarget
from voxrt.vox.shortfalls import tell_shortfalls

#: The parameters of `update` that name a member of an enum.
LAYOUT_ENUMS = {
    "layout": "RecorderLayout",
    "direction": "RecorderDirection",
    "objectFit": "RecorderObjectFit",
}


class Recorder(MediaTarget):
    """Records the mix of all that is sent to it, the same on both channels.

    It begins when the first source is attached. Events, in order: `Started` with the URL, then
    `Stopped` with cost and duration after `stop`; `RecorderError` in place of `Stopped` when the
    file could not be made in its format. A session that ends only writes `Stopped` down.
    """

    _platform_name = "Recorder"
    _sends = False
    _one_stream = False

    def __init__(self, context: Context, params: Struct) -> None:
        self._context = context
        self._router = context.router
        self._unit_id = context.session.ids.object_id()
        self._params = params
        self._emitter = Emitter(unit="recorder", id=self._unit_id, subject={"recorder": self})
        self._reel: Reel | None = None
        self._port: Port | None = None
        self._start: Timer | None = None
        self._is_started = False
        self._muted = False
        self._owned = Owned(self._end)
        context.session.own(self._owned)

    def id(self) -> str:
        """The recorder's identifier."""
        return self._unit_id

    def addEventListener(self, event: str, callback: Any) -> None:
        """Adds a handler of a `RecorderEvents` event; a handler added twice runs twice."""
        self._emitter.handlers.add(event, callback)

    def removeEventListener(self, event: str, callback: Any = None) -> None:
        """Removes a handler, or every handler of the event."""
        self._emitter.handlers.remove(event, callback)

    def mute(self, doMute: Any = True, *_: Any) -> None:
        """Records silence from now on, or with `false` sound again."""
        if not self._receives:
            self._context.session.warn("ignored", "mute: the recorder has been stopped")
            return
        self._command("MuteRecorder", mute=bool(doMute))
        self._muted = bool(doMute)
        if self._reel is not None:
            self._reel.mute(self._muted)

    def stop(self, *_: Any) -> None:
        """Ends the recording: `Stopped`; harmless when it has ended."""
        if self._receives:
            self._command("StopRecorder")
            self._end()

    def toJSON(self) -> dict[str, Any]:
        return {"id": self._unit_id}

    # --- inside -------------------------------------------------------------------------------

    def _joined(self, source: MediaTarget) -> None:
        if self._reel is not None:
            return
        context = self._context
        self._reel = Reel(context, self._params, self._end)
        self._port = context.graph.port("recorder", self._reel.rate_hz)
        self._reel.run(
            context.graph.tap((self._port, Side.SINK), chunk_ms=CHUNK_MS),
        )
        self._reel.mute(self._muted)
        self._start = context.clock.call_later(STARTED_AFTER_US, self._started)

    def _started(self) -> None:
        if self._is_started or self._reel is None:
            return
        if self._reel.problem:
            self._end()
            return
        self._is_started = True
        self._emit("Recorder.Started", url=self._reel.url)

    def _end(self) -> None:
        """Ends it with `stop`, or with the session."""
        if not self._receives:
            return
        self._receives = False
        self._deaf = "this Recorder has been stopped"
        self._router.forget(self)
        self._context.session.disown(self._owned)
        problem = ""
        if self._reel is not None and self._start is not None and self._port is not None:
            self._start.cancel()
            if not self._reel.problem:
                self._started()  # one that was stopped at once has begun all the same
            problem = self._reel.end()
            self._port.close()
        if problem:
            self._emit("Recorder.Error", error=problem)
            self._emitter.closed = True
            return
        tell_later(self._context, STOPPED_AFTER_US, self._stopped)

    def _stopped(self) -> None:
        seconds = 0 if self._reel is None else self._reel.seconds
        self._emit("Recorder.Stopped", cost="0", duration=seconds)
        self._emitter.closed = True

    def _emit(self, name: str, **fields: Any) -> None:
        self._context.session.emit(self._emitter, name, fields)

    def _sink_port(self, params: Struct) -> Port:
        assert self._port is not None  # it was joined first
        return self._port

    def _command(self, name: str, **params: Any) -> None:
        self._context.session.command(name, [{"id": self._unit_id, **params}])


class ConferenceRecorder(Recorder):
    """A recorder of a conference with pictures, of which only the sound is recorded here.

    Who is shown where is kept, checked and answered, but nothing is drawn.
    """

    _platform_name = "ConferenceRecorder"

    def __init__(self, context: Context, params: Struct) -> None:
        super().__init__(context, params)
        self._priority: list[Endpoint] = []
        self._conference: Conference | None = None

    def setConference(self, conference: Any = None, *_: Any) -> None:
        """Records what everybody in a conference says, in place of the conference before."""
        if not isinstance(conference, Conference):
            raise ScenarioTypeError(f"setConference needs a Conference, not {kind_of(conference)}")
        self._command("SetConference", conference=conference._unit_id)
        if self._conference is not None:
            self._router.unlink(self._conference, self)
        self._router.tell_impossible(conference, self)
        self._conference = conference
        self._router.link(conference, self, Struct())

    def setPriority(self, priority: Any = None, *_: Any) -> Any:
        """Says which endpoints are shown first.

        Returns:
            A promise, which resolves at once, as there is no picture to draw.
        """
        if not isinstance(priority, list | tuple) or not all(
            isinstance(endpoint, Endpoint) for endpoint in priority
        ):
            raise ScenarioTypeError(f"setPriority needs a list of Endpoint, not {priority!r}")
        tell_shortfalls(
            self._context.session, "ConferenceRecorder.setPriority", {"priority": priority}
        )
        self._priority = list(priority)
        self._command("SetPriority", priority=[endpoint._unit_id for endpoint in priority])
        session = self._context.session
        promise = session.engine.promise()
        session.clock.call_soon(promise.resolve, None)
        return promise

    def getPriority(self, *_: Any) -> list[Endpoint]:
        """The endpoints given to `setPriority`."""
        return list(self._priority)

    def update(self, parameters_: Any = None, **kw: Any) -> None:
        """Changes how the picture is arranged, which nobody sees here."""
        params = parameters(parameters_, kw)
        check_layout("update", params)
        tell_shortfalls(self._context.session, "ConferenceRecorder.update", params)
        self._command("UpdateRecorder", **params)


def check_layout(function: str, params: Struct) -> None:
    """Checks the parameters of a picture.

    Raises:
        ScenarioTypeError: One of them is no member of its enum.
    """
    for name, enum in LAYOUT_ENUMS.items():
        value, known = params.get(name), api.enum_members(enum).values()
        if value is not None and value not in known:
            raise ScenarioTypeError(
                f"{function}: {name} must be one of {enum} ({', '.join(known)}), not {value!r}"
            )
