"""The making of players: one side of `VoxEngine`.

Source: https://voximplant.com/docs/references/voxengine/voxengine, and the older forms that
scenarios still use: a URL in place of a request, a loop or a language in place of parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from voxrt.errors import ScenarioTypeError
from voxrt.session.values import Struct, kind_of, parameters
from voxrt.vox.arguments import demand_text, header_map
from voxrt.vox.context import Context
from voxrt.vox.helpers import as_bytes
from voxrt.vox.player import Player, SequencePlayer
from voxrt.vox.shortfalls import tell_shortfalls
from voxrt.vox.sounds import AudioFile, Sequence, Source, SpokenText, ToneSound

HIDDEN = "******"
METHODS = ("GET", "POST")


class Players:
    """Makes players."""

    _context: Context

    def createTTSPlayer(
        self, text: Any, parameters_: Any = None, ttsOptions: Any = None, **kw: Any
    ) -> Player:
        """A player that speaks a text.

        Args:
            text: What it says; more than 1500 characters give `Error` and `PlaybackFinished`.
            parameters_: `voice`, `onPause`, `progressivePlayback`, `ttsOptions`, ...; or a voice
                or a language, the older form.
            ttsOptions: Only with the older form.
            kw: The parameters as keywords.
        """
        words = demand_text("createTTSPlayer", "text", text)
        params = speech_parameters(parameters_, ttsOptions, kw)
        tell_shortfalls(self._context.session, "VoxEngine.createTTSPlayer", params)
        source = spoken_text(words, params)
        return self._make_player(
            source, params, type="tts", text=words, voice=source.voice, **_flags(params)
        )

    def createURLPlayer(self, request: Any, parameters_: Any = None, **kw: Any) -> Player:
        """A player of an audio file: wav, mp3, ogg or flac of at most 10 MB.

        Args:
            request: `url`, `method` (`GET` or `POST`), `headers` as `{name, value}` and `body`
                with `text` or `binary`; or the URL, the older form. A URL may be `file:` and a
                path from the working folder, a plain path, or `data:`.
            parameters_: `loop`, `onPause`, `progressivePlayback`, `hideHeaders`, `hideBody`; or
                the loop, the older form.
            kw: The parameters as keywords.
        """
        params = looping_parameters(parameters_, kw)
        source = requested_file("createURLPlayer", request, params)
        shown: dict[str, Any] = {"url": source.url}
        if isinstance(request, Mapping):
            shown["method"] = source.method
        if source.headers:
            shown["headers"] = HIDDEN if params.get("hideHeaders") else dict(source.headers)
        if source.body:
            text = source.body.decode(errors="replace")
            shown["body"] = HIDDEN if params.get("hideBody") else text
        return self._make_player(source, params, type="url", **shown, **_flags(params))

    def createToneScriptPlayer(self, script: Any, parameters_: Any = None, **kw: Any) -> Player:
        """A player of a tone script such as `425@-19;5(1/4/1)`.

        Args:
            script: Frequencies in Hz with their levels in dBm; then sections of a length in
                seconds, with on and off times and the numbers of the frequencies. A script that
                is wrong gives `Error` and `PlaybackFinished`, with the position in it.
            parameters_: `loop`, `progressivePlayback`; or the loop, the older form.
            kw: The parameters as keywords.
        """
        text = demand_text("createToneScriptPlayer", "script", script)
        params = looping_parameters(parameters_, kw)
        source = ToneSound(text, bool(params.get("progressivePlayback")), bool(params.get("loop")))
        return self._make_player(source, params, type="tone", script=text, **_flags(params))

    def createToneScript(self, script: Any, parameters_: Any = None, **kw: Any) -> Player:
        """The older name of `createToneScriptPlayer`."""
        return self.createToneScriptPlayer(script, parameters_, **kw)

    def createSequencePlayer(self, parameters_: Any = None, **kw: Any) -> SequencePlayer:
        """A player of several texts and audio files, one after another.

        Args:
            parameters_: `segments`, a list of `{text, parameters}` and `{url, parameters}`, with
                the parameters of the players of their kind.
            kw: The same, as keywords.
        """
        params = parameters(parameters_, kw)
        segments = params.get("segments")
        if not isinstance(segments, list | tuple):
            raise ScenarioTypeError("createSequencePlayer: segments must be a list of segments")
        sources = tuple(self._segment(number, one) for number, one in enumerate(segments))
        given = {**(parameters_ or {}), **kw}
        player = SequencePlayer(self._context, Sequence(sources), list(given["segments"]))
        shown = [{"text": s.text} if isinstance(s, SpokenText) else {"url": s.url} for s in sources]
        player._command("CreatePlayer", type="sequence", segments=shown)
        player._begin()
        return player

    # --- inside -------------------------------------------------------------------------------

    def _segment(self, number: int, segment: Any) -> SpokenText | AudioFile:
        where = f"createSequencePlayer: segment {number}"
        if not isinstance(segment, Mapping):
            raise ScenarioTypeError(f"{where} must be an object, not {kind_of(segment)}")
        params = parameters(segment.get("parameters"), {})
        for name in ("loop", "onPause"):
            if params.get(name):
                self._context.session.warn("ignored", f"{where}: `{name}` has no effect in it")
        if segment.get("text") is not None:
            tell_shortfalls(self._context.session, "VoxEngine.createTTSPlayer", params, where)
            return spoken_text(demand_text(where, "text", segment["text"]), params)
        if segment.get("url") is None:
            raise ScenarioTypeError(f"{where} has neither text nor url")
        return requested_file(where, segment["url"], parameters(params, {"loop": False}))

    def _make_player(self, source: Source, params: Struct, **shown: Any) -> Player:
        player = Player(self._context, source, paused=bool(params.get("onPause")))
        player._command("CreatePlayer", **shown)
        player._begin()
        return player


def speech_parameters(given: Any, tts_options: Any, keywords: Mapping[str, Any]) -> Struct:
    """The parameters of a text to be spoken, in the newer form or in the older one.

    Args:
        given: An object; or a voice or a language, the older form.
        tts_options: The third argument of the older form.
        keywords: The same, as keywords.
    """
    old_form = {"voice": given} if isinstance(given, str) else given
    params = parameters(old_form, keywords)
    if tts_options is not None:
        params = parameters(params, {"ttsOptions": tts_options})
    return params


def looping_parameters(given: Any, keywords: Mapping[str, Any]) -> Struct:
    """The parameters of what can loop: an object, or a boolean, the older form of `loop`."""
    return parameters({"loop": given} if isinstance(given, bool) else given, keywords)


def spoken_text(text: str, params: Struct) -> SpokenText:
    """A text to be spoken with the parameters of `createTTSPlayer` or `say`."""
    return SpokenText(
        text,
        voice=str(params.get("voice") or params.get("language") or ""),
        progressive=bool(params.get("progressivePlayback")),
    )


def requested_file(function: str, request: Any, params: Struct) -> AudioFile:
    """The audio file that a request, or a URL, names.

    Args:
        function: What the scenario called, for messages.
        request: As `createURLPlayer` takes it.
        params: `loop`, `progressivePlayback`, `hideHeaders`, `hideBody`.

    Raises:
        ScenarioTypeError: There is no URL, or another part is not of its kind.
    """
    fields = parameters(request if isinstance(request, Mapping) else {"url": request}, {})
    method = str(fields.get("method") or "GET").upper()
    if method not in METHODS:
        raise ScenarioTypeError(f"{function}: method must be GET or POST, not {method!r}")
    return AudioFile(
        url=demand_text(function, "url", fields.get("url")),
        method=method,
        headers=header_map(function, fields.get("headers")),
        body=_body(function, fields.get("body")),
        progressive=bool(params.get("progressivePlayback")),
        loop=bool(params.get("loop")),
        hidden=frozenset(
            part
            for part, switch in (("headers", "hideHeaders"), ("body", "hideBody"))
            if params.get(switch)
        ),
    )


def _body(function: str, body: Any) -> bytes:
    """A request's body: `text`, or `binary` as a list of bytes or a string."""
    if body is None:
        return b""
    if not isinstance(body, Mapping):
        return as_bytes(body)
    given = [body[name] for name in ("text", "binary") if body.get(name) is not None]
    if len(given) > 1:
        raise ScenarioTypeError(f"{function}: a body has either text or binary")
    return as_bytes(given[0]) if given else b""


def _flags(params: Struct) -> dict[str, bool]:
    """The switches that are on, for the record of the command."""
    names = ("loop", "onPause", "progressivePlayback")
    return {name: True for name in names if params.get(name)}
