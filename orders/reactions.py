"""What the orders app does about others' facts."""

from typing import Any
from uuid import UUID

from django_fsm import can_proceed

from billing.events import (
    OrderBilled,
    PaymentAuthorized,
    PaymentCompleted,
    PaymentFailed,
    PaymentRefunded,
)
from fraud.events import OrderCleared, OrderFlagged, OrderRefused
from inventory.events import StockRejected, StockReserved
from orders import events
from orders.models import Order, locked
from orders.returns import receive_all, void_all
from shipping.events import OrderDelivered, OrderShipped, ShipmentStopped
from shop.bus import emit, reacts_to


@reacts_to(StockReserved)
def note_stock_held(event: StockReserved) -> None:
    locked(event.order_id).note(stock_held_at=event.stated_at)


@reacts_to(StockRejected)
def cancel_for_lack_of_stock(event: StockRejected) -> None:
    short = ", ".join(f"{s.sku} ({s.available} of {s.wanted})" for s in event.shortages)
    _cancel(event.order_id, "out_of_stock", f"not enough in stock: {short}")


@reacts_to(PaymentAuthorized)
def note_authorization(event: PaymentAuthorized) -> None:
    locked(event.order_id).note(authorized_at=event.stated_at)


@reacts_to(PaymentFailed)
def cancel_for_failed_payment(event: PaymentFailed) -> None:
    _cancel(event.order_id, "payment_failed", event.reason)


@reacts_to(OrderCleared)
def note_clearance(event: OrderCleared) -> None:
    locked(event.order_id).note(cleared_at=event.stated_at)


@reacts_to(OrderFlagged)
def note_review(event: OrderFlagged) -> None:
    locked(event.order_id).note(flagged_at=event.stated_at)


@reacts_to(OrderRefused)
def cancel_for_fraud(event: OrderRefused) -> None:
    _cancel(event.order_id, "fraud", ", ".join(event.reasons))


@reacts_to(PaymentCompleted)
def note_capture(event: PaymentCompleted) -> None:
    locked(event.order_id).note(captured_at=event.stated_at, captured_total=event.amount)


@reacts_to(OrderBilled)
def mark_paid(event: OrderBilled) -> None:
    _note_and_end(locked(event.order_id), billed_at=event.stated_at)


@reacts_to(OrderShipped)
def mark_shipped(event: OrderShipped) -> None:
    if not event.complete:
        return
    order = locked(event.order_id)
    order.shipped_at = event.stated_at
    if can_proceed(order.go_on):
        _refuse_cancellation(order)
    _note_and_end(order)


@reacts_to(OrderDelivered)
def mark_delivered(event: OrderDelivered) -> None:
    if event.complete:
        _note_and_end(locked(event.order_id), delivered_at=event.stated_at)


@reacts_to(ShipmentStopped)
def cancel_as_requested(event: ShipmentStopped) -> None:
    _cancel(event.order_id)


@reacts_to(PaymentRefunded)
def note_refund(event: PaymentRefunded) -> None:
    order = locked(event.order_id)
    order.note(
        captured_total=event.captured_total,
        refunded_total=max(order.refunded_total, event.refunded_total),
    )


@reacts_to(events.OrderExpired)
def give_up(event: events.OrderExpired) -> None:
    order = locked(event.order_id)
    if can_proceed(order.request_cancellation):
        order.request_cancellation("expired", "not shipped in time")
        order.save()
        emit(events.CancellationRequested(order_id=order.id, reason="expired"))


def _cancel(order_id: UUID, reason: str = "", detail: str = "") -> None:
    order = locked(order_id)
    if not can_proceed(order.cancel):
        return
    order.cancel(reason, detail)
    order.note()
    void_all(order)
    emit(_order_cancelled(order))


def _refuse_cancellation(order: Order) -> None:
    reason = order.cancel_reason
    order.go_on()
    emit(
        events.CancellationRefused(
            order_id=order.id, number=order.number, email=order.email, reason=reason
        )
    )


def _note_and_end(order: Order, **facts: Any) -> None:
    """Note a fact that may be the last one; whichever is, ends the order."""
    if not order.note(**facts):
        return
    emit(
        events.OrderCompleted(
            order_id=order.id,
            number=order.number,
            customer_id=order.customer_id or None,
            total=order.total.amount,
            currency=str(order.total.currency),
        )
    )
    receive_all(order)


def _order_cancelled(order: Order) -> events.OrderCancelled:
    return events.OrderCancelled(
        order_id=order.id,
        number=order.number,
        customer_id=order.customer_id or None,
        email=order.email,
        reason=order.cancel_reason,
        detail=order.cancel_detail,
        total=order.total.amount,
        currency=str(order.total.currency),
        lines=tuple(
            events.OrderLine(
                line=line.line,
                sku=line.sku,
                title=line.title,
                quantity=line.quantity,
                unit_price=line.unit_price.amount,
            )
            for line in order.lines.all()
        ),
    )
