"""`voxrt import`: a call that was recorded elsewhere becomes the folder of a run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter


def import_call(
    recording: Annotated[
        Path,
        Parameter(
            name="RECORDING",
            help="A WAV file of the call: left the caller, right what they heard.",
        ),
    ],
    /,
    *,
    log: Annotated[Path | None, Parameter(help="The platform's log of the session.")] = None,
    trace: Annotated[
        Path | None, Parameter(help="The messages of the Grok link: a trace or a cassette.")
    ] = None,
    call: Annotated[
        str,
        Parameter(
            metavar="ID",
            show_default=False,
            help="Which call of the log was recorded; the first that was connected by default.",
        ),
    ] = "",
    starts_at: Annotated[
        float | None,
        Parameter(
            metavar="MS",
            help="When the recording begins, in ms since the log's first line; by default where "
            "the log says that it does, else where the call was connected.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        Parameter(metavar="DIR", help="The folder; by default runs/NAME, after the recording."),
    ] = None,
) -> int:
    """Make a recorded call into the folder of a run.

    The folder can be looked at and replayed like that of a run, and given to --caller: what the
    caller says is cut out of the recording and has its words, as far as they are known.
    """
    from voxrt.cli.exits import OK
    from voxrt.cli.options import out_folder
    from voxrt.cli.run import shown
    from voxrt.cli.terminal import make_console
    from voxrt.imports.call import read_call
    from voxrt.imports.folder import write_folder
    from voxrt.imports.report import report_lines

    imported = read_call(recording, log, trace, starts_at_ms=starts_at, call_id=call)
    folder = write_folder(imported, out_folder(out, recording.stem))
    console = make_console()
    for line in report_lines(imported, str(shown(folder))):
        console.print(line, soft_wrap=True, markup=False, highlight=False)
    return OK
