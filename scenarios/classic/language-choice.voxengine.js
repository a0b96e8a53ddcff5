/**
 * Asks for the language with a key, remembers it in the call, and says everything in that
 * language; English without a choice. Each language has a voice of its own.
 *
 *     voxrt run scenarios/classic/language-choice.voxengine.js \
 *         --caller scenarios/classic/language-choice.yaml
 */
const LANGUAGES = {
  1: {
    voice: VoiceList.Amazon.en_US_Joanna,
    choose: 'For English, press one.',
    hello: (name) => `Welcome, ${name || 'guest'}. Your order is ready.`,
  },
  2: {
    voice: VoiceList.Amazon.es_ES_Lucia,
    choose: 'Para español, marque el dos.',
    hello: (name) => `Bienvenido, ${name || 'cliente'}. Su pedido está listo.`,
  },
  3: {
    voice: VoiceList.Amazon.de_DE_Vicki,
    choose: 'Für Deutsch drücken Sie die Drei.',
    hello: (name) => `Willkommen, ${name || 'Gast'}. Ihre Bestellung ist fertig.`,
  },
};
const DEFAULT = '1';
const PATIENCE_MS = 4000;

/** Says something, and resolves when it has been said. */
const say = (call, text, voice) => new Promise((resolve) => {
  call.addEventListener(CallEvents.PlaybackFinished, function said() {
    call.removeEventListener(CallEvents.PlaybackFinished, said);
    resolve();
  });
  call.say(text, { voice });
});

/** Resolves with a key that is in the list, or with the default after a while. */
const chooseKey = (call) => new Promise((resolve) => {
  const timer = setTimeout(resolve, PATIENCE_MS, DEFAULT);
  call.addEventListener(CallEvents.ToneReceived, ({ tone }) => {
    if (!(tone in LANGUAGES)) return;
    clearTimeout(timer);
    resolve(tone);
  });
});

VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call }) => {
  call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
  call.addEventListener(CallEvents.Connected, async () => {
    call.handleTones(true, DTMFType.ALL);
    for (const { choose, voice } of Object.values(LANGUAGES)) await say(call, choose, voice);
    const key = await chooseKey(call);
    const { voice, hello } = LANGUAGES[key];
    call.removeEventListener(CallEvents.ToneReceived);
    call.customData(JSON.stringify({ language: key }));
    Logger.write(`Language ${key} of ${call.customData()}`);
    await say(call, hello(call.displayName()), voice);
    call.hangup();
  });
  call.answer();
});
