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
            direct: Peer to peer without cloud media; not emulated.

        The session ends when either call ends.
        """
        for call in (call1, call2):
            if not isinstance(call, Call):
                raise ScenarioTypeError(f"easyProcess joins two calls, not {kind_of(call)}")
        demand_function("easyProcess", "onEstablishedCallback", onEstablishedCallback)
        if direct:
            self.callUserDirect()  # not emulated: says so at the script's line
        end = lambda _=None: self.terminate()  # noqa: E731
        established = lambda _: _call(onEstablishedCallback, call1, call2)  # noqa: E731

        def waits() -> bool:
            return bool(call1.incoming() and call1.state() in ("ALERTING", "PROGRESSING"))

        def answer(e: Struct) -> None:
            if waits():
                call1.answer(e.headers, {"displayName": call2.displayName(), "scheme": e.scheme})

        call2.addEventListener("Call.Connected", answer)
        call1.addEventListener("Call.Connected", established)
        call2.addEventListener("Call.Ringing", lambda _: waits() and call1.ring())
        call2.addEventListener(
            "Call.AudioStarted", lambda e: waits() and call1.startEarlyMedia(None, e.scheme)
        )
        for call, other in ((call1, call2), (call2, call1)):
            call.addEventListener("Call.MessageReceived", _relay_message(other))
            call.addEventListener("Call.InfoReceived", _relay_info(other))
            call.addEventListener("Call.Failed", end)
            call.addEventListener("Call.Disconnected", end)
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
            options: `callerid` to show in place of the caller's own.
        """

        demand_function("forwardCallToPSTN", "numberTransform", numberTransform)
        callerid = parameters(options, {}).get("callerid")

        def place(event: Struct) -> Any:
            number = event.destination
            number = numberTransform(number) if numberTransform else number
            return self.callPSTN(number, callerid or event.callerid)

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

    def playSoundAndHangup(self: Any, fileURL: str) -> None:
        """Answers each incoming call, plays a file to it, and ends the session."""

        def alerting(event: Struct) -> None:
            call = event.call
            call.addEventListener("Call.Connected", lambda _: call.startPlayback(fileURL))
            for name in ("Call.PlaybackFinished", "Call.Failed", "Call.Disconnected"):
                call.addEventListener(name, lambda _: self.terminate())
            call.answer()

        self.addEventListener(ALERTING, alerting)

    def _forward(self: Any, place: Callable[[Struct], Any], established: Any) -> None:
        demand_function("a forwarding helper", "onEstablishedCallback", established)
        self.addEventListener(
            ALERTING, lambda event: self.easyProcess(event.call, place(event), established)
        )


def _call(function: Any, *arguments: Any) -> Any:
    return function(*fitting(function, arguments)) if function else None


def _relay_message(other: Any) -> Callable[[Struct], None]:
    return lambda event: other.sendMessage(event.text)


def _relay_info(other: Any) -> Callable[[Struct], None]:
    return lambda event: other.sendInfo(event.mimeType, event.body, event.headers)
