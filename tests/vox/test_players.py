"""Players as objects: their events in order and at their instants, one test for each row."""

from __future__ import annotations

import json

import pytest

from voxrt.legs.builder import caller
from voxrt.media.speech import Speaker

SCENARIO = """
def spy(player):
    names = SequencePlayerEvents if "Sequence" in type(player).__name__ else PlayerEvents
    for name in names:
        player.addEventListener(names[name], seen.append)
    return player

def on_start(e):
    global player
    {code}

VoxEngine.addEventListener(AppEvents.Started, on_start)
setTimeout(VoxEngine.terminate, {ends_ms})
"""
SAYS = "One two three four five six."
LINE = '"One two three four five six."'


@pytest.fixture
def do(play):
    """Plays a scenario that does this at its start, and ends after a while."""

    def run(code, ends_ms=6_000, **options):
        code = code.replace("\n", "\n    ")
        return play(SCENARIO.format(code=code, ends_ms=ends_ms), start=True, **options)

    return run


def told(played):
    """(event, fields) of each event that a handler got, in order."""
    own = ("name", "id", "player", "sequencePlayer")
    return [
        (event.name.partition(".")[2], {k: v for k, v in event.items() if k not in own})
        for event in played.seen
    ]


def names(played):
    return [name for name, _ in told(played)]


def at(played, name):
    """The instants in ms at which the events of a name came."""
    units = ("player", "sequence-player")
    return [
        record["t"]
        for record in played.of("event")
        if record["unit"] in units and record["name"].partition(".")[2] == name
    ]


def length_ms(text):
    return Speaker("synthetic").say(text, rate_hz=16_000).samples / 16


# --- what each kind of player tells -----------------------------------------------------------


def test_text(do):
    played = do(f"player = spy(VoxEngine.createTTSPlayer({LINE}))")
    duration = int(length_ms(SAYS))
    assert told(played) == [
        ("Created", {}),
        ("PlaybackReady", {}),
        ("Started", {"duration": duration}),
        ("PlaybackFinished", {}),
    ]
    assert at(played, "Created") == [0]
    assert at(played, "PlaybackReady") == [100]
    assert at(played, "Started") == [120]
    assert abs(at(played, "PlaybackFinished")[0] - 120 - duration) <= 20


def test_audio_file(do, tone_file):
    tone_file("music.wav", 700)
    played = do('player = spy(VoxEngine.createURLPlayer({"url": "music.wav"}))')
    assert told(played)[2:] == [("Started", {"duration": 700}), ("PlaybackFinished", {})]
    assert at(played, "PlaybackFinished") == [820]


def test_tone_script(do):
    played = do('player = spy(VoxEngine.createToneScriptPlayer("425@-19;2(1/1/1)"))')
    assert told(played)[2:] == [("Started", {"duration": 2_000}), ("PlaybackFinished", {})]
    assert at(played, "PlaybackFinished") == [2_120]


def test_sequence(do, tone_file):
    """`Started` once and without a duration, `PlaybackReady` when all is there, no gap."""
    tone_file("music.wav", 500)
    played = do(
        "player = spy(VoxEngine.createSequencePlayer({'segments': [\n"
        f"    {{'url': 'music.wav'}}, {{'text': {LINE}}}, {{'url': 'music.wav'}}]}}))"
    )
    assert told(played) == [
        ("Created", {}),
        ("PlaybackReady", {}),
        ("Started", {}),
        ("PlaybackFinished", {}),
    ]
    assert {event.name.partition(".")[0] for event in played.seen} == {"SequencePlayer"}
    lasted = at(played, "PlaybackFinished")[0] - at(played, "Started")[0]
    assert abs(lasted - 1_000 - length_ms(SAYS)) <= 20


def test_what_an_event_carries(do):
    code = "player = spy(VoxEngine.createTTSPlayer('Hi.'))"
    played = do(code)
    player = played.scope["player"]
    assert {event.player for event in played.seen} == {player}
    assert {event.id for event in played.seen} == {player.id()}
    played = do("player = spy(VoxEngine.createSequencePlayer(segments=[{'text': 'Hi.'}]))")
    assert {event.sequencePlayer for event in played.seen} == {played.scope["player"]}
    assert all(event.player is None for event in played.seen)


def test_json_is_small(do):
    played = do(
        "player = VoxEngine.createTTSPlayer('Hi.')\n"
        "player.addEventListener(PlayerEvents.Started, lambda e: Logger.write(JSON.stringify(e)))"
    )
    ident = played.scope["player"].id()
    assert json.loads(played.log[0]) == {
        "name": "Player.Started",
        "id": ident,
        "player": {"id": ident},
        "duration": int(length_ms("Hi.")),
    }


def test_events_are_never_inside_the_call_that_caused_them(do):
    played = do(
        "player = VoxEngine.createTTSPlayer('Hi.')\n"
        "player.addEventListener(PlayerEvents.Created, lambda e: Logger.write('created'))\n"
        "player.addEventListener(PlayerEvents.Stopped, lambda e: Logger.write('stopped'))\n"
        "player.stop(); Logger.write('after')"
    )
    assert played.log == ["after", "created", "stopped"]


# --- pause, resume, onPause ---------------------------------------------------------------------


@pytest.mark.parametrize("resumes_ms", [10, 100, 1_000])
def test_on_pause(do, resumes_ms):
    """Ready at once, begins after `resume`; also when that came before it was ready."""
    played = do(
        "player = spy(VoxEngine.createTTSPlayer('Hi.', {'onPause': True}))\n"
        f"setTimeout(player.resume, {resumes_ms})"
    )
    assert names(played) == ["Created", "PlaybackReady", "Started", "PlaybackFinished"]
    assert at(played, "PlaybackReady") == [100]
    (started,) = at(played, "Started")
    assert started == max(resumes_ms, 100) + 20


def test_on_pause_without_resume(do, tone_file):
    tone_file("music.wav", 500)
    played = do("player = spy(VoxEngine.createURLPlayer({'url': 'music.wav'}, onPause=True))")
    assert names(played) == ["Created", "PlaybackReady"]


@pytest.mark.parametrize("pauses_ms", [0, 50, 99, 100])
def test_a_pause_before_it_began(do, pauses_ms):
    played = do(
        "player = spy(VoxEngine.createTTSPlayer('Hi.'))\n"
        f"setTimeout(player.pause, {pauses_ms}); setTimeout(player.resume, 1000)"
    )
    assert names(played) == ["Created", "PlaybackReady", "Started", "PlaybackFinished"]
    assert at(played, "Started") == [1_020]


@pytest.mark.parametrize("pauses_ms", [101, 105, 120, 121, 500, 799, 800, 801, 819, 820, 821])
@pytest.mark.parametrize("for_ms", [0, 1, 15, 20, 1_000])
def test_a_pause_makes_it_longer(do, tone_file, pauses_ms, for_ms):
    """By the pause, to whole frames; `Started` comes once, and the markers when they are heard.

    What is left of the frame under way is heard in any case, so a pause may be up to 20 ms shorter.
    """
    tone_file("music.wav", 700)
    played = do(
        "player = spy(VoxEngine.createURLPlayer({'url': 'music.wav'}))\n"
        "player.addMarker(0); player.addMarker(300); player.addMarker(700)\n"
        f"setTimeout(player.pause, {pauses_ms}); setTimeout(player.resume, {pauses_ms + for_ms})"
    )
    assert names(played) == [
        "Created", "PlaybackReady", "Started", *["PlaybackMarkerReached"] * 3, "PlaybackFinished",
    ]  # fmt: skip
    (started,), (finished,) = at(played, "Started"), at(played, "PlaybackFinished")
    assert started == 120
    over = pauses_ms > 820
    longer = finished - started - 700
    assert longer == 0 if over else max(0, for_ms - 20) <= longer <= for_ms + 40
    first, second, last = at(played, "PlaybackMarkerReached")
    assert first == 120
    if pauses_ms < 400:
        assert max(0, for_ms - 20) <= second - 420 <= for_ms + 40
    assert 420 <= second <= last <= finished


def test_pausing_twice_and_resuming_twice(do, tone_file):
    tone_file("music.wav", 700)
    played = do(
        "player = spy(VoxEngine.createURLPlayer({'url': 'music.wav'}))\n"
        "for ms in (200, 300): setTimeout(player.pause, ms)\n"
        "for ms in (1000, 1100): setTimeout(player.resume, ms)"
    )
    assert names(played) == ["Created", "PlaybackReady", "Started", "PlaybackFinished"]
    assert at(played, "PlaybackFinished") == [820 + 800]


def test_many_pauses_lose_no_sample(do, tone_file):
    tone_file("music.wav", 4_000)
    played = do(
        "player = spy(VoxEngine.createURLPlayer({'url': 'music.wav'}))\n"
        "for ms in range(130, 3130, 100):\n"
        "    setTimeout(player.pause, ms); setTimeout(player.resume, ms + 40)",
        ends_ms=9_000,
    )
    assert names(played)[-2:] == ["Started", "PlaybackFinished"]
    assert at(played, "PlaybackFinished") == [120 + 4_000 + 30 * 40]


def test_hundreds_of_pauses(do):
    """Each leaves what it took back, and nothing else."""
    played = do(
        "player = spy(VoxEngine.createToneScriptPlayer('425@-19;1(*/0/1)'))\n"
        "def shake(e):\n"
        "    for _ in range(300): player.pause(); player.resume()\n"
        "player.addEventListener(PlayerEvents.Started, shake)"
    )
    assert names(played) == ["Created", "PlaybackReady", "Started", "PlaybackFinished"]
    assert at(played, "PlaybackFinished") == [1_120]


# --- stop ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stops_ms", "before"),
    [
        (0, ["Created"]),
        (50, ["Created"]),
        (100, ["Created", "PlaybackReady"]),
        (110, ["Created", "PlaybackReady"]),
        (500, ["Created", "PlaybackReady", "Started"]),
    ],
)
def test_stop(do, stops_ms, before):
    """`Stopped` and nothing more, whenever it comes."""
    played = do(
        f"player = spy(VoxEngine.createTTSPlayer({LINE}))\nplayer.addMarker(600)\n"
        f"setTimeout(player.stop, {stops_ms})"
    )
    assert names(played) == [*before, "Stopped"]
    assert at(played, "Stopped") == [stops_ms]


def test_stop_at_once(do):
    assert names(do("player = spy(VoxEngine.createTTSPlayer('Hi.')); player.stop()")) == [
        "Created",
        "Stopped",
    ]


@pytest.mark.parametrize("event", ["Created", "PlaybackReady", "Started", "PlaybackMarkerReached"])
def test_stop_in_a_handler(do, event):
    played = do(
        f"player = VoxEngine.createTTSPlayer({LINE})\n"
        f"player.addEventListener(PlayerEvents.{event}, player.stop)\n"
        "player.addMarker(0); player.addMarker(0); spy(player)"
    )
    assert names(played)[-1] == "Stopped"
    assert names(played).count("Stopped") == 1
    assert "PlaybackFinished" not in names(played)


def test_stop_while_it_is_paused(do):
    played = do(
        f"player = spy(VoxEngine.createTTSPlayer({LINE}))\n"
        "setTimeout(player.pause, 300); setTimeout(player.stop, 500)\n"
        "setTimeout(player.resume, 700)"
    )
    assert names(played) == ["Created", "PlaybackReady", "Started", "Stopped"]
    assert played.warnings == [("ignored", "resume: the player has ended")]


def test_stop_after_the_end_is_harmless(do):
    """So is stopping twice; other methods warn."""
    played = do(
        "player = spy(VoxEngine.createTTSPlayer('Hi.'))\n"
        "setTimeout(player.stop, 3000); setTimeout(player.stop, 3100)\n"
        "setTimeout(player.pause, 3200); setTimeout(lambda: player.addMarker(1), 3300)"
    )
    assert names(played)[-1] == "PlaybackFinished"
    assert played.warnings == [
        ("ignored", "pause: the player has ended"),
        ("ignored", "addMarker: the player has ended"),
    ]
    assert played.of("command", name="StopPlayer") == []


def test_players_end_with_their_session(do):
    """`Stopped` is written down, and reaches no handler."""
    played = do(f"player = spy(VoxEngine.createTTSPlayer({LINE}))", ends_ms=500)
    assert names(played) == ["Created", "PlaybackReady", "Started"]
    assert at(played, "Stopped") == [500]
    assert played.run.context.players == []


def test_stop_after_terminate(do):
    played = do(
        "player = spy(VoxEngine.createTTSPlayer('Hi.'))\n"
        "VoxEngine.terminate(); player.stop(); player.pause(); player.resume()"
    )
    assert names(played) == []
    assert at(played, "Stopped") == [0]
    assert played.result.outcome == "normal"


def test_a_player_made_after_terminate_plays_nothing(do):
    played = do("VoxEngine.terminate(); player = spy(VoxEngine.createTTSPlayer('Hi.'))")
    assert names(played) == []
    assert played.warnings == [("ignored", "the session is ending: nothing new is made")]
    assert at(played, "PlaybackReady") == []


# --- loops --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        "createURLPlayer({'url': 'music.wav'}, {'loop': True})",
        "createURLPlayer('music.wav', True)",
        "createURLPlayer('music.wav', loop=True)",
        "createToneScriptPlayer('425@-19;.5(.2/.3/1)', {'loop': True})",
        "createToneScript('425@-19;.5(.2/.3/1)', True)",
    ],
)
def test_a_loop_never_finishes(do, tone_file, code):
    """Until it is stopped; the duration is that of one round."""
    tone_file("music.wav", 500)
    played = do(f"player = spy(VoxEngine.{code}); setTimeout(player.stop, 40000)", ends_ms=45_000)
    assert told(played)[2:] == [("Started", {"duration": 500}), ("Stopped", {})]


def test_a_tone_script_without_an_end(do):
    played = do(
        "player = spy(VoxEngine.createToneScriptPlayer('440@-19,480@-19;*(2/4/1+2)'))",
        ends_ms=40_000,
    )
    assert told(played)[2:] == [("Started", {"duration": 0})]


# --- markers ------------------------------------------------------------------------------------


def markers(played):
    offsets = [fields["offset"] for name, fields in told(played) if name == "PlaybackMarkerReached"]
    return list(zip(offsets, at(played, "PlaybackMarkerReached"), strict=True))


def test_markers_in_order_at_their_instants(do, tone_file):
    """Negative ones count from the end; the same place twice is told twice."""
    tone_file("music.wav", 1_000)
    played = do(
        "player = spy(VoxEngine.createURLPlayer({'url': 'music.wav'}))\n"
        "for ms in (1000, 300, -100, 0, 300, 12.5): player.addMarker(ms)"
    )
    assert markers(played) == [
        (0, 120), (12.5, 132.5), (300, 420), (300, 420), (-100, 1_020), (1_000, 1_120),
    ]  # fmt: skip
    assert names(played)[:3] == ["Created", "PlaybackReady", "Started"]
    assert names(played)[-1] == "PlaybackFinished"


def test_markers_added_while_it_plays(do, tone_file):
    tone_file("music.wav", 1_000)
    played = do(
        "player = spy(VoxEngine.createURLPlayer({'url': 'music.wav'}))\n"
        "setTimeout(lambda: player.addMarker(500), 320)\n"
        "setTimeout(lambda: player.addMarker(500), 720)\n"
        "setTimeout(lambda: player.addMarker(-200), 720)"
    )
    assert markers(played) == [(500, 620), (-200, 920)]
    assert played.warnings == [("ignored", "the marker at 500 ms has been passed already")]


def test_markers_outside_of_the_sound(do, tone_file):
    tone_file("music.wav", 1_000)
    played = do(
        "player = spy(VoxEngine.createURLPlayer({'url': 'music.wav'}))\n"
        "player.addMarker(1001); player.addMarker(-1001)"
    )
    assert markers(played) == []
    assert played.warnings == [
        ("ignored", "the marker at 1001 ms lies outside of the sound"),
        ("ignored", "the marker at -1001 ms lies outside of the sound"),
    ]


def test_markers_of_a_loop_come_in_every_round(do, tone_file):
    tone_file("music.wav", 500)
    played = do(
        "player = spy(VoxEngine.createURLPlayer('music.wav', True)); player.addMarker(200)\n"
        "setTimeout(lambda: player.addMarker(-100), 1000)",
        ends_ms=2_000,
    )
    assert markers(played) == [
        (200, 320), (200, 820), (-100, 1_020), (200, 1_320), (-100, 1_520), (200, 1_820),
    ]  # fmt: skip


def test_a_marker_of_a_loop_across_a_pause(do, tone_file):
    tone_file("music.wav", 500)
    played = do(
        "player = spy(VoxEngine.createURLPlayer('music.wav', True)); player.addMarker(200)\n"
        "setTimeout(player.pause, 700); setTimeout(player.resume, 1000)",
        ends_ms=1_500,
    )
    assert markers(played) == [(200, 320), (200, 1_120)]


def test_markers_of_a_sequence(do, tone_file):
    """By the segment itself, an equal one, or its number."""
    tone_file("one.wav", 400)
    tone_file("two.wav", 600)
    played = do(
        "one, two = {'url': 'one.wav'}, {'url': 'two.wav'}\n"
        "player = spy(VoxEngine.createSequencePlayer({'segments': [one, two, one]}))\n"
        "player.addMarker(100, two); player.addMarker(-100, {'url': 'one.wav'})\n"
        "player.addMarker(50, 2); player.addMarker(-100, 2); player.addMarker(401, 0)"
    )
    assert markers(played) == [(-100, 420), (100, 620), (50, 1_170), (-100, 1_420)]
    assert played.warnings == [("ignored", "the marker at 401 ms lies outside of the sound")]


# --- forms, parameters, records -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "voice"),
    [
        ("'Hi.'", ""),
        ("'Hi.', Language.US_ENGLISH_FEMALE", "en_US_female"),
        ("'Hi.', Language.RU_RUSSIAN_MALE, {'pitch': 'low'}", "ru_RU_male"),
        ("'Hi.', {'voice': VoiceList.Google.de_DE_Chirp_HD_D}", "Google.de_DE_Chirp_HD_D"),
        ("'Hi.', {'language': VoiceList.Amazon.en_US_Joanna}", "Amazon.en_US_Joanna"),
        ("'Hi.', voice=VoiceList.Amazon.Neural.en_GB_Amy", "Amazon.Neural.en_GB_Amy"),
        ("'Hi.', None, None", ""),
    ],
)
def test_voices_in_new_and_old_forms(do, code, voice):
    played = do(f"player = spy(VoxEngine.createTTSPlayer({code}))")
    assert names(played)[-1] == "PlaybackFinished"
    (command,) = played.of("command", name="CreatePlayer")
    assert command["params"][0]["voice"] == voice


def test_unknown_parameters_are_ignored(do):
    played = do(
        "player = spy(VoxEngine.createTTSPlayer('Hi.', {'colour': 'red', 'onPause': None}))"
    )
    assert names(played)[-1] == "PlaybackFinished"
    assert played.warnings == []


def test_progressive_playback_begins_sooner(do, tone_file):
    tone_file("music.wav", 500)
    for code in (
        "createTTSPlayer('Hi.', {'progressivePlayback': True})",
        "createURLPlayer({'url': 'music.wav'}, progressivePlayback=True)",
        "createToneScriptPlayer('425@-19;1(1/0/1)', progressivePlayback=True)",
    ):
        played = do(f"player = spy(VoxEngine.{code})")
        assert at(played, "PlaybackReady") == [40]


def test_commands(do):
    played = do(
        "player = VoxEngine.createURLPlayer({'url': 'http://a/b', 'method': 'post',\n"
        "    'headers': [{'name': 'K', 'value': 'v'}], 'body': {'text': 'x'}}, {'loop': True})\n"
        "player.pause(); player.resume(); player.addMarker(5); player.stop()"
    )
    ident = played.scope["player"].id()
    found = [(r["name"], r["params"][0]) for r in played.of("command") if "Player" in r["name"]]
    request = {"url": "http://a/b", "method": "POST", "headers": {"K": "v"}, "body": "x"}
    assert found == [
        ("CreatePlayer", {"id": ident, "type": "url", **request, "loop": True}),
        ("PausePlayer", {"id": ident}),
        ("ResumePlayer", {"id": ident}),
        ("StopPlayer", {"id": ident}),
    ]
    assert any("Executing JS command: CreatePlayer" in line for line in log_of(played))
    assert any(
        "to JS onPhoneEvent with params" in line and "Player.Created" in line
        for line in log_of(played)
    )


def log_of(played):
    return played.result.files["log"].read_text().splitlines()


def test_hidden_headers_and_body(do):
    played = do(
        "player = VoxEngine.createURLPlayer({'url': 'http://a/b', 'method': 'POST',\n"
        "    'headers': [{'name': 'Key', 'value': 'hush-hush'}],\n"
        "    'body': {'binary': 'hush-hush'}},\n"
        "    {'hideHeaders': True, 'hideBody': True})"
    )
    (command,) = played.of("command", name="CreatePlayer")
    assert command["params"][0]["headers"] == command["params"][0]["body"] == "******"
    assert "hush-hush" not in played.result.files["journal"].read_text()


def test_handlers_can_be_removed(do):
    played = do(
        "player = spy(VoxEngine.createTTSPlayer('Hi.'))\n"
        "player.removeEventListener(PlayerEvents.Created)\n"
        "player.removeEventListener(PlayerEvents.Started, seen.append)"
    )
    assert names(played) == ["PlaybackReady", "PlaybackFinished"]


def test_what_is_on_a_player(do):
    """Nothing but the platform's members is public: another language sees them all."""
    played = do(
        "player = [VoxEngine.createTTSPlayer('Hi.'),\n"
        "    VoxEngine.createSequencePlayer({'segments': [{'text': 'Hi.'}]})]"
    )
    members = {
        "id", "pause", "resume", "stop", "addMarker", "sendMediaTo", "stopMediaTo",
        "addEventListener", "removeEventListener", "toJSON",
    }  # fmt: skip
    for player in played.scope["player"]:
        assert {name for name in dir(player) if not name.startswith("_")} == members


def test_a_player_does_not_keep_the_session(play):
    scenario = """
    player = VoxEngine.createToneScriptPlayer("425@-19;*(1/1/1)")
    """
    played = play(scenario, start=True)
    (ending,) = played.of("session", state="terminating")
    assert ending["t"] == 60_000


def test_the_caller_hangs_up_while_a_player_plays(play):
    """The player goes on; its link is gone, and ends nothing."""
    scenario = """
    def on_call(e):
        call = e.call
        call.addEventListener(CallEvents.Connected, play)
        call.answer()

    def play(e):
        global player
        player = VoxEngine.createTTSPlayer("One two three four five six seven eight nine ten.")
        player.addEventListener(PlayerEvents.PlaybackFinished, lambda e: player.sendMediaTo(call))
        player.addEventListener(PlayerEvents.PlaybackFinished, VoxEngine.terminate)
        call = e.call
        player.sendMediaTo(e.call)
    VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
    """
    played = play(scenario, caller().wait(1_000).hang_up())
    assert at(played, "PlaybackFinished") != []
    assert at(played, "PlaybackFinished")[0] > played.event("Disconnected")["t"]
    assert played.warnings == [
        ("ignored", "sendMediaTo: this call has ended, nothing is sent to it")
    ]
    assert played.result.outcome == "normal"


@pytest.mark.parametrize("method", ["stop", "pause", "resume"])
def test_a_player_after_its_call_has_gone(play, method):
    """It can be stopped, paused and resumed as before."""
    scenario = f"""
    def on_call(e):
        global player
        player = VoxEngine.createToneScriptPlayer("425@-19;*(1/1/1)")
        player.addEventListener(PlayerEvents.Stopped, seen.append)
        player.sendMediaTo(e.call)
        e.call.addEventListener(CallEvents.Disconnected, lambda e: player.{method}())
        e.call.addEventListener(CallEvents.Disconnected, lambda e: setTimeout(player.stop, 500))
        e.call.answer()
        setTimeout(VoxEngine.terminate, 5000)
    VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
    """
    played = play(scenario, caller().wait(1_000).hang_up())
    assert names(played) == ["Stopped"]
    after = at(played, "Stopped")[0] - played.event("Disconnected")["t"]
    assert after == (0 if method == "stop" else 500)
    assert played.warnings == []
