"""The xAI realtime voice protocol without I/O, used from both ends, and the stand-in server."""

from __future__ import annotations

from voxrt.xai.client import ClientProtocol
from voxrt.xai.formats import AudioFormat
from voxrt.xai.messages import Direction, Message, decode, encode
from voxrt.xai.server import ServerProtocol
from voxrt.xai.url import ApiKey, realtime_headers, realtime_url

__all__ = [
    "ApiKey",
    "AudioFormat",
    "ClientProtocol",
    "Direction",
    "Message",
    "ServerProtocol",
    "decode",
    "encode",
    "realtime_headers",
    "realtime_url",
]
