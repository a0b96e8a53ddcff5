/**
 * A meeting by telephone: who calls joins, and three more are called and join as they answer.
 * Each hears all the others; the meeting ends with its last participant.
 *
 *     voxrt run scenarios/classic/conference.voxengine.js \
 *         --caller scenarios/classic/conference.yaml
 */
require(Modules.Conference);

const OUR_NUMBER = '18005550100';
const INVITED = ['15557654321', '15557654322', '15557654323'];

let conference = null;
const participants = new Set();

VoxEngine.addEventListener(AppEvents.Started, () => {
  conference = VoxEngine.createConference({ hd_audio: true });
  conference.addEventListener(ConferenceEvents.Started, () => Logger.write('The meeting is open'));
  conference.addEventListener(ConferenceEvents.Stopped, () => Logger.write('The meeting is over'));
});

VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call }) => {
  call.addEventListener(CallEvents.Connected, () => {
    call.say('Welcome to the meeting. The others are being called.');
  });
  call.addEventListener(CallEvents.PlaybackFinished, function welcomed() {
    call.removeEventListener(CallEvents.PlaybackFinished, welcomed);
    join(call);
    INVITED.forEach(invite);
  });
  call.addEventListener(CallEvents.Disconnected, () => leave(call));
  call.answer();
});

function invite(number) {
  const call = VoxEngine.callPSTN(number, OUR_NUMBER);
  call.addEventListener(CallEvents.Connected, () => join(call));
  call.addEventListener(CallEvents.Disconnected, () => leave(call));
  call.addEventListener(CallEvents.Failed, (e) => Logger.write(`${number}: ${e.code} ${e.reason}`));
}

function join(call) {
  participants.add(call);
  VoxEngine.sendMediaBetween(call, conference);
  const number = call.incoming() ? call.callerid() : call.number();
  Logger.write(`${number} is participant ${participants.size}`);
}

function leave(call) {
  participants.delete(call);
  if (participants.size > 0) return;
  conference.stop();
  VoxEngine.terminate();
}
