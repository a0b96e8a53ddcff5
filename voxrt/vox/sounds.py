"""What players play: spoken text, audio files, tone scripts, and sequences of these.

A source is loaded when its player is made. What comes of it is `Parts`: stretches of sound at
16 kHz that are played one after another, each with its length, handed out in pieces.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Protocol, TypeAlias
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from attrs import define, field, frozen

from voxrt.clock import US_PER_MS, US_PER_S, Timer
from voxrt.errors import AudioFileError, ToneScriptError
from voxrt.media.sound_data import decode_sound
from voxrt.media.tonescript import parse_tone_script
from voxrt.outside.exchange import MOST_SOUND_BYTES, Response
from voxrt.session.session import Session
from voxrt.vox.context import RECORDINGS, Context

#: Playing starts this long after it was asked for: about what a cached phrase takes.
PREPARATION_US = 100 * US_PER_MS
#: The same with `progressivePlayback`, which begins before everything is there.
PROGRESSIVE_US = 40 * US_PER_MS
RATE_HZ = 16_000
PIECE_SAMPLES = RATE_HZ
REMOTE = ("http", "https")
NOTHING = "There is nothing to play"


@frozen
class Piece:
    """Some sound.

    Attributes:
        pcm: PCM16 at 16 kHz.
        tag: The utterance that it belongs to; 0 for none.
        offset: Its first sample in that utterance.
    """

    pcm: bytes = field(repr=False)
    tag: int = 0
    offset: int = 0

    @property
    def samples(self) -> int:
        """Its length."""
        return len(self.pcm) // 2


@frozen
class Part:
    """One stretch of sound.

    Attributes:
        samples: Its length; `None` when it never ends.
        pieces: Hands out its sound from the beginning, each time it is called.
    """

    samples: int | None
    pieces: Callable[[], Iterator[Piece]]


Parts: TypeAlias = tuple[Part, ...]
Ready: TypeAlias = Callable[[Parts], object]
Failed: TypeAlias = Callable[[str], object]


class Source(Protocol):
    """Something that can be played."""

    @property
    def loop(self) -> bool:
        """Whether it is played again and again."""

    def load(self, context: Context, ready: Ready, failed: Failed) -> Callable[[], object]:
        """Gets it.

        Calls one of the two, once and as an entry of the session's clock: with the sound, or with
        a sentence that says why there is none.

        Returns:
            Gives it up: nothing is called any more.
        """


class Unplayable(Exception):
    """There is nothing to play; its text says why."""


def over_limit(session: Session, text: str) -> None:
    """A limit of the platform was passed: fails, warns or does nothing, as the run wants it.

    Raises:
        Unplayable: Limits are enforced.
    """
    if session.enforces(text):
        raise Unplayable(text)


def cut(pcm: bytes, tag: int = 0) -> Part:
    """A part with this sound, in pieces of a second at most."""

    def pieces() -> Iterator[Piece]:
        for at in range(0, len(pcm) // 2, PIECE_SAMPLES):
            yield Piece(pcm[2 * at : 2 * (at + PIECE_SAMPLES)], tag, at)

    return Part(len(pcm) // 2, pieces)


def _later(
    context: Context, progressive: bool, make: Callable[[], Part], ready: Ready, failed: Failed
) -> Timer:
    """Makes a part after the time that the platform takes for it."""

    def begin() -> None:
        try:
            part = make()
        except Unplayable as error:
            failed(str(error))
        else:
            ready((part,))

    return context.clock.call_later(PROGRESSIVE_US if progressive else PREPARATION_US, begin)


@frozen
class SpokenText:
    """Text to be spoken by a voice of the platform.

    Attributes:
        text: What is said.
        voice: Of `VoiceList` or `Language`; empty for the platform's own.
    """

    text: str
    voice: str
    progressive: bool = False
    loop: bool = False

    def load(self, context: Context, ready: Ready, failed: Failed) -> Callable[[], object]:
        """Speaks it; too long a text fails."""
        return _later(context, self.progressive, lambda: self._speak(context), ready, failed).cancel

    def _speak(self, context: Context) -> Part:
        most = context.session.limits.tts_chars
        if len(self.text) > most:
            over_limit(context.session, f"Text is longer than {most} characters")
        speech = context.speaker.say(self.text, voice=self.voice, rate_hz=RATE_HZ)
        if speech.synthetic:
            context.approximated("speech: a synthetic voice, not words (no espeak-ng installed)")
        return cut(speech.pcm, context.utterances.add(speech, "scenario"))


@frozen
class ToneSound:
    """A tone script to be played."""

    script: str
    progressive: bool = False
    loop: bool = False

    def load(self, context: Context, ready: Ready, failed: Failed) -> Callable[[], object]:
        """Understands it; a script that is wrong fails, with the position in it."""
        return _later(context, self.progressive, self._read, ready, failed).cancel

    def _read(self) -> Part:
        try:
            script = parse_tone_script(self.script)
        except ToneScriptError as error:
            raise Unplayable(error.message) from None
        length_ms = script.length_ms
        samples = None if length_ms is None else length_ms * RATE_HZ // 1000
        return Part(samples, lambda: map(Piece, script.render(RATE_HZ)))


@frozen(kw_only=True)
class AudioFile:
    """An audio file to be played: wav, mp3, ogg or flac.

    Attributes:
        url: `http:` and `https:` are fetched; `file:PATH`, `file:///PATH` and plain paths are
            read from the working folder, and `file:recordings/NAME`, the URL of a recording, from
            the run's; `data:` has the file in itself.
        method: `GET` or `POST`, for what is fetched; so are `headers` and `body`.
        hidden: Those of `headers` and `body` that the journal does not show.
    """

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(factory=dict)
    body: bytes = b""
    progressive: bool = False
    loop: bool = False
    hidden: frozenset[str] = frozenset()

    def load(self, context: Context, ready: Ready, failed: Failed) -> Callable[[], object]:
        """Gets the file and decodes it.

        What was fetched once is kept for the run under its URL alone, as the platform keeps it.
        """
        known = context.fetched_sounds.get(self.url)
        if known is not None:
            return _later(
                context, self.progressive, lambda: self._part(known), ready, failed
            ).cancel
        if urlsplit(self.url).scheme.lower() in REMOTE:
            return _Download(context, self, ready, failed).give_up
        return _later(
            context, self.progressive, lambda: self._part(self._at_hand(context)), ready, failed
        ).cancel

    def decoded(self, context: Context, data: bytes) -> bytes:
        """The sound of a file's bytes as PCM16 at 16 kHz.

        Raises:
            Unplayable: The file is too large, of no known format, or damaged.
        """
        most = context.session.limits.audio_bytes
        if len(data) > most:
            over_limit(context.session, f"{self._name}: the file is larger than {_mega(most)} MB")
        try:
            return decode_sound(data, name=self._name).mono(RATE_HZ)
        except AudioFileError as error:
            raise Unplayable(str(error)) from None

    def _at_hand(self, context: Context) -> bytes:
        data = self._of_data_url() if self._is_data else self._of_disk(context.folder)
        return self.decoded(context, data)

    def _part(self, pcm: bytes) -> Part:
        samples = len(pcm) // 2
        if self.loop and samples:  # a short one in one piece with its next rounds
            pcm *= -(-PIECE_SAMPLES // samples)
        return Part(samples, cut(pcm).pieces)

    @property
    def _is_data(self) -> bool:
        return self.url[:5].lower() == "data:"

    @property
    def _name(self) -> str:
        """What messages call it: a data URL is long."""
        return f"{self.url[:40]}..." if self._is_data and len(self.url) > 40 else self.url

    def _of_data_url(self) -> bytes:
        head, comma, text = self.url.partition(",")
        if not comma:
            raise Unplayable(f"{self._name}: a data URL has a comma before its data")
        data = unquote_to_bytes(text)
        if not head.lower().endswith(";base64"):
            return data
        try:
            return base64.b64decode(data + b"=" * (-len(data) % 4), validate=True)
        except binascii.Error:
            raise Unplayable(f"{self._name}: its data is not base64") from None

    def _of_disk(self, run: Path) -> bytes:
        scheme, colon, rest = self.url.partition(":")
        if scheme.lower() == "file":
            path = Path(unquote(urlsplit(self.url).path))
        elif colon and rest.startswith("//"):
            raise Unplayable(f"{self.url}: a player does not know addresses of {scheme}:")
        else:
            path = Path(self.url)
        try:
            of_the_run = path.parts[:1] == (RECORDINGS,) and not path.exists()
            return (run / path if of_the_run else path).read_bytes()
        except FileNotFoundError:
            raise Unplayable(f"{path}: there is no such file") from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise Unplayable(f"{path}: the file cannot be read: {reason}") from None


def _mega(size_bytes: int) -> str:
    return f"{size_bytes / (1 << 20):g}"


@define(eq=False)
class _Download:
    """One fetch of an audio file, given up after the platform's time."""

    context: Context
    file: AudioFile
    ready: Ready
    failed: Failed
    _cancel: Callable[[], object] = field(init=False)
    _timer: Timer = field(init=False)

    def __attrs_post_init__(self) -> None:
        limit_s = self.context.session.limits.audio_fetch_s
        self._timer = self.context.clock.call_later(limit_s * US_PER_S, self._too_long)
        file = self.file
        self._cancel = self.context.outside.fetch(
            file.method,
            file.url,
            file.headers.items(),
            file.body,
            self._done,
            timeout_ms=2 * limit_s * 1000,  # ours comes first, unless limits are off
            most_body_bytes=MOST_SOUND_BYTES,
            hidden=file.hidden,
            by="player",
        )

    def give_up(self) -> None:
        """Neither of the two is called any more."""
        self._timer.cancel()
        self._cancel()

    def _too_long(self) -> None:
        try:
            over_limit(self.context.session, "Timeout is reached")
        except Unplayable as error:
            self._cancel()
            self.failed(str(error))

    def _done(self, fetched: Response) -> None:
        self._timer.cancel()
        try:
            pcm = self._pcm(fetched)
        except Unplayable as error:
            self.failed(str(error))
            return
        self.context.fetched_sounds[self.file.url] = pcm
        self.ready((self.file._part(pcm),))

    def _pcm(self, fetched: Response) -> bytes:
        if fetched.code <= 0:
            raise Unplayable(f"{self.file.url}: {fetched.error}")
        if not 200 <= fetched.code < 300:
            raise Unplayable(f"{self.file.url}: the server answered {fetched.code}")
        return self.file.decoded(self.context, fetched.body)


@frozen
class Sequence:
    """Sources that are played one after another, without a gap."""

    sources: tuple[Source, ...]
    loop: bool = False

    def load(self, context: Context, ready: Ready, failed: Failed) -> Callable[[], object]:
        """Gets all of them; one that fails fails the sequence."""
        if not self.sources:
            return context.clock.call_soon(failed, NOTHING).cancel
        return _LoadSequence(context, self.sources, ready, failed).give_up


@define(eq=False)
class _LoadSequence:
    context: Context
    sources: tuple[Source, ...]
    ready: Ready
    failed: Failed
    _loaded: dict[int, Parts] = field(factory=dict, init=False)
    _cancels: list[Callable[[], object]] = field(factory=list, init=False)

    def __attrs_post_init__(self) -> None:
        for index, source in enumerate(self.sources):
            self._cancels.append(source.load(self.context, self._taker(index), self._fail))

    def give_up(self) -> None:
        for cancel in self._cancels:
            cancel()

    def _taker(self, index: int) -> Ready:
        def take(parts: Parts) -> None:
            self._loaded[index] = parts
            if len(self._loaded) == len(self.sources):
                everything = [self._loaded[number] for number in range(len(self.sources))]
                self.ready(tuple(part for parts in everything for part in parts))

        return take

    def _fail(self, text: str) -> None:
        self.give_up()
        self.failed(text)
