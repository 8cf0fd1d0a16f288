"""What a ride costs, and how long it takes."""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings

BASE = Decimal("2.50")
PER_KILOMETRE = Decimal("1.60")
CENT = Decimal("0.01")


def fare(metres: int, surge: Decimal) -> Decimal:
    """Return the price of a ride."""
    plain = BASE + PER_KILOMETRE * metres / 1000
    return (plain * surge).quantize(CENT, ROUND_HALF_UP)


def time_for(metres: int) -> timedelta:
    """Return how long a car takes. The clocks of this town run fast."""
    return timedelta(seconds=metres / settings.METRES_A_SECOND)
