"""Keeping figures: counts are added to the hour and the day they belong to."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from django.db import connection
from django.utils.timezone import get_default_timezone

from analytics.counting import Dated
from analytics.models import Granularity

#: The order of the keys is the order of the locks: the same in every worker.
ADD = """
    INSERT INTO analytics_figure AS figure
        (name, granularity, start, dimension, currency, value)
    SELECT * FROM unnest(
        %s::text[], %s::text[], %s::timestamptz[], %s::text[], %s::text[], %s::numeric[]
    )
    ON CONFLICT (name, granularity, start, dimension, currency)
    DO UPDATE SET value = figure.value + excluded.value
"""


class Key(NamedTuple):
    """What makes a figure the one it is."""

    name: str
    granularity: str
    start: datetime
    dimension: str
    currency: str


def bucket(granularity: str, at: datetime) -> datetime:
    """Return the start of the hour or day, in the shop's time zone, that `at` belongs to."""
    there = at.astimezone(get_default_timezone()).replace(minute=0, second=0, microsecond=0)
    begun = there if granularity == Granularity.HOUR else there.replace(hour=0, fold=0)
    return begun.astimezone(UTC)


def following(granularity: str, start: datetime) -> datetime:
    """Return the start of the next one. A day has 23 or 25 hours when clocks change."""
    if granularity == Granularity.HOUR:
        return start + timedelta(hours=1)
    there = start.astimezone(get_default_timezone())
    return (there + timedelta(days=1)).astimezone(UTC)


def summed(counts: Iterable[Dated]) -> dict[Key, Decimal]:
    """Return what the counts add to each figure."""
    sums: dict[Key, Decimal] = defaultdict(Decimal)
    for at, counted in groupby(counts, itemgetter(0)):
        starts = [(granularity, bucket(granularity, at)) for granularity in Granularity.values]
        for _, count in counted:
            for where in starts:
                key = Key(str(count.name), *where, str(count.dimension), count.currency)
                sums[key] += count.value
    return sums


def add(sums: dict[Key, Decimal]) -> None:
    """Add to the figures, making those that are new, in one statement."""
    rows = [(*key, value) for key, value in sorted(sums.items()) if value]
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(ADD, [list(column) for column in zip(*rows, strict=True)])
