"""An order as a shopper wants it placed, and what may be wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.conf import settings

from eventbus import fits
from orders import events
from orders.errors import OrderInvalid

#: Units of one line above which an order is a typing error.
MOST_UNITS = 1_000_000
MOST_LINES = events.MOST_LINES
#: What one order may cost: more than any cart's goods with the highest tax and delivery, and so
#: little that columns, points and the sums over all orders hold it.
MOST_COST = Decimal(10**11)
#: What an address of e-mail may have, in characters.
LONGEST_EMAIL = 254


@dataclass(frozen=True)
class Draft:
    """An order as a shopper wants it placed. `lines` are numbered from 1.

    `discount` is all the promotion takes off: what the lines' discounts leave
    of it is off the shipping. `taxes` add up to `tax`.
    """

    lines: Sequence[events.OrderLine]
    ship_to: events.Address
    #: None when nothing is left to pay, or the processor's own page asks for it
    card: events.Card | None
    currency: str
    email: str = ""
    customer_id: str | None = None
    cart_id: UUID | None = None
    shipping_cost: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    promotion: str | None = None
    tax: Decimal = Decimal(0)
    tax_included: bool = True
    taxes: Sequence[events.Tax] = ()
    points: int = 0
    points_value: Decimal = Decimal(0)
    language: str = "en"
    reference: str = ""
    #: sent twice it is one order
    key: str | None = None
    #: a digest of where it was placed from, by which unpaid orders are counted; empty: uncounted
    visitor: str = ""
    #: whether a refused payment may be made good with another card
    pay_again: bool = True

    @property
    def ships(self) -> bool:
        """Whether any of it needs to be shipped."""
        return any(line.requires_shipping for line in self.lines)

    @property
    def goods(self) -> Decimal:
        """Exact sum of quantity times unit price."""
        return sum((line.quantity * line.unit_price for line in self.lines), Decimal(0))

    @property
    def price(self) -> Decimal:
        """Goods and shipping less the discount, with the tax, before points."""
        on_top = Decimal(0) if self.tax_included else self.tax
        return self.goods - self.discount + self.shipping_cost + on_top

    @property
    def total(self) -> Decimal:
        """What is left to pay with money."""
        return self.price - self.points_value

    def check(self) -> None:
        """Raises `OrderInvalid` naming the first field that is wrong."""
        _check_lines(self.lines)
        _check_discount(self)
        _check_tax(self)
        _check_points(self)
        _must(self.price < MOST_COST, "total", f"must be less than {MOST_COST:,}")
        most = LONGEST_EMAIL
        _must(len(self.email) <= most, "email", f"must have at most {most} characters")
        spoken = dict(settings.LANGUAGES)
        _must(self.language in spoken, "language", f"must be one of {', '.join(spoken)}")


def _check_lines(lines: Sequence[events.OrderLine]) -> None:
    _must(bool(lines), "lines", "an order needs at least one line")
    _must(len(lines) <= MOST_LINES, "lines", f"at most {MOST_LINES} fit on an order")
    for line in lines:
        _check_line(line)
    _must(fits((line.sku, line.title) for line in lines), "lines", "say more than fits on an order")
    numbers = {line.line for line in lines}
    _must(len(numbers) == len(lines), "lines", "each line needs a number of its own")


def _check_line(line: events.OrderLine) -> None:
    name, most = f"line {line.line}", line.quantity * line.unit_price
    _must(0 < line.quantity <= MOST_UNITS, f"{name} quantity", f"must be from 1 to {MOST_UNITS}")
    _must(line.unit_price >= 0, f"{name} unit price", "must not be negative")
    _must_be_money(line.discount, f"{name} discount")
    _must(line.discount <= most, f"{name} discount", f"must be at most {most}, its price")
    _must(line.tax_rate >= 0, f"{name} tax rate", "must not be negative")
    _must_be_money(line.tax, f"{name} tax")


def _check_discount(draft: Draft) -> None:
    _must_be_money(draft.shipping_cost, "shipping cost")
    free = draft.ships or not draft.shipping_cost
    _must(free, "shipping cost", "must be 0 where nothing is shipped")
    _must_be_money(draft.discount, "discount")
    on_lines = sum((line.discount for line in draft.lines), Decimal(0))
    most = on_lines + draft.shipping_cost
    rule = f"must be from {on_lines}, what is off the lines, to {most}, that and the shipping"
    _must(on_lines <= draft.discount <= most, "discount", rule)


def _check_tax(draft: Draft) -> None:
    _must_be_money(draft.tax, "tax")
    by_rate = sum((tax.amount for tax in draft.taxes), Decimal(0))
    _must(draft.tax == by_rate, "tax", f"must be {by_rate}, the sum of its rates")
    on_lines = sum((line.tax for line in draft.lines), Decimal(0))
    _must(on_lines <= draft.tax, "tax", f"must be at least {on_lines}, the sum of the lines'")
    if draft.tax_included:
        _must(draft.tax <= draft.price, "tax", f"must be at most {draft.price}, which contains it")


def _check_points(draft: Draft) -> None:
    _must(draft.points >= 0, "points", "must not be negative")
    _must_be_money(draft.points_value, "points value")
    price = draft.price
    _must(draft.points_value <= price, "points value", f"must be at most {price}, what is to pay")
    _must(draft.points > 0 or not draft.points_value, "points value", "must be 0 without points")
    _must(not draft.points or draft.customer_id is not None, "points", "need an account")


def _must_be_money(amount: Decimal, field: str) -> None:
    _must(amount >= 0, field, "must not be negative")
    _must(amount == round(amount, 2), field, "must be whole cents")


def _must(right: bool, field: str, message: str) -> None:
    if not right:
        raise OrderInvalid(field, message)
