/**
 * A hotline: the caller waits with music until an agent of the queue answers.
 *
 * voxrt run scenarios/queue/queue.js --caller scenarios/queue/caller.yaml
 *   --queues scenarios/queue/queues.yaml
 */

require(Modules.SmartQueue);

const VOICE = VoiceList.Amazon.en_US_Joanna;
const MELODY = 'file:scenarios/music/melody.wav';
const WELCOME = 'Welcome to the bicycle shop. The next free colleague is yours.';
const APOLOGIES = {
  [TerminationStatus.OPERATOR_NOT_AVAILABLE]: 'We are closed now.',
  [TerminationStatus.MAX_QUEUE_SIZE_REACHED]: 'Too many people are waiting.',
};

let client;
let music;

VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call }) => {
  client = call;
  client.addEventListener(CallEvents.Connected, welcome);
  client.addEventListener(CallEvents.Failed, VoxEngine.terminate);
  client.answer();
});

function welcome() {
  const words = VoxEngine.createTTSPlayer(WELCOME, { voice: VOICE });
  words.addEventListener(PlayerEvents.PlaybackFinished, enqueue);
  words.sendMediaTo(client);
}

function enqueue() {
  music = VoxEngine.createURLPlayer({ url: MELODY }, { loop: true });
  music.sendMediaTo(client);

  const task = VoxEngine.enqueueTask({
    call: client,
    queue: { name: 'repairs' },
    skills: [{ name: 'bicycles', level: 3 }],
    priority: 50,
    timeout: 180,
  });
  task.addEventListener(SmartQueueEvents.Waiting, tellPosition);
  task.addEventListener(SmartQueueEvents.TaskDistributed, (e) => {
    Logger.write(`${e.operatorName} is rung`);
  });
  task.addEventListener(SmartQueueEvents.OperatorReached, join);
  task.addEventListener(SmartQueueEvents.ClientDisconnected, (e) => {
    Logger.write('the caller did not wait');
    e.cancel();
  });
  task.addEventListener(SmartQueueEvents.TaskCanceled, apologise);
  task.addEventListener(SmartQueueEvents.Error, apologise);
}

function tellPosition({ position, ewt }) {
  const minutes = Math.max(1, Math.round(ewt / 60000));
  Logger.write(`position ${position}, about ${minutes} min`);
  if (position > 1) return;
  music.pause();
  const words = VoxEngine.createTTSPlayer('You are the next in line.', { voice: VOICE });
  words.addEventListener(PlayerEvents.PlaybackFinished, () => {
    if (music === null) return; // an agent has answered in the meantime
    music.sendMediaTo(client);
    music.resume();
  });
  words.sendMediaTo(client);
}

function join({ agentCall }) {
  music.stop();
  music = null;
  VoxEngine.sendMediaBetween(client, agentCall);
  client.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
  agentCall.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
}

function apologise({ status, description }) {
  Logger.write(`not reached: ${description}`);
  if (music !== null) music.stop();
  if (client.state() === 'TERMINATED') {
    VoxEngine.terminate();
    return;
  }
  client.addEventListener(CallEvents.PlaybackFinished, VoxEngine.terminate);
  client.say(`I am sorry. ${APOLOGIES[status] || 'Nobody is free.'} Goodbye.`, { voice: VOICE });
}
