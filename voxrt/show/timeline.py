"""The timeline of a run: what its journal says, put in order for the eye.

Rows tell every record, in the words of the account; messages that only carry audio are folded
into one row for as long as nothing else is told. Lanes are the calls, phrases what was audible on
them, waits how long callers waited for an answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from attrs import define, field, frozen

from voxrt.run.summary import waits
from voxrt.session.journal import Record
from voxrt.show.account import PLATFORM, Account
from voxrt.show.entry import Entry, Tone
from voxrt.vox.call_facts import PLACING

#: What a row's text has at most; the record has the rest.
LONGEST_TEXT = 300

#: Audio messages that are further apart than this, in ms, are two rows.
AUDIO_GAP_MS = 400.0

_CATEGORIES = {
    "heard": "speech",
    "note": "phone",
    "log": "log",
    "event": "event",
    "command": "command",
    "provider": "provider",
    "http": "outside",
    "mail": "outside",
    "access": "outside",
    "socket": "outside",
    "request": "outside",
    "call-list": "outside",
    "media": "media",
    "file": "media",
    "queue": "queue",
    "agent": "queue",
    "timer": "timer",
    "warning": "warning",
    "error": "error",
}

#: In the order in which they are offered.
CATEGORIES = (
    "speech", "phone", "log", "error", "warning", "limit", "event", "command", "provider",
    "outside", "timer", "queue", "media", "session",
)  # fmt: skip


@frozen(kw_only=True)
class Row:
    """One line of the timeline.

    Attributes:
        n: The number of its record; of the first one when several are folded.
        time_ms: When it happened, since the run began; speech is told when it began.
        category: One of `CATEGORIES`.
        who: The label in front.
        text: What happened, cut to `LONGEST_TEXT` characters.
        aside: A remark behind the text.
        told: Whether the account tells it without `verbose`.
        folded: The numbers of all its records when it is folded audio, otherwise nothing.
        audio_ms: How much audio was folded.
    """

    n: int
    time_ms: float
    category: str
    who: str
    text: str
    aside: str = ""
    told: bool = False
    folded: tuple[int, ...] = ()
    audio_ms: float = 0.0


@frozen(kw_only=True)
class Phrase:
    """Words that were audible on a call.

    Attributes:
        n: The number of its record.
        call: The index of its lane.
        side: `says` for the far end, `hears` for what it hears.
        from_ms: When the first word began.
        to_ms: When the last one ended.
        complete: Whether it was not cut off.
    """

    n: int
    call: int
    side: Literal["says", "hears"]
    from_ms: float
    to_ms: float
    speaker: str
    text: str
    complete: bool


@define(kw_only=True)
class Lane:
    """One call.

    Attributes:
        id: Its identifier.
        label: `call`, `call 2` and so on.
        parties: Who calls whom.
        begin_ms: When it began, which is where its recording begins.
        connected_ms: When it was answered.
        end_ms: When it ended; `None` when the journal does not say.
        end: How it ended.
        recording: The file of its recording in the run's folder.
    """

    id: str
    label: str
    parties: str
    begin_ms: float
    recording: str
    connected_ms: float | None = None
    end_ms: float | None = None
    end: str = ""


@define(eq=False)
class Timeline:
    """Everything of a run that is drawn.

    Args:
        given: The records of its journal.
    """

    _given: Iterable[Record]
    records: list[Record] = field(factory=list, init=False)
    lanes: list[Lane] = field(factory=list, init=False)
    phrases: list[Phrase] = field(factory=list, init=False)
    rows: list[Row] = field(factory=list, init=False)
    _audio: dict[tuple[str, str], list[Record]] = field(factory=dict, init=False)
    """The audio messages that are not told yet, by link and direction."""

    def __attrs_post_init__(self) -> None:
        brief, verbose = Account(), Account(verbose=True)
        for record in self._given:
            self.records.append(record)
            self._lane(record)
            if record["kind"] == "heard":
                self._phrase(record)
            if _is_audio(record):
                self._fold(record)
                continue
            entries = brief.tell(record)
            everything = verbose.tell(record)
            if entries:
                self._tell_audio()
            for entry in entries or everything or [_bare(record)]:
                self.rows.append(_row(record, entry, told=bool(entries)))
        self._tell_audio()
        self.rows.sort(key=lambda row: (row.time_ms, row.n))

    @property
    def duration_ms(self) -> float:
        """When the last thing happened."""
        return max((float(record["t"]) for record in self.records[-1:]), default=0.0)

    @property
    def waits(self) -> list[tuple[float, float]]:
        """From a caller's last word to the first of the answer, in ms; see `run.summary.waits`."""
        return waits(
            (phrase.from_ms, phrase.to_ms, PLATFORM if phrase.side == "says" else "")
            for phrase in self.phrases
        )

    def result(self) -> Record | None:
        """The record of the run's end; `None` for a run that was killed."""
        last = self.records[-1] if self.records else {}
        return last if last.get("kind") == "result" else None

    # --- calls and what was heard on them -------------------------------------------------------

    def _lane(self, record: Record) -> None:
        name, data = str(record.get("name", "")), record.get("data") or {}
        if record["kind"] == "event" and name == "Application.CallAlerting":
            parties = f"{data.get('callerid', '?')} to {data.get('destination', '?')}"
            self._new_lane(str(data.get("id", "")), parties, record)
        elif record["kind"] == "command" and name in PLACING:
            params = (record.get("params") or [{}])[0]
            if isinstance(params, Mapping):
                parties = f"{params.get('callerid') or 'scenario'} to {params.get('to', '?')}"
                self._new_lane(str(params.get("id", "")), parties, record)
        elif record["kind"] == "event" and name.startswith("Call."):
            self._call_event(name, record)

    def _new_lane(self, identity: str, parties: str, record: Record) -> None:
        number = len(self.lanes) + 1
        self.lanes.append(
            Lane(
                id=identity,
                label="call" if number == 1 else f"call {number}",
                parties=parties,
                begin_ms=float(record["t"]),
                recording=f"call-{number}.wav",
            )
        )

    def _call_event(self, name: str, record: Record) -> None:
        lane = next((lane for lane in self.lanes if lane.id == record.get("id")), None)
        if lane is None:
            return
        data = record.get("data") or {}
        if name == "Call.Connected":
            lane.connected_ms = float(record["t"])
        elif name in ("Call.Disconnected", "Call.Failed"):
            lane.end_ms = float(record["t"])
            failed = f"failed with {data.get('code', '')} " if name == "Call.Failed" else ""
            lane.end = f"{failed}{data.get('reason', '')}".strip()

    def _phrase(self, record: Record) -> None:
        ids = [lane.id for lane in self.lanes]
        if record["call"] in ids:
            self.phrases.append(
                Phrase(
                    n=record["n"],
                    call=ids.index(record["call"]),
                    side="says" if record["by"] == PLATFORM else "hears",
                    from_ms=float(record["from_ms"]),
                    to_ms=float(record["to_ms"]),
                    speaker=str(record["speaker"]),
                    text=str(record["text"]),
                    complete=bool(record.get("complete", True)),
                )
            )

    # --- folded audio ---------------------------------------------------------------------------

    def _fold(self, record: Record) -> None:
        key = (str(record.get("link", "")), str(record["direction"]))
        before = self._audio.get(key)
        if before and record["t"] - before[-1]["t"] > AUDIO_GAP_MS:
            self.rows.append(_audio_row(self._audio.pop(key)))
        self._audio.setdefault(key, []).append(record)

    def _tell_audio(self) -> None:
        self.rows += [_audio_row(records) for records in self._audio.values()]
        self._audio.clear()


def category_of(record: Mapping[str, Any]) -> str:
    """Which of `CATEGORIES` a record belongs to."""
    if record.get("code") in ("limit", "V205"):
        return "limit"
    return _CATEGORIES.get(str(record["kind"]), "session")


def _is_audio(record: Record) -> bool:
    if record["kind"] != "provider":
        return False
    message = record.get("message") or {}
    return "samples" in message and str(record.get("type", "")).endswith((".append", ".delta"))


def audio_ms(record: Record) -> float:
    """How much audio the message of a record carries."""
    message = record["message"]
    return float(1000 * message["samples"] / message["rate_hz"])


def _audio_row(records: list[Record]) -> Row:
    first, length_ms = records[0], sum(map(audio_ms, records))
    words = " ".join(word for record in records for word in record["message"].get("words") or ())
    count = len(records)
    text = f"{first['type']}: {length_ms / 1000:.1f} s of audio"
    return Row(
        n=first["n"],
        time_ms=float(first["t"]),
        category="provider",
        who="to" if first["direction"] == "sent" else "from",
        text=_cut(f'{text} "{words}"' if words else text),
        aside=f"{count} messages" if count > 1 else "",
        folded=tuple(record["n"] for record in records),
        audio_ms=round(length_ms, 3),
    )


def _row(record: Record, entry: Entry, *, told: bool) -> Row:
    who, text = entry.who, entry.text
    if record["kind"] == "provider":  # the account has the link's identifier there
        who = "to" if record["direction"] == "sent" else "from"
    elif record["kind"] == "event" and not told and text.startswith(str(record["name"])):
        who, name = str(record["unit"]), str(record["name"])
        text = name.rpartition(".")[2] + text.removeprefix(name)
    return Row(
        n=record["n"],
        time_ms=entry.time_ms,
        category=category_of(record),
        who=who,
        text=_cut(text),
        aside=entry.aside,
        told=told,
    )


def _bare(record: Record) -> Entry:
    """A record of which the account has nothing to say."""
    said = ("n", "t", "kind", "state", "at")
    rest = {key: value for key, value in record.items() if key not in said}
    text = " ".join([str(record.get("state", "")), *(f"{k}={v}" for k, v in rest.items())])
    return Entry(float(record["t"]), Tone.DETAIL, str(record["kind"]), text.strip())


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
