// Everybody who dials the number of the reading club is taken to its room. Each call has a session
// of its own here; the room is one session for all of them.

const ROOM = 'reading-room';

VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => {
  const room = VoxEngine.callConference(ROOM, e.callerid, e.displayName, {
    'X-Dialled': e.destination,
  });
  // Keys do not go through by themselves.
  e.call.handleTones(true, DTMFType.ALL);
  e.call.addEventListener(CallEvents.ToneReceived, (key) => room.sendDigits(key.tone));
  VoxEngine.easyProcess(e.call, room);
});
