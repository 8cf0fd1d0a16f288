"""Reactions of the orders app to others' events."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django_fsm import can_proceed

from billing.events import (
    ChallengeConfirmed,
    OrderBilled,
    PaymentAuthorized,
    PaymentChallenged,
    PaymentCompleted,
    PaymentFailed,
    PaymentRefunded,
    PaymentRetried,
    RefundFailed,
)
from eventbus import because_of, emit, reacts_to
from fraud.events import OrderCleared, OrderFlagged, OrderRefused
from inventory.events import StockRejected, StockReserved
from loyalty.events import PointsRejected
from orders import erasure, events, texts
from orders.models import Order, Return
from orders.progress import (
    PROGRESS,
    Progress,
    lines_of,
    record_and_end,
    resume_and_end,
    tie_up,
)
from orders.reducing import reduce
from orders.returns import decide, receive, void_all
from shipping.events import (
    OrderDelivered,
    OrderShipped,
    ParcelLost,
    RestClosed,
    ReturnArrived,
    ShipmentStopped,
)
from shop.events import CustomerErased

#: What the fact that ends an order leads to: its returns that waited for the end are decided.
ENDING = (events.OrderCompleted, events.GoodsReleased, events.ReturnApproved)
#: Units are given up; what was asked to go back of them is asked for anew.
REDUCING = (events.OrderReduced, events.ReturnRequested)


@reacts_to(StockReserved, many=True)
def record_stock_held(held: list[StockReserved]) -> None:
    Order.objects.record("stock_held_at", _times(held))


@reacts_to(StockRejected, emits=[events.OrderCancelled])
def cancel_for_lack_of_stock(event: StockRejected) -> None:
    with Order.objects.get_for_update(pk=event.order_id) as order:
        _cancel(order, "out_of_stock", texts.out_of_stock(order, event.shortages))


@reacts_to(PaymentAuthorized, many=True)
def record_authorization(authorized: list[PaymentAuthorized]) -> None:
    cards = {(event.order_id, event.attempt): event.occurred_at for event in authorized}
    for order_id, attempt in cards.keys() - Order.objects.authorize(cards):
        with Order.objects.get_for_update(pk=order_id) as order:
            order.record_attempt(attempt)
            if order.is_open(attempt):
                order.record(authorized_at=cards[order_id, attempt], pay_until=None)


@reacts_to(PaymentChallenged, emits=[events.PaymentDeadlineReached])
def wait_for_answer(event: PaymentChallenged) -> None:
    """Hold the goods for some minutes: the shopper may never answer."""
    with Order.objects.get_for_update(pk=event.order_id) as order:
        until = event.answer_until or event.occurred_at + settings.PAYMENT_CHALLENGE_TIMEOUT
        order.record_attempt(event.attempt)
        if order.is_open(event.attempt):
            order.record_challenge(until)
            if order.pay_until:
                _emit_payment_deadline(order)


@reacts_to(ChallengeConfirmed)
def record_answer(event: ChallengeConfirmed) -> None:
    with Order.objects.get_for_update(pk=event.order_id) as order:
        order.record_attempt(event.attempt)
        if order.is_open(event.attempt):
            order.record_answer()


@reacts_to(PaymentRetried)
def record_other_card(event: PaymentRetried) -> None:
    with Order.objects.get_for_update(pk=event.order_id) as order:
        order.record_attempt(event.attempt)


@reacts_to(PaymentFailed, emits=[events.PaymentDeadlineReached, events.OrderCancelled])
def wait_for_another_card(event: PaymentFailed) -> None:
    """Wait, unless another one is under way or has paid; without time for one it is cancelled."""
    with Order.objects.get_for_update(pk=event.order_id) as order:
        order.record_attempt(event.attempt)
        open_still = order.is_open(event.attempt) and not order.captured_at
        if not (open_still and can_proceed(order.cancel)):
            return
        order.record_refusal(event.occurred_at, event.code, event.reason, event.pay_until)
        if order.pay_until:
            _emit_payment_deadline(order)
        else:
            _cancel(order, "payment_failed", event.reason)


@reacts_to(
    events.PaymentDeadlineReached,
    emits=[events.PaymentDeadlineReached, events.CancellationRequested],
)
def cancel_unpaid(event: events.PaymentDeadlineReached) -> None:
    """Ask shipping, which has the last word: the shopper may pay at this very moment.

    One who was there meanwhile got more time: then its new end is emitted instead.
    """
    with Order.objects.get_for_update(pk=event.order_id) as order:
        if order.pay_until is None or order.payment_attempt != event.attempt:
            return
        if event.until and order.pay_until > event.until:
            _emit_payment_deadline(order)
        else:
            why = order.payment_failed_reason or texts.not_confirmed(order)
            _ask_to_cancel(order, "payment_failed", why)


@reacts_to(PointsRejected, emits=[events.OrderCancelled])
def cancel_for_lack_of_points(event: PointsRejected) -> None:
    with Order.objects.get_for_update(pk=event.order_id) as order:
        _cancel(order, "points", texts.too_few_points(order, event.wanted, event.balance))


@reacts_to(OrderCleared, many=True)
def record_clearance(cleared: list[OrderCleared]) -> None:
    Order.objects.record("cleared_at", _times(cleared))


@reacts_to(OrderFlagged, many=True)
def record_review(flagged: list[OrderFlagged]) -> None:
    Order.objects.record("flagged_at", _times(flagged))


@reacts_to(OrderRefused, emits=[events.OrderCancelled])
def cancel_for_fraud(event: OrderRefused) -> None:
    with Order.objects.get_for_update(pk=event.order_id) as order:
        _cancel(order, "fraud", texts.not_cleared(order))


@reacts_to(
    PaymentCompleted,
    OrderBilled,
    OrderShipped,
    OrderDelivered,
    emits=[events.CancellationRefused, *ENDING],
    many=True,
)
def record_progress(happened: list[Progress]) -> None:
    """Record how far orders are, and end those whose last fact this is."""
    with Order.objects.get_many_for_update(pk=[event.order_id for event in happened]) as orders:
        ended = {}
        for event in happened:
            order = orders[event.order_id]
            with because_of(event):
                if PROGRESS[type(event)](order, event):
                    ended[order.pk] = event
        for order_id in Order.objects.with_loose_ends(ended):
            with because_of(ended[order_id]):
                tie_up(orders[order_id])


@reacts_to(RestClosed, emits=[*REDUCING, *ENDING])
def close_rest(event: RestClosed) -> None:
    """Give up what will not be shipped, as the request to cancel wanted it; the rest goes on."""
    with Order.objects.get_for_update(pk=event.order_id) as order:
        reason, how = (
            order.cancel_reason,
            {"restock": order.cancel_restock, "refund": order.cancel_refund},
        )
        order.resume_reduced()
        reduce(order, event.lines, reason, **how)
        order.shipped_at = event.occurred_at if event.shipped else order.shipped_at
        order.delivered_at = event.occurred_at if event.delivered else order.delivered_at
        record_and_end(order)


@reacts_to(ParcelLost, emits=[*REDUCING, events.CancellationRefused, *ENDING])
def give_up_lost(event: ParcelLost) -> None:
    """Give up what was in a lost parcel."""
    with Order.objects.get_for_update(pk=event.order_id) as order:
        reduce(order, event.lines, "lost", restock=False)
        order.delivered_at = event.occurred_at if event.complete else order.delivered_at
        resume_and_end(order)


@reacts_to(events.OrderReleased, emits=ENDING)
def go_on_released(event: events.OrderReleased) -> None:
    """End what needs no shipping: only the hold kept it. What is shipped waits for shipping."""
    with Order.objects.get_for_update(pk=event.order_id) as order:
        if not order.ships:
            record_and_end(order)


@reacts_to(ShipmentStopped, emits=[events.OrderCancelled])
def cancel_as_requested(event: ShipmentStopped) -> None:
    with Order.objects.get_for_update(pk=event.order_id) as order:
        _cancel(order)


@reacts_to(PaymentRefunded)
def record_refund(event: PaymentRefunded) -> None:
    _record_refunded(event, None)


@reacts_to(RefundFailed)
def record_failed_refund(event: RefundFailed) -> None:
    _record_refunded(event, event.occurred_at)


@reacts_to(events.ShippingDeadlineReached, emits=[events.CancellationRequested])
def give_up(event: events.ShippingDeadlineReached) -> None:
    with Order.objects.get_for_update(pk=event.order_id) as order:
        _ask_to_cancel(order, "expired", texts.expired(order))


@reacts_to(events.ReturnRequested, emits=[events.ReturnApproved])
def decide_return(event: events.ReturnRequested) -> None:
    with Return.objects.get_for_update(pk=event.return_id, order_id=event.order_id) as returned:
        decide(returned)


@reacts_to(ReturnArrived, emits=[events.ReturnReceived])
def receive_return(event: ReturnArrived) -> None:
    with Return.objects.get_for_update(pk=event.return_id, order_id=event.order_id) as returned:
        receive(returned)


@reacts_to(CustomerErased)
def forget_customer(event: CustomerErased) -> None:
    erasure.forget(event.order_ids)


def _emit_payment_deadline(order: Order) -> None:
    until = order.pay_until
    overdue = events.PaymentDeadlineReached(
        order_id=order.id, attempt=order.payment_attempt, until=until
    )
    emit(overdue, publish_after=until)


def _ask_to_cancel(order: Order, reason: str, detail: str) -> None:
    if can_proceed(order.request_cancellation):
        order.request_cancellation(reason, detail)
        emit(events.CancellationRequested(order_id=order.id, reason=reason))


def _cancel(order: Order, reason: str = "", detail: str = "") -> None:
    if not can_proceed(order.cancel):
        return
    order.cancel(reason, detail)
    order.advance()
    void_all(order)
    emit(_order_cancelled(order))


def _record_refunded(event: PaymentRefunded | RefundFailed, failed_at: datetime | None) -> None:
    with Order.objects.get_for_update(pk=event.order_id) as order:
        order.record_refund(event.revision, event.refunded_total, failed_at)
        order.record(captured_total=event.captured_total)
        order.advance()
        if can_proceed(order.keep):
            order.keep()


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
        lines=lines_of(order.lines.all()),
        restock=order.cancel_restock,
        refund=order.cancel_refund,
    )


def _times(happened: Iterable[StockReserved | OrderCleared | OrderFlagged]) -> dict[UUID, datetime]:
    return {event.order_id: event.occurred_at for event in happened}
