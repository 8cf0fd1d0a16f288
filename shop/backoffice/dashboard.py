"""The dashboard: work that waits for staff, and charts. Each figure links to its list."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from billing import services as billing
from eventbus.operations.failures import failed_or_parked
from fraud import services as fraud
from inventory import services as inventory
from notifications import services as notifications
from orders import services as orders
from shop.backoffice import charts
from shop.backoffice.changelists import changelist_url, may_view


@dataclass(frozen=True)
class Tile:
    """A number on the dashboard; `narrowed` filters the model's list down to the rows counted."""

    title: str
    model: str
    narrowed: str
    count: Callable[[], int]
    #: whether even one needs attention
    is_alert: bool = True


TILES = [
    Tile("stuck orders", "orders.order", "progress=stuck", lambda: orders.stuck().count()),
    Tile("orders on hold", "orders.order", "progress=held", lambda: orders.held().count(), False),
    Tile("maybe fraud", "fraud.screening", "verdict__exact=flagged", lambda: fraud.flagged()),
    Tile("returns to decide", "orders.return", "state__exact=requested", orders.returns_asked_for),
    Tile(
        "pending refunds", "billing.refund", "state__exact=pending", billing.pending_refunds, False
    ),
    Tile("failed refunds", "billing.refund", "state__exact=failed", billing.failed_refunds),
    Tile("open disputes", "billing.dispute", "closed_at__isempty=1", billing.open_disputes),
    Tile(
        "differences with the processor",
        "billing.difference",
        "settled_at__isempty=1",
        billing.open_differences,
    ),
    Tile("low stock", "inventory.stock", "availability=low", inventory.low_stock),
    Tile("failed mails", "notifications.mail", "state__exact=failed", notifications.failed_mails),
    Tile(
        "reactions given up",
        "eventbus.delivery",
        "state__exact=parked",
        lambda: failed_or_parked(state="parked").count(),
    ),
    Tile(
        "reactions retried",
        "eventbus.delivery",
        "state__exact=failed",
        lambda: failed_or_parked(state="failed").count(),
        False,
    ),
]


def show(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add the tiles and charts this user may see: a query for each."""
    return {**context, "tiles": _tiles(request), "charts": _charts(request)}


def _tiles(request: HttpRequest) -> list[dict[str, Any]]:
    return [
        {
            "title": tile.title,
            "count": (count := tile.count()),
            "is_alert": tile.is_alert and count > 0,
            "link": f"{changelist_url(tile.model)}?{tile.narrowed}",
        }
        for tile in TILES
        if may_view(request, tile.model)
    ]


def _charts(request: HttpRequest) -> list[charts.Chart]:
    if not may_view(request, "analytics.figure"):
        return []
    figures = changelist_url("analytics.figure")
    return [
        charts.orders_by_hour(f"{figures}?name__exact=orders&granularity__exact=hour"),
        charts.revenue_by_day(f"{figures}?name__exact=revenue&granularity__exact=day"),
        charts.funnel(f"{figures}?name__exact=funnel&granularity__exact=day"),
    ]
