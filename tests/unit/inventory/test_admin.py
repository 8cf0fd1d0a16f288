"""Staff can see everything about stock, and change it only by an adjustment with a reason."""

from uuid import uuid4

import pytest
from django.urls import reverse

from eventbus.testing import given
from inventory.errors import TooManyUnits
from inventory.models import Movement, StockReservation
from inventory.services import adjust_stock, receive_stock
from tests.unit.inventory.facts import level, placed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def stock():
    receive_stock({"A/1": 10}, "delivery", reference="D-1")


def adjust(client, **fields):
    address = reverse("admin:inventory_stock_change", args=["A/1"])
    fields = {"change_id": uuid4()} | fields
    return client.post(address, fields, follow=True).content.decode()


@pytest.mark.parametrize(
    "model", ["stock", "stockreservation", "reservationline", "movement", "receipt"]
)
def test_every_list_can_be_read_and_searched(admin_client, model):
    given(placed(uuid4(), [("A/1", 1)]), to="inventory")
    address = reverse(f"admin:inventory_{model}_changelist")
    for search in ("", "A/1", str(uuid4())):
        assert admin_client.get(address, {"q": search}).status_code == 200


@pytest.mark.parametrize(("choice", "shown"), [("none", False), ("low", False), ("", True)])
def test_stock_can_be_narrowed_to_what_is_low(admin_client, choice, shown):
    address = reverse("admin:inventory_stock_changelist")
    page = admin_client.get(address, {"availability": choice} if choice else {})
    assert ("A/1" in page.content.decode()) is shown


def test_a_hold_shows_its_reservations(admin_client):
    given(placed(uuid4(), [("A/1", 7)]), to="inventory")
    page = admin_client.get(
        reverse("admin:inventory_stockreservation_change", args=[StockReservation.objects.get().pk])
    )
    assert "A/1" in page.content.decode()


def test_an_adjustment_is_booked_under_the_name_of_who_made_it(admin_client, admin_user):
    adjust(admin_client, delta="-3", reason="broken")
    assert level("A/1") == (7, 0, 0)
    assert Movement.objects.get(kind="adjusted").by == admin_user.get_username()


def test_an_adjustment_saved_twice_on_one_page_is_booked_once(admin_client):
    page = {"delta": "-3", "reason": "broken", "change_id": uuid4()}
    adjust(admin_client, **page)
    adjust(admin_client, **page)
    assert level("A/1") == (7, 0, 0)


def test_an_adjustment_needs_a_reason(admin_client):
    assert "Say why" in adjust(admin_client, delta="-3", reason="")
    assert level("A/1") == (10, 0, 0)


def test_a_refused_adjustment_is_explained(admin_client):
    assert "Only 10 are free" in adjust(admin_client, delta="-11", reason="broken")
    assert level("A/1") == (10, 0, 0)


@pytest.mark.parametrize("delta", ["99999999999", "-99999999999", str(2**31 - 1)])
def test_more_units_than_can_be_counted_are_refused_in_words(admin_client, delta):
    page = adjust(admin_client, delta=delta, reason="a typing error")
    assert "errornote" in page or "cannot be counted" in page or "less than or equal" in page
    assert level("A/1") == (10, 0, 0)


def test_units_that_cannot_be_counted_are_refused_wherever_they_come_from():
    with pytest.raises(TooManyUnits):
        adjust_stock("A/1", 2**31 - 1, "count", by="anna")
    with pytest.raises(TooManyUnits):
        receive_stock({"A/1": 2**31 - 1}, "delivery")
    adjust_stock("A/1", 2**31 - 11, "count", by="anna")
    assert level("A/1") == (2**31 - 1, 0, 0)
