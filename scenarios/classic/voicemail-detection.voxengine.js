/**
 * Calls a customer and speaks to people only: a machine at the far end is left a short message
 * after its greeting, or is hung up on.
 *
 *     voxrt run scenarios/classic/voicemail-detection.voxengine.js --start \
 *         --custom-data 15557654321 --caller scenarios/classic/voicemail-detection.yaml
 */
require(Modules.AMD);

const OUR_NUMBER = '18005550100';
const LEAVE_A_MESSAGE = true;

VoxEngine.addEventListener(AppEvents.Started, () => {
  const number = VoxEngine.customData();
  const amd = AMD.create({ model: AMD.Model.US, timeout: 5000 });
  const call = VoxEngine.callPSTN(number, OUR_NUMBER, { amd });
  let who = '';

  amd.addEventListener(AMD.Events.DetectionError, (e) => {
    Logger.write(`Detection: ${e.message}`);
    speak('human');
  });
  amd.addEventListener(AMD.Events.DetectionComplete, ({ resultClass, confidence }) => {
    Logger.write(`${resultClass} (${confidence} %)`);
    if (resultClass === AMD.ResultClass.CALL_ENDED) return;
    speak(resultClass === AMD.ResultClass.VOICEMAIL ? 'voicemail' : 'human');
  });

  function speak(to) {
    if (who) return;
    who = to;
    call.addEventListener(CallEvents.PlaybackFinished, () => call.hangup());
    if (who === 'human') call.say('Hello, your bicycle is ready. See you soon!');
    else if (LEAVE_A_MESSAGE) call.say('This is the bicycle shop. Please call us back.');
    else call.hangup();
  }

  call.addEventListener(CallEvents.Failed, (e) => {
    Logger.write(`Not reached: ${e.code} ${e.reason}`);
    VoxEngine.terminate();
  });
  call.addEventListener(CallEvents.Disconnected, () => {
    Logger.write(`Spoke to: ${who || 'nobody'}`);
    VoxEngine.terminate();
  });
});
