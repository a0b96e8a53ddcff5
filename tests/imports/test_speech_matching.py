"""Speech on a recording, and the transcripts that belong to it."""

from __future__ import annotations

from voxrt.imports.speech import Stretch, Transcript, find_speech, match, turns
from voxrt.imports.transcripts import of_the_agent, of_the_caller
from voxrt.media.codecs import tone

RATE_HZ = 8_000


def silence(ms):
    return bytes(2 * RATE_HZ * ms // 1000)


def voice(ms):
    return tone([440], RATE_HZ, ms)


def pieces(*times):
    return [Stretch(start_ms=start, end_ms=end) for start, end in times]


def said(text, start_ms, end_ms):
    return Transcript(text=text, start_ms=start_ms, end_ms=end_ms)


def found(matched):
    return [(one.start_ms, one.end_ms, one.text) for one in matched.stretches]


def test_speech_is_found_a_little_before_it_begins():
    pcm = silence(1000) + voice(600) + silence(800) + voice(400) + silence(100)
    (one, other) = find_speech(pcm, RATE_HZ)
    assert 890 <= one.start_ms <= 910
    assert 1590 <= one.end_ms <= 1610
    assert 2290 <= other.start_ms <= 2310
    assert find_speech(silence(500), RATE_HZ) == []
    assert find_speech(b"", RATE_HZ) == []


def test_a_click_is_no_speech():
    assert find_speech(silence(500) + voice(60) + silence(500), RATE_HZ) == []


def test_a_transcript_has_all_speech_of_its_time():
    speech = pieces((900, 1500), (1800, 2600), (5000, 6000))
    matched = match(speech, [said("One. Two.", 1240, 3200), said("Three.", 5300, 6600)])
    assert found(matched) == [(900, 2600, "One. Two."), (5000, 6000, "Three.")]
    assert matched.without_place == []


def test_without_a_start_it_is_the_last_speech_before():
    speech = pieces((0, 400), (2000, 2600), (9000, 9900))
    matched = match(speech, [said("Yes.", None, 3000)])
    assert found(matched) == [(0, 400, ""), (2000, 2600, "Yes."), (9000, 9900, "")]


def test_two_transcripts_of_one_breath_share_it():
    matched = match(pieces((1000, 4000)), [said("One.", 1100, 2500), said("Two.", 2500, 4200)])
    assert found(matched) == [(1000, 4000, "One. Two.")]


def test_a_transcript_without_speech_is_told():
    lost = said("Who?", 7000, 8000)
    matched = match(pieces((1000, 2000)), [lost])
    assert matched.without_place == [lost]
    assert found(matched) == [(1000, 2000, "")]


def test_speech_without_words_is_one_as_long_as_there_is_no_pause():
    speech = pieces((0, 500), (700, 1000), (1200, 1500), (4000, 4500))
    assert found(match(speech, [])) == [(0, 1500, ""), (4000, 4500, "")]


def test_turns_are_told_by_their_pauses():
    speech = pieces((0, 500), (900, 1200), (5000, 6000))
    assert [len(turn) for turn in turns(speech, 1500)] == [2, 1]


def test_partial_transcripts_are_no_transcripts():
    kind = "conversation.item.input_audio_transcription.completed"
    messages = [
        (100, {"type": "input_audio_buffer.speech_started", "item_id": "a"}),
        (900, {"type": kind, "item_id": "a", "transcript": "Hel", "status": "in_progress"}),
        (1500, {"type": "input_audio_buffer.speech_stopped", "item_id": "a"}),
        (1600, {"type": kind, "item_id": "a", "transcript": "Hello.", "status": "completed"}),
        (2000, {"type": kind, "item_id": "b", "transcript": "Older form."}),
        (2100, {"type": kind, "item_id": "c", "transcript": " "}),
    ]
    assert of_the_caller(messages) == [said("Hello.", 100, 1500), said("Older form.", None, 2000)]


def test_what_the_agent_says_lasts_until_the_next_item():
    part, done = "response.output_audio_transcript.delta", "response.output_audio_transcript.done"
    messages = [
        (100, {"type": "response.content_part.added", "item_id": "a"}),
        (110, {"type": part, "item_id": "a", "delta": "Good "}),
        (150, {"type": done, "item_id": "a", "transcript": "Good day."}),
        (5000, {"type": "response.output_audio.delta", "item_id": "b"}),
        (5010, {"type": part, "item_id": "b", "delta": "Never ", "start_time": 0.0}),
        (5020, {"type": part, "item_id": "b", "delta": "finished", "start_time": 0.8}),
    ]
    spoken, unfinished = of_the_agent(messages)
    assert spoken == said("Good day.", 100, 5000)
    assert (unfinished.text, unfinished.start_ms) == ("Never finished", 5000)
    assert unfinished.parts == ((0.0, "Never "), (800.0, "finished"))


def test_of_what_was_cut_off_the_words_are_those_for_which_there_was_time():
    cut = Transcript(
        text="Never finished", start_ms=900, end_ms=4000, parts=((0, "Never "), (800, "finished"))
    )
    (short,) = match(pieces((900, 1500)), [cut]).stretches
    assert (short.text, short.complete) == ("Never", False)
    (long,) = match(pieces((900, 2500)), [cut]).stretches
    assert (long.text, long.complete) == ("Never finished", False)
