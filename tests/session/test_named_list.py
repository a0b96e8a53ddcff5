"""Lists that are read by name too, and time of a callback that is not counted."""

from __future__ import annotations

import threading

import pytest

from voxrt.clock import cpu_time_us
from voxrt.session.limits import CallbackBudget, CallbackTimeout, Limits
from voxrt.session.values import NamedList, Struct, plain, wrap

PAIRS = [("A", "1"), ("B-C", "2"), ("A", "3")]


def test_a_named_list_is_a_list_of_objects():
    headers = NamedList(PAIRS)
    assert headers == [{"key": key, "value": value} for key, value in PAIRS]
    assert headers[1].value == "2"
    assert headers[-1] == Struct(key="A", value="3")
    assert len(headers) == 3
    assert plain(headers) == [{"key": key, "value": value} for key, value in PAIRS]


def test_a_named_list_is_read_by_name():
    headers = NamedList(PAIRS)
    assert headers.named == {"A": "3", "B-C": "2"}
    assert headers["B-C"] == "2"
    assert headers.A == "3"
    assert headers["a"] is None
    assert headers.nothing is None
    assert not hasattr(headers, "__wrapped__")


def test_an_event_keeps_it():
    headers = NamedList(PAIRS)
    assert wrap({"headers": headers}).headers is headers


def compute(ms):
    until_us = cpu_time_us() + ms * 1_000
    while cpu_time_us() < until_us:
        sum(range(20_000))  # asking for the time is the system's work, which is not counted


@pytest.mark.parametrize("in_main_thread", [True, False])
def test_what_is_done_on_behalf_of_a_callback_is_not_its_time(in_main_thread):
    budget = CallbackBudget(Limits(callback_s=0.2), lambda text: None)
    outcomes = []

    def attempt(paused, counted_ms):
        def step():
            with budget.paused():
                compute(paused)
            compute(counted_ms)

        try:
            budget.run(step)
        except CallbackTimeout:
            outcomes.append("over")
        else:
            outcomes.append("fine")

    def work():
        attempt(400, 10)
        # A signal interrupts it, at some time; in another thread its time is looked at afterwards.
        attempt(0, 20_000 if in_main_thread else 500)

    if in_main_thread:
        work()
    else:
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert outcomes == ["fine", "over"]


def test_a_pause_outside_of_a_callback_is_harmless():
    budget = CallbackBudget(Limits(), lambda text: None)
    with budget.paused():
        pass
    assert budget.run(lambda: 5) == 5
