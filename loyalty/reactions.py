"""The reactions of the loyalty app to events."""

from billing.events import OrderBilled, PaymentRefunded, RefundFailed
from eventbus import reacts_to
from loyalty.events import (
    PointsEarned,
    PointsRedeemed,
    PointsRejected,
    PointsReturned,
    PointsReversed,
)
from loyalty.models import Account
from loyalty.points import lock_order, redeem, settle
from orders.events import OrderCancelled, OrderPlaced, OrderReduced, OrdersClaimed, ReturnReceived
from shop.events import CustomerErased, UserRegistered

#: What an order brings by now is given, and what it brings no more is taken.
SETTLING = (PointsEarned, PointsReversed, PointsReturned)


@reacts_to(UserRegistered, many=True)
def open_account(events: list[UserRegistered]) -> None:
    """Open the customer's account, unless a first order has done so."""
    customers = sorted({event.customer_id for event in events})
    Account.objects.bulk_create([Account(pk=id) for id in customers], ignore_conflicts=True)


@reacts_to(OrderPlaced, emits=[PointsRedeemed, PointsRejected])
def redeem_points(event: OrderPlaced) -> None:
    """Take the points that pay a part of the order."""
    if event.points:
        with lock_order(event.order_id, event.customer_id) as (account, order):
            assert account, "only a customer has points to spend"
            redeem(account, order, event.points, event.id)


@reacts_to(OrderBilled, emits=SETTLING)
def give_points(event: OrderBilled) -> None:
    """Give the points of a paid order."""
    with lock_order(event.order_id, event.customer_id) as (account, order):
        order.bill(event.total)
        settle(account, order, event.id)


@reacts_to(PaymentRefunded, RefundFailed, emits=SETTLING)
def take_back_refunded_points(event: PaymentRefunded | RefundFailed) -> None:
    """Take back the points of the money given back; what a bank did not take counts no more."""
    with lock_order(event.order_id, event.customer_id) as (account, order):
        order.refund(event.refunded_total, event.revision)
        settle(account, order, event.id)


@reacts_to(ReturnReceived, OrderReduced, emits=SETTLING)
def return_points(event: ReturnReceived | OrderReduced) -> None:
    """Give back the points that goods were paid with that came back, or will not come."""
    if event.points:
        with lock_order(event.order_id, event.customer_id) as (account, order):
            order.record_return(event.points)
            settle(account, order, event.id)


@reacts_to(OrderCancelled, emits=SETTLING)
def take_back_points(event: OrderCancelled) -> None:
    """Take back all points of a cancelled order, and give back those that paid for it."""
    with lock_order(event.order_id, event.customer_id) as (account, order):
        order.cancel()
        settle(account, order, event.id)


@reacts_to(OrdersClaimed, emits=SETTLING)
def give_points_of_claimed_orders(event: OrdersClaimed) -> None:
    """Guest orders are a customer's now: they bring what they would have brought."""
    for order_id in sorted(event.order_ids):
        with lock_order(order_id, event.customer_id) as (account, order):
            order.customer_id = order.customer_id or event.customer_id
            settle(account, order, event.id)


@reacts_to(CustomerErased)
def close_account(event: CustomerErased) -> None:
    """Close the customer's account: its ledger tells of an id, and of nobody."""
    with Account.objects.get_or_create_for_update(pk=event.customer_id) as account:
        account.close()
