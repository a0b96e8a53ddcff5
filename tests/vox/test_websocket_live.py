"""WebSockets over a real network: the loopback, at both ends."""

from __future__ import annotations

import base64
import hashlib
import socketserver

from loopback import in_thread

#: A scenario that is its own application: it connects to its own access URL.
BOTH_ENDS = """
const log = (text) => Logger.write(text);
VoxEngine.allowWebSocketConnections();
VoxEngine.addEventListener(AppEvents.WebSocket, (e) => {
  const come = e.websocket;
  log(`came ${e.method} ${e.path.endsWith("/in?a=1")} ${e.headers[0].value} ${come.readyState}`);
  come.onopen = () => log(`come open ${come.readyState}`);
  come.onmessage = (m) => { log(`come ${m.text}`); come.send(`echo ${m.text}`); };
  come.onclose = (m) => {
    log(`come closed ${m.code} ${m.wasClean}`);
    setTimeout(VoxEngine.terminate, 2000);
  };
});
VoxEngine.addEventListener(AppEvents.Started, (e) => {
  const url = e.accessURL.replace("http", "ws") + "/in?a=1";
  const ws = VoxEngine.createWebSocket(url, {headers: [{name: "X-Key", value: "k"}]});
  ws.send("early");
  ws.onopen = () => ws.send("ž".repeat(70000));
  ws.onmessage = (m) => { log(m.text.slice(0, 12)); if (m.text.length > 100) ws.close(); };
  ws.onclose = (m) => log(`closed ${m.code} ${m.reason} ${m.wasClean} ${ws.readyState}`);
});
"""

LIVE = {"start": True, "time": "10", "serve": 0, "allow_net": ("127.0.0.1",)}


def test_a_scenario_talks_to_itself(play_js):
    played = play_js(BOTH_ENDS, **LIVE)
    assert played.errors == []
    logs = [line if len(line) < 100 else line[:12] for line in played.logs]
    assert logs[:2] == ["came GET true k connecting", "come open open"]
    # Each end has its order; how the two mix is the network's business.
    assert [line for line in logs[2:] if line.startswith("come")] == [
        "come early",
        "come " + "ž" * 7,
        "come closed 1000 true",
    ]
    assert [line for line in logs[2:] if not line.startswith("come")] == [
        "echo early",
        "echo " + "ž" * 7,
        "closed 1000 Normal connection close true closed",
    ]
    assert [record["code"] for record in played.of("access")] == [101]


def test_without_permission_the_client_gets_403(play_js):
    played = play_js(
        """
        VoxEngine.addEventListener(AppEvents.Started, (e) => {
          const ws = VoxEngine.createWebSocket(e.accessURL.replace("http", "ws"));
          ws.onerror = () => Logger.write("error");
          ws.onclose = (m) => { Logger.write(`${m.code} ${m.wasClean}`); VoxEngine.terminate(); };
        });
        """,
        **LIVE,
    )
    assert played.logs == ["error", "1006 false"]
    assert [record["code"] for record in played.of("access")] == [403]
    assert any("allowWebSocketConnections" in text for text in played.warnings)
    assert any("HTTP 403" in text for text in played.warnings)


def test_nobody_listens(play_js):
    played = play_js(
        """
        const ws = VoxEngine.createWebSocket("ws://127.0.0.1:9/");
        ws.onerror = () => Logger.write("error");
        ws.onclose = (m) => { Logger.write(`${m.code} ${m.wasClean}`); VoxEngine.terminate(); };
        """,
        **LIVE,
    )
    assert played.logs == ["error", "1006 false"]
    assert any("Connection refused" in text for text in played.warnings)


def test_terminating_closes_what_is_open(play_js):
    played = play_js(
        """
        VoxEngine.allowWebSocketConnections();
        VoxEngine.addEventListener(AppEvents.WebSocket, (e) => {
          e.websocket.onopen = () => VoxEngine.terminate();
          e.websocket.onclose = () => Logger.write("never");
        });
        VoxEngine.addEventListener(AppEvents.Started, (e) => {
          VoxEngine.createWebSocket(e.accessURL.replace("http", "ws"));
        });
        """,
        **LIVE,
    )
    assert (played.errors, played.logs) == ([], [])
    assert played.result.outcome == "normal"


def test_sound_crosses_the_network_both_ways(play_js):
    """A call's sound goes out and comes back: the application sends frames back as they are."""
    played = play_js(
        """
        VoxEngine.allowWebSocketConnections();
        let call, url, frames = 0;
        VoxEngine.addEventListener(AppEvents.Started, (e) => { url = e.accessURL; });
        VoxEngine.addEventListener(AppEvents.WebSocket, (e) => {
          const come = e.websocket;
          call.sendMediaTo(come, {encoding: WebSocketAudioEncoding.ULAW, tag: "t"});
        });
        VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => {
          call = e.call;
          call.answer();
          call.addEventListener(CallEvents.Connected, () => {
            const ws = VoxEngine.createWebSocket(url.replace("http", "ws"));
            ws.onmediastarted = (m) => Logger.write(`started ${m.tag} ${m.encoding}`);
            setTimeout(() => call.hangup(), 1500);
          });
          call.addEventListener(CallEvents.Disconnected, () => {
            setTimeout(VoxEngine.terminate, 500);
          });
        });
        """,
        caller="caller: {steps: [{say: 'Can you hear me?'}, {wait_for: event Disconnected}]}",
        time="2",
        serve=0,
        allow_net=("127.0.0.1",),
    )
    assert played.errors == []
    assert played.logs == ["started t ULAW"]
    frames = [record for record in played.of("socket") if record.get("frame")]
    kinds = [(record["what"], record["frame"]) for record in frames]
    assert kinds == [
        ("sent", "start"), ("received", "start"), ("sent", "stop"), ("received", "stop"),
    ]  # fmt: skip
    sent, received = frames[2], frames[3]
    assert sent["frames"] == received["frames"] > 30
    assert sent["bytes"] == sent["frames"] * 160


TOO_LARGE = """
VoxEngine.allowWebSocketConnections();
VoxEngine.addEventListener(AppEvents.WebSocket, ({websocket}) => {
  websocket.onmessage = (m) => Logger.write(`came ${m.text.length}`);
  websocket.onclose = (m) => Logger.write(`came closed ${m.code}`);
});
VoxEngine.addEventListener(AppEvents.Started, (e) => {
  const ws = VoxEngine.createWebSocket(e.accessURL.replace("http", "ws"));
  ws.onopen = () => { ws.send("a".repeat(70000)); ws.send("a".repeat(300000)); };
  ws.onclose = (m) => {
    Logger.write(`closed ${m.code} ${m.reason}`);
    setTimeout(VoxEngine.terminate, 2000);
  };
});
"""


def test_a_message_that_is_too_large_closes_the_connection(play_js, monkeypatch):
    """1009, told to the one who sent it; nothing of the message is delivered."""
    monkeypatch.setattr("voxrt.outside.websocket.LARGEST_MESSAGE", 100_000)
    played = play_js(TOO_LARGE, **LIVE)
    assert played.errors == []
    assert "came 70000" in played.logs
    assert "came 300000" not in played.logs
    assert "closed 1009 a message of more than 100000 bytes" in played.logs
    assert "came closed 1009" in played.logs


class ClosesWithoutACode(socketserver.StreamRequestHandler):
    """A server that agrees to a WebSocket, and sends a close frame that is empty."""

    def handle(self):
        key = b""
        while line := self.rfile.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"sec-websocket-key":
                key = value.strip()
        accept = base64.b64encode(
            hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()
        )
        self.wfile.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\nSec-WebSocket-Protocol: chat\r\n\r\n"
        )
        self.wfile.write(b"\x88\x00")
        self.server.answers.append(self.rfile.read(6)[:2])


class SpeaksNoTls(socketserver.StreamRequestHandler):
    """A server that does not know TLS."""

    def handle(self):
        self.rfile.readline()
        self.wfile.write(b"what?\r\n")


def serve(handler):
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
    server.answers = []
    return server


CLOSED = """
const ws = VoxEngine.createWebSocket("@URL@");
ws.onopen = () => Logger.write("open");
ws.onerror = () => Logger.write("error");
ws.onclose = (m) => {
  Logger.write(JSON.stringify([m.code, m.reason, m.wasClean]));
  VoxEngine.terminate();
};
"""


def test_a_close_without_a_code_is_1005(play_js):
    """It is answered in kind."""
    with in_thread(serve(ClosesWithoutACode)) as server:
        url = f"ws://127.0.0.1:{server.server_address[1]}/"
        played = play_js(CLOSED.replace("@URL@", url), **LIVE)
    assert played.logs == ["open", '[1005,"",true]']
    assert server.answers == [b"\x88\x80"]


def test_tls_that_fails_is_1006(play_js):
    """No scenario ever sees 1015: it stands for this where there is no better word."""
    with in_thread(serve(SpeaksNoTls)) as server:
        url = f"wss://localhost:{server.server_address[1]}/"
        played = play_js(CLOSED.replace("@URL@", url), **{**LIVE, "allow_net": ("localhost",)})
    assert played.logs == ["error", '[1006,"",false]']
    [told] = played.warnings
    assert "no connection" in told
    assert "SSL" in told.upper()
