"""HTTP and mail on the real network.

A live exchange is real work: it takes a hold of the run's clock, so that virtual time stands still
until it is over. In virtual time it runs in a thread with a trio loop of its own, because its
time-outs, and those of connecting, must pass by a clock that moves. In real and scaled time it is
a task of the run.

HTTP is httpx2's, imported with the first request. Mail is the standard library's smtplib in a
thread: it is well kept, and the clients for SMTP that are asynchronous are asyncio's.
"""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable
from email.message import EmailMessage
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import trio
from attrs import define

from voxrt.clock import Clock
from voxrt.outside.exchange import (
    TIMEOUT_MS,
    Failure,
    Mail,
    MailResponse,
    Request,
    Response,
    failed,
    too_big,
)

if TYPE_CHECKING:
    import ssl

Cancel = Callable[[], object]
Spawn = Callable[[Callable[[], Any]], None]


@define(eq=False)
class Live:
    """The real network.

    Args:
        clock: The run's clock.
        spawn: Starts a trio task that lives as long as the run.
    """

    clock: Clock
    spawn: Spawn

    def fetch(self, request: Request, arrive: Callable[[Response], object]) -> Cancel:
        """Makes a request, without following redirects.

        Returns:
            What cancels it; `arrive` is not called then.
        """
        return self._begin(
            f"{request.method} {request.host}", partial(self._request, request), arrive
        )

    def send(self, mail: Mail, arrive: Callable[[MailResponse], object]) -> Cancel:
        """Sends a mail; what it returns cancels it, as far as it is not sent yet."""
        return self._begin(f"mail by {mail.server}", partial(_send_in_thread, mail), arrive)

    def _begin(
        self,
        name: str,
        work: Callable[[], Awaitable[Any]],
        arrive: Callable[[Any], object],
    ) -> Cancel:
        scope = trio.CancelScope()
        self.clock.take_hold(name)

        async def run() -> None:
            try:
                with scope:
                    response = await work()
                if not scope.cancelled_caught:
                    self.clock.call_soon(arrive, response)
            finally:
                self.clock.release_hold(name)

        self.spawn(run)
        return scope.cancel

    async def _request(self, request: Request) -> Response:
        if not self.clock.is_virtual:
            return await exchange(request)
        run = partial(trio.run, exchange, request)
        return await trio.to_thread.run_sync(run, abandon_on_cancel=True)


async def exchange(request: Request) -> Response:
    """One request and its answer; whatever goes wrong is a `Failure`."""
    with trio.move_on_after(request.timeout_ms / 1000):
        return await _exchange(request)
    return failed(Failure.TIMEOUT)


async def _exchange(request: Request) -> Response:
    import httpx2

    secure = request.url.lower().startswith("https:")
    timeout = httpx2.Timeout(None, connect=request.connect_timeout_ms / 1000)
    body = bytearray()
    try:
        async with (
            httpx2.AsyncClient(timeout=timeout, verify=_tls() if secure else False) as client,
            client.stream(
                request.method,
                request.url,
                headers=list(request.headers),
                content=request.body or None,
                follow_redirects=False,
            ) as response,
        ):
            # Cancelled and not left: an asynchronous generator must be ended from its inside.
            with trio.CancelScope() as reading:
                async for chunk in response.aiter_bytes():
                    body += chunk
                    if len(body) > request.most_body_bytes:
                        reading.cancel()
            if len(body) > request.most_body_bytes:
                return too_big(request)
            headers = tuple(
                (key.decode("latin-1"), value.decode("latin-1"))
                for key, value in response.headers.raw
            )
            return Response(code=response.status_code, headers=headers, body=bytes(body))
    except httpx2.InvalidURL as error:
        return failed(Failure.BAD_URL, str(error))
    except httpx2.HTTPError as error:
        return failed(failure_of(error), str(error))


def failure_of(error: BaseException) -> Failure:
    """Which of the platform's codes an error of httpx2 is."""
    import httpx2

    if isinstance(error, httpx2.TimeoutException):
        return Failure.TIMEOUT
    if isinstance(error, httpx2.ConnectError | httpx2.ProxyError):
        return Failure.HOST_NOT_FOUND if _is_unknown_host(error) else Failure.CONNECTION
    if isinstance(error, httpx2.UnsupportedProtocol):
        return Failure.BAD_URL
    if isinstance(error, httpx2.LocalProtocolError):
        return Failure.INTERNAL
    if isinstance(error, httpx2.TransportError):
        return Failure.NETWORK
    return Failure.UNKNOWN


def _is_unknown_host(error: BaseException | None) -> bool:
    """Whether looking up the name is what failed, somewhere below an error."""
    while error is not None:
        if isinstance(error, socket.gaierror):
            return True
        error = error.__cause__ or error.__context__
    return False


@cache
def _tls() -> ssl.SSLContext:
    import httpx2

    return httpx2.create_ssl_context()


async def _send_in_thread(mail: Mail) -> MailResponse:
    return await trio.to_thread.run_sync(send_mail, mail, abandon_on_cancel=True)


def send_mail(mail: Mail) -> MailResponse:
    """Hands a mail to its server; blocks until that has answered."""
    import smtplib
    import ssl

    try:
        connect = smtplib.SMTP_SSL if mail.port == smtplib.SMTP_SSL_PORT else smtplib.SMTP
        with connect(mail.server, mail.port, timeout=TIMEOUT_MS / 1000) as server:
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
                server.ehlo()
            if mail.login:
                server.login(mail.login, mail.password)
            server.send_message(message_of(mail), mail.sender, [*mail.to, *mail.cc, *mail.bcc])
    except smtplib.SMTPRecipientsRefused as error:
        code, refusal = next(iter(error.recipients.values()))
        return MailResponse(code=code, error=refusal.decode("utf-8", "replace"))
    except smtplib.SMTPResponseException as error:
        told = error.smtp_error
        text = told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told)
        return MailResponse(code=error.smtp_code, error=text)
    except socket.gaierror as error:
        return MailResponse(code=Failure.HOST_NOT_FOUND, error=str(error))
    except TimeoutError:
        return MailResponse(code=Failure.TIMEOUT, error="Timeout is reached")
    except smtplib.SMTPServerDisconnected as error:
        return MailResponse(code=Failure.NETWORK, error=str(error))
    except smtplib.SMTPNotSupportedError as error:
        return MailResponse(code=Failure.INTERNAL, error=str(error))
    except (OSError, smtplib.SMTPException) as error:
        return MailResponse(code=Failure.CONNECTION, error=str(error))
    return MailResponse(code=250)


def message_of(mail: Mail) -> EmailMessage:
    """A mail as it is sent: text, with an HTML alternative when there is one."""
    message = EmailMessage()
    message["From"], message["To"] = mail.sender, ", ".join(mail.to)
    if mail.cc:
        message["Cc"] = ", ".join(mail.cc)
    message["Subject"] = mail.subject
    message.set_content(mail.text)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
    return message
