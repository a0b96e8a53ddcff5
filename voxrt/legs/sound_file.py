"""A sound file of somebody speaking, with its words when they are known.

Words come from a text that the script gives, or from a label file beside the sound: `call.wav` and
`call.labels.txt`, in the format that Audacity exports: one line per phrase, `begin <tab> end <tab>
text`, times in seconds. Within a phrase the words share the time in proportion to their letters.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from voxrt.errors import AudioFileError, DocumentError
from voxrt.media.speech import Speech, Word
from voxrt.media.utterances import tokens_of
from voxrt.media.wav import read_wav

if TYPE_CHECKING:
    from voxrt.media.wav import Wav


@frozen(kw_only=True)
class Phrase:
    """A text and where it is spoken in a file, in microseconds from its beginning."""

    text: str
    start_us: int
    end_us: int


@frozen(kw_only=True)
class SoundFile:
    """One channel of a WAV file, and the words in it.

    Attributes:
        name: The file's name, for notes.
        wav: What is in it.
        phrases: What is said in it; empty when nobody knows.
    """

    name: str
    wav: Wav
    phrases: tuple[Phrase, ...] = ()

    def speech(self, rate_hz: int) -> Speech:
        """The left channel at a rate, with the places of its words."""
        pcm = self.wav.channel(0, rate_hz)
        words = [word for phrase in self.phrases for word in _spread(phrase, rate_hz)]
        last = len(pcm) // 2
        return Speech(
            text=" ".join(phrase.text for phrase in self.phrases),
            pcm=pcm,
            rate_hz=rate_hz,
            words=tuple(Word(w.text, min(w.start, last), min(w.end, last)) for w in words),
            synthetic=False,
            voice=self.name,
        )


def load_sound(path: str | Path, text: str = "") -> SoundFile:
    """Reads a WAV file and the label file beside it.

    Args:
        path: The WAV file. A stereo file is taken for a recorded call: the left channel is heard.
        text: What is said in it, evenly over its whole length; replaces the label file.

    Raises:
        AudioFileError: The WAV file cannot be read, or has no sound.
        DocumentError: A line of the label file is not three columns.
    """
    path = Path(path)
    wav = read_wav(path)
    if not wav.samples:
        raise AudioFileError("it has no sound: there are no samples", file=str(path))
    if text:
        phrases: tuple[Phrase, ...] = (Phrase(text=text, start_us=0, end_us=wav.duration_us),)
    else:
        labels = path.with_suffix(".labels.txt")
        phrases = read_labels(labels) if labels.is_file() else ()
    return SoundFile(name=path.name, wav=wav, phrases=phrases)


def read_labels(path: Path) -> tuple[Phrase, ...]:
    """Reads a label file as Audacity exports it, in order of time.

    Raises:
        DocumentError: A line is not `begin <tab> end <tab> text` with times that go forward.
    """
    phrases: list[Phrase] = []
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentError(f"the file cannot be read: {error}", file=str(path)) from None
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("\\"):  # Audacity puts frequencies after a backslash
            continue
        try:
            begin, end, text = line.split("\t", 2)
            start_us, end_us = round(float(begin) * 1e6), round(float(end) * 1e6)
        except (ValueError, OverflowError):
            raise DocumentError(
                "a label is `begin <tab> end <tab> text`, with times in seconds",
                file=str(path),
                line=number,
            ) from None
        earliest_us = phrases[-1].end_us if phrases else 0
        if not earliest_us <= start_us <= end_us:
            raise DocumentError(
                "labels must lie in order of time and not overlap", file=str(path), line=number
            )
        phrases.append(Phrase(text=text.strip(), start_us=start_us, end_us=end_us))
    return tuple(phrases)


def _spread(phrase: Phrase, rate_hz: int) -> list[Word]:
    """The words of a phrase over its time, each as long as it has letters."""
    tokens = tokens_of(phrase.text)
    letters = sum(len(token.text) for token in tokens)
    start = phrase.start_us * rate_hz // 1_000_000
    length = (phrase.end_us - phrase.start_us) * rate_hz // 1_000_000
    words: list[Word] = []
    passed = 0
    for token in tokens:
        begin = start + length * passed // letters
        passed += len(token.text)
        words.append(Word(token.text, begin, start + length * passed // letters))
    return words
