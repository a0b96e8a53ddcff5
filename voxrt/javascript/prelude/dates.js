// The session's Date. Called when a script first reads Date, or another value that is made here.
//
// The engine's own Date reads the machine's clock and the machine's time zone, and it has no Intl.
// Here time is the session's and local time is UTC, as on the platform. The engine's
// Date.prototype stays, with its brand checks; only what depends on clock, zone or locale is
// replaced. Nothing here looks anything up on a prototype, but for those of dates, which no script
// can reach before this is called: scripts may patch those. What is needed of them was kept before.
//
// Most scenarios need nothing of locales: intl.js is run when one does.
//
// host.now()       ms since 1970 of the session's clock
// host.loadIntl()  {make, host}: the function of intl.js, and what that is to be called with
// kept             functions of the language by their paths, see preludes.py
//
// The functions are called without `this`, and what they throw goes through to the script.
// Returns functions that give the values, by the paths of what becomes them.
(function (host, kept) {
  "use strict";
  const { now: hostNow, loadIntl } = host;
  const {
    "Reflect.apply": apply, "Reflect.construct": construct,
    "Reflect.defineProperty": defineProperty, "Reflect.ownKeys": ownKeys,
    "Object.getOwnPropertyDescriptor": getOwnPropertyDescriptor, "Math.floor": floor,
    "Function.prototype.bind": bind, "Function.prototype.call": call,
    Object: NativeObject, Date: NativeDate, Symbol: NativeSymbol, WeakMap: NativeWeakMap,
  } = kept;
  const { toPrimitive, toStringTag } = NativeSymbol;
  const uncurry = apply(bind, bind, [call]);

  const prototype = NativeDate.prototype;
  const { UTC, parse: nativeParse } = NativeDate;
  const getTime = uncurry(prototype.getTime);
  const getYear = uncurry(prototype.getUTCFullYear);
  const toUTCString = uncurry(prototype.toUTCString);
  const ordinaryPrimitive = prototype[toPrimitive];
  const { setUTCMilliseconds, setUTCSeconds, setUTCMinutes, setUTCHours, setUTCDate, setUTCMonth,
    setUTCFullYear } = prototype;
  const slice = uncurry(kept["String.prototype.slice"]);
  // As a template literal would, which in this engine calls String.prototype.concat by its name.
  const toText = apply(bind, uncurry(kept["String.prototype.concat"]), [undefined, ""]);
  const lower = uncurry(kept["String.prototype.toLowerCase"]);
  const test = uncurry(kept["RegExp.prototype.exec"]);
  const numberOf = uncurry(kept["Number.prototype.valueOf"]);
  const bigintOf = uncurry(kept["BigInt.prototype.valueOf"]);

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
    toLocaleString() { return locales().date(this, arguments[0], arguments[1], "any"); },
    toLocaleDateString() { return locales().date(this, arguments[0], arguments[1], "date"); },
    toLocaleTimeString() { return locales().date(this, arguments[0], arguments[1], "time"); },
  });

  // ---- what there is of locales ----

  const states = new NativeWeakMap();
  const tools = {
    now, getTime, slice, toText, lower, apply, construct, define, defineAll, defineProperty,
    getOwnPropertyDescriptor, isObject, ordinaryPrimitive, toStringTag, NativeDate, NativeObject,
    states, getState: uncurry(kept["WeakMap.prototype.get"]),
    setState: uncurry(kept["WeakMap.prototype.set"]),
  };
  let made;
  const locales = () => {
    if (made === undefined) {
      const { make, host } = loadIntl();
      made = make(host, tools);
    }
    return made;
  };
  const { toLocaleString: numberText } = {
    toLocaleString() { return locales().number(numberOf(this), arguments[0], arguments[1]); },
  };
  const { toLocaleString: bigintText } = {
    toLocaleString() { return locales().number(toText(bigintOf(this)), arguments[0], arguments[1]); },
  };
  return {
    Date: () => Date,
    Intl: () => locales().Intl,
    "Number.prototype.toLocaleString": () => numberText,
    "BigInt.prototype.toLocaleString": () => bigintText,
  };
})
