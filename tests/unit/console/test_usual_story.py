"""A story beside usual ones: by what was counted lately, and by the last that ended alike."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from eventbus import clock
from eventbus.console.hooks import NoLookup, hooks
from eventbus.console.story import story
from eventbus.console.usual_story import FEWEST, FEWEST_STORIES, STORIES, compare, usual_whole
from eventbus.operations.models import ThroughputMinute
from eventbus.operations.throughput import BUCKETS
from tests.unit.console.history import BEGAN, add_event, placed, reacted

pytestmark = pytest.mark.django_db

ORDER = uuid4()
#: The bucket of what took 20 to 50 ms.
QUICK = BUCKETS.index(50)


def counted(done=FEWEST, bucket=QUICK, minutes_ago=1, **facts):
    """One minute in which a reaction was done so often, and so quickly."""
    histogram = [0] * (len(BUCKETS) + 1)
    histogram[bucket] = done
    usual = {"app": "billing", "reaction": "authorise_payment", "event_type": "orders.OrderPlaced"}
    minute = clock.now().replace(second=0, microsecond=0) - timedelta(minutes=minutes_ago)
    ThroughputMinute.objects.create(
        minute=minute, done=done, attempts=done, latency_histogram=histogram, **usual | facts
    )


def order_that_took(ms, reaction="billing.authorise_payment", state="done"):
    row = placed(ORDER, "100001")
    closed_at = BEGAN + timedelta(milliseconds=ms)
    reacted(row, reaction, state, closed_at=closed_at, duration_ms=10)
    return story("100001")


def ended_alike(number, ms=4000):
    """So many orders that completed after a time."""
    for place in range(number):
        order = placed(uuid4(), f"20{place:04}")
        add_event("orders.OrderCompleted", order.subject, cause=order, after_ms=ms + place)


def step(found):
    [reaction] = found.events[0].reactions
    return reaction


def test_a_reaction_that_took_much_longer_than_nearly_all_is_slow():
    counted()
    found = order_that_took(2100)
    comparison = compare(found)
    assert (step(found).usual_ms, step(found).is_slow) == (35, True)
    assert [reaction.name for _, reaction in comparison.slow] == ["authorise_payment"]


def test_one_that_took_as_long_as_others_is_not():
    counted()
    found = order_that_took(40)
    comparison = compare(found)
    assert (comparison.steps, comparison.slow) == (1, [])


def test_one_that_still_waits_is_slow_as_soon_as_it_has_waited_so_long():
    counted()
    reacted(placed(ORDER, "100001"), "billing.authorise_payment", "waiting")
    found = story("100001")
    compare(found)
    assert step(found).is_slow


def test_what_a_person_had_to_decide_is_not_compared():
    counted()
    found = order_that_took(2100, state="discarded")
    assert compare(found).steps == 0


@pytest.mark.parametrize(
    "other", [{"done": FEWEST - 1}, {"reaction": "other"}, {"app": ""}, {"event_type": "x.Y"}]
)
def test_too_few_and_others_say_nothing(other):
    counted(**other)
    found = order_that_took(2100)
    assert compare(found).steps == 0
    assert step(found).usual_ms is None


def test_the_minutes_are_added_up():
    for minutes_ago in range(1, 5):
        counted(FEWEST // 4, minutes_ago=minutes_ago)
    assert compare(order_that_took(40)).steps == 1


def test_the_whole_is_compared_with_the_last_that_ended_alike():
    ended_alike(FEWEST_STORIES)
    row = placed(ORDER, "100001")
    add_event("orders.OrderCompleted", ORDER, cause=row, after_ms=60_000)
    comparison = compare(story("100001"))
    assert (comparison.end, comparison.took_ms) == ("orders.OrderCompleted", 60_000)
    assert comparison.whole.count == FEWEST_STORIES + 1
    assert comparison.whole.median == 4002


def test_one_under_way_is_compared_with_the_usual_end_by_what_it_has_taken():
    ended_alike(FEWEST_STORIES)
    placed(ORDER, "100001")
    comparison = compare(story("100001"))
    assert (comparison.is_ended, comparison.is_slow) == (False, True)


def test_the_look_back_is_bounded_and_begins_with_the_newest():
    ended_alike(STORIES + 3)
    found = usual_whole("orders.OrderCompleted")
    assert found.count == STORIES
    assert found.median > 4000 + STORIES / 2


def test_a_few_stories_are_nothing_to_compare_with():
    ended_alike(FEWEST_STORIES - 1)
    assert usual_whole("orders.OrderCompleted") is None


def test_the_page_says_what_is_usual_and_what_was_slow(operator):
    counted()
    ended_alike(FEWEST_STORIES)
    order_that_took(2100)
    page = operator.get(reverse("console:story", args=["100001"])).content.decode()
    assert "took 2.1 s, usual 35 ms" in page
    assert "1 of 1 reactions took longer than usual" in page
    assert "until orders.OrderCompleted" in page


def test_the_page_says_so_where_there_is_nothing_to_compare(operator, monkeypatch):
    order_that_took(2100)
    address = reverse("console:story", args=[str(ORDER)])
    page = operator.get(address).content.decode()
    assert "too few have ended with orders.OrderCompleted yet" in page
    assert "How long its reactions usually take is not known" in page
    monkeypatch.setattr(hooks, "lookup", NoLookup())
    assert "It is not known which event ends such a story" in operator.get(address).content.decode()
