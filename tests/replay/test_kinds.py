"""The table of stimuli and effects has every kind of record that there is."""

from __future__ import annotations

import re
from pathlib import Path

from voxrt.replay.kinds import ROLES, Role, is_counted, role_of

ROOT = Path(__file__).parents[2]


def test_each_kind_of_the_architectures_table_has_its_role():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    table = text.partition("## The journal")[2].partition("\n## ")[0]
    kinds = re.findall(r"^\| `([a-z-]+)` \|", table, re.M)
    assert len(kinds) > 15
    assert set(kinds) == set(ROLES)


def test_what_came_and_what_was_done():
    def role(kind, **fields):
        return role_of({"kind": kind, **fields})

    assert role("far", action="digit") is Role.STIMULUS
    assert role("provider", direction="received") is Role.STIMULUS
    assert role("provider", direction="sent") is Role.EFFECT
    assert role("http", state="reply") is Role.STIMULUS
    assert role("http", state="request") is Role.EFFECT
    assert role("warning", code="gave-up") is Role.ASIDE
    assert role("warning", code="limit") is Role.EFFECT
    assert role("something-new") is Role.EFFECT


def test_what_was_heard_orders_nothing():
    assert not is_counted({"kind": "heard", "by": "caller"})
    assert is_counted({"kind": "event"})
    assert not is_counted({"kind": "run"})
