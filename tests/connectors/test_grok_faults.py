"""When things go wrong at the provider: the session ends or goes on as the platform's would."""

from __future__ import annotations

import pytest
from loopback import served

AGENT = """
    @on_call
    async def answer(e):
        call = e.call
        call.answer()
        call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
        client = await connect(onWebSocketClose=closed)
        session = {
            "turn_detection": {"type": "server_vad"},
            "tools": [{"type": "function", "name": "look_up", "parameters": {}}],
        }

        def joined(ev):
            VoxEngine.sendMediaBetween(call, client)
            client.responseCreate({})

        def looked_up(ev):
            client.conversationItemCreate(item={
                "type": "function_call_output", "call_id": ev.data.payload.call_id,
                "output": JSON.stringify({"found": True}),
            })
            client.responseCreate({})

        on(client, "ConversationCreated", lambda ev: client.sessionUpdate(session=session))
        on(client, "SessionUpdated", joined)
        on(client, "InputAudioBufferSpeechStarted", lambda ev: client.clearMediaBuffer())
        on(client, "ResponseFunctionCallArgumentsDone", looked_up)

    def closed(ev):
        seen.append(ev)
        VoxEngine.terminate()
"""
CALLER = """
    caller:
      steps:
        - {wait_for: agent_turn, timeout_ms: 6000, on_timeout: continue}
        - say: Please look it up.
        - {wait_for: agent_turn, timeout_ms: 6000, on_timeout: continue}
        - say: Thank you very much.
        - {wait_for: agent_turn, timeout_ms: 6000, on_timeout: continue}
        - hang_up
"""
RULES = """
    greeting: Good evening.
    rules: [{when: look, say: One moment., call: look_up}]
    after_tool: [{tool: look_up, say: Here it is.}]
    fallback: You are welcome.
    faults: [FAULT]
"""

#: Every frame that the stand-in sends in this call.
MOMENTS = [
    "session.created",
    "conversation.created",
    "ping",
    "session.updated",
    "response.created",
    "response.output_item.added",
    "conversation.item.added",
    "response.content_part.added",
    "response.output_audio.delta",
    "response.output_audio_transcript.delta",
    "response.output_audio_transcript.done",
    "response.content_part.done",
    "response.output_audio.done",
    "response.output_item.done",
    "response.done",
    "input_audio_buffer.speech_started",
    "input_audio_buffer.speech_stopped",
    "input_audio_buffer.committed",
    "conversation.item.input_audio_transcription.completed",
    "response.function_call_arguments.delta",
    "response.function_call_arguments.done",
]


def call(play, fault, **options):
    """A call in which one thing goes wrong; checks what is true of every call."""
    played = play(AGENT, caller=CALLER, agent=RULES.replace("FAULT", fault), **options)
    assert played.result.outcome == "normal"
    assert played.result.record["duration_ms"] < 120_000
    assert not played.errors
    names = [record["name"].rpartition(".")[2] for record in played.of("event", unit="grok")]
    media = [name for name in names if name.startswith("WebSocketMedia")]
    assert media == ["WebSocketMediaStarted", "WebSocketMediaEnded"] * (len(media) // 2)
    return played


def heard(played):
    """What the caller heard of the agent."""
    return [r["text"] for r in played.of("heard", by="caller") if r["speaker"] == "agent"]


ALL = ["Good evening.", "One moment.", "Here it is.", "You are welcome."]


def test_without_a_fault(play):
    """The call that the others are measured by."""
    played = call(play, "")
    assert heard(played) == ALL
    assert set(MOMENTS) <= {r["type"] for r in played.of("provider", direction="received")}


@pytest.mark.parametrize("code", [1000, 1011, 4000])
@pytest.mark.parametrize("at", MOMENTS)
def test_a_close_at_any_moment(play, at, code):
    """Everything before it was delivered; Ended comes before Close; the call is over."""
    played = call(play, f"{{fault: close, at: {at}, code: {code}, reason: gone}}")
    closed = played.seen[-1]
    assert (closed.name, closed.code, closed.reason, closed.wasClean) == (
        "WebSocket.Close",
        code,
        "gone",
        True,
    )
    received = [r["type"] for r in played.of("provider", direction="received")]
    assert received[-1] == at
    assert received.count(at) == 1
    kind = "closed" if code == 1000 else "provider"  # a normal end is no failure
    assert played.warnings[kind] == [f"Grok: the provider closed the connection: {code} gone"]


@pytest.mark.parametrize("at", MOMENTS)
def test_an_error_at_any_moment(play, at):
    """It is `WebSocketError`, and the call goes on to its end."""
    played = call(play, f"{{fault: error, at: {at}, message: oops, code: some_code}}")
    (error,) = played.named("WebSocketError")
    assert error.data.error.message == "oops"
    assert error.data.error.code == "some_code"
    assert heard(played) == ALL


@pytest.mark.parametrize("at", MOMENTS)
def test_a_duplicate_at_any_moment(play, at):
    """A frame that comes twice is two events; the call ends all the same."""
    played = call(play, f"{{fault: duplicate, at: {at}}}")
    received = [r["type"] for r in played.of("provider", direction="received")]
    first = received.index(at)
    assert received[first + 1] == at
    assert len([e for e in played.seen if e.data and e.data.payload.type == at]) == (
        0 if at == "response.output_audio.delta" else received.count(at)
    )


@pytest.mark.parametrize("at", MOMENTS)
def test_a_delay_at_any_moment(play, at):
    """Slowness holds up what follows, in order, and loses nothing."""
    played = call(play, f"{{fault: delay, at: {at}, ms: 1500}}")
    assert "WebSocketError" not in played.seen_names
    said = " ".join(heard(played))
    assert said.startswith("Good")  # a word that the delay cuts in two is not understood


def test_a_dropped_response(play):
    """The agent stays silent once: no `response.done` comes, and the next turn is answered."""
    played = call(play, "{fault: drop_response, occurrence: 2}")
    assert heard(played)[0] == "Good evening."
    assert "You are welcome." in heard(played)
    assert len(played.named("ResponseDone")) < len(played.named("ResponseCreated"))


def test_every_response_dropped(play):
    """An agent that never answers: the caller gives up, and the session ends."""
    played = call(play, "{fault: drop_response, every: true}")
    assert heard(played) == []
    assert played.events("Disconnected")


def test_a_second_session_updated(play):
    """A scenario without a guard repeats its greeting; that is what the fault is for."""
    played = call(play, "{fault: second_session_updated, ms: 100}")
    assert len(played.named("SessionUpdated")) == 2
    assert len(played.sent("response.create")) >= 2


def test_late_partials(play):
    """Transcripts that come after the final one are events too."""
    played = call(play, "{fault: late_partials, every: true}")
    statuses = [
        event.data.payload.status
        for event in played.named("ConversationItemInputAudioTranscriptionCompleted")
    ]
    assert statuses[-1] == "in_progress"
    assert "completed" in statuses


@pytest.mark.parametrize(("kind", "ms"), [("max_duration", 5000), ("timeout", 8000)])
def test_the_sessions_end(play, kind, ms):
    """An `error` that says why, then a normal close."""
    played = call(play, f"{{fault: end_session, ms: {ms}, type: {kind}}}")
    assert played.seen_names[-1] == "Close"
    error = played.named("WebSocketError")[0]
    assert error.data.error.type == kind
    assert (played.seen[-1].code, played.seen[-1].reason) == (1000, "Normal connection close")


def test_only_the_first_connection_fails(play):
    """A scenario that connects again is served."""
    played = play(
        """
        @on_started
        async def start(e):
            await connect(onWebSocketClose=again)
            setTimeout(VoxEngine.terminate, 3000)

        async def again(e):
            Logger.write("again")
            await connect()
        """,
        agent="faults: [{fault: refuse, connection: 1, status: 503}]",
    )
    assert played.logs == ["again"]
    assert played.seen_names.count("ConversationCreated") == 1


@pytest.mark.parametrize("fault", ["error", "drop", "{close: {code: 1011, reason: gone}}"])
def test_a_rule_that_fails(play, fault):
    """Failing at a certain question, by the agent script's `fail`."""
    rules = f"rules: [{{when: look, fail: {fault}}}]\ngreeting: Good evening."
    played = play(AGENT, caller=CALLER, agent=rules)
    assert played.result.outcome == "normal"
    assert heard(played)[0] == "Good evening."


# Over the loopback, in real time ------------------------------------------------------------------


SHORT = """
    @on_started
    async def start(e):
        client = await connect(onWebSocketClose=closed)
        on(client, "ConversationCreated", lambda ev: client.sessionUpdate(session={}))
        on(client, "SessionUpdated", lambda ev: client.responseCreate({}))
        on(client, "WebSocketMediaStarted", lambda ev: client.close())

    def closed(ev):
        Logger.write(f"{ev.code} {ev.reason} {ev.wasClean}")
        VoxEngine.terminate()
"""


def test_a_run_over_a_socket(play):
    """The same scenario against a server on the network, in real time."""
    with served("greeting: Hello.") as url:
        played = play(SHORT, grok=url, time="real", longest_s=20)
    assert played.logs == ["1000 Normal connection close True"]
    order = played.seen_names
    assert order[0] == "ConnectorInformation"
    assert [n for n in order if n in ("ConversationCreated", "SessionUpdated")] == [
        "ConversationCreated",
        "SessionUpdated",
    ]
    assert order[-2:] == ["WebSocketMediaStarted", "WebSocketMediaEnded"]
    assert not played.errors


def test_a_refusal_over_a_socket(play):
    """401 and its error become 1011, and the author is told."""
    with served("faults: [{fault: refuse, status: 401, message: who are you}]") as url:
        played = play(SHORT, grok=url, time="real", longest_s=20)
    assert played.logs == ["1011 Internal server error while operating False"]
    assert played.warnings["provider"] == [
        "Grok: no connection to the provider: HTTP 401: who are you"
    ]


def test_nobody_listens_at_the_address(play):
    """The same for a server that is not there."""
    with served("") as url:
        pass
    played = play(SHORT, grok=url, time="real", longest_s=20)
    assert played.logs == ["1011 Internal server error while operating False"]
    address = url.removeprefix("ws://")
    assert played.warnings["provider"] == [
        f"Grok: no connection to the provider: {address}: Connection refused"
    ]


def test_a_session_that_ends_with_the_socket_open(play):
    """The run ends at once, and its socket is closed: nothing is left behind."""
    with served("greeting: Hello.") as url:
        played = play(
            """
            @on_started
            async def start(e):
                client = await connect()
                on(client, "ConversationCreated", VoxEngine.terminate)
            """,
            grok=url,
            time="real",
            longest_s=20,
        )
    assert played.result.outcome == "normal"
    assert played.result.record["duration_ms"] < 5_000
