"""What the clients of all voice-AI modules have in common.

A client is a WebSocket of the platform to a local service of the module, and media both ways. The
factory's promise resolves when the local socket is open, before the provider has been reached;
`ConnectorInformation` follows, then whatever the provider says. A refused key or model therefore
shows as the socket's close, with code 1011.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from voxrt.clock import US_PER_MS
from voxrt.connectors.link import Link
from voxrt.connectors.link_file import LinkFile
from voxrt.connectors.media import ClientMedia
from voxrt.connectors.options import ClientOptions, parameter_object
from voxrt.connectors.service import (
    CREATED_US,
    INFORMATION_US,
    NORMAL_CLOSE,
    NORMAL_CODE,
    OPENED_US,
    RESOLVED_US,
    ServiceUnit,
)
from voxrt.media.graph import Port
from voxrt.media.hearing import HeardWord
from voxrt.session.journal import Record
from voxrt.session.promise import Promise
from voxrt.session.values import Envelope, Struct, wrap
from voxrt.vox.context import Context, Owned
from voxrt.vox.routing import MediaUnit
from voxrt.vox.streams import Outlet
from voxrt.vox.trace import Statistics, Trace

#: When the provider is called after the factory was, as in the platform's own session logs.
CONNECT_US = 100 * US_PER_MS

REFUSED_CODE, REFUSED_REASON = 1011, "Internal server error while operating"
#: What the platform says about a close that the provider gave no reason for.
USUAL_REASONS = {NORMAL_CODE: NORMAL_CLOSE, REFUSED_CODE: REFUSED_REASON}


class VoiceClient(ServiceUnit, MediaUnit):
    """The common part of the clients: identity, listeners, media, trace, close.

    Args:
        context: The session's platform.
        module: The module's name, such as `Grok`.
        events: The prefix of its provider events, such as `Grok.VoiceAgentAPI`.
        options: The factory's options.
    """

    def __init__(self, context: Context, module: str, events: str, options: ClientOptions) -> None:
        self._private = bool(options.get("privacy"))
        super().__init__(
            context, module, "client", options, private=self._private, carries_messages=True
        )
        self._module = module
        self._prefix = events
        self._media = ClientMedia(
            context,
            self._name,
            self._chunk,
            self._may_wait,
            self._media_started,
            self._media_ended,
        )
        first = "" if context.number == 1 else f"session-{context.number}-"
        label = f"{first}{self._name}-{len(context.clients) + 1}"
        self._trace = Trace(context, label) if options.get("trace") else None
        self._statistics = Statistics(context, label) if options.get("statistics") else None
        self._link: Link | None = None
        self._file: LinkFile | None = None
        self._told: set[str] = set()
        context.clients.append(self)
        self._owned = Owned(self._destroy)
        context.session.own(self._owned)

    # --- the platform's surface, the same for every module --------------------------------------

    def clearMediaBuffer(self, parameters_: Any = None, /, **keywords: Any) -> None:
        """Drops what the provider has sent and nobody has heard yet: barge-in.

        Args:
            parameters_: `tag`: only the stream of that tag; all streams without it.
            keywords: The same, as keywords.

        The provider is not told, and no event follows but `WebSocketMediaEnded` by its own rule.
        """
        params = parameter_object("clearMediaBuffer", parameters_, keywords)
        self._command("WebSocketClearMediaBuffer", [self._socket.id(), dict(params)])
        if not self._ignores("clearMediaBuffer"):
            dropped = self._media.clear(_tag(params))
            self._record("media", action="clear", unit=self._unit_id, samples=dropped)

    def close(self) -> None:
        """Closes the connection, or the attempt at one; a second time it does nothing."""
        if not self._closed:
            self._command("DestroyWebSocket", [self._socket.id()])
            self._end(NORMAL_CODE, NORMAL_CLOSE, was_clean=True)

    # --- the connection -------------------------------------------------------------------------

    def _start(self, connect: Callable[[], None]) -> Promise:
        """Opens the local socket, and then the link; the promise of this client."""
        session, clock = self._context.session, self._context.clock
        promise = session.engine.promise()
        options = {"headers": "******", "privacy": self._private}
        self._command("CreateWebSocket", [{"id": self._socket.id()}, self._socket.url, options])
        urls = {"traceUrl": self._trace, "statisticsUrl": self._statistics}
        created = {key: source.url for key, source in urls.items() if source is not None}
        clock.call_later(CREATED_US, self._socket_event, "Created", created)
        clock.call_later(OPENED_US, self._local_socket_opened)
        clock.call_later(RESOLVED_US, promise.resolve, self)
        clock.call_later(INFORMATION_US, self._inform)
        clock.call_later(CONNECT_US, lambda: None if self._closed else connect())
        return promise

    def _inform(self) -> None:
        if not self._closed:
            self._provider_event("ConnectorInformation", self._information())

    def _provider_event(self, name: str, payload: Any) -> None:
        """Raises one of the module's provider events; `payload` is plain."""
        data = {"customEvent": name, "payload": payload}

        def heard() -> dict[str, Any]:
            return {"data": Envelope({"customEvent": name, "payload": wrap(payload)})}

        full = f"{self._prefix}.{name}"
        self._context.session.emit(self._emitter, full, {"data": data}, via="script", heard=heard)

    def _dial(
        self, link: Link, provider: str, *, headers: Mapping[str, str], query: Mapping[str, str]
    ) -> None:
        """Calls the provider over a link."""
        self._link, link.private = link, self._private
        if not self._private:
            self._file = LinkFile(self._context, provider, self._unit_id)
        link.open(self, headers=headers, query=query)

    def link_opened(self) -> None:
        """The provider accepted the connection."""
        if self._file is not None and self._link is not None:
            self._file.opened(self._link.url)

    def link_refused(self, why: str) -> None:
        """The provider cannot be reached, or does not want this key or model."""
        if not self._closed:
            if self._file is not None and self._link is not None:
                self._file.refused(self._link.url, why)
            self._warn("provider", f"{self._module}: no connection to the provider", why)
            self._link = None
            self._end(REFUSED_CODE, REFUSED_REASON, was_clean=False)

    def link_closed(self, code: int, reason: str, was_clean: bool) -> None:
        """The provider's connection is gone."""
        if not self._closed:
            text = f"{self._module}: the provider closed the connection"
            # A normal end, as at the longest session's, is no failure of the provider.
            kind = "provider" if code != NORMAL_CODE else "closed"
            self._warn(kind, text, f"{code} {reason}".strip())
            self._link = None
            if self._file is not None:
                self._file.closed(code, reason, by="provider", was_clean=was_clean)
            self._end(code, reason or USUAL_REASONS.get(code, ""), was_clean=was_clean)

    def _end(self, code: int, reason: str, *, was_clean: bool) -> None:
        if self._link is not None:
            self._media.hand_out_silence()
        self._closed = True
        self._socket.readyState = "closed"
        self._router.forget(self)
        self._media.close()
        if self._link is not None:
            self._link.close(1000, "")
            self._link = None
            if self._file is not None:
                self._file.closed(1000, "", by="client", was_clean=True)
        for diagnostic in (self._trace, self._statistics):
            if diagnostic is not None:
                diagnostic.close()
        self._tell_closed(code, reason, was_clean=was_clean)
        self._context.session.disown(self._owned)

    def _destroy(self) -> None:
        """Closes it with the session."""
        if not self._closed:
            self._end(NORMAL_CODE, NORMAL_CLOSE, was_clean=True)

    # --- media ----------------------------------------------------------------------------------

    def _displaces(self, newer: Struct, older: Struct) -> bool:
        # A client hears several streams, told apart by their tags.
        return _tag(newer) == _tag(older)

    def _can_send(self) -> bool:
        return not self._ignores("sendMediaTo")

    def _can_receive(self) -> bool:
        return not self._ignores("sending media to it")

    def _source_port(self, params: Struct) -> Port:
        outlet = self._media.outlet(_tag(params))
        outlet.encoding = str(params.get("encoding") or "PCM16")
        outlet.custom_parameters = params.get("customParameters")
        return outlet.port

    def _sink_port(self, params: Struct) -> Port:
        return self._media.ear

    def _media_started(self, outlet: Outlet) -> None:
        fields: dict[str, Any] = {"tag": outlet.tag} if outlet.tag else {}
        fields["encoding"] = outlet.encoding
        if outlet.custom_parameters:
            fields["customParameters"] = outlet.custom_parameters
        self._media_event("WebSocketMediaStarted", fields)

    def _media_ended(self, outlet: Outlet) -> None:
        fields: dict[str, Any] = {"tag": outlet.tag} if outlet.tag else {}
        fields["mediaInfo"] = Struct(duration=outlet.played_s)
        self._media_event("WebSocketMediaEnded", fields)

    def _media_event(self, name: str, fields: dict[str, Any]) -> None:
        full = f"{self._module}.Events.{name}"
        self._context.session.emit(self._emitter, full, fields, via="script")

    def _sources_changed(self) -> None:
        self._media.sources_changed()

    def _may_wait(self, until_us: int) -> bool:
        return self._link is not None and self._link.may_wait(until_us)

    def _chunk(self, pcm: bytes, heard: list[HeardWord]) -> None:
        """Sends what the client heard to the provider; each module in its own way."""

    # --- writing things down ----------------------------------------------------------------------

    def _note(self, direction: str, kind: Any, message: Any, size: int) -> Record | None:
        """Writes down a message that was `sent` or `received`; returns the journal's record."""
        if self._statistics is not None:
            self._count(f"messages_{direction}")
            self._count(f"bytes_{direction}", size)
        if self._private:
            return None
        record = {"link": self._unit_id, "direction": direction, "type": kind, "message": message}
        return self._context.session.journal.write_plain("provider", record)

    def _count(self, name: str, amount: int = 1) -> None:
        if self._statistics is not None:
            self._statistics.add(name, amount)

    def _command(self, name: str, params: Any) -> None:
        self._record("command", name=name, params=params)

    def _record(self, kind: str, **fields: Any) -> Record | None:
        return None if self._private else self._context.session.journal.write(kind, **fields)

    def _ignores(self, function: str) -> bool:
        """Whether the client is closed; then it says that the function does nothing."""
        if self._closed:
            text = f"{self._module}: the client is closed, {function} does nothing"
            self._warn_once("ignored", text)
        return self._closed

    def _warn_once(self, code: str, text: str) -> None:
        if text not in self._told:
            self._told.add(text)
            self._warn(code, text)

    def _warn(self, code: str, text: str, detail: str = "") -> None:
        """Warns the author; with `privacy` without what the connection carried."""
        full = f"{text}: {detail}" if detail and not self._private else text
        self._context.session.warn(code, full)


def _tag(params: Struct) -> str:
    """The tag of a stream; a number is as good as a text, and none is the empty one."""
    tag = params.get("tag")
    return "" if tag is None else str(tag)
