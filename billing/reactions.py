"""The reactions of the billing app to events."""

from functools import partial

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


@reacts_to(OrderPlaced, emits=AUTHORISING, many=True, backfill="mute")
def authorise_payment(events: list[OrderPlaced]) -> ExternalCalls:
    def place(event: OrderPlaced, charge: Charge) -> payment.Call | None:
        order = erasure.redact_if_erased(event, charge)
        charge.place(order)
        OrderSnapshot.keep(order)
        return payment.authorize(charge)

    yield from payment.proceed_each(
        [(each, partial(place, each)) for each in events], mostly_new=True
    )


@reacts_to(ChallengeConfirmed, emits=AUTHORISING, many=True, backfill="mute")
def authorise_confirmed_payment(events: list[ChallengeConfirmed]) -> ExternalCalls:
    yield from payment.proceed(events, payment.authorize)


@reacts_to(PaymentRetried, emits=AUTHORISING, many=True, backfill="mute")
def authorise_with_another_card(events: list[PaymentRetried]) -> ExternalCalls:
    yield from payment.proceed(events, payment.authorize)


@reacts_to(CheckPayment, emits=AUTHORISING, many=True, backfill="mute")
def look_into_notified_payment(events: list[CheckPayment]) -> ExternalCalls:
    yield from payment.proceed(events, payment.poll)


@reacts_to(ReconcilePayments, emits=[ReconcilePayments, CheckPayment], backfill="mute")
def compare_books(event: ReconcilePayments) -> ExternalCalls:
    yield from reconciling.compare(event.day, event.after)


@reacts_to(StockReserved, emits=CAPTURING, many=True, backfill="mute")
def capture_once_reserved(events: list[StockReserved]) -> ExternalCalls:
    yield from payment.proceed(events, payment.capture, stock_reserved=True)


@reacts_to(PointsRedeemed, emits=CAPTURING, many=True, backfill="mute")
def capture_once_points_redeemed(events: list[PointsRedeemed]) -> ExternalCalls:
    yield from payment.proceed(events, payment.capture, points_redeemed=True)


@reacts_to(OrderCleared, emits=CAPTURING, many=True, backfill="mute")
def capture_once_cleared(events: list[OrderCleared]) -> ExternalCalls:
    yield from payment.proceed(events, payment.capture, cleared=True)


@reacts_to(StockRejected, emits=GIVING_BACK, many=True, backfill="mute")
def release_unservable_order(events: list[StockRejected]) -> ExternalCalls:
    yield from payment.proceed(events, payment.release_or_refund, stock_rejected=True)


@reacts_to(PointsRejected, emits=GIVING_BACK, many=True, backfill="mute")
def release_order_without_points(events: list[PointsRejected]) -> ExternalCalls:
    yield from payment.proceed(events, payment.release_or_refund, points_rejected=True)


@reacts_to(OrderRefused, emits=GIVING_BACK, many=True, backfill="mute")
def release_refused_order(events: list[OrderRefused]) -> ExternalCalls:
    yield from payment.proceed(events, payment.release_or_refund, fraud_refused=True)


@reacts_to(OrderCancelled, emits=GIVING_BACK, many=True, backfill="mute")
def give_back_cancelled_order(events: list[OrderCancelled]) -> ExternalCalls:
    def cancel(event: OrderCancelled, charge: Charge) -> payment.Call | None:
        charge.cancellation, charge.keeps_money = event.reason, not event.refund
        return payment.release_or_refund(charge)

    yield from payment.proceed_each([(each, partial(cancel, each)) for each in events])


@reacts_to(ReturnReceived, emits=REFUNDING, many=True, backfill="mute")
def refund_return(events: list[ReturnReceived]) -> ExternalCalls:
    def refund(event: ReturnReceived, charge: Charge) -> payment.Call | None:
        named = f"return:{event.return_id}"
        return payment.refund(charge, charge.refund_up_to(event.amount, named, "goods returned"))

    yield from payment.proceed_each([(each, partial(refund, each)) for each in events])


@reacts_to(OrderReduced, emits=REFUNDING, many=True, backfill="mute")
def refund_what_will_not_come(events: list[OrderReduced]) -> ExternalCalls:
    def refund(event: OrderReduced, charge: Charge) -> payment.Call | None:
        why = f"goods will not come: {event.reason}"
        opened = charge.refund_for_reduction(event.amount, f"reduced:{event.id}", why)
        return payment.refund(charge, opened)

    yield from payment.proceed_each([(each, partial(refund, each)) for each in events])


@reacts_to(RefundPayment, emits=REFUNDING, many=True, backfill="mute")
def refund_as_requested(events: list[RefundPayment]) -> ExternalCalls:
    def refund(event: RefundPayment, charge: Charge) -> payment.Call | None:
        return payment.refund(charge, charge.refunds.get(pk=event.refund_id))

    yield from payment.proceed_each([(each, partial(refund, each)) for each in events])


@reacts_to(CustomerErased)
def forget_customer(event: CustomerErased) -> None:
    erasure.forget(event.order_ids)
