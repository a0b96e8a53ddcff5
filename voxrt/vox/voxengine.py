"""`VoxEngine`: the session, outgoing calls, media between units.

Source: https://voximplant.com/docs/references/voxengine/voxengine
"""

from __future__ import annotations

import re
from typing import Any

from voxrt.errors import ScenarioTypeError
from voxrt.session.emitter import Emitter
from voxrt.session.limits import LimitMode
from voxrt.session.session import State
from voxrt.session.values import Struct, parameters, plain
from voxrt.vox import api
from voxrt.vox.arguments import (
    Headers,
    custom_headers,
    demand_number,
    demand_text,
    is_custom_header,
)
from voxrt.vox.call import Call
from voxrt.vox.context import CallKind, Context
from voxrt.vox.easyprocess import EasyProcess
from voxrt.vox.leg import Leg, NobodyLeg
from voxrt.vox.line import CALL_TIMEOUT, FAILURES, Line, LineState, call_timeout_s
from voxrt.vox.names import Surface
from voxrt.vox.players import Players
from voxrt.vox.routing import MediaUnit, demand_unit
from voxrt.vox.web_sockets import WebSocketHouse, WebSockets

CALL_ALERTING = "Application.CallAlerting"

#: What `callPSTN` takes for a number: digits, and what people put between them.
PHONE_NUMBER = re.compile(r"[0-9*#][0-9*#\s().-]*")


class VoxEngine(EasyProcess, Players, WebSockets, Surface):
    """The global object of every scenario.

    Events: `AppEvents`. `Started` comes first, also for incoming calls; then `CallAlerting`.
    """

    _platform_name = "VoxEngine"

    def __init__(self, context: Context) -> None:
        self._context = context
        self._attempts = 0
        self._sockets = WebSocketHouse(context)
        context.remote.sockets = self._sockets

    @classmethod
    def _platform_members(cls) -> set[str]:
        return api.namespace_functions("VoxEngine")

    def toJSON(self) -> dict[str, Any]:
        return {}

    # --- the session ----------------------------------------------------------------------

    def addEventListener(self, event: str, callback: Any) -> None:
        """Adds a handler of an `AppEvents` event."""
        self._context.session.application.handlers.add(event, callback)

    def removeEventListener(self, event: str, callback: Any = None) -> None:
        """Removes a handler, or every handler of the event."""
        self._context.session.application.handlers.remove(event, callback)

    def terminate(self, *_: Any, **__: Any) -> None:
        """Ends the session: every call is dropped, then `Terminating`, then `Terminated`.

        The code after it still runs. Arguments are ignored, so it may be a handler itself.
        """
        self._context.session.terminate()

    def customData(self, customData: Any = None) -> str:
        """Sets the session's custom data when it is given; returns it (`""` when never set)."""
        if customData is not None:
            text = demand_text("customData", "customData", customData)
            self._context.session.command("SetCustomData", [text])
            self._context.session.set_custom_data(text)
        return self._context.session.custom_data

    def getSecretValue(self, name: Any = None) -> str | None:
        """The value of a secret; `None` when the name is empty or unknown."""
        return self._context.session.secrets.get(str(name)) if name else None

    # --- outgoing calls -------------------------------------------------------------------

    def callPSTN(
        self, number: Any, callerid: Any = "", parameters_: Any = None, *_: Any, **kw: Any
    ) -> Call:
        """Calls a telephone number.

        Args:
            number: In E.164 form; what is no number at all fails with 404.
            callerid: The number to show.
            parameters_: `followDiversion`, `amd` (not emulated).
            kw: The same, as keywords.

        Returns:
            The call at once; over a limit of the platform it fails later with `Failed` 403.
        """
        options = parameters_ if isinstance(parameters_, dict) else None
        params = parameters(options, kw)
        dialled = demand_text("callPSTN", "number", number).removeprefix("+")
        return self._place(
            "pstn",
            dialled,
            callerid=_text(callerid),
            params=params,
            command="CallPSTN",
            refusal=0 if PHONE_NUMBER.fullmatch(dialled) else 404,
        )

    def callSIP(self, to: Any, parameters_: Any = None, *rest: Any, **kw: Any) -> Call:
        """Calls a SIP address.

        Args:
            to: `sip:user@host`, `sips:...`, or `user@host;transport=tls`.
            parameters_: `callerid`, `displayName`, `headers`, `authUser`, `password`, ...; or the
                caller id, the older form: (to, callerid, displayName, password, authUser,
                extraHeaders, video, outProxy).
            rest: The rest of the older form.
            kw: The parameters as keywords.
        """
        names = ("callerid", "displayName", "password", "authUser", "headers", "video", "outProxy")
        params = _either_form(names, (parameters_, *rest), kw)
        return self._place(
            "sip",
            demand_text("callSIP", "to", to),
            callerid=_text(params.get("callerid")),
            display_name=_text(params.get("displayName")),
            headers=custom_headers(self._context.session, "callSIP", params.get("headers")),
            params=params,
            command="CallSIP",
        )

    def callUser(self, parameters_: Any = None, *rest: Any, **kw: Any) -> Call:
        """Calls a user of the application.

        Args:
            parameters_: `username`, `callerid`, `displayName`, `extraHeaders`, ...; or the name,
                the older form: (username, callerid, displayName, extraHeaders, video, scheme).
            rest: The rest of the older form.
            kw: The parameters as keywords.

        The header `VI-CallTimeout` (10 to 400) says how many seconds it may ring.
        """
        session = self._context.session
        names = ("username", "callerid", "displayName", "extraHeaders", "video", "scheme")
        params = _either_form(names, (parameters_, *rest), kw)
        if not params.get("username"):
            raise ScenarioTypeError("callUser: username is missing")
        return self._place(
            "user",
            demand_text("callUser", "username", params.get("username")),
            callerid=_text(params.get("callerid")),
            display_name=_text(params.get("displayName")),
            headers=custom_headers(
                session, "callUser", params.get("extraHeaders"), also=(CALL_TIMEOUT,)
            ),
            params=params,
            command="CallUser",
        )

    # --- media ----------------------------------------------------------------------------

    def sendMediaBetween(self, unit1: MediaUnit, unit2: MediaUnit, *_: Any) -> None:
        """Sends audio both ways between two units, as far as each can send and receive."""
        for unit in (unit1, unit2):
            demand_unit(unit, "sendMediaBetween")
        self._command("SendMediaBetween", id1=unit1._unit_id, id2=unit2._unit_id)
        self._context.router.link(unit1, unit2, Struct())
        self._context.router.link(unit2, unit1, Struct())

    def stopMediaBetween(self, unit1: MediaUnit, unit2: MediaUnit, *_: Any) -> None:
        """Ends what `sendMediaBetween` began; harmless when nothing was."""
        for unit in (unit1, unit2):
            demand_unit(unit, "stopMediaBetween")
        self._command("StopMediaBetween", id1=unit1._unit_id, id2=unit2._unit_id)
        self._context.router.unlink(unit1, unit2)
        self._context.router.unlink(unit2, unit1)

    # --- inside ---------------------------------------------------------------------------

    def _place(
        self,
        kind: CallKind,
        destination: str,
        *,
        callerid: str,
        params: Struct,
        command: str,
        display_name: str = "",
        headers: Headers | None = None,
        refusal: int = 0,
    ) -> Call:
        """Makes a call, which goes out, or fails with the code `refusal` or that of a limit."""
        session = self._context.session
        if session.state not in (State.LOADING, State.RUNNING):
            raise ScenarioTypeError(f"{command}: the session is ending, no call can be made")
        headers = headers or {}
        self._tell_not_emulated(command, params)
        self._attempts += 1
        if self._over_the_limit():
            refusal = 403
        if refusal:
            leg: Leg = NobodyLeg()
        else:
            leg = self._context.switchboard.outgoing(kind, destination)
        emitter = Emitter(unit="call", id=session.ids.object_id())
        line = Line(
            context=self._context,
            leg=leg,
            emitter=emitter,
            incoming=False,
            number=destination,
            callerid=callerid,
            display_name=display_name,
            answer_timeout_s=call_timeout_s(headers, session.limits.no_answer_s),
            push_timeout_ms=_push_timeout_ms(params.get("pushNotificationTimeout")),
        )
        call = Call(self._context, line)
        emitter.subject["call"] = call
        shown = {key: value for key, value in plain(params).items() if key != "password"}
        session.command(
            command, [{**shown, "id": emitter.id, "to": destination, "callerid": callerid}]
        )
        if refusal:
            session.clock.call_soon(line.end, refusal, FAILURES[refusal])
        else:
            session.clock.call_soon(leg.alert, headers)
        return call

    def _tell_not_emulated(self, command: str, params: Struct) -> None:
        for name in ("amd", "video", "conferenceCall"):
            if params.get(name):
                self._context.session.warn("not-emulated", f"{command}: {name} is not emulated")

    def _over_the_limit(self) -> bool:
        limits = self._context.session.limits
        waiting = [
            line
            for line in self._context.lines
            if not line.incoming and line.state is LineState.PROGRESSING
        ]
        over = self._attempts > limits.call_attempts or len(waiting) >= limits.progressing_calls
        if over and limits.mode is LimitMode.WARN:
            self._context.session.warn("limit", "the platform would refuse this call: too many")
        return over and limits.mode is LimitMode.ENFORCE

    def _command(self, name: str, **params: Any) -> None:
        self._context.session.command(name, [params])


def incoming_call(
    context: Context,
    leg: Leg,
    *,
    to: str,
    from_: str,
    display_name: str = "",
    headers: Headers | None = None,
    custom_data: str = "",
) -> Call:
    """Makes an incoming call and its `CallAlerting`, which is due at once.

    A scenario without a handler for it refuses the call with 603.
    """
    session = context.session
    emitter = Emitter(unit="call", id=session.ids.call_id(session.clock.unix_ms() // 1000))
    line = Line(
        context=context,
        leg=leg,
        emitter=emitter,
        incoming=True,
        number=to,
        callerid=from_,
        display_name=display_name,
        custom_data=custom_data,
    )
    call = Call(context, line)
    emitter.subject["call"] = call
    domain = session.started["domainName"]
    seen = {name: value for name, value in (headers or {}).items() if is_custom_header(name)}
    fields = {
        "call": call,
        "id": emitter.id,
        "callerid": from_,
        "destination": to,
        "displayName": display_name,
        "fromURI": f"sip:{from_}@{domain}",
        "toURI": f"sip:{to}@{domain}",
        "headers": Struct({"VI-Client-Type": leg.client_type, **seen}),
        "scheme": Struct(),
        **({"customData": custom_data} if custom_data else {}),
    }

    def alert() -> None:
        if not session.application.handlers.listens_to(CALL_ALERTING):
            session.journal.write("log", text="Unhandled CallAlerting event")
            leg.rejected(603, {})
            line.end(603, "", direction="")
            return
        session.emit(session.application, CALL_ALERTING, fields)

    session.clock.call_soon(alert)
    return call


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _push_timeout_ms(value: Any) -> int:
    """How long a user is waited for after a push: 10 to 60 s, 20 s when nothing is said."""
    return 20_000 if value is None else int(min(max(_number(value), 10_000), 60_000))


def _number(value: Any) -> float:
    return demand_number("callUser", "pushNotificationTimeout", value)


def _either_form(names: tuple[str, ...], given: tuple[Any, ...], kw: dict[str, Any]) -> Struct:
    """Parameters as one object, or in the older positional form; surplus ones are ignored."""
    if isinstance(given[0], dict):
        return parameters(given[0], kw)
    return parameters(dict(zip(names, given, strict=False)), kw)
