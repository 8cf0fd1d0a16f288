"""What the billing app does about others' facts."""

from billing import erasure, payment, reconciling
from billing.events import (
    ChallengeConfirmed,
    PaymentRetried,
    ProcessorNotified,
    ReconciliationDue,
    RefundRequested,
)
from billing.models import Charge, Purchase
from eventbus import Outside, reacts_to
from fraud.events import OrderCleared, OrderRefused
from inventory.events import StockRejected, StockReserved
from loyalty.events import PointsRedeemed, PointsRejected
from orders.events import OrderCancelled, OrderPlaced, OrderReduced, ReturnReceived
from shop.events import CustomerErased


@reacts_to(OrderPlaced)
def authorise_payment(event: OrderPlaced) -> Outside:
    charge = Charge.locked(event.order_id)
    order = erasure.as_remembered(event, charge)
    charge.place(order)
    Purchase.keep(order)
    yield from payment.authorize(charge)


@reacts_to(ChallengeConfirmed)
def authorise_confirmed_payment(event: ChallengeConfirmed) -> Outside:
    yield from payment.authorize(Charge.locked(event.order_id))


@reacts_to(PaymentRetried)
def authorise_with_another_card(event: PaymentRetried) -> Outside:
    yield from payment.authorize(Charge.locked(event.order_id))


@reacts_to(ProcessorNotified)
def look_into_notified_payment(event: ProcessorNotified) -> Outside:
    yield from payment.look_into(Charge.locked(event.order_id))


@reacts_to(ReconciliationDue)
def compare_books(event: ReconciliationDue) -> Outside:
    yield from reconciling.compare(event.day, event.after)


@reacts_to(StockReserved)
def capture_once_reserved(event: StockReserved) -> Outside:
    yield from payment.capture(Charge.locked(event.order_id, stock_reserved=True))


@reacts_to(PointsRedeemed)
def capture_once_points_redeemed(event: PointsRedeemed) -> Outside:
    yield from payment.capture(Charge.locked(event.order_id, points_redeemed=True))


@reacts_to(OrderCleared)
def capture_once_cleared(event: OrderCleared) -> Outside:
    yield from payment.capture(Charge.locked(event.order_id, cleared=True))


@reacts_to(StockRejected)
def release_unservable_order(event: StockRejected) -> Outside:
    yield from payment.give_back(Charge.locked(event.order_id, stock_rejected=True))


@reacts_to(PointsRejected)
def release_order_without_points(event: PointsRejected) -> Outside:
    yield from payment.give_back(Charge.locked(event.order_id, points_rejected=True))


@reacts_to(OrderRefused)
def release_refused_order(event: OrderRefused) -> Outside:
    yield from payment.give_back(Charge.locked(event.order_id, fraud_refused=True))


@reacts_to(OrderCancelled)
def give_back_cancelled_order(event: OrderCancelled) -> Outside:
    charge = Charge.locked(event.order_id, cancellation=event.reason, keeps_money=not event.refund)
    yield from payment.give_back(charge)


@reacts_to(ReturnReceived)
def refund_return(event: ReturnReceived) -> Outside:
    charge = Charge.locked(event.order_id)
    refund = charge.refund_up_to(event.amount, f"return:{event.return_id}", "goods returned")
    yield from payment.refund(charge, refund)


@reacts_to(OrderReduced)
def refund_what_will_not_come(event: OrderReduced) -> Outside:
    charge = Charge.locked(event.order_id)
    why = f"goods will not come: {event.reason}"
    refund = charge.refund_for_reduction(event.amount, f"reduced:{event.id}", why)
    yield from payment.refund(charge, refund)


@reacts_to(RefundRequested)
def refund_as_requested(event: RefundRequested) -> Outside:
    charge = Charge.locked(event.order_id)
    yield from payment.refund(charge, charge.refunds.get(pk=event.refund_id))


@reacts_to(CustomerErased)
def forget_customer(event: CustomerErased) -> None:
    erasure.forget(event.order_ids)
