"""A conversation of ten minutes with forty turns, as a test."""

from __future__ import annotations

TURNS = 40
AGENT = {
    "greeting": "Hello, this is the museum of bicycles. What would you like to tell us about?",
    "fallback": [
        "I see, and what did you think of that at the time, if I may ask you so directly?",
        "That is most interesting, please go on, and tell me a little more about it.",
        "Very well, let me write that down for the collection. What happened after that?",
    ],
}
SCENARIO = """
require(Modules.Grok);

VoxEngine.addEventListener(AppEvents.CallAlerting, async ({ call }) => {
  call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
  call.answer();
  const client = await Grok.createVoiceAgentAPIClient({ xAIApiKey: 'key', model: 'm' });
  const events = Grok.VoiceAgentAPIEvents;
  client.addEventListener(events.ConversationCreated, () => client.sessionUpdate({
    session: { turn_detection: { type: 'server_vad' } },
  }));
  client.addEventListener(events.SessionUpdated, () => {
    VoxEngine.sendMediaBetween(call, client);
    client.responseCreate({});
  });
  client.addEventListener(events.InputAudioBufferSpeechStarted, () => client.clearMediaBuffer());
});
"""


def test_ten_minutes_with_forty_turns(voxrt):
    call = voxrt.call(javascript=SCENARIO, agent=AGENT)
    call.hear("What would you like to tell us about?")
    for turn in range(TURNS):
        call.say(
            f"Story number {turn + 1} is a rather long one, about a red bicycle, an old wooden "
            "bridge, a dog that could not swim, and a postman who could, and did."
        )
        call.hear(("if I may ask", "please go on", "What happened after that?")[turn % 3])
    call.hang_up()

    assert call.result.record["duration_ms"] >= 600_000
    assert len(call.heard.responses_ms) == TURNS
    assert call.heard.longest_response_ms < 2000
    assert call.heard.talk_over_ms == 0
    assert call.heard.dead_air_ms < 4000
