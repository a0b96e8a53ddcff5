"""The transcription of a recorded call: what both sides said, in words.

Source: https://voximplant.com/docs/references/voxengine/callrecordparameters. On the platform it
is made some time after the call, and found through the call's history. Its words are those that
were audible, which the journal has in its `heard` records.
"""

from __future__ import annotations

import json
from typing import Any

from attrs import frozen

from voxrt.session.journal import Record
from voxrt.session.session import Session
from voxrt.session.values import Struct
from voxrt.vox import api
from voxrt.vox.context import Context
from voxrt.vox.line import Line

LABELS = ("Left", "Right")
APPROXIMATED = "transcriptions: the words that voxrt's own speech carries, in a form of their own"


@frozen(kw_only=True)
class TranscriptSettings:
    """What `call.record` was asked for.

    Attributes:
        labels: What the far end is called, and what it hears.
        as_json: Whether it is a list of objects rather than lines of text.
    """

    labels: tuple[str, str] = LABELS
    as_json: bool = False


def read_transcript_settings(session: Session, params: Struct) -> TranscriptSettings | None:
    """Reads the parameters of `call.record`; what makes no sense is left out with a warning.

    Returns:
        `None` when nothing is to be transcribed.
    """
    if not params.get("transcribe"):
        return None
    if not params.get("language"):
        session.warn(
            "ignored", "record: transcribe needs a language of ASRLanguage, nothing is transcribed"
        )
        return None
    known = tuple(api.enum_members("TranscriptionProvider").values())
    provider = params.get("provider")
    if provider is not None and provider not in known:
        session.warn("ignored", f"record: provider is one of {', '.join(known)}, not {provider!r}")
    form = params.get("format")
    if form not in (None, "", "json"):
        session.warn("ignored", f"record: format is 'json' or not given, not {form!r}")
    return TranscriptSettings(labels=_labels(session, params), as_json=form == "json")


def _labels(session: Session, params: Struct) -> tuple[str, str]:
    given = params.get("labels")
    if given is None:
        return LABELS
    if isinstance(given, list | tuple) and len(given) == len(LABELS):
        return str(given[0]), str(given[1])
    session.warn("ignored", f"record: labels are two texts, not {given!r}")
    return LABELS


class Transcript:
    """One transcription under way, from the beginning of the recording on.

    Args:
        context: The session's platform.
        line: The call.
        settings: What was asked for.

    Attributes:
        ending: Of the file's name.
    """

    def __init__(self, context: Context, line: Line, settings: TranscriptSettings) -> None:
        self.ending = "json" if settings.as_json else "txt"
        self._context = context
        self._call_id = line.emitter.id
        self._settings = settings
        self._begins_ms = context.clock.now_us() / 1000
        self._phrases: list[dict[str, Any]] = []
        context.session.journal.listeners.append(self._take)
        context.approximated(APPROXIMATED)

    def _take(self, record: Record) -> None:
        if record["kind"] != "heard" or record["call"] != self._call_id:
            return
        far, near = self._settings.labels
        self._phrases.append(
            {
                "label": far if record["by"] == "platform" else near,
                "text": record["text"],
                "from_ms": max(record["from_ms"] - self._begins_ms, 0),
                "to_ms": record["to_ms"] - self._begins_ms,
            }
        )

    def finish(self) -> str:
        """Ends it with the call.

        A phrase that had begun before the recording is in it as a whole.

        Returns:
            The text: a line `label: words` for each phrase, in order of their beginnings, or the
            phrases as JSON, with their times in ms from the beginning of the recording.
        """
        self._context.session.journal.listeners.remove(self._take)
        phrases = sorted(
            (phrase for phrase in self._phrases if phrase["to_ms"] > 0),
            key=lambda phrase: phrase["from_ms"],
        )
        if self._settings.as_json:
            return json.dumps(phrases, ensure_ascii=False, indent=1) + "\n"
        return "".join(f"{phrase['label']}: {phrase['text']}\n" for phrase in phrases)
