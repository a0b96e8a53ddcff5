"""`MeasurementProtocol`: Google's old analytics, which take nothing any more.

Every function is there, checks nothing, sends nothing, and says so in a warning.

Source: https://voximplant.com/docs/references/voxengine/measurementprotocol
"""

from __future__ import annotations

from typing import Any

from voxrt.session.promise import Promise
from voxrt.vox import api
from voxrt.vox.context import Context
from voxrt.vox.names import Surface


class MeasurementProtocol(Surface):
    """Chainable functions that do nothing."""

    _platform_name = "MeasurementProtocol"

    def __init__(self, context: Context) -> None:
        self._context = context
        self._told: set[str] = set()

    @classmethod
    def _platform_members(cls) -> set[str]:
        return api.namespace_functions("MeasurementProtocol")

    def setup(
        self, trackingId: Any = None, debug: Any = None, dataSource: Any = None, *_: Any
    ) -> MeasurementProtocol:
        """Does nothing."""
        return self._nothing("setup")

    def startSession(self, options: Any = None, *_: Any, **__: Any) -> MeasurementProtocol:
        """Does nothing."""
        return self._nothing("startSession")

    def endSession(self, *_: Any) -> MeasurementProtocol:
        """Does nothing."""
        return self._nothing("endSession")

    def setSessionByCallerId(self, options: Any = None, *_: Any, **__: Any) -> Promise:
        """Does nothing; a promise of this object."""
        promise = self._context.session.engine.promise()
        promise.resolve(self._nothing("setSessionByCallerId"))
        return promise

    def setApplicationInfo(self, options: Any = None, *_: Any, **__: Any) -> MeasurementProtocol:
        """Does nothing."""
        return self._nothing("setApplicationInfo")

    def setTrafficSource(self, options: Any = None, *_: Any, **__: Any) -> MeasurementProtocol:
        """Does nothing."""
        return self._nothing("setTrafficSource")

    def sendEvent(self, options: Any = None, *_: Any, **__: Any) -> MeasurementProtocol:
        """Does nothing."""
        return self._nothing("sendEvent")

    def sendException(self, options: Any = None, *_: Any, **__: Any) -> MeasurementProtocol:
        """Does nothing."""
        return self._nothing("sendException")

    def sendItem(self, options: Any = None, *_: Any, **__: Any) -> MeasurementProtocol:
        """Does nothing."""
        return self._nothing("sendItem")

    def sendSocial(self, options: Any = None, *_: Any, **__: Any) -> MeasurementProtocol:
        """Does nothing."""
        return self._nothing("sendSocial")

    def sendTiming(self, options: Any = None, *_: Any, **__: Any) -> MeasurementProtocol:
        """Does nothing."""
        return self._nothing("sendTiming")

    def sendTransaction(self, options: Any = None, *_: Any, **__: Any) -> MeasurementProtocol:
        """Does nothing."""
        return self._nothing("sendTransaction")

    def _nothing(self, function: str) -> MeasurementProtocol:
        if function not in self._told:
            self._told.add(function)
            self._context.session.warn(
                "no-op",
                f"MeasurementProtocol.{function} does nothing here: "
                "the service that it reports to was shut down",
            )
        return self
