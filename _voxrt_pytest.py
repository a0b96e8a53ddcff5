"""The pytest plug-in of voxrt: the fixture `voxrt`, and conversation files as tests.

It stands outside of the package, and imports nothing of it until a test needs it: pytest loads it
at every start, also for projects whose tests have nothing to do with voxrt.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from voxrt.testing.fixture import Voxrt

SUFFIXES = (".conversation.yaml", ".conversation.yml")
_KEY: pytest.StashKey[Voxrt] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declares the settings of the plug-in."""
    parser.addini("voxrt_allow", "What does not fail a test, such as `unused`.", "args", default=[])
    parser.addini("voxrt_speech", "The voices: auto, espeak or synthetic.", default="auto")
    parser.addini("voxrt_keep", "Which folders of runs are kept: failed or all.", default="failed")


@pytest.fixture
def voxrt(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Voxrt]:
    """Runs scenarios: `voxrt.call(...)`, `voxrt.start(...)`, `voxrt.run(...)`.

    Each run has a session, a clock, a storage and a folder of its own. What every test must keep to
    is checked at the end of the test; see docs/testing.md.
    """
    from voxrt.testing.fixture import Voxrt

    runner = Voxrt(
        folder=request.path.parent,
        out=tmp_path,
        allow=tuple(request.config.getini("voxrt_allow")),
        speech=request.config.getini("voxrt_speech"),
    )
    request.node.stash[_KEY] = runner
    yield runner
    failed = _failed(request.node)
    keep = failed or request.config.getini("voxrt_keep") == "all"
    runner.close(keep=keep, failed=failed)
    # The items live as long as the session: what a test heard must not.
    del request.node.stash[_KEY]


_FAILED: pytest.StashKey[bool] = pytest.StashKey()


def _failed(item: pytest.Item) -> bool:
    return item.stash.get(_FAILED, False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Ends the runs of a test with it, and checks what every test must keep to."""
    try:
        result = yield
    except BaseException as error:
        runner = item.stash.get(_KEY, None)
        if runner is not None:
            runner.finish()
            runner.shorten(error)
        raise
    runner = item.stash.get(_KEY, None)
    if runner is not None:
        runner.finish()
        wrong = runner.check()
        if wrong:
            pytest.fail(wrong, pytrace=False)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Adds to a failed test what happened in its runs, and where they are."""
    report = yield
    if report.failed:
        item.stash[_FAILED] = True
        runner = item.stash.get(_KEY, None)
        error = call.excinfo.value if call.excinfo is not None else None
        if runner is not None and call.when == "call" and getattr(error, "pytrace", True):
            told = runner.tell(error)
            if told:
                report.sections.append(("voxrt", told))
    return report


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.File | None:
    """Collects conversation files."""
    if file_path.name.endswith(SUFFIXES):
        return ConversationFile.from_parent(parent, path=file_path)
    return None


class ConversationFile(pytest.File):
    """A file with one test."""

    def collect(self) -> Iterator[pytest.Item]:
        """The test."""
        yield ConversationItem.from_parent(self, name="conversation")


class ConversationFailed(Exception):
    """A conversation is not as its file says; holds the text for the reader."""


class ConversationItem(pytest.Item):
    """A conversation that is played as a test."""

    obj = None  # pytest-trio looks at it in every item, as if all were functions

    def runtest(self) -> None:
        """Plays it."""
        from voxrt.testing.play import play_file

        # pytest has no other way to its folders for tests that are no functions.
        folders: pytest.TempPathFactory = self.config._tmp_path_factory  # type: ignore[attr-defined]
        verdict = play_file(
            self.path,
            folders.mktemp(self.path.name.partition(".")[0]),
            allow=tuple(self.config.getini("voxrt_allow")),
            speech=self.config.getini("voxrt_speech"),
            keep=self.config.getini("voxrt_keep") == "all",
        )
        if not verdict.passed:
            raise ConversationFailed("\n\n".join(map(str, verdict.failures)))

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        """The failure as its reader needs it: without a traceback of voxrt."""
        if isinstance(excinfo.value, ConversationFailed):
            return str(excinfo.value)
        if type(excinfo.value).__module__ == "voxrt.errors":
            return f"error: {excinfo.value} [{excinfo.value.code}]"
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """What the test is called in reports."""
        return self.path, 0, self.path.name
