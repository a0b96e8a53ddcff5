"""The one way out of a run: a declared answer, the real network, or a closed door.

By default everything is closed. What goes out is looked up among the declared answers first; then
it goes to the network, if that was allowed for its host; else it fails with a message that says
how to allow it. Every exchange is in the journal, from its request to its reply.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import partial
from typing import Any, Protocol
from urllib.parse import unquote, urljoin, urlsplit

from attrs import define, evolve, field, frozen

from voxrt.clock import US_PER_MS, Clock, Timer
from voxrt.errors import DocumentError
from voxrt.outside.exchange import (
    CONNECT_TIMEOUT_MS,
    MOST_BODY_BYTES,
    TIMEOUT_MS,
    Failure,
    Headers,
    Mail,
    MailResponse,
    Request,
    Response,
    body_form,
    failed,
    header,
    header_form,
    too_big,
)
from voxrt.outside.peers import SocketAnswer
from voxrt.outside.rules import DEFAULT_DELAY_MS, Answer, Rules

#: The platform does not say after how many it gives up; curl's users and browsers see about this.
MOST_REDIRECTS = 10
REDIRECTS = (301, 302, 303, 307, 308)
#: Headers whose values are secrets: they are known to the journal's writer before they are used.
#: Shorter values are left: they are no real credentials, and would blank out ordinary words.
SHORTEST_CREDENTIAL = 8
SECRET_HEADERS = ("authorization", "proxy-authorization", "cookie", "x-api-key", "api-key")

HINT = "Declare an answer (--http FILE), or allow the network (--allow-net={host})."

#: A WebSocket that goes to the network.
LIVE = "live"
#: The source of an answer that voxrt itself gives, for a service of the platform that it has.
OWN = "voxrt"
DEFAULT_PORTS = {"ws": 80, "wss": 443}

#: What the journal shows of what it must not.
HIDDEN = "******"

Cancel = Callable[[], object]


class Transport(Protocol):
    """What carries exchanges to the real world."""

    def fetch(self, request: Request, arrive: Callable[[Response], object]) -> Cancel:
        """Makes a request, without following redirects; returns what cancels it."""

    def send(self, mail: Mail, arrive: Callable[[MailResponse], object]) -> Cancel:
        """Sends a mail; returns what cancels it."""


@frozen
class AllowedHosts:
    """The hosts that may be reached: names with wildcards, `host:port`, or `*` for all."""

    patterns: Sequence[str] = ()

    def allows(self, host: str, port: int | None) -> bool:
        """Whether a host may be reached."""
        names = {host, f"{host}:{port}"}
        return any(fnmatchcase(name, like.lower()) for like in self.patterns for name in names)


@define(eq=False, kw_only=True)
class Outside:
    """The world outside of a session.

    Args:
        clock: The run's clock.
        write: Writes a record of a kind with its fields: the journal's `write`.
        warn: Tells the user, by a code and a text.
        hide: Given values that the journal must not show.
        rules: What is declared.
        allowed: The hosts that may really be reached.
        live: How they are.
    """

    clock: Clock
    write: Callable[..., object]
    warn: Callable[[str, str], object] = field(default=lambda code, text: None)
    hide: Callable[[Iterable[str]], object] = field(default=lambda values: None)
    rules: Rules = field(factory=Rules)
    allowed: AllowedHosts = field(factory=AllowedHosts)
    live: Transport | None = None
    _count: int = field(default=0, init=False)
    _secrets: set[str] = field(factory=set, init=False)

    def fetch(
        self,
        method: str,
        url: str,
        headers: Iterable[tuple[str, str]],
        body: bytes,
        done: Callable[[Response], object],
        *,
        timeout_ms: int = TIMEOUT_MS,
        connect_timeout_ms: int = CONNECT_TIMEOUT_MS,
        most_body_bytes: int = MOST_BODY_BYTES,
        hidden: frozenset[str] = frozenset(),
        by: str = "net",
        log: bool = False,
        own: Callable[[], Response] | None = None,
    ) -> Cancel:
        """Makes an HTTP request and follows its redirects.

        Args:
            method: In capital letters.
            url: With the query.
            headers: In order.
            body: As it is sent.
            done: Called once, later, on the run's clock.
            timeout_ms: For all of it.
            connect_timeout_ms: Until the connection is made.
            most_body_bytes: The largest answer that is taken.
            hidden: What of the request the journal does not show: `headers`, `body`.
            by: Who asks, for the journal.
            log: Whether the session's log shows it.
            own: Answers when nothing is declared, instead of the network: a service of the
                platform that voxrt has itself.

        Returns:
            What drops it: `done` is not called then.
        """
        request = Request(
            method=method,
            url=url,
            headers=tuple(headers),
            body=body,
            timeout_ms=timeout_ms,
            connect_timeout_ms=connect_timeout_ms,
            most_body_bytes=most_body_bytes,
            hidden=hidden,
        )
        self._keep_secret(secrets_of(request))
        self._count += 1
        exchange = _Exchange(
            outside=self, number=self._count, first=request, by=by, log=log, own=own, done=done
        )
        exchange.begin()
        return exchange.drop

    def send(self, mail: Mail, done: Callable[[MailResponse], object]) -> None:
        """Sends a mail; `done` is called once, later, on the run's clock."""
        self._keep_secret([mail.password])
        self._count += 1
        number, began_us = self._count, self.clock.now_us()
        receivers = {name: list(getattr(mail, name)) for name in ("to", "cc", "bcc")}
        self.write(
            "mail",
            id=number,
            state="sent",
            server=f"{mail.server}:{mail.port}",
            **{"from": mail.sender},
            **{name: value for name, value in receivers.items() if value},
            subject=mail.subject,
            text=mail.text,
            **({"html": mail.html} if mail.html else {}),
        )

        def arrive(source: str, response: MailResponse) -> None:
            self.write(
                "mail",
                id=number,
                state="answered",
                to=list(mail.to),
                subject=mail.subject,
                source=source,
                code=int(response.code),
                error=response.error,
                took_ms=(self.clock.now_us() - began_us) / US_PER_MS,
            )
            done(response)

        self._route_mail(mail, arrive)

    def _route_mail(self, mail: Mail, arrive: Callable[[str, MailResponse], object]) -> None:
        try:
            answer = self.rules.answer_mail(mail)
        except Exception as error:
            text = self._tell_broken(error)
            response = MailResponse(code=Failure.INTERNAL, error=text)
            self.clock.call_soon(arrive, "declared", response)
            return
        if answer is not None:
            self.clock.call_later(answer.takes_us, arrive, answer.place, answer.reply)
        elif self.live is not None and self.allowed.allows(mail.server.lower(), mail.port):
            self.live.send(mail, partial(arrive, "live"))
        else:
            what = f"a mail to {', '.join(mail.to)} by {mail.server}"
            text = self._tell_closed(what, mail.server)
            response = MailResponse(code=Failure.CONNECTION, error=text)
            self.clock.call_later(DEFAULT_DELAY_MS * US_PER_MS, arrive, "closed", response)

    def peer(self, request: Request) -> SocketAnswer | str:
        """Where a WebSocket leads: to a declared peer, to the network, or nowhere.

        Args:
            request: The URL and the headers.

        Returns:
            The peer; `live` when the network is to be asked; else why there is nobody, of which
            the user has been told.
        """
        self._keep_secret(secrets_of(request))
        try:
            answer = self.rules.answer_socket(request)
        except Exception as error:
            return self._tell_broken(error)
        if answer is not None:
            return answer
        port = urlsplit(request.url).port or DEFAULT_PORTS[urlsplit(request.url).scheme.lower()]
        if self.live is None or not self.allowed.allows(request.host, port):
            return self._tell_closed(f"a WebSocket to {request.url}", request.host)
        if self.clock.is_virtual:
            text = f"a WebSocket to {request.url} needs time that passes: add `--time real`, or "
            text += "declare a peer (--http FILE, `websockets`)"
            self.warn("net-closed", text)
            return text
        return LIVE

    def unused(self) -> list[str]:
        """The declared answers that nobody asked for."""
        return self.rules.unused()

    def _keep_secret(self, values: Iterable[str]) -> None:
        """Has the journal hide what it does not hide yet."""
        new = [value for value in values if value and value not in self._secrets]
        if new:
            self._secrets.update(new)
            self.hide(new)

    def _tell_closed(self, what: str, host: str) -> str:
        text = f"the outside world is closed: there is no answer to {what}. "
        text += HINT.format(host=host)
        self.warn("net-closed", text)
        return text

    def _tell_broken(self, error: Exception) -> str:
        """A function of the user's file of answers went wrong."""
        told = error.message if isinstance(error, DocumentError) else str(error)
        text = f"the file of answers raised {type(error).__name__}: {told}"
        self.warn("answers", text)
        return text


def secrets_of(request: Request) -> list[str]:
    """What of a request the journal must not show: credentials in headers and in the URL."""
    found = []
    for name, value in request.headers:
        if name.lower() in SECRET_HEADERS:
            found += [value, value.partition(" ")[2].strip()]
    try:
        password = urlsplit(request.url).password
    except ValueError:
        password = None
    if password:
        found += [password, unquote(password)]
    return [value for value in found if len(value) >= SHORTEST_CREDENTIAL]


@define(eq=False, kw_only=True)
class _Exchange:
    """One request with its redirects, from the outside's point of view."""

    outside: Outside
    number: int
    first: Request
    by: str
    log: bool
    own: Callable[[], Response] | None
    done: Callable[[Response], object]
    _began_us: int = field(init=False)
    _timer: Timer = field(init=False)
    _cancel: Cancel = field(default=lambda: None, init=False)
    _hops: int = field(default=0, init=False)
    _asked: str = field(default="", init=False)
    """Who was asked last: for a time-out."""
    _over: bool = field(default=False, init=False)

    def begin(self) -> None:
        """Writes the request down and sends it on its way."""
        clock = self.outside.clock
        self._began_us = clock.now_us()
        fields: dict[str, Any] = {"headers": header_form(self.first.headers)}
        if self.first.body:
            fields["body"] = body_form(self.first.body)
        hidden = dict.fromkeys(self.first.hidden & fields.keys(), HIDDEN)
        self._write("request", by=self.by, **{**fields, **hidden})
        self._timer = clock.call_later(
            self.first.timeout_ms * US_PER_MS, self._end, None, failed(Failure.TIMEOUT)
        )
        self._go(self.first)

    def _go(self, request: Request) -> None:
        outside = self.outside
        problem = url_problem(request.url)
        if problem:
            outside.clock.call_soon(self._end, "", failed(Failure.BAD_URL, problem))
            return
        try:
            answer = outside.rules.answer(request)
        except Exception as error:
            response = failed(Failure.INTERNAL, outside._tell_broken(error))
            outside.clock.call_soon(self._end, "declared", response)
            return
        if answer is not None:
            self._wait(request, answer)
        elif self.own is not None:
            self._end_later(OWN, self.own())
        elif outside.live is not None and self._is_allowed(request):
            self._asked = "live"
            self._cancel = outside.live.fetch(request, partial(self._arrive, request, "live"))
        else:
            text = outside._tell_closed(f"{request.method} {request.url}", request.host)
            self._end_later("closed", failed(Failure.CONNECTION, text))

    def _end_later(self, source: str, response: Response) -> None:
        self._asked = source
        delay_us = DEFAULT_DELAY_MS * US_PER_MS
        self._cancel = self.outside.clock.call_later(delay_us, self._end, source, response).cancel

    def _is_allowed(self, request: Request) -> bool:
        parts = urlsplit(request.url)
        port = parts.port or (443 if parts.scheme.lower() == "https" else 80)
        return self.outside.allowed.allows(request.host, port)

    def _wait(self, request: Request, answer: Answer[Request, Response]) -> None:
        self._asked = answer.place
        timer = self.outside.clock.call_later(
            answer.takes_us, self._arrive, request, answer.place, answer.reply
        )
        self._cancel = timer.cancel

    def _arrive(self, request: Request, source: str, response: Response) -> None:
        if self._over:
            return
        location = header(response.headers, "Location")
        if response.code not in REDIRECTS or location is None:
            self._end(source, response)
            return
        self._hops += 1
        if self._hops > MOST_REDIRECTS:
            self._end(source, failed(Failure.REDIRECTS))
            return
        self._go(redirected(request, response.code, location))

    def _end(self, source: str | None, response: Response) -> None:
        if self._over:
            return
        if len(response.body) > self.first.most_body_bytes:
            response = too_big(self.first)
        self.drop()
        took_us = self.outside.clock.now_us() - self._began_us
        self._write(
            "reply",
            source=self._asked if source is None else source,
            code=response.code,
            headers=header_form(response.headers),
            **({"body": body_form(response.body)} if response.body else {}),
            **({"error": response.error} if response.error else {}),
            took_ms=took_us / US_PER_MS,
        )
        self.done(response)

    def drop(self) -> None:
        """Forgets about it: nothing more comes of it."""
        self._over = True
        self._timer.cancel()
        self._cancel()

    def _write(self, state: str, **fields: Any) -> None:
        head: Mapping[str, Any] = {"method": self.first.method, "url": self.first.url}
        log = {"log": True} if self.log else {}
        self.outside.write("http", id=self.number, state=state, **head, **fields, **log)


def url_problem(url: str) -> str:
    """Why a URL cannot be asked for; empty when it can."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        return f"{url}: {error}"
    if parts.scheme.lower() not in ("http", "https"):
        return f"{url}: only http:// and https:// can be asked for"
    if not parts.hostname or any(letter.isspace() for letter in url.strip()) or port == 0:
        return f"{url}: it is not a URL"
    return ""


def redirected(request: Request, code: int, location: str) -> Request:
    """The request that a redirect asks for.

    A POST becomes a GET without its body by 301, 302 and 303, as in every client; credentials do
    not go to another host.
    """
    method, body, headers = request.method, request.body, request.headers
    if code == 303 or (code in (301, 302) and method == "POST"):
        method, body = ("HEAD" if method == "HEAD" else "GET"), b""
        headers = _without(headers, "content-type", "content-length")
    try:
        url = urljoin(request.url, location)
        moved = urlsplit(url).hostname != request.host
    except ValueError:  # it is no URL, which the next step finds too
        url, moved = location, True
    if moved:
        headers = _without(headers, "authorization", "cookie")
    return evolve(request, method=method, url=url, body=body, headers=headers)


def _without(headers: Headers, *names: str) -> Headers:
    return tuple((key, value) for key, value in headers if key.lower() not in names)
