"""Points follow the money that was paid and kept."""

from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from django.utils import timezone
from hypothesis import given as for_all
from hypothesis import settings as bounded
from hypothesis import strategies as st

from eventbus import Event
from eventbus.testing import emitted, given, given_together, redeliver
from loyalty.errors import LedgerIsFinal
from loyalty.events import PointsEarned, PointsReversed
from loyalty.models import Account, OrderPoints, PointsEntry
from tests.both_ways import assert_same_rows
from tests.unit.loyalty.facts import billed, cancelled, placed, refunded, registered
from tests.workers import messages, side_by_side

pytestmark = pytest.mark.django_db

ORDER = UUID(int=1)


def balance(customer: str = "ada") -> int:
    """The balance, which is the sum of the entries."""
    account = Account.objects.get(customer_id=customer)
    entries = account.entries.aggregate(points=Sum("points"))["points"] or 0
    of_orders = OrderPoints.objects.filter(customer_id=customer)
    moved = of_orders.aggregate(points=Sum(F("points") - F("redeemed") + F("returned")))
    assert account.balance == entries == (moved["points"] or 0)
    assert account.revision == account.entries.count()
    return account.balance


def test_a_registered_customer_has_an_account_without_points():
    given(registered(), to="loyalty")
    assert balance() == 0


def test_a_paid_order_brings_a_point_for_each_whole_unit_of_money():
    given(registered(), billed(ORDER, "27.99"), to="loyalty")
    assert balance() == 27
    assert [event.to_data() for event in emitted(PointsEarned)] == [
        {
            "customer_id": "ada",
            "order_id": str(ORDER),
            "points": 27,
            "balance": 27,
            "revision": 1,
        }
    ]


def test_points_per_unit_are_a_setting(settings):
    settings.POINTS_PER_UNIT = Decimal("0.5")
    given(billed(ORDER, "27.99"), to="loyalty")
    assert balance() == 13


def test_the_first_order_opens_an_account_that_registration_finds():
    given(billed(ORDER, "27.99"), registered(), to="loyalty")
    assert balance() == 27


def test_each_entry_emits_the_new_balance_and_a_higher_revision():
    given(billed(uuid4(), "10"), billed(uuid4(), "5"), refunded(ORDER, "1", "1"), to="loyalty")
    assert [(e.balance, e.revision) for e in emitted(PointsEarned)] == [(10, 1), (15, 2)]


def test_a_refund_takes_back_the_points_of_its_money():
    given(billed(ORDER, "27.99"), refunded(ORDER, "4.50", "4.50"), to="loyalty")
    assert balance() == 23
    assert [(e.points, e.balance, e.revision) for e in emitted(PointsReversed)] == [(4, 23, 2)]


def test_a_full_refund_takes_back_every_point():
    given(billed(ORDER, "27.99"), refunded(ORDER, "27.99", "27.99"), to="loyalty")
    assert balance() == 0


def test_a_cancelled_order_takes_back_its_own_points_only():
    given(billed(ORDER, "27.99"), billed(uuid4(), "3"), cancelled(ORDER), to="loyalty")
    assert balance() == 3


def test_the_refund_of_a_cancelled_order_takes_nothing_more():
    given(billed(ORDER, "27.99"), cancelled(ORDER), refunded(ORDER, "27.99", "27.99"), to="loyalty")
    assert balance() == 0
    assert len(emitted(PointsReversed)) == 1


def test_an_order_never_costs_points():
    given(refunded(ORDER, "30", "30"), billed(ORDER, "27"), to="loyalty")
    assert balance() == 0


def test_guests_get_nothing():
    facts = [
        billed(ORDER, "27.99", customer=None),
        refunded(ORDER, "4", "4", customer=None),
        cancelled(ORDER, customer=None),
    ]
    given(*facts, to="loyalty")
    assert not Account.objects.exists()
    assert not emitted(PointsEarned)
    assert not emitted(PointsReversed)


@pytest.mark.parametrize(("cancel", "points"), [(False, 6), (True, 0)])
@bounded(max_examples=20, deadline=None)
@for_all(data=st.data())
def test_every_order_of_arrival_ends_with_the_same_points(cancel, points, data):
    with transaction.atomic():
        facts = [
            registered(),
            billed(ORDER, "27.99"),
            refunded(ORDER, "0.60", "0.60"),
            refunded(ORDER, "21.00", "21.60"),
            *([cancelled(ORDER)] if cancel else []),
        ]
        arrive(data.draw(st.permutations(facts * 2)))
        assert balance() == points
        transaction.set_rollback(True)


def arrive(facts: list[Event]) -> None:
    """React in this order; a repeated fact is a duplicate."""
    already_given: set[int] = set()
    for fact in facts:
        (redeliver if id(fact) in already_given else given)(fact, to="loyalty")
        already_given.add(id(fact))


@pytest.mark.django_db(transaction=True)
def test_workers_side_by_side_keep_the_balance():
    """Orders of one customer, reacted to by two workers at once."""
    waiting = messages(*(billed(uuid4(), "10") for _ in range(10)))
    side_by_side("loyalty", (waiting, waiting[::-1]))
    assert balance() == 100


def test_entries_stay_as_they_are():
    given(billed(ORDER, "27.99"), to="loyalty")
    entry = PointsEntry.objects.get()
    with pytest.raises(LedgerIsFinal):
        entry.save()
    with pytest.raises(LedgerIsFinal):
        entry.delete()
    for change in (lambda rows: rows.update(points=1), lambda rows: rows.delete()):
        with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic():
            change(PointsEntry.objects.all())


@pytest.mark.parametrize("model", ["account", "pointsentry", "orderpoints"])
def test_staff_can_read_and_search_everything(admin_client, model):
    given(billed(ORDER, "27.99"), to="loyalty")
    for search in ("", "ada", str(ORDER)):
        page = admin_client.get(f"/admin/loyalty/{model}/", {"q": search})
        assert page.status_code == 200
    row = {"account": "ada", "orderpoints": ORDER}.get(model) or PointsEntry.objects.get().pk
    assert admin_client.get(f"/admin/loyalty/{model}/{row}/change/").status_code == 200


def test_accounts_of_a_batch_are_those_opened_one_by_one():
    given(registered("bob"), to="loyalty")
    events = [registered(customer) for customer in ("eve", "ada", "bob", "ada")]
    now = timezone.now()
    assert_same_rows("loyalty", [(event, now) for event in events], [Account])


def test_points_of_orders_billed_together_are_those_of_each_by_itself():
    """What one brings makes up for what another owes, and for what is owed from before."""
    spent = uuid4()
    given(billed(spent, "30"), placed(uuid4(), 30), refunded(spent, "30", "30"), to="loyalty")
    assert OrderPoints.objects.get(pk=spent).owed == 30
    events = [
        billed(uuid4(), "20"),
        billed(uuid4(), "7", "bob"),
        billed(uuid4(), "5", None),
        billed(uuid4(), "50"),
        billed(uuid4(), "3", "bob"),
    ]
    tables = [Account, OrderPoints, PointsEntry]
    assert_same_rows("loyalty", [(event, timezone.now()) for event in events], tables)
    given_together(*events, to="loyalty")
    assert (balance(), balance("bob")) == (40, 10)
    assert OrderPoints.objects.get(pk=spent).owed == 0
