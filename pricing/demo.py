"""Codes to try out."""

from decimal import Decimal

from pricing.models import Promotion

Kind = Promotion.Kind

CODES = (
    Promotion(code="WELCOME10", kind=Kind.PERCENTAGE, value=Decimal(10)),
    Promotion(code="FIVER", kind=Kind.FIXED, value=Decimal(5), minimum_goods=Decimal(30)),
    Promotion(code="SHIPFREE", kind=Kind.FREE_SHIPPING),
)


def load_demo_codes() -> None:
    """Add the codes that are not there yet."""
    Promotion.objects.bulk_create(CODES, ignore_conflicts=True)
