"""Record, replay, no divergence; and each change of a scenario is named."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from cassettes import TALK as AGENT_TALK
from examples import EVERY
from harness import files_of

from voxrt.errors import InputError
from voxrt.replay.allowed import Allowed
from voxrt.replay.folder import read_folder
from voxrt.run import RunConfig, run

#: What a recording does not have, and a replay of these examples needs.
GIVEN = {
    "agents/project": {"defines": {"SHOP_NUMBER": "18005550100"}},
    "classic/pin-entry": {"secrets": {"PIN": "4711"}},
    "examples/pin": {"secrets": {"PEPPER": "salt-and-pepper"}},
}

TALK = """
async def on_call(e):
    call = e.call
    call.addEventListener(CallEvents.Connected, lambda e: Logger.write("hi"))
    call.addEventListener(CallEvents.Disconnected, lambda e: VoxEngine.terminate())
    call.handleTones(True, DTMFType.ALL)
    call.addEventListener(CallEvents.ToneReceived, on_key)
    call.addEventListener(CallEvents.Connected, on_connected)
    call.answer()

def on_connected(e):
    e.call.say("Good evening, press a key.")

async def on_key(e):
    Logger.write(f"key {e.tone}")
    result = await Net.httpRequestAsync("https://keys.example.com/" + e.tone)
    Logger.write(result.text)
    setTimeout(lambda: e.call.say("Goodbye."), 1500)

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""
CALLER = """
caller:
  steps:
    - say: Hello.
    - wait: 2500
    - press: "5"
    - wait: 5000
    - press: "7"
      kind: inband
    - wait: 3000
    - hang_up
"""
HTTP = """
http:
  - {match: {prefix: "https://keys.example.com/"}, delay_ms: 321, reply: {text: "a door"}}
"""


@pytest.fixture
def talk(play):
    """A call with a greeting, keys, requests and timers: the scenario's file, and its folder."""
    out = play(TALK, caller=CALLER, http=HTTP).result.out
    return out.parent / "scenario.py", out


def changed(path, old, new):
    """The scenario with one change, in a file of its own."""
    text = path.read_text()
    assert text.count(old) == 1
    other = path.with_name("changed.py")
    other.write_text(text.replace(old, new))
    return other


def divergences(replayed):
    """What, the name of the event or command or the text, and the paths of the fields."""
    found = []
    for one in replayed.comparison.divergences:
        record = one.recorded or one.replayed
        about = record.get("name") or record.get("text") or record["kind"]
        found.append((one.what, about, [path for path, _, _ in one.fields]))
    return found


@pytest.mark.parametrize("name", EVERY)
def test_an_example_is_replayed_without_a_divergence(record, again, name):
    folder = record(name)
    replayed = again(folder, **GIVEN.get(name, {}))
    assert divergences(replayed) == []
    assert replayed.comparison.compared > 10
    # The replay's own journal has the same records: stimuli, effects, and their order.
    recorded = [{**one, "t": 0} for one in read_folder(folder).records[1:-1]]
    own = [{**one, "t": 0} for one in replayed.records[1:-1]]
    assert [r for r in own if r["kind"] != "heard"] == _without_heard(recorded, own)


def _without_heard(recorded, own):
    """The recorded records with the numbers that they have in the replay."""
    numbers = iter([r["n"] for r in own if r["kind"] != "heard"])
    kept = [r for r in recorded if r["kind"] != "heard" and not _is_own_warning(r)]
    return [{**r, "n": n} for r, n in zip(kept, numbers, strict=True)]


def _is_own_warning(record):
    return record["kind"] == "warning" and record["code"] in ("gave-up", "stand-in")


@pytest.mark.parametrize("name", ["agents/restaurant.js", "examples/websocket", "examples/queue"])
def test_replays_of_a_run_are_the_same_to_the_byte(record, again, name):
    folder = record(name)
    one, two = again(folder), again(folder, out="twice")
    files = files_of(one.result.out)
    assert {"journal.jsonl", "session.log", "result.json", "call-1.wav"} <= files.keys()
    assert files == files_of(two.result.out)


def test_a_replay_can_be_replayed(talk, again):
    replayed = again(talk[1])
    assert divergences(again(replayed.result.out, out="twice")) == []


def test_it_is_replayed_with_what_came_and_not_with_what_was_declared(talk, again):
    """The files of the far ends may be gone, or say something else by now."""
    scenario, folder = talk
    (scenario.parent / "caller.yaml").unlink()
    (scenario.parent / "http.yaml").write_text("http: []")
    assert divergences(again(folder)) == []


LINE = """
caller:
  number: "15551234567"
  custom_data: from a web page
  headers: {X-Shop: "7"}
  channel:
    send: {loss_percent: 8, burst_packets: 3, jitter_ms: 15, noise_dbfs: -50, codec: pcmu}
    receive: {delay_ms: 60, gain_db: -6}
  steps:
    - say: Hello, is anybody there?
    - wait: 1500
    - hold
    - wait: 500
    - unhold
    - press: "5"
    - say: I would like a table for two.
    - hang_up
"""
LISTENS = """
require(Modules.ASR)

def on_call(e):
    call = e.call
    call.answer()
    asr = VoxEngine.createASR(profile=ASRProfileList.Google.en_US, interimResults=True)
    asr.addEventListener(ASREvents.Result, lambda e: Logger.write(f"{e.text} {e.confidence}"))
    asr.addEventListener(ASREvents.InterimResult, lambda e: Logger.write(e.text))
    call.addEventListener(CallEvents.Connected, lambda e: call.sendMediaTo(asr))
    call.addEventListener(CallEvents.Connected, lambda e: call.say("Good evening."))
    call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""


def test_a_bad_line_is_as_bad_again(play, again):
    """Lost packets, noise, jitter: what came out of the channel, and which words of it."""
    played = play(LISTENS, caller=LINE)
    assert any("table" in text for text in played.logs)
    replayed = again(played.result.out)
    assert divergences(replayed) == []
    for name in ("call-1.wav", "said-call-1.wav"):
        data = (played.result.out / name).read_bytes()
        assert (replayed.result.out / name).read_bytes() == data


IDENTIFIED = """
- wait: 100
- identify: VOICEMAIL
  subtype: MIMIC
  confidence: 0
- identify: error
- statistics
- wait: 500
- hang_up
"""
IS_TOLD = """
def on_call(e):
    call = e.call
    call.answer()
    for name in ("AudioIdentificationResult", "AudioIdentificationError", "Statistics"):
        call.addEventListener(CallEvents[name], lambda e: Logger.write(e.name))
    call.addEventListener(CallEvents.AudioIdentificationResult, lambda e: call.say(e.audioType))
    call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""


def test_what_hidden_services_told_is_told_again(play, again):
    played = play(IS_TOLD, caller=IDENTIFIED)
    assert len(played.logs) == 3
    replayed = again(played.result.out)
    assert divergences(replayed) == []
    told = [
        [r for r in read_folder(out).of_kind("event") if "Identification" in r["name"]]
        for out in (played.result.out, replayed.result.out)
    ]
    assert [len(events) for events in told] == [6, 6]
    assert [events[1]["data"]["confidence"] for events in told] == [0, 0]
    assert [r["data"] for r in told[0]] == [r["data"] for r in told[1]]


@pytest.mark.parametrize(
    ("old", "new", "first"),
    [
        ("Good evening, press", "Hello, press", ("changed", "Say", ["params[0].text"])),
        (
            '    call.addEventListener(CallEvents.Connected, lambda e: Logger.write("hi"))\n',
            "",
            ("changed", "Call.Connected", ["handlers"]),
        ),
        ("1500", "1750", ("changed", "timer", ["delay_ms"])),
        ("1500", "1250", ("changed", "timer", ["delay_ms"])),
        ("    call.handleTones(True, DTMFType.ALL)\n", "", ("missing", "HandleTones", [])),
        ("keys.example.com/", "keys.example.com/v2/", ("changed", "http", ["url"])),
        (
            "    Logger.write(result.text)\n",
            "    Logger.write(result.text)\n    Logger.write('more')\n",
            ("new", "more", []),
        ),
        ('f"key {e.tone}"', 'f"tone {e.tone}"', ("changed", "key 5", ["text"])),
        ("    call.answer()\n", "    call.reject(486)\n", ("missing", "AcceptCall", [])),
    ],
)
def test_a_change_is_named_by_the_first_divergence(talk, again, old, new, first):
    scenario, folder = talk
    replayed = again(folder, changed(scenario, old, new))
    assert divergences(replayed)[0] == first


def test_a_later_timer_is_moved_and_all_before_it_is_alike(talk, again):
    scenario, folder = talk
    replayed = again(folder, changed(scenario, "1500", "1750"), every=True)
    of_timers = [one for one in replayed.comparison.divergences if one.recorded["kind"] == "timer"]
    assert [one.what for one in of_timers] == ["changed", "moved"] * 2  # set, fires, for each key
    one = next(one for one in replayed.comparison.divergences if one.recorded["kind"] == "command")
    assert one.what == "moved"
    (said,) = [r for r in read_folder(folder).records if r["n"] == one.recorded["n"]]
    assert said["params"][0]["text"] == "Goodbye."
    assert one.fields == (("t", said["t"], said["t"] + 250),)


def test_one_more_object_changes_no_identifier(talk, again):
    """All identifiers are others from there on, which says nothing."""
    scenario, folder = talk
    code = "    VoxEngine.createTTSPlayer('Hm.')\n    call.answer()\n"
    replayed = again(folder, changed(scenario, "    call.answer()\n", code), every=True)
    kinds = {(one[0], one[1].partition(".")[0]) for one in divergences(replayed)}
    assert kinds <= {("new", "CreatePlayer"), ("new", "Player"), ("new", "CreateTTSPlayer")}
    assert kinds


def test_one_more_timer_and_request_change_no_other(talk, again):
    scenario, folder = talk
    code = """    call.answer()
    setTimeout(lambda: None, 60_000)
    Net.httpRequest("https://other.example.com/", lambda e: None)
"""
    found = divergences(again(folder, changed(scenario, "    call.answer()\n", code), every=True))
    assert {one[0] for one in found} == {"new"}
    assert {one[1] for one in found} <= {
        "timer", "http", "the outside world is closed: there is no answer to "
        "GET https://other.example.com/. Declare an answer (--http FILE), or allow the network "
        "(--allow-net=other.example.com).",
    }  # fmt: skip


def test_what_the_caller_hears_is_compared(talk, again, monkeypatch):
    _, folder = talk
    path = folder / "call-1.wav"
    data = bytearray(path.read_bytes())
    middle = len(data) // 2 // 4 * 4
    data[middle + 2 : middle + 4] = b"\x34\x12"  # one sample of the right channel
    path.write_bytes(data)
    (one,) = again(folder).comparison.divergences
    assert one.what == "audio"
    ms = (middle - 44) / 4 / 8
    assert one.text == f"call-1.wav: what was heard differs from {ms:g} ms of it on"


def test_silence_is_sent_to_the_agent_as_it_was(play, again):
    """By the second, and before messages that come at any time; the same chunks once more."""
    item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hm."}]}
    more = f"""
        for ms in (1234, 2020, 2345, 4811):
            setTimeout(lambda: client.conversationItemCreate(item={item!r}), ms)"""
    source = AGENT_TALK.replace("client.responseCreate({})", f"client.responseCreate({{}}){more}")
    quiet = "caller: {steps: [{wait: 8000}, hang_up]}"
    folder = play(source, caller=quiet, agent="greeting: Hello there.").result.out
    replayed = again(folder)
    assert divergences(replayed) == []
    lengths = [
        [r["message"]["samples"] for r in records if "samples" in r.get("message", ())]
        for records in (replayed.folder.records, replayed.records)
    ]
    assert lengths[0] == lengths[1]
    assert {1_600, 16_000} < set(lengths[0])


@pytest.mark.parametrize("cut", [2, 7, 20, 33, 41, 55])
def test_a_killed_run_is_replayed_up_to_the_kill(talk, again, cut):
    _, folder = talk
    journal = folder / "journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    assert len(lines) > 56
    journal.write_bytes(b"".join(lines[:cut]) + lines[cut][: len(lines[cut]) // 2])
    (folder / "result.json").unlink()
    sound = folder / "call-1.wav"
    sound.write_bytes(sound.read_bytes()[: 44 + 4 * 8 * int(json.loads(lines[cut])["t"])])
    replayed = again(folder)
    assert divergences(replayed) == []
    assert replayed.until_ms == json.loads(lines[cut - 1])["t"]


def test_a_run_that_was_killed_is_replayed(tmp_path, again):
    """A whole process is killed while a call goes on."""
    import os
    import signal
    import subprocess
    import sys

    scenario, caller = tmp_path / "loop.py", tmp_path / "caller.yaml"
    scenario.write_text(TALK + "\nsetInterval(lambda: Logger.write('tick'), 20)\n")
    caller.write_text("caller: {steps: [{say: Hello.}, {wait: 3600000}]}\n")
    folder = tmp_path / "killed"
    command = [sys.executable, "-m", "voxrt.cli.main", "run", str(scenario), "--quiet"]
    command += ["--caller", str(caller), "--out", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    journal = folder / "journal.jsonl"
    while not (journal.exists() and journal.stat().st_size > 20_000):
        assert process.poll() is None
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    replayed = again(folder)
    assert replayed.folder.result is None
    assert divergences(replayed) == []
    assert replayed.comparison.compared > 50


@pytest.mark.parametrize(
    ("until", "last"), [("Call.Connected", "Call.Connected"), ("ToneReceived", None), ("12", None)]
)
def test_it_stops_at_an_event_or_a_record(talk, again, until, last):
    scenario, folder = talk
    other = changed(scenario, "1500", "1750")  # which is later
    replayed = again(folder, other, until=until)
    assert divergences(replayed) == []
    assert replayed.until_ms < again(folder, other, out="whole").until_ms
    if last is not None:
        assert any(r.get("name") == last for r in replayed.records)


@pytest.mark.parametrize(
    ("until", "told"),
    [("0", "the records 1 to"), ("9999", "the records 1 to"), ("Call.Moved", "no such event")],
)
def test_where_to_stop_must_be_there(talk, again, until, told):
    with pytest.raises(InputError, match=told):
        again(talk[1], until=until)


def test_a_file_that_has_been_changed_is_told(talk, again):
    scenario, folder = talk
    scenario.write_text(scenario.read_text().replace("Good evening", "Good morning"))
    replayed = again(folder)
    assert replayed.changed == [f"{scenario} has been changed since the recording"]
    assert divergences(replayed)[0][:2] == ("changed", "Say")


def test_files_are_looked_for_above_the_run(tmp_path, monkeypatch, again):
    """The project was moved, with the runs in it."""
    home = tmp_path / "old"
    home.mkdir()
    (home / "a.py").write_text(TALK)
    (home / "caller.yaml").write_text(CALLER)
    monkeypatch.chdir(home)
    run(RunConfig(scenarios=(Path("a.py"),), caller=Path("caller.yaml"), out=Path("runs/a")))
    monkeypatch.chdir(tmp_path)
    shutil.move(home, tmp_path / "new")
    assert divergences(again(tmp_path / "new" / "runs" / "a")) == []
    (tmp_path / "new" / "a.py").unlink()
    with pytest.raises(InputError, match=r"the scenario .* is not to be found: a\.py"):
        again(tmp_path / "new" / "runs" / "a")


SECRETS = """
def on_start(e):
    key = VoxEngine.getSecretValue("KEY")
    VoxEngine.customData(f"{len(key)}")
    Logger.write(f"the key is {key}")
    VoxEngine.terminate()

VoxEngine.addEventListener(AppEvents.Started, on_start)
"""


def test_secrets_are_made_up_or_given_again(play, again):
    out = play(SECRETS, start=True, secrets={"KEY": "top-secret"}).result.out
    assert divergences(again(out, secrets={"KEY": "top-secret"})) == []
    replayed = again(out, out="made-up")
    assert "top-secret" not in (replayed.result.out / "journal.jsonl").read_text()
    assert [r["text"] for r in replayed.records if r["kind"] == "log"] == ["the key is ******"]


def test_a_define_has_to_be_given_again(play, again):
    out = play("VoxEngine.terminate()\nLogger.write(WHO)", start=True, defines={"WHO": "Ann"})
    with pytest.raises(InputError, match="--define WHO, whose value is not recorded"):
        again(out.result.out)
    assert divergences(again(out.result.out, defines={"WHO": "Ann"})) == []
    assert divergences(again(out.result.out, out="b", defines={"WHO": "Bob"})) == [
        ("changed", "Ann", ["text"])
    ]


STORAGE = """
require(Modules.ApplicationStorage)

async def on_start(e):
    was = await ApplicationStorage.get("visits")
    Logger.write(was.value if was else "never")
    await ApplicationStorage.put("visits", "2", 3600)
    VoxEngine.terminate()

VoxEngine.addEventListener(AppEvents.Started, on_start)
"""


def test_the_storage_is_as_it_was(play, again):
    out = play(STORAGE, start=True, stored={"visits": "41"}).result.out
    replayed = again(out)
    assert divergences(replayed) == []
    assert [r["text"] for r in replayed.records if r["kind"] == "log"] == ["41"]


def test_the_storage_of_the_management_api_is_as_it_was(play, again):
    text = STORAGE.replace(
        'await ApplicationStorage.put("visits", "2", 3600)',
        """require(Modules.VoximplantAPI)
    storage = VoximplantAPI.Client().KeyValueStorage
    await storage.setKeyValueItem(key="visits", value="42")
    Logger.write((await ApplicationStorage.get("visits")).value)""",
    )
    replayed = again(play(text, start=True, stored={"visits": "41"}).result.out)
    assert divergences(replayed) == []
    assert [r["text"] for r in replayed.records if r["kind"] == "log"] == ["41", "42"]


INTO_THE_ROOM = """
def on_call(e):
    e.call.answer()
    room = VoxEngine.callConference("room", "1", "Ann")
    room.addEventListener(CallEvents.Failed, lambda e: Logger.write(f"{e.code} {room.is_conf}"))
    e.call.addEventListener(CallEvents.Disconnected, lambda e: VoxEngine.terminate())

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""


def test_who_stood_for_a_conference_does_so_again(play, again):
    people = "caller: {steps: [{wait: 3000}, hang_up]}\n"
    people += "parties: [{match: room, kind: conference, fail: 503}]"
    replayed = again(play(INTO_THE_ROOM, caller=people).result.out)
    assert divergences(replayed) == []
    assert [r["text"] for r in replayed.records if r["kind"] == "log"] == ["503 True"]


def test_it_does_not_write_into_its_own_recording(talk, again):
    with pytest.raises(InputError, match="does not write into the folder that it plays back"):
        again(talk[1], out=talk[1])


def test_a_run_in_real_time_is_replayed_within_a_tolerance(play, again):
    out = play(TALK, caller=CALLER, http=HTTP, time="4").result.out
    replayed = again(out, until="Call.Connected")
    assert replayed.tolerance.ms == 400  # 100 ms of the clock on the wall
    replayed = again(out, out="whole", allowed=Allowed(tolerance_ms=10_000))
    assert divergences(replayed) == []
    assert replayed.comparison.compared > 20
