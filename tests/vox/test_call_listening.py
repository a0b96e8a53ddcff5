"""Voice activity, beeps, progress tones and media statistics of a call."""

from __future__ import annotations

import pytest

from voxrt.legs.builder import caller, party

CONNECTED = ["FirstAudioPacketReceived", "Connected", "AudioQualityDetected"]

ANSWER = """
def on_call(e):
    call = e.call
    watch(call)
    call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    {first}
    call.answer()
VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""

DIAL = """
def on_start(e):
    call = VoxEngine.callSIP("sip:desk@example.com", callerid="1")
    watch(call)
    call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    call.addEventListener(CallEvents.Failed, VoxEngine.terminate)
    {first}
VoxEngine.addEventListener(AppEvents.Started, on_start)
"""


def answered(play, first, who):
    return play(ANSWER.replace("{first}", first), who)


def dialled(play, first, who):
    return play(DIAL.replace("{first}", first), None, who, start=True)


def desk():
    return party("sip:desk@*", answer_after_ms=300)


# --- voice activity -----------------------------------------------------------------------------


def test_mic_status(play):
    """Active as the far end begins to speak, not active half a second after it ended."""
    who = caller().wait(960).say("Good evening everybody.").wait(2_000).say("Bye.").wait(2_000)
    played = answered(play, "call.handleMicStatus(True)", who.hang_up())
    changes = played.of("event", name="Call.MicStatusChange")
    assert [record["data"]["active"] for record in changes] == [True, False, True, False]
    said = [note["t"] for note in played.of("note") if note["text"].startswith("says")]
    assert 0 < changes[0]["t"] - said[0] <= 120
    assert 0 < changes[2]["t"] - said[1] <= 120


def test_mic_status_is_told_only_when_asked_for(play):
    who = caller().say("Good evening everybody.").wait(2_000).hang_up()
    assert "MicStatusChange" not in answered(play, "pass", who).events()
    stop = "call.handleMicStatus(True); call.handleMicStatus(False)"
    assert "MicStatusChange" not in answered(play, stop, who).events()


def test_mic_status_of_a_muted_microphone(play):
    who = caller().mute().say("Good evening everybody.").wait(2_000).hang_up()
    assert "MicStatusChange" not in answered(play, "call.handleMicStatus(True)", who).events()


def test_vad(play):
    scenario = "Logger.write([call.vad(), call.handleMicStatus(True), call.vad()])"
    assert answered(play, scenario, caller().hang_up()).log[0] == "[false,null,true]"


# --- beeps ----------------------------------------------------------------------------------------

VOICEMAIL = "Hello, this is Ann. Please leave a message after the tone."


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 24_000, 48_000])
def test_beep_of_a_frequency(play, rate_hz):
    """Heard within 180 ms, and not taken for speech before."""
    who = party("sip:desk@*", rate_hz=rate_hz).say(VOICEMAIL).tone(1_371, ms=600).wait(400)
    first = "call.enableBeepDetection({'frequencies': [915, 1371, 1777], 'timeout': 60000})"
    played = dialled(play, first, who.hang_up())
    data = played.data("BeepDetectionComplete")
    assert data == {"frequencies": [1_371]}
    began = next(note["t"] for note in played.of("note") if note["text"].startswith("plays a"))
    assert 0 < played.event("BeepDetectionComplete")["t"] - began <= 220


def test_any_beep(play):
    """Without frequencies; measured to a few Hz."""
    who = desk().say(VOICEMAIL).tone(1_000, ms=300).wait(400).hang_up()
    played = dialled(play, "call.enableBeepDetection({})", who)
    (hz,) = played.data("BeepDetectionComplete")["frequencies"]
    assert abs(hz - 1_000) <= 8


@pytest.mark.parametrize(
    ("frequencies", "found"), [([1_020], True), ([980], True), ([1_100], False), ([900], False)]
)
def test_a_beep_beside_the_frequency(play, frequencies, found):
    who = desk().tone(1_000, ms=500).wait(400).hang_up()
    played = dialled(play, f"call.enableBeepDetection(frequencies={frequencies})", who)
    assert ("BeepDetectionComplete" in played.events()) is found


@pytest.mark.parametrize("sound", [(425,), (440, 480), (697, 1_209), (350, 440)])
def test_what_is_no_beep(play, sound):
    """Progress tones and digits: another thing, and two frequencies at once."""
    who = desk().tone(*sound, ms=1_000).wait(300).hang_up()
    assert "BeepDetectionComplete" not in dialled(play, "call.enableBeepDetection()", who).events()


def test_speech_is_no_beep(play):
    text = "She sells sea shells by the sea shore, oh so many, eee aaa ooo mmm. " * 3
    who = desk().say(text).wait(300).hang_up()
    assert "BeepDetectionComplete" not in dialled(play, "call.enableBeepDetection()", who).events()


def test_a_short_blip_is_no_beep(play):
    who = desk().tone(1_000, ms=50).wait(300).hang_up()
    assert "BeepDetectionComplete" not in dialled(play, "call.enableBeepDetection()", who).events()


def test_beep_times_out(play):
    who = desk().wait(9_000).hang_up()
    played = dialled(play, "call.enableBeepDetection({'timeout': 4000})", who)
    assert played.data("BeepDetectionComplete") == {"timeout": True}
    assert played.event("BeepDetectionComplete")["t"] == 4_000


def test_beep_detection_is_disabled(play):
    first = (
        "call.enableBeepDetection({'timeout': 4000}); setTimeout(call.disableBeepDetection, 900)"
    )
    played = dialled(play, first, desk().wait(1_000).tone(1_000).hang_up())
    assert played.data("BeepDetectionComplete") == {"timeout": False}
    played = dialled(play, "call.disableBeepDetection()", desk().hang_up())
    assert "BeepDetectionComplete" not in played.events()


def test_beep_comes_once_and_may_be_asked_for_again(play):
    first = "call.enableBeepDetection()"
    who = desk().tone(1_000, ms=900).wait(100).tone(800, ms=900).hang_up()
    assert dialled(play, first, who).events().count("BeepDetectionComplete") == 1
    again = "watched = lambda e: e.call.enableBeepDetection(); "
    again += "call.addEventListener(CallEvents.BeepDetectionComplete, watched)"
    played = dialled(play, f"{first}; {again}", who)
    assert played.events().count("BeepDetectionComplete") > 2


@pytest.mark.parametrize(
    ("given", "reason"),
    [("[50]", "a call carries 100 to 3400 Hz, not 50 Hz"),
     ("[1000, 9000]", "a call carries 100 to 3400 Hz, not 9000 Hz")],
)  # fmt: skip
def test_beep_error(play, given, reason):
    who = desk().tone(1_000).hang_up()
    played = dialled(play, f"call.enableBeepDetection(frequencies={given})", who)
    assert played.data("BeepDetectionError") == {"reason": reason}
    assert "BeepDetectionComplete" not in played.events()


@pytest.mark.parametrize(
    ("given", "message"),
    [("frequencies=5", "frequencies must be an array, not a number"),
     ("frequencies=['a']", "a frequency must be a number, not a string"),
     ("timeout='x'", "timeout must be a number, not a string")],
)  # fmt: skip
def test_beep_misuse(play, given, message):
    played = dialled(play, f"call.enableBeepDetection({given})", desk().hang_up())
    assert message in played.errors[0]


# --- progress tones -------------------------------------------------------------------------------


@pytest.mark.parametrize("sound", [(425,), (350, 440), (440, 480), (480, 620), (400, 450)])
def test_progress_tone(play, sound):
    who = desk().say("One moment.").tone(*sound, ms=500).wait(200).tone(1_000).hang_up()
    played = dialled(play, "call.detectProgressTone()", who)
    assert played.data("ToneDetected") == {"ProgressTone": True, "VoicemailTone": False}


@pytest.mark.parametrize("method", ["detectProgressTone(True)", "detectVoicemailTone()"])
def test_voicemail_tone(play, method):
    who = desk().say(VOICEMAIL).tone(1_000).wait(200).hang_up()
    played = dialled(play, f"call.{method}", who)
    assert played.data("ToneDetected") == {"ProgressTone": False, "VoicemailTone": True}


def test_tones_are_detected_once_after_connected_and_only_when_asked_for(play):
    who = party("sip:desk@*", answer_after_ms=2_000)
    who = who.tone(425, ms=900).wait(300).tone(425, ms=900).hang_up()
    assert dialled(play, "call.detectProgressTone()", who).events().count("ToneDetected") == 1
    assert "ToneDetected" not in dialled(play, "pass", who).events()
    off = "call.detectProgressTone(); call.detectProgressTone(False)"
    assert "ToneDetected" not in dialled(play, off, who).events()


@pytest.mark.parametrize(
    "method", ["detectProgressTone", "detectVoicemailTone", "detectVoicemailPrompt"]
)
def test_tones_of_an_incoming_call_are_not_looked_for(play, method):
    played = answered(play, f"call.{method}()", caller().tone(425).hang_up())
    assert "ToneDetected" not in played.events()
    assert played.warnings[0][1].startswith(f"{method} on an incoming call")


# --- statistics -----------------------------------------------------------------------------------


def reports(played):
    return played.of("event", name="Call.MediaStatisticsReceived")


def test_statistics(play):
    first = "call.monitorMediaStatistics({'monitor': True, 'interval': 3})"
    played = answered(play, first, caller().tone(1_000, ms=2_000).wait(5_000).hang_up())
    assert [record["t"] for record in reports(played)] == [3_020, 6_020]
    (one,) = reports(played)[0]["data"]["audio"]["in"]
    assert one == {
        "id": 1, "jitter": 0, "packetLoss": 0, "numPackets": 150, "audioLevel": -15.0,
    }  # fmt: skip
    (two,) = reports(played)[1]["data"]["audio"]["in"]
    assert (two["numPackets"], two["audioLevel"]) == (150, -100.0)
    assert [o["audioLevel"] for r in reports(played) for o in r["data"]["audio"]["out"]] == [
        -100
    ] * 2


def test_statistics_of_streams_that_stop(play):
    """A hold stops both, a far end that sends nothing its own."""
    first = "call.monitorMediaStatistics(monitor=True, interval=3)"
    who = caller().wait(980).stop_rtp().wait(3_000).resume_rtp().hold().wait(3_500).hang_up()
    played = answered(play, first, who)
    packets = [
        tuple(record["data"]["audio"][way][0]["numPackets"] for way in ("in", "out"))
        for record in reports(played)
    ]
    assert packets == [(50, 150), (0, 50)]


@pytest.mark.parametrize(
    ("interval", "seconds"), [("1", 3), ("99", 10), ("None", 10), ("4.5", 4.5)]
)
def test_interval_of_statistics(play, interval, seconds):
    first = f"call.monitorMediaStatistics(monitor=True, interval={interval})"
    played = answered(play, first, caller().wait(12_000).hang_up())
    assert reports(played)[0]["t"] == 20 + seconds * 1_000


def test_statistics_end(play):
    first = (
        "call.monitorMediaStatistics(monitor=True, interval=3);"
        "setTimeout(lambda: call.monitorMediaStatistics(monitor=False), 4000)"
    )
    played = answered(play, first, caller().wait(20_000).hang_up())
    assert len(reports(played)) == 1


# --- channels -------------------------------------------------------------------------------------


def test_statistics_of_a_lossy_channel(play):
    first = "call.monitorMediaStatistics({'monitor': True, 'interval': 10})"
    who = caller().channel(loss_percent=10, burst_packets=2, receive={"loss_percent": 40})
    played = answered(play, first, who.wait(21_000).hang_up())
    audio = [record["data"]["audio"] for record in reports(played)]
    assert len(audio) == 2
    for report in audio:
        (one,), (two,) = report["in"], report["out"]
        assert one["numPackets"] + one["packetLoss"] == 500
        assert 20 <= one["packetLoss"] <= 90
        assert two["numPackets"] == 500
        assert 150 <= two["packetLoss"] <= 250
        assert one["jitter"] == two["jitter"] == 0


def test_statistics_of_jitter(play):
    first = "call.monitorMediaStatistics({'monitor': True, 'interval': 10})"
    who = caller().channel(send={"jitter_ms": 30}).wait(11_000).hang_up()
    ((one,), (two,)) = reports(answered(play, first, who))[0]["data"]["audio"].values()
    assert 15 <= one["jitter"] <= 60
    assert (two["jitter"], one["packetLoss"]) == (0, 0)


def test_noise_is_heard_by_the_platform_and_not_on_a_muted_line(play):
    first = "call.monitorMediaStatistics({'monitor': True, 'interval': 3})"
    who = caller().channel(send={"noise_dbfs": -40}).wait(2_900).mute().wait(4_000).hang_up()
    played = answered(play, first, who)
    levels = [record["data"]["audio"]["in"][0]["audioLevel"] for record in reports(played)]
    assert -40 < levels[0] < -38  # of the loudest frame
    assert levels[1:] == [-100]


def test_a_channel_delays_what_the_platform_hears(play):
    def heard_ms(who):
        played = answered(play, "call.handleMicStatus(True)", who.wait(500).say("Hello.").hang_up())
        return played.of("event", name="Call.MicStatusChange")[0]["t"]

    assert heard_ms(caller().channel(delay_ms=250)) - heard_ms(caller()) == 260


def test_a_party_with_a_channel(play):
    first = "call.monitorMediaStatistics({'monitor': True, 'interval': 3})"
    who = desk().channel(codec="pcma", loss_percent=30).wait(4_000).hang_up()
    audio = reports(dialled(play, first, who))[0]["data"]["audio"]
    assert audio["in"][0]["packetLoss"] > 10
