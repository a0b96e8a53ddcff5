/**
 * Rings three people at once. The first who answers gets the call, the others stop ringing.
 *
 *     voxrt run scenarios/classic/ring-group.voxengine.js \
 *         --caller scenarios/classic/ring-group.yaml
 */
const OPERATORS = ['anna', 'bert', 'carla'];

VoxEngine.addEventListener(AppEvents.CallAlerting, function (e) {
  const incoming = e.call;
  const ringing = {};
  var taken = false;

  incoming.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
  incoming.startEarlyMedia();
  incoming.playProgressTone('US');

  OPERATORS.forEach(function (name) {
    const call = VoxEngine.callUser({
      username: name,
      callerid: e.callerid,
      displayName: e.displayName,
      extraHeaders: { 'X-Group': 'sales', 'VI-CallTimeout': '20' },
    });
    ringing[name] = call;

    call.addEventListener(CallEvents.Failed, function (event) {
      Logger.write(name + ' does not take it: ' + event.code + ' ' + event.reason);
      delete ringing[name];
      if (!taken && Object.keys(ringing).length === 0) nobody();
    });

    call.addEventListener(CallEvents.Connected, function () {
      delete ringing[name];
      if (taken) return call.hangup(); // two answered in the same moment
      taken = true;
      Logger.write(name + ' takes the call');
      Object.values(ringing).forEach((other) => other.hangup());
      incoming.answer();
      VoxEngine.sendMediaBetween(incoming, call);
      call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
    });
  });

  function nobody() {
    incoming.addEventListener(CallEvents.Connected, () => {
      incoming.say('All our lines are busy. Please try again in a few minutes.');
    });
    incoming.addEventListener(CallEvents.PlaybackFinished, () => incoming.hangup());
    incoming.answer();
  }
});
