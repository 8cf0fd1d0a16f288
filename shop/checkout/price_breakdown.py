"""An order's price in its parts, as frozen when it was placed."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from djmoney.money import Money

from orders.events import Address
from orders.services import Order
from shop.checkout.delivery import country_name


@dataclass(frozen=True)
class Part:
    """One line of the sum: what for, and how much; below 0 where it is taken off."""

    label: str
    amount: Money


class PriceBreakdown:
    """What an order costs, part by part."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.lines: list[Any] = list(order.lines.all())

    @property
    def address(self) -> list[str]:
        """Return where it goes, line by line, its country in the reader's language."""
        to = Address.model_validate(self.order.ship_to)
        return [*to.lines, country_name(to.country)]

    @property
    def goods(self) -> list[tuple[Any, Money]]:
        """List each line with its amount before any discount."""
        return [(line, line.quantity * line.unit_price) for line in self.lines]

    @property
    def parts(self) -> list[Part]:
        """List what it costs, from the goods to the total."""
        goods = sum((amount.amount for _line, amount in self.goods), Decimal(0))
        parts = [self._part(_("Goods"), goods)]
        if self.order.ships:
            parts.append(Part(_("Delivery"), self.order.shipping_cost))
        return [*parts, *self._discount(), *self._tax_on_top(), *self._points()]

    @property
    def included(self) -> list[Part]:
        """List the tax that is in the total already, by its rate."""
        if not self.order.tax_included:
            return []
        text = _("included: tax %(rate)s %%")
        return [self._part(text % rated, amount) for rated, amount in self._taxes()]

    def _discount(self) -> list[Part]:
        order = self.order
        if not order.discount:
            return []
        text = _("Discount %(code)s") % {"code": order.promotion}
        return [self._part(text.strip(), -order.discount)]

    def _tax_on_top(self) -> list[Part]:
        if self.order.tax_included:
            return []
        text = _("Tax %(rate)s %%")
        return [self._part(text % rated, amount) for rated, amount in self._taxes()]

    def _points(self) -> list[Part]:
        points = self.order.points
        if not points:
            return []
        text = ngettext("%(points)s point", "%(points)s points", points)
        return [self._part(text % {"points": points}, -self.order.points_value)]

    def _taxes(self) -> list[tuple[dict[str, str], Decimal]]:
        taxed = [(Decimal(tax["rate"]), Decimal(tax["amount"])) for tax in self.order.taxes]
        return [
            ({"rate": localize(rate.normalize() + 0)}, amount) for rate, amount in taxed if rate
        ]

    def _part(self, label: str, amount: Decimal) -> Part:
        return Part(label, Money(amount, self.order.total.currency))
