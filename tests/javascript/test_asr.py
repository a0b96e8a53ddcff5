"""Speech recognition in a JavaScript scenario, in the older and the newer form."""

from __future__ import annotations

CALLER = "[{wait: 300}, {say: 'Two, please.'}, {wait: 1500}, hang_up]"


def test_results_reach_a_javascript_scenario(play_js):
    played = play_js(
        """
        require(Modules.ASR);
        VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => {
            const call = e.call;
            call.answer();
            call.addEventListener(CallEvents.Connected, () => {
                const asr = VoxEngine.createASR({
                    profile: ASRProfileList.Google.en_US,
                    interimResults: true,
                    phraseHints: ['Two'],
                });
                const older = VoxEngine.createASR(ASRLanguage.ENGLISH_US, undefined);
                for (const name of Object.keys(ASREvents))
                    asr.addEventListener(ASREvents[name], (event) => Logger.write(
                        [event.name, event.text, event.asr === asr, event.asr instanceof ASR]
                            .map(String).join(' ')));
                older.addEventListener(ASREvents.Result, (event) => {
                    Logger.write(`older: ${event.text} ${event.confidence} ${older.language()}`);
                    older.stop();
                });
                call.sendMediaTo(asr);
                call.sendMediaTo(older);
                Logger.write(`${call.vad()} ${typeof asr.sendMediaTo}`);
            });
            call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
        });
        """,
        caller=CALLER,
    )
    assert played.errors == []
    said = [line for line in played.logs if "InterimResult" not in line]
    assert said == [
        "true undefined",
        "ASR.Started undefined true true",
        "ASR.CaptureStarted undefined true true",
        "ASR.SpeechCaptured undefined true true",
        "ASR.Result Two please true true",
        "older: two please 0.92 en-US",
    ]
    assert "ASR.InterimResult Two true true" in played.logs


def test_a_missing_profile_is_a_type_error_at_its_line(play_js):
    played = play_js(
        "require(Modules.ASR);\nVoxEngine.createASR({profile: ASRProfileList.Google.xx_XX});",
        start=True,
    )
    assert "profile is missing" in played.errors[0]
    assert any("ASRProfileList.Google.xx_XX" in text for text in played.warnings)
