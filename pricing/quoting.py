"""What an order costs, line by line.

goods     sum of quantity × unit price
discount  of a promotion: a percentage of the goods, rounded half up; an amount, at most the
          goods; or the shipping. What is off the goods is spread over the lines in proportion
          to what they cost, exactly
tax       per line, of what is left of it, rounded half up to the cent: amount × rate /
          (100 + rate) where prices include it, amount × rate / 100 where it is added.
          Shipping is taxed as the goods it brings, in proportion to what is paid for them; where
          `settings.SHIPPING_TAX` says so, at the standard rate
points    pay what is left, at `settings.POINT_VALUE` each
total     goods - discount + shipping + tax that is added - value of the points
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.conf import settings
from django.utils.translation import ngettext

from orders.events import Tax
from pricing.amounts import rounded, spread
from pricing.errors import PointsRefused
from pricing.models import TaxClass
from pricing.promotions import GUEST, Shopper, applicable
from pricing.taxes import Taxation, taxation_of


@dataclass(frozen=True)
class Item:
    """Units of one variant, to be priced."""

    sku: str
    quantity: int
    unit_price: Decimal
    tax_class: str = TaxClass.STANDARD
    requires_shipping: bool = True

    @property
    def amount(self) -> Decimal:
        return self.quantity * self.unit_price


@dataclass(frozen=True)
class QuotedLine:
    """An item with what its whole line gets off and pays in tax; `tax_rate` is in percent."""

    item: Item
    discount: Decimal
    tax_rate: Decimal
    tax: Decimal


@dataclass(frozen=True)
class Quote:
    """What an order costs. Amounts are in the shop's currency, to the cent.

    `promotion` is the code that gave the discount, `idle` one that is right and takes nothing
    off this order: it is not used up. `off_shipping` is the part of the discount that is for the
    shipping; `taxes` is the tax by rate, that of the shipping with it; `most_points` is
    how many points could be spent.
    """

    lines: tuple[QuotedLine, ...]
    shipping: Decimal
    off_shipping: Decimal
    promotion: str | None
    tax_included: bool
    taxes: tuple[Tax, ...]
    idle: str | None = None
    points: int = 0
    points_value: Decimal = Decimal(0)
    most_points: int = 0

    @property
    def goods(self) -> Decimal:
        return sum((line.item.amount for line in self.lines), Decimal(0))

    @property
    def discount(self) -> Decimal:
        return sum((line.discount for line in self.lines), self.off_shipping)

    @property
    def tax(self) -> Decimal:
        return sum((tax.amount for tax in self.taxes), Decimal(0))

    @property
    def total(self) -> Decimal:
        """Return what is to be paid in money."""
        added = Decimal(0) if self.tax_included else self.tax
        return self.goods - self.discount + self.shipping + added - self.points_value


def quote(
    items: Sequence[Item],
    *,
    country: str,
    region: str = "",
    postcode: str = "",
    shipping: Decimal = Decimal(0),
    code: str = "",
    points: int = 0,
    shopper: Shopper = GUEST,
) -> Quote:
    """Return what these items cost, delivered to there. Nothing is written.

    `shipping` is the price of the delivery chosen, paid where something is shipped; `code` a
    promotion's code or nothing, `points` how many the shopper wants to spend: what is more than
    there is to pay is left to them. Country, region and postcode are as in addresses; all may
    be unknown yet.

    Raises `PromotionRefused` (its subclass names the reason) or `PointsRefused`; without
    code or points the quote is always there. A promotion is not used up by a quote:
    `promotions.redeem` does that, in the transaction that places the order.
    """
    goods = sum((item.amount for item in items), Decimal(0))
    if not any(item.requires_shipping for item in items):
        shipping = Decimal(0)
    promotion = applicable(code, goods, shopper) if code else None
    taxation = taxation_of(country, region, postcode)
    off_goods = promotion.off_goods(goods) if promotion else Decimal(0)
    off_shipping = promotion.off_shipping(shipping) if promotion else Decimal(0)
    known = promotion.code if promotion else None
    lines = _lines(items, off_goods, taxation)
    without_points = Quote(
        lines=lines,
        shipping=shipping,
        off_shipping=off_shipping,
        promotion=known if off_goods + off_shipping else None,
        idle=None if off_goods + off_shipping else known,
        tax_included=taxation.included,
        taxes=_taxes(lines, shipping - off_shipping, taxation),
    )
    return _paid_with(points, without_points, shopper)


def _lines(items: Sequence[Item], discount: Decimal, taxation: Taxation) -> tuple[QuotedLine, ...]:
    discounts = spread(discount, [item.amount for item in items])
    return tuple(_line(item, share, taxation) for item, share in zip(items, discounts, strict=True))


def _line(item: Item, discount: Decimal, taxation: Taxation) -> QuotedLine:
    rate = taxation.rate(item.tax_class)
    return QuotedLine(item, discount, rate, taxation.tax(item.amount - discount, rate))


def _taxes(lines: Sequence[QuotedLine], shipping: Decimal, taxation: Taxation) -> tuple[Tax, ...]:
    """Return the tax by rate, the highest first."""
    parts = [(line.tax_rate, line.item.amount - line.discount, line.tax) for line in lines]
    for rate, share in _shares(shipping, lines, taxation):
        parts.append((rate, share, taxation.tax(share, rate)))
    rates = sorted({rate for rate, _, _ in parts}, reverse=True)
    return tuple(
        _tax(rate, [part for part in parts if part[0] == rate], taxation) for rate in rates
    )


def _shares(
    shipping: Decimal, lines: Sequence[QuotedLine], taxation: Taxation
) -> list[tuple[Decimal, Decimal]]:
    """Return rates with the part of the shipping that is taxed at each."""
    brought: dict[Decimal, Decimal] = defaultdict(Decimal)
    for line in lines:
        if line.item.requires_shipping:
            brought[line.tax_rate] += line.item.amount - line.discount
    if settings.SHIPPING_TAX == "standard" or not any(brought.values()):
        return [(taxation.rate(), shipping)] if shipping else []
    rates = sorted(brought, reverse=True)
    shares = spread(shipping, [brought[rate] for rate in rates])
    return [(rate, share) for rate, share in zip(rates, shares, strict=True) if share]


def _tax(rate: Decimal, parts: Sequence[tuple[Decimal, ...]], taxation: Taxation) -> Tax:
    amount = sum((tax for _, _, tax in parts), Decimal(0))
    paid = sum((paid for _, paid, _ in parts), Decimal(0))
    return Tax(rate=rate, net=paid - amount if taxation.included else paid, amount=amount)


def _paid_with(points: int, quote: Quote, shopper: Shopper) -> Quote:
    if points > shopper.points:
        text = ngettext("You have %(count)d point.", "You have %(count)d points.", shopper.points)
        raise PointsRefused(text % {"count": shopper.points})
    most = min(shopper.points, int(quote.total / settings.POINT_VALUE))
    spent = min(max(points, 0), most)
    value = rounded(spent * settings.POINT_VALUE)
    return replace(quote, points=spent, points_value=value, most_points=most)
