"""WebSocket peers in a file of answers: `websockets` and `clients`.

The format is described in docs/websockets.md and in rules.schema.json.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from voxrt.documents import Node, node_of
from voxrt.fields import Fields, as_integer, as_list, as_text, is_a
from voxrt.outside.exchange import MOST_SOUND_BYTES
from voxrt.outside.far_end import NORMAL
from voxrt.outside.peers import (
    ENCODINGS,
    Close,
    Pause,
    Peer,
    PeerPlan,
    Reaction,
    Refused,
    SendSound,
    SendText,
    SocketAnswer,
    SocketClient,
    Step,
)
from voxrt.outside.rules import DEFAULT_DELAY_MS, HttpMatch

LONGEST_MS = 3_600_000
#: Of a run.
MOST_SESSIONS = 100
PLAN_KEYS = ("protocol", "open", "when", "echo")
SOCKET_KEYS = ("match", "refuse", "delay_ms", "times", *PLAN_KEYS)
CLIENT_KEYS = ("at_ms", "session", "path", "headers", *PLAN_KEYS)
URL_KEYS = ("url", "prefix", "glob", "regex")
SOCKET_MATCH_KEYS = (*URL_KEYS, "query", "headers")
SOUND_KEYS = ("encoding", "tag", "parameters", "fast")
#: What a step may be, and the keys that it may have beside.
STEPS = {
    "text": (),
    "json": (),
    "say": ("voice", *SOUND_KEYS),
    "play": SOUND_KEYS,
    "wait": (),
    "close": ("reason",),
    "break": (),
}
CONDITIONS = ("text", "contains", "regex", "json", "heard", "media")
REACTION_KEYS = (*CONDITIONS, "do", "times")


def read_socket(node: Node, folder: Path) -> SocketAnswer:
    """An entry of `websockets`."""
    entry = Fields(node, "a WebSocket peer", SOCKET_KEYS)
    reply: PeerPlan | Refused
    if "refuse" in entry:
        for key in PLAN_KEYS:
            if key in entry:
                entry[key].fail(f"a peer that refuses has no `{key}`")
        reply = _refused(entry["refuse"])
    else:
        reply = read_plan(entry, folder)
    return SocketAnswer(
        match=_match(entry["match"]) if "match" in entry else HttpMatch(),
        reply=reply,
        delay_ms=entry.integer("delay_ms", DEFAULT_DELAY_MS, 0, LONGEST_MS),
        times=entry.integer("times", 1, 1, 1_000_000) if "times" in entry else None,
        place=f"{node.file}:{node.line}",
    )


def read_client(node: Node, folder: Path) -> SocketClient:
    """An entry of `clients`."""
    entry = Fields(node, "a WebSocket client", CLIENT_KEYS)
    entry.need("at_ms")
    return SocketClient(
        at_ms=entry.integer("at_ms", 0, 0, LONGEST_MS),
        session=read_session(entry),
        path=entry.text("path"),
        headers=tuple(entry.texts("headers").items()),
        plan=read_plan(entry, folder),
    )


def read_session(entry: Fields) -> int | str:
    """Which session of the run is meant: its number, or the identifier of its conference."""
    if "session" not in entry or not isinstance(entry["session"].value, str):
        return entry.integer("session", 1, 1, MOST_SESSIONS)
    return entry.text("session")


def read_plan(entry: Fields, folder: Path) -> PeerPlan:
    """What a peer does, from the keys `open`, `when`, `echo` and `protocol` of an entry."""
    when = as_list(entry["when"]) if "when" in entry else []
    return PeerPlan(
        open=_steps(entry["open"], folder) if "open" in entry else (),
        when=tuple(_reaction(node, folder) for node in when),
        echo=entry.boolean("echo", False),
        protocol=entry.text("protocol"),
    )


def answer_made(given: Any, file: str, line: int) -> SocketAnswer:
    """What a function `websocket(request)` returned: a peer, a class of one, or an entry."""
    if isinstance(given, Peer):
        return SocketAnswer(match=HttpMatch(), reply=lambda: given, place=f"{file}:{line}")
    if isinstance(given, type) and issubclass(given, Peer):
        return SocketAnswer(match=HttpMatch(), reply=given, place=f"{file}:{line}")
    return read_socket(node_of(given, file, line), Path(file).parent)


def _match(node: Node) -> HttpMatch:
    if isinstance(node.value, str):
        return HttpMatch(url=_absolute(node))
    match = Fields(node, "a match of a WebSocket", SOCKET_MATCH_KEYS)
    match.one_of(URL_KEYS)
    return HttpMatch(
        url=_absolute(match["url"]) if "url" in match else None,
        prefix=_absolute(match["prefix"]) if "prefix" in match else None,
        glob=match.text("glob") if "glob" in match else None,
        regex=_regex(match["regex"]) if "regex" in match else None,
        query=match.texts("query"),
        headers=match.texts("headers"),
    )


def _absolute(node: Node) -> str:
    url = as_text(node)
    if not re.match(r"wss?://", url, re.IGNORECASE):
        node.fail(f"the URL of a WebSocket begins with ws:// or wss://, not {url!r}")
    return url


def _refused(node: Node) -> Refused:
    if node.value is True:
        return Refused(why="Connection refused")
    if isinstance(node.value, int) and not isinstance(node.value, bool):
        return Refused(why=f"HTTP {as_integer(node, 300, 599)}")
    if not isinstance(node.value, str):
        node.fail(f"must be true, a status of HTTP or a text, but is {is_a(node)}")
    return Refused(why=node.value)


def _regex(node: Node) -> re.Pattern[str]:
    try:
        return re.compile(as_text(node))
    except re.error as error:
        node.fail(f"not a regular expression: {error}")


# --- steps --------------------------------------------------------------------------------------


def _steps(node: Node, folder: Path) -> tuple[Step, ...]:
    """A list of steps, or one."""
    nodes = node.value if isinstance(node.value, list) else [node]
    return tuple(_step(one, folder) for one in nodes)


def _step(node: Node, folder: Path) -> Step:
    known = dict.fromkeys([*STEPS, *(key for keys in STEPS.values() for key in keys)])
    step = Fields(node, "a step", tuple(known))
    kind = step.one_of(tuple(STEPS))
    if not kind:
        step.fail(f"a step needs one of {', '.join(f'`{name}`' for name in STEPS)}")
    for key in node.value:
        if key != kind and key not in STEPS[kind]:
            step[key].fail(f"`{kind}` has no key `{key}`")
    match kind:
        case "text":
            return SendText(text=step.text("text"))
        case "json":
            text = json.dumps(step["json"].plain(), ensure_ascii=False, separators=(",", ":"))
            return SendText(text=text)
        case "wait":
            return Pause(ms=as_integer(step["wait"], 0, LONGEST_MS))
        case "close":
            return Close(code=_code(step["close"]), reason=step.text("reason"))
        case "break":
            return Close(code=None)
        case _:
            return _sound(step, kind, folder)


def _code(node: Node) -> int:
    if node.value is None or node.value is True:
        return NORMAL
    code = as_integer(node, 1000, 4999)
    if code in (1004, 1006, 1015) or 1016 <= code < 3000:
        hint = "1005 is a close without a code; `break` breaks the connection: 1006"
        node.fail(f"{code} cannot be sent as the code of a close", hint)
    return code


def _sound(step: Fields, kind: str, folder: Path) -> SendSound:
    node = step[kind]
    parameters = step.texts("parameters")
    return SendSound(
        say=as_text(node) if kind == "say" else "",
        file=_read(node, folder) if kind == "play" else b"",
        name=as_text(node) if kind == "play" else "",
        voice=step.text("voice"),
        encoding=step.choice("encoding", "PCM16", ENCODINGS),
        tag=step.text("tag"),
        parameters=parameters or None,
        fast=step.boolean("fast", False),
        place=f"{node.file}:{node.line}",
    )


def _read(node: Node, folder: Path) -> bytes:
    path = folder / as_text(node)
    try:
        data = path.read_bytes()
    except OSError as error:
        node.fail(f"the file {path} cannot be read: {error.strerror or error}")
    if len(data) > MOST_SOUND_BYTES:
        node.fail(f"the file {path} is larger than {MOST_SOUND_BYTES >> 20} MB")
    return data


def _reaction(node: Node, folder: Path) -> Reaction:
    entry = Fields(node, "a reaction", REACTION_KEYS)
    kind = entry.one_of(CONDITIONS)
    if not kind:
        entry.fail(f"a reaction needs one of {', '.join(f'`{name}`' for name in CONDITIONS)}")
    condition: Any
    if kind in ("regex", "heard"):
        condition = _regex(entry[kind])
    elif kind == "json":
        condition = entry[kind].plain()
    elif kind == "media":
        condition = entry.choice("media", "start", ("start", "stop"))
    else:
        condition = entry.text(kind)
    return Reaction(
        **{kind: condition},
        steps=_steps(entry.need("do"), folder),
        times=entry.integer("times", 1, 1, 1_000_000) if "times" in entry else None,
    )
