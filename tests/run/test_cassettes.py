"""Runs that make cassettes and runs that play them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from cassettes import TALK

from voxrt.errors import UsageError
from voxrt.xai.cassette.secrets import KEY, tool_credentials, without_credentials

KEY_OF_TESTS = "xai-AbCdEfGhIjKlMnOpQrStUvWx"
CALLER = "[{wait_for: agent_turn}, {say: 'Are you open?'}, {wait_for: agent_turn}, hang_up]"
AGENT = "{greeting: Good evening., fallback: 'Yes, we are.'}"


@pytest.fixture
def talk(play, tmp_path):
    """Runs the talk with a cassette; the agent's script is there only when it is recorded."""

    def run(source=TALK, cassette="talk.jsonl", **options):
        return play(source, caller=CALLER, cassette=tmp_path / cassette, **options)

    return run


def lines_of(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def message_of(line):
    return line.get("message", {"type": ""})


def kept(records):
    """What a run did, without what names the agent and the run."""
    dropped = ("run", "result")
    return [{**r, "n": 0} for r in records if r["kind"] not in dropped]


def test_once_records_what_is_not_there_and_plays_it_after_that(talk, tmp_path):
    recorded = talk(agent=AGENT)
    assert recorded.result.files["cassette"] == tmp_path / "talk.jsonl"
    played = talk()
    assert "cassette" not in played.result.files
    assert played.result.outcome == "normal"
    approximated = played.result.record["approximated"]
    assert "the agent: the recording talk.jsonl, not xAI's model" in approximated
    heard = [r["text"] for r in played.of("heard") if r["by"] == "caller"]
    assert heard == ["Good evening.", "Yes, we are."]
    assert not played.result.record.get("unused_answers")


def test_a_run_that_does_the_same_is_the_same_to_the_sample(talk):
    """Every record but those that name the agent; the sound of the call, byte for byte."""
    recorded = talk(agent=AGENT)
    sound = recorded.result.files["recording"].read_bytes()
    link = lines_of(recorded.result.out / "links/1.jsonl")
    records = kept(recorded.records)
    played = talk()
    by_time = lambda r: (r["t"], json.dumps(r, sort_keys=True))  # noqa: E731
    assert sorted(kept(played.records), key=by_time) == sorted(records, key=by_time)
    assert played.result.files["recording"].read_bytes() == sound
    again = lines_of(played.result.out / "links/1.jsonl")
    assert [line.get("message") for line in again] == [line.get("message") for line in link]


def test_none_never_records(talk, tmp_path):
    with pytest.raises(UsageError, match="no such cassette"):
        talk(agent=AGENT, record_mode="none")
    assert not (tmp_path / "talk.jsonl").exists()


def test_all_replaces_what_is_there(talk, tmp_path):
    (tmp_path / "talk.jsonl").write_text("not a cassette")
    talk(agent=AGENT, record_mode="all")
    assert lines_of(tmp_path / "talk.jsonl")[0]["provider"] == "xai"


def test_a_scenario_that_sends_something_else_fails_with_the_difference(talk):
    talk(agent=AGENT)
    changed = talk(TALK.replace("GREETING", "Be polite."))
    assert (changed.result.outcome, changed.result.exit_code) == ("failed", 3)
    (error,) = changed.of("error")
    assert error["code"] == "V420"
    assert 'session.instructions: recorded "GREETING", sent "Be polite."' in error["text"]
    assert Path(error["file"]).name == "talk.jsonl"
    assert error["line"] == 5
    assert any("1011 not in the cassette" in text for text in changed.warnings)


def test_what_the_scenario_does_not_send_is_in_the_result(talk):
    talk(agent=AGENT)
    quiet = talk(TALK.replace("client.responseCreate({})", "pass"))
    assert quiet.result.record["unused_answers"] == ["talk.jsonl:7 to response.create"]


def test_a_folder_has_a_file_for_each_connection(talk, tmp_path):
    twice = TALK.replace(
        "    events = ",
        "    client.close()\n"
        '    client = await Grok.createVoiceAgentAPIClient(xAIApiKey="x", model="m")\n'
        "    events = ",
    ).replace("client.close()", "setTimeout(client.close, 500)")
    talk(twice, "talks", agent=AGENT)
    assert sorted(path.name for path in (tmp_path / "talks").iterdir()) == ["1.jsonl", "2.jsonl"]
    played = talk(twice, "talks")
    assert played.result.outcome == "normal"
    (tmp_path / "talks/2.jsonl").unlink()
    played = talk(twice, "talks")
    assert "connection 2 to the provider, which was not recorded" in played.errors[0]
    assert played.result.exit_code == 3


def test_a_file_keeps_no_two_connections(talk, tmp_path):
    twice = TALK.replace("    events = ", '    await Grok.createVoiceAgentAPIClient(xAIApiKey="x")\n    events = ')  # fmt: skip  # noqa: E501
    played = talk(twice, agent=AGENT)
    assert not (tmp_path / "talk.jsonl").exists()
    assert any("had 2 connections, and a .jsonl file keeps one" in t for t in played.warnings)


def test_a_run_without_a_connection_makes_no_cassette(play, tmp_path):
    played = play("VoxEngine.terminate()", cassette=tmp_path / "none.jsonl")
    assert any("the run had no connections" in text for text in played.warnings)
    assert "cassette" not in played.result.files


def test_a_run_that_failed_leaves_the_old_cassette(talk, tmp_path):
    talk(agent=AGENT)
    before = (tmp_path / "talk.jsonl").read_bytes()
    refused = talk(
        agent="{greeting: Hello., faults: [{fault: refuse, status: 401}]}",
        record_mode="all",
        longest_s=1,
    )
    assert refused.result.outcome == "failed"
    assert (tmp_path / "talk.jsonl").read_bytes() == before


def test_a_refused_connection_can_be_played(talk):
    refused = talk(agent="{greeting: Hello., faults: [{fault: refuse, status: 401}]}")
    played = talk()
    for run in (refused, played):
        assert any("no connection to the provider: HTTP 401" in text for text in run.warnings)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"record_mode": "sometimes"}, "--record-mode must be one of once, none, all"),
        ({"record_mode": "all", "cassette": None}, "--record-mode goes with --cassette"),
    ],
)
def test_wrong_options_say_so(play, tmp_path, options, text):
    with pytest.raises(UsageError, match=re.escape(text)):
        play("", **{"cassette": tmp_path / "c.jsonl", **options})


def test_live_is_not_called_when_the_cassette_is_there(talk):
    """Virtual time and no key: nothing of the network is needed."""
    talk(agent=AGENT)
    assert talk(grok="live").result.outcome == "normal"


# Secrets ------------------------------------------------------------------------------------

#: What a scenario may send or write that nobody else should read, by what it is.
SECRETS = {
    "the key of the service": KEY_OF_TESTS,
    "a secret of the run": "correct horse battery",
    "a token of a tool's server": "tool-token-123",
    "a header of a tool's server": "header-value-456",
    "a key that nobody declared": "sk-proj-0123456789abcdefABCDEF",
    "a bearer token in a text": "abcdefgh0123456789",
}


def test_no_secret_is_in_a_cassette_or_in_the_run(talk, tmp_path):
    """They are sent to the provider, echoed by it, and told to a tool: every file is searched."""
    tool = {
        "type": "mcp",
        "server_url": "https://tools.example.com",
        "server_label": "tools",
        "authorization": "Bearer tool-token-123",
        "headers": {"X-Key": "header-value-456"},
    }
    secretive = TALK.replace(
        '"instructions": "GREETING"', f'"tools": [{tool!r}], "instructions": TEXT'
    )
    secretive = (
        'TEXT = " ".join(["correct horse battery", "sk-proj-0123456789abcdefABCDEF",'
        ' "Bearer abcdefgh0123456789", VoxEngine.getSecretValue("XAI_API_KEY")])\n' + secretive
    )
    secrets = {"XAI_API_KEY": KEY_OF_TESTS, "PIN": "correct horse battery"}
    played = talk(secretive, agent=AGENT, secrets=secrets)
    cassette = tmp_path / "talk.jsonl"
    text = cassette.read_text(encoding="utf-8")
    for what, secret in SECRETS.items():
        assert secret not in text, what
        assert json.dumps(secret)[1:-1] not in text, what
    update = next(m for m in map(message_of, lines_of(cassette)) if m["type"] == "session.update")
    assert update["session"]["instructions"] == "****** ****** Bearer ****** ******"
    assert update["session"]["tools"][0]["authorization"] == "******"
    assert update["session"]["tools"][0]["server_url"] == "https://tools.example.com"
    known = [s for what, s in SECRETS.items() if "nobody" not in what and "in a text" not in what]
    for path in played.result.out.rglob("*"):
        if path.suffix in (".jsonl", ".json", ".log"):
            content = path.read_text(encoding="utf-8")
            assert not [secret for secret in known if secret in content], path
    assert talk(secretive, secrets=secrets).result.outcome == "normal"
    assert talk(secretive).result.outcome == "normal"


def test_no_cassette_of_this_project_has_a_key():
    """Every file that is kept here is searched for what looks like one."""
    root = Path(__file__).parents[2]
    files = [*root.glob("scenarios/**/*.jsonl"), *root.glob("docs/**/*.jsonl")]
    for path in files:
        found = KEY.search(path.read_text(encoding="utf-8"))
        assert found is None, f"{path}: {found}"


@pytest.mark.parametrize(
    "text",
    [
        KEY_OF_TESTS,
        "xai-client-secret.abc_DEF.123456",
        "sk-ant-api03-" + "0123456789" * 2,
        "ghp_0123456789abcdefghijABCDEFGHIJ",
        "AKIAIOSFODNN7EXAMPLE",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjMifQ.SflKxwRJSMeKKF2QT4",
    ],
)
def test_what_looks_like_a_key_is_replaced_wherever_it_stands(text):
    value = {"type": "x", "a": [f"before {text} after", {"b": text}]}
    assert without_credentials(value) == {
        "type": "x",
        "a": ["before ****** after", {"b": "******"}],
    }


def test_what_is_no_credential_is_left_alone():
    """Ordinary words, identifiers, counts, schemas, and sound in base64."""
    value = {
        "type": "response.output_audio.delta",
        "delta": KEY_OF_TESTS,
        "response_id": "2a8152e5-abc3-4e7e-8add-71e63fc2d1f3",
        "usage": {"total_tokens": 12},
        "parameters": {"properties": {"password": {"type": "string"}, "secret": {"type": "x"}}},
        "text": "Ask sk-8 for a risk-free task-force; a bearer of news.",
    }
    assert without_credentials(value) == value


def test_only_tools_of_other_servers_have_credentials():
    tools = [{"type": "function", "authorization": "x"}, {"type": "mcp", "headers": {"a": "b"}}]
    assert list(tool_credentials({"session": {"tools": tools}})) == ["b", "b"]
    assert list(tool_credentials({"session": {"tools": 3}})) == []
    assert list(tool_credentials({"session": None})) == []
