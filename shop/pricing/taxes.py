"""The tax of a destination."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from shop.catalogue.models import TaxClass
from shop.pricing.amounts import rounded
from shop.pricing.models import TaxZone


@dataclass(frozen=True)
class Taxation:
    """How a destination taxes. `percent` is by tax class; a class without one is not taxed."""

    included: bool = True
    percent: Mapping[str, Decimal] = field(default_factory=dict)

    def rate(self, tax_class: str = TaxClass.STANDARD) -> Decimal:
        return self.percent.get(tax_class, Decimal(0))

    def tax(self, amount: Decimal, rate: Decimal) -> Decimal:
        """The tax within `amount`, or on top of it, rounded half up to the cent."""
        return rounded(amount * rate / (100 + rate if self.included else Decimal(100)))


def taxation_of(country: str, region: str = "") -> Taxation:
    """How deliveries to there are taxed: not at all where we know no rate. Two queries at most."""
    zones = TaxZone.objects.filter(country=country, region__in={"", region})
    # The zone of the region itself goes before that of the whole country.
    zone = zones.order_by("-region").prefetch_related("rates").first()
    if zone is None:
        return Taxation()
    return Taxation(zone.included, {rate.tax_class: rate.plain for rate in zone.rates.all()})
