"""The options of a request, in every form that scenarios give them, and its result.

Source: https://voximplant.com/docs/references/voxengine/net/httprequestoptions
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from attrs import frozen

from voxrt.errors import ScenarioTypeError
from voxrt.outside.exchange import (
    CONNECT_TIMEOUT_MS,
    TIMEOUT_MS,
    Headers,
    Response,
)
from voxrt.session.session import Session
from voxrt.session.values import NamedList, Struct, entries, kind_of, parameters
from voxrt.vox import api
from voxrt.vox.arguments import demand_number, demand_text, header_list
from voxrt.vox.helpers import as_bytes

USER_AGENT = "VoxEngine/1.0"
METHODS_WITH_BODY = ("POST", "PUT", "PATCH")

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


class HttpRequestOptions(Struct):
    """`new Net.HttpRequestOptions()` of older scenarios: a plain object whose fields are set."""

    __slots__ = ()


@frozen(kw_only=True)
class Asked:
    """A request as the scenario asked for it, checked."""

    method: str
    url: str
    headers: Headers
    body: bytes
    timeout_ms: int
    connect_timeout_ms: int
    raw: bool
    log: bool


def read_request(
    session: Session, function: str, url: Any, options: Any, keywords: Mapping[str, Any]
) -> Asked:
    """What a scenario asks for.

    Args:
        session: The session, which is warned.
        function: What the scenario called, for messages.
        url: The address.
        options: `HttpRequestOptions`, with their names in any letter case, or `None`.
        keywords: The same, as keywords.

    Raises:
        ScenarioTypeError: Something has a wrong type.
    """
    given = _options(session, function, options, keywords)
    method = demand_text(function, "method", given.get("method", "GET")).strip().upper()
    if not _TOKEN.fullmatch(method):
        raise ScenarioTypeError(f"{function}: {method!r} is not a method of HTTP")
    body = _body(function, given.get("postData"))
    if body and method not in METHODS_WITH_BODY:
        session.warn("ignored", f"{function}: postData is not sent with {method}")
        body = b""
    seconds = {"timeout": TIMEOUT_MS, "connectionTimeout": CONNECT_TIMEOUT_MS}
    times = {
        name: _time_ms(session, function, name, given.get(name), most)
        for name, most in seconds.items()
    }
    return Asked(
        method=method,
        url=_with_params(function, demand_text(function, "url", url).strip(), given.get("params")),
        headers=_headers(function, given.get("headers")),
        body=body,
        timeout_ms=times["timeout"],
        connect_timeout_ms=times["connectionTimeout"],
        raw=bool(given.get("rawOutput")),
        log=bool(given.get("enableSystemLog")),
    )


def _options(
    session: Session, function: str, options: Any, keywords: Mapping[str, Any]
) -> dict[str, Any]:
    """The options that are set, by the platform's names."""
    if options is not None and not isinstance(options, Mapping):
        raise ScenarioTypeError(
            f"{function}: the options must be an object, not {kind_of(options)}"
        )
    names = {name.lower(): name for name in _option_names()}
    found = {}
    for name, value in entries(parameters(options, keywords)):
        if name.lower() in names:
            if value is not None:
                found[names[name.lower()]] = value
            continue
        near = api.near_name(name, names.values())
        hint = f"; did you mean {near}?" if near else ""
        session.warn("no-such-member", f"{function}: there is no option {name}{hint}")
    return found


def _option_names() -> list[str]:
    return list(api.surface()["interfaces"]["Net.HttpRequestOptions"]["fields"])


def _body(function: str, data: Any) -> bytes:
    if data is None:
        return b""
    if isinstance(data, Mapping):
        raise ScenarioTypeError(
            f"{function}: postData must be a string or a list of bytes, not an object",
            hint="JSON.stringify makes a string of it.",
        )
    return as_bytes(data)


def _time_ms(session: Session, function: str, name: str, value: Any, most_ms: int) -> int:
    """A time-out in ms from one in seconds: it can only be lowered."""
    if value is None:
        return most_ms
    asked_ms = int(demand_number(function, name, value) * 1000)
    if asked_ms <= 0:
        raise ScenarioTypeError(f"{function}: {name} must be more than 0 seconds, not {value}")
    if asked_ms > most_ms:
        session.warn("limit", f"{function}: {name} can only be lowered from {most_ms // 1000} s")
    return min(asked_ms, most_ms)


def _headers(function: str, value: Any) -> Headers:
    headers = header_list(function, value)
    for name, text in headers:
        if not _TOKEN.fullmatch(name):
            raise ScenarioTypeError(f"{function}: {name!r} is not the name of a header")
        if any(ord(letter) < 32 and letter != "\t" for letter in text):
            raise ScenarioTypeError(f"{function}: the header {name} must be one line of text")
    if not any(name.lower() == "user-agent" for name, _ in headers):
        headers.append(("User-Agent", USER_AGENT))
    return tuple(headers)


def _with_params(function: str, url: str, params: Any) -> str:
    """The URL with the parameters behind what it has already."""
    if not params:
        return url
    if not isinstance(params, Mapping):
        raise ScenarioTypeError(f"{function}: params must be an object, not {kind_of(params)}")
    query = urlencode([(str(name), _param(value)) for name, value in entries(params)])
    base, hash_, fragment = url.partition("#")
    return f"{base}{'&' if '?' in base else '?'}{query}{hash_}{fragment}"


def _param(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def result_of(response: Response, raw: bool) -> Struct:
    """`Net.HttpRequestResult`: `data` with `rawOutput`, else `text`; a failure has an `error`."""
    if response.code < 100:
        return Struct(code=int(response.code), error=response.error)
    body = {"data": list(response.body)} if raw else {"text": response.text}
    return Struct(
        code=response.code,
        **body,
        headers=NamedList(response.headers),
        raw_headers="".join(f"{name}: {value}\r\n" for name, value in response.headers),
    )
