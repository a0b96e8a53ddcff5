"""The outside world of a replay: each request gets the answer that the recording has for it."""

from __future__ import annotations

import base64
from typing import Any

from attrs import define, field

from voxrt.clock import US_PER_MS
from voxrt.outside.exchange import Headers, Mail, MailResponse, Request, Response, body_form
from voxrt.outside.rules import Answer, HttpAnswer, HttpMatch, MailAnswer, MailMatch, Rules
from voxrt.outside.world import HIDDEN, OWN
from voxrt.replay.folder import RunFolder
from voxrt.replay.sockets import ReplayedSockets
from voxrt.session.journal import Record

#: A request that got no answer in the recording gets none: it is dropped, or runs out of time.
NEVER_MS = 10**9
#: Sources of answers that the replay finds again by itself.
FOUND_AGAIN = ("closed", OWN)


@define(eq=False)
class RecordedAnswers:
    """The exchanges of a recording, each used once, in order."""

    _requests: list[tuple[Record, Record | None]] = field(factory=list, init=False)
    _mails: list[tuple[Record, Record | None]] = field(factory=list, init=False)

    @classmethod
    def of(cls, folder: RunFolder) -> RecordedAnswers:
        """Pairs the requests of a recording with their answers.

        Raises:
            DocumentError: A record is not as a run writes it.
        """
        answers = cls()
        answers._requests = _pairs(folder, "http", "request", "reply")
        answers._mails = _pairs(folder, "mail", "sent", "answered")
        return answers

    def rules(self, sockets: ReplayedSockets) -> Rules:
        """The rules of the replay's outside world."""
        return Rules(
            http_function=self._reply, mail_function=self._answer, socket_function=sockets.answer
        )

    def _reply(self, request: Request) -> HttpAnswer | None:
        asked = {"method": request.method, "url": request.url}
        body = body_form(request.body) if request.body else ""
        pair = _take(self._requests, lambda one: _is_like(one, asked, body)) or _take(
            self._requests, lambda one: _is_like(one, asked, None)
        )
        if pair is None or (pair[1] is not None and pair[1].get("source") in FOUND_AGAIN):
            return None
        reply = pair[1]
        match = HttpMatch(url=request.url)
        if reply is None:
            return Answer(match=match, reply=Response(code=200), delay_ms=NEVER_MS)
        return Answer(
            match=match,
            reply=Response(
                code=reply["code"],
                headers=_headers(reply.get("headers", [])),
                body=_body(reply.get("body", "")),
                error=reply.get("error", ""),
            ),
            delay_us=round(reply["took_ms"] * US_PER_MS),
            place=str(reply.get("source", "")),
        )

    def _answer(self, mail: Mail) -> MailAnswer | None:
        pair = _take(
            self._mails, lambda one: (one["to"], one["subject"]) == (list(mail.to), mail.subject)
        )
        if pair is None or (pair[1] is not None and pair[1].get("source") in FOUND_AGAIN):
            return None
        reply = pair[1]
        if reply is None:
            return Answer(match=MailMatch(), reply=MailResponse(code=0), delay_ms=NEVER_MS)
        return Answer(
            match=MailMatch(),
            reply=MailResponse(code=reply["code"], error=reply.get("error", "")),
            delay_us=round(reply["took_ms"] * US_PER_MS),
            place=str(reply.get("source", "")),
        )


def _pairs(
    folder: RunFolder, kind: str, asked: str, answered: str
) -> list[tuple[Record, Record | None]]:
    pairs: dict[tuple[Any, Any], tuple[Record, Record | None]] = {}
    for record in folder.of_kind(kind):
        key = (record.get("session", 1), record.get("id"))
        if record.get("state") == asked:
            pairs[key] = (record, None)
        elif record.get("state") == answered:
            if key not in pairs:
                folder.refuse(record, "it is no answer to a request before it")
            pairs[key] = (pairs[key][0], record)
    return list(pairs.values())


def _take(pairs: list[tuple[Record, Record | None]], fits: Any) -> Any:
    found = next((pair for pair in pairs if fits(pair[0])), None)
    if found is not None:
        pairs.remove(found)
    return found


def _is_like(record: Record, asked: dict[str, str], body: Any) -> bool:
    same = all(record.get(name) == value for name, value in asked.items())
    return same and (body is None or record.get("body", "") in (body, HIDDEN))


def _headers(shown: list[dict[str, str]]) -> Headers:
    return tuple((one["key"], one["value"]) for one in shown)


def _body(shown: Any) -> bytes:
    return base64.b64decode(shown["base64"]) if isinstance(shown, dict) else shown.encode()
