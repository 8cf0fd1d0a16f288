"""What the billing app does about others' facts."""

from billing import payment
from billing.events import ChallengeConfirmed, RefundRequested
from billing.models import Charge
from billing.payment import Steps
from fraud.events import OrderCleared, OrderRefused
from inventory.events import StockRejected, StockReserved
from orders.events import OrderCancelled, OrderPlaced, ReturnReceived
from shop.bus import reacts_to


@reacts_to(OrderPlaced)
def authorise_payment(event: OrderPlaced) -> Steps:
    charge = Charge.locked(
        event.order_id,
        placed_at=event.placed_at,
        expires_at=event.expires_at,
        number=event.number,
        customer_id=event.customer_id or "",
        email=event.email,
        amount=event.total,
        currency=event.currency,
        card_token=event.card.token,
        card_last4=event.card.last4,
    )
    yield from payment.authorize(charge)


@reacts_to(ChallengeConfirmed)
def authorise_confirmed_payment(event: ChallengeConfirmed) -> Steps:
    yield from payment.authorize(Charge.locked(event.order_id))


@reacts_to(StockReserved)
def capture_once_reserved(event: StockReserved) -> Steps:
    yield from payment.capture(Charge.locked(event.order_id, stock_reserved=True))


@reacts_to(OrderCleared)
def capture_once_cleared(event: OrderCleared) -> Steps:
    yield from payment.capture(Charge.locked(event.order_id, cleared=True))


@reacts_to(StockRejected)
def release_unservable_order(event: StockRejected) -> Steps:
    yield from payment.give_back(Charge.locked(event.order_id, stock_rejected=True))


@reacts_to(OrderRefused)
def release_refused_order(event: OrderRefused) -> Steps:
    yield from payment.give_back(Charge.locked(event.order_id, fraud_refused=True))


@reacts_to(OrderCancelled)
def give_back_cancelled_order(event: OrderCancelled) -> Steps:
    yield from payment.give_back(Charge.locked(event.order_id, cancellation=event.reason))


@reacts_to(ReturnReceived)
def refund_return(event: ReturnReceived) -> Steps:
    charge = Charge.locked(event.order_id)
    refund = charge.refund_up_to(event.amount, f"return:{event.return_id}", "goods returned")
    yield from payment.refund(charge, refund)


@reacts_to(RefundRequested)
def refund_as_requested(event: RefundRequested) -> Steps:
    charge = Charge.locked(event.order_id)
    yield from payment.refund(charge, charge.refunds.get(pk=event.refund_id))
