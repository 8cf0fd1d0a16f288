"""What the units of an order were paid with, so that what comes back is worth just that.

Everything is split in whole cents and whole points, and the parts always add up to the whole.
"""

from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

from orders.models import Order, OrderLine


class Paid(NamedTuple):
    """Money, in cents, and points."""

    cents: int
    points: int


def paid_by_line(order: Order, lines: Sequence[OrderLine]) -> list[Paid]:
    """Return what all units of each of the order's lines were paid with.

    Points pay for goods first, in proportion to the lines' prices, then for shipping.
    """
    prices = [_cents(_price(order, line)) for line in lines]
    points_value = _cents(order.points_value)
    value = min(points_value, sum(prices))
    points = share(order.points, value, points_value)
    return [
        Paid(price - worth, given)
        for price, worth, given in zip(
            prices, split(value, prices), split(points, prices), strict=True
        )
    ]


def split(amount: int, weights: Sequence[int]) -> list[int]:
    """Split `amount` in parts as large as the weights, none below 0, adding up to it."""
    whole = sum(weights)
    reached = [share(amount, part, whole) for part in accumulate(weights, initial=0)]
    return [end - start for start, end in pairwise(reached)]


def next_share(amount: int, units: int, quantity: int, given: int) -> int:
    """Return what brings the share of `amount` to that of `units` out of `quantity`.

    `given` is what the units before these were worth. All of them together are worth `amount`,
    whatever was given and taken again in between.
    """
    return max(0, share(amount, units, quantity) - given)


def worth_of_next(line: Any, units: int, paid: Paid) -> tuple[Decimal, int]:
    """Return the money and points that further `units` of a line were paid with.

    `line` tells what is `back` of it, what is `closed`, and what those were worth.
    """
    gone = line.back + line.closed + units
    cents = _cents(line.back_amount + line.closed_amount)
    points = line.back_points + line.closed_points
    money = next_share(paid.cents, gone, line.quantity, cents)
    return Decimal(money).scaleb(-2), next_share(paid.points, gone, line.quantity, points)


def share(amount: int, part: int, whole: int) -> int:
    """Return `amount` times `part` of `whole`, halves rounded up; 0 of nothing."""
    return (2 * amount * part + whole) // (2 * whole) if whole else 0


def _price(order: Order, line: OrderLine) -> Decimal:
    """Return what all units of the line cost, before points."""
    price = line.quantity * line.unit_price.amount - line.discount
    return price if order.tax_included else price + line.tax


def _cents(amount: Decimal) -> int:
    return int(amount.scaleb(2).to_integral_value())
