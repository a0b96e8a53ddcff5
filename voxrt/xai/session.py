"""The configuration of a session on the server's side: merging of updates and the echo.

An update is partial: what it does not name keeps its value. It is applied whole or not at all: a
bad tool or an unknown audio format leaves the previous configuration in place. The echo is not
what was sent but the service's own view of it, with its fixed fields, tools nested, and
`turn_detection` as sent, left out when turns are manual.
"""

from __future__ import annotations

from typing import Any, Final

from attrs import evolve, field, frozen

from voxrt.xai.formats import DEFAULT_FORMAT, AudioFormat, FormatError, parse_format

MAX_KEYTERMS: Final = 100
MAX_KEYTERM_CHARACTERS: Final = 50
MAX_DOMAINS: Final = 5
MAX_HANDLES: Final = 20
_TRANSPORTS: Final = ("json", "binary")


class ConfigError(ValueError):
    """An update that is refused; becomes an `error` event.

    Attributes:
        code: The event's `error.code`.
        param: The field at fault.
    """

    def __init__(
        self, message: str, *, code: str = "invalid_request_error", param: str = ""
    ) -> None:
        super().__init__(message)
        self.code = code
        self.param = param or None


@frozen
class TurnDetection:
    """Server VAD with its defaults filled in; times in milliseconds."""

    threshold: float = 0.85
    prefix_padding_ms: int = 333
    silence_duration_ms: int | None = None
    idle_timeout_ms: int | None = None
    create_response: bool = True
    interrupt_response: bool = True


@frozen(kw_only=True)
class SessionConfig:
    """What the session is set to. `given` keeps the fields as they were sent."""

    model: str
    given: dict[str, Any] = field(factory=dict)
    input_format: AudioFormat = DEFAULT_FORMAT
    output_format: AudioFormat = DEFAULT_FORMAT
    input_transport: str = "json"
    output_transport: str = "json"
    transcription: dict[str, Any] | None = None
    turn_detection: TurnDetection | None = None
    speed: float = 1.0
    tools: tuple[dict[str, Any], ...] = ()

    @property
    def instructions(self) -> str:
        """The session's instructions; empty when none were given."""
        return str(self.given.get("instructions") or "")

    @property
    def voice(self) -> str:
        """The voice without the service's prefixes, in lower case; empty for the default."""
        voice = str(self.given.get("voice") or "").lower()
        return voice.removeprefix("human_").removeprefix("xai_")

    @property
    def replace(self) -> dict[str, str]:
        """Texts that are pronounced as other texts."""
        value = self.given.get("replace")
        return {str(k): str(v) for k, v in value.items()} if isinstance(value, dict) else {}

    @property
    def resumable(self) -> bool:
        """Whether `resumption.enabled` was set."""
        value = self.given.get("resumption")
        return bool(value.get("enabled")) if isinstance(value, dict) else False

    @property
    def live_transcripts(self) -> bool:
        """Whether partial transcripts are sent."""
        return (self.transcription or {}).get("model") == "grok-transcribe"

    def function(self, name: str) -> dict[str, Any] | None:
        """The declaration `{name, description, parameters}` of a function, if there is one."""
        for tool in self.tools:
            if tool.get("type") == "function" and tool["function"]["name"] == name:
                return dict(tool["function"])
        return None

    @property
    def function_names(self) -> tuple[str, ...]:
        """The functions that the client declared, in order."""
        return tuple(t["function"]["name"] for t in self.tools if t.get("type") == "function")

    def updated(self, update: dict[str, Any]) -> SessionConfig:
        """This configuration with one `session.update` applied.

        Raises:
            ConfigError: Something in it is refused; nothing is applied then.
        """
        update = _lifted(update)
        changes: dict[str, Any] = {}
        if "tools" in update:
            changes["tools"] = _tools(update["tools"])
        if "turn_detection" in update:
            changes["turn_detection"] = _turn_detection(update["turn_detection"])
        if "input_audio_transcription" in update:
            changes["transcription"] = _transcription(update["input_audio_transcription"])
        audio = update.get("audio") or {}
        for side in ("input", "output"):
            part = audio.get(side) or {}
            if part.get("format") is not None:
                changes[f"{side}_format"] = _format(part["format"], f"audio.{side}.format")
            if part.get("transport") is not None:
                changes[f"{side}_transport"] = _transport(part["transport"], side)
        if "transcription" in (audio.get("input") or {}):
            changes["transcription"] = _transcription(audio["input"]["transcription"])
        speed = (audio.get("output") or {}).get("speed")
        if speed is not None:
            changes["speed"] = min(1.5, max(0.7, _number(speed, "audio.output.speed")))
        return evolve(self, given={**self.given, **update}, **changes)

    def echo(self) -> dict[str, Any]:
        """The session object of `session.updated`."""
        given = self.given
        session: dict[str, Any] = {"instructions": self.instructions}
        session["enable_noise_suppression"] = True
        if self.turn_detection is not None:
            session["turn_detection"] = given["turn_detection"]
        session["model"] = self.model
        for name in ("voice", "reasoning"):
            if given.get(name) is not None:
                session[name] = given[name]
        if self.tools:
            session["tools"] = list(self.tools)
        session["keep_context"] = bool(given.get("keep_context", False))
        session["enable_phonetic_spelling"] = False
        if self.transcription is not None:
            session["input_audio_transcription"] = self.transcription
        session["modalities"] = ["audio"]
        session["input_audio_format"] = "not specified"
        session["output_audio_format"] = "not specified"
        session["tool_choice"] = given.get("tool_choice", "auto")
        session["temperature"] = -1.0
        session["max_response_output_tokens"] = "inf"
        for name in ("replace", "resumption"):
            if given.get(name) is not None:
                session[name] = given[name]
        session["audio"] = {
            "input": _echo_format(self.input_format, self.input_transport),
            "output": _echo_format(self.output_format, self.output_transport),
        }
        if self.transcription is not None:
            session["audio"]["input"]["transcription"] = self.transcription
        if self.speed != 1.0:
            session["audio"]["output"]["speed"] = self.speed
        return session


def _echo_format(value: AudioFormat, transport: str) -> dict[str, Any]:
    return {"format": {"type": value.type, "rate": value.rate_hz}, "transport": transport}


def _lifted(update: dict[str, Any]) -> dict[str, Any]:
    """The update with the nested and older spellings moved to where the service keeps them."""
    lifted = dict(update)
    audio = update.get("audio")
    if audio is not None and not isinstance(audio, dict):
        raise ConfigError("session.audio must be an object.", param="audio")
    sides = {}
    for side in ("input", "output"):
        part = (audio or {}).get(side)
        if part is not None and not isinstance(part, dict):
            raise ConfigError(f"session.audio.{side} must be an object.", param=f"audio.{side}")
        sides[side] = dict(part or {})
    if "turn_detection" in sides["input"] and "turn_detection" not in update:
        lifted["turn_detection"] = sides["input"]["turn_detection"]
    if "voice" in sides["output"] and "voice" not in update:
        lifted["voice"] = sides["output"]["voice"]
    for side in ("input", "output"):
        older = update.get(f"{side}_audio_format")
        if older is not None and "format" not in sides[side]:
            sides[side]["format"] = older
    lifted["audio"] = sides
    return lifted


def _format(value: Any, param: str) -> AudioFormat:
    try:
        return parse_format(value)
    except FormatError as error:
        raise ConfigError(str(error), code="invalid_audio_format", param=param) from None


def _transport(value: Any, side: str) -> str:
    if value not in _TRANSPORTS:
        raise ConfigError(
            f"Transport {value!r} is not one of json, binary.", param=f"audio.{side}.transport"
        )
    return str(value)


def _number(value: Any, param: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ConfigError(f"{param} must be a number.", param=param)
    return float(value)


def _milliseconds(value: dict[str, Any], name: str, default: int | None) -> int | None:
    number = value.get(name)
    if number is None:
        return default
    return int(min(10_000.0, max(0.0, _number(number, f"turn_detection.{name}"))))


def _turn_detection(value: Any) -> TurnDetection | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        raise ConfigError("turn_detection must be an object or null.", param="turn_detection")
    kind = value.get("type", "server_vad")
    if kind is None:
        return None
    if kind != "server_vad":
        raise ConfigError(f"Turn detection {kind!r} is not supported.", param="turn_detection.type")
    threshold = value.get("threshold")
    idle = value.get("idle_timeout_ms")
    return TurnDetection(
        threshold=0.85
        if threshold is None
        else min(0.9, max(0.1, _number(threshold, "turn_detection.threshold"))),
        prefix_padding_ms=_milliseconds(value, "prefix_padding_ms", 333) or 0,
        silence_duration_ms=_milliseconds(value, "silence_duration_ms", None),
        idle_timeout_ms=None if not idle else int(_number(idle, "turn_detection.idle_timeout_ms")),
        create_response=value.get("create_response") is not False,
        interrupt_response=value.get("interrupt_response") is not False,
    )


def _transcription(value: Any) -> dict[str, Any] | None:
    param = "audio.input.transcription"
    if value is None:
        return None
    if not isinstance(value, dict):
        raise ConfigError("transcription must be an object or null.", param=param)
    keyterms = value.get("keyterms") or []
    if not isinstance(keyterms, list) or len(keyterms) > MAX_KEYTERMS:
        raise ConfigError(f"keyterms must be a list of at most {MAX_KEYTERMS}.", param=param)
    if any(not isinstance(k, str) or len(k) > MAX_KEYTERM_CHARACTERS for k in keyterms):
        raise ConfigError(
            f"A keyterm is a text of at most {MAX_KEYTERM_CHARACTERS} characters.", param=param
        )
    return value


def _tools(value: Any) -> tuple[dict[str, Any], ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise ConfigError("tools must be an array.", param="tools")
    return tuple(_tool(tool, f"tools[{index}]") for index, tool in enumerate(value))


def _tool(tool: Any, param: str) -> dict[str, Any]:
    if not isinstance(tool, dict):
        raise ConfigError("A tool must be an object.", param=param)
    kind = tool.get("type")
    if kind == "function":
        return _function(tool, param)
    if kind in ("web_search", "x_search"):
        noun, most = ("domains", MAX_DOMAINS) if kind == "web_search" else ("handles", MAX_HANDLES)
        stem = noun if kind == "web_search" else f"x_{noun}"
        lists = [tool.get(f"{mode}_{stem}") for mode in ("allowed", "excluded")]
        if all(lists):
            raise ConfigError(f"{kind} takes allowed or excluded {noun}, not both.", param=param)
        if any(isinstance(entries, list) and len(entries) > most for entries in lists):
            raise ConfigError(f"{kind} takes at most {most} {noun}.", param=param)
    elif kind == "mcp":
        label = tool.get("server_label")
        if not isinstance(tool.get("server_url"), str) or not isinstance(label, str):
            raise ConfigError("An mcp tool needs server_url and server_label.", param=param)
        if "." in label:
            raise ConfigError("server_label must not contain dots.", param=f"{param}.server_label")
    elif kind != "file_search":
        raise ConfigError(f"Tool type {kind!r} is not supported.", param=f"{param}.type")
    return tool


def _function(tool: dict[str, Any], param: str) -> dict[str, Any]:
    body = tool.get("function") if isinstance(tool.get("function"), dict) else tool
    assert body is not None
    name = body.get("name")
    if not isinstance(name, str) or not name:
        raise ConfigError("A function tool needs a name.", param=f"{param}.name")
    parameters = body.get("parameters")
    if parameters is not None and not isinstance(parameters, dict):
        raise ConfigError("parameters must be a JSON schema object.", param=f"{param}.parameters")
    function: dict[str, Any] = {"name": name}
    if body.get("description") is not None:
        function["description"] = body["description"]
    function["parameters"] = parameters if parameters is not None else {}
    return {"type": "function", "function": function}
