"""The stand-in for xAI's realtime service: admits connections and remembers conversations."""

from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from attrs import define, field

from voxrt.clock import US_PER_MS
from voxrt.xai.ids import Ids
from voxrt.xai.server import ServerProtocol
from voxrt.xai.session import SessionConfig
from voxrt.xai.standin.conversation import Conversation
from voxrt.xai.standin.faults import FaultBook
from voxrt.xai.standin.settings import MODELS, Refusal, ServerTransport, StandInSettings
from voxrt.xai.standin.stage import Stage
from voxrt.xai.standin.wire import Wire
from voxrt.xai.url import SECRET_SUBPROTOCOL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voxrt.clock import Clock
    from voxrt.media.speech import Speaker
    from voxrt.media.utterances import Utterances
    from voxrt.xai.standin.script import AgentScript

_PHRASES: Final = {
    401: ("unauthenticated", "The API key is missing or invalid."),
    403: ("permission-denied", "The team has no permission for this model."),
    429: ("resource-exhausted", "The team has too many concurrent sessions."),
}
_LONGEST_SECRET_S: Final = 3600
_USUAL_SECRET_S: Final = 600


@define
class _Past:
    """A conversation whose connection has gone."""

    items: list[dict[str, Any]]
    until_us: int


@define
class StandIn:
    """A server without sockets: `accept` takes an upgrade, the conversation takes its frames.

    Args:
        script: What its agent does, and what goes wrong.
        clock: Everything timed waits on it, as plain callbacks.
        speaker: Speaks what the agent says.
        utterances: The run's register, so that words travel with the sound.
        rng: The source of ids and of all variation in timing.
        settings: See there.
        uses: Counts the uses of the script's rules and faults (`AgentScript.unused`).
    """

    script: AgentScript
    clock: Clock = field(kw_only=True)
    speaker: Speaker = field(kw_only=True)
    utterances: Utterances = field(kw_only=True)
    rng: random.Random = field(kw_only=True)
    settings: StandInSettings = field(kw_only=True, factory=StandInSettings)
    uses: Counter[str] = field(kw_only=True, factory=Counter)
    _connections: int = field(default=0, init=False)
    _past: dict[str, _Past] = field(factory=dict, init=False)
    _secrets: dict[str, int] = field(factory=dict, init=False)

    def accept(
        self, headers: Mapping[str, str], query: Mapping[str, str], transport: ServerTransport
    ) -> Conversation | Refusal:
        """Decides about an upgrade.

        Args:
            headers: Of the request, in any case.
            query: `model`, `conversation_id` and `reasoning.effort`; others are ignored.
            transport: Where the conversation's frames will go.

        Returns:
            The conversation, to be opened once the upgrade was answered; or why not.
        """
        self._connections += 1
        faults = FaultBook(self.script.faults, self._connections, self.uses)
        key, subprotocol = credentials(headers)
        refusal = self._refusal(key, faults)
        if refusal is not None:
            return refusal
        rng = random.Random(self.rng.getrandbits(64))
        protocol = ServerProtocol(rng)
        wanted = query.get("conversation_id")
        past = self._recall(wanted)
        identity = wanted if past and wanted else protocol.ids.uuid()
        wire = Wire(self.clock, transport, protocol, faults, lambda: self._gone(conversation))
        stage = Stage(
            clock=self.clock,
            rng=rng,
            settings=self.settings,
            protocol=protocol,
            wire=wire,
            faults=faults,
            speaker=self.speaker,
            utterances=self.utterances,
            agent=self.script.agent(self.settings.on_note, self.uses),
            config=self._config(query),
            began_us=self.clock.now_us(),
        )
        conversation = Conversation(
            stage, identity, subprotocol, replay=list(past.items) if past else []
        )
        return conversation

    def client_secret(
        self, headers: Mapping[str, str], body: Any
    ) -> tuple[int, dict[str, str | int]]:
        """Answers `POST /v1/realtime/client_secrets`: a status and a JSON body."""
        key, _ = credentials(headers)
        refusal = self._refusal(key, FaultBook(()))
        if refusal is not None:
            return refusal.status, dict(refusal.body)
        seconds: Any = _USUAL_SECRET_S
        if isinstance(body, dict) and isinstance(body.get("expires_after"), dict):
            seconds = body["expires_after"].get("seconds", seconds)
        if isinstance(seconds, bool) or not isinstance(seconds, int) or seconds < 1:
            return 400, {"code": "invalid-argument", "error": "seconds must be a whole number."}
        seconds = min(seconds, _LONGEST_SECRET_S)
        value = Ids(self.rng).secret()
        self._secrets[value] = self.clock.now_us() + seconds * 1000 * US_PER_MS
        return 200, {"value": value, "expires_at": self.clock.unix_ms() // 1000 + seconds}

    def _refusal(self, key: str, faults: FaultBook) -> Refusal | None:
        expires_us = self._secrets.get(key)
        if not key or (expires_us is not None and expires_us < self.clock.now_us()):
            return _refuse(401)
        fault = faults.refusal(key)
        if fault is None:
            return None
        return _refuse(fault.status, None if fault.code is None else str(fault.code), fault.message)

    def _config(self, query: Mapping[str, str]) -> SessionConfig:
        model = query.get("model") or self.settings.default_model
        if model not in MODELS:
            model = self.settings.default_model
        config = SessionConfig(model=model)
        effort = query.get("reasoning.effort")
        return config.updated({"reasoning": {"effort": effort}}) if effort else config

    def _recall(self, conversation_id: str | None) -> _Past | None:
        past = self._past.get(conversation_id or "")
        return past if past is not None and past.until_us >= self.clock.now_us() else None

    def _gone(self, conversation: Conversation) -> None:
        stage = conversation.stage
        stage.cancel_all()
        if stage.config.resumable:
            until = self.clock.now_us() + self.settings.resumable_for_ms * US_PER_MS
            items = [replayed(item) for item in stage.items.all()]
            self._past[conversation.conversation_id] = _Past(items, until)


def credentials(headers: Mapping[str, str]) -> tuple[str, str | None]:
    """The key or secret of a request, and the subprotocol to echo; the key may be empty."""
    lowered = {name.lower(): value for name, value in headers.items()}
    scheme, _, key = lowered.get("authorization", "").strip().partition(" ")
    if scheme.lower() == "bearer" and key.strip():
        return key.strip(), None
    for offered in lowered.get("sec-websocket-protocol", "").split(","):
        name = offered.strip()
        if name.startswith(SECRET_SUBPROTOCOL):
            return name.removeprefix(SECRET_SUBPROTOCOL), name
    return "", None


def replayed(item: dict[str, Any]) -> dict[str, Any]:
    """An item as a resumed connection is told of it."""
    head = {
        "id": item["id"],
        "object": "realtime.item",
        "type": item["type"],
        "status": "completed",
        "role": item["role"],
    }
    if item["type"] == "message":
        kind = "text" if item["role"] == "assistant" else "input_text"
        body: dict[str, Any] = {"content": [{"type": kind, "text": item.get("text", "")}]}
    elif item["type"] == "function_call":
        body = {name: item[name] for name in ("call_id", "name", "arguments")}
        head["role"] = "tool"
    else:
        body = {name: item[name] for name in ("call_id", "output")}
    return {**head, **body, "replayed": True}


def _refuse(status: int, code: str | None = None, message: str = "") -> Refusal:
    usual = _PHRASES.get(status, ("refused", "The request was refused."))
    return Refusal(status, {"code": code or usual[0], "error": message or usual[1]})
