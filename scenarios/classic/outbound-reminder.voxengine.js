/**
 * Calls someone to remind them of an appointment, and asks them to confirm, cancel, or hear it
 * again. Who is called again after a while when nobody answers, twice at most.
 *
 *     voxrt run scenarios/classic/outbound-reminder.voxengine.js --start \
 *         --custom-data '{"phone": "15557654321", "name": "Bob", "when": "Friday at nine"}' \
 *         --caller scenarios/classic/outbound-reminder.yaml
 */
const CALLER_ID = '18005550100';
const TRIES = 3;
const PAUSE_MS = 30000;

VoxEngine.addEventListener(AppEvents.Started, () => {
  let data;
  try {
    data = JSON.parse(VoxEngine.customData() || '{}');
  } catch (error) {
    Logger.write(`The custom data is no JSON: ${error.message}`);
    return VoxEngine.terminate();
  }
  if (!data.phone) return finish('nobody to call');
  dial(data, 1);
});

function dial(data, attempt) {
  const call = VoxEngine.callPSTN(data.phone, CALLER_ID);
  call.addEventListener(CallEvents.Failed, (e) => {
    Logger.write(`Attempt ${attempt}: ${e.code} ${e.reason}`);
    if (attempt === TRIES || e.code === 404) finish('not reached');
    else setTimeout(() => dial(data, attempt + 1), PAUSE_MS);
  });
  call.addEventListener(CallEvents.Connected, () => remind(call, data));
  call.addEventListener(CallEvents.Disconnected, () => finish(call.customData() || 'no answer'));
}

function remind(call, { name, when }) {
  const text = `Hello ${name}. Your appointment is on ${when}. ` +
    'Press one to confirm, two to cancel, or three to hear this again.';
  const end = (outcome, goodbye) => {
    call.removeEventListener(CallEvents.ToneReceived);
    call.customData(outcome);
    call.addEventListener(CallEvents.PlaybackFinished, () => call.hangup());
    call.say(goodbye);
  };
  call.handleTones(true, DTMFType.TELEPHONE_EVENT);
  call.addEventListener(CallEvents.ToneReceived, ({ tone }) => {
    call.stopPlayback();
    if (tone === '1') end('confirmed', 'Thank you, see you then.');
    else if (tone === '2') end('cancelled', 'Your appointment is cancelled.');
    else call.say(text);
  });
  call.say(text);
}

function finish(outcome) {
  Logger.write(`Outcome: ${outcome}`);
  VoxEngine.customData(outcome);
  VoxEngine.terminate();
}
