"""Media links between units, and the rules that the platform gives them.

A unit sends to any number of targets. A call hears one stream: each later link into it displaces
the earlier one, silently, and stopping the newer does not bring the older back. A link that is
made before a leg can carry media is remembered, and flows once both ends can. A conference and a
recorder mix what is sent to them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attrs import define, field

from voxrt.errors import MediaError, ScenarioTypeError
from voxrt.media.graph import Port
from voxrt.session.journal import Journal
from voxrt.session.values import Struct, kind_of, parameters
from voxrt.vox.names import Surface


class MediaTarget(Surface):
    """A platform object that media links end in; by itself it only receives."""

    _router: Router
    _unit_id: str
    _sends = True
    """Whether it can be a source; players and calls can, a recorder cannot."""
    _receives = True
    """Whether it can be a target; a player cannot, and sending to it does nothing."""
    _one_stream = True
    """Whether a newer link into it displaces the older ones."""
    _detects_voice = False
    """Whether a call that sends to it has its voice activity detected."""
    _deaf = ""
    """Why nothing can be sent to it, when it is not for its kind."""

    def _displaces(self, newer: Struct, older: Struct) -> bool:
        """Whether a newer link into it, with these parameters, displaces an older one."""
        return self._one_stream

    def _can_send(self) -> bool:
        """Whether its audio flows now."""
        return True

    def _can_receive(self) -> bool:
        """Whether audio reaches it now."""
        return True

    def _check_link(self, params: Struct) -> None:
        """Raises a `ScenarioTypeError` when no link into it can have these parameters."""

    def _source_port(self, params: Struct) -> Port:
        """Where its audio comes from, for a link with these parameters."""
        raise MediaError(f"{self._platform_name} has no audio to send")

    def _sink_port(self, params: Struct) -> Port:
        """Where audio for it goes."""
        raise MediaError(f"{self._platform_name} takes no audio")

    def _sink_ended(self, params: Struct) -> None:
        """The flow into it of a link with these parameters has ended."""

    def _joined(self, source: MediaTarget) -> None:
        """A link into it was made, whether or not sound flows already."""

    def _sources_changed(self) -> None:
        """Sound has begun or ceased to flow into it."""

    def _flow_began(self, source: MediaTarget) -> None:
        """Audio of a unit begins to reach it."""

    def _source_ended(self, source: MediaTarget) -> None:
        """A unit that sent to it is gone; its links are gone already."""


class MediaUnit(MediaTarget):
    """A platform object that can send audio to others."""

    def sendMediaTo(
        self, mediaUnit: MediaTarget, parameters_: Any = None, /, **keywords: Any
    ) -> None:
        """Starts sending this unit's audio to another unit.

        Args:
            mediaUnit: A call, player, recorder, conference or connector's client. A call that
                gets a new stream hears that one only.
            parameters_: `tag`, `customParameters`, `encoding`: for connectors and sockets.
            keywords: The same, as keywords.

        A link made before the target can be heard is remembered and starts to flow then.
        """
        demand_unit(mediaUnit, "sendMediaTo")
        params = parameters(parameters_, keywords)
        mediaUnit._check_link(params)
        self._router.order("SendMedia", self, mediaUnit)
        self._router.tell_impossible(self, mediaUnit)
        self._router.link(self, mediaUnit, params)

    def stopMediaTo(self, mediaUnit: MediaTarget, *ignored: Any) -> None:
        """Stops what `sendMediaTo` started; harmless when nothing was."""
        demand_unit(mediaUnit, "stopMediaTo")
        self._router.order("StopMedia", self, mediaUnit)
        self._router.unlink(self, mediaUnit)


@define(eq=False)
class Link:
    """One unit sending to another."""

    source: MediaTarget
    target: MediaTarget
    params: Struct
    ports: tuple[Port, Port] | None = None
    """The ports that are joined while the link flows."""


@define(eq=False)
class Router:
    """The links of one session.

    Args:
        journal: Where they are recorded.
        warn: Tells the scenario's author, with a code and a text.
    """

    journal: Journal
    warn: Callable[[str, str], object]
    _links: list[Link] = field(factory=list, init=False)

    def order(self, command: str, source: MediaTarget, target: MediaTarget) -> None:
        """Records what the scenario asked for."""
        ends = {"from": source._unit_id, "to": target._unit_id}
        self.journal.write("command", name=command, params=[ends])

    def tell_impossible(self, source: MediaTarget, target: MediaTarget) -> None:
        """Warns about a link that will have no effect."""
        if not target._receives:
            why = target._deaf or f"a {target._platform_name} takes no audio"
            self.warn("ignored", f"sendMediaTo: {why}, nothing is sent to it")
        elif not source._sends:
            kind = source._platform_name
            self.warn("ignored", f"sendMediaTo: this {kind} sends no audio, or has ended")

    def link(self, source: MediaTarget, target: MediaTarget, params: Struct) -> None:
        """Makes a link, displacing those that the target cannot have beside it."""
        if not source._sends or not target._receives:
            return
        for other in list(self._links):
            same = other.source is source and other.target is target
            displaced = other.target is target and target._displaces(params, other.params)
            if displaced or (same and other.params.get("tag") == params.get("tag")):
                self._drop(other)
        link = Link(source, target, params)
        self._links.append(link)
        self._record("link", link)
        target._joined(source)
        self._update(link)

    def unlink(self, source: MediaTarget, target: MediaTarget, tag: object = None) -> None:
        """Ends the links from one unit to another, or only that with a tag."""
        for link in list(self._links):
            tagged = tag is None or link.params.get("tag") == tag
            if link.source is source and link.target is target and tagged:
                self._drop(link)
                self._record("unlink", link)

    def feeds(self, unit: MediaUnit, kind: str) -> bool:
        """Whether a unit sends to one of a kind, such as an `ASR`."""
        return any(
            link.source is unit and link.target._platform_name == kind for link in self._links
        )

    def refresh(self, unit: MediaTarget) -> None:
        """Starts or stops the flow of a unit's links after its state has changed."""
        for link in list(self._links):
            if unit in (link.source, link.target):
                self._update(link)

    def forget(self, unit: MediaTarget) -> None:
        """Ends every link of a unit that is gone."""
        ended = [link for link in self._links if unit in (link.source, link.target)]
        for link in ended:
            self._drop(link)
        for link in ended:
            if link.target is not unit:
                link.target._source_ended(unit)

    def has(self, source: MediaTarget, target: MediaTarget) -> bool:
        """Whether there is a link from one unit to another."""
        return any(link.source is source and link.target is target for link in self._links)

    def sources_of(self, unit: MediaTarget) -> list[MediaTarget]:
        """The units that send to a unit, whether or not sound flows now."""
        return [link.source for link in self._links if link.target is unit]

    def targets_of(self, unit: MediaTarget) -> list[MediaTarget]:
        """The units that a unit sends to, whether or not sound flows now."""
        return [link.target for link in self._links if link.source is unit]

    def _update(self, link: Link) -> None:
        flows = link.source._can_send() and link.target._can_receive()
        if flows and link.ports is None:
            link.ports = (
                link.source._source_port(link.params),
                link.target._sink_port(link.params),
            )
            link.ports[0].send_to(link.ports[1])
            link.target._flow_began(link.source)
            link.target._sources_changed()
        elif not flows:
            self._stop_flow(link)

    def _stop_flow(self, link: Link) -> None:
        if link.ports is not None:
            source, target = ports = link.ports
            link.ports = None
            shared = any(other.ports == ports for other in self._links)
            if not shared and not source.closed and not target.closed:
                source.stop_sending_to(target)
            link.target._sources_changed()
            link.target._sink_ended(link.params)

    def _drop(self, link: Link) -> None:
        self._links.remove(link)
        self._stop_flow(link)

    def _record(self, action: str, link: Link) -> None:
        self.journal.write(
            "media",
            action=action,
            **{"from": link.source._unit_id, "to": link.target._unit_id},
        )


def demand_unit(unit: Any, function: str) -> None:
    """Checks an argument that has to be a media unit.

    Raises:
        ScenarioTypeError: It is none; names the function.
    """
    if not isinstance(unit, MediaTarget):
        raise ScenarioTypeError(
            f"{function} needs a media unit (a call, a player, a client), not {kind_of(unit)}"
        )
