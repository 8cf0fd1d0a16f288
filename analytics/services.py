"""What pages show of the figures."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet, Sum

from analytics.models import Figure


def figures(
    names: Sequence[str], granularity: str, since: datetime, *, dimension: str | None = None
) -> QuerySet[Figure]:
    """Return the figures of these names by `hour` or `day` from `since` on, the oldest first."""
    rows = Figure.objects.filter(name__in=names, granularity=granularity, start__gte=since)
    rows = rows if dimension is None else rows.filter(dimension=dimension)
    return rows.order_by("start")


def funnel(since: datetime) -> dict[str, int]:
    """Count the carts and orders that reached each step from `since` on, by step."""
    rows = Figure.objects.filter(name="funnel", granularity="day", start__gte=since)
    return {
        row["dimension"]: int(row["sum"])
        for row in rows.order_by().values("dimension").annotate(sum=Sum("value"))
    }
