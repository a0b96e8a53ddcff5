"""The account of a call: journal records told as lines for a reader.

A pure view: it gets the records one after another and answers with entries. It knows nothing of
the terminal (`cli/view.py` draws the entries) and nothing of the run. What only a debugger wants
(provider messages, links, quiet events) is told when `verbose` is set.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from attrs import define, field

from voxrt.show.entry import Entry, Record, Tone, as_json, entry
from voxrt.show.outside import OUTSIDE_KINDS, tell_outside

#: Who speaks when it is not somebody at a phone.
OUR_SPEAKERS = frozenset({"agent", "scenario"})

#: Who hears what a phone says.
PLATFORM = "platform"

#: Events that come too often, or say too little, to be told.
_QUIET_EVENT = re.compile(
    r"(Delta|Ping|WebSocket\.(Created|Open|Message)|NewWebSocketConnection|StateChanged|First(Audio|Video)PacketReceived|AudioQualityDetected|PlaybackReady"
    r"|PlaybackStarted|RecordStarted|RecordStopped|Video\.TrackCreated|Player\.(Created|Started|Stopped)"
    r"|ASR\.(Started|CaptureStarted|SpeechCaptured|InterimResult|Stopped))$"
)

#: Messages of the provider that reach a scenario as `Unknown` and say as little.
_QUIET_MESSAGE = re.compile(r"^ping$|\.delta$|\.updated$")

#: The note of somebody at a phone who begins to speak.
SAYS = re.compile(r'^says "(?P<text>.*)"$', re.DOTALL)


@define
class Account:
    """Turns journal records into entries.

    Args:
        verbose: Tell everything, also what is left out otherwise.
    """

    verbose: bool = False
    _said: dict[str, tuple[str, list[str]]] = field(factory=dict, init=False)
    """For each call, who said something last, and the words that were not heard yet."""
    _tools: dict[str, str] = field(factory=dict, init=False)
    _calls: list[str] = field(factory=list, init=False)

    def tell(self, record: Record) -> list[Entry]:
        """The entries for one record: none, one, or a few."""
        tell = _TELLERS.get(str(record["kind"]), Account._other)
        return tell(self, record)

    # --- one method for each kind of record -----------------------------------------------------

    def _run(self, record: Record) -> list[Entry]:
        names = ", ".join(file["name"] for file in record.get("scenario", {}).get("files", ()))
        return [entry(record, Tone.SESSION, "session", f"{names} (seed {record.get('seed')})")]

    def _session(self, record: Record) -> list[Entry]:
        match record["state"]:
            case "idle":
                text = "idle: no call for 60 s"
            case "terminated":
                text = f"ended: {record.get('reason', '')}".rstrip(": ")
            case "terminating" if self.verbose:
                text = f"terminating {record.get('stack', '')}".rstrip()
            case "loading" if self.verbose:
                text = f"loads {record['scenario']}"
            case "module" if self.verbose:
                text = f"loads the module {record['module']}"
            case _:
                return []
        return [entry(record, Tone.SESSION, "session", text)]

    def _event(self, record: Record) -> list[Entry]:
        name, data = str(record["name"]), record.get("data") or {}
        member = name.rpartition(".")[2]
        told = _CALL_EVENTS.get(name)
        if told is not None:
            call = self._call(data if name == "Application.CallAlerting" else record)
            return [entry(record, Tone.CALL, call, told(data))]
        if name in ("Player.Error", "SequencePlayer.Error", "ASR.Error"):
            return [entry(record, Tone.WARNING, _unit(record), str(data.get("error", "")))]
        found = _RESULTS.get(name)
        if found is not None and not self.verbose:
            return [entry(record, Tone.EVENT, _unit(record), found(data))]
        payload = _payload(data)
        if member == "ResponseFunctionCallArgumentsDone":
            return [self._tool_call(record, payload)]
        if name == "Application.Started":
            return [entry(record, Tone.SESSION, "session", "started")]
        if member == "WebSocketError":
            return [entry(record, Tone.WARNING, "warning", f"{member} {as_json(payload or data)}")]
        kind = str(payload.get("type", ""))
        quiet = not record.get("handlers") or _QUIET_EVENT.search(name) is not None
        quiet = quiet or (member == "Unknown" and _QUIET_MESSAGE.search(kind) is not None)
        if quiet and not self.verbose:
            return []
        text = f"{member} {kind}".rstrip() if member == "Unknown" else member
        if name.startswith("Call."):
            text = f"{member}{_details(data)}"
        if self.verbose:
            text = f"{name} {as_json(data)}" if data else name
        tone = Tone.DETAIL if quiet else Tone.EVENT
        return [entry(record, tone, "event", text)]

    def _tool_call(self, record: Record, payload: Mapping[str, Any]) -> Entry:
        name = str(payload.get("name", "?"))
        self._tools[str(payload.get("call_id", ""))] = name
        return entry(record, Tone.TOOL, "tool", f"{name}({_arguments(payload.get('arguments'))})")

    def _command(self, record: Record) -> list[Entry]:
        params = record.get("params") or []
        first = params[0] if params and isinstance(params[0], dict) else {}
        told = _COMMANDS.get(str(record["name"]))
        if told is not None:
            return [entry(record, Tone.CALL, self._call(first), told(first))]
        plays = _plays(first) if record["name"] == "CreatePlayer" else ""
        if plays:
            return [entry(record, Tone.CALL, "player", plays)]
        entries = self._tool_output(record, params[-1]) if params else []
        if self.verbose:
            text = f"{record['name']} {as_json(params)}"
            entries.append(entry(record, Tone.DETAIL, "command", text))
        return entries

    def _tool_output(self, record: Record, message: Any) -> list[Entry]:
        """What the scenario answered to a function call of the agent."""
        payload = message.get("payload") if isinstance(message, dict) else None
        item = payload.get("item") if isinstance(payload, dict) else None
        if not isinstance(item, dict) or item.get("type") != "function_call_output":
            return []
        name = self._tools.get(str(item.get("call_id", "")), "?")
        return [entry(record, Tone.TOOL, "tool", f"{name} = {item.get('output', '')}")]

    def _log(self, record: Record) -> list[Entry]:
        return [entry(record, Tone.LOG, "log", str(record["text"]))]

    def _warning(self, record: Record) -> list[Entry]:
        return [entry(record, Tone.WARNING, "warning", str(record["text"]), _place(record))]

    def _error(self, record: Record) -> list[Entry]:
        return [entry(record, Tone.ERROR, "error", str(record["text"]), _place(record))]

    def _note(self, record: Record) -> list[Entry]:
        who, text = str(record["who"]), str(record["text"])
        said = SAYS.match(text)
        if said is None:
            return [entry(record, Tone.CALLER, who, text)]
        self._said[str(record["call"])] = (who, _words(said["text"]))
        return [entry(record, Tone.CALLER, who, f'"{said["text"]}"')]

    def _heard(self, record: Record) -> list[Entry]:
        speaker, text = str(record["speaker"]), str(record["text"])
        complete = bool(record.get("complete", True))
        at = float(record.get("from_ms", record["t"]))
        if speaker in OUR_SPEAKERS:
            cut = "" if complete else "cut off"
            return [Entry(at, Tone.AGENT, speaker, f'"{text}"', cut)]
        # What a phone says was told when it began; only what the platform lost of it is news.
        by = str(record.get("by", PLATFORM))
        news = by == PLATFORM and not (self._heard_as_said(str(record["call"]), text) and complete)
        if not news and not self.verbose:
            return []
        who, _ = self._said.get(str(record["call"]), (speaker, []))
        aside = f"as heard by the {by}" + ("" if complete else ", cut off")
        return [Entry(at, Tone.CALLER, who if by == PLATFORM else speaker, f'"{text}"', aside)]

    def _heard_as_said(self, call: str, text: str) -> bool:
        """Whether these words are the next ones of what was said, with none missing between."""
        who, said = self._said.get(call, ("", []))
        heard = _words(text)
        if said[: len(heard)] != heard:
            return False
        self._said[call] = (who, said[len(heard) :])
        return True

    def _provider(self, record: Record) -> list[Entry]:
        if not self.verbose:
            return []
        way = "to" if record["direction"] == "sent" else "from"
        text = f"{record.get('type', '')} {as_json(record.get('message') or {})}"
        return [entry(record, Tone.DETAIL, f"{way} {record.get('link', '')}", text)]

    def _media(self, record: Record) -> list[Entry]:
        if not self.verbose:
            return []
        units = " to ".join(str(record[key]) for key in ("unit", "from", "to") if key in record)
        samples = f" ({record['samples']} samples)" if "samples" in record else ""
        text = f"{record['action']} {units}{samples}"
        return [entry(record, Tone.DETAIL, "media", text)]

    def _file(self, record: Record) -> list[Entry]:
        if not self.verbose:
            return []
        return [entry(record, Tone.DETAIL, "file", f"{record['what']}: {record['path']}")]

    def _outside(self, record: Record) -> list[Entry]:
        return tell_outside(record, self.verbose)

    def _result(self, record: Record) -> list[Entry]:
        return []

    def _queue(self, record: Record) -> list[Entry]:
        action, agent = str(record["action"]), record.get("agent")
        match action:
            case "enters":
                text = f"position {record['position']}, priority {record['priority']}"
            case "accepted":
                text = f"{agent} takes it"
            case "ended":
                return [entry(record, Tone.CALL, "queue", f"ended: {record['description']}")]
            case _:
                text = f"{action} {agent}" if agent else action
        shown = f"{record['queue']}: {text}"
        if record["request"] == "another caller":
            shown += " (another caller)"
        elif action in ("enters", "accepted"):
            return [entry(record, Tone.CALL, "queue", shown)]
        return [entry(record, Tone.DETAIL, "queue", shown)] if self.verbose else []

    def _agent(self, record: Record) -> list[Entry]:
        if not self.verbose:
            return []
        return [entry(record, Tone.DETAIL, "agent", f"{record['agent']}: {record['state']}")]

    def _timer(self, record: Record) -> list[Entry]:
        if not self.verbose:
            return []
        text = f"{record['id']} {record['state']}"
        if record["state"] == "set":
            every = "every " if record.get("repeat") else "in "
            text += f" to call {every}{record['delay_ms']:g} ms"
        return [entry(record, Tone.DETAIL, "timer", text)]

    def _other(self, record: Record) -> list[Entry]:
        if not self.verbose:
            return []
        rest = {key: value for key, value in record.items() if key not in ("n", "t", "kind", "at")}
        return [entry(record, Tone.DETAIL, str(record["kind"]), as_json(rest))]

    def _call(self, source: Mapping[str, Any]) -> str:
        """`call`, or `call 2` and so on for those after the first."""
        identity = str(source.get("id", ""))
        if identity not in self._calls:
            self._calls.append(identity)
        number = self._calls.index(identity) + 1
        return "call" if number == 1 else f"call {number}"


_TELLERS: dict[str, Callable[[Account, Record], list[Entry]]] = {
    "run": Account._run,
    "session": Account._session,
    "event": Account._event,
    "command": Account._command,
    "log": Account._log,
    "warning": Account._warning,
    "error": Account._error,
    "note": Account._note,
    "heard": Account._heard,
    "provider": Account._provider,
    "media": Account._media,
    "file": Account._file,
    **dict.fromkeys(OUTSIDE_KINDS, Account._outside),
    "queue": Account._queue,
    "agent": Account._agent,
    "timer": Account._timer,
    "result": Account._result,
}


def _alerting(data: Mapping[str, Any]) -> str:
    name = f" ({data['displayName']})" if data.get("displayName") else ""
    return f"{data.get('callerid', '?')}{name} calls {data.get('destination', '?')}"


def _disconnected(data: Mapping[str, Any]) -> str:
    reason = f": {data['reason']}" if data.get("reason") else ""
    return f"disconnected after {data.get('duration', 0)} s{reason}"


def _unit(record: Record) -> str:
    """What an event's unit is called: `player` for those of all kinds, `socket` for short."""
    return str(record["unit"]).rpartition("-")[2].removeprefix("web")


def _failed(data: Mapping[str, Any]) -> str:
    return f"failed: {data.get('code', '')} {data.get('reason', '')}".rstrip()


def _beep(data: Mapping[str, Any]) -> str:
    if data.get("frequencies"):
        return f"a beep of {data['frequencies'][0]} Hz is heard"
    return "no beep was heard in time" if data.get("timeout") else "beeps are ignored from now on"


_CALL_EVENTS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "Application.CallAlerting": _alerting,
    "Call.Ringing": lambda data: "rings",
    "Call.AudioStarted": lambda data: "early media",
    "Call.Connected": lambda data: "connected",
    "Call.Disconnected": _disconnected,
    "Call.Failed": _failed,
    "Call.OnHold": lambda data: "on hold",
    "Call.OffHold": lambda data: "off hold",
    "Call.TransferComplete": lambda data: "transferred",
    "Call.TransferFailed": lambda data: f"the transfer {_failed(data)}",
    "Call.RtpStopped": lambda data: "no audio packets come any more",
    "Call.RtpResumed": lambda data: "audio packets come again",
    "Call.BeepDetectionComplete": _beep,
    "Call.RecordError": lambda data: f"recording failed: {data.get('error', '')}",
    "Call.ToneReceived": lambda data: f"digit {data.get('tone', '')} received",
}

#: What speech recognisers and detectors found, and how connections ended.
_RESULTS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "ASR.Result": lambda data: f'"{data.get("text", "")}" ({data.get("confidence", 0):g})',
    "AMD.Events.DetectionComplete": lambda data: str(data.get("resultClass", "")),
    "WebSocket.Close": lambda data: (
        f"closed: {data.get('code', '')} {data.get('reason', '')}".rstrip()
    ),
}

_COMMANDS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "AcceptCall": lambda params: "answered by the scenario",
    "RejectCall": lambda params: f"rejected by the scenario with {params.get('code', '')}",
    "HangupCall": lambda params: "hung up by the scenario",
    "CallPSTN": lambda params: f"the scenario calls {params.get('to', '?')}",
    "CallSIP": lambda params: f"the scenario calls {params.get('to', '?')}",
    "CallConference": lambda params: (
        f"the scenario calls into the conference {params.get('to', '?')}"
    ),
    "CallUser": lambda params: f"the scenario calls the user {params.get('to', '?')}",
    "CallUserDirect": lambda params: f"the scenario calls {params.get('to', '?')} peer to peer",
    "CallWhatsappUser": lambda params: f"the scenario calls {params.get('to', '?')} by WhatsApp",
    "AcceptCallDirect": lambda params: "answered by the scenario, peer to peer",
    "TransferTo": lambda params: f"the scenario transfers the call to {_target(params)}",
    "SendDigits": lambda params: f"the scenario sends the digits {params.get('digits', '')}",
    "SendMessage": lambda params: f'the scenario writes "{params.get("text", "")}"',
    "StartPlayback": lambda params: f"plays {params.get('url', '')}",
}


def _target(params: Mapping[str, Any]) -> str:
    return str(params.get("to") or "another call")


def _plays(params: Mapping[str, Any]) -> str:
    """What a new player plays; nothing for a text, whose words are told when they are heard."""
    match params.get("type"):
        case "url":
            what = f"plays {params.get('url', '')}"
        case "tone":
            what = f"plays the tone {params.get('script', '')}"
        case "sequence":
            what = f"plays {len(params.get('segments', ()))} pieces one after another"
        case _:
            return ""
    return f"{what} in a loop" if params.get("loop") else what


def _payload(data: Mapping[str, Any]) -> Mapping[str, Any]:
    inner = data.get("data")
    payload = inner.get("payload") if isinstance(inner, Mapping) else None
    return payload if isinstance(payload, Mapping) else {}


def _arguments(text: Any) -> str:
    """`name=value, ...` of a JSON object; any other text as it is."""
    try:
        values = json.loads(text)
    except (TypeError, ValueError):
        return str(text or "")
    if not isinstance(values, dict):
        return str(text)
    return ", ".join(f"{key}={as_json(value)}" for key, value in values.items())


def _details(data: Mapping[str, Any]) -> str:
    parts = [
        f"{key}={as_json(value)}" for key, value in data.items() if value not in ({}, "", None)
    ]
    return f" ({', '.join(parts)})" if parts else ""


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _place(record: Record) -> str:
    if not record.get("file"):
        return ""
    return ":".join(str(record[key]) for key in ("file", "line") if record.get(key))
