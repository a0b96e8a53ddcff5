/**
 * One attempt of a call list: the row comes in the custom data, and the outcome is reported, so
 * that the list knows whether to try this number again.
 *
 *     voxrt run scenarios/classic/call-list.voxengine.js \
 *         --call-list scenarios/classic/call-list.csv --caller scenarios/classic/call-list.yaml
 */
require(Modules.CallList);

const OUR_NUMBER = '18005550100';
const QUESTION = 'How was your visit? Press a key from one, very bad, to five, very good.';
const PATIENCE_MS = 6000;

VoxEngine.addEventListener(AppEvents.Started, () => {
  const row = JSON.parse(VoxEngine.customData());
  const call = VoxEngine.callPSTN(row.phone, OUR_NUMBER);
  let rating = null;

  call.addEventListener(CallEvents.Failed, ({ code, reason }) => {
    Logger.write(`Failed: ${code} ${reason}`);
    // An error is tried again by the list's settings.
    CallList.reportError({ result: false, code, msg: reason }, VoxEngine.terminate);
  });

  call.addEventListener(CallEvents.Connected, () => {
    call.handleTones(true, DTMFType.ALL);
    call.say(`Hello ${row.name}. ${QUESTION}`);
  });
  call.addEventListener(CallEvents.PlaybackFinished, () => {
    if (rating) call.hangup();
    else setTimeout(() => rating || call.hangup(), PATIENCE_MS);
  });
  call.addEventListener(CallEvents.ToneReceived, ({ tone }) => {
    if (rating || !'12345'.includes(tone)) return;
    rating = Number(tone);
    call.stopPlayback();
    call.say('Thank you!');
  });

  call.addEventListener(CallEvents.Disconnected, ({ duration }) => {
    Logger.write(`Rating: ${rating}`);
    // A result is final: this row is not called again.
    CallList.reportResult({ result: true, duration, rating }, VoxEngine.terminate);
  });
});
