"""What was said, by the messages of the provider and the events of the platform's recogniser."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any, Final

from voxrt.imports.session_log import SessionLogFile
from voxrt.imports.speech import Transcript

SPOKEN: Final = "response.output_audio_transcript.done"
SPOKEN_PART: Final = "response.output_audio_transcript.delta"

#: A message of the provider and its time in ms.
Said = tuple[float, dict[str, Any]]


def of_the_caller(messages: Iterable[Said]) -> list[Transcript]:
    """What the provider understood of the caller.

    Partial transcripts are left out; when the last one of an item never came, so is the item.
    """
    starts: dict[str, float] = {}
    stops: dict[str, float] = {}
    texts: dict[str, tuple[float, str]] = {}
    for t_ms, message in messages:
        item = str(message.get("item_id"))
        match message["type"]:
            case "input_audio_buffer.speech_started":
                starts.setdefault(item, t_ms)
            case "input_audio_buffer.speech_stopped":
                stops[item] = t_ms
            case "conversation.item.input_audio_transcription.completed":
                text = str(message.get("transcript") or "").strip()
                if text and message.get("status", "completed") == "completed":
                    texts[item] = t_ms, text
    return [
        Transcript(text=text, start_ms=starts.get(item), end_ms=stops.get(item, t_ms))
        for item, (t_ms, text) in texts.items()
    ]


def of_the_agent(messages: Iterable[Said]) -> list[Transcript]:
    """What the agent said: from the first sound of an item on, until the next item begins.

    Of a reply that was never finished it is what had come of its transcript.
    """
    starts: dict[str, float] = {}
    texts: dict[str, str] = {}
    parts: dict[str, list[tuple[float, str]]] = {}
    for t_ms, message in messages:
        item = str(message.get("item_id"))
        if message["type"] in ("response.content_part.added", "response.output_audio.delta"):
            starts.setdefault(item, t_ms)
        elif message["type"] == SPOKEN_PART:
            at_s = message.get("start_time")
            at_ms = at_s * 1000.0 if isinstance(at_s, int | float) else 0.0
            parts.setdefault(item, []).append((at_ms, str(message.get("delta") or "")))
        elif message["type"] == SPOKEN:
            text = str(message.get("transcript") or "").strip()
            if text:
                texts[item] = text
                starts.setdefault(item, t_ms)
    unfinished = {item: tuple(parts[item]) for item in parts if item not in texts}
    texts |= {item: "".join(text for _, text in unfinished[item]).strip() for item in unfinished}
    ordered = sorted(starts.items(), key=lambda entry: entry[1])
    ends = {item: following[1] for (item, _), following in pairwise(ordered)}
    return [
        Transcript(
            text=texts[item],
            start_ms=start,
            end_ms=ends.get(item, float("inf")),
            parts=unfinished.get(item, ()),
        )
        for item, start in ordered
        if texts.get(item)
    ]


def of_the_recogniser(log: SessionLogFile) -> list[Transcript]:
    """What the platform's own speech recognition understood: the texts of `ASR.Result`."""
    found = []
    for entry in log.events("ASR.Result"):
        text = str(entry.data.get("text") or "").strip()
        if text:
            found.append(Transcript(text=text, start_ms=None, end_ms=entry.t_ms))
    return found
