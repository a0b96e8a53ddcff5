// Calls a customer whose order is ready; whom to call is in the session's custom data.

VoxEngine.addEventListener(AppEvents.Started, () => {
  const { phone } = JSON.parse(VoxEngine.customData() || '{}');
  if (!phone) {
    Logger.write('There is nobody to call.');
    VoxEngine.terminate();
    return;
  }

  const call = VoxEngine.callPSTN(phone, SHOP_NUMBER);
  call.addEventListener(CallEvents.Failed, VoxEngine.terminate);
  call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
  call.addEventListener(CallEvents.PlaybackFinished, () => call.hangup());
  call.addEventListener(CallEvents.Connected, () => {
    call.say(`Hello, this is ${SHOP_NAME}. Your order is ready.`);
  });
});
