"""The limits of a script's time and memory: nothing in it can swallow them, whatever it tries.

Time is processor time, so each test that uses it up takes a second, or less where the limit is
made smaller; nothing here measures how long anything took.
"""

from __future__ import annotations

import gc
import signal
import subprocess
import sys
import tracemalloc
import weakref
from contextlib import suppress
from itertools import count
from pathlib import Path
from textwrap import dedent

import pytest

from voxrt.javascript import JavaScriptError, Runtime
from voxrt.session.engine import ScriptEnded
from voxrt.session.limits import CallbackTimeout, MemoryExceeded
from voxrt.session.promise import Promise
from voxrt.session.values import PlatformObject

BUDGET_US = 50_000

LOOP = "for (;;) {}"
#: Places from which a script could try to go on; `log` tells when it does.
PLACES = {
    "plain": f"{LOOP}",
    "try": f"try {{ {LOOP} }} catch {{ log('caught'); }} log('after');",
    "finally": f"try {{ {LOOP} }} finally {{ log('finally'); }}",
    "loop of try": f"for (;;) {{ try {{ {LOOP} }} catch {{ log('caught'); }} }}",
    "loop in finally": "(() => { for (;;) { try { return; } finally { continue; } } })();",
    "async function": f"(async () => {{ {LOOP} }})().catch(() => log('caught')); log('after');",
    "async after await": f"(async () => {{ await 0; try {{ {LOOP} }} catch {{ log('c'); }} }})();",
    "promise job": f"Promise.resolve().then(() => {{ {LOOP} }}).finally(() => log('finally'));",
    "endless jobs": "(function next() { Promise.resolve().then(next); })();",
    "regular expression": "try { /^(a+)+$/.test('a'.repeat(40) + 'b'); } catch { log('c'); }",
    "comparator": f"try {{ [2, 1].sort(() => {{ {LOOP} }}); }} catch {{ log('caught'); }}",
    "conversion": f"try {{ echo({{ get a() {{ {LOOP} }} }}); }} catch {{ log('caught'); }}",
    "text": f"try {{ `${{{{ toString() {{ {LOOP} }} }}}}`; }} catch {{ log('caught'); }}",
    "error's message": f"throw {{ __proto__: new Error(), get message() {{ {LOOP} }} }};",
    "returned getter": f"({{ get a() {{ {LOOP} }} }})",
    "stack": f"Error.prepareStackTrace = () => {{ {LOOP} }}; new Error().stack; log('after');",
    "generator's return": (
        f"function* g() {{ try {{ yield 1; }} finally {{ {LOOP} }} }} for (const x of g()) break;"
    ),
}

#: The same for memory.
EATERS = {
    "objects": "const all = []; for (;;) all.push({ a: [all.length] });",
    "texts": "let text = 'x'; for (;;) { text += text; text.indexOf('y'); }",
    "joined texts": "const all = []; for (;;) all.push('x'.repeat(1000) + all.length);",
    "arrays": "let all = [1]; for (;;) all = [...all, ...all];",
    "typed arrays": "const all = []; for (;;) all.push(new Uint8Array(100000).fill(1));",
    "one text": "'x'.repeat(2 ** 29);",
    "caught": (
        "for (;;) { try { const all = []; for (;;) all.push([]); } catch { log('caught'); } }"
    ),
    "one text, caught": "try { 'x'.repeat(2 ** 29); } catch {} log('after');",
    "promises": "const all = []; for (;;) all.push(new Promise(() => {}).then(() => 1));",
    "promise jobs": "(function f(a) { Promise.resolve().then(() => f([...a, ...a, 1])); })([1]);",
    "async functions": (
        "async function f(n) { const a = Array(50).fill(n); await 0; f(n + 1); f(n + 1); "
        "return a; } f(0).catch(() => log('caught'));"
    ),
    "rejections": "for (;;) Promise.reject([1, 2, 3]);",
    "closures": "let f = () => 0; for (;;) { const g = f; f = () => g; }",
    "a map": "const map = new Map(); for (let i = 0; ; i++) map.set({ i }, 'v' + i);",
    "finalizers": (
        "const r = new FinalizationRegistry(() => 0), a = []; for (;;) { a.push({}); "
        "r.register(a.at(-1), 1); }"
    ),
}

#: Loops without an interruption point.
UNINTERRUPTIBLE = {
    "JSON of a graph": (
        "let d = {}; for (let i = 0; i < 300; i++) d = { d, list: [d] }; JSON.stringify(d);"
    ),
    "search in a text": "const a = 'a'.repeat(4e6); (a + a).indexOf(a + 'b');",
    "names of a replacer": "JSON.stringify({}, new Array(2 ** 32 - 1));",
}


@pytest.fixture
def logged():
    """What the script told with `log`."""
    return []


@pytest.fixture
def limited(logged):
    """A runtime with a limit of 16 MB, in which a script may compute for 50 ms."""
    made = Runtime(
        run=lambda step: step(),
        rejected=lambda error: logged.append(f"rejected {error}"),
        look=lambda: None,
        memory_bytes=16 << 20,
        seed=1,
    )
    made.define({"log": lambda text: logged.append(text), "echo": lambda value: value})
    yield made
    made.close()


def run(runtime, source, budget_us=BUDGET_US):
    """Runs a script with so much time."""
    runtime.arm(budget_us)
    return runtime.evaluate(source, "test.js")


# --- time -------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", PLACES)
def test_nothing_in_a_script_goes_on_after_its_time(limited, logged, place):
    with pytest.raises(CallbackTimeout):
        run(limited, PLACES[place])
    assert logged == []


def test_a_script_that_only_calls_the_platform_uses_its_time_there(limited, logged):
    """Ten thousand calls passed between two interruption points."""

    def compute():
        logged.append(sum(range(300_000)))

    limited.define({"compute": compute})
    with pytest.raises(CallbackTimeout):
        run(limited, "for (let i = 0; i < 9000; i++) try { compute(); } catch {}")
    assert len(logged) < 200


def test_the_next_callback_runs_and_the_jobs_of_the_ended_one_do_not(limited, logged):
    with pytest.raises(CallbackTimeout):
        run(limited, f"Promise.resolve().then(() => log('job')); {LOOP}")
    assert run(limited, "log('next'); 5") == 5
    assert logged == ["next"]


@pytest.mark.parametrize("loop", UNINTERRUPTIBLE)
def test_a_loop_without_an_interruption_point_is_left_as_it_stands(limited, logged, loop):
    source = f"try {{ {UNINTERRUPTIBLE[loop]} }} catch {{ }} log('after');"
    with pytest.raises(CallbackTimeout):
        run(limited, source)
    assert logged == []
    with pytest.raises(ScriptEnded):  # nothing of it runs any more
        run(limited, "log('next')")
    limited.close()


def test_such_a_loop_within_a_call_of_the_platform_ends_all_that_are_under_way(limited, logged):
    def call(function):
        try:
            return function()
        finally:
            logged.append("called")

    limited.define({"call": call})
    loop = UNINTERRUPTIBLE["names of a replacer"]
    with pytest.raises(CallbackTimeout):
        run(limited, f"try {{ call(() => {{ {loop} }}); }} catch {{ }} log('after');")
    assert logged == ["called"]


def test_such_a_loop_in_the_scripts_own_stack_is_left_as_well(limited, logged):
    """The script's `prepareStackTrace` runs for the place where a promise is made."""
    limited.define({"promise": lambda: Promise(None)})
    loop = UNINTERRUPTIBLE["names of a replacer"]
    with pytest.raises(CallbackTimeout):
        run(limited, f"Error.prepareStackTrace = () => {{ {loop} }}; promise(); log('after');")
    assert logged == []
    with pytest.raises(ScriptEnded):
        run(limited, "log('next')")


def test_a_loop_of_the_engine_that_ends_in_time_is_no_matter(limited):
    assert run(limited, "new Set(new Array(1000)).size") == 1


# --- memory -----------------------------------------------------------------------------------


@pytest.mark.parametrize("eater", EATERS)
def test_nothing_in_a_script_goes_on_after_it_used_too_much(limited, logged, eater):
    with pytest.raises(MemoryExceeded):
        run(limited, EATERS[eater], budget_us=20_000_000)
    assert logged == []
    with pytest.raises(ScriptEnded):
        run(limited, "log('next')")
    assert logged == []


def test_garbage_that_refers_to_itself_is_collected_long_before_the_limit(limited):
    run(limited, "for (let i = 0; i < 20000; i++) { const o = { list: [1, 2, 3] }; o.self = o; }")
    assert limited.used_bytes < 2_000_000


def test_garbage_counts_as_nothing(limited, logged):
    run(
        limited,
        "for (let i = 0; i < 40000; i++) { const a = { text: 'x'.repeat(1000) + i }; a.a = a; }"
        "log('after')",
        budget_us=20_000_000,
    )
    assert logged == ["after"]


# --- recursion --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "(function again() { again(); })()",
        "const o = { get a() { return this.a; } }; o.a",
        "const o = { toString() { return `${o}`; } }; `${o}`",
        "let a = []; a[0] = a; a.flat(Infinity)",
        "JSON.parse('['.repeat(1e6))",
        "let p = {}; for (let i = 0; i < 1e4; i++) p = new Proxy(p, {}); p.a",
        "(async function again() { await again(); })(); (function again() { again(); })()",
    ],
)
def test_runaway_recursion_is_an_exception_that_can_be_caught(limited, logged, source):
    with pytest.raises(JavaScriptError) as caught:
        run(limited, source, budget_us=20_000_000)
    assert caught.value.name in ("RangeError", "SyntaxError", "InternalError")
    assert run(limited, f"try {{ {source} }} catch (e) {{ 'caught' }}", 20_000_000) == "caught"


def test_recursion_through_the_platform_is_an_exception(limited):
    source = "const o = { get a() { return echo([o]); } }; try { echo([o]) } catch (e) { e.name }"
    assert run(limited, source, budget_us=20_000_000) in ("RangeError", "InternalError", "Error")


# --- in a session -----------------------------------------------------------------------------

ENDING = """
for (const name of ["Terminating", "Terminated"]) {
  VoxEngine.addEventListener(AppEvents[name], () => Logger.write(name));
}
"""


def test_the_last_events_reach_a_script_that_took_too_long(play):
    played = play(
        ENDING + "VoxEngine.addEventListener(AppEvents.Started, () => { for (;;) {} });",
        ending="js",
        start=True,
    )
    assert played.errors == ["one callback may compute for 1 s"]
    assert played.logs == ["Terminating", "Terminated"]
    assert played.result.finish_reason == "JS session error"


def test_nothing_reaches_a_script_that_used_too_much_memory(play):
    played = play(
        ENDING + "setTimeout(() => Logger.write('timer'), 1000);"
        "VoxEngine.addEventListener(AppEvents.Started, () => { const a = []; "
        "for (;;) a.push([]); });",
        ending="js",
        start=True,
    )
    assert played.errors == ["a session may use 16 MB of memory"]
    assert played.logs == []
    assert played.result.finish_reason == "JS session error"


COMPUTING = """
VoxEngine.addEventListener(AppEvents.Started, () => {
  const kept = [];
  for (let i = 0; i < 40; i++) kept.push("x".repeat(500000) + i);
  Logger.write(`did ${kept.length}`);
  VoxEngine.terminate();
});
"""


def test_limits_that_only_warn_let_the_script_go_on(play, monkeypatch):
    times = count(0, 2_000_000)  # whatever happens takes two seconds
    monkeypatch.setattr("voxrt.scenario.javascript.cpu_time_us", lambda: next(times))
    played = play(COMPUTING, ending="js", start=True, limits="warn")
    assert played.logs == ["did 40"]
    assert set(played.warnings) == {"one callback computed for more than 1 s"}


def test_limits_that_are_off_say_nothing(play):
    played = play(COMPUTING, ending="js", start=True, limits="off")
    assert (played.logs, played.warnings, played.errors) == (["did 40"], [], [])


PROGRAM = """
import signal, sys
from pathlib import Path
from voxrt.run import RunConfig, run
signal.signal(signal.SIGINT, signal.SIG_IGN)  # one that comes after the end
def watch(record):
    if record["kind"] == "log":
        print(record["text"], flush=True)
folder = Path(sys.argv[1])
result = run(RunConfig(scenarios=(folder / "scenario.js",), out=folder / "run", start=True,
                       speech="synthetic", limits="off"), watch)
print(result.outcome, flush=True)
sys.exit(result.exit_code)
"""


@pytest.mark.parametrize(
    "body",
    [
        "for (;;) {}",
        "for (;;) { try { for (;;) {} } catch {} }",
        "/^(a+)+$/.test('a'.repeat(99) + 1)",
    ],
)
def test_interruptions_get_through_an_endless_loop_without_limits(tmp_path, body):
    (tmp_path / "scenario.js").write_text(
        dedent(
            f"""
            VoxEngine.addEventListener(AppEvents.Started, () => {{
              Logger.write("ready");
              {body}
            }});
            """
        )
    )
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout.readline() == "ready\n"
        # Two that come at once may be one for the process, so it is asked until it obeys.
        for _ in range(100):
            process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.3)
                break
        out, err = process.communicate(timeout=20)
    finally:
        process.kill()
        process.wait()
    assert err == ""
    assert out == "interrupted\n"
    assert process.returncode == 130


# --- nothing is left --------------------------------------------------------------------------


class Thing(PlatformObject):
    """An object of the platform that a script holds."""

    _platform_name = "Thing"

    def keep(self, value):
        """Keeps a function or an object of the script."""
        self._kept = value
        return self


def _used(number):
    """A runtime that was used for all that it has, and closed; what was in it, weakly."""
    thing = Thing()
    runtime = Runtime(
        run=lambda step: step(),
        rejected=lambda error: None,
        look=lambda: None,
        memory_bytes=16 << 20,
        seed=number,
    )
    promise = Promise(None, lambda error: None, lambda function, value: None)
    runtime.define({"thing": thing, "Thing": Thing, "promise": lambda: promise})
    runtime.evaluate(
        "thing.keep(() => thing); thing.keep({ f: () => thing, list: [thing] });"
        "globalThis.self = { thing, promise: promise().catch(() => 0) };"
        "try { thing.nothing.more } catch {} Promise.reject(new Error('x')); 'x'.repeat(1e5)",
        "test.js",
    )
    if number % 3 == 0:
        with pytest.raises(JavaScriptError):
            runtime.evaluate("throw new Error('x')", "test.js")
    if number % 10 == 0:
        with pytest.raises(MemoryExceeded):
            runtime.evaluate("'x'.repeat(2 ** 29)", "test.js")
    runtime.close()
    return weakref.ref(runtime), weakref.ref(thing)


def test_closed_runtimes_leave_nothing(tmp_path):
    for number in range(20):  # what is made once is made
        _used(number)
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        left = [reference for number in range(300) for reference in _used(number)]
        gc.collect()
        alive = [reference() for reference in left if reference() is not None]
        del left
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert alive == []
    assert after - before < 100_000, "bytes of Python"


def test_closed_runtimes_give_their_memory_back():
    """In a process of its own: 300 engines of 200 kB and more would be 60 MB."""
    code = """
    import re, sys
    sys.path.insert(0, sys.argv[1])
    from test_limits import _used
    def resident_kb():
        with open("/proc/self/status") as status:
            return int(re.search(r"VmRSS:\\s+(\\d+)", status.read())[1])
    for number in range(50):
        _used(number)
    before = resident_kb()
    for number in range(300):
        _used(number)
    print(resident_kb() - before)
    """
    if sys.platform != "linux":
        pytest.skip("the memory of a process is known on Linux only")
    folder = str(Path(__file__).parent)
    done = subprocess.run(
        [sys.executable, "-c", dedent(code), folder], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 4_000, "kB"
