// The room: the moderator speaks from the beginning, everybody else listens until the moderator
// opens the floor. Keys of the moderator: 1 opens it, 2 closes it, # ends the evening.

require(Modules.Conference);
require(Modules.Recorder);

const MODERATOR = '15550100001';
const VOICE = {voice: VoiceList.Amazon.en_US_Joanna};

const members = new Map();
let conference;
let floorIsOpen = false;

VoxEngine.addEventListener(AppEvents.Started, () => {
  conference = VoxEngine.createConference({hd_audio: false});
  const recorder = VoxEngine.createRecorder({name: 'reading club', hd_audio: true});
  recorder.addEventListener(RecorderEvents.Started, (e) => Logger.write(`recording ${e.url}`));
  conference.sendMediaTo(recorder);
});

VoxEngine.addEventListener(AppEvents.CallAlerting, ({call}) => {
  call.addEventListener(CallEvents.Connected, () => join(call));
  call.addEventListener(CallEvents.Disconnected, () => leave(call));
  call.answer();
});

function isModerator(call) {
  return call.callerid() === MODERATOR;
}

function join(call) {
  members.set(call.id(), call);
  conference.sendMediaTo(call);
  if (isModerator(call)) {
    call.handleTones(true, DTMFType.ALL);
    call.addEventListener(CallEvents.ToneReceived, (e) => obey(e.tone));
    call.sendMediaTo(conference);
  }
  announce(`${call.displayName()} is here.`);
}

function leave(call) {
  members.delete(call.id());
  Logger.write(`${call.displayName()} has left, ${members.size} are here`);
  if (members.size === 0) {
    VoxEngine.terminate();
  }
}

function obey(key) {
  switch (key) {
    case '1':
      return setFloor(true);
    case '2':
      return setFloor(false);
    case '#':
      VoxEngine.destroyConference(conference);
      members.forEach((call) => call.hangup());
  }
}

function setFloor(open) {
  floorIsOpen = open;
  announce(floorIsOpen ? 'The floor is open.' : 'The floor is closed.');
  members.forEach((call) => {
    if (isModerator(call)) {
      return;
    }
    if (floorIsOpen) {
      call.sendMediaTo(conference);
    } else {
      call.stopMediaTo(conference);
    }
  });
}

function announce(text) {
  VoxEngine.createTTSPlayer(text, VOICE).sendMediaTo(conference);
}
