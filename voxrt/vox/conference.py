"""`Conference`: mixes what is sent to it, and returns to each the mix without its own voice.

Source: https://voximplant.com/docs/references/voxengine/conference
"""

from __future__ import annotations

from typing import Any

from voxrt.errors import ScenarioTypeError
from voxrt.media.graph import Port
from voxrt.session.emitter import Emitter
from voxrt.session.limits import LimitMode
from voxrt.session.values import Struct, kind_of, parameters, plain
from voxrt.vox.call import Call
from voxrt.vox.call_facts import LineState
from voxrt.vox.context import Context, Owned
from voxrt.vox.endpoint import Endpoint
from voxrt.vox.routing import MediaUnit
from voxrt.vox.shortfalls import tell_shortfalls

#: The mix has no sound above 8 kHz, or with `hd_audio` none above 24 kHz.
USUAL_HZ, HD_HZ = 16_000, 48_000

#: `ConferenceError.code`; the platform's documents name 102 alone.
TOO_MANY, NOT_ALLOWED, NO_CALL = 101, 102, 103


class Conference(MediaUnit):
    """A conference of the session: a mixer, and with `add` a list of endpoints.

    Events, in order: `Started`; for each endpoint `EndpointAdded`, `EndpointUpdated` or
    `EndpointManaged` at each change, and `EndpointRemoved` after its call's `Disconnected`;
    `Stopped`. `ConferenceError` when `add` fails. When it is stopped, the endpoints are removed
    first; their calls go on, in silence.
    """

    _platform_name = "Conference"
    _one_stream = False

    def __init__(self, context: Context, params: Struct) -> None:
        self._context = context
        self._router = context.router
        self._unit_id = context.session.ids.object_id()
        self._emitter = Emitter(unit="conference", id=self._unit_id, subject={"conference": self})
        self._endpoints: dict[str, Endpoint] = {}
        rate_hz = HD_HZ if params.get("hd_audio") else USUAL_HZ
        self._port = context.graph.conference("conference", rate_hz)
        self._owned = Owned(self._end)
        context.session.own(self._owned)

    def id(self) -> str:
        """The conference's identifier."""
        return self._unit_id

    def addEventListener(self, event: str, callback: Any) -> None:
        """Adds a handler of a `ConferenceEvents` event; a handler added twice runs twice."""
        self._emitter.handlers.add(event, callback)

    def removeEventListener(self, event: str, callback: Any = None) -> None:
        """Removes a handler, or every handler of the event."""
        self._emitter.handlers.remove(event, callback)

    def getList(self) -> list[Endpoint]:
        """The endpoints, in the order in which they came."""
        return list(self._endpoints.values())

    def get(self, id: Any = None, *_: Any) -> Endpoint | None:  # noqa: A002
        """The endpoint with that identifier, if there is one."""
        return self._endpoints.get(str(id))

    def add(self, parameters_: Any = None, **kw: Any) -> Endpoint:
        """Makes a call an endpoint: `EndpointAdded`, or `ConferenceError`.

        Error 102 says that the rule of the session has no flag for video conferences, 101 that
        there are 100 endpoints already, 103 that the call has ended. A call that is an endpoint
        gets the new mode and direction, with `EndpointUpdated`.

        Args:
            parameters_: `call`; `mode`: `MIX` or `FORWARD`; `direction`: `SEND`, `RECEIVE` or
                `BOTH`, as seen from the call; `displayName`; `receiveParameters` as
                `Endpoint.manageEndpoint` takes them. `scheme` and `maxVideoBitrate` have no
                effect.
            kw: The same, as keywords.

        Returns:
            The endpoint at once, also one that is not let in.
        """
        params = parameters(parameters_, kw)
        call = params.get("call")
        if not isinstance(call, Call):
            raise ScenarioTypeError(f"Conference.add needs a call, not {kind_of(call)}")
        known = next((e for e in self._endpoints.values() if e._call is call), None)
        tell_shortfalls(self._context.session, "Conference.add", params)
        endpoint = Endpoint(self, call, params) if known is None else known
        shown = {name: plain(params[name]) for name in ("mode", "direction") if name in params}
        self._command("AddEndpoint", endpoint=endpoint._unit_id, call=call._unit_id, **shown)
        if not self._receives:
            self._context.session.warn("ignored", "add: the conference has been stopped")
        elif known is not None:
            known._set(params)
            known._link()
            self._tell("Conference.EndpointUpdated", known)
        else:
            self._let_in(endpoint)
        return endpoint

    def stop(self, *_: Any) -> None:
        """Ends the conference: `Stopped`; harmless when it has ended."""
        if self._receives:
            self._command("DestroyConference")
            self._end()

    def toJSON(self) -> dict[str, Any]:
        return {"id": self._unit_id}

    # --- inside -------------------------------------------------------------------------------

    def _begin(self) -> None:
        """Starts its life, when its making has been recorded."""
        self._context.session.emit(self._emitter, "Conference.Started")

    def _let_in(self, endpoint: Endpoint) -> None:
        code, problem = self._refusal(endpoint)
        if code:
            fields = {"error": problem, "code": code, "endpointId": endpoint._unit_id}
            self._context.session.emit(self._emitter, "Conference.Error", fields)
            return
        for other in self._endpoints.values():
            other._meet(endpoint)
        self._endpoints[endpoint._unit_id] = endpoint
        endpoint._call._line.on_end.append(lambda: self._remove(endpoint))
        endpoint._link()
        self._tell("Conference.EndpointAdded", endpoint)

    def _refusal(self, endpoint: Endpoint) -> tuple[int, str]:
        """The code and the text of the error, when an endpoint cannot come in."""
        session = self._context.session
        limits = session.limits
        if not self._context.video_conference and limits.mode is not LimitMode.OFF:
            text = "The rule of the session is not one for video conferences"
            if limits.mode is LimitMode.ENFORCE:
                return NOT_ALLOWED, text
            session.warn("limit", f"add: {text}; the platform refuses with code {NOT_ALLOWED}")
        if len(self._endpoints) >= limits.conference_endpoints:
            text = f"A conference has at most {limits.conference_endpoints} endpoints"
            if limits.mode is LimitMode.ENFORCE:
                return TOO_MANY, text
            if limits.mode is LimitMode.WARN:
                session.warn("limit", f"add: {text}")
        if endpoint._call._line.state is LineState.TERMINATED:
            return NO_CALL, "The call has ended"
        return 0, ""

    def _remove(self, endpoint: Endpoint) -> None:
        if self._endpoints.pop(endpoint._unit_id, None) is not None:
            self._tell("Conference.EndpointRemoved", endpoint)
            endpoint._close()

    def _tell(self, name: str, endpoint: Endpoint) -> None:
        fields = {
            "mode": endpoint._mode,
            "direction": endpoint._direction,
            "endpointId": endpoint._unit_id,
            "endpoint": endpoint,
        }
        self._context.session.emit(self._emitter, name, fields)

    def _end(self) -> None:
        """Ends it with `stop`, or with the session."""
        if not self._receives:
            return
        self._sends = self._receives = False
        self._deaf = "this Conference has been stopped"
        self._router.forget(self)
        for endpoint in self.getList():
            self._remove(endpoint)
        self._port.close()
        self._context.session.disown(self._owned)
        self._context.session.emit(self._emitter, "Conference.Stopped")
        self._emitter.closed = True

    def _sources_changed(self) -> None:
        for endpoint in self._endpoints.values():
            endpoint._select()

    def _source_port(self, params: Struct) -> Port:
        endpoint = self._endpoints.get(params.get("endpoint", ""))
        return self._port if endpoint is None else endpoint._ear()

    def _sink_port(self, params: Struct) -> Port:
        return self._port

    def _command(self, name: str, **params: Any) -> None:
        self._context.session.command(name, [{"id": self._unit_id, **params}])
