/**
 * Forwards a call to a person: first to their mobile phone, then to the office's SIP phone, then
 * to their softphone. Whoever is called hears from whom; nobody there ends with an apology.
 *
 *     voxrt run scenarios/classic/forward.voxengine.js --caller scenarios/classic/forward.yaml
 */
const OFFICE_NUMBER = '18005550100';
const RING_MS = 15000;

// Each place is a function that calls it; one that does not answer hands on to the next.
const PLACES = [
  (from) => VoxEngine.callPSTN('15557654321', OFFICE_NUMBER),
  (from) => VoxEngine.callSIP('sip:bob@pbx.example.com', { callerid: from, displayName: 'Shop' }),
  (from) => VoxEngine.callUser({ username: 'bob', callerid: from, displayName: 'Shop' }),
];

VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call, callerid }) => {
  let outgoing = null;

  function tryPlace(number) {
    if (number === PLACES.length) return apologise();
    outgoing = PLACES[number](callerid);
    const timer = setTimeout(() => outgoing.hangup(), RING_MS); // is a failure, too: 487
    outgoing.addEventListener(CallEvents.Failed, (e) => {
      clearTimeout(timer);
      Logger.write(`Place ${number + 1}: ${e.code} ${e.reason}`);
      tryPlace(number + 1);
    });
    outgoing.addEventListener(CallEvents.Connected, (e) => {
      clearTimeout(timer);
      Logger.write(`Place ${number + 1} answered`);
      call.answer();
      VoxEngine.sendMediaBetween(call, e.call);
    });
    outgoing.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
  }

  function apologise() {
    call.addEventListener(CallEvents.Connected, () => {
      call.say('Nobody is here. Please call later.');
    });
    call.addEventListener(CallEvents.PlaybackFinished, () => call.hangup());
    call.answer();
  }

  call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
  call.ring();
  tryPlace(0);
});
