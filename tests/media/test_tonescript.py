"""Tone scripts: what they say, what they sound like, and what is wrong with them."""

from __future__ import annotations

import itertools
import re
from array import array
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxrt.errors import ToneScriptError
from voxrt.media.codecs import is_silent, level_dbfs
from voxrt.media.tonescript import (
    Frequency,
    Section,
    Segment,
    ToneScript,
    parse_tone_script,
)

RATE_HZ = 16_000


def pcm_of(script, ms=None):
    """The sound of a script, or its first milliseconds."""
    pieces = parse_tone_script(script).render(RATE_HZ)
    if ms is None:
        return b"".join(pieces)
    pcm = b""
    while len(pcm) < 2 * ms * RATE_HZ // 1000:
        pcm += next(pieces)
    return pcm[: 2 * ms * RATE_HZ // 1000]


def stretch(pcm, from_ms, to_ms):
    return pcm[2 * from_ms * RATE_HZ // 1000 : 2 * to_ms * RATE_HZ // 1000]


# --- what the manuals give as examples ----------------------------------------------------------


def test_dial_tone():
    """350@-19,440@-19;10(*/0/1+2): on for ever, within ten seconds."""
    script = parse_tone_script("350@-19,440@-19;10(*/0/1+2)")
    assert script.frequencies == (Frequency(350, -19), Frequency(440, -19))
    assert script.sections == (Section(10_000, (Segment(None, 0, (1, 2)),)),)
    assert script.length_ms == 10_000


def test_stutter_tone():
    script = parse_tone_script("350@-19,440@-19;2(.1/.1/1+2);10(*/0/1+2)")
    assert [section.length_ms for section in script.sections] == [2_000, 10_000]
    assert script.sections[0].segments == (Segment(100, 100, (1, 2)),)
    assert script.length_ms == 12_000
    pcm = pcm_of("350@-19,440@-19;2(.1/.1/1+2);10(*/0/1+2)")
    assert len(pcm) == 2 * 12 * RATE_HZ
    for at in range(0, 2_000, 200):
        assert level_dbfs(stretch(pcm, at, at + 100)) == pytest.approx(-22.2, abs=0.5)
        assert is_silent(stretch(pcm, at + 100, at + 200))
    assert all(level_dbfs(stretch(pcm, at, at + 100)) > -26 for at in range(2_000, 12_000, 100))


def test_special_information_tone():
    """Three tones one after another, and a pause with no frequency."""
    pcm = pcm_of("985@-16,1428@-16,1777@-16;20(.380/0/1,.380/0/2,.380/0/3,0/4/0)")
    assert len(pcm) == 2 * 20 * RATE_HZ
    for round_ms in range(0, 20_000, 5_140):
        for number, hz in enumerate((985, 1_428, 1_777)):
            begin = round_ms + 380 * number
            assert crossings(stretch(pcm, begin, begin + 380)) == pytest.approx(
                2 * hz * 0.38, abs=2
            )
        assert is_silent(stretch(pcm, round_ms + 1_140, round_ms + 5_140))


def crossings(pcm):
    """How often the sound changes its sign: twice for each period."""
    samples = [s for s in array("h", pcm) if s]
    return sum((one > 0) != (two > 0) for one, two in itertools.pairwise(samples))


def test_the_platform_s_own_ringing_tone():
    pcm = pcm_of("425@-19;5(1/4/1)")
    assert level_dbfs(stretch(pcm, 0, 1_000)) == pytest.approx(-25.2, abs=0.1)
    assert crossings(stretch(pcm, 0, 1_000)) == pytest.approx(850, abs=2)
    assert is_silent(stretch(pcm, 1_000, 5_000))


def test_a_level_is_in_dbm():
    """0 dBm is 6.2 dB below full scale; the loudest sine of G.711 is 3.17 dBm."""
    assert level_dbfs(pcm_of("620@0;1(*/0/1)")) == pytest.approx(-6.2, abs=0.1)
    assert level_dbfs(pcm_of("620@3.2;1(*/0/1)")) == pytest.approx(-3.0, abs=0.1)
    assert level_dbfs(pcm_of("620@-60.5;1(*/0/1)")) == pytest.approx(-66.7, abs=0.2)


# --- what never ends ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "script", ["440@-19,480@-19;*(2/4/1+2)", "440@-19;*(*/0/1)", "440@-19;1(*/0/1);*(1/*/1)"]
)
def test_for_ever(script):
    assert parse_tone_script(script).length_ms is None
    assert len(pcm_of(script, 60_000)) == 2 * 60 * RATE_HZ


def test_a_steady_tone_has_no_seam():
    """Frequencies that fit into no second go on through the pieces it is made in."""
    whole = array("h", pcm_of("440.7@-10;*(*/0/1)", 3_000))
    jumps = [abs(two - one) for one, two in itertools.pairwise(whole)]
    assert max(jumps[15_000:17_000]) <= max(jumps[:15_000]) + 1


def test_what_follows_an_endless_segment_or_section_is_not_played():
    pcm = pcm_of("440@-19;3(1/*/1,1/0/1);*(*/0/1);5(*/0/1)", 10_000)
    assert not is_silent(stretch(pcm, 0, 1_000))
    assert is_silent(stretch(pcm, 1_000, 3_000))
    assert not is_silent(stretch(pcm, 9_000, 10_000))


def test_more_than_four_frequencies_are_summed():
    one = level_dbfs(pcm_of("500@-30;1(*/0/1)"))
    names = "+".join(str(number) for number in range(1, 7))
    frequencies = ",".join(f"{hz}@-30" for hz in (500, 700, 900, 1100, 1300, 1500))
    six = level_dbfs(pcm_of(f"{frequencies};1(*/0/{names})"))
    assert six - one == pytest.approx(7.8, abs=0.2)


def test_a_very_short_cadence_for_a_day():
    script = parse_tone_script("440@-19;86400(.001/.001/1)")
    assert script.length_ms == 86_400_000
    assert len(next(script.render(RATE_HZ))) == 2 * RATE_HZ


# --- how it may be written ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "425@-19;5(1/4/1)",
        " 425 @ -19 ; 5 ( 1 / 4 / 1 ) ",
        "425@-19.0;5.0(1./4.000/1);",
        "425.000@-19;5(1/4/1))",
    ],
)
def test_the_same_in_other_ways(text):
    assert parse_tone_script(text) == parse_tone_script("425@-19;5(1/4/1)")


@pytest.mark.parametrize(
    ("text", "at", "what"),
    [
        ("", 1, "expected a frequency"),
        ("tone", 1, "expected a frequency"),
        ("425", 4, "expected `@`"),
        ("425@", 5, "expected a level"),
        ("425@-19", 8, "expected `;`"),
        ("425@-19;", 9, "expected the length"),
        ("425@-19;;", 9, "expected the length"),
        ("425@-19;5", 10, "expected `(`"),
        ("425@-19;5(", 11, "expected the time of sound"),
        ("425@-19;5(1", 12, "expected `/`"),
        ("425@-19;5(1/4", 14, "expected `/`"),
        ("425@-19;5(1/4/", 15, "expected the number"),
        ("425@-19;5(1/4/1", 16, "expected `)`"),
        ("425@-19;5(1/4/2)", 15, "between 0 and 1"),
        ("425@-19,5(1/4/1)", 10, "expected `@`"),
        ("425@-19;5(1/4/1)x", 17, "expected `;`"),
        ("425@-19;5(1/4/1),", 17, "expected `;`"),
        ("0@-19;5(1/4/1)", 1, "between 1 and 7999"),
        ("8000@-19;5(1/4/1)", 1, "between 1 and 7999"),
        ("425@3.3;5(1/4/1)", 5, "between -83.8 and 3.2"),
        ("425@-84;5(1/4/1)", 5, "between -83.8 and 3.2"),
        ("425@-19.55;5(1/4/1)", 5, "at most 1 decimals"),
        ("425@-19;5(0.0001/4/1)", 11, "at most 3 decimals"),
        ("425@-19;-5(1/4/1)", 9, "between 0"),
        ("425@-19;5(1/-4/1)", 13, "between 0"),
        ("425@-19;5(1/4/1.5)", 15, "at most 0 decimals"),
        ("425@-19;5(0/0/1)", 9, "take no time"),
        ("425@-19;*(0/0/1,0/0/1)", 9, "take no time"),
        ("425@-19;99999(1/4/1)", 9, "between 0 and 86400"),
    ],
)
def test_what_is_wrong_and_where(text, at, what):
    with pytest.raises(ToneScriptError, match=f"^tone script, character {at} ") as caught:
        parse_tone_script(text)
    assert what in caught.value.message
    found = f"`{text[at - 1]}`" if at <= len(text) else "its end"
    assert found in caught.value.message
    assert caught.value.code == "V121"


# --- against a short reference ------------------------------------------------------------------

times = st.one_of(st.none(), st.integers(0, 900))
lengths = st.integers(0, 2_500)


@st.composite
def scripts(draw):
    count = draw(st.integers(1, 6))
    hz = st.integers(1, 7_999)
    frequencies = [Frequency(draw(hz), draw(st.integers(-600, 0)) / 10) for _ in range(count)]
    numbers = st.lists(st.integers(1, count), max_size=4).map(tuple)
    segments = st.builds(Segment, times, times, numbers).filter(
        lambda segment: (segment.on_ms, segment.off_ms) != (0, 0)
    )
    sections = draw(
        st.lists(
            st.builds(Section, lengths, st.lists(segments, min_size=1, max_size=4).map(tuple)),
            min_size=1,
            max_size=3,
        )
    )
    return ToneScript(tuple(frequencies), tuple(sections))


def text_of(script):
    """A tone script as text."""

    def time(ms):
        return "*" if ms is None else f"{ms / 1000:g}"

    def segment(one):
        names = "+".join(map(str, one.frequencies)) or "0"
        return f"{time(one.on_ms)}/{time(one.off_ms)}/{names}"

    parts = [",".join(f"{f.hz}@{f.level_dbm:g}" for f in script.frequencies)]
    parts += [
        f"{time(section.length_ms)}({','.join(map(segment, section.segments))})"
        for section in script.sections
    ]
    return ";".join(parts)


def sounds_at(section, ms):
    """The frequencies that sound in a millisecond of a section; the reference."""
    while True:
        for segment in section.segments:
            for length, names in ((segment.on_ms, segment.frequencies), (segment.off_ms, ())):
                if length is None or ms < length:
                    return names
                ms -= length


@given(scripts())
@settings(max_examples=200)
def test_reading_gives_back_what_was_written(script):
    assert parse_tone_script(text_of(script)) == script


@given(scripts())
@settings(max_examples=60)
def test_every_millisecond_has_its_frequencies(script):
    played = [
        stretch.frequencies for stretch in script.stretches() for _ in range(stretch.length_ms)
    ]
    assert played == [
        sounds_at(section, ms) for section in script.sections for ms in range(section.length_ms)
    ]
    assert len(played) == script.length_ms
    assert len(b"".join(script.render(RATE_HZ))) == 2 * 16 * script.length_ms


@given(st.text("0123456789@-.,;()*/+ ", max_size=30))
@settings(max_examples=400)
def test_any_text_is_read_or_refused(text):
    try:
        script = parse_tone_script(text)
    except ToneScriptError as error:
        at = int(error.message.split()[3])
        assert 1 <= at <= len(text) + 1
    else:
        assert parse_tone_script(text_of(script)) == script


def test_the_scripts_of_the_documentation():
    text = (Path(__file__).parents[2] / "docs" / "players.md").read_text(encoding="utf-8")
    scripts = re.findall(r"`(\d+@[^`]+)`", text)
    assert len(scripts) >= 4
    for script in scripts:
        assert parse_tone_script(script).sections
