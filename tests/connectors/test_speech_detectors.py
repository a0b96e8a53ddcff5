"""`Silero.createVAD` and `Pipecat.createTurnDetector`: what they tell of what is said, and when."""

from __future__ import annotations

import pytest
from harness import play_in

SCENARIO = """
require(Modules.Silero)
require(Modules.Pipecat)

def watch(unit, events):
    for name in events:
        unit.addEventListener(events[name], tell)

def tell(e):
    told = [f"{{key}}={{value}}" for key, value in e.items() if key in SHOWN and value is not None]
    Logger.write(" ".join([e.name, *told]))

SHOWN = ("speechStartAt", "speechEndAt", "endOfTurn", "probability", "code")

async def on_call(e):
    global call, vad, turn
    call = e.call
    call.addEventListener(CallEvents.Disconnected, lambda e: setTimeout(VoxEngine.terminate, 500))
    call.answer()
    {code}

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""
BOTH = """
vad = await Silero.createVAD({params})
turn = await Pipecat.createTurnDetector({turn})
watch(vad, Silero.VADEvents)
watch(turn, Pipecat.TurnEvents)
vad.addEventListener(Silero.VADEvents.Result, lambda e: e.speechEndAt and turn.predict())
call.sendMediaTo(vad)
call.sendMediaTo(turn)
"""


@pytest.fixture
def listen(tmp_path):
    """Runs the code with these steps of the caller."""

    def run(steps, params="", turn="", more="", about=""):
        code = BOTH.format(params=params, turn=turn) + more
        text = SCENARIO.format(code=code.replace("\n", "\n    "))
        caller = f"caller: {{steps: [{{wait: 500}}, {steps}, {{wait: 2000}}, hang_up]{about}}}"
        return play_in(tmp_path, text, caller=caller)

    return run


def told(played, kind):
    return [line.removeprefix(f"{kind} ") for line in played.logs if line.startswith(f"{kind} ")]


def seconds(played):
    """[(whether it is a beginning, the second)] of all results of the VAD."""
    found = [line.split("=") for line in told(played, "Silero.VAD.Result")]
    return [(name == "speechStartAt", float(text)) for name, text in found]


SAYS = "{say: Good morning to you.}"


def test_speech_begins_and_ends(listen):
    played = listen(SAYS)
    (began, start_s), (again, end_s) = seconds(played)
    assert (began, again) == (True, False)
    heard = next(r for r in played.of("heard") if r["by"] == "platform")
    flows = next(r for r in played.of("media") if r["action"] == "link")["t"]
    assert start_s == pytest.approx((heard["from_ms"] - flows) / 1000, abs=0.06)
    assert end_s == pytest.approx((heard["to_ms"] - flows) / 1000, abs=0.06)
    ended = [r for r in played.of("event") if r["name"] == "Silero.VAD.Result"][1]["t"]
    assert ended - heard["to_ms"] == pytest.approx(300, abs=60)


def test_a_pause_that_is_too_short_ends_nothing(listen):
    steps = "{say: One.}, {wait: 400}, {say: Two.}"
    assert [began for began, _ in seconds(listen(steps))] == [True, False, True, False]
    longer = listen(steps, "minSilenceDurationMs=900")
    assert [began for began, _ in seconds(longer)] == [True, False]


def test_several_streams_are_mixed(listen):
    """The scenario's own voice begins before the caller's, and they overlap."""
    (_, alone_s), _ = seconds(listen(SAYS))
    more = "VoxEngine.createTTSPlayer('One two three four five six.').sendMediaTo(vad)"
    (began, start_s), (again, _) = seconds(listen(SAYS, more=more))
    assert (began, again) == (True, False)
    assert start_s < alone_s - 0.2


def test_padding_moves_the_ends_apart(listen):
    (_, start_s), (_, end_s) = seconds(listen(SAYS))
    (_, padded_start_s), (_, padded_end_s) = seconds(listen(SAYS, "speechPadMs=100"))
    assert padded_start_s == pytest.approx(start_s - 0.1)
    assert padded_end_s == pytest.approx(end_s + 0.1)


def test_the_threshold_is_a_level(listen):
    quiet = ", channel: {send: {gain_db: -35}}"
    assert len(seconds(listen(SAYS, "threshold=0", about=quiet))) >= 2
    assert seconds(listen(SAYS, "threshold=1", about=quiet)) == []


def test_reset_begins_the_time_afresh(listen):
    more = "setTimeout(lambda: (vad.reset(), turn.reset()), 400)"
    played = listen(SAYS, more=more)
    assert [line for line in played.logs if line.endswith("Reset")] == [
        "Silero.VAD.Reset",
        "Pipecat.Turn.Reset",
    ]
    (_, start_s), _ = seconds(played)
    (_, usual_s), _ = seconds(listen(SAYS))
    assert start_s == pytest.approx(usual_s - 0.4, abs=0.03)


@pytest.mark.parametrize(
    ("said", "ends"),
    [
        ("Good morning to you.", True),
        ("A table for two", True),  # all of it, with a mark or without
        ("Can you hear me?", True),
        ("I would like,", False),
        ("And then -", False),
    ],
)
def test_a_turn_ends_with_a_sentence(listen, said, ends):
    [line] = told(listen(f"{{say: {said!r}}}"), "Pipecat.Turn.Result")
    assert line == f"endOfTurn={ends} probability={0.95 if ends else 0.08}"


def test_a_pause_within_a_sentence(listen):
    """What was said so far, is looked at, and again at the end."""
    more = "setTimeout(turn.predict, 1100)"
    played = listen('{say: "I would like to have a table for two people tonight."}', more=more)
    assert told(played, "Pipecat.Turn.Result") == [
        "endOfTurn=False probability=0.08",
        "endOfTurn=True probability=0.95",
    ]


@pytest.mark.parametrize(("threshold", "ends"), [(0.5, True), (0.96, False), (0.05, True)])
def test_the_threshold_of_a_turn(listen, threshold, ends):
    [line] = told(listen(SAYS, turn=f"threshold={threshold}"), "Pipecat.Turn.Result")
    assert line.startswith(f"endOfTurn={ends}")


def test_nothing_was_heard(listen):
    """Neither before, nor after a reset, nor so long ago."""
    more = "turn.predict(); setTimeout(lambda: (turn.reset(), turn.predict()), 2800)"
    played = listen(SAYS, more=more)
    assert [line[-3:] for line in told(played, "Pipecat.Turn.Result")] == ["0.5", ".95", "0.5"]
    forgets = listen(SAYS, turn="maxDurationSecs=1", more="setTimeout(turn.predict, 3300)")
    assert told(forgets, "Pipecat.Turn.Result")[-1].endswith("0.5")


def test_the_order_of_its_life(listen):
    played = listen(SAYS, "onWebSocketClose=tell", more="setTimeout(vad.close, 100)")
    [first] = [r for r in played.of("event") if r["name"].startswith("Silero.")]
    assert first["name"] == "Silero.VAD.ConnectorInformation"
    assert first["data"]["data"]["payload"]["endpoint"] == "/silero"
    assert "WebSocket.Close code=1000" in played.logs


def test_after_close_nothing_is_done(listen):
    more = """
vad.close(); turn.close()
vad.close(); vad.reset(); turn.predict(); call.sendMediaTo(vad)
"""
    played = listen(SAYS, more=more)
    assert played.logs == []
    assert [text for text in played.warnings if "closed" in text] == [
        "reset: this Silero.VAD has been closed",
        "predict: this Pipecat.TurnDetector has been closed",
        "sendMediaTo: this Silero.VAD has been closed, nothing is sent to it",
    ]


@pytest.mark.parametrize("after_ms", range(0, 2_400, 300))
def test_hung_up_and_terminated_at_every_moment(listen, after_ms):
    for end in ("call.hangup", "VoxEngine.terminate"):
        played = listen(SAYS, more=f"setTimeout({end}, {after_ms})")
        assert played.errors == []
        assert played.result.outcome == "normal"


def test_it_sends_nothing_and_detects_no_voice(listen):
    more = """
Logger.write([hasattr(vad, 'sendMediaTo'), call.vad()])
VoxEngine.sendMediaBetween(call, vad)
"""
    played = listen(SAYS, more=more)
    assert played.logs[0] == "[false,false]"
    assert len(seconds(played)) == 2


@pytest.mark.parametrize(
    ("params", "turn", "message"),
    [
        ("threshold=2", "", "Silero.createVAD: threshold must be a number from 0 to 1, not 2"),
        ("minSilenceDurationMs='x'", "", "minSilenceDurationMs must be a number from 20 to 10000"),
        ("speechPadMs=-1", "", "speechPadMs must be a number from 0 to 10000, not -1"),
        ("", "threshold='x'", "createTurnDetector: threshold must be a number from 0 to 1"),
        ("", "maxDurationSecs=0", "maxDurationSecs must be a number from 1 to 60, not 0"),
        ("onWebSocketClose=1", "", "onWebSocketClose must be a function"),
    ],
)
def test_what_is_wrong(listen, params, turn, message):
    [error] = listen(SAYS, params, turn).errors
    assert message in error


def test_what_has_no_effect_is_told(listen):
    played = listen(SAYS, "trace=True", "preSpeechMs=200")
    assert [text for text in played.warnings if "has no effect" in text] == [
        "createVAD: trace has no effect here: there is no service behind it",
        "createTurnDetector: preSpeechMs has no effect here: words are heard from their beginning",
    ]
    told_of = played.result.record["approximated"]
    assert any("Silero.VAD" in text for text in told_of)
    assert any("Pipecat.TurnDetector" in text for text in told_of)


def test_in_javascript(tmp_path):
    played = play_in(
        tmp_path,
        """
        require(Modules.Silero);
        require(Modules.Pipecat);
        VoxEngine.addEventListener(AppEvents.CallAlerting, async ({ call }) => {
          call.answer();
          const vad = await Silero.createVAD({ threshold: 0.5, minSilenceDurationMs: 300 });
          const turn = await Pipecat.createTurnDetector({ threshold: 0.5 });
          call.sendMediaTo(vad);
          call.sendMediaTo(turn);
          vad.addEventListener(Silero.VADEvents.Result, (e) => {
            if (e.speechStartAt !== undefined) Logger.write(`starts ${e.vad === vad}`);
            if (e.speechEndAt !== undefined) turn.predict();
          });
          turn.addEventListener(Pipecat.TurnEvents.Result, (e) => {
            Logger.write(`${e.turnDetector === turn} ${e.endOfTurn} ${e.probability}`);
            call.hangup();
          });
          call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
        });
        """,
        caller=f"caller: {{steps: [{{wait: 500}}, {SAYS}, {{wait: 3000}}]}}",
        ending="js",
    )
    assert played.logs == ["starts true", "true true 0.95"]
