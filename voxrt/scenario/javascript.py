"""The JavaScript files of a scenario as a session runs them.

They run one after the other in one global scope, in an engine that the session owns. The platform's
names are there from the start, the language's own (`JSON`, `Date`, `Math`, ...) are the engine's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

from attrs import define, field, frozen

from voxrt.clock import US_PER_S, cpu_time_us
from voxrt.errors import ScenarioSyntaxError
from voxrt.javascript import Compiled, JavaScriptError, Runtime, completed, define_dates
from voxrt.scenario.javascript_errors import describe, syntax_hint
from voxrt.scenario.source import Source, language_of, read_source
from voxrt.scenario.typescript import SourceMap, compile_typescript
from voxrt.session.limits import LimitMode, Limits
from voxrt.session.session import Session

#: Names of the platform's scope that the language has itself.
OF_THE_LANGUAGE = frozenset({"JSON", "Date"})


@frozen(kw_only=True)
class JavaScriptFile:
    """One scenario file in JavaScript.

    Attributes:
        name: What the log calls it: the file name without its ending.
        path: The file as the user named it; `str(path)` is its name in stacks.
        source: Its text, as it stands in the file.
        compiled: What runs: its text with values from outside, from JavaScript or TypeScript.
        sha256: Hexadecimal digest of the file's bytes, for the journal.
        map: Where the places of what runs come from, when that was TypeScript.
    """

    name: str
    path: Path
    source: str = field(repr=False)
    compiled: Compiled
    sha256: str
    map: SourceMap | None = None


def load(sources: Iterable[str | Path | Source]) -> tuple[JavaScriptFile, ...]:
    """Compiles scenario files, in the order given, to see whether they are right.

    Args:
        sources: The files; those named by a path are read first.

    Raises:
        UsageError: A file cannot be read.
        ScenarioSyntaxError: A file does not compile; with file, line and column.
    """
    read = [f if isinstance(f, Source) else read_source(f) for f in sources]
    runtime = Runtime(
        run=lambda step: step(),
        rejected=lambda error: None,
        look=lambda: None,
        memory_bytes=0,
        seed=0,
    )
    try:
        return tuple(_load(runtime, source) for source in read)
    finally:
        runtime.close()


def _load(runtime: Runtime, source: Source) -> JavaScriptFile:
    code, source_map = source.text, None
    if language_of(source.path) == "typescript":
        code, source_map = compile_typescript(source.text, source.path)
    try:
        compiled = runtime.compile(code, str(source.path))
    except JavaScriptError as error:
        place = error.frames[0] if error.frames else None
        raise ScenarioSyntaxError(
            f"{error.message}.",
            hint=syntax_hint(source.original, place.line if place else 0),
            file=str(source.path),
            line=place.line if place else None,
            column=place.column if place else None,
        ) from None
    return JavaScriptFile(
        name=source.name,
        path=source.path,
        source=source.original,
        compiled=compiled,
        sha256=source.sha256,
        map=source_map,
    )


@define(eq=False)
class JavaScriptScript:
    """The `voxrt.session.session.Script` of JavaScript files.

    Args:
        sources: What `load` returned.
        seed: The run's; `Math.random` has a sequence of its own from it.
        look: Called now and then in a long computation; what it raises stops the script.
    """

    language = "javascript"

    sources: tuple[JavaScriptFile, ...]
    seed: int
    look: Callable[[], object]
    files: frozenset[str] = field(init=False)
    runtime: Runtime | None = field(default=None, init=False)
    _names_in_scope: set[str] = field(factory=set, init=False)

    @files.default
    def _names(self) -> frozenset[str]:
        return frozenset(str(source.path) for source in self.sources)

    def budget(self, limits: Limits, warn: Callable[[str], object]) -> JavaScriptBudget:
        """Interrupts the script at the engine's own interruption points."""
        return JavaScriptBudget(self, limits, warn)

    def execute(self, session: Session) -> None:
        """Makes the engine, and runs the files in order in its global scope."""
        limits = session.limits
        enforced = limits.mode is LimitMode.ENFORCE
        self.runtime = Runtime(
            run=session.engine.run,
            rejected=session.unhandled_rejection,
            look=self.look,
            memory_bytes=limits.memory_bytes if enforced else 0,
            seed=Random(f"{self.seed} Math.random").getrandbits(64),
        )
        self.runtime.originals |= {
            str(source.path): source.map.original
            for source in self.sources
            if source.map is not None
        }
        define_dates(self.runtime, now_ms=session.clock.unix_ms)
        self.defined(session.namespace)
        self.runtime.arm(limits.callback_s * US_PER_S if enforced else 0)
        for source in self.sources:
            session.journal.write("session", state="loading", scenario=source.name)
            self.runtime.run_compiled(source.compiled)

    def defined(self, names: Mapping[str, Any]) -> None:
        """Makes names of the platform globals of the script."""
        if self.runtime is not None:
            own = {name: value for name, value in names.items() if name not in OF_THE_LANGUAGE}
            self.runtime.define(completed(self.runtime, own))
            self._names_in_scope.update(own)

    def waiting(self) -> list[str]:
        """Those that the platform has called, with the line at which each begins."""
        frames = self.runtime.waiting() if self.runtime is not None else ()
        return [f"{f.function} ({f.file}:{f.line})" if f.file else f.function for f in frames]

    def close(self) -> None:
        """Frees the engine."""
        if self.runtime is not None:
            self.runtime.close()

    def describe(self, error: BaseException) -> dict[str, Any]:
        """The fields of an `error` record of the journal."""
        missing = self.runtime.last_missing if self.runtime is not None else None
        return describe(error, self.sources, missing=missing, scope=self._names_in_scope).record()


@define(eq=False, repr=False)
class JavaScriptBudget:
    """The budget of code in JavaScript: processor time that the engine looks at itself.

    Args:
        script: The script.
        limits: The time, and whether to enforce it.
        warn: Tells the user that the time was exceeded, when limits only warn.
    """

    script: JavaScriptScript
    limits: Limits
    warn: Callable[[str], object]
    _running: bool = field(default=False, init=False)
    _told_memory: bool = field(default=False, init=False)
    _not_counted_us: int = field(default=0, init=False)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Does not count what voxrt does on the scenario's behalf, such as loading a library."""
        began_us = cpu_time_us()
        try:
            yield
        finally:
            took_us = cpu_time_us() - began_us
            self._not_counted_us += took_us
            if self.script.runtime is not None:
                self.script.runtime.allow(took_us)

    def run(self, step: Callable[[], Any]) -> Any:
        """Calls a function that runs the scenario's code.

        Raises:
            CallbackTimeout: It computed for longer than the limit.
        """
        if self._running or self.limits.mode is LimitMode.OFF:
            return step()
        self._running = True
        enforced = self.limits.mode is LimitMode.ENFORCE
        if self.script.runtime is not None:
            self.script.runtime.arm(self.limits.callback_s * US_PER_S if enforced else 0)
        before_us, self._not_counted_us = 0 if enforced else cpu_time_us(), 0
        try:
            return step()
        finally:
            self._running = False
            if not enforced:
                self._warn(cpu_time_us() - before_us - self._not_counted_us)

    def _warn(self, used_us: int) -> None:
        if used_us > self.limits.callback_s * US_PER_S:
            self.warn(f"one callback computed for more than {self.limits.callback_s} s")
        runtime, most = self.script.runtime, self.limits.memory_bytes
        if runtime is not None and runtime.used_bytes > most and not self._told_memory:
            self._told_memory = True
            self.warn(f"the session uses more than {most >> 20} MB of memory")
