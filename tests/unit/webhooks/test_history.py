"""Customers' servers are not told of the past, unless a person sends it again."""

from datetime import UTC, datetime

import pytest

from eventbus.bridges.webhooks import services
from eventbus.bridges.webhooks.models import Message
from eventbus.delivery.models import Delivery
from eventbus.history import backfill
from tests.unit.webhooks.facts import complete, order_of, settle, subscribed, types_told

pytestmark = pytest.mark.django_db

EVER = datetime.min.replace(tzinfo=UTC)


def feed() -> dict[str, int]:
    """Feed webhooks the past; returns how many of its deliveries ended how."""
    feeder = backfill.Feeder(backfill.begin("webhooks", EVER, by="ops"))
    assert feeder.run()
    backfill.end("webhooks", by="ops")
    return +feeder.states


def test_backfill_tells_nobody_of_what_was_before(receiver):
    order = order_of()
    settle()
    Delivery.objects.filter(app="webhooks").delete()
    subscribed(receiver)
    states = feed()
    assert set(states) == {"muted"}
    settle(scheduled=True)
    assert types_told(receiver) == []
    complete(order)
    settle()
    assert types_told(receiver) == ["orders.OrderCompleted"]


def test_what_was_told_before_a_backfill_is_sent_again_by_a_person(receiver):
    subscribed(receiver)
    order_of()
    settle()
    feed()
    services.send_again(Message.objects.get(), "ada")
    settle()
    assert types_told(receiver) == ["orders.OrderPlaced"] * 2
