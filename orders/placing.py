"""Writing an order down, and stating it."""

from uuid import UUID

from django.conf import settings
from django.db import connection
from djmoney.money import Money
from uuid6 import uuid7

from eventbus import emit, mailbox, now
from orders import events
from orders.draft import Draft
from orders.models import Order, OrderLine


def place(draft: Draft) -> Order:
    """Write the order with its lines; state it, and ahead of time that it expires."""
    order = _write(draft)
    OrderLine.objects.bulk_create(_line(order, line) for line in draft.lines)
    emit(_order_placed(order, draft))
    deadline = events.ShippingDeadlineReached(order_id=order.id)
    emit(deadline, publish_after=order.expires_at)
    return order


def _write(draft: Draft) -> Order:
    placed_at = now()
    return Order.objects.create(
        id=UUID(bytes=uuid7().bytes),
        number=_next_number(),
        reference=draft.reference,
        idempotency_key=draft.key,
        customer_id=draft.customer_id or "",
        email=mailbox(draft.email),
        language=draft.language,
        cart_id=draft.cart_id,
        ship_to=draft.ship_to.model_dump(mode="json"),
        shipping_cost=Money(draft.shipping_cost, draft.currency),
        discount=draft.discount,
        promotion=draft.promotion or "",
        tax=draft.tax,
        tax_included=draft.tax_included,
        taxes=[tax.model_dump(mode="json") for tax in draft.taxes],
        points=draft.points,
        points_value=draft.points_value,
        total=Money(draft.total, draft.currency),
        may_pay_again=draft.pay_again,
        visitor=draft.visitor,
        ships=draft.ships,
        placed_at=placed_at,
        expires_at=placed_at + settings.ORDER_EXPIRES_AFTER,
    )


def _line(order: Order, line: events.OrderLine) -> OrderLine:
    return OrderLine(
        order=order,
        line=line.line,
        sku=line.sku,
        title=line.title,
        quantity=line.quantity,
        unit_price=Money(line.unit_price, order.total.currency),
        discount=line.discount,
        tax_rate=line.tax_rate,
        tax=line.tax,
        requires_shipping=line.requires_shipping,
    )


def _next_number() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select nextval('orders_number')")
        return str(cursor.fetchone()[0])


def _order_placed(order: Order, draft: Draft) -> events.OrderPlaced:
    return events.OrderPlaced(
        order_id=order.id,
        number=order.number,
        customer_id=draft.customer_id,
        email=draft.email,
        cart_id=draft.cart_id,
        lines=tuple(draft.lines),
        shipping_cost=draft.shipping_cost,
        discount=draft.discount,
        promotion=draft.promotion,
        tax=draft.tax,
        tax_included=draft.tax_included,
        taxes=tuple(draft.taxes),
        points=draft.points,
        points_value=draft.points_value,
        total=draft.total,
        currency=draft.currency,
        ship_to=draft.ship_to,
        card=draft.card,
        placed_at=order.placed_at,
        language=draft.language,
        expires_at=order.expires_at,
    )
