"""The sound of a replay beside that of its recording: how long it is, and what is in it."""

from __future__ import annotations

from pathlib import Path

from attrs import evolve

from voxrt.media.wav import read_wav
from voxrt.replay.compare import Comparison, Divergence, Window
from voxrt.replay.folder import RunFolder
from voxrt.replay.forms import Tolerance

#: The channel of what the far end hears; the other one is a stimulus.
HEARD = 1


def compare_sound(
    comparison: Comparison, folder: RunFolder, out: Path, window: Window, tolerance: Tolerance
) -> Comparison:
    """Compares what each far end heard, for runs whose journals are alike.

    With a tolerance only the lengths are compared; where a recording was cut off, what it has.

    Raises:
        AudioFileError: A recording is missing or damaged.
    """
    found = list(comparison.divergences)
    for record in folder.of_kind("far"):
        if record["action"] != "phone" or record["n"] > window.n:
            continue
        name = record["recording"]
        there, here = folder.recording(name), read_wav(out / name)
        heard, hears = there.channel(HEARD), here.channel(HEARD)
        rate_hz, text = there.rate_hz, ""
        end_samples = int((window.t - record["t"]) * rate_hz / 1000)
        shorter = min(len(heard), len(hears))
        if not window.is_end:
            heard, hears = (pcm[: min(shorter, 2 * end_samples)] for pcm in (heard, hears))
        apart_ms = abs(len(heard) - len(hears)) * 500 / rate_hz
        if apart_ms > tolerance.ms:
            lengths = [f"{len(pcm) * 500 / rate_hz:g} ms" for pcm in (heard, hears)]
            text = f"{name}: {lengths[0]} recorded, {lengths[1]} replayed"
        elif not tolerance.ms and heard != hears:
            first = next(
                at for at in range(0, shorter, 2) if heard[at : at + 2] != hears[at : at + 2]
            )
            text = f"{name}: what was heard differs from {first * 500 / rate_hz:g} ms of it on"
        if text:
            found.append(Divergence(what="audio", recorded=record, text=text, t=record["t"]))
    return evolve(comparison, divergences=tuple(found))
