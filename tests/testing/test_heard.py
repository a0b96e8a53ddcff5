"""What somebody heard: words, sources, stale speech, and the sound of the recording."""

from __future__ import annotations

import math
from array import array

import pytest

from voxrt.errors import UsageError
from voxrt.media.wav import WavWriter
from voxrt.testing.audible import Stretch
from voxrt.testing.heard import Figure, Heard
from voxrt.testing.sound import measure

RATE_HZ = 8_000


def stretch(source, utterance, begin_ms, end_ms):
    return Stretch(source=source, utterance=utterance, begin_ms=begin_ms, end_ms=end_ms)


def heard(stretches, said):
    return Heard(phrases=[], stretches=stretches, said=said, records=[], recording=None)


# --- barge-ins --------------------------------------------------------------------------------

GREETING, MENU, ANSWER = (
    stretch("agent", 1, 0, 2000),
    stretch("agent", 3, 5000, 8000),
    stretch("agent", 5, 10_000, 12_000),
)


def test_what_was_made_before_is_stale_after_a_barge_in():
    call = heard(
        [GREETING, MENU, ANSWER], [stretch("guest", 2, 3000, 4000), stretch("guest", 4, 7800, 9000)]
    )
    (barge_in,) = call.barge_ins
    assert (barge_in.at_ms, barge_in.stale_ms) == (7800, 200)
    assert call.stale_ms_after_barge_in == 200
    assert call.stale_ms_after_barge_in.at_ms == 7800


def test_an_agent_that_does_not_stop_is_stale_to_its_end():
    call = heard([stretch("agent", 1, 0, 9000)], [stretch("guest", 2, 1000, 1500)])
    assert call.stale_ms_after_barge_in == 8000


def test_what_an_agent_goes_on_with_in_a_gap_is_stale():
    """Interrupted between two sentences: the second one was made before, and is heard."""
    sentences = [stretch("agent", 1, 0, 1000), stretch("agent", 2, 1300, 3000)]
    call = heard(sentences, [stretch("guest", 3, 1200, 1500)])
    assert call.stale_ms_after_barge_in == 1700


def test_an_answer_that_is_made_later_is_not_stale():
    call = heard([GREETING, ANSWER], [stretch("guest", 2, 1900, 2500)])
    assert call.stale_ms_after_barge_in == 100


def test_to_speak_when_all_is_quiet_is_no_barge_in():
    call = heard([GREETING, MENU], [stretch("guest", 2, 3000, 4000)])
    assert call.barge_ins == []
    with pytest.raises(AssertionError, match="nobody barged in"):
        _ = call.stale_ms_after_barge_in


def test_music_without_words_is_not_stale_speech():
    call = heard([stretch("player", 0, 0, 9000)], [stretch("guest", 2, 1000, 1500)])
    assert call.barge_ins == []
    assert call.sources == {"player": 9000}


def test_both_speak_at_the_same_time():
    call = heard(
        [GREETING, MENU], [stretch("guest", 2, 1500, 2500), stretch("guest", 4, 7900, 9000)]
    )
    assert call.talk_over_ms == 600
    assert heard([GREETING], []).talk_over_ms == 0


def test_a_figure_says_where_it_was_measured():
    figure = Figure(412.0001, "after the barge-in at 3.000 s", 3000)
    assert repr(figure) == "412 (after the barge-in at 3.000 s)"
    assert figure < 500


def test_nothing_answered_is_no_answer_in_time():
    with pytest.raises(AssertionError, match="nothing that was said on this call was answered"):
        _ = heard([], []).longest_response_ms


# --- the recording ----------------------------------------------------------------------------


def sine(ms, amplitude=8_000):
    count = RATE_HZ * ms // 1000
    return [round(amplitude * math.sin(2 * math.pi * 440 * i / RATE_HZ)) for i in range(count)]


def silence(ms):
    return [0] * (RATE_HZ * ms // 1000)


def record(path, said, heard_samples):
    length = max(len(said), len(heard_samples))
    sides = [side + [0] * (length - len(side)) for side in (said, heard_samples)]
    mixed = array("h", [sample for pair in zip(*sides, strict=True) for sample in pair])
    with WavWriter(path, RATE_HZ, 2) as writer:
        writer.append(mixed.tobytes())
    return measure(path)


def test_dead_air_is_silence_of_both_sides(tmp_path):
    said = silence(3000) + sine(1000)
    heard_samples = sine(1000) + silence(5000) + sine(1000)
    sound = record(tmp_path / "a.wav", said, heard_samples)
    assert (sound.dead_air_ms, sound.dead_air_at_ms) == (2000, 1000)


def test_the_level_leaves_silence_out(tmp_path):
    loud = record(tmp_path / "a.wav", [], sine(1000, 16_384))
    mostly_silent = record(tmp_path / "b.wav", [], sine(1000, 16_384) + silence(9000))
    assert loud.level_dbfs == pytest.approx(-9.0, abs=0.1)
    assert mostly_silent.level_dbfs == loud.level_dbfs
    assert record(tmp_path / "c.wav", sine(500), silence(500)).level_dbfs == -100


def test_clipping_is_a_run_at_full_scale(tmp_path):
    peak = [*sine(100), 32_767, *sine(100)]
    clipped = [min(32_767, max(-32_768, 4 * sample)) for sample in sine(100, 16_000)]
    assert record(tmp_path / "a.wav", [], peak).clipped_samples == 0
    found = record(tmp_path / "b.wav", [], clipped).clipped_samples
    assert found == sum(abs(sample) >= 32_767 for sample in clipped)


# --- of real calls ----------------------------------------------------------------------------

HASTY = """
def on_call(e):
    call = e.call
    call.addEventListener(CallEvents.Disconnected, lambda e: VoxEngine.terminate())
    call.addEventListener(CallEvents.Connected, lambda e: call.say(
        "This is a very long announcement that goes on and on, and cannot be stopped by anybody."))
    call.answer()
VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""


def test_an_announcement_that_cannot_be_stopped(runner):
    call = runner.call(python=HASTY)
    call.barge_in("Stop!", after_ms=500)
    call.wait(8000)
    call.hang_up()
    assert call.heard.sources == {"player": pytest.approx(call.heard.stretches[0].ms)}
    assert call.heard.stale_ms_after_barge_in == pytest.approx(
        call.heard.stretches[0].end_ms - call.heard.barge_ins[0].at_ms
    )
    assert call.heard.stale_ms_after_barge_in > 2000
    assert call.heard.talk_over_ms > 100


def test_who_is_heard_through_the_scenario_is_a_source_of_their_own(runner):
    from voxrt.testing import party

    call = runner.call(
        python="""
        def on_call(e):
            other = VoxEngine.callPSTN("15557654321", "15550001111")
            VoxEngine.easyProcess(e.call, other)
        VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
        """,
        parties=[party("15557654321", name="Bob").wait(300).say("Bob speaking.")],
    )
    call.hear("Bob speaking", source="Bob")
    call.say("Hello Bob.").hang_up()
    assert list(call.heard.sources) == ["Bob"]
    assert call.conversation.heard(2).text == "Hello Bob."
    with pytest.raises(UsageError, match="there is no call 3: the run has 2"):
        call.conversation.heard(3)


def test_the_figures_agree_with_the_recording(runner):
    call = runner.call("echo.py")
    call.hear("Press a key").wait(3000).hang_up()
    figures = call.heard
    assert 3500 < figures.dead_air_ms < 4200
    assert figures.clipped_samples == 0
    assert -40 < figures.level_dbfs < -3
