"""One order for staff: everything that any app knows of it, on one page."""

from shop.backoffice.order.facts import Facts
from shop.backoffice.order.facts import facts_of as facts_of

__all__ = ["Facts", "facts_of"]
