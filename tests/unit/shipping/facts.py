"""Facts about one order, as the other apps emit them."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from billing.events import OrderBilled
from eventbus import Event, registry
from eventbus.testing import settle
from inventory.events import Shortage, StockRejected
from orders.events import (
    CancellationRequested,
    OrderCancelled,
    OrderLine,
    OrderPlaced,
    ReturnApproved,
    ReturnedLine,
)
from tests.builders import order_placed

LINES = (
    OrderLine(line=1, sku="MUG", title="Mug", quantity=2, unit_price=Decimal("7.50")),
    OrderLine(line=2, sku="TEA", title="Tea", quantity=3, unit_price=Decimal("4.00")),
)
TOTAL = Decimal("27.00")
WHO = {"number": "S-1001", "customer_id": None, "email": "ada@example.com"}
MONEY = {"total": TOTAL, "currency": "EUR"}


def placed(order_id: UUID) -> OrderPlaced:
    return order_placed(order_id=order_id, lines=LINES, **WHO, **MONEY)


def out_of_stock(order_id: UUID) -> StockRejected:
    return StockRejected(order_id=order_id, shortages=(Shortage(sku="MUG", wanted=2, available=0),))


def billed(order_id: UUID) -> OrderBilled:
    return OrderBilled(order_id=order_id, invoice_number="I-1", **WHO, **MONEY)


def cancellation(order_id: UUID) -> CancellationRequested:
    return CancellationRequested(order_id=order_id, reason="changed my mind")


def cancelled(order_id: UUID) -> OrderCancelled:
    return OrderCancelled(
        order_id=order_id, reason="payment_failed", detail="declined", lines=LINES, **WHO, **MONEY
    )


def return_approved(order_id: UUID) -> ReturnApproved:
    line = ReturnedLine(line=1, sku="MUG", title="Mug", quantity=1, amount=Decimal("7.50"))
    return ReturnApproved(
        order_id=order_id,
        return_id=uuid4(),
        number=WHO["number"],
        email=WHO["email"],
        lines=(line,),
    )


def happy_path(order_id: UUID) -> list[Event]:
    """The facts an order ships by."""
    return [fact(order_id) for fact in (placed, billed)]


def settle_alone(**how: Any) -> None:
    """Run with shipping as the only app that is on."""
    settle(but=[app for app in registry.apps_with_reactions() if app != "shipping"], **how)


@contextmanager
def rolled_back() -> Iterator[None]:
    """One example of many: nothing of it stays."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
