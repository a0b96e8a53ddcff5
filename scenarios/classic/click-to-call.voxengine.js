/**
 * A button on a web page: calls the shop first, tells it who is waiting, then the customer, and
 * joins the two. The numbers come in the custom data, as `SHOP:CUSTOMER`.
 *
 *     voxrt run scenarios/classic/click-to-call.voxengine.js --start \
 *         --custom-data 15557654321:15551234567 --caller scenarios/classic/click-to-call.yaml
 */
const CALLER_ID = '18005550100';
let shop, customer;

VoxEngine.addEventListener(AppEvents.Started, () => {
  const [shopNumber, customerNumber] = VoxEngine.customData().split(':');
  if (!customerNumber) {
    Logger.write('The custom data must be SHOP:CUSTOMER');
    return VoxEngine.terminate();
  }
  shop = VoxEngine.callPSTN(shopNumber, CALLER_ID);
  shop.addEventListener(CallEvents.Failed, (e) => giveUp(`The shop: ${e.code} ${e.reason}`));
  shop.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
  shop.addEventListener(CallEvents.Connected, () => {
    shop.say(`A customer wants to talk to you. The number ends in ${customerNumber.slice(-4)}.`);
    shop.addEventListener(CallEvents.PlaybackFinished, function announced() {
      shop.removeEventListener(CallEvents.PlaybackFinished, announced);
      shop.playProgressTone('US');
      callCustomer(customerNumber);
    });
  });
});

function callCustomer(number) {
  customer = VoxEngine.callPSTN(number, CALLER_ID);
  customer.addEventListener(CallEvents.Connected, () => {
    VoxEngine.sendMediaBetween(shop, customer);
    shop.record({ stereo: true });
  });
  customer.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
  customer.addEventListener(CallEvents.Failed, (e) => {
    Logger.write(`The customer: ${e.code} ${e.reason}`);
    shop.addEventListener(CallEvents.PlaybackFinished, () => shop.hangup());
    shop.say('The customer does not answer.');
  });
}

function giveUp(reason) {
  Logger.write(reason);
  VoxEngine.terminate();
}
