"""Scripts run with the prelude's dates, on the engine's stock wrapper; also a process of its own.

The wrapper loses what a Python function raises, so the functions of the host answer in JSON and
the script's side throws.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import quickjs

from voxrt.errors import NotEmulatedError, VoxrtError
from voxrt.javascript import intl
from voxrt.javascript.preludes import KEPT

PRELUDES = Path(intl.__file__).with_name("prelude")
PRELUDE, INTL = PRELUDES / "dates.js", PRELUDES / "intl.js"

HOST = """
(function (now, call, make) {
  const { stringify, parse } = JSON, { is } = Object;
  const special = (key, value) => typeof value !== "number" ? value
    : is(value, -0) ? { number: "-0" } : value - value === 0 ? value : { number: `${value}` };
  const ask = (name) => (...given) => {
    const answer = parse(call(name, stringify(given, special)));
    if ("value" in answer) return answer.value;
    throw new ({ RangeError, TypeError }[answer.error] ?? Error)(answer.message);
  };
  const host = { now, loadIntl: () => ({ make, host }) };
  for (const name of ["formatDate", "resolvedDate", "formatNumber", "resolvedNumber",
    "supportedLocales", "notEmulated"]) host[name] = ask(name);
  return host;
})
"""


#: What a script may do to the language.
DATE_PATCHES = """
  for (const name of Object.getOwnPropertyNames(Date.prototype))
    if (name !== "constructor") Date.prototype[name] = () => { throw "patched"; };
  Date.prototype[Symbol.iterator] = 5;
"""
PATCHES = """
  for (const target of [Function.prototype, String.prototype, Array.prototype, WeakMap.prototype,
    RegExp.prototype, Reflect, Math, Number.prototype])
    for (const name of Object.getOwnPropertyNames(target)) {
      if (name === "constructor" || name === "toLocaleString" || name === "length") continue;
      try { target[name] = () => { throw "patched"; }; } catch {}
    }
  Object.defineProperty(Object.prototype, "get", { value: 1, configurable: true });
  Object.prototype.hour = "2-digit";
"""


def not_emulated(name):
    raise NotEmulatedError(f"{name} is not emulated.")


FUNCTIONS = {
    "formatDate": intl.format_date,
    "resolvedDate": intl.resolved_date,
    "formatNumber": intl.format_number,
    "resolvedNumber": intl.resolved_number,
    "supportedLocales": intl.supported_locales,
    "notEmulated": not_emulated,
}


def special(fields):
    """JSON has no NaN, no infinities and no -0."""
    return float(fields["number"]) if fields.keys() == {"number"} else fields


def answer(name, given):
    try:
        return json.dumps({"value": FUNCTIONS[name](*json.loads(given, object_hook=special))})
    except VoxrtError as error:
        kind = getattr(error, "javascript_class", "Error")
        if kind == "Error" and isinstance(error, TypeError):
            kind = "TypeError"
        return json.dumps({"error": kind, "message": f"{error.code} {error.message}"})


class Engine:
    """A context with the session's dates; `now_ms` is what its clock shows."""

    def __init__(self, now_ms=1_700_000_000_123.75, before=""):
        self.now_ms = now_ms
        self.context = quickjs.Context()
        self.context.eval(before)
        self.context.add_callable("__now", lambda: self.now_ms)
        self.context.add_callable("__call", answer)
        host = f"{HOST}(__now, __call, {INTL.read_text()})"
        kept = ", ".join(f"'{path}': {path}" for path in KEPT)
        made = f"({PRELUDE.read_text()})({host}, {{ {kept} }})"
        self.context.eval(f"""(() => {{
          const made = {made};
          for (const path in made) {{
            const at = path.lastIndexOf(".");
            Object.defineProperty(at < 0 ? globalThis : eval(path.slice(0, at)), path.slice(at + 1),
              {{ value: made[path](), writable: true, configurable: true }});
          }}
        }})()""")
        self.context.eval("delete globalThis.__now; delete globalThis.__call")

    def run(self, script):
        """What the script's last expression is, through JSON; NaN and the like as text."""
        text = self.context.eval(self._shown(script))
        return json.loads(text)

    @staticmethod
    def _shown(script):
        return f"""(() => {{
          const shown = (key, value) => value === undefined ? "undefined"
            : Object.is(value, -0) ? "-0"
            : typeof value === "number" && value - value !== 0 ? String(value) : value;
          try {{ return JSON.stringify((0, eval)({json.dumps(script)}), shown); }}
          catch (error) {{ return JSON.stringify(`${{error.name}}: ${{error.message}}`); }}
        }})()"""


def in_zone(zone, scripts, now_ms=0):
    """What the scripts give in a process whose local time is that of a zone."""
    done = subprocess.run(
        [sys.executable, __file__],
        input=json.dumps({"scripts": scripts, "now_ms": now_ms}),
        env=os.environ | {"TZ": zone},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def native_hour(zone):
    """The hour that the engine's own Date has for 1970 in a process of a zone."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import quickjs; print(quickjs.Context().eval('new Date(0).getHours()'))",
        ],
        env=os.environ | {"TZ": zone},
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout)


def main():
    given = json.load(sys.stdin)
    engine = Engine(given["now_ms"])
    json.dump([engine.run(script) for script in given["scripts"]], sys.stdout)


if __name__ == "__main__":
    main()
