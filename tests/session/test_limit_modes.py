"""Every limit of the table, exceeded in each of the three modes. VoxEngine semantics, section 6."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest
from attrs import Factory, evolve, fields, frozen
from harness import Played, play_in

from voxrt.errors import UsageError
from voxrt.session import limit_rows, limit_table
from voxrt.session.limits import LimitMode, Limits

ROOT = Path(__file__).parents[2]
MODES = [mode.value for mode in LimitMode]


@frozen(kw_only=True)
class Case:
    """One way to exceed a limit.

    Attributes:
        scenario: What does it.
        limited: Whether the platform's consequence is seen in the run.
        told: What the warning says in mode `warn`.
        options: Of the run.
        ending: Of the scenario: `py` or `js`.
        limits: Numbers that make the test shorter; the default ones without it.
        needs: Makes files in the test's folder.
    """

    scenario: str
    limited: Callable[[Played], bool]
    told: str
    options: dict = Factory(dict)
    ending: str = "py"
    limits: dict = Factory(dict)
    needs: Callable[[Path], object] = lambda folder: None


# --- what scenarios of the cases share --------------------------------------------------------

START = "VoxEngine.addEventListener(AppEvents.Started, start)\n"
FAR_END = "setTimeout(VoxEngine.terminate, {ms})\n"


def started(body, ms=1_000):
    """A scenario without a call, which ends after so many ms."""
    lines = "\n".join(f"    {line}" for line in dedent(body).strip().splitlines())
    return f"def start(e):\n{lines}\n" + START + FAR_END.format(ms=ms)


def called(body, ms):
    """A scenario with a call that is answered."""
    lines = "\n".join(f"    {line}" for line in dedent(body).strip().splitlines())
    return (
        "def connected(e):\n    call = e.call\n"
        + lines
        + "\ndef on_call(e):\n    e.call.addEventListener(CallEvents.Connected, connected)\n"
        "    e.call.answer()\n"
        "VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)\n" + FAR_END.format(ms=ms)
    )


def event(played, name, **wanted):
    """Whether there is an event of this name with these fields."""
    found = [r["data"] for r in played.of("event") if r["name"] == name]
    return any(all(data.get(key) == value for key, value in wanted.items()) for data in found)


def idle(played):
    return any(record["state"] == "idle" for record in played.of("session"))


def params_of(played, command):
    return [r["params"][0] for r in played.of("command") if r["name"] == command]


SILENT_CALLER = {"caller": "caller: {steps: []}"}
NOBODY_ANSWERS = {
    "start": True,
    "caller": "caller: {steps: []}\nparties: [{match: '1*', no_answer: true}]",
}
CLIENT = "Call.Disconnected"
LONG_QUEUE = {
    "start": True,
    "longest_s": 20_000,
    "queues": "agents: [{user: a, offline: true}]\n"
    "queues: [{name: q, agents: [a], hold_when_offline: true}]",
}


SLOW_SOUND = "http: [{match: http://slow.example/a.wav, reply: 404, delay_ms: 15000}]"
ANSWERS = """
http: [{match: http://a.example/, reply: 200}]
mail: [{match: {to: "*"}, reply: 250}]
"""


def stored(call):
    """A scenario that asks the storage for something."""
    return "require(Modules.ApplicationStorage)\n" + started(call)


def ring_until(name, **options):
    """A case of a call to somebody who does not answer; the failure comes when it is moved."""
    return f"""
    require(Modules.PushService)
    VoxEngine.callUser({{"username": "1", {name}}})
    """


def failed_at(ms):
    def limited(played):
        return any(r["t"] == ms for r in played.of("event") if r["name"] == "Call.Failed")

    return limited


def header_sent(name, most):
    """Whether a header arrived in full; the far end is not asked, the command is the journal's."""

    def limited(played):
        (sent,) = params_of(played, "AcceptCall")
        return len(sent["headers"].get(name, "")) < most

    return limited


def silence_file(seconds):
    def make(folder):
        from voxrt.media.wav import WavWriter

        writer = WavWriter(folder / "long.wav", 8_000, 1)
        writer.append(bytes(16_000 * seconds))
        writer.close()

    return make


def player_error(played):
    return event(played, "Player.Error")


CASES = {
    "idle": Case(
        scenario="setTimeout(VoxEngine.terminate, 100000)",
        options={"start": True},
        limited=idle,
        told="ends a session without a call after 60 s",
    ),
    "queue_idle": Case(
        scenario="require(Modules.SmartQueue)\n"
        + started("VoxEngine.enqueueTask({'queue': {'name': 'q'}})", 8_000_000),
        options=LONG_QUEUE,
        limited=idle,
        told="with nothing but a queue request after 7200 s",
    ),
    "scenario": Case(
        scenario="# " + "x" * (256 * 1024) + "\nsetTimeout(VoxEngine.terminate, 10)",
        options={"start": True},
        limited=lambda played: played is None,
        told="characters, and the platform saves at most 262144",
    ),
    "callback": Case(
        scenario=started("""
        import time
        until = time.thread_time() + 0.3
        while time.thread_time() < until: sum(range(3000))
        Logger.write("through")
        """),
        options={"start": True},
        limits={"callback_s": 0.05},
        limited=lambda played: played.result.finish_reason == "JS session error",
        told="one callback computed for more than",
    ),
    "memory": Case(
        scenario="""
        const kept = [];
        VoxEngine.addEventListener(AppEvents.Started, () => {
          for (let i = 0; i < 300000; i += 1) kept.push({ i });
          Logger.write(kept.length);
        });
        setTimeout(VoxEngine.terminate, 1000);
        """,
        ending="js",
        options={"start": True},
        limits={"callback_s": 30},
        limited=lambda played: played.result.finish_reason == "JS session error",
        told="the session uses more than 16 MB of memory",
    ),
    "timers": Case(
        scenario=started("for n in range(100): setTimeout(lambda: None, 500)"),
        options={"start": True},
        limited=lambda played: any("at most 100 active timers" in text for text in played.errors),
        told="at most 100 active timers",
    ),
    "interval": Case(
        scenario=started("setInterval(lambda: Logger.write('tick'), 20)", 190),
        options={"start": True},
        limited=lambda played: len(played.logs) == 1,
        told="raises an interval to 100 ms",
    ),
    "custom_data": Case(
        scenario=started("Logger.write(str(len(VoxEngine.customData())))"),
        options={"start": True, "custom_data": "ü" * 101},
        # The consequence is the warning itself, in both modes; nothing is lost in any.
        limited=lambda played: played.logs != ["101"] or bool(limit_warnings(played)),
        told="custom data is longer than 200 bytes",
    ),
    "log": Case(
        scenario=started("Logger.write('x' * 15001)"),
        options={"start": True},
        limited=lambda played: len(played.logs[0]) == 15_000,
        told="cuts this line to 15000 characters",
    ),
    "unanswered": Case(
        scenario="VoxEngine.addEventListener(AppEvents.CallAlerting, lambda e: None)\n"
        + FAR_END.format(ms=90_000),
        options=SILENT_CALLER,
        limited=lambda played: event(played, CLIENT, internalCode=408),
        told="ends a call that is not answered for 60 s",
    ),
    "early_media": Case(
        scenario="VoxEngine.addEventListener(\n"
        "    AppEvents.CallAlerting, lambda e: e.call.startEarlyMedia()\n)\n"
        + FAR_END.format(ms=90_000),
        options=SILENT_CALLER,
        limited=lambda played: event(played, CLIENT, internalCode=408),
        told="ends a call that is in early media for 60 s",
    ),
    "no_answer": Case(
        scenario=started("VoxEngine.callPSTN('1555', '1')", 90_000),
        options=NOBODY_ANSWERS,
        limited=lambda played: event(played, "Call.Failed", code=408),
        told="fails a call that is not answered for 60 s",
    ),
    "transfers": Case(
        scenario="""
        def again(e):
            if len(told) <= 10:
                e.call.transferTo(to="2")
            else:
                e.call.hangup()
            told.append(e)
        told = []
        def on_call(e):
            e.call.addEventListener(CallEvents.TransferFailed, again)
            e.call.addEventListener(CallEvents.Connected, again)
            e.call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
            e.call.answer()
        VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
        """,
        options={"caller": "caller: {steps: [{wait: 60000}]}\nparties: [{match: '2', busy: true}]"},
        limited=lambda played: event(played, "Call.TransferFailed", code=403),
        told="the platform allows 10 transfers of one call",
    ),
    "endpoints": Case(
        scenario="require(Modules.Conference)\n"
        + called("VoxEngine.createConference().add(call=call, mode='MIX')", 2_000),
        limits={"conference_endpoints": 0},
        options={"video_conference": True},
        limited=lambda played: event(played, "Conference.Error", code=101),
        told="A conference has at most 0 endpoints",
    ),
    "video_rule": Case(
        scenario="require(Modules.Conference)\n"
        + called("VoxEngine.createConference().add(call=call, mode='MIX')", 2_000),
        limited=lambda played: event(played, "Conference.Error", code=102),
        told="the platform refuses with code 102",
    ),
    "websockets": Case(
        scenario=started("VoxEngine.allowWebSocketConnections()"),
        options={
            "start": True,
            "http": "clients: [" + ", ".join(f"{{at_ms: {100 * n}}}" for n in range(1, 5)) + "]",
        },
        limited=lambda played: event(played, "Application.OnNewWebSocketFailed"),
        told="the platform would refuse this WebSocket: too many came",
    ),
    "ring": Case(
        scenario=started(ring_until("'extraHeaders': {'VI-CallTimeout': '3'}"), 20_000),
        options=NOBODY_ANSWERS,
        limited=failed_at(10_000),
        told="makes VI-CallTimeout in s 10, not 3",
    ),
    "push": Case(
        scenario=started(ring_until("'pushNotificationTimeout': 2000"), 15_000),
        options={"start": True, "caller": "parties: [{match: '1', offline: true}]"},
        limited=failed_at(10_000),
        told="makes pushNotificationTimeout in ms 10000, not 2000",
    ),
    "attempts": Case(
        scenario=started("""
        for n in range(51):
            call = VoxEngine.callPSTN('1555', '1')
            if n < 50: call.hangup()
        """),
        options=NOBODY_ANSWERS,
        limited=lambda played: event(played, "Call.Failed", code=403),
        told="would refuse this call: too many",
    ),
    "progressing": Case(
        scenario=started("for n in range(11): VoxEngine.callPSTN('1555', '1')"),
        options=NOBODY_ANSWERS,
        limited=lambda played: event(played, "Call.Failed", code=403),
        told="would refuse this call: too many",
    ),
    "message": Case(
        scenario=called("call.sendMessage('ü' * 4097)", 500),
        options=SILENT_CALLER,
        limited=lambda played: bool(played.errors),
        told="the body is longer than 8192 bytes",
    ),
    "header": Case(
        scenario="VoxEngine.addEventListener(\n"
        "    AppEvents.CallAlerting, lambda e: e.call.answer({'X-A': 'a' * 201})\n)\n"
        + FAR_END.format(ms=500),
        options=SILENT_CALLER,
        limited=header_sent("X-A", 201),
        told="the header X-A is longer than 200 bytes",
    ),
    "headers": Case(
        scenario="VoxEngine.addEventListener(AppEvents.CallAlerting, lambda e: e.call.answer(\n"
        "    {f'X-Number-{n:03}': 'a' * 190 for n in range(20)}\n))\n" + FAR_END.format(ms=500),
        options=SILENT_CALLER,
        limited=header_sent("X-Number-019", 190),
        told="the headers up to X-Number-019 exceed 4095 bytes",
    ),
    "players": Case(
        scenario=started(
            "for n in range(11): VoxEngine.createToneScriptPlayer('425@-19;*(1/1/1)')"
        ),
        options={"start": True},
        limited=player_error,
        told="there are 10 in the session",
    ),
    "tts": Case(
        scenario=started("VoxEngine.createTTSPlayer('a ' * 750 + 'b')"),
        options={"start": True},
        limited=player_error,
        told="longer than 1500 characters",
    ),
    "audio_file": Case(
        scenario=started("VoxEngine.createURLPlayer('file:' + FILE)"),
        options={"start": True},
        limits={"audio_bytes": 30_000},
        needs=silence_file(2),
        limited=player_error,
        told="the file is larger than",
    ),
    "audio_fetch": Case(
        scenario=started("VoxEngine.createURLPlayer('http://slow.example/a.wav')", 20_000),
        options={"start": True, "http": SLOW_SOUND},
        limited=lambda played: event(played, "Player.Error", error="Timeout is reached"),
        told="Timeout is reached",
    ),
    "http": Case(
        scenario=started("for n in range(36): Net.httpRequestAsync('http://a.example/')"),
        options={"start": True, "http": ANSWERS},
        limited=lambda played: any("Exceeded the HTTP connection" in e for e in played.errors),
        told="the platform allows 35 HTTP requests at a time",
    ),
    "mail": Case(
        scenario=started("""
        for n in range(11):
            Net.sendMailAsync('smtp.example', 'a@a.example', 'b@b.example', 'Hi', 'Hello')
        """),
        options={"start": True, "http": ANSWERS},
        limited=lambda played: any("Exceeded the SMTP connection" in e for e in played.errors),
        told="the platform allows 10 SMTP requests at a time",
    ),
    "storage_key": Case(
        scenario=stored("ApplicationStorage.put('k' * 201, 'v', 5)"),
        options={"start": True},
        limited=lambda played: bool(played.errors),
        told="the key may have 200 characters, not 201",
    ),
    "storage_value": Case(
        scenario=stored("ApplicationStorage.put('k', 'v' * 2001, 5)"),
        options={"start": True},
        limited=lambda played: bool(played.errors),
        told="the value may have 2000 characters, not 2001",
    ),
    "storage_ttl": Case(
        scenario=stored("ApplicationStorage.put('k', 'v', 7776001)"),
        options={"start": True},
        limited=lambda played: bool(played.errors),
        told="the ttl may have 7776000 seconds, not 7776001",
    ),
}  # fmt: skip


def limit_warnings(played):
    return [r["text"] for r in played.of("warning") if r["code"] == "limit"]


@pytest.fixture
def exceed(tmp_path, monkeypatch):
    """Runs a case in a mode; `None` when the run did not begin."""

    def run(case, mode):
        case.needs(tmp_path)
        monkeypatch.setattr(
            "voxrt.run.runner.Limits", lambda mode: Limits(mode=mode, **case.limits)
        )
        source = dedent(case.scenario)
        if "FILE" in source:
            source = f"FILE = {json.dumps((tmp_path / 'long.wav').as_posix())}\n" + source
        try:
            return play_in(tmp_path, source, ending=case.ending, limits=mode, **dict(case.options))
        except UsageError:
            return None

    return run


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("key", CASES)
def test_exceeded(exceed, key, mode):
    case = CASES[key]
    played = exceed(case, mode)
    if mode == "enforce":
        assert case.limited(played)
        return
    if key != "custom_data":
        assert not case.limited(played)
    told = [text for text in limit_warnings(played) if case.told in text]
    if mode == "warn":
        assert len(told) == 1, limit_warnings(played)
    else:
        assert limit_warnings(played) == []
    assert played.errors == []


#: A little less than the limit, which is no excess in any mode.
JUST_ENOUGH = {
    "scenario": ("x" * (256 * 1024), "x" * (256 * 1024 - 100)),
    "timers": ("range(100)", "range(99)"),
    "log": ("15001", "15000"),
    "attempts": ("range(51)", "range(50)"),
    "progressing": ("range(11)", "range(10)"),
    "message": ("4097", "4096"),
    "header": ("201", "200"),
    "headers": ("range(20)", "range(19)"),
    "players": ("range(11)", "range(10)"),
    "tts": ("+ 'b'", ""),
    "interval": (", 20)", ", 100)"),
    "ring": ("'3'", "'15'"),
    "push": ("2000", "12000"),
    "http": ("range(36)", "range(35)"),
    "mail": ("range(11)", "range(10)"),
    "storage_key": ("201", "200"),
    "storage_value": ("2001", "2000"),
    "storage_ttl": ("7776001", "7776000"),
}


#: Those whose consequence is seen in an amount, which the cases above know for the excess only.
AMOUNTS = ("header", "headers", "interval", "log")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("key", JUST_ENOUGH)
def test_not_exceeded(exceed, key, mode):
    case = CASES[key]
    more, less = JUST_ENOUGH[key]
    assert more in case.scenario
    scenario = case.scenario.replace(more, less)
    played = exceed(evolve(case, scenario=scenario), mode)
    assert played is not None
    assert limit_warnings(played) == []
    assert played.errors == []
    if key not in AMOUNTS:
        assert not case.limited(played)


JAVASCRIPT = """
VoxEngine.addEventListener(AppEvents.Started, () => {
  setTimeout(VoxEngine.terminate, 1000);
  Logger.write('x'.repeat(15001));
  for (let i = 0; i < 100; i += 1) setTimeout(() => {}, 500);
});
"""


@pytest.mark.parametrize("mode", MODES)
def test_in_javascript(play_js, mode):
    played = play_js(JAVASCRIPT, start=True, limits=mode)
    enforced = mode == "enforce"
    assert len(played.logs[0]) == (15_000 if enforced else 15_001)
    assert any("at most 100 active timers" in text for text in played.errors) == enforced
    assert len(limit_warnings(played)) == (2 if mode == "warn" else 0)


def test_a_scenario_that_is_too_long_is_named(tmp_path):
    with pytest.raises(UsageError) as caught:
        play_in(tmp_path, "#" * 262_145, start=True)
    assert caught.value.message.startswith("the scenario has 262145 characters")
    assert "Split it" in caught.value.hint
    assert caught.value.file.endswith("scenario.py")
    assert not (tmp_path / "run").exists()


# --- the table and its page -------------------------------------------------------------------


def test_every_row_has_a_case():
    """A new limit needs a row in limit_rows.py and a case here."""
    assert [row.key for row in limit_rows.ROWS] == sorted(
        CASES, key=[row.key for row in limit_rows.ROWS].index
    )


def test_every_number_has_its_row():
    numbers = {number.name for number in fields(Limits)} - {"mode"}
    used = [name for row in limit_rows.ROWS for name in row.fields]
    assert sorted(used) == sorted(numbers)


def test_rows_say_what_they_need_to():
    keys = [row.key for row in (*limit_rows.ROWS, *limit_rows.ALWAYS, *limit_rows.NOT_ENFORCED)]
    assert len(set(keys)) == len(keys)
    for row in limit_rows.ROWS:
        assert row.where, row.key
        assert row.fields or row.key == "video_rule"  # the only one that is no number
        for module in row.where:
            assert (ROOT / module).is_file(), module
        assert not row.fields or any(
            name in (ROOT / module).read_text(encoding="utf-8")
            for name in row.fields
            for module in row.where
        ), row.key
    for row in limit_rows.ALWAYS:
        assert row.where
        assert all((ROOT / module).is_file() for module in row.where)
    for row in limit_rows.NOT_ENFORCED:
        assert row.excess
        assert not row.where


def test_the_page_is_what_the_table_says():
    """When this fails, run `python -m voxrt.session.limit_table` and read the difference."""
    page = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8")
    assert page == limit_table.page()
    assert not re.search(r"[{}]", page)
