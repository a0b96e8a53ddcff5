/**
 * A telephone menu of two levels: keys choose, also while the text is still being read out.
 * Silence repeats the menu; after three times without a useful key the call ends.
 *
 *     voxrt run scenarios/classic/ivr-menu.voxengine.js --caller scenarios/classic/ivr-menu.yaml
 */
const VOICE = VoiceList.Amazon.en_US_Joanna;
const PATIENCE_MS = 5000;
const TRIES = 3;

const MENU = {
  say: 'Press one for opening hours, two for repairs, or zero to end the call.',
  keys: {
    1: { say: 'We are open from ten to six.' },
    2: {
      say: 'Press one for a flat tyre, two for anything else, or star to go back.',
      keys: {
        1: { say: 'A flat tyre is repaired while you wait.' },
        2: { say: 'Please bring the bicycle in before noon.' },
        '*': null, // back
      },
    },
    0: { say: 'Goodbye.', end: true },
  },
};

VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call }) => {
  let menu = MENU;
  let tries = 0;
  let timer;
  let afterSpeech = listen;

  function say(text, then) {
    afterSpeech = then;
    call.say(text, { voice: VOICE });
  }

  function enter(next) {
    menu = next;
    say(menu.say, listen);
  }

  function listen() {
    timer = setTimeout(() => again('Are you still there?'), PATIENCE_MS);
  }

  function again(text) {
    tries += 1;
    if (tries < TRIES) say(`${text} ${menu.say}`, listen);
    else say('Please call again later.', () => call.hangup());
  }

  function onKey(e) {
    clearTimeout(timer);
    call.stopPlayback();
    const choice = menu.keys[e.tone];
    Logger.write(`Key ${e.tone}: ${choice === undefined ? 'nothing' : choice?.say ?? 'back'}`);
    if (choice === undefined) return again('There is nothing behind that key.');
    tries = 0;
    if (choice === null) enter(MENU);
    else if (choice.keys) enter(choice);
    else say(choice.say, () => (choice.end ? call.hangup() : enter(MENU)));
  }

  call.addEventListener(CallEvents.Connected, () => enter(MENU));
  call.addEventListener(CallEvents.PlaybackFinished, () => afterSpeech());
  call.addEventListener(CallEvents.ToneReceived, onKey);
  call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
  call.handleTones(true, DTMFType.ALL);
  call.answer();
});
