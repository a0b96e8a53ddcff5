"""The key-value storage of the management API, which is that of `ApplicationStorage`.

A run is one application: whatever `application_id` a request has, it is about the storage of that.

Sources: https://voximplant.com/docs/references/httpapi/keyvaluestorage for what is asked and
answered, https://voximplant.com/docs/references/httpapi/errors for the codes. The pages do not say
what becomes of a key that is not there; here reading it is an error, and deleting it deletes 0.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from voxrt.errors import LimitError
from voxrt.outside.exchange import Response
from voxrt.outside.store import Entry
from voxrt.vox.context import Context
from voxrt.vox.storage import hold_to

#: The parameters of a request by the API's names, all of them text.
Params: TypeAlias = Mapping[str, str | None]

DB_ERROR = 4
INVALID_ARGUMENTS = 101

DEFAULT_TTL_S = 2_592_000
DEFAULT_COUNT = 10
MOST_COUNT = 50

#: What a key may consist of: Latin and Russian letters, digits, and a few signs.
KEY = re.compile(r"[a-zA-Z0-9\u0410-\u044f\u0401\u0451_\-:;.#+]+")
HEADERS = (("Content-Type", "application/json"),)


class _Refused(Exception):
    """The arguments of a request are invalid."""


def answer(context: Context, method: str, params: Params) -> Response:
    """What the API answers to one of `METHODS`; what was asked is done when this returns."""
    try:
        found = {"result": METHODS[method](context, params)}
    except (_Refused, LimitError) as error:
        found = _error(INVALID_ARGUMENTS, f"Invalid arguments: {error}")
    except sqlite3.Error as error:
        found = _error(DB_ERROR, f"DB error: {error}")
    body = json.dumps(found, ensure_ascii=False).encode()
    return Response(code=200, headers=HEADERS, body=body)


def _error(code: int, text: str) -> dict[str, Any]:
    return {"error": {"code": code, "msg": text}}


def _set(context: Context, params: Params) -> dict[str, Any]:
    """Without `ttl` and `expires_at` it lives for 30 days; with both, `ttl` counts."""
    key = _key(context, params)
    if not KEY.fullmatch(key):
        raise _Refused(f"key: letters, digits and _-:;.#+ only, not {key!r}")
    value = params.get("value")
    if value is None:
        raise _Refused("value is missing")
    session, limits = context.session, context.session.limits
    hold_to(session, "KeyValueStorage: the value", len(value), limits.storage_value_chars)
    ttl_s = DEFAULT_TTL_S
    if params.get("ttl") is not None:
        ttl_s = _number(params, "ttl")
    elif params.get("expires_at") is not None:
        ttl_s = max(_number(params, "expires_at") - context.clock.unix_ms() // 1000, 0)
    hold_to(session, "KeyValueStorage: the ttl", ttl_s, limits.storage_ttl_s, "seconds")
    return _item(context.store.put(key, value, ttl_s))


def _delete(context: Context, params: Params) -> int:
    return int(context.store.remove(_key(context, params)) is not None)


def _get(context: Context, params: Params) -> dict[str, Any]:
    key = _key(context, params)
    entry = context.store.get(key)
    if entry is None:
        raise _Refused(f"there is no key {key}")
    return _item(entry)


def _items(context: Context, params: Params) -> list[dict[str, Any]]:
    return [_item(entry) for entry in _page(context, params, _key(context, params))]


def _keys(context: Context, params: Params) -> list[dict[str, Any]]:
    namespace = None if params.get("key") is None else _key(context, params)
    found = _page(context, params, namespace)
    return [{"key": entry.key, "expires_at": entry.expire_at} for entry in found]


#: What voxrt answers itself, by the API's methods.
METHODS: dict[str, Callable[[Context, Params], Any]] = {
    "SetKeyValueItem": _set,
    "DelKeyValueItem": _delete,
    "GetKeyValueItem": _get,
    "GetKeyValueItems": _items,
    "GetKeyValueKeys": _keys,
}


def _page(context: Context, params: Params, namespace: str | None) -> list[Entry]:
    count = DEFAULT_COUNT if params.get("count") is None else _number(params, "count")
    offset = 0 if params.get("offset") is None else _number(params, "offset")
    if count > MOST_COUNT:
        raise _Refused(f"count may be {MOST_COUNT} at most, not {count}")
    return context.store.entries(namespace and namespace.removesuffix(":"), count, offset)


def _key(context: Context, params: Params) -> str:
    key = params.get("key")
    if not key:
        raise _Refused("key is missing")
    session = context.session
    hold_to(
        session,
        "KeyValueStorage: the key",
        len(key),
        session.limits.storage_key_chars,
        "characters",
    )
    return key


def _number(params: Params, name: str) -> int:
    text = params[name] or ""
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise _Refused(f"{name} must be a whole number of 0 or more, not {text!r}")
    return int(text)


def _item(entry: Entry) -> dict[str, Any]:
    return {"key": entry.key, "value": entry.value, "expires_at": entry.expire_at}
