/**
 * Puts a call through to the shop, and records both sides into one file with a recorder that is
 * muted while the customer says a card number, between two presses of the star key.
 *
 *     voxrt run scenarios/classic/recorder.voxengine.js --caller scenarios/classic/recorder.yaml
 */
require(Modules.Recorder);

const SHOP = '15557654321';

VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call, callerid }) => {
  const shop = VoxEngine.callPSTN(SHOP, callerid);
  VoxEngine.easyProcess(call, shop, record);
});

function record(call, shop) {
  const recorder = VoxEngine.createRecorder({
    name: 'shop',
    hd_audio: true,
    expire: RecordExpireTime.SIXMONTHS,
  });
  let muted = false;

  recorder.addEventListener(RecorderEvents.Started, (e) => Logger.write(`Recording: ${e.url}`));
  recorder.addEventListener(RecorderEvents.Stopped, (e) => Logger.write(`${e.duration} s`));
  recorder.addEventListener(RecorderEvents.RecorderError, (e) => Logger.write(e.error));

  call.sendMediaTo(recorder);
  shop.sendMediaTo(recorder);

  shop.handleTones(true, DTMFType.ALL);
  shop.addEventListener(CallEvents.ToneReceived, ({ tone }) => {
    if (tone !== '*') return;
    muted = !muted;
    recorder.mute(muted);
    Logger.write(muted ? 'Not recorded from here' : 'Recorded again');
  });
}
