"""Scenarios with Grok clients, played in virtual time, and a provider that a test plays itself."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from attrs import define, evolve, field, frozen

from voxrt.clock import US_PER_MS
from voxrt.connectors.link import Link
from voxrt.run import RunConfig, RunResult
from voxrt.run.runner import Run
from voxrt.session.journal import Record, read_journal
from voxrt.session.values import Struct

KEY = "xai-key-of-these-tests"

#: Runs before the scenario of a test, in the same scope.
PRELUDE = f"""
require(Modules.Grok)
KEY = {KEY!r}
seen = []

def watch(client, into=None):
    # Notes every event of a client, in order.
    into = seen if into is None else into
    for enum in (Grok.Events, Grok.VoiceAgentAPIEvents):
        for member in enum:
            client.addEventListener(enum[member], lambda e: into.append(e))

async def connect(**options):
    options = {{"xAIApiKey": KEY, "model": "grok-voice-latest", **options}}
    client = await Grok.createVoiceAgentAPIClient(options)
    watch(client)
    return client

def on_started(function):
    VoxEngine.addEventListener(AppEvents.Started, function)
    return function

def on_call(function):
    VoxEngine.addEventListener(AppEvents.CallAlerting, function)
    return function

def on(client, member, function):
    enum = Grok.Events if member.startswith("WebSocketMedia") else Grok.VoiceAgentAPIEvents
    client.addEventListener(enum[member], function)
"""

#: A call of which one side is silent: for scenarios that only need somebody who hears.
SILENT_CALLER = "caller: {{steps: [{{wait: {seconds}}}]}}"


@frozen
class Played:
    """A finished run: its journal, its result, and the scenario's global names."""

    records: list[Record] = field(repr=False)
    result: RunResult
    names: dict[str, Any] = field(repr=False)
    run: Run = field(repr=False)

    @property
    def seen(self) -> list[Struct]:
        """The events that the prelude's `watch` noted."""
        return self.names["seen"]

    @property
    def seen_names(self) -> list[str]:
        """Their names without what all of them begin with."""
        return [short(event.name) for event in self.seen]

    def named(self, name: str) -> list[Struct]:
        """The noted events of a short name."""
        return [event for event in self.seen if short(event.name) == name]

    def of(self, kind: str, **fields: Any) -> list[Record]:
        """The records of a kind that have these values."""
        return [
            record
            for record in self.records
            if record["kind"] == kind and all(record.get(k) == v for k, v in fields.items())
        ]

    def events(self, name: str) -> list[Record]:
        """The journal's records of the event with this short name."""
        return [record for record in self.of("event") if short(record["name"]) == name]

    @property
    def logs(self) -> list[str]:
        """What the scenario wrote with `Logger.write`."""
        return [record["text"] for record in self.of("log")]

    @property
    def warnings(self) -> dict[str, list[str]]:
        """The texts of the warnings by code."""
        found: dict[str, list[str]] = {}
        for record in self.of("warning"):
            found.setdefault(record["code"], []).append(record["text"])
        return found

    @property
    def errors(self) -> list[Record]:
        """The records of errors."""
        return self.of("error")

    @property
    def log_text(self) -> str:
        """The log in the platform's format."""
        return self.result.files["log"].read_text(encoding="utf-8")

    def sent(self, kind: str = "") -> list[Record]:
        """The provider records of what was sent, without audio unless it is asked for."""
        append = "input_audio_buffer.append"
        return [
            record
            for record in self.of("provider", direction="sent")
            if record["type"] == kind or (not kind and record["type"] != append)
        ]


def short(name: str) -> str:
    """`Grok.VoiceAgentAPI.ResponseDone` as `ResponseDone`."""
    return name.rpartition(".")[2]


def play_in(
    folder: Path,
    source: str,
    *,
    agent: str | Path | None = None,
    caller: str | None = None,
    link: Any = None,
    **options: Any,
) -> Played:
    """Runs the prelude and a scenario, given as its text.

    Args:
        folder: Everything is written there.
        source: The scenario; indentation that all lines have is removed.
        agent: The text of an agent script, or a file.
        caller: The text of a caller script; without one the session starts without a call.
        link: `link(context)` makes the clients' links, in place of the stand-in.
        options: Those of `RunConfig`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, text in (("prelude.py", PRELUDE), ("scenario.py", dedent(source))):
        (folder / name).write_text(text, encoding="utf-8")
        files.append(folder / name)
    settings: dict[str, Any] = {"out": folder / "run", "speech": "synthetic", "longest_s": 1_200}
    if isinstance(agent, str):
        settings["agent"] = folder / "agent.yaml"
        settings["agent"].write_text(dedent(agent), encoding="utf-8")
    elif agent is not None:
        settings["agent"] = agent
    if caller is None:
        settings["start"] = True
    else:
        settings["caller"] = folder / "caller.yaml"
        settings["caller"].write_text(dedent(caller), encoding="utf-8")
    run = Run(RunConfig(scenarios=tuple(files), **{**settings, **options}), lambda record: None)
    if link is not None:
        run.context.connect["Grok"] = evolve(run.context.connect["Grok"], make_link=link)
    result = run.execute()
    return Played(read_journal(result.files["journal"]), result, run.session.namespace, run)


@pytest.fixture
def play(tmp_path):
    """`play(source, **options)` runs a scenario in the test's folder: see `play_in`."""
    count = 0

    def play_next(source, *, again=False, **options):
        """With `again` in the folder of the run before, which the journal names."""
        nonlocal count
        count += not again
        return play_in(tmp_path / f"play{count}", source, **options)

    return play_next


@pytest.fixture(scope="module")
def play_once(tmp_path_factory):
    """The same for fixtures that keep one run for a whole module."""
    return lambda source, **options: play_in(tmp_path_factory.mktemp("play"), source, **options)


@define(eq=False)
class FakeProvider(Link):
    """A provider that a test plays: frames at chosen times, and everything that was sent.

    Args:
        context: The session's platform.
        script: (ms after opening, message) in any order; a message is a dict, a text, bytes, or a
            function that is given this link.
        refuse: Refuse the connection, for this reason.
        takes_audio: Whether audio is accepted.
    """

    context: Any
    script: list[tuple[float, Any]] = field(factory=list)
    refuse: str = ""
    takes_audio: bool = True
    frames: list[tuple[float, str | bytes]] = field(factory=list, init=False)
    query: dict[str, str] = field(factory=dict, init=False)
    headers: dict[str, str] = field(factory=dict, init=False)
    closed: list[tuple[int, str]] = field(factory=list, init=False)
    user: Any = field(default=None, init=False)

    def open(self, user, *, headers, query):
        self.user, self.query, self.headers = user, dict(query), dict(headers)
        clock = self.context.clock
        if self.refuse:
            clock.call_soon(user.link_refused, self.refuse)
            return
        clock.call_soon(user.link_opened)
        for at_ms, message in self.script:
            clock.call_later(round(at_ms * US_PER_MS), self.say, message)

    def send(self, text, heard=()):
        if not self.takes_audio and "append" in str(text[:60]):
            return False
        self.frames.append((self.context.clock.now_us() / US_PER_MS, text))
        return True

    def close(self, code=1000, reason=""):
        self.closed.append((code, reason))
        self.user = None

    def say(self, message):
        """Sends a message to the client now."""
        if self.user is None:
            return
        if callable(message):
            message(self)
        elif isinstance(message, bytes):
            self.user.link_bytes(message, None)
        else:
            text = message if isinstance(message, str) else json.dumps(message)
            self.user.link_text(text, None)

    def hang_up(self, code=1000, reason="", was_clean=True):
        """Ends the connection from the provider's side."""
        user, self.user = self.user, None
        user.link_closed(code, reason, was_clean)

    @property
    def messages(self) -> list[dict[str, Any]]:
        """What was sent, without audio."""
        decoded = [json.loads(text) for _, text in self.frames if isinstance(text, str)]
        return [m for m in decoded if m.get("type") != "input_audio_buffer.append"]

    @property
    def appends(self) -> list[tuple[float, str]]:
        """Audio that was sent: (ms, base64)."""
        found = []
        for at_ms, text in self.frames:
            message = json.loads(text)
            if message.get("type") == "input_audio_buffer.append":
                found.append((at_ms, message["audio"]))
        return found


@pytest.fixture
def provider():
    """`provider(script, ...)` is a maker of links to a `FakeProvider`; `.links` are those made."""

    def make(script=(), **options):
        def link(context):
            made = FakeProvider(context, list(script), **options)
            link.links.append(made)
            return made

        link.links = []
        return link

    return make
