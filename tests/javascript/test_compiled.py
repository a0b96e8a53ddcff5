"""Scripts that are compiled once and run in many runtimes."""

from __future__ import annotations

import pytest

from voxrt.javascript import JavaScriptError

SOURCE = """
let count = 0;
function next(step) { return count += step; }

function fail() { throw new Error("no"); }
next(2)
"""


def test_a_compiled_script_runs_as_its_text_does(runtime):
    """It gives the value of its last expression, and its names are those of the global scope."""
    assert runtime.run_compiled(runtime.compile(SOURCE, "one.js")) == 2
    assert runtime.evaluate("next(3)", "two.js") == 5


def test_its_functions_have_their_text_and_their_lines(runtime):
    runtime.run_compiled(runtime.compile(SOURCE, "one.js"))
    assert (
        runtime.evaluate("String(next)", "two.js")
        == "function next(step) { return count += step; }"
    )
    with pytest.raises(JavaScriptError, match="no") as raised:
        runtime.evaluate("fail()", "two.js")
    frame = raised.value.frames[0]
    assert (frame.function, frame.file, frame.line) == ("fail", "one.js", 5)


def test_a_script_that_is_not_shown_looks_like_the_engines_own(runtime):
    runtime.run_compiled(runtime.compile(SOURCE, "ours.js", shown=False))
    assert "[native code]" in runtime.evaluate("String(next)", "two.js")


def test_a_name_that_is_taken_is_the_second_scripts_error(runtime):
    """When it runs: to compile it needs none of the names around it."""
    compiled = runtime.compile(SOURCE, "one.js")
    runtime.run_compiled(compiled)
    with pytest.raises(JavaScriptError, match="count"):
        runtime.run_compiled(compiled)


def test_what_does_not_compile_says_where(runtime):
    with pytest.raises(JavaScriptError) as raised:
        runtime.compile("let a;\nlet a;", "wrong.js")
    assert (raised.value.frames[0].file, raised.value.frames[0].line) == ("wrong.js", 2)
