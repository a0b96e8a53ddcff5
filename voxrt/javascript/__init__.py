"""The JavaScript engine: QuickJS-ng, and the bridge between its values and the platform's objects.

It knows nothing of scenario files or runs; `voxrt.scenario.javascript` uses it for those.
"""

from voxrt.javascript.errors import JavaScriptError
from voxrt.javascript.preludes import completed, define_dates
from voxrt.javascript.runtime import Compiled, Runtime, ScriptFunction

__all__ = [
    "Compiled",
    "JavaScriptError",
    "Runtime",
    "ScriptFunction",
    "completed",
    "define_dates",
]
