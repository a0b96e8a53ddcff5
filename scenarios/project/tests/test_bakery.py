"""The bakery's project: each rule is called as the platform would call it."""

from __future__ import annotations

import pytest

from voxrt.testing import caller, party, tool, tool_output

SHOP_NUMBER = "18005550100"


@pytest.fixture
def bakery():
    """What a deployment fills in: the number of the shop, and the credentials."""
    return {"project": "..", "define": {"SHOP_NUMBER": SHOP_NUMBER}}


# --- the rule `orders`: customers call, and talk with a voice agent ---------------------------


@pytest.fixture
def customer(voxrt, bakery):
    """A customer who has dialled the shop's number."""
    return voxrt.call(
        **bakery,
        to=SHOP_NUMBER,
        replace={"credentials": "../local/credentials.js"},
        agent="../agent.yaml",
    )


def test_a_customer_orders_bread(customer):
    customer.hear("Bread and Butter, good morning.")
    customer.say("Good morning, I would like two loaves of rye bread, please.")
    customer.expect(tool("place_order", loaves=2), tool_output("place_order", ok=True))
    customer.hear("Two loaves of rye bread, ready at noon.")
    customer.say("That is all, thank you. Goodbye!")
    customer.hear("Thank you, and goodbye!")
    customer.is_hung_up()

    assert customer.logs == [f"{SHOP_NUMBER}: 2 loaves"]
    assert customer.heard.longest_response_ms < 2500


# --- the rule `ready`: the Management API starts a session that calls the customer ------------


def test_the_customer_hears_that_the_order_is_ready(voxrt, bakery):
    ann = voxrt.start(
        **bakery,
        rule="ready",
        custom_data={"phone": "15557654321"},
        parties=[party("15557654321", name="Ann", answer_after_ms=2000).say("Hello?")],
    )
    ann.hear("this is the bakery Bread and Butter. Your order is ready.")
    ann.is_hung_up()


@pytest.mark.parametrize("outcome", [{"busy": True}, {"fail": "declined"}, {"no_answer": True}])
def test_a_customer_who_is_not_reached_ends_the_session(voxrt, bakery, outcome):
    run = voxrt.run(
        **bakery,
        rule="ready",
        start=True,
        custom_data={"phone": "15557654321"},
        parties=[party("15557654321", **outcome)],
    )
    assert "Call.Failed" in run.events
    assert run.result.finish_reason == "Normal termination"


def test_without_a_number_nobody_is_called(voxrt, bakery):
    run = voxrt.run(**bakery, rule="ready", start=True, caller=caller())
    assert run.logs == ["There is nobody to call."]
    assert run.calls == []
