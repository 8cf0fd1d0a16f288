"""The reactions of the loyalty app to events."""

from billing.events import OrderBilled, PaymentRefunded, RefundFailed
from eventbus import because_of, reacts_to
from loyalty.events import (
    PointsEarned,
    PointsRedeemed,
    PointsRejected,
    PointsReturned,
    PointsReversed,
)
from loyalty.models import Account
from loyalty.points import locked_books
from orders.events import OrderCancelled, OrderPlaced, OrderReduced, OrdersClaimed, ReturnReceived
from shop.events import CustomerErased, UserRegistered

#: What an order brings by now is given, and what it brings no more is taken.
SETTLING = (PointsEarned, PointsReversed, PointsReturned)


@reacts_to(UserRegistered, many=True)
def open_account(events: list[UserRegistered]) -> None:
    """Open the customer's account, unless a first order has done so."""
    opened = {event.customer_id: event.occurred_at for event in reversed(events)}
    accounts = [Account(pk=id, opened_at=opened[id]) for id in sorted(opened)]
    Account.objects.bulk_create(accounts, ignore_conflicts=True)


@reacts_to(OrderPlaced, emits=[PointsRedeemed, PointsRejected])
def redeem_points(event: OrderPlaced) -> None:
    """Take the points that pay a part of the order."""
    if event.points:
        with locked_books({event.order_id: event.customer_id}, event.occurred_at) as books:
            books.redeem(event.order_id, event.points, event)


@reacts_to(OrderBilled, emits=SETTLING, many=True)
def give_points(billed: list[OrderBilled]) -> None:
    """Give the points of paid orders."""
    customers = {event.order_id: event.customer_id for event in billed}
    with locked_books(customers, billed[0].occurred_at) as books:
        for event in billed:
            books.orders[event.order_id].bill(event.total)
            with because_of(event):
                books.settle(event.order_id, event)


@reacts_to(PaymentRefunded, RefundFailed, emits=SETTLING)
def take_back_refunded_points(event: PaymentRefunded | RefundFailed) -> None:
    """Take back the points of the money given back; what a bank did not take counts no more."""
    with locked_books({event.order_id: event.customer_id}, event.occurred_at) as books:
        books.orders[event.order_id].refund(event.refunded_total, event.revision)
        books.settle(event.order_id, event)


@reacts_to(ReturnReceived, OrderReduced, emits=SETTLING)
def return_points(event: ReturnReceived | OrderReduced) -> None:
    """Give back the points that goods were paid with that came back, or will not come."""
    if event.points:
        with locked_books({event.order_id: event.customer_id}, event.occurred_at) as books:
            books.orders[event.order_id].record_return(event.points)
            books.settle(event.order_id, event)


@reacts_to(OrderCancelled, emits=SETTLING)
def take_back_points(event: OrderCancelled) -> None:
    """Take back all points of a cancelled order, and give back those that paid for it."""
    with locked_books({event.order_id: event.customer_id}, event.occurred_at) as books:
        books.orders[event.order_id].cancel()
        books.settle(event.order_id, event)


@reacts_to(OrdersClaimed, emits=SETTLING)
def give_points_of_claimed_orders(event: OrdersClaimed) -> None:
    """Guest orders are a customer's now: they bring what they would have brought."""
    customers = dict.fromkeys(event.order_ids, event.customer_id)
    with locked_books(customers, event.occurred_at) as books:
        for order_id in sorted(event.order_ids):
            books.settle(order_id, event)


@reacts_to(CustomerErased)
def close_account(event: CustomerErased) -> None:
    """Close the customer's account: its ledger tells of an id, and of nobody."""
    opened = {"opened_at": event.occurred_at}
    with Account.objects.get_or_create_for_update(opened, pk=event.customer_id) as account:
        account.close(event.occurred_at)
