"""What a replay needs of the records of a journal, checked before anything is run.

A journal that a run wrote always passes; one that was changed by hand is told so, with the number
of the record, instead of failing somewhere in the middle of a replay.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any

from voxrt.media.rates import CORE_RATES_HZ
from voxrt.replay.folder import RunFolder
from voxrt.replay.spoken import check_said
from voxrt.session.journal import Record

Check = Callable[[Any], bool]

#: An hour at the highest rate: no single sound of a caller is longer.
MOST_SAMPLES = 48_000 * 3_600


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _from(low: float, high: float) -> Check:
    return lambda value: (
        isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high
    )


def _count(most: int) -> Check:
    return lambda value: _whole(value) and 0 <= value <= most


def _truth(value: Any) -> bool:
    return isinstance(value, bool)


def _texts(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_text, value.values()))


def _list_of_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_text, value))


def _rate(value: Any) -> bool:
    return _whole(value) and value in CORE_RATES_HZ


def _headers(value: Any) -> bool:
    pairs = isinstance(value, list) and all(map(_texts, value))
    return pairs and all(one.keys() == {"key", "value"} for one in value)


def _body(value: Any) -> bool:
    if isinstance(value, dict) and value.keys() == {"base64"}:
        try:
            base64.b64decode(value["base64"], validate=True)
        except (TypeError, ValueError, binascii.Error):
            return False
        return True
    return _text(value)


def _said(value: Any) -> bool:
    try:
        check_said(value)
    except (KeyError, TypeError, ValueError):
        return False
    return True


def _mode(value: Any) -> bool:
    return value in ("sends", "muted", "stops")


def _maybe(check: Check) -> Check:
    """A field that is left out when it is empty."""
    return lambda value: value is None or check(value)


_LONGEST_MS = 10**9
_CODE, _TIME = _count(10_000), _from(0, _LONGEST_MS)
_TITLE, _HEADERS = _maybe(_text), _maybe(_texts)

#: The fields of `far` records by their action; those of every one of them are below.
ACTIONS: dict[str, Mapping[str, Check]] = {
    "dials": {
        "to": _text, "number": _text, "name": _text, "client_type": _text,
        "rate_hz": _rate, "headers": _texts, "custom_data": _TITLE,
    },
    "phone": {
        "incoming": _truth, "number": _TITLE, "client_type": _text, "rate_hz": _rate,
        "video": _maybe(_truth), "recording": _text, "tick": _count(10**9),
    },
    "sound": {
        "tick": _count(10**9), "samples": _count(MOST_SAMPLES), "speaker": _TITLE,
        "from_sample": _maybe(_count(10**10)),
        "clarity": _maybe(_from(0, 1)), "said": _maybe(_said),
    },
    "channel": {
        "side": lambda value: value in ("source", "sink"),
        "seed": lambda value: _text(value) and value.isdecimal() and len(value) <= 20,
    },
    "switch": {"source": _mode, "sink": _mode},
    "quiet": {},
    "silence": {"silent": _truth},
    "ringing": {"headers": _HEADERS},
    "forwarding": {},
    "early_media": {"headers": _HEADERS},
    "answered": {"headers": _HEADERS},
    "offline": {},
    "failed": {"code": _CODE, "reason": _TITLE, "headers": _HEADERS},
    "hung_up": {"reason": _TITLE},
    "sends": {"sends": _truth},
    "digit": {"digit": _text, "tone_kind": _count(3)},
    "message": {"text": _TITLE},
    "info": {"mime_type": _TITLE, "body": _TITLE, "headers": _HEADERS},
    "hold": {},
    "unhold": {},
    "reinvite": {"headers": _HEADERS, "mime_type": _TITLE, "body": _TITLE},
    "transfer": {"to": _TITLE, "headers": _HEADERS},
    "reached": {"to": _TITLE, "after_ms": _count(_LONGEST_MS), "code": _CODE, "reason": _TITLE},
    "reinvite_answered": {
        "code": _CODE, "reason": _TITLE, "headers": _HEADERS, "mime_type": _TITLE, "body": _TITLE,
    },
    "transfer_answered": {"code": _CODE, "reason": _TITLE, "headers": _HEADERS},
    "identified": {"audio_type": _text, "audio_subtype": _text, "confidence": _from(0, 100)},
    "not_identified": {},
    "statistics": {},
    "asks": {"method": _text, "path": _TITLE, "content": _TITLE, "headers": _HEADERS},
    "connects": {"path": _TITLE, "headers": _HEADERS},
}  # fmt: skip

#: The fields of the other records that a replay reads.
KINDS: dict[str, Mapping[str, Check]] = {
    "far": {"call": _text, "action": lambda value: value in ACTIONS},
    "note": {"call": _text, "who": _text, "text": _text},
    "heard": {"call": _text, "by": _text},
    "event": {"name": _text},
    "warning": {"code": _text},
    "http": {"id": _whole, "state": _text, "method": _text, "url": _text},
    "mail": {"id": _whole, "state": _text, "to": _list_of_texts, "subject": _text},
    "socket": {"what": _text},
}
_REPLY: Mapping[str, Check] = {
    "code": _whole, "took_ms": _TIME, "error": _TITLE, "source": _TITLE,
    "headers": _maybe(_headers), "body": _maybe(_body),
}  # fmt: skip
_ANSWERS = {("http", "reply"): _REPLY, ("mail", "answered"): _REPLY}


def check_records(folder: RunFolder) -> None:
    """Checks the records of a recording.

    Raises:
        DocumentError: One is not as a run writes it; names its line and what is wrong.
    """
    for record in folder.records:
        _check(folder, record, KINDS.get(record["kind"], {}))
        if record["kind"] == "far":
            _check(folder, record, ACTIONS[record["action"]])
        _check(folder, record, _ANSWERS.get((record["kind"], str(record.get("state"))), {}))
        if not _maybe(_count(10**6))(record.get("session")):
            folder.refuse(record, "`session` is not as a run writes it")


def _check(folder: RunFolder, record: Record, fields: Mapping[str, Check]) -> None:
    for name, is_good in fields.items():
        value = record.get(name)
        try:
            good = is_good(value)
        except TypeError:  # a list where a text is looked up
            good = False
        if not good:
            what = " ".join(str(record.get(key)) for key in ("kind", "action") if key in record)
            folder.refuse(record, f"`{name}` of a record `{what}` is not as a run writes it")
