"""The whole order, all apps together, with Stripe as the card processor."""

from datetime import timedelta

import pytest

from billing.events import PaymentChallenged, PaymentCompleted
from eventbus.testing import emitted, settle
from orders.services import request_cancellation
from tests.scenarios.conftest import broken_rules, buy, small_shop, state_of
from tests.unit.billing.stripe.facts import come_back, tell, the_payment

pytestmark = pytest.mark.django_db


@pytest.fixture
def unpaid(settings):
    """An order that only waits for its shopper to pay."""
    settings.PACKING_TIME = timedelta(0)
    small_shop(settings)
    order = buy(card="")
    settle()
    return order


def page_of(order) -> str:
    (challenged,) = emitted(PaymentChallenged, order_id=order.id)
    return challenged.url.rpartition("/")[2]


@pytest.mark.parametrize("seed", range(3))
def test_order_paid_on_stripes_page_goes_all_the_way(unpaid, stripe_server, seed):
    message = stripe_server.pay(page_of(unpaid))
    tell(message)
    come_back(stripe_server, page_of(unpaid))
    tell(message)
    settle(seed=seed, copies=2)
    assert state_of(unpaid) == "completed"
    assert the_payment(stripe_server)["amount_received"] == unpaid.total.amount * 100
    assert len(emitted(PaymentCompleted)) == 1
    assert not broken_rules()


def test_order_cancelled_before_it_is_paid_ends(unpaid, stripe_server):
    request_cancellation(unpaid.id)
    settle()
    assert state_of(unpaid) == "cancelled"
    assert stripe_server.sessions[page_of(unpaid)]["status"] == "expired"
    assert not broken_rules()
