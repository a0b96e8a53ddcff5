"""What a run is told, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import field, frozen

from voxrt.errors import UsageError
from voxrt.legs.script import CallerScript
from voxrt.outside.call_list import Row
from voxrt.outside.rules import Rules
from voxrt.scenario.project import Application
from voxrt.xai.standin import AgentScript

#: What the journal's first record says of its format.
JOURNAL_FORMAT = 1
#: The dated behaviours of the platform that this version can emulate, the newest last.
PROFILES = ("2026-11",)
#: Of `StartConference`. Source: voxengine-semantics.md 22.2.
LONGEST_CONFERENCE_NAME = 49

EXIT_NORMAL = 0
EXIT_SCRIPT_ERROR = 1
EXIT_NOT_AS_EXPECTED = 1
EXIT_BAD_INPUT = 2
EXIT_RUN_FAILED = 3
EXIT_INTERRUPTED = 130


@frozen(kw_only=True)
class Project:
    """The application that a run's scenarios come from, for the sessions that begin later.

    Attributes:
        application: Its rules and files.
        defines: Values to fill in, by name.
        replacements: Files to read instead, by scenario name, file name or path.
        folder: The project's, from which the application was read.
    """

    application: Application
    defines: Mapping[str, Any] = field(factory=dict, repr=False)
    replacements: Mapping[str, Path] = field(factory=dict)
    folder: Path | None = None


@frozen(kw_only=True)
class RunConfig:
    """One run of a scenario.

    Attributes:
        scenarios: The files, executed in order in one global scope.
        defines: Values that are filled into them, by name (`voxrt.scenario.fill_in`).
        replacements: Files that are read instead, by scenario name, file name or path; what is
            replaced need not exist.
        rule: The name of the routing rule, in the `Started` event.
        application: The name of the application, in the `Started` event.
        video_conference: Whether the rule has the flag that `Conference.add` needs.
        project: Where later sessions find their rules; without one they run the same scenarios.
        to: The number that is dialled.
        from_: The caller's number; the caller script's own by default.
        caller: A caller script (YAML or Python) or a WAV file, or a script that was made in
            Python; a short made-up conversation without one.
        queues: The queues of ACD and SmartQueue with their agents, a YAML file; see
            docs/queues.md.
        start: Start the session without a call, as the Management API does.
        conference: The name of the conference whose session it is, as StartConference starts it;
            with `start`. `callConference` calls into it by this name.
        custom_data: The session's custom data.
        agent: The stand-in's script, a file or made in Python; its default behaviour without one.
        grok: `stand-in`, `live`, or the `ws://` address of a realtime server.
        cassette: A recording of the connections to the provider: a `.jsonl` file of one, or a
            folder of several. It is played in place of the provider, or made, see
            docs/cassettes.md.
        record_mode: `once` makes the cassette when it is not there, `none` only plays it, `all`
            always makes it.
        grok_options: Switches of the Grok module, by name; docs/grok.md lists them.
        time: `virtual`, `real`, or a factor of real time.
        seed: All randomness of the run comes from it.
        out: The folder for journal, log and recordings; made when it is not there.
        secrets: What `VoxEngine.getSecretValue` answers.
        limits: `enforce`, `warn` or `off`.
        longest_s: Ends the run after so many seconds of its own time.
        speech: `auto`, `espeak` or `synthetic`.
        asr: What recognises speech: `words`, or the name of an entry point of the group
            `voxrt.recognisers`.
        asr_confidence: What full confidence of an ASR is: 1 or 100.
        http: What the outside world answers: a YAML or Python file, see docs/outside-world.md;
            or rules that were made in Python, which count their uses and so are for one run.
        allow_net: The hosts that requests may really reach, with wildcards; `*` for all.
        storage: The file of the application's storage, shared by the runs that name it; one in
            the run's folder by default, new for each run.
        stored: What is in the storage when the run begins, by key.
        serve: Serve the session's access URL on this loopback port, 0 for a free one; not in
            virtual time.
        call_list: The row of a call list that the session is an attempt of. It sets the custom
            data, and the session starts without a call.
        starts_at_ms: The date of the beginning of a run in virtual time, in milliseconds since
            1970; a fixed one by default.

    Raises:
        UsageError: A conference without `start`, or with too long a name; a beginning in another
            time than virtual.
    """

    scenarios: tuple[Path, ...]
    defines: Mapping[str, Any] = field(factory=dict, repr=False)
    replacements: Mapping[str, Path] = field(factory=dict)
    rule: str = "voxrt"
    application: str = "voxrt.local.voximplant.com"
    video_conference: bool = False
    project: Project | None = None
    to: str | None = None
    from_: str | None = None
    caller: Path | CallerScript | None = None
    queues: Path | None = None
    start: bool = False
    conference: str = ""
    custom_data: str | None = None
    agent: Path | AgentScript | None = None
    grok: str = "stand-in"
    cassette: Path | None = None
    record_mode: str = "once"
    grok_options: Mapping[str, str | bool] = field(factory=dict)
    time: str = "virtual"
    seed: int = 1
    out: Path = Path("voxrt-run")
    secrets: Mapping[str, str] = field(factory=dict, repr=False)
    limits: str = "enforce"
    longest_s: int = 3_600
    speech: str = "auto"
    asr: str = "words"
    asr_confidence: int = 1
    http: Path | Rules | None = None
    allow_net: tuple[str, ...] = ()
    storage: Path | None = None
    stored: Mapping[str, str] = field(factory=dict)
    serve: int | None = None
    call_list: Row | None = None
    starts_at_ms: int | None = None

    def __attrs_post_init__(self) -> None:
        if self.conference and not self.start:
            raise UsageError("--conference goes with --start: nobody calls to begin its session.")
        if len(self.conference) > LONGEST_CONFERENCE_NAME:
            raise UsageError(
                f"the name of a conference has at most {LONGEST_CONFERENCE_NAME} characters, "
                f"not {len(self.conference)}."
            )
        if self.starts_at_ms is not None and self.time != "virtual":
            raise UsageError(f"--date goes with --time virtual, not with {self.time}.")


@frozen(kw_only=True)
class RunResult:
    """How a run ended.

    Attributes:
        outcome: `normal`, `script error`, `failed` (it stalled, or took longer than `longest_s`),
            `interrupted`, or `paused` (`Run.pause`).
        exit_code: 0, 1, 3, 130 or 0 in that order.
        finish_reason: As the platform's call history words it; empty for `paused`.
        out: The run's folder.
        files: `journal`, `log`, `result`, `timing`, `recording` when there was a call, and
            `cassette` when one was made.
        record: The journal's `result` record.
        unused: What was declared and never used: answers, rules and faults of the agent, parties.
        undone: What people still had to say or do when their calls ended.
        leaked: The asynchronous functions of scenarios that still waited for something when their
            session ended, as `name (file:line)`.
    """

    outcome: str
    exit_code: int
    finish_reason: str
    out: Path
    files: dict[str, Path]
    record: dict[str, Any] = field(repr=False)
    unused: tuple[str, ...] = ()
    undone: tuple[str, ...] = ()
    leaked: tuple[str, ...] = ()
