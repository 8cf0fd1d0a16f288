"""Stripe's messages: signed, each kept once, in any order, and nothing more than noted."""

import time

import pytest
from django.test import Client

from billing import adapters
from billing.events import (
    CheckPayment,
    OrderBilled,
    PaymentAuthorized,
    PaymentChallenged,
    PaymentFailed,
)
from billing.models import StripeNotice
from billing.stripe import StripeProcessor
from eventbus.delivery import ledger
from eventbus.delivery.models import OutboxEvent
from eventbus.testing import emitted, given
from tests.unit.billing import facts
from tests.unit.billing.stripe.facts import begun, placed, tell, the_payment
from tests.unit.billing.stripe_server import signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def message(order_id, stripe_server):
    """Return what Stripe says about a page that was paid on."""
    return stripe_server.pay(begun(order_id))


def test_message_that_comes_again_and_again_is_kept_once(message):
    assert [tell(message) for _ in range(3)] == [200, 200, 200]
    assert len(emitted(CheckPayment)) == StripeNotice.objects.count() == 1


def test_message_signed_with_another_secret_is_refused(message):
    assert tell(message, secret="whsec_other") == 400
    assert not emitted(CheckPayment)


def test_message_signed_long_ago_is_refused(message):
    assert tell(message, at=time.time() - 3600) == 400
    assert not emitted(CheckPayment)


def test_message_changed_on_its_way_is_refused(message):
    post = signed(message)
    post["data"] = post["data"].replace("complete", "expired")
    assert Client().post("/billing/stripe/webhook/", **post).status_code == 400


@pytest.mark.parametrize("body", [b"", b"no json", b"\xff"])
def test_what_is_no_message_at_all_is_refused(body):
    post = {"data": body, "content_type": "application/json"}
    assert Client().post("/billing/stripe/webhook/", **post).status_code == 400


def test_message_needs_no_token_against_forged_forms(message):
    client = Client(enforce_csrf_checks=True)
    assert client.post("/billing/stripe/webhook/", **signed(message)).status_code == 200


def test_message_of_an_unknown_kind_is_received_and_ignored(stripe_server):
    assert tell(stripe_server.message("customer.created", {"id": "cus_1"})) == 200
    assert not StripeNotice.objects.exists()


@pytest.mark.parametrize(
    "metadata", [{}, {"order_id": "b1f6f9b8-7c4f-4f4a-8d8f-3c8c4f9f9f9f", "key": "x"}]
)
def test_message_about_a_payment_that_is_not_ours_is_received_and_ignored(stripe_server, metadata):
    session = {"id": "cs_other", "metadata": metadata}
    assert tell(stripe_server.message("checkout.session.completed", session)) == 200
    assert not StripeNotice.objects.exists()


def test_late_word_that_the_page_has_closed_does_not_undo_a_payment(
    order_id, stripe_server, message
):
    tell(stripe_server.message("checkout.session.expired", message["data"]["object"]))
    tell(message)
    facts.settle_billing()
    assert len(emitted(OrderBilled)) == 1
    assert not emitted(PaymentFailed)


def test_message_about_a_page_whose_own_answer_was_lost_counts(order_id, stripe_server):
    event = placed(order_id)
    stripe_server.troubles = ["lost"]
    facts.emit_with_deliveries(event)
    assert facts.deliver(event) == "failed"
    (page,) = stripe_server.sessions
    tell(stripe_server.pay(page))
    (notified,) = emitted(CheckPayment)
    ledger.create_deliveries(OutboxEvent.objects.filter(id=notified.id))
    assert facts.deliver(notified) == "done"
    assert facts.charge_of(order_id).state == "authorized"
    assert facts.deliver(event) == "done"
    assert len(stripe_server.sessions) == len(emitted(PaymentAuthorized)) == 1


def test_message_that_is_quicker_than_our_own_answer_counts(order_id, stripe_server, monkeypatch):
    class Overtaken(StripeProcessor):
        def authorize(self, key, **asked):
            answer = super().authorize(key, **asked)
            tell(stripe_server.pay(answer.reference))
            facts.settle_billing()
            return answer

    monkeypatch.setattr(adapters, "processor", Overtaken)
    given(placed(order_id), facts.reserved(order_id), facts.cleared(order_id), to="billing")
    assert the_payment(stripe_server)["status"] == "succeeded"
    assert not emitted(PaymentChallenged), "who has paid is not asked to pay"
    assert len(emitted(OrderBilled)) == 1
