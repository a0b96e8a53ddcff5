"""How the module `Grok` reaches xAI, and what a user may choose where sources disagree."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from attrs import frozen

from voxrt.connectors.link import Link
from voxrt.errors import UsageError
from voxrt.vox import api
from voxrt.vox.context import Context

#: The values that each switch takes, the default first.
OPTIONS: dict[str, dict[str, str | bool]] = {
    "transcripts": {"named": "named", "Unknown": "Unknown", "both": "both"},
    "errors": {"WebSocketError": "WebSocketError", "Unknown": "Unknown", "both": "both"},
    "pings": {"true": True, "false": False},
    "default_model_dies": {"false": False, "true": True},
}


@frozen(kw_only=True)
class GrokSettings:
    """How the module reaches xAI, and what sources disagree about.

    Attributes:
        make_link: Makes a link to the provider, for the context's session.
        transcripts: Which event carries the caller's transcript: the `named` one, `Unknown`, as
            two scenarios in the field expect it, or `both`, the named one first.
        errors: Which event carries xAI's `error` messages; `both` is `WebSocketError` first.
        pings: Whether xAI's `ping` reaches the scenario, as `Unknown`.
        default_model_dies: Without `model` the connection closes with 1011 soon after opening, as
            users reported of the platform in 2026; the documentation knows nothing of it.
    """

    make_link: Callable[[Context], Link]
    transcripts: Literal["named", "Unknown", "both"] = "named"
    errors: Literal["WebSocketError", "Unknown", "both"] = "WebSocketError"
    pings: bool = True
    default_model_dies: bool = False


def read_options(options: Mapping[str, str | bool]) -> dict[str, Any]:
    """A user's switches as arguments of `GrokSettings`.

    Args:
        options: Values by name, as text or, for switches, as booleans; a hyphen in a name is as
            good as an underscore.

    Raises:
        UsageError: There is no such switch, or it does not take the value.
    """
    chosen: dict[str, Any] = {}
    for given, value in options.items():
        name = given.replace("-", "_")
        if name not in OPTIONS:
            near = api.near_name(name, OPTIONS)
            hint = f"Did you mean {near}?" if near else f"There are {', '.join(OPTIONS)}."
            raise UsageError(f"the Grok module has no option {given!r}", hint=hint)
        values = {text.lower(): meaning for text, meaning in OPTIONS[name].items()}
        if str(value).lower() not in values:
            allowed = ", ".join(OPTIONS[name])
            raise UsageError(f"the Grok option {given} is one of {allowed}, not {value!r}")
        chosen[name] = values[str(value).lower()]
    return chosen
