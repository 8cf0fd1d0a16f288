"""What stands on an invoice, in words and in the active language."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing.models import Invoice, Ordered
from orders.events import Address, OrderLine, Tax


class Sum(NamedTuple):
    label: str
    amount: str
    #: what the eye should find first
    strong: bool = False


@dataclass(frozen=True)
class Content:
    """Everything an invoice says; tables with their headings first."""

    title: str
    seller: list[str]
    buyer: list[str]
    facts: list[tuple[str, str]]
    items: list[tuple[str, ...]]
    sums: list[Sum]
    taxes: list[tuple[str, ...]]
    closing: str
    issued_at: datetime
    #: where it goes, ISO 3166-1 alpha-2
    country: str

    @property
    def letters(self) -> set[str]:
        """All that it is written with."""
        tables = (self.facts, self.items, self.sums, self.taxes)
        cells = (str(cell) for table in tables for row in table for cell in row)
        return set().union(self.title, self.closing, *self.seller, *self.buyer, *cells)


def content_of(invoice: Invoice, ordered: Ordered) -> Content:
    """Return the words of an invoice about what was ordered."""
    return Content(
        title=_("Invoice %(number)s") % {"number": invoice.number},
        seller=settings.SELLER,
        buyer=_address(ordered.ship_to),
        facts=[
            (_("Invoice number"), invoice.number),
            (_("Invoice date"), _date(invoice.issued_at)),
            (_("Order number"), ordered.number),
            (_("Order date"), _date(ordered.placed_at)),
        ],
        items=_items(ordered),
        sums=_sums(ordered),
        taxes=_taxes(ordered),
        closing=_("Paid in full. Thank you for your order."),
        issued_at=invoice.issued_at,
        country=ordered.ship_to.country,
    )


def _address(to: Address) -> list[str]:
    return [*to.lines, _locale().territories.get(to.country, to.country)]


def _items(ordered: Ordered) -> list[tuple[str, ...]]:
    headings = (_("Item"), _("Quantity"), _("Unit price"), _("Tax"), _("Amount"))
    return [headings, *(_item(line, ordered.currency) for line in ordered.lines)]


def _item(line: OrderLine, currency: str) -> tuple[str, ...]:
    """Return a line before its discount, which is among the sums."""
    return (
        line.title,
        format_decimal(line.quantity, locale=_locale()),
        _money(line.unit_price, currency),
        _rate(line.tax_rate),
        _money(line.quantity * line.unit_price, currency),
    )


def _sums(ordered: Ordered) -> list[Sum]:
    """List the sums from the goods to what was paid; what is nothing is left out."""
    currency = ordered.currency
    goods = sum((line.quantity * line.unit_price for line in ordered.lines), Decimal(0))
    sums = [Sum(_("Goods"), _money(goods, currency))]
    if ordered.discount:
        sums.append(Sum(_discount(ordered), _money(-ordered.discount, currency)))
    sums.append(Sum(_("Shipping"), _money(ordered.shipping_cost, currency)))
    if ordered.tax and not ordered.tax_included:
        sums.append(Sum(_("Tax"), _money(ordered.tax, currency)))
    total = ordered.total + ordered.points_value
    sums.append(Sum(_("Total"), _money(total, currency), strong=True))
    if ordered.points:
        sums.append(Sum(_points(ordered), _money(-ordered.points_value, currency)))
        sums.append(Sum(_("Paid with money"), _money(ordered.total, currency), strong=True))
    return sums


def _discount(ordered: Ordered) -> str:
    if not ordered.promotion:
        return _("Discount")
    return _("Discount (%(code)s)") % {"code": ordered.promotion}


def _points(ordered: Ordered) -> str:
    points = format_decimal(ordered.points, locale=_locale())
    return _("Paid with %(points)s points") % {"points": points}


def _taxes(ordered: Ordered) -> list[tuple[str, ...]]:
    """Return the net and the tax at each rate; nothing where there is no tax."""
    if not ordered.taxes:
        return []
    included = _("Tax included") if ordered.tax_included else _("Tax added")
    headings = (included, _("Net"), _("Tax"), _("With tax"))
    return [headings, *(_tax(tax, ordered.currency) for tax in ordered.taxes)]


def _tax(tax: Tax, currency: str) -> tuple[str, ...]:
    amounts = (tax.net, tax.amount, tax.net + tax.amount)
    return (_rate(tax.rate), *(_money(amount, currency) for amount in amounts))


def _money(amount: Decimal, currency: str) -> str:
    # With cents, as it was charged, also where people leave them out.
    return format_currency(amount, currency, locale=_locale(), currency_digits=False)


def _rate(percent: Decimal) -> str:
    return format_percent(percent / 100, locale=_locale(), decimal_quantization=False)


def _date(at: datetime) -> str:
    return format_date(timezone.localtime(at), format="long", locale=_locale())


def _locale() -> Locale:
    return Locale.parse(get_language() or settings.LANGUAGE_CODE, sep="-")
