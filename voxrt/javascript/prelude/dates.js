// The session's Date, and what scenarios use of Intl. Called once per session, before any script.
//
// The engine's own Date reads the machine's clock and the machine's time zone, and it has no Intl.
// Here time is the session's and local time is UTC, as on the platform. The engine's
// Date.prototype stays, with its brand checks; only what depends on clock, zone or locale is
// replaced. Nothing here looks anything up on a prototype later: scripts may patch those.
//
// host.now()                                      ms since 1970 of the session's clock
// host.formatDate(ms, locales, options, kind)     [{type, value}, ...]
// host.resolvedDate(locales, options, kind)       resolvedOptions() of a date's format
// host.formatNumber(value, locales, options)      text; a BigInt's value comes as its digits
// host.resolvedNumber(locales, options)           resolvedOptions() of a number's format
// host.supportedLocales()                         language tags
// host.notEmulated(name)                          throws
//
// Locales arrive there as an array of texts, options as an object of the known ones that are given.
// The functions are called without `this`, and what they throw goes through to the script.
(function (host) {
  "use strict";
  const { now: hostNow, formatDate, resolvedDate, formatNumber, resolvedNumber, supportedLocales,
    notEmulated } = host;
  const { apply, construct, defineProperty, ownKeys } = Reflect;
  const { floor } = Math;
  const { toPrimitive, toStringTag } = Symbol;
  const { Object: NativeObject, Number: NativeNumber, Date: NativeDate } = globalThis;
  const uncurry = Function.prototype.bind.bind(Function.prototype.call);

  const prototype = NativeDate.prototype;
  const { UTC, parse: nativeParse } = NativeDate;
  const getTime = uncurry(prototype.getTime);
  const getYear = uncurry(prototype.getUTCFullYear);
  const toUTCString = uncurry(prototype.toUTCString);
  const ordinaryPrimitive = prototype[toPrimitive];
  const { setUTCMilliseconds, setUTCSeconds, setUTCMinutes, setUTCHours, setUTCDate, setUTCMonth,
    setUTCFullYear } = prototype;
  const slice = uncurry(String.prototype.slice);
  // As a template literal would, which in this engine calls String.prototype.concat by its name.
  const toText = uncurry(String.prototype.concat).bind(undefined, "");
  const lower = uncurry(String.prototype.toLowerCase);
  const test = uncurry(RegExp.prototype.exec);
  const numberOf = uncurry(Number.prototype.valueOf);
  const bigintOf = uncurry(BigInt.prototype.valueOf);

  const define = (target, name, value) =>
    defineProperty(target, name, { __proto__: null, value, writable: true, configurable: true });
  const defineAll = (target, members) => {
    const names = ownKeys(members);
    for (let i = 0; i < names.length; i++) define(target, names[i], members[names[i]]);
  };
  // For members that the engine has: their attributes stay.
  const replaceAll = (target, members) => {
    const names = ownKeys(members);
    for (let i = 0; i < names.length; i++) target[names[i]] = members[names[i]];
  };
  const isObject = (value) => (typeof value === "object" && value !== null) || typeof value === "function";

  // ---- Date ----

  const now = () => floor(hostNow());

  // Texts in ISO's form without a zone are local time unless they are a date alone. Of all other
  // texts the engine takes the last zone that it finds, so one that is put in front is a default.
  const ISO_LOCAL = /^(?:\d{4}|[+-]\d{6})(?:-\d\d(?:-\d\d)?)?T\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?$/;
  const ISO_FIXED = /^(?:\d{4}|[+-]\d{6})(?:-\d\d(?:-\d\d)?)?(?:T\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)|T(?!\d\d:\d\d).*)?$/;
  const parse = (text) => {
    if (test(ISO_LOCAL, text) !== null) return nativeParse(text + "Z");
    return nativeParse(test(ISO_FIXED, text) !== null ? text : "Z " + text);
  };

  const primitive = (value) => {
    const exotic = value[toPrimitive];
    if (exotic === undefined || exotic === null) return apply(ordinaryPrimitive, value, ["number"]);
    const result = apply(exotic, value, ["default"]);
    if (isObject(result)) throw new TypeError("Cannot convert object to primitive value");
    return result;
  };

  const timeOf = (value) => {
    if (isObject(value)) {
      try {
        return getTime(value);
      } catch {
        value = primitive(value);  // no Date
      }
    }
    return typeof value === "string" ? parse(value) : value;
  };

  const dateText = (date) => {
    const utc = toUTCString(date), year = getYear(date), size = year < 0 ? -year : year;
    const digits = size < 1000 ? slice("000" + size, -4) : size;
    return slice(utc, 0, 3) + " " + slice(utc, 8, 11) + " " + slice(utc, 5, 7) + (year < 0 ? " -" : " ") + digits;
  };
  const timeText = (date) => slice(toUTCString(date), -12, -4) + " GMT+0000 (Coordinated Universal Time)";
  const written = (date, text) => {
    const time = getTime(date);
    return time === time ? text(date) : "Invalid Date";
  };
  const bothTexts = (date) => dateText(date) + " " + timeText(date);

  function Date(year, month, date, hours, minutes, seconds, ms) {
    if (new.target === undefined) return bothTexts(new NativeDate(now()));
    const count = arguments.length;
    const time = count === 0 ? now() : count === 1 ? timeOf(year) : apply(UTC, undefined, arguments);
    return construct(NativeDate, [time], new.target);
  }
  defineProperty(Date, "prototype", { __proto__: null, value: prototype, writable: false });
  prototype.constructor = Date;
  defineAll(Date, {
    now() { return now(); },
    parse(text) { return parse(toText(text)); },
    UTC,
  });

  // The engine's UTC getters by the local names, each a function of its own.
  const locals = ["FullYear", "Month", "Date", "Hours", "Minutes", "Seconds", "Milliseconds", "Day"];
  for (let i = 0; i < locals.length; i++) {
    const name = "get" + locals[i], get = prototype["getUTC" + locals[i]];
    prototype[name] = { [name]() { return apply(get, this, []); } }[name];
  }
  replaceAll(prototype, {
    setMilliseconds(ms) { return apply(setUTCMilliseconds, this, arguments); },
    setSeconds(sec, ms) { return apply(setUTCSeconds, this, arguments); },
    setMinutes(min, sec, ms) { return apply(setUTCMinutes, this, arguments); },
    setHours(hour, min, sec, ms) { return apply(setUTCHours, this, arguments); },
    setDate(date) { return apply(setUTCDate, this, arguments); },
    setMonth(month, date) { return apply(setUTCMonth, this, arguments); },
    setFullYear(year, month, date) { return apply(setUTCFullYear, this, arguments); },
    getYear() { return getYear(this) - 1900; },
    setYear(year) {
      getTime(this);
      const number = +year, whole = number < 0 ? -floor(-number) : floor(number);
      return apply(setUTCFullYear, this, [whole >= 0 && whole <= 99 ? whole + 1900 : number]);
    },
    getTimezoneOffset() {
      const time = getTime(this);
      return time === time ? 0 : NaN;
    },
    toString() { return written(this, bothTexts); },
    toDateString() { return written(this, dateText); },
    toTimeString() { return written(this, timeText); },
    toLocaleString() { return localeText(this, arguments[0], arguments[1], "any"); },
    toLocaleDateString() { return localeText(this, arguments[0], arguments[1], "date"); },
    toLocaleTimeString() { return localeText(this, arguments[0], arguments[1], "time"); },
  });
  globalThis.Date = Date;
  delete globalThis.performance;  // reads the machine's clock, and is no part of the platform

  // ---- locales and options ----

  const DATE_OPTIONS = ["localeMatcher", "calendar", "numberingSystem", "hour12", "hourCycle",
    "timeZone", "weekday", "era", "year", "month", "day", "dayPeriod", "hour", "minute", "second",
    "fractionalSecondDigits", "timeZoneName", "formatMatcher", "dateStyle", "timeStyle"];
  const NUMBER_OPTIONS = ["localeMatcher", "numberingSystem", "style", "currency", "currencyDisplay",
    "currencySign", "unit", "unitDisplay", "notation", "minimumIntegerDigits",
    "minimumFractionDigits", "maximumFractionDigits", "minimumSignificantDigits",
    "maximumSignificantDigits", "roundingIncrement", "roundingMode", "roundingPriority",
    "trailingZeroDisplay", "compactDisplay", "useGrouping", "signDisplay"];

  const converted = (name, value) => {
    if (name === "hour12") return !!value;
    if (name === "useGrouping" && typeof value !== "string") return !!value;
    if (name === "roundingIncrement" || slice(name, -6) === "Digits") return +value;
    return toText(value);
  };
  const optionList = (options, names) => {
    const given = { __proto__: null };
    if (options === undefined) return given;
    if (options === null) throw new TypeError("Cannot convert undefined or null to object");
    for (let i = 0; i < names.length; i++) {
      const value = options[names[i]];
      if (value !== undefined) given[names[i]] = converted(names[i], value);
    }
    return given;
  };
  const localeList = (locales) => {
    const list = [];
    if (locales === undefined) return list;
    if (locales === null) throw new TypeError("Cannot convert undefined or null to object");
    if (typeof locales === "string") {
      define(list, 0, locales);
      return list;
    }
    const count = +locales.length;
    for (let i = 0; i < count; i++) {
      if (!(i in locales)) continue;
      const tag = locales[i];
      if (typeof tag !== "string" && !isObject(tag)) throw new TypeError("Incorrect locale information provided");
      define(list, list.length, toText(tag));
    }
    return list;
  };

  const joined = (parts) => {
    let text = "";
    for (let i = 0; i < parts.length; i++) text += parts[i].value;
    return text;
  };
  const localeText = (date, locales, options, kind) => {
    const time = getTime(date);
    if (time !== time) return "Invalid Date";
    return joined(formatDate(time, localeList(locales), optionList(options, DATE_OPTIONS), kind));
  };

  const numberText = (value, locales, options) =>
    formatNumber(value, localeList(locales), optionList(options, NUMBER_OPTIONS));
  replaceAll(NativeNumber.prototype, {
    toLocaleString() { return numberText(numberOf(this), arguments[0], arguments[1]); },
  });
  replaceAll(BigInt.prototype, {
    toLocaleString() { return numberText(toText(bigintOf(this)), arguments[0], arguments[1]); },
  });

  // ---- Intl ----

  const states = new WeakMap();
  const getState = uncurry(WeakMap.prototype.get), setState = uncurry(WeakMap.prototype.set);
  const supportedLocalesOf = (locales) => {
    const wanted = localeList(locales), there = supportedLocales(), found = [];
    for (let i = 0; i < wanted.length; i++) {
      for (let j = 0; j < there.length; j++) {
        if (lower(wanted[i]) === lower(there[j])) define(found, found.length, there[j]);
      }
    }
    return found;
  };
  const stateOf = (self, name, property) => {
    const state = isObject(self) ? getState(states, self) : undefined;
    if (state === undefined || state.name !== name)
      throw new TypeError("Method Intl." + name + ".prototype." + property + " called on incompatible receiver");
    return state;
  };
  const loud = (name, full) => {
    const method = function () { notEmulated(full); };
    defineProperty(method, "name", { __proto__: null, value: name });
    return method;
  };
  const started = (constructor, target, name, locales, options) => {
    const self = construct(NativeObject, [], target === undefined ? constructor : target);
    setState(states, self, { __proto__: null, name, locales, options, format: undefined });
    return self;
  };

  const datePart = (state, date) => {
    const time = date === undefined ? now() : +date;
    const clipped = getTime(new NativeDate(time));
    if (clipped !== clipped) throw new RangeError("Invalid time value");
    return formatDate(clipped, state.locales, state.options, "intl");
  };
  function DateTimeFormat() {
    const locales = localeList(arguments[0]), options = optionList(arguments[1], DATE_OPTIONS);
    resolvedDate(locales, options, "intl");  // what is wrong with them is said here
    return started(DateTimeFormat, new.target, "DateTimeFormat", locales, options);
  }
  function NumberFormat() {
    const locales = localeList(arguments[0]), options = optionList(arguments[1], NUMBER_OPTIONS);
    resolvedNumber(locales, options);
    return started(NumberFormat, new.target, "NumberFormat", locales, options);
  }
  const numeric = (value) => {
    const simple = isObject(value) ? apply(ordinaryPrimitive, value, ["number"]) : value;
    return typeof simple === "bigint" ? toText(simple) : +simple;
  };
  const finish = (Format, formatOf, members) => {
    const { name } = Format;
    defineAll(Format, { supportedLocalesOf(locales) { return supportedLocalesOf(locales); } });
    defineAll(Format.prototype, members);
    defineProperty(Format, "prototype", { __proto__: null, writable: false });
    defineProperty(Format.prototype, toStringTag, { __proto__: null, value: "Intl." + name, configurable: true });
    const accessor = { get format() {
      const state = stateOf(this, name, "format");
      return state.format ??= formatOf(state);
    } };
    const { get } = NativeObject.getOwnPropertyDescriptor(accessor, "format");
    defineProperty(Format.prototype, "format", { __proto__: null, get, set: undefined, configurable: true });
  };
  finish(DateTimeFormat, (state) => (date) => joined(datePart(state, date)), {
    formatToParts(date) { return datePart(stateOf(this, "DateTimeFormat", "formatToParts"), date); },
    resolvedOptions() {
      const { locales, options } = stateOf(this, "DateTimeFormat", "resolvedOptions");
      return resolvedDate(locales, options, "intl");
    },
    formatRange(start, end) { notEmulated("Intl.DateTimeFormat.prototype.formatRange"); },
    formatRangeToParts(start, end) { notEmulated("Intl.DateTimeFormat.prototype.formatRangeToParts"); },
  });
  finish(NumberFormat, (state) => (value) => formatNumber(numeric(value), state.locales, state.options), {
    resolvedOptions() {
      const { locales, options } = stateOf(this, "NumberFormat", "resolvedOptions");
      return resolvedNumber(locales, options);
    },
    formatToParts(value) { notEmulated("Intl.NumberFormat.prototype.formatToParts"); },
    formatRange(start, end) { notEmulated("Intl.NumberFormat.prototype.formatRange"); },
    formatRangeToParts(start, end) { notEmulated("Intl.NumberFormat.prototype.formatRangeToParts"); },
  });

  const Intl = {};
  defineAll(Intl, { DateTimeFormat, NumberFormat });
  const { supportedLocalesOf: loudLocalesOf } = {
    supportedLocalesOf(locales) { notEmulated("Intl." + this.name + ".supportedLocalesOf"); },
  };
  const absent = ["Collator", "DisplayNames", "DurationFormat", "ListFormat", "Locale",
    "PluralRules", "RelativeTimeFormat", "Segmenter"];
  for (let i = 0; i < absent.length; i++) {
    const name = absent[i], member = loud(name, "Intl." + name);
    member.supportedLocalesOf = loudLocalesOf;
    define(Intl, name, member);
  }
  define(Intl, "getCanonicalLocales", loud("getCanonicalLocales", "Intl.getCanonicalLocales"));
  define(Intl, "supportedValuesOf", loud("supportedValuesOf", "Intl.supportedValuesOf"));
  defineProperty(Intl, toStringTag, { __proto__: null, value: "Intl", configurable: true });
  define(globalThis, "Intl", Intl);
})
