"""What the parts of `Call` have in common: the call's line, and what may be done with it when."""

from __future__ import annotations

from typing import Any

from voxrt.vox.arguments import Headers, custom_headers
from voxrt.vox.context import Context
from voxrt.vox.line import Line
from voxrt.vox.routing import MediaUnit


class CallBase(MediaUnit):
    """A call without its methods: `Call` is made of several parts that each add some."""

    _platform_name = "Call"
    _context: Context
    _line: Line

    def _command(self, name: str, /, **params: Any) -> None:
        self._context.session.command(name, [{"id": self._unit_id, **params}])

    def _may(self, function: str, allowed: bool) -> bool:
        """Whether something may be done now; warns when it may not."""
        if not allowed:
            direction = "incoming" if self._line.incoming else "outgoing"
            state = self._line.state.value
            self._context.session.warn(
                "ignored", f"{function} on an {direction} call in state {state} is ignored"
            )
        return allowed

    def _may_use_media(self, function: str, allowed: bool) -> bool:
        """The same for what needs cloud media, which a peer-to-peer call does not have."""
        if self._line.is_direct:
            self._context.session.warn(
                "ignored", f"{function} on a peer-to-peer call is ignored: it has no cloud media"
            )
            return False
        return self._may(function, allowed)

    def _headers(self, function: str, value: Any) -> Headers:
        return custom_headers(self._context.session, function, value)
