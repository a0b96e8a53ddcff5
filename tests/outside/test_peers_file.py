"""WebSocket peers in files of answers: what they may say, and what is wrong with the others."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest

from voxrt.errors import DocumentError
from voxrt.outside import peers_file
from voxrt.outside.exchange import Request
from voxrt.outside.peers import (
    ENCODINGS,
    Close,
    Pause,
    Peer,
    PeerPlan,
    Refused,
    SendSound,
    SendText,
)
from voxrt.outside.rules_file import load_rules, parse_rules

EVERYTHING = """
websockets:
  - match: {prefix: "wss://a.example/", query: {id: 7}, headers: {X-Key: "*"}}
    delay_ms: 120
    times: 2
    protocol: chat
    echo: true
    open:
      - text: welcome
      - json: {a: [1]}
      - {say: Hello, voice: caller, encoding: ULAW, tag: t, parameters: {k: 1}, fast: true}
      - wait: 200
      - {close: 4000, reason: enough}
    when:
      - {text: hi, do: {text: ho}, times: 1}
      - {contains: bye, do: [{break: true}]}
      - {regex: "^x", do: []}
      - {json: {n: 1}, do: [{close: }]}
      - {heard: table, do: [{text: ok}]}
      - {media: stop, do: [{text: ok}]}
  - {match: wss://b.example/, refuse: true}
  - {match: wss://c.example/, refuse: 401}
  - {refuse: broken}
clients:
  - {at_ms: 100, path: /in, headers: {X-A: b}, open: {text: here}}
"""


def test_everything():
    rules = parse_rules(EVERYTHING, file="rules.yaml")
    first, *others = rules.websockets
    assert (first.match.prefix, first.match.query) == ("wss://a.example/", {"id": "7"})
    assert (first.delay_ms, first.times, first.place) == (120, 2, "rules.yaml:3")
    plan = first.reply
    assert (plan.protocol, plan.echo) == ("chat", True)
    welcome, value, sound, pause, close = plan.open
    assert welcome == SendText(text="welcome")
    assert value == SendText(text='{"a":[1]}')
    assert sound == SendSound(
        say="Hello", voice="caller", encoding="ULAW", tag="t", parameters={"k": "1"}, fast=True,
        place="rules.yaml:11",
    )  # fmt: skip
    assert (pause, close) == (Pause(ms=200), Close(code=4000, reason="enough"))
    kinds = [(r.text, r.contains, r.json, r.media, r.times) for r in plan.when]
    assert kinds == [
        ("hi", None, None, None, 1),
        (None, "bye", None, None, None),
        (None, None, None, None, None),
        (None, None, {"n": 1}, None, None),
        (None, None, None, None, None),
        (None, None, None, "stop", None),
    ]
    assert [r.steps for r in plan.when[:4]] == [
        (SendText(text="ho"),), (Close(code=None),), (), (Close(code=1000),),
    ]  # fmt: skip
    assert (plan.when[2].regex.pattern, plan.when[4].heard.pattern) == ("^x", "table")
    assert [answer.reply for answer in others] == [
        Refused(why="Connection refused"), Refused(why="HTTP 401"), Refused(why="broken"),
    ]  # fmt: skip
    (client,) = rules.clients
    assert (client.at_ms, client.path, client.headers) == (100, "/in", (("X-A", "b"),))
    assert client.plan == PeerPlan(open=(SendText(text="here"),))


def test_the_first_that_matches_is_taken_and_the_rest_are_unused():
    rules = parse_rules(EVERYTHING, file="rules.yaml")
    asked = Request(url="wss://a.example/x?id=7", headers=(("X-Key", "k"),))
    taken = [rules.answer_socket(asked).reply for _ in range(3)]
    assert [isinstance(reply, PeerPlan) for reply in taken] == [True, True, False]
    assert rules.unused() == [
        "rules.yaml:21 wss://b.example/",
        "rules.yaml:22 wss://c.example/",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- {match: http://a/, open: []}", "begins with ws:// or wss://, not 'http://a/'"),
        ("- {match: {url: wss://a/, glob: '*'}}", "cannot have `url` and `glob` together"),
        ("- {match: {method: get}}", "has no key `method`"),
        ("- {open: [{shout: hi}]}", "a step has no key `shout`"),
        ("- {open: [{tag: x}]}", "a step needs one of `text`, `json`, `say`"),
        ("- {open: [{text: a, say: b}]}", "cannot have `text` and `say` together"),
        ("- {open: [{text: a, voice: b}]}", "`text` has no key `voice`"),
        ("- {open: [{say: a, encoding: MP3}]}", "must be PCM8, PCM16, ALAW, ULAW or OPUS"),
        ("- {open: [{play: none.wav}]}", "none.wav cannot be read"),
        ("- {open: [{wait: -1}]}", "from 0 to 3600000"),
        ("- {open: [{close: 1006}]}", "1006 cannot be sent"),
        ("- {open: [{close: 1015}]}", "1015 cannot be sent"),
        ("- {open: [{close: 2000}]}", "2000 cannot be sent"),
        ("- {open: [{close: 1}]}", "from 1000 to 4999"),
        ("- {when: [{text: a}]}", "needs the key `do`"),
        ("- {when: [{do: []}]}", "a reaction needs one of `text`"),
        ("- {when: [{regex: '(', do: []}]}", "not a regular expression"),
        ("- {when: [{heard: '(', do: []}]}", "not a regular expression"),
        ("- {when: [{media: pause, do: []}]}", "must be start or stop"),
        ("- {refuse: true, open: []}", "a peer that refuses has no `open`"),
        ("- {refuse: 200}", "from 300 to 599"),
        ("- {refuse: false}", "must be true, a status of HTTP or a text"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text, message):
    with pytest.raises(DocumentError) as caught:
        parse_rules(f"websockets:\n{text}", file="rules.yaml")
    assert message in str(caught.value)
    assert (caught.value.file, caught.value.line) == ("rules.yaml", 2)


def test_a_client_needs_its_time():
    with pytest.raises(DocumentError, match="needs the key `at_ms`"):
        parse_rules("clients: [{path: /x}]")


def test_a_sound_file_is_read_beside_the_rules(tmp_path):
    (tmp_path / "a.wav").write_bytes(b"RIFF")
    path = tmp_path / "rules.yaml"
    path.write_text("websockets: [{open: {play: a.wav}}]")
    (answer,) = load_rules(path).websockets
    assert (answer.reply.open[0].file, answer.reply.open[0].name) == (b"RIFF", "a.wav")


@pytest.mark.parametrize(
    ("definition", "keys"),
    [
        ("websocket", peers_file.SOCKET_KEYS),
        ("client", peers_file.CLIENT_KEYS),
        ("socket_match", peers_file.SOCKET_MATCH_KEYS),
        ("step", {*peers_file.STEPS, *(k for keys in peers_file.STEPS.values() for k in keys)}),
        ("reaction", peers_file.REACTION_KEYS),
    ],
)
def test_the_schema_has_the_same_keys(definition, keys):
    schema = json.loads(files("voxrt").joinpath("outside", "rules.schema.json").read_text())
    described = schema["$defs"][definition]
    assert set(described["properties"]) == set(keys)
    assert described["additionalProperties"] is False
    assert schema["$defs"]["encoding"]["enum"] == list(ENCODINGS)


def test_a_python_function_gives_peers(tmp_path):
    path = tmp_path / "world.py"
    path.write_text(
        """
from voxrt.outside.peers import Peer
class Mine(Peer):
    pass
one = Mine()
def websocket(request):
    if request.host == "entry.example":
        return {"open": [{"text": "hi"}], "delay_ms": 5}
    if request.host == "wrong.example":
        return {"open": 5}
    return {"class.example": Mine, "object.example": one}.get(request.host)
"""
    )
    rules = load_rules(path)

    def answer(host):
        return rules.answer_socket(Request(url=f"wss://{host}/"))

    assert answer("entry.example").reply == PeerPlan(open=(SendText(text="hi"),))
    assert answer("entry.example").delay_ms == 5
    assert isinstance(answer("class.example").reply(), Peer)
    assert answer("object.example").reply() is answer("object.example").reply()
    assert answer("class.example").place.endswith("world.py:6")
    assert answer("other.example") is None
    with pytest.raises(DocumentError, match="a step must be a mapping"):
        answer("wrong.example")
