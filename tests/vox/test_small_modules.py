"""`Logger.hideTones` and `MeasurementProtocol`."""

from __future__ import annotations

import json

import pytest

from voxrt.legs.builder import caller
from voxrt.vox import api

KEYS = """
def on_call(e):
    call = e.call
    call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    call.addEventListener(CallEvents.ToneReceived, on_key)
    call.handleTones(True)
    call.answer()
def on_key(e):
    seen.append(e.tone)
    if e.tone == "#":
        Logger.hideTones({then})
Logger.hideTones({first})
VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""


@pytest.mark.parametrize(
    ("first", "then", "shown"),
    [("True", "False", ["*", "*", "2"]), ("False", "True", ["1", "#", "*"]),
     ("", "True", ["1", "#", "*"])],
)  # fmt: skip
def test_keys_are_hidden_while_the_flag_is_set(play, first, then, shown):
    who = caller().wait(500).press("1#2").wait(500).hang_up()
    played = play(KEYS.format(first=first, then=then), who)
    assert played.seen == ["1", "#", "2"]
    tones = [r["data"]["tone"] for r in played.of("event", name="Call.ToneReceived")]
    assert tones == shown
    log = played.result.files["log"].read_text()
    assert [f"tone = {tone} ;" in log for tone in ("1", "#", "2")] == [t in shown for t in "1#2"]


def test_every_function_of_measurement_protocol_does_nothing_and_says_so(play):
    functions = sorted(api.namespace_functions("MeasurementProtocol"))
    assert len(functions) == 12
    chain = [name for name in functions if name != "setSessionByCallerId"]
    calls = "".join(f".{name}({{'a': 1}})" for name in chain)
    played = play(
        f"""
        async def on_start(e):
            seen.append(MeasurementProtocol{calls} is MeasurementProtocol)
            same = await MeasurementProtocol.setSessionByCallerId({{}})
            seen.append(same is MeasurementProtocol)
            MeasurementProtocol.sendEvent({{}})
            VoxEngine.terminate()
        VoxEngine.addEventListener(AppEvents.Started, on_start)
        """,
        start=True,
    )
    assert played.seen == [True, True]
    told = [text for code, text in played.warnings if code == "no-op"]
    assert len(told) == len(functions)
    assert all("does nothing here" in text for text in told)


def test_what_reads_like_a_list_and_an_object_is_a_list_in_json(play):
    played = play(
        """
        Logger.write(JSON.stringify({"headers": []}))
        VoxEngine.terminate()
        """,
        start=True,
    )
    assert json.loads(played.of("log")[0]["text"]) == {"headers": []}
