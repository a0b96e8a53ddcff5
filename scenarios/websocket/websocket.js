/*
 * Bridges a call to a speech application over a WebSocket, and ends on its message.
 *
 *   voxrt run scenarios/websocket/websocket.js --caller scenarios/websocket/caller.yaml \
 *       --http scenarios/websocket/peers.yaml
 */

const APPLICATION = "wss://speech.example.com/table";

VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call, callerid }) => {
  let result = "nothing";
  const socket = VoxEngine.createWebSocket(APPLICATION, {
    headers: [{ name: "X-Caller", value: callerid }],
  });

  socket.onopen = () => {
    call.sendMediaTo(socket, {
      tag: "caller",
      encoding: WebSocketAudioEncoding.ULAW,
      customParameters: { language: "en" },
    });
    socket.sendMediaTo(call);
    call.answer();
  };

  socket.onmessage = ({ text }) => {
    const message = JSON.parse(text);
    if (message.customEvent === "speech_started") {
      socket.clearMediaBuffer(); // the caller speaks: what is still to be heard is dropped
    } else if (message.customEvent === "done") {
      result = message.payload;
      socket.onmediaended = () => socket.close();
    }
  };

  socket.onerror = () => Logger.write("The application cannot be reached");

  socket.onclose = ({ code }) => {
    Logger.write(`Closed with ${code}: ${JSON.stringify(result)}`);
    call.hangup();
  };

  call.addEventListener(CallEvents.Disconnected, () => VoxEngine.terminate());
  call.addEventListener(CallEvents.Failed, () => VoxEngine.terminate());
});
