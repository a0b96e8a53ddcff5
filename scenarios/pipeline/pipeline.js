/**
 * A voice agent made of parts: recognition, a language model over HTTP, and speech.
 *
 * The caller may pause within a sentence, and may speak while the agent does.
 *
 *     voxrt run scenarios/pipeline/pipeline.js --caller scenarios/pipeline/caller.yaml \
 *         --http scenarios/pipeline/model.yaml
 */
require(Modules.ASR);
require(Modules.Silero);
require(Modules.Pipecat);

const MODEL_URL = 'https://model.example.com/answer';
/** An end of turn that nobody was sure of is one after so long. */
const PATIENCE_MS = 2500;

/** One caller's conversation. */
class Agent {
  constructor(call, vad, turn) {
    this.call = call;
    this.turn = turn;
    this.heard = [];
    this.phrases = 0; // that are being said or recognised
    this.hasFinished = false;
    this.asr = VoxEngine.createASR({
      profile: ASRProfileList.Google.en_US,
      enableAutomaticPunctuation: true,
    });
    vad.addEventListener(Silero.VADEvents.Result, (e) => this.follow(e));
    turn.addEventListener(Pipecat.TurnEvents.Result, (e) => this.judge(e));
    this.asr.addEventListener(ASREvents.CaptureStarted, () => { this.phrases += 1; });
    this.asr.addEventListener(ASREvents.Result, (e) => this.take(e.text));
    [vad, turn, this.asr].forEach((unit) => call.sendMediaTo(unit));
    this.say('La Piazza, good evening. What can I do for you?');
  }

  say(text) {
    this.call.say(text, { voice: VoiceList.Amazon.en_US_Joanna });
  }

  /** Somebody begins to speak, or pauses. */
  follow({ speechStartAt, speechEndAt }) {
    if (speechStartAt !== undefined) {
      clearTimeout(this.timer);
      this.hasFinished = false;
      this.call.stopPlayback();
    }
    if (speechEndAt !== undefined) this.turn.predict();
  }

  judge({ endOfTurn, probability }) {
    Logger.write(`${endOfTurn ? 'finished' : 'pauses'} (${probability})`);
    if (endOfTurn) this.finish();
    else this.timer = setTimeout(() => this.finish(), PATIENCE_MS);
  }

  /** The words come later than the end of the turn. */
  finish() {
    this.hasFinished = true;
    this.answer();
  }

  take(text) {
    this.phrases -= 1;
    this.heard.push(text);
    this.answer();
  }

  async answer() {
    if (!this.hasFinished || this.phrases > 0 || this.heard.length === 0) return;
    const said = this.heard.splice(0).join(' ');
    this.hasFinished = false;
    const result = await Net.httpRequestAsync(MODEL_URL, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      postData: JSON.stringify({ said }),
    });
    if (result.code !== 200) {
      this.say('I am sorry, I cannot think right now.');
      return;
    }
    const { text, goodbye } = JSON.parse(result.text);
    this.turn.reset();
    this.say(text);
    if (goodbye) this.call.addEventListener(CallEvents.PlaybackFinished, () => this.call.hangup());
  }
}

VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call }) => {
  call.addEventListener(CallEvents.Connected, async () => {
    const vad = await Silero.createVAD({ minSilenceDurationMs: 300 });
    const turn = await Pipecat.createTurnDetector({ threshold: 0.5 });
    new Agent(call, vad, turn);
  });
  call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
  call.answer();
});
