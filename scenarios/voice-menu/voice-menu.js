/**
 * A menu by voice: the caller says where to go, also while the menu is still being read out.
 *
 *     voxrt run scenarios/voice-menu/voice-menu.js --caller scenarios/voice-menu/caller.yaml
 */
require(Modules.ASR);

const PLACES = {
  repairs: 'Your bicycle is repaired within a week.',
  'opening hours': 'We are open from ten to six.',
  goodbye: 'Goodbye, and a pleasant ride.',
};
const MENU = 'Welcome to the bicycle shop. Say repairs, opening hours, or goodbye.';
const TRIES = 3;
const PATIENCE_MS = 6000;
const SURE_ENOUGH = 0.6;

/** One caller's way through the menu. */
class Menu {
  constructor(call) {
    this.call = call;
    this.tries = 0;
    this.asr = VoxEngine.createASR({
      profile: ASRProfileList.Google.en_US,
      interimResults: true,
      phraseHints: Object.keys(PLACES),
    });
    this.asr.addEventListener(ASREvents.InterimResult, () => this.listen());
    this.asr.addEventListener(ASREvents.SpeechCaptured, () => this.wait());
    this.asr.addEventListener(ASREvents.Result, (e) => this.answer(e));
    this.asr.addEventListener(ASREvents.ASRError, (e) => this.retry(`error: ${e.error}`));
    call.addEventListener(CallEvents.PlaybackFinished, () => this.wait());
    call.sendMediaTo(this.asr);
    this.say(MENU);
  }

  /** Says something; what the caller says from now on is about that. */
  say(text, then = null) {
    clearTimeout(this.timer);
    this.then = then;
    this.call.say(text, { voice: VoiceList.Amazon.en_US_Joanna });
  }

  /** The text has been said, or the caller has spoken: the next word is the caller's. */
  wait() {
    clearTimeout(this.timer);
    if (this.then) this.then();
    else this.timer = setTimeout(() => this.retry('silence'), PATIENCE_MS);
  }

  /** The caller speaks: the menu stops. */
  listen() {
    clearTimeout(this.timer);
    this.call.stopPlayback();
  }

  answer(e) {
    Logger.write(`heard "${e.text}" (${e.confidence})`);
    const place = Object.keys(PLACES).find((name) => e.text.includes(name));
    if (!place || e.confidence < SURE_ENOUGH) {
      this.retry(e.text);
      return;
    }
    this.tries = 0;
    if (place === 'goodbye') {
      this.asr.stop();
      this.say(PLACES[place], () => this.call.hangup());
    } else {
      this.say(`${PLACES[place]} What else may it be?`);
    }
  }

  retry(why) {
    this.tries += 1;
    Logger.write(`not understood, ${this.tries} of ${TRIES}: ${why}`);
    if (this.tries === TRIES) this.say('I am sorry. Please call again.', () => this.call.hangup());
    else this.say('I am sorry? Say repairs, opening hours, or goodbye.');
  }
}

VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call }) => {
  call.addEventListener(CallEvents.Connected, () => new Menu(call));
  call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
  call.answer();
});
