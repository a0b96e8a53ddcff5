"""Recognisers: what each has to do, how one is found, and the one that listens to the sound."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from importlib.util import find_spec
from random import Random

import pytest

from voxrt.errors import UsageError
from voxrt.media import recogniser
from voxrt.media.hearing import HeardWord
from voxrt.media.recogniser import Piece, Recogniser, Task, WordRecogniser, load_recogniser
from voxrt.media.speech import Speaker
from voxrt.media.utterances import Utterances

SPHINX = pytest.mark.skipif(
    find_spec("pocketsphinx") is None or find_spec("espeakng_loader") is None,
    reason="needs the extras pocketsphinx and speech",
)
TASK = Task(language="en-US")


def words_of(utterances, speech, clarity=1.0, share=100):
    tag = utterances.add(speech, "caller", clarity)
    return [
        HeardWord(
            text=word.text, utterance=tag, speaker="caller", start_us=word.start * 62,
            end_us=word.end * 62, share=share,
        )
        for word in speech.words
    ]  # fmt: skip


@pytest.fixture
def word_recogniser():
    utterances = Utterances()
    return WordRecogniser(utterances, Random(1)), utterances


def sphinx():
    from voxrt.media.recogniser_sphinx import SphinxRecogniser

    return SphinxRecogniser()


# --- what each has to do ------------------------------------------------------------------------


@pytest.mark.parametrize("make", [lambda: WordRecogniser(Utterances(), Random(1)),
                                  pytest.param(sphinx, marks=SPHINX)])  # fmt: skip
def test_the_contract(make):
    made = make()
    assert isinstance(made, Recogniser)
    assert made.name
    assert made.approximated
    assert made.rate_hz in (0, 8_000, 16_000, 24_000, 48_000)
    phrase = made.begin(TASK)
    phrase.hear(Piece(pcm=bytes(made.rate_hz)))
    assert phrase.so_far() == ""
    result = phrase.result()
    assert result is None or 0 <= result.confidence <= 1


# --- words --------------------------------------------------------------------------------------


def test_words_of_two_speakers_come_in_their_order(word_recogniser, tmp_path):
    made, utterances = word_recogniser
    speaker = Speaker("synthetic", tmp_path)
    ann = words_of(utterances, speaker.say("One three."))
    bob = words_of(utterances, speaker.say("So, and more."))
    phrase = made.begin(TASK)
    phrase.hear(Piece(words=bob))
    phrase.hear(Piece(words=ann))
    both = sorted((*bob, *ann), key=lambda word: word.start_us)
    plain = [word.text.strip(".,").lower() for word in both]
    assert phrase.result().text.lower().split() == plain


@pytest.mark.parametrize(("share", "sure"), [(100, 0.92), (75, 0.69), (49, None)])
def test_words_that_were_cut_off(word_recogniser, tmp_path, share, sure):
    made, utterances = word_recogniser
    phrase = made.begin(TASK)
    speech = Speaker("synthetic", tmp_path).say("Hello")
    phrase.hear(Piece(words=words_of(utterances, speech, share=share)))
    found = phrase.result()
    assert (found and found.confidence) == sure


def test_nothing_random_happens_to_clear_speech(word_recogniser, tmp_path):
    made, utterances = word_recogniser
    rng = made._rng
    before = rng.getstate()
    phrase = made.begin(TASK)
    phrase.hear(Piece(words=words_of(utterances, Speaker("synthetic", tmp_path).say("Hi there"))))
    phrase.result()
    assert rng.getstate() == before


# --- finding one --------------------------------------------------------------------------------


@pytest.fixture
def entry(monkeypatch):
    def declare(value, name="mine"):
        points = [EntryPoint(name, value, recogniser.ENTRY_POINTS)]
        monkeypatch.setattr(recogniser, "entry_points", lambda group: points)

    return declare


def test_an_entry_point(entry):
    entry("recognisers:Echo")
    with pytest.raises(UsageError, match="no speech recogniser 'other'") as caught:
        load_recogniser("other")
    assert "There are: words, mine." in str(caught.value)


def test_an_entry_point_that_makes_something_else(entry):
    entry("builtins:dict")
    with pytest.raises(UsageError, match="makes no recogniser"):
        load_recogniser("mine")


def test_an_entry_point_whose_package_is_not_there(entry):
    entry("no_such_package:Recogniser")
    with pytest.raises(UsageError, match="cannot be loaded") as caught:
        load_recogniser("mine")
    assert "voxrt[mine]" in str(caught.value)


def test_a_run_takes_the_one_that_is_asked_for(entry, play):
    entry("recognisers:Echo")
    played = play(
        """
        require(Modules.ASR)
        def tell(e):
            Logger.write(f"{e.text} {e.confidence}")
        def on_call(e):
            e.call.answer()
            asr = VoxEngine.createASR(lang="en-US")
            asr.addEventListener(ASREvents.Result, tell)
            e.call.sendMediaTo(asr)
            e.call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
        VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
        """,
        caller="[{wait: 300}, {say: Hello there}, {wait: 1500}, hang_up]",
        asr="mine",
        asr_confidence=100,
    )
    assert played.logs == ["en-US 25"]
    assert "an echo" in played.result.record["approximated"]


@pytest.mark.parametrize(
    ("options", "message"),
    [({"asr": "nobody"}, "no speech recogniser 'nobody'"), ({"asr_confidence": 7}, "1 or 100")],
)
def test_options_that_are_wrong(play, options, message):
    with pytest.raises(UsageError, match=message):
        play("pass", **options)


# --- from sound ---------------------------------------------------------------------------------


def recognised(made, text, *hints, speaker):
    phrase = made.begin(Task(language="en-US", hints=hints))
    pcm = bytes(6_400) + speaker.say(text, voice="en-us+f3", rate_hz=16_000).pcm + bytes(16_000)
    for at in range(0, len(pcm), 3_200):
        phrase.hear(Piece(pcm=pcm[at : at + 3_200]))
    return phrase.result()


@SPHINX
def test_phrases_that_are_expected_are_found_in_sound(tmp_path):
    made, speaker = sphinx(), Speaker("espeak", tmp_path)
    hints = ("Sales Department", "support", "goodbye", "Xyzzyq")
    for said, text in (("sales department", "Sales Department"), ("goodbye", "goodbye")):
        found = recognised(made, said, *hints, speaker=speaker)
        assert found.text == text
        assert 0 < found.confidence <= 1


@SPHINX
def test_free_speech_gives_words(tmp_path):
    assert recognised(sphinx(), "yes", speaker=Speaker("espeak", tmp_path)).text


@SPHINX
def test_other_languages_are_refused():
    with pytest.raises(ValueError, match="English only, not of ru-RU"):
        sphinx().begin(Task(language="ru-RU"))
