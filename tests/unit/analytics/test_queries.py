"""What pages are told, over any hours."""

from datetime import UTC, datetime, timedelta
from itertools import combinations_with_replacement
from uuid import uuid4

import pytest

from analytics.counting import Count
from analytics.figures import add, summed
from analytics.models import Granularity, Name, Step
from analytics.queries import by_dimension, funnel, series, total
from tests.unit.analytics import facts
from tests.unit.analytics.facts import count

pytestmark = pytest.mark.django_db

DAY = datetime(2026, 3, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_series_has_every_hour_even_where_nothing_was():
    count(facts.registered(), at=DAY + 1.5 * HOUR)
    count(facts.registered(), at=DAY + 3 * HOUR)
    points = series(Name.REGISTRATIONS, DAY + HOUR, DAY + 3 * HOUR)
    assert points == [(DAY + HOUR, 1), (DAY + 2 * HOUR, 0)]


def test_a_series_by_day():
    for hours in (0, 23, 24):
        count(facts.registered(), at=DAY + hours * HOUR)
    points = series(Name.REGISTRATIONS, DAY, DAY + 48 * HOUR, granularity=Granularity.DAY)
    assert points == [(DAY, 2), (DAY + 24 * HOUR, 1)]


@pytest.mark.parametrize(
    ("zone", "first", "hours"),
    [
        ("Europe/Vienna", datetime(2026, 3, 27, 23, tzinfo=UTC), (24, 23, 24)),
        ("Europe/Vienna", datetime(2026, 10, 23, 22, tzinfo=UTC), (24, 25, 24)),
        ("Asia/Kolkata", datetime(2026, 3, 27, 18, 30, tzinfo=UTC), (24, 24, 24)),
    ],
)
def test_days_are_those_of_the_shop_also_when_clocks_change(settings, zone, first, hours):
    settings.TIME_ZONE = zone
    starts = [first]
    for length in hours:
        starts.append(starts[-1] + length * HOUR)
    for start in starts[:3]:
        count(facts.registered(), at=start)
        count(facts.registered(), at=start - timedelta(microseconds=1))
    days = [(starts[0], 2), (starts[1], 2), (starts[2], 1)]
    asked = (Name.REGISTRATIONS, starts[0], starts[3])
    assert series(*asked, granularity=Granularity.DAY) == days
    assert total(*asked) == 5
    assert total(Name.REGISTRATIONS, starts[0] - HOUR, starts[1] + HOUR) == 4


def test_a_series_of_money_is_in_one_currency():
    count(facts.billed("10.00", "EUR"), at=DAY)
    count(facts.billed("7.00", "GBP"), at=DAY)
    assert series(Name.REVENUE, DAY, DAY + HOUR, currency="GBP") == [(DAY, 7)]


def test_a_series_takes_all_dimensions_or_one():
    for reason in ("fraud", "customer", "fraud"):
        count(facts.cancelled(reason), at=DAY)
    assert series(Name.CANCELLED, DAY, DAY + HOUR) == [(DAY, 3)]
    assert series(Name.CANCELLED, DAY, DAY + HOUR, dimension="fraud") == [(DAY, 2)]


def test_cancelled_orders_by_reason_the_most_frequent_first():
    for reason in ("customer", "fraud", "fraud"):
        count(facts.cancelled(reason), at=DAY)
    assert list(by_dimension(Name.CANCELLED, DAY, DAY + HOUR).items()) == [
        ("fraud", 2),
        ("customer", 1),
    ]


def test_the_funnel_has_every_step_in_order():
    count(facts.cart_updated(uuid4(), 3), at=DAY)
    count(facts.placed([("MUG", 1, "1")]), at=DAY)
    steps = funnel(DAY, DAY + HOUR)
    assert [step for step, _ in steps] == list(Step)
    assert [reached for _, reached in steps] == [1, 1, 0, 0, 0, 0, 0]


def test_a_total_over_days_and_hours_counts_each_hour_once():
    """Hour h counted h + 1, so that spans of hours differ in their sums."""
    for hour in range(80):
        add(summed([(DAY + hour * HOUR, Count(Name.REGISTRATIONS, value=hour + 1))]))
    edges = [0, 1, 23, 24, 25, 47, 48, 50, 72, 80]
    for since, until in combinations_with_replacement(edges, 2):
        asked = total(Name.REGISTRATIONS, DAY + since * HOUR, DAY + until * HOUR)
        assert asked == sum(hour + 1 for hour in range(since, until))
