"""The pytest plug-in, as pytest sees it."""

from __future__ import annotations

import base64
import gzip
import re
import subprocess
import sys

import pytest

#: An inline scenario that says one sentence.
HELLO = '''
HELLO = """
def on_call(e):
    e.call.addEventListener(CallEvents.Connected, lambda e: e.call.say("Hello there."))
    e.call.addEventListener(CallEvents.Disconnected, lambda e: VoxEngine.terminate())
    e.call.answer()
VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""
'''


@pytest.fixture
def suite(pytester):
    """A folder for tests; pytest-trio's mode is off unless a test turns it on."""
    pytester.makeini(
        "[pytest]\nvoxrt_speech = synthetic\nasyncio_default_fixture_loop_scope = function\n"
    )
    return pytester


def run(suite, text, *words):
    suite.makepyfile(test_it=HELLO + text)
    return suite.runpytest_inprocess("-p", "no:cacheprovider", *words)


def shown(page):
    """What a page draws, as JSON."""
    text = page.read_text(encoding="utf-8")
    packed = re.search(r'<script id="view"[^>]*>(.*?)</script>', text, re.DOTALL)[1]
    return gzip.decompress(base64.b64decode(packed)).decode()


def test_it_loads_without_importing_voxrt(tmp_path):
    """Also its settings and its collecting do; only the fixture needs the package."""
    (tmp_path / "test_other.py").write_text(
        "import sys\n"
        "def test_nothing_of_voxrt_is_there():\n"
        "    assert '_voxrt_pytest' in sys.modules\n"
        "    assert not [name for name in sys.modules if name.split('.')[0] == 'voxrt']\n",
        encoding="utf-8",
    )
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stdout


def test_a_test_calls_a_scenario(suite):
    result = run(
        suite,
        """
def test_hello(voxrt):
    call = voxrt.call(python=HELLO)
    call.hear("Hello there", source="player")
    call.hang_up()
    assert call.result.outcome == "normal"
""",
    )
    result.assert_outcomes(passed=1)


def test_a_plain_assertion_tells_the_call_and_the_folder(suite):
    result = run(
        suite,
        """
def test_hello(voxrt):
    call = voxrt.call(python=HELLO)
    call.hear("Hello")
    assert "Good morning" in call.heard.text
""",
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*assert 'Good morning' in 'Hello there.'*",
            "*- voxrt -*",
            '*scenario "Hello there."*',
            "*>>> nobody was speaking",
            "the run: *run",
            "its timeline: *run/show.html",
        ]
    )


def test_a_failed_expectation_shows_the_line_of_the_test_and_nothing_of_ours(suite):
    result = run(
        suite,
        """
def test_hello(voxrt):
    call = voxrt.call(python=HELLO)
    call.hear("Good morning", timeout_ms=3000)
""",
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            '>*call.hear("Good morning", timeout_ms=3000)',
            'E*expected to have heard "Good morning", but "Hello there." was heard since*',
            "E*the run: *run",
            "test_it.py:*: ExpectationError",
        ]
    )
    result.stdout.no_fnmatch_line("*director.py*")


def test_bad_input_shows_the_line_of_the_test_and_nothing_of_ours(suite):
    result = run(
        suite,
        """
def test_hello(voxrt):
    voxrt.call("hello.py")
""",
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ['>*voxrt.call("hello.py")', "E*UsageError: *hello.py: there is no such scenario file*"]
    )
    result.stdout.no_fnmatch_line("*runner.py*")


UNUSED = """
def test_hello(voxrt):
    call = voxrt.call(
        python=HELLO, answers=[{"match": "https://a.example/x", "reply": 200}] ALLOW
    )
    call.hear("Hello")
"""


def test_what_was_declared_and_never_used_fails_a_test_that_passed(suite):
    result = run(suite, UNUSED.replace("ALLOW", ""))
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["declared and never used: the answer *test_it.py:*https://a.example/x"]
    )
    result.stdout.no_fnmatch_line("*hidden*")


def test_a_test_or_a_project_may_allow_it(suite):
    run(suite, UNUSED.replace("ALLOW", ', allow=["unused"]')).assert_outcomes(passed=1)
    run(suite, UNUSED.replace("ALLOW", ""), "-o", "voxrt_allow=unused").assert_outcomes(passed=1)


def test_a_test_that_failed_is_not_failed_twice(suite):
    result = run(suite, UNUSED.replace("ALLOW", "") + "    assert False, 'my reason'\n")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*my reason*"])
    result.stdout.no_fnmatch_line("*never used*")


def test_the_folder_of_a_run_is_kept_when_the_test_failed(suite, tmp_path):
    text = """
def test_good(voxrt):
    voxrt.call(python=HELLO).hear("Hello")

def test_bad(voxrt):
    voxrt.call(python=HELLO).hear("Goodbye", timeout_ms=2000)
"""
    base = tmp_path / "base"
    run(suite, text, f"--basetemp={base}").assert_outcomes(passed=1, failed=1)
    page = base / "test_bad0/run/show.html"
    assert "Hello there." in shown(page)
    kept = [path.parent.name for path in sorted(base.rglob("run/journal.jsonl"))]
    assert [path.parents[1].name for path in base.rglob("journal.jsonl")] == ["test_bad0"]
    run(suite, text, f"--basetemp={base}", "-o", "voxrt_keep=all")
    assert len(list(base.rglob("run/journal.jsonl"))) == 2
    assert list(base.rglob("show.html")) == [page]  # only who failed has to be looked at
    assert kept == ["run"]


def test_each_run_has_a_storage_and_a_clock_of_its_own(suite):
    result = run(
        suite,
        '''
import pytest

COUNT = """
import json
require(Modules.ApplicationStorage)
async def on_call(e):
    e.call.answer()
    e.call.addEventListener(CallEvents.Disconnected, lambda e: VoxEngine.terminate())
    entry = await ApplicationStorage.get("count")
    Logger.write(f"{entry.value if entry else 'none'}")
    await ApplicationStorage.put("count", "9", 60)
VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""

@pytest.mark.parametrize("number", range(2))
def test_storage(voxrt, number):
    for stored, found in (({}, "none"), ({"count": "5"}, "5"), ({}, "none")):
        call = voxrt.call(python=COUNT, storage=stored)
        call.hang_up()
        assert call.logs == [found]
        assert call.result.record["duration_ms"] < 1000
''',
    )
    result.assert_outcomes(passed=2)


def test_what_a_test_heard_is_gone_when_it_is_over(suite):
    """One process may run hundreds of tests of long conversations."""
    result = run(
        suite,
        """
import gc, weakref

EARLIER = []


def test_hello(voxrt):
    call = voxrt.call(python=HELLO)
    call.hear("Hello there", source="player")
    EARLIER.append(weakref.ref(call.conversation))


def test_nothing_is_left():
    gc.collect()
    assert [earlier() for earlier in EARLIER] == [None]
""",
    )
    result.assert_outcomes(passed=2)


def test_tests_run_in_several_processes(suite):
    text = """
import pytest

@pytest.mark.parametrize("number", range(6))
def test_hello(voxrt, number):
    call = voxrt.call(python=HELLO)
    call.hear("Hello")
    assert number != 3, call.heard.text
"""
    result = run(suite, text, "-n", "2", "-p", "xdist")
    result.assert_outcomes(passed=5, failed=1)
    result.stdout.fnmatch_lines(["*- voxrt -*", "the run: *run"])


def test_it_works_within_a_trio_test(suite):
    """pytest-trio has a loop of its own running when the test calls."""
    result = run(
        suite,
        """
import pytest
import trio

@pytest.mark.trio
async def test_hello(voxrt, autojump_clock):
    await trio.sleep(5)
    call = voxrt.call(python=HELLO)
    call.hear("Hello")
    await trio.sleep(5)
    call.hang_up()
    assert call.result.outcome == "normal"
    assert trio.current_time() < 60
""",
    )
    result.assert_outcomes(passed=1)


def test_it_works_while_an_asyncio_loop_runs(suite):
    result = run(
        suite,
        """
import asyncio

def test_hello(voxrt):
    async def main():
        await asyncio.sleep(0)
        call = voxrt.call(python=HELLO)
        call.hear("Hello").hang_up()
        await asyncio.sleep(0)
        return call.result.outcome
    assert asyncio.run(main()) == "normal"
""",
    )
    result.assert_outcomes(passed=1)


#: A test of each of the three, with a fixture of its own kind.
ALL_THREE = """
import asyncio

import pytest
import pytest_asyncio
import trio

@pytest_asyncio.fixture
async def loop_of_asyncio():
    await asyncio.sleep(0)
    yield asyncio.get_running_loop()
    await asyncio.sleep(0)

@pytest.mark.asyncio
@pytest.mark.parametrize("number", range(3))
async def test_asyncio(voxrt, loop_of_asyncio, number):
    assert asyncio.get_running_loop() is loop_of_asyncio
    call = voxrt.call(python=HELLO)
    call.hear("Hello")
    await asyncio.sleep(0)
    call.hang_up()
    assert call.result.outcome == "normal"

@pytest.fixture
async def nursery_of_trio():
    async with trio.open_nursery() as nursery:
        yield nursery

@pytest.mark.trio
@pytest.mark.parametrize("number", range(3))
async def test_trio(voxrt, nursery_of_trio, autojump_clock, number):
    nursery_of_trio.start_soon(trio.sleep, 5)
    call = voxrt.call(python=HELLO)
    call.hear("Hello")
    await trio.sleep(1)
    call.hang_up()
    assert call.result.outcome == "normal"

@pytest.mark.parametrize("number", range(3))
def test_plain(voxrt, number):
    call = voxrt.call(python=HELLO)
    call.hear("Hello").hang_up()
    assert call.result.outcome == "normal"

@pytest.mark.asyncio
async def test_a_wrong_one_is_told_as_everywhere(voxrt):
    call = voxrt.call(python=HELLO)
    call.hear("Hello")
    await asyncio.sleep(0)
    assert "Good morning" in call.heard.text
"""


@pytest.mark.parametrize("words", [(), ("-n", "2", "-p", "xdist")], ids=["alone", "xdist"])
def test_asyncio_trio_and_plain_tests_stand_in_one_file(suite, words):
    result = run(suite, ALL_THREE, "-W", "error", *words)
    result.assert_outcomes(passed=9, failed=1)
    result.stdout.fnmatch_lines(["*- voxrt -*", '*scenario "Hello there."*', "the run: *run"])


CONVERSATION = """
scenario: hello.py
conversation:
  - hear: {said}
    timeout_ms: 3000
  - hang_up
"""


def test_conversation_files_are_tests(suite):
    namespace = {}
    exec(HELLO, namespace)
    (suite.path / "hello.py").write_text(namespace["HELLO"], encoding="utf-8")
    texts = {
        "good": CONVERSATION.format(said="Hello"),
        "bad": CONVERSATION.format(said="Goodbye"),
        "wrong": "scenario: hello.py\nconversation: [{sya: Hi}]\n",
        "lost": CONVERSATION.format(said="Hello").replace("hello.py", "ello.py"),
    }
    for name, text in texts.items():
        (suite.path / f"{name}.conversation.yaml").write_text(text, encoding="utf-8")
    result = suite.runpytest_inprocess("-v", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=1, failed=3)
    result.stdout.fnmatch_lines(
        [
            "bad.conversation.yaml::conversation FAILED*",
            "good.conversation.yaml::conversation PASSED*",
            '*bad.conversation.yaml:4: expected to have heard "Goodbye", but "Hello there."*',
            "the run: *",
            "error: *ello.py: there is no such scenario file. Did you mean *hello.py?*",
            "error: *wrong.conversation.yaml:2:22: conversation[[]0].sya: there is no step `sya`*",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_run_in_the_test_s_own_thread(suite):
    """`voxrt.run` needs no second thread: Ctrl-C and the limit on computing work as ever."""
    result = run(
        suite,
        '''
from voxrt.testing import caller, error

ENDLESS = """
def on_call(e):
    while True:
        pass
VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""

def test_endless(voxrt):
    run = voxrt.run(python=ENDLESS, caller=caller(), allow=["errors"])
    run.expect(error("one callback may compute for 1 s"))
''',
    )
    result.assert_outcomes(passed=1)
