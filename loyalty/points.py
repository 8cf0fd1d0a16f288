"""Moving points: between what the ledger says and what should be there by what is known.

A customer's account is locked before their orders, so that workers cannot lock
each other out.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from eventbus import Event, emit
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


class Books:
    """Accounts and orders' points, locked, and the entries that are made meanwhile.

    Of each account all orders that owe points are among them.
    """

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        self.orders: dict[UUID, OrderPoints] = {}
        self.entries: list[PointsEntry] = []

    def redeem(self, order_id: UUID, points: int, cause: Event) -> None:
        """Take all the points that are to pay for an order, or none if there are too few.

        None, and nothing is emitted, if the order was cancelled before we heard of it.
        """
        order = self.orders[order_id]
        account = self._account_of(order)
        assert account, "only a customer has points to spend"
        if order.cancelled or order.redeemed:
            return
        if points > account.balance:
            _reject(account, order, points)
            return
        order.redeemed = points
        self._post_entry(account, order, Kind.REDEEMED, -points, cause)

    def settle(self, order_id: UUID, cause: Event) -> None:
        """Enter what the order still has to bring, give back or take; a guest has no account."""
        order = self.orders[order_id]
        if account := self._account_of(order):
            before = account.balance
            self._return_points(account, order, cause)
            self._earn_or_take_back(account, order, cause)
            if account.balance > before:
                self._collect(account, order, cause)

    def _account_of(self, order: OrderPoints) -> Account | None:
        return self.accounts[order.customer_id] if order.customer_id else None

    def _return_points(self, account: Account, order: OrderPoints, cause: Event) -> None:
        difference = order.to_return - order.returned
        if difference > 0:
            order.returned += difference
            self._post_entry(account, order, Kind.RETURNED, difference, cause)

    def _earn_or_take_back(self, account: Account, order: OrderPoints, cause: Event) -> None:
        """A balance is never negative: what cannot be taken back now is owed."""
        difference = max(order.target - order.points, -account.balance)
        order.points += difference
        order.owed = max(order.points - order.target, 0)
        if difference:
            kind = Kind.EARNED if difference > 0 else Kind.REVERSED
            self._post_entry(account, order, kind, difference, cause)

    def _collect(self, account: Account, gained: OrderPoints, cause: Event) -> None:
        """Take what other orders of the customer owe from what was gained, the oldest first."""
        for order in sorted(self.orders.values(), key=attrgetter("created_at", "order_id")):
            if order.owed and order.customer_id == account.pk and order is not gained:
                self._earn_or_take_back(account, order, cause)

    def _post_entry(
        self, account: Account, order: OrderPoints, kind: Kind, points: int, cause: Event
    ) -> None:
        entry = account.post_entry(kind, points, order.order_id, cause)
        self.entries.append(entry)
        emit(
            STATEMENTS[kind](
                customer_id=account.customer_id,
                order_id=order.order_id,
                points=abs(points),
                balance=entry.balance,
                revision=entry.revision,
            )
        )


@contextmanager
def locked_books(customers: Mapping[UUID, str | None], heard_at: datetime) -> Iterator[Books]:
    """Lock these orders' points and their customers' accounts; save them and the new entries.

    `customers` are given by order, as an event has them; None is a guest, as far as it knows.
    What is not there yet is made as known since `heard_at`.
    """
    books = Books()
    with ExitStack() as locks:
        known = {customer for customer in customers.values() if customer}
        _lock(books, locks, heard_at, known, customers)
        for order_id, customer in customers.items():
            order = books.orders[order_id]
            order.customer_id = order.customer_id or customer
        owners = {order.customer_id for order in books.orders.values() if order.customer_id}
        _lock(books, locks, heard_at, owners - books.accounts.keys())
        yield books
        PointsEntry.objects.bulk_create(books.entries)


def _lock(
    books: Books,
    locks: ExitStack,
    heard_at: datetime,
    customers: set[str],
    orders: Iterable[UUID] = (),
) -> None:
    """Lock accounts, made where there are none, and orders with those that owe points to them."""
    accounts = Account.objects.get_or_create_many_for_update({"opened_at": heard_at}, pk=customers)
    books.accounts |= locks.enter_context(accounts)
    wanted = {*orders, *OrderPoints.objects.owing(customers)} - books.orders.keys()
    books.orders |= locks.enter_context(
        OrderPoints.objects.get_or_create_many_for_update({"created_at": heard_at}, pk=wanted)
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
