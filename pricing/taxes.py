"""The tax of a destination."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from pricing.amounts import rounded
from pricing.models import TaxClass, TaxZone
from pricing.territories import territory_of


@dataclass(frozen=True)
class Taxation:
    """How a destination taxes. `percent` is by tax class; a class without one is not taxed."""

    included: bool = True
    percent: Mapping[str, Decimal] = field(default_factory=dict)

    def rate(self, tax_class: str = TaxClass.STANDARD) -> Decimal:
        return self.percent.get(tax_class, Decimal(0))

    def tax(self, amount: Decimal, rate: Decimal) -> Decimal:
        """Return the tax within `amount`, or on top of it, rounded half up to the cent."""
        return rounded(amount * rate / (100 + rate if self.included else Decimal(100)))


def taxation_of(country: str, region: str = "", postcode: str = "") -> Taxation:
    """Return how deliveries to there are taxed: not at all without a rate. Two queries at most.

    The zone of a territory apart, by its postcodes, goes before that of the region as it was
    written, and that before the one of the whole country.
    """
    apart = territory_of(country, postcode, region)
    wanted = [apart.zone] if apart else []
    wanted += [region, ""]
    zones = TaxZone.objects.filter(country=country, region__in=wanted).prefetch_related("rates")
    zone = min(zones, key=lambda zone: wanted.index(zone.region), default=None)
    if apart and apart.is_outside and (zone is None or not zone.region):
        return Taxation(zone.included if zone else True)
    if zone is None:
        return Taxation()
    return Taxation(zone.included, {rate.tax_class: rate.plain for rate in zone.rates.all()})
