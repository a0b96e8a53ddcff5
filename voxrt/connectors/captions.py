"""Places of words in speech that came without them.

The stand-in says which words its audio renders. A real provider sends audio and, beside it, a
transcript in phrases with the time at which each begins. That is enough to place the words by
their length within a phrase, to some tenths of a second: enough to tell what was heard before a
barge-in, and to show the agent's words while they are spoken. Text runs ahead of what is played,
so a phrase is nearly always known before it is heard.
"""

from __future__ import annotations

from attrs import define, field

from voxrt.media.utterances import Speech, Utterances, Word
from voxrt.xai.standin import SpokenSpan

#: About how long a character takes to say, for the last phrase, whose end is not known yet.
SAMPLES_PER_CHARACTER = 16_000 * 65 // 1_000
RATE_HZ = 16_000


@define(eq=False)
class _Reply:
    """One spoken item: its audio so far, and its phrases with the sample at which each begins."""

    tag: int = 0
    samples: int = 0
    complete: bool = False
    phrases: list[tuple[int, str]] = field(factory=list)

    def speech(self) -> Speech:
        words: list[Word] = []
        for index, (start, text) in enumerate(self.phrases):
            end = start + len(text) * SAMPLES_PER_CHARACTER
            if index + 1 < len(self.phrases):
                end = max(start, self.phrases[index + 1][0])
            elif self.complete:
                end = max(start, self.samples)
            words += _spread(text, start, end)
        return Speech(
            text="".join(text for _, text in self.phrases).strip(),
            pcm=b"",
            rate_hz=RATE_HZ,
            words=tuple(words),
            synthetic=False,
            voice="provider",
        )


@define(eq=False)
class Captions:
    """Registers the words of one client's agent as its transcript comes.

    Args:
        utterances: The run's register.
    """

    utterances: Utterances
    _replies: dict[str, _Reply] = field(factory=dict, init=False)

    def audio(self, item_id: str, samples: int, rate_hz: int) -> SpokenSpan:
        """Which part of its item a piece of audio is.

        Args:
            item_id: The item that it belongs to.
            samples: Its length.
            rate_hz: Its rate; the span counts samples at 16 kHz whatever it is.
        """
        reply = self._replies.setdefault(item_id, _Reply())
        if not reply.tag:
            reply.tag = self.utterances.add(reply.speech(), "agent")
        length = samples * RATE_HZ // rate_hz
        span = SpokenSpan(reply.tag, reply.samples, length, RATE_HZ)
        reply.samples += length
        return span

    def text(self, item_id: str, text: str, start_s: float | None) -> None:
        """Takes a phrase of a transcript.

        Args:
            item_id: The item that it belongs to.
            text: The phrase, with the space that separates it from the one before.
            start_s: Where it begins in the item's audio; behind what has come when it is unknown.
        """
        reply = self._replies.setdefault(item_id, _Reply())
        start = reply.samples if start_s is None else int(start_s * RATE_HZ)
        reply.phrases.append((start, text))
        if reply.tag:
            self.utterances.revise(reply.tag, reply.speech())

    def done(self, item_id: str) -> None:
        """No more audio of an item will come: its last phrase ends where the audio does."""
        reply = self._replies.get(item_id)
        if reply is not None and reply.tag:
            reply.complete = True
            self.utterances.revise(reply.tag, reply.speech())


def _spread(text: str, start: int, end: int) -> list[Word]:
    """The words of a phrase, each with a share of its time that follows its length."""
    texts = text.split()
    total = sum(len(word) + 1 for word in texts)
    words: list[Word] = []
    position = 0
    for word in texts:
        begin = start + (end - start) * position // total
        position += len(word) + 1
        words.append(Word(word, begin, start + (end - start) * position // total))
    return words
