"""A forgotten customer's account is closed; its ledger stays, under an id that leads to nobody."""

from uuid import uuid4

import pytest

from eventbus.testing import given
from loyalty.models import Account, PointsEntry
from shop.events import CustomerErased
from tests.unit.loyalty import facts

pytestmark = pytest.mark.django_db

ERASED = {"customer_id": "ada", "email": "", "order_ids": (), "cart_ids": ()}


def test_account_is_closed_and_its_entries_stay():
    given(facts.billed(uuid4(), "20.00"), CustomerErased(**ERASED), to="loyalty")
    assert Account.objects.get().closed_at
    assert PointsEntry.objects.get().points == 20


def test_money_that_goes_back_later_takes_its_points_back_all_the_same():
    order = uuid4()
    given(facts.billed(order, "20.00"), CustomerErased(**ERASED), to="loyalty")
    given(facts.cancelled(order, customer=None), to="loyalty")
    assert Account.objects.get().balance == 0
