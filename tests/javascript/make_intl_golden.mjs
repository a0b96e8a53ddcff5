// Writes tests/javascript/intl_golden.json: texts of a real ICU that voxrt must reproduce.
//
//     node tests/javascript/make_intl_golden.mjs [HOW_MANY [SEED]] > tests/javascript/intl_golden.json
//
// The first cases are chosen (what scenarios write, changes of daylight saving time, midnight in
// every hour cycle), the rest are drawn from everything that is emulated. The tests need no Node.
const [count = 450, seed = 20240214] = process.argv.slice(2).map(Number);

const LOCALES = [undefined, "en", "en-US", "en-GB", "en-CA", "de", "de-DE", "fr", "fr-FR", "es",
  "es-ES", "ru", "ru-RU", "sv", "sv-SE"];
const FULL = LOCALES.filter((locale) => locale?.includes("-"));
const ZONES = ["UTC", "America/New_York", "America/Los_Angeles", "America/Chicago", "Europe/London",
  "Europe/Berlin", "Europe/Moscow", "Asia/Kolkata", "Asia/Kathmandu", "America/St_Johns",
  "Australia/Lord_Howe", "Pacific/Chatham", "America/Sao_Paulo", "Asia/Yekaterinburg",
  "Europe/Dublin", "Asia/Tokyo", "Etc/GMT+3", "us/pacific", "Pacific/Apia"];
// Zones whose long names are kept.
const NAMED = ["UTC", "America/New_York", "America/Los_Angeles", "Europe/London", "Europe/Berlin",
  "Europe/Moscow", "Asia/Kolkata", "America/St_Johns", "Europe/Dublin", "Asia/Tokyo", "us/pacific"];
const utc = (...fields) => Date.UTC(...fields);
const INSTANTS = [
  0, 1, utc(2024, 1, 29, 23, 59, 59, 999), utc(2025, 0, 1), utc(2026, 10, 26, 16, 5, 9, 7),
  utc(2024, 2, 10, 6, 59, 59), utc(2024, 2, 10, 7), utc(2024, 10, 3, 5, 30), utc(2024, 10, 3, 6, 30),
  utc(2025, 2, 30, 0, 59, 59), utc(2025, 2, 30, 1), utc(2025, 9, 26, 0, 30), utc(2025, 9, 26, 1, 30),
  utc(1999, 11, 31, 23, 59, 59), utc(1969, 6, 20, 20, 17, 40), utc(2011, 11, 30, 11), utc(2030, 5, 15, 12),
];
const CHOSEN = [
  {}, { timeZone: "America/New_York" }, { dateStyle: "short" }, { dateStyle: "full" },
  { timeStyle: "short" }, { dateStyle: "full", timeStyle: "full", timeZone: "Europe/Berlin" },
  { dateStyle: "medium", timeStyle: "short", timeZone: "Europe/Moscow" },
  { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  { weekday: "long" }, { month: "long" }, { month: "short", day: "numeric" },
  { hour: "2-digit", minute: "2-digit" }, { hour: "numeric", minute: "2-digit", hour12: true },
  { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false },
  { hour: "2-digit", hour12: false, timeZone: "Europe/Moscow" },
  { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
  { timeZone: "America/New_York", timeZoneName: "short" }, { timeZone: "Europe/London", timeZoneName: "long" },
  { hour: "numeric", minute: "numeric", second: "numeric", fractionalSecondDigits: 3 },
];

const TIMES = [["hour", "minute"], ["hour", "minute"], ["hour", "minute", "second"], ["hour", "minute", "second"],
  ["hour"], ["minute"], ["second"], ["minute", "second"]];

let state = seed;
const random = () => {  // mulberry32
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};
const pick = (items) => items[Math.floor(random() * items.length)];
const maybe = (chance, options) => (random() < chance ? options() : {});

function date(call, locale, options, ms) {
  const when = new Date(ms), given = locale === undefined ? null : locale;
  // V8's own methods use the zone of the process when none is given; voxrt's is UTC.
  const wanted = { timeZone: "UTC", ...options };
  const make = { any: "toLocaleString", date: "toLocaleDateString", time: "toLocaleTimeString" }[call];
  if (make) return { call, locale: given, options, ms, text: when[make](locale, wanted) };
  const format = new Intl.DateTimeFormat(locale, wanted);
  return { call, locale: given, options, ms, text: format.format(when), parts: format.formatToParts(when) };
}

/** With resolvedOptions(), which V8 reads off patterns letter by letter and so now and then wrongly. */
function resolved(locale, options) {
  const { timeZone, ...rest } = new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options }).resolvedOptions();
  return { locale, options, resolved: rest };
}

function randomDate() {
  const digits = ["numeric", "2-digit"], words = ["short", "long", "narrow"];
  const call = pick(["any", "date", "time", "intl", "intl"]);
  const cycle = () => (random() < 0.5 ? { hour12: random() < 0.5 } : { hourCycle: pick(["h11", "h12", "h23", "h24"]) });
  const named = random() < 0.25;
  const options = { timeZone: pick(named ? NAMED : ZONES), ...maybe(0.4, cycle) };
  if (random() < 0.2) {
    if (call !== "time") Object.assign(options, { dateStyle: pick(["full", "long", "medium", "short"]) });
    if (call !== "date" && (call === "time" || random() < 0.6))
      Object.assign(options, { timeStyle: pick(named ? ["full", "long", "medium", "short"] : ["medium", "short"]) });
  } else {
    Object.assign(options, maybe(0.4, () => ({ weekday: pick(words) })), maybe(0.5, () => ({ year: pick(digits) })),
      maybe(0.6, () => ({ month: pick([...digits, ...words]) })), maybe(0.6, () => ({ day: pick(digits) })),
      maybe(0.6, () => Object.fromEntries(pick(TIMES).map((field) => [field, pick(digits)]))),
      named ? { timeZoneName: pick(["short", "long"]) } : maybe(0.2, () => ({ timeZoneName: pick(["shortOffset", "longOffset"]) })));
    if ((options.second || !(options.hour || options.minute)) && random() < 0.2) options.fractionalSecondDigits = pick(options.second === "2-digit" ? [2, 3] : [1, 2, 3]);
  }
  const years = named || options.timeStyle ? [2018, 18] : [1930, 150];
  const ms = random() < 0.4 && !named && !options.timeStyle ? pick(INSTANTS)
    : Math.floor(utc(years[0], 0, 1) + random() * years[1] * 365.25 * 86400e3);
  return date(call, pick(LOCALES), options, ms);
}

function number(locale, options, value) {
  const format = new Intl.NumberFormat(locale, options);
  // JSON has no -0, NaN and Infinity.
  const written = Object.is(value, -0) ? "-0" : Number.isFinite(value) ? value : String(value);
  return { locale: locale ?? null, options, value: written, text: format.format(value), resolved: format.resolvedOptions() };
}

function randomNumber() {
  const style = pick(["decimal", "decimal", "percent", "currency"]);
  const value = pick([0, -0, 1, -1, 0.5, 1.005, 2.5, -2.5, 1234, 1234.5678, 12345.6789, -98765.4321, 1e6,
    999999.995, 0.000012345, 1e21, 123456789012345, NaN, Infinity, -Infinity, random() * 1e5, -random()]);
  const options = { style,
    ...(style === "currency" ? { currency: pick(["USD", "EUR", "GBP", "RUB", "SEK", "CAD", "JPY", "PLN", "INR"]),
      ...maybe(0.4, () => ({ currencyDisplay: pick(["symbol", "narrowSymbol", "code"]) })) } : {}),
    ...maybe(0.2, () => ({ useGrouping: pick([true, false, "always", "auto", "min2"]) })),
    ...maybe(0.2, () => ({ minimumIntegerDigits: pick([1, 2, 5, 10]) })) };
  if (random() < 0.4) {
    options.minimumFractionDigits = pick([0, 1, 2, 4]);
    if (random() < 0.7) options.maximumFractionDigits = options.minimumFractionDigits + pick([0, 1, 3]);
  } else Object.assign(options, maybe(0.3, () => ({ maximumFractionDigits: pick([0, 1, 2, 6]) })));
  if (random() < 0.2) {
    options.maximumSignificantDigits = pick([1, 3, 6, 21]);
    if (random() < 0.5) options.minimumSignificantDigits = pick([1, options.maximumSignificantDigits]);
  }
  return number(pick(LOCALES), options, value);
}

const dates = [], numbers = [], resolutions = [];
for (const options of CHOSEN)
  for (const locale of ["en-US", "en-GB", "de"]) resolutions.push(resolved(locale, options));
CHOSEN.forEach((options, i) => FULL.forEach((locale, j) => {
  const call = options.dateStyle && !options.timeStyle ? "date" : options.timeStyle && !options.dateStyle ? "time"
    : ["any", "intl", "any"][(i + j) % 3];
  const recent = options.timeZoneName || options.timeStyle === "full";
  dates.push(date(call, locale, options, recent ? INSTANTS[4 + ((i + j) % 9)] : INSTANTS[(i * 7 + j) % INSTANTS.length]));
}));
for (const hourCycle of ["h11", "h12", "h23", "h24"])
  for (const hour of [0, 11, 12, 23])
    dates.push(date("time", pick(FULL), { hourCycle }, utc(2025, 5, 1, hour, 30)));
while (dates.length < count) dates.push(randomDate());
while (numbers.length < count / 2) numbers.push(randomNumber());
const rows = (cases) => cases.map((each) => JSON.stringify(each)).join(",\n");
process.stdout.write(`{"icu": "${process.versions.icu}",\n"dates": [\n${rows(dates)}\n],\n"resolved": [\n${rows(resolutions)}\n],\n"numbers": [\n${rows(numbers)}\n]}\n`);
