"""What an agent is asked and what it answers: the interface behind the stand-in's voice."""

from __future__ import annotations

from abc import ABC, abstractmethod
from enum import Enum
from typing import Any, Literal

import msgspec
from attrs import field, frozen


class Cause(Enum):
    """Why the agent is asked for a reply."""

    GREETING = "nothing was said yet"
    SPEECH = "the caller spoke"
    TEXT = "a text message of the user"
    TOOL = "outputs of function calls"
    PROMPT = "the client asked for a reply, with instructions or a system message"
    AGAIN = "the client asked for a reply without anything new"
    CHECK_IN = "nobody has said anything for a while"


@frozen
class ToolOutput:
    """The output of one function call; `tag` is that of the `Call` it answers."""

    name: str
    arguments: dict[str, Any]
    output: str
    tag: object = None

    @property
    def value(self) -> Any:
        """The output as JSON, or its text when it is none."""
        try:
            return msgspec.json.decode(self.output)
        except msgspec.DecodeError:
            return self.output


@frozen(kw_only=True)
class Turn:
    """What the agent knows when it is asked for a reply.

    Attributes:
        cause: Why it is asked.
        text: What the caller said or wrote; empty when nothing.
        unheard: The caller spoke, but no words could be made out; `text` is a placeholder.
        outputs: The function outputs since the last reply, in order.
        prompt: The instructions of this one reply, and system messages since the last.
        instructions: The session's instructions.
        functions: The functions that the session declares: `{name, description, parameters}`.
        first: The agent has not spoken in this conversation yet.
    """

    cause: Cause
    text: str = ""
    unheard: bool = False
    outputs: tuple[ToolOutput, ...] = ()
    prompt: str = ""
    instructions: str = ""
    functions: tuple[dict[str, Any], ...] = ()
    first: bool = False

    def function(self, name: str) -> dict[str, Any] | None:
        """The declaration of a function, if the session has it."""
        return next((f for f in self.functions if f["name"] == name), None)


@frozen
class Call:
    """A function call that the agent makes. `tag` comes back with the output."""

    name: str
    arguments: dict[str, Any] = field(factory=dict)
    tag: object = None


@frozen(kw_only=True)
class Failure:
    """Instead of a reply: an `error` event, nothing at all, or the end of the connection."""

    kind: Literal["error", "drop", "close"]
    type: str = "internal_error"
    code: str | None = None
    message: str = "The agent script made this response fail."
    close_code: int = 1011
    reason: str = ""


@frozen(kw_only=True)
class Reply:
    """What the agent does: speak, then call functions; or stay silent; or fail.

    Attributes:
        say: What it says; empty for nothing.
        calls: The functions it calls after that.
        silent: It does not answer at all.
        failure: It fails instead.
        delay_ms: It thinks this much longer before the first sound.
        token: For the agent itself: given back to `Agent.began`.
    """

    say: str = ""
    calls: tuple[Call, ...] = ()
    silent: bool = False
    failure: Failure | None = None
    delay_ms: int = 0
    token: object = None


class Agent(ABC):
    """One conversation's mind. Made anew for every connection."""

    @abstractmethod
    def reply(self, turn: Turn) -> Reply:
        """What to do now.

        It may be asked again about the same turn, when the caller goes on speaking before the
        answer was heard; only `began` tells that a reply counts.
        """

    def began(self, reply: Reply) -> None:
        """The reply is being heard, or its first call was made."""

    def guess(self) -> str | None:
        """What an utterance without word tags is taken to say; `None` for no idea."""
        return None
