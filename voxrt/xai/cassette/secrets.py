"""Credentials in messages: those that are known, and those that look like one.

A cassette is made to be kept beside the tests, for everybody to read. What a run knows as secret
is replaced as it is written; when a cassette is made of it, fields that carry credentials and texts
that look like keys are replaced too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from voxrt.xai.cassette.matching import REDACTED

#: Fields whose text is a credential, in lower case and with underscores.
CREDENTIAL_FIELDS: Final = (
    "authorization", "proxy_authorization", "api_key", "apikey", "x_api_key", "xai_api_key",
    "access_token", "refresh_token", "client_secret", "password", "secret", "cookie", "set_cookie",
)  # fmt: skip
#: Keys of providers and platforms, tokens of the web, and what follows `Bearer`.
KEY: Final = re.compile(
    r"\b(?:xai|sk|pk|rk|gsk)-[A-Za-z0-9_-]{16,}"
    r"|\bxai-client-secret\.[A-Za-z0-9._-]{8,}"
    r"|\b(?:ghp|gho|ghs|github_pat|glpat|xox[abpr])[_-][A-Za-z0-9_-]{16,}"
    r"|\bAKIA[A-Z0-9]{16}\b"
    r"|\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}"
    r"|(?<=\bBearer )[A-Za-z0-9._~+/-]{8,}=*"
)


def without_credentials(value: Any) -> Any:
    """A JSON value in which credentials are `******`; base64 sound is left alone."""
    if isinstance(value, str):
        return KEY.sub(REDACTED, value)
    if isinstance(value, list):
        return [without_credentials(item) for item in value]
    if isinstance(value, dict):
        return {name: _inside(name, item, value) for name, item in value.items()}
    return value


def _inside(name: str, item: Any, holder: Mapping[str, Any]) -> Any:
    if isinstance(item, str) and name.lower().replace("-", "_") in CREDENTIAL_FIELDS:
        return REDACTED
    if name == "delta" and str(holder.get("type")).endswith("audio.delta"):
        return item
    return without_credentials(item)


def tool_credentials(message: Mapping[str, Any]) -> Iterator[str]:
    """What a `session.update` gives the provider to call tools of other servers with."""
    session = message.get("session")
    tools = session.get("tools") if isinstance(session, Mapping) else None
    for tool in tools if isinstance(tools, list) else ():
        if not isinstance(tool, Mapping) or tool.get("type") != "mcp":
            continue
        headers = tool.get("headers")
        values = headers.values() if isinstance(headers, Mapping) else ()
        for value in (tool.get("authorization"), *values):
            if isinstance(value, str):
                yield value
                yield value.removeprefix("Bearer ")
