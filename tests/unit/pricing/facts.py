"""Promotions and taxes to price things with."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from django.utils import timezone

from orders.events import OrderCancelled
from pricing.models import Promotion, TaxRate, TaxZone
from pricing.promotions import Shopper, redeem
from pricing.quoting import Item

ADA = Shopper(customer_id="user-1", email="ada@example.com", points=500)


def items(*prices: str, tax_class: str = "standard") -> list[Item]:
    """One unit of something at each of these prices."""
    return [Item(f"SKU{n}", 1, Decimal(price), tax_class) for n, price in enumerate(prices)]


def percent_off(code: str = "TENTH", value: int = 10, **more) -> Promotion:
    return Promotion.objects.create(code=code, kind="percentage", value=value, **more)


def amount_off(code: str = "FIVE", value: int = 5, **more) -> Promotion:
    return Promotion.objects.create(code=code, kind="fixed", value=value, **more)


def free_shipping(code: str = "FREE", **more) -> Promotion:
    return Promotion.objects.create(code=code, kind="free_shipping", **more)


def zone(country: str, *, region: str = "", included: bool = True, **percent: str) -> TaxZone:
    """A zone with its rates by tax class."""
    made = TaxZone.objects.create(country=country, region=region, included=included)
    for tax_class, rate in percent.items():
        TaxRate.objects.create(zone=made, tax_class=tax_class, percent=rate)
    return made


def in_days(days: float) -> datetime:
    return timezone.now() + timedelta(days=days)


def cancelled(order_id) -> OrderCancelled:
    return OrderCancelled(
        order_id=order_id,
        number="100001",
        customer_id=None,
        email="ada@example.com",
        reason="customer",
        detail="",
        total=Decimal(10),
        currency="EUR",
        lines=(),
    )


def some_order():
    """The id of an order."""
    return uuid4()


def redeem_for(code: str, shopper: Shopper) -> None:
    redeem(code, some_order(), shopper)
