"""Billing with Stripe, and a small Stripe on this machine."""

import threading

import pytest

from eventbus.testing import given
from tests.unit.billing import facts
from tests.unit.billing.stripe.facts import placed, tell
from tests.unit.billing.stripe_server import KEY, WEBHOOK_SECRET, StripeServer


@pytest.fixture
def stripe_server():
    with StripeServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def processor(settings, stripe_server):
    """In place of the troubled sandbox of billing's other tests."""
    settings.PAYMENT_GATEWAY = "stripe"
    settings.STRIPE_SECRET_KEY = KEY
    settings.STRIPE_WEBHOOK_SECRET = WEBHOOK_SECRET
    settings.STRIPE_API_BASE = stripe_server.address
    return stripe_server


@pytest.fixture
def held(order_id, stripe_server):
    """An order whose shopper has paid, while its stock is not reserved yet."""
    given(placed(order_id), facts.cleared(order_id), to="billing")
    tell(stripe_server.pay(next(iter(stripe_server.sessions))))
    facts.settle_billing()
    return order_id
