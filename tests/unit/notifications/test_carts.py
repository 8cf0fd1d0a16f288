"""A cart left alone is recalled once, if it is still as it was and was not ordered."""

from uuid import uuid4

import pytest
from django.core import mail as outbox
from hypothesis import HealthCheck, settings
from hypothesis import given as for_every
from hypothesis import strategies as st

from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.testing import emitted, given, redeliver
from notifications.events import CartReminderDue
from notifications.models import Mail, WatchedCart
from tests.unit.notifications import facts
from tests.unit.shipping.facts import rolled_back

pytestmark = pytest.mark.django_db


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@for_every(
    st.permutations(range(4)),
    st.lists(st.integers(0, 2), max_size=3),
    st.booleans(),
    st.integers(0, 2),
)
def test_one_reminder_for_the_newest_state_in_every_order(order, copies, ordered, units):
    """However its states and its order come in: one reminder, or none if ordered or empty."""
    with rolled_back():
        cart_id = uuid4()
        states = [facts.cart(cart_id, revision, units=2) for revision in (1, 2)]
        states += [facts.cart(cart_id, 3, units=units)]
        all_facts = [*states, facts.placed(cart_id=cart_id if ordered else None)]
        given(*[all_facts[i] for i in order], to="notifications")
        redeliver(*[states[i] for i in copies], to="notifications")
        facts.time_passes()
        reminders = Mail.objects.filter(kind="cart_abandoned")
        assert reminders.count() == (units > 0 and not ordered)
        assert all(f"{units} x Mug" in mail.text for mail in reminders)
        assert WatchedCart.objects.get().revision == 3


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@for_every(st.permutations([1, 2, -1, -2, 0]))
def test_never_two_reminders_in_a_week_and_none_once_ordered(order):
    """States (1, 2), their clocks (-1, -2) and the order (0) in every order."""
    with rolled_back():
        cart_id, known, reminded = uuid4(), 0, False
        for step in order:
            before = Mail.objects.filter(kind="cart_abandoned").count()
            given(_fact(cart_id, step), to="notifications", times=2)
            written = Mail.objects.filter(kind="cart_abandoned").count() - before
            known = max(known, step)
            ordered = 0 in order[: order.index(step) + 1]
            due = step < 0 and -step == known and not ordered
            assert written == (due and not reminded)
            reminded = reminded or due


def _fact(cart_id, step):
    if step == 0:
        return facts.placed(cart_id=cart_id)
    if step < 0:
        return CartReminderDue(cart_id=cart_id, revision=-step)
    return facts.cart(cart_id, step)


@pytest.mark.parametrize("fact", [{"units": 0}, {"email": None}, {"email": ""}])
def test_no_clock_for_an_empty_cart_or_one_without_an_address(fact):
    given(facts.cart(uuid4(), 1, **fact), to="notifications")
    assert emitted(CartReminderDue) == []


def test_clock_runs_from_the_change(settings):
    state = facts.cart(uuid4(), 4)
    given(state, to="notifications")
    row = OutboxEvent.objects.get(type=CartReminderDue.type)
    assert row.publish_after == state.occurred_at + settings.CART_REMINDER_AFTER
    assert emitted(CartReminderDue)[0].revision == 4


def test_reminder_half_sent_is_finished_though_the_cart_changed_meanwhile():
    """Sent, then killed, then the cart changed: the copy goes out under the same Message-ID."""
    cart_id = uuid4()
    given(facts.cart(cart_id, 1), to="notifications")
    facts.time_passes()
    _forget_the_outcome()
    given(facts.cart(cart_id, 2), to="notifications")
    redeliver(emitted(CartReminderDue)[0], to="notifications")
    first, copy = outbox.outbox
    assert first.extra_headers["Message-ID"] == copy.extra_headers["Message-ID"]
    assert Mail.objects.get().state == "sent"


def _forget_the_outcome() -> None:
    Mail.objects.update(state="sending", sent_at=None)
    Delivery.objects.filter(reaction="remind_of_cart").update(state=Delivery.State.WAITING)
