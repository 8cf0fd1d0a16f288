"""Goods that need no shipping, such as a file: no address, no delivery, no parcel."""

from decimal import Decimal

import pytest

from billing.services import tokenize
from eventbus.testing import emitted, settle
from inventory.models import Stock, StockReservation
from notifications.models import Mail
from orders.errors import CannotReturn, OrderInvalid
from orders.events import Address, OrderCompleted, OrderDetails, OrderLine
from orders.models import Order
from orders.services import (
    hold_order,
    place_order,
    release_order,
    request_cancellation,
    request_return,
)
from shipping import services as shipping
from shipping.errors import ShippingRefused
from shipping.models import Parcel, Shipment
from tests.scenarios.conftest import APPROVED, broken_rules, state_of


def details(*lines: tuple[str, bool], **more) -> OrderDetails:
    """Two units of each SKU at 5.00; the second of a pair says whether it is shipped."""
    return OrderDetails(
        customer_id="ada",
        email="ada@example.com",
        currency="EUR",
        card=tokenize(APPROVED, holder="ada"),
        ship_to=Address(name="", line1="", city="", postcode="", country="US"),
        lines=[
            OrderLine(
                line=number,
                sku=sku,
                title=sku.title(),
                quantity=2,
                unit_price=Decimal("5.00"),
                requires_shipping=ships,
            )
            for number, (sku, ships) in enumerate(lines, start=1)
        ],
        **more,
    )


def buy(*lines: tuple[str, bool]) -> Order:
    return place_order(details(*lines))


def stock(sku: str) -> tuple[int, int, int]:
    found = Stock.objects.get(pk=sku)
    return found.on_hand, found.reserved, found.sold


def test_an_order_of_which_nothing_is_shipped_ends_when_it_is_paid():
    order = buy(("CUP", False))
    settle()
    assert state_of(order) == "completed"
    assert len(emitted(OrderCompleted)) == 1
    assert not Parcel.objects.exists()
    assert Shipment.objects.get().state == "nothing"
    assert stock("CUP") == (18, 0, 2)
    assert StockReservation.objects.get().state == "sold"
    assert not broken_rules()


@pytest.mark.parametrize("seed", range(4))
def test_it_ends_in_whatever_order_messages_arrive(seed):
    order = buy(("CUP", False))
    settle(seed=seed, copies=2)
    settle(scheduled=True)
    assert state_of(order) == "completed"
    assert not broken_rules()


def test_of_a_mixed_order_only_what_ships_is_in_the_parcel():
    order = buy(("TEAPOT", True), ("CUP", False))
    settle()
    assert state_of(order) == "completed"
    (parcel,) = Parcel.objects.all()
    assert [(line.sku, line.quantity) for line in parcel.contents] == [("TEAPOT", 2)]
    assert stock("TEAPOT") == (8, 0, 2)
    assert stock("CUP") == (18, 0, 2)
    assert not broken_rules()


def test_the_rest_of_a_mixed_order_is_what_would_have_been_shipped():
    order = buy(("TEAPOT", True), ("CUP", False))
    shipping.hold(order.id, by="staff")
    settle()
    shipping.ship_part(order.id, {1: 1}, by="staff")
    settle()
    request_cancellation(order.id)
    settle()
    assert state_of(order) == "completed"
    assert Order.objects.get().refunded_total == Decimal("5.00")
    assert stock("CUP") == (18, 0, 2)
    assert not broken_rules()


def test_an_order_cancelled_before_it_is_paid_sells_nothing():
    order = buy(("CUP", False))
    request_cancellation(order.id)
    settle()
    assert state_of(order) in ("cancelled", "refunded")
    assert stock("CUP") == (20, 0, 0)
    assert not broken_rules()


def test_an_order_on_hold_waits_for_its_release():
    order = buy(("CUP", False))
    hold_order(order.id, by="staff", reason="to ask")
    settle()
    assert state_of(order) == "paid"
    release_order(order.id, by="staff")
    settle()
    assert state_of(order) == "completed"
    assert not broken_rules()


def test_what_was_never_sent_cannot_be_sent_back_nor_shipped_by_hand():
    order = buy(("CUP", False))
    settle()
    with pytest.raises(CannotReturn):
        request_return(order.id, {1: 1})
    with pytest.raises(ShippingRefused):
        shipping.hold(order.id, by="staff")


def test_a_delivery_of_nothing_costs_nothing():
    with pytest.raises(OrderInvalid, match="shipping cost"):
        place_order(details(("CUP", False), shipping_cost=Decimal("4.90")))


def test_mails_speak_of_no_parcel():
    buy(("CUP", False))
    settle()
    placed, confirmed = (Mail.objects.get(kind=k) for k in ("order_placed", "order_confirmed"))
    assert "It goes to" not in placed.text
    assert "Shipping" not in placed.text
    assert "carrier" not in confirmed.text
    assert not Mail.objects.filter(kind="order_shipped").exists()
