"""`Endpoint`: a call in a conference, with what it sends there and what it hears of it.

Source: https://voximplant.com/docs/references/voxengine/endpoint
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from voxrt.errors import ScenarioTypeError
from voxrt.media.graph import Conference as Mixer
from voxrt.media.graph import Port
from voxrt.session.values import Struct, entries, kind_of, parameters
from voxrt.vox.arguments import demand_text
from voxrt.vox.names import Surface
from voxrt.vox.shortfalls import tell_shortfalls

if TYPE_CHECKING:
    from voxrt.vox.call import Call
    from voxrt.vox.conference import Conference

MODES = ("MIX", "FORWARD")
DIRECTIONS = ("SEND", "RECEIVE", "BOTH")
EVERYBODY, NEWCOMERS = "all", "new"


class Endpoint(Surface):
    """A call that `Conference.add` has put into a conference.

    `SEND` is a call that only speaks there, `RECEIVE` one that only listens. With `MIX` it hears
    one mix of the others; with `FORWARD` the platform sends it their streams one by one, which
    the ear of a telephone cannot tell from their mix, so it sounds the same here.
    """

    _platform_name = "Endpoint"

    def __init__(self, conference: Conference, call: Call, params: Struct) -> None:
        self._conference = conference
        self._call = call
        self._unit_id = conference._context.session.ids.object_id()
        self._hears_newcomers = True
        self._unheard: set[str] = set()
        self._mixer: Mixer | None = None
        self._set(params)

    def id(self) -> str:
        """The endpoint's identifier."""
        return self._unit_id

    def getDirection(self) -> str:
        """`SEND`, `RECEIVE` or `BOTH`."""
        return self._direction

    def getMode(self) -> str:
        """`MIX` or `FORWARD`."""
        return self._mode

    def getCall(self) -> Call:
        """The call."""
        return self._call

    def setDisplayName(self, displayName: Any = None, *_: Any) -> None:
        """Changes the name that the others see: `EndpointUpdated`."""
        name = demand_text("setDisplayName", "displayName", displayName)
        if not self._is_in("setDisplayName"):
            return
        self._command("SetDisplayName", displayName=name)
        self._display_name = name
        self._conference._tell("Conference.EndpointUpdated", self)

    def manageEndpoint(self, parameters_: Any = None, **kw: Any) -> Any:
        """Chooses whom this endpoint hears: `EndpointManaged`, then the promise resolves.

        Args:
            parameters_: For the identifier of an endpoint, for `all` that are there or for `new`
                ones to come: an object whose `audio` is a list of streams, empty for none of
                them. `video` has no effect.
            kw: The same, as keywords.

        Returns:
            A promise.
        """
        given = parameters(parameters_, kw)
        wishes = {key: _audio_of(key, item) for key, item in entries(given)}
        for _, item in entries(given):
            tell_shortfalls(self._conference._context.session, "Endpoint.manageEndpoint", item)
        session = self._conference._context.session
        promise = session.engine.promise()
        if self._is_in("manageEndpoint"):
            self._command("ManageEndpoint", **given)
            self._listen_to(wishes)
            self._conference._tell("Conference.EndpointManaged", self)
        session.clock.call_soon(promise.resolve, None)
        return promise

    def toJSON(self) -> dict[str, Any]:
        return {
            "id": self._unit_id,
            "mode": self._mode,
            "direction": self._direction,
            "displayName": self._display_name,
        }

    # --- inside -------------------------------------------------------------------------------

    def _is_in(self, function: str) -> bool:
        """Whether it is in its conference; warns when it is not (any more)."""
        there = self._conference._endpoints.get(self._unit_id) is self
        if not there:
            text = f"{function}: the endpoint is not in the conference"
            self._conference._context.session.warn("ignored", text)
        return there

    def _set(self, params: Struct) -> None:
        """Takes the parameters of `Conference.add`."""
        mode = member_of("mode", MODES, params.get("mode", "MIX"))
        direction = member_of("direction", DIRECTIONS, params.get("direction", "BOTH"))
        wishes = parameters(params.get("receiveParameters"), {})
        checked = {key: _audio_of(key, item) for key, item in entries(wishes)}
        self._mode, self._direction = mode, direction
        self._display_name = str(params.get("displayName") or "")
        self._listen_to(checked)

    def _link(self) -> None:
        """Makes the links that its direction needs, and undoes the others."""
        router, conference, call = self._conference._router, self._conference, self._call
        router.unlink(conference, call)
        if self._direction == "RECEIVE":
            router.unlink(call, conference)
        elif not router.has(call, conference):
            router.link(call, conference, Struct())
        if self._direction != "SEND":
            router.link(conference, call, Struct({"endpoint": self._unit_id}))

    def _listen_to(self, wishes: Mapping[str, bool | None]) -> None:
        others = {other._unit_id for other in self._conference._endpoints.values()}
        for key, wanted in wishes.items():
            if wanted is None:
                continue
            if key == NEWCOMERS:
                self._hears_newcomers = wanted
                continue
            if key not in others and key != EVERYBODY:
                self._conference._context.session.warn(
                    "ignored", f"manageEndpoint: there is no endpoint {key!r} in the conference"
                )
                continue
            chosen = others if key == EVERYBODY else {key}
            self._unheard = self._unheard - chosen if wanted else self._unheard | chosen
        in_it = self._conference._endpoints.get(self._unit_id) is self
        if (self._unheard or not self._hears_newcomers) and self._mixer is None:
            context = self._conference._context
            rate_hz = self._conference._port.rate_hz
            self._mixer = context.graph.conference("endpoint hears", rate_hz)
            # Its ear moves from the common mix to its own, unless something displaced the mix.
            if in_it and self._conference._router.has(self._conference, self._call):
                self._link()
        self._select()

    def _meet(self, newcomer: Endpoint) -> None:
        """Another endpoint has come."""
        if not self._hears_newcomers:
            self._unheard.add(newcomer._unit_id)

    def _select(self) -> None:
        """Brings its own mix, when it has one, up to date with who speaks in the conference."""
        if self._mixer is None or self._mixer.closed:
            return
        left_out = {self._call._line.port}
        left_out |= {
            other._call._line.port
            for other in self._conference._endpoints.values()
            if other._unit_id in self._unheard
        }
        wanted = [port for port in self._conference._port.sources if port not in left_out]
        for port in self._mixer.sources:
            if port not in wanted:
                port.stop_sending_to(self._mixer)
        for port in wanted:
            port.send_to(self._mixer)

    def _ear(self) -> Port:
        """What it hears of the conference: the common mix, or one of its own."""
        return self._conference._port if self._mixer is None else self._mixer

    def _close(self) -> None:
        if self._mixer is not None:
            self._mixer.close()

    def _command(self, name: str, **params: Any) -> None:
        self._conference._context.session.command(name, [{"id": self._unit_id, **params}])


def member_of(name: str, members: tuple[str, ...], value: Any) -> str:
    """A member of `ConferenceMode` or `ConferenceDirection`, given by name or by number.

    Raises:
        ScenarioTypeError: It is none.
    """
    if isinstance(value, str) and value in members:
        return value
    if not isinstance(value, bool) and value in range(len(members)):
        return members[int(value)]
    raise ScenarioTypeError(f"Conference.add: {name} must be {', '.join(members)}, not {value!r}")


def _audio_of(key: str, item: Any) -> bool | None:
    """Whether somebody is to be heard; `None` when nothing is said about sound."""
    if not isinstance(item, Mapping):
        raise ScenarioTypeError(
            f"manageEndpoint: {key} must be an object with audio and video, not {kind_of(item)}"
        )
    audio = item.get("audio")
    if audio is None:
        return None
    if not isinstance(audio, list | tuple):
        raise ScenarioTypeError(
            f"manageEndpoint: audio of {key} must be an array, not {kind_of(audio)}"
        )
    return bool(audio)
