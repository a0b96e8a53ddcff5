"""A recorded connection to the provider: read, compared with, played from either end."""

from voxrt.xai.cassette.file import Cassette, Line, read_cassette, read_cassettes
from voxrt.xai.cassette.player import Player

__all__ = ["Cassette", "Line", "Player", "read_cassette", "read_cassettes"]
