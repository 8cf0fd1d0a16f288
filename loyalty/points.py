"""Moving points: between what the ledger says and what should be there by what is known.

A customer's account is locked before their orders, so that workers cannot lock
each other out.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from uuid import UUID

from eventbus import emit
from loyalty.events import (
    PointsEarned,
    PointsRedeemed,
    PointsRejected,
    PointsReturned,
    PointsReversed,
)
from loyalty.models import Account, OrderPoints, PointsEntry

Kind = PointsEntry.Kind

STATEMENTS = {
    Kind.EARNED: PointsEarned,
    Kind.REVERSED: PointsReversed,
    Kind.REDEEMED: PointsRedeemed,
    Kind.RETURNED: PointsReturned,
}


@contextmanager
def lock_order(
    order_id: UUID, customer_id: str | None
) -> Iterator[tuple[Account | None, OrderPoints]]:
    """Lock the order's points and its customer's account, and save both; a guest has no account."""
    accounts, orders = Account.objects, OrderPoints.objects
    with ExitStack() as locks:
        lock = locks.enter_context
        account = lock(accounts.get_or_create_for_update(pk=customer_id)) if customer_id else None
        order = lock(orders.get_or_create_for_update({"customer_id": customer_id}, pk=order_id))
        if order.customer_id and not account:
            account = lock(accounts.get_or_create_for_update(pk=order.customer_id))
        yield account, order


def redeem(account: Account, order: OrderPoints, points: int, event_id: UUID) -> None:
    """Take all the points that are to pay for an order, or none if there are too few.

    None, and nothing is emitted, if the order was cancelled before we heard of it.
    """
    if order.cancelled or order.redeemed:
        return
    if points > account.balance:
        _reject(account, order, points)
        return
    order.redeemed = points
    _enter(account, order, Kind.REDEEMED, -points, event_id)


def settle(account: Account | None, order: OrderPoints, event_id: UUID) -> None:
    """Enter what the order still has to bring, give back or take."""
    if account and order.customer_id:
        before = account.balance
        _give_back(account, order, event_id)
        _earn_or_take_back(account, order, event_id)
        if account.balance > before:
            _collect(account, order, event_id)


def _give_back(account: Account, order: OrderPoints, event_id: UUID) -> None:
    difference = order.to_return - order.returned
    if difference > 0:
        order.returned += difference
        _enter(account, order, Kind.RETURNED, difference, event_id)


def _earn_or_take_back(account: Account, order: OrderPoints, event_id: UUID) -> None:
    """A balance is never negative: what cannot be taken back now is owed."""
    difference = max(order.target - order.points, -account.balance)
    order.points += difference
    order.owed = max(order.points - order.target, 0)
    if difference:
        kind = Kind.EARNED if difference > 0 else Kind.REVERSED
        _enter(account, order, kind, difference, event_id)


def _collect(account: Account, gained: OrderPoints, event_id: UUID) -> None:
    """Take what other orders of the customer owe from what was gained, the oldest first."""
    owing = OrderPoints.objects.filter(customer_id=account.customer_id, owed__gt=0)
    for order in owing.exclude(pk=gained.pk).select_for_update().order_by("created_at", "order_id"):
        _earn_or_take_back(account, order, event_id)
        order.save()


def _enter(
    account: Account, order: OrderPoints, kind: PointsEntry.Kind, points: int, event_id: UUID
) -> None:
    entry = account.post_entry(kind, points, order.order_id, event_id)
    emit(
        STATEMENTS[kind](
            customer_id=account.customer_id,
            order_id=order.order_id,
            points=abs(points),
            balance=entry.balance,
            revision=entry.revision,
        )
    )


def _reject(account: Account, order: OrderPoints, wanted: int) -> None:
    emit(
        PointsRejected(
            customer_id=account.customer_id,
            order_id=order.order_id,
            wanted=wanted,
            balance=account.balance,
        )
    )
