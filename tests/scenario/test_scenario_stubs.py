"""The type stubs: they are current, and a type checker reads a scenario with them."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

import pytest

import voxrt
from voxrt.scenario.stub_facts import GROK_FIELDS
from voxrt.scenario.stub_types import GIVEN, RECEIVED, TypeWriter
from voxrt.scenario.stubs import make_stubs

SURFACE = json.loads((files("voxrt") / "vox" / "api.json").read_text(encoding="utf-8"))

RIGHT = """
from __future__ import annotations
import json
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from voxrt.platform import *

require(Modules.Grok)
call: Call

def on_alerting(event: _CallAlertingEvent) -> None:
    event.call.answer()
    event["call"].answer({"X-Guest": "b"}, displayName="Bob")
    number: str = event.headers["X-Number"] + event["callerid"]
    call.addEventListener(CallEvents.Connected, lambda e: e.call.say("Hi", loop=1) if 0 else None)
    call.addEventListener("Call.Connected", lambda e: e["call"].say("Hi"))
    call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    call.record(hd_audio=True, stereo=True)
    call.record({"stereo": True})
    call.record()
    call.handleTones(True, DTMFType.ALL)
    call.removeEventListener(CallEvents.Connected)
    call.addEventListener(CallEvents.Connected, lambda: None)
    JSON.parse(VoxEngine.customData() or "{}").name
    call.say(number, voice=VoiceList.Amazon.en_US_Joanna)
    call.say(number, voice=VoiceList.ElevenLabs.createBrandVoice("Ada"))
    voices = [VoiceList.Amazon[name] for name in VoiceList.Amazon if name in VoiceList.Amazon]
    for name in CallEvents:
        call.addEventListener(CallEvents[name], lambda e: Logger.write(name.upper()))

async def agent(event: _StartedEvent) -> None:
    client = await Grok.createVoiceAgentAPIClient(xAIApiKey="k", model="m")
    client = await Grok.createVoiceAgentAPIClient({"xAIApiKey": "k"})
    async def on_arguments(event: Grok._ResponseFunctionCallArgumentsDoneEvent) -> None:
        json.loads(event.data.payload.arguments)["x"]
        event.data["name"].upper()
        client.conversationItemCreate({"item": {"type": "function_call_output"}})
    events = Grok.VoiceAgentAPIEvents
    client.addEventListener(events.ResponseFunctionCallArgumentsDone, on_arguments)
    client.addEventListener(events.Unknown, lambda e: e.data.payload.anything)
    client.addEventListener(Grok.Events.WebSocketMediaEnded, lambda e: e.mediaInfo.duration + 1)
    client.sendMediaTo(call, tag="x")
    VoxEngine.sendMediaBetween(call, client)
    client.responseCreate({})
    client.responseCreate(type="response.create")
    client.clearMediaBuffer()

VoxEngine.addEventListener(AppEvents.CallAlerting, on_alerting)
VoxEngine.addEventListener(AppEvents.Started, agent)
VoxEngine.callPSTN("1", "2", followDiversion=True).hangup()
VoxEngine.callUser(username="a", callerid="b")
VoxEngine.createURLPlayer("https://example.org/a.mp3", loop=True).sendMediaTo(call)
clearTimeout(setTimeout(lambda: None, 5))

async def ask() -> None:
    result = await Net.httpRequestAsync("https://example.org", method="POST", postData="x")
    code: int = result.code
    text: str = result["text"]
    key = await ApplicationStorage.get("k")
    if key is not None:
        key.value.upper()
""".replace(", loop=1) if 0 else None)", ", progressivePlayback=True))")

WRONG = """\
from __future__ import annotations
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from voxrt.platform import *
call: Call
def on_connected(event: _ConnectedEvent) -> None:
    event.cal.hangup()  # attr-defined
def on_failed(event: _FailedEvent) -> None:
    event["cod"]  # call-overload
call.addEventListener(CallEvents.Connected, lambda e: e.clal)  # attr-defined
call.addEventListener(CallEvents.Connected, on_failed)  # arg-type
call.addEventListener(CallEvents.Conected, on_connected)  # attr-defined
VoxEngine.addEventListener(CallEvents.Connected, on_connected)  # call-overload
call.say("x", progressive=True)  # call-overload
call.say("x", {"progressive": True})  # call-overload
call.say(1)  # call-overload
VoxEngine.callUser(username="a")  # call-overload
call.handleTones(True, 7)  # arg-type
call.anser()  # attr-defined
client: Grok.VoiceAgentAPIClient
updated = Grok.VoiceAgentAPIEvents.SessionUpdated
client.addEventListener(updated, lambda e: e.data.payload.sesion)  # attr-defined
client.addEventListener(updated, lambda e: e.payload)  # attr-defined
client.responseCancel()  # attr-defined
async def start() -> None:
    await Grok.createVoiceAgentAPIClient(apiKey="x")  # call-overload
"""


def test_the_stub_files_are_current():
    folder = Path(voxrt.__file__).parent / "platform"
    made = make_stubs(SURFACE)
    assert sorted(made) == sorted(path.name for path in folder.glob("*.pyi"))
    for name, text in made.items():
        assert (folder / name).read_text(encoding="utf-8") == text, (
            f"{name} is old: run `python -m voxrt.scenario.stubs`"
        )


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    """What mypy says about the two sample scenarios, and about the stubs themselves."""
    api = pytest.importorskip("mypy.api")
    folder = tmp_path_factory.mktemp("checked")
    (folder / "right.py").write_text(RIGHT, encoding="utf-8")
    (folder / "wrong.py").write_text(WRONG, encoding="utf-8")
    stubs = Path(voxrt.__file__).parent / "platform"
    output, errors, _ = api.run(
        [
            "--strict",
            "--hide-error-context",
            "--no-error-summary",
            f"--cache-dir={folder / 'cache'}",
            *(str(path) for path in sorted(stubs.glob("*.pyi"))),
            str(folder / "right.py"),
            str(folder / "wrong.py"),
        ]
    )
    assert errors == ""
    return [line for line in output.splitlines() if ": error: " in line]


def test_right_code_and_the_stubs_pass(checked):
    assert [line for line in checked if "wrong.py" not in line] == []


def test_every_mistake_is_found_in_its_line(checked):
    expected = {
        (number, line.rpartition("# ")[2])
        for number, line in enumerate(WRONG.splitlines(), 1)
        if "  # " in line
    }
    found = set()
    for line in checked:
        match = re.search(r"wrong\.py:(\d+): error: .*\[([\w-]+)\]$", line)
        if match is not None:
            found.add((int(match[1]), match[2]))
    assert found == expected


def test_every_grok_event_has_a_payload_class_or_any():
    members = SURFACE["enums"]["Grok.VoiceAgentAPIEvents"]["members"]
    assert set(GROK_FIELDS) <= set(members)
    assert set(members) - set(GROK_FIELDS) == {"Unknown", "WebSocketError", "ConnectorInformation"}


@pytest.mark.parametrize(
    ("text", "given", "received"),
    [
        ("string | number[]", "str | Sequence[float]", "str | list[int]"),
        ("'a' | 'b' | null", 'Literal["a", "b"] | None', 'Literal["a", "b"] | None'),
        ("(input: string) => boolean", "Callable[[str], bool]", "Callable[[str], bool]"),
        ("((event: Call) => any) | null", "Callable[[Call], object] | None", None),
        ("{ [key: string]: string; }", "Mapping[str, str]", "dict[str, str]"),
        ("{ key: string; value?: number; }[]", "Sequence[Mapping[str, Any]]", "list[Any]"),
        ("Promise<Call | null>", "Awaitable[Call | None]", None),
        ("Array<'x' | string>", 'Sequence[Literal["x"] | str]', None),
        ("[ { a: string[]; } ]", "Sequence[Mapping[str, Any]]", None),
        ("Object", "Mapping[str, Any]", "Any"),
        ("Unknown | string", "Any", "Any"),
    ],
)
def test_types(text, given, received):
    writer = TypeWriter(lambda name, side: name if name == "Call" else None)
    assert writer.write(text, GIVEN) == given
    if received is not None:
        assert writer.write(text, RECEIVED) == received


@pytest.mark.parametrize("text", ["string |", "{ a string }", "a b", "%"])
def test_a_type_that_cannot_be_read_is_an_error(text):
    with pytest.raises(ValueError):
        TypeWriter(lambda name, side: None).write(text, GIVEN)


def test_a_star_import_at_run_time_brings_nothing_and_a_name_explains():
    namespace: dict[str, object] = {}
    exec("from voxrt.platform import *", namespace)
    assert set(namespace) == {"__builtins__"}
    with pytest.raises(ImportError, match="TYPE_CHECKING"):
        exec("from voxrt.platform import VoxEngine", {})
