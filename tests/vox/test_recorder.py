"""`createRecorder`: what is in the file, the events in order, and what goes wrong."""

from __future__ import annotations

from array import array

import pytest
from room import LAST_MS, TOGETHER_MS, TONES_HZ, hears, nobody, people, room

from voxrt.errors import AudioFileError
from voxrt.media.wav import read_wav

ALL_MS = (700, 900)
RECORD = """
recorder = None

def joined(name, call):
    global recorder
    if recorder is None:
        recorder = VoxEngine.createRecorder({params})
        watch_recorder(recorder)
    call.sendMediaTo(recorder)
"""


@pytest.fixture(autouse=True)
def _no_encoders(monkeypatch):
    monkeypatch.setattr("voxrt.vox.reel.encoders", set)


@pytest.fixture
def record(play, tone_file):
    """Records the three people, who speak together from 500 ms on."""

    def run(params="", more="", *names, last_ms=LAST_MS, **options):
        body = RECORD.format(params=params) + more
        return play(
            room(body, *names, last_ms=last_ms),
            nobody(),
            *people(tone_file, TOGETHER_MS),
            start=True,
            **options,
        )

    return run


def file_of(played):
    (found,) = played.of("file", what="recording")
    return played.out / found["path"]


def told(played):
    return [event.name for event in played.scope["told"]]


def test_several_sources_are_mixed_on_both_channels(record):
    path = file_of(record())
    wav = read_wav(path)
    assert (wav.rate_hz, wav.channels) == (8_000, 2)
    samples = array("h", wav.pcm)
    assert samples[0::2] == samples[1::2]
    assert hears(path, 0, *ALL_MS) == set(TONES_HZ)


def test_events(record):
    played = record("", "    if name == 'cid': setTimeout(recorder.stop, 2000)\n")
    assert told(played) == ["Recorder.Started", "Recorder.Stopped"]
    started, stopped = played.scope["told"]
    assert started.recorder is stopped.recorder is played.scope["recorder"]
    assert started.url == f"file:recordings/{file_of(played).name}"
    assert {key: stopped[key] for key in ("cost", "duration")} == {"cost": "0", "duration": 2}
    link = played.of("media", action="link")[0]["t"]
    assert played.of("event", name="Recorder.Started")[0]["t"] == link + 20
    stop = played.of("command", name="StopRecorder")[0]["t"]
    assert played.of("event", name="Recorder.Stopped")[0]["t"] == stop + 15


def test_it_begins_with_its_first_source(play, tone_file):
    """Not when it is made."""
    body = """
recorder = None
def joined(name, call):
    global recorder
    recorder = VoxEngine.createRecorder()
    watch_recorder(recorder)
    setTimeout(lambda: call.sendMediaTo(recorder), 500)
    setTimeout(recorder.stop, 2500)
"""
    played = play(room(body, "ann"), nobody(), *people(tone_file), start=True)
    link = played.of("media", action="link")[0]["t"]
    assert played.of("event", name="Recorder.Started")[0]["t"] == link + 20
    assert abs(read_wav(file_of(played)).duration_us - 2_000_000) <= 40_000


def test_stop_without_a_source_is_told(play):
    scenario = """
    require(Modules.Recorder)
    def on_start(e):
        recorder = VoxEngine.createRecorder()
        recorder.addEventListener(RecorderEvents.Started, seen.append)
        recorder.addEventListener(RecorderEvents.Stopped, seen.append)
        recorder.addEventListener(RecorderEvents.Stopped, VoxEngine.terminate)
        recorder.stop()
    VoxEngine.addEventListener(AppEvents.Started, on_start)
    """
    played = play(scenario, nobody(), start=True)
    assert [(event.name, event.duration) for event in played.seen] == [("Recorder.Stopped", 0)]
    assert played.of("file", what="recording") == []


def test_mute(record):
    more = """
    if name == "cid":
        setTimeout(lambda: recorder.mute(True), 800)
        setTimeout(lambda: recorder.mute(False), 1100)
"""
    path = file_of(record("", more))
    assert hears(path, 0, 600, 750) == set(TONES_HZ)
    assert hears(path, 0, 840, 1_040) == set()
    assert hears(path, 0, 1_160, 1_400) == set(TONES_HZ)


def test_mute_before_the_first_source(play, tone_file):
    body = RECORD.format(params="").replace(
        "    watch_recorder", "    recorder.mute(True)\n        watch_recorder"
    )
    played = play(room(body), nobody(), *people(tone_file, TOGETHER_MS), start=True)
    assert hears(file_of(played), 0, *ALL_MS) == set()


@pytest.mark.parametrize(
    ("params", "rate_hz"), [("", 8_000), ("hd_audio=True", 48_000), ("lossless=True", 48_000)]
)
def test_rates(record, params, rate_hz):
    assert read_wav(file_of(record(params, last_ms=1_000))).rate_hz == rate_hz


@pytest.mark.parametrize(("params", "kind"), [("", "mp3"), ("{'lossless': True}", "flac")])
def test_encoded_as_call_record_is(record, monkeypatch, params, kind):
    def encode(path, wanted):
        made = path.with_suffix(f".{wanted}")
        made.write_bytes(b"encoded")
        return made

    monkeypatch.setattr("voxrt.vox.reel.encoders", lambda: {"mp3", "flac"})
    monkeypatch.setattr("voxrt.vox.reel.encode", encode)
    played = record(params, last_ms=1_000)
    assert file_of(played).suffix == f".{kind}"
    assert played.scope["told"][0].url.endswith(f".{kind}")


def test_an_encoder_that_fails_is_told(record, monkeypatch):
    def encode(path, wanted):
        raise AudioFileError("no luck")

    monkeypatch.setattr("voxrt.vox.reel.encoders", lambda: {"mp3"})
    monkeypatch.setattr("voxrt.vox.reel.encode", encode)
    played = record("", "    if name == 'cid': setTimeout(recorder.stop, 500)\n")
    assert told(played) == ["Recorder.Started", "Recorder.Error"]
    assert "no luck" in played.scope["told"][1].error


@pytest.mark.parametrize(
    "params", ["'tour 7', True", "{'name': 'tour 7', 'secure': True}", "name='tour 7', secure=True"]
)
def test_name_and_secure_in_every_form(record, params):
    played = record(params, last_ms=1_000)
    (found,) = played.of("file", what="recording")
    assert (found["name"], found["secure"]) == ("tour 7", True)
    assert file_of(played).name.startswith("tour_7-")


def test_prefix_and_expiry(record):
    played = record("recordNamePrefix='x/', name='y', expire=RecordExpireTime.ONEYEAR")
    (found,) = played.of("file", what="recording")
    assert found["expire"] == "-1y"
    assert file_of(played).name.startswith("x_y-")


def test_an_expiry_that_is_none_is_told(record):
    warning = "createRecorder: expire must be one of RecordExpireTime, not '-9y'"
    assert record("expire='-9y'", last_ms=1_000).warnings == [("ignored", warning)]


@pytest.mark.parametrize(
    ("params", "error"),
    [
        ("hd_audio=True, lossless=True", "hd_audio and lossless exclude each other"),
        (
            "video=True, videoParameters={'layout': 'circle'}",
            "layout must be one of RecorderLayout",
        ),
        ("video=True, videoopt={'objectFit': 'x'}", "objectFit must be one of RecorderObjectFit"),
    ],
)
def test_wrong_parameters(record, params, error):
    played = record(params)
    assert error in played.errors[0]


def test_of_a_conference_all_are_recorded(play, tone_file):
    body = """
def joined(name, call):
    global conference
    if conference is None:
        conference = VoxEngine.createConference()
        conference.sendMediaTo(VoxEngine.createRecorder())
    VoxEngine.sendMediaBetween(call, conference)
"""
    played = play(room(body), nobody(), *people(tone_file, TOGETHER_MS), start=True)
    assert hears(file_of(played), 0, *ALL_MS) == set(TONES_HZ)


def test_a_conference_recorder(play, tone_file):
    body = """
def joined(name, call):
    global conference
    if conference is None:
        conference = VoxEngine.createConference()
        recorder = VoxEngine.createRecorder(video=True, videoParameters={"layout": "grid"})
        watch_recorder(recorder)
        recorder.setConference(conference)
        recorder.update(layout=RecorderLayout.tribune)
        Logger.write(isinstance(recorder, ConferenceRecorder) and isinstance(recorder, Recorder))
        endpoint = conference.add(call=call)
        async def show():
            await recorder.setPriority([endpoint])
            Logger.write(recorder.getPriority()[0] is endpoint)
        setTimeout(show, 100)
    else:
        conference.add(call=call)
"""

    def allow(run):
        run.context.video_conference = True

    played = play(room(body), nobody(), *people(tone_file, TOGETHER_MS), start=True, setup=allow)
    assert played.errors == []
    assert played.log == ["true", "true"]
    assert hears(file_of(played), 0, *ALL_MS) == set(TONES_HZ)
    assert told(played) == ["Recorder.Started"]


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("setConference(1)", "setConference needs a Conference, not a number"),
        ("setPriority([1])", "setPriority needs a list of Endpoint"),
        ("update(direction='up')", "direction must be one of RecorderDirection (ltr, rtl)"),
    ],
)
def test_wrong_arguments_of_a_conference_recorder(record, code, error):
    played = record("video=True", f"    recorder.{code}\n", "ann")
    assert error in played.errors[0]


# --- what goes wrong ----------------------------------------------------------------------------


def test_it_goes_on_after_its_sources_have_hung_up(record):
    more = "    setTimeout(call.hangup, 1000)\n    setTimeout(recorder.stop, 3000)\n"
    played = record("", more)
    assert played.errors == []
    assert told(played) == ["Recorder.Started", "Recorder.Stopped"]
    assert abs(read_wav(file_of(played)).duration_us - 3_000_000) <= 40_000
    assert hears(file_of(played), 0, 1_100, 1_300) == set()


def test_a_source_that_has_hung_up_is_no_error(record):
    more = "    call.hangup()\n    call.sendMediaTo(recorder)\n"
    played = record("", more)
    assert played.errors == []
    assert hears(file_of(played), 0, *ALL_MS) == set()


def test_after_stop_nothing_is_taken(record):
    more = "    recorder.stop()\n    recorder.stop()\n    recorder.mute(True)\n"
    more += "    call.sendMediaTo(recorder)\n"
    played = record("", more, "ann")
    assert told(played) == ["Recorder.Started", "Recorder.Stopped"]
    assert [text for _, text in played.warnings] == [
        "mute: the recorder has been stopped",
        "sendMediaTo: this Recorder has been stopped, nothing is sent to it",
    ]


@pytest.mark.parametrize("stop_ms", [0, 1, 19, 20, 21, 40, 999, 1_000, 1_001])
def test_stop_at_every_moment(record, stop_ms):
    played = record("", f"    if name == 'ann': setTimeout(recorder.stop, {stop_ms})\n", "ann")
    assert played.errors == []
    assert told(played) == ["Recorder.Started", "Recorder.Stopped"]
    assert read_wav(file_of(played)).channels == 2


def test_the_end_of_the_session_is_only_written_down(record):
    played = record(last_ms=2_000)
    assert told(played) == ["Recorder.Started"]
    (stopped,) = played.of("event", name="Recorder.Stopped")
    assert (stopped["handlers"], stopped["data"]["duration"]) == (0, 1)
    assert read_wav(file_of(played)).duration_us > 1_900_000


def test_it_sends_nothing(record):
    played = record("", "    Logger.write(hasattr(recorder, 'sendMediaTo'))\n", "ann")
    assert played.log == ["false"]


def test_both_ways_makes_the_possible_one(record):
    more = "    VoxEngine.sendMediaBetween(call, recorder)\n"
    played = record("", more, "ann")
    assert played.errors == []
    assert {"from": "recorder"} not in played.of("media", action="link")
    assert hears(file_of(played), 0, *ALL_MS) == {"ann"}


def test_in_javascript(play_js):
    played = play_js(
        """
        require(Modules.Recorder);
        VoxEngine.addEventListener(AppEvents.Started, () => {
          const recorder = VoxEngine.createRecorder({name: 'both', hd_audio: true});
          recorder.addEventListener(RecorderEvents.Started, (e) => {
            Logger.write(`${e.recorder === recorder} ${recorder instanceof Recorder} ${e.url}`);
            recorder.mute(true);
            recorder.stop();
          });
          recorder.addEventListener(RecorderEvents.Stopped, (e) => {
            Logger.write(`${e.cost} ${e.duration} ${typeof recorder.sendMediaTo}`);
            VoxEngine.terminate();
          });
          VoxEngine.createToneScriptPlayer('440@-20;1(*/0/1)', true).sendMediaTo(recorder);
        });
        """,
        start=True,
    )
    assert played.errors == []
    assert played.logs[0].startswith("true true file:recordings/both-")
    assert played.logs[1] == "0 0 undefined"
