"""Handlers that catch everything let the end of a callback's time through."""

from __future__ import annotations

import traceback

import pytest

from voxrt.scenario.python import execute, load
from voxrt.session.limits import CallbackTimeout


@pytest.fixture
def runs(tmp_path):
    """Runs a scenario that calls `end_of_time()` and `log(value)`; what it logged, and how."""

    def run(source):
        path = tmp_path / "main.py"
        path.write_text(source, encoding="utf-8")
        logged = []

        def end_of_time():
            raise CallbackTimeout

        scope = {"log": logged.append, "end_of_time": end_of_time}
        with pytest.raises(CallbackTimeout) as caught:
            execute(load([path]), scope)
        lines = [
            frame.lineno
            for frame in traceback.extract_tb(caught.value.__traceback__)
            if frame.filename == str(path)
        ]
        return logged, lines

    return run


@pytest.mark.parametrize(
    "handler",
    [
        "except:",
        "except BaseException:",
        "except BaseException as error:",
        "except (ValueError, BaseException):",
        "except ValueError:\n    log('wrong')\nexcept BaseException:",
        "except ValueError:\n    log('wrong')\nexcept:",
    ],
)
def test_a_handler_of_everything_hands_it_on(runs, handler):
    source = (
        f"try:\n    end_of_time()\n{handler}\n    log('caught')\nfinally:\n    log('finally')\n"
    )
    assert runs(source) == (["finally"], [2])


def test_loops_in_functions_in_loops(runs):
    assert runs("""
def layer(depth):
    while True:
        try:
            layer(depth - 1) if depth else end_of_time()
        except BaseException:
            log("caught")
class Agent:
    def run(self):
        try:
            layer(2)
        except:
            log("caught")
Agent().run()
""") == ([], [14, 11, 5, 5, 5])


def test_other_exceptions_are_caught_as_ever(runs):
    assert runs("""
try:
    1 / 0
except BaseException as error:
    log(type(error).__name__)
else:
    log("else")
try:
    raise SystemExit
except:
    log("bare")
try:
    try:
        1 / 0
    except BaseException:
        log("inner")
        raise KeyError
except Exception as error:
    log(type(error.__context__).__name__)
try:
    end_of_time()
except Exception:
    log("not this one")
""") == (["ZeroDivisionError", "bare", "inner", "ZeroDivisionError"], [21])


def test_the_lines_of_errors_stay(tmp_path):
    path = tmp_path / "main.py"
    path.write_text("try:\n    pass\nexcept:\n    pass\n\n1 / 0  # line 6\n", encoding="utf-8")
    with pytest.raises(ZeroDivisionError) as caught:
        execute(load([path]), {})
    assert traceback.extract_tb(caught.value.__traceback__)[-1].lineno == 6
