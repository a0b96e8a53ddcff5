"""Values of every kind that a script can hand to the platform, as JavaScript expressions."""

from __future__ import annotations

from random import Random

#: Declared at the top of each program; the expressions below use them.
HELPERS = r"""
const cyclic = {}; cyclic.self = cyclic; cyclic.list = [cyclic];
const throwing = new Proxy({}, {
  get() { throw new Error("get"); }, has() { throw new Error("has"); },
  ownKeys() { throw new Error("ownKeys"); }, getPrototypeOf() { throw new Error("proto"); },
  getOwnPropertyDescriptor() { throw new Error("descriptor"); } });
const echo = new Proxy(function () {}, {
  get(target, name) { return name === Symbol.toPrimitive ? () => "echo" : echo; },
  apply() { return echo; }, construct() { return echo; }, ownKeys() { return ["a", "b"]; },
  getOwnPropertyDescriptor() { return { value: echo, enumerable: true, configurable: true }; } });
const revoked = (() => { const p = Proxy.revocable({}, {}); p.revoke(); return p.proxy; })();
const talker = { get a() { Logger.write("getter"); return 1; }, get b() { return call0 && call0.state(); },
  toString() { Logger.write("toString"); return "talker"; }, toJSON() { trace("toJSON"); return {}; } };
const recursing = { get a() { return JSON.stringify(recursing); }, toString() { return `${recursing}`; },
  toJSON() { return recursing; } };
const reentrant = { get a() { Logger.write(reentrant); VoxEngine.addEventListener(AppEvents.Started, reentrant); return 0; } };
const detached = (() => { const b = new ArrayBuffer(8), t = new Uint8Array(b); b.transfer(); return t; })();
const oddDate = (() => { const d = new Date(0); d.valueOf = () => Infinity; d[Symbol.toPrimitive] = () => 1e300; return d; })();
const badDate = (() => { const d = new Date(0); d.valueOf = () => { throw 1; }; d[Symbol.toPrimitive] = undefined; return d; })();
class Point { #x = 1; constructor() { this.y = 2; } get x() { return this.#x; } static z = 3; }
class Sub extends Array { constructor(...a) { super(...a); this.more = 1; } }
class Failing extends Error { get message() { throw new Error("message"); } get name() { return {}; } get stack() { throw 2; } }
const oddError = Object.defineProperties(new Error("odd"), { stack: { value: 5 }, message: { value: { toString() { throw 3; } } }, name: { value: Symbol("n") }, slot: { value: 1 }, number: { value: 7 }, code: { value: {} } });
const thenable = { then(resolve) { Logger.write("then"); resolve(thenable2); } };
const thenable2 = { then(resolve, reject) { reject(thenable); } };
function* endless() { let i = 0; while (true) yield i++; }
const holey = [, 1, , 2]; holey.length = 40; holey.extra = 1;
const deep = (() => { let d = {}; for (let i = 0; i < 300; i++) d = { d, list: [d] }; return d; })();
const nullish = Object.assign(Object.create(null), { __proto__: 1, constructor: 2, toString: 3, "": 4, "a\0b": 5, "\ud800": 6 });
let call0 = null, client0 = null;
"""

SIMPLE = """undefined null true false NaN Infinity -Infinity -0 0 1 -1 0.5 3.7e300 5e-324 2**31 -(2**31) 2**32
2**53 2**63 1e21 1n -1n (2n**70n) (-(2n**64n)) '' 'a' '\\0' '\\ud800' '\\udfff\\ud800' '\\u{10ffff}' '0' '-1' '1e9' 'NaN'
'__proto__' 'constructor' 'then' 'toString' 'Call.Connected' 'a'.repeat(300) '\\ud83d'.repeat(99) 'y'.repeat(70000)
[] {} [[]] [undefined] [null,NaN] {a:undefined} {__proto__:null} {length:3} {then:1} {toString:1} {a:{b:{c:[1n]}}} [1,[2,[3]]]
Symbol() Symbol.iterator Symbol.for('x') /x/g new(Date) new(Date)(NaN) new(Date)(8.64e15) new(Date)(-8.64e15) new(Date)(-62198755200001)
oddDate badDate (()=>{}) (async()=>{}) (async()=>{throw(1)}) (function(){return(this)}) (function*(){}) (class{}) Point new(Point) new(Sub)(1,2)
Promise.resolve(1) Promise.reject(2) new(Promise)(()=>{}) thenable thenable2 new(Map)([[1,2]]) new(Set)([1]) new(WeakMap) new(WeakRef)({})
new(Uint8Array)(4) new(Float64Array)([NaN]) new(ArrayBuffer)(8) new(DataView)(new(ArrayBuffer)(8)) new(BigInt64Array)(2) detached
new(Uint8Array)(new(ArrayBuffer)(8,{maxByteLength:64})) new(Int16Array)(new(ArrayBuffer)(9),1,2)
new(Error)('e') new(TypeError)('\\ud800') new(Failing) oddError new(AggregateError)([1]) (()=>{try{null.x}catch(e){return(e)}})()
cyclic throwing echo revoked talker recursing reentrant deep holey nullish new(String)('s') new(Number)(1) new(Boolean)(false) Object(1n) Object(Symbol())
endless() [].values() (function(){return(arguments)})(1,2) globalThis VoxEngine Logger call0 client0 Call CallEvents AppEvents Modules
VoxEngine.callPSTN Logger.write setTimeout base64_encode Math JSON Object.prototype Function.prototype Array.prototype Object Function eval
new(Array)(70000) Array(3000).fill({a:[1]}) 'x'.repeat(200000) Object.freeze({a:1}) Object.freeze([1])
new(Proxy)([1,2],{}) new(Proxy)({},{get(t,n){return(1)}}) new(Proxy)(call0??{},{})""".split()


def value(random: Random, depth: int = 0) -> str:
    """An expression; now and then an object or array of others."""
    roll = random.random()
    if depth < 3 and roll < 0.18:
        keys = random.sample(FIELDS, random.randrange(4))
        return "{" + ",".join(f"{key}:{value(random, depth + 1)}" for key in keys) + "}"
    if depth < 3 and roll < 0.24:
        items = (value(random, depth + 1) for _ in range(random.randrange(4)))
        return "[" + ",".join(items) + "]"
    if depth < 3 and roll < 0.27:
        return f"{{get {random.choice(FIELDS)}(){{ return {value(random, depth + 1)} }}}}"
    simple = random.choice(SIMPLE)
    return f"({simple})" if simple.startswith("-") else simple


#: Names that mean something to some function of the platform.
FIELDS = """a name url number callerid displayName headers video audio text language voice loop stereo
session item tools model xAIApiKey onWebSocketClose payload type callback followDiversion extraHeaders
password username outboundProxy to from privacy statistics trace toString valueOf then toJSON length
scheme ttsOptions progressivePlayback transcribe hd_audio lossless labels expire dict provider
beepStopTimeout vocoderSettings code reason data id""".split()
