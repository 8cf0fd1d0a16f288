"""What the loyalty app does about others' facts."""

from uuid import UUID

from billing.events import OrderBilled, PaymentRefunded
from loyalty.events import PointsEarned, PointsReversed
from loyalty.models import Account, OrderPoints, PointsEntry
from orders.events import OrderCancelled
from shop.bus import emit, reacts_to
from shop.events import UserRegistered


@reacts_to(UserRegistered)
def open_account(event: UserRegistered) -> None:
    """Open the customer's account, unless a first order has done so."""
    Account.locked(event.customer_id)


@reacts_to(OrderBilled)
def give_points(event: OrderBilled) -> None:
    """Give the points of a paid order."""
    order = OrderPoints.locked(event.order_id, event.customer_id)
    order.bill(event.total)
    _settle(order, event.id)


@reacts_to(PaymentRefunded)
def take_back_refunded_points(event: PaymentRefunded) -> None:
    """Take back the points of the money given back."""
    order = OrderPoints.locked(event.order_id, event.customer_id)
    order.refund(event.refunded_total)
    _settle(order, event.id)


@reacts_to(OrderCancelled)
def take_back_points(event: OrderCancelled) -> None:
    """Take back all points of a cancelled order; it will bring none later."""
    order = OrderPoints.locked(event.order_id, event.customer_id)
    order.cancel()
    _settle(order, event.id)


def _settle(order: OrderPoints, event_id: UUID) -> None:
    """Save the order, and append what lies between its points and those it should bring."""
    difference = order.target - order.points
    order.points += difference
    order.save()
    if difference and order.customer_id:
        account = Account.locked(order.customer_id)
        _state(account.enter(difference, order.order_id, event_id))


def _state(entry: PointsEntry) -> None:
    statement = PointsEarned if entry.kind == PointsEntry.Kind.EARNED else PointsReversed
    emit(
        statement(
            customer_id=entry.account_id,
            order_id=entry.order_id,
            points=abs(entry.points),
            balance=entry.balance,
            revision=entry.revision,
        )
    )
