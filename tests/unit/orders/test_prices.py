"""An order's total: goods and shipping less the discount, with the tax, less the points."""

from decimal import Decimal

import pytest

from eventbus.delivery.models import OutboxEvent
from eventbus.testing import emitted
from orders.errors import OrderInvalid
from orders.events import OrderLine, OrderPlaced, Tax
from orders.models import Order
from orders.services import place_order
from tests.builders import order_details

pytestmark = pytest.mark.django_db

#: The usual details's price: 20.00 and 5.50 for goods, 4.90 for shipping.
WHOLE = Decimal("30.40")


def money(text: str) -> Decimal:
    return Decimal(text)


def lines(**changes: str) -> tuple[OrderLine, ...]:
    """The usual lines, the first of them changed."""
    first, second = order_details().lines
    exact = {name: money(value) for name, value in changes.items()}
    return (first.model_copy(update=exact), second)


def taxes(*amounts: str) -> tuple[Tax, ...]:
    return tuple(
        Tax(rate=money(rate), net=money("10"), amount=money(amount))
        for rate, amount in zip(("19", "7"), amounts, strict=False)
    )


PRICED = {
    "nothing more": ({}, "30.40"),
    "a discount on lines": ({"lines": lines(discount="2.00"), "discount": money("2.00")}, "28.40"),
    "free shipping": ({"discount": money("4.90")}, "25.50"),
    "tax included": ({"tax": money("4.85"), "taxes": taxes("4.85")}, "30.40"),
    "tax on top": (
        {"tax": money("5.77"), "taxes": taxes("5.00", "0.77"), "tax_included": False},
        "36.17",
    ),
    "points": ({"customer_id": "7", "points": 1000, "points_value": money("10.00")}, "20.40"),
    "nothing left to pay": (
        {"customer_id": "7", "points": 3040, "points_value": WHOLE, "card": None},
        "0.00",
    ),
}


@pytest.mark.parametrize(("changes", "total"), PRICED.values(), ids=PRICED.keys())
def test_total_is_what_is_left_to_pay_with_money(changes, total):
    order = place_order(order_details(**changes))
    assert Order.objects.get(pk=order.pk).total.amount == money(total)
    assert emitted(OrderPlaced)[0].total == money(total)


def test_order_and_its_event_keep_every_part_of_the_price():
    details = order_details(
        lines=lines(discount="2.00", tax_rate="19", tax="2.87"),
        discount=money("3.00"),
        promotion="AUTUMN",
        tax=money("4.37"),
        taxes=taxes("4.00", "0.37"),
        customer_id="7",
        points=500,
        points_value=money("5.00"),
        language="de",
    )
    order = Order.objects.get(pk=place_order(details).pk)
    event = emitted(OrderPlaced)[0]
    for part in ("discount", "promotion", "tax", "tax_included", "points", "points_value"):
        assert getattr(order, part) == getattr(event, part) == getattr(details, part)
    assert order.language == event.language == "de"
    assert order.taxes == [tax.model_dump(mode="json") for tax in details.taxes]
    line = order.lines.first()
    assert (line.discount, line.tax_rate, line.tax) == (money("2.00"), 19, money("2.87"))


REFUSED = {
    "negative discount": ({"discount": money("-1")}, "discount"),
    "discount above goods and shipping": ({"discount": money("30.41")}, "discount"),
    "discount below the lines'": ({"lines": lines(discount="2")}, "discount"),
    "line's discount above its price": (
        {"lines": lines(discount="20.01"), "discount": money("20.01")},
        "line 1 discount",
    ),
    "negative discount of a line": ({"lines": lines(discount="-1")}, "line 1 discount"),
    "parts of a cent": ({"discount": money("0.001")}, "discount"),
    "negative shipping": ({"shipping_cost": money("-1")}, "shipping cost"),
    "negative tax": ({"tax": money("-1")}, "tax"),
    "tax that its rates do not add up to": ({"tax": money("5"), "taxes": taxes("4")}, "tax"),
    "lines' tax above the order's": ({"lines": lines(tax="1")}, "tax"),
    "included tax above the price": ({"tax": money("31"), "taxes": taxes("31")}, "tax"),
    "negative points": ({"points": -1}, "points"),
    "points worth more than there is to pay": (
        {"customer_id": "7", "points": 3041, "points_value": money("30.41")},
        "points value",
    ),
    "value without points": ({"customer_id": "7", "points_value": money("1")}, "points value"),
    "points of a guest": ({"points": 1, "points_value": money("0.01")}, "points"),
    "language we do not speak": ({"language": "tlh"}, "language"),
}


@pytest.mark.parametrize(("changes", "field"), REFUSED.values(), ids=REFUSED.keys())
def test_price_that_does_not_add_up_is_refused_by_name_and_nothing_is_written(changes, field):
    with pytest.raises(OrderInvalid) as refusal:
        place_order(order_details(**changes))
    assert refusal.value.field == field
    assert not Order.objects.exists()
    assert not OutboxEvent.objects.exists()
