"""The order page of staff: the apps' data, the timeline, and what keeps the order waiting."""

from shop.backoffice.order.overview import OrderOverview
from shop.backoffice.order.overview import overview_of as overview_of

__all__ = ["OrderOverview", "overview_of"]
