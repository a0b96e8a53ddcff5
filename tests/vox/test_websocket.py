"""`WebSocket`: what comes in which order, what goes wrong, and what a scenario may do."""

from __future__ import annotations

import json

import pytest
from harness import play_in

#: Notes every event of a socket, and ends the session with the socket.
WATCH = """
const note = (text) => Logger.write(text);
function watch(ws) {
  for (const name of Object.keys(WebSocketEvents)) {
    ws.addEventListener(WebSocketEvents[name], (e) => {
      const seen = [name, e.text, e.code, e.reason, e.wasClean, e.tag, e.encoding,
        e.customParameters, e.mediaInfo].filter((x) => x !== undefined);
      note(JSON.stringify(seen) + (e.websocket === ws ? "" : " OTHER") + " " + ws.readyState);
    });
  }
  return ws;
}
function ending(ws) {
  ws.onclose = () => setTimeout(VoxEngine.terminate, 100);
  return watch(ws);
}
"""
PEER = """
websockets:
  - match: wss://app.example.com/
    open: [{text: welcome}]
    when:
      - {text: bye, do: [{close: 4001, reason: enough}]}
      - {text: drop, do: [{break: true}]}
      - {contains: ping, do: [{text: pong}], times: 1}
      - {regex: "^p", do: [{text: spent}]}
      - {json: {n: {a: 1}}, do: [{wait: 300}, {json: {ok: true}}]}
      - {media: stop, do: [{text: stopped}]}
"""
CALL = """
let call;
VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => {
  call = e.call;
  call.addEventListener(CallEvents.Connected, connected);
  call.answer();
});
"""
TALKER = "caller: {steps: [{wait: 300}, {say: 'I want a table.'}, {wait_for: event Disconnected}]}"


@pytest.fixture
def talk(play_js):
    """Plays a scenario that watches its sockets, with a peer."""

    def play(source, http=PEER, **options):
        if "caller" not in options:
            options["start"] = True
        return play_js(WATCH + source, http=http, **options)

    return play


def socket_records(played, what):
    return [record for record in played.of("socket") if record["what"] == what]


# --- life ---------------------------------------------------------------------------------------


def test_events_in_their_order_and_the_property_first(talk):
    played = talk(
        """
        const ws = ending(VoxEngine.createWebSocket("wss://app.example.com/"));
        note(`${ws.readyState} ${ws.url} ${ws instanceof WebSocket} ${ws.id().length > 10}`);
        for (const name of ["oncreated", "onopen", "onmessage", "onerror"])
          ws[name] = (e) => note(`${name} ${e.name}`);
        ws.send("before it is open");
        ws.onmessage = (e) => { note(`replaced ${e.text}`); ws.close(); ws.close(); };
        """
    )
    assert played.errors == []
    assert played.logs == [
        "connecting wss://app.example.com/ true true",
        "oncreated WebSocket.Created",
        '["CREATED"] connecting',
        "onopen WebSocket.Open",
        '["OPEN"] open',
        "replaced welcome",
        '["MESSAGE","welcome"] closing',
        '["CLOSE",1000,"Normal connection close",true] closed',
    ]
    assert [record["text"] for record in socket_records(played, "sent")] == ["before it is open"]
    (closing,) = [r for r in played.of("command") if r["name"] == "DestroyWebSocket"]
    created = next(r for r in played.of("command") if r["name"] == "CreateWebSocket")
    assert closing["params"] == [created["params"][0]["id"]]


def test_the_same_in_python(tmp_path):
    played = play_in(
        tmp_path,
        """
        ws = VoxEngine.createWebSocket(
            "wss://app.example.com/", protocols=["a", "b"],
            headers=[{"name": "Authorization", "value": "Bearer secret-token-77"}])
        ws.onmessage = lambda e: (Logger.write(f"{e.text} {e.websocket is ws}"), ws.close())
        ws.addEventListener(WebSocketEvents.CLOSE, lambda e: (
            Logger.write(f"{e.code} {ws.readyState} {JSON.stringify(ws)[:9]}"),
            VoxEngine.terminate()))
        """,
        http=PEER,
        start=True,
    )
    assert played.errors == []
    assert played.logs == ["welcome True", '1000 closed {"url":"w']
    assert [record["protocol"] for record in socket_records(played, "open")] == ["a"]
    assert "secret-token-77" not in played.result.files["journal"].read_text()


def test_texts_and_what_answers_them(talk):
    played = talk(
        """
        const ws = ending(VoxEngine.createWebSocket("wss://app.example.com/"));
        ws.onopen = () => {
          for (const text of ["ping", "ping", '{"n": {"a": 1, "b": 2}}', "nothing", "bye"])
            ws.send(text);
        };
        """
    )
    assert [json.loads(line[: line.rindex(" ")]) for line in played.logs][2:] == [
        ["MESSAGE", "welcome"],
        ["MESSAGE", "pong"],
        ["MESSAGE", "spent"],
        ["MESSAGE", '{"ok":true}'],
        ["CLOSE", 4001, "enough", True],
    ]


@pytest.mark.parametrize(
    ("text", "close"),
    [("bye", '["CLOSE",4001,"enough",true] closed'), ("drop", '["CLOSE",1006,"",false] closed')],
)
def test_the_far_end_closes(talk, text, close):
    played = talk(
        f"""
        const ws = ending(VoxEngine.createWebSocket("wss://app.example.com/"));
        ws.onopen = () => ws.send("{text}");
        """
    )
    assert played.logs[-1] == close
    assert played.warnings == []


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("wss://refused.example/", "Connection refused"),
        ("wss://forbidden.example/", "HTTP 403"),
        ("wss://unknown.example/", "--allow-net=unknown.example"),
        ("wss://10.0.0.1/", "wss:// takes a domain"),
    ],
)
def test_a_connection_that_fails(talk, url, why):
    played = talk(
        f'ending(VoxEngine.createWebSocket("{url}")).send("lost");',
        http="""
        websockets:
          - {match: wss://refused.example/, refuse: true}
          - {match: wss://forbidden.example/, refuse: 403}
        """,
    )
    assert played.logs == [
        '["CREATED"] connecting',
        '["ERROR"] closed',
        '["CLOSE",1006,"",false] closed',
    ]
    assert any(why in text for text in played.warnings)
    assert not socket_records(played, "sent")


def test_the_network_needs_time_that_passes(talk):
    played = talk(
        'ending(VoxEngine.createWebSocket("wss://real.example/"));',
        http="http: []",
        allow_net=("real.example",),
    )
    assert played.logs[-1] == '["CLOSE",1006,"",false] closed'
    assert any("--time real" in text for text in played.warnings)


@pytest.mark.parametrize("after_ms", [0, 20])
def test_closed_while_connecting(talk, after_ms):
    played = talk(
        f"""
        const ws = ending(VoxEngine.createWebSocket("wss://app.example.com/"));
        setTimeout(() => ws.close(), {after_ms});
        """
    )
    assert [json.loads(line[: line.rindex(" ")])[:2] for line in played.logs] == [
        ["CREATED"], ["ERROR"], ["CLOSE", 1006],
    ]  # fmt: skip


def test_after_its_end_nothing_is_done_and_it_is_said_once(talk):
    played = talk(
        """
        const ws = watch(VoxEngine.createWebSocket("wss://app.example.com/"));
        ws.onopen = () => ws.close();
        ws.onclose = () => {
          ws.send("a"); ws.send("b"); ws.close(); ws.clearMediaBuffer();
          VoxEngine.terminate();
        };
        """
    )
    assert played.errors == []
    assert played.warnings == [
        "WebSocket: it is closed, send does nothing",
        "WebSocket: it is closed, clearMediaBuffer does nothing",
    ]
    assert not socket_records(played, "sent")


def test_terminate_closes_it_and_nobody_hears(talk):
    played = talk(
        """
        const ws = watch(VoxEngine.createWebSocket("wss://app.example.com/"));
        ws.onopen = () => VoxEngine.terminate();
        VoxEngine.addEventListener(AppEvents.Terminating, () => {
          VoxEngine.createWebSocket("wss://app.example.com/").onerror = () => note("never");
        });
        """
    )
    assert played.errors == []
    assert played.logs == ['["CREATED"] connecting']
    assert played.events.count("WebSocket.Close") >= 1


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ('VoxEngine.createWebSocket("http://a/")', "the url begins with ws:// or wss://"),
        ("VoxEngine.createWebSocket()", "the url begins with ws:// or wss://"),
        ('VoxEngine.createWebSocket("wss://a:b/")', "the url begins with"),
        ('VoxEngine.createWebSocket("wss://a/", {protocols: 5})', "protocols are a string"),
        ('VoxEngine.createWebSocket("wss://a/", {headers: 5})', "headers must be an object"),
        ('VoxEngine.createWebSocket("wss://a/").send({})', "data must be a string, not an object"),
        ('new WebSocket("wss://a/")', "VoxEngine.createWebSocket"),
    ],
)
def test_wrong_arguments(talk, code, message):
    played = talk(f"{code};")
    assert len(played.errors) == 1
    assert message in played.errors[0]


def test_a_property_that_is_no_function_is_an_error_when_its_event_comes(talk):
    played = talk('VoxEngine.createWebSocket("wss://app.example.com/").onopen = 5;')
    assert "must be a function" in played.errors[0]


def test_privacy_records_nothing(talk):
    played = talk(
        """
        const ws = VoxEngine.createWebSocket("wss://app.example.com/", {privacy: true});
        ws.onopen = () => ws.send("confidential");
        ws.onmessage = (e) => { ws.close(); };
        ws.onclose = VoxEngine.terminate;
        """
    )
    assert played.errors == []
    assert not played.of("socket")
    assert "confidential" not in played.result.files["journal"].read_text().split("AppEvents")[0]
    assert not [name for name in played.events if name.startswith("WebSocket.")]


def test_trace_and_statistics(talk):
    played = talk(
        """
        const options = {trace: true, statistics: true};
        const ws = VoxEngine.createWebSocket("wss://app.example.com/", options);
        ws.oncreated = (e) => note(e.statisticsUrl);
        ws.onopen = () => ws.send("ping");
        ws.onmessage = (e) => { if (e.text === "pong") ws.close(); };
        ws.onclose = VoxEngine.terminate;
        """
    )
    assert played.logs == ["file:statistics/websocket-1.json"]
    trace = (played.result.out / "traces" / "websocket-1.txt").read_text().splitlines()
    assert [line[13:] for line in trace] == ["> ping", "< welcome", "< pong"]
    counts = json.loads((played.result.out / "statistics" / "websocket-1.json").read_text())
    assert (counts["messages_sent"], counts["messages_received"]) == (1, 2)


# --- a peer in Python -----------------------------------------------------------------------------


def test_a_peer_of_the_users_own(talk, tmp_path):
    world = tmp_path / "world.py"
    world.write_text(
        """
from voxrt.outside.peers import Peer

class App(Peer):
    protocol = "second"

    def opened(self):
        self.connection.send_json({"query": self.connection.request.query})
        self.connection.send(b"binary")
        self.connection.later(500, self.greet)

    def greet(self):
        self.connection.say("Good evening, how may I help?", tag="t")

    def text(self, text):
        if text == "fail":
            raise ValueError("as it is wanted")
        self.connection.send(text.upper())

    def closed(self, code, reason):
        self.connection.send("nobody gets this")

def websocket(request):
    return App
"""
    )
    played = talk(
        """
        const options = {protocols: ["first", "second"]};
        const ws = ending(VoxEngine.createWebSocket("wss://any.example/?a=1", options));
        ws.onopen = () => ws.send("hello");
        ws.onmediaended = () => ws.send("fail");
        """,
        http=world,
    )
    assert [json.loads(line[: line.rindex(" ")])[:4] for line in played.logs] == [
        ["CREATED"],
        ["OPEN"],
        ["MESSAGE", '{"query":{"a":"1"}}'],
        ["MESSAGE", "HELLO"],
        ["MEDIA_STARTED", "t", "PCM16"],
        ["MEDIA_ENDED", "t", {"duration": 1}],
        ["CLOSE", 1006, "", False],
    ]
    assert [record["protocol"] for record in socket_records(played, "open")] == ["second"]
    assert played.warnings == [
        "WebSocket: a binary message came, which is ignored: only text is taken",
        "the WebSocket peer raised ValueError: as it is wanted",
    ]


# --- incoming -------------------------------------------------------------------------------------

CLIENTS = """
clients:
  - at_ms: 100
    path: /agent
    headers: {X-Token: abc, Cookie: no}
    open: [{text: here}]
    when: [{text: bye, do: [{close: 1000}]}]
"""


def test_a_client_comes(talk):
    played = talk(
        """
        VoxEngine.allowWebSocketConnections();
        VoxEngine.addEventListener(AppEvents.WebSocket, (e) => {
          note(`${e.method} ${e.path.endsWith("/agent")} ${JSON.stringify(e.headers)}`);
          note(`${e.websocket.readyState} ${e.websocket.url.endsWith("/agent")}`);
          ending(e.websocket).onmessage = () => e.websocket.send("bye");
        });
        """,
        http=CLIENTS,
    )
    assert played.errors == []
    assert played.logs == [
        'GET true [{"key":"X-Token","value":"abc"}]',
        "connecting true",
        '["OPEN"] open',
        '["MESSAGE","here"] open',
        '["CLOSE",1000,"Normal connection close",true] closed',
    ]


def test_properties_without_a_handler_are_null(talk):
    played = talk(
        """
        const ws = VoxEngine.createWebSocket("wss://app.example.com/");
        const names = ["onclose", "onerror", "onmessage", "onopen", "oncreated", "onmediastarted",
          "onmediaended"];
        note(names.every((name) => ws[name] === null));
        ws.onopen = () => note("open");
        note(typeof ws.onopen);
        ws.onopen = null;
        note(ws.onopen === null);
        VoxEngine.terminate();
        """
    )
    assert played.logs == ["true", "function", "true"]


def test_nobody_allowed_it(talk):
    played = talk(
        """
        VoxEngine.addEventListener(AppEvents.WebSocket, () => note("never"));
        VoxEngine.addEventListener(AppEvents.NewWebSocketFailed, () => note("never"));
        setTimeout(VoxEngine.terminate, 500);
        """,
        http=CLIENTS,
    )
    assert played.logs == []
    assert [record["code"] for record in played.of("access")] == [403]
    assert any("allowWebSocketConnections" in text for text in played.warnings)


@pytest.mark.parametrize(("mode", "come"), [("enforce", 3), ("off", 5)])
def test_more_than_calls_and_three(talk, mode, come):
    clients = "clients:\n" + "".join(f"  - {{at_ms: {100 * n}}}\n" for n in range(1, 6))
    played = talk(
        """
        VoxEngine.allowWebSocketConnections();
        VoxEngine.addEventListener(AppEvents.WebSocket, (e) => note("came"));
        VoxEngine.addEventListener(AppEvents.NewWebSocketFailed, (e) => note(e.reason));
        setTimeout(VoxEngine.terminate, 1000);
        """,
        http=clients,
        limits=mode,
    )
    failed = ["WebSocket connections limit reached"] * (5 - come)
    assert played.logs == ["came"] * come + failed


def test_a_call_makes_room_and_its_end_closes_nothing(talk):
    clients = "clients:\n" + "".join(f"  - {{at_ms: {200 + n}}}\n" for n in range(5))
    played = talk(
        """
        VoxEngine.allowWebSocketConnections();
        VoxEngine.addEventListener(AppEvents.WebSocket, (e) => {
          e.websocket.onclose = () => note("never");
          note("came");
        });
        VoxEngine.addEventListener(AppEvents.NewWebSocketFailed, (e) => note("failed"));
        VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => {
          e.call.answer();
          setTimeout(() => e.call.hangup(), 500);
          setTimeout(VoxEngine.terminate, 1000);
        });
        """,
        http=clients,
        caller="caller: {steps: [{wait_for: event Disconnected}]}",
    )
    assert played.logs == ["came"] * 4 + ["failed"]


def test_a_client_of_a_caller_script(talk):
    played = talk(
        """
        VoxEngine.allowWebSocketConnections();
        VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => e.call.answer());
        VoxEngine.addEventListener(AppEvents.WebSocket, (e) => {
          note(`${e.path.endsWith("/agent")} ${e.headers[0].value}`);
          ending(e.websocket).onmessage = () => e.websocket.send("bye");
        });
        """,
        http="http: []",
        caller="""
        caller:
          steps:
            - wait: 200
            - websocket: /agent
              headers: {X-Token: abc}
              open: [{text: here}]
              when: [{text: bye, do: {close: 4000}}]
            - wait_for: event Disconnected
        """,
    )
    assert played.errors == []
    assert played.logs == [
        "true abc",
        '["OPEN"] open',
        '["MESSAGE","here"] open',
        '["CLOSE",4000,"",true] closed',
    ]
