"""Caller scripts as files: YAML, Python, or a WAV file of a caller.

The YAML format is described in docs/caller-script.md and in caller.schema.json, which a test holds
against the tables of keys below. Whatever does not fit is a `DocumentError` with its line.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

from attrs import evolve

from voxrt.documents import Node, parse_document, read_document
from voxrt.errors import DocumentError
from voxrt.fields import Fields, as_integer, as_list, as_text, is_a, near
from voxrt.legs.channel_file import read_channel
from voxrt.legs.recorded import recorded_caller
from voxrt.legs.script import (
    CONFERENCE,
    DEFAULT_ANSWER_AFTER_MS,
    DEFAULT_RING_AFTER_MS,
    FAILURES,
    Caller,
    CallerScript,
    ClientType,
    Expected,
    Party,
)
from voxrt.legs.sound_file import SoundFile, load_sound
from voxrt.legs.step_file import LONGEST_MS, read_sound, read_steps
from voxrt.media.rational import CORE_RATES_HZ
from voxrt.python_file import run_file
from voxrt.vox.call_facts import REASONS, VIDEO_KINDS

SCRIPT_KEYS = ("caller", "callers", "parties")
PERSON_KEYS = (
    "name", "voice", "rate_hz", "channel", "video", "headers", "transfer_fails", "reinvite_fails",
    "steps", "then", "expect",
)  # fmt: skip
CALLER_KEYS = (*PERSON_KEYS, "number", "type", "patience_ms", "custom_data")
FURTHER_KEYS = (*CALLER_KEYS, "to", "after_ms")
OUTCOME_KEYS = ("answer_after_ms", "busy", "no_answer", "fail")
ANSWER_KEYS = (
    *PERSON_KEYS, "ring", "ring_after_ms", "early_media", *OUTCOME_KEYS, "reason", "fail_after_ms",
    "early_media_after_ms",
)  # fmt: skip
PARTY_KEYS = (
    *ANSWER_KEYS, "match", "kind", "forwarded_after_ms", "offline", "online_after_ms",
)  # fmt: skip
FOLDER_SCRIPT = "caller.yaml"
CLIENT_TYPES = get_args(ClientType)
PARTY_KINDS = (*CLIENT_TYPES, CONFERENCE)


def load_script(path: str | Path) -> CallerScript:
    """Reads a caller's script from a `.yaml`, `.yml`, `.py` or `.wav` file, or from a folder.

    A Python file sets `script` to what `voxrt.legs.builder` made. A WAV file is a caller who says
    what is in it and hangs up a second after its end. The script of a folder is its `caller.yaml`,
    as `voxrt import` writes it.

    Raises:
        DocumentError: The file or a line of it is wrong.
        AudioFileError: The WAV file cannot be read.
    """
    path = Path(path)
    if path.is_dir():
        path /= FOLDER_SCRIPT
        if not path.is_file():
            raise DocumentError(
                "there is no caller's script in this folder",
                hint=f"One that `voxrt import` made has a {FOLDER_SCRIPT}.",
                file=str(path.parent),
            )
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
        return CallerScript(caller=Caller(steps=read_steps(document, folder)))
    script = Fields(document, "a script", SCRIPT_KEYS)
    caller = _caller(script["caller"], folder) if "caller" in script else Caller()
    parties = as_list(script["parties"]) if "parties" in script else []
    further = as_list(script["callers"]) if "callers" in script else []
    return CallerScript(
        caller=caller,
        parties=tuple(_party(node, folder) for node in parties),
        callers=tuple(_further_caller(node, folder) for node in further),
    )


def _run_python(path: Path) -> CallerScript:
    script = run_file(path).get("script")
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
    given["expect"] = read.choice("expect", "", get_args(Expected))
    given["then"] = read.choice("then", "stay", ("stay", "hang_up"))
    if "rate_hz" in read:
        given["rate_hz"] = as_integer(read["rate_hz"], min(CORE_RATES_HZ), max(CORE_RATES_HZ))
        if given["rate_hz"] not in CORE_RATES_HZ:
            read["rate_hz"].fail(f"must be one of {CORE_RATES_HZ}, but is {is_a(read['rate_hz'])}")
    if "channel" in read:
        rate_hz = given.get("rate_hz", 0)
        given["sends_over"], given["hears_over"] = read_channel(read["channel"], rate_hz)
    given["video"] = read.boolean("video", False)
    given["headers"] = read.texts("headers")
    for key in ("transfer_fails", "reinvite_fails"):
        if key in read:
            given[key] = _failure(read[key])
    if "steps" in read:
        given["steps"] = read_steps(read["steps"], folder)
    return given


def _caller(node: Node, folder: Path) -> Caller:
    return _read_caller(Fields(node, "the caller", CALLER_KEYS), folder)


def _further_caller(node: Node, folder: Path) -> Caller:
    read = Fields(node, "a further caller", FURTHER_KEYS)
    return evolve(
        _read_caller(read, folder),
        to=read.text("to"),
        after_ms=read.integer("after_ms", 0, 0, LONGEST_MS),
    )


def _read_caller(read: Fields, folder: Path) -> Caller:
    client_type: Any = read.choice("type", "pstn", CLIENT_TYPES)
    _check_video(read, "type", client_type)
    return Caller(
        number=read.text("number"),
        client_type=client_type,
        patience_ms=read.integer("patience_ms", 0, 0, LONGEST_MS),
        custom_data=read.text("custom_data"),
        **_person(read, folder),
    )


def _party(node: Node, folder: Path) -> Party:
    read = Fields(node, "a party", PARTY_KEYS)
    match = as_text(read.need("match"))
    kind: Any = read.choice("kind", "", PARTY_KINDS)
    if "online_after_ms" in read and "offline" not in read:
        read["online_after_ms"].fail("goes with `offline` only")
    if kind:
        _check_video(read, "kind", kind)
    return Party(
        match=match,
        kind=kind,
        forwarded_after_ms=_milliseconds(read, "forwarded_after_ms"),
        offline=read.boolean("offline", False),
        online_after_ms=_milliseconds(read, "online_after_ms"),
        **answering(read, folder),
    )


def answering(read: Fields, folder: Path) -> dict[str, Any]:
    """What a phone does that is called, and what is said into it: `ANSWER_KEYS` of a `Party`."""
    outcome = read.one_of(OUTCOME_KEYS)
    early: str | SoundFile | None = None
    if "early_media" in read:
        early = read.text("early_media")
        if early.lower().endswith(".wav"):
            early = read_sound(read["early_media"], folder)
    answer_ms: int | None = None
    fail: tuple[int, str] | None = None
    if outcome == "busy" and read.boolean("busy", True):
        fail = (486, read.text("reason", REASONS[486]))
    elif outcome == "fail":
        code = _failure(read["fail"])
        fail = (code, read.text("reason", REASONS.get(code, "")))
    elif not (outcome == "no_answer" and read.boolean("no_answer", True)):
        answer_ms = read.integer("answer_after_ms", DEFAULT_ANSWER_AFTER_MS, 0, LONGEST_MS)
    for key in ("fail_after_ms", "reason"):
        if key in read and fail is None:
            read[key].fail("goes with `busy` or `fail` only")
    if "early_media_after_ms" in read and "early_media" not in read:
        read["early_media_after_ms"].fail("goes with `early_media` only")
    return {
        "rings": read.boolean("ring", fail is None),
        "ring_after_ms": read.integer("ring_after_ms", DEFAULT_RING_AFTER_MS, 0, LONGEST_MS),
        "answer_after_ms": answer_ms,
        "fail": fail,
        "fail_after_ms": read.integer("fail_after_ms", DEFAULT_ANSWER_AFTER_MS, 0, LONGEST_MS),
        "early_media": early,
        "early_media_after_ms": _milliseconds(read, "early_media_after_ms"),
        **_person(read, folder),
    }


def _check_video(read: Fields, key: str, kind: str) -> None:
    if read.boolean("video", False) and kind not in VIDEO_KINDS:
        read["video"].fail(f"goes with `{key}: sip` and `{key}: user` only")


def _failure(node: Node) -> int:
    """A SIP code of failure, as a number or as one of a few words."""
    if not isinstance(node.value, str):
        return as_integer(node, 300, 699)
    if node.value not in FAILURES:
        node.fail(f"no failure is called `{node.value}`.", near(node.value, FAILURES))
    return FAILURES[node.value]


def _milliseconds(read: Fields, key: str) -> int | None:
    return read.integer(key, 0, 0, LONGEST_MS) if key in read else None
