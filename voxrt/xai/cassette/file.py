"""A cassette: the messages of one connection, in the format of a run's `links/N.jsonl`.

docs/cassettes.md describes the format. A last line that was cut off by a kill is left out; whatever
else does not fit is an error that names the line.
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any, Final, NoReturn

import msgspec
from attrs import field, frozen

from voxrt.clock import US_PER_MS, US_PER_S
from voxrt.errors import DocumentError, UsageError

FORMAT: Final = 1
SUFFIX: Final = ".jsonl"
APPEND: Final = "input_audio_buffer.append"
DIRECTIONS: Final = ("sent", "received", "closed", "refused")


@frozen(kw_only=True)
class Line:
    """One line of a cassette behind the first.

    Attributes:
        number: Its number in the file, from 1.
        t_us: When it happened, in microseconds of the recorded run.
        direction: `sent`, `received`, `closed` or `refused`.
        message: The message; `None` of an end, and of text that is no message.
        fields: Everything that the line says.
    """

    number: int
    t_us: int
    direction: str
    message: dict[str, Any] | None = field(repr=False)
    fields: dict[str, Any] = field(repr=False)

    @property
    def type(self) -> str:
        """The type of its message; empty without one."""
        return str((self.message or {}).get("type", ""))

    @property
    def audio_us(self) -> int | None:
        """How much audio was sent, in microseconds; `None` for anything but sent audio."""
        if self.direction != "sent" or self.type != APPEND or self.message is None:
            return None
        audio = self.message["audio"]
        return int(audio["samples"]) * US_PER_S // int(audio["rate_hz"])

    @property
    def is_asked(self) -> bool:
        """Whether it is a message that the client sent, other than audio."""
        return self.direction == "sent" and self.type != APPEND


@frozen(kw_only=True)
class Cassette:
    """The messages of one connection.

    Attributes:
        path: Where it was read.
        head: Its first line.
        lines: The others, in order.
        ignore: The paths of fields that may be other than recorded, from the first line's
            `ignore`, such as `session.instructions`.
    """

    path: Path
    head: dict[str, Any]
    lines: tuple[Line, ...] = field(repr=False)
    ignore: tuple[str, ...] = ()

    @property
    def opened_us(self) -> int | None:
        """When the recorded connection was there; `None` when it was refused."""
        return _us(self.head["opened_ms"])

    @property
    def dialled_us(self) -> int:
        """When it was called; when it was there, if that is not known."""
        dialled = _us(self.head.get("dialled_ms"))
        return dialled if dialled is not None else self.opened_us or 0


def read_cassettes(path: Path) -> list[Cassette]:
    """Reads a cassette file, or a folder of them: `1.jsonl` is its first connection.

    Raises:
        InputError: There is none, or one of them is wrong.
    """
    if not path.is_dir():
        return [read_cassette(path)]
    named = [file for file in path.glob(f"*{SUFFIX}") if file.stem.isdecimal()]
    if not named:
        raise UsageError(
            "there is no cassette in this folder.",
            hint="Its cassettes are called 1.jsonl, 2.jsonl, ...; a run leaves them in `links`.",
            file=str(path),
        )
    return [read_cassette(file) for file in sorted(named, key=lambda file: int(file.stem))]


def read_cassette(path: Path) -> Cassette:
    """Reads one cassette.

    Raises:
        UsageError: There is no such file.
        DocumentError: A line of it is wrong.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise UsageError(
            "there is no such cassette.",
            hint="Record it first: --record-mode once records one that is not there.",
            file=str(path),
        ) from None
    except OSError as error:
        reason = error.strerror or error
        raise DocumentError(f"the cassette cannot be read: {reason}", file=str(path)) from None
    texts = data.split(b"\n")
    values = [_decoded(path, number, text, last=number == len(texts)) for number, text in
              enumerate(texts, 1)]  # fmt: skip
    head = values[0]
    if not isinstance(head, dict) or "format" not in head:
        _fail(path, 1, "a cassette begins with an object that has `format`")
    _check_head(path, head)
    lines = [
        _line(path, number, value)
        for number, value in enumerate(values[1:], 2)
        if value is not _NOTHING
    ]
    return Cassette(path=path, head=head, lines=tuple(lines), ignore=tuple(head.get("ignore", ())))


class _Nothing:
    """What an empty or a cut line is."""


_NOTHING: Final = _Nothing()


def _decoded(path: Path, number: int, text: bytes, *, last: bool) -> Any:
    if not text.strip():
        return _NOTHING
    try:
        return msgspec.json.decode(text)
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError is one
        if last and number > 1:
            return _NOTHING
        why = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        _fail(path, number, f"this line is not JSON: {why}")


def _check_head(path: Path, head: dict[str, Any]) -> None:
    if head["format"] != FORMAT:
        by = f", written by voxrt {head['voxrt']}" if "voxrt" in head else ""
        _fail(path, 1, f"its format is {head['format']!r}{by}; this version reads {FORMAT}")
    if head.get("provider") != "xai":
        _fail(path, 1, f"`provider` is `xai`, not {head.get('provider')!r}")
    if "opened_ms" not in head or not _is_time(head["opened_ms"], or_null=True):
        _fail(path, 1, "`opened_ms` is a time in ms, or null for a refused connection")
    if not _is_time(head.get("dialled_ms"), or_null=True):
        _fail(path, 1, "`dialled_ms` is a time in ms")
    ignore = head.get("ignore", [])
    if not isinstance(ignore, list) or not all(isinstance(entry, str) for entry in ignore):
        _fail(path, 1, "`ignore` is a list of paths such as `session.instructions`")


def _line(path: Path, number: int, value: Any) -> Line:
    if not isinstance(value, dict) or value.get("direction") not in DIRECTIONS:
        _fail(path, number, f"a line has a `direction`, one of {', '.join(DIRECTIONS)}")
    if not _is_time(value.get("t")):
        _fail(path, number, "a line has its time `t` in ms")
    direction, message = value["direction"], value.get("message")
    if direction == "closed" and not _is_whole(value.get("code")):
        _fail(path, number, "the line of a close has its `code`, a number")
    if direction in ("sent", "received") and not _is_message(message):
        if direction == "sent" or not isinstance(value.get("text"), str):
            _fail(path, number, "a line has a `message`, an object with a `type`")
        message = None
    line = Line(
        number=number,
        t_us=_us(value["t"]) or 0,
        direction=direction,
        message=message if direction in ("sent", "received") else None,
        fields=value,
    )
    if direction == "sent" and line.type == APPEND and not _is_folded(value["message"]):
        _fail(path, number, "sent audio is `{samples, rate_hz, sha256}`, both counts above 0")
    if value.get("binary") and direction == "received" and not _has_sound(value.get("message")):
        _fail(path, number, "a binary message has its sound in `delta`, in base64")
    _check_speech(path, number, value.get("speech"))
    return line


def _check_speech(path: Path, number: int, speech: Any) -> None:
    if speech is None:
        return
    counts = ("utterance", "offset", "samples", "rate_hz")
    if not isinstance(speech, dict) or not all(_is_whole(speech.get(name)) for name in counts):
        _fail(path, number, f"`speech` has {', '.join(counts)}, all of them numbers")
    of = speech.get("of")
    if of is None:
        return
    if not isinstance(of, dict) or not isinstance(of.get("text"), str):
        _fail(path, number, "`speech.of` has the `text` of the utterance")
    if not _is_whole(of.get("rate_hz")) or not _are_words(of.get("words")):
        _fail(path, number, "`speech.of` has `rate_hz` and `words`: [word, first sample, last]")


def _are_words(words: Any) -> bool:
    return isinstance(words, list) and all(
        isinstance(word, list)
        and len(word) == 3
        and isinstance(word[0], str)
        and _is_whole(word[1])
        and _is_whole(word[2])
        for word in words
    )


def _is_message(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("type"), str)


def _is_folded(message: dict[str, Any]) -> bool:
    audio = message.get("audio")
    return isinstance(audio, dict) and all(
        _is_whole(audio.get(name)) and audio[name] > 0 for name in ("samples", "rate_hz")
    )


def _has_sound(message: Any) -> bool:
    try:
        base64.b64decode(message["delta"])
    except (KeyError, TypeError, ValueError):
        return False
    return True


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_time(value: Any, *, or_null: bool = False) -> bool:
    if value is None:
        return or_null
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e12


def _us(ms: float | None) -> int | None:
    return None if ms is None else round(ms * US_PER_MS)


def _fail(path: Path, line: int, message: str) -> NoReturn:
    raise DocumentError(
        message, hint="docs/cassettes.md has the format.", file=str(path), line=line
    )
