"""`Player` and `SequencePlayer`, as a scenario sees them.

Source: https://voximplant.com/docs/references/voxengine/player
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from voxrt.errors import ScenarioTypeError
from voxrt.media.graph import Port
from voxrt.session.emitter import Emitter
from voxrt.session.values import Struct, plain
from voxrt.vox.arguments import demand_number
from voxrt.vox.context import Context
from voxrt.vox.playback import Playback, State
from voxrt.vox.routing import MediaUnit
from voxrt.vox.sounds import Source

Mirror = Callable[..., object]


class BasePlayer(MediaUnit):
    """What all players have: they send their sound and take none.

    Events, in order: `Created`, `PlaybackReady`, `Started`, `PlaybackMarkerReached` for each
    marker, `PlaybackFinished`. What cannot be played gives `Error` and `PlaybackFinished`, both
    with `error`. A loop never finishes. After `stop` comes `Stopped` and nothing more.
    """

    _platform_name = "BasePlayer"
    _receives = False
    _unit_name = "player"
    _subject = "player"
    _event_prefix = "Player"

    def __init__(
        self,
        context: Context,
        source: Source,
        *,
        paused: bool = False,
        mirror: Mirror | None = None,
    ) -> None:
        """Makes a player, which begins to load its sound.

        Args:
            context: The session's platform.
            source: What it plays.
            paused: Whether it waits for `resume` when it is ready.
            mirror: For the player of a call: told the events, which no scenario sees.
        """
        self._context = context
        self._router = context.router
        self._unit_id = context.session.ids.object_id()
        self._mirror = mirror
        self._emitter = Emitter(unit=self._unit_name, id=self._unit_id)
        self._emitter.subject[self._subject] = self
        self._playback = Playback(context, source, self._report, self._ended, paused)
        context.session.own(self._playback)

    def _begin(self) -> None:
        """Starts its life, when its making has been recorded."""
        self._report("Created")
        refusal = self._refusal()
        if self._mirror is None:
            self._context.players.append(self)
        if refusal:
            self._context.clock.call_soon(self._playback.fail, refusal)
        elif not self._context.session.ending:
            self._playback.begin()

    def id(self) -> str:
        """The player's identifier."""
        return self._unit_id

    def addEventListener(self, event: str, callback: Any) -> None:
        """Adds a handler of an event; a handler added twice runs twice."""
        self._emitter.handlers.add(event, callback)

    def removeEventListener(self, event: str, callback: Any = None) -> None:
        """Removes a handler, or every handler of the event."""
        self._emitter.handlers.remove(event, callback)

    def pause(self, *_: Any) -> None:
        """Silence from now on, until `resume`; before it has begun, it does not begin."""
        if self._lives("pause"):
            self._command("PausePlayer")
            self._playback.pause()

    def resume(self, *_: Any) -> None:
        """Goes on where `pause` was, or begins when it was made with `onPause`."""
        if self._lives("resume"):
            self._command("ResumePlayer")
            self._playback.resume()

    def stop(self, *_: Any) -> None:
        """Ends it: `Stopped`, and no `PlaybackFinished`; harmless when it has ended."""
        if self._playback.state is not State.ENDED:
            self._command("StopPlayer")
            self._playback.destroy()

    def toJSON(self) -> dict[str, Any]:
        return {"id": self._unit_id}

    # --- inside -------------------------------------------------------------------------------

    def _refusal(self) -> str:
        """Why the platform does not play it: too many players; empty when it does."""
        limits, session = self._context.session.limits, self._context.session
        if self._mirror is not None or len(self._context.players) < limits.players:
            return ""
        text = f"Players limit reached: there are {limits.players} in the session"
        return text if session.enforces(text) else ""

    def _report(self, event: str, **fields: Any) -> None:
        if self._mirror is not None:
            self._mirror(event, **fields)
            return
        self._context.session.emit(self._emitter, f"{self._event_prefix}.{event}", fields)

    def _lives(self, function: str) -> bool:
        ended = self._playback.state is State.ENDED
        if ended:
            self._context.session.warn("ignored", f"{function}: the player has ended")
        return not ended

    def _ended(self) -> None:
        self._sends = False
        self._emitter.closed = True
        self._router.forget(self)
        if self in self._context.players:
            self._context.players.remove(self)
        self._context.session.disown(self._playback)

    def _command(self, name: str, **params: Any) -> None:
        self._context.session.command(name, [{"id": self._unit_id, **params}])

    def _source_port(self, params: Struct) -> Port:
        return self._playback.port


class Player(BasePlayer):
    """A player of one sound: a text, an audio file or a tone script."""

    _platform_name = "Player"

    def addMarker(self, offset: Any, *_: Any) -> None:
        """Has `PlaybackMarkerReached` told when a place of the sound is heard.

        Args:
            offset: In ms from the beginning; negative: from the end. One that is passed already,
                or lies outside of the sound, is ignored with a warning. In a loop it is told in
                every round.
        """
        place = _offset(offset)
        if self._lives("addMarker"):
            self._command("AddMarker", offset=place)
            self._playback.add_marker(place)


class SequencePlayer(BasePlayer):
    """A player of several texts and audio files, one after another.

    Events as those of a player: `Started` is that of the first segment and has no duration, and
    `PlaybackReady` comes when all segments are there.
    """

    _platform_name = "SequencePlayer"
    _unit_name = "sequence-player"
    _subject = "sequencePlayer"
    _event_prefix = "SequencePlayer"

    def __init__(self, context: Context, source: Source, segments: Sequence[Any]) -> None:
        """Makes a sequence player.

        Args:
            context: The session's platform.
            source: What it plays.
            segments: The segments as the scenario gave them, for `addMarker`.
        """
        super().__init__(context, source)
        self._segments = segments

    def addMarker(self, offset: Any, segment: Any = None, *_: Any) -> None:
        """Has `PlaybackMarkerReached` told when a place of a segment is heard.

        Args:
            offset: In ms from the beginning of the segment; negative: from its end.
            segment: One of the segments that the player was made with, or its number from 0.
        """
        place = _offset(offset)
        number = self._number_of(segment)
        if self._lives("addMarker"):
            self._command("AddMarker", offset=place, segment=number)
            self._playback.add_marker(place, number)

    def _number_of(self, segment: Any) -> int:
        if isinstance(segment, Mapping):
            shown = plain(segment)
            same = [other is segment for other in self._segments]
            equal = [plain(other) == shown for other in self._segments]
            for found in (same, equal):
                if True in found:
                    return found.index(True)
        elif not isinstance(segment, bool) and segment in range(len(self._segments)):
            return int(segment)
        raise ScenarioTypeError(
            "addMarker: segment must be one of the segments that the player was made with, or its"
            f" number from 0 to {len(self._segments) - 1}"
        )

    def _report(self, event: str, **fields: Any) -> None:
        fields.pop("duration", None)
        super()._report(event, **fields)


def _offset(value: Any) -> float:
    """The place of a marker, in ms.

    Raises:
        ScenarioTypeError: It is no number, or none that is a place.
    """
    number = demand_number("addMarker", "offset", value)
    if not math.isfinite(number):
        raise ScenarioTypeError(f"addMarker: offset must be a number of ms, not {number}")
    return number
