"""What went out of a session, and what came in, told as lines: one part of the account."""

from __future__ import annotations

from collections.abc import Callable

from voxrt.show.entry import Entry, Record, Tone, as_json, entry


def tell_outside(record: Record, verbose: bool) -> list[Entry]:
    """The lines for a record of one of `OUTSIDE_KINDS`.

    Args:
        record: Of the journal.
        verbose: Tell also what only a debugger wants.
    """
    return _TELLERS[str(record["kind"])](record, verbose)


def _http(record: Record, verbose: bool) -> list[Entry]:
    what = f"{record['method']} {record['url']}"
    match record["state"]:
        case "reply":
            return [_outcome(record, "http", what)]
        case "dropped":
            return [entry(record, Tone.WARNING, "http", f"{what}: dropped, it had not begun")]
    return [entry(record, Tone.DETAIL, "http", what)] if verbose else []


def _mail(record: Record, verbose: bool) -> list[Entry]:
    what = f'to {", ".join(record["to"])}: "{record["subject"]}"'
    match record["state"]:
        case "answered":
            return [_outcome(record, "mail", what)]
        case "dropped":
            return [entry(record, Tone.WARNING, "mail", f"{what}: dropped, it had not begun")]
    return [entry(record, Tone.DETAIL, "mail", what)] if verbose else []


def _access(record: Record, verbose: bool) -> list[Entry]:
    what = f"{record['method']} {_access_url(str(record['path']))} = {record['code']}"
    body = f' "{record["body"]}"' if record.get("body") else ""
    return [entry(record, Tone.EVENT, "access", what + body)]


def _socket(record: Record, verbose: bool) -> list[Entry]:
    tone = Tone.EVENT
    match record["what"]:
        case "connect":
            text = f"connects to {record['url']}"
        case "accept":  # its request to the access URL has been told
            tone, text = Tone.DETAIL, f"a client comes to {_access_url(str(record['url']))}"
        case "refused":
            tone, text = Tone.WARNING, f"no connection: {record['why']}"
        case "sent" | "received" if "text" in record:
            text = f'{_WAYS[record["what"]]} "{record["text"]}"'
        case "sent" | "received" if "bytes" in record and "frame" not in record:
            text = f"{_WAYS[record['what']]} {record['bytes']} bytes"
        case "sent" | "received":
            tone, text = Tone.DETAIL, _stream(record)
        case _:
            tone, text = Tone.DETAIL, f"{record['what']} {record.get('protocol', '')}".rstrip()
    return [entry(record, tone, "socket", text)] if verbose or tone is not Tone.DETAIL else []


def _stream(record: Record) -> str:
    """The start of a stream with its format, or its stop with how much it was."""
    tag = f" {record['tag']}" if record.get("tag") else ""
    if record["frame"] == "start":
        return f"{_WAYS[record['what']]} the stream{tag} in {record.get('encoding', '?')}"
    return f"{_WAYS[record['what']]} the end of the stream{tag} after {record['frames']} frames"


def _call_list(record: Record, verbose: bool) -> list[Entry]:
    text = f"{record['function']} {as_json(record.get('data'))}"
    return [entry(record, Tone.EVENT, "list", text)]


def _access_url(path: str) -> str:
    """`access URL` for the long address of a session, with what follows it."""
    rest = path.partition("/request/")[2].partition("/")[2].partition("/")
    return f"access URL{rest[1]}{rest[2]}"


def _outcome(record: Record, who: str, what: str) -> Entry:
    """What came of something that went out, and how long it took."""
    code, error = record["code"], str(record.get("error") or "")
    well = 200 <= code < 400
    text = f"{what} = {code}" if code >= 100 else f"{what} failed with {code}: {error}"
    return entry(
        record,
        Tone.EVENT if well else Tone.WARNING,
        who,
        text,
        f"{record['took_ms']:.0f} ms" if code >= 100 else "",
    )


_WAYS = {"sent": "sends", "received": "receives"}
_TELLERS: dict[str, Callable[[Record, bool], list[Entry]]] = {
    "http": _http,
    "mail": _mail,
    "access": _access,
    "socket": _socket,
    "call-list": _call_list,
}

#: The kinds of records that are told here.
OUTSIDE_KINDS = tuple(_TELLERS)
