"""How far orders are: facts are recorded as they come, and the last one ends an order.

Whoever calls these functions has locked the order.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django_fsm import can_proceed

from billing.events import OrderBilled, PaymentCompleted
from eventbus import emit
from orders import events
from orders.models import Order, OrderLine, State
from orders.returns import decide_all
from shipping.events import OrderDelivered, OrderShipped

Progress = PaymentCompleted | OrderBilled | OrderShipped | OrderDelivered


def record_and_end(order: Order, **facts: Any) -> None:
    """Record facts that may be the last ones; whichever are, end the order."""
    if record(order, **facts) and order.pk in Order.objects.with_loose_ends([order.pk]):
        tie_up(order)


def resume_and_end(order: Order) -> None:
    """Refuse a request to cancel where everything that comes has left, and move on."""
    refuse_late_request(order)
    record_and_end(order)


def record(order: Order, **facts: Any) -> bool:
    """Record facts and emit that the order is complete if it is now; return whether it is.

    What it may leave open is then to be tied up.
    """
    order.record(**facts)
    if not (order.advance() and order.state == State.COMPLETED):
        return False
    emit(
        events.OrderCompleted(
            order_id=order.id,
            number=order.number,
            customer_id=order.customer_id or None,
            total=order.total.amount,
            currency=str(order.total.currency),
        )
    )
    return True


def tie_up(order: Order) -> None:
    """Release the goods that needed no shipping, and decide the returns that waited."""
    if released := lines_of(order.lines.filter(requires_shipping=False)):
        emit(events.GoodsReleased(order_id=order.id, number=order.number, lines=released))
    decide_all(order)


def refuse_late_request(order: Order) -> None:
    """Refuse a request to cancel where everything that comes has left."""
    if can_proceed(order.reject_cancellation):
        reason = order.cancel_reason
        order.reject_cancellation()
        emit(
            events.CancellationRefused(
                order_id=order.id, number=order.number, email=order.email, reason=reason
            )
        )


def lines_of(lines: Iterable[OrderLine]) -> tuple[events.OrderLine, ...]:
    """Return order lines as events have them."""
    return tuple(
        events.OrderLine(
            line=line.line,
            sku=line.sku,
            title=line.title,
            quantity=line.quantity,
            unit_price=line.unit_price.amount,
            discount=line.discount,
            tax_rate=line.tax_rate,
            tax=line.tax,
            requires_shipping=line.requires_shipping,
        )
        for line in lines
    )


def _captured(order: Order, event: PaymentCompleted) -> bool:
    return record(order, captured_at=event.occurred_at, captured_total=event.amount)


def _billed(order: Order, event: OrderBilled) -> bool:
    return record(order, billed_at=event.occurred_at)


def _shipped(order: Order, event: OrderShipped) -> bool:
    if not event.complete:
        return False
    order.record(shipped_at=event.occurred_at, missing=max(order.missing, event.missing))
    refuse_late_request(order)
    return record(order)


def _delivered(order: Order, event: OrderDelivered) -> bool:
    if not event.complete:
        return False
    missing = max(order.missing, event.missing)
    return record(order, delivered_at=event.occurred_at, missing=missing)


#: Record what happened to an order; each tells whether that has ended it, as `record` does.
PROGRESS: Mapping[type[Progress], Callable[[Order, Any], bool]] = {
    PaymentCompleted: _captured,
    OrderBilled: _billed,
    OrderShipped: _shipped,
    OrderDelivered: _delivered,
}
