"""How an order can come, what that costs, and where we deliver to."""

from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from djmoney.money import Money


@dataclass(frozen=True)
class Method:
    """A way of delivery; `cost` is in the shop's currency."""

    code: str
    name: str
    promise: str
    cost: Decimal

    @property
    def price(self) -> Money:
        return Money(self.cost, settings.DEFAULT_CURRENCY)


METHODS = {
    method.code: method
    for method in (
        Method("standard", "Standard", "2 to 4 working days", Decimal("4.90")),
        Method("express", "Express", "the next working day", Decimal("9.90")),
        Method("pickup", "Pick up", "from our shop, as soon as it is packed", Decimal("0.00")),
    )
}

#: ISO 3166-1 alpha-2 and name, by name.
COUNTRIES = (
    ("AU", "Australia"),
    ("AT", "Austria"),
    ("BE", "Belgium"),
    ("BR", "Brazil"),
    ("BG", "Bulgaria"),
    ("CA", "Canada"),
    ("HR", "Croatia"),
    ("CY", "Cyprus"),
    ("CZ", "Czechia"),
    ("DK", "Denmark"),
    ("EE", "Estonia"),
    ("FI", "Finland"),
    ("FR", "France"),
    ("DE", "Germany"),
    ("GR", "Greece"),
    ("HU", "Hungary"),
    ("IS", "Iceland"),
    ("IE", "Ireland"),
    ("IL", "Israel"),
    ("IT", "Italy"),
    ("JP", "Japan"),
    ("LV", "Latvia"),
    ("LI", "Liechtenstein"),
    ("LT", "Lithuania"),
    ("LU", "Luxembourg"),
    ("MT", "Malta"),
    ("NL", "Netherlands"),
    ("NZ", "New Zealand"),
    ("NO", "Norway"),
    ("PL", "Poland"),
    ("PT", "Portugal"),
    ("RO", "Romania"),
    ("SG", "Singapore"),
    ("SK", "Slovakia"),
    ("SI", "Slovenia"),
    ("ES", "Spain"),
    ("SE", "Sweden"),
    ("CH", "Switzerland"),
    ("GB", "United Kingdom"),
    ("US", "United States"),
)
