// Answers, lets the agent call a function, answers that, and hangs up when it calls the next one.
require(Modules.Grok);

const TOOLS = [
  {
    type: "function",
    name: "look_up",
    description: "Looks an order up.",
    parameters: { type: "object", properties: { order: { type: "integer" } } },
  },
  { type: "function", name: "hang_up", description: "Ends the call." },
];

VoxEngine.addEventListener(AppEvents.CallAlerting, async ({ call }) => {
  call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
  call.answer();
  const client = await Grok.createVoiceAgentAPIClient({
    xAIApiKey: VoxEngine.getSecretValue("XAI_API_KEY"),
    model: "grok-voice-think-fast-2.0",
  });
  const session = { turn_detection: { type: "server_vad" }, tools: TOOLS };
  const events = Grok.VoiceAgentAPIEvents;

  client.addEventListener(events.ConversationCreated, () => client.sessionUpdate({ session }));
  client.addEventListener(events.SessionUpdated, () => client.responseCreate({}));
  client.addEventListener(events.ResponseFunctionCallArgumentsDone, (e) => {
    const { call_id, name } = e.data.payload;
    if (name === "hang_up") {
      call.hangup();
      return;
    }
    const output = '{"state": "on its way"}';
    client.conversationItemCreate({ item: { type: "function_call_output", call_id, output } });
    client.responseCreate({});
  });
});
