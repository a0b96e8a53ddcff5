"""Holds, transfers and the like in JavaScript scenarios, with caller scripts in YAML."""

from __future__ import annotations

HOLD = """
VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call }) => {
    for (const name of ["OnHold", "OffHold", "MicStatusChange", "RtpStopped", "ToneReceived"])
        call.addEventListener(CallEvents[name],
            (e) => Logger.write(`${e.name} ${JSON.stringify(e.active)} ${e.call === call}`));
    call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
    call.handleMicStatus(true);
    Logger.write(call.vad());
    call.answer();
});
"""


def test_hold(play_js):
    played = play_js(
        HOLD,
        caller="""
        - say: Good evening.
        - wait: 1000
        - hold
        - say: Nobody hears this.
        - unhold
        - stop_rtp
        - wait: 8000
        - hang_up
        """,
    )
    assert played.logs == [
        "true",
        "Call.MicStatusChange true true",
        "Call.MicStatusChange false true",
        "Call.OnHold undefined true",
        "Call.OffHold undefined true",
        "Call.RtpStopped undefined true",
    ]


IDENTIFIED = """
VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call }) => {
    for (const name of ["Started", "Result", "Error", "Stopped"])
        call.addEventListener(CallEvents[`AudioIdentification${name}`], (e) => Logger.write(
            `${e.name} ${e.audioType} ${e.audioSubType} ${e.confidence} ${e.call === call}`));
    call.addEventListener(CallEvents.Statistics, (e) => Logger.write(Object.keys(e).join()));
    call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
    call.answer();
});
"""


def test_what_hidden_services_tell(play_js):
    played = play_js(
        IDENTIFIED,
        caller="""
        - identify: VOICEMAIL
          subtype: MIMIC
          confidence: 62.5
        - identify: error
        - statistics
        - hang_up
        """,
    )
    assert played.logs == [
        "Call.AudioIdentificationStarted undefined undefined undefined true",
        "Call.AudioIdentificationResult VOICEMAIL MIMIC 62.5 true",
        "Call.AudioIdentificationStopped undefined undefined undefined true",
        "Call.AudioIdentificationStarted undefined undefined undefined true",
        "Call.AudioIdentificationError undefined undefined undefined true",
        "Call.AudioIdentificationStopped undefined undefined undefined true",
        "name,id,call",
    ]


TRANSFER = """
VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call }) => {
    call.handleBlindTransfer(true);
    call.addEventListener(CallEvents.BlindTransferRequested, (e) => {
        Logger.write(JSON.stringify([e.transferTo, e.headers]));
        call.notifyBlindTransferFailed(486, "Busy Here");
        call.transferTo({ to: e.transferTo, headers: { "X-A": "1" } });
    });
    call.addEventListener(CallEvents.TransferComplete, (e) => Logger.write(e.name));
    call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
    call.answer();
});
"""


def test_transfer(play_js):
    played = play_js(
        TRANSFER,
        caller="""
        caller:
          steps:
            - transfer: "15557654321"
              headers: {X-B: "2"}
        parties:
          - match: "1555*"
        """,
    )
    assert played.logs == ['["15557654321",{"X-B":"2"}]', "Call.TransferComplete"]
    assert played.events[-3:] == [
        "Call.Disconnected", "Application.Terminating", "Application.Terminated",
    ]  # fmt: skip


def test_beep_and_reinvite(play_js):
    played = play_js(
        """
        VoxEngine.addEventListener(AppEvents.Started, () => {
            const call = VoxEngine.callWhatsappUser({ number: "1555", callerid: "2" });
            call.enableBeepDetection({ frequencies: [915, 1371], timeout: 6000 });
            call.monitorMediaStatistics({ monitor: true, interval: 3 });
            call.addEventListener(CallEvents.BeepDetectionComplete,
                (e) => Logger.write(JSON.stringify([e.frequencies, e.timeout])));
            call.addEventListener(CallEvents.MediaStatisticsReceived,
                (e) => Logger.write(e.audio.in[0].numPackets));
            call.addEventListener(CallEvents.Connected,
                () => call.reInvite({}, "application/sdp", ""));
            call.addEventListener(CallEvents.ReInviteRejected,
                (e) => Logger.write(`${e.code} ${e.reason}`));
            call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
        });
        """,
        start=True,
        caller="""
        parties:
          - match: "1555"
            reinvite_fails: 488
            steps:
              - tone: 1371
                ms: 400
              - wait: 3000
              - hang_up
        """,
    )
    assert played.logs == ["488 Not Acceptable Here", "[[1371],null]", "150"]


def test_peer_to_peer(play_js):
    played = play_js(
        """
        VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => {
            const who = { callerid: "1", displayName: "A" };
            const bob = VoxEngine.callUserDirect(e.call, "bob", who);
            VoxEngine.easyProcess(e.call, bob, () => Logger.write("joined"), true);
        });
        """,
        caller="""
        caller:
          steps:
            - say: Hello Bob.
            - wait: 500
            - hang_up
        parties:
          - match: bob
            steps: []
        """,
    )
    assert played.logs == ["joined"]
    heard = [record["text"] for record in played.of("heard") if record["by"] == "party"]
    assert heard == ["Hello Bob."]


def test_mistakes_are_named_in_the_scenarios_line(play_js):
    played = play_js(
        """
        VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call }) => {
            call.transferTo({ call: "bob" });
        });
        """
    )
    assert "transferTo: call must be another call, not a string" in played.errors[0]
    assert played.of("error")[0]["line"] == 3
