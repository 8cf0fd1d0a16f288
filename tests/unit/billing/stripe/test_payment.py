"""A payment on Stripe's page, from the page to the money."""

import pytest
from django.utils import translation

from billing.events import (
    CheckPayment,
    OrderBilled,
    PaymentAuthorized,
    PaymentChallenged,
    PaymentFailed,
    PaymentRefunded,
    PaymentVoided,
)
from billing.services import pay_again
from eventbus.testing import emitted, given
from tests.unit.billing import facts
from tests.unit.billing.stripe.facts import (
    UNITS,
    begun,
    called,
    come_back,
    placed,
    tell,
    the_payment,
)

pytestmark = pytest.mark.django_db


def test_shopper_is_sent_to_stripes_page_and_back_to_the_order(order_id, stripe_server, settings):
    page = stripe_server.sessions[begun(order_id)]
    (challenged,) = emitted(PaymentChallenged)
    assert challenged.url == page["url"]
    assert page["cancel_url"] == f"{settings.SHOP_URL}/orders/{order_id}/"
    assert page["metadata"]["order_id"] == str(order_id)
    assert (page["amount_total"], page["currency"]) == (UNITS, "eur")


def test_page_speaks_the_shoppers_language_and_leads_back_to_pages_in_it(order_id, stripe_server):
    given(placed(order_id).model_copy(update={"language": "de"}), to="billing")
    (page,) = stripe_server.sessions.values()
    with translation.override("de"):
        assert page["_name"] == translation.gettext("Your order")
    assert "/de/orders/" in page["cancel_url"]


def test_paid_order_is_held_taken_and_billed(order_id, stripe_server):
    assert tell(stripe_server.pay(begun(order_id))) == 200
    assert called(stripe_server, "/capture") == 0, "a message only notes a fact"
    facts.settle_billing()
    assert the_payment(stripe_server)["amount_received"] == UNITS
    assert len(emitted(PaymentAuthorized)) == len(emitted(OrderBilled)) == 1


def test_money_is_only_held_while_the_stock_is_not_reserved(order_id, stripe_server):
    given(placed(order_id), facts.cleared(order_id), to="billing")
    tell(stripe_server.pay(next(iter(stripe_server.sessions))))
    facts.settle_billing()
    assert the_payment(stripe_server)["status"] == "requires_capture"
    given(facts.reserved(order_id), to="billing")
    assert the_payment(stripe_server)["status"] == "succeeded"


def test_return_of_the_shopper_is_enough_without_any_message(order_id, stripe_server):
    page = begun(order_id)
    stripe_server.pay(page)
    assert come_back(stripe_server, page).url == f"/orders/{order_id}/"
    facts.settle_billing()
    assert len(emitted(OrderBilled)) == 1


def test_return_and_message_together_take_the_money_once(order_id, stripe_server):
    page = begun(order_id)
    message = stripe_server.pay(page)
    come_back(stripe_server, page)
    come_back(stripe_server, page)
    tell(message)
    assert len(emitted(CheckPayment)) == 2
    facts.settle_billing()
    assert called(stripe_server, "/capture") == len(emitted(OrderBilled)) == 1


def test_shopper_who_comes_back_without_paying_may_still_pay(order_id, stripe_server):
    page = begun(order_id)
    come_back(stripe_server, page)
    facts.settle_billing()
    assert facts.charge_of(order_id).state == "challenged"
    tell(stripe_server.pay(page))
    facts.settle_billing()
    assert len(emitted(PaymentChallenged)) == len(emitted(OrderBilled)) == 1


def test_return_with_a_foreign_page_is_not_noted(order_id, stripe_server):
    page = stripe_server.sessions[begun(order_id)]
    page["success_url"] = page["success_url"].replace("{CHECKOUT_SESSION_ID}", "cs_guessed")
    come_back(stripe_server, page["id"])
    assert not emitted(CheckPayment)


def test_page_left_for_a_day_is_a_refused_payment_and_the_next_has_a_page_of_its_own(
    order_id, stripe_server
):
    tell(stripe_server.expire(begun(order_id)))
    facts.settle_billing()
    assert [failed.code for failed in emitted(PaymentFailed)] == ["session_expired"]
    pay_again(order_id, None)
    facts.settle_billing()
    first, second = (challenged.url for challenged in emitted(PaymentChallenged))
    assert first != second
    tell(stripe_server.pay(second.rpartition("/")[2]))
    facts.settle_billing()
    assert len(emitted(OrderBilled)) == 1


def test_page_of_a_cancelled_order_is_closed(order_id, stripe_server):
    page = begun(order_id)
    given(facts.cancelled(order_id), to="billing")
    assert stripe_server.sessions[page]["status"] == "expired"
    assert facts.charge_of(order_id).state == "voided"
    assert not emitted(PaymentVoided), "nothing was held"


def test_hold_on_an_order_cancelled_while_its_shopper_paid_is_released(order_id, stripe_server):
    stripe_server.pay(begun(order_id))
    given(facts.cancelled(order_id), to="billing")
    assert the_payment(stripe_server)["status"] == "canceled"
    assert facts.nothing_is_open(order_id)


def test_hold_of_a_cancelled_order_is_released(order_id, stripe_server):
    given(placed(order_id), facts.cleared(order_id), to="billing")
    tell(stripe_server.pay(next(iter(stripe_server.sessions))))
    facts.settle_billing()
    given(facts.cancelled(order_id), to="billing")
    assert the_payment(stripe_server)["status"] == "canceled"
    assert len(emitted(PaymentVoided)) == 1


def test_taken_money_of_a_cancelled_order_goes_back(order_id, stripe_server):
    tell(stripe_server.pay(begun(order_id)))
    facts.settle_billing()
    given(facts.returned(order_id, "5.50"), facts.cancelled(order_id), to="billing")
    assert [refund["amount"] for refund in stripe_server.refunds.values()] == [550, UNITS - 550]
    assert len(emitted(PaymentRefunded)) == 2


def test_hold_that_lapsed_is_a_refused_payment(order_id, stripe_server):
    given(placed(order_id), facts.cleared(order_id), to="billing")
    tell(stripe_server.pay(next(iter(stripe_server.sessions))))
    facts.settle_billing()
    stripe_server.lapse()
    given(facts.reserved(order_id), to="billing")
    assert [failed.code for failed in emitted(PaymentFailed)] == ["authorization_lapsed"]
