"""One order for staff: everything that any app knows of it, on one page."""

from shop.staff.order.facts import Facts
from shop.staff.order.facts import facts_of as facts_of

__all__ = ["Facts", "facts_of"]
