"""Values put into the text of scenarios: what takes them, and that no line ever moves."""

from __future__ import annotations

import ast
import json
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from voxrt.errors import UsageError
from voxrt.scenario.fill_in import check_used, fill_in, parse_define, undeclared
from voxrt.scenario.js_tokens import Kind, tokenize


def js(text, **defines):
    return fill_in(text, defines, "javascript")


def py(text, **defines):
    return fill_in(text, defines, "python")


# --- the option -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "name", "value"),
    [
        ("KEY=value", "KEY", "value"),
        ("KEY=", "KEY", ""),
        ("KEY=a=b:=c", "KEY", "a=b:=c"),
        ("KEY=5", "KEY", "5"),
        ("KEY:=5", "KEY", 5),
        ('KEY:={"a": [true, null]}', "KEY", {"a": [True, None]}),
        ('KEY:="x"', "KEY", "x"),
        ("$key_1=x", "$key_1", "x"),
        ("ключ=x", "ключ", "x"),
    ],
)
def test_a_define_is_a_name_and_a_text_or_json(entry, name, value):
    assert parse_define(entry) == (name, value)


@pytest.mark.parametrize("entry", ["KEY", "=x", "a b=x", "a.b=x", "1a=x", ":=1", "a-b=x"])
def test_a_define_of_another_form_is_refused_without_its_value(entry):
    with pytest.raises(UsageError, match="takes NAME=VALUE or NAME:=JSON"):
        parse_define(entry)


def test_a_define_that_is_no_json_is_refused():
    with pytest.raises(UsageError, match="--define KEY: what follows `:=` is not JSON") as caught:
        parse_define("KEY:=value")
    assert caught.value.hint == "Write KEY=VALUE for a text."


# --- JavaScript: declarations ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("const KEY = 'YOUR_KEY';", 'const KEY = "v"       ;'),
        ("let KEY = `t`\nnext()", 'let KEY = "v"\nnext()'),
        ("var KEY;", 'var KEY = "v";'),
        ("let KEY\n(f)()", 'let KEY = "v";\n(f)()'),
        ("var a = 1, KEY, b;", 'var a = 1, KEY = "v", b;'),
        ('var a = "",\n    KEY = "x", // c\n    b = [1, 2];',
         'var a = "",\n    KEY = "v", // c\n    b = [1, 2];'),
        ("const KEY = 'a' +\n  'b' +\n  f(1,\n 2), b = 1;", 'const KEY = "v"\n\n\n   , b = 1;'),
        ("const KEY = `a\nb`; c()", 'const KEY = "v"\n  ; c()'),
        ("const KEY = process(1)\nconst b = 2", 'const KEY = "v"       \nconst b = 2'),
        ("const KEY = a\n  .b()\n  || c\nd()", 'const KEY = "v"\n\n      \nd()'),
        ("const KEY = { a: 1,\n b: [';'] }\nd()", 'const KEY = "v"\n           \nd()'),
        ("KEY = 5;", 'KEY = "v";'),
        ("f();\nKEY = 5\ng()", 'f();\nKEY = "v"\ng()'),
        ("const KEY: string = 'x';", 'const KEY: string = "v";'),
        ("const KEY: Record<string, () => void> = {};",
         'const KEY: Record<string, () => void> = "v";'),
        ("let KEY: string;", 'let KEY: string = "v";'),
        ("let KEY: string\nnext()", 'let KEY: string = "v";\nnext()'),
        ("const r = /[/'\"]/, KEY = 1;", "const r = /[/'\"]/, KEY = \"v\";"),
        ("const q = a / b / c, KEY = 1;", 'const q = a / b / c, KEY = "v";'),
        ("const {a} = o, KEY = 1;", 'const {a} = o, KEY = "v";'),
        ("if (x) { y() } const KEY = 1", 'if (x) { y() } const KEY = "v"'),
    ],
)  # fmt: skip
def test_a_declaration_at_the_top_level_takes_the_value(text, filled):
    result = js(text, KEY="v")
    assert result.text == filled
    assert result.declared == {"KEY"}
    assert result.fixed == {}


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ('a"b\\c\n', '"a\\"b\\\\c\\n"'),
        ("it's", '"it\'s"'),
        ("\u2028é", '"\\u2028é"'),
        (5, "5"),
        (True, "true"),
        (None, "null"),
        ({"a": [1.5, "x"]}, '{"a": [1.5, "x"]}'),
    ],
)
def test_a_value_is_written_as_javascript_writes_it(value, written):
    assert js("const KEY=1", KEY=value).text == f"const KEY={written}"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("\nfunction KEY() {}", 2),
        ("class KEY {}", 1),
        ("const { KEY } = config;", 1),
        ("const { a: KEY } = config;", 1),
        ("const [a,\n KEY] = list;", 2),
        ("f(() => {\n  const a = 1, KEY = 2;\n});", 2),
        ("const f = () => {\n  let KEY;\n};", 2),
        ("for (const KEY of list) {}", 1),
    ],
)
def test_a_declaration_that_takes_no_value_is_refused_at_its_line(text, line):
    result = js(text, KEY="v")
    assert (result.text, dict(result.fixed)) == (text, {"KEY": line})
    with pytest.raises(UsageError, match="this declaration takes no value") as caught:
        check_used({"KEY": "v"}, [("a.js", result)])
    assert (caught.value.file, caught.value.line) == ("a.js", line)


@pytest.mark.parametrize(
    "text",
    ["// const KEY = 1", "/* KEY */", "'KEY'", "a.KEY = 1", "a?.KEY", "f({KEY: 1})", "`KEY`",
     "KEYS = 1"],
)  # fmt: skip
def test_what_only_looks_like_the_name_is_no_use_of_it(text):
    result = js(text, KEY="v")
    assert result.text == text
    assert result.used == frozenset()


@pytest.mark.parametrize(
    "text",
    ["f(KEY)", "`${KEY}`", "f({KEY})", "x ? KEY : 1", "declare const KEY: string;", "KEY.a = 1",
     "if (KEY == 1) {}"],
)  # fmt: skip
def test_a_name_that_is_used_and_not_declared_becomes_a_global_variable(text):
    result = js(text, KEY="v")
    assert result.text == text
    assert result.mentioned == {"KEY"}
    assert undeclared({"KEY": "v"}, [result]) == {"KEY": "v"}
    assert undeclared({"KEY": "v"}, [result, js("const KEY = 1", KEY="v")]) == {}
    check_used({"KEY": "v"}, [("a.js", result)])


# --- JavaScript: placeholders ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("f('a {{KEY}} b')", "f('a it\\'s \"${x}\"\\n b')"),
        ('f("{{ KEY }}")', 'f("it\'s \\"${x}\\"\\n")'),
        ("f(`{{KEY}}`)", "f(`it's \"\\${x}\"\\n`)"),
        ("f(`${a}{{KEY}}${`{{KEY}}`}`)",
         "f(`${a}it's \"\\${x}\"\\n${`it's \"\\${x}\"\\n`}`)"),
        ("const {a} = '{{KEY}}'", "const {a} = 'it\\'s \"${x}\"\\n'"),
    ],
)  # fmt: skip
def test_a_placeholder_in_braces_takes_the_value_as_its_quotes_need_it(text, filled):
    result = js(text, KEY='it\'s "${x}"\n')
    assert result.text == filled
    assert result.placed == {"KEY"}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("'YOUR_HOST'", "'h.example'"),
        ("'https://YOUR_HOST/webhook'", "'https://h.example/webhook'"),
        ("'<YOUR_HOST>'", "'h.example'"),
        ("`wss://${p}YOUR_HOST`", "`wss://${p}h.example`"),
        ("'YOUR_HOST_NAME and MY_YOUR_HOST'", "'YOUR_HOST_NAME and MY_YOUR_HOST'"),
        ("// YOUR_HOST", "// YOUR_HOST"),
    ],
)
def test_a_placeholder_that_begins_with_your_takes_the_value(text, filled):
    assert js(text, YOUR_HOST="h.example").text == filled


def test_a_placeholder_takes_json_as_its_text():
    assert js("'{{N}} {{L}}'", N=5, L=[1]).text == "'5 [1]'"


@pytest.mark.parametrize("text", ["KEY = f('{{A}}', B)", "const KEY = f('{{A}}', B)"])
def test_a_declaration_is_filled_in_as_a_whole(text):
    for language in ("javascript", "python"):
        result = fill_in(text.removeprefix("const "), {"KEY": "k", "A": "a"}, language)
        assert re.fullmatch(r"KEY = [\"']k[\"'] +", result.text)
    assert js(text, KEY="k", A="a").text.rstrip() == text.partition("f(")[0] + '"k"'


@pytest.mark.parametrize("language", ["javascript", "python"])
def test_a_declaration_with_a_placeholder_of_its_own_name_is_a_template(language):
    result = fill_in("HOST = 'https://{{HOST}}/'; f(HOST)", {"HOST": "h"}, language)
    assert result.text == "HOST = 'https://h/'; f(HOST)"
    assert undeclared({"HOST": "h"}, [result]) == {}
    assert (
        js("const HOST = `{{HOST}}:${1}`, b = 1", HOST="h").text == "const HOST = `h:${1}`, b = 1"
    )


def test_braces_that_are_no_placeholder_do_not_keep_a_declaration():
    assert py("HOST = f'{{HOST}}'", HOST="h").text.rstrip() == "HOST = 'h'"
    assert js("const HOST = 'x' + // {{HOST}}\n 'y'", HOST="h").text.rstrip() == 'const HOST = "h"'


def test_a_value_that_looks_like_a_placeholder_stays_as_it_is():
    assert js("'{{A}}'", A="{{B}} YOUR_X", B="b", YOUR_X="x").text == "'{{B}} YOUR_X'"


# --- Python ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ('KEY = "YOUR_KEY"  # c', "KEY = 'v'         # c"),
        ("é = 'ü'; KEY = 'ß'; x = 1", "é = 'ü'; KEY = 'v'; x = 1"),
        ('KEY = """a\nb"""; x = 1', "KEY = ('v'\n   ); x = 1"),
        ("KEY = ('a'\n 'b')", "KEY = (('v'\n   ))"),
        ("KEY: str = ''", "KEY: str = 'v'"),
        ("KEY: (str)", "KEY: (str) = 'v'"),
        ("KEY = a or b", "KEY = 'v'   "),
    ],
)
def test_an_assignment_at_the_top_level_takes_the_value(text, filled):
    result = py(text, KEY="v")
    assert (result.text, result.declared) == (filled, {"KEY"})
    namespace = {}
    exec(result.text, namespace)
    assert namespace["KEY"] == "v"


@pytest.mark.parametrize("value", ["'\"\n\\", 5, 1.5, True, None, [1, {"a": "b"}], "é😀\u2028"])
def test_a_value_is_written_as_python_writes_it(value):
    namespace = {}
    exec(py('KEY = """x\ny"""\nz = 1', KEY=value).text, namespace)
    assert namespace["KEY"] == value
    assert namespace["z"] == 1


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("\ndef KEY(): pass", 2),
        ("class KEY: pass", 1),
        ("import KEY", 1),
        ("from a import b as KEY", 1),
        ("KEY, a = 1, 2", 1),
        ("KEY = a = 2", 1),
        ("def f():\n    KEY = 1\n    return KEY", 2),
    ],
)
def test_a_binding_that_takes_no_value_is_refused_at_its_line(text, line):
    result = py(text, KEY="v")
    assert (result.text, dict(result.fixed)) == (text, {"KEY": line})
    with pytest.raises(UsageError, match="this declaration takes no value"):
        check_used({"KEY": "v"}, [("a.py", result)])


def test_a_name_that_a_function_makes_global_becomes_a_global_variable():
    result = py("def f():\n    global KEY\n    KEY = KEY + 1\n", KEY=1)
    assert undeclared({"KEY": 1}, [result]) == {"KEY": 1}
    assert result.fixed == {}


@pytest.mark.parametrize("quotes", ["'", '"', "'''", '"""'])
@pytest.mark.parametrize("prefix", ["", "r", "u", "R"])
def test_a_placeholder_between_any_quotes_takes_the_value(quotes, prefix):
    if prefix in ("r", "R"):
        text, whole = f"x = {prefix}{quotes}\\d {{{{KEY}}}} \\n{quotes}", "\\d {} \\n"
    else:
        text, whole = f"x = {prefix}{quotes}\\\\d {{{{KEY}}}} \\n{quotes}", "\\d {} \n"
    value = "'''\"\"\"\\ \n{x}"
    result = py(text, KEY=value)
    assert result.placed == {"KEY"}
    assert ast.literal_eval(result.text.removeprefix("x = ")) == whole.replace("{}", value)


@pytest.mark.parametrize("text", ["x = f'{{KEY}}'", "x = b'{{KEY}}'", "# {{KEY}}"])
def test_braces_that_mean_something_else_stay(text):
    assert py(text, KEY="v").text == text


def test_a_text_that_is_no_python_stays_and_its_error_comes_first():
    result = py("KEY = 1\nif x\n", KEY="v")
    assert (result.text, result.readable) == ("KEY = 1\nif x\n", False)
    check_used({"OTHER": 1}, [("a.py", result)])


# --- what nothing uses ----------------------------------------------------------------------------


def test_a_define_that_nothing_uses_names_a_near_one():
    files = [("a.js", js("const voxNum = 1; const x = '{{HOST}}'", voxNmu=1, HOSTS=1))]
    for name, near in (("voxNmu", "Did you mean `voxNum`?"), ("HOSTS", "Did you mean `HOST`?")):
        with pytest.raises(UsageError) as caught:
            check_used({name: 1}, files)
        assert str(caught.value) == (
            f"--define {name}: nothing in the scenario files uses this name. {near}"
        )
    with pytest.raises(UsageError) as caught:
        check_used({"zzz": 1}, files)
    assert caught.value.hint == ""


def test_a_name_that_is_local_in_one_file_and_filled_in_another_is_used():
    local, declared = js("f(() => { let KEY; })", KEY=1), js("var KEY;", KEY=1)
    check_used({"KEY": 1}, [("a.js", local), ("b.js", declared)])


# --- properties -----------------------------------------------------------------------------------

names = st.sampled_from(["KEY", "OTHER", "YOUR_HOST"])
values = st.text(max_size=8) | st.integers() | st.lists(st.text(max_size=3), max_size=2)
pieces = st.sampled_from(
    ["const ", "let ", "var ", "KEY", " = ", "'", '"', "`", "${", "{", "}", "(", ")", "[", "]",
     "\n", ";", ",", "1", "/", "//", "/*", "*/", "\\", "{{KEY}}", "YOUR_HOST", "=>", "OTHER",
     "function ", ":", "def f():\n    ", "'''", '"""', " ", "return ", "é", "\t"]
)  # fmt: skip
sources = st.lists(pieces, max_size=30).map("".join)


@given(sources | st.text(max_size=40), st.dictionaries(names, values))
def test_lines_never_move(text, defines):
    """Whatever the text and the values: the same number of lines, none of them in another place."""
    text = text.replace("\r", "\n")
    for language in ("javascript", "python"):
        result = fill_in(text, defines, language)
        assert result.text.count("\n") == text.count("\n")
        if not result.declared and not result.placed:
            assert result.text == text


@given(
    st.lists(st.sampled_from(["KEY = {}", "x = f(\n  KEY)", "y = '{{{{KEY}}}}'", "z = 1"])),
    st.sampled_from(["'a'", '"""a\nb"""', "[1,\n 2]", "f(\n)", "1"]),
    values,
)
def test_lines_without_the_name_are_the_same_in_python(statements, old, value):
    text = "\n".join(statement.format(old) for statement in statements)
    result = py(text, KEY=value)
    before, after = text.split("\n"), result.text.split("\n")
    for line, now in zip(before, after, strict=True):
        if line in ("z = 1", "x = f(", "  KEY)"):
            assert now == line
    if result.declared:
        ast.parse(result.text)


@given(values, st.sampled_from(["KEY = 1", 'KEY = """x\n"""', "KEY: object", "a = 1; KEY = a"]))
def test_python_reads_the_value_back(value, text):
    namespace = {}
    exec(py(text, KEY=value).text, namespace)
    assert namespace["KEY"] == value


@given(st.text(max_size=12), st.sampled_from(["'", '"']))
def test_a_filled_placeholder_is_one_string_of_javascript(value, quote):
    assume(all(ord(character) < 0xD800 for character in value))
    (token,) = tokenize(js(f"{quote}{{{{KEY}}}}{quote}", KEY=value).text)
    assert token.kind is Kind.STRING
    body = token.text[1:-1].replace("\\'", "'").replace('\\"', '"').replace('"', '\\"')
    assert json.loads(f'"{body}"') == value


@given(sources | st.text(max_size=60))
def test_tokens_are_pieces_of_the_text_in_order(text):
    at = 0
    for token in tokenize(text):
        assert at <= token.start < token.end
        assert text[token.start : token.end] == token.text
        assert token.start <= token.body_start <= token.body_end <= token.end
        at = token.end


def kinds(text):
    return [(token.kind.value, token.text) for token in tokenize(text)]


def test_tokens_of_javascript():
    assert kinds("a /b/ c; return /[/]\\//g.x // no\n") == [
        ("word", "a"), ("punctuation", "/"), ("word", "b"), ("punctuation", "/"), ("word", "c"),
        ("punctuation", ";"), ("word", "return"), ("regex", "/[/]\\//g"), ("punctuation", "."),
        ("word", "x"),
    ]  # fmt: skip
    assert kinds("`a${ {b: `c`} }d`") == [
        ("template", "`a"), ("punctuation", "${"), ("punctuation", "{"), ("word", "b"),
        ("punctuation", ":"), ("template", "`c`"), ("punctuation", "}"), ("punctuation", "}"),
        ("template", "d`"),
    ]  # fmt: skip
    assert kinds("1.5e-3 .5 0xFFn x?.y ?? 'a\\'b' => 'open") == [
        ("number", "1.5e-3"), ("number", ".5"), ("number", "0xFFn"), ("word", "x"),
        ("punctuation", "?."), ("word", "y"), ("punctuation", "??"), ("string", "'a\\'b'"),
        ("punctuation", "=>"), ("string", "'open"),
    ]  # fmt: skip
