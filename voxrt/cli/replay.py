"""`voxrt replay`: a recorded run played back, and compared."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Group, Parameter

from voxrt.cli import parameters
from voxrt.cli.exits import OK, SCENARIO_FAILED

if TYPE_CHECKING:
    from voxrt.replay.compare import Divergence
    from voxrt.replay.replay import Replayed

_REPLAY = Group("The replay", sort_key=0)


def replay(
    folder: Annotated[Path, Parameter(name="FOLDER", help="The folder that a run left.")],
    *scenarios: Annotated[
        Path,
        Parameter(name="SCENARIO", help="Files to run instead of those of the recording."),
    ],
    all_: Annotated[
        bool,
        parameters.flag(
            _REPLAY, "Go on to the end and tell every divergence; the first one stops it.", "--all"
        ),
    ] = False,
    allow: Annotated[
        Path | None,
        Parameter(group=_REPLAY, metavar="FILE", help="Differences that count for nothing (YAML)."),
    ] = None,
    until: Annotated[
        str,
        Parameter(
            group=_REPLAY,
            metavar="EVENT|N",
            show_default=False,
            help="Play back up to the first event of this name, or to a record of the journal.",
        ),
    ] = "",
    then: Annotated[
        tuple[str, ...],
        parameters.repeatable(
            _REPLAY,
            "WHO",
            "With --until: who goes on from there, `stand-in`, `live`, a ws:// URL or a caller "
            "script.",
        ),
    ] = (),
    agent: parameters.Agent = None,
    define: parameters.Define = (),
    secret: parameters.Secret = (),
    secrets_file: parameters.SecretsFile = None,
    out: parameters.Out = None,
) -> int:
    """Play a recorded run back, and compare what the scenario does.

    What came from outside comes again when it came: what the far ends said and did, the messages
    of the provider, the answers of the outside world. What the scenario does is compared with what
    it did; the first divergence stops the replay, and is told with what is around it on both sides.

    Exit codes: 0 no divergence; 1 the replay diverges; 2 bad input; 3 voxrt failed.
    """
    from voxrt.cli import options
    from voxrt.cli.terminal import say
    from voxrt.replay.after import read_after
    from voxrt.replay.allowed import NOTHING_ALLOWED, load_allowed
    from voxrt.replay.config import Given
    from voxrt.replay.replay import replay as play_back
    from voxrt.replay.replay import write_report
    from voxrt.show.times import clock_text

    allowed = NOTHING_ALLOWED if allow is None else load_allowed(allow)
    replayed = play_back(
        folder,
        Given(
            scenarios=tuple(scenarios),
            defines=options.read_defines(define),
            secrets=options.read_secrets(secret, secrets_file),
            out=options.out_folder(out, f"{folder.resolve().name}-replay"),
        ),
        until=until,
        after=read_after(then, agent),
        allowed=allowed,
        every=all_,
    )
    left, unused = allowed.left(replayed.comparison)
    report = write_report(replayed, left)
    for text in replayed.changed:
        say(f"note: {text}")
    if replayed.private:
        opened = ", ".join(f"{what} at {clock_text(t)}" for what, t in replayed.private)
        say(f"note: opened with privacy, so that nothing was recorded and nothing comes: {opened}")
    for place in unused:
        say(f"note: {place} allows what did not come about")
    _tell(replayed, left, report, tell_all=all_)
    return SCENARIO_FAILED if left else OK


def _tell(replayed: Replayed, left: list[Divergence], report: Path, *, tell_all: bool) -> None:
    from voxrt.cli.divergence import Drawer
    from voxrt.cli.run import shown
    from voxrt.cli.terminal import say
    from voxrt.show.times import duration_text

    comparison = replayed.comparison
    drawer = Drawer(replayed.folder.records, replayed.records, comparison.ids)
    for one in left if tell_all else left[:1]:
        for line in drawer.lines(one):
            say(line)
        say("")
    if replayed.stopped:
        end = ", where the replay was stopped"
    else:
        end = "" if replayed.folder.result is not None else ", where the run was cut off"
    say(f"compared     {comparison.compared} effects of {duration_text(replayed.until_ms)}{end}")
    allowed = len(comparison.divergences) - len(left)
    more = f", {allowed} allowed" if allowed else ""
    if not left:
        say(f"divergences  none{more}")
    else:
        hint = "" if tell_all else " (--all goes on and tells them all)"
        say(f"divergences  {len(left)}{more}{hint}")
    say(f"report       {shown(report)}")
    say(f"journal      {shown(replayed.result.files['journal'])}")
