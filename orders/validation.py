"""What an order costs, and the rules that it must keep to be placed."""

from collections.abc import Sequence
from decimal import Decimal

from django.conf import settings

from eventbus import fits_one_event
from orders import events
from orders.errors import OrderInvalid
from orders.events import OrderDetails

#: Units of one line above which an order is a typing error.
MOST_UNITS = 1_000_000
MOST_LINES = events.MOST_LINES
#: What one order may cost: more than any cart's goods with the highest tax and delivery, and so
#: little that columns, points and the sums over all orders hold it.
MOST_COST = Decimal(10**11)
#: What an address of e-mail may have, in characters.
LONGEST_EMAIL = 254


def check(details: OrderDetails) -> None:
    """Check whether this order can be placed.

    Raises `OrderInvalid` naming the first field that is wrong.
    """
    _check_lines(details.lines)
    _check_discount(details)
    _check_tax(details)
    _check_points(details)
    _must(price_of(details) < MOST_COST, "total", f"must be less than {MOST_COST:,}")
    most = LONGEST_EMAIL
    _must(len(details.email) <= most, "email", f"must have at most {most} characters")
    spoken = dict(settings.LANGUAGES)
    _must(details.language in spoken, "language", f"must be one of {', '.join(spoken)}")


def ships(details: OrderDetails) -> bool:
    """Tell whether any of the order needs to be shipped."""
    return any(line.requires_shipping for line in details.lines)


def goods_of(details: OrderDetails) -> Decimal:
    """Sum up quantity times unit price, exactly."""
    return sum((line.quantity * line.unit_price for line in details.lines), Decimal(0))


def price_of(details: OrderDetails) -> Decimal:
    """Sum up goods and shipping less the discount, with the tax, before points."""
    on_top = Decimal(0) if details.tax_included else details.tax
    return goods_of(details) - details.discount + details.shipping_cost + on_top


def total_of(details: OrderDetails) -> Decimal:
    """Return what is left to pay with money."""
    return price_of(details) - details.points_value


def _check_lines(lines: Sequence[events.OrderLine]) -> None:
    _must(bool(lines), "lines", "an order needs at least one line")
    _must(len(lines) <= MOST_LINES, "lines", f"at most {MOST_LINES} fit on an order")
    for line in lines:
        _check_line(line)
    _must(
        fits_one_event((line.sku, line.title) for line in lines),
        "lines",
        "say more than fits on an order",
    )
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


def _check_discount(details: OrderDetails) -> None:
    _must_be_money(details.shipping_cost, "shipping cost")
    free = ships(details) or not details.shipping_cost
    _must(free, "shipping cost", "must be 0 where nothing is shipped")
    _must_be_money(details.discount, "discount")
    on_lines = sum((line.discount for line in details.lines), Decimal(0))
    most = on_lines + details.shipping_cost
    rule = f"must be from {on_lines}, what is off the lines, to {most}, that and the shipping"
    _must(on_lines <= details.discount <= most, "discount", rule)


def _check_tax(details: OrderDetails) -> None:
    _must_be_money(details.tax, "tax")
    by_rate = sum((tax.amount for tax in details.taxes), Decimal(0))
    _must(details.tax == by_rate, "tax", f"must be {by_rate}, the sum of its rates")
    on_lines = sum((line.tax for line in details.lines), Decimal(0))
    _must(on_lines <= details.tax, "tax", f"must be at least {on_lines}, the sum of the lines'")
    if details.tax_included:
        price = price_of(details)
        _must(details.tax <= price, "tax", f"must be at most {price}, which contains it")


def _check_points(details: OrderDetails) -> None:
    points, value, price = details.points, details.points_value, price_of(details)
    _must(points >= 0, "points", "must not be negative")
    _must_be_money(value, "points value")
    _must(value <= price, "points value", f"must be at most {price}, what is to pay")
    _must(points > 0 or not value, "points value", "must be 0 without points")
    _must(not points or details.customer_id is not None, "points", "need an account")


def _must_be_money(amount: Decimal, field: str) -> None:
    _must(amount >= 0, field, "must not be negative")
    _must(amount == round(amount, 2), field, "must be whole cents")


def _must(right: bool, field: str, message: str) -> None:
    if not right:
        raise OrderInvalid(field, message)
