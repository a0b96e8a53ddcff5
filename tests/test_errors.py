"""The tree of errors: drawn as it is, with codes that stay."""

from __future__ import annotations

import re

import pytest

from voxrt import errors
from voxrt.errors import DocumentError, InputError, VoxrtError

#: Codes are printed, logged and looked up: they never change and are never used again.
CODES = {
    "VoxrtError": "V000",
    "UsageError": "V100",
    "DocumentError": "V110",
    "AudioFileError": "V120",
    "ToneScriptError": "V121",
    "ScenarioError": "V200",
    "ScenarioSyntaxError": "V201",
    "ScenarioTypeError": "V202",
    "NoSuchMemberError": "V203",
    "NotEmulatedError": "V204",
    "LimitError": "V205",
    "MediaError": "V300",
    "LocalProtocolError": "V400",
    "RemoteProtocolError": "V401",
    "LinkError": "V410",
    "CassetteError": "V420",
    "StalledError": "V500",
    "OutputError": "V510",
}


def classes():
    found = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and kind.__module__ == errors.__name__
    ]
    assert len(found) > 10
    return found


def drawn():
    """(name, code or None, name of the parent) of every class in the module's drawing."""
    line = re.compile(r"^    (?P<branch>[ │├└─]*)(?P<name>[A-Z]\w+)(?: +(?P<code>V\d{3}))?(?: |$)")
    stack, found = [], []
    for text in (errors.__doc__ or "").splitlines():
        match = line.match(text)
        if match is None:
            continue
        depth = len(match["branch"]) // 4
        parent = stack[depth - 1] if depth else None
        stack[depth:] = [match["name"]]
        found.append((match["name"], match["code"], parent))
    return found


def test_the_drawing_shows_every_class_under_its_parent():
    real = {kind.__name__: kind.__mro__[1].__name__ for kind in classes()}
    shown = {name: parent or "Exception" for name, _, parent in drawn()}
    assert shown == real


def test_the_drawing_shows_the_codes():
    for name, code, _ in drawn():
        kind = getattr(errors, name)
        own = vars(kind).get("code")
        assert own == code or (name == "VoxrtError" and code is None), name


def test_codes_are_unique_and_stable():
    own = {kind.__name__: vars(kind)["code"] for kind in classes() if "code" in vars(kind)}
    assert own == CODES
    assert len(set(own.values())) == len(own)


def test_everything_raised_has_a_code_of_its_own():
    """A class without a code only gathers others, and is not raised itself."""
    gathering = {kind for kind in classes() if "code" not in vars(kind)}
    assert {kind.__name__ for kind in gathering} == {"InputError", "ProtocolError"}
    assert all(kind.__subclasses__() for kind in gathering)


@pytest.mark.parametrize("kind", classes(), ids=lambda kind: kind.__name__)
def test_every_class_says_what_happened_where_and_what_to_do(kind):
    error = kind("It is wrong.", hint="Repair it.", file="a.py", line=3, column=7)
    assert isinstance(error, VoxrtError)
    assert (error.message, error.hint, error.where) == ("It is wrong.", "Repair it.", "a.py:3:7")
    assert str(error) == "a.py:3:7: It is wrong. Repair it."
    assert kind.__doc__


@pytest.mark.parametrize(
    ("place", "where"),
    [
        ({}, ""),
        ({"file": "a.py"}, "a.py"),
        ({"file": "a.py", "line": 3}, "a.py:3"),
        ({"line": 3}, ""),
    ],
)
def test_the_place_is_told_as_far_as_it_is_known(place, where):
    error = VoxrtError("Wrong.", **place)
    assert error.where == where
    assert str(error) == (f"{where}: Wrong." if where else "Wrong.")


def test_what_a_user_can_repair_is_an_input_error():
    repairable = {kind.__name__ for kind in classes() if issubclass(kind, InputError)}
    assert repairable == {name for name in CODES if "V100" <= CODES[name] < "V300"} | {"InputError"}


def test_errors_of_arguments_are_also_those_that_python_raises():
    assert issubclass(errors.ScenarioTypeError, TypeError)
    assert issubclass(errors.NoSuchMemberError, AttributeError)
    assert not issubclass(DocumentError, TypeError)
