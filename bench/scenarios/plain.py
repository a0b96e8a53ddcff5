"""Answers, and waits until the caller hangs up."""
# ruff: noqa: F821

from __future__ import annotations


def on_call(e):
    e.call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    e.call.answer()


VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
