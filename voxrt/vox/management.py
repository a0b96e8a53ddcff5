"""`VoximplantAPI`: the management API, called from a scenario.

A method is a request to the platform's HTTP interface, which goes to the outside world like any
other: to a declared answer, or over the network when that is allowed. On the platform a key that is
bound to the rule signs it; here nothing is signed. What has no declared answer and is about the
key-value storage is answered from that of the run (`key_values.py`).

Sources: https://voximplant.com/docs/references/httpapi, and the types of `VoximplantAPI.Client`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any
from urllib.parse import urlencode

from voxrt.errors import LimitError, ScenarioTypeError
from voxrt.outside.exchange import Response
from voxrt.session.promise import Promise
from voxrt.session.values import PlatformObject, Struct, kind_of, parameters, wrap
from voxrt.vox import api, key_values
from voxrt.vox.context import Context
from voxrt.vox.names import Surface
from voxrt.vox.net_options import USER_AGENT
from voxrt.vox.requests import Job

ADDRESS = "https://api.voximplant.com/platform_api/"
NAMESPACE = "VoximplantAPI"
DATE_FORMAT = "%Y-%m-%d %H:%M:%S"
HEADERS = (
    ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
    ("User-Agent", USER_AGENT),
)


class VoximplantAPI(Surface):
    """The namespace: `new VoximplantAPI.Client()`."""

    _platform_name = NAMESPACE
    _listed = ("Client",)

    def __init__(self, context: Context) -> None:
        self._context = context
        name = f"{NAMESPACE}.Client"
        self.Client = type("Client", (Client,), {"_context": context, "_platform_name": name})

    @classmethod
    def _platform_members(cls) -> set[str]:
        return {"Client"}


class Client(Surface):
    """The methods of the management API, in parts: `client.SMS.sendSmsMessage({...})`.

    Each takes one object, with the API's parameters in camelCase, and returns a promise of the
    answer, in camelCase too. It never rejects but for the platform's limit of HTTP requests: what
    fails resolves with `error`, which has `code` and `msg`: the API's own, or the status or code of
    an HTTP request that brought no answer of the API.
    """

    _platform_name = f"{NAMESPACE}.Client"
    _is_made_by_scripts = True
    _context: Context

    def __init__(self, *_: Any) -> None:
        declared = api.surface()["classes"][f"{NAMESPACE}.Client"]["properties"]
        for name, part in declared.items():
            setattr(self, name, _part_class(part["type"])(self._context))


class Part(PlatformObject):
    """The methods of one kind, such as `client.SMS`; its subclasses are made of the types."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def _call(self, method: str, request: Any, keywords: Mapping[str, Any]) -> Promise:
        context = self._context
        session, promise = context.session, context.session.engine.promise()
        if request is not None and not isinstance(request, Mapping):
            raise ScenarioTypeError(f"{method} takes one object, not {kind_of(request)}")
        name = f"{method[0].upper()}{method[1:]}"
        fields = _fields(f"{name}Request")
        params = parameters(request, keywords)
        for given in params:
            if given not in fields:
                near = api.near_name(given, fields)
                hint = f"; did you mean {near}?" if near else ""
                session.warn("no-such-parameter", f"{method}: there is no parameter {given}{hint}")
        pairs = [(_snake(key), _text(value)) for key, value in dict.items(params)]
        session.command(name, [dict(pairs)])
        own = None
        if name in key_values.METHODS:
            own = partial(key_values.answer, context, name, dict(pairs))
        body = urlencode([pair for pair in pairs if pair[1] is not None]).encode()

        def begin(arrive: Callable[[Response], None]) -> None:
            context.outside.fetch(
                "POST", ADDRESS + name, HEADERS, body, arrive, by=NAMESPACE, own=own
            )

        try:
            context.http_requests.submit(
                Job(
                    begin=begin,
                    deliver=lambda response: promise.resolve(_answer(f"{name}Response", response)),
                    dropped=lambda: session.journal.write(
                        "http", state="dropped", method="POST", url=ADDRESS + name
                    ),
                )
            )
        except LimitError as error:
            promise.reject(error)
        return promise


@cache
def _part_class(name: str) -> type[Part]:
    """The class of an interface such as `SMSInterface`."""
    methods = {method: _method(method) for method in _fields(name)}
    underscored = tuple(method for method in methods if "_" in method)
    about = {"_platform_name": f"{NAMESPACE}.{name}", "_underscored": underscored}
    return type(name, (Part,), {**methods, **about})


def _method(name: str) -> Callable[..., Promise]:
    def call(self: Part, request: Any = None, *_: Any, **keywords: Any) -> Promise:
        return self._call(name, request, keywords)

    call.__name__ = name
    return call


def _fields(interface: str) -> dict[str, Any]:
    """The fields of an interface, with those that it inherits."""
    found = api.surface()["interfaces"].get(f"{NAMESPACE}.{interface}")
    if found is None:
        return {}
    inherited = {key: kind for base in found["extends"] for key, kind in _fields(base).items()}
    return {**inherited, **found["fields"]}


# --- requests -----------------------------------------------------------------------------------


def _snake(name: str) -> str:
    """`smsBody` as `sms_body`."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def _text(value: Any) -> str | None:
    """A parameter as the API takes it; `None` for one that is not given."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return (value if value.tzinfo is None else value.astimezone(UTC)).strftime(DATE_FORMAT)
    if isinstance(value, list | tuple):
        return ";".join(text for one in value if (text := _text(one)) is not None)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


# --- answers ------------------------------------------------------------------------------------


def _answer(interface: str, response: Response) -> Struct:
    """What the promise is of."""
    try:
        found = json.loads(response.body) if response.body else None
    except ValueError:
        found = None
    if isinstance(found, dict):
        made: Struct = wrap(dict(_named(found, interface)))
        return made
    text = response.error or f"HTTP {response.code} without an answer of the API"
    return Struct(error=Struct(code=int(response.code), msg=text))


def _named(found: dict[str, Any], interface: str) -> Iterator[tuple[str, Any]]:
    """The fields of an answer by their names in a scenario."""
    types = _fields(interface)
    for key, value in found.items():
        name = re.sub(r"_+([a-z0-9])", lambda match: match[1].upper(), key)
        yield name, _valued(value, str(types.get(name, {}).get("type", "")))


def _valued(value: Any, kind: str) -> Any:
    if isinstance(value, dict):
        return dict(_named(value, kind))
    if isinstance(value, list):
        return [_valued(item, kind.removesuffix("[]")) for item in value]
    if kind == "Date" and isinstance(value, str):
        try:
            return datetime.strptime(value, DATE_FORMAT).replace(tzinfo=UTC)
        except ValueError:
            return value
    return value
