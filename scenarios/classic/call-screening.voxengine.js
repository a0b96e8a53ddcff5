/**
 * Asks a caller who they are, on the record, and tells the owner of the number whose call it is;
 * connects the two only when the owner presses one.
 *
 *     voxrt run scenarios/classic/call-screening.voxengine.js \
 *         --caller scenarios/classic/call-screening.yaml
 */
const OWNER = '15557654321';
const NUMBER = '18005550100';
const NAME_MS = 4000;

VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call }) => {
  call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
  call.addEventListener(CallEvents.Connected, () => {
    call.record({ name: `screened-${call.callerid()}`, stereo: true });
    call.say('Who is calling, please?');
    call.addEventListener(CallEvents.PlaybackFinished, function asked() {
      call.removeEventListener(CallEvents.PlaybackFinished, asked);
      setTimeout(() => callOwner(call), NAME_MS); // the name is said now, and recorded
    });
  });
  call.answer();
});

function callOwner(caller) {
  caller.playProgressTone('US');
  const owner = VoxEngine.callPSTN(OWNER, NUMBER);
  owner.addEventListener(CallEvents.Failed, () => refuse(caller));
  owner.addEventListener(CallEvents.Disconnected, () => {
    if (caller.customData() !== 'accepted') refuse(caller);
    else VoxEngine.terminate();
  });
  owner.addEventListener(CallEvents.Connected, () => {
    owner.handleTones(true, DTMFType.ALL);
    owner.say(`A call from ${caller.callerid()}. Press one to take it, two to refuse.`);
  });
  owner.addEventListener(CallEvents.ToneReceived, (e) => {
    owner.stopPlayback();
    owner.removeEventListener(CallEvents.ToneReceived);
    if (e.tone !== '1') return owner.hangup();
    caller.customData('accepted');
    VoxEngine.sendMediaBetween(caller, owner);
  });
}

function refuse(caller) {
  Logger.write('The call was not taken');
  caller.addEventListener(CallEvents.PlaybackFinished, () => caller.hangup());
  caller.say('I am sorry, your call cannot be taken now.');
}
