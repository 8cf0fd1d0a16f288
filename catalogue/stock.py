"""Whether a variant can be bought, as the pages say it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalogue.models import Availability


@dataclass(frozen=True)
class Stock:
    """Units that are there; None while nobody has told, which is no reason to refuse.

    `selling` is inventory's word for what that means: more than are there can be bought
    unless it is `tracked`.
    """

    available: int | None = None
    selling: str = "tracked"

    @property
    def kind(self) -> str:
        """One of `unknown`, `sold-out`, `back-order`, `few`, `in-stock`."""
        if self.selling == "untracked":
            return "in-stock"
        if self.available is None:
            return "unknown"
        if self.available <= 0:
            return "back-order" if self.selling == "backorder" else "sold-out"
        return "few" if self.available <= settings.LOW_STOCK else "in-stock"

    @property
    def sold_out(self) -> bool:
        return self.kind == "sold-out"

    @property
    def units(self) -> int | None:
        """Units to be sent at once; None where nobody counts or has told."""
        return None if self.available is None else max(self.available, 0)

    @property
    def label(self) -> str:
        """For people, in one or a few words."""
        return {
            "unknown": _("Stock not known yet"),
            "sold-out": _("Sold out"),
            "back-order": _("On back-order: sent as soon as it is in again"),
            "few": _("Only %(units)s left") % {"units": self.available},
            "in-stock": _("In stock"),
        }[self.kind]

    def lacks(self, quantity: int) -> bool:
        """Return whether so many are more than can be bought as far as is known."""
        return self.selling == "tracked" and self.units is not None and quantity > self.units

    def later(self, quantity: int) -> int:
        """Return how many of so many come later, as a back-order."""
        return max(quantity - (self.units or 0), 0) if self.selling == "backorder" else 0


UNKNOWN = Stock()


def later_text(units: int) -> str:
    """Say for people that so many units come later; empty for none."""
    text = ngettext(
        "%(count)d of it is on back-order and sent as soon as it is in again.",
        "%(count)d of these are on back-order and sent as soon as they are in again.",
        units,
    )
    return text % {"count": units} if units else ""


def stock_of(skus: Iterable[str]) -> dict[str, Stock]:
    """Return what is known of these SKUs, `UNKNOWN` where nothing is. One query."""
    wanted = list(skus)
    rows = Availability.objects.filter(sku__in=wanted).values_list("sku", "available", "selling")
    known = {sku: _stock(available, selling) for sku, available, selling in rows}
    return {sku: known.get(sku, UNKNOWN) for sku in wanted}


def _stock(available: int, selling: str) -> Stock:
    """Return a `Stock`; the number says nothing where nobody counts."""
    return Stock(available if selling in ("tracked", "backorder") else None, selling)
