"""Lets nothing in a scenario catch the end of its time.

A callback that computes for too long is ended by `CallbackTimeout`, raised into its code. Where
the code catches everything, in a loop at that, it would go on for ever: so a handler that catches
everything gets another one before it, which hands the time-out on:

    except __CallbackTimeout__:
        raise
    except BaseException: ...

Handlers of `Exception` and below do not catch it, and stay as they are.
"""

from __future__ import annotations

import ast

#: The name of the exception in a scenario's globals.
NAME = "__CallbackTimeout__"


def hand_on_timeouts(tree: ast.Module) -> ast.Module:
    """Puts the handler before every one of the module that catches everything."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Try):
            _hand_on(node)
    return tree


def _hand_on(node: ast.Try) -> None:
    for index, handler in enumerate(node.handlers):
        if _catches_everything(handler):
            again = ast.ExceptHandler(ast.Name(NAME, ast.Load()), None, [ast.Raise()])
            for part in ast.walk(again):
                ast.copy_location(part, handler)
            node.handlers.insert(index, again)
            return


def _catches_everything(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    return any(
        isinstance(part, ast.Name) and part.id == "BaseException" for part in ast.walk(handler.type)
    )
