"""The management API's key-value storage, which is that of `ApplicationStorage`."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent, indent

import pytest

from voxrt.vox import api, key_values
from voxrt.vox.management import ADDRESS

SCENARIO = """
import trio
require(Modules.ApplicationStorage)
require(Modules.VoximplantAPI)
async def on_start(e):
    storage = VoximplantAPI.Client().KeyValueStorage
    app = e.applicationId
{body}
    VoxEngine.terminate()
VoxEngine.addEventListener(AppEvents.Started, on_start)
"""
START_S = 1_767_603_600


@pytest.fixture
def ask(play):
    """Runs a handler of `Started` that has the `storage` of a client."""

    def run(body, **config):
        return play(
            SCENARIO.format(body=indent(dedent(body).strip(), "    ")), start=True, **config
        )

    return run


def test_each_reads_what_the_other_has_put(ask):
    played = ask(
        """
        await ApplicationStorage.put("a:1", "one", 60)
        seen.append(await storage.getKeyValueItem({"key": "a:1", "applicationId": app}))
        seen.append(await storage.setKeyValueItem(
            {"key": "a:2", "value": "два", "ttl": 90, "applicationId": app}))
        seen.append(await ApplicationStorage.get("a:2"))
        seen.append(await storage.delKeyValueItem({"key": "a:1", "applicationId": app}))
        seen.append(await ApplicationStorage.get("a:1"))
        await ApplicationStorage.remove("a:2")
        seen.append((await storage.getKeyValueKeys({"applicationId": app})).result)
        """
    )
    assert played.seen == [
        {"result": {"key": "a:1", "value": "one", "expiresAt": START_S + 60}},
        {"result": {"key": "a:2", "value": "два", "expiresAt": START_S + 90}},
        {"key": "a:2", "value": "два", "expireAt": START_S + 90},
        {"result": 1},
        None,
        [],
    ]
    assert played.warnings == played.errors == []
    sources = {record["source"] for record in played.of("http", state="reply")}
    assert sources == {"voxrt"}


@pytest.mark.parametrize(
    ("life", "lives_s"),
    [("'ttl': 60", 60), (f"'expiresAt': {START_S + 70}", 70), ("'ttl': 60, 'expiresAt': 1", 60)],
)
def test_the_time_to_live_is_the_same_for_both(ask, life, lives_s):
    played = ask(
        f"""
        await storage.setKeyValueItem({{"key": "a", "value": "1", "applicationId": app, {life}}})
        await trio.sleep({lives_s - 1})
        seen.append((await ApplicationStorage.get("a")).expireAt)
        await trio.sleep(1)
        seen.append(await ApplicationStorage.get("a"))
        seen.append((await storage.getKeyValueItem({{"key": "a", "applicationId": app}})).error.msg)
        """,
        limits="off",
    )
    assert played.seen == [
        START_S + lives_s,
        None,
        "Invalid arguments: there is no key a",
    ]


def test_it_lives_for_30_days_when_nothing_is_said(ask):
    played = ask("seen.append(await storage.setKeyValueItem({'key': 'a', 'value': ''}))")
    assert played.seen[0].result == {"key": "a", "value": "", "expiresAt": START_S + 2_592_000}


def test_what_is_over_already_is_not_there(ask):
    played = ask(
        """
        await storage.setKeyValueItem({"key": "a", "value": "1", "expiresAt": 1})
        seen.append(await ApplicationStorage.get("a"))
        """
    )
    assert played.seen == [None]


def test_pages_of_a_namespace(ask):
    played = ask(
        """
        for number in range(12):
            ApplicationStorage.put(f"b:{number:02}", "x", 60)
        ApplicationStorage.put("c", "x", 60)

        async def pages(method, **params):
            result = (await method(applicationId=app, **params)).result
            return [item.key for item in result]

        seen.append(await pages(storage.getKeyValueItems, key="b"))
        seen.append(await pages(storage.getKeyValueItems, key="b:", count=2, offset=10))
        seen.append(await pages(storage.getKeyValueKeys, key="c"))
        seen.append(await pages(storage.getKeyValueKeys, count=50, offset=11))
        seen.append((await storage.getKeyValueKeys(key="c")).result[0])
        """
    )
    names = [f"b:{number:02}" for number in range(12)]
    last = {"key": "c", "expiresAt": START_S + 60}
    assert played.seen == [names[:10], names[10:], ["c"], [names[11], "c"], last]


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ("setKeyValueItem({'key': 'a'})", "value is missing"),
        ("setKeyValueItem({'value': 'a'})", "key is missing"),
        ("setKeyValueItem({'key': 'Имя b', 'value': ''})", "letters, digits and _-:;.#+ only"),
        ("setKeyValueItem({'key': 'a', 'value': '', 'ttl': -1})", "ttl must be a whole number"),
        ("setKeyValueItem({'key': 'a', 'value': '', 'ttl': 'long'})", "ttl must be a whole number"),
        ("setKeyValueItem({'key': 'a', 'value': '', 'ttl': 7776001})", "may have 7776000 seconds"),
        ("setKeyValueItem({'key': 'k' * 201, 'value': ''})", "key may have 200 characters"),
        ("setKeyValueItem({'key': 'a', 'value': 'v' * 2001})", "value may have 2000 characters"),
        ("getKeyValueItem({'key': 'b'})", "there is no key b"),
        ("getKeyValueItem()", "key is missing"),
        ("getKeyValueItems({})", "key is missing"),
        ("getKeyValueItems({'key': 'a', 'count': 51})", "count may be 50 at most, not 51"),
        ("getKeyValueKeys({'offset': 0.5})", "offset must be a whole number"),
        ("delKeyValueItem({})", "key is missing"),
    ],
)
def test_invalid_arguments(ask, call, text):
    played = ask(f"seen.append((await storage.{call}).error)")
    assert played.seen[0].code == 101
    assert text in played.seen[0].msg
    assert played.of("error") == []


def test_deleting_what_is_not_there_deletes_nothing(ask):
    assert ask("seen.append(await storage.delKeyValueItem({'key': 'a'}))").seen == [{"result": 0}]


@pytest.mark.parametrize(("limits", "warned"), [("warn", 2), ("off", 0)])
def test_limits_that_only_warn_or_are_off(ask, limits, warned):
    played = ask(
        """
        await storage.setKeyValueItem({"key": "k" * 201, "value": "v" * 2001, "ttl": 60})
        [key] = (await ApplicationStorage.keys()).keys
        seen.append(len(key))
        """,
        limits=limits,
    )
    assert played.seen == [201]
    assert [code for code, _ in played.warnings] == ["limit"] * warned


def test_a_declared_answer_comes_first(ask):
    Path("http.yaml").write_text(
        json.dumps(
            {
                "http": [
                    {
                        "match": f"{ADDRESS}GetKeyValueItem",
                        "reply": {"json": {"error": {"code": 104, "msg": "no rights"}}},
                        "times": 1,
                    }
                ]
            }
        )
    )
    played = ask(
        """
        await ApplicationStorage.put("a", "1", 60)
        seen.append((await storage.getKeyValueItem({"key": "a"})).error)
        seen.append((await storage.getKeyValueItem({"key": "a"})).result.value)
        """,
        http=Path("http.yaml"),
    )
    assert played.seen == [{"code": 104, "msg": "no rights"}, "1"]


def test_a_file_that_breaks_is_an_error_of_the_data_base(ask):
    played = ask(
        """
        import sqlite3
        other = sqlite3.connect("shared.sqlite3")
        other.execute("DROP TABLE entries")
        other.execute("CREATE TABLE entries (other)")
        other.close()
        seen.append((await storage.getKeyValueItem({"key": "a"})).error)
        """,
        storage=Path("shared.sqlite3"),
    )
    assert played.seen[0].code == 4
    assert "DB error" in played.seen[0].msg
    assert played.of("error") == []


def test_every_method_of_the_part_is_answered():
    declared = api.surface()["managementClient"]["KeyValueStorageInterface"]
    assert sorted(key_values.METHODS) == sorted(f"{name[0].upper()}{name[1:]}" for name in declared)


def test_in_javascript(play_js):
    played = play_js(
        """
        require(Modules.ApplicationStorage);
        require(Modules.VoximplantAPI);
        VoxEngine.addEventListener(AppEvents.Started, async (e) => {
          const storage = new VoximplantAPI.Client().KeyValueStorage;
          const applicationId = e.applicationId;
          await storage.setKeyValueItem({key: 'a:1', value: 'x', ttl: 60, applicationId});
          Logger.write(JSON.stringify(await ApplicationStorage.get('a:1')));
          await ApplicationStorage.put('a:2', 'y', 60);
          const found = await storage.getKeyValueItems({key: 'a', applicationId});
          Logger.write(JSON.stringify(found));
          VoxEngine.terminate();
        });
        """,
        start=True,
    )
    one = f'{{"key":"a:1","value":"x","expiresAt":{START_S + 60}}}'
    two = one.replace("a:1", "a:2").replace('"x"', '"y"')
    assert played.logs == [
        one.replace("expiresAt", "expireAt"),
        f'{{"result":[{one},{two}]}}',
    ]
