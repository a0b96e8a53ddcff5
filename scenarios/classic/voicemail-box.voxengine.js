/**
 * A voicemail box: greets, records until the pound key, a hang-up or the longest time, and lets
 * the caller say it again. The recording's address is what would be mailed to the owner.
 *
 *     voxrt run scenarios/classic/voicemail-box.voxengine.js \
 *         --caller scenarios/classic/voicemail-box.yaml
 */
const LONGEST_MS = 30000;

VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call, callerid, destination }) => {
  const message = { from: callerid, to: destination, url: null, saved: false };
  let stage = 'greeting';
  let timer;

  const stages = {
    greeting: () => call.say('Leave a message after this, and press the pound key at its end.'),
    message: () => {
      call.record({ hd_audio: false, stereo: false, recordNamePrefix: 'voicemail' });
      timer = setTimeout(() => enter('menu'), LONGEST_MS);
    },
    menu: () => call.say('Press one to keep your message, or two to hang up without it.'),
    goodbye: () => call.say('Your message is kept. Goodbye.'),
  };

  function enter(next) {
    clearTimeout(timer);
    stage = next;
    Logger.write(`Stage ${stage}`);
    stages[stage]();
  }

  call.addEventListener(CallEvents.Connected, () => {
    call.handleTones(true, DTMFType.ALL);
    enter('greeting');
  });
  call.addEventListener(CallEvents.PlaybackFinished, () => {
    if (stage === 'greeting') enter('message');
    else if (stage === 'goodbye') call.hangup();
  });
  call.addEventListener(CallEvents.RecordStarted, (e) => { message.url = e.url; });
  call.addEventListener(CallEvents.RecordError, (e) => Logger.write(`Recording: ${e.error}`));
  call.addEventListener(CallEvents.ToneReceived, ({ tone }) => {
    if (stage === 'message' && tone === '#') enter('menu');
    else if (stage === 'menu' && tone === '2') call.hangup();
    else if (stage === 'menu' && tone === '1') {
      call.stopPlayback();
      message.saved = true;
      enter('goodbye');
    }
  });
  call.addEventListener(CallEvents.Disconnected, (e) => {
    // Who hangs up while speaking wants the message to be kept.
    message.saved = message.saved || stage === 'message';
    Logger.write(message.saved ? `Kept: ${JSON.stringify(message)}` : 'No message');
    Logger.write(`After ${e.duration} s`);
    VoxEngine.terminate();
  });
  call.answer();
});
