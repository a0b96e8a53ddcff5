"""What an import tells at its end: what is known, what is not, and what can be done with it."""

from __future__ import annotations

from collections.abc import Iterator

from voxrt.imports.call import ImportedCall
from voxrt.imports.folder import ALLOWED


def report_lines(call: ImportedCall, folder: str) -> Iterator[str]:
    """The lines; `folder` is the folder as it is shown."""
    yield _line("call", _who(call))
    words = sum(bool(one.text) for one in call.caller)
    yield _line("caller", f"speaks {_times(len(call.caller))}, {words} of them with words")
    agent = sum(bool(one.text) for one in call.agent)
    yield _line("agent", f"speaks {_times(len(call.agent))}, {agent} of them with words")
    if call.digits:
        yield _line("digits", " ".join(digit for _, digit, _ in call.digits))
    if call.signals:
        yield _line("signals", " ".join(signal.action for signal in call.signals))
    if call.trace is not None:
        yield _line("provider", f"{len(call.trace.messages)} messages")
    for text in call.not_established:
        yield _line("not known", text)
    yield _line("folder", folder)
    if call.log is not None:
        yield _line("replay it", f"voxrt replay {folder} SCENARIO --allow {folder}/{ALLOWED}")
    yield _line("play it", f"voxrt run SCENARIO --caller {folder}{_cassette(call, folder)}")


def _who(call: ImportedCall) -> str:
    lasted_s = (call.ended_ms - call.connected_ms) / 1000
    numbers = f"{call.number or 'somebody'} to {call.to or 'the scenario'}"
    if not call.incoming:
        numbers = f"the scenario to {call.number or 'somebody'}"
    ends = {None: "", True: ", hung up by the far end", False: ", hung up by the scenario"}
    return f"{numbers}, connected for {lasted_s:.1f} s{ends[call.hung_up]}"


def _cassette(call: ImportedCall, folder: str) -> str:
    return "" if call.trace is None else f" --cassette {folder}/links/1.jsonl"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _line(what: str, text: str) -> str:
    return f"{what:<13}{text}"
