"""The caller of an imported call as a caller script: what they say, and when.

The script is a conversation and no tape: the caller waits for the agent's turn where they did,
speaks over the agent where they did, and lets the pauses pass that they let pass. So it serves a
scenario whose agent says something else, too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Final

from attrs import frozen

from voxrt.imports.call import DIGIT_KINDS, RFC2833, ImportedCall
from voxrt.imports.signals import Signal
from voxrt.imports.speech import Stretch, turns

#: A pause of the agent's that long ends their turn.
TURN_PAUSE_MS: Final = 1_500.0
#: How much more than the pauses within a turn the silence behind it lasts.
MARGIN_MS: Final = 100.0
SHORTEST_SILENCE_MS: Final = 200
#: What happens so shortly after something else follows it.
AT_ONCE_MS: Final = 20.0


@frozen(kw_only=True)
class Act:
    """Something that the caller does: says what is in a file, presses a key, signals, hangs up."""

    start_ms: float
    end_ms: float
    file: str = ""
    text: str = ""
    digit: str = ""
    kind: int = RFC2833
    signal: Signal | None = None


def acts_of(call: ImportedCall, files: Sequence[str]) -> list[Act]:
    """What the caller does, in order; `files` are the sounds of what they say."""
    acts = [
        Act(start_ms=one.start_ms, end_ms=one.end_ms, file=file, text=one.text)
        for one, file in zip(call.caller, files, strict=True)
    ]
    acts += [Act(start_ms=at, end_ms=at, digit=key, kind=kind) for at, key, kind in call.digits]
    acts += [Act(start_ms=one.t_ms, end_ms=one.t_ms, signal=one) for one in call.signals]
    acts.sort(key=lambda act: act.start_ms)
    if call.hung_up:
        acts.append(Act(start_ms=call.ended_ms, end_ms=call.ended_ms))
    return acts


def caller_yaml(call: ImportedCall, files: Sequence[str]) -> str:
    """The text of a caller script.

    Args:
        call: The call.
        files: The WAV files of what the caller says, as the script names them.
    """
    who = [f"  number: {json.dumps(call.number)}"] if call.number and call.incoming else []
    if call.name and call.incoming:
        who.append(f"  name: {_quoted(call.name)}")
    if call.client_type != "pstn" and call.incoming:
        who.append(f"  type: {call.client_type}")
    if call.video and call.incoming:
        who.append("  video: true")
    if call.headers:
        who.append(f"  headers: {_quoted(dict(call.headers))}")
    steps = list(_steps(call, acts_of(call, files)))
    lines = ["# Who called, by the recording. Times in brackets are those of the recorded call."]
    if call.incoming:
        lines += ["caller:", *who, "  steps:", *(f"    {step}" for step in steps)]
        if not steps:
            lines[-1] = "  steps: []"
    else:
        lines += ["parties:", f"  - match: {json.dumps(call.number or '*')}"]
        lines += ["    video: true"] if call.video else []
        lines += ["    answer_after_ms: " + str(_whole(call.connected_ms - call.dialled_ms))]
        lines += ["    steps:", *(f"      {step}" for step in steps)]
        if not steps:
            lines[-1] = "    steps: []"
    return "\n".join(lines) + "\n"


def _steps(call: ImportedCall, acts: Sequence[Act]) -> Iterator[str]:
    before_ms = call.connected_ms
    for act in acts:
        heard = [one for one in call.agent if one.end_ms > before_ms]
        spoken = turns([one for one in heard if one.start_ms < act.start_ms], TURN_PAUSE_MS)
        under_way = bool(spoken) and spoken[-1][-1].end_ms > act.start_ms
        for turn in spoken[:-1]:
            yield from _wait_for_turn(turn, SHORTEST_SILENCE_MS)
        if spoken and under_way:
            after_ms = _whole(act.start_ms - spoken[-1][0].start_ms)
            yield f"- wait_for: agent_speech  # {_stamp(act.start_ms)}, in the middle of it"
            yield f"  after_ms: {after_ms}"
        elif spoken:
            yield from _wait_for_turn(spoken[-1], act.start_ms - spoken[-1][-1].end_ms)
        elif act.start_ms - before_ms > AT_ONCE_MS:
            yield f"- wait: {_whole(act.start_ms - before_ms)}"
        yield from _act(act)
        before_ms = max(before_ms, act.end_ms)


def _wait_for_turn(turn: Sequence[Stretch], gap_ms: float) -> Iterator[str]:
    pauses = [after.start_ms - before.end_ms for before, after in pairwise(turn)]
    longest = max(pauses, default=0.0) + MARGIN_MS if pauses else 0.0
    said = " ".join(one.text for one in turn if one.text)
    comment = f"  # [{_stamp(turn[0].start_ms)}] {_quoted(said)}"
    yield f"- wait_for: agent_turn{comment if said else ''}"
    yield f"  for_ms: {_whole(max(gap_ms, longest, SHORTEST_SILENCE_MS))}"


def _act(act: Act) -> Iterator[str]:
    if act.file:
        yield f"- play: {json.dumps(act.file)}  # [{_stamp(act.start_ms)}]"
        if act.text:
            yield f"  text: {_quoted(act.text)}"
    elif act.digit:
        yield f"- press: {json.dumps(act.digit)}  # [{_stamp(act.start_ms)}]"
        if act.kind != RFC2833:
            yield f"  kind: {DIGIT_KINDS[str(act.kind)]}"
    elif act.signal is not None:
        yield from _signal(act.signal)
    else:
        yield f"- hang_up  # [{_stamp(act.start_ms)}]"


def _signal(signal: Signal) -> Iterator[str]:
    fields, comment = signal.fields, f"  # [{_stamp(signal.t_ms)}]"
    if signal.action == "message":
        yield f"- message: {_quoted(fields['text'])}{comment}"
    elif signal.action == "info":
        yield f"- info: {_quoted(fields['body'])}{comment}"
        yield f"  type: {_quoted(fields['mime_type'])}"
        if fields["headers"]:
            yield f"  headers: {_quoted(fields['headers'])}"
    else:
        yield f"- {signal.action}{comment}"


def _quoted(value: Any) -> str:
    """JSON, which is YAML, too."""
    return json.dumps(value, ensure_ascii=False)


def _whole(ms: float) -> int:
    return max(0, round(ms))


def _stamp(ms: float) -> str:
    seconds, rest = divmod(round(ms), 1000)
    return f"{seconds // 60:02}:{seconds % 60:02}.{rest:03}"
