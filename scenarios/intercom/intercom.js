// A door with a camera: whoever rings is put through to a flat with video, and the visit is
// recorded. `#` opens the door.
//
//   voxrt run scenarios/intercom/intercom.js --caller scenarios/intercom/caller.yaml

const FLATS = { 18005550100: 'ann' };
const SIGNAL = 'application/dtmf-relay';

function onCall({ call: door, destination, callerid }) {
  const flat = VoxEngine.callUser({
    username: FLATS[destination],
    callerid,
    displayName: 'Front door',
    video: true,
  });
  VoxEngine.easyProcess(door, flat);

  for (const [who, call] of Object.entries({ door, flat })) {
    call.addEventListener(CallEvents.FirstVideoPacketReceived, () => {
      Logger.write(`video comes from the ${who}`);
    });
  }

  door.addEventListener(CallEvents.Connected, () => door.record({ video: true, stereo: true }));
  door.addEventListener(CallEvents.VideoTrackCreated, ({ url }) => Logger.write(`the visit: ${url}`));

  flat.handleTones(true, DTMFType.TELEPHONE_EVENT);
  flat.addEventListener(CallEvents.ToneReceived, ({ tone }) => {
    if (tone !== '#') return;
    Logger.write('the door opens');
    door.sendInfo(SIGNAL, 'Signal=#\nDuration=100');
  });
}

VoxEngine.addEventListener(AppEvents.CallAlerting, onCall);
