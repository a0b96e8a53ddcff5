"""Declared answers: which request an answer is for, and what it says.

The first answer that matches is taken. One with `times` is used up after so many requests; then
the ones below it have their turn, which is how a service that recovers is written down.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar
from urllib.parse import urlsplit

from attrs import define, field, frozen

from voxrt.clock import US_PER_MS
from voxrt.outside.exchange import Mail, MailResponse, Request, Response

if TYPE_CHECKING:
    from voxrt.outside.peers import SocketAnswer, SocketClient

#: How long a declared answer takes when it does not say so.
DEFAULT_DELAY_MS = 50

_T_contra = TypeVar("_T_contra", contravariant=True)
_Asked = TypeVar("_Asked")
_Reply = TypeVar("_Reply")


class Matcher(Protocol[_T_contra]):
    """Says whether an answer is for what was asked."""

    def matches(self, asked: _T_contra) -> bool:
        """Whether it is."""


@frozen(kw_only=True)
class HttpMatch:
    """What an HTTP request must be like; what is not given does not matter.

    Attributes:
        method: In capital letters.
        url: The whole URL; without a `?` in it, the query is not compared.
        prefix: The beginning of the URL.
        glob: The URL with wildcards `*` and `?`, the query included.
        regex: A regular expression that is found in the URL.
        query: Parameters of the URL, with wildcards.
        headers: Headers, with wildcards; names in any letter case.
        body: Text that the body contains.
        json: What the JSON of the body contains: objects may have more fields.
    """

    method: str | None = None
    url: str | None = None
    prefix: str | None = None
    glob: str | None = None
    regex: re.Pattern[str] | None = None
    query: dict[str, str] = field(factory=dict)
    headers: dict[str, str] = field(factory=dict)
    body: str | None = None
    json: Any = None

    def matches(self, asked: Request) -> bool:
        """Whether a request is like this."""
        return (
            (self.method is None or self.method == asked.method)
            and self._matches_url(asked.url)
            and all(_like(asked.query.get(name), like) for name, like in self.query.items())
            and all(_like(asked.header(name), like) for name, like in self.headers.items())
            and (self.body is None or self.body in asked.text)
            and (self.json is None or _has_json(asked.body, self.json))
        )

    def _matches_url(self, url: str) -> bool:
        if self.url is not None:
            whole = url if "?" in self.url else url.partition("?")[0]
            if _normal(whole) != _normal(self.url):
                return False
        return (
            (self.prefix is None or url.startswith(self.prefix))
            and (self.glob is None or fnmatchcase(url, self.glob))
            and (self.regex is None or self.regex.search(url) is not None)
        )

    def __str__(self) -> str:
        place = self.url or self.prefix or self.glob or (self.regex and self.regex.pattern)
        method = "" if (place or "").lower().startswith("ws") else f"{self.method or 'any method'} "
        return f"{method}{place or 'any URL'}"


def _normal(url: str) -> str:
    """A URL with its host in lower case and at least the path `/`."""
    parts = urlsplit(url)
    lower = {"scheme": parts.scheme.lower(), "netloc": parts.netloc.lower()}
    return parts._replace(**lower, path=parts.path or "/").geturl()


def _like(text: str | None, pattern: str) -> bool:
    return text is not None and fnmatchcase(text, pattern)


def _has_json(body: bytes, wanted: Any) -> bool:
    try:
        return contains(json.loads(body), wanted)
    except ValueError:
        return False


def contains(value: Any, wanted: Any) -> bool:
    """Whether JSON has what is wanted: the fields of objects, the same lists, the same values."""
    if isinstance(wanted, dict):
        return isinstance(value, dict) and all(
            key in value and contains(value[key], item) for key, item in wanted.items()
        )
    if isinstance(wanted, list):
        return (
            isinstance(value, list)
            and len(value) == len(wanted)
            and all(map(contains, value, wanted))
        )
    if _is_number(value) and _is_number(wanted):
        return bool(value == wanted)
    return type(value) is type(wanted) and bool(value == wanted)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


@frozen(kw_only=True)
class MailMatch:
    """What a mail must be like, each with wildcards; what is not given does not matter."""

    server: str = "*"
    sender: str = "*"
    to: str = "*"
    subject: str = "*"

    def matches(self, asked: Mail) -> bool:
        """Whether a mail is like this; `to` is any of its receivers, copies included."""
        return (
            fnmatchcase(asked.server, self.server)
            and fnmatchcase(asked.sender, self.sender)
            and any(fnmatchcase(one, self.to) for one in (*asked.to, *asked.cc, *asked.bcc))
            and fnmatchcase(asked.subject, self.subject)
        )

    def __str__(self) -> str:
        return f"mail to {self.to}"


@define(eq=False, kw_only=True)
class Answer(Generic[_Asked, _Reply]):
    """One declared answer.

    Attributes:
        match: What it is for.
        reply: What it says.
        delay_ms: How long it takes.
        delay_us: The same in microseconds, for what was measured; 0 when `delay_ms` says it.
        times: How often it may be used; `None` is always.
        place: `file:line`, for the journal and the result.
        used: How often it was.
    """

    match: Matcher[_Asked]
    reply: _Reply
    delay_ms: int = DEFAULT_DELAY_MS
    delay_us: int = 0
    times: int | None = None
    place: str = ""
    used: int = 0

    @property
    def takes_us(self) -> int:
        """How long it takes, in microseconds."""
        return self.delay_us or self.delay_ms * US_PER_MS


@frozen(kw_only=True)
class AccessRequest:
    """A request that the outside world makes to the session's access URL.

    Attributes:
        at_ms: When, from the start of the run.
        session: Of which session: its number in the run, or the identifier of its conference.
    """

    at_ms: int
    session: int | str = 1
    method: str = "GET"
    path: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    content: str = ""


HttpAnswer = Answer[Request, Response]
MailAnswer = Answer[Mail, MailResponse]


@define(eq=False, kw_only=True)
class Rules:
    """Everything that a file declares of the outside world.

    Attributes:
        http: Answers to HTTP requests, in order.
        mail: Answers to mails, in order.
        requests: What the outside world asks of the session.
        websockets: Peers that a scenario may connect to, in order.
        clients: Clients that connect to the session.
        http_function: Answers what no entry does; `None` from it is no answer.
        mail_function: The same for mails.
        socket_function: The same for WebSockets.
    """

    http: Sequence[HttpAnswer] = ()
    mail: Sequence[MailAnswer] = ()
    requests: Sequence[AccessRequest] = ()
    websockets: Sequence[SocketAnswer] = ()
    clients: Sequence[SocketClient] = ()
    http_function: Callable[[Request], HttpAnswer | None] | None = None
    mail_function: Callable[[Mail], MailAnswer | None] | None = None
    socket_function: Callable[[Request], SocketAnswer | None] | None = None

    def answer(self, request: Request) -> HttpAnswer | None:
        """The answer to a request, which is used by that."""
        found = _first(self.http, request)
        if found is None and self.http_function is not None:
            found = self.http_function(request)
        return found

    def answer_mail(self, mail: Mail) -> MailAnswer | None:
        """The answer to a mail, which is used by that."""
        found = _first(self.mail, mail)
        if found is None and self.mail_function is not None:
            found = self.mail_function(mail)
        return found

    def answer_socket(self, request: Request) -> SocketAnswer | None:
        """The peer for a WebSocket, which is used by that."""
        found = _first(self.websockets, request)
        if found is None and self.socket_function is not None:
            found = self.socket_function(request)
        return found

    def unused(self) -> list[str]:
        """The entries that were never used, as `file:line what it is for`."""
        answers: list[Answer[Any, Any]] = [*self.http, *self.mail, *self.websockets]
        return [f"{answer.place} {answer.match}" for answer in answers if not answer.used]


def _first(
    answers: Sequence[Answer[_Asked, _Reply]], asked: _Asked
) -> Answer[_Asked, _Reply] | None:
    for answer in answers:
        if (answer.times is None or answer.used < answer.times) and answer.match.matches(asked):
            answer.used += 1
            return answer
    return None
