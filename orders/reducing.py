"""Units of an order that will not come: closed before they were shipped, or lost on their way.

Whoever calls this has locked the order, and saves it.
"""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from eventbus import emit
from orders import events
from orders.models import Order, OrderLine, lines_with_units_back
from orders.refund_shares import paid_by_line, worth_of_next
from orders.returns import fitted
from shipping.events import ShippedLine


def reduce(
    order: Order,
    lines: Iterable[ShippedLine],
    reason: str,
    *,
    restock: bool = True,
    refund: bool = True,
) -> None:
    """Give up these units, and emit it: stock, money and points go back.

    Without `restock` the goods are written off, without `refund` the money is kept. Where
    nothing at all comes of the order, all its money goes back, delivery included.
    """
    units = Counter[int]()
    for line in lines:
        units[line.line] += line.quantity
    with fitted(order, units):
        closed, amount, points = _close(order, units)
        amount = amount if refund else Decimal(0)
        order.reduce(units.total(), amount, reason)
        emit(_reduced(order, closed, amount, points, restock))


def _close(order: Order, units: Counter[int]) -> tuple[list[events.ReturnedLine], Decimal, int]:
    """Write down what each line loses; returns that, and what all of it was paid with."""
    lines = list(lines_with_units_back().filter(order=order))
    points_before = sum(line.closed_points for line in lines)
    closed = []
    for line, paid in zip(lines, paid_by_line(order, lines), strict=True):
        if gone := units[line.line]:
            worth, points = worth_of_next(line, gone, paid)
            line.closed += gone
            line.closed_amount += worth
            line.closed_points += points
            closed.append(_closed_line(line, gone, worth))
    OrderLine.objects.bulk_update(lines, ["closed", "closed_amount", "closed_points"])
    points = sum(line.closed_points for line in lines) - points_before
    if all(line.closed == line.quantity for line in lines):
        return closed, order.total.amount - order.reduced_amount, order.points - points_before
    return closed, sum((line.amount for line in closed), Decimal(0)), points


def _closed_line(line: OrderLine, units: int, worth: Decimal) -> events.ReturnedLine:
    return events.ReturnedLine(
        line=line.line, sku=line.sku, title=line.title, quantity=units, amount=worth
    )


def _reduced(
    order: Order, lines: list[events.ReturnedLine], amount: Decimal, points: int, restock: bool
) -> events.OrderReduced:
    return events.OrderReduced(
        order_id=order.id,
        number=order.number,
        customer_id=order.customer_id or None,
        email=order.email,
        reason=order.reduced_reason,
        lines=tuple(lines),
        amount=amount,
        points=points,
        currency=str(order.total.currency),
        restock=restock,
    )
