"""Goods that come back."""

from decimal import Decimal

from orders import events
from orders.models import Order, Return
from shop.bus import emit


def receive(back: Return) -> None:
    """The goods arrived: state it, so that the money goes back and the stock comes in."""
    back.receive()
    back.save()
    lines = tuple(
        events.ReturnedLine(
            line=returned.order_line.line,
            sku=returned.order_line.sku,
            quantity=returned.quantity,
            amount=returned.quantity * returned.order_line.unit_price.amount,
        )
        for returned in back.lines.select_related("order_line").order_by("order_line__line")
    )
    order = back.order
    emit(
        events.ReturnReceived(
            return_id=back.id,
            order_id=order.id,
            number=order.number,
            customer_id=order.customer_id or None,
            email=order.email,
            lines=lines,
            amount=sum((line.amount for line in lines), Decimal(0)),
            currency=str(order.total.currency),
        )
    )


def receive_all(order: Order) -> None:
    """What was announced before the order was delivered comes back now."""
    for back in order.returns.filter(state=Return.State.REQUESTED):
        receive(back)


def void_all(order: Order) -> None:
    """A cancelled order has nothing to send back."""
    for back in order.returns.filter(state=Return.State.REQUESTED):
        back.void()
        back.save()
