"""What a call plays by itself: spoken text, audio files and ringing tones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from attrs import frozen

from voxrt.clock import US_PER_MS
from voxrt.errors import AudioFileError
from voxrt.media.codecs import tone
from voxrt.media.graph import Mark, MarkKind, Port
from voxrt.media.wav import read_wav
from voxrt.session.limits import LimitMode
from voxrt.session.values import Struct
from voxrt.vox.context import Context
from voxrt.vox.routing import MediaUnit

#: Playing starts this long after it was asked for: about what a cached phrase takes.
PREPARATION_US = 100 * US_PER_MS
RATE_HZ = 16_000


@frozen
class SpokenText:
    """Text to be spoken by a voice of the platform."""

    text: str
    voice: str
    loop: bool = False

    def load(self, context: Context) -> tuple[bytes, int]:
        """The audio at 16 kHz, and the tag that its words go by.

        Raises:
            ValueError: The text is longer than the platform speaks.
        """
        limits = context.session.limits
        if len(self.text) > limits.tts_chars and limits.mode is not LimitMode.OFF:
            message = f"Text is longer than {limits.tts_chars} characters"
            if limits.mode is LimitMode.ENFORCE:
                raise ValueError(message)
            context.session.warn("limit", f"say: {message}")
        speech = context.speaker.say(self.text, voice=self.voice, rate_hz=RATE_HZ)
        if speech.synthetic:
            context.approximated("speech: a synthetic voice, not words (no espeak-ng installed)")
        return speech.pcm, context.utterances.add(speech, "scenario")


@frozen
class AudioFile:
    """An audio file to be played."""

    path: Path | None
    url: str
    loop: bool = False

    def load(self, context: Context) -> tuple[bytes, int]:
        """The audio at 16 kHz; no words are known of it, so the tag is 0.

        Raises:
            ValueError: The file cannot be read, or is not a local one.
        """
        if self.path is None:
            raise ValueError(f"the outside world is closed: {self.url} was not fetched")
        try:
            return read_wav(self.path).mono(RATE_HZ), 0
        except AudioFileError as error:
            raise ValueError(str(error)) from None


#: Ringing tones by country: frequencies, level in dBFS, and the cadence in ms.
PROGRESS_TONES: dict[str, tuple[tuple[int, ...], float, tuple[int, int]]] = {
    "RU": ((425,), -19.0, (1_000, 4_000)),
    "US": ((440, 480), -19.0, (2_000, 4_000)),
}


@frozen
class ProgressTone:
    """The ringing tone of a country, again and again; made here, without a file."""

    country: str
    loop: bool = True

    def load(self, context: Context) -> tuple[bytes, int]:
        """One round of the tone at 16 kHz, which has no words."""
        frequencies, level, cadence = PROGRESS_TONES[self.country]
        round_ms = sum(cadence)
        return tone(frequencies, RATE_HZ, round_ms, level_dbfs=level, cadence_ms=cadence), 0


def audio_file(url: str, *, loop: bool) -> AudioFile:
    """The file that a URL names: `file:PATH`, `file:///PATH`, or a plain path."""
    scheme, _, rest = url.partition(":")
    if scheme.lower() == "file":
        return AudioFile(Path(unquote(urlsplit(url).path)), url, loop)
    remote = rest.startswith("//")
    return AudioFile(None if remote else Path(url), url, loop)


class Playback(MediaUnit):
    """One `say` or `startPlayback`: a player inside the call.

    Reports `PlaybackReady`, `PlaybackStarted` with `duration` in ms, `PlaybackFinished` (with
    `error` when it could not be played; not at all when it loops).
    """

    _platform_name = "Player"
    _receives = False

    def __init__(
        self,
        context: Context,
        source: SpokenText | AudioFile | ProgressTone,
        report: Callable[..., None],
    ) -> None:
        self._context = context
        self._router = context.router
        self._unit_id = context.session.ids.object_id()
        self._source = source
        self._report = report
        self._duration_ms = 0
        self._port = context.graph.port("player", RATE_HZ)
        context.media.listen(self._port, self._mark)
        context.session.own(self)
        self._start = context.clock.call_later(PREPARATION_US, self._begin)

    def destroy(self) -> None:
        """Stops it at once; nothing is reported."""
        self._start.cancel()
        if not self._port.closed:
            self._router.forget(self)
            self._context.media.forget(self._port)
            self._port.close()
            self._context.session.disown(self)

    def _begin(self) -> None:
        try:
            pcm, tag = self._source.load(self._context)
            if not pcm:
                raise ValueError("There is nothing to play")
        except ValueError as error:
            self._report("PlaybackFinished", error=str(error))
            self.destroy()
            return
        self._duration_ms = len(pcm) // 2 * 1000 // RATE_HZ
        self._report("PlaybackReady")
        self._port.detect(playback=True)
        self._port.play(pcm, tag=tag, loop=self._source.loop)

    def _mark(self, mark: Mark) -> None:
        if mark.kind is MarkKind.PLAYBACK_STARTED:
            self._report("PlaybackStarted", duration=self._duration_ms)
        elif mark.kind is MarkKind.PLAYBACK_ENDED and not self._source.loop:
            self._report("PlaybackFinished")
            self.destroy()

    def _source_port(self, params: Struct) -> Port:
        return self._port

    def toJSON(self) -> dict[str, Any]:
        return {"id": self._unit_id}
