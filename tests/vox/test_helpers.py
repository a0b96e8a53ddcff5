"""The global helper functions, right and wrong input."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from voxrt.errors import ScenarioTypeError
from voxrt.vox.helpers import HELPERS

ALL_BYTES = list(range(256))


@pytest.mark.parametrize(
    ("function", "arguments", "result"),
    [
        ("base64_encode", ["Привет"], "0J/RgNC40LLQtdGC"),
        ("base64_encode", [[0, 255]], "AP8="),
        ("base64_encode", [""], ""),
        ("base64_decode", ["AP8="], [0, 255]),
        ("base64_decode", ["AP8"], [0, 255]),
        ("base64_decode", ["AP\n8="], [0, 255]),
        ("base64_decode", [""], []),
        ("bytes2hex", [[0, 171, 255]], "00abff"),
        ("bytes2hex", [[0, 171, 255], True], "00ABFF"),
        ("bytes2hex", ["é"], "c3a9"),
        ("hex2bytes", ["00ABff"], [0, 171, 255]),
        ("hex2bytes", [""], []),
        ("bytes2str", [[208, 159]], "П"),
        ("bytes2str", [[208, 159], "utf-8"], "П"),
        ("bytes2str", [[255]], "�"),
        ("bytes2str", [[207], "windows-1251"], "П"),
        ("str2bytes", ["П"], [208, 159]),
        ("str2bytes", ["П", "windows-1251"], [207]),
        ("levenshtein_distance", ["kitten", "sitting"], 3),
        ("levenshtein_distance", ["", "abc"], 3),
        ("levenshtein_distance", ["same", "same"], 0),
        ("levenshtein_distance", ["flaw", "lawn"], 2),
    ],
)
def test_results(function, arguments, result):
    assert HELPERS[function](*arguments) == result


def test_there_and_back():
    for encode, decode in (("base64_encode", "base64_decode"), ("bytes2hex", "hex2bytes")):
        assert HELPERS[decode](HELPERS[encode](ALL_BYTES)) == ALL_BYTES
    text = "Tisch für zwei — 你好 🙂"
    assert HELPERS["bytes2str"](HELPERS["str2bytes"](text)) == text


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        ("base64_encode", [[256]]),
        ("base64_encode", [[-1]]),
        ("base64_encode", [None]),
        ("base64_encode", [{"a": 1}]),
        ("base64_encode", [5]),
        ("base64_decode", ["a$b="]),
        ("base64_decode", ["A"]),
        ("base64_decode", [None]),
        ("bytes2hex", [["x"]]),
        ("hex2bytes", ["abc"]),
        ("hex2bytes", ["zz"]),
        ("hex2bytes", [None]),
        ("bytes2str", [[1], "klingon"]),
        ("bytes2str", [None]),
        ("str2bytes", ["a", "klingon"]),
        ("str2bytes", [None]),
        ("levenshtein_distance", ["a", None]),
        ("getLocalTime", ["Mars/Olympus", datetime(2026, 1, 1, tzinfo=UTC)]),
        ("getLocalTime", ["../etc/passwd", datetime(2026, 1, 1, tzinfo=UTC)]),
        ("getLocalTime", ["Europe/Berlin", "today"]),
        ("getLocalTime", [None, datetime(2026, 1, 1, tzinfo=UTC)]),
    ],
)
def test_wrong_input_is_one_clear_message(function, arguments):
    with pytest.raises(ScenarioTypeError) as caught:
        HELPERS[function](*arguments)
    assert str(caught.value)


def test_get_local_time():
    """The result's UTC fields show the wall clock of the place."""
    noon = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    local = HELPERS["getLocalTime"]("Europe/Berlin", noon)
    assert (local.hour, local.tzinfo) == (14, UTC)
    winter = HELPERS["getLocalTime"]("America/New_York", datetime(2026, 1, 1, 12, 0))
    assert winter.hour == 7


def test_they_are_in_the_scenario(play):
    scenario = """
    def on_start(e):
        one, two = uuidgen(), uuidgen()
        seen.extend([one, two, base64_encode("a"), bytes2hex([255], True)])
        trace("traced")
        VoxEngine.terminate()
    VoxEngine.addEventListener(AppEvents.Started, on_start)
    """
    played = play(scenario, start=True)
    one, two, encoded, digits = played.seen
    assert one != two
    for text in (one, two):
        assert [len(part) for part in text.split("-")] == [8, 4, 4, 4, 12]
        assert text == text.lower()
        assert text[14] == "4"
        assert text[19] in "89ab"
    assert (encoded, digits) == ("YQ==", "FF")
    assert "traced" in played.log


def test_json(play):
    scenario = """
    def on_start(e):
        seen.append(JSON.parse('{"a": {"b": [1, null, true]}}'))
        seen.append(JSON.stringify({"a": [1, None, True], "f": print, "e": e.name, "ü": "é"}))
        try:
            JSON.parse("{")
        except ValueError:
            seen.append("not JSON")
        VoxEngine.terminate()
    VoxEngine.addEventListener(AppEvents.Started, on_start)
    """
    data, text, wrong = play(scenario, start=True).seen
    assert data.a.b == [1, None, True]
    assert text == '{"a":[1,null,true],"e":"Application.Started","ü":"é"}'
    assert wrong == "not JSON"


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("Logger.write('x')", "x"),
        ("Logger.write(5)", "5"),
        ("Logger.write(True)", "true"),
        ("Logger.write(None)", "undefined"),
        ("Logger.write({'a': [1]})", '{"a":[1]}'),
        ("Logger.write()", ""),
        ("Logger.write('x' * 15001)", "x" * 15_000),
        ("Logger.write(VoxEngine.callPSTN('1', '2').toString()[:5])", "Call "),
    ],
)
def test_logger(play, code, text):
    scenario = f"""
    def on_start(e):
        {code}
        VoxEngine.terminate()
    VoxEngine.addEventListener(AppEvents.Started, on_start)
    """
    assert play(scenario, start=True).log[0] == text
