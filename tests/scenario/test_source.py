"""Reading scenario files of every language."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from voxrt.errors import UsageError
from voxrt.scenario.source import (
    global_defines,
    is_scenario,
    language_of,
    read_source,
    read_sources,
    scenario_name,
)


def write(folder: Path, name: str, text: str | bytes = "") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refused(path, **options):
    with pytest.raises(UsageError) as caught:
        read_sources([path], **options)
    return caught.value


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("src/agent.voxengine.js", "agent"),
        ("agent.voxengine.ts", "agent"),
        ("agent.voxengine.py", "agent"),
        ("agent.js", "agent"),
        ("agent.ts", "agent"),
        ("agent.py", "agent"),
        ("a.b.voxengine.js", "a.b"),
        ("voxengine.js", "voxengine"),
        ("agent.txt", "agent"),
        ("agent", "agent"),
        (".js", ".js"),
    ],
)
def test_the_name_of_a_scenario_is_that_of_its_file_without_the_ending(path, name):
    assert scenario_name(path) == name


def test_languages_and_what_is_a_scenario():
    assert language_of("a.voxengine.js") == "javascript"
    assert language_of("a.ts") == "typescript"
    assert language_of("a.voxengine.py") == language_of("anything") == "python"
    assert [
        name
        for name in ("a.js", "a.py", "a.d.ts", ".a.js", "a.json", "a.voxengine.ts", "README.md")
        if is_scenario(Path(name))
    ] == ["a.js", "a.py", "a.voxengine.ts"]


@pytest.mark.parametrize("ending", [".voxengine.js", ".js", ".ts", ".voxengine.py", ".py"])
def test_a_source_is_the_text_with_the_digest_of_its_bytes(tmp_path, ending):
    data = b"\xef\xbb\xbfKEY = 'caf\xc3\xa9'\r\nx = 1\rlast = 2\n"
    source = read_source(write(tmp_path, f"agent{ending}", data))
    assert source.name == "agent"
    assert source.path == tmp_path / f"agent{ending}"
    assert source.text == source.original == "KEY = 'café'\nx = 1\nlast = 2\n"
    assert source.sha256 == hashlib.sha256(data).hexdigest()


def test_values_are_in_the_text_and_not_in_what_messages_show(tmp_path):
    path = write(tmp_path, "agent.voxengine.js", "const KEY = 'YOUR_KEY';\nuse(KEY, OTHER);\n")
    (source,) = read_sources([path], {"KEY": "sesame", "OTHER": 2})
    assert source.text == 'const KEY = "sesame"  ;\nuse(KEY, OTHER);\n'
    assert source.original == "const KEY = 'YOUR_KEY';\nuse(KEY, OTHER);\n"
    assert "sesame" not in repr(source)
    assert global_defines({"KEY": "sesame", "OTHER": 2}, [source]) == {"OTHER": 2}


@pytest.mark.parametrize("key", ["credentials", "credentials.voxengine.js", "PATH"])
def test_another_file_is_read_instead_of_one_that_is_missing(tmp_path, key):
    other = write(tmp_path, "local/keys.py", "KEY = 1\n")
    path = tmp_path / "modules" / "credentials.voxengine.js"
    key = str(path) if key == "PATH" else key
    (source,) = read_sources([path], replacements={key: other})
    assert (source.name, source.path, source.text) == ("credentials", other, "KEY = 1\n")


def test_another_file_is_read_instead_of_one_that_is_there(tmp_path):
    path, other = write(tmp_path, "a.py", "x = 1\n"), write(tmp_path, "b.py", "x = 2\n")
    assert read_source(path, replacements={"a": other}).text == "x = 2\n"
    assert read_source(path, replacements={"b": other}).text == "x = 1\n"


def test_a_replacement_that_is_missing_says_whose_it_is(tmp_path):
    path = write(tmp_path, "a.py", "")
    error = refused(path, replacements={"a": tmp_path / "none.py"})
    assert error.message == "--replace a: there is no such scenario file."
    assert error.file == str(tmp_path / "none.py")


def test_a_replacement_of_a_file_that_does_not_run_is_refused(tmp_path):
    path = write(tmp_path, "credentials.py", "")
    error = refused(path, replacements={"credentails.voxengine.js": path})
    assert str(error) == (
        "--replace credentails.voxengine.js: no scenario of this name is run. "
        "Did you mean `credentials`?"
    )
    assert refused(path, replacements={"x": path}).hint == "Run are: credentials."


def test_no_file_at_all_is_refused():
    with pytest.raises(UsageError, match="no scenario was given"):
        read_sources([])


@pytest.mark.parametrize(
    ("wrong", "there"),
    [
        ("restaurent.js", "restaurant.js"),
        ("agent.py", "agent.voxengine.js"),
        ("agent.voxengine.js", "agent.voxengine.ts"),
    ],
)
def test_a_missing_file_names_a_near_one_of_any_language(tmp_path, wrong, there):
    near = write(tmp_path, there)
    write(tmp_path, "other.json")
    error = refused(tmp_path / wrong)
    assert error.message == "there is no such scenario file."
    assert (error.file, error.hint) == (str(tmp_path / wrong), f"Did you mean {near}?")


def test_a_missing_folder_has_no_near_file(tmp_path):
    assert refused(tmp_path / "none" / "a.js").hint == ""


def test_a_folder_lists_what_could_be_run(tmp_path):
    assert refused(tmp_path).hint == "It has no scenario files."
    paths = [write(tmp_path, f"{letter}.voxengine.js") for letter in "fedcba"]
    write(tmp_path, "package.json")
    error = refused(tmp_path)
    assert error.message == "this is a directory, not a scenario file."
    listed = ", ".join(str(path) for path in sorted(paths)[:5])
    assert error.hint == f"Name the files to run, in order: {listed}, ...."


@pytest.mark.parametrize("made", ["rules.config.json", "applications/x/rules.config.json"])
def test_the_folder_of_a_project_says_how_it_is_run(tmp_path, made):
    write(tmp_path, made)
    assert refused(tmp_path).hint == f"Run it with `--project {tmp_path}`."


def test_a_file_that_is_not_utf8_names_the_line(tmp_path):
    error = refused(write(tmp_path, "a.js", b"x = 1\ny = '\xe9'\n"))
    assert error.message == "the scenario file is not UTF-8: byte 0xe9 is out of place."
    assert error.line == 2


def test_a_define_may_not_hide_a_name_of_the_platform(tmp_path):
    path = write(tmp_path, "a.py", "VoxEngine.terminate()\n")
    error = refused(path, defines={"VoxEngine": "x"})
    assert error.message == "--define VoxEngine: this name is the platform's own."
