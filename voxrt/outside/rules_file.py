"""Declared answers as files: YAML, or Python with a function.

The YAML format is described in docs/outside-world.md and in rules.schema.json, which a test holds
against the tables of keys below. Whatever does not fit is a `DocumentError` with its line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from voxrt.documents import Node, node_of, parse_document, read_document
from voxrt.errors import DocumentError
from voxrt.fields import Fields, as_integer, as_list, as_text, near
from voxrt.outside.exchange import (
    FAILURE_NAMES,
    MOST_SOUND_BYTES,
    Failure,
    MailResponse,
    Request,
    Response,
    failed,
    header,
)
from voxrt.outside.peers import SocketAnswer
from voxrt.outside.peers_file import answer_made, read_client, read_session, read_socket
from voxrt.outside.rules import (
    DEFAULT_DELAY_MS,
    AccessRequest,
    HttpAnswer,
    HttpMatch,
    MailAnswer,
    MailMatch,
    Rules,
)
from voxrt.python_file import run_file

LONGEST_MS = 3_600_000
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
RULES_KEYS = ("http", "mail", "requests", "websockets", "clients")
ANSWER_KEYS = ("match", "reply", "error", "delay_ms", "times")
URL_KEYS = ("url", "prefix", "glob", "regex")
MATCH_KEYS = ("method", *URL_KEYS, "query", "headers", "body", "json")
BODY_KEYS = ("text", "json", "file")
REPLY_KEYS = ("status", "headers", *BODY_KEYS)
MAIL_MATCH_KEYS = ("server", "from", "to", "subject")
MAIL_REPLY_KEYS = ("code", "text")
REQUEST_KEYS = ("at_ms", "session", "method", "path", "headers", *BODY_KEYS)


def load_rules(path: str | Path) -> Rules:
    """Reads the outside world from a `.yaml`, `.yml` or `.py` file.

    A Python file has a function `http(request)`, which returns a reply (a mapping with the keys of
    an entry's `reply`, and `delay_ms` or `error`) or `None`; and may have `mail(mail)` likewise,
    and `websocket(request)`, which returns a `Peer`, a mapping with the keys of an entry of
    `websockets`, or `None`.

    Raises:
        DocumentError: The file or a line of it is wrong.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix in (".yaml", ".yml"):
        return read_rules(read_document(path), path.parent)
    if suffix == ".py":
        return _run_python(path)
    raise DocumentError(
        f"declared answers are a .yaml or .py file, not `{suffix or path.name}`", file=str(path)
    )


def parse_rules(text: str, *, file: str = "<rules>", folder: Path | None = None) -> Rules:
    """Reads YAML from a string; files of replies are looked for in `folder`."""
    return read_rules(parse_document(text, file=file), folder or Path())


def read_rules(document: Node, folder: Path) -> Rules:
    """Makes rules of a document. A list is the answers to HTTP requests."""
    if document.value is None:
        document.fail("the file declares nothing")
    if isinstance(document.value, list):
        return Rules(http=[_http_answer(node, folder) for node in document.value])
    rules = Fields(document, "a file of answers", RULES_KEYS)

    def entries(key: str) -> list[Node]:
        return as_list(rules[key]) if key in rules else []

    return Rules(
        http=[_http_answer(node, folder) for node in entries("http")],
        mail=[_mail_answer(node) for node in entries("mail")],
        requests=[_access_request(node, folder) for node in entries("requests")],
        websockets=[read_socket(node, folder) for node in entries("websockets")],
        clients=[read_client(node, folder) for node in entries("clients")],
    )


# --- HTTP ---------------------------------------------------------------------------------------


def _http_answer(node: Node, folder: Path) -> HttpAnswer:
    entry = Fields(node, "an answer", ANSWER_KEYS)
    if not entry.one_of(("reply", "error")):
        entry.fail("an answer needs `reply` or `error`")
    return HttpAnswer(
        match=_http_match(entry["match"]) if "match" in entry else HttpMatch(),
        reply=_failed(entry["error"]) if "error" in entry else _reply(entry["reply"], folder),
        delay_ms=entry.integer("delay_ms", DEFAULT_DELAY_MS, 0, LONGEST_MS),
        times=entry.integer("times", 1, 1, 1_000_000) if "times" in entry else None,
        place=f"{node.file}:{node.line}",
    )


def _http_match(node: Node) -> HttpMatch:
    if isinstance(node.value, str):
        return HttpMatch(url=_absolute(node))
    match = Fields(node, "a match", MATCH_KEYS)
    match.one_of(URL_KEYS)
    return HttpMatch(
        method=_method(match, None),
        url=_absolute(match["url"]) if "url" in match else None,
        prefix=_absolute(match["prefix"]) if "prefix" in match else None,
        glob=match.text("glob") if "glob" in match else None,
        regex=_regex(match["regex"]) if "regex" in match else None,
        query=match.texts("query"),
        headers=match.texts("headers"),
        body=match.text("body") if "body" in match else None,
        json=match["json"].plain() if "json" in match else None,
    )


def _absolute(node: Node) -> str:
    url = as_text(node)
    if not re.match(r"https?://", url, re.IGNORECASE):
        node.fail(f"a URL begins with http:// or https://, not {url!r}")
    return url


def _regex(node: Node) -> re.Pattern[str]:
    try:
        return re.compile(as_text(node))
    except re.error as error:
        node.fail(f"not a regular expression: {error}")


def _method(fields: Fields, default: Any) -> Any:
    if "method" not in fields:
        return default
    method = as_text(fields["method"]).upper()
    if method not in METHODS:
        fields["method"].fail(f"{method} is not a method of HTTP.", near(method, METHODS))
    return method


def _failed(node: Node) -> Response:
    return failed(_failure(node))


def _failure(node: Node) -> Failure:
    if isinstance(node.value, int) and not isinstance(node.value, bool):
        return Failure(as_integer(node, min(Failure), max(Failure)))
    name = as_text(node)
    if name not in FAILURE_NAMES:
        node.fail(f"there is no error `{name}`.", near(name, FAILURE_NAMES))
    return FAILURE_NAMES[name]


def _reply(node: Node, folder: Path) -> Response:
    if isinstance(node.value, int) and not isinstance(node.value, bool):
        return Response(code=as_integer(node, 200, 599))
    reply = Fields(node, "a reply", REPLY_KEYS)
    headers = tuple(reply.texts("headers").items())
    body, kind = _body(reply, folder)
    if kind and header(headers, "Content-Type") is None:
        headers = (*headers, ("Content-Type", kind))
    return Response(code=reply.integer("status", 200, 200, 599), headers=headers, body=body)


def _body(fields: Fields, folder: Path) -> tuple[bytes, str]:
    """A body and the type that it has when no header says so."""
    match fields.one_of(BODY_KEYS):
        case "text":
            return fields.text("text").encode(), "text/plain; charset=utf-8"
        case "json":
            return _json_bytes(fields["json"].plain()), "application/json"
        case "file":
            return _read(fields["file"], folder), ""
        case _:
            return b"", ""


def _json_bytes(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _read(node: Node, folder: Path) -> bytes:
    path = folder / as_text(node)
    try:
        body = path.read_bytes()
    except OSError as error:
        node.fail(f"the file {path} cannot be read: {error.strerror or error}")
    return body[: MOST_SOUND_BYTES + 1]  # one more than is allowed fails as too big


# --- mail and requests to the session -----------------------------------------------------------


def _mail_answer(node: Node) -> MailAnswer:
    entry = Fields(node, "an answer", ANSWER_KEYS)
    if not entry.one_of(("reply", "error")):
        entry.fail("an answer needs `reply` or `error`")
    match = MailMatch()
    if "match" in entry:
        like = Fields(entry["match"], "a match of a mail", MAIL_MATCH_KEYS)
        match = MailMatch(
            server=like.text("server", "*"),
            sender=like.text("from", "*"),
            to=like.text("to", "*"),
            subject=like.text("subject", "*"),
        )
    return MailAnswer(
        match=match,
        reply=_mail_reply(entry),
        delay_ms=entry.integer("delay_ms", DEFAULT_DELAY_MS, 0, LONGEST_MS),
        times=entry.integer("times", 1, 1, 1_000_000) if "times" in entry else None,
        place=f"{node.file}:{node.line}",
    )


def _mail_reply(entry: Fields) -> MailResponse:
    if "error" in entry:
        failure = _failed(entry["error"])
        return MailResponse(code=failure.code, error=failure.error)
    node = entry["reply"]
    if isinstance(node.value, int) and not isinstance(node.value, bool):
        code, text = as_integer(node, 200, 599), ""
    else:
        reply = Fields(node, "a reply to a mail", MAIL_REPLY_KEYS)
        code, text = reply.integer("code", 250, 200, 599), reply.text("text")
    return MailResponse(code=code, error=(text or "refused by the server") if code >= 400 else "")


def _access_request(node: Node, folder: Path) -> AccessRequest:
    request = Fields(node, "a request", REQUEST_KEYS)
    request.need("at_ms")
    headers = tuple(request.texts("headers").items())
    body, kind = _body(request, folder)
    if kind and header(headers, "Content-Type") is None:
        headers = (*headers, ("Content-Type", kind))
    return AccessRequest(
        at_ms=request.integer("at_ms", 0, 0, LONGEST_MS),
        session=read_session(request),
        method=_method(request, "POST" if body else "GET"),
        path=request.text("path"),
        headers=headers,
        content=body.decode("utf-8", "replace"),
    )


# --- Python -------------------------------------------------------------------------------------


def _run_python(path: Path) -> Rules:
    names = run_file(path)
    makers = {"http": _http_made, "mail": _mail_made, "websocket": _socket_made}
    functions = {name: names[name] for name in makers if names.get(name) is not None}
    if not functions:
        raise DocumentError(
            "the file has neither a function `http(request)` nor `mail(mail)` nor "
            "`websocket(request)`",
            file=str(path),
        )
    for name, function in functions.items():
        if not callable(function):
            raise DocumentError(f"`{name}` must be a function", file=str(path))
    answering = {name: _answering(f, makers[name], path) for name, f in functions.items()}
    return Rules(
        http_function=answering.get("http"),
        mail_function=answering.get("mail"),
        socket_function=answering.get("websocket"),
    )


def answered_by(function: Callable[[Request], Any]) -> Rules:
    """Rules of a function that answers HTTP requests, as `http` of a Python file does."""
    code = getattr(function, "__code__", None)
    path = Path(code.co_filename if code is not None else "<function>")
    return Rules(http_function=_answering(function, _http_made, path))


def _answering(
    function: Callable[[Any], Any], make: Callable[[Any, str, int], Any], path: Path
) -> Callable[[Any], Any]:
    """Calls a function of the user, and makes an answer of what it returned."""
    code = getattr(function, "__code__", None)
    line = code.co_firstlineno if code is not None else 1

    def answer(asked: Any) -> Any:
        given = function(asked)
        return None if given is None else make(given, str(path), line)

    return answer


def _http_made(given: Any, file: str, line: int) -> HttpAnswer:
    if isinstance(given, Response):
        return HttpAnswer(match=HttpMatch(), reply=given, place=f"{file}:{line}")
    return _http_answer(_entry(given, REPLY_KEYS, file, line), Path(file).parent)


def _mail_made(given: Any, file: str, line: int) -> MailAnswer:
    return _mail_answer(_entry(given, MAIL_REPLY_KEYS, file, line))


def _socket_made(given: Any, file: str, line: int) -> SocketAnswer:
    return answer_made(given, file, line)


def _entry(given: Any, reply_keys: tuple[str, ...], file: str, line: int) -> Node:
    """What a function returned, as an entry of a YAML file: checked as strictly."""
    if isinstance(given, int) and not isinstance(given, bool):
        return node_of({"reply": given}, file, line)
    if not isinstance(given, Mapping):
        raise DocumentError(
            f"the function must return a mapping or None, not {type(given).__name__}",
            file=file,
            line=line,
        )
    entry = {key: item for key, item in given.items() if key not in reply_keys}
    reply = {key: item for key, item in given.items() if key in reply_keys}
    if "error" not in entry or reply:
        entry["reply"] = reply
    return node_of(entry, file, line)
