"""A recorded caller: a WAV file played into the call from the moment it is answered."""

from __future__ import annotations

from voxrt.legs.script import Caller
from voxrt.legs.scripted import ScriptedCaller
from voxrt.legs.sound_file import SoundFile
from voxrt.legs.steps import HANG_UP, Play, Wait

DEFAULT_HANG_UP_AFTER_MS = 1_000


def recorded_caller(
    sound: SoundFile,
    *,
    number: str = "",
    hang_up_after_ms: int | None = DEFAULT_HANG_UP_AFTER_MS,
) -> Caller:
    """The script of somebody who says what is in a file.

    Args:
        sound: From `load_sound`; the left channel of a stereo file is the caller. Without labels
            it has no words, and whoever listens has to guess them.
        number: The caller id.
        hang_up_after_ms: How long after the end of the file the caller hangs up; `None` to stay
            until the platform does.
    """
    steps: tuple[Play | Wait, ...] = (Play(sound=sound),)
    if hang_up_after_ms is None:
        return Caller(number=number, steps=steps)
    return Caller(number=number, steps=(*steps, Wait(ms=hang_up_after_ms), HANG_UP))


class FileLeg(ScriptedCaller):
    """The leg of a recorded caller.

    Args:
        sound: What the caller says.
        number: The caller id.
        hang_up_after_ms: As in `recorded_caller`.
    """

    def __init__(
        self,
        sound: SoundFile,
        *,
        number: str = "",
        hang_up_after_ms: int | None = DEFAULT_HANG_UP_AFTER_MS,
    ) -> None:
        super().__init__(recorded_caller(sound, number=number, hang_up_after_ms=hang_up_after_ms))
