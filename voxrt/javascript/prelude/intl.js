// What scenarios use of Intl, and the texts of dates and numbers for locales. Called once per session,
// when a script first needs any of it: by then the script may have patched everything, so what this
// is made with was taken before (`tools`, of dates.js), and nothing is looked up on a prototype.
//
// host.formatDate(ms, locales, options, kind)     [{type, value}, ...]
// host.resolvedDate(locales, options, kind)       resolvedOptions() of a date's format
// host.formatNumber(value, locales, options)      text; a BigInt's value comes as its digits
// host.resolvedNumber(locales, options)           resolvedOptions() of a number's format
// host.supportedLocales()                         language tags
// host.notEmulated(name)                          throws
//
// Locales arrive there as an array of texts, options as an object of the known ones that are given.
// The functions are called without `this`, and what they throw goes through to the script.
(function (host, tools) {
  "use strict";
  const { formatDate, resolvedDate, formatNumber, resolvedNumber, supportedLocales, notEmulated } = host;
  const { now, getTime, slice, toText, lower, apply, construct, define, defineAll, defineProperty,
    getOwnPropertyDescriptor, isObject, ordinaryPrimitive, toStringTag, NativeDate, NativeObject,
    states, getState, setState } = tools;

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

  // ---- Intl ----

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
    const { get } = getOwnPropertyDescriptor(accessor, "format");
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
  return { Intl, date: localeText, number: numberText };
})
