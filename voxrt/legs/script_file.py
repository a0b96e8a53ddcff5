"""Caller scripts as files: YAML, Python, or a WAV file of a caller.

The YAML format is described in docs/caller-script.md and in caller.schema.json, which a test holds
against the tables of keys below. Whatever does not fit is a `DocumentError` with its line.
"""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

from voxrt.documents import Node, parse_document, read_document
from voxrt.errors import AudioFileError, DocumentError, VoxrtError
from voxrt.fields import Fields, as_integer, as_list, as_text, is_a, near
from voxrt.legs.recorded import recorded_caller
from voxrt.legs.script import (
    DEFAULT_ANSWER_AFTER_MS,
    DEFAULT_RING_AFTER_MS,
    REASONS,
    Caller,
    CallerScript,
    ClientType,
    Party,
)
from voxrt.legs.sound_file import SoundFile, load_sound
from voxrt.legs.steps import (
    DEFAULT_BARGE_IN_MS,
    DEFAULT_SILENCE_MS,
    DEFAULT_TIMEOUT_MS,
    HANG_UP,
    Condition,
    Connect,
    DigitKind,
    Info,
    Message,
    Play,
    Press,
    Request,
    Say,
    Step,
    Wait,
    WaitFor,
)
from voxrt.media.rational import CORE_RATES_HZ
from voxrt.outside.peers_file import PLAN_KEYS, read_plan
from voxrt.vox.socket_peer import check_plan

LONGEST_MS = 3_600_000
SCRIPT_KEYS = ("caller", "parties")
PERSON_KEYS = ("name", "voice", "rate_hz", "steps", "then")
CALLER_KEYS = (*PERSON_KEYS, "number", "type", "headers", "patience_ms")
OUTCOME_KEYS = ("answer_after_ms", "busy", "no_answer", "fail")
PARTY_KEYS = (
    *PERSON_KEYS, "match", "kind", "ring", "ring_after_ms", "early_media", *OUTCOME_KEYS,
    "fail_after_ms", "early_media_after_ms", "offline", "online_after_ms",
)  # fmt: skip
STEP_KEYS: dict[str, tuple[str, ...]] = {
    "say": ("voice", "speed"),
    "play": ("text",),
    "wait": (),
    "wait_for": ("for_ms", "after_ms", "timeout_ms", "on_timeout"),
    "barge_in": ("after_ms", "timeout_ms", "on_timeout", "voice", "speed"),
    "press": ("kind",),
    "message": (),
    "info": ("type", "headers"),
    "request": ("method", "headers", "content"),
    "websocket": ("headers", *PLAN_KEYS),
    "hang_up": (),
}
CLIENT_TYPES = get_args(ClientType)
CONDITIONS = get_args(Condition)
DIGIT_KINDS = get_args(DigitKind)


def load_script(path: str | Path) -> CallerScript:
    """Reads a caller's script from a `.yaml`, `.yml`, `.py` or `.wav` file.

    A Python file sets `script` to what `voxrt.legs.builder` made. A WAV file is a caller who says
    what is in it and hangs up a second after its end.

    Raises:
        DocumentError: The file or a line of it is wrong.
        AudioFileError: The WAV file cannot be read.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix in (".yaml", ".yml"):
        return read_script(read_document(path), path.parent)
    if suffix == ".wav":
        return CallerScript(caller=recorded_caller(load_sound(path)))
    if suffix == ".py":
        return _run_python(path)
    raise DocumentError(
        f"a caller is a .yaml, .py or .wav file, not `{suffix or path.name}`", file=str(path)
    )


def parse_script(text: str, *, file: str = "<caller>", folder: Path | None = None) -> CallerScript:
    """Reads a YAML script from a string; sounds are looked for in `folder`."""
    return read_script(parse_document(text, file=file), folder or Path())


def read_script(document: Node, folder: Path) -> CallerScript:
    """Makes a script of a document. A list is the caller's steps, a mapping is everything."""
    if document.value is None:
        document.fail("the script is empty")
    if isinstance(document.value, list):
        return CallerScript(caller=Caller(steps=_steps(document, folder)))
    script = Fields(document, "a script", SCRIPT_KEYS)
    caller = _caller(script["caller"], folder) if "caller" in script else Caller()
    parties = as_list(script["parties"]) if "parties" in script else []
    return CallerScript(caller=caller, parties=tuple(_party(node, folder) for node in parties))


def _run_python(path: Path) -> CallerScript:
    if not path.is_file():
        raise DocumentError("there is no such file", file=str(path))
    try:
        names = runpy.run_path(str(path))
    except SyntaxError as error:
        raise DocumentError(
            f"not valid Python: {error.msg}", file=str(path), line=error.lineno
        ) from None
    except VoxrtError:
        raise
    except Exception as error:
        trace, line = error.__traceback__, None
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == str(path):
                line = trace.tb_lineno
            trace = trace.tb_next
        raise DocumentError(
            f"{type(error).__name__}: {error}", file=str(path), line=line
        ) from error
    script = names.get("script")
    if not isinstance(script, CallerScript):
        raise DocumentError(
            "it does not set `script` to a caller's script",
            hint="End it with: script = caller().say('Hello').script()",
            file=str(path),
        )
    return script


def _person(read: Fields, folder: Path) -> dict[str, Any]:
    """The keys that a caller and a party have in common, those that are given."""
    given: dict[str, Any] = {key: read.text(key) for key in ("name", "voice") if key in read}
    given["then"] = read.choice("then", "stay", ("stay", "hang_up"))
    if "rate_hz" in read:
        given["rate_hz"] = as_integer(read["rate_hz"], min(CORE_RATES_HZ), max(CORE_RATES_HZ))
        if given["rate_hz"] not in CORE_RATES_HZ:
            read["rate_hz"].fail(f"must be one of {CORE_RATES_HZ}, but is {is_a(read['rate_hz'])}")
    if "steps" in read:
        given["steps"] = _steps(read["steps"], folder)
    return given


def _caller(node: Node, folder: Path) -> Caller:
    read = Fields(node, "the caller", CALLER_KEYS)
    client_type: Any = read.choice("type", "pstn", CLIENT_TYPES)
    return Caller(
        number=read.text("number"),
        client_type=client_type,
        headers=read.texts("headers"),
        patience_ms=read.integer("patience_ms", 0, 0, LONGEST_MS),
        **_person(read, folder),
    )


def _party(node: Node, folder: Path) -> Party:
    read = Fields(node, "a party", PARTY_KEYS)
    match = as_text(read.need("match"))
    kind: Any = read.choice("kind", "", CLIENT_TYPES)
    outcome = read.one_of(OUTCOME_KEYS)
    early: str | SoundFile | None = None
    if "early_media" in read:
        early = read.text("early_media")
        if early.lower().endswith(".wav"):
            early = _sound(read["early_media"], folder)
    answer_ms: int | None = None
    fail: tuple[int, str] | None = None
    if outcome == "busy" and read.boolean("busy", True):
        fail = (486, REASONS[486])
    elif outcome == "fail":
        code = as_integer(read["fail"], 300, 699)
        fail = (code, REASONS.get(code, ""))
    elif not (outcome == "no_answer" and read.boolean("no_answer", True)):
        answer_ms = read.integer("answer_after_ms", DEFAULT_ANSWER_AFTER_MS, 0, LONGEST_MS)
    if "fail_after_ms" in read and fail is None:
        read["fail_after_ms"].fail("goes with `busy` or `fail` only")
    for key, needed in (("early_media_after_ms", "early_media"), ("online_after_ms", "offline")):
        if key in read and needed not in read:
            read[key].fail(f"goes with `{needed}` only")
    return Party(
        match=match,
        kind=kind,
        rings=read.boolean("ring", fail is None),
        ring_after_ms=read.integer("ring_after_ms", DEFAULT_RING_AFTER_MS, 0, LONGEST_MS),
        answer_after_ms=answer_ms,
        fail=fail,
        fail_after_ms=read.integer("fail_after_ms", DEFAULT_ANSWER_AFTER_MS, 0, LONGEST_MS),
        early_media=early,
        early_media_after_ms=_milliseconds(read, "early_media_after_ms"),
        offline=read.boolean("offline", False),
        online_after_ms=_milliseconds(read, "online_after_ms"),
        **_person(read, folder),
    )


def _milliseconds(read: Fields, key: str) -> int | None:
    return read.integer(key, 0, 0, LONGEST_MS) if key in read else None


def _steps(node: Node, folder: Path) -> tuple[Step, ...]:
    return tuple(step for item in as_list(node) for step in _step(item, folder))


def _step(node: Node, folder: Path) -> list[Step]:
    """One item of a list of steps; a barge-in is two steps."""
    if node.value == "hang_up":
        return [HANG_UP]
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
            text=as_text(node), voice=read.text("voice"), speed=read.number("speed", 1.0, 0.25, 4.0)
        )
    ]


def _read_play(read: Fields, node: Node, folder: Path) -> list[Step]:
    return [Play(sound=_sound(node, folder, read.text("text")))]


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
    on_timeout: Any = read.choice("on_timeout", "hang_up", ("hang_up", "continue"))
    return WaitFor(
        condition=condition,
        name=name,
        for_ms=read.integer("for_ms", DEFAULT_SILENCE_MS, 0, LONGEST_MS),
        after_ms=after_ms,
        timeout_ms=read.integer("timeout_ms", DEFAULT_TIMEOUT_MS, 1, LONGEST_MS),
        on_timeout=on_timeout,
    )


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


def _read_hang_up(read: Fields, node: Node, folder: Path) -> list[Step]:
    if node.value not in (None, True):
        node.fail(f"`hang_up` has no value, but this is {is_a(node)}", "Write just: - hang_up")
    return [HANG_UP]


def _sound(node: Node, folder: Path, text: str = "") -> SoundFile:
    try:
        return load_sound(folder / as_text(node), text)
    except AudioFileError as error:
        node.fail(str(error))


_READERS: dict[str, Callable[[Fields, Node, Path], list[Step]]] = {
    "say": _read_say,
    "play": _read_play,
    "wait": _read_wait,
    "wait_for": _read_wait_for,
    "barge_in": _read_barge_in,
    "press": _read_press,
    "message": _read_message,
    "info": _read_info,
    "request": _read_request,
    "websocket": _read_websocket,
    "hang_up": _read_hang_up,
}
