"""The module `Grok`: xAI's voice agent in a call."""

from voxrt.connectors.grok.module import GrokModule
from voxrt.connectors.grok.settings import GrokSettings, read_options

__all__ = ["GrokModule", "GrokSettings", "read_options"]
