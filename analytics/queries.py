"""What pages ask of the figures.

Times are aware; `since` is included, `until` is not, and both stand on full
hours in the shop's time zone: a figure knows nothing finer. Money is asked for in one currency.
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Q, QuerySet, Sum

from analytics.figures import bucket, following
from analytics.models import Figure, Granularity, Name, Step


class Point(NamedTuple):
    start: datetime
    value: Decimal


class FunnelStep(NamedTuple):
    step: Step
    reached: int


def series(
    name: Name,
    since: datetime,
    until: datetime,
    *,
    granularity: Granularity = Granularity.HOUR,
    dimension: str | None = None,
    currency: str = "",
) -> list[Point]:
    """Return a figure by hour or day, 0 where nothing was; all dimensions unless one is given.

    The first point is the hour or day that holds `since`.
    """
    first = bucket(granularity, since)
    figures = Figure.objects.filter(
        name=name, granularity=granularity, start__gte=first, start__lt=until, currency=currency
    )
    if dimension is not None:
        figures = figures.filter(dimension=dimension)
    found = dict(figures.values_list("start").annotate(Sum("value")).order_by())
    return [
        Point(start, found.get(start, Decimal(0))) for start in _starts(first, until, granularity)
    ]


def total(name: Name, since: datetime, until: datetime, *, currency: str = "") -> Decimal:
    """Return a figure over the whole time, all dimensions together."""
    figures = Figure.objects.filter(_within(since, until), name=name, currency=currency)
    return figures.aggregate(total=Sum("value"))["total"] or Decimal(0)


def by_dimension(
    name: Name, since: datetime, until: datetime, *, currency: str = ""
) -> dict[str, Decimal]:
    """Return a figure over the whole time by dimension, the highest first: such as reasons."""
    figures = Figure.objects.filter(_within(since, until), name=name, currency=currency)
    return dict(_sums(figures))


def funnel(since: datetime, until: datetime) -> list[FunnelStep]:
    """Count the carts and orders that reached each step in this time, in the order of the steps."""
    counts = by_dimension(Name.FUNNEL, since, until)
    return [FunnelStep(step, int(counts.get(step, 0))) for step in Step]


def _sums(figures: QuerySet[Figure]) -> QuerySet[Figure, tuple[str, Decimal]]:
    """Return sums by dimension, the highest first."""
    sums = figures.order_by().values_list("dimension").annotate(total=Sum("value"))
    return sums.order_by("-total", "dimension")


def _within(since: datetime, until: datetime) -> Q:
    """Match days that lie within as a whole, hours at both ends."""
    day = bucket(Granularity.DAY, since)
    first_day = day if day == since else following(Granularity.DAY, day)
    last_day = bucket(Granularity.DAY, until)
    if first_day >= last_day:
        return _span(Granularity.HOUR, since, until)
    return (
        _span(Granularity.HOUR, since, first_day)
        | _span(Granularity.DAY, first_day, last_day)
        | _span(Granularity.HOUR, last_day, until)
    )


def _span(granularity: Granularity, since: datetime, until: datetime) -> Q:
    return Q(granularity=granularity, start__gte=since, start__lt=until)


def _starts(first: datetime, until: datetime, granularity: Granularity) -> Iterator[datetime]:
    start = first
    while start < until:
        yield start
        start = following(granularity, start)
