"""`createVoiceAgentAPIClient`: what it resolves to and when, and how connections end."""

from __future__ import annotations

import json

import pytest

from voxrt.errors import UsageError

ORDER = """
    @on_started
    async def start(e):
        client = await connect()
        Logger.write("resolved")
        setTimeout(VoxEngine.terminate, 2000)
"""


def steps(played):
    """The order of what a log shows of a connection."""
    found = []
    for record in played.records:
        if record["kind"] == "command":
            found.append(record["name"])
        elif record["kind"] == "log":
            found.append(record["text"])
        elif record["kind"] == "event" and record["unit"] in ("websocket", "grok"):
            found.append(record["name"].removeprefix("Grok.VoiceAgentAPI."))
    return found


def test_the_order_of_a_connection(play):
    """The promise resolves with the local socket, before the provider is reached."""
    played = play(ORDER)
    assert steps(played)[:8] == [
        "CreateWebSocket",
        "WebSocket.Created",
        "WebSocket.Open",
        "resolved",
        "ConnectorInformation",
        "Unknown",
        "ConversationCreated",
        "Unknown",
    ]
    at_ms = {step: record["t"] for step, record in _timed(played)}
    assert at_ms["WebSocket.Created"] == 1
    assert at_ms["WebSocket.Open"] == 8
    assert at_ms["resolved"] == 13
    assert at_ms["ConnectorInformation"] == 60
    assert at_ms["ConversationCreated"] >= 100


def _timed(played):
    for record in played.records:
        if record["kind"] == "event":
            yield record["name"].rpartition("VoiceAgentAPI.")[2], record
        elif record["kind"] == "log":
            yield record["text"], record


def test_the_log_has_the_same_order(play):
    """Tools that read the platform's log find its lines, the credentials as stars."""
    text = play(ORDER).log_text
    create = "CreateWebSocket with params [{id = "
    places = [text.index(part) for part in (create, "WebSocket.Created", "WebSocket.Open")]
    assert places == sorted(places)
    line = next(line for line in text.splitlines() if create in line)
    assert "; wss://local/grok ; {headers = ****** ; privacy = false ; }" in line


def test_it_resolves_to_a_client(play):
    """The client is a media unit with two identifiers, and stringifies to nothing."""
    played = play("""
        @on_started
        async def start(e):
            global client
            client = await connect()
            Logger.write(JSON.stringify(client))
            VoxEngine.terminate()
    """)
    client = played.names["client"]
    assert type(client).__name__ == "VoiceAgentAPIClient"
    assert isinstance(client.id(), str)
    assert len(client.id()) == 43
    assert client.id() != client.webSocketId()
    assert played.logs == ["{}"]


def test_listeners_added_after_await_miss_nothing(play):
    """Everything comes after the line behind `await`, whatever else happens at that instant."""
    played = play("""
        @on_started
        async def start(e):
            for _ in range(20):  # timers that are due when the promise resolves
                setTimeout(lambda: Logger.write("tick"), 13)
            client = await connect()
            setTimeout(lambda: Logger.write("tock"), 0)
            setTimeout(VoxEngine.terminate, 2000)
    """)
    assert played.seen_names[:3] == ["ConnectorInformation", "Unknown", "ConversationCreated"]
    events = [r for r in played.of("event") if r["unit"] == "grok"]
    assert all(record["handlers"] == 1 for record in events)
    assert played.logs.count("tick") == 20


def test_two_clients_at_the_same_instant(play):
    """Two handlers that connect at once each get their own client and all of its events."""
    played = play("""
        both = []

        async def one(e):
            mine = []
            client = await Grok.createVoiceAgentAPIClient(xAIApiKey=KEY, model="m")
            watch(client, mine)
            both.append((client, mine))

        on_started(one)
        on_started(one)
        setTimeout(VoxEngine.terminate, 2000)
    """)
    (first, heard), (second, also_heard) = played.names["both"]
    assert first is not second
    assert first.id() != second.id()
    assert first.webSocketId() != second.webSocketId()
    assert [e.name for e in heard] == [e.name for e in also_heard]
    assert all(event.client is first for event in heard)
    assert all(event.client is second for event in also_heard)


def test_prewarmed_client_resolves_for_all_who_await(play):
    """A promise that is kept resolves to the same client for everybody."""
    played = play("""
        promise = None

        @on_started
        async def start(e):
            global promise
            promise = Grok.createVoiceAgentAPIClient({"xAIApiKey": KEY, "model": "m"})
            first = await promise
            second = await promise
            Logger.write(str(first is second))
            VoxEngine.terminate()
    """)
    assert played.logs == ["True"]


def test_then_and_catch(play):
    """The promise can be used without `await`."""
    played = play("""
        promise = Grok.createVoiceAgentAPIClient(xAIApiKey=KEY, model="m")
        promise.then(lambda client: Logger.write("client " + str(len(client.id()))))
        Grok.createVoiceAgentAPIClient().catch(lambda error: Logger.write(str(error)))
        setTimeout(VoxEngine.terminate, 500)
    """)
    assert played.logs == ["Grok.createVoiceAgentAPIClient: xAIApiKey is missing", "client 43"]


GOOD = [
    '{"xAIApiKey": KEY, "model": "m"}',
    '**{"xAIApiKey": KEY, "model": "m"}',
    '{"xAIApiKey": KEY}, model="m"',
    '{"xAIApiKey": KEY, "model": "m", "statistics": None, "trace": None, "privacy": None}',
    '{"xAIApiKey": KEY, "model": "m", "onWebSocketClose": None, "temperature": 1, "x": {}}',
    'xAIApiKey=KEY, model="m", statistics=False, trace=False, privacy=False',
]


@pytest.mark.parametrize("arguments", GOOD)
def test_forms_of_the_parameters(play, provider, arguments):
    """An object or keywords; nulls are as good as nothing; unknown names are tolerated."""
    link = provider()
    played = play(
        f"""
        @on_started
        async def start(e):
            client = await Grok.createVoiceAgentAPIClient({arguments})
            setTimeout(VoxEngine.terminate, 500)
        """,
        link=link,
    )
    assert not played.errors
    assert link.links[0].query == {"model": "m"}
    assert link.links[0].headers == {"Authorization": "Bearer xai-key-of-these-tests"}


BAD = [
    ("", "xAIApiKey is missing"),
    ("{}", "xAIApiKey is missing"),
    ("None", "xAIApiKey is missing"),
    ('{"xAIApiKey": None}', "xAIApiKey is missing"),
    ('{"xAIApiKey": ""}', "xAIApiKey is empty"),
    ('{"xAIApiKey": 5}', "xAIApiKey is not a string"),
    ("xAIApiKey=VoxEngine.getSecretValue('NO_SUCH')", "xAIApiKey is missing"),
    ("KEY", "needs an object, not a string"),
    ("[KEY]", "needs an object, not an array"),
    ("xAIApiKey=KEY, model=5", "model must be a string"),
    ("xAIApiKey=KEY, statistics='yes'", "statistics must be a boolean"),
    ("xAIApiKey=KEY, trace=1", "trace must be a boolean"),
    ("xAIApiKey=KEY, privacy='false'", "privacy must be a boolean"),
    ("xAIApiKey=KEY, onWebSocketClose='end'", "onWebSocketClose must be a function"),
]


@pytest.mark.parametrize(("arguments", "told"), BAD)
def test_malformed_parameters_reject_the_promise(play, arguments, told):
    """`await` raises where it stands; a scenario can catch it and go on."""
    played = play(f"""
        @on_started
        async def start(e):
            try:
                await Grok.createVoiceAgentAPIClient({arguments})
            except Exception as error:
                Logger.write(str(error))
            VoxEngine.terminate()
    """)
    assert played.logs == [
        f"Grok.createVoiceAgentAPIClient{':' if 'needs' not in told else ''} {told}"
    ]
    assert not played.errors


@pytest.mark.parametrize("wait", ["await ", ""], ids=["awaited", "not awaited"])
def test_an_uncaught_rejection_names_the_line(play, wait):
    """Even when nobody awaits it, the message points at the call in the scenario."""
    played = play(f"""
        @on_started
        async def start(e):
            Logger.write("before")
            {wait}Grok.createVoiceAgentAPIClient(xAIApiKey=7)
            Logger.write("after")

        setTimeout(VoxEngine.terminate, 100)
    """)
    (error,) = played.errors
    assert error["text"] == (
        "Unhandled rejection: Grok.createVoiceAgentAPIClient: xAIApiKey is not a string"
    )
    assert error["file"].endswith("scenario.py")
    assert error["line"] == 5
    assert error["code"] == "V202"
    assert len(error["stack"]) == 1
    # As on the platform, it does not end the session.
    assert played.result.finish_reason == "Normal termination"
    assert played.logs == (["before"] if wait else ["before", "after"])


def test_a_forgotten_await_is_explained(play):
    """The most likely mistake of all has a hint."""
    played = play("""
        @on_started
        def start(e):
            client = Grok.createVoiceAgentAPIClient(xAIApiKey=KEY, model="m")
            client.sessionUpdate(session={})
    """)
    (error,) = played.errors
    assert error["line"] == 5
    assert error["hint"] == "Write `await` before the call whose result this is."


def test_without_a_model_the_platforms_default_is_used_and_told(play, provider):
    """xAI gets the documented default, and the author learns that it is deprecated."""
    link = provider()
    played = play(
        """
        @on_started
        async def start(e):
            client = await Grok.createVoiceAgentAPIClient(xAIApiKey=KEY)
            setTimeout(VoxEngine.terminate, 500)
        """,
        link=link,
    )
    assert link.links[0].query == {"model": "grok-voice-fast-1.0"}
    assert played.warnings == {
        "default-model": [
            "without `model` the platform uses grok-voice-fast-1.0, which xAI has deprecated"
        ]
    }


CLOSES = """
    closes = []

    def closed(event):
        closes.append((event, getattr(event.websocket, "readyState", None)))
        Logger.write(JSON.stringify(event))

    @on_started
    async def start(e):
        options = dict(xAIApiKey=KEY, onWebSocketClose=closed{more})
        client = await Grok.createVoiceAgentAPIClient(options)
        watch(client)
        setTimeout(VoxEngine.terminate, 3000)
"""


def refused(played):
    """Checks a refused connection, and returns the ms from its opening to its end."""
    ((event, state),) = played.names["closes"]
    assert event.name == "WebSocket.Close"
    assert event.code == 1011
    assert event.reason == "Internal server error while operating"
    assert event.wasClean is False
    assert event.websocket.id() == event.id
    assert state == "closed"
    assert played.seen_names == ["ConnectorInformation"]
    opened = played.of("event", name="WebSocket.Open")[0]["t"]
    return played.of("event", name="WebSocket.Close")[0]["t"] - opened


def test_default_model_dies(play):
    """With the switch, the deprecated default model dies as users reported it: with 1011."""
    options = {"grok_options": {"default_model_dies": True}}
    assert refused(play(CLOSES.format(more=""), **options)) == 100
    # A model that is named lives.
    named = play(CLOSES.format(more=', model="grok-voice-latest"'), **options)
    assert named.names["closes"] == []
    assert "ConversationCreated" in named.seen_names


@pytest.mark.parametrize("status", [401, 403, 429, 500])
def test_a_refused_key_closes_with_1011(play, status):
    """The promise resolves; the refusal comes as the close of the socket soon after."""
    played = play(
        CLOSES.format(more=', model="grok-voice-latest"'),
        agent=f"faults: [{{fault: refuse, status: {status}, message: no such luck}}]",
    )
    assert 80 <= refused(played) <= 120
    (told,) = played.warnings["provider"]
    assert told == f"Grok: no connection to the provider: HTTP {status}: no such luck"


@pytest.mark.parametrize("key", ["two words", "line\n", "schlüssel", "\x00key"])
def test_a_key_that_no_header_can_carry_is_refused(play, key):
    """It cannot be sent, so it ends as any wrong key does; a newline at its end is typical."""
    source = CLOSES.format(more=', model="m"').replace("xAIApiKey=KEY", f"xAIApiKey={key!r}")
    played = play(source)
    refused(played)
    (told,) = played.warnings["provider"]
    assert told.startswith("Grok: no connection to the provider: The xAI API key is empty or has")


def test_the_close_event_stringifies(play):
    """`JSON.stringify` of a close event shows the socket as the platform's does."""
    played = play(CLOSES.format(more=', model="m"'), agent="faults: [{fault: refuse}]")
    event = json.loads(played.logs[0])
    assert list(event) == ["name", "id", "websocket", "code", "wasClean", "reason"]
    assert event["websocket"] == {
        "url": "wss://local/grok",
        "readyState": "closed",
        "_id": event["id"],
    }


def test_a_wrong_key_can_be_told_from_a_right_one(play):
    """The fault may name the key that is refused."""
    source = """
        @on_started
        async def start(e):
            for key in ("the-wrong-one", "the-right-one"):
                client = await Grok.createVoiceAgentAPIClient(
                    xAIApiKey=key, model="m",
                    onWebSocketClose=lambda e: Logger.write("closed " + str(e.code)),
                )
                watch(client)
            setTimeout(VoxEngine.terminate, 2000)
    """
    played = play(source, agent="faults: [{fault: refuse, key: the-wrong-one}]")
    assert played.logs == ["closed 1011"]
    assert played.seen_names.count("ConversationCreated") == 1
    assert "the-wrong-one" not in played.log_text


def test_close_before_the_provider_is_reached(play, provider):
    """The attempt ends; the close is the platform's normal one, and nothing comes any more."""
    link = provider()
    played = play(
        """
        @on_started
        async def start(e):
            client = await connect(onWebSocketClose=lambda e: Logger.write(JSON.stringify(e)))
            client.close()
            setTimeout(VoxEngine.terminate, 3000)
        """,
        link=link,
    )
    assert link.links == []
    event = json.loads(played.logs[0])
    assert (event["code"], event["reason"], event["wasClean"]) == (
        1000,
        "Normal connection close",
        True,
    )
    assert played.seen == []


def test_close_twice(play):
    """The second close does nothing, and there is one close event and one command."""
    played = play("""
        @on_started
        async def start(e):
            client = await connect(onWebSocketClose=lambda e: Logger.write("closed"))
            on(client, "ConversationCreated", lambda e: (client.close(), client.close()))
            setTimeout(client.close, 1000)
            setTimeout(VoxEngine.terminate, 2000)
    """)
    assert played.logs == ["closed"]
    assert [r["name"] for r in played.of("command")].count("DestroyWebSocket") == 1
    assert [e for e in played.seen_names if e == "ConversationCreated"]


def test_after_the_close_methods_are_ignored_with_a_warning(play):
    """A closed client takes every call, does nothing, and says so once for each method."""
    played = play("""
        other = None

        @on_started
        async def start(e):
            global other
            client, other = await connect(), await connect()
            client.close()
            for _ in range(2):
                client.sessionUpdate(session={})
                client.conversationItemCreate(item={})
                client.responseCreate({})
                client.inputAudioBufferClear({})
                client.clearMediaBuffer()
                client.sendMediaTo(other)
                other.sendMediaTo(client)
                VoxEngine.sendMediaBetween(client, other)
                client.stopMediaTo(other)
            Logger.write(client.id() != "" and client.webSocketId() != "")
            setTimeout(VoxEngine.terminate, 2000)
    """)
    assert not played.errors
    assert played.logs == ["true"]
    assert played.warnings["ignored"] == [
        f"Grok: the client is closed, {what} does nothing"
        for what in (
            "sessionUpdate",
            "conversationItemCreate",
            "responseCreate",
            "inputAudioBufferClear",
            "clearMediaBuffer",
            "sendMediaTo",
            "sending media to it",
        )
    ]


def test_what_is_sent_before_the_link_is_open_waits_in_order(play, provider):
    """Methods may be called right after `await`: xAI gets it all, in order, once it is there."""
    link = provider()
    play(
        """
        @on_started
        async def start(e):
            client = await connect()
            client.conversationItemCreate(item={"n": 1})
            client.sessionUpdate(session={"n": 2})
            client.responseCreate({})
            client.inputAudioBufferClear(event_id="last")
            setTimeout(VoxEngine.terminate, 500)
        """,
        link=link,
    )
    messages = link.links[0].messages
    assert [m["type"] for m in messages] == [
        "conversation.item.create",
        "session.update",
        "response.create",
        "input_audio_buffer.clear",
    ]
    assert link.links[0].frames[0][0] == 100


def test_a_lost_connection_is_told_as_it_was(play, provider):
    """Codes of the provider reach the scenario; a reason is the platform's when it gave none."""
    ends = [
        ((1000, "", True), (1000, "Normal connection close", True)),
        ((1000, "bye", True), (1000, "bye", True)),
        ((1006, "", False), (1006, "", False)),
        ((1011, "", True), (1011, "Internal server error while operating", True)),
        ((4003, "quota", True), (4003, "quota", True)),
    ]
    for given, expected in ends:
        link = provider([(50, lambda to, given=given: to.hang_up(*given))])
        played = play(CLOSES.format(more=', model="m"'), link=link)
        ((event, _),) = played.names["closes"]
        assert (event.code, event.reason, event.wasClean) == expected


def test_the_session_ends_with_the_client_open(play, provider):
    """`terminate` closes the connection; the close is in the journal, and no handler gets it."""
    link = provider()
    played = play(
        """
        @on_started
        async def start(e):
            client = await connect(onWebSocketClose=lambda e: Logger.write("closed"))
            setTimeout(VoxEngine.terminate, 500)
        """,
        link=link,
    )
    assert link.links[0].closed == [(1000, "")]
    (closed,) = played.of("event", name="WebSocket.Close")
    assert closed["handlers"] == 0
    assert played.logs == []


def test_terminate_while_the_client_is_being_made(play):
    """A session that ends before the promise resolves leaves nothing behind."""
    for at_ms in (0, 1, 8, 13, 60, 100):
        played = play(f"""
            @on_started
            async def start(e):
                setTimeout(VoxEngine.terminate, {at_ms})
                await connect()
                Logger.write("after")
        """)
        assert played.result.outcome == "normal"


def test_one_client_after_the_other(play):
    """A scenario may reconnect from `onWebSocketClose`, as some do."""
    source = """
        attempts = []

        async def begin(e=None):
            attempts.append(e)
            if len(attempts) > 3:
                VoxEngine.terminate()
                return
            await connect(onWebSocketClose=begin)

        on_started(begin)
    """
    played = play(source, agent="faults: [{fault: close, at: conversation.created, code: 1011}]")
    assert [getattr(e, "code", None) for e in played.names["attempts"]] == [None, 1011, 1011, 1011]
    assert played.seen_names.count("ConversationCreated") == 3


def test_wrong_options_are_refused_before_anything_runs(play, tmp_path):
    """A misspelt switch or value is a usage error that names what there is."""
    with pytest.raises(UsageError, match=r"no option 'transcript'.*transcripts"):
        play("", grok_options={"transcript": "named"})
    with pytest.raises(UsageError, match="pings is one of true, false, not 'often'"):
        play("", grok_options={"pings": "often"})
    assert not list(tmp_path.rglob("journal.jsonl"))
