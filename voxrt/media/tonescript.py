"""Tone scripts: the little language in which telephone tones are written down.

    350@-19,440@-19;2(.1/.1/1+2);10(*/0/1+2)

First the frequencies in Hz with their levels in dBm, separated by commas; then, each after a
semicolon, the sections: how long one lasts in seconds, and in brackets its segments, which are
played in order again and again until the time is over. A segment is `on/off/frequencies`: it
sounds for `on` seconds with the frequencies of those numbers, added by `+` (`0` is none), and is
silent for `off` seconds. `*` is for ever; times have up to three decimals.

It comes from Sipura's telephone adapters, whose manuals (those of Linksys and Cisco after them)
have a chapter on it; the devices take six frequencies, two sections and six segments, which are no
limits here.

A level of 0 dBm is 6.2 dB below full scale, as G.711 has it: its loudest sine is 3.17 dBm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NoReturn

from attrs import define, field, frozen

from voxrt.errors import ToneScriptError
from voxrt.media.codecs import Sines

DBM_IN_DBFS = -6.2
LOWEST_DBM, HIGHEST_DBM = -83.8, 3.2
"""What the audio core makes: -90.0 to -3.0 dBFS."""
LOWEST_HZ, HIGHEST_HZ = 1, 7_999
LONGEST_S = 86_400
PIECE_MS = 1_000

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)")
_SPACE = re.compile(r"\s*")


@frozen
class Frequency:
    """One sine."""

    hz: float
    level_dbm: float


@frozen
class Segment:
    """Sound, then silence; `None` is for ever.

    Attributes:
        frequencies: Numbers of the script's frequencies, from 1; empty for none.
    """

    on_ms: int | None
    off_ms: int | None
    frequencies: tuple[int, ...]


@frozen
class Section:
    """Segments, again and again until its time is over; `None` is for ever."""

    length_ms: int | None
    segments: tuple[Segment, ...]


@frozen
class Stretch:
    """What sounds for a while.

    Attributes:
        frequencies: As in a segment; empty for silence.
        length_ms: At least 1; `None` for ever.
    """

    frequencies: tuple[int, ...]
    length_ms: int | None


@frozen
class ToneScript:
    """A tone script that was understood."""

    frequencies: tuple[Frequency, ...]
    sections: tuple[Section, ...]

    @property
    def length_ms(self) -> int | None:
        """How long it is; `None` when it never ends."""
        lengths = [section.length_ms for section in self.sections]
        return None if None in lengths else sum(length or 0 for length in lengths)

    def stretches(self) -> Iterator[Stretch]:
        """What it plays, in order; nothing comes after a stretch without an end."""
        for section in self.sections:
            left = section.length_ms
            while left is None or left > 0:
                for stretch in _round(section):
                    length = stretch.length_ms
                    if left is not None:
                        length = left if length is None else min(left, length)
                        left -= length
                    if length != 0:
                        yield Stretch(stretch.frequencies, length)
                    if length is None:
                        return

    def render(self, rate_hz: int) -> Iterator[bytes]:
        """Its sound as PCM16 in pieces of about a second; never ends when it does not.

        Every stretch begins at phase 0, so that it begins without a click.

        Args:
            rate_hz: 16000, 24000 or 48000.
        """
        waiting, waiting_ms = [], 0
        for stretch in self.stretches():
            chosen = [self.frequencies[number - 1] for number in stretch.frequencies]
            sines = Sines([(f.hz, f.level_dbm + DBM_IN_DBFS) for f in chosen], rate_hz)
            left = stretch.length_ms
            while left is None or left > 0:
                now = PIECE_MS if left is None else min(left, PIECE_MS)
                waiting.append(sines.run(now * rate_hz // 1000))
                waiting_ms += now
                left = None if left is None else left - now
                if waiting_ms >= PIECE_MS:
                    yield b"".join(waiting)
                    waiting, waiting_ms = [], 0
        if waiting:
            yield b"".join(waiting)


def _round(section: Section) -> Iterator[Stretch]:
    for segment in section.segments:
        yield Stretch(segment.frequencies, segment.on_ms)
        yield Stretch((), segment.off_ms)


def parse_tone_script(text: str) -> ToneScript:
    """Reads a tone script.

    White space may stand anywhere between its parts, and a bracket too many after a section is
    passed over: scripts in use have both.

    Raises:
        ToneScriptError: It is wrong; says what was expected, and at which character from 1.
    """
    reader = _Reader(text)
    frequencies = [_frequency(reader)]
    while reader.take(","):
        frequencies.append(_frequency(reader))
    sections: list[Section] = []
    while reader.take(";"):
        if reader.at_end and sections:
            break
        sections.append(_section(reader, len(frequencies)))
    if not reader.at_end or not sections:
        reader.fail("expected `;` and a section such as `10(*/0/1)`")
    return ToneScript(tuple(frequencies), tuple(sections))


@define
class _Reader:
    text: str
    at: int = field(default=0, init=False)

    def __attrs_post_init__(self) -> None:
        self._skip()

    def _skip(self) -> None:
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at

    @property
    def at_end(self) -> bool:
        return self.at == len(self.text)

    def take(self, sign: str) -> bool:
        if not self.text.startswith(sign, self.at):
            return False
        self.at += len(sign)
        self._skip()
        return True

    def demand(self, sign: str, where: str) -> None:
        if not self.take(sign):
            self.fail(f"expected `{sign}` {where}")

    def number(self, what: str, decimals: int, least: float, most: float) -> float:
        match, begin = _NUMBER.match(self.text, self.at), self.at
        if match is None:
            self.fail(f"expected {what}")
        self.at = match.end()
        self._skip()
        value = float(match.group())
        if len(match.group().partition(".")[2].rstrip("0")) > decimals:
            self.fail(f"{what} has at most {decimals} decimals, not {match.group()}", begin)
        if not least <= value <= most:
            self.fail(f"{what} lies between {least} and {most}, not {match.group()}", begin)
        return value

    def fail(self, message: str, at: int | None = None) -> NoReturn:
        at = self.at if at is None else at
        found = f"`{self.text[at]}`" if at < len(self.text) else "its end"
        raise ToneScriptError(
            f"tone script, character {at + 1} ({found}): {message}",
            hint="It is written as 350@-19,440@-19;10(*/0/1+2).",
        )


def _frequency(reader: _Reader) -> Frequency:
    hz = reader.number("a frequency in Hz", 3, LOWEST_HZ, HIGHEST_HZ)
    reader.demand("@", "and a level in dBm after the frequency")
    return Frequency(hz, reader.number("a level in dBm", 1, LOWEST_DBM, HIGHEST_DBM))


def _section(reader: _Reader, frequencies: int) -> Section:
    begin = reader.at
    length_ms = _time_ms(reader, "the length of a section in seconds")
    reader.demand("(", "and the segments of the section")
    segments = [_segment(reader, frequencies)]
    while reader.take(","):
        segments.append(_segment(reader, frequencies))
    reader.demand(")", "after the segments")
    reader.take(")")
    if length_ms != 0 and not any(s.on_ms != 0 or s.off_ms != 0 for s in segments):
        reader.fail("the section lasts, but its segments take no time", begin)
    return Section(length_ms, tuple(segments))


def _segment(reader: _Reader, frequencies: int) -> Segment:
    on_ms = _time_ms(reader, "the time of sound in seconds")
    reader.demand("/", "between the times")
    off_ms = _time_ms(reader, "the time of silence in seconds")
    reader.demand("/", "and the numbers of the frequencies")
    numbers = [_index(reader, frequencies)]
    while reader.take("+"):
        numbers.append(_index(reader, frequencies))
    return Segment(on_ms, off_ms, tuple(number for number in numbers if number))


def _index(reader: _Reader, frequencies: int) -> int:
    return int(reader.number("the number of a frequency", 0, 0, frequencies))


def _time_ms(reader: _Reader, what: str) -> int | None:
    return None if reader.take("*") else round(reader.number(what, 3, 0, LONGEST_S) * 1000)
