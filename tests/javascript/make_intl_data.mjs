// Writes voxrt/javascript/intl_data.json: what ICU knows of the locales that voxrt supports.
//
//     node tests/javascript/make_intl_data.mjs > voxrt/javascript/intl_data.json
//
// Every pattern is read from a real ICU through formatToParts, so nothing of CLDR's rules for
// choosing and adjusting patterns is repeated in Python: a combination is looked up, or refused.
// A pattern is text with fields in braces: {y} {yy} year, {M} {MM} month by number, {M3} month by
// the names in list 3, {E4} weekday by list 4, {d} {dd}, {h} {hh}, {m} {mm}, {s} {ss},
// {f} the fraction of a second,
// {a5} AM or PM by list 5, {z} the short and {Z} the long name of the time zone.
import { execFileSync } from "node:child_process";

const LOCALES = ["en-US", "en-GB", "en-CA", "de-DE", "fr-FR", "es-ES", "ru-RU", "sv-SE"];
const CURRENCIES = ["USD", "EUR", "GBP", "RUB", "SEK", "CAD", "CHF", "JPY", "CNY", "INR", "KZT",
  "UAH", "PLN", "NOK", "DKK", "TRY", "BRL", "MXN", "AUD"];
// Long names are kept for these zones and for all that share their names.
const COMMON_ZONES = ["UTC", "Europe/London", "Europe/Dublin", "Europe/Lisbon", "Europe/Berlin",
  "Europe/Athens", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Omsk",
  "Asia/Novosibirsk", "Asia/Krasnoyarsk", "Asia/Irkutsk", "Asia/Yakutsk", "Asia/Vladivostok",
  "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix",
  "America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu", "America/Halifax",
  "America/St_Johns", "America/Mexico_City", "America/Bogota", "America/Lima",
  "America/Sao_Paulo", "America/Argentina/Buenos_Aires", "America/Santiago",
  "Africa/Johannesburg", "Africa/Lagos", "Africa/Nairobi", "Asia/Dubai", "Asia/Karachi",
  "Asia/Kolkata", "Asia/Dhaka", "Asia/Bangkok", "Asia/Jakarta", "Asia/Shanghai",
  "Asia/Hong_Kong", "Asia/Singapore", "Asia/Manila", "Asia/Tokyo", "Asia/Seoul",
  "Asia/Tashkent", "Asia/Tbilisi", "Asia/Yerevan", "Asia/Baku", "Asia/Jerusalem",
  "Australia/Sydney", "Australia/Brisbane", "Australia/Adelaide", "Australia/Darwin",
  "Australia/Perth", "Pacific/Auckland"];
// Zone names hold from 2017 (Russia, Turkey and others changed before) to 2037.
const NAMES_FROM = Date.UTC(2017, 0, 1), NAMES_UNTIL = Date.UTC(2037, 0, 1);

const BASE = Date.UTC(2023, 8, 5, 4, 6, 7);  // a Tuesday in September: no two forms look alike
const DIGITS = { numeric: "n", "2-digit": "2" };
const WORDS = { short: "s", long: "l", narrow: "w" };
const NONE = [undefined, "-"];
const choices = (table) => [NONE, ...Object.entries(table)];
const CYCLES = ["h11", "h12", "h23", "h24"];

const places = new WeakMap();
/** The index of a value in a list, which gets it when it is new. */
const list = (items, value) => {
  if (!places.has(items)) places.set(items, new Map());
  const known = places.get(items), key = JSON.stringify(value);
  if (!known.has(key)) known.set(key, items.push(value) - 1);
  return known.get(key);
};
const without = (options) =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
const formatter = (locale, options) =>
  new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...without(options) });
const text = (locale, options) => formatter(locale, options).format(BASE);

// Engines write a plain space where ICU has U+202F (before AM and PM, before the Russian "г."):
// SpiderMonkey and WebKit everywhere, V8 everywhere but in formatToParts.
const plain = (parts) => parts.map((part) => ({ ...part, value: part.value.replaceAll("\u202f", " ") }));

function pattern(locale, options, names) {
  const format = formatter(locale, options);
  const zone = options.timeZoneName ?? (options.timeStyle === "full" ? "long" : "short");
  const value = (ms, type) => plain(format.formatToParts(ms)).find((part) => part.type === type).value;
  const digits = (part, letter) => `{${part.value.length === 1 ? letter : letter + letter}}`;
  return plain(format.formatToParts(BASE)).map((part) => {
    switch (part.type) {
      case "literal": return part.value;
      case "year": return part.value.length === 4 ? "{y}" : "{yy}";
      case "month":
        if (/^\d/.test(part.value)) return digits(part, "M");
        return `{M${list(names, [...Array(12).keys()].map((i) => value(Date.UTC(2023, i, 5), "month")))}}`;
      case "weekday":  // Sunday first
        return `{E${list(names, [...Array(7).keys()].map((i) => value(Date.UTC(2023, 9, 1 + i), "weekday")))}}`;
      case "day": return digits(part, "d");
      case "hour": return digits(part, "h");
      case "minute": return digits(part, "m");
      case "second": return digits(part, "s");
      case "fractionalSecond": return "{f}";
      case "dayPeriod":
        return `{a${list(names, [4, 16].map((h) => value(Date.UTC(2023, 8, 5, h), "dayPeriod")))}}`;
      case "timeZoneName": return zone === "long" ? "{Z}" : "{z}";
      default: throw new Error(`${locale}: a part ${part.type}`);
    }
  }).join("");
}

function* dateOptions() {
  for (const [weekday, w] of choices(WORDS))
    for (const [year, y] of choices(DIGITS))
      for (const [month, m] of choices({ ...DIGITS, ...WORDS }))
        for (const [day, d] of choices(DIGITS)) yield [w + y + m + d, { weekday, year, month, day }];
}
const ZONE_STYLES = { short: "s", long: "l", shortOffset: "o", longOffset: "O" };
// With a fraction of a second the letter is another one; the fraction may also stand alone.
const SECONDS = [[{}, "-"], [{ second: "numeric" }, "n"], [{ second: "2-digit" }, "2"],
  ...[[{ second: "numeric" }, "f"], [{ second: "2-digit" }, "F"], [{}, "e"]]
    .map(([options, letter]) => [{ ...options, fractionalSecondDigits: 3 }, letter])];
function* timeOptions() {
  for (const [hour, h] of choices(DIGITS))
    for (const [minute, m] of choices(DIGITS))
      for (const [seconds, s] of SECONDS) {
        // ICU has no pattern for hour and second without minute, nor for a fraction beside them
        // without second: it strings field names together.
        if ((hour && s !== "-" && !minute) || (s === "e" && (hour || minute))) continue;
        for (const [timeZoneName, z] of choices(ZONE_STYLES))
          yield [h + m + s + z, { hour, minute, ...seconds, timeZoneName }];
      }
}

/** The options with a cycle; asking for it must be the same as getting it by default or by hour12. */
function timed(locale, options, hourCycle, data) {
  const wanted = { ...options, hourCycle };
  const others = [];
  if (data.hour_cycle === hourCycle) others.push(options);
  for (const hour12 of [true, false])
    if (data.hour12[hour12] === hourCycle) others.push({ ...options, hour12 });
  for (const other of others)
    if (text(locale, other) !== text(locale, wanted))
      throw new Error(`${locale}: ${JSON.stringify([wanted, other])}: ${text(locale, wanted)}, ${text(locale, other)}`);
  return wanted;
}

function dates(locale) {
  const data = { names: [], patterns: [], dates: {}, glues: [], glue: {} };
  const cycle = (options) => formatter(locale, { hour: "numeric", ...options }).resolvedOptions().hourCycle;
  data.hour_cycle = cycle({});
  data.hour12 = { true: cycle({ hour12: true }), false: cycle({ hour12: false }) };
  const keep = (options) => list(data.patterns, pattern(locale, options, data.names));
  for (const [key, options] of dateOptions())
    if (key !== "----") data.dates[key] = keep(options);
  for (const hourCycle of CYCLES) {
    const times = {}, mixed = {}, styles = {};
    for (const [key, options] of timeOptions()) {
      if (key === "----") continue;
      // A zone's name alone makes the formatter add a date: it is cut off again.
      if (key.startsWith("---")) times[key] = list(data.patterns, key[3] === "l" ? "{Z}" : "{z}");
      else times[key] = keep(timed(locale, options, hourCycle, data));
    }
    const shown = Object.fromEntries([...timeOptions()].map(([key, options]) => [key,
      key.startsWith("---") ? (options.timeZoneName ? namesOf(locale, "UTC", options.timeZoneName)(BASE) : "")
        : text(locale, { ...options, hourCycle })]));
    for (const [date, dateFields] of dateOptions()) {
      if (date === "----") continue;
      const dateText = text(locale, dateFields);
      // What joins a date and a time is learnt from a real time before a zone's name alone.
      const order = [...timeOptions()].sort(([a], [b]) => a.startsWith("---") - b.startsWith("---"));
      for (const [time, timeFields] of order) {
        if (time === "----") continue;
        const options = { ...dateFields, ...timeFields, hourCycle };
        const both = text(locale, options);
        const middle = both.slice(dateText.length, both.length - shown[time].length);
        const clean = both === dateText + middle + shown[time] && !/\d/.test(middle);
        if (clean && data.glue[date] === undefined && !time.startsWith("---"))
          data.glue[date] = list(data.glues, middle);
        if (!clean || data.glues[data.glue[date]] !== middle) mixed[`${date}|${time}`] = keep(options);
      }
    }
    for (const dateStyle of [undefined, "full", "long", "medium", "short"])
      for (const timeStyle of [undefined, "full", "long", "medium", "short"])
        if (dateStyle || timeStyle)
          styles[`${dateStyle ?? ""}|${timeStyle ?? ""}`] =
            keep(timeStyle ? timed(locale, { dateStyle, timeStyle }, hourCycle, data) : { dateStyle });
    data[hourCycle] = { times, mixed, styles };
  }
  return data;
}

const zoneName = (format, ms) =>
  format.formatToParts(ms).find((part) => part.type === "timeZoneName").value;
const namesOf = (locale, timeZone, timeZoneName) => {
  const format = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName });
  return (ms) => zoneName(format, ms);
};

/** {offset in minutes: name} of a zone, or null when the name does not follow from the offset. */
function byOffset(locale, zone, style, instants) {
  const name = namesOf(locale, zone, style), found = {};
  for (const [ms, offset] of instants) {
    const here = name(ms);
    if ((found[offset] ??= here) !== here) return null;
  }
  return found;
}

function zones(data) {
  const all = execFileSync("python3", ["-c",
    "import zoneinfo; print('\\n'.join(sorted(zoneinfo.available_timezones())))"], { encoding: "utf8" })
    .trim().split("\n").filter((zone) => {
      try { return new Intl.DateTimeFormat("en-US", { timeZone: zone }) && true; } catch { return false; }
    });
  const instants = [];
  for (let ms = NAMES_FROM; ms < NAMES_UNTIL; ms += 15 * 86400e3) instants.push(ms);
  const offsets = {};
  for (const zone of all) {
    const offset = namesOf("en-US", zone, "longOffset");
    const cache = instants.map((ms) => {
      const [, sign, hours, minutes] = offset(ms).match(/^GMT(?:([+-])(\d\d):(\d\d))?$/);
      return [ms, sign ? (sign === "-" ? -1 : 1) * (60 * +hours + +minutes) : 0];
    });
    // Only the two sides of each change, and what lies at the ends.
    offsets[zone] = cache.filter(([, offset], i) => i === 0 || i === cache.length - 1
      || cache[i - 1][1] !== offset || cache[i + 1][1] !== offset);
  }
  const groups = { short: [], long: [] }, table = { short: {}, long: {} };
  const common = new Set();
  for (const style of ["short", "long"])
    for (const zone of all) {
      const names = LOCALES.map((locale) => byOffset(locale, zone, style, offsets[zone]));
      if (names.includes(null)) { process.stderr.write(`${zone}: ${style} names change\n`); table[style][zone] = -1; continue; }
      if (style === "short" && names.every((of) => Object.values(of).every((name) => /^(GMT|UTC)[+\u2212-]/.test(name))))
        continue;
      table[style][zone] = list(groups[style], names);
      if (style === "long" && COMMON_ZONES.includes(zone)) common.add(table[style][zone]);
    }
  // Long names: the groups of the common zones only.
  const kept = [...common].sort((a, b) => a - b);
  table.long = Object.fromEntries(Object.entries(table.long).filter(([, group]) => common.has(group))
    .map(([zone, group]) => [zone, kept.indexOf(group)]));
  groups.long = kept.map((group) => groups.long[group]);
  data.zones = table;
  LOCALES.forEach((locale, i) => {
    const offset = (zone) => namesOf(locale, zone, "short")(BASE);
    data.locales[locale].zone_names = Object.fromEntries(
      Object.entries(groups).map(([style, of]) => [style, of.map((names) => names[i])]));
    data.locales[locale].offset = {
      positive: offset("Asia/Kabul").replace("4:30", "{}"),
      negative: offset("Pacific/Marquesas").replace("9:30", "{}"),
      zero: namesOf(locale, "UTC", "shortOffset")(BASE),
      long_zero: namesOf(locale, "UTC", "longOffset")(BASE),
    };
  });
}

function numbers(locale) {
  const format = (value, options) => new Intl.NumberFormat(locale, options).formatToParts(value);
  const join = (parts) => parts.map((part) => part.value).join("");
  const part = (value, type, options) => format(value, options).find((p) => p.type === type)?.value;
  const shape = (value, options) => {
    const inner = new Set(["decimal", "fraction"]);
    return format(value, options).map((p) =>
      (["integer", "infinity"].includes(p.type) ? "{}" : inner.has(p.type) ? "" : p.value)).join("");
  };
  // A positive and a negative number, and the same without digits: "PLN 1" but "PLN∞".
  const shapes = (options) => [1, -1, Infinity, -Infinity].map((value) => shape(value, options));
  const data = {
    decimal: part(1.5, "decimal"), group: part(12345678, "group"),
    minimum_grouping: part(1234, "group") ? 1 : 2, nan: join(format(NaN)), infinity: part(Infinity, "infinity"),
    decimal_shapes: shapes({}), percent_shapes: shapes({ style: "percent" }), currency: {},
  };
  for (const currency of CURRENCIES) {
    const options = { style: "currency", currency };
    data.currency[currency] = Object.fromEntries(["symbol", "narrowSymbol", "code"].map((currencyDisplay) =>
      [currencyDisplay, shapes({ ...options, currencyDisplay })]));
  }
  return data;
}

const data = {
  source: `Unicode CLDR ${process.versions.cldr} through ICU ${process.versions.icu} of Node ${process.versions.node}, `
    + "made by tests/javascript/make_intl_data.mjs. Copyright Unicode, Inc., Unicode License v3: see intl_data.LICENSE.",
  names_from_ms: NAMES_FROM, names_until_ms: NAMES_UNTIL, locales: {},
  currency_digits: Object.fromEntries(CURRENCIES.map((currency) => [currency,
    new Intl.NumberFormat("en-US", { style: "currency", currency }).resolvedOptions().maximumFractionDigits])),
};
for (const locale of LOCALES) data.locales[locale] = { ...dates(locale), numbers: numbers(locale) };
zones(data);
process.stdout.write(JSON.stringify(data, null, 0).replaceAll(/("(?:en|de|fr|es|ru|sv)-..":)/g, "\n$1") + "\n");
