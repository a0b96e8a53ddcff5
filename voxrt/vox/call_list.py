"""`CallList`: what a session of a call list reports about its attempt.

Source: https://voximplant.com/docs/references/voxengine/calllist
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from voxrt.clock import US_PER_MS
from voxrt.errors import LimitError, ScenarioTypeError
from voxrt.outside.exchange import Response
from voxrt.outside.rules import DEFAULT_DELAY_MS
from voxrt.session.promise import Promise
from voxrt.session.values import Struct, kind_of, plain
from voxrt.vox import api
from voxrt.vox.context import Context
from voxrt.vox.names import Surface
from voxrt.vox.net_options import result_of
from voxrt.vox.requests import Job

NO_LIST = "the session was not started by a call list: nothing is stored"
NEXT_ATTEMPT_FIELDS = (
    "start_at",
    "attempts_left",
    "custom_data",
    "start_execution_time",
    "end_execution_time",
    "next_attempt_time",
    "error",
)


class CallList(Surface):
    """Reports to the call list that started the session; each is an HTTP request of the session.

    The result has code 200, or 400 in a session that no call list started.
    """

    _platform_name = "CallList"

    def __init__(self, context: Context) -> None:
        self._context = context

    @classmethod
    def _platform_members(cls) -> set[str]:
        return api.namespace_functions("CallList")

    def reportResult(self, result: Any = None, callback: Any = None, *_: Any) -> None:
        """The attempt was a success: no further one follows, and the data are stored."""
        self._report("reportResult", result, self._caller("reportResult", callback))

    def reportResultAsync(self, result: Any = None, *_: Any) -> Promise:
        """`reportResult` with a promise of the result."""
        return self._promise("reportResult", result)

    def reportError(self, error: Any = None, callback: Any = None, *_: Any) -> None:
        """The attempt failed: the next one follows, if there is one left."""
        self._report("reportError", error, self._caller("reportError", callback))

    def reportErrorAsync(self, error: Any = None, *_: Any) -> Promise:
        """`reportError` with a promise of the result."""
        return self._promise("reportError", error)

    def reportProgress(self, progress: Any = None, callback: Any = None, *_: Any) -> None:
        """How the attempt goes on; decides nothing."""
        self._report("reportProgress", progress, self._caller("reportProgress", callback))

    def reportProgressAsync(self, progress: Any = None, *_: Any) -> Promise:
        """`reportProgress` with a promise of the result."""
        return self._promise("reportProgress", progress)

    def requestNextAttempt(self, data: Any = None, callback: Any = None, *_: Any) -> None:
        """Asks for another attempt.

        Args:
            data: `start_at`, `attempts_left` (one less than now by default), `custom_data`,
                `start_execution_time`, `end_execution_time`, `next_attempt_time`, `error`.
            callback: Called with the result.
        """
        self._check_next(data)
        self._report("requestNextAttempt", data, self._caller("requestNextAttempt", callback))

    def requestNextAttemptAsync(self, data: Any = None, *_: Any) -> Promise:
        """`requestNextAttempt` with a promise of the result."""
        self._check_next(data)
        return self._promise("requestNextAttempt", data)

    # --- inside ---------------------------------------------------------------------------------

    def _check_next(self, data: Any) -> None:
        if not isinstance(data, Mapping):
            raise ScenarioTypeError(
                f"requestNextAttempt: the data must be an object, not {kind_of(data)}"
            )
        left = data.get("attempts_left")
        if left is not None and (isinstance(left, bool) or not isinstance(left, int | float)):
            raise ScenarioTypeError("requestNextAttempt: attempts_left must be a number")
        for name in data:
            if name not in NEXT_ATTEMPT_FIELDS:
                near = api.near_name(name, NEXT_ATTEMPT_FIELDS)
                hint = f"; did you mean {near}?" if near else ""
                self._context.session.warn(
                    "no-such-member", f"requestNextAttempt: there is no field {name}{hint}"
                )

    def _promise(self, function: str, data: Any) -> Promise:
        promise = self._context.session.engine.promise()
        try:
            self._report(function, data, promise.resolve)
        except LimitError as error:
            promise.reject(error)
        return promise

    def _report(self, function: str, data: Any, deliver: Callable[[Struct], object]) -> None:
        context, shown = self._context, plain(data)

        def begin(arrive: Callable[[Response], None]) -> None:
            attempt = context.call_list
            if attempt is None:
                context.session.warn("no-call-list", f"CallList.{function}: {NO_LIST}")
                response = Response(code=400, body=NO_LIST.encode())
            else:
                attempt.reports.append((function, shown))
                response = Response(code=200)
            context.session.journal.write(
                "call-list", function=function, data=shown, code=response.code
            )
            context.clock.call_later(DEFAULT_DELAY_MS * US_PER_MS, arrive, response)

        context.http_requests.submit(
            Job(
                begin=begin,
                deliver=lambda response: deliver(result_of(response, raw=False)),
                dropped=lambda: context.session.journal.write(
                    "call-list", function=function, data=shown, dropped=True
                ),
            )
        )

    def _caller(self, function: str, callback: Any) -> Callable[[Struct], object]:
        if callback is None:
            return lambda result: None
        if not callable(callback):
            raise ScenarioTypeError(
                f"{function}: the callback must be a function, not {kind_of(callback)}"
            )
        return lambda result: self._context.session.engine.call(callback, (result,))
