"""The namespace `Grok`, as it is after `require(Modules.Grok)`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from attrs import frozen

from voxrt.connectors.client import ClientOptions
from voxrt.connectors.grok.client import VoiceAgentAPIClient
from voxrt.connectors.link import Link
from voxrt.errors import ScenarioTypeError
from voxrt.session.promise import Promise
from voxrt.vox import api
from voxrt.vox.context import Context
from voxrt.vox.names import Enum, Surface

FACTORY = "Grok.createVoiceAgentAPIClient"
DEFAULT_MODEL = "grok-voice-fast-1.0"


@frozen(kw_only=True)
class GrokSettings:
    """How the module reaches xAI, and what sources disagree about.

    Attributes:
        make_link: Makes a link to the provider, for the context's session.
        transcripts: Which event carries the caller's transcript: the `named` one, or `Unknown`,
            as two scenarios in the field expect it.
        errors: Which event carries xAI's `error` messages.
        pings: Whether xAI's `ping` reaches the scenario, as `Unknown`.
        default_model_dies: Without `model` the connection closes with 1011 soon after opening, as
            users reported of the platform in 2026; the documentation knows nothing of it.
    """

    make_link: Callable[[Context], Link]
    transcripts: Literal["named", "Unknown"] = "named"
    errors: Literal["WebSocketError", "Unknown"] = "WebSocketError"
    pings: bool = True
    default_model_dies: bool = False


class GrokModule(Surface):
    """`Grok`: makes clients, and holds the names of their events.

    Source: https://voximplant.com/docs/references/voxengine/grok
    """

    _platform_name = "Grok"

    def __init__(self, context: Context) -> None:
        warn = context.session.warn
        self._context = context
        self.Events = Enum("Grok.Events", warn)
        self.VoiceAgentAPIEvents = Enum("Grok.VoiceAgentAPIEvents", warn)
        self.VoiceAgentAPIClient = VoiceAgentAPIClient

    @classmethod
    def _platform_members(cls) -> set[str]:
        return {*api.namespace_functions("Grok"), "Events", "VoiceAgentAPIEvents"}

    def createVoiceAgentAPIClient(self, parameters: Any = None, /, **keywords: Any) -> Promise:
        """Connects to xAI's voice agent.

        Args:
            parameters: `xAIApiKey` (required), `model` (default `grok-voice-fast-1.0`),
                `statistics`, `trace`, `privacy` (default false), `onWebSocketClose`.
            keywords: The same, as keywords.

        Returns:
            A promise of the client. It resolves when the local socket is open, before xAI has
            been reached: a refused key or model closes the socket with code 1011 soon after. It
            is rejected only for malformed parameters.
        """
        try:
            options = ClientOptions.check(FACTORY, parameters, keywords)
            key = _required_text(options, "xAIApiKey")
            model = options.get("model")
            if model is not None and not isinstance(model, str):
                raise ScenarioTypeError(f"{FACTORY}: model must be a string")
        except ScenarioTypeError as error:
            promise = Promise(self._context.clock, self._context.session.unhandled_rejection)
            promise.reject(error)
            return promise
        self._context.session.journal.add_secrets([key])
        settings: GrokSettings = self._context.connect["Grok"]
        client = VoiceAgentAPIClient(self._context, options, settings)
        if not model:
            self._context.session.warn(
                "default-model",
                f"without `model` the platform uses {DEFAULT_MODEL}, which xAI has deprecated",
            )
        return client._connect(key, model or DEFAULT_MODEL, dies=not model)


def _required_text(options: ClientOptions, name: str) -> str:
    value = options.get(name)
    if not isinstance(value, str) or not value:
        found = "missing" if value is None else "empty" if value == "" else "not a string"
        raise ScenarioTypeError(f"{FACTORY}: {name} is {found}")
    return value
