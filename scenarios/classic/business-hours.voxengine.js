/**
 * Puts calls through in the shop's business hours, in the shop's time zone; at other times tells
 * the caller when it opens.
 *
 *     voxrt run scenarios/classic/business-hours.voxengine.js \
 *         --caller scenarios/classic/business-hours.yaml
 *
 * With `--date 2026-03-28T12:00+01:00` somebody calls on a Saturday at noon.
 */
const ZONE = 'Europe/Berlin';
const SHOP = '4930123456';
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const OPEN = { 1: [11, 18], 2: [9, 18], 3: [9, 18], 4: [9, 20], 5: [9, 18], 6: [10, 14] };

/** The day of the week and the hour in the shop, from the wall clock there. */
function localTime(date = new Date()) {
  const there = getLocalTime(ZONE, date);
  return { day: there.getUTCDay(), hour: there.getUTCHours() + there.getUTCMinutes() / 60 };
}

function isOpen({ day, hour }) {
  const [from, to] = OPEN[day] || [0, 0];
  return hour >= from && hour < to;
}

/** When the shop opens next, as it is said. */
function nextOpening({ day, hour }) {
  for (let ahead = 0; ahead <= 7; ahead++) {
    const hours = OPEN[(day + ahead) % 7];
    if (!hours || (ahead === 0 && hour >= hours[0])) continue;
    const when = ahead === 0 ? 'today' : ahead === 1 ? 'tomorrow' : DAYS[(day + ahead) % 7];
    return `${when} at ${hours[0]} o'clock`;
  }
  return 'soon';
}

VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => {
  const now = localTime();
  Logger.write(`${DAYS[now.day]}, ${now.hour.toFixed(2)} h: ${isOpen(now) ? 'open' : 'closed'}`);
  if (isOpen(now)) {
    VoxEngine.easyProcess(e.call, VoxEngine.callPSTN(SHOP, e.callerid));
    return;
  }
  e.call.addEventListener(CallEvents.Connected, () => {
    e.call.say(`We are closed now. We open ${nextOpening(now)}.`);
  });
  e.call.addEventListener(CallEvents.PlaybackFinished, () => e.call.hangup());
  e.call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
  e.call.answer();
});
