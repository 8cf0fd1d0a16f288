"""Writing an order down, and emitting that it was placed."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Model
from djmoney.money import Money
from pydantic import BaseModel
from uuid6 import uuid7

from eventbus import emit, now
from orders import events
from orders.models import Order, OrderLine
from orders.validation import ships, total_of


def create(details: events.OrderDetails, **columns: Any) -> Order:
    """Write the order with its lines; emit it, and ahead of time its shipping deadline.

    `columns` are those of the order that are no part of its details.
    """
    order = Order.objects.create(**_columns(details), **columns)
    OrderLine.objects.bulk_create(_line(order, line) for line in details.lines)
    emit(_order_placed(order, details))
    deadline = events.ShippingDeadlineReached(order_id=order.id)
    emit(deadline, publish_after=order.expires_at)
    return order


def _columns(details: events.OrderDetails) -> dict[str, Any]:
    placed_at = now()
    return {
        **_of_same_name(Order, details),
        "id": UUID(bytes=uuid7().bytes),
        "number": _next_number(),
        "customer_id": details.customer_id or "",
        "ship_to": details.ship_to.model_dump(mode="json"),
        "shipping_cost": Money(details.shipping_cost, details.currency),
        "promotion": details.promotion or "",
        "taxes": [tax.model_dump(mode="json") for tax in details.taxes],
        "total": Money(total_of(details), details.currency),
        "ships": ships(details),
        "placed_at": placed_at,
        "expires_at": placed_at + settings.ORDER_EXPIRES_AFTER,
    }


def _line(order: Order, line: events.OrderLine) -> OrderLine:
    price = Money(line.unit_price, order.total.currency)
    return OrderLine(**{**_of_same_name(OrderLine, line), "order": order, "unit_price": price})


def _of_same_name(model: type[Model], value: BaseModel) -> dict[str, Any]:
    """Return those parts of a value that the model has a column for."""
    columns = {field.name for field in model._meta.concrete_fields}
    return {name: part for name, part in value if name in columns}


def _next_number() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select nextval('orders_number')")
        return str(cursor.fetchone()[0])


def _order_placed(order: Order, details: events.OrderDetails) -> events.OrderPlaced:
    return events.OrderPlaced(
        **dict(details),
        order_id=order.id,
        number=order.number,
        total=order.total.amount,
        placed_at=order.placed_at,
        expires_at=order.expires_at,
    )
