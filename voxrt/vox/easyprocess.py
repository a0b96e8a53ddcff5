"""The helpers that join two calls for a scenario: `easyProcess`, `forwardCallTo...`.

They do what the platform's own published helpers do, with nothing but the public calls and
events, so a scenario that replaces them by its own code sees the same order of things.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from voxrt.errors import ScenarioTypeError
from voxrt.session.calling import fitting
from voxrt.session.values import Struct, kind_of, parameters
from voxrt.vox.arguments import demand_function
from voxrt.vox.call import Call

ALERTING = "Application.CallAlerting"


class EasyProcess:
    """Joins calls: one side of `VoxEngine`."""

    def easyProcess(
        self: Any, call1: Any, call2: Any, onEstablishedCallback: Any = None, direct: bool = False
    ) -> None:
        """Joins an incoming and an outgoing call into one conversation.

        Args:
            call1: The incoming call; answered when `call2` is.
            call2: The outgoing call.
            onEstablishedCallback: Called with both when they are joined.
            direct: Peer to peer without cloud media; `call2` comes from `callUserDirect`.

        Messages, SIP INFOs and re-INVITEs of either call go to the other. A telephone takes no
        re-INVITE with a body of JSON: the other side's is accepted for it. The session ends when
        either call ends.

        Raises:
            ScenarioTypeError: One of the first two is no call, such as a list of both.
        """
        for name, call in (("call1", call1), ("call2", call2)):
            if not isinstance(call, Call):
                raise ScenarioTypeError(f"easyProcess: {name} must be a call, not {kind_of(call)}")
        demand_function("easyProcess", "onEstablishedCallback", onEstablishedCallback)
        end = lambda _=None: self.terminate()  # noqa: E731
        established = lambda _: _call(onEstablishedCallback, call1, call2)  # noqa: E731

        def waits() -> bool:
            return bool(call1.incoming() and call1.state() in ("ALERTING", "PROGRESSING"))

        def answer(e: Struct) -> None:
            if not waits():
                return
            options = {"displayName": call2.displayName()}
            if not (call1.is_conf or call2.is_conf):
                options["scheme"] = e.scheme
            if direct:
                call1.answerDirect(call2, e.headers, options)
            else:
                call1.answer(e.headers, options)

        call2.addEventListener("Call.Connected", answer)
        call1.addEventListener("Call.Connected", established)
        call2.addEventListener("Call.Ringing", lambda _: waits() and call1.ring())
        call2.addEventListener(
            "Call.AudioStarted", lambda e: waits() and call1.startEarlyMedia(None, e.scheme)
        )
        for call, other in ((call1, call2), (call2, call1)):
            call.addEventListener("Call.MessageReceived", _relay_message(other))
            call.addEventListener("Call.InfoReceived", _relay_info(other))
            call.addEventListener("Call.ReInviteReceived", _relay_reinvite(call, other))
            call.addEventListener("Call.ReInviteAccepted", _relay_acceptance(other))
            call.addEventListener("Call.ReInviteRejected", _relay_rejection(other))
            call.addEventListener("Call.Failed", end)
            call.addEventListener("Call.Disconnected", end)
        if not direct:
            self.sendMediaBetween(call1, call2)

    def forwardCallToPSTN(
        self: Any,
        numberTransform: Any = None,
        onEstablishedCallback: Any = None,
        options: Any = None,
    ) -> None:
        """Forwards each incoming call to the number that was dialled.

        Args:
            numberTransform: Makes the number to call from the one that was dialled.
            onEstablishedCallback: As in `easyProcess`.
            options: `callerid` to show in place of the caller's own; `followDiversion`.
        """

        demand_function("forwardCallToPSTN", "numberTransform", numberTransform)
        given = parameters(options, {})
        callerid, diverts = given.get("callerid"), given.get("followDiversion")

        def place(event: Struct) -> Any:
            number = event.destination
            number = numberTransform(number) if numberTransform else number
            return self.callPSTN(
                number,
                callerid or event.callerid,
                {"followDiversion": diverts} if diverts else None,
            )

        self._forward(place, onEstablishedCallback)

    def forwardCallToUser(
        self: Any, onEstablishedCallback: Any = None, video: bool = False
    ) -> None:
        """Forwards each incoming call to the user that was dialled."""
        self._forward(
            lambda event: self.callUser(
                {
                    "username": event.destination,
                    "callerid": event.callerid,
                    "displayName": event.displayName,
                    "video": video,
                }
            ),
            onEstablishedCallback,
        )

    def forwardCallToSIP(self: Any, onEstablishedCallback: Any = None, video: bool = False) -> None:
        """Forwards each incoming call to the SIP address that was dialled."""
        self._forward(
            lambda event: self.callSIP(
                event.toURI,
                {"callerid": event.callerid, "displayName": event.displayName, "video": video},
            ),
            onEstablishedCallback,
        )

    def forwardCallToUserDirect(self: Any, onEstablishedCallback: Any = None) -> None:
        """Forwards each incoming call peer to peer to the user that was dialled."""
        self._forward(
            lambda event: self.callUserDirect(
                event.call,
                event.destination,
                {"callerid": event.callerid, "displayName": event.displayName},
            ),
            onEstablishedCallback,
            direct=True,
        )

    def playSoundAndHangup(self: Any, fileURL: str) -> None:
        """Answers each incoming call, plays a file to it, and ends the session."""

        def alerting(event: Struct) -> None:
            call = event.call
            call.addEventListener("Call.Connected", lambda _: call.startPlayback(fileURL))
            for name in ("Call.PlaybackFinished", "Call.Failed", "Call.Disconnected"):
                call.addEventListener(name, lambda _: self.terminate())
            call.answer()

        self.addEventListener(ALERTING, alerting)

    def _forward(
        self: Any, place: Callable[[Struct], Any], established: Any, direct: bool = False
    ) -> None:
        demand_function("a forwarding helper", "onEstablishedCallback", established)
        self.addEventListener(
            ALERTING, lambda event: self.easyProcess(event.call, place(event), established, direct)
        )


def _call(function: Any, *arguments: Any) -> Any:
    return function(*fitting(function, arguments)) if function else None


def _relay_message(other: Any) -> Callable[[Struct], None]:
    return lambda event: other.sendMessage(event.text)


def _relay_info(other: Any) -> Callable[[Struct], None]:
    return lambda event: other.sendInfo(event.mimeType, event.body, event.headers)


def _relay_reinvite(call: Any, other: Any) -> Callable[[Struct], None]:
    def relay(event: Struct) -> None:
        if other.clientType() == "pstn" and "json" in event.mimeType:
            call.acceptReInvite(event.headers, event.mimeType, event.body)
        else:
            other.reInvite(event.headers, event.mimeType, event.body)

    return relay


def _relay_acceptance(other: Any) -> Callable[[Struct], None]:
    return lambda event: other.acceptReInvite(event.headers, event.mimeType, event.body)


def _relay_rejection(other: Any) -> Callable[[Struct], None]:
    return lambda event: other.rejectReInvite(
        event.headers, {"code": event.code, "reason": event.reason}
    )
