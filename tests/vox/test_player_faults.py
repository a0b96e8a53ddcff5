"""What players cannot play, and what they fetch: `Error`, then `PlaybackFinished` with the same."""

from __future__ import annotations

import base64
from pathlib import Path
from urllib.parse import quote

import pytest
from attrs import define, field

from voxrt.clock import US_PER_MS
from voxrt.outside.exchange import Response

SOUNDS = Path(__file__).parents[1] / "media" / "sounds"
SCENARIO = """
def spy(player):
    for names in (PlayerEvents, SequencePlayerEvents):
        for name in names:
            player.addEventListener(names[name], seen.append)
    return player

def on_start(e):
    {code}

VoxEngine.addEventListener(AppEvents.Started, on_start)
setTimeout(VoxEngine.terminate, {ends_ms})
"""
FAILED = ["Created", "Error", "PlaybackFinished"]
PLAYED = ["Created", "PlaybackReady", "Started", "PlaybackFinished"]


@pytest.fixture
def do(play):
    """Plays a scenario that does this at its start, and ends after a while."""

    def run(code, ends_ms=3_000, **options):
        code = code.replace("\n", "\n    ")
        return play(SCENARIO.format(code=code, ends_ms=ends_ms), start=True, **options)

    return run


@define
class Answers:
    """An outside world of declared answers, each after a while; counts what was asked of it."""

    clock: object
    answers: dict
    after_ms: int = 300
    asked: list = field(factory=list)

    def unused(self):
        return []

    def fetch(self, method, url, headers, body, done, **limits):
        self.asked.append((method, url, dict(headers), body))
        answer = self.answers.get(url, Response(code=404))
        return self.clock.call_later(self.after_ms * US_PER_MS, done, answer).cancel


def outside(after_ms=300, **answers):
    """A `setup` for a run, with answers at http://test/NAME; a file's bytes, or a `Response`."""
    found = {
        f"http://test/{name}": a if isinstance(a, Response) else Response(code=200, body=a)
        for name, a in answers.items()
    }

    def setup(run):
        run.context.outside = setup.world = Answers(run.context.clock, found, after_ms)

    return setup


def told(played):
    return [(event.name.partition(".")[2], event.error) for event in played.seen]


def names(played):
    return [name for name, _ in told(played)]


def problem(played):
    """The text of the failure, which both events carry."""
    assert names(played) == FAILED
    (_, first), (_, second) = told(played)[1:]
    assert first == second
    return first


def at(played, name):
    return [r["t"] for r in played.of("event") if r["name"].partition(".")[2] == name]


# --- files that are not there or are no sound ---------------------------------------------------


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("missing.wav", "missing.wav: there is no such file"),
        ("file:missing.wav", "missing.wav: there is no such file"),
        ("text.wav", "text.wav: it is not an audio file"),
        ("nothing.wav", "nothing.wav: the file is empty"),
        ("empty.wav", "There is nothing to play"),
        ("folder", "folder: the file cannot be read"),
        ("a\\0b", "cannot be read"),
        ("", "cannot be read"),
        ("ftp://test/a.wav", "a player does not know addresses of ftp:"),
        ("https://test/a.mp3", "the outside world is closed: there is no answer to GET https://"),
        ("HTTP://test/a.wav", "the outside world is closed"),
        ("data:audio/wav", "a data URL has a comma"),
        ("data:audio/wav;base64,???", "its data is not base64"),
        ("data:,hello", "it is not an audio file"),
    ],
)
def test_what_cannot_be_played(do, tmp_path, tone_file, url, text):
    (tmp_path / "text.wav").write_text("no sound at all")
    (tmp_path / "nothing.wav").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    tone_file("empty.wav", 0)
    played = do(f"spy(VoxEngine.createURLPlayer({{'url': '{url}'}}))")
    assert text in problem(played)
    assert played.result.outcome == "normal"


@pytest.mark.parametrize("kind", ["mp3", "ogg", "flac"])
def test_every_format(do, tmp_path, kind):
    pytest.importorskip("miniaudio")
    (tmp_path / f"a.{kind}").write_bytes((SOUNDS / f"tone.{kind}").read_bytes())
    played = do(f"spy(VoxEngine.createURLPlayer({{'url': 'a.{kind}'}}))")
    assert names(played) == PLAYED
    assert played.seen[2].duration == 600


def test_an_mp3_that_is_cut_off_plays_as_far_as_it_goes(do, tmp_path):
    pytest.importorskip("miniaudio")
    data = (SOUNDS / "tone.mp3").read_bytes()
    (tmp_path / "a.mp3").write_bytes(data[: len(data) // 2])
    played = do("spy(VoxEngine.createURLPlayer({'url': 'a.mp3'}))")
    assert names(played) == PLAYED
    assert 0 < played.seen[2].duration < 600
    (tmp_path / "a.mp3").write_bytes(data[:90])
    assert "mp3 data cannot be decoded" in problem(
        do("spy(VoxEngine.createURLPlayer({'url': 'a.mp3'}))")
    )


def test_without_the_decoder(do, tmp_path, monkeypatch):
    monkeypatch.setattr("voxrt.media.sound_data.find_spec", lambda name: None)
    (tmp_path / "a.mp3").write_bytes((SOUNDS / "tone.mp3").read_bytes())
    text = problem(do("spy(VoxEngine.createURLPlayer({'url': 'a.mp3'}))"))
    assert "the decoder for it is not installed" in text
    assert "voxrt[audio]" in text


def test_data_urls(do, tone_file):
    data = tone_file("a.wav", 300).read_bytes()
    for url in (
        "data:audio/wav;base64," + base64.b64encode(data).decode(),
        "data:;base64," + base64.b64encode(data).decode().rstrip("="),
        "data:audio/wav," + quote(data),
    ):
        played = do(f"spy(VoxEngine.createURLPlayer({{'url': {url!r}}}))")
        assert names(played) == PLAYED
        assert played.seen[2].duration == 300


def test_a_call_plays_what_a_player_plays(play, tmp_path):
    """`startPlayback` and `createURLPlayer` are one mechanism."""
    pytest.importorskip("miniaudio")
    (tmp_path / "a.ogg").write_bytes((SOUNDS / "tone.ogg").read_bytes())
    scenario = """
    def on_call(e):
        watch(e.call, CallEvents.PlaybackReady, CallEvents.PlaybackStarted)
        watch(e.call, CallEvents.PlaybackFinished)
        e.call.addEventListener(CallEvents.Connected, lambda e: e.call.startPlayback("a.ogg"))
        e.call.answer()
        setTimeout(VoxEngine.terminate, 3000)
    VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
    """
    played = play(scenario)
    assert names(played) == ["PlaybackReady", "PlaybackStarted", "PlaybackFinished"]
    assert played.data("PlaybackStarted") == {"duration": 600}
    assert [record for record in played.of("event") if record["unit"] == "player"] == []


# --- texts and tone scripts ---------------------------------------------------------------------


def test_a_text_of_1500_characters(do):
    assert "Started" in names(do(f"spy(VoxEngine.createTTSPlayer('{'a ' * 750}'))"))
    played = do(f"spy(VoxEngine.createTTSPlayer('{'a ' * 750}b'))")
    assert problem(played) == "Text is longer than 1500 characters"


@pytest.mark.parametrize(("limits", "warns"), [("warn", True), ("off", False)])
def test_a_long_text_where_limits_are_not_enforced(do, limits, warns):
    played = do(f"spy(VoxEngine.createTTSPlayer('{'a ' * 750}b'))", limits=limits)
    assert "Started" in names(played)
    assert (("limit", "Text is longer than 1500 characters") in played.warnings) is warns


def test_nothing_to_say(do):
    assert problem(do("spy(VoxEngine.createTTSPlayer(''))")) == "There is nothing to play"


def test_a_tone_script_that_is_wrong_names_the_position(do):
    text = problem(do("spy(VoxEngine.createToneScriptPlayer('425@-19;5(1/4/2)'))"))
    assert text.startswith("tone script, character 15 (`2`)")


def test_a_tone_script_of_no_time(do):
    text = problem(do("spy(VoxEngine.createToneScriptPlayer('425@-19;0(1/4/1)'))"))
    assert text == "There is nothing to play"


def test_a_segment_that_fails_fails_the_sequence(do, tone_file):
    tone_file("a.wav", 200)
    segments = "[{'url': 'a.wav'}, {'url': 'missing.wav'}, {'url': 'http://test/x'}]"
    played = do(f"spy(VoxEngine.createSequencePlayer({{'segments': {segments}}}))")
    assert problem(played).startswith(("missing.wav: there is no", "http://test/x: the outside"))
    assert {event.name.partition(".")[0] for event in played.seen} == {"SequencePlayer"}


def test_a_sequence_of_nothing(do):
    played = do("spy(VoxEngine.createSequencePlayer({'segments': []}))")
    assert problem(played) == "There is nothing to play"
    played = do("spy(VoxEngine.createSequencePlayer({'segments': [{'text': ''}, {'text': ''}]}))")
    assert problem(played) == "There is nothing to play"


def test_an_empty_segment_among_others(do, tone_file):
    tone_file("a.wav", 200)
    segments = "[{'text': ''}, {'url': 'a.wav'}, {'text': ''}]"
    played = do(f"spy(VoxEngine.createSequencePlayer({{'segments': {segments}}}))")
    assert names(played) == PLAYED


def test_loop_and_on_pause_of_a_segment_are_told(do):
    played = do(
        "spy(VoxEngine.createSequencePlayer({'segments': [\n"
        "    {'text': 'Hi.', 'parameters': {'loop': True, 'onPause': True}}]}))"
    )
    assert names(played) == PLAYED
    assert [text for _, text in played.warnings] == [
        "createSequencePlayer: segment 0: `loop` has no effect in it",
        "createSequencePlayer: segment 0: `onPause` has no effect in it",
    ]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("createTTSPlayer(None)", "createTTSPlayer: text must be a string"),
        ("createTTSPlayer(['a'])", "createTTSPlayer: text must be a string"),
        ("createURLPlayer(None)", "createURLPlayer: url must be a string"),
        ("createURLPlayer({})", "createURLPlayer: url must be a string"),
        ("createURLPlayer({'url': 'a', 'method': 'PUT'})", "createURLPlayer: method must be GET"),
        ("createURLPlayer({'url': 'a', 'headers': 1})", "createURLPlayer: headers must be"),
        (
            "createURLPlayer({'url': 'a', 'body': {'text': 'a', 'binary': 'b'}})",
            "createURLPlayer: a body has either text or binary",
        ),
        ("createToneScriptPlayer(None)", "createToneScriptPlayer: script must be a string"),
        ("createSequencePlayer()", "createSequencePlayer: segments must be a list"),
        ("createSequencePlayer({'segments': 'a'})", "createSequencePlayer: segments must be"),
        ("createSequencePlayer({'segments': ['a']})", "segment 0 must be an object, not a string"),
        ("createSequencePlayer({'segments': [{}]})", "segment 0 has neither text nor url"),
        ("createSequencePlayer({'segments': [{'url': 5.5, 'text': []}]})", "segment 0: text must"),
        ("createTTSPlayer('a').addMarker('1')", "addMarker: offset must be a number"),
        ("createTTSPlayer('a').addMarker(float('nan'))", "addMarker: offset must be a number"),
        ("createTTSPlayer('a').sendMediaTo('call')", "sendMediaTo needs a media unit"),
        (
            "createSequencePlayer({'segments': [{'text': 'a'}]}).addMarker(1)",
            "addMarker: segment must be one of the segments",
        ),
        (
            "createSequencePlayer({'segments': [{'text': 'a'}]}).addMarker(1, 1)",
            "addMarker: segment must be one of the segments",
        ),
        (
            "createSequencePlayer({'segments': [{'text': 'a'}]}).addMarker(1, {'text': 'b'})",
            "addMarker: segment must be one of the segments",
        ),
    ],
)
def test_wrong_arguments(do, code, message):
    (error,) = do(f"VoxEngine.{code}").errors
    assert message in error


# --- too many, too large, too slow --------------------------------------------------------------


def test_the_eleventh_player(do):
    """Fails; one that is made when another has ended does not."""
    played = do(
        "players = [VoxEngine.createToneScriptPlayer('425@-19;*(1/1/1)') for _ in range(10)]\n"
        "spy(VoxEngine.createTTSPlayer('Hi.'))\n"
        "setTimeout(players[3].stop, 500)\n"
        "setTimeout(lambda: spy(VoxEngine.createTTSPlayer('Hi.')), 600)"
    )
    assert names(played) == FAILED + PLAYED
    assert told(played)[1][1] == "Players limit reached: there are 10 in the session"


@pytest.mark.parametrize(("limits", "warns"), [("warn", True), ("off", False)])
def test_the_eleventh_player_where_limits_are_not_enforced(do, limits, warns):
    played = do(
        "for _ in range(10): VoxEngine.createToneScriptPlayer('425@-19;*(1/1/1)')\n"
        "spy(VoxEngine.createTTSPlayer('Hi.'))",
        limits=limits,
    )
    assert names(played) == PLAYED
    assert (("limit", "Players limit reached: there are 10 in the session") in played.warnings) is (
        warns
    )


def test_players_that_ended_do_not_count(do):
    played = do(
        "for n in range(15): setTimeout(lambda: spy(VoxEngine.createTTSPlayer('Hi.')), n * 1000)",
        ends_ms=20_000,
    )
    assert names(played).count("PlaybackFinished") == 15
    assert "Error" not in names(played)


def test_a_file_of_more_than_10_mb(do, tmp_path, tone_file):
    data = tone_file("a.wav", 100).read_bytes()
    (tmp_path / "a.wav").write_bytes(data + bytes(10 * 1024 * 1024 - len(data)))
    assert names(do("spy(VoxEngine.createURLPlayer({'url': 'a.wav'}))")) == PLAYED
    (tmp_path / "b.wav").write_bytes(data + bytes(10 * 1024 * 1024 + 1 - len(data)))
    text = problem(do("spy(VoxEngine.createURLPlayer({'url': 'b.wav'}))"))
    assert text == "b.wav: the file is larger than 10 MB"


def test_a_download_of_more_than_12_s(do, tone_file):
    data = tone_file("a.wav", 100).read_bytes()
    code = "spy(VoxEngine.createURLPlayer({'url': 'http://test/a'}))"
    played = do(code, ends_ms=20_000, setup=outside(11_900, a=data))
    assert names(played) == PLAYED
    played = do(code, ends_ms=20_000, setup=outside(12_100, a=data))
    assert problem(played) == "Timeout is reached"
    assert at(played, "Error") == [12_000]


# --- what is fetched ----------------------------------------------------------------------------


def test_a_fetched_file(do, tone_file):
    world = outside(a=tone_file("a.wav", 100).read_bytes())
    played = do(
        "spy(VoxEngine.createURLPlayer({'url': 'http://test/a', 'method': 'POST',\n"
        "    'headers': [{'name': 'K', 'value': 'v'}], 'body': {'binary': [1, 2]}}))",
        setup=world,
    )
    assert names(played) == PLAYED
    assert at(played, "PlaybackReady") == [300]
    assert world.world.asked == [("POST", "http://test/a", {"K": "v"}, b"\x01\x02")]


def test_a_url_is_fetched_once(do, tone_file):
    """The platform keeps what it fetched by the URL alone."""
    world = outside(a=tone_file("a.wav", 100).read_bytes())
    played = do(
        "play = lambda: spy(VoxEngine.createURLPlayer('http://test/a', False))\n"
        "play(); setTimeout(play, 1000)",
        setup=world,
    )
    assert names(played) == PLAYED + PLAYED
    assert at(played, "PlaybackReady") == [300, 1_100]
    assert len(world.world.asked) == 1


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (Response(code=404), "http://test/a: the server answered 404"),
        (Response(code=302), "http://test/a: the server answered 302"),
        (Response(code=-3, error="no such host"), "no such host"),
        (Response(code=200), "http://test/a: the file is empty"),
        (Response(code=200, body=b"<html>"), "http://test/a: it is not an audio file"),
        (Response(code=200, body=bytes(10 * 1024 * 1024 + 1)), "is larger than 10 MB"),
    ],
)
def test_answers_that_are_no_sound(do, answer, text):
    played = do(
        "spy(VoxEngine.createURLPlayer({'url': 'http://test/a'}))\n"
        "setTimeout(lambda: VoxEngine.createURLPlayer({'url': 'http://test/a'}), 500)",
        setup=outside(a=answer),
    )
    assert text in problem(played)
    assert played.of("command", name="CreatePlayer")[0]["t"] == 0


def test_stop_while_it_is_fetched(do, tone_file):
    world = outside(a=tone_file("a.wav", 100).read_bytes())
    played = do(
        "player = spy(VoxEngine.createURLPlayer({'url': 'http://test/a'}))\n"
        "setTimeout(player.stop, 200)",
        ends_ms=15_000,
        setup=world,
    )
    assert names(played) == ["Created", "Stopped"]
    assert played.run.context.fetched_sounds == {}


def test_the_session_ends_while_it_is_fetched(do, tone_file):
    data = tone_file("a.wav", 100).read_bytes()
    played = do(
        "spy(VoxEngine.createURLPlayer({'url': 'http://test/a'}))",
        ends_ms=200,
        setup=outside(a=data),
    )
    assert names(played) == ["Created"]
    assert at(played, "Stopped") == [200]


def test_a_sequence_waits_for_all_of_its_segments(do, tone_file):
    data = tone_file("a.wav", 100).read_bytes()
    played = do(
        "spy(VoxEngine.createSequencePlayer({'segments': [\n"
        "    {'text': 'Hi.'}, {'url': 'http://test/a'}]}))",
        setup=outside(700, a=data),
    )
    assert names(played) == PLAYED
    assert at(played, "PlaybackReady") == [700]


def test_nothing_is_fetched_when_the_session_has_ended(do):
    world = outside()
    played = do(
        "VoxEngine.terminate()\nspy(VoxEngine.createURLPlayer({'url': 'http://test/a'}))",
        setup=world,
    )
    assert world.world.asked == []
    assert at(played, "Stopped") == [0]
