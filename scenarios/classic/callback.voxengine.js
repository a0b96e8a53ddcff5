/**
 * Saves callers the cost of the call: lets them ring twice, refuses, calls them back at once, and
 * connects them with the shop.
 *
 *     voxrt run scenarios/classic/callback.voxengine.js --caller scenarios/classic/callback.yaml
 */
const SHOP = 'sip:desk@shop.example.com';
const OUR_NUMBER = '18005550100';
const RING_MS = 6000;
const BACK_AFTER_MS = 5000;

VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call, callerid }) => {
  let refused = false;

  call.addEventListener(CallEvents.Disconnected, () => {
    if (!refused) Logger.write('The caller gave up');
    setTimeout(() => callBack(callerid), BACK_AFTER_MS);
  });

  call.ring();
  setTimeout(() => {
    refused = true;
    if (call.state() !== 'TERMINATED') call.reject(486, { 'X-Reason': 'we call back' });
  }, RING_MS);
});

function callBack(number) {
  const customer = VoxEngine.callPSTN(number, OUR_NUMBER);
  customer.addEventListener(CallEvents.Failed, (e) => {
    Logger.write(`Not reached: ${e.code} ${e.reason}`);
    VoxEngine.terminate();
  });
  customer.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
  customer.addEventListener(CallEvents.Connected, () => {
    customer.say('This is the bicycle shop calling you back. One moment, please.');
  });
  customer.addEventListener(CallEvents.PlaybackFinished, (e) => {
    if (e.error) Logger.write(`Playback: ${e.error}`);
    connect(customer);
  });
}

function connect(customer) {
  customer.removeEventListener(CallEvents.PlaybackFinished);
  customer.playProgressTone('US');
  const shop = VoxEngine.callSIP(SHOP, {
    callerid: customer.number(),
    displayName: 'Callback',
    headers: { 'X-Callback': '1' },
  });
  shop.addEventListener(CallEvents.Connected, () => VoxEngine.sendMediaBetween(customer, shop));
  shop.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
  shop.addEventListener(CallEvents.Failed, () => {
    customer.addEventListener(CallEvents.PlaybackFinished, () => customer.hangup());
    customer.say('Nobody is free. We will try again later.');
  });
}
