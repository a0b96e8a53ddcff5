"""Puts together what a recording, a session log and a trace tell of one call.

All times are of the run that the folder will be: ms since the log's first entry, or since the
recording began when there is no log. What could not be established is said in words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from attrs import evolve, field, frozen

from voxrt.clock import VIRTUAL_EPOCH_MS
from voxrt.errors import AudioFileError, UsageError
from voxrt.imports.session_log import Entry, SessionLogFile, read_session_log
from voxrt.imports.signals import Signal, headers_of, signals_of
from voxrt.imports.speech import Matched, Stretch, Transcript, find_speech, match
from voxrt.imports.trace import TraceFile, read_trace
from voxrt.imports.transcripts import Said, of_the_agent, of_the_caller, of_the_recogniser
from voxrt.legs.script_file import CLIENT_TYPES
from voxrt.media.codecs import DtmfDetector
from voxrt.media.rational import CORE_RATES_HZ
from voxrt.media.wav import read_wav
from voxrt.vox.call_facts import PLACING

#: The platform's own header that tells what kind of phone calls.
CLIENT_TYPE = "VI-Client-Type"


@frozen(kw_only=True)
class Sound:
    """A call's recording at a rate that voxrt's calls have.

    Attributes:
        caller: The left channel, PCM16.
        agent: The right channel; silence when there was none.
        rate_hz: Of both.
        starts_ms: When it begins.
    """

    caller: bytes = field(repr=False)
    agent: bytes = field(repr=False)
    rate_hz: int
    starts_ms: float = 0.0

    @property
    def ends_ms(self) -> float:
        """When it ends."""
        return self.starts_ms + len(self.caller) / 2 * 1000 / self.rate_hz


@frozen(kw_only=True)
class ImportedCall:
    """A call, as far as it is known.

    Attributes:
        began: The date of the beginning.
        call_id: The platform's identifier, or a made-up one.
        incoming: Whether somebody called the scenario.
        number: The other side's number.
        to: The number that was called.
        name: The caller's name; empty when it is not known.
        dialled_ms, connected_ms, ended_ms: When.
        client_type: What kind of phone the far end has, as callers have it in `type`.
        headers: Those of a caller that the scenario got to see.
        hung_up: Whether the far end ended the call; `None` when that is not known.
        sound: Its recording.
        caller: What the far end says.
        agent: What it hears.
        video: Whether video came from the far end.
        digits: The keys that were pressed, when, and how: `DTMFType` of the platform.
        signals: Its messages, INFOs and holds.
        log: The session log.
        trace: The messages of the provider's connection, in the run's time.
        not_established: What is not known, or was assumed.
    """

    began: datetime
    call_id: str = "imported"
    incoming: bool = True
    number: str = ""
    to: str = ""
    name: str = ""
    dialled_ms: float = 0.0
    connected_ms: float = 0.0
    ended_ms: float = 0.0
    client_type: str = "pstn"
    headers: Mapping[str, str] = field(factory=dict)
    hung_up: bool | None = None
    video: bool = False
    sound: Sound
    caller: tuple[Stretch, ...] = ()
    agent: tuple[Stretch, ...] = ()
    digits: tuple[tuple[float, str, int], ...] = ()
    signals: tuple[Signal, ...] = ()
    log: SessionLogFile | None = None
    trace: TraceFile | None = None
    not_established: tuple[str, ...] = ()


def read_call(
    recording: Path,
    log: Path | None = None,
    trace: Path | None = None,
    *,
    starts_at_ms: float | None = None,
    call_id: str = "",
) -> ImportedCall:
    """Reads everything that is known of a call.

    Args:
        recording: A WAV file; left the caller, right what they heard. Mono is the caller alone.
        log: The platform's session log.
        trace: The messages of the connection to the provider.
        starts_at_ms: When the recording begins, in ms since the log's first entry.
        call_id: Which call of the log it is; the first that was connected by default.

    Raises:
        InputError: A file is none of these, or is damaged; one message says which and where.
    """
    unknown: list[str] = []
    sound = _read_sound(recording, unknown)
    session = None if log is None else read_session_log(log)
    link = None if trace is None else _in_time(read_trace(trace), session, unknown)
    facts: dict[str, Any] = {"began": datetime.fromtimestamp(VIRTUAL_EPOCH_MS / 1000, UTC)}
    if session is None:
        unknown.append("who called whom, digits, and who hung up: there is no session log")
        sound = evolve(sound, starts_ms=starts_at_ms or 0.0)
        facts |= {"dialled_ms": sound.starts_ms, "connected_ms": sound.starts_ms}
        facts["ended_ms"] = sound.ends_ms
    else:
        unknown += session.not_understood
        facts = _facts(session, _call_of(session, call_id, unknown), sound, unknown)
        starts = starts_at_ms
        if starts is None:
            starts = _recording_starts(session, facts, unknown)
        sound = evolve(sound, starts_ms=starts)
        if facts["ended_ms"] is None:
            facts["ended_ms"] = max(sound.ends_ms, session.entries[-1].t_ms)
    if link is not None:
        unknown += link.not_understood
    messages = _provider_messages(session, link)
    caller, agent = _spoken(sound, messages, session, unknown)
    return ImportedCall(
        **facts,
        sound=sound,
        caller=tuple(caller),
        agent=tuple(agent),
        digits=tuple(_digits(session, facts, sound, caller)),
        signals=() if session is None else tuple(signals_of(session, facts["call_id"])),
        log=session,
        trace=link,
        not_established=tuple(unknown),
    )


# --- the recording ---------------------------------------------------------------------------


def _read_sound(path: Path, unknown: list[str]) -> Sound:
    wav = read_wav(path)
    if not wav.samples:
        raise AudioFileError("it has no sound: there are no samples", file=str(path))
    rate_hz = wav.rate_hz
    if rate_hz not in CORE_RATES_HZ:
        rate_hz = 8_000 if rate_hz < 12_000 else 16_000
    caller = wav.channel(0, rate_hz)
    if wav.channels == 1:
        unknown.append("what the caller heard: the recording has one channel")
        agent = bytes(len(caller))
    else:
        agent = wav.channel(1, rate_hz)
    return Sound(caller=caller, agent=agent, rate_hz=rate_hz)


def _recording_starts(log: SessionLogFile, facts: dict[str, Any], unknown: list[str]) -> float:
    """When the recording began: when the log says so, else with the connection."""
    begun = [
        *log.events("Call.RecordStarted", "Recorder.Started"),
        *log.commands("Record", "CreateRecorder"),
    ]
    if begun:
        return begun[0].t_ms
    unknown.append(
        "when the recording begins: the log does not say, so it was taken to begin when the call "
        "was connected (--starts-at says otherwise)"
    )
    return float(facts["connected_ms"])


# --- the call --------------------------------------------------------------------------------


def _call_of(log: SessionLogFile, call_id: str, unknown: list[str]) -> str:
    """The identifier of the call in the log."""
    alerting = [str(one.data.get("id")) for one in log.events("Application.CallAlerting")]
    placed = [_first(one).get("id") for one in log.commands(*PLACING)]
    connected = [str(one.data.get("id")) for one in log.events("Call.Connected")]
    known = list(dict.fromkeys((*alerting, *map(str, filter(None, placed)), *connected)))
    if call_id and call_id not in known:
        raise UsageError(
            f"the log has no call {call_id!r}.",
            hint=f"It has {', '.join(known)}." if known else "It has none at all.",
            file=str(log.path),
        )
    if not known:
        raise UsageError(
            "there is no call in this log: nobody called, and the scenario called nobody.",
            file=str(log.path),
        )
    chosen = call_id or next(iter(connected), known[0])
    if len(known) > 1 and not call_id:
        unknown.append(f"the log has {len(known)} calls, the recording was taken for {chosen}")
    return chosen


def _facts(log: SessionLogFile, call_id: str, sound: Sound, unknown: list[str]) -> dict[str, Any]:
    """What the log says of the call."""
    facts: dict[str, Any] = {"began": log.began, "call_id": call_id}
    headers: dict[str, str] = {}
    alerting = _of_call(log.events("Application.CallAlerting"), call_id)
    if alerting:
        data, dialled_ms = alerting[0].data, alerting[0].t_ms
        facts |= {"number": _text(data, "callerid"), "to": _text(data, "destination")}
        headers = headers_of(data)
        facts["name"] = _text(data, "displayName")
        facts["headers"] = {name: text for name, text in headers.items() if name[:3] != "VI-"}
    else:
        placed = [one for one in log.commands(*PLACING) if _first(one).get("id") == call_id]
        params = _first(placed[0]) if placed else {}
        dialled_ms = placed[0].t_ms if placed else 0.0
        facts |= {"incoming": False, "number": _text(params, "to"), "to": _text(params, "to")}
        if not placed:
            unknown.append("how the call began: it is not in the log")
    connected = _of_call(log.events("Call.Connected"), call_id)
    if not connected:
        unknown.append("when the call was connected: it is not in the log")
    connected_ms = connected[0].t_ms if connected else dialled_ms
    facts |= {"dialled_ms": dialled_ms, "connected_ms": connected_ms}
    facts["video"] = bool(_of_call(log.events("Call.FirstVideoPacketReceived"), call_id))
    kind = headers.get(CLIENT_TYPE, "")
    facts["client_type"] = kind if kind in CLIENT_TYPES else "user" if facts["video"] else "pstn"
    ended = _of_call(log.events("Call.Disconnected", "Call.Failed"), call_id)
    facts["ended_ms"] = ended[0].t_ms if ended else None
    if not ended:
        unknown.append("when and how the call ended: it is not in the log")
        return facts
    before = [one for one in log.entries if one.line < ended[0].line]
    facts["hung_up"] = not any(_hangs_up(one, call_id) for one in before)
    return facts


def _hangs_up(entry: Entry, call_id: str) -> bool:
    """Whether an entry is the platform's side ending the call, or the whole session."""
    if entry.kind == "command" and entry.name == "HangupCall":
        return _first(entry).get("id") == call_id
    return entry.kind == "other" and entry.text.startswith("Terminating")


def _of_call(entries: Sequence[Entry], call_id: str) -> list[Entry]:
    return [one for one in entries if str(one.data.get("id")) == call_id]


def _first(command: Entry) -> dict[str, Any]:
    """The object that a command's parameters begin with."""
    params = command.data
    first = params[0] if isinstance(params, list) and params else params
    return first if isinstance(first, dict) else {}


def _text(data: dict[str, Any], name: str) -> str:
    value = data.get(name)
    return "" if value is None else str(value)


#: How the log tells the way of a key: beside the sound, in it, or by SIP INFO.
RFC2833 = 1
DIGIT_KINDS = {"1": "rfc2833", "2": "inband", "3": "info"}


def _digits(
    log: SessionLogFile | None, facts: dict[str, Any], sound: Sound, spoken: Sequence[Stretch]
) -> list[tuple[float, str, int]]:
    """The keys of the log, without those whose tones are in the recording and are heard there."""
    if log is None:
        return []
    pressed = _of_call(log.events("Call.ToneReceived"), facts["call_id"])
    found = []
    for entry in pressed:
        digit = str(entry.data.get("tone", ""))
        if digit and not _is_audible(digit, entry.t_ms, sound):
            told = str(entry.data.get("type", ""))
            found.append((entry.t_ms, digit, int(told) if told in DIGIT_KINDS else RFC2833))
    return found


def _is_audible(digit: str, t_ms: float, sound: Sound) -> bool:
    """Whether the tones of a key are in the recording near an instant."""
    near_ms = t_ms - sound.starts_ms
    first, last = (
        max(0, 2 * int(ms * sound.rate_hz / 1000)) for ms in (near_ms - 700, near_ms + 300)
    )
    return digit in DtmfDetector(sound.rate_hz).run(sound.caller[first:last])


# --- the trace -------------------------------------------------------------------------------


def _in_time(trace: TraceFile, log: SessionLogFile | None, unknown: list[str]) -> TraceFile:
    """The trace with the run's times: messages that the log has too tell by how much it differs."""
    if not trace.timed:
        unknown.append("when the provider's messages came: the trace has no times")
    if log is None:
        if trace.timed:
            unknown.append("the trace and the recording were taken to begin at the same moment")
        return trace
    logged = {
        message["event_id"]: entry.t_ms
        for entry in log.entries
        if (message := entry.provider_message) and isinstance(message.get("event_id"), str)
    }
    for one in trace.messages:
        at_ms = logged.get(str(one.message.get("event_id")))
        if one.direction == "received" and at_ms is not None:
            return _shifted(trace, at_ms - one.t_ms)
    unknown.append("the trace and the log have no message in common: both were taken to begin "
                   "at the same moment")  # fmt: skip
    return trace


def _shifted(trace: TraceFile, by_ms: float) -> TraceFile:
    if abs(by_ms) < 1:  # the log's times are whole ms
        return trace
    messages = [evolve(one, t_ms=max(0.0, one.t_ms + by_ms)) for one in trace.messages]
    end = trace.end and {**trace.end, "t": max(0.0, trace.end["t"] + by_ms)}
    return evolve(trace, messages=messages, end=end)


def _provider_messages(log: SessionLogFile | None, trace: TraceFile | None) -> list[Said]:
    """What the provider sent: by the trace, or by the log's events."""
    if trace is not None:
        return [(one.t_ms, one.message) for one in trace.messages if one.direction == "received"]
    if log is None:
        return []
    return [(entry.t_ms, message) for entry in log.entries if (message := entry.provider_message)]


# --- words -----------------------------------------------------------------------------------


def _spoken(
    sound: Sound, messages: list[Said], log: SessionLogFile | None, unknown: list[str]
) -> tuple[list[Stretch], list[Stretch]]:
    """What both sides say, where, in the run's time."""
    said = of_the_caller(messages)
    if not said and log is not None:
        said = of_the_recogniser(log)
    heard = of_the_agent(messages)
    if not said:
        unknown.append("what the caller says: no transcript was found")
    caller = _placed(sound, sound.caller, said, "the caller", unknown)
    agent = _placed(sound, sound.agent, heard, "the agent", unknown)
    return caller, agent


def _placed(
    sound: Sound, pcm: bytes, texts: list[Transcript], who: str, unknown: list[str]
) -> list[Stretch]:
    stretches = [
        Stretch(start_ms=one.start_ms + sound.starts_ms, end_ms=one.end_ms + sound.starts_ms)
        for one in find_speech(pcm, sound.rate_hz)
    ]
    found: Matched = match(stretches, texts)
    unknown += [
        f"where {who} says {one.text[:60]!r}: no speech was found there"
        for one in found.without_place
    ]
    mute = sum(not one.text for one in found.stretches)
    if mute and texts:
        unknown.append(f"the words of {mute} of {len(found.stretches)} things that {who} says")
    return found.stretches
