"""Whether a variant can be bought, as the pages say it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from shop.storefront.models import Availability


@dataclass(frozen=True)
class Stock:
    """Units that can be bought; None while inventory has not told, which is no reason to refuse."""

    available: int | None = None

    @property
    def kind(self) -> str:
        """One of `unknown`, `sold-out`, `few`, `in-stock`."""
        if self.available is None:
            return "unknown"
        if self.available <= 0:
            return "sold-out"
        return "few" if self.available <= settings.LOW_STOCK else "in-stock"

    @property
    def sold_out(self) -> bool:
        return self.kind == "sold-out"

    @property
    def label(self) -> str:
        """For people, in one or a few words."""
        return {
            "unknown": _("Stock not known yet"),
            "sold-out": _("Sold out"),
            "few": _("Only %(units)s left") % {"units": self.available},
            "in-stock": _("In stock"),
        }[self.kind]

    def lacks(self, quantity: int) -> bool:
        """Whether so many are more than there are known to be."""
        return self.available is not None and quantity > self.available


UNKNOWN = Stock()


def stock_of(skus: Iterable[str]) -> dict[str, Stock]:
    """What is known of these SKUs, `UNKNOWN` where nothing is. One query."""
    wanted = list(skus)
    known = dict(Availability.objects.filter(sku__in=wanted).values_list("sku", "available"))
    return {sku: Stock(known.get(sku)) for sku in wanted}
