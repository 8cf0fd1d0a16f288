"""Amounts of money in the shop's currency, to the cent."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def rounded(amount: Decimal) -> Decimal:
    """Round to the cent; half a cent goes up (away from zero)."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def spread(amount: Decimal, over: Sequence[Decimal]) -> list[Decimal]:
    """Return shares of `amount`, in proportion to the parts of `over`, that add up to it exactly.

    No share is more than its part, as long as `amount` is not more than all parts together.
    Each is the rounded share of everything up to its part, less what went before: what one
    rounding takes, the next gives back.
    """
    whole, shares, seen, given = sum(over), [], Decimal(0), Decimal(0)
    for part in over:
        seen += part
        due = rounded(amount * seen / whole) if whole else Decimal(0)
        shares.append(due - given)
        given = due
    return shares
