"""What operators are told of orders whose events are archived."""

from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from eventbus.console.story import story
from eventbus.delivery.models import OutboxEvent
from eventbus.history.archive import archive, restore
from eventbus.history.partitions import existing_partitions
from eventbus.testing import settle
from orders.models import Order
from shop.audit.rules import audit
from tests.scenarios.conftest import buy, small_shop
from tests.unit.console.history import BEGAN, add_event, placed
from tests.unit.eventbus.ids import event_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(settings) -> Order:
    """An order that has ended, and nothing of it is open."""
    small_shop(settings)
    order = buy()
    settle(scheduled=True)
    return Order.objects.get(pk=order.pk)


def broken() -> set[str]:
    return {finding.rule for finding in audit() if not finding.ok}


def story_of(reference: str) -> str:
    out = StringIO()
    call_command("story", reference, stdout=out)
    return out.getvalue()


def test_an_archived_month_breaks_no_rule_and_nor_does_one_that_is_put_back(order, tmp_path):
    archived = archive(existing_partitions()[0], tmp_path)
    assert not OutboxEvent.objects.exists()
    assert broken() == set()
    restore(archived, tmp_path / "events-initial.jsonl.gz")
    assert broken() == set()


def test_without_a_note_of_the_archive_its_orders_look_broken(order, tmp_path):
    archive(existing_partitions()[0], tmp_path).delete()
    assert len(broken()) > 3


def test_who_looks_for_an_archived_order_is_told_where_it_is(order, tmp_path):
    archive(existing_partitions()[0], tmp_path)
    with pytest.raises(CommandError, match=r"no order has the number .*; events before"):
        story_of(order.number)


def test_an_order_is_found_when_its_month_is_put_back(order, tmp_path):
    before = story(order.number)
    archived = archive(existing_partitions()[0], tmp_path)
    restore(archived, tmp_path / "events-initial.jsonl.gz")
    assert [event.id for event in story(order.number).events] == [e.id for e in before.events]


def test_a_story_whose_beginning_is_archived_says_so(tmp_path):
    month, order_id, id = existing_partitions()[0], str(uuid4()), event_id(BEGAN)
    archive(month, tmp_path)
    add_event("orders.OrderCompleted", order_id, cause=OutboxEvent(id=id, correlation_id=id))
    assert f"its beginning is missing: events before {month.until:%Y-%m}" in story_of(order_id)


def test_a_whole_story_says_nothing_of_archives(tmp_path):
    archive(existing_partitions()[0], tmp_path)
    cause = placed(uuid4(), "100001")
    assert "archive" not in story_of(cause.subject)
