/**
 * A restaurant's telephone agent: takes reservations, and hangs up when the guest says goodbye.
 *
 * Run it from the project's folder:
 *
 *     voxrt run scenarios/restaurant/restaurant.js \
 *         --caller scenarios/restaurant/caller.yaml --agent scenarios/restaurant/agent.yaml
 */
require(Modules.Grok);

const MODEL = 'grok-voice-think-fast-2.0';

const SESSION = {
  voice: 'ara',
  instructions:
    'You are the telephone agent of the restaurant La Piazza. Greet the guest, take ' +
    'reservations with check_table, and call hang_up after you have said goodbye.',
  turn_detection: { type: 'server_vad', threshold: 0.6, silence_duration_ms: 500 },
  tools: [
    {
      type: 'function',
      name: 'check_table',
      description: 'Whether a table is free.',
      parameters: {
        type: 'object',
        properties: { guests: { type: 'integer' }, time: { type: 'string' } },
        required: ['guests', 'time'],
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

const TABLES = { eight: 'by the window', nine: 'in the garden' };

/** Answers the agent's question about a table. */
function checkTable({ guests = 2, time = 'eight' }) {
  const place = TABLES[time] ?? null;
  return { free: place !== null, guests, time, place };
}

/** Joins a call and an agent, and answers the agent's function calls. */
function serve(call, client) {
  const { ConversationCreated, SessionUpdated, InputAudioBufferSpeechStarted,
          ResponseFunctionCallArgumentsDone } = Grok.VoiceAgentAPIEvents;
  let goodbyeSaid = false;
  let joined = false;

  client.addEventListener(ConversationCreated, () => client.sessionUpdate({ session: SESSION }));

  client.addEventListener(SessionUpdated, () => {
    if (joined) return; // SessionUpdated may come several times
    joined = true;
    VoxEngine.sendMediaBetween(call, client);
    client.responseCreate({});
  });

  client.addEventListener(InputAudioBufferSpeechStarted, () => client.clearMediaBuffer());

  client.addEventListener(ResponseFunctionCallArgumentsDone, (e) => {
    const { name, call_id, arguments: text } = e.data.payload;
    Logger.write(`The agent calls ${name}(${text})`);
    if (name === 'hang_up') goodbyeSaid = true;
    const output = name === 'hang_up' ? { ok: true } : checkTable(JSON.parse(text));
    client.conversationItemCreate({
      item: { type: 'function_call_output', call_id, output: JSON.stringify(output) },
    });
    if (!goodbyeSaid) client.responseCreate({});
  });

  client.addEventListener(Grok.Events.WebSocketMediaEnded, () => {
    if (goodbyeSaid) call.hangup();
  });
}

VoxEngine.addEventListener(AppEvents.CallAlerting, async ({ call }) => {
  call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
  call.answer();
  call.record({ stereo: true });
  const client = await Grok.createVoiceAgentAPIClient({
    xAIApiKey: VoxEngine.getSecretValue('XAI_API_KEY'),
    model: MODEL,
    onWebSocketClose: (close) => Logger.write(`Agent closed: ${close.code}`),
  });
  serve(call, client);
});
