"""A small shop in one process: all apps, the real ledger, no broker."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from billing.services import tokenize
from eventbus.testing import settle
from inventory.services import receive_stock
from orders.events import Address, OrderDetails, OrderLine
from orders.models import Order
from orders.services import place_order
from pricing import promotions
from pricing.models import Promotion
from pricing.promotions import Shopper
from shop.audit.rules import audit

APPROVED = "4242 4242 4242 4242"
DECLINED = "4000 0000 0000 0002"
CHALLENGED = "4000 0000 0000 3220"
#: Settings with which a parcel is delivered as soon as its order is paid.
AT_ONCE = {"CARRIER_TRANSIT": timedelta(0), "PACKING_TIME": timedelta(0)}


@pytest.fixture(scope="module")
def _shelves(shared_db) -> None:
    with shared_db():
        fill_shelves()


@pytest.fixture(autouse=True)
def _shop(_shelves, settings, db):
    """A small shop, made once for a module; each test undoes what it did."""
    deliver_at_once(settings)


def small_shop(settings) -> None:
    """Ten teapots and twenty cups, and a carrier that needs no time."""
    deliver_at_once(settings)
    fill_shelves()


def deliver_at_once(settings) -> None:
    for name, value in AT_ONCE.items():
        setattr(settings, name, value)


def fill_shelves() -> None:
    receive_stock({"TEAPOT": 10, "CUP": 20}, reason="for the story")
    settle()


def buy(
    card: str | None = APPROVED,
    *,
    teapots: int = 1,
    customer: str | None = "ada",
    percent_off: int = 0,
    **more: Any,
) -> Order:
    """Place an order of teapots at 25.00 and as many cups at 5.50; nothing has reacted yet.

    Without a card the processor's own page asks for it. `more` are further parts of its details.
    """
    email = f"{customer or 'guest'}@example.com"
    lines = [
        _line(1, "TEAPOT", teapots, Decimal("25.00"), percent_off),
        _line(2, "CUP", teapots, Decimal("5.50"), percent_off),
    ]
    details = OrderDetails(
        customer_id=customer,
        email=email,
        currency="EUR",
        card=tokenize(card, holder=email) if card else None,
        ship_to=Address(name="Ada", line1="1 Way", city="Bath", postcode="B1", country="US"),
        lines=lines,
        discount=sum((line.discount for line in lines), Decimal(0)),
        promotion="AUTUMN" if percent_off else None,
        **more,
    )
    with transaction.atomic():
        order = place_order(details)
        if percent_off:
            _use_code(order)
    return order


def _use_code(order: Order) -> None:
    kind = {"kind": "percentage", "value": 10}
    Promotion.objects.get_or_create(code=order.promotion, defaults=kind)
    promotions.redeem(order.promotion, order.id, Shopper(order.customer_id, order.email))


def _line(line: int, sku: str, quantity: int, price: Decimal, percent_off: int) -> OrderLine:
    return OrderLine(
        line=line,
        sku=sku,
        title=sku.title(),
        quantity=quantity,
        unit_price=price,
        discount=round(quantity * price * percent_off / 100, 2),
    )


def state_of(order: Order) -> str:
    return Order.objects.get(pk=order.pk).state


def broken_rules() -> list:
    """Return what the audit finds wrong."""
    return [finding for finding in audit() if not finding.ok]
