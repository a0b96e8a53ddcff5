"""Arguments that a scenario's function gets: as many as it takes."""

from __future__ import annotations

from functools import partial

import pytest

from voxrt.session.calling import fitting


class Told:
    """Called itself, and by a method."""

    def __call__(self, event):
        """Takes one."""

    def by(self, event, other=None):
        """Takes two."""

    @classmethod
    def of(cls):
        """Takes none."""


class Any:
    """Takes any number."""

    def __call__(self, *events):
        """Takes them."""


@pytest.mark.parametrize(
    ("function", "taken"),
    [
        (lambda: None, 0),
        (lambda a: None, 1),
        (lambda a, b=1: None, 2),
        (lambda *all_: None, 3),
        (lambda a, *, b=1: None, 1),
        (Told(), 1),
        (Told().by, 2),
        (Told.of, 0),
        (Any(), 3),
        (partial(lambda a, b: None, "bound"), 1),
        (partial(Told().by, "bound"), 1),
        (Told, 3),
        (print, 3),
        ([].append, 3),
    ],
)
def test_surplus_arguments_are_dropped(function, taken):
    given = ("event", "more", "most")
    assert fitting(function, given) == given[:taken]
