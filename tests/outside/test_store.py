"""The storage on SQLite."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_disk import room_for

from voxrt.errors import UsageError
from voxrt.outside.store import Entry, Store, namespace_of


@pytest.fixture
def clock():
    return [1_000]


@pytest.fixture
def make(tmp_path, clock):
    """Opens storages on one file; they are closed at the end."""
    opened = []

    def store(name="s.sqlite3", shared=True):
        opened.append(Store(tmp_path / name, lambda: clock[0], shared=shared))
        return opened[-1]

    yield store
    for one in opened:
        one.close()


def keys_of(store, *page):
    return [entry.key for entry in store.entries(*page)]


def test_two_see_each_other_at_once(make):
    one, two = make(), make()
    assert one.put("a", "1", 60) == Entry("a", "1", 1_060)
    assert two.get("a") == Entry("a", "1", 1_060)
    two.put("a", "2", 5)
    assert one.get("a").value == "2"
    assert one.remove("a") == Entry("a", "2", 1_005)
    assert two.get("a") is None


def test_what_has_expired_is_gone_for_all(make, clock):
    one, two = make(), make()
    one.put("a", "1", 10)
    one.put("b", "1", 20)
    clock[0] = 1_010
    assert keys_of(two, None, 9) == ["b"]
    assert one.get("a") is None
    assert two.remove("a") is None


def test_a_full_disk_is_told_and_what_was_there_stays(make, clock):
    store = make()
    store.put("a", "1", 60)
    with room_for(8_192), pytest.raises(sqlite3.Error, match=r"full|disk I/O error"):
        store.put("b", "x" * 20_000, 60)
    assert store.get("a").value == "1"
    store.put("a", "2", 60)
    assert make().get("a").value == "2"


@pytest.mark.parametrize(
    "columns", ["other", "expire_at", "key, value, expire_at", "key, namespace, expire_at"]
)
def test_a_file_of_somebody_else_is_refused(make, tmp_path, columns):
    with closing(sqlite3.connect(tmp_path / "s.sqlite3")) as other:
        other.execute(f"CREATE TABLE entries ({columns})")
    with pytest.raises(UsageError, match="the storage cannot be used: no such column") as told:
        make().check()
    assert told.value.file == str(tmp_path / "s.sqlite3")


def test_an_error_within_a_transaction_changes_nothing(make, tmp_path):
    store = make()
    store.put("a", "1", 60)
    with pytest.raises(sqlite3.Error):
        store.put("a", object(), 60)
    assert store.get("a").value == "1"


def test_another_run_that_writes_is_waited_for(make, tmp_path, monkeypatch):
    monkeypatch.setattr("voxrt.outside.store.BUSY_S", 0.05)
    store = make()
    store.put("a", "1", 60)
    with closing(sqlite3.connect(tmp_path / "s.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            store.put("a", "2", 60)
        other.execute("COMMIT")
    assert store.put("a", "3", 60).value == "3"


def test_closing_is_harmless(make, tmp_path):
    store = make()
    store.close()
    assert not (tmp_path / "s.sqlite3").exists()
    store.put("a", "1", 60)
    store.close()
    assert store.get("a").value == "1"


@pytest.mark.parametrize(("key", "name"), [("a:b", "a"), ("a:b:c", "a"), ("a", "a"), (":a", "")])
def test_namespaces(key, name):
    assert namespace_of(key) == name


keys = st.sampled_from(["a", "a:1", "b:1", "b:2", "b"])
steps = st.one_of(
    st.tuples(st.just("put"), keys, st.text(max_size=3), st.integers(0, 5)),
    st.tuples(st.just("remove"), keys),
    st.tuples(st.just("get"), keys),
    st.tuples(st.just("keys"), st.sampled_from([None, "a", "b"]), st.integers(0, 3)),
    st.tuples(st.just("wait"), st.integers(0, 3)),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(steps, max_size=20))
def test_it_is_a_dictionary_whose_entries_expire(make, clock, script):
    store, model = make(), {}
    store.check()
    for key in keys_of(store, None, 99):
        store.remove(key)
    for step, *arguments in script:
        live = {key: entry for key, entry in model.items() if entry.expire_at > clock[0]}
        if step == "wait":
            clock[0] += arguments[0]
        elif step == "put":
            key, value, ttl = arguments
            model[key] = store.put(key, value, ttl)
            assert model[key] == Entry(key, value, clock[0] + ttl)
        elif step == "remove":
            assert store.remove(*arguments) == live.get(*arguments)
            model.pop(*arguments, None)
        elif step == "get":
            assert store.get(*arguments) == live.get(*arguments)
        else:
            name, count = arguments
            wanted = sorted(key for key in live if name is None or namespace_of(key) == name)
            assert keys_of(store, name, count) == wanted[:count]
            assert keys_of(store, name, count, 1) == wanted[1 : count + 1]
