"""What goes out of a session and what comes back: HTTP requests and mails, without I/O."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from enum import IntEnum
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from attrs import field, frozen

Headers = tuple[tuple[str, str], ...]

#: The platform's numbers; both times can only be lowered.
TIMEOUT_MS = 90_000
CONNECT_TIMEOUT_MS = 6_000
MOST_BODY_BYTES = 2 * 1024 * 1024
#: A sound file may be larger than the answer of a request.
MOST_SOUND_BYTES = 10 * 1024 * 1024


class Failure(IntEnum):
    """The codes of a request that got no answer, as `Net.HttpRequestResult.code`."""

    LIMITS = 0
    UNKNOWN = -1
    BAD_URL = -2
    HOST_NOT_FOUND = -3
    CONNECTION = -4
    REDIRECTS = -5
    NETWORK = -6
    TIMEOUT = -7
    INTERNAL = -8
    TOO_BIG = -9


#: What `error` says when nothing more is known.
FAILURE_TEXTS = {
    Failure.LIMITS: "Limits were violated",
    Failure.UNKNOWN: "Unknown error",
    Failure.BAD_URL: "Malformed URL",
    Failure.HOST_NOT_FOUND: "Host not found",
    Failure.CONNECTION: "Connection error",
    Failure.REDIRECTS: "Too many redirects",
    Failure.NETWORK: "Network error",
    Failure.TIMEOUT: "Timeout is reached",
    Failure.INTERNAL: "Internal error",
    Failure.TOO_BIG: "The response body is larger than 2 MB",
}

#: How documents call the failures: `host-not-found` and so on.
FAILURE_NAMES = {failure.name.lower().replace("_", "-"): failure for failure in Failure}


def header(headers: Headers, name: str) -> str | None:
    """The first header of a name, whatever its letter case."""
    return next((value for key, value in headers if key.lower() == name.lower()), None)


@frozen(kw_only=True, slots=False)
class Request:
    """An HTTP request on its way out.

    Attributes:
        method: In capital letters.
        url: With the query.
        headers: In order, with repetitions.
        body: As it is sent.
        timeout_ms: For the whole exchange, redirects included.
        connect_timeout_ms: Until the connection is made.
        most_body_bytes: The largest body that is taken.
        hidden: What the journal does not show of it: `headers`, `body`; with `url` nothing at all.
    """

    method: str = "GET"
    url: str
    headers: Headers = ()
    body: bytes = b""
    timeout_ms: int = TIMEOUT_MS
    connect_timeout_ms: int = CONNECT_TIMEOUT_MS
    most_body_bytes: int = MOST_BODY_BYTES
    hidden: frozenset[str] = frozenset()

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as JSON.

        Raises:
            ValueError: It is none.
        """
        return json.loads(self.body)

    def header(self, name: str) -> str | None:
        """The first header of a name, whatever its letter case."""
        return header(self.headers, name)

    @cached_property
    def query(self) -> dict[str, str]:
        """The parameters of the URL; of a repeated one, the last."""
        return dict(parse_qsl(urlsplit(self.url).query, keep_blank_values=True))

    @property
    def host(self) -> str:
        """The host of the URL, in lower case."""
        return urlsplit(self.url).hostname or ""


@frozen(kw_only=True)
class Response:
    """What came of a request.

    Attributes:
        code: The HTTP status, or a `Failure`.
        headers: In order, with repetitions.
        body: Decoded of any `Content-Encoding`.
        error: What went wrong, for a failure.
    """

    code: int
    headers: Headers = ()
    body: bytes = b""
    error: str = ""

    @property
    def text(self) -> str:
        """The body as text, in the character set that its type names, else UTF-8."""
        declared = (header(self.headers, "Content-Type") or "").lower().partition("charset=")[2]
        charset = declared.partition(";")[0].strip(" \"'") or "utf-8"
        try:
            return self.body.decode(charset, "replace")
        except LookupError:
            return self.body.decode("utf-8", "replace")


def too_big(request: Request) -> Response:
    """The response of a request whose answer was too large."""
    megabytes = request.most_body_bytes >> 20
    return failed(Failure.TOO_BIG, f"The response body is larger than {megabytes} MB")


def failed(failure: Failure, error: str = "") -> Response:
    """The response of a request that got no answer."""
    return Response(code=int(failure), error=error or FAILURE_TEXTS[failure])


@frozen(kw_only=True)
class Mail:
    """A mail on its way out; `password` is never written anywhere."""

    server: str
    port: int
    sender: str
    to: tuple[str, ...]
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    subject: str
    text: str
    html: str = ""
    login: str = ""
    password: str = field(default="", repr=False)


@frozen(kw_only=True)
class MailResponse:
    """What came of a mail: the code of the SMTP server, or a `Failure`."""

    code: int
    error: str = ""


def body_form(body: bytes) -> Any:
    """A body as a journal shows it: text, or `{"base64": ...}` when it is none."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode("ascii")}
    return text


def header_form(headers: Headers) -> list[Mapping[str, str]]:
    """Headers as a journal and a scenario show them."""
    return [{"key": key, "value": value} for key, value in headers]
