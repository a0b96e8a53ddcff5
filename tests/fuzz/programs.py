"""Random programs: each is a list of lines, every line a statement that stands for itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from random import Random

from values import HELPERS, SIMPLE, value

from voxrt.connectors.grok.client import VoiceAgentAPIClient
from voxrt.javascript import members
from voxrt.vox.call import Call
from voxrt.vox.globals import Logger
from voxrt.vox.helpers import HELPERS as GLOBAL_HELPERS
from voxrt.vox.voxengine import VoxEngine

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted([*ROOT.glob("scenarios/**/*.js"), *ROOT.glob("bench/scenarios/*.js")])

#: What is called, and how often relative to others.
OBJECTS = (("VoxEngine", VoxEngine), ("call0", Call), ("client0", VoiceAgentAPIClient),
           ("Logger", Logger))  # fmt: skip
FUNCTIONS = [*GLOBAL_HELPERS, *"""require trace uuidgen setTimeout setInterval clearTimeout
clearInterval JSON.stringify JSON.parse Grok.createVoiceAgentAPIClient Grok.missing Net.httpRequest
CallEvents.Connected Modules Modules.Grok VoiceList.Amazon VoiceList.nothing Language.nothing
console.log JSession.terminate Call Object.assign Symbol Proxy Reflect.ownKeys structuredClone
""".split()]  # fmt: skip
EVENTS = """AppEvents.CallAlerting AppEvents.Started AppEvents.Terminating AppEvents.Terminated
CallEvents.Connected CallEvents.Disconnected CallEvents.Failed CallEvents.PlaybackFinished
CallEvents.PlaybackReady CallEvents.RecordStarted 'Nothing' undefined Symbol() cyclic""".split()
SHORTEN = frozenset({"terminate", "hangup", "reject", "close"})  # they end what could go on


def program(random: Random) -> list[str]:
    """One program: a mutated example now and then, or statements of a grammar."""
    if random.random() < 0.15:
        return _mutated(random)
    lines = [*HELPERS.strip().splitlines(), "require(Modules.Grok);", *_set_up(random)]
    lines += [_statement(random) for _ in range(random.randrange(2, 16))]
    return lines


def _set_up(random: Random) -> list[str]:
    body = " ".join(_statement(random) for _ in range(random.randrange(1, 8)))
    later = " ".join(_statement(random) for _ in range(random.randrange(1, 5)))
    answer = random.choice(["e.call.answer();", "e.call.startEarlyMedia();", "e.call.ring();", ""])
    client = (
        "try { client0 = await Grok.createVoiceAgentAPIClient({xAIApiKey: 'k', "
        "model: 'grok-voice-think-fast-2.0'}); } catch (error) { Logger.write(error); }"
    )
    asks = client if random.random() < 0.4 else ""
    return [
        "VoxEngine.addEventListener(AppEvents.CallAlerting, async (e) => { call0 = e.call; "
        f"call0.addEventListener(CallEvents.Connected, (e) => {{ {later} }}); {answer} {asks} {body} }});",
    ]  # fmt: skip


def _arguments(random: Random) -> str:
    return ", ".join(value(random) for _ in range(random.choice([0, 1, 1, 1, 2, 2, 3, 6])))


def _platform_call(random: Random) -> str:
    if random.random() < 0.3:
        return f"{random.choice(FUNCTIONS)}({_arguments(random)})"
    name, cls = random.choice(OBJECTS)
    method = random.choice(sorted(members.methods(cls)))
    if method in SHORTEN and random.random() < 0.9:
        return f"{name}.{method}"
    if "ventListener" in method and random.random() < 0.7:
        handler = random.choice([value(random), f"(e) => {{ {_statement(random)} }}"])
        return f"{name}.{method}({random.choice(EVENTS)}, {handler})"
    ways = (
        f"{name}.{method}({_arguments(random)})",
        f"(0, {name}.{method})({_arguments(random)})",
        f"{name}.{method}.call({value(random)}, {_arguments(random)})",
        f"new {name}.{method}({_arguments(random)})",
        f"({name}.{random.choice(['nothing', method, '__proto__', 'a.b'])} = {value(random)})",
        f"Reflect.apply({name}.{method}, {value(random)}, [{_arguments(random)}])",
    )
    return random.choices(ways, weights=(14, 1, 1, 1, 1, 1))[0]


#: Objects with members that are made when they are read.
LISTED = ("VoiceList", "VoiceList.Amazon", "Grok", "AMD")
METHODS = """map filter forEach reduce sort flatMap find findLast some every join concat slice splice
reverse toSorted at includes indexOf fill copyWithin entries keys push unshift toString with
toLocaleString match replace replaceAll split padEnd repeat trim normalize localeCompare
codePointAt then catch finally toFixed toPrecision toJSON valueOf call apply bind exec test
next return throw has get set add delete getTime toISOString setFullYear""".split()
STATICS = """Object.keys Object.entries Object.assign Object.freeze Object.defineProperties
Object.preventExtensions Object.seal Reflect.deleteProperty Reflect.has Reflect.get Reflect.set
Object.getOwnPropertyDescriptors Object.setPrototypeOf Object.groupBy Object.fromEntries
Array.from Array.of Promise.all Promise.race Promise.allSettled Promise.any Reflect.ownKeys
Reflect.construct Reflect.getPrototypeOf JSON.stringify JSON.parse String String.raw Number BigInt
BigInt.asUintN Symbol Date.parse Date.UTC Math.max Math.hypot parseInt encodeURIComponent
decodeURIComponent escape unescape Map.groupBy Error.captureStackTrace Array.fromAsync
Uint8Array.from Iterator.from RegExp new(RegExp) new(Function) eval isNaN""".split()


def _expression(random: Random, depth: int = 0) -> str:
    kinds: list[Callable[[], str]] = [
        lambda: value(random),
        lambda: _platform_call(random),
        lambda: random.choice(["v0", "v1", "v2", "this", "call0", "client0", *LISTED]),
    ]
    if depth < 3:

        def inner() -> str:
            return _expression(random, depth + 1)

        operators = "+ - * / % ** == === < >> & | && || ?? in instanceof ,".split()
        kinds += [
            lambda: f"({inner()} {random.choice(operators)} {inner()})",
            lambda: f"{random.choice(['typeof', 'void', '!', '-', '~', 'delete'])} ({inner()})",
            lambda: f"({inner()})?.[{inner()}]",
            lambda: f"({inner()}).{random.choice(METHODS)}({inner()})",
            lambda: f"({inner()}).{random.choice(METHODS)}((a, b) => {inner()}, {inner()})",
            lambda: f"{random.choice(STATICS)}({inner()}, {inner()})",
            lambda: f"`${{{inner()}}}`",
            lambda: f"[...({inner()})].length",
            lambda: f"({{...({inner()}), [{inner()}]: {inner()}}})",
            lambda: f"({inner()} ? {inner()} : {inner()})",
            lambda: f"new Promise((a, b) => {{ a({inner()}); b({inner()}); }})",
            lambda: f"((async () => {{ await ({inner()}); return {inner()}; }})())",
            lambda: (
                f"new Proxy(Object({inner()}), {{get: () => {inner()}, ownKeys: () => {inner()}}})"
            ),
        ]
    return f"({random.choice(kinds)()})"


def _statement(random: Random, depth: int = 0) -> str:
    def inner() -> str:
        return _statement(random, depth + 1) if depth < 2 else f"{_expression(random)};"

    name = random.choice(["v0", "v1", "v2"])
    kinds: list[Callable[[], str]] = [
        lambda: f"{_platform_call(random)};",
        lambda: f"{_platform_call(random)};",
        lambda: f"var {name} = {_expression(random)};",
        lambda: f"{_expression(random)};",
        lambda: f"for (let i = 0; i < {random.choice([1, 3, 40])}; i++) {{ {inner()} }}",
        lambda: f"for (const x of {_expression(random)}) {{ {inner()} break; }}",
        lambda: f"for (const x in {_expression(random)}) {{ {inner()} }}",
        lambda: f"setTimeout(() => {{ {inner()} }}, {value(random)});",
        lambda: (
            f"(async () => {{ for await (const x of {_expression(random)}) {{ {inner()} break; }} }})();"
        ),
        lambda: f"Promise.resolve({_expression(random)}).then((x) => {{ {inner()} }});",
        lambda: f"try {{ {inner()} }} finally {{ {inner()} }}",
        lambda: f"throw {_expression(random)};",
        lambda: f"with (Object({_expression(random)})) {{ {inner()} }}",
        lambda: f"eval({_expression(random)}); {inner()}",
        lambda: (
            f"Object.defineProperty(Object({_expression(random)}), {value(random)}, {{get() {{ {inner()} }}, configurable: true}});"
        ),
        lambda: f"globalThis[{value(random)}] = {_expression(random)};",
        lambda: (
            f"{random.choice(['Object', 'Array', 'Function', 'String', 'Promise', 'Error'])}.prototype[{value(random)}] = {value(random)};"
        ),
        lambda: f"Error.prepareStackTrace = (e, s) => {{ {inner()} }};",
        lambda: f"new FinalizationRegistry((x) => {{ {inner()} }}).register({{}}, 1);",
        lambda: (
            f"({_expression(random)}).{random.choice(['then', 'toString', 'toJSON', 'length'])} = {_expression(random)};"
        ),
    ]
    made = random.choice(kinds)()
    if depth == 0 and random.random() < 0.85:
        return f"try {{ {made} }} catch (error) {{ Logger.write(error); }}"
    return made


_TOKEN = re.compile(r"[\w$]+|'[^'\n]*'|\"[^\"\n]*\"|\s+|.")


def _mutated(random: Random) -> list[str]:
    """An example with some of its words replaced, doubled, swapped or left out."""
    tokens = _TOKEN.findall(random.choice(EXAMPLES).read_text(encoding="utf-8"))
    words = [at for at, token in enumerate(tokens) if token.strip() and token not in "{}()[]"]
    for _ in range(random.randrange(1, 8)):
        at, other = random.choice(words), random.choice(words)
        kind = random.randrange(5)
        if kind == 0:
            tokens[at] = ""
        elif kind == 1:
            tokens[at], tokens[other] = tokens[other], tokens[at]
        elif kind == 2:
            tokens[at] += f" {tokens[at]}"
        elif kind == 3:
            tokens[at] = tokens[other]
        else:
            tokens[at] = value(random)
    return [*HELPERS.strip().splitlines(), *"".join(tokens).splitlines()]


__all__ = ["SIMPLE", "program"]
