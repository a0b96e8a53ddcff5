// Answers, lets the agent greet and call a function, answers that, and hangs up.
require(Modules.Grok);

const TOOL = {
  type: "function",
  name: "look_up",
  description: "Looks an order up.",
  parameters: { type: "object", properties: { order: { type: "integer" } } },
};

VoxEngine.addEventListener(AppEvents.CallAlerting, async ({ call }) => {
  call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
  call.answer();
  const client = await Grok.createVoiceAgentAPIClient({
    xAIApiKey: VoxEngine.getSecretValue("XAI_API_KEY"),
    model: "grok-voice-think-fast-2.0",
  });
  const session = { turn_detection: { type: "server_vad" }, tools: [TOOL] };
  const events = Grok.VoiceAgentAPIEvents;
  let answered = false;

  client.addEventListener(events.ConversationCreated, () => client.sessionUpdate({ session }));
  client.addEventListener(events.SessionUpdated, () => {
    VoxEngine.sendMediaBetween(call, client);
    client.responseCreate({});
  });
  client.addEventListener(events.ResponseFunctionCallArgumentsDone, (e) => {
    const item = {
      type: "function_call_output",
      call_id: e.data.payload.call_id,
      output: '{"state": "on its way"}',
    };
    client.conversationItemCreate({ item });
    client.responseCreate({});
    answered = true;
  });
  client.addEventListener(Grok.Events.WebSocketMediaEnded, () => {
    if (answered) call.hangup();
  });
});
