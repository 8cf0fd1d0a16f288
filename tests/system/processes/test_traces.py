"""One trace per order, across all workers."""

import pytest

from devtools.waiting import wait_until
from tests.system.processes.conftest import count, rows

#: The story of an order that ended, and how much belongs to it.
STORY = """
    select correlation_id from eventbus_outboxevent
    where type = 'orders.OrderCompleted' order by occurred_at limit 1
"""


@pytest.fixture(scope="module")
def story(system, replayed):
    return rows(system, STORY)[0][0]


@pytest.fixture(scope="module")
def trace(system, collector, story):
    """The spans of the story, once all have come in."""
    events = f"from eventbus_outboxevent where correlation_id = '{story}'"
    emitted = count(system, f"select count(*) {events} and published_at is not null")
    done = count(
        system,
        f"select count(*) from eventbus_delivery where event_id in (select id {events})"
        " and state = 'done'",
    )
    wait_until(lambda: len(collector.trace(story)) >= emitted + done, 120, "all spans")
    return collector.trace(story)


def test_the_story_is_one_tree_across_all_apps(trace):
    ids = {span.id for span in trace}
    assert len(ids) == len(trace)
    assert [span.name for span in trace if not span.parent] == ["emit orders.OrderPlaced"]
    assert {span.parent for span in trace if span.parent} <= ids
    reacting = {span.service for span in trace if not span.name.startswith("emit ")}
    assert reacting >= {"orders", "billing", "inventory", "shipping", "fraud", "notifications"}


def test_an_event_is_under_the_reaction_that_emitted_it(trace):
    named = {span.id: span.name for span in trace}
    parents = {span.name: named.get(span.parent) for span in trace}
    assert parents["emit inventory.StockReserved"] == "inventory.reserve_stock"
    assert parents["inventory.reserve_stock"] == "emit orders.OrderPlaced"


def test_a_batch_is_linked_to_every_event_in_it(trace, collector):
    linked = {id for span in collector.spans for id in span.links}
    assert {span.id for span in trace if span.name.startswith("emit ")} <= linked
