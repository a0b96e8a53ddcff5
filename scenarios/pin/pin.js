// A line that is opened by a code: three wrong ones lock it for an hour, and the owner gets a mail.
//
//   voxrt run scenarios/pin/pin.js --caller scenarios/pin/caller.yaml \
//       --http scenarios/pin/mail.yaml --secret PEPPER=salt-and-pepper --secret SMTP_PASSWORD=letmein-0123
//
// The storage knows nothing but a hash of the code; keys that are pressed are not in the log.

require(Modules.ApplicationStorage);

const CODE_HASH = 'a881a1b4a0a144a1e235a86bacc132d4f764f08b61a969d7a764ab599a577488';
const TRIES = 3;
const HOUR_S = 3600;
const LENGTH = 4;

const hashOf = (code) => Crypto.hmac_sha256(VoxEngine.getSecretValue('PEPPER'), code);

async function wrongTriesOf(number) {
  const entry = await ApplicationStorage.get(`tries:${number}`);
  return entry ? Number(entry.value) : 0;
}

async function onCall({ call }) {
  const { number, isValidNumber, location } = PhoneNumber.getInfo(`+${call.callerid()}`);
  Logger.write(`${number}, ${isValidNumber ? location : 'not a number'}`);
  call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
  if (!isValidNumber || (await wrongTriesOf(number)) >= TRIES) {
    call.reject(403);
    return;
  }
  Logger.hideTones(true);
  call.handleTones(true, DTMFType.ALL);
  call.addEventListener(CallEvents.Connected, () => call.say('Your code, please.'));
  let code = '';
  call.addEventListener(CallEvents.ToneReceived, async ({ tone }) => {
    code += tone;
    if (code.length < LENGTH) return;
    const given = code;
    code = '';
    await check(call, number, given);
  });
  call.answer();
}

async function check(call, number, code) {
  if (hashOf(code) === CODE_HASH) {
    await ApplicationStorage.remove(`tries:${number}`);
    hangUpAfter(call, 'Thank you, the door is open.');
    return;
  }
  const tries = (await wrongTriesOf(number)) + 1;
  await ApplicationStorage.put(`tries:${number}`, String(tries), HOUR_S);
  Logger.write(`wrong code, try ${tries}`);
  if (tries < TRIES) {
    call.say('That is not the code. Once more, please.');
    return;
  }
  const { code: answer, error } = await Net.sendMailAsync(
    'smtp.example.com', 'door@example.com', 'owner@example.com', 'The door is locked',
    `${number} did not know the code.`,
    { login: 'door', password: VoxEngine.getSecretValue('SMTP_PASSWORD') },
  );
  Logger.write(`mail: ${answer} ${error ?? ''}`);
  hangUpAfter(call, 'The line is locked for an hour.');
}

function hangUpAfter(call, text) {
  call.removeEventListener(CallEvents.PlaybackFinished);
  call.addEventListener(CallEvents.PlaybackFinished, () => call.hangup());
  call.say(text);
}

VoxEngine.addEventListener(AppEvents.CallAlerting, onCall);
