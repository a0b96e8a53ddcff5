"""What an agent does that no script tells: it greets, repeats what it heard, and says goodbye."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from voxrt.xai.standin.matching import any_of, as_text, look_up
from voxrt.xai.standin.replying import Call, Cause, Reply, ToolOutput, Turn

if TYPE_CHECKING:
    from collections.abc import Mapping

GOODBYES: Final = (
    "bye",
    "goodbye",
    "good bye",
    "bye bye",
    "that's all",
    "that is all",
    "have a nice day",
    "have a good day",
    "have a good evening",
    "see you",
    "talk to you later",
    "hang up",
)

_HELLOS: Final = ("hello", "hi", "hey", "good morning", "good afternoon", "good evening", "greet")

_ENDINGS = """
    hangup hangupcall hangupthecall endcall endthecall finishcall terminate terminatecall
    terminatesession disconnect disconnectcall endconversation endsession closecall"""
_END_CALL: Final = frozenset(_ENDINGS.split())

#: Where a function's output usually has a sentence for the caller.
_SENTENCES: Final = ("message", "say", "text", "result", "answer", "summary", "description")

_TO_SAY = re.compile(
    r"\b(?:say|greet|tell|start|begin|reply|respond|answer)\b[^\"“]{0,80}[\"“]([^\"”]+)[\"”]", re.I
)

_MOST_WORDS_OF_A_HELLO: Final = 3

GREETING: Final = "Hello! How can I help you today?"
FAREWELL: Final = "Goodbye! Have a nice day."
NOT_CAUGHT: Final = "I'm sorry, I did not catch that."
CHECK_IN: Final = "Are you still there?"


def is_goodbye(text: str) -> bool:
    """Whether the caller takes leave."""
    return any_of(text, GOODBYES)


def is_hello(turn: Turn) -> bool:
    """Whether the conversation begins with a mere hello, or with the order to greet."""
    short = len(turn.text.split()) <= _MOST_WORDS_OF_A_HELLO
    return turn.first and (
        (short and any_of(turn.text, _HELLOS)) or (turn.cause is Cause.TEXT and _orders(turn.text))
    )


def _orders(text: str) -> bool:
    return any_of(text, ("greet", "say hello", "introduce yourself"))


def is_end_call(name: str) -> bool:
    """Whether a function's name says that it ends the call."""
    return re.sub(r"[^a-z]", "", name.lower()) in _END_CALL


def requested_sentence(prompt: str) -> str | None:
    """The sentence between quotation marks in instructions such as `Say "Hello"`."""
    found = _TO_SAY.search(prompt)
    return found.group(1).strip() if found else None


def well_mannered(turn: Turn) -> Reply:
    """The reply of an agent without a rule for this turn."""
    if turn.cause is Cause.TOOL:
        return _after_tools(turn.outputs)
    if turn.cause is Cause.CHECK_IN:
        return Reply(say=CHECK_IN)
    asked = requested_sentence(turn.prompt)
    if asked:
        return Reply(say=asked)
    if turn.cause in (Cause.SPEECH, Cause.TEXT) and turn.text:
        if turn.unheard:
            return Reply(say=NOT_CAUGHT)
        if is_goodbye(turn.text):
            return farewell(turn, FAREWELL)
        if is_hello(turn):
            return Reply(say=GREETING)
        return Reply(say=f"You said: {_sentence(turn.text)} How can I help you with that?")
    if turn.cause is Cause.GREETING:
        return Reply(say=GREETING)
    return Reply(say="Is there anything else I can do for you?")


def farewell(turn: Turn, text: str) -> Reply:
    """Says goodbye, then calls the function that ends the call, if the session has one."""
    ending = next((f for f in turn.functions if is_end_call(f["name"])), None)
    calls = (Call(ending["name"], required_arguments(ending)),) if ending else ()
    return Reply(say=text, calls=calls)


def required_arguments(function: Mapping[str, Any]) -> dict[str, Any]:
    """The simplest arguments that satisfy a function's schema."""
    schema = function.get("parameters") or {}
    properties = schema.get("properties") or {}
    return {name: _simplest(properties.get(name) or {}) for name in schema.get("required") or ()}


def _simplest(schema: Mapping[str, Any]) -> Any:
    if schema.get("enum"):
        return schema["enum"][0]
    if "default" in schema:
        return schema["default"]
    simple = {"integer": 0, "number": 0, "boolean": True, "array": [], "object": {}, "null": None}
    return simple.get(schema.get("type", ""), "The caller said goodbye.")


def _after_tools(outputs: tuple[ToolOutput, ...]) -> Reply:
    said = [_told(output) for output in outputs if not is_end_call(output.name)]
    text = " ".join(part for part in said if part)
    return Reply(say=text) if text else Reply(silent=True)


def _told(output: ToolOutput) -> str:
    value = output.value
    if isinstance(value, dict):
        error = look_up("error", value)
        if error:
            return f"I'm sorry, that did not work: {_sentence(as_text(error))}"
        for name in _SENTENCES:
            if isinstance(value.get(name), str) and value[name]:
                return _sentence(value[name])
        parts = [f"{name.replace('_', ' ')}: {as_text(v)}" for name, v in value.items()]
        return f"Here is what I found. {_sentence(', '.join(parts))}" if parts else "Done."
    return _sentence(as_text(value)) if value not in ("", None) else "Done."


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text[-1:] in ".!?…" else f"{text}."
