"""The place of a call whose arguments are written below its name."""

from __future__ import annotations

import pytest

from voxrt.javascript.errors import call_site

# `^` is where the engine says the call is, `*` where it is; neither is part of the text.
CALLS = {
    "arguments below": "const r = V.*make({\n  name: 'a',\n  expire: E.^SIX,\n});",
    "arguments on the line": "V.*make({ x: E.^SIX });",
    "at the name": "V.*^make({ x: E.SIX });",
    "at the dot before the name": "V^.make({ x: 1 });",
    "at the dots of an optional call": "V^?.make({ x: 1 });",
    "a constructor": "s = new *State('a', {\n  lang: L.^RU,\n}, f);",
    "the nearest that is open": "make(1);\nV.*make(f(2), [g(3), E.^SIX]);",
    "a nested one": "V.make(a(\n), V.*make(E.^SIX));",
    "after a nested one": "V.*make(V.make(1),\n  E.^SIX);",
    "parentheses in strings": "V.*make(')', `)`, \")\", // )\n  E.^SIX);",
    "a name that ends so": "remake(V.*make(E.^SIX));",
    "with a space": "V.*make (E.^SIX);",
}

ELSEWHERE = {
    "not called around it": "V.make(1); a.^b.c;",
    "another function": "V.take({ x: a.^b });",
    "a longer name": "V.maker({ x: a.^b });",
}


def place(text, mark):
    before = text[: text.index(mark)].replace("*" if mark == "^" else "^", "")
    return before.count("\n") + 1, len(before) - before.rfind("\n")


@pytest.mark.parametrize("name", CALLS)
def test_a_call_is_where_its_name_is(name):
    marked = CALLS[name]
    text = marked.replace("^", "").replace("*", "")
    wanted = place(marked, "*") if "*" in marked else place(marked, "^")
    assert (
        call_site(text, *place(marked, "^"), "make" if "State" not in text else "State") == wanted
    )


@pytest.mark.parametrize("name", ELSEWHERE)
def test_other_places_stay(name):
    marked = ELSEWHERE[name]
    assert call_site(marked.replace("^", ""), *place(marked, "^"), "make") == place(marked, "^")


def test_places_outside_of_the_text_stay():
    assert call_site("", 3, 4, "make") == (3, 4)


def test_errors_warnings_and_stacks_tell_the_line_of_the_name(play_js):
    played = play_js(
        """
        function log(o) {
          VoxEngine.customData(
            {
              x: RecordExpireTime.SIXMONTHS,
            },
          );
        }
        VoxEngine.addEventListener(AppEvents.Started, () => {
          require(
            Modules.
              Nothing,
          );
          log({
            y: RecordExpireTime.SIXMONTHS,
          });
        });
        """,
        start=True,
    )
    (error,) = played.of("error")
    assert (error["line"], error["source_line"].strip()) == (3, "VoxEngine.customData(")
    assert [entry.split(":")[-1] for entry in error["stack"]] == ["3 in log", "14 in <anonymous>"]
    (missing, unknown) = played.of("warning")
    assert missing["text"].startswith("there is no Modules.Nothing")
    assert (unknown["code"], unknown["line"]) == ("unknown-module", 10)
