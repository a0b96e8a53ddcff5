"""Trace, statistics, privacy, and the key that appears nowhere."""

from __future__ import annotations

import base64
import contextlib
import io
import json

import pytest
from grok_talk import AGENT, CALLER, TALK, trace_of

# Trace ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def traced(play_once):
    """A turn of a call with a trace and statistics."""
    source = TALK.format(options="trace=True, statistics=True")
    return play_once(source, caller=CALLER, agent=AGENT)


def test_the_trace_is_named_when_the_socket_is_created(traced):
    """Its URL is in the `WebSocket.Created` message, in the journal and in the log."""
    (created,) = traced.of("event", name="WebSocket.Created")
    assert created["data"]["traceUrl"] == "file:traces/grok-1.txt"
    assert "traceUrl = file:traces/grok-1.txt" in traced.log_text
    assert {"trace", "statistics"} <= {record["what"] for record in traced.of("file")}


def test_the_trace_has_every_message_in_order(traced):
    """Sent and received, audio included, each whole and at its time."""
    lines = trace_of(traced)
    expected = [
        (record["t"], ">" if record["direction"] == "sent" else "<", record["type"])
        for record in traced.of("provider")
    ]
    assert [(at, way, json.loads(text)["type"]) for at, way, text in lines] == expected
    times = [at for at, _, _ in lines]
    assert times == sorted(times)
    audio = [json.loads(text) for _, _, text in lines if "output_audio.delta" in text]
    assert sum(len(base64.b64decode(m["delta"])) for m in audio) > 30_000
    appends = [json.loads(text) for _, way, text in lines if "buffer.append" in text]
    sizes = [len(base64.b64decode(m["audio"])) for m in appends]
    assert not any(size % 3200 for size in sizes)
    assert sum(sizes) == 32 * statistics_of(traced)["audio_ms_sent"]


def test_the_trace_is_not_there_unless_asked_for(play):
    """Neither is the statistics file, nor anything in the message."""
    played = play(TALK.format(options=""), caller=CALLER, agent=AGENT)
    assert not (played.result.out / "traces").exists()
    assert not (played.result.out / "statistics").exists()
    (created,) = played.of("event", name="WebSocket.Created")
    assert created["data"] == {}


def test_each_client_has_its_own_trace(play):
    """They are numbered in the order of their making."""
    played = play("""
        @on_started
        async def start(e):
            for n in range(2):
                client = await connect(trace=True)
                client.responseCreate(metadata={"n": n})
            await connect()
            setTimeout(VoxEngine.terminate, 500)
    """)
    assert len(list((played.result.out / "traces").iterdir())) == 2
    for number in (1, 2):
        sent = [json.loads(text) for _, way, text in trace_of(played, number) if way == ">"]
        assert sent == [{"type": "response.create", "metadata": {"n": number - 1}}]


def test_an_old_trace_does_not_survive_the_next_run(play, tmp_path):
    """Files of an earlier run in the same folder would tell lies about this one."""
    for name in ("traces/grok-9.txt", "statistics/grok-9.json", "traces/mine.txt"):
        (tmp_path / "out" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "out" / name).write_text("old")
    play("VoxEngine.terminate()", out=tmp_path / "out")
    assert not list((tmp_path / "out").rglob("grok-9*"))
    assert (tmp_path / "out/traces/mine.txt").exists()


def test_the_trace_holds_what_was_broken(play, provider):
    """Frames that make no sense are there too: that is what a trace is for."""
    link = provider([(10, "not json"), (20, b"\0\0\0")])
    played = play(
        """
        @on_started
        async def start(e):
            await connect(trace=True)
            setTimeout(VoxEngine.terminate, 500)
        """,
        link=link,
    )
    assert [(way, text) for _, way, text in trace_of(played)] == [
        ("<", "not json"),
        ("<", "(3 bytes)"),
    ]


def test_what_was_not_sent_is_not_in_the_trace(play, provider):
    """Audio that the link did not take is counted, and warned about once."""
    link = provider([(0, {"type": "session.updated", "session": {}})], takes_audio=False)
    played = play(
        """
        @on_call
        async def answer(e):
            e.call.answer()
            client = await connect(trace=True, statistics=True)
            e.call.sendMediaTo(client)
            setTimeout(lambda: client.responseCreate({}), 1000)
            setTimeout(VoxEngine.terminate, 2000)
        """,
        link=link,
        caller=CALLER,
    )
    assert played.warnings["overflow"] == ["xAI takes no audio: some of it is not sent"]
    assert [way for _, way, _ in trace_of(played)] == ["<", ">"]
    assert statistics_of(played)["audio_ms_not_sent"] > 1000
    assert [m["type"] for m in link.links[0].messages] == ["response.create"]


# Statistics -------------------------------------------------------------------------------------


def statistics_of(played):
    """The counts of the first client."""
    return json.loads((played.result.out / "statistics" / "grok-1.json").read_text())


def test_statistics_are_those_of_the_connection(traced):
    """Messages, bytes and audio in both directions, and how long it lasted."""
    counts = statistics_of(traced)
    lines = trace_of(traced)
    for way, name in ((">", "sent"), ("<", "received")):
        texts = [text for _, direction, text in lines if direction == way]
        assert counts[f"messages_{name}"] == len(texts)
        assert counts[f"bytes_{name}"] == sum(len(text.encode()) for text in texts)
    appends = traced.of("provider", type="input_audio_buffer.append")
    assert counts["audio_ms_sent"] == sum(one["message"]["samples"] for one in appends) / 16 > 1000
    assert counts["audio_ms_received"] > 1000
    closed = traced.of("event", name="WebSocket.Close")[0]["t"]
    begun = traced.of("command", name="CreateWebSocket")[0]["t"]
    assert counts["duration_ms"] == int(closed - begun)


# Privacy ----------------------------------------------------------------------------------------


def test_privacy_keeps_the_connection_out_of_log_and_journal(play):
    """Handlers run as ever; the call itself is recorded as ever."""
    options = "privacy=True, onWebSocketClose=lambda ev: seen.append(ev)"
    played = play(TALK.format(options=options), caller=CALLER, agent=AGENT)
    open_ = play(TALK.format(options="onWebSocketClose=seen.append"), caller=CALLER, agent=AGENT)
    assert played.seen_names == open_.seen_names
    assert {"ConversationCreated", "ResponseDone", "WebSocketMediaStarted", "Close"} <= set(
        played.seen_names
    )
    assert not played.of("provider")
    assert not [r for r in played.of("event") if r["unit"] in ("grok", "websocket")]
    assert not played.warnings
    commands = {record["name"] for record in played.of("command")}
    assert not any("WebSocket" in name for name in commands)
    client = played.named("ConversationCreated")[0].client
    for text in ("WebSocket", "customEvent", client.webSocketId(), "wss://"):
        assert text not in played.log_text
        assert text in open_.log_text or text == client.webSocketId()
    assert played.of("heard")
    assert played.of("event", name="Call.Connected")


def test_a_private_refusal_tells_no_details(play):
    """The author is warned, without what the provider said."""
    played = play(
        """
        @on_started
        async def start(e):
            await connect(privacy=True, onWebSocketClose=lambda e: Logger.write(str(e.code)))
            setTimeout(VoxEngine.terminate, 500)
        """,
        agent="faults: [{fault: refuse, message: the details}]",
    )
    assert played.logs == ["1011"]
    assert played.warnings["provider"] == ["Grok: no connection to the provider"]
    assert "the details" not in (played.result.files["journal"]).read_text()


def test_a_private_connection_can_be_traced(play):
    """The trace was asked for; it is a file of its own."""
    played = play(TALK.format(options="privacy=True, trace=True"), caller=CALLER, agent=AGENT)
    assert trace_of(played)
    assert "customEvent" not in played.log_text


# The key ----------------------------------------------------------------------------------------

SECRET = "xai-SECRET.k3y/with+signs=~!"
LEAKY = f"""
    import sys, traceback

    @on_call
    async def answer(e):
        e.call.answer()
        key = {SECRET!r}
        client = await Grok.createVoiceAgentAPIClient(
            xAIApiKey=key, model="m", trace=True, statistics=True,
            onWebSocketClose=lambda ev: Logger.write(JSON.stringify(ev) + key),
        )
        watch(client)
        Logger.write("the key is " + key)
        Logger.write({{"key": key}})
        trace(key)
        VoxEngine.customData(key)
        client.sessionUpdate({{"session": {{"instructions": "use " + key}}, "key": key}})
        client.conversationItemCreate({{"item": {{"type": key}}}})
        client.addEventListener(Grok.VoiceAgentAPIEvents.WebSocketError, lambda ev: fail(key))
        client.sendMediaTo(e.call, tag=key, customParameters={{"key": key}})
        e.call.sendMessage(key)
        on(client, "WebSocketMediaEnded", lambda ev: Logger.write(JSON.stringify(ev)))

        def fail(text):
            raise ValueError("failed with " + text)
"""


def test_the_key_is_nowhere(play, tmp_path):
    """Not in a file of the run, not on the terminal, not in what the result says."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        played = play(LEAKY, caller=CALLER, agent=AGENT)
    assert played.errors
    files = [path for path in played.result.out.rglob("*") if path.is_file()]
    assert {"journal.jsonl", "session.log", "result.json", "grok-1.txt", "grok-1.json"} <= {
        path.name for path in files
    }
    for path in files:
        data = path.read_bytes()
        assert SECRET.encode() not in data, path
        assert json.dumps(SECRET)[1:-1].encode() not in data, path
    shown = out.getvalue() + err.getvalue() + str(played.result) + repr(played.records)
    assert SECRET not in shown
    assert "******" in played.log_text


BAD_CALLS = [
    f"xAIApiKey={SECRET!r}, model=5",
    f"xAIApiKey={SECRET!r}, trace='yes'",
    f"{{'xAIApiKey': {SECRET!r}, 'privacy': 7}}",
    f"{{'xAIApiKey': {SECRET!r}}}, onWebSocketClose=1",
    f"{SECRET!r}",
    f"xAIApiKey=[{SECRET!r}]",
    f"xAIApiKey={SECRET!r}.encode()",
]


@pytest.mark.parametrize("arguments", BAD_CALLS)
def test_a_key_in_the_line_of_an_error_is_hidden(play, arguments):
    """The message quotes the scenario's line, and the key may stand in it."""
    played = play(f"""
        @on_started
        async def start(e):
            await Grok.createVoiceAgentAPIClient({arguments})
        setTimeout(VoxEngine.terminate, 100)
    """)
    (error,) = played.errors
    assert error["line"] == 4
    assert "createVoiceAgentAPIClient" in error["source_line"]
    for path in played.result.out.rglob("*"):
        if path.is_file():
            assert SECRET not in path.read_text(encoding="utf-8", errors="replace")


def test_exceptions_of_the_connection_have_no_key(play):
    """A refusal that quotes the key, as some services do, is told without it."""
    played = play(
        f"""
        @on_started
        async def start(e):
            await Grok.createVoiceAgentAPIClient(xAIApiKey={SECRET!r}, model="m")
            setTimeout(VoxEngine.terminate, 500)
        """,
        agent=f"faults: [{{fault: refuse, message: 'Incorrect key {SECRET}'}}]",
    )
    assert played.warnings["provider"] == [
        "Grok: no connection to the provider: HTTP 401: Incorrect key ******"
    ]
