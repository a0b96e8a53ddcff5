"""The module `Grok`: xAI's voice agent in a call."""

from voxrt.connectors.grok.module import GrokModule, GrokSettings

__all__ = ["GrokModule", "GrokSettings"]
