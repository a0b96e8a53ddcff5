// After hours: whoever calls gets a text message with the opening hours, once a day.
//
// The message is sent through the management API, which also notes it in its key-value storage:
// the same that `ApplicationStorage` reads when the number calls again.
//
//   voxrt run scenarios/after-hours/after-hours.js --caller scenarios/after-hours/callers.yaml \
//       --http scenarios/after-hours/api.yaml
require(Modules.ApplicationStorage);
require(Modules.VoximplantAPI);

const DAY_S = 86400;

async function textHours(from, to) {
  const key = `texted:${to}`;
  if (await ApplicationStorage.get(key)) return 'We are closed. You have our opening hours already.';

  const client = new VoximplantAPI.Client();
  const sent = await client.SMS.sendSmsMessage({
    source: from,
    destination: to,
    smsBody: 'We are open from nine to five, Monday to Friday.',
  });
  if (sent.error) {
    Logger.write(`no message: ${sent.error.msg}`);
    return 'We are closed. We are open from nine to five, Monday to Friday.';
  }
  await client.KeyValueStorage.setKeyValueItem({ key, value: `${sent.messageId}`, ttl: DAY_S });
  return 'We are closed. We have sent you our opening hours.';
}

VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call, callerid, destination }) => {
  call.addEventListener(CallEvents.Connected, async () => {
    call.say(await textHours(destination, callerid));
  });
  call.addEventListener(CallEvents.PlaybackFinished, () => call.hangup());
  call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
  call.answer();
});
