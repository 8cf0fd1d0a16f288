"""Stripe is away, loses answers, forgets keys or refuses: nothing twice, nothing lost."""

from decimal import Decimal

import pytest

from billing.events import OrderBilled, PaymentChallenged, PaymentFailed, PaymentRefunded
from billing.stripe import StripeProcessor
from eventbus.delivery.models import Delivery
from eventbus.testing import emitted, given
from tests.unit.billing import facts
from tests.unit.billing.stripe.facts import UNITS, begun, placed, the_payment
from tests.unit.billing.stripe_server import Refused

pytestmark = pytest.mark.django_db

#: What can happen to a call, and whether Stripe has by then forgotten the key of its first try.
TROUBLES = [(trouble, day) for trouble in ("unavailable", "busy", "lost") for day in (False, True)]


def troubled(stripe_server, trouble, a_day_later, event):
    """Billing reacts to this while Stripe is in trouble, and again when that is over."""
    stripe_server.troubles = [trouble]
    facts.emit_with_deliveries(event)
    assert facts.deliver(event) == "failed"
    if a_day_later:
        stripe_server.forget_keys()
    assert facts.deliver(event) == "done"


@pytest.mark.parametrize("trouble", ["unavailable", "busy", "lost"])
def test_page_is_opened_once(order_id, stripe_server, trouble):
    troubled(stripe_server, trouble, False, placed(order_id))
    (page,) = stripe_server.sessions.values()
    assert [challenged.url for challenged in emitted(PaymentChallenged)] == [page["url"]]


def test_page_whose_answer_was_lost_for_a_day_is_known_to_nobody(order_id, stripe_server):
    troubled(stripe_server, "lost", True, placed(order_id))
    _lost, known = stripe_server.sessions.values()
    assert [challenged.url for challenged in emitted(PaymentChallenged)] == [known["url"]]


@pytest.mark.parametrize(("trouble", "a_day_later"), TROUBLES)
def test_money_is_taken_once(held, stripe_server, trouble, a_day_later):
    troubled(stripe_server, trouble, a_day_later, facts.reserved(held))
    assert the_payment(stripe_server)["amount_received"] == UNITS
    assert len(emitted(OrderBilled)) == 1


@pytest.mark.parametrize(("trouble", "a_day_later"), TROUBLES)
def test_hold_is_released_once(held, stripe_server, trouble, a_day_later):
    troubled(stripe_server, trouble, a_day_later, facts.cancelled(held))
    assert the_payment(stripe_server)["status"] == "canceled"
    assert facts.nothing_is_open(held)


@pytest.mark.parametrize(("trouble", "a_day_later"), TROUBLES)
def test_page_is_closed_once(order_id, stripe_server, trouble, a_day_later):
    page = begun(order_id)
    troubled(stripe_server, trouble, a_day_later, facts.cancelled(order_id))
    assert stripe_server.sessions[page]["status"] == "expired"
    assert facts.nothing_is_open(order_id)


@pytest.mark.parametrize(("trouble", "a_day_later"), TROUBLES)
def test_money_goes_back_once(held, stripe_server, trouble, a_day_later):
    given(facts.reserved(held), to="billing")
    troubled(stripe_server, trouble, a_day_later, facts.cancelled(held))
    assert [refund["amount"] for refund in stripe_server.refunds.values()] == [UNITS]
    assert len(emitted(PaymentRefunded)) == 1


def test_worker_killed_after_the_money_was_taken_does_not_take_it_again(
    held, stripe_server, monkeypatch
):
    reserved = facts.reserved(held)
    facts.emit_with_deliveries(reserved)
    take = StripeProcessor.capture

    def killed_afterwards(*args, **asked):
        take(*args, **asked)
        raise facts.Killed

    with monkeypatch.context() as dying:
        dying.setattr(StripeProcessor, "capture", killed_afterwards)
        assert facts.deliver(reserved) == "killed"
    stripe_server.forget_keys()
    assert facts.deliver(reserved) == "done"
    assert the_payment(stripe_server)["amount_received"] == UNITS
    assert len(emitted(OrderBilled)) == 1


def test_card_that_is_declined_when_the_money_is_taken_is_a_refused_payment(held, stripe_server):
    stripe_server.troubles = [
        Refused(
            402,
            "card_error",
            "card_declined",
            "Your card is empty.",
            decline_code="insufficient_funds",
        )
    ]
    given(facts.reserved(held), to="billing")
    (failed,) = emitted(PaymentFailed)
    not_enough = "There is not enough money on the account."
    assert (failed.code, failed.reason) == ("insufficient_funds", not_enough)


def test_few_cents_that_no_card_pays_are_a_refused_payment(order_id, stripe_server):
    given(placed(order_id).model_copy(update={"total": Decimal("0.10")}), to="billing")
    (failed,) = emitted(PaymentFailed)
    assert (failed.code, failed.reason) == ("amount", "This amount cannot be paid by card.")
    assert not stripe_server.sessions


def test_wrong_secret_key_is_an_error_to_be_seen_and_moves_no_money(
    order_id, stripe_server, settings
):
    settings.STRIPE_SECRET_KEY = "sk_test_other"
    event = placed(order_id)
    facts.emit_with_deliveries(event)
    assert facts.deliver(event) == "failed"
    assert "AuthenticationError" in Delivery.objects.get(event=event.id, app="billing").error
    assert not stripe_server.sessions
