/**
 * Asks for a PIN of four digits, ended by the pound key or by the fourth digit. Three wrong ones
 * end the call; digits are never written to the log.
 *
 *     voxrt run scenarios/classic/pin-entry.voxengine.js \
 *         --caller scenarios/classic/pin-entry.yaml --secret PIN=4711
 */
const LENGTH = 4;
const TRIES = 3;
const BETWEEN_KEYS_MS = 4000;

/** Resolves with the digits that are entered, or with what there is when the caller hesitates. */
function readDigits(call, prompt) {
  return new Promise((resolve) => {
    let digits = '';
    let timer = null;
    const done = () => {
      clearTimeout(timer);
      call.removeEventListener(CallEvents.ToneReceived, onTone);
      call.removeEventListener(CallEvents.PlaybackFinished, arm);
      resolve(digits);
    };
    const arm = () => {
      clearTimeout(timer);
      timer = setTimeout(done, BETWEEN_KEYS_MS);
    };
    const onTone = ({ tone }) => {
      call.stopPlayback();
      if (tone === '#') return done();
      digits += tone;
      if (digits.length === LENGTH) done();
      else arm();
    };
    call.addEventListener(CallEvents.ToneReceived, onTone);
    call.addEventListener(CallEvents.PlaybackFinished, arm);
    call.say(prompt);
  });
}

function sayAndHangUp(call, text) {
  call.addEventListener(CallEvents.PlaybackFinished, () => call.hangup());
  call.say(text);
}

async function identify(call) {
  const right = VoxEngine.getSecretValue('PIN');
  if (!right) throw new Error('the secret PIN is not set');
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const sorry = attempt === 1 ? '' : 'That was not right. ';
    const digits = await readDigits(call, `${sorry}Please enter your PIN.`);
    Logger.write(`Attempt ${attempt}: ${digits.length} digits, ${digits === right}`);
    if (digits === right) return true;
  }
  return false;
}

VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call }) => {
  call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
  call.addEventListener(CallEvents.Connected, async () => {
    call.handleTones(true, DTMFType.ALL);
    const known = await identify(call);
    sayAndHangUp(call, known ? 'Thank you. Your balance is twelve euros.' : 'Goodbye.');
  });
  call.answer();
});
