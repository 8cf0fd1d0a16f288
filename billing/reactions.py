"""The reactions of the billing app to events."""

from typing import Any

from billing import erasure, payment, reconciling
from billing.events import (
    ChallengeConfirmed,
    CheckPayment,
    DisputeClosed,
    OrderBilled,
    PaymentAuthorized,
    PaymentChallenged,
    PaymentCompleted,
    PaymentDisputed,
    PaymentFailed,
    PaymentRefunded,
    PaymentRetried,
    PaymentVoided,
    ReconcilePayments,
    RefundFailed,
    RefundPayment,
)
from billing.models import Charge, OrderSnapshot
from eventbus import ExternalCalls, reacts_to
from fraud.events import OrderCleared, OrderRefused
from inventory.events import StockRejected, StockReserved
from loyalty.events import PointsRedeemed, PointsRejected
from orders.events import OrderCancelled, OrderPlaced, OrderReduced, ReturnReceived
from shop.events import CustomerErased

#: The processor's books are read first: they may tell of refunds and disputes made there.
REFUNDING = (PaymentRefunded, RefundFailed, PaymentDisputed, DisputeClosed)
#: What was asked of the processor before may have become true meanwhile.
GIVING_BACK = (PaymentVoided, PaymentAuthorized, PaymentFailed, PaymentCompleted, *REFUNDING)
CAPTURING = (OrderBilled, *GIVING_BACK)
AUTHORISING = (PaymentChallenged, *CAPTURING)


@reacts_to(OrderPlaced, emits=AUTHORISING)
def authorise_payment(event: OrderPlaced) -> ExternalCalls:
    def place(charge: Charge) -> payment.Call | None:
        order = erasure.redact_if_erased(event, charge)
        charge.place(order)
        OrderSnapshot.keep(order)
        return payment.authorize(charge)

    yield from payment.proceed(event.order_id, place, mostly_new=True)


@reacts_to(ChallengeConfirmed, emits=AUTHORISING)
def authorise_confirmed_payment(event: ChallengeConfirmed) -> ExternalCalls:
    yield from payment.proceed(event.order_id, payment.authorize)


@reacts_to(PaymentRetried, emits=AUTHORISING)
def authorise_with_another_card(event: PaymentRetried) -> ExternalCalls:
    yield from payment.proceed(event.order_id, payment.authorize)


@reacts_to(CheckPayment, emits=AUTHORISING)
def look_into_notified_payment(event: CheckPayment) -> ExternalCalls:
    yield from payment.proceed(event.order_id, payment.poll)


@reacts_to(ReconcilePayments, emits=[ReconcilePayments, CheckPayment])
def compare_books(event: ReconcilePayments) -> ExternalCalls:
    yield from reconciling.compare(event.day, event.after)


@reacts_to(StockReserved, emits=CAPTURING)
def capture_once_reserved(event: StockReserved) -> ExternalCalls:
    yield from payment.proceed(event.order_id, payment.capture, stock_reserved=True)


@reacts_to(PointsRedeemed, emits=CAPTURING)
def capture_once_points_redeemed(event: PointsRedeemed) -> ExternalCalls:
    yield from payment.proceed(event.order_id, payment.capture, points_redeemed=True)


@reacts_to(OrderCleared, emits=CAPTURING)
def capture_once_cleared(event: OrderCleared) -> ExternalCalls:
    yield from payment.proceed(event.order_id, payment.capture, cleared=True)


@reacts_to(StockRejected, emits=GIVING_BACK)
def release_unservable_order(event: StockRejected) -> ExternalCalls:
    yield from payment.proceed(event.order_id, payment.release_or_refund, stock_rejected=True)


@reacts_to(PointsRejected, emits=GIVING_BACK)
def release_order_without_points(event: PointsRejected) -> ExternalCalls:
    yield from payment.proceed(event.order_id, payment.release_or_refund, points_rejected=True)


@reacts_to(OrderRefused, emits=GIVING_BACK)
def release_refused_order(event: OrderRefused) -> ExternalCalls:
    yield from payment.proceed(event.order_id, payment.release_or_refund, fraud_refused=True)


@reacts_to(OrderCancelled, emits=GIVING_BACK)
def give_back_cancelled_order(event: OrderCancelled) -> ExternalCalls:
    facts: dict[str, Any] = {"cancellation": event.reason, "keeps_money": not event.refund}
    yield from payment.proceed(event.order_id, payment.release_or_refund, **facts)


@reacts_to(ReturnReceived, emits=REFUNDING)
def refund_return(event: ReturnReceived) -> ExternalCalls:
    def refund(charge: Charge) -> payment.Call | None:
        named = f"return:{event.return_id}"
        return payment.refund(charge, charge.refund_up_to(event.amount, named, "goods returned"))

    yield from payment.proceed(event.order_id, refund)


@reacts_to(OrderReduced, emits=REFUNDING)
def refund_what_will_not_come(event: OrderReduced) -> ExternalCalls:
    def refund(charge: Charge) -> payment.Call | None:
        why = f"goods will not come: {event.reason}"
        opened = charge.refund_for_reduction(event.amount, f"reduced:{event.id}", why)
        return payment.refund(charge, opened)

    yield from payment.proceed(event.order_id, refund)


@reacts_to(RefundPayment, emits=REFUNDING)
def refund_as_requested(event: RefundPayment) -> ExternalCalls:
    def refund(charge: Charge) -> payment.Call | None:
        return payment.refund(charge, charge.refunds.get(pk=event.refund_id))

    yield from payment.proceed(event.order_id, refund)


@reacts_to(CustomerErased)
def forget_customer(event: CustomerErased) -> None:
    erasure.forget(event.order_ids)
