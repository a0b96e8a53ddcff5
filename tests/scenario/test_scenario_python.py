"""Loading and executing Python scenario files."""

from __future__ import annotations

import hashlib
import linecache
import traceback
from pathlib import Path

import pytest

from voxrt.errors import ScenarioSyntaxError, UsageError
from voxrt.scenario import execute, load


def write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_names_of_an_earlier_file_are_visible_in_the_next(tmp_path):
    files = load(
        [
            write(tmp_path, "credentials.py", "KEY = 'k'\ndef key():\n    return KEY + SUFFIX\n"),
            write(tmp_path, "handler.py", "SUFFIX = '!'\nresult = key()\n"),
        ]
    )
    namespace: dict[str, object] = {}
    execute(files, namespace)
    assert namespace["result"] == "k!"
    assert [file.name for file in files] == ["credentials", "handler"]


def test_a_file_knows_its_name_path_and_digest(tmp_path):
    path = write(tmp_path, "a.py", "x = 1\r\ny = 2\r\n")
    (file,) = load([path])
    assert file.path == path
    assert file.source == "x = 1\ny = 2\n"
    assert file.sha256 == hashlib.sha256(b"x = 1\r\ny = 2\r\n").hexdigest()


def test_a_byte_order_mark_is_no_syntax_error(tmp_path):
    (file,) = load([write(tmp_path, "a.py", b"\xef\xbb\xbfx = 'caf\xc3\xa9'\n")])
    namespace: dict[str, object] = {}
    execute([file], namespace)
    assert namespace["x"] == "caf\u00e9"


def test_tracebacks_show_the_source_even_when_the_file_is_gone(tmp_path):
    path = write(tmp_path, "a.py", "def f():\n    return 1 / 0  # here\nf()\n")
    files = load([path])
    path.unlink()
    linecache.checkcache()
    with pytest.raises(ZeroDivisionError) as caught:
        execute(files, {})
    assert "return 1 / 0  # here" in "".join(traceback.format_exception(caught.value))


def test_no_future_statement_of_voxrt_leaks_into_a_scenario(tmp_path):
    files = load(
        [write(tmp_path, "a.py", "def f(x: 1 + 1): pass\nkind = f.__annotations__['x']\n")]
    )
    namespace: dict[str, object] = {}
    execute(files, namespace)
    assert namespace["kind"] == 2


def test_dataclasses_with_text_annotations_work(tmp_path):
    source = (
        "from __future__ import annotations\n"
        "from dataclasses import dataclass\n"
        "@dataclass\nclass Guest:\n    name: str\n"
        "guest = Guest('Ada')\n"
        "main = __name__ == '__main__'\n"
    )
    namespace: dict[str, object] = {}
    execute(load([write(tmp_path, "a.py", source)]), namespace)
    assert repr(namespace["guest"]) == "Guest(name='Ada')"
    assert namespace["main"] is False


@pytest.mark.parametrize(
    ("source", "line", "column", "message"),
    [
        ("x = 1\nif x\n    y = 2\n", 2, 5, "expected ':'."),
        ("x = (1,\n", 1, 5, "'(' was never closed."),
        ("def f():\n  x = 1\n\ty = 2\n", 3, None, "inconsistent use of tabs"),
        ("x = 1\n  y = 2\n", 2, None, "unexpected indent."),
        ("s = 'abc\n", 1, 5, "unterminated string literal"),
    ],
)
def test_a_syntax_error_names_file_line_and_column(tmp_path, source, line, column, message):
    path = write(tmp_path, "bad.py", source)
    with pytest.raises(ScenarioSyntaxError) as caught:
        load([path])
    error = caught.value
    assert (error.file, error.line) == (str(path), line)
    if column is not None:
        assert error.column == column
    assert message in error.message


@pytest.mark.parametrize(
    "source",
    [
        "client = await make()\n",
        "async with thing:\n    pass\n",
        "async for x in y:\n    pass\n",
    ],
)
def test_top_level_await_has_its_own_message(tmp_path, source):
    with pytest.raises(ScenarioSyntaxError) as caught:
        load([write(tmp_path, "a.py", source)])
    assert caught.value.message == "`await` does not work at the top level of a scenario."
    assert "async def" in caught.value.hint


@pytest.mark.parametrize(
    "source",
    ["const x = 1;\n", "VoxEngine.addEventListener(AppEvents.Started, (e) => {\n});\n"],
)
def test_javascript_is_recognised(tmp_path, source):
    with pytest.raises(ScenarioSyntaxError) as caught:
        load([write(tmp_path, "a.py", source)])
    assert "JavaScript" in caught.value.hint


def test_a_javascript_file_is_refused_by_its_name(tmp_path):
    with pytest.raises(UsageError, match="not a Python file"):
        load([write(tmp_path, "a.js", "var x = 1\n")])


def test_a_null_byte_is_a_syntax_error(tmp_path):
    with pytest.raises(ScenarioSyntaxError, match="null bytes"):
        load([write(tmp_path, "a.py", b"x = 1\x00\n")])


def test_a_missing_file_names_a_near_one(tmp_path):
    near = write(tmp_path, "restaurant.py", "")
    with pytest.raises(UsageError) as caught:
        load([tmp_path / "restaurent.py"])
    assert caught.value.file == str(tmp_path / "restaurent.py")
    assert caught.value.hint == f"Did you mean {near}?"


def test_a_directory_lists_what_could_be_run(tmp_path):
    write(tmp_path, "b.py", "")
    write(tmp_path, "a.py", "")
    with pytest.raises(UsageError, match="directory") as caught:
        load([tmp_path])
    assert str(tmp_path / "a.py") in caught.value.hint


def test_a_file_that_is_not_utf8_names_the_line(tmp_path):
    path = write(tmp_path, "a.py", b"x = 1\ny = '\xe9'\n")
    with pytest.raises(UsageError, match="not UTF-8") as caught:
        load([path])
    assert (caught.value.file, caught.value.line) == (str(path), 2)


def test_no_file_at_all_is_a_usage_error():
    with pytest.raises(UsageError, match="no scenario"):
        load([])
