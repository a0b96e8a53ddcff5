/**
 * Answers at once and plays music until somebody is free, with the place in the queue between.
 *
 *     voxrt run scenarios/classic/hold-music.voxengine.js \
 *         --caller scenarios/classic/hold-music.yaml
 */
const EVERY_MS = 8000;

VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call, callerid }) => {
  let music, news, desk;

  function playMusic() {
    music = VoxEngine.createToneScriptPlayer('440@-20,480@-20;4(1/2/1+2)', true);
    music.sendMediaTo(call);
  }

  function tell(text) {
    if (music) music.stop();
    news = VoxEngine.createTTSPlayer(text, { language: VoiceList.Amazon.en_US_Joanna });
    news.addEventListener(PlayerEvents.PlaybackFinished, () => playMusic());
    news.sendMediaTo(call);
  }

  call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
  call.addEventListener(CallEvents.Connected, () => {
    tell('You are the first in the queue.');
    const timer = setInterval(() => tell('Still one moment, please.'), EVERY_MS);
    desk = VoxEngine.callUser({ username: 'desk', callerid });
    desk.addEventListener(CallEvents.Connected, () => {
      clearInterval(timer);
      VoxEngine.sendMediaBetween(call, desk);
    });
    desk.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
    desk.addEventListener(CallEvents.Failed, VoxEngine.terminate);
  });
  call.answer();
});
