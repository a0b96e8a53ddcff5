"""TypeScript scenarios, compiled by an esbuild that says what the real one (0.27) said."""

from __future__ import annotations

import stat
import sys
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxrt.errors import ScenarioSyntaxError, UsageError
from voxrt.run import RunConfig, run
from voxrt.scenario.typescript import SourceMap, compile_typescript, find_esbuild
from voxrt.session.journal import read_journal

SOURCE = """\
interface Guest { name: string }
enum Mode { A, B }
const greet = (g: Guest): string => `hi ${g.name}`;

function fail(e: any): void {
  const n: number = 5;
  (e as any).nothing.more();
}
Logger.write(greet({ name: "x" }) + Mode.B);
VoxEngine.addEventListener(AppEvents.Started, fail);
"""

COMPILED = """\
var Mode = /* @__PURE__ */ ((Mode2) => {
  Mode2[Mode2["A"] = 0] = "A";
  Mode2[Mode2["B"] = 1] = "B";
  return Mode2;
})(Mode || {});
const greet = (g) => `hi ${g.name}`;
function fail(e) {
  const n = 5;
  e.nothing.more();
}
Logger.write(greet({ name: "x" }) + 1 /* B */);
VoxEngine.addEventListener(AppEvents.Started, fail);
"""

MAPPINGS = (
    "AACA,IAAK,OAAL,kBAAKA,UAAL;AAAY,EAAAA,YAAA;AAAG,EAAAA,YAAA;AAAV,SAAAA;AAAA,GAAA;AACL,MAAM,QAAQ,CAAC,MAAqB,"
    "MAAM,EAAE,IAAI;AAEhD,SAAS,KAAK,GAAc;AAC1B,QAAM,IAAY;AAClB,EAAC,EAAU,QAAQ,KAAK;AAC1B;AACA,OAAO,MAAM,"
    "MAAM,EAAE,MAAM,IAAI,CAAC,IAAI,SAAM;AAC1C,UAAU,iBAAiB,UAAU,SAAS,IAAI;"
)

ERROR = """\
✘ [ERROR] Unexpected "="

    scenario.ts:1:9:
      1 │ const a: = 5;
        ╵          ^

"""

ESBUILD = """\
    #!{python}
    import base64, json, sys
    if "--loader=ts" not in sys.argv or "--sourcefile=scenario.ts" not in sys.argv:
        sys.exit("unexpected arguments: " + " ".join(sys.argv))
    source = sys.stdin.read()
    if "const a: =" in source:
        sys.stderr.write({error!r})
        sys.exit(1)
    if "broken" in source:
        sys.stderr.write("cannot start")
        sys.exit(2)
    if "no map" in source:
        print("1;")
        sys.exit()
    assert source == {source!r}, source
    text = json.dumps(dict(version=3, mappings={mappings!r})).encode()
    sys.stdout.write({compiled!r})
    print("//# sourceMappingURL=data:application/json;base64," + base64.b64encode(text).decode())
"""


@pytest.fixture
def scenario(tmp_path):
    """A folder `app/src` with a scenario, and esbuild in `app/node_modules`."""
    bin_ = tmp_path / "app" / "node_modules" / ".bin"
    bin_.mkdir(parents=True)
    script = bin_ / "esbuild"
    script.write_text(
        dedent(ESBUILD).format(
            python=sys.executable, error=ERROR, source=SOURCE, mappings=MAPPINGS, compiled=COMPILED
        ),
        encoding="utf-8",
    )
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    folder = tmp_path / "app" / "src"
    folder.mkdir()
    return folder / "scenario.ts"


def test_a_scenario_runs_and_its_stack_is_that_of_the_source(scenario):
    scenario.write_text(SOURCE, encoding="utf-8")
    result = run(
        RunConfig(
            scenarios=(scenario,), start=True, out=scenario.parent / "run", speech="synthetic"
        )
    )
    records = read_journal(result.files["journal"])
    assert [r["text"] for r in records if r["kind"] == "log"] == ["hi x1"]
    (error,) = (r for r in records if r["kind"] == "error")
    assert error["text"] == "cannot read property 'more' of undefined"
    assert (error["line"], error["source_line"]) == (7, "  (e as any).nothing.more();")
    assert error["stack"] == [f"{scenario}:7 in fail"]


def test_what_does_not_compile_is_told_at_its_place(scenario):
    with pytest.raises(ScenarioSyntaxError) as caught:
        compile_typescript("const a: = 5;\n", scenario)
    error = caught.value
    assert error.message == 'Unexpected "=".'
    assert (error.file, error.line, error.column) == (str(scenario), 1, 10)


def test_an_esbuild_that_fails_says_why(scenario):
    with pytest.raises(ScenarioSyntaxError, match="cannot start"):
        compile_typescript("broken", scenario)


def test_a_program_without_source_maps_is_none(scenario):
    with pytest.raises(UsageError, match="gave no source map"):
        compile_typescript("no map", scenario)


def test_the_nearest_one_is_taken_then_that_on_the_path(scenario, tmp_path, monkeypatch):
    installed = scenario.parents[1] / "node_modules" / ".bin" / "esbuild"
    assert find_esbuild(scenario) == str(installed)
    elsewhere = tmp_path / "elsewhere" / "scenario.ts"
    monkeypatch.setenv("PATH", str(installed.parent))
    assert find_esbuild(elsewhere) == str(installed)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="needs esbuild") as caught:
        find_esbuild(elsewhere)
    assert "npm install esbuild" in caught.value.hint
    assert caught.value.file == str(elsewhere)


def test_places_of_a_map():
    source_map = SourceMap.read(MAPPINGS)
    assert source_map.original(9, 3) == (7, 4)  # `e`, which stood in parentheses
    assert source_map.original(9, 1) == (7, 3)
    assert source_map.original(6, 1) == (3, 1)
    assert source_map.original(11, 1) == (9, 1)
    assert source_map.original(1000, 1) == (10, 51)
    assert SourceMap.read("").original(3, 4) == (3, 4)


def encoded(steps):
    """The base-64 VLQ of numbers, as a map has them."""
    digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    text = ""
    for step in steps:
        value = abs(step) << 1 | (step < 0)
        while True:
            value, bits = value >> 5, value & 31
            text += digits[bits | (32 if value else 0)]
            if not value:
                break
    return text


PLACES = st.lists(
    st.lists(st.tuples(st.integers(0, 500), st.integers(0, 9999), st.integers(0, 300)), max_size=6),
    max_size=8,
)


@given(PLACES)
def test_every_place_of_a_map_is_read(places):
    line = column = 0
    mappings = []
    lines = [sorted({place[0]: place for place in row}.values()) for row in places]
    for row in lines:
        at, segments = 0, []
        for generated, to_line, to_column in row:
            segments.append(encoded((generated - at, 0, to_line - line, to_column - column)))
            at, line, column = generated, to_line, to_column
        mappings.append(",".join(segments))
    source_map = SourceMap.read(";".join(mappings))
    for number, row in enumerate(lines, 1):
        for generated, to_line, to_column in row:
            assert source_map.original(number, generated + 1) == (to_line + 1, to_column + 1)
