"""Delivery methods, their costs, and the countries we deliver to."""

import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money


@dataclass(frozen=True)
class Method:
    """A way of delivery; `cost` is in the shop's currency."""

    code: str
    name: str | Promise
    promise: str | Promise
    cost: Decimal
    #: whether the goods stay where the shop is until they are fetched
    from_the_shop: bool = False

    @property
    def price(self) -> Money:
        return Money(self.cost, settings.DEFAULT_CURRENCY)

    def taxed_at(self, country: str, region: str = "", postcode: str = "") -> dict[str, str]:
        """Tell where it is taxed: at the address, or at the shop for what is fetched there."""
        if self.from_the_shop:
            country, region = settings.SHOP_COUNTRY, settings.SHOP_REGION
            postcode = settings.SHOP_POSTCODE
        return {"country": country, "region": region, "postcode": postcode}


METHODS = {
    method.code: method
    for method in (
        Method("standard", _("Standard"), _("2 to 4 working days"), Decimal("4.90")),
        Method("express", _("Express"), _("the next working day"), Decimal("9.90")),
        Method(
            "pickup",
            _("Pick up"),
            _("from our shop, as soon as it is packed"),
            Decimal("0.00"),
            from_the_shop=True,
        ),
    )
}

#: ISO 3166-1 alpha-2 and name.
COUNTRIES = (
    ("AU", _("Australia")),
    ("AT", _("Austria")),
    ("BE", _("Belgium")),
    ("BR", _("Brazil")),
    ("BG", _("Bulgaria")),
    ("CA", _("Canada")),
    ("HR", _("Croatia")),
    ("CY", _("Cyprus")),
    ("CZ", _("Czechia")),
    ("DK", _("Denmark")),
    ("EE", _("Estonia")),
    ("FI", _("Finland")),
    ("FR", _("France")),
    ("DE", _("Germany")),
    ("GR", _("Greece")),
    ("HU", _("Hungary")),
    ("IS", _("Iceland")),
    ("IE", _("Ireland")),
    ("IL", _("Israel")),
    ("IT", _("Italy")),
    ("JP", _("Japan")),
    ("LV", _("Latvia")),
    ("LI", _("Liechtenstein")),
    ("LT", _("Lithuania")),
    ("LU", _("Luxembourg")),
    ("MT", _("Malta")),
    ("NL", _("Netherlands")),
    ("NZ", _("New Zealand")),
    ("NO", _("Norway")),
    ("PL", _("Poland")),
    ("PT", _("Portugal")),
    ("RO", _("Romania")),
    ("SG", _("Singapore")),
    ("SK", _("Slovakia")),
    ("SI", _("Slovenia")),
    ("ES", _("Spain")),
    ("SE", _("Sweden")),
    ("CH", _("Switzerland")),
    ("GB", _("United Kingdom")),
    ("US", _("United States")),
)


def country_name(code: str) -> str:
    """Return a country's name in the reader's language; its code where we do not deliver to."""
    return str(dict(COUNTRIES).get(code, code))


def countries() -> list[tuple[str, str]]:
    """List where we deliver to, by name in the reader's language."""
    return sorted(((code, str(name)) for code, name in COUNTRIES), key=_as_in_a_dictionary)


def _as_in_a_dictionary(country: tuple[str, str]) -> str:
    """Sort letters with accents beside those without."""
    return unicodedata.normalize("NFKD", country[1]).casefold()
