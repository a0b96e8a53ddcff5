/**
 * Asks a web service who is calling, greets by name, and puts regular customers through to the
 * person they know. A service that is slow or broken never keeps a caller waiting.
 *
 *     voxrt run scenarios/classic/http-lookup.voxengine.js \
 *         --caller scenarios/classic/http-lookup.yaml \
 *         --http scenarios/classic/http-lookup.answers.yaml --secret CRM_TOKEN=token
 */
const CRM = 'https://crm.example.com/api/customers';
const TIMEOUT_S = 3;

async function lookUp(number) {
  const result = await Net.httpRequestAsync(`${CRM}?phone=${encodeURIComponent(number)}`, {
    method: 'GET',
    headers: [
      'Accept: application/json',
      `Authorization: Bearer ${VoxEngine.getSecretValue('CRM_TOKEN')}`,
    ],
    timeout: TIMEOUT_S,
  });
  if (result.code !== 200) {
    Logger.write(`CRM: ${result.code} ${result.error || ''}`);
    return null;
  }
  try {
    return JSON.parse(result.text);
  } catch (error) {
    Logger.write(`CRM: ${error.message}`);
    return null;
  }
}

function report(outcome) {
  Net.httpRequest(CRM + '/calls', (e) => Logger.write(`Reported: ${e.code}`), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    postData: JSON.stringify({ outcome, at: new Date().toISOString() }),
  });
}

VoxEngine.addEventListener(AppEvents.CallAlerting, async ({ call, callerid }) => {
  call.addEventListener(CallEvents.Disconnected, () => {
    report('ended');
    VoxEngine.terminate();
  });
  const customer = await lookUp(callerid);
  call.addEventListener(CallEvents.Connected, () => {
    call.say(customer ? `Hello ${customer.name}, one moment.` : 'Hello, one moment.');
  });
  call.addEventListener(CallEvents.PlaybackFinished, () => {
    const agent = VoxEngine.callUser({ username: customer?.agent ?? 'desk', callerid });
    agent.addEventListener(CallEvents.Connected, () => VoxEngine.sendMediaBetween(call, agent));
    agent.addEventListener(CallEvents.Failed, () => call.hangup());
    agent.addEventListener(CallEvents.Disconnected, () => call.hangup());
  });
  call.answer();
});
