"""No money for an order that has been given up, even before billing has heard of that."""

from datetime import timedelta

import pytest
from django.utils import timezone

from billing.events import PaymentAuthorized, PaymentCompleted
from billing.models import Charge
from eventbus.testing import emitted, given
from tests.unit.billing import facts

pytestmark = pytest.mark.django_db


def test_expired_order_is_not_authorized(order_id):
    late = facts.placed(order_id).model_copy(update={"expires_at": timezone.now()})
    given(late, facts.reserved(order_id), facts.cleared(order_id), to="billing")
    assert not emitted(PaymentAuthorized)


def test_held_amount_is_not_taken_once_the_order_has_expired(order_id):
    given(facts.placed(order_id), facts.reserved(order_id), to="billing")
    Charge.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    given(facts.cleared(order_id), to="billing")
    assert not emitted(PaymentCompleted)
    given(facts.cancelled(order_id), to="billing")
    assert Charge.objects.get().state == "voided"
