"""After a refusal another card pays, once, and nothing of the first one's counts for it."""

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.utils import timezone
from hypothesis import given as for_all
from hypothesis import strategies as st

from billing import services
from billing.errors import CannotPayAgain
from billing.events import (
    OrderBilled,
    PaymentAuthorized,
    PaymentChallenged,
    PaymentCompleted,
    PaymentFailed,
    PaymentRetried,
)
from billing.models.card_payment import MOST_CARDS
from billing.services import tokenize
from eventbus.testing import emitted, given
from tests.unit.billing import facts
from tests.unit.billing.facts import CHALLENGED_CARD, DECLINED_CARD, GOOD_CARD, LAPSED_CARD
from tests.unit.billing.test_any_order import TROUBLE, few
from tests.unit.billing.test_race import at_once

pytestmark = pytest.mark.django_db

GOOD = tokenize(GOOD_CARD)


def pay_again(order_id, card=GOOD_CARD, **seen):
    services.pay_again(order_id, tokenize(card), **seen)
    facts.settle_billing()


@pytest.fixture(params=[DECLINED_CARD, LAPSED_CARD])
def refused(order_id, request):
    """An order whose card was declined: when it was to hold the money, or to give it."""
    facts.try_to_charge(order_id, request.param)
    assert len(emitted(PaymentFailed)) == 1
    return order_id


def test_another_card_pays_the_order_once(refused):
    pay_again(refused)
    assert facts.charge_of(refused).state == "captured"
    assert facts.moved(refused, "capture") == facts.TOTAL
    assert len(emitted(PaymentCompleted)) == len(emitted(OrderBilled)) == 1


def test_each_card_has_a_number_and_a_payment_of_its_own(refused):
    pay_again(refused)
    first, second = emitted(PaymentFailed)[0], emitted(PaymentRetried)[0]
    assert (first.attempt, second.attempt) == (1, 2)
    assert first.payment_id != second.payment_id
    assert second.payment_id == emitted(PaymentCompleted)[0].payment_id
    assert emitted(PaymentAuthorized)[-1].attempt == 2


def test_refusal_says_until_when_another_card_may_pay(refused, settings):
    failed = emitted(PaymentFailed)[0]
    assert failed.pay_until - failed.occurred_at <= settings.PAY_AGAIN_WITHIN
    assert failed.pay_until > timezone.now()


def test_time_to_pay_again_never_goes_past_the_orders_own_end(order_id):
    soon = timezone.now() + timedelta(minutes=5)
    given(facts.placed(order_id, DECLINED_CARD, expires_at=soon), to="billing")
    assert emitted(PaymentFailed)[0].pay_until == soon


def test_without_time_to_pay_again_none_is_promised_and_no_card_taken(order_id, settings):
    settings.PAY_AGAIN_WITHIN = timedelta(0)
    given(facts.placed(order_id, DECLINED_CARD), to="billing")
    assert emitted(PaymentFailed)[0].pay_until is None
    with pytest.raises(CannotPayAgain, match="time to pay"):
        pay_again(order_id)


def test_double_click_is_one_attempt(refused):
    services.pay_again(refused, GOOD)
    services.pay_again(refused, GOOD)
    facts.settle_billing()
    services.pay_again(refused, GOOD)
    assert len(emitted(PaymentRetried)) == 1


def test_second_click_is_one_attempt_even_if_the_first_was_declined_meanwhile(refused):
    pay_again(refused, DECLINED_CARD, after=1)
    pay_again(refused, DECLINED_CARD, after=1)
    assert len(emitted(PaymentRetried)) == 1
    pay_again(refused, GOOD_CARD, after=2)
    assert facts.moved(refused, "capture") == facts.TOTAL


def test_other_card_while_one_is_under_way_is_refused(refused):
    services.pay_again(refused, GOOD)
    with pytest.raises(CannotPayAgain, match="under way"):
        services.pay_again(refused, tokenize(DECLINED_CARD))


def test_second_refusal_may_be_made_good_too(refused):
    pay_again(refused, DECLINED_CARD)
    assert [failed.attempt for failed in emitted(PaymentFailed)] == [1, 2]
    pay_again(refused)
    assert facts.charge_of(refused).state == "captured"


def test_trying_out_cards_ends(refused):
    for _ in range(MOST_CARDS - 1):
        pay_again(refused, DECLINED_CARD)
    assert emitted(PaymentFailed)[-1].pay_until is None
    with pytest.raises(CannotPayAgain, match="too many cards"):
        pay_again(refused)


def test_second_card_may_want_its_owner_to_confirm(refused):
    pay_again(refused, CHALLENGED_CARD)
    assert [challenge.attempt for challenge in emitted(PaymentChallenged)] == [2]
    services.answer_challenge(refused, confirmed=True)
    facts.settle_billing()
    assert facts.moved(refused, "capture") == facts.TOTAL


def test_payment_that_was_not_confirmed_may_be_made_with_another_card(order_id):
    facts.try_to_charge(order_id, CHALLENGED_CARD)
    services.answer_challenge(order_id, confirmed=False)
    pay_again(order_id)
    assert facts.moved(order_id, "capture") == facts.TOTAL


def test_two_challenged_cards_in_turn_are_each_asked_and_only_the_second_pays(order_id):
    facts.try_to_charge(order_id, CHALLENGED_CARD)
    services.answer_challenge(order_id, confirmed=False)
    pay_again(order_id, CHALLENGED_CARD)
    services.answer_challenge(order_id, confirmed=True)
    facts.settle_billing()
    assert facts.operations(order_id, "capture") == 1


def test_order_nobody_refused_takes_no_other_card(order_id):
    given(facts.placed(order_id), to="billing")
    with pytest.raises(CannotPayAgain, match="under way"):
        pay_again(order_id)


def test_paid_order_takes_no_other_card(refused):
    pay_again(refused)
    with pytest.raises(CannotPayAgain, match="is paid"):
        pay_again(refused, DECLINED_CARD)


def test_cancelled_order_takes_no_other_card(refused):
    given(facts.cancelled(refused), to="billing")
    with pytest.raises(CannotPayAgain, match="cancelled"):
        pay_again(refused)
    assert not emitted(PaymentRetried)


def test_unknown_order_takes_no_card():
    with pytest.raises(CannotPayAgain, match="not known"):
        pay_again(uuid4())


def test_order_emitted_again_does_not_bring_the_first_card_back(order_id):
    given(facts.placed(order_id, DECLINED_CARD), to="billing")
    services.pay_again(order_id, GOOD)
    given(facts.placed(order_id, DECLINED_CARD), to="billing")
    facts.settle_billing()
    assert facts.charge_of(order_id).state == "authorized"


@few
@for_all(
    trouble=TROUBLE,
    end=st.sampled_from([None, facts.cancelled, facts.rejected, facts.refused]),
    places=st.permutations(["retried", "reserved", "cleared", "end"]),
)
def test_in_any_order_another_card_pays_once_or_gives_everything_back(
    processor, trouble, end, places
):
    with facts.rolled_back() as order_id:
        processor.troubles = []
        given(facts.placed(order_id, DECLINED_CARD), to="billing")
        services.pay_again(order_id, GOOD)
        arriving = {
            "retried": emitted(PaymentRetried, order_id=order_id)[0],
            "reserved": facts.reserved(order_id),
            "cleared": facts.cleared(order_id),
            **({"end": end(order_id)} if end else {}),
        }
        for name, event in arriving.items():
            (facts.create_deliveries if name == "retried" else facts.emit_with_deliveries)(event)
        processor.troubles = list(trouble)
        in_order = [arriving[place] for place in places if place in arriving]
        for event in in_order:
            facts.deliver(event)
        facts.insist(*in_order)
        settle_and_compare(order_id, stopped=end is not None)


def settle_and_compare(order_id, stopped):
    assert facts.nothing_is_open(order_id)
    taken = facts.operations(order_id, "capture")
    kept = facts.moved(order_id, "capture") - facts.moved(order_id, "refund")
    held = len(emitted(PaymentAuthorized, order_id=order_id))
    if not stopped:
        assert (taken, kept) == (1, facts.TOTAL)
    elif facts.charge_of(order_id).cancellation:
        assert kept == 0
    assert taken <= 1
    assert facts.operations(order_id, "void") == (held - taken if stopped else 0)


@pytest.mark.django_db(transaction=True)
def test_cards_given_at_once_are_one_attempt():
    order_id = uuid4()
    given(facts.placed(order_id, DECLINED_CARD), to="billing")
    at_once(*[lambda: services.pay_again(order_id, GOOD)] * 4)
    assert len(emitted(PaymentRetried, order_id=order_id)) == 1


@pytest.mark.django_db(transaction=True)
def test_cancelling_at_the_moment_of_paying_again_keeps_no_money():
    for _ in range(5):
        order_id = uuid4()
        facts.try_to_charge(order_id, DECLINED_CARD)
        cancelled = facts.cancelled(order_id)
        facts.emit_with_deliveries(cancelled)
        at_once(partial(try_to_pay, order_id), partial(facts.deliver, cancelled))
        facts.settle_billing()
        facts.insist(cancelled)
        assert facts.nothing_is_open(order_id)
        assert facts.moved(order_id, "capture") == facts.moved(order_id, "refund")


@pytest.mark.django_db(transaction=True)
def test_two_cards_given_at_once_in_two_tabs_take_the_money_once():
    for _ in range(5):
        order_id = uuid4()
        facts.try_to_charge(order_id, DECLINED_CARD)
        another = tokenize(GOOD_CARD, holder="bob")
        at_once(partial(try_to_pay, order_id), partial(try_to_pay, order_id, another))
        facts.settle_billing()
        assert len(emitted(PaymentRetried, order_id=order_id)) == 1
        assert facts.operations(order_id, "authorize") == 2
        assert facts.moved(order_id, "capture") == facts.TOTAL


def try_to_pay(order_id, card=GOOD):
    try:
        services.pay_again(order_id, card)
    except CannotPayAgain:
        return
