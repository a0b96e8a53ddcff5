/**
 * A menu by voice: the caller says what they want, in words or with a key; what is not understood
 * is asked again, and goes to a person the second time.
 *
 *     voxrt run scenarios/classic/speech-menu.voxengine.js \
 *         --caller scenarios/classic/speech-menu.yaml
 */
require(Modules.ASR);

const ANSWERS = [
  { words: ['open', 'hours', 'when'], say: 'We are open from ten to six.' },
  { words: ['where', 'address'], say: 'You find us at twelve Station Road.' },
];

VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call, callerid }) => {
  let misses = 0;
  let asr;

  function ask(text) {
    call.say(text);
    call.addEventListener(CallEvents.PlaybackFinished, listen);
  }

  function listen() {
    call.removeEventListener(CallEvents.PlaybackFinished, listen);
    asr = VoxEngine.createASR({
      profile: ASRProfileList.Google.en_US,
      interimResults: true,
      singleUtterance: true,
    });
    asr.addEventListener(ASREvents.Result, (e) => understand(e.text.toLowerCase()));
    asr.addEventListener(ASREvents.ASRError, (e) => Logger.write(`ASR: ${e.error}`));
    call.sendMediaTo(asr);
  }

  function understand(text) {
    asr.stop();
    Logger.write(`Understood: ${text}`);
    const answer = ANSWERS.find(({ words }) => words.some((word) => text.includes(word)));
    if (answer) return ask(`${answer.say} Anything else?`);
    if (text.includes('no') || text.includes('bye')) return call.hangup();
    misses += 1;
    if (misses === 1) return ask('I did not understand that. What do you need?');
    const desk = VoxEngine.callUser({ username: 'desk', callerid });
    desk.addEventListener(CallEvents.Connected, () => VoxEngine.sendMediaBetween(call, desk));
    desk.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
    desk.addEventListener(CallEvents.Failed, VoxEngine.terminate);
  }

  call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
  call.addEventListener(CallEvents.Connected, () => ask('Hello, what can I do for you?'));
  call.answer();
});
