"""What needs a person is compared with what is so now."""

from datetime import timedelta
from uuid import uuid4

import pytest

from eventbus import clock
from eventbus.console.alerts.evaluation import ITSELF
from eventbus.console.models import Alert
from eventbus.console.now.attention import attention_items
from eventbus.console.now.snapshot import Snapshot
from eventbus.delivery import pause
from eventbus.delivery.models import Delivery
from eventbus.operations.models import OverdueEpisode
from tests.unit.console.history import add_event, reacted
from tests.unit.console.test_now import everybody_works

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _all_is_well():
    everybody_works()


def lines() -> list[str]:
    return [item.message for item in attention_items(Snapshot.take())]


def late(reaction: str = "analytics.count_event") -> Delivery:
    """An event that a reaction has not answered for an hour."""
    row = reacted(add_event("orders.OrderCompleted", uuid4()), reaction, "waiting")
    Delivery.objects.filter(pk=row.pk).update(
        waiting_since=clock.now() - 60 * MINUTE, leased_until=clock.now() + MINUTE
    )
    return row


def alert(rule: str, message: str, *, about: str = "", found: timedelta = timedelta()) -> None:
    Alert.objects.create(rule=rule, about=about, message=message, seen_at=clock.now() - found)


def test_a_reaction_that_has_answered_is_overdue_no_more_whatever_was_raised():
    row = late()
    alert("overdue reactions", "analytics: 1 reaction has not answered in time")
    OverdueEpisode.objects.create(
        app="analytics", reaction="count_event", event_id=row.event_id, waiting_since=clock.now()
    )
    assert "analytics.count_event has not answered orders.OrderCompleted in time" in lines()
    Delivery.objects.update(state="done", closed_at=clock.now())
    assert lines() == []


def test_an_app_whose_reactions_are_all_late_is_one_line():
    for reaction in ("authorise_payment", "authorise_confirmed_payment", "compare_books"):
        late(f"billing.{reaction}")
    (line,) = (line for line in lines() if "in time" in line)
    assert line.endswith("in time, nor have 2 others of billing")


@pytest.mark.parametrize("what", ["", "count_event"])
def test_what_is_paused_is_not_overdue(what):
    late()
    pause.pause("analytics", what, by="olga", reason="a strike")
    assert [line for line in lines() if "in time" in line] == []


def test_an_alert_that_only_its_rule_can_see_is_a_line_while_it_is_found():
    alert("stuck orders", "2 orders are stuck")
    assert lines() == ["2 orders are stuck"]
    Alert.objects.update(seen_at=clock.now() - MINUTE)
    assert lines() == []


def test_a_rule_that_cannot_be_looked_at_is_a_line():
    alert("parked", "the rule cannot be looked at", about=ITSELF)
    assert lines() == ["the rule cannot be looked at"]


def test_an_event_that_nobody_publishes_is_a_line_and_so_is_one_that_no_code_here_knows():
    add_event("orders.OrderCompleted", uuid4(), published=False)
    add_event("orders.OrderSung", uuid4(), published=False)
    found = "\n".join(lines())
    assert "1 event is not published" in found
    assert "1 event waits for code that knows orders.OrderSung" in found


def test_an_event_that_waits_too_long_is_a_line_unless_its_app_is_paused():
    late()
    assert [line for line in lines() if line.startswith("analytics: 1 event waits, the oldest for")]
    pause.pause("analytics", by="olga", reason="a strike")
    assert lines() == ["analytics, paused by olga: a strike"]
