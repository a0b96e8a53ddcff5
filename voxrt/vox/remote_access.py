"""Remote session access: requests from outside to a running session's access URL.

Any request becomes `AppEvents.HttpRequest`. What the handler returns is the body of the answer;
documents before 2018 say so, newer ones are silent. A promise is not waited for.

Source: https://voximplant.com/docs/guides/management-api/interaction
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from attrs import define

from voxrt.outside.exchange import Response
from voxrt.outside.far_end import SocketAccess, Visitor
from voxrt.session.promise import Promise
from voxrt.session.session import Session, State
from voxrt.session.values import NamedList, plain

HTTP_REQUEST = "Application.HttpRequest"

Answered = Callable[[Response], object]


@define(eq=False)
class RemoteAccess:
    """The session's side of its access URL."""

    session: Session
    sockets: SocketAccess | None = None
    """Takes the clients that want a WebSocket."""

    @property
    def path(self) -> str:
        """The path of the access URL."""
        return urlsplit(str(self.session.started["accessURL"])).path

    def request(
        self,
        method: str,
        path: str = "",
        content: str = "",
        headers: Iterable[tuple[str, str]] = (),
        answered: Answered = lambda response: None,
    ) -> None:
        """Posts a request to the session, as somebody who knows its access URL.

        Args:
            method: In capital letters.
            path: What follows the access URL's own path, such as `/hold?now=1`.
            content: The body.
            headers: Those that begin with `X-` reach the scenario.
            answered: Told the answer, on the run's clock: the first value that a handler returned,
                text and numbers as they are, anything else as JSON; an empty body with none; 404
                when the session is over.
        """
        session, headers = self.session, list(headers)
        full = self.path + path
        self._tell("asks", path, headers, method=method, content=content)

        def answer(response: Response) -> None:
            session.journal.write(
                "access", method=method, path=full, code=response.code, body=response.text
            )
            answered(response)

        if session.state is not State.RUNNING:
            session.clock.call_soon(answer, Response(code=404))
            return
        shown = [(key, text) for key, text in headers if key.lower().startswith("x-")]
        returned: list[Any] = []
        session.emit(
            session.application,
            HTTP_REQUEST,
            {"method": method, "path": full, "content": content, "headers": NamedList(shown)},
            returned=returned.append,
        )
        # The event is before this on the agenda; its handlers run before anything else that is due.
        session.clock.call_soon(lambda: answer(response_of(returned)))

    def connect(self, visitor: Visitor) -> None:
        """Asks for a WebSocket, as a client that knows the access URL."""
        self._tell("connects", visitor.path, visitor.headers)
        if self.sockets is None:
            self.session.clock.call_soon(visitor.refuse, Response(code=404))
        else:
            self.sockets.connect(visitor)

    def _tell(
        self, action: str, path: str, headers: Iterable[tuple[str, str]], **fields: str
    ) -> None:
        """Writes down what somebody asks for who knows the access URL."""
        given = {key: text for key, text in headers if key.lower().startswith("x-")}
        told = {"path": path, **fields, "headers": given}
        self.session.journal.write("far", call="", action=action, **told)


def response_of(returned: list[Any]) -> Response:
    """The answer that the values of the handlers make."""
    for value in returned:
        if value is None or isinstance(value, Promise):
            continue
        if isinstance(value, str):
            return _response("text/plain; charset=utf-8", value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _response("text/plain; charset=utf-8", _number(value))
        body = json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"))
        return _response("application/json", body)
    return Response(code=200)


def _number(value: float) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _response(kind: str, text: str) -> Response:
    return Response(code=200, headers=(("Content-Type", kind),), body=text.encode())
