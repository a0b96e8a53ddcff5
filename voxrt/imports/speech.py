"""Where somebody speaks on a recording, and what they say there.

Speech is found by the core's detector of voice activity. Texts come from transcripts, each with
the time at which the provider heard it begin, and are given to the speech of that time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from attrs import evolve, field, frozen

from voxrt.media.codecs import Vad, VadKind

#: The detector ends a piece of speech after so much silence; a pause between things said is longer.
SILENCE_MS: Final = 200
PAUSE_MS: Final = 500
#: Speech is cut so much before its first sound, where there is room.
PADDING_MS: Final = 100
#: What is shorter and without words is a click rather than speech.
SHORTEST_MS: Final = 120


@frozen(kw_only=True)
class Stretch:
    """Speech without a long pause, in ms of the recording.

    Attributes:
        text: What is said; empty when nobody knows.
        complete: Whether it was said to its end, as far as is known.
    """

    start_ms: float
    end_ms: float
    text: str = ""
    complete: bool = True


@frozen(kw_only=True)
class Transcript:
    """What a recogniser understood, in ms of the recording.

    Attributes:
        text: The words.
        start_ms: When it was noticed that somebody speaks; `None` when that was not told.
        end_ms: When it was noticed that they had stopped, or the text came.
        parts: Of a text that was never finished: when each part of it begins, in ms of the speech,
            and the part.
    """

    text: str
    start_ms: float | None
    end_ms: float
    parts: tuple[tuple[float, str], ...] = ()


@frozen(kw_only=True)
class Matched:
    """Speech with its words.

    Attributes:
        stretches: In order of time; those that one transcript covers are one.
        without_place: Transcripts to which no speech was found.
    """

    stretches: list[Stretch] = field(factory=list)
    without_place: list[Transcript] = field(factory=list)


def find_speech(pcm: bytes, rate_hz: int) -> list[Stretch]:
    """Where there is speech.

    Args:
        pcm: Mono PCM16.
        rate_hz: 8000, 16000, 24000 or 48000.
    """
    detector = Vad(rate_hz, threshold=0.5, prefix_padding_ms=PADDING_MS, silence_ms=SILENCE_MS)
    found: list[Stretch] = []
    start: int | None = None
    for mark in detector.run(pcm):
        if mark.kind is VadKind.STARTED:
            start = mark.offset_samples
        elif start is not None:
            found.append(_stretch(start, mark.offset_samples, rate_hz))
            start = None
    if start is not None:
        found.append(_stretch(start, len(pcm) // 2, rate_hz))
    return [one for one in found if one.end_ms - one.start_ms - PADDING_MS >= SHORTEST_MS]


def _stretch(start: int, end: int, rate_hz: int) -> Stretch:
    return Stretch(start_ms=start * 1000 / rate_hz, end_ms=end * 1000 / rate_hz)


def match(pieces: Sequence[Stretch], transcripts: Sequence[Transcript]) -> Matched:
    """Gives each transcript the speech that it is of.

    That is all speech between the noticed start and end: a start is noticed late and never early.
    Without a start it is the last speech before the text came that has no words yet. A transcript
    whose time has only speech of another one shares it. Speech without words is joined to what is
    less than a pause away from it.
    """
    words: dict[int, list[str]] = {}
    last_of: dict[int, int] = {}
    lost: list[Transcript] = []
    for transcript in sorted(transcripts, key=_begin):
        fitting = [index for index, one in enumerate(pieces) if _fits(one, transcript)]
        free = [index for index in fitting if index not in words]
        if transcript.start_ms is None:
            free = free[-1:]
        if free:
            last_of[free[0]] = free[-1]
            for index in range(free[0], free[-1] + 1):
                words.setdefault(index, [])
            words[free[0]].append(transcript.text)
        elif fitting and transcript.start_ms is not None:
            words[fitting[-1]].append(transcript.text)
        else:
            lost.append(transcript)
    unfinished = {one.text: one for one in transcripts if one.parts}
    found = [
        _cut_short(one, unfinished[one.text]) if one.text in unfinished else one
        for one in _joined(pieces, words, last_of)
    ]
    return Matched(stretches=found, without_place=lost)


def _cut_short(one: Stretch, transcript: Transcript) -> Stretch:
    """Speech of which the text says more than there was time for."""
    lasted_ms = one.end_ms - one.start_ms - PADDING_MS
    said = "".join(text for start_ms, text in transcript.parts if start_ms < lasted_ms)
    return evolve(one, text=said.strip(), complete=False)


def _begin(transcript: Transcript) -> float:
    return transcript.end_ms if transcript.start_ms is None else transcript.start_ms


def _fits(one: Stretch, transcript: Transcript) -> bool:
    """Whether speech lies in the time of a transcript; it is cut a little before it begins."""
    if one.start_ms + PADDING_MS >= transcript.end_ms:
        return False
    return transcript.start_ms is None or one.end_ms > transcript.start_ms


def _joined(
    pieces: Sequence[Stretch], words: dict[int, list[str]], last_of: dict[int, int]
) -> list[Stretch]:
    """The pieces that belong together as one: of a transcript, or without a pause or words."""
    found: list[Stretch] = []
    until, open_ended = -1, False
    for index, one in enumerate(pieces):
        if index <= until:
            continue
        until = last_of.get(index, index)
        text = " ".join(words.get(index, []))
        whole = evolve(one, end_ms=pieces[until].end_ms, text=text)
        near = bool(found) and whole.start_ms - found[-1].end_ms < PAUSE_MS - PADDING_MS
        if near and (not text or open_ended):
            both = " ".join(filter(None, (found[-1].text, text)))
            found[-1] = evolve(found[-1], end_ms=whole.end_ms, text=both)
            open_ended = not both
        else:
            found.append(whole)
            open_ended = not text
    return found


def turns(stretches: Sequence[Stretch], pause_ms: float) -> list[list[Stretch]]:
    """Stretches gathered to turns: those with pauses shorter than `pause_ms` between them."""
    found: list[list[Stretch]] = []
    for one in stretches:
        if found and one.start_ms - found[-1][-1].end_ms < pause_ms:
            found[-1].append(one)
        else:
            found.append([one])
    return found
