"""IVR, AMD and beeps in JavaScript scenarios."""

from __future__ import annotations

IVR = """
require(Modules.IVR);
VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => {
    const call = e.call;
    const code = new IVRState('code', {
        type: 'inputunknown',
        prompt: {say: 'Your code.', lang: Language.US_ENGLISH_FEMALE},
        inputValidator: (input) => input.length === 2,
    }, (input) => { Logger.write(`code ${input} ${code.input}`); call.hangup(); });
    const main = new IVRState('main', {
        type: 'select', prompt: {say: 'One for the code.'}, nextStates: {1: code},
    }, (input) => { Logger.write(`wrong ${input}`); main.enter(call); },
       (input) => Logger.write(`late ${input}`));
    Logger.write(`${main instanceof IVRState} ${main.settings.type} ${typeof IVR.reset}`);
    call.answer();
    call.addEventListener(CallEvents.Connected, () => main.enter(call));
    call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
});
"""

AMD = """
VoxEngine.addEventListener(AppEvents.Started, () => {
    const amd = AMD.create({model: AMD.Model.US, timeout: 9000, thresholds: {voicemail: 0.85}});
    const call = VoxEngine.callPSTN('15557654321', '15550000000', {amd});
    amd.addEventListener(AMD.Events.DetectionComplete, (event) => {
        Logger.write([event.resultClass, event.amd === amd, event.call === call,
                      amd.call === call, amd.timeout, amd.model,
                      amd instanceof AMD.AnsweringMachineDetector].map(String).join(' '));
        call.enableBeepDetection({timeout: 20000});
    });
    call.addEventListener(CallEvents.BeepDetectionComplete, async (event) => {
        Logger.write(`beep ${event.frequencies} ${event.timeout}`);
        const again = AMD.create({model: AMD.Model.US, call, timeout: 3000});
        const found = await again.detect();
        Logger.write(found.resultClass);
        VoxEngine.terminate();
    });
});
"""
MACHINE = """
parties:
  - match: "1*"
    steps:
      - voicemail: You have reached nobody at all. Please leave a message.
      - wait: 9000
"""


def test_states(play_js):
    steps = ["{wait_for: event PlaybackFinished}", "{press: '5'}", "{wait: 800}", "{press: '1'}",
             "{wait: 500}", "{press: '42'}", "{wait_for: event Disconnected}"]  # fmt: skip
    played = play_js(IVR, caller=f"[{', '.join(steps)}]")
    assert played.errors == []
    assert played.logs == ["true select function", "wrong 5", "code 42 42"]


CIRCLE = """
require(Modules.IVR);
const settings = {type: 'select', prompt: {say: 'One.'}, nextStates: {}};
const main = new IVRState('main', settings, (key) => Logger.write(`main ${key}`));
const sub = new IVRState('sub', {type: 'select', prompt: {say: 'Two.'}, nextStates: {1: main}},
                         (key) => Logger.write(`sub ${key}`));
settings.nextStates[2] = sub;
Logger.write([main.settings === settings, main instanceof IVRState, typeof sub.settings].join());
VoxEngine.addEventListener(AppEvents.CallAlerting, ({call}) => {
    call.addEventListener(CallEvents.Connected, () => main.enter(call));
    call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
    call.answer();
});
"""


def test_states_in_a_circle(play_js):
    """The settings of a state are the script's own object, which may be completed later."""
    steps = ["{wait: 900}", "{press: '2'}", "{wait: 900}", "{press: '1'}", "{wait: 900}",
             "{press: '7'}", "{wait: 100}", "hang_up"]  # fmt: skip
    played = play_js(CIRCLE, caller=f"[{', '.join(steps)}]")
    assert played.errors == []
    assert played.logs == ["true,true,object", "main 7"]
    entered = [r["params"][0]["state"] for r in played.of("command") if r["name"] == "IVREnter"]
    assert entered == ["main", "sub", "main"]


def test_other_settings_count_from_the_next_entry(play_js):
    source = CIRCLE + "sub.settings = {type: 'inputfixed', inputLength: 2, prompt: {say: 'Two.'}};"
    steps = [
        "{wait: 900}",
        "{press: '2'}",
        "{wait: 900}",
        "{press: '11'}",
        "{wait: 500}",
        "hang_up",
    ]
    played = play_js(source, caller=f"[{', '.join(steps)}]")
    assert played.errors == []
    assert played.logs[-1] == "sub 11"


def test_settings_that_are_none(play_js):
    source = """
    require(Modules.IVR);
    for (const make of [() => new IVRState('x', 5), () => new IVRState('x')]) {
        try { make(); } catch (error) { Logger.write(error.message); }
    }
    VoxEngine.terminate();
    """
    assert play_js(source, start=True).logs == [
        "IVRState: settings must be an object, not a number",
        "IVRState: settings must be an object, not undefined",
    ]


def test_a_machine_and_its_beep(play_js):
    played = play_js(AMD, start=True, caller=MACHINE)
    assert played.errors == []
    assert played.logs == [
        "VOICEMAIL true true true 9000 us true",
        "beep 1000 undefined",
        "TIMEOUT",
    ]
