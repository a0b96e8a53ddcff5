"""Calls with video: who has some, and what a scenario hears of it. No pictures are carried."""

from __future__ import annotations

import pytest
from harness import play_in
from queue_runs import queue_file

from voxrt.errors import MediaError
from voxrt.legs.builder import caller, party

ANSWER = """
def on_call(e):
    e.call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    {before}
    e.call.answer()
VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""
DIAL = """
def on_start(e):
    call = VoxEngine.{call}
    call.addEventListener(CallEvents.Connected, lambda e: call.record(video=True))
    call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
VoxEngine.addEventListener(AppEvents.Started, on_start)
"""
WITH_VIDEO = caller(client_type="user", video=True).wait(500).hang_up()
PACKET, TRACK = "FirstVideoPacketReceived", "Video.TrackCreated"


def video_of(played, call=None):
    return [name for name in played.events(call) if "Video" in name]


@pytest.fixture
def dial(play):
    """Makes a call to somebody with a camera; returns its events of video."""

    def run(call, who=None):
        who = who or party("*", video=True)
        played = play(DIAL.format(call=call), None, who.wait(300).hang_up(), start=True)
        assert "Connected" in played.events()
        assert not played.warnings
        return video_of(played)

    return run


@pytest.mark.parametrize(
    "call",
    [
        "callUser(username='anna', callerid='1', video=True)",
        "callUser('anna', '1', 'Ann', {}, True)",
        "callSIP('sip:anna@example.com', {'callerid': '1', 'video': True})",
        "callSIP('sip:anna@example.com', '1', 'Ann', '', '', {}, True)",
    ],
)
def test_a_call_that_is_placed_with_video_to_a_phone_that_has_some(dial, call):
    assert dial(call) == [PACKET, TRACK]


def test_a_call_that_is_placed_without_video(dial):
    assert dial("callUser(username='anna', callerid='1')") == []
    assert dial("callSIP('sip:anna@example.com', callerid='1', video=False)") == []


def test_a_phone_without_a_camera(dial):
    assert dial("callUser(username='anna', callerid='1', video=True)", party("anna")) == []


def test_the_telephone_network_and_whatsapp_have_none(dial):
    assert dial("callPSTN('15557654321', '15550000000')") == []
    assert dial("callWhatsappUser(number='15557654321', callerid='1')") == []


def test_a_caller_without_a_camera_is_recorded_without_video(play):
    scenario = ANSWER.format(before="e.call.record(video=True)")
    played = play(scenario, caller(client_type="user").wait(500).hang_up())
    assert "RecordStarted" in played.events()
    assert video_of(played) == []
    assert not any("video" in text for text in played.result.record["approximated"])


def test_a_recording_that_was_not_asked_for_video(play):
    played = play(ANSWER.format(before="e.call.record()"), WITH_VIDEO)
    assert video_of(played) == [PACKET]


@pytest.mark.parametrize("helper", ["User", "SIP"])
def test_forwarding_helpers_hand_it_on(play, helper):
    callee = party("*", video=True).wait(500).hang_up()
    played = play(f"VoxEngine.forwardCallTo{helper}(None, True)", WITH_VIDEO, callee, to="anna")
    assert [video_of(played, n) for n in (0, 1)] == [[PACKET], [PACKET]]
    played = play(f"VoxEngine.forwardCallTo{helper}()", WITH_VIDEO, callee, to="anna")
    assert [video_of(played, n) for n in (0, 1)] == [[PACKET], []]


def test_peer_to_peer_the_platform_has_no_part_in_it(play):
    callee = party("anna", video=True).wait(500).hang_up()
    played = play("VoxEngine.forwardCallToUserDirect()", WITH_VIDEO, callee, to="anna")
    assert "Connected" in played.events(1)
    assert video_of(played) == []


QUEUES = {
    "ACD": "VoxEngine.enqueueACDRequest('support', '1', {'video': VIDEO})",
    "SmartQueue": "VoxEngine.enqueueTask({'queue': {'name': 'support'}, 'video': VIDEO})",
}


@pytest.mark.parametrize("module", QUEUES)
@pytest.mark.parametrize("asked", [True, False])
def test_agents_are_called_with_video_when_the_request_says_so(tmp_path, module, asked):
    scenario = f"""
    require(Modules.{module})
    VoxEngine.addEventListener(AppEvents.Started, lambda e: {QUEUES[module]})
    setTimeout(VoxEngine.terminate, 5000)
    """.replace("VIDEO", str(asked))
    queues = queue_file({"anna": {"video": True}})
    played = play_in(tmp_path, scenario, start=True, queues=queues)
    assert "Call.Connected" in played.events
    assert ("Call.FirstVideoPacketReceived" in played.events) is asked
    assert not played.errors + played.warnings


def test_the_track_has_the_url_of_the_recording_which_is_sound_alone(play):
    scenario = ANSWER.format(
        before="e.call.record(video=True, videoParameters={}, recordNamePrefix='film-')"
    )
    played = play(scenario, WITH_VIDEO)
    url = played.data("RecordStarted")["url"]
    assert played.data(TRACK) == {"url": url}
    assert (played.out / url.removeprefix("file:")).stat().st_size > 1_000
    told = [text for text in played.result.record["approximated"] if "video" in text]
    assert told == ["recordings: of a call with video the sound alone"]


@pytest.mark.parametrize(
    ("before", "order"),
    [
        # The recording begins before the video, and after it.
        ("e.call.record(video=True); setTimeout(e.call.answer, 300); return",
         ["RecordStarted", PACKET, TRACK]),
        ("setTimeout(lambda: e.call.record(video=True), 300)",
         [PACKET, "RecordStarted", TRACK]),
        ("e.call.record(video=True); e.call.record(video=True)",
         [PACKET, "RecordStarted", TRACK]),
    ],
)  # fmt: skip
def test_the_track_comes_once_when_both_have_begun(play, before, order):
    played = play(ANSWER.format(before=before), WITH_VIDEO)
    of_both = [name for name in played.events() if "Video" in name or name == "RecordStarted"]
    assert of_both == order


def test_a_recording_that_cannot_begin_has_no_track(play):
    scenario = ANSWER.format(before="e.call.record(video=True)")

    def spoil(run):
        (run.context.folder / "recordings").write_text("a file where the folder would be")

    played = play(scenario, WITH_VIDEO, setup=spoil)
    assert "RecordError" in played.events()
    assert video_of(played) == [PACKET]


def test_hung_up_before_anything_flows(play):
    scenario = ANSWER.format(before="setTimeout(e.call.hangup, 10)")
    assert play(scenario, WITH_VIDEO).events() == ["Disconnected"]


JAVASCRIPT = """
VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call }) => {
  const tell = (e) => Logger.write(`${Object.keys(e)} ${e.call === call} ${e.url ?? ''}`);
  call.addEventListener(CallEvents.FirstVideoPacketReceived, tell);
  call.addEventListener(CallEvents.VideoTrackCreated, tell);
  call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
  call.addEventListener(CallEvents.Connected, () => call.record({ video: true }));
  call.answer();
});
"""


def test_in_javascript(play_js):
    who = "caller: {type: user, video: true, steps: [{wait: 500}, hang_up]}"
    first, track = play_js(JAVASCRIPT, caller=who).logs
    assert first == "name,id,call true "
    assert track.startswith("name,id,call,url true file:recordings/")


@pytest.mark.parametrize("kind", ["pstn", "wab"])
def test_a_phone_that_cannot_have_video(kind):
    with pytest.raises(MediaError, match=f"A `{kind}` call has no video, and the phone of Ann has"):
        caller(name="Ann", client_type=kind, video=True)
    with pytest.raises(MediaError, match=f"A `{kind}` call has no video, and the phone of Ann has"):
        party("1", name="Ann", kind=kind, video=True)
