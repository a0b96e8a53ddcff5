"""A trace of the link to the provider: every message, both ways, with its time.

Read are voxrt's own traces (`traces/grok-1.txt`: ms, `>` or `<`, the message), the files of a
run's connections and cassettes (`.jsonl`), and conversations kept as YAML (`interactions` with
`direction` and `data`), which have no times.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import msgspec
from attrs import field, frozen

from voxrt.documents import Node, read_document
from voxrt.errors import DocumentError
from voxrt.xai.cassette import read_cassette

_LINE: Final = re.compile(r"\s*(\d{1,12}(?:\.\d+)?) ([<>]) (.*)")
#: What stands for the time between the messages of a conversation that has no times.
STEP_MS: Final = 20.0


@frozen(kw_only=True)
class Traced:
    """One message of a trace.

    Attributes:
        t_ms: Its time, by the trace's own clock.
        direction: `sent` or `received`.
        message: The message.
        audio: The sound of sent audio as it travelled; `None` when the trace has not kept it.
    """

    t_ms: float
    direction: str
    message: dict[str, Any] = field(repr=False)
    audio: bytes | None = field(default=None, repr=False)


@frozen(kw_only=True)
class TraceFile:
    """A trace that was read.

    Attributes:
        path: Where.
        messages: In order.
        timed: Whether the messages have times of their own.
        end: How the connection ended, as the line of a cassette; `None` when that is not known.
        url: The provider's address; empty when it is not known.
        not_understood: What is in it and is no message, in words.
    """

    path: Path
    messages: list[Traced] = field(repr=False)
    timed: bool = True
    end: dict[str, Any] | None = None
    url: str = ""
    not_understood: list[str] = field(factory=list)


def read_trace(path: Path) -> TraceFile:
    """Reads a trace of any of the three kinds, told apart by the file's ending.

    Raises:
        InputError: It cannot be read, or is none; the message names the line.
    """
    if not path.is_file():
        what = "this is a folder" if path.is_dir() else "there is no such file"
        raise DocumentError(what, file=str(path))
    suffix = path.suffix.lower()
    if suffix == ".jsonl":
        return _read_cassette(path)
    if suffix in (".yaml", ".yml"):
        return _read_yaml(path)
    return _read_text(path)


def _read_cassette(path: Path) -> TraceFile:
    cassette = read_cassette(path)
    messages = [
        Traced(t_ms=line.fields["t"], direction=line.direction, message=line.message)
        for line in cassette.lines
        if line.message is not None
    ]
    _check(path, messages)
    ends = [line.fields for line in cassette.lines if line.direction == "closed"]
    return TraceFile(
        path=path,
        messages=messages,
        end=ends[-1] if ends else None,
        url=str(cassette.head.get("url", "")),
    )


def _read_yaml(path: Path) -> TraceFile:
    document = read_document(path)
    interactions = document.value.get("interactions") if isinstance(document.value, dict) else None
    if interactions is None or not isinstance(interactions.value, list):
        document.fail("a conversation as YAML has a list `interactions`")
    nodes: list[Node] = interactions.value
    messages = []
    for number, node in enumerate(nodes):
        entry = node.plain() if isinstance(node.value, dict) else {}
        direction, data = str(entry.get("direction")), entry.get("data")
        if not isinstance(data, dict) or not isinstance(data.get("type"), str):
            node.fail("an interaction has `data`, an object with a `type`")
        if direction not in ("sent", "received"):
            node.fail("an interaction has a `direction`, sent or received")
        messages.append(_traced(path, node.line, number * STEP_MS, direction, data))
    _check(path, messages)
    return TraceFile(path=path, messages=messages, timed=False)


def _read_text(path: Path) -> TraceFile:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        reason = error.strerror or error
        raise DocumentError(f"the trace cannot be read: {reason}", file=str(path)) from None
    except UnicodeDecodeError:
        raise DocumentError("this is no trace: it is not UTF-8 text", file=str(path)) from None
    not_understood: list[str] = []
    messages = list(_text_messages(path, text, not_understood))
    _check(path, messages)
    return TraceFile(path=path, messages=messages, not_understood=not_understood)


def _text_messages(path: Path, text: str, odd: list[str]) -> Iterator[Traced]:
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        found = _LINE.fullmatch(line.rstrip("\r"))
        if found is None:
            if number == len(lines) and number > 1:  # a kill cut it off
                odd.append(f"line {number} of the trace is cut off")
                continue
            raise DocumentError(
                "a line of a trace is `ms > message` or `ms < message`",
                hint="docs/grok.md has the format.",
                file=str(path),
                line=number,
            )
        direction = "sent" if found[2] == ">" else "received"
        try:
            message = msgspec.json.decode(found[3])
        except (ValueError, RecursionError):
            message = None
        if isinstance(message, dict) and isinstance(message.get("type"), str):
            yield _traced(path, number, float(found[1]), direction, message)
        else:
            odd.append(f"line {number} of the trace is no message: {found[3][:40]}")


def _traced(path: Path, line: int, t_ms: float, direction: str, message: dict[str, Any]) -> Traced:
    audio = None
    if direction == "sent" and message.get("type") == "input_audio_buffer.append":
        try:
            audio = binascii.a2b_base64(message.get("audio") or "")
        except (ValueError, TypeError):
            raise DocumentError(
                "the audio of this message is not base64", file=str(path), line=line
            ) from None
    if direction == "received" and str(message.get("type")).endswith("audio.delta"):
        _check_delta(path, line, message.get("delta"))
    return Traced(t_ms=t_ms, direction=direction, message=message, audio=audio)


def _check_delta(path: Path, line: int, delta: Any) -> None:
    try:
        base64.b64decode(delta)
    except (ValueError, TypeError):
        raise DocumentError(
            "the audio of this message is not base64", file=str(path), line=line
        ) from None


def _check(path: Path, messages: list[Traced]) -> None:
    """A trace has messages, and their times go forward."""
    if not messages:
        raise DocumentError("there is no message in this trace", file=str(path))
    for before, after in pairwise(messages):
        if after.t_ms < before.t_ms:
            raise DocumentError(
                f"its times go backwards, from {before.t_ms} to {after.t_ms} ms", file=str(path)
            )
