"""Why an order is cancelled, in its shopper's language.

SKUs are the warehouse's names, and what fraud has against an order is for staff only.
"""

from collections.abc import Iterable

from django.utils import translation
from django.utils.translation import gettext as _

from inventory.events import Shortage
from orders.models import Order

#: Goods that are named; of more it is told how many.
MOST_TOLD = 5


def out_of_stock(order: Order, shortages: Iterable[Shortage]) -> str:
    titles = dict(order.lines.values_list("sku", "title"))
    with translation.override(order.language):
        listed = list(shortages)
        short = ", ".join(_short(titles.get(s.sku, s.sku), s) for s in listed[:MOST_TOLD])
        if more := len(listed[MOST_TOLD:]):
            short = _("%(goods)s and %(more)s more") % {"goods": short, "more": more}
        return _("Not enough in stock: %(goods)s.") % {"goods": short}


def too_few_points(order: Order, wanted: int, balance: int) -> str:
    with translation.override(order.language):
        text = _("The order was to be paid with %(wanted)s points, but there are only %(balance)s.")
        return text % {"wanted": wanted, "balance": balance}


def not_cleared(order: Order) -> str:
    with translation.override(order.language):
        return _("The order did not pass our security check.")


def not_confirmed(order: Order) -> str:
    with translation.override(order.language):
        return _("The payment was not confirmed with your bank in time.")


def expired(order: Order) -> str:
    with translation.override(order.language):
        return _("It could not be shipped in time.")


def _short(title: str, shortage: Shortage) -> str:
    counts = {"title": title, "available": shortage.available, "wanted": shortage.wanted}
    return _("%(title)s (%(available)s of %(wanted)s)") % counts
