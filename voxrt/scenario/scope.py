"""What `__name__` says in a scenario.

Scenario files share one global dict that is no module. A few parts of the standard library
(`dataclasses`, `typing`) look a class's module up in `sys.modules` all the same, so the name must
belong to a module that exists: this one, empty. It is not `"__main__"`, so that a scenario may
end with `if __name__ == "__main__":` and run itself.
"""

from __future__ import annotations

__all__: list[str] = []
