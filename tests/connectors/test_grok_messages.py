"""What goes to xAI and what comes from it: messages, events, switches, names."""

from __future__ import annotations

import json

import pytest

from voxrt.session.values import kind_of

METHODS = {
    "sessionUpdate": "session.update",
    "conversationItemCreate": "conversation.item.create",
    "responseCreate": "response.create",
    "inputAudioBufferClear": "input_audio_buffer.clear",
}

CALLS = """
    @on_started
    async def start(e):
        client = await connect()
        {calls}
        setTimeout(VoxEngine.terminate, 1000)
"""


def messages(play, provider, *calls):
    """What xAI gets of some calls on a client, and the run."""
    link = provider()
    played = play(CALLS.format(calls="\n        ".join(calls)), link=link)
    return link.links[0].messages, played


# To xAI -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
def test_type_is_filled_in_when_it_is_missing(play, provider, method):
    """Scenarios leave it out; `undefined` is as good as missing."""
    sent, played = messages(
        play,
        provider,
        f"client.{method}({{}})",
        f"client.{method}({{'type': None, 'event_id': 'a'}})",
        f"client.{method}(event_id='b')",
        f"client.{method}()",
    )
    kind = METHODS[method]
    assert [m["type"] for m in sent] == [kind] * 4
    assert [m.get("event_id") for m in sent] == [None, "a", "b", None]
    assert all(next(iter(m)) == "type" for m in sent)
    assert not played.errors


@pytest.mark.parametrize("method", METHODS)
def test_type_is_kept_when_it_is_there(play, provider, method):
    """Whatever it is: the connector forwards."""
    sent, _ = messages(
        play,
        provider,
        f"client.{method}({{'event_id': 'a', 'type': '{METHODS[method]}'}})",
        f"client.{method}({{'type': 'something.new', 'x': 1}})",
    )
    assert [m["type"] for m in sent] == [METHODS[method], "something.new"]
    assert list(sent[0])[:2] == ["event_id", "type"]
    assert sent[1] == {"type": "something.new", "x": 1}


@pytest.mark.parametrize("method", METHODS)
def test_anything_is_forwarded(play, provider, method):
    """Unknown fields, deep ones, every JSON value, text of any script."""
    body = {"a": [1, 2.5, None, True, {"b": "ö 你好 🙂"}], "session": {"x": {"y": []}}, "item": {}}
    sent, _ = messages(play, provider, f"client.{method}({body!r})")
    (message,) = sent
    expected = {"type": METHODS[method], **body}
    if method == "sessionUpdate":
        expected["session"] = {"x": {"y": []}, "audio": USUAL}
    assert message == expected


def test_what_json_leaves_out_is_left_out(play, provider):
    """Functions vanish and platform objects become their public fields, as in `JSON.stringify`."""
    sent, _ = messages(play, provider, "client.responseCreate(f=print, c=client, t=(1, 2))")
    assert sent == [{"type": "response.create", "c": {}, "t": [1, 2]}]


def test_the_scenarios_object_is_not_changed(play, provider):
    """Neither the type nor the formats that the connector adds show in it."""
    _, played = messages(
        play,
        provider,
        "global given",
        "given = {'session': {'voice': 'ara', 'audio': {'input': {}}}}",
        "client.sessionUpdate(given)",
    )
    assert played.names["given"] == {"session": {"voice": "ara", "audio": {"input": {}}}}


@pytest.mark.parametrize("argument", ["'text'", "5", "[1]", "True", "b'x'"])
@pytest.mark.parametrize("method", [*METHODS, "clearMediaBuffer"])
def test_a_non_object_is_an_error_at_its_line(play, provider, method, argument):
    """It is uncaught here, in an async handler: told with the line, and the session goes on."""
    _, played = messages(play, provider, f"client.{method}({argument})")
    (error,) = played.errors
    kind = kind_of(eval(argument))
    assert error["text"] == f"Unhandled rejection: {method} needs an object, not {kind}"
    assert (error["code"], error["line"]) == ("V202", 5)
    assert error["file"].endswith("scenario.py")


USUAL = {
    "input": {"format": {"type": "audio/pcm", "rate": 16000}},
    "output": {"format": {"type": "audio/pcm", "rate": 16000}},
}
ULAW = {"type": "audio/pcmu"}


def test_the_first_update_names_both_formats(play, provider):
    """The connector completes the scenario's; what the scenario says is kept."""
    sent, _ = messages(play, provider, "client.sessionUpdate(session={'voice': 'ara'})")
    assert sent[0]["session"] == {"voice": "ara", "audio": USUAL}
    given = {"audio": {"output": {"format": ULAW, "speed": 1.2}, "input": {"transport": "json"}}}
    sent, _ = messages(play, provider, f"client.sessionUpdate(session={given!r})")
    assert sent[0]["session"]["audio"] == {
        "output": {"format": ULAW, "speed": 1.2},
        "input": {"transport": "json", "format": USUAL["input"]["format"]},
    }


def test_updates_before_the_confirmation_keep_the_formats(play, provider):
    """A second update at once does not undo what the first asked for, by either of its names."""
    sent, _ = messages(
        play,
        provider,
        f"client.sessionUpdate(session={{'audio': {{'output': {{'format': {ULAW!r}}}}}}})",
        "client.sessionUpdate(session={'input_audio_format': 'g711_ulaw'})",
        "client.sessionUpdate(session={'instructions': 'x'})",
    )
    assert sent[1]["session"] == {
        "input_audio_format": "g711_ulaw",
        "audio": {"output": {"format": ULAW}},
    }
    assert sent[2]["session"] == {
        "instructions": "x",
        "input_audio_format": "g711_ulaw",
        "audio": {"output": {"format": ULAW}},
    }


def test_later_updates_are_left_alone(play):
    """Once xAI has confirmed a session, what is not sent stays, so nothing is added."""
    played = play("""
        @on_started
        async def start(e):
            client = await connect()
            on(client, "ConversationCreated", lambda e: client.sessionUpdate(session=SESSION))
            on(client, "SessionUpdated", again)
            setTimeout(VoxEngine.terminate, 3000)

        def again(e):
            if len(seen) < 12:
                e.client.sessionUpdate(session={"instructions": "y"})

        SESSION = {"voice": "ara"}
    """)
    updates = [record["message"]["session"] for record in played.sent("session.update")]
    assert updates[0] == {"voice": "ara", "audio": USUAL}
    assert updates[1] == {"instructions": "y"}
    echo = played.named("SessionUpdated")[-1].data.session
    assert echo.audio.output.format == USUAL["output"]["format"]


@pytest.mark.parametrize("session", ["None", "'x'", "{'audio': 5}", "{'audio': {'input': 5}}"])
def test_a_malformed_update_is_forwarded_and_answered_with_an_error(play, session):
    """The connector does not judge; xAI does, and the scenario hears it."""
    played = play(CALLS.format(calls=f"client.sessionUpdate(session={session})"))
    assert not played.errors
    assert played.named("WebSocketError")
    assert "SessionUpdated" not in played.seen_names


# From xAI ---------------------------------------------------------------------------------------

TALK = """
    @on_call
    async def answer(e):
        e.call.answer()
        client = await connect()
        session = {{
            "turn_detection": {{"type": "server_vad"}},
            "audio": {{"input": {{"transcription": {{"model": "grok-transcribe"}}}}}},
            "tools": [{{"type": "function", "name": "look_up", "parameters": {{}}}}],
        }}
        on(client, "ConversationCreated", lambda e: client.sessionUpdate(session=session))
        on(client, "SessionUpdated", lambda ev: VoxEngine.sendMediaBetween(e.call, client))
        on(client, "ResponseDone", lambda ev: setTimeout(VoxEngine.terminate, {until}))
"""
ASK = "caller: {steps: [{wait: 1000}, {say: Please look it up for me.}, {wait: 60000}]}"
LOOK_UP = "rules: [{when: look, say: Wait., call: look_up}]"


@pytest.fixture(scope="module")
def talk(play_once):
    """A caller's turn, and an answer with a function call."""
    return play_once(TALK.format(until=500), caller=ASK, agent=LOOK_UP)


def types(played, name):
    """The provider types behind the events of a name."""
    return [event.data.payload.type for event in played.named(name)]


def test_unknown_messages_are_delivered_as_unknown(talk):
    """Everything that the enum does not know, and nothing of it is lost."""
    assert set(types(talk, "Unknown")) == {
        "session.created",
        "ping",
        "conversation.item.input_audio_transcription.updated",
        "response.function_call_arguments.delta",
    }
    assert types(talk, "Unknown")[:2] == ["session.created", "ping"]
    received = [record["type"] for record in talk.of("provider", direction="received")]
    others = [kind for kind in received if kind != "response.output_audio.delta"]
    told = [e.data.payload.type for e in talk.seen if e.data and e.data.payload.type]
    assert told == others


def test_audio_is_never_an_event(talk):
    """Deltas of audio are heard, and in the journal folded to their length."""
    deltas = talk.of("provider", type="response.output_audio.delta")
    assert deltas
    assert all("delta" not in d["message"] and d["message"]["samples"] > 0 for d in deltas)
    assert not any("output_audio.delta" in json.dumps(e.data) for e in talk.seen)
    assert "ResponseOutputAudioDelta" not in talk.seen_names


def test_the_transcript_comes_several_times(talk):
    """As on the wire: partial ones with `status` in_progress, then the final one."""
    events = talk.named("ConversationItemInputAudioTranscriptionCompleted")
    assert [e.data.payload.status for e in events][-1] == "completed"
    assert {e.data.payload.status for e in events[:-1]} == {"in_progress"}
    assert events[-1].data.transcript == "Please look it up for me."


def test_stringified_events_are_the_platforms(talk):
    """`JSON.stringify(event)`: `name`, `id`, `client` as {}, `data` once and without mirrors."""
    played = talk
    event = played.named("ResponseFunctionCallArgumentsDone")[0]
    text = played.names["JSON"].stringify(event)
    decoded = json.loads(text)
    assert list(decoded) == ["name", "id", "client", "data"]
    assert decoded["client"] == {}
    assert list(decoded["data"]) == ["customEvent", "payload"]
    assert decoded["data"]["payload"]["name"] == "look_up"
    assert text.count("call_id") == 1


NAMED = "ConversationItemInputAudioTranscriptionCompleted"


def test_transcripts_as_unknown(play):
    """The switch moves the caller's transcript to `Unknown`, or raises both in that order."""
    moved = play(TALK.format(until=1), caller=ASK, grok_options={"transcripts": "Unknown"})
    kind = "conversation.item.input_audio_transcription.completed"
    assert NAMED not in moved.seen_names
    assert kind in types(moved, "Unknown")
    both = play(TALK.format(until=1), caller=ASK, grok_options={"transcripts": "both"})
    pairs = [short for short, event in zip(both.seen_names, both.seen, strict=True)
             if event.data and event.data.payload.type == kind]  # fmt: skip
    assert pairs == [NAMED, "Unknown"] * (len(pairs) // 2)


def test_pings_can_be_swallowed(play):
    """They reach the scenario by default, every ten seconds; the switch keeps them away."""
    source = """
        @on_started
        async def start(e):
            await connect()
            setTimeout(VoxEngine.terminate, 25000)
    """
    assert types(play(source), "Unknown").count("ping") == 3
    assert "ping" not in types(play(source, grok_options={"pings": "false"}), "Unknown")


@pytest.mark.parametrize(
    ("choice", "names"),
    [
        ("WebSocketError", ["WebSocketError"]),
        ("Unknown", ["Unknown"]),
        ("both", ["WebSocketError", "Unknown"]),
    ],
)
def test_errors_of_xai(play, choice, names):
    """`error` is `WebSocketError` by default; the session goes on."""
    played = play(
        CALLS.format(
            calls="client.conversationItemCreate({'item': {'type': 'x'}, 'event_id': 'mine'})"
        ),
        grok_options={"errors": choice},
    )
    found = [(n, e) for n, e in zip(played.seen_names, played.seen, strict=True)
             if e.data and e.data.payload.type == "error"]  # fmt: skip
    assert [name for name, _ in found] == names
    payload = found[0][1].data.payload
    assert payload.error.event_id == "mine"
    assert found[0][1].data.customEvent == names[0]
    assert not played.errors
    assert not played.names["seen"][-1].name.endswith("Close")


def test_session_updated_may_come_several_times(play):
    """One for each update, and another when the provider repeats itself."""
    source = """
        joined = []

        @on_started
        async def start(e):
            client = await connect()
            on(client, "ConversationCreated", lambda e: client.sessionUpdate(session={}))
            on(client, "SessionUpdated", lambda e: joined.append(e))
            setTimeout(VoxEngine.terminate, 2000)
    """
    assert len(play(source).names["joined"]) == 1
    fault = "faults: [{fault: second_session_updated, ms: 300}]"
    first, second = play(source, agent=fault).names["joined"]
    assert first.data.session == second.data.session
    assert first.data.event_id != second.data.event_id


@pytest.mark.parametrize(
    ("frame", "told"),
    [
        ("not json", "a frame is not JSON"),
        ("[1]", "a frame is not a JSON object"),
        ("{}", "a frame has no `type`"),
        ('{"type": 5}', "a frame has no `type`"),
        ('{"type": "response.output_audio.delta", "delta": "?"}', ""),
        ('{"type": "response.output_audio.delta", "delta": 5}', "a delta without audio"),
        ('{"type": "response.output_audio.delta"}', "a delta without audio"),
    ],
)
def test_broken_frames_are_warned_about_and_survived(play, provider, frame, told):
    """The scenario never sees them, and the next frame is delivered."""
    link = provider([(10, frame), (20, {"type": "conversation.created", "conversation": {}})])
    played = play(CALLS.format(calls="pass"), link=link)
    assert played.seen_names == ["ConnectorInformation", "ConversationCreated"]
    if told:
        (warning,) = played.warnings["protocol"]
        assert warning.startswith(f"xAI sent what is not its protocol: {told}")


@pytest.mark.parametrize("session", [{}, None, {"audio": None}, {"audio": {"input": 5}}])
def test_odd_confirmations_are_survived(play, provider, session):
    """A `session.updated` of any shape is an event, and audio keeps the last known formats."""
    link = provider([(10, {"type": "session.updated", "session": session})])
    played = play(CALLS.format(calls="pass"), link=link)
    assert played.seen_names == ["ConnectorInformation", "SessionUpdated"]
    assert played.result.outcome == "normal"


def test_a_handler_that_is_no_function_ends_the_scenario(play):
    """It is accepted when it is added, and an error when its event comes."""
    played = play("""
        @on_started
        async def start(e):
            client = await connect()
            client.addEventListener(Grok.VoiceAgentAPIEvents.ConversationCreated, "greet")
            Logger.write("added")
    """)
    assert played.logs == ["added"]
    (error,) = played.errors
    assert error["text"] == "a handler must be a function, not a string"
    assert played.result.finish_reason == "JS session error"


def test_listeners_by_raw_strings_and_by_nothing(play):
    """Names are strings; `undefined` and names that do not exist are accepted and never heard."""
    played = play("""
        @on_started
        async def start(e):
            client = await connect()
            write = lambda text: lambda e: Logger.write(text)
            client.addEventListener("Grok.VoiceAgentAPI.ConversationCreated", write("raw"))
            client.addEventListener(None, write("none"))
            client.addEventListener("Grok.VoiceAgentAPI.Nonsense", write("nonsense"))
            gone = write("gone")
            client.addEventListener("Grok.VoiceAgentAPI.ConversationCreated", gone)
            client.addEventListener("Grok.VoiceAgentAPI.ConversationCreated", gone)
            client.removeEventListener(Grok.VoiceAgentAPIEvents.ConversationCreated, gone)
            client.removeEventListener("Grok.VoiceAgentAPI.Nonsense")
            client.removeEventListener("Grok.VoiceAgentAPI.Nonsense", gone)
            setTimeout(VoxEngine.terminate, 500)
    """)
    assert played.logs == ["raw"]
    assert not played.errors


# Names ------------------------------------------------------------------------------------------


def test_a_missing_event_is_none_and_told_with_a_near_name(play):
    """Real scenarios name members that do not exist; they live on, and are warned once."""
    played = play("""
        @on_started
        async def start(e):
            client = await connect()
            for member in ("Error", "ResponseOutputAudioDelta", "SessionCreated", "Error"):
                client.addEventListener(getattr(Grok.VoiceAgentAPIEvents, member), print)
            Logger.write(str(Grok.Events.WebSocketMediaStart))
            setTimeout(VoxEngine.terminate, 1000)
    """)
    assert played.logs == ["None"]
    assert not played.errors
    error, delta, created, media = played.warnings["no-such-member"]
    assert error == "there is no Grok.VoiceAgentAPIEvents.Error"
    assert delta.endswith("did you mean Grok.VoiceAgentAPIEvents.ResponseOutputAudioDone?")
    assert created.endswith("did you mean Grok.VoiceAgentAPIEvents.SessionUpdated?")
    assert media.endswith("did you mean Grok.Events.WebSocketMediaStarted?")


ABSENT = ["responseCancel", "inputAudioBufferCommit", "inputAudioBufferAppend",
          "conversationItemTruncate", "conversationItemDelete"]  # fmt: skip


@pytest.mark.parametrize("member", ABSENT)
def test_members_that_the_platform_lacks_are_absent(play, member):
    """Feature tests answer truly; who uses one all the same is told of a near one."""
    played = play(f"""
        @on_started
        async def start(e):
            client = await connect()
            Logger.write(str(hasattr(client, {member!r})))
            if getattr(client, {member!r}, None):
                client.{member}({{}})
            client.{member}({{}})
    """)
    assert played.logs == ["False"]
    (error,) = played.errors
    assert error["text"] == (
        f"Unhandled rejection: there is no Grok.VoiceAgentAPIClient.{member} on the platform"
    )
    assert error["code"] == "V203"
    assert error["line"] == 8
    nearest = {
        "responseCancel": "responseCreate",
        "conversationItemDelete": "conversationItemCreate",
        "conversationItemTruncate": "conversationItemCreate",
    }
    if member in nearest:
        assert error["hint"] == f"Did you mean {nearest[member]}?"


def test_missing_members_of_the_module(play):
    """A misspelt factory is explained."""
    played = play("""
        @on_started
        def start(e):
            Logger.write(str(hasattr(Grok, "createRealtimeAPIClient")))
            Grok.createVoiceAgentClient()
    """)
    assert played.logs == ["False"]
    assert played.errors[0]["text"] == "there is no Grok.createVoiceAgentClient on the platform"
    assert played.errors[0]["hint"] == "Did you mean createVoiceAgentAPIClient?"


def test_grok_is_not_there_before_require(tmp_path):
    """The name appears with `require(Modules.Grok)`, and requiring it again is harmless."""
    from voxrt.run import RunConfig, run

    path = tmp_path / "scenario.py"
    path.write_text(
        "Logger.write(str('Grok' in globals()))\n"
        "require(Modules.Grok)\n"
        "first = Grok\n"
        "require(Modules.Grok)\n"
        "Logger.write(str(Grok is first))\n"
        "VoxEngine.terminate()\n"
    )
    config = {"out": tmp_path / "run", "start": True, "speech": "synthetic"}
    result = run(RunConfig(scenarios=(path,), **config))
    lines = result.files["log"].read_text().splitlines()
    assert [line[24:] for line in lines if line[24:] in ("True", "False")] == ["False", "True"]
    path.write_text("Grok.createVoiceAgentAPIClient()\n")
    result = run(RunConfig(scenarios=(path,), **config))
    text = result.files["journal"].read_text()
    assert "name 'Grok' is not defined" in text
    assert "Add `require(Modules.Grok)` at the top of the scenario." in text
