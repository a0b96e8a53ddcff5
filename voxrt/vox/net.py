"""`Net`: HTTP requests and mails.

Three requests are under way at one time, 35 in all with those that wait; of mails, 2 and 10. One
more is an error, "Exceeded the HTTP connection count limit!". A request that gets no answer has a
code of 0 or below, and is no error: the promises resolve all the same.

Source: https://voximplant.com/docs/references/voxengine/net
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from voxrt.errors import LimitError, ScenarioTypeError
from voxrt.outside.exchange import Mail, MailResponse, Response
from voxrt.session.promise import Promise
from voxrt.session.values import Struct, kind_of, parameters
from voxrt.vox import api
from voxrt.vox.arguments import demand_number, demand_text
from voxrt.vox.context import Context
from voxrt.vox.names import Surface
from voxrt.vox.net_options import Asked, HttpRequestOptions, read_request, result_of
from voxrt.vox.requests import Job

SMTP_PORT = 25


class Net(Surface):
    """HTTP and mail, by a callback or by a promise."""

    _platform_name = "Net"
    HttpRequestOptions = HttpRequestOptions

    def __init__(self, context: Context) -> None:
        self._context = context

    @classmethod
    def _platform_members(cls) -> set[str]:
        return api.namespace_functions("Net")

    def httpRequest(
        self, url: Any, callback: Any = None, options: Any = None, *_: Any, **kw: Any
    ) -> None:
        """Makes an HTTP request.

        Args:
            url: Where to.
            callback: Called with the result: `code`, `text` or `data`, `headers`, `error`.
            options: `method`, `headers`, `params`, `postData`, `rawOutput`, `timeout` and
                `connectionTimeout` (in seconds), `enableSystemLog`; in any letter case.
            kw: The same, as keywords.

        Raises:
            ScenarioTypeError: Something has a wrong type.
            LimitError: There are 35 requests already.
        """
        deliver = self._caller("httpRequest", callback)
        self._request("httpRequest", url, options, kw, deliver)

    def httpRequestAsync(self, url: Any, options: Any = None, *_: Any, **kw: Any) -> Promise:
        """Makes an HTTP request; a promise of its result, which resolves on failures too.

        With 35 requests already it rejects.
        """
        promise = self._context.session.engine.promise()
        try:
            self._request("httpRequestAsync", url, options, kw, promise.resolve)
        except LimitError as error:
            promise.reject(error)
        return promise

    def sendMail(
        self,
        mailServerAddress: Any,
        from_: Any,
        to: Any,
        title: Any,
        body: Any,
        callback: Any = None,
        options: Any = None,
        *_: Any,
        **kw: Any,
    ) -> None:
        """Sends a mail.

        Args:
            mailServerAddress: The SMTP server.
            from_: The sender's address.
            to: One address, or a list of them.
            title: The subject.
            body: The text.
            callback: Called with the result: `code` (the server's, 250 when it took the mail) and
                `error`.
            options: `port`, `login`, `password`, `html`, `cc`, `bcc`.
            kw: The same, as keywords.

        Raises:
            ScenarioTypeError: Something has a wrong type.
            LimitError: There are 10 mails already.
        """
        mail = self._mail("sendMail", mailServerAddress, from_, to, title, body, options, kw)
        self._send(mail, self._caller("sendMail", callback))

    def sendMailAsync(
        self,
        mailServerAddress: Any,
        from_: Any,
        to: Any,
        title: Any,
        body: Any,
        options: Any = None,
        *_: Any,
        **kw: Any,
    ) -> Promise:
        """Sends a mail; a promise of the result, which resolves on failures too."""
        mail = self._mail("sendMailAsync", mailServerAddress, from_, to, title, body, options, kw)
        promise = self._context.session.engine.promise()
        try:
            self._send(mail, promise.resolve)
        except LimitError as error:
            promise.reject(error)
        return promise

    # --- inside ---------------------------------------------------------------------------------

    def _request(
        self,
        function: str,
        url: Any,
        options: Any,
        keywords: dict[str, Any],
        deliver: Callable[[Struct], object],
    ) -> None:
        context = self._context
        asked = read_request(context.session, function, url, options, keywords)

        def begin(arrive: Callable[[Response], None]) -> None:
            context.outside.fetch(
                asked.method,
                asked.url,
                asked.headers,
                asked.body,
                arrive,
                timeout_ms=asked.timeout_ms,
                connect_timeout_ms=asked.connect_timeout_ms,
                log=asked.log,
            )

        context.http_requests.submit(
            Job(
                begin=begin,
                deliver=lambda response: deliver(result_of(response, asked.raw)),
                dropped=lambda: self._tell_dropped(asked),
            )
        )

    def _tell_dropped(self, asked: Asked) -> None:
        self._context.session.journal.write(
            "http", state="dropped", method=asked.method, url=asked.url
        )

    def _mail(
        self,
        function: str,
        server: Any,
        sender: Any,
        to: Any,
        title: Any,
        body: Any,
        options: Any,
        keywords: dict[str, Any],
    ) -> Mail:
        given = parameters(options, keywords)

        def text(name: str) -> str:
            value = given.get(name)
            return "" if value is None else demand_text(function, name, value)

        port = given.get("port")
        return Mail(
            server=demand_text(function, "mailServerAddress", server),
            port=SMTP_PORT if port is None else int(demand_number(function, "port", port)),
            sender=demand_text(function, "from", sender),
            to=_addresses(function, "to", to),
            cc=_addresses(function, "cc", given.get("cc") or ()),
            bcc=_addresses(function, "bcc", given.get("bcc") or ()),
            subject=_one_line(function, "title", title),
            text=demand_text(function, "body", body),
            html=text("html"),
            login=text("login"),
            password=text("password"),
        )

    def _send(self, mail: Mail, deliver: Callable[[Struct], object]) -> None:
        context = self._context

        def result(response: MailResponse) -> Struct:
            error = {"error": response.error} if response.error else {}
            return Struct(code=int(response.code), **error)

        context.mails.submit(
            Job(
                begin=lambda arrive: context.outside.send(mail, arrive),
                deliver=lambda response: deliver(result(response)),
                dropped=lambda: context.session.journal.write(
                    "mail", state="dropped", to=list(mail.to), subject=mail.subject
                ),
            )
        )

    def _caller(self, function: str, callback: Any) -> Callable[[Struct], object]:
        """What hands a result to a callback; without one, nobody hears of it."""
        if callback is None:
            return lambda result: None
        if not callable(callback):
            raise ScenarioTypeError(
                f"{function}: the callback must be a function, not {kind_of(callback)}"
            )
        return lambda result: self._context.session.engine.call(callback, (result,))


def _addresses(function: str, name: str, value: Any) -> tuple[str, ...]:
    given = value if isinstance(value, list | tuple) else [value]
    found = tuple(_one_line(function, name, address) for address in given)
    if name == "to" and not any(found):
        raise ScenarioTypeError(f"{function}: there is nobody to send it to")
    return found


def _one_line(function: str, name: str, value: Any) -> str:
    text = demand_text(function, name, value)
    if "\n" in text or "\r" in text:
        raise ScenarioTypeError(f"{function}: {name} must be one line")
    return text
