"""The steps of a caller script as they are written in YAML.

The format is described in docs/caller-script.md and in caller.schema.json, which a test holds
against the tables of keys below. Whatever does not fit is a `DocumentError` with its line.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

from voxrt.documents import Node
from voxrt.errors import AudioFileError, InputError
from voxrt.fields import Fields, as_integer, as_list, as_text, is_a, near
from voxrt.legs.sound_file import SoundFile, load_sound
from voxrt.legs.steps import (
    DEFAULT_BARGE_IN_MS,
    DEFAULT_BEEP_HZ,
    DEFAULT_BEEP_MS,
    DEFAULT_BEEP_PAUSE_MS,
    DEFAULT_SILENCE_MS,
    DEFAULT_TIMEOUT_MS,
    DEFAULT_TONE_MS,
    HANG_UP,
    MOST_CONFIDENT,
    NOT_IDENTIFIED,
    Beep,
    Condition,
    Connect,
    DigitKind,
    Identify,
    Info,
    Message,
    Play,
    Press,
    Reinvite,
    Request,
    Say,
    Statistics,
    Step,
    Switch,
    SwitchName,
    Tone,
    Transfer,
    Wait,
    WaitFor,
    identified_subtypes,
    voicemail,
)
from voxrt.outside.peers_file import PLAN_KEYS, read_plan
from voxrt.vox.socket_peer import check_plan

LONGEST_MS = 3_600_000
MOST_SINES = 4
TONE_HZ = (50, 3_900)
BEEP_HZ, BEEP_MS = (350, 3_400), (20, 60_000)
STEP_KEYS: dict[str, tuple[str, ...]] = {
    "say": ("voice", "speed", "unclear"),
    "play": ("text",),
    "voicemail": ("voice", "speed", "pause_ms", "beep_hz", "beep_ms"),
    "beep": ("hz",),
    "wait": (),
    "wait_for": ("for_ms", "after_ms", "timeout_ms", "on_timeout"),
    "barge_in": ("after_ms", "timeout_ms", "on_timeout", "voice", "speed", "unclear"),
    "press": ("kind",),
    "message": (),
    "info": ("type", "headers"),
    "request": ("method", "headers", "content"),
    "websocket": ("headers", *PLAN_KEYS),
    "tone": ("ms",),
    "transfer": ("headers", "timeout_ms", "on_timeout"),
    "reinvite": ("type", "headers", "timeout_ms", "on_timeout"),
    "identify": ("subtype", "confidence"),
    "statistics": (),
    "hang_up": (),
    **dict.fromkeys(get_args(SwitchName), ()),
}
#: The steps that are one word.
WORDS = ("hang_up", *get_args(SwitchName), "statistics")
CONDITIONS = get_args(Condition)
DIGIT_KINDS = get_args(DigitKind)


def read_steps(node: Node, folder: Path) -> tuple[Step, ...]:
    """A list of steps; sounds are looked for in `folder`."""
    return tuple(step for item in as_list(node) for step in _step(item, folder))


def _step(node: Node, folder: Path) -> list[Step]:
    """One item of a list of steps; a barge-in is two steps."""
    if node.value in WORDS:
        return [_WORDS[node.value]]
    if not isinstance(node.value, dict):
        node.fail(
            f"a step is a mapping such as `say: Hello`, or `hang_up`, but this is {is_a(node)}"
        )
    verbs = [key for key in node.value if key in STEP_KEYS]
    if len(verbs) > 1:
        node.fail(f"a step does one thing, and this one does two: `{verbs[0]}` and `{verbs[1]}`")
    if not verbs:
        key, item = next(iter(node.value.items()), ("", node))
        item.fail(f"there is no step `{key}`.", near(key, STEP_KEYS))
    verb = verbs[0]
    read = Fields(node, f"the step `{verb}`", (verb, *STEP_KEYS[verb]))
    return _READERS[verb](read, read[verb], folder)


def _read_say(read: Fields, node: Node, folder: Path) -> list[Step]:
    if not as_text(node).strip():
        node.fail("there is nothing to say")
    return [
        Say(
            text=as_text(node),
            voice=read.text("voice"),
            speed=read.number("speed", 1.0, 0.25, 4.0),
            unclear=read.number("unclear", 0.0, 0.0, 1.0),
        )
    ]


def _read_play(read: Fields, node: Node, folder: Path) -> list[Step]:
    return [Play(sound=read_sound(node, folder, read.text("text")))]


def _read_voicemail(read: Fields, node: Node, folder: Path) -> list[Step]:
    if not as_text(node).strip():
        node.fail("a voicemail needs the text of its greeting")
    greeting = Say(
        text=as_text(node), voice=read.text("voice"), speed=read.number("speed", 1.0, 0.25, 4.0)
    )
    return voicemail(
        greeting,
        pause_ms=read.integer("pause_ms", DEFAULT_BEEP_PAUSE_MS, 0, LONGEST_MS),
        beep_hz=read.integer("beep_hz", DEFAULT_BEEP_HZ, *BEEP_HZ),
        beep_ms=read.integer("beep_ms", DEFAULT_BEEP_MS, *BEEP_MS),
    )


def _read_beep(read: Fields, node: Node, folder: Path) -> list[Step]:
    ms = DEFAULT_BEEP_MS if node.value is None else as_integer(node, *BEEP_MS)
    return [Beep(hz=read.integer("hz", DEFAULT_BEEP_HZ, *BEEP_HZ), ms=ms)]


def _read_wait(read: Fields, node: Node, folder: Path) -> list[Step]:
    return [Wait(ms=as_integer(node, 0, LONGEST_MS))]


def _read_wait_for(read: Fields, node: Node, folder: Path) -> list[Step]:
    condition, _, name = as_text(node).partition(" ")
    if condition not in CONDITIONS:
        node.fail(f"nothing to wait for is called `{condition}`.", near(condition, CONDITIONS))
    if (condition == "event") != bool(name.strip()):
        node.fail("must be `event NAME`" if condition == "event" else f"`{name}` is too much")
    return [_wait_for(read, condition, name.strip(), read.integer("after_ms", 0, 0, LONGEST_MS))]


def _wait_for(read: Fields, condition: Any, name: str, after_ms: int) -> WaitFor:
    return WaitFor(
        condition=condition,
        name=name,
        for_ms=read.integer("for_ms", DEFAULT_SILENCE_MS, 0, LONGEST_MS),
        after_ms=after_ms,
        **_patience(read),
    )


def _patience(read: Fields) -> dict[str, Any]:
    """How long a step waits, and what follows then."""
    return {
        "timeout_ms": read.integer("timeout_ms", DEFAULT_TIMEOUT_MS, 1, LONGEST_MS),
        "on_timeout": read.choice("on_timeout", "hang_up", ("hang_up", "continue")),
    }


def _read_barge_in(read: Fields, node: Node, folder: Path) -> list[Step]:
    """`barge_in: text` with options beside it, or `barge_in: {say: text, after_ms: 400}`."""
    if isinstance(node.value, dict):
        inner = Fields(node, "a barge-in", ("say", "play", "text", *STEP_KEYS["barge_in"]))
        for key in STEP_KEYS["barge_in"]:
            if key in read:
                read[key].fail("belongs inside the barge-in, with `say`")
        verb = inner.one_of(("say", "play"))
        if not verb:
            inner.fail("a barge-in needs the key `say` or `play`")
        spoken = _READERS[verb](inner, inner[verb], folder)
    else:
        inner, spoken = read, _read_say(read, node, folder)
    after_ms = inner.integer("after_ms", DEFAULT_BARGE_IN_MS, 0, LONGEST_MS)
    return [_wait_for(inner, "agent_speech", "", after_ms), *spoken]


def _read_press(read: Fields, node: Node, folder: Path) -> list[Step]:
    digits = as_text(node)
    wrong = sorted(set(digits) - set("0123456789*#ABCDp"))
    if wrong or not digits:
        node.fail(f"must be digits, `*`, `#`, `A` to `D` and `p` for a pause, but is {is_a(node)}")
    kind: Any = read.choice("kind", "rfc2833", DIGIT_KINDS)
    return [Press(digits=digits, kind=kind)]


def _read_message(read: Fields, node: Node, folder: Path) -> list[Step]:
    return [Message(text=as_text(node))]


def _read_info(read: Fields, node: Node, folder: Path) -> list[Step]:
    return [
        Info(
            body=as_text(node),
            mime_type=read.text("type", "text/plain"),
            headers=read.texts("headers"),
        )
    ]


def _read_request(read: Fields, node: Node, folder: Path) -> list[Step]:
    return [
        Request(
            path="" if node.value is None else as_text(node),
            method=read.text("method"),
            content=read.text("content"),
            headers=read.texts("headers"),
        )
    ]


def _read_websocket(read: Fields, node: Node, folder: Path) -> list[Step]:
    plan = read_plan(read, folder)
    check_plan(plan)
    path = "" if node.value is None else as_text(node)
    return [Connect(path=path, headers=read.texts("headers"), plan=plan)]


def _read_word(read: Fields, node: Node, folder: Path) -> list[Step]:
    word = next(iter(read.node.value))
    if node.value not in (None, True):
        node.fail(f"`{word}` has no value, but this is {is_a(node)}", f"Write just: - {word}")
    return [_WORDS[word]]


def _read_tone(read: Fields, node: Node, folder: Path) -> list[Step]:
    items = as_list(node) if isinstance(node.value, list) else [node]
    if not 1 <= len(items) <= MOST_SINES:
        node.fail(f"a tone has one to {MOST_SINES} frequencies, not {len(items)}")
    frequencies = tuple(as_integer(item, *TONE_HZ) for item in items)
    return [Tone(frequencies_hz=frequencies, ms=read.integer("ms", DEFAULT_TONE_MS, 1, 60_000))]


def _read_transfer(read: Fields, node: Node, folder: Path) -> list[Step]:
    if not as_text(node).strip():
        node.fail("must be a number, a user or a SIP address")
    return [Transfer(to=as_text(node), headers=read.texts("headers"), **_patience(read))]


def _read_reinvite(read: Fields, node: Node, folder: Path) -> list[Step]:
    return [
        Reinvite(
            body="" if node.value in (None, True) else as_text(node),
            mime_type=read.text("type", "application/sdp"),
            headers=read.texts("headers"),
            **_patience(read),
        )
    ]


def _read_identify(read: Fields, node: Node, folder: Path) -> list[Step]:
    audio_type = as_text(node)
    if audio_type == NOT_IDENTIFIED:
        for key in STEP_KEYS["identify"]:
            if key in read:
                read[key].fail("belongs to a result, and `error` has none")
        return [Identify(audio_type=audio_type)]
    subtype = read.choice("subtype", "NONE", identified_subtypes())
    confidence = read.number("confidence", MOST_CONFIDENT, 0, MOST_CONFIDENT)
    try:
        return [Identify(audio_type=audio_type, subtype=subtype, confidence=confidence)]
    except InputError as error:
        node.fail(error.message, error.hint)


def read_sound(node: Node, folder: Path, text: str = "") -> SoundFile:
    """A sound file, beside the script."""
    try:
        return load_sound(folder / as_text(node), text)
    except AudioFileError as error:
        node.fail(str(error))


_READERS: dict[str, Callable[[Fields, Node, Path], list[Step]]] = {
    "say": _read_say,
    "play": _read_play,
    "voicemail": _read_voicemail,
    "beep": _read_beep,
    "wait": _read_wait,
    "wait_for": _read_wait_for,
    "barge_in": _read_barge_in,
    "press": _read_press,
    "message": _read_message,
    "info": _read_info,
    "request": _read_request,
    "websocket": _read_websocket,
    "tone": _read_tone,
    "transfer": _read_transfer,
    "reinvite": _read_reinvite,
    "identify": _read_identify,
    **dict.fromkeys(WORDS, _read_word),
}
_WORDS: dict[str, Step] = {
    "hang_up": HANG_UP,
    **{word: Switch(what=word) for word in get_args(SwitchName)},
    "statistics": Statistics(),
}
