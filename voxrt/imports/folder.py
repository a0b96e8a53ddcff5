"""Writes an imported call as the folder of a run.

The journal has what came from outside (who called, what they said and pressed, what the provider
sent), what the log says that the scenario did, and what was heard. Beside the files of any run
there is `caller.yaml`, a caller script with the sounds that it plays in `caller/`, and
`allowed.yaml`, what a replay may do otherwise.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
from attrs import define, field

from voxrt import __version__
from voxrt.errors import UsageError
from voxrt.imports.call import ImportedCall
from voxrt.imports.caller_file import caller_yaml
from voxrt.imports.link import CLIENT, header, link_messages
from voxrt.imports.log_records import log_records
from voxrt.imports.speech import Stretch
from voxrt.legs.sound_file import Phrase, SoundFile
from voxrt.media.rational import pcm_of, samples_of
from voxrt.media.wav import Wav, WavWriter
from voxrt.run.config import JOURNAL_FORMAT, PROFILES
from voxrt.run.summary import Summary
from voxrt.xai.cassette.secrets import without_credentials

RECORDING: Final = "call-1.wav"
CALLER: Final = "caller.yaml"
SOUNDS: Final = "caller"
ALLOWED: Final = "allowed.yaml"
#: What a log does not tell, or tells otherwise than a journal, and no replay can be held to.
ALLOWED_TEXT: Final = """\
# What a session log does not tell, for `voxrt replay --allow`. Add what else may differ.
tolerance_ms: 100
allow:
  - {kind: event, fields: [handlers]}  # how many heard it
  - {kind: event, name: WebSocket.Created, fields: [handlers, data.*]}  # the URL of a trace
  - {kind: event, name: Call.RecordStopped}
  - {kind: heard}  # by transcripts and the recording, not to the word
  - {kind: media}
  - {kind: session}
  - {kind: file}
  - {kind: warning}  # their codes
"""
LINK: Final = "links/1.jsonl"
FRAMES_PER_S: Final = 50
FRAME_MS: Final = 1000 / FRAMES_PER_S
#: What a folder may hold: what is written anew, and what was made of it.
_OWN: Final = (
    "journal.jsonl", "session.log", "result.json", RECORDING, CALLER, ALLOWED,
    "show.html", "labels.txt", "trace.json",
)  # fmt: skip


@define
class _Pending:
    """Records in the order of time; those of one instant in the order of their adding."""

    records: list[tuple[float, str, dict[str, Any]]] = field(factory=list)

    def add(self, t_ms: float, kind: str, **fields: Any) -> dict[str, Any]:
        self.records.append((max(0.0, t_ms), kind, fields))
        return fields

    def numbered(self) -> Iterator[dict[str, Any]]:
        ordered = sorted(self.records, key=lambda record: record[0])
        for number, (t_ms, kind, fields) in enumerate(ordered, 1):
            yield {"n": number, "t": round(t_ms, 3), "kind": kind, **fields}


def write_folder(call: ImportedCall, out: Path) -> Path:
    """Writes the folder.

    Args:
        call: What is known.
        out: The folder; it must be missing, empty, or one that an import wrote.

    Returns:
        The folder.

    Raises:
        UsageError: It cannot be written, or has other files.
    """
    _prepare(out)
    _write_sound(call, out)
    files = _write_caller(call, out)
    (out / ALLOWED).write_text(ALLOWED_TEXT, encoding="utf-8")
    records = _records(call, files)
    journal = [without_credentials(record) for record in records.numbered()]
    summary = Summary()
    for record in journal:
        summary.take(record)
    journal.append(_result(call, summary, journal))
    lines = b"".join(msgspec.json.encode(record) + b"\n" for record in journal)
    (out / "journal.jsonl").write_bytes(lines)
    result = msgspec.json.format(msgspec.json.encode(journal[-1]), indent=2)
    (out / "result.json").write_bytes(result + b"\n")
    if call.log is not None:
        text = call.log.path.read_bytes().decode("utf-8-sig")
        (out / "session.log").write_text(without_credentials(text), encoding="utf-8")
    if call.trace is not None:
        _write_link(call, out, journal)
    return out


def _prepare(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        foreign = sorted(
            path.name for path in out.iterdir() if path.name not in (*_OWN, SOUNDS, "links")
        )
        if foreign:
            raise UsageError(
                f"the folder has other files, such as {foreign[0]}.",
                hint="Name a new one with --out.",
                file=str(out),
            )
        for name in _OWN:
            (out / name).unlink(missing_ok=True)
        for name in (SOUNDS, "links"):
            shutil.rmtree(out / name, ignore_errors=True)
    except OSError as error:
        raise UsageError(
            f"the folder cannot be written: {error.strerror or error}",
            hint="Name another one with --out.",
            file=str(out),
        ) from None


# --- sound -----------------------------------------------------------------------------------


def _phone_tick(call: ImportedCall) -> int:
    """The frame with which the recording in the folder begins."""
    return int(min(call.dialled_ms, call.sound.starts_ms) // FRAME_MS)


def _write_sound(call: ImportedCall, out: Path) -> None:
    """The recording in stereo, from the moment at which the call began."""
    sound = call.sound
    missing_ms = max(0.0, sound.starts_ms - _phone_tick(call) * FRAME_MS)
    before = bytes(2 * round(missing_ms * sound.rate_hz / 1000))
    caller, agent = samples_of(before + sound.caller), samples_of(before + sound.agent)
    stereo = samples_of(bytes(4 * len(caller)))
    stereo[0::2], stereo[1::2] = caller, agent
    writer = WavWriter(out / RECORDING, sound.rate_hz, 2)
    writer.append(pcm_of(stereo))
    writer.close()


def _write_caller(call: ImportedCall, out: Path) -> list[str]:
    """The caller script, and what it plays; returns the names of the sounds."""
    (out / SOUNDS).mkdir()
    names = []
    for number, one in enumerate(call.caller, 1):
        name = f"{SOUNDS}/{number}.wav"
        writer = WavWriter(out / name, call.sound.rate_hz)
        writer.append(_cut(call, one))
        writer.close()
        names.append(name)
    (out / CALLER).write_text(caller_yaml(call, names), encoding="utf-8")
    return names


def _cut(call: ImportedCall, one: Stretch) -> bytes:
    first, last = (
        2 * round((ms - call.sound.starts_ms) * call.sound.rate_hz / 1000)
        for ms in (one.start_ms, one.end_ms)
    )
    return call.sound.caller[first:last]


# --- the journal -----------------------------------------------------------------------------


def _records(call: ImportedCall, files: list[str]) -> _Pending:
    records = _Pending()
    records.add(0.0, "run", **_head(call))
    _far_records(call, records)
    if call.log is not None:
        for t_ms, kind, fields in log_records(call.log):
            records.add(t_ms, kind, **fields)
    else:
        _made_up_events(call, records)
    for by, stretches in (("platform", call.caller), ("caller", call.agent)):
        speaker = "caller" if by == "platform" else "agent"
        for one in stretches:
            if one.text:
                records.add(
                    one.end_ms,
                    "heard",
                    call=call.call_id,
                    by=by,
                    speaker=speaker,
                    text=one.text,
                    from_ms=round(one.start_ms, 3),
                    to_ms=round(one.end_ms, 3),
                    complete=one.complete,
                )
    if call.trace is not None:
        for message in link_messages(call.trace, _client(call)):
            records.add(message.t_ms, "provider", **message.record)
    records.add(call.ended_ms, "file", what="call", path=RECORDING)
    return records


def _head(call: ImportedCall) -> dict[str, Any]:
    sources = [("log", call.log), ("trace", call.trace)]
    return {
        "voxrt": __version__,
        "format": JOURNAL_FORMAT,
        "profile": PROFILES[-1],
        "seed": 1,
        "scenario": {"language": "", "files": []},
        "imported": {what: source.path.name for what, source in sources if source is not None},
        "options": {"time": "real"} | ({} if call.incoming else {"start": True}),
        "date": call.began.isoformat(timespec="milliseconds"),
    }


def _far_records(call: ImportedCall, records: _Pending) -> None:
    """What the far end did, as a run records it for a replay."""
    phone = {"client_type": call.client_type, "rate_hz": call.sound.rate_hz}
    if call.incoming:
        records.add(
            call.dialled_ms,
            "far",
            call="",
            action="dials",
            to=call.to,
            number=call.number,
            name=call.name or "caller",
            **phone,
            headers=dict(call.headers),
        )
    records.add(
        call.dialled_ms,
        "far",
        call=call.call_id,
        action="phone",
        incoming=call.incoming,
        number=call.to if call.incoming else call.number,
        **phone,
        **({"video": True} if call.video else {}),
        recording=RECORDING,
        tick=_phone_tick(call),
    )
    if not call.incoming:
        records.add(call.connected_ms, "far", call=call.call_id, action="answered")
    for one in call.caller:
        records.add(one.start_ms, "far", call=call.call_id, action="sound", **_said(call, one))
    for t_ms, digit, kind in call.digits:
        records.add(t_ms, "far", call=call.call_id, action="digit", digit=digit, tone_kind=kind)
    for signal in call.signals:
        records.add(signal.t_ms, "far", call=call.call_id, action=signal.action, **signal.fields)
    if call.hung_up:
        records.add(
            call.ended_ms, "far", call=call.call_id, action="hung_up", reason="BYE received"
        )


def _said(call: ImportedCall, one: Stretch) -> dict[str, Any]:
    rate_hz = call.sound.rate_hz
    fields: dict[str, Any] = {"tick": round(one.start_ms / FRAME_MS)}
    pcm = _cut(call, one)
    fields["samples"] = len(pcm) // 2
    if not one.text:
        return fields
    end_us = len(pcm) // 2 * 1_000_000 // rate_hz
    phrase = Phrase(text=one.text, start_us=0, end_us=end_us)
    wav = Wav(pcm=pcm, rate_hz=rate_hz, channels=1)
    speech = SoundFile(name=RECORDING, wav=wav, phrases=(phrase,)).speech(rate_hz)
    return {
        **fields,
        "speaker": "caller",
        "text": one.text,
        "voice": RECORDING,
        "synthetic": False,
        "clarity": 1.0,
        "words": [[word.text, word.start, word.end] for word in speech.words],
    }


def _made_up_events(call: ImportedCall, records: _Pending) -> None:
    """Without a log: the call begins and ends with its recording."""
    common = {"unit": "call", "id": call.call_id, "handlers": 0, "via": "platform"}
    alerting = {"id": call.call_id, "callerid": call.number, "destination": call.to}
    records.add(
        call.dialled_ms,
        "event",
        unit="application",
        id="",
        name="Application.CallAlerting",
        data=alerting,
        handlers=0,
        via="platform",
    )
    records.add(call.connected_ms, "event", **common, name="Call.Connected", data={})
    ended = {"internalCode": 16, "reason": ""}
    records.add(call.ended_ms, "event", **common, name="Call.Disconnected", data=ended)


def _result(call: ImportedCall, summary: Summary, journal: list[dict[str, Any]]) -> dict[str, Any]:
    end_ms = max(record["t"] for record in journal)
    fields = {**summary.fields(), "approximated": list(call.not_established)}
    return {
        "n": len(journal) + 1,
        "t": end_ms,
        "kind": "result",
        "outcome": "imported",
        "finish_reason": _finish_reason(call),
        "duration_ms": end_ms,
        **fields,
    }


def _finish_reason(call: ImportedCall) -> str:
    """The line with which the platform says how the session ended."""
    known = ("Normal termination", "Script error", "Terminated administratively")
    for entry in reversed(call.log.entries if call.log is not None else ()):
        if entry.text in known:
            return entry.text
    return ""


def _client(call: ImportedCall) -> str:
    """The connector's client, by the events that the log has of it."""
    for entry in call.log.entries if call.log is not None else ():
        if entry.provider_message is not None:
            return str(entry.data.get("id") or CLIENT)
    return CLIENT


def _write_link(call: ImportedCall, out: Path, journal: list[dict[str, Any]]) -> None:
    trace = call.trace
    if trace is None:
        return
    numbers = [record["n"] for record in journal if record["kind"] == "provider"]
    lines: list[dict[str, Any]] = [header(trace, _client(call))]
    for number, message in zip(numbers, link_messages(trace, _client(call)), strict=True):
        lines.append({"n": number, "t": round(message.t_ms, 3), **message.line})
    if trace.end is not None:
        lines.append(trace.end)
    path = out / LINK
    path.parent.mkdir()
    path.write_bytes(b"".join(msgspec.json.encode(line) + b"\n" for line in lines))
