// A supervisor watches a call from outside: a page asks the session's access URL how it goes, and a
// WebSocket to the same address gets what is said, and says something itself.
//
//   voxrt run scenarios/supervisor/supervisor.js --caller scenarios/supervisor/caller.yaml \
//       --http scenarios/supervisor/office.yaml
//
// With `--time real --serve` the address is really there, for curl and for any WebSocket client.

require(Modules.ASR);

const watchers = [];
let call;

function onCall(e) {
  call = e.call;
  const asr = VoxEngine.createASR({ profile: ASRProfileList.Google.en_US });
  asr.addEventListener(ASREvents.Result, ({ text }) => tellAll({ customEvent: 'said', payload: text }));
  call.addEventListener(CallEvents.Connected, () => {
    call.sendMediaTo(asr);
    call.say('Station Road Bicycles, how can I help?');
  });
  call.addEventListener(CallEvents.Disconnected, () => {
    watchers.forEach((socket) => socket.close());
    setTimeout(VoxEngine.terminate, 500);
  });
  call.answer();
}

function tellAll(message) {
  watchers.forEach((socket) => socket.send(JSON.stringify(message)));
}

VoxEngine.allowWebSocketConnections();
VoxEngine.addEventListener(AppEvents.CallAlerting, onCall);

VoxEngine.addEventListener(AppEvents.Started, ({ accessSecureURL }) =>
  Logger.write(`watch it at ${accessSecureURL.replace(/^http/, 'ws').slice(0, 14)}...`));

VoxEngine.addEventListener(AppEvents.HttpRequest, ({ method, content }) => {
  if (method === 'POST') call.say(JSON.parse(content).text);
  return { caller: call.callerid(), state: call.state(), watchers: watchers.length };
});

VoxEngine.addEventListener(AppEvents.WebSocket, ({ websocket, headers }) => {
  if (headers[0]?.value !== 'office') {
    websocket.close();
    return;
  }
  watchers.push(websocket);
  websocket.onmessage = ({ text }) => call.say(text);
  websocket.onclose = ({ code }) => Logger.write(`a watcher left: ${code}`);
});

VoxEngine.addEventListener(AppEvents.NewWebSocketFailed, ({ reason }) => Logger.write(reason));
