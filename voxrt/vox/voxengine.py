"""`VoxEngine`: the session, outgoing calls, media between units.

Source: https://voximplant.com/docs/references/voxengine/voxengine
"""

from __future__ import annotations

import re
from typing import Any

from voxrt.errors import ScenarioTypeError
from voxrt.session.emitter import Emitter
from voxrt.session.session import Session, State
from voxrt.session.values import Struct, kind_of, parameters, plain
from voxrt.vox import api
from voxrt.vox.amd import AnsweringMachineDetector
from voxrt.vox.arguments import (
    Headers,
    custom_headers,
    demand_number,
    demand_text,
    is_custom_header,
    text_of,
    within,
)
from voxrt.vox.asr import ASR, make_asr
from voxrt.vox.call import Call
from voxrt.vox.call_facts import (
    CALL_TIMEOUT,
    FAILURES,
    VIDEO_KINDS,
    LineState,
    call_timeout_s,
)
from voxrt.vox.context import CallKind, ConferenceCall, Context
from voxrt.vox.direct import make_direct
from voxrt.vox.easyprocess import EasyProcess
from voxrt.vox.leg import Leg, NobodyLeg
from voxrt.vox.line import Line
from voxrt.vox.mixing import Mixing
from voxrt.vox.names import Surface
from voxrt.vox.players import Players
from voxrt.vox.queues import Queues
from voxrt.vox.routing import MediaTarget, demand_unit
from voxrt.vox.shortfalls import tell_shortfalls
from voxrt.vox.web_sockets import WebSocketHouse, WebSockets

CALL_ALERTING = "Application.CallAlerting"

#: How long a user is waited for after a push, when the scenario does not say.
DEFAULT_PUSH_MS = 20_000

#: What `callPSTN` takes for a number: digits, and what people put between them.
PHONE_NUMBER = re.compile(r"[0-9*#][0-9*#\s().-]*")


class VoxEngine(EasyProcess, Mixing, Players, Queues, WebSockets, Surface):
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
            parameters_: `amd`, a detector that begins by itself; `followDiversion`.
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
            callerid=text_of(callerid),
            params=params,
            command="CallPSTN",
            refusal=0 if PHONE_NUMBER.fullmatch(dialled) else 404,
        )

    def callSIP(self, to: Any, parameters_: Any = None, *rest: Any, **kw: Any) -> Call:
        """Calls a SIP address.

        Args:
            to: `sip:user@host`, `sips:...`, or `user@host;transport=tls`.
            parameters_: `callerid`, `displayName`, `headers`, `authUser`, `password`, `amd`,
                `video`, ...; or the caller id, the older form: (to, callerid, displayName,
                password, authUser, extraHeaders, video, outProxy).
            rest: The rest of the older form.
            kw: The parameters as keywords.
        """
        names = ("callerid", "displayName", "password", "authUser", "headers", "video", "outProxy")
        params = _either_form(names, (parameters_, *rest), kw)
        return self._place(
            "sip",
            demand_text("callSIP", "to", to),
            callerid=text_of(params.get("callerid")),
            display_name=text_of(params.get("displayName")),
            headers=custom_headers(self._context.session, "callSIP", params.get("headers")),
            params=params,
            command="CallSIP",
            late_ringing=bool(params.get("allow180After183")),
        )

    def callUser(self, parameters_: Any = None, *rest: Any, **kw: Any) -> Call:
        """Calls a user of the application.

        Args:
            parameters_: `username`, `callerid`, `displayName`, `extraHeaders`, `amd`, `video`,
                ...; or the name, the older form: (username, callerid, displayName, extraHeaders,
                video, scheme).
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
            callerid=text_of(params.get("callerid")),
            display_name=text_of(params.get("displayName")),
            headers=custom_headers(
                session, "callUser", params.get("extraHeaders"), also=(CALL_TIMEOUT,)
            ),
            params=params,
            command="CallUser",
        )

    def callUserDirect(
        self,
        incomingCall: Any = None,
        username: Any = None,
        parameters_: Any = None,
        *rest: Any,
        **kw: Any,
    ) -> Call:
        """Calls a user of the application peer to peer, on behalf of an incoming call.

        Args:
            incomingCall: The call that is to be answered with `answerDirect`.
            username: Whom to call.
            parameters_: `callerid`, `displayName`, `extraHeaders`, `pushNotificationTimeout`; or
                the caller id, the older form: (incomingCall, username, callerid, displayName,
                extraHeaders).
            rest: The rest of the older form.
            kw: The parameters as keywords.

        Neither call has cloud media from now on: no players, recordings or links, and no
        `AudioStarted`. Once both are connected their far ends hear each other.
        """
        if not isinstance(incomingCall, Call):
            raise ScenarioTypeError(
                f"callUserDirect: incomingCall must be a call, not {kind_of(incomingCall)}"
            )
        session = self._context.session
        params = _either_form(("callerid", "displayName", "extraHeaders"), (parameters_, *rest), kw)
        call = self._place(
            "user",
            demand_text("callUserDirect", "username", username),
            callerid=text_of(params.get("callerid")),
            display_name=text_of(params.get("displayName")),
            headers=custom_headers(
                session, "callUserDirect", params.get("extraHeaders"), also=(CALL_TIMEOUT,)
            ),
            params=params,
            command="CallUserDirect",
        )
        make_direct(call._line, incomingCall._line)
        return call

    def callWhatsappUser(self, parameters_: Any = None, **kw: Any) -> Call:
        """Calls a WhatsApp user; the events are those of any outgoing call.

        Args:
            parameters_: `number`, `callerid` (a WhatsApp Business number), `headers`.
            kw: The same, as keywords.
        """
        params = parameters(parameters_, kw)
        number = demand_text("callWhatsappUser", "number", params.get("number"))
        dialled = number.removeprefix("+")
        return self._place(
            "wab",
            dialled,
            callerid=demand_text("callWhatsappUser", "callerid", params.get("callerid")),
            headers=custom_headers(
                self._context.session, "callWhatsappUser", params.get("headers")
            ),
            params=params,
            command="CallWhatsappUser",
            refusal=0 if PHONE_NUMBER.fullmatch(dialled) else 404,
        )

    def callConference(
        self,
        conferenceId: Any,
        callerid: Any = None,
        displayName: Any = None,
        headers: Any = None,
        scheme: Any = None,
        *_: Any,
    ) -> Call:
        """Calls into the session of a conference, which begins when it is not running yet.

        The other session gets `CallAlerting` with the identifier as its destination.

        Args:
            conferenceId: The identifier; the rule whose pattern matches it takes the call.
            callerid: The number to show.
            displayName: The name to show.
            headers: Headers for the other session; their names begin with `X-`.
            scheme: Has no effect: no codecs are negotiated.

        Returns:
            The call at once; it fails with 404 when no rule takes the identifier.
        """
        return self._place(
            "conference",
            demand_text("callConference", "conferenceId", conferenceId),
            callerid=text_of(callerid),
            display_name=text_of(displayName),
            headers=custom_headers(self._context.session, "callConference", headers),
            params=Struct(
                {"displayName": text_of(displayName), **({"scheme": scheme} if scheme else {})}
            ),
            command="CallConference",
        )

    # --- speech recognition ---------------------------------------------------------------

    def createASR(self, parameters_: Any = None, dictionary: Any = None, *_: Any, **kw: Any) -> ASR:
        """Makes a speech recogniser, to which a call's audio is sent with `sendMediaTo`.

        Args:
            parameters_: `profile` (of `ASRProfileList`), `interimResults`, `singleUtterance`,
                `phraseHints`, `enableAutomaticPunctuation`, ...; `lang` and `dict`, the older
                form; or a language, the oldest one.
            dictionary: Only with the oldest form.
            kw: The parameters as keywords.
        """
        return make_asr(self._context, parameters_, dictionary, kw)

    # --- media ----------------------------------------------------------------------------

    def sendMediaBetween(self, mediaUnit1: MediaTarget, mediaUnit2: MediaTarget, *_: Any) -> None:
        """Sends audio both ways between two units, as far as each can send and receive."""
        for unit in (mediaUnit1, mediaUnit2):
            demand_unit(unit, "sendMediaBetween")
        self._command("SendMediaBetween", id1=mediaUnit1._unit_id, id2=mediaUnit2._unit_id)
        for unit in (mediaUnit1, mediaUnit2):
            if unit._deaf:
                self._context.session.warn("ignored", f"sendMediaBetween: {unit._deaf}")
        self._context.router.link(mediaUnit1, mediaUnit2, Struct())
        self._context.router.link(mediaUnit2, mediaUnit1, Struct())

    def stopMediaBetween(self, mediaUnit1: MediaTarget, mediaUnit2: MediaTarget, *_: Any) -> None:
        """Ends what `sendMediaBetween` began; harmless when nothing was."""
        for unit in (mediaUnit1, mediaUnit2):
            demand_unit(unit, "stopMediaBetween")
        self._command("StopMediaBetween", id1=mediaUnit1._unit_id, id2=mediaUnit2._unit_id)
        self._context.router.unlink(mediaUnit1, mediaUnit2)
        self._context.router.unlink(mediaUnit2, mediaUnit1)

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
        late_ringing: bool = False,
        ring_s: int | None = None,
    ) -> Call:
        """Makes a call, which goes out, or fails with the code `refusal` or that of a limit."""
        session = self._context.session
        if session.state not in (State.LOADING, State.RUNNING):
            raise ScenarioTypeError(f"{command}: the session is ending, no call can be made")
        headers = headers or {}
        detector = _detector(command, params.get("amd"))
        push_timeout_ms = _push_timeout_ms(session, params.get("pushNotificationTimeout"))
        answer_timeout_s = ring_s or call_timeout_s(session, headers)
        tell_shortfalls(session, f"VoxEngine.{command[0].lower()}{command[1:]}", params)
        self._attempts += 1
        if self._over_the_limit():
            refusal = 403
        if refusal:
            leg: Leg = NobodyLeg()
        elif kind == "conference":
            leg = self._context.dial_conference(
                ConferenceCall(conference=destination, from_=callerid, display_name=display_name)
            )
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
            answer_timeout_s=answer_timeout_s,
            push_timeout_ms=push_timeout_ms,
            late_ringing=late_ringing,
            video=kind in VIDEO_KINDS and bool(params.get("video")),
        )
        call = Call(self._context, line)
        emitter.subject["call"] = call
        if detector is not None:
            detector._attach(call)
        shown = {key: value for key, value in plain(params).items() if key != "password"}
        session.command(
            command, [{**shown, "id": emitter.id, "to": destination, "callerid": callerid}]
        )
        if refusal:
            session.clock.call_soon(line.end, refusal, FAILURES[refusal])
        else:
            session.clock.call_soon(line.go_out, headers)
        return call

    def _over_the_limit(self) -> bool:
        limits = self._context.session.limits
        waiting = [
            line
            for line in self._context.lines
            if not line.incoming and line.state is LineState.PROGRESSING
        ]
        over = self._attempts > limits.call_attempts or len(waiting) >= limits.progressing_calls
        return over and self._context.session.enforces(
            "the platform would refuse this call: too many"
        )

    def _command(self, name: str, /, **params: Any) -> None:
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
        session.deliver(session.application, CALL_ALERTING, fields)

    session.clock.call_soon(alert)
    return call


def _detector(command: str, value: Any) -> AnsweringMachineDetector | None:
    """The parameter `amd` of an outgoing call."""
    if value is None or isinstance(value, AnsweringMachineDetector):
        return value
    raise ScenarioTypeError(f"{command}: amd must come from AMD.create, not {kind_of(value)}")


def _push_timeout_ms(session: Session, value: Any) -> int:
    """How long a user is waited for after a push: 10 to 60 s, 20 s when nothing is said."""
    if value is None:
        return DEFAULT_PUSH_MS
    name = "pushNotificationTimeout"
    number = demand_number("callUser", name, value)
    limits = session.limits
    return int(
        within(session, f"{name} in ms", number, limits.shortest_push_ms, limits.longest_push_ms)
    )


def _either_form(names: tuple[str, ...], given: tuple[Any, ...], kw: dict[str, Any]) -> Struct:
    """Parameters as one object, or in the older positional form; surplus ones are ignored."""
    if isinstance(given[0], dict):
        return parameters(given[0], kw)
    return parameters(dict(zip(names, given, strict=False)), kw)
