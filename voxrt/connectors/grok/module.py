"""The namespace `Grok`, as it is after `require(Modules.Grok)`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from voxrt.connectors.grok.client import VoiceAgentAPIClient
from voxrt.connectors.grok.settings import GrokSettings
from voxrt.connectors.options import ClientOptions, caller_traceback, texts_in
from voxrt.errors import ScenarioTypeError
from voxrt.session.promise import Promise
from voxrt.vox import api
from voxrt.vox.context import Context
from voxrt.vox.names import Enum, Surface

FACTORY = "Grok.createVoiceAgentAPIClient"
DEFAULT_MODEL = "grok-voice-fast-1.0"


class GrokModule(Surface):
    """`Grok`: makes clients, and holds the names of their events.

    Source: https://voximplant.com/docs/references/voxengine/grok
    """

    _platform_name = "Grok"
    _listed = ("Events", "VoiceAgentAPIEvents", "VoiceAgentAPIClient")

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
        session = self._context.session
        self._hide_key(parameters, keywords)
        try:
            options = ClientOptions.check(FACTORY, parameters, keywords)
            key = options.required_text(FACTORY, "xAIApiKey")
            model = options.optional_text(FACTORY, "model")
        except ScenarioTypeError as error:
            promise = session.engine.promise()
            error = error.with_traceback(caller_traceback(session))
            promise.reject(error)
            return promise
        settings: GrokSettings = self._context.connect["Grok"]
        client = VoiceAgentAPIClient(self._context, options, settings)
        if not model:
            session.warn(
                "default-model",
                f"without `model` the platform uses {DEFAULT_MODEL}, which xAI has deprecated",
            )
        return client._connect(key, model or DEFAULT_MODEL, dies=not model)

    def _hide_key(self, given: Any, keywords: dict[str, Any]) -> None:
        """Makes the key a secret before anything can quote the line of the scenario it is on."""
        for source in (given, keywords):
            key = source.get("xAIApiKey") if isinstance(source, Mapping) else source
            self._context.session.journal.add_secrets(texts_in(key))
