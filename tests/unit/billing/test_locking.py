"""Facts of one order are taken in one after the other."""

from threading import Event as Flag
from uuid import uuid4

import pytest
from django.db import transaction

from billing.models import Charge
from devtools.waiting import wait_until
from tests.workers import at_once, somebody_waits

pytestmark = pytest.mark.django_db(transaction=True)


def test_second_fact_waits_for_the_first():
    """Each sees what the other has noted: whichever is last completes the join."""
    order_id, is_locked, is_through = uuid4(), Flag(), Flag()
    seen = []
    Charge.objects.create(order_id=order_id)

    def first():
        with transaction.atomic(), Charge.objects.get_or_create_for_update(pk=order_id) as charge:
            charge.stock_reserved = True
            is_locked.set()
            wait_until(lambda: somebody_waits() or is_through.is_set(), 120, "the second")

    def second():
        is_locked.wait(10)
        with transaction.atomic(), Charge.objects.get_or_create_for_update(pk=order_id) as charge:
            seen.append(charge.stock_reserved)
            charge.cleared = True
        is_through.set()

    at_once(first, second)
    charge = Charge.objects.get()
    assert (charge.stock_reserved, charge.cleared) == (True, True)
    assert seen == [True]
