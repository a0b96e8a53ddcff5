"""`ApplicationStorage`: values, time to live, namespaces, sharing, limits, the end."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from textwrap import dedent, indent

import pytest

from voxrt.errors import UsageError

SCENARIO = """
import trio
require(Modules.ApplicationStorage)
async def failure(promise):
    try:
        await promise
    except Exception as error:
        return error
async def on_start(e):
{body}
    VoxEngine.terminate()
VoxEngine.addEventListener(AppEvents.Started, on_start)
"""
START_S = 1_767_603_600


@pytest.fixture
def store(play):
    """Runs a handler of `Started`."""

    def run(body, **config):
        text = SCENARIO.format(body=indent(dedent(body).strip(), "    "))
        return play(text, start=True, **{"limits": "enforce", **config})

    return run


def test_put_get_and_remove(store):
    played = store(
        """
        seen.append(await ApplicationStorage.put("guest:1", "Ann", 60))
        seen.append(await ApplicationStorage.get("guest:1"))
        seen.append(await ApplicationStorage.put("guest:1", "Bob", 90))
        seen.append(await ApplicationStorage.get("guest:1"))
        seen.append(await ApplicationStorage.remove("guest:1"))
        seen.append(await ApplicationStorage.get("guest:1"))
        seen.append(await ApplicationStorage.remove("guest:1"))
        """
    )
    ann = {"key": "guest:1", "value": "Ann", "expireAt": START_S + 60}
    bob = {"key": "guest:1", "value": "Bob", "expireAt": START_S + 90}
    assert played.seen == [ann, ann, bob, bob, {**bob, "expireAt": START_S}, None, None]
    assert played.seen[0].expireAt == START_S + 60


def test_each_answer_takes_10_ms_and_is_in_the_log(store):
    played = store('await ApplicationStorage.get("a")\nawait ApplicationStorage.keys("b")')
    assert [record["t"] for record in played.of("request")] == [0.0, 10.0]
    log = played.result.files["log"].read_text()
    assert "Sent request from JS ApplicationStorage.get with params [{key = a ; } ;  ]" in log


def test_what_is_asked_is_done_in_order(store):
    """Nobody has to wait for a `put` before the next call."""
    played = store(
        """
        ApplicationStorage.put("a", "1", 60)
        ApplicationStorage.put("a", "2", 60)
        seen.append((await ApplicationStorage.get("a")).value)
        """
    )
    assert played.seen == ["2"]


@pytest.mark.parametrize(("wait_s", "there"), [(59, True), (60, False), (61, False)])
def test_the_time_to_live_passes_on_the_clock_of_the_session(store, wait_s, there):
    played = store(
        f"""
        await ApplicationStorage.put("a", "1", 60)
        await trio.sleep({wait_s})
        seen.append(await ApplicationStorage.get("a") is not None)
        seen.append((await ApplicationStorage.keys()).keys)
        """,
        limits="off",
    )
    assert played.seen == [there, ["a"] if there else []]


def test_a_ttl_of_zero_is_over_at_once(store):
    played = store(
        """
        seen.append((await ApplicationStorage.put("a", "1", 0)).expireAt)
        seen.append(await ApplicationStorage.get("a"))
        """
    )
    assert played.seen == [START_S, None]


def test_keys_by_namespace(store):
    played = store(
        """
        for key in ("b:2", "b", "a:1", "b:1:x", "bb:1"):
            ApplicationStorage.put(key, "x", 60)
        seen.append(dict.__getitem__(await ApplicationStorage.keys("b"), "keys"))
        seen.append((await ApplicationStorage.keys("b:")).keys)
        seen.append((await ApplicationStorage.keys()).keys)
        seen.append((await ApplicationStorage.keys("b", 2)).keys)
        seen.append((await ApplicationStorage.keys("nothing")).keys)
        """
    )
    b = ["b", "b:1:x", "b:2"]
    assert played.seen == [b, b, ["a:1", *b, "bb:1"], b[:2], []]


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ('put("k" * 201, "v", 1)', "put: the key may have 200 characters, not 201"),
        ('put("k", "v" * 2001, 1)', "put: the value may have 2000 characters, not 2001"),
        ('put("k", "v", 7776001)', "put: the ttl may have 7776000 seconds, not 7776001"),
        ('put("k", "v", -1)', "ttl must be 0 or more"),
        ('put("k", "v")', "ttl must be a number"),
        ('put("k", {"a": 1}, 1)', "value must be a string"),
        ('put("", "v", 1)', "the key is empty"),
        ("get()", "key must be a string"),
        ('get("k" * 201)', "get: the key may have 200 characters"),
        ("keys(count=-1)", "count must be 0 or more"),
    ],
)
def test_what_is_wrong_rejects_the_promise(store, call, text):
    played = store(f"seen.append(await failure(ApplicationStorage.{call}))")
    assert text in str(played.seen[0])
    assert played.of("error") == []


def test_what_is_exactly_at_its_limit_is_taken(store):
    played = store(
        'seen.append((await ApplicationStorage.put("k" * 200, "v" * 2000, 7776000)).value)'
    )
    assert played.seen == ["v" * 2000]


@pytest.mark.parametrize(("limits", "warned"), [("warn", True), ("off", False)])
def test_limits_that_only_warn_or_are_off(store, limits, warned):
    played = store('seen.append((await ApplicationStorage.put("k" * 201, "v", 1)).value)',
                   limits=limits)  # fmt: skip
    assert played.seen == ["v"]
    assert ("limit" in [code for code, _ in played.warnings]) == warned


def test_a_rejection_that_nobody_waits_for_is_told(store):
    played = store('ApplicationStorage.put("k" * 201, "v", 1)\nawait trio.sleep(1)')
    assert "Unhandled rejection" in played.of("error")[0]["text"]


def test_a_run_begins_empty(store, tmp_path):
    body = """
    seen.append(await ApplicationStorage.get("a"))
    await ApplicationStorage.put("a", "1", 60)
    """
    out = tmp_path / "same"
    assert store(body, out=out).seen == store(body, out=out).seen == [None]


def test_a_named_file_is_shared_by_runs(store):
    path = Path("shared.sqlite3")
    assert store('await ApplicationStorage.put("a", "1", 60)', storage=path).of("error") == []
    played = store(
        """
        seen.append((await ApplicationStorage.get("a")).value)
        await trio.sleep(60)
        seen.append(await ApplicationStorage.get("a"))
        """,
        storage=path,
        limits="off",
    )
    assert played.seen == ["1", None]


def test_no_file_without_use(play):
    played = play("VoxEngine.addEventListener(AppEvents.Started, VoxEngine.terminate)", start=True)
    assert not (played.out / "storage.sqlite3").exists()


def test_two_runs_leave_the_same_bytes(store):
    one, two = (store('await ApplicationStorage.put("a", "1", 60)').out for _ in range(2))
    name = "storage.sqlite3"
    assert (one / name).read_bytes() == (two / name).read_bytes()


def test_a_file_that_is_no_storage(store):
    Path("notes.txt").write_text("not a database, and long enough to be looked at " * 30)
    with pytest.raises(UsageError, match="the storage cannot be used") as told:
        store("pass", storage=Path("notes.txt"))
    assert told.value.file == "notes.txt"
    with pytest.raises(UsageError, match="the storage cannot be used"):
        store("pass", storage=Path("no/such/folder/s.sqlite3"))


def test_a_file_that_breaks_while_it_is_used_rejects(store):
    path = Path("shared.sqlite3")
    played = store(
        """
        import sqlite3
        other = sqlite3.connect("shared.sqlite3")
        other.execute("DROP TABLE entries")
        other.execute("CREATE TABLE entries (other)")
        other.close()
        seen.append(await failure(ApplicationStorage.get("a")))
        """,
        storage=path,
    )
    assert played.of("error") == []
    assert "the storage failed" in str(played.seen[0])


def test_the_storage_is_gone_while_terminating(play):
    played = play(
        """
        require(Modules.ApplicationStorage)
        async def on_end(e):
            seen.append("asks")
            await ApplicationStorage.put("a", "1", 60)
            seen.append("never")
        VoxEngine.addEventListener(AppEvents.Started, VoxEngine.terminate)
        VoxEngine.addEventListener(AppEvents.Terminating, on_end)
        """,
        start=True,
        storage=Path("shared.sqlite3"),
    )
    assert played.seen == ["asks"]
    text = "ApplicationStorage.put: the session is ending, the storage is gone"
    assert ("ignored", text) in played.warnings
    with sqlite3.connect("shared.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM entries").fetchone() == (0,)
    database.close()


def test_secrets_are_not_shown(store):
    played = store(
        'await ApplicationStorage.put("a", VoxEngine.getSecretValue("KEY"), 60)',
        secrets={"KEY": "s3cr3tvalue"},
    )
    assert "s3cr3tvalue" not in played.result.files["journal"].read_text()
