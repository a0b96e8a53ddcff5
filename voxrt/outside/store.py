"""The key-value storage of an application, on SQLite.

Calls are made inline, not in a thread: one takes microseconds to a few milliseconds, while a
thread would need a hold of virtual time and could not be faster. A file may be shared by runs that
go on at the same time: each call is one transaction that waits for its turn.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from attrs import define, field, frozen

from voxrt.errors import UsageError

#: How long a call waits for another run's, in seconds.
BUSY_S = 5.0

_TABLE = """
CREATE TABLE IF NOT EXISTS entries (
    key TEXT PRIMARY KEY, namespace TEXT NOT NULL, value TEXT NOT NULL, expire_at INTEGER NOT NULL
) WITHOUT ROWID
"""


@frozen
class Entry:
    """A key, its value, and until when it lives, in seconds since 1970."""

    key: str
    value: str
    expire_at: int


@define(eq=False)
class Store:
    """One application's storage. The file is made with the first call.

    Args:
        path: The file.
        unix_s: The present date in seconds since 1970: the session's, not the machine's.
        shared: Whether other runs use the file: then what is written is safe on the disk.
    """

    path: Path
    unix_s: Callable[[], int]
    shared: bool = False
    _database: sqlite3.Connection | None = field(default=None, init=False)

    def check(self) -> None:
        """Opens the file, and closes it again.

        Raises:
            UsageError: It is no storage, or cannot be written.
        """
        try:
            with self._transaction() as database:
                database.execute("SELECT key, namespace, value, expire_at FROM entries")
        except sqlite3.Error as error:
            raise UsageError(
                f"the storage cannot be used: {error}",
                hint="Name another file with --storage.",
                file=str(self.path),
            ) from None
        finally:
            self.close()

    def get(self, key: str) -> Entry | None:
        """The entry of a key, unless it is not there or its time is over."""
        with self._transaction() as database:
            return self._find(database, key)

    def put(self, key: str, value: str, ttl_s: int) -> Entry:
        """Writes an entry, instead of an older one of that key."""
        entry = Entry(key, value, self.unix_s() + ttl_s)
        with self._transaction() as database:
            database.execute(
                "INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?)",
                (key, namespace_of(key), value, entry.expire_at),
            )
        return entry

    def remove(self, key: str) -> Entry | None:
        """Takes an entry away; what it was, or `None` when it was not there."""
        with self._transaction() as database:
            found = self._find(database, key)
            database.execute("DELETE FROM entries WHERE key = ?", (key,))
            return found

    def entries(self, namespace: str | None, count: int, offset: int = 0) -> list[Entry]:
        """The entries of a namespace, or all of them, in alphabetical order of their keys."""
        query, values = "SELECT key, value, expire_at FROM entries", []
        if namespace is not None:
            query += " WHERE namespace = ?"
            values.append(namespace)
        with self._transaction() as database:
            rows = database.execute(
                f"{query} ORDER BY key LIMIT ? OFFSET ?", (*values, count, offset)
            )
            return [Entry(*row) for row in rows]

    def close(self) -> None:
        """Closes the file; harmless when it was never opened."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def _find(self, database: sqlite3.Connection, key: str) -> Entry | None:
        query = "SELECT key, value, expire_at FROM entries WHERE key = ?"
        row = database.execute(query, (key,)).fetchone()
        return Entry(*row) if row else None

    def _transaction(self) -> _Transaction:
        if self._database is None:
            self._database = sqlite3.connect(self.path, timeout=BUSY_S, isolation_level=None)
            # A run's own file needs no care: after a crash nobody reads it.
            self._database.execute(f"PRAGMA synchronous = {'FULL' if self.shared else 'OFF'}")
        return _Transaction(self._database, self.unix_s())


@frozen
class _Transaction:
    """All of it or nothing; what has expired is gone before it begins."""

    database: sqlite3.Connection
    now_s: int

    def __enter__(self) -> sqlite3.Connection:
        self.database.execute("BEGIN IMMEDIATE")
        try:
            self.database.execute(_TABLE)
            self.database.execute("DELETE FROM entries WHERE expire_at <= ?", (self.now_s,))
        except BaseException:
            self._roll_back()
            raise
        return self.database

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self.database.execute("COMMIT")
        finally:
            self._roll_back()

    def _roll_back(self) -> None:
        """Undoes what is not written; after some errors, such as a full disk, SQLite has."""
        if self.database.in_transaction:
            self.database.execute("ROLLBACK")


def namespace_of(key: str) -> str:
    """The part before the first `:`; a key without one is its own namespace."""
    return key.partition(":")[0]
