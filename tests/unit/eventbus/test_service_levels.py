"""How soon an app is to react, and what is left of the budget for being late."""

from datetime import timedelta

import pytest
from django.utils import timezone

from eventbus.delivery.models import OperatorAction
from eventbus.operations import service_levels as levels
from eventbus.operations.models import ServiceLevel, ThroughputMinute
from eventbus.operations.throughput import BUCKETS

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


def minute(ago, bucket_counts, app="billing"):
    """What an app did so many minutes ago: how many by the upper bound of their bucket."""
    bounds = [*BUCKETS, None]
    histogram = [bucket_counts.get(bound, 0) for bound in bounds]
    at = timezone.now().replace(second=0, microsecond=0) - timedelta(minutes=ago)
    done = sum(histogram)
    return ThroughputMinute.objects.create(
        minute=at, app=app, done=done, attempts=done, latency_histogram=histogram
    )


def level(latency=5 * SECOND, share=0.99, app="billing"):
    return levels.set_level(app, latency=latency, share=share, by="olga", reason="Christmas")


def budget(span=levels.DAY, app="billing"):
    return next(each for each in levels.budgets()[app] if each.span == span)


def test_every_app_has_a_level_from_the_start(settings):
    settings.EVENTBUS_LATENCY_BUDGET = 2 * SECOND
    settings.EVENTBUS_LATENCY_BUDGET_PERCENT = 99.9
    found = levels.service_levels()
    assert found["billing"].promise == "99.9 % within 2 s"
    assert found["billing"].is_default
    assert {"shipping", "inventory"} <= set(found)


def test_a_level_holds_for_its_app_alone_and_is_recorded():
    level(500 * SECOND / 1000, 0.9)
    found = levels.service_levels()
    assert (found["billing"].promise, found["billing"].is_default) == ("90 % within 500 ms", False)
    assert found["shipping"].promise == "99 % within 5 s"
    done = OperatorAction.objects.get()
    assert (done.kind, done.app, done.by) == ("budgeted", "billing", "olga")
    assert done.reason == "90 % within 500 ms: Christmas"


def test_a_level_set_again_replaces_the_one_before():
    level(share=0.9)
    level(share=0.8)
    assert ServiceLevel.objects.get().share == 0.8
    assert OperatorAction.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"app": "nobody"}, "no app nobody"),
        ({"latency": timedelta()}, "latency"),
        ({"latency": timedelta(hours=2)}, "latency"),
        ({"share": 0.0}, "share"),
        ({"share": 1.0}, "share"),
    ],
)
def test_a_level_out_of_bounds_is_refused_and_nothing_is_recorded(wrong, why):
    with pytest.raises(levels.CannotSetLevel, match=why):
        level(**wrong)
    assert not ServiceLevel.objects.exists()
    assert not OperatorAction.objects.exists()


def test_what_is_late_takes_from_the_budget():
    minute(3, {100: 1960})
    minute(2, {30_000: 5})
    minute(1, {None: 2, 300_000: 3, 5_000: 30})
    found = budget()
    assert (found.done, found.late) == (2000, pytest.approx(10))
    assert found.within == pytest.approx(0.995)
    assert found.left == pytest.approx(0.5)
    assert found.words == "50 % of the day's budget left"
    assert not found.is_spent


def test_a_limit_within_a_bucket_counts_a_part_of_it():
    level(4 * SECOND, 0.5)
    minute(1, {5_000: 30})
    assert budget().late == pytest.approx(10)
    level(1.5 * SECOND, 0.5)
    assert budget().late == pytest.approx(30)


def test_a_spent_budget_says_since_when():
    minute(1, {60_000: 50})
    spent = minute(60, {60_000: 5, 10: 5}).minute
    minute(90, {10: 440})
    found = budget()
    assert (found.is_spent, found.spent_at) == (True, spent)
    assert found.left < 0
    assert "the day's budget was spent at" in found.words
    assert f"{timezone.localtime(spent):%H:%M}" in found.words


def test_the_week_counts_what_the_day_does_not():
    minute(3 * 24 * 60, {60_000: 1, 10: 199})
    assert budget().left is None
    assert budget().words == "nothing done in the last day"
    assert budget(levels.WEEK).words == "50 % of the week's budget left"


def test_each_app_spends_its_own_budget():
    minute(1, {60_000: 100})
    minute(1, {10: 100}, app="shipping")
    assert budget().is_spent
    assert budget(app="shipping").words == "100 % of the day's budget left"


@pytest.mark.parametrize(
    ("late", "short"), [(0, "100 % left"), (1, "50 % left"), (1.99, "less than 1 % left")]
)
def test_what_is_left_is_never_rounded_up(late, short):
    level = ServiceLevel(app="billing", latency=SECOND, share=0.98)
    assert levels.Budget(level, levels.DAY, 100, late).short == short


def test_a_budget_spent_on_another_day_names_it():
    level = ServiceLevel(app="billing", latency=SECOND, share=0.98)
    at = timezone.now() - timedelta(days=3)
    found = levels.Budget(level, levels.WEEK, 100, 9, at)
    assert (
        found.short == f"spent on {timezone.localtime(at):%d %b} at {timezone.localtime(at):%H:%M}"
    )
