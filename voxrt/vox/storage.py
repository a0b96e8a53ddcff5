"""`ApplicationStorage`: keys and values that outlive a session.

Source: https://voximplant.com/docs/references/voxengine/applicationstorage
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

from voxrt.clock import US_PER_MS
from voxrt.errors import LimitError, ScenarioTypeError, UsageError, VoxrtError
from voxrt.outside.store import Entry
from voxrt.session.promise import Promise
from voxrt.session.session import Session
from voxrt.session.values import Struct
from voxrt.vox import api
from voxrt.vox.arguments import demand_number, demand_text
from voxrt.vox.context import Context
from voxrt.vox.names import Surface

#: How long the platform's storage takes to answer; what is asked is done at once, in order.
ANSWER_US = 10 * US_PER_MS
DEFAULT_COUNT = 1_000


class ApplicationStorage(Surface):
    """The storage of the application; every function answers with a promise.

    What is wrong with an argument rejects the promise. `StorageKey` is `{key, value, expireAt}`,
    the last in seconds since 1970 by the session's clock. While the session is ending the storage
    is gone: nothing is done, and the promise never settles.
    """

    _platform_name = "ApplicationStorage"

    def __init__(self, context: Context) -> None:
        self._context = context

    @classmethod
    def _platform_members(cls) -> set[str]:
        return api.namespace_functions("ApplicationStorage")

    def get(self, key: Any = None, *_: Any) -> Promise:
        """The `StorageKey` of a key; `None` when it is not there or its time is over."""

        def work() -> Any:
            entry = self._context.store.get(self._key("get", key))
            return None if entry is None else storage_key(entry)

        return self._answer("get", {"key": key}, work)

    def put(self, key: Any = None, value: Any = None, ttl: Any = None, *_: Any) -> Promise:
        """Writes a value, instead of an older one.

        Args:
            key: At most 200 characters; the part before a `:` is its namespace.
            value: At most 2,000 characters.
            ttl: How many seconds it lives, 0 to 7,776,000.
        """

        def work() -> Any:
            text = demand_text("ApplicationStorage.put", "value", value)
            self._check("put: the value", len(text), self._limits.storage_value_chars)
            seconds = demand_number("ApplicationStorage.put", "ttl", ttl)
            if seconds < 0:
                raise ScenarioTypeError(f"ApplicationStorage.put: ttl must be 0 or more, not {ttl}")
            self._check("put: the ttl", seconds, self._limits.storage_ttl_s, "seconds")
            entry = self._context.store.put(self._key("put", key), text, int(seconds))
            return storage_key(entry)

        return self._answer("put", {"key": key, "value": value, "ttl": ttl}, work)

    def remove(self, key: Any = None, *_: Any) -> Promise:
        """Takes a key away; its `StorageKey`, which has expired now, or `None`."""

        def work() -> Any:
            entry = self._context.store.remove(self._key("remove", key))
            return None if entry is None else storage_key(entry, expire_at=self._now_s())

        return self._answer("remove", {"key": key}, work)

    def keys(self, pattern: Any = None, count: Any = DEFAULT_COUNT, *_: Any) -> Promise:
        """The keys as `{keys: [...]}`, in alphabetical order.

        Args:
            pattern: The namespace: the part of the keys before the `:`; all of them by default.
            count: How many at most.
        """

        def work() -> Any:
            name = "ApplicationStorage.keys"
            namespace = None if pattern is None else demand_text(name, "pattern", pattern)
            most = DEFAULT_COUNT if count is None else demand_number(name, "count", count)
            if most < 0:
                raise ScenarioTypeError(f"{name}: count must be 0 or more, not {count}")
            namespace = namespace and namespace.removesuffix(":")
            found = self._context.store.entries(namespace, int(most))
            return Struct(keys=[entry.key for entry in found])

        return self._answer("keys", {"pattern": pattern, "count": count}, work)

    # --- inside ---------------------------------------------------------------------------------

    @property
    def _limits(self) -> Any:
        return self._context.session.limits

    def _now_s(self) -> int:
        return self._context.clock.unix_ms() // 1000

    def _answer(self, name: str, params: dict[str, Any], work: Callable[[], Any]) -> Promise:
        """Does it now, and settles the promise a moment later."""
        session, full = self._context.session, f"ApplicationStorage.{name}"
        promise = session.engine.promise()
        if session.ending:
            session.warn("ignored", f"{full}: the session is ending, the storage is gone")
            return promise
        given = {key: value for key, value in params.items() if value is not None}
        session.journal.write("request", name=full, params=[given])
        try:
            value = work()
        except VoxrtError as error:
            session.clock.call_later(ANSWER_US, promise.reject, error)
        except sqlite3.Error as error:
            failure = UsageError(f"{full}: the storage failed: {error}")
            session.clock.call_later(ANSWER_US, promise.reject, failure)
        else:
            session.clock.call_later(ANSWER_US, promise.resolve, value)
        return promise

    def _key(self, name: str, key: Any) -> str:
        text = demand_text(f"ApplicationStorage.{name}", "key", key)
        if not text:
            raise ScenarioTypeError(f"ApplicationStorage.{name}: the key is empty")
        self._check(f"{name}: the key", len(text), self._limits.storage_key_chars)
        return text

    def _check(self, what: str, size: float, most: int, *unit: str) -> None:
        hold_to(self._context.session, f"ApplicationStorage.{what}", size, most, *unit)


def hold_to(session: Session, what: str, size: float, most: int, unit: str = "characters") -> None:
    """Holds a size to a limit of the storage.

    Raises:
        LimitError: It is larger, and limits are enforced.
    """
    text = f"{what} may have {most} {unit}, not {size}"
    if size > most and session.enforces(text):
        raise LimitError(text)


def storage_key(entry: Entry, expire_at: int | None = None) -> Struct:
    """An entry as scenarios see it."""
    expires = entry.expire_at if expire_at is None else expire_at
    return Struct(key=entry.key, value=entry.value, expireAt=expires)
