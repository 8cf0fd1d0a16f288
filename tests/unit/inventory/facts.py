"""Facts about orders and stock, as they are emitted, and what stock must look like."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Sum

from billing.events import PaymentFailed
from catalogue.events import VariantListed
from eventbus import Event
from eventbus.delivery.models import Delivery
from eventbus.testing import given, redeliver
from inventory.models import Movement, Stock, StockReservation
from orders.events import (
    OrderCancelled,
    OrderPlaced,
    ReturnedLine,
    ReturnReceived,
)
from shipping.events import OrderShipped, ShippedLine
from tests.builders import order_lines, order_placed

Lines = Iterable[tuple[str, int]]
WHO = {"number": "S-1001", "customer_id": None, "email": "ada@example.com"}
ONE = Decimal(1)


def listed(sku: str = "POT", units: int = 0, selling: str = "tracked") -> VariantListed:
    return VariantListed(
        sku=sku,
        title=sku.title(),
        price=ONE,
        currency="EUR",
        opening_stock=units,
        selling=selling,
    )


def placed(order_id: UUID, lines: Lines) -> OrderPlaced:
    return order_placed(order_id=order_id, lines=order_lines(lines), **WHO)


def cancelled(order_id: UUID) -> OrderCancelled:
    return OrderCancelled(
        order_id=order_id,
        reason="customer",
        detail="",
        total=ONE,
        currency="EUR",
        lines=(),
        **WHO,
    )


def shipped(order_id: UUID, lines: Lines) -> OrderShipped:
    return OrderShipped(
        order_id=order_id,
        number="S-1001",
        email="ada@example.com",
        parcel_id=uuid4(),
        carrier="Post",
        tracking_number="T1",
        lines=tuple(ShippedLine(sku=sku, quantity=n) for sku, n in lines),
        complete=True,
    )


def returned(order_id: UUID, lines: Lines) -> ReturnReceived:
    return ReturnReceived(
        return_id=uuid4(),
        order_id=order_id,
        lines=tuple(
            ReturnedLine(line=i, sku=sku, quantity=n, amount=ONE)
            for i, (sku, n) in enumerate(lines, 1)
        ),
        amount=ONE,
        currency="EUR",
        **WHO,
    )


def failed(order_id: UUID) -> PaymentFailed:
    return PaymentFailed(
        order_id=order_id,
        payment_id=uuid4(),
        number="S-1001",
        email="ada@example.com",
        amount=ONE,
        currency="EUR",
        code="declined",
        reason="declined",
    )


def arrive(events: Iterable[Event]) -> None:
    """React in this order; a repeated event is a duplicate, and what fails comes again last."""
    already_given: set[int] = set()
    late = []
    for event in events:
        try:
            (redeliver if id(event) in already_given else given)(event, to="inventory")
        except AssertionError:
            Delivery.objects.filter(state="failed").update(state="waiting")
            late.append(event)
        already_given.add(id(event))
    redeliver(*late, to="inventory")


def level(sku: str) -> tuple[int, int, int]:
    """On hand, reserved, sold."""
    stock = Stock.objects.get(sku=sku)
    return stock.on_hand, stock.reserved, stock.sold


def state_of(order_id: UUID) -> str:
    return StockReservation.objects.get(order_id=order_id).state


def moved(sku: str, kind: str) -> int:
    """Units of this kind of movement, all in all."""
    movements = Movement.objects.filter(sku=sku, kind=kind)
    return movements.aggregate(units=Sum("quantity"))["units"] or 0


def assert_stock_is_the_sum_of_its_movements() -> None:
    for stock in Stock.objects.all():
        by_kind = {kind: moved(stock.sku, kind) for kind in Movement.Kind}
        received = by_kind["opening"] + by_kind["received"] + by_kind["adjusted"]
        reserved = by_kind["reserved"] - by_kind["released"] - by_kind["sold"]
        sold = by_kind["sold"] - by_kind["returned"]
        assert (stock.received, stock.reserved, stock.sold) == (received, reserved, sold)
        assert stock.received == stock.on_hand + stock.reserved + stock.sold


@contextmanager
def undone() -> Iterator[None]:
    """An example whose rows are gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
