"""What the pytest fixture `voxrt` hands to a test.

def test_a_guest_books_a_table(voxrt):
    call = voxrt.call("restaurant.js", agent="agent.yaml")
    call.hear("Good evening, this is La Piazza.")
    call.say("A table for two at eight, please.")
    call.hear("by the window")
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from textwrap import dedent
from types import TracebackType
from typing import Any, Final

from attrs import define, evolve, field

from voxrt.documents import node_of
from voxrt.errors import UsageError, VoxrtError
from voxrt.legs.builder import CallerSteps, PartySteps
from voxrt.legs.script import Caller, CallerScript
from voxrt.legs.script_file import load_script
from voxrt.outside.rules import Rules
from voxrt.outside.rules_file import answered_by, read_rules
from voxrt.run import RunConfig
from voxrt.run.dates import unix_ms_of
from voxrt.run.scenarios import of_project
from voxrt.testing.conversation import Conversation, ExpectationError
from voxrt.testing.live import Handover, LiveCall
from voxrt.testing.play import led_by
from voxrt.testing.report import context, places, write_timeline
from voxrt.xai.standin import AgentScript, read_agent_script, script_of

_OURS: Final = str(Path(__file__).parents[1])
#: What stands for the text of a scenario, and the ending of its file.
_LANGUAGES: Final = {"python": ".py", "javascript": ".js"}
#: Settings that go to the run as they are.
_AS_THEY_ARE: Final = {
    "to": "to",
    "from_": "from_",
    "secrets": "secrets",
    "storage": "stored",
    "seed": "seed",
    "limits": "limits",
    "longest_s": "longest_s",
    "speech": "speech",
    "grok_options": "grok_options",
    "conference": "conference",
    "video_conference": "video_conference",
    "asr": "asr",
    "asr_confidence": "asr_confidence",
}


@define(eq=False, repr=False)
class Voxrt:
    """Runs scenarios for one test.

    Args:
        folder: Where the files that the test names are looked for: that of the test.
        out: Where the folders of the runs go.
        allow: The names of audits that need not hold in any run.
        speech: Which voices speak, when a run does not say.

    Every method takes the scenario and the settings of the run:

    Args:
        scenarios: The files, in order.
        python: The text of a scenario in Python, instead of files.
        javascript: The text of one in JavaScript.
        project: A folder with applications and rules, instead of files; `app` and `rule` choose.
        define: Values that are filled into the files, by name.
        replace: Files that are read instead of scenarios.
        agent: The agent's script: a file, a mapping of its keys, or an `AgentScript`.
        cassette: A recording of the agent, instead of a script; it is played, never made.
        answers: What the outside world answers: a file, a list or mapping as in such a file, a
            function of the request, or `Rules`.
        queues: The queues and their agents, a file.
        secrets: What `VoxEngine.getSecretValue` answers, by name.
        storage: What is in the application's storage, by key.
        custom_data: The session's custom data: text, or anything else as JSON.
        date: When virtual time begins: a `datetime`, or text such as `2026-03-06T22:30`;
            without a zone in UTC, as the platform's own time is.
        conference: With `start`: the name of the conference whose session it is.
        to, from_: The numbers of the call.
        parties: Whom the scenario may call (`voxrt.legs.builder.party`).
        callers: Further callers (`voxrt.legs.builder.caller`).
        video_conference, asr, asr_confidence, seed, limits, longest_s, speech, grok_options: As
            those of `RunConfig`.
        allow: The names of audits that need not hold.
    """

    folder: Path
    out: Path
    allow: Sequence[str] = ()
    speech: str = "auto"
    runs: list[Conversation] = field(factory=list, init=False)
    _live: list[LiveCall] = field(factory=list, init=False)

    def __repr__(self) -> str:
        return f"<voxrt, {len(self.runs)} runs>"

    # --- running ----------------------------------------------------------------------------

    def call(self, *scenarios: str | Path, caller: Any = None, **settings: Any) -> LiveCall:
        """Has somebody call the scenario whom the test leads; returns when they are connected.

        Args:
            scenarios: The files; see `Voxrt` for them and for the settings.
            caller: Who calls: a mapping of their fields, or what `voxrt.legs.builder.caller`
                makes; their steps come first.
            settings: Those of the run.

        Raises:
            InputError: Something that was given is wrong.
        """
        __tracebackhide__ = True
        person = _caller(caller) or Caller()
        script = _script(person, settings)
        return self._lead(scenarios, script, start=False, settings=settings)

    def start(self, *scenarios: str | Path, **settings: Any) -> LiveCall:
        """Begins a session without a call; the test leads the first of `parties`.

        Returns when they have answered, or when the run is over.

        Raises:
            InputError: Something that was given is wrong.
        """
        __tracebackhide__ = True
        script = _script(Caller(), settings)
        if not script.parties:
            raise UsageError(
                "there is nobody to talk to",
                hint='Declare them: `parties=[party("15557654321")]`, or use `voxrt.run`.',
            )
        return self._lead(scenarios, script, start=True, settings=settings)

    def run(
        self,
        *scenarios: str | Path,
        caller: Any = None,
        start: bool = False,
        **settings: Any,
    ) -> Conversation:
        """Runs a scenario to its end, with a caller whose script is given.

        Args:
            scenarios: The files; see `Voxrt` for them and for the settings.
            caller: Who calls: a script's file, what `voxrt.legs.builder.caller` makes, a
                `CallerScript`, or a mapping of the caller's fields. Without one, a short made-up
                call.
            start: Begin the session without a call.
            settings: Those of the run.

        Raises:
            InputError: Something that was given is wrong.
        """
        __tracebackhide__ = True
        script: CallerScript | None
        if isinstance(caller, str | Path):
            script = load_script(self.folder / caller)
        elif isinstance(caller, CallerScript):
            script = caller
        elif caller is None and not settings.keys() & {"parties", "callers"} and not start:
            script = None
        else:
            script = _script(_caller(caller) or Caller(), settings)
        conversation = self._conversation(scenarios, script, start=start, settings=settings)
        conversation.run()
        return conversation

    def _lead(
        self,
        scenarios: Iterable[str | Path],
        script: CallerScript,
        *,
        start: bool,
        settings: dict[str, Any],
    ) -> LiveCall:
        handover = Handover()
        led = led_by(handover, script, start=start)
        conversation = self._conversation(scenarios, led, start=start, settings=settings)
        person = led.parties[0] if start else led.caller
        call = LiveCall(person, conversation=conversation, handover=handover)
        self._live.append(call)
        return call.begin()

    def _conversation(
        self,
        scenarios: Iterable[str | Path],
        script: CallerScript | None,
        *,
        start: bool,
        settings: dict[str, Any],
    ) -> Conversation:
        out = self._folder()
        allow = (*self.allow, *settings.pop("allow", ()))
        fields = self._scenario(scenarios, out, settings, start=start)
        fields |= {new: settings.pop(key) for key, new in _AS_THEY_ARE.items() if key in settings}
        fields.setdefault("speech", self.speech)
        fields |= self._world(settings)
        if settings:
            raise UsageError(f"there is no setting {next(iter(settings))!r}", hint=_SETTINGS)
        config = RunConfig(**fields, caller=script, start=start, out=out)
        conversation = Conversation(config, allow)
        self.runs.append(conversation)
        return conversation

    def _folder(self) -> Path:
        number = len(self.runs) + 1
        return self.out / ("run" if number == 1 else f"run-{number}")

    def _scenario(
        self,
        scenarios: Iterable[str | Path],
        out: Path,
        settings: dict[str, Any],
        *,
        start: bool,
    ) -> dict[str, Any]:
        """The fields of `RunConfig` that say what is run."""
        files = [self.folder / file for file in scenarios]
        for language, ending in _LANGUAGES.items():
            text = settings.pop(language, None)
            if text is not None:
                files.append(_write(out.parent / f"{out.name}-scenario{ending}", text))
        defines = settings.pop("define", {})
        replaced: Mapping[str, str | Path] = settings.pop("replace", {})
        replacements = {name: self.folder / path for name, path in replaced.items()}
        project = settings.pop("project", None)
        if (project is None) is not bool(files):
            raise UsageError(
                "a run needs one scenario: files, `python=`, `javascript=` or `project=`."
            )
        if project is not None:
            return of_project(
                self.folder / project,
                app=settings.pop("app", None),
                rule=settings.pop("rule", None),
                to=settings.pop("to", None),
                start=start,
                defines=defines,
                replacements=replacements,
            )
        return {"scenarios": tuple(files), "defines": defines, "replacements": replacements}

    def _world(self, settings: dict[str, Any]) -> dict[str, Any]:
        """The fields that say with whom and what the scenario has to do."""
        fields: dict[str, Any] = {}
        data = settings.pop("custom_data", None)
        if data is not None:
            fields["custom_data"] = data if isinstance(data, str) else json.dumps(data)
        date = settings.pop("date", None)
        if date is not None:
            fields["starts_at_ms"] = unix_ms_of(date)
        if settings.get("queues") is not None:
            fields["queues"] = self.folder / settings.pop("queues")
        if settings.get("cassette") is not None:
            fields["cassette"] = self.folder / settings.pop("cassette")
            fields["record_mode"] = "none"
        fields["agent"] = self._agent(settings.pop("agent", None))
        fields["http"] = self._answers(settings.pop("answers", None))
        return fields

    def _agent(self, given: Any) -> AgentScript | None:
        if given is None or isinstance(given, AgentScript):
            return given
        if isinstance(given, Mapping):
            return script_of(node_of(given, *_place()))
        return read_agent_script(self.folder / given)

    def _answers(self, given: Any) -> Path | Rules | None:
        if given is None or isinstance(given, Rules):
            return given
        if isinstance(given, Mapping | list):
            return read_rules(node_of(given, *_place()), self.folder)
        if callable(given):
            return answered_by(given)
        path: Path = self.folder / given
        return path

    # --- the end of the test ----------------------------------------------------------------

    def finish(self) -> None:
        """Lets the runs come to their end, whatever the test left undone."""
        for call in self._live:
            call.finish()

    def check(self) -> str:
        """What every run must keep to and some run does not, for the reader; empty when all do."""
        for run in self.runs:
            problems = run.audit() if run.result is not None else []
            if problems:
                text = "\n".join(problem.text for problem in problems)
                return str(run.failure(evolve(problems[0], text=text)))
        return ""

    def shorten(self, error: BaseException) -> None:
        """Leaves of the traceback of an error that voxrt raised on purpose the test's own lines."""
        if not isinstance(error, ExpectationError | VoxrtError):
            return
        frames, trace = [], error.__traceback__
        while trace is not None:
            if not trace.tb_frame.f_code.co_filename.startswith((_OURS, "<attrs")):
                frames.append(trace)
            trace = trace.tb_next
        kept = None
        for frame in reversed(frames):
            kept = TracebackType(kept, frame.tb_frame, frame.tb_lasti, frame.tb_lineno)
        error.__traceback__ = kept

    def tell(self, error: BaseException | None) -> str:
        """What happened in the runs, for the report of a failed test; empty when it says so."""
        if isinstance(error, ExpectationError):
            return ""
        parts = []
        for run in self.runs:
            if run.records:
                lines = context(run.records, run.timeline.now_ms)
                parts.append("\n".join([*lines, *places(run.out)]))
        return "\n\n".join(parts)

    def close(self, *, keep: bool, failed: bool = False) -> None:
        """Ends what goes on, and removes the folders of the runs unless they are kept.

        Args:
            keep: Whether they are.
            failed: Whether the test failed: then each of its runs gets a page, too.
        """
        self.finish()
        for run in self.runs:
            if not keep:
                shutil.rmtree(run.out, ignore_errors=True)
            elif failed and run.records:
                write_timeline(run.out)


_SETTINGS: Final = "The settings are listed at voxrt.testing.fixture.Voxrt."


def _caller(given: Any) -> Caller | None:
    if isinstance(given, CallerSteps):
        return given.person
    return Caller(**given) if isinstance(given, Mapping) else given


def _script(caller: Caller, settings: dict[str, Any]) -> CallerScript:
    """The caller with the parties and further callers of the settings."""
    parties = [_person(one) for one in settings.pop("parties", ())]
    callers = [_person(one) for one in settings.pop("callers", ())]
    return CallerScript(caller=caller, parties=tuple(parties), callers=tuple(callers))


def _person(given: Any) -> Any:
    return given.person if isinstance(given, CallerSteps | PartySteps) else given


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dedent(text), encoding="utf-8")
    return path


def _place() -> tuple[str, int]:
    """The test's file and line, for messages about what it gave."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_OURS):
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno
