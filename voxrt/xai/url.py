"""Addresses and credentials of the realtime service."""

from __future__ import annotations

from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from attrs import field, frozen

from voxrt.errors import UsageError

REALTIME_BASE = "wss://api.x.ai/v1/realtime"
DEFAULT_MODEL = "grok-voice-latest"
SECRET_SUBPROTOCOL = "xai-client-secret."


@frozen
class ApiKey:
    """An API key or an ephemeral client secret that no text form of this object shows."""

    _value: str = field(repr=False)

    def reveal(self) -> str:
        """The key itself, for the one place that sends it."""
        return self._value

    def __str__(self) -> str:
        return "******"


def realtime_url(
    base: str = REALTIME_BASE,
    model: str = DEFAULT_MODEL,
    *,
    conversation_id: str | None = None,
    reasoning_effort: str | None = None,
) -> str:
    """The address to connect to; the model is always explicit.

    Args:
        base: `ws://` or `wss://` address. A bare host gets the path `/v1/realtime`.
        model: A model id; an unknown one is not refused by the service but replaced.
        conversation_id: Resumes a conversation.
        reasoning_effort: `high` or `none`.

    Raises:
        UsageError: `base` is not a WebSocket address.
    """
    parts = urlsplit(base)
    if parts.scheme not in ("ws", "wss") or not parts.hostname:
        raise UsageError(
            f"`{base}` is not a WebSocket address.", hint="Give one like ws://127.0.0.1:8080."
        )
    query = {"model": model}
    if conversation_id is not None:
        query["conversation_id"] = conversation_id
    if reasoning_effort is not None:
        query["reasoning.effort"] = reasoning_effort
    path = parts.path if parts.path not in ("", "/") else "/v1/realtime"
    present = f"{parts.query}&" if parts.query else ""
    return urlunsplit(
        (parts.scheme, parts.netloc, path, present + urlencode(query, quote_via=quote), "")
    )


def realtime_headers(key: ApiKey) -> list[tuple[bytes, bytes]]:
    """The headers of the upgrade request, as trio-websocket takes them.

    Raises:
        UsageError: The key cannot stand in a header (empty, spaces, not ASCII).
    """
    value = key.reveal()
    if not value or not value.isascii() or not value.isprintable() or " " in value:
        raise UsageError(
            "The xAI API key is empty or has characters that a key cannot have.",
            hint="Set XAI_API_KEY to the key as the console of x.ai shows it.",
        )
    return [(b"Authorization", b"Bearer " + value.encode())]
