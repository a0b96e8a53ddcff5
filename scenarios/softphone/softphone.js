// Puts a caller through to somebody's app: a push wakes it, and the two talk peer to peer. When it
// does not wake up in time, the caller is refused, and their WhatsApp is called and told.
//
//   voxrt run scenarios/softphone/softphone.js --caller scenarios/softphone/caller.yaml

require(Modules.PushService);

const PEOPLE = {
  18005550100: { username: 'bob', whatsapp: '15557654321' },
  18005550101: { username: 'carl', whatsapp: '15557654322' },
};

function onCall({ call, callerid, displayName, destination }) {
  const { username, whatsapp } = PEOPLE[destination];
  call.ring();
  const app = VoxEngine.callUserDirect(call, username, {
    callerid,
    displayName,
    pushNotificationTimeout: 15000,
    extraHeaders: { 'X-Shop': 'Station Road' },
  });
  app.addEventListener(CallEvents.PushSent, ({ result }) => Logger.write(`push: ${result}`));
  app.addEventListener(CallEvents.Connected, ({ headers }) => {
    Logger.write(`${username} is there, with ${headers['X-App']}`);
    call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
    call.answerDirect(app);
  });
  app.addEventListener(CallEvents.MessageReceived, ({ text }) => call.sendMessage(text));
  app.addEventListener(CallEvents.Disconnected, () => call.hangup());
  app.addEventListener(CallEvents.Failed, ({ code, reason }) => {
    Logger.write(`the app of ${username}: ${code} ${reason}`);
    call.reject(480);
    tellByWhatsapp(whatsapp, callerid);
  });
}

function tellByWhatsapp(number, callerid) {
  const phone = VoxEngine.callWhatsappUser({
    number,
    callerid: '18005550100',
    headers: { 'X-Missed': callerid },
  });
  phone.addEventListener(CallEvents.Connected, () => {
    Logger.write(`told by ${phone.clientType()}`); // wab
    phone.say(`You have missed a call from ${callerid.split('').join(' ')}.`);
  });
  phone.addEventListener(CallEvents.PlaybackFinished, () => VoxEngine.terminate());
  phone.addEventListener(CallEvents.Failed, VoxEngine.terminate);
}

VoxEngine.addEventListener(AppEvents.CallAlerting, onCall);
