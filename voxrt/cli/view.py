"""The account on a terminal or in a pipe: entries drawn as lines, and a live status line.

Speech is told when it is over, with the time at which it began. In virtual time that would put
lines out of order for no gain, so entries wait a little (in virtual time) and are sorted; in real
time each line is shown at once, and the status line says who is speaking meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from attrs import define, field
from rich.cells import cell_len
from rich.console import Console
from rich.live import Live
from rich.text import Text

from voxrt.show.account import PLATFORM, SAYS, Account
from voxrt.show.entry import Entry, Tone
from voxrt.show.times import clock_text

#: How long entries of a virtual run wait for speech that began before them, in virtual ms.
WAIT_MS = 30_000.0

_STYLES = {
    Tone.CALLER: ("cyan", "cyan"),
    Tone.AGENT: ("green", "green"),
    Tone.CALL: ("bold", ""),
    Tone.TOOL: ("magenta", "magenta"),
    Tone.EVENT: ("dim", "dim"),
    Tone.LOG: ("blue", ""),
    Tone.WARNING: ("yellow", "yellow"),
    Tone.ERROR: ("bold red", "red"),
    Tone.SESSION: ("bold dim", "dim"),
    Tone.DETAIL: ("dim", "dim"),
}

_LABEL_CELLS = 8

#: Where the text of a line begins.
_INDENT = 12 + _LABEL_CELLS

#: Control characters of a script's log are shown, never sent to the terminal.
_VISIBLE = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n"} | {127: 0x2421}


def line_of(entry: Entry) -> Text:
    """One entry as a styled line: time, label, text, remark."""
    return Text.assemble(_head(entry), _body(entry))


def _head(entry: Entry) -> Text:
    label = entry.who + " " * max(_LABEL_CELLS - cell_len(entry.who), 0)
    line = Text()
    line.append(clock_text(entry.time_ms), style="dim")
    line.append("  ")
    line.append(label, style=_STYLES[entry.tone][0])
    line.append(" ")
    return line


def _body(entry: Entry) -> Text:
    line = Text()
    line.append(entry.text.translate(_VISIBLE).rstrip("\n"), style=_STYLES[entry.tone][1])
    if entry.aside:
        line.append(f"  ({entry.aside})", style="dim italic")
    return line


@define
class Speaking:
    """Who is speaking at the moment, as far as the records tell."""

    phones: dict[str, tuple[str, str]] = field(factory=dict)
    """For each call whose phone speaks, who it is and what they say."""
    agent: bool = False

    def feed(self, record: Mapping[str, Any]) -> None:
        """Takes the next record."""
        match record["kind"]:
            case "note":
                said = SAYS.match(str(record["text"]))
                if said is not None:
                    self.phones[str(record["call"])] = (str(record["who"]), said["text"])
            case "heard" if record["by"] == PLATFORM:
                # Sentences are heard one by one; after the last the phone is silent.
                _, said_text = self.phones.get(str(record["call"]), ("", ""))
                if said_text.endswith(str(record["text"])):
                    self.phones.pop(str(record["call"]), None)
            case "event":
                self._event(str(record["name"]), str(record.get("id", "")))

    def _event(self, name: str, identity: str) -> None:
        if name.endswith((".WebSocketMediaStarted", ".WebSocketMediaEnded")):
            self.agent = name.endswith("Started")
        elif name in ("Call.Disconnected", "Call.Failed"):
            self.phones.pop(identity, None)
        elif name == "Application.Terminating":
            self.agent = False
            self.phones.clear()

    def text(self) -> str:
        """`agent speaks`, `caller and agent speak`, `silence`."""
        who = [name for name, _ in self.phones.values()] + ["agent"] * self.agent
        if not who:
            return "silence"
        return " and ".join(who) + (" speaks" if len(who) == 1 else " speak")


@define
class View:
    """Draws a run while it goes on.

    Args:
        console: Where to draw.
        account: Turns records into entries; None draws nothing (`--quiet`).
        elapsed_ms: The run's time for the status line; None for no status line.
        ordered: Whether entries wait to be sorted: in virtual time.
    """

    console: Console
    account: Account | None
    elapsed_ms: Callable[[], float] | None = None
    ordered: bool = True
    _waiting: list[Entry] = field(factory=list, init=False)
    _speaking: Speaking = field(factory=Speaking, init=False)
    _live: Live | None = field(default=None, init=False)

    def __enter__(self) -> View:
        if self.elapsed_ms is not None and self.account is not None:
            self._live = Live(
                get_renderable=self._status,
                console=self.console,
                transient=True,
                refresh_per_second=10,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._show(self._waiting)
        self._waiting = []
        if self._live is not None:
            self._live.stop()
            self._live = None

    def watch(self, record: dict[str, Any]) -> None:
        """Takes the next record of the journal."""
        if self.account is None:
            return
        self._speaking.feed(record)
        entries = self.account.tell(record)
        if not self.ordered:
            self._show(entries)
            return
        self._waiting += entries
        until = float(record["t"]) - WAIT_MS
        self._show([entry for entry in self._waiting if entry.time_ms < until])
        self._waiting = [entry for entry in self._waiting if entry.time_ms >= until]

    def _show(self, entries: list[Entry]) -> None:
        # Sorting is stable: what happens at one time stays in the order of the journal.
        for entry in sorted(entries, key=lambda entry: entry.time_ms):
            self._print(entry)

    def _print(self, entry: Entry) -> None:
        # Long lines go on under their text, not under the time; a pipe's lines have no end.
        width = self.console.width if self.console.is_terminal else None
        for index, part in enumerate(_parts(entry, width)):
            if index:
                part.pad_left(_INDENT)
            self.console.print(part, no_wrap=True, overflow="ignore", crop=False)

    def _status(self) -> Text:
        elapsed = self.elapsed_ms() if self.elapsed_ms is not None else 0.0
        text = self._speaking.text()
        minutes, seconds = divmod(int(elapsed // 1000), 60)
        line = Text()
        line.append(
            "● " if text != "silence" else "○ ", style="red" if text != "silence" else "dim"
        )
        line.append(f"{minutes:02d}:{seconds:02d}  ", style="dim")
        line.append(text, style="dim" if text == "silence" else "bold")
        return line


def _parts(entry: Entry, width: int | None) -> list[Text]:
    """The line in parts of at most `width` cells, the later ones without their indent."""
    line = line_of(entry)
    if "\n" not in line.plain and (width is None or cell_len(line.plain) <= width):
        return [line]
    body = _body(entry)
    if width is None:
        parts = list(body.split("\n"))
    else:
        room = max(width - _INDENT, 20)
        parts = list(body.wrap(Console(width=room), room))
    return [Text.assemble(_head(entry), parts[0]), *parts[1:]]
