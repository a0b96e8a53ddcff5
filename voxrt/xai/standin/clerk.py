"""Keeps the conversation's items and news, and puts the question to the agent.

*News* is what has come since the agent last spoke: messages, transcripts, outputs of functions. It
is kept until a reply begins to be heard, so that a reply that was dropped before that leaves
nothing unanswered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from attrs import define, field, frozen

from voxrt.xai.standin.replying import Cause, Reply, ToolOutput, Turn

if TYPE_CHECKING:
    from voxrt.xai.standin.replies import Replies
    from voxrt.xai.standin.stage import Stage
    from voxrt.xai.standin.turns import Heard

_MAX_PAIRS, _MAX_KEY, _MAX_VALUE = 16, 64, 512
_ROLES = ("user", "assistant", "system")


class ClientError(Exception):
    """A message that cannot be carried out; becomes an `error` event."""

    def __init__(self, message: str, param: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.param = param


@frozen
class _News:
    text: str = ""
    is_speech: bool = False
    unheard: bool = False
    output: ToolOutput | None = None
    prompt: str = ""


@define
class Clerk:
    """Items, news and questions of one conversation."""

    _stage: Stage
    _replies: Replies
    _news: dict[str, _News] = field(factory=dict)
    _asked: tuple[str, ...] = ()
    _spoke: bool = False
    _awaited: tuple[dict[str, str] | None, str] | None = None

    # News --------------------------------------------------------------------------------------

    def heard(self, heard: Heard) -> None:
        """A turn of the caller is transcribed, or transcribed again."""
        self._stage.usage.heard_text("" if heard.unheard else heard.text)
        self._news.pop(heard.item_id, None)
        self._news[heard.item_id] = _News(heard.text, is_speech=True, unheard=heard.unheard)

    def ask(self, prompt: str, *, check_in: bool) -> Reply:
        """Puts the question to the agent."""
        self._asked = tuple(self._news)
        turn = self._turn(prompt, check_in)
        return self._stage.agent.reply(turn)

    def answered(self) -> None:
        """The answer begins to be heard: what it answers is no news any more."""
        for identity in self._asked:
            self._news.pop(identity, None)
        self._spoke = True

    def _turn(self, prompt: str, check_in: bool) -> Turn:
        news = list(self._news.values())
        said = [n for n in news if n.text]
        outputs = tuple(n.output for n in news if n.output is not None)
        prompts = [*(n.prompt for n in news if n.prompt), *([prompt] if prompt else [])]
        if check_in:
            cause = Cause.CHECK_IN
        elif outputs:
            cause = Cause.TOOL
        elif said:
            cause = Cause.SPEECH if said[-1].is_speech else Cause.TEXT
        elif not self._spoke:
            cause = Cause.GREETING
        else:
            cause = Cause.PROMPT if prompts else Cause.AGAIN
        config = self._stage.config
        return Turn(
            cause=cause,
            text=" ".join(n.text for n in said),
            unheard=bool(said) and all(n.unheard for n in said),
            outputs=outputs,
            prompt="\n".join(prompts),
            instructions=config.instructions,
            functions=tuple(t["function"] for t in config.tools if t.get("type") == "function"),
            first=not self._spoke,
        )

    # response.create that commits ----------------------------------------------------------------

    @property
    def awaited(self) -> bool:
        """A `response.create` waits for the transcript of the turn that it committed."""
        return self._awaited is not None

    def await_turn(self, metadata: dict[str, str] | None, body: dict[str, Any]) -> None:
        """The next reply is the one that `response.create` asked for."""
        self._awaited = (metadata, str(body.get("instructions") or ""))

    def take_awaited(self) -> tuple[dict[str, str] | None, str] | None:
        """What `await_turn` kept, once."""
        awaited, self._awaited = self._awaited, None
        return awaited

    def metadata(self, body: dict[str, Any]) -> dict[str, str] | None:
        """The metadata of a `response.create`.

        Raises:
            ClientError: It is no map of at most 16 short texts.
        """
        value = body.get("metadata")
        if value is None:
            return None
        param = "response.metadata"
        if not isinstance(value, dict) or len(value) > _MAX_PAIRS:
            raise ClientError(f"metadata takes at most {_MAX_PAIRS} pairs.", param)
        for key, text in value.items():
            if len(key) > _MAX_KEY or not isinstance(text, str) or len(text) > _MAX_VALUE:
                raise ClientError(
                    f"metadata keys have up to {_MAX_KEY} and values up to {_MAX_VALUE} "
                    "characters.",
                    param,
                )
        return value

    # Items -------------------------------------------------------------------------------------

    def forced_text(self, item: dict[str, Any]) -> str | None:
        """The text of a `force_message`; `None` for other items.

        Raises:
            ClientError: It has no text.
        """
        if item.get("type") != "force_message":
            return None
        text = _text_of(item.get("content"))
        if not text:
            raise ClientError("A force_message needs content with text.", "item.content")
        return text

    def create(self, data: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
        """Adds the item of a `conversation.item.create`.

        Returns:
            The item as it is echoed, and its `previous_item_id`.

        Raises:
            ClientError: The item is malformed.
        """
        given = data["item"]
        identity = given.get("id")
        if not isinstance(identity, str) or not identity:
            identity = self._stage.protocol.ids.uuid()
        kind = given.get("type")
        head = {
            "id": identity,
            "object": "realtime.item",
            "type": kind,
            "status": "completed",
        }
        if kind == "message":
            item = {**head, **self._message(identity, given)}
        elif kind == "function_call_output":
            item = {**head, **self._output(identity, given)}
        elif kind == "function_call":
            item = {**head, **_seeded_call(given, self._stage.protocol.ids.calls(1)[0])}
        else:
            raise ClientError(f"Item type {kind!r} is not supported.", "item.type")
        previous = self._stage.items.add(
            {**item, "text": _text_of(given.get("content"))},
            data.get("previous_item_id"),
        )
        return item, previous

    def delete(self, item_id: str) -> None:
        """Removes an item.

        Raises:
            ClientError: There is none.
        """
        if not self._stage.items.remove(item_id):
            raise ClientError("Item not found", "item_id")
        self._news.pop(item_id, None)

    def truncate(self, data: dict[str, Any]) -> str:
        """Shortens a spoken message; returns what is left of its transcript.

        Raises:
            ClientError: It is not a spoken message, or a reply is under way.
        """
        item_id = data["item_id"]
        if self._replies.active:
            raise ClientError("Truncation failed: a response is in progress.", "item_id")
        voiced = self._replies.spoken.get(item_id)
        item = self._stage.items.get(item_id)
        if voiced is None or item is None:
            raise ClientError("Truncation failed: item not found.", "item_id")
        if data["audio_end_ms"] < 0:
            raise ClientError("Truncation failed: audio_end_ms is negative.", "audio_end_ms")
        item["text"] = voiced.text_until(data["audio_end_ms"])
        return str(item["text"])

    def _message(self, identity: str, given: dict[str, Any]) -> dict[str, Any]:
        role = given.get("role", "user")
        content = given.get("content")
        if role not in _ROLES:
            raise ClientError(f"Role {role!r} is not supported.", "item.role")
        if not isinstance(content, list) or not all(isinstance(c, dict) for c in content):
            raise ClientError("A message needs a list of content parts.", "item.content")
        text = _text_of(content)
        if role == "assistant":
            self._spoke = True
        else:
            self._stage.usage.heard_text(text)
            if role == "system":
                self._news[identity] = _News(prompt=text)
            else:
                self._news[identity] = _News(text)
        return {"role": role, "content": content}

    def _output(self, identity: str, given: dict[str, Any]) -> dict[str, Any]:
        call_id, output = given.get("call_id"), given.get("output")
        if not isinstance(call_id, str) or not call_id:
            raise ClientError("A function_call_output needs a call_id.", "item.call_id")
        if not isinstance(output, str):
            raise ClientError("The output must be a string.", "item.output")
        call = self._stage.items.call_named(call_id)
        if call is None:
            self._stage.settings.on_note(f"the output of {call_id} answers no function call")
        name = str(call["name"]) if call else ""
        arguments = msgspec.json.decode(call["arguments"] or "{}") if call else {}
        tag = self._replies.call_tags.get(call_id)
        self._news[identity] = _News(output=ToolOutput(name, arguments, output, tag))
        return {"role": "tool", "call_id": call_id, "output": output}


def _seeded_call(given: dict[str, Any], call_id: str) -> dict[str, Any]:
    name = given.get("name")
    if not isinstance(name, str) or not name:
        raise ClientError("A function_call needs a name.", "item.name")
    kept = given.get("call_id")
    kept = kept if isinstance(kept, str) and kept else call_id
    return {"role": "tool", "call_id": kept, "name": name, "arguments": ""}


def _text_of(content: Any) -> str:
    if not isinstance(content, list):
        return ""
    parts = [
        part.get("text") or part.get("transcript") for part in content if isinstance(part, dict)
    ]
    return " ".join(part for part in parts if isinstance(part, str) and part)
