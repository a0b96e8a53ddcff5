// A briefing: Ann and Bob talk, a listener only listens, and a coach is heard by Bob alone. All of
// it is recorded. Each call is an endpoint of the conference.
//
//   voxrt run scenarios/briefing/briefing.js --caller scenarios/briefing/caller.yaml \
//       --video-conference

require(Modules.Conference);
require(Modules.Recorder);

const PEOPLE = [
  { name: 'Bob', number: '15550100002', direction: ConferenceDirection.BOTH },
  { name: 'Listener', number: '15550100003', direction: ConferenceDirection.RECEIVE },
  { name: 'Coach', number: '15550100004', direction: ConferenceDirection.BOTH },
];

VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call }) => {
  const conference = VoxEngine.createConference({ hd_audio: true });
  const endpoints = {};

  const join = (member, displayName, direction) => {
    const mode = ConferenceMode.FORWARD;
    endpoints[displayName] = conference.add({ call: member, mode, direction, displayName });
  };

  conference.addEventListener(ConferenceEvents.ConferenceError, ({ code, error }) =>
    Logger.write(`conference: ${code} ${error}`));
  conference.addEventListener(ConferenceEvents.EndpointAdded, ({ endpoint }) =>
    Logger.write(`joins: ${JSON.stringify(endpoint)}`));

  const recorder = VoxEngine.createRecorder({ video: true, name: 'briefing' });
  recorder.addEventListener(RecorderEvents.Started, ({ url }) => Logger.write(url));
  recorder.setConference(conference);

  call.addEventListener(CallEvents.Connected, () => {
    join(call, 'Ann', ConferenceDirection.BOTH);
    recorder.setPriority([endpoints.Ann]);
    for (const { name, number, direction } of PEOPLE) {
      const other = VoxEngine.callPSTN(number, call.callerid());
      other.addEventListener(CallEvents.Connected, () => {
        join(other, name, direction);
        if (name === 'Coach') whisper();
      });
    }
  });

  // The coach is left out of what everybody but Bob hears.
  async function whisper() {
    const coach = endpoints.Coach.id();
    for (const name of ['Ann', 'Listener'])
      await endpoints[name].manageEndpoint({ [coach]: { audio: [] } });
    endpoints.Coach.setDisplayName('Coach (only Bob hears)');
  }

  call.addEventListener(CallEvents.Disconnected, () => {
    recorder.stop();
    conference.stop();
    setTimeout(VoxEngine.terminate, 500);
  });
  call.answer();
});
