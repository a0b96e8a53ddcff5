"""A stand-in for xAI's realtime service that needs no network, no key and no model."""

from __future__ import annotations

from voxrt.xai.standin.conversation import Conversation
from voxrt.xai.standin.faults import Fault
from voxrt.xai.standin.house import StandIn
from voxrt.xai.standin.replying import Agent, Call, Cause, Failure, Reply, ToolOutput, Turn
from voxrt.xai.standin.script import AgentScript
from voxrt.xai.standin.script_file import parse_agent_script, read_agent_script, script_of
from voxrt.xai.standin.settings import Refusal, ServerTransport, SpokenSpan, StandInSettings

__all__ = [
    "Agent",
    "AgentScript",
    "Call",
    "Cause",
    "Conversation",
    "Failure",
    "Fault",
    "Refusal",
    "Reply",
    "ServerTransport",
    "SpokenSpan",
    "StandIn",
    "StandInSettings",
    "ToolOutput",
    "Turn",
    "parse_agent_script",
    "read_agent_script",
    "script_of",
]
