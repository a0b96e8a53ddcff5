"""espeak-ng, loaded at run time when the extra `speech` is installed.

espeak-ng is GPL: voxrt does not link or ship it. It is found through the `espeakng-loader` package
and called through ctypes.

Its output depends on everything that it said before, because some of its variables live on through
`espeak_Terminate`. So the library itself is loaded, used for one phrase, and unloaded. Where the
system keeps a library that was closed (another package uses it, or the loader never unloads), a
copy under another name is loaded, whose variables are its own. Its noise starts from the time of
day unless it is told a seed.

API: https://github.com/espeak-ng/espeak-ng/blob/1.52.0/src/include/espeak-ng/speak_lib.h
"""

from __future__ import annotations

import _ctypes
import ctypes
import os
import shutil
import tempfile
import threading
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import define, field, frozen

from voxrt.errors import MediaError

if TYPE_CHECKING:
    from voxrt.media.voices import Voice

ESPEAK_HZ = 22_050
_SYNCHRONOUS, _DONT_EXIT = 2, 0x8000
_UTF8 = 1
_RATE, _PITCH = 1, 3
_WORDS_PER_MINUTE = 175
_LIST_END, _WORD = 0, 1
_SEED = 1


class _Event(ctypes.Structure):
    class _Id(ctypes.Union):
        _fields_ = (
            ("number", ctypes.c_int),
            ("name", ctypes.c_char_p),
            ("string", ctypes.c_char * 8),
        )

    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    )


_CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


@frozen
class Rendering:
    """What the engine made of a phrase: PCM16 at `ESPEAK_HZ`, and where its words begin.

    `starts` are pairs of a character position in the text and a sample, both from 0.
    """

    pcm: bytes
    starts: tuple[tuple[int, int], ...]


@define
class Espeak:
    """The installed engine.

    Attributes:
        version: For example `1.52.0`.
        languages: From every language code that it knows, in lower case, to the voice of it.

    Raises:
        MediaError: The library cannot be loaded on this system.
    """

    version: str = field(init=False)
    languages: dict[str, str] = field(init=False, repr=False)
    _library: str = field(init=False)
    _data: str = field(init=False)
    _lock: threading.Lock = field(factory=threading.Lock, init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        loader = import_module("espeakng_loader")
        self._library = loader.get_library_path()
        self._data = loader.get_data_path()
        try:
            library = ctypes.CDLL(self._library)
        except OSError as error:
            raise MediaError(
                f"espeak-ng cannot be loaded: {error}",
                hint="Use the synthetic voice, or reinstall the extra `speech`.",
            ) from None
        try:
            library.espeak_Info.restype = ctypes.c_char_p
            self.version = library.espeak_Info(None).decode()
        finally:
            _ctypes.dlclose(library._handle)
        self.languages = _languages(Path(self._data))

    def render(self, text: str, voice: Voice, speed: float) -> Rendering:
        """Speaks one phrase with an engine that never spoke before.

        Args:
            text: Plain text in the language of the voice.
            voice: One whose language is a value of `languages`.
            speed: 1.0 is 175 words per minute; 0.5 to 2.5 are within the engine's range.

        Raises:
            MediaError: The engine refused to start or to speak.
        """
        with self._lock, _FreshLibrary(self._library) as library:
            return _render(library, self._data, text, voice, speed)


def is_installed() -> bool:
    """Whether the extra `speech` is there."""
    return find_spec("espeakng_loader") is not None


def _languages(data: Path) -> dict[str, str]:
    """The voices by their own names, and by the further codes that their files declare.

    A voice whose dictionary is missing would speak letters: it is left out.
    """
    voices: dict[str, str] = {}
    codes: dict[str, str] = {}
    for path in sorted(path for path in (data / "lang").rglob("*") if path.is_file()):
        declared = [
            words[1].lower()
            for words in map(str.split, path.read_text("utf-8", errors="replace").splitlines())
            if len(words) > 1 and words[0] == "language"
        ]
        dictionaries = {code.partition("-")[0] for code in [path.name.lower(), *declared]}
        if any((data / f"{code}_dict").exists() for code in dictionaries):
            voices[path.name.lower()] = path.name.lower()
            for code in declared:
                codes.setdefault(code, path.name.lower())
    return codes | voices


class _FreshLibrary:
    """A library whose static variables have their first values."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._loaded: ctypes.CDLL | None = None

    def __enter__(self) -> ctypes.CDLL:
        path = self._path
        if _is_loaded(path):
            self._folder = tempfile.TemporaryDirectory(prefix="voxrt-speech-")
            path = shutil.copy(path, self._folder.name)
        self._loaded = ctypes.CDLL(path)
        return self._loaded

    def __exit__(self, *exc: object) -> None:
        if self._loaded is not None:
            _ctypes.dlclose(self._loaded._handle)
        if self._folder is not None:
            self._folder.cleanup()


def _is_loaded(path: str) -> bool:
    no_load = getattr(os, "RTLD_NOLOAD", None)
    if no_load is None:
        return True
    try:
        library = ctypes.CDLL(path, mode=no_load)
    except OSError:
        return False
    _ctypes.dlclose(library._handle)
    return True


def _render(library: ctypes.CDLL, data: str, text: str, voice: Voice, speed: float) -> Rendering:
    pcm = bytearray()
    starts: list[tuple[int, int]] = []

    def collect(wave: ctypes._Pointer[ctypes.c_short], count: int, events: object) -> int:
        if wave and count > 0:
            pcm.extend(ctypes.string_at(wave, 2 * count))
        index = 0
        while (event := events[index]).type != _LIST_END:  # type: ignore[index]
            if event.type == _WORD:
                starts.append((event.text_position - 1, event.sample))
            index += 1
        return 0

    callback = _CALLBACK(collect)
    rate = library.espeak_Initialize(_SYNCHRONOUS, 0, os.fsencode(data), _DONT_EXIT)
    if hasattr(library, "espeak_ng_SetRandSeed"):  # its own generator, since 1.52
        library.espeak_ng_SetRandSeed(ctypes.c_long(_SEED))
    library.srand(_SEED)  # the C library's, which its Klatt voices use
    if rate != ESPEAK_HZ:
        raise MediaError(f"espeak-ng did not start (espeak_Initialize: {rate})")
    try:
        library.espeak_SetSynthCallback(callback)
        if library.espeak_SetVoiceByName(voice.name.encode()) != 0:
            raise MediaError(f"espeak-ng has no voice {voice.name!r}")
        words_per_minute = round(_WORDS_PER_MINUTE * speed)
        library.espeak_SetParameter(_RATE, min(450, max(80, words_per_minute)), 0)
        library.espeak_SetParameter(_PITCH, voice.pitch, 0)
        encoded = text.encode() + b"\0"
        status = library.espeak_Synth(encoded, len(encoded), 0, 1, 0, _UTF8, None, None)
        if status != 0:
            raise MediaError(f"espeak-ng did not speak (espeak_Synth: {status})")
        library.espeak_Synchronize()
    finally:
        library.espeak_Terminate()
    return Rendering(bytes(pcm), tuple(starts))
