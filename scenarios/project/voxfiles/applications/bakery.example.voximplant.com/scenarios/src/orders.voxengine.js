// A caller orders bread from a voice agent.
// X_API_KEY comes from credentials.voxengine.js, which is not in the repository.

require(Modules.Grok);

const SESSION = {
  voice: 'ara',
  instructions: `You are the telephone agent of ${SHOP_NAME}. Ask what the caller would like,
take it down with place_order, and call hang_up after you have said goodbye.`,
  turn_detection: { type: 'server_vad' },
  tools: [
    {
      type: 'function',
      name: 'place_order',
      description: 'Takes an order down.',
      parameters: {
        type: 'object',
        properties: { loaves: { type: 'integer' } },
        required: ['loaves'],
      },
    },
    {
      type: 'function',
      name: 'hang_up',
      description: 'Ends the call after the goodbye.',
      parameters: { type: 'object', properties: {} },
    },
  ],
};

VoxEngine.addEventListener(AppEvents.CallAlerting, async ({ call }) => {
  call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
  call.answer();

  let client;
  try {
    client = await Grok.createVoiceAgentAPIClient({
      xAIApiKey: X_API_KEY,
      model: 'grok-voice-think-fast-2.0',
    });
  } catch (error) {
    Logger.write(`No agent: ${error}`);
    call.hangup();
    return;
  }

  let joined = false;
  let goodbye = false;

  client.addEventListener(Grok.VoiceAgentAPIEvents.ConversationCreated, () => {
    client.sessionUpdate({ session: SESSION });
  });
  client.addEventListener(Grok.VoiceAgentAPIEvents.SessionUpdated, () => {
    if (joined) return; // it may come several times
    joined = true;
    VoxEngine.sendMediaBetween(call, client);
    client.responseCreate({});
  });
  client.addEventListener(Grok.VoiceAgentAPIEvents.InputAudioBufferSpeechStarted, () => {
    client.clearMediaBuffer();
  });
  client.addEventListener(
    Grok.VoiceAgentAPIEvents.ResponseFunctionCallArgumentsDone,
    (event) => {
      const { name, call_id, arguments: given } = event.data.payload;
      goodbye = name === 'hang_up';
      if (!goodbye) Logger.write(`${SHOP_NUMBER}: ${JSON.parse(given).loaves} loaves`);
      client.conversationItemCreate({
        item: { type: 'function_call_output', call_id, output: JSON.stringify({ ok: true }) },
      });
      if (!goodbye) client.responseCreate({});
    },
  );
  client.addEventListener(Grok.Events.WebSocketMediaEnded, () => {
    if (goodbye) call.hangup();
  });
});
